"""Statements of a Chinese official account.

An account is a run of paragraphs. A sentence of the opening reports the event; a subject with a verb of saying begins a
speech, which goes on without a verb to the next such sentence, to a sentence about both leaders or to the end of the
paragraph (rules 3.9 to 3.20 of the guideline).
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from readouts.proposals.chinese_clauses import Proposition, propositions
from readouts.proposals.chinese_grouping import Grouping
from readouts.proposals.chinese_reader import Run, Source, Speech
from readouts.proposals.chinese_words import clauses, trimmed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from readouts.proposals.chinese_reader import Reader
    from readouts.proposals.chinese_words import Clause
    from readouts.proposals.proposal import Place, StatementProposal

__all__ = ["Account"]

_COUNTED = re.compile(r"(?:[几两三四五六七八九十]|\d+)(?:点|条|个方面|根|项|方面|大)[^，。]{0,8}\Z")
_FEELING = (
    r"(?:对|就|为)(?P<topic>.+?)(?:再次|也|向(?P<whom>[^，。]+?))?"
    r"(?P<cue>表示(?:{intense})*(?:{feelings})(?:和(?:{intense})*(?:{feelings}))?)"
)
_TEAM = re.compile(r"[^，。]*?(?:团队|工作组|工作层|部门)")
_EXPRESSED = {"支持": "asserted", "赞成": "asserted", "邀请": "proposed"}
_COLONS = ("：", ":")
_WILLING = ("愿意", "愿")


class Account:
    """The official account that a text is, or that it prints.

    Parameters
    ----------
    reader
        The text, with the issuer of the account as its context's.
    """

    def __init__(self, reader: Reader) -> None:
        self.reader, self.text, self.words = reader, reader.text, reader.words
        lists = (self.words.lexicon.get(name, ()) for name in ("intensifiers", "feelings"))
        intense, feelings = ("|".join(words) or "$^" for words in lists)
        self.feeling = re.compile(_FEELING.format(intense=intense, feelings=feelings))
        spirit = "|".join(sorted(self.words.lexicon.get("spirit", ()), key=len, reverse=True)) or "$^"
        after = ("的?气氛", "的?(?:战略性|建设性|战略)?(?:交换|沟通|交流|讨论|会谈|对话)|地")
        self.spirit = [re.compile(rf"(?:{spirit})(?:[、和而]*(?:{spirit}))*(?={words})") for words in after]
        self.opened = False
        self.both: Source | None = None

    def statements(self, paragraphs: Sequence[Place], *, titled: bool) -> Iterator[StatementProposal]:
        """Yield the statements of an account from its title, if it has one, to its end."""
        rest = list(paragraphs)
        if titled and rest and self._is_title(*rest[0]):
            place = trimmed(self.text, *rest.pop(0))
            run = Run([], act="report", rule="zh.title")
            yield self.reader.statement(run, Proposition((place,), "asserted", False, "certain"))
        speech: Speech | None = None
        lead: list[Place] = []
        modality = "asserted"
        for start, end in rest:
            if not self.words.starts(self.text, start, "ordinals", end):
                lead, modality = [], "asserted"
                speech = speech if self._goes_on(start, end) else None
            self.both = None
            for place in self.reader.sentences(start, end):
                runs, speech = self.runs(clauses(self.text, *place, self.words), speech)
                for run in runs:
                    before = lead
                    run, lead, modality = self._listed(run, lead, modality)  # noqa: PLW2901
                    if lead is not before and run.rule == "zh.first-person":
                        speech = run.speech
                    yield from self._of(run)
            self.opened = True

    def _is_title(self, start: int, end: int) -> bool:
        """Whether a paragraph is a title that reports the event."""
        single = len(clauses(self.text, start, end, self.words)) == 1
        return single and self.text[end - 1] not in "。！？" and self.reader.reports(start, end)

    def _goes_on(self, start: int, end: int) -> bool:
        """Whether a paragraph's first sentence speaks in the first person, which the issuer never does."""
        for place in self.reader.sentences(start, end)[:1]:
            tokens = self.words.tokens(self.text, *place)
            return any(
                token.kind == "other" and self.words.starts(self.text, token.start, "speakers") for token in tokens
            )
        return False

    # Lists

    def _listed(self, run: Run, lead: list[Place], modality: str) -> tuple[Run, list[Place], str]:
        """Return a run as items of the list that it is part of, with what leads into the items that come after it."""
        found = run.found
        if not found or run.act == "report":
            return run, lead, modality
        for index, clause in enumerate(found[:-1]):
            following = found[index + 1]
            word = self.words.starts(self.text, following.start, "ordinals")
            if word and clause.mark in _COLONS:
                lead, modality = self._lead(found[: index + 1])
                items = [*self.reader.part(following, following.start + len(word)), *found[index + 2 :]]
                return replace(run, found=items, lead=lead, lead_modality=modality), lead, modality
        if word := self.words.starts(self.text, found[0].start, "ordinals"):
            tokens = self.words.tokens(self.text, found[0].start + len(word), found[0].end)
            items = [replace(found[0], tokens=tokens), *found[1:]]
            return replace(run, found=items, lead=lead, lead_modality=modality), lead, modality
        if (
            lead
            and found[0].after("conjunction", "adverb")[:1]
            and found[0].after("conjunction", "adverb")[0].kind == "verb"
        ):
            return replace(run, lead_modality=modality), lead, modality
        if found[-1].mark in _COLONS or _COUNTED.search(self.text, found[-1].start, found[-1].end):
            return run, *self._lead(found)
        return run, lead, modality

    def _lead(self, found: Sequence[Clause]) -> tuple[list[Place], str]:
        """Return clauses as what leads into a list, with their modality."""
        items = propositions(self.text, found, self.words)
        return [(found[0].start, found[-1].end)], items[-1].modality if items else "asserted"

    # Attributions

    def runs(self, found: Sequence[Clause], speech: Speech | None) -> tuple[list[Run], Speech | None]:
        """Put a sentence's clauses under attributions; return these with the speech that goes on after it."""
        runs: list[Run] = []
        last: Source | None = None
        if speech is None and self.both is not None and found and self._agrees(found[0].start):
            last = self.both
        frame: list[Clause] = []
        for index, clause in enumerate(found):
            run = self.attribution(clause, speech, last)
            if (
                run is None
                and not runs
                and index + 1 < len(found)
                and self._introduces(clause, found[index + 1], speech)
            ):
                frame.append(clause)
            elif run is None and runs:
                runs[-1].found.append(clause)
            elif run is None:
                rule = "zh.issuer" if speech is None else "zh.continuation"
                runs.append(Run([*frame, clause], speech, rule=rule))
                frame = []
            else:
                if run.act == "report":
                    run.found = [*frame, *run.found]
                else:
                    run.extra = (*((item.start, item.end) for item in frame), *run.extra)
                frame = []
                runs.append(run)
                last = run.named or (run.speech.source if run.speech is not None else last)
                if run.after:
                    speech = run.speech if run.after == "speech" else None
        return runs, speech

    def _agrees(self, at: int) -> bool:
        word = self.words.starts(self.text, at, "agreements")
        return bool(word) and word not in (*_WILLING, "表示")

    def _introduces(self, clause: Clause, following: Clause, speech: Speech | None) -> bool:
        """Whether a clause only comes before the subject of a sentence that attributes."""
        framed = Grouping(self.text, self.words).is_frame(clause, following)
        if not framed and not self.text.startswith(("就", "在", "对"), clause.start):
            return False
        run = self.attribution(following, speech, None)
        return run is not None and (run.speech is None or run.speech is not speech)

    def attribution(self, clause: Clause, speech: Speech | None, last: Source | None) -> Run | None:
        """Return the run that a clause begins, in a speech and after a clause of its sentence that has a source."""
        text, end = self.text, clause.end
        begin = self.reader.skip(clause, clause.start)
        source = self.reader.source(begin, end)
        at = self.reader.past(clause, source) if source else begin
        wish = self.words.starts(text, at, "wishes", end)
        if wish and (source is None or source.kind != "joint" or speech is None):
            return self._wish(clause, speech, source or last, (at, at + len(wish)))
        belief = self.words.starts(text, at, "beliefs", end)
        if belief and speech is not None and (source is None or source.kind in ("first", "party")):
            speaker = speech.source if source is None else replace(speech.source, place=source.place)
            cue = (at, at + len(belief))
            return Run(self.reader.part(clause, cue[1]), Speech(speaker, cue, "predict", "zh.belief"), rule="zh.belief")
        if source is not None and source.kind == "joint":
            return self.joint(clause, source, at, speech)
        if source is None and last is not None and last.kind == "joint":
            return self.joint(clause, last, at, speech) if self._agrees(at) else None
        speaker_here = source or last
        if speaker_here is None:
            return None
        if speech is not None and (
            speaker_here.kind in ("first", "title", "we") or self._is_subject(speaker_here, speech)
        ):
            return self._again(clause, speech, speaker_here, at)
        return self._said(clause, speaker_here, at) or self._reported(clause, source, at, speech)

    def _is_subject(self, source: Source, speech: Speech) -> bool:
        """Whether a name that a leader's speech has is only what it speaks of."""
        return source.kind == "party" and speech.source.kind == "person"

    def _said(self, clause: Clause, source: Source, at: int) -> Run | None:
        """Return what somebody says or expresses in a clause, whose verb is at a place."""
        text, reader, end = self.text, self.reader, clause.end
        if feeling := self.feeling.match(text, at, end):
            speech = Speech(source, feeling.span("cue"), "express", "zh.express")
            run = Run(reader.part(clause, *feeling.span("topic")), speech, "speech", "zh.express", repeated=True)
            run.extra, run.modality = (feeling.span("cue"),), "presupposed"
            if feeling["whom"]:
                run.addressee = next(
                    (reader.mentions[at] for at in range(*feeling.span("whom")) if at in reader.mentions), None
                )
            return run
        express = self.words.starts(text, at, "express", end)
        if express and source.kind in ("person", "party"):
            return self._expressed(clause, source, (at, at + len(express)), "zh.express", "speech")
        word = max((word for word in reader.cues if text.startswith(word, at, end)), key=len, default="")
        if not word or source.kind == "first":
            return None
        rule = "zh.subject-cue" if source.place[0] >= clause.start else "zh.cue"
        cue = (at, at + len(word))
        return Run(reader.part(clause, cue[1]), Speech(source, cue, reader.cues[word], rule), "speech", rule)

    def _expressed(self, clause: Clause, source: Source, cue: Place, rule: str, after: str) -> Run | None:
        """Return thanks, welcome or support, whose verb is cue and content."""
        word = self.text[slice(*cue)]
        part = self.reader.part(clause, cue[1])
        if not part:
            return None
        speech = Speech(source, cue, self.reader.cues.get(word, "express"), rule)
        modality = _EXPRESSED.get(word, "presupposed")
        return Run(part, speech, after, rule, extra=(cue,), repeated=True, modality=modality)

    def _reported(self, clause: Clause, source: Source | None, at: int, speech: Speech | None) -> Run | None:
        """Return a clause that reports what a party did in the talk."""
        if source is None or not (source.kind == "person" or (source.kind == "party" and speech is None)):
            return None
        if not self.reader.reports(at, clause.end):
            return None
        return Run([clause], None, "none", "zh.report", "report", named=source)

    def _again(self, clause: Clause, speech: Speech, source: Source, at: int) -> Run | None:
        """Return what a leader says again in the first person, or has the other leader say, for one sentence."""
        willing = self.words.starts(self.text, at, "willing", clause.end)
        at = self.reader.skip(clause, at + len(willing))
        word = max(
            (word for word in self.reader.cues if self.text.startswith(word, at, clause.end)), key=len, default=""
        )
        act = self.reader.cues.get(word, "")
        own = source.kind in ("first", "we") and act in ("say", "report", "request") and word != "认为"
        if not word or own or source.kind == "party":
            return None
        cue, rest = (at, at + len(word)), self.reader.part(clause, at + len(word))
        if source.kind == "first":
            made = Speech(replace(speech.source, place=source.place), cue, act, "zh.first-person")
            return Run(rest, made, rule="zh.first-person")
        if source.kind == "title":
            principals = self.reader.context.principals
            source = replace(source, entities=tuple(each for each in principals if each not in speech.source.entities))
        return Run(rest, Speech(source, cue, act, "zh.nested", outer=speech), rule="zh.nested")

    def joint(self, clause: Clause, source: Source, at: int, speech: Speech | None) -> Run | None:
        """Return what both leaders do together, which ends a speech."""
        text, words, end = self.text, self.words, clause.end
        word = words.starts(text, at, "agreements", end)
        if speech is not None and words.has("says", word):
            word = ""
        if not word and speech is None and (express := words.starts(text, at, "express", end)):
            self.both = source
            return self._expressed(clause, source, (at, at + len(express)), "zh.joint", "none")
        if word:
            return self._agreed(clause, source, at, word)
        exchange = any(item in text[at:end] for item in words.lexicon.get("exchanges", ()))
        if exchange or (speech is None and self.reader.reports(at, end)):
            self.both = source
            return Run([clause], None, "none", "zh.report", "report", named=source)
        return None

    def _agreed(self, clause: Clause, source: Source, at: int, word: str) -> Run | None:
        """Return what both leaders agree on, with the verb at a place."""
        self.both = source
        cue = (at, at + len(word))
        if word in _WILLING:
            speech = Speech(source, cue, "agree", "zh.joint")
            return Run(self.reader.part(clause, at), speech, "none", "zh.joint")
        after = cue[1]
        if self.words.has("teams", word) and (team := _TEAM.match(self.text, after, clause.end)):
            after = team.end()
        part = self.reader.part(clause, after)
        if not part and clause.mark != "，":
            return Run([clause], None, "none", "zh.report", "report", named=source)
        act = self.reader.cues[word] if self.words.has("says", word) and word in self.reader.cues else "agree"
        modality = "asserted" if "认为" in word or act in ("say", "stress") else "planned"
        return Run(part, Speech(source, cue, act, "zh.joint"), "none", "zh.joint", modality=modality)

    def _wish(self, clause: Clause, speech: Speech | None, source: Source | None, cue: Place) -> Run | None:
        """Return a hope: asked of the party that is its subject, or of nobody."""
        part = self.reader.part(clause, cue[1])
        own = speech is not None and (source is None or source.kind in ("party", "first", "joint"))
        speaker = speech.source if speech is not None and own else source
        if speaker is None or not part:
            return None
        start, end = part[0].start, part[0].end
        asked = self.reader.source(start, end)
        request = asked is not None and self._is_asked(asked) and (source is None or asked.entities != source.entities)
        made = Speech(speaker, cue, "request" if request else "express", "zh.wish")
        run = Run(part, made, "" if speech is not None else "none", "zh.wish")
        if request:
            run.addressee, run.modality = self.reader.mentions.get(start), "requested"
        else:
            run.modality, run.certainty = "normative", "possible"
        return run

    def _is_asked(self, source: Source) -> bool:
        """Whether a wish whose subject this is asks something of somebody."""
        name = self.text[slice(*source.place)]
        state = source.kind == "party" and (
            name.endswith(("方", "国", "政府")) or source.entities[0] in self.reader.context.states
        )
        return state or source.kind in ("title", "person")

    # Statements

    def _of(self, run: Run) -> Iterator[StatementProposal]:
        """Yield the statements of a run of clauses."""
        if run.speech is None and run.act != "report" and run.found:
            last = self.text[run.found[-1].start : run.found[-1].end]
            attended = any(word in last for word in self.words.lexicon.get("attendance", ()))
            opening = not self.opened and any(self.reader.reports(each.start, each.end) for each in run.found)
            if attended or opening:
                run = replace(run, act="report", rule="zh.report")
        report = run.act == "report"
        for index, item in enumerate(propositions(self.text, run.found, self.words, run.lead, run.lead_modality)):
            bare = replace(item, modality="asserted", negative=False) if report else item
            yield self.reader.statement(run, bare, first=index == 0)
        if report and not self.opened:
            for place in self._details(run):
                detail = Proposition((place,), "asserted", False, "certain")
                yield self.reader.statement(Run([], act="report", rule="zh.detail"), detail)

    def _details(self, run: Run) -> Iterator[Place]:
        """Yield the words of a report that name its initiator or its spirit."""
        start, end = run.found[0].start, run.found[-1].end
        for word in self.words.lexicon.get("initiators", ()):
            if (at := self.text.find(word, start, end)) >= 0:
                yield at, at + len(word)
        spirit = (pattern.search(self.text, start, end) for pattern in self.spirit)
        yield from (found.span() for found in list(filter(None, spirit))[:1])
