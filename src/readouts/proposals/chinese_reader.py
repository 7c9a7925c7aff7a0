"""What rules for Chinese accounts and press articles share: paragraphs, sentences, names and a statement's labels."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from readouts.proposals.chinese_words import Words, trimmed
from readouts.proposals.lexicon import topic_of
from readouts.proposals.proposal import Origin, SourceProposal, StatementProposal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from readouts.proposals.chinese_clauses import Proposition
    from readouts.proposals.chinese_words import Clause
    from readouts.proposals.context import Context
    from readouts.proposals.proposal import MentionProposal, Place

__all__ = ["Reader", "Run", "Source", "Speech"]

_TAG = re.compile(r"\s*(?:\[[^\]\n]{1,8}\]|【[^】\n]{1,8}】)")
_WIRE = re.compile(r"[^，。\n]{0,30}?(?:消息|电|讯)(?:[（(][^）)\n]*[）)])?[：:　 ]*")
_STOPS = "。！？"
_AND = ("和", "同", "与")
_MODALITY_OF_ACT = {
    "propose": "proposed",
    "request": "requested",
    "urge": "requested",
    "promise": "planned",
    "express": "presupposed",
}


@dataclass(frozen=True, slots=True)
class Source:
    """Words that name who speaks.

    Attributes
    ----------
    place
        The words; empty where nobody is named.
    entities
        Who is meant: several for joint sources, none for an unnamed source.
    kind
        `person` (a leader who takes part), `party` (another name), `joint` (both leaders), `first` (a pronoun of the
        first person), `we` (*I and the president*), `title` (*Mr President*), `media`, `pronoun` or `label`.
    label
        An unnamed source in English.
    """

    place: Place
    entities: tuple[str, ...]
    kind: str
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Speech:
    """An attribution: the speaker, the verb of saying, the act, and the speech that it is part of (`outer`)."""

    source: Source
    cue: Place | None
    act: str
    rule: str
    outer: Speech | None = None


@dataclass
class Run:
    """Clauses that one attribution covers.

    Attributes
    ----------
    found
        The clauses, without the words that attribute.
    speech
        Who says them; None for the issuer.
    after
        What holds after the sentence: `speech` (this speech), `none` (the issuer), or nothing new.
    rule, act
        How the clauses were found, and their act where the issuer says them.
    named
        Who a report is about.
    extra, repeated
        Places that the first statement has too, or every one.
    lead, lead_modality
        What leads into the list that the clauses are items of.
    addressee, modality, certainty
        Labels that the attribution gives.
    """

    found: list[Clause]
    speech: Speech | None = None
    after: str = ""
    rule: str = "zh.issuer"
    act: str = "say"
    named: Source | None = None
    extra: tuple[Place, ...] = ()
    repeated: bool = False
    lead: list[Place] = field(default_factory=list)
    lead_modality: str = "asserted"
    addressee: MentionProposal | None = None
    modality: str | None = None
    certainty: str | None = None


class Reader:
    """A text with what is known of it.

    Parameters
    ----------
    text
        The text as it is.
    context
        What is known of it.
    """

    def __init__(self, text: str, context: Context) -> None:
        lexicon = context.lexicon
        self.context, self.words = context, Words(lexicon)
        self.text = self.words.simplified(text)
        self.mentions = {mention.place[0]: mention for mention in context.mentions}
        self.cues = {word: act for act, words in lexicon.get("cues", {}).items() for word in words}
        learned: Mapping[str, Any] = lexicon.get("learned", {}).get("confidence", {})
        self.confidence: Mapping[str, float] = learned.get("press" if context.kind == "press" else "official", {})
        self.issuer = SourceProposal(entity=context.issuer, account=context.account)

    # Places

    def paragraphs(self) -> list[Place]:
        """Return the paragraphs without tags, agencies' openings and what a boilerplate region covers."""
        at = 0
        found: list[Place] = []
        for line in self.text.splitlines(keepends=True):
            start, end = at, at + len(line.rstrip())
            at += len(line)
            tag = _TAG.match(self.text, start, end)
            start = tag.end() if tag else start
            for region in self.context.regions:
                if region.role == "boilerplate" and region.place[0] <= start < region.place[1]:
                    start = region.place[1]
            wire = self.words.starts(self.text, start, "wires", end)
            if wire and (opening := _WIRE.match(self.text, start, end)):
                start = opening.end()
            while start < end and self.text[start] in "）)]】：:，。 　":
                start += 1
            if start < end:
                found.append((start, end))
        return found

    def sentences(self, start: int, end: int) -> list[Place]:
        """Return the sentences of a paragraph, without their stops.

        They end at a full stop outside quotation marks, or with the mark that closes a quotation after one. In Chinese
        the marks alone are exact; `sentencex` takes a full stop before a digit for a decimal point.
        """
        found: list[Place] = []
        begin, depth = start, 0
        for at in range(start, end):
            mark = self.text[at]
            depth = max(0, depth + (mark in "“「『") - (mark in "”」』"))
            closes = mark in "”」』" and at > start and self.text[at - 1] in _STOPS
            closes = closes and self.text[at + 1 : at + 2] not in ("，", "、", "；", "的")
            if (depth == 0 and (mark in _STOPS or closes)) or at + 1 == end:
                place = trimmed(self.text, begin, at + 1)
                if place[0] < place[1]:
                    found.append(place)
                begin = at + 1
        return found

    def part(self, clause: Clause, start: int, end: int | None = None) -> list[Clause]:
        """Return what a clause has from a place on, as a clause; nothing where no word is left."""
        place = trimmed(self.text, start, clause.end if end is None else end)
        if place[0] >= place[1]:
            return []
        return [replace(clause, start=place[0], end=place[1], tokens=self.words.tokens(self.text, *place))]

    # Who speaks

    def source(self, at: int, end: int) -> Source | None:
        """Return the party that is named at a place."""
        words, text = self.words, self.text
        joint = words.starts(text, at, "joint", end)
        if joint and not words.starts(text, at + len(joint), "teamwords", end):
            return Source((at, at + len(joint)), self.context.principals, "joint")
        if title := words.starts(text, at, "titles", end):
            return Source((at, at + len(title)), (), "title")
        if first := words.starts(text, at, "first_person", end):
            other = self._and(at + len(first), end)
            if other is not None and other.kind in ("title", "person"):
                return Source((at, other.place[1]), self.context.principals, "we")
            return Source((at, at + len(first)), (), "first")
        last, mention = None, self._mention(at, end)
        while mention is not None and mention.place[1] <= end:
            last, mention = mention, self._mention(mention.place[1], end)
        if last is None:
            return None
        if last.entity not in self.context.principals:
            return Source(last.place, (last.entity,), "party")
        other = self._and(last.place[1], end)
        if other is not None and other.kind == "person" and words.starts(text, other.place[1], "agreements", end):
            return Source((at, other.place[1]), self.context.principals, "joint")
        return Source(last.place, (last.entity,), "person")

    def _mention(self, at: int, end: int) -> MentionProposal | None:
        """Return the name at a place, or after a title there."""
        title = self.words.starts(self.text, at, "offices_held", end)
        return self.mentions.get(at) or (self.mentions.get(at + len(title)) if title else None)

    def _and(self, at: int, end: int) -> Source | None:
        return self.source(at + 1, end) if self.text.startswith(_AND, at, end) else None

    def media(self, at: int, end: int) -> Source | None:
        """Return the government that a state medium named at a place speaks for."""
        for word, media in self.words.lexicon.get("state_media", {}).items():
            named = max((name for name in media if self.text.startswith(name, at, end)), key=len, default="")
            same = (item.entity for item in self.context.mentions if self.text[slice(*item.place)] == word)
            if named and (government := next(same, None)) is not None:
                return Source((at, at + len(named)), (government,), "media")
        return None

    def issuers(self, start: int, end: int) -> list[str]:
        """Return the entities named between two places, a government for its media."""
        found: list[str] = []
        for at in range(start, end):
            media = self.media(at, end)
            if media is not None:
                found.extend(media.entities)
            elif at in self.mentions:
                found.append(self.mentions[at].entity)
        return found

    def skip(self, clause: Clause, at: int) -> int:
        """Return the place after adverbs and conjunctions."""
        for token in clause.tokens:
            expressed = self.words.starts(self.text, at, "express", clause.end)
            if token.start == at and token.kind in ("adverb", "conjunction") and not expressed:
                at = token.end
        return at

    def past(self, clause: Clause, source: Source) -> int:
        """Return the place after a source, its title, adverbs and conjunctions."""
        at = source.place[1]
        return self.skip(clause, at + len(self.words.starts(self.text, at, "offices_held", clause.end)))

    def reports(self, start: int, end: int) -> bool:
        """Whether words report an act without a proposition."""
        return any(word in self.text[start:end] for word in self.words.lexicon.get("reports", ()))

    # Statements

    def statement(self, run: Run, item: Proposition, *, first: bool = False) -> StatementProposal:
        """Return one statement of a run with its chain and labels; `first` of those of the run."""
        speech = run.speech
        content = tuple(sorted({*(run.extra if first or run.repeated else ()), *item.content}))
        act = speech.act if speech is not None else run.act
        performed = speech is not None and act == "say" and self._performs(*item.content[-1])
        act = "express" if performed else act
        free = speech is None or speech.cue is None or run.rule == "zh.continuation"
        labels = {
            "form": "free_indirect" if free else "indirect",
            "medium": "writing" if speech is None or self._is_issuer(speech) else "speech",
            "act": act,
            "polarity": "negative" if item.negative else "positive",
            "certainty": run.certainty or item.certainty,
            "modality": self._modality(run, item, act),
        }
        if topic := self._topic(content):
            labels["topic"] = topic
        if self.context.event is not None:
            labels["event_id"] = self.context.event
        if run.addressee is not None:
            labels["addressee_id"] = run.addressee.entity
        rule = "zh.list" if run.lead else run.rule
        return StatementProposal(
            content=content,
            chain=self.chain(speech),
            origin=Origin(rule, self.confidence.get(rule)),
            labels=labels,
            addressee=(run.addressee.place,) if run.addressee is not None else (),
        )

    def chain(self, speech: Speech | None) -> tuple[tuple[SourceProposal, ...], ...]:
        """Return the steps that lead to a speech, the issuer's first."""
        if speech is None:
            return ((self.issuer,),)
        source = speech.source
        at = (source.place,) if source.place[0] < source.place[1] else ()
        cue = (speech.cue,) if speech.cue else ()
        if self._is_issuer(speech):
            return ((replace(self.issuer, at=at, cue=cue),),)
        if not source.entities:
            step: tuple[SourceProposal, ...] = (SourceProposal(label=source.label or "participants", at=at, cue=cue),)
        else:
            first, *others = source.entities
            joint = (SourceProposal(entity=entity, at=at) for entity in others)
            step = (SourceProposal(entity=first, at=at, cue=cue), *joint)
        return *self.chain(speech.outer), step

    def _is_issuer(self, speech: Speech) -> bool:
        return speech.outer is None and speech.source.entities == (self.context.issuer,)

    def _performs(self, start: int, end: int) -> bool:
        """Whether words thank, welcome or congratulate."""
        source = self.source(start, end)
        begin = start if source is None else source.place[1]
        return bool(self.words.starts(self.text, begin, "performed", end))

    def _modality(self, run: Run, item: Proposition, act: str) -> str:
        """Return the modality that the content, its attribution or its act gives."""
        if run.modality is not None and item.modality != "conditional":
            return item.modality if run.modality == "planned" and item.modality != "asserted" else run.modality
        return _MODALITY_OF_ACT.get(act, "asserted") if item.modality == "asserted" else item.modality

    def _topic(self, content: Sequence[Place]) -> str | None:
        """Return the topic that learned weights give, else the one that most words of the content name."""
        words = "，".join(self.text[start:end] for start, end in content)
        if learned := topic_of(words, self.context.lexicon):
            return learned
        topics: Mapping[str, Sequence[str]] = self.words.lexicon.get("topics", {})
        counts = {topic: sum(map(words.count, listed)) for topic, listed in topics.items()}
        best = max(counts.values(), default=0)
        return next((topic for topic, count in counts.items() if count == best), None) if best else None
