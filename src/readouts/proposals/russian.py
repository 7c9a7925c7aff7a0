"""Statements proposed from Russian: official accounts, and what press articles attribute.

Few rules: a verb of saying gives a statement of the speaker named before it or, if there is none, after it; passives
speak for the participants, or for both parties where they agree; the rest of an account is its issuer's.
Sentences are split by `sentencex`, which knows abbreviations and numbered paragraphs.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from readouts.proposals.lexicon import topic_of
from readouts.proposals.proposal import Origin, SourceProposal, StatementProposal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from readouts.proposals.context import Context
    from readouts.proposals.proposal import Place

__all__ = ["statements"]

_NUMBER = re.compile(r"\s*\d{1,2}[.)]\s*")
_DATE = re.compile(r"\d{1,2} [а-я]+ \d{4} года(?:,? \d{1,2}:\d{2})?")
_PASSIVE = re.compile(r"\w+(?:но|на|ны|то|та|ты)")
_THAT = re.compile(r",\s*что\s+")
_MORE_THAT = re.compile(r",?\s+(?:и|а также)\s+(?:о том,\s*)?что\s+")
_MORE_INFINITIVE = re.compile(r",?\s+(?:и|а также)\s+(?=\w+(?:ть|ться|ти|тись|чь)\b)")
_INFINITIVE = re.compile(r"\w+(?:ть|ться|ти|тись|чь)\b")
_NOUN = re.compile(r"(?:ост|ени|ани)(?:ь|и|ю|я|е|ью|ей|ем|ям|ям|ях|ями)$")
_NOT = re.compile(r"(?:^|\s)не\s", re.IGNORECASE)
_QUOTED = re.compile(r"[«“\"]([^»”\"]+)[»”\"]")
_FINITE = re.compile(
    r"\w{2,}(?:ет|ют|ит|ат|ят|ут|ется|ются|ится|атся|ятся|утся|л|ла|ло|ли|лся|лась|лось|лись|но|ны|на|ыт|[джчшщ]ен)\b|\bбудет\b|\bбудут\b",
    re.IGNORECASE,
)
_MODALITY_OF_ACT = {
    "agree": "planned",
    "propose": "proposed",
    "offer": "proposed",
    "request": "requested",
    "urge": "requested",
    "demand": "requested",
    "promise": "planned",
    "express": "presupposed",
    "criticise": "presupposed",
    "threaten": "planned",
}


class _Reader:
    """A text that is read sentence by sentence."""

    def __init__(self, text: str, context: Context) -> None:
        self.context = context
        self.text = text.replace("ё", "е").replace("Ё", "Е")
        self.lower = "".join(low if len(low := character.lower()) == 1 else character for character in self.text)
        lexicon = context.lexicon
        cues: dict[str, str] = {stem: act for act, stems in lexicon.get("cues", {}).items() for stem in stems}
        express: dict[str, str] = {
            stem: act for act, stems in lexicon.get("express_verbs", {}).items() for stem in stems
        }
        self.acts = {**cues, **express}
        self.express = set(express)
        self.cues = self.pattern(self.acts)
        self.heads = self.pattern(lexicon.get("heads", ()))
        self.labels = self.pattern(lexicon.get("labels", {}))
        self.goes_on = self.pattern(lexicon.get("goes_on", ()))
        self.according = self.pattern(lexicon.get("according", ()))
        self.joint = self.pattern(lexicon.get("joint", ()), whole=True)
        learned: Mapping[str, Any] = lexicon.get("learned", {}).get("confidence", {})
        self.confidence: Mapping[str, float] = learned.get("press" if context.kind == "press" else "official", {})
        self.issuer = SourceProposal(entity=context.issuer, account=context.account)

    def pattern(self, stems: Iterable[str], *, whole: bool = False) -> re.Pattern[str]:
        """Return what finds a word of a list, with any ending unless it is whole."""
        words = sorted(stems, key=len, reverse=True)
        ending = r"\b" if whole else r"\w*"
        return re.compile(rf"\b({'|'.join(map(re.escape, words))}){ending}") if words else re.compile(r"$^")

    def has(self, name: str, start: int, end: int) -> bool:
        """Whether a word of a list of the lexicon begins somewhere between two places."""
        pattern = self.pattern(self.context.lexicon.get(name, ()))
        return any(
            not _NOUN.search(found[0]) or found[0] == found[1] for found in pattern.finditer(self.lower, start, end)
        )

    # Places

    def body(self) -> Iterator[Place]:
        """Yield the sentences, without what surrounds the account on its page."""
        from sentencex import get_sentence_boundaries

        apart = [
            region.place for region in self.context.regions if region.role in ("boilerplate", "headline", "caption")
        ]
        start, end = 0, len(self.text)
        if not apart:
            for word in self.context.lexicon.get("tails", ()):
                at = self.text.find(word)
                end = at if 0 <= at < end and at > len(self.text) // 3 else end
            dated = _DATE.search(self.text, 0, min(end, 400))
            start = dated.end() if dated and self.context.kind != "press" else 0
        edges = sorted({start, end, *(edge for place in apart for edge in place)})
        for begin, stop in pairwise(edges):
            if any(place[0] <= begin < place[1] for place in apart):
                continue
            for item in get_sentence_boundaries("ru", self.text[begin:stop]):
                place = self.trimmed(begin + item["start_index"], begin + item["end_index"])
                number = _NUMBER.match(self.text, *place)
                place = self.trimmed(number.end() if number else place[0], place[1])
                if any(character.isalpha() for character in self.text[slice(*place)]):
                    yield place

    def trimmed(self, start: int, end: int) -> Place:
        """Return a place without marks at its ends that aren't part of its words."""
        while start < end and (self.text[start].isspace() or self.text[start] in ",;:.–—"):
            start += 1
        while start < end and (self.text[end - 1].isspace() or self.text[end - 1] in ",;:.!?–—"):
            end -= 1
        return start, end

    # Who speaks

    def sources(self, start: int, end: int, cue: Place) -> tuple[SourceProposal, ...]:
        """Return who a verb of saying between two places belongs to: the names before it, else the names after it."""
        if together := self.joint.search(self.lower, start, cue[0]):
            return self.both(together.span(), cue)
        named = [item for item in self.context.mentions if start <= item.place[0] and item.place[1] <= end]
        found = [item for item in named if item.place[1] <= cue[0]]
        if not found and (near := self.joint.match(self.lower, cue[1] + 1, end)):
            return self.both(near.span(), cue)
        found = found or [item for item in named if item.place[0] == cue[1] + 1]
        for parties in (self.context.principals, (*self.context.states, *self.context.accounts)):
            found = [item for item in found if item.entity in parties] or found
        if not found:
            label = self.labels.search(self.lower, start, cue[0])
            names: Mapping[str, str] = self.context.lexicon.get("labels", {})
            return (SourceProposal(label=names[label[1]], at=(label.span(),), cue=(cue,)),) if label else ()
        first, *others = found
        source = SourceProposal(entity=first.entity, at=(first.place,), cue=(cue,))
        if others and self.lower[first.place[1] : others[0].place[0]].strip() == "и":
            return source, SourceProposal(entity=others[0].entity, at=(others[0].place,))
        return (source,)

    def with_accounts(self, sources: tuple[SourceProposal, ...]) -> tuple[SourceProposal, ...]:
        """Return sources of a press article, each with the account that it issued."""
        return tuple(replace(source, account=self.context.accounts.get(source.entity or "")) for source in sources)

    def both(self, at: Place | None, cue: Place) -> tuple[SourceProposal, ...]:
        """Return both parties as joint sources: the leaders, or the states where no leader takes part."""
        entities = self.context.principals or self.context.states
        if not entities:
            return (SourceProposal(label="participants", at=(at,) if at else (), cue=(cue,)),)
        return tuple(
            SourceProposal(entity=entity, at=(at,) if at else (), cue=(cue,) if index == 0 else ())
            for index, entity in enumerate(entities)
        )

    # Statements

    def account(self) -> Iterator[StatementProposal]:
        """Yield the statements of an account."""
        last: tuple[SourceProposal, ...] = ()
        opened = False
        for start, end in self.body():
            found = list(self.attributed(start, end))
            if found:
                step = found[-1].chain[1:]
                last = step[0] if step and len(step[0]) == 1 else ()
                yield from found
            elif self.has("reports", start, end):
                yield self.made(((start, end),), (), "report", "ru.report")
                if not opened:
                    yield from self.details(start, end)
                opened = True
            elif last and self.goes_on.match(self.lower, start, end):
                yield self.made(((start, end),), last, "say", "ru.continuation", free=True)
            elif _FINITE.search(self.text, start, end):
                for content in self.items(start, end):
                    yield self.made(content, (), "say", "ru.issuer")

    def press(self) -> Iterator[StatementProposal]:
        """Yield what a press article attributes."""
        for start, end in self.body():
            according = self.according.match(self.lower, start, end)
            comma = self.text.find(",", start, end) if according else -1
            if according is None:
                yield from self.attributed(start, end)
            elif sources := self.sources(start, max(comma, start), (comma, comma)):
                source = replace(sources[0], cue=(according.span(),))
                yield self.made((self.trimmed(comma, end),), (source,), "say", "ru.according")

    def attributed(self, start: int, end: int) -> Iterator[StatementProposal]:
        """Yield what verbs of saying attribute in a sentence."""
        verbs = self.cues.finditer(self.lower, start, end)
        found = next((item for item in verbs if " " in item[0] or not _NOUN.search(item[0])), None)
        if found is None:
            return
        cue = found.span()
        act = self.acts[found[1]]
        before = self.trimmed(start, cue[0])
        quotation = _QUOTED.match(self.text, start, cue[0])
        if quotation and quotation.end() >= before[1] - 1:
            sources = self.sources(cue[1], end, cue) or self.after(cue, end)
            if sources:
                yield self.made((quotation.span(1),), sources, act, "ru.quotation")
            return
        passive = _PASSIVE.fullmatch(found[0].partition(" ")[0]) is not None
        if found[0].endswith("готовность"):
            cue = cue[0], cue[1] - len(" готовность")
        sources = self.sources(start, end, cue)
        if not sources and passive:
            joint = act == "agree" or found[0].startswith("подтвержд")
            sources = self.both(None, cue) if joint else (SourceProposal(label="participants", cue=(cue,)),)
        if not sources:
            return
        that = _THAT.match(self.text, cue[1], end) or _THAT.search(self.text, cue[1], min(end, cue[1] + 80))
        content = self.trimmed(that.end() if that else cue[1], end)
        if content[0] >= content[1]:
            return
        head = self.heads.match(self.lower, *content)
        topic = act in ("say", "report") and not (that or head or found[1] in self.express)
        if topic and self.context.kind != "press" and not _INFINITIVE.match(self.text, *content):
            yield self.made(((start, end),), (), "report", "ru.report")
            return
        inner = list(self.attributed(*content)) if self.context.kind == "press" and that else []
        if inner:
            yield from (replace(item, chain=(self.with_accounts(sources), *item.chain)) for item in inner)
            return
        frame = self.frame(start, sources, cue)
        shared = cue if found[1] in self.express else None
        if head and _INFINITIVE.match(self.text, *self.trimmed(head.end(), end)):
            shared, content = head.span(), self.trimmed(head.end(), end)
        for index, place in enumerate(self.split(*content, that=that is not None)):
            first = shared or (frame if index == 0 else None)
            places: tuple[Place, ...] = (place,) if first is None else (first, place)
            if first is not None and first is shared is not cue and place[0] - first[1] == 1:
                places = ((first[0], place[1]),)
            yield self.made(places, sources, act, "ru.passive" if passive else "ru.cue")

    def after(self, cue: Place, end: int) -> tuple[SourceProposal, ...]:
        """Return the name that follows a verb."""
        item = next((item for item in self.context.mentions if cue[1] <= item.place[0] < end), None)
        return (SourceProposal(entity=item.entity, at=(item.place,), cue=(cue,)),) if item is not None else ()

    def frame(self, start: int, sources: Sequence[SourceProposal], cue: Place) -> Place | None:
        """Return the words before the subject that belong to the content."""
        first = min((place[0] for source in sources for place in source.at), default=cue[0])
        place = self.trimmed(start, first)
        return place if self.lower.startswith(("в соответствии", "с учетом", "исходя"), *place) else None

    def split(self, start: int, end: int, *, that: bool) -> Iterator[Place]:
        """Yield the propositions of the content: further clauses with *что*, further infinitives."""
        begin = start
        if that or _INFINITIVE.match(self.text, start, end):
            for found in (_MORE_THAT if that else _MORE_INFINITIVE).finditer(self.text, start, end):
                yield self.trimmed(begin, found.start())
                begin = found.end()
        yield self.trimmed(begin, end)

    def items(self, start: int, end: int) -> Iterator[tuple[Place, ...]]:
        """Yield the items of a list with semicolons after its lead; else the sentence."""
        colon = self.text.rfind(":", start, self.text.find(";", start, end)) if ";" in self.text[start:end] else -1
        if colon < 0:
            yield ((start, end),)
            return
        lead = self.trimmed(max(start, self.text.rfind(":", start, colon) + 1), colon)
        begin = colon + 1
        for at in range(begin, end + 1):
            if at == end or self.text[at] == ";":
                item = self.trimmed(begin, at)
                if item[0] < item[1]:
                    yield lead, item
                begin = at + 1

    def details(self, start: int, end: int) -> Iterator[StatementProposal]:
        """Yield the words of the opening report that name its initiator or its spirit."""
        for name, ending in (("initiators", r"\s+[\w-]+(?:\s+сторон\w*)?"), ("spirit", r"\w*")):
            words = sorted(self.context.lexicon.get(name, ()), key=len, reverse=True)
            found = re.compile(rf"\b(?:{'|'.join(map(re.escape, words)) or '$^'}){ending}").search(
                self.lower, start, end
            )
            if found:
                yield self.made((found.span(),), (), "report", "ru.detail")

    def made(
        self,
        content: tuple[Place, ...],
        sources: tuple[SourceProposal, ...],
        act: str,
        rule: str,
        *,
        free: bool = False,
    ) -> StatementProposal:
        """Return one statement with its chain and labels."""
        press = self.context.kind == "press"
        start, end = content[-1]
        issuer = bool(sources) and sources[0].entity == self.context.issuer and not press
        chain: tuple[tuple[SourceProposal, ...], ...] = ((self.issuer,), sources) if sources else ((self.issuer,),)
        if issuer:
            chain = ((replace(self.issuer, at=sources[0].at, cue=sources[0].cue),),)
        elif press:
            chain = (self.with_accounts(sources),)
        quoted: tuple[Place, ...] = ()
        if rule == "ru.quotation":
            quoted = content
        elif press:
            quoted = tuple(item.span(1) for item in _QUOTED.finditer(self.text, start, end))
        indirect = "free_indirect" if free or not sources else "indirect"
        denied = act == "deny" or _NOT.search(self.lower, start, min(end, start + 60)) is not None
        doubts = (name for name in ("probable", "possible") if any(self.has(name, *place) for place in content))
        labels = {
            "form": "direct" if rule == "ru.quotation" else "mixed" if quoted else indirect,
            "medium": "writing" if not sources or issuer or (press and chain[0][0].account is not None) else "speech",
            "act": act,
            "polarity": "negative" if denied else "positive",
            "certainty": next(doubts, "certain"),
            "modality": self.modality(content, act, rule),
        }
        if self.context.event is not None:
            labels["event_id"] = self.context.event
        if topic := self.topic(content):
            labels["topic"] = topic
        return StatementProposal(
            content=content,
            chain=chain,
            origin=Origin(rule, self.confidence.get(rule)),
            labels=labels,
            quoted=quoted,
        )

    def modality(self, content: Sequence[Place], act: str, rule: str) -> str:
        """Return the modality that the words of the content, or else the act, give."""
        if rule in ("ru.report", "ru.detail"):
            return "asserted"
        if act in ("express", "criticise"):
            return "presupposed"
        if act in ("request", "urge", "demand"):
            return "requested"
        if any(self.has("conditions", *place) for place in content[:1]) and act != "agree":
            return "conditional"
        for name in ("planned", "proposed", "normative"):
            if any(self.has(name, *place) for place in content):
                return name
        return _MODALITY_OF_ACT.get(act, "asserted")

    def topic(self, content: Sequence[Place]) -> str | None:
        """Return the topic that learned weights give, else the one that most words of the content name."""
        words = " ".join(self.lower[start:end] for start, end in content)
        if learned := topic_of(words, self.context.lexicon):
            return learned
        topics: Mapping[str, Sequence[str]] = self.context.lexicon.get("topics", {})
        counts = {topic: sum(words.count(stem) for stem in stems) for topic, stems in topics.items()}
        best = max(counts.values(), default=0)
        return next((topic for topic, count in counts.items() if count == best), None) if best else None


def statements(text: str, context: Context) -> list[StatementProposal]:
    """Propose the statements of a Russian text.

    Parameters
    ----------
    text
        The text as it is.
    context
        What is known of it.

    Returns
    -------
    list of StatementProposal
        In reading order.

    Examples
    --------
    >>> from readouts.proposals.context import Context
    >>> text = "Стороны договорились открыть мост и снизить сбор."
    >>> lexicon = {"cues": {"agree": ["договорил"]}, "joint": ["стороны"]}
    >>> context = Context("readout", "ru", lexicon, "presidency", principals=("jana-marek", "ilya-ostrova"))
    >>> [text[slice(*item.content[0])] for item in statements(text, context)]
    ['открыть мост', 'снизить сбор']
    """
    reader = _Reader(text, context)
    found = reader.press() if context.kind == "press" else reader.account()
    return sorted(found, key=lambda item: item.content)
