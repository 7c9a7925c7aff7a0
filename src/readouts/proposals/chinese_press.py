"""What a Chinese press article attributes: to a name, a title or an unnamed source, with a verb of saying."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from readouts.proposals.chinese_account import Account
from readouts.proposals.chinese_clauses import propositions
from readouts.proposals.chinese_reader import Run, Source, Speech
from readouts.proposals.chinese_words import MODALS, Clause, clauses

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from readouts.proposals.chinese_reader import Reader
    from readouts.proposals.proposal import Place, SourceProposal, StatementProposal

__all__ = ["reported"]

_OPEN, _CLOSE = "“「『", "”」』"
_NO_CUE_BEFORE = tuple(_OPEN + "所名简")
_NO_CUE_AFTER = tuple("的了过书出会法服")
_SUBJECT_ENDS = ("verb", "preposition", "copula", "normative")


def reported(reader: Reader, paragraphs: Sequence[Place]) -> Iterator[StatementProposal]:
    """Yield what a press article attributes.

    Parameters
    ----------
    reader
        The text.
    paragraphs
        Its paragraphs that are the outlet's own.

    Yields
    ------
    StatementProposal
        In reading order.
    """
    press = _Press(reader)
    for index, (start, end) in enumerate(paragraphs):
        if index == 0 and reader.text[end - 1] not in "。！？":
            yield from press.headline(start, end)
            continue
        press.document = press.person = None
        speech: Speech | None = None
        for place in reader.sentences(start, end):
            runs = press.runs(*place) or press.continued(place, speech)
            speech = runs[-1].speech if runs and reader.text[place[1] - 1] not in _CLOSE else None
            for run in runs:
                yield from press.statements(run)


class _Press:
    """A press article that is read sentence by sentence."""

    def __init__(self, reader: Reader) -> None:
        self.reader, self.text, self.words = reader, reader.text, reader.words
        self.account = Account(reader)
        self.named = {at for mention in reader.context.mentions for at in range(*mention.place)}
        self.labels: dict[str, str] = dict(self.words.lexicon.get("labels", {}))
        self.offices: dict[tuple[str, ...], Source] = {}
        self.document: Speech | None = None
        self.person: Source | None = None
        self.outer: Speech | None = None

    def headline(self, start: int, end: int) -> Iterator[StatementProposal]:
        """Yield what follows a name and a colon in a headline."""
        colon = self.text.find("：", start, end)
        while colon >= 0:
            begin = max(start, *(self.text.rfind(mark, start, colon) + 1 for mark in "　 ，；："))
            source = self.reader.source(begin, colon)
            if source is not None and source.kind in ("person", "party"):
                parts = list(self._spaced(colon + 1, end))
                speech = Speech(source, None, "say", "zh.headline")
                yield from self.statements(Run(parts, speech, rule="zh.headline"))
                return
            colon = self.text.find("：", colon + 1, end)
        for place in self.reader.sentences(start, end):
            for run in self.runs(*place):
                yield from self.statements(run)

    def _spaced(self, start: int, end: int) -> Iterator[Clause]:
        """Yield the clauses of a headline, which wide spaces separate too."""
        begin = start
        for at in range(start, end + 1):
            if at == end or self.text[at] == "　":
                for clause in clauses(self.text, begin, at, self.words, inside=True):
                    yield replace(clause, mark="；") if clause.end + 1 >= at else clause
                begin = at + 1

    # Attributions

    def runs(self, start: int, end: int) -> list[Run]:
        """Return what a sentence attributes."""
        runs: list[Run] = []
        last: Source | None = None
        main: Speech | None = None
        topic: Clause | None = None
        mark = ""
        for clause in self._clauses(start, end):
            main = None if mark == "；" else main
            mark = clause.mark
            if self._opens_document(clause):
                last = None
                runs.append(Run([]))
                continue
            joint = self._joint(clause, last)
            if joint is not None and joint.speech is not None:
                before = runs[-1].speech if runs else self.document
                outer = before.outer if before is not None and before.rule == "zh.joint" else before
                runs.append(replace(joint, speech=replace(joint.speech, outer=outer)))
                last = joint.speech.source
                continue
            made = self.attribution(clause, last)
            opens = self.words.starts(self.text, clause.start, "topic_starts") and clause.mark == "，"
            if made is None and opens and not (runs and not runs[-1].found):
                topic = clause
                continue
            if made is None:
                last = last if last is not None and runs else self._subject(clause) or last
                if runs and runs[-1].found and main is not None and runs[-1].speech not in (None, main):
                    runs.append(Run([clause], main, rule="zh.press"))
                elif runs:
                    runs[-1].found.append(clause)
                continue
            rest: list[Clause] = []
            while made is not None:
                speech, at = made
                speech = self._within(speech, runs, main)
                extra = () if topic is None else ((topic.start, topic.end),)
                topic = None
                runs.append(Run([], speech, rule="zh.press", extra=extra))
                last = speech.source
                if last.kind != "pronoun":
                    self.person, self.outer = last, speech.outer
                rest = self.reader.part(clause, at)
                made = self.attribution(rest[0], None) if rest else None
                clause = rest[0] if rest else clause  # noqa: PLW2901
            if not rest and main is None and clause.mark == "，":
                main = runs[-1].speech
            runs[-1].found.extend(rest)
        return [run for run in runs if run.speech is not None and run.found]

    def continued(self, place: Place, speech: Speech | None) -> list[Run]:
        """Return a sentence without a verb of saying as what the sentence before it goes on with (3.20)."""
        found = list(self._clauses(*place))
        if speech is None or not found or speech.source.kind == "label":
            return []
        first = found[0]
        framed = any(
            self.words.starts(self.text, first.start, name)
            for name in ("frame_starts", "frames", "place_starts", "outlet_starts")
        )
        named = (
            first.start in self.reader.mentions and self.reader.mentions[first.start].entity in speech.source.entities
        )
        asked = self.text.startswith(("？",), place[1])
        bare = not any(clause.has(*MODALS, "verb", "copula", "negator", "adverb") for clause in found)
        if framed or named or asked or bare or first.tokens[0].kind == "conjunction":
            return []
        return [Run(found, speech, rule="zh.continuation")]

    def _clauses(self, start: int, end: int) -> Iterator[Clause]:
        """Yield the clauses of a sentence, also those inside quotations, which full stops end there."""
        begin = start
        for at in range(start, end + 1):
            if at == end or self.text[at] in "。！？":
                yield from clauses(self.text, begin, at, self.words, inside=True)
                begin = at + 1

    def _within(self, speech: Speech, runs: Sequence[Run], main: Speech | None) -> Speech:
        """Return a speech inside the one that only introduces it, or inside the document that the paragraph follows."""
        office = self.offices.get(speech.source.entities)
        if office is not None:
            return replace(speech, outer=Speech(office, None, "say", "zh.office"))
        before = runs[-1] if runs else None
        if before is not None and before.speech is not None and not before.found and not _same(before.speech, speech):
            return replace(speech, outer=before.speech)
        if main is not None and not _same(main, speech):
            return replace(speech, outer=main)
        if speech.source.kind == "pronoun" and self.outer is not None:
            return replace(speech, outer=self.outer)
        document = self.document
        return replace(speech, outer=document) if document is not None and not _same(document, speech) else speech

    def _opens_document(self, clause: Clause) -> bool:
        """Whether a clause names the document that the next sentences follow (根据…)."""
        word = self.words.starts(self.text, clause.start, "according", clause.end)
        source = self._name(clause.start + len(word), clause.end, first=True) if word else None
        if source is None or source.label is not None:
            return False
        self.document = Speech(source, (clause.start, clause.start + len(word)), "say", "zh.according")
        return True

    def _joint(self, clause: Clause, last: Source | None) -> Run | None:
        """Return what both leaders agree on in a clause."""
        begin = self.reader.skip(clause, clause.start)
        source = self.reader.source(begin, clause.end)
        at = self.reader.past(clause, source) if source is not None else begin
        if source is None and last is not None and last.kind == "joint":
            source = last
        if source is None or source.kind != "joint" or not self.words.starts(self.text, at, "agreements", clause.end):
            return None
        return self.account.joint(clause, source, at, None)

    def attribution(self, clause: Clause, last: Source | None) -> tuple[Speech, int] | None:
        """Return who says something in a clause, and where the content begins."""
        text, words = self.text, self.words
        begin = self.reader.skip(clause, clause.start)
        if final := words.ends(text, begin, clause.end, "press_cues"):
            at = clause.end - len(final)
            source = self._speaker(clause, begin, at, last) if text.endswith("时", begin, at) else None
            if source is not None:
                return Speech(source, (at, clause.end), self.reader.cues.get(final, "say"), "zh.press"), clause.end
        for at in range(begin, clause.end):
            word = words.starts(text, at, "press_cues", clause.end)
            after = at + len(word)
            if not word or not self._is_cue(clause, at, after):
                continue
            denied = any(token.kind == "negator" and at - 4 < token.end <= at for token in clause.tokens)
            if denied or any(mark in text[begin:at] for mark in _OPEN):
                return None
            if words.has("reporting_nouns", word) and any(t.kind == "verb" and t.end <= at for t in clause.tokens):
                continue
            short = words.has("brief_cues", word) and after < clause.end
            if short and text[after] not in "，：" + _OPEN:
                continue
            asking = words.has("asking", word)
            if asking and "被" in text[begin:at]:
                source = Source((at, at), (), "label", "a journalist")
            else:
                source = self._speaker(clause, begin, at, last)
            if source is None:
                return None
            act = (
                "request"
                if asking
                else "believe"
                if words.has("believing", word)
                else self.reader.cues.get(word, "say")
            )
            return Speech(source, (at, after), act, "zh.press"), after
        return None

    def _is_cue(self, clause: Clause, at: int, after: int) -> bool:
        """Whether a verb of saying at this place is a word by itself, not part of another word."""
        text = self.text
        if text.startswith(_NO_CUE_AFTER, after, clause.end) or text.startswith(_NO_CUE_BEFORE, at - 1, at):
            return False
        token = next((token for token in clause.tokens if token.start <= at < token.end), None)
        return token is None or text.startswith("说", at) or (token.start == at and token.kind != "noun")

    def _speaker(self, clause: Clause, begin: int, at: int, last: Source | None) -> Source | None:
        """Return who the verb of saying at a place belongs to."""
        if at == begin:
            return last
        pronoun = self.words.starts(self.text, begin, "third_person", clause.end)
        if pronoun and self.person is not None:
            return replace(self.person, place=(begin, begin + len(pronoun)), kind="pronoun")
        source = self._subject(clause, at)
        if source is not None and source.place[1] <= at:
            return source
        return last if clause.tokens[0].kind == "conjunction" else None

    def _subject(self, clause: Clause, end: int | None = None) -> Source | None:
        """Return who a clause is about: the last name before its first verb or preposition."""
        begin = self.reader.skip(clause, clause.start)
        source = self.reader.source(begin, clause.end)
        if source is not None and source.kind == "joint":
            return source
        begin = self._after_attribute(begin, clause.end if end is None else end)
        outside = (token for token in clause.tokens if token.start > begin + 1 and token.start not in self.named)
        stop = next((token.start for token in outside if token.kind in _SUBJECT_ENDS), clause.end)
        found = self._name(begin, stop)
        if found is not None and found.entities:
            self._remember_office(found)
        return found

    def _after_attribute(self, start: int, end: int) -> int:
        """Return where the name begins that the start of a clause describes (参加会议的总统…); else the start."""
        named = (at for at in range(start + 1, end) if at in self.reader.mentions and self.text[at - 1] == "的")
        return next(named, start)

    def _remember_office(self, source: Source) -> None:
        """Keep whom a spokesperson speaks for (外交部发言人…)."""
        title = self.words.ends(self.text, 0, source.place[0], "spokespersons")
        at = source.place[0] - len(title)
        office = next((item for item in self.reader.context.mentions if title and item.place[1] == at), None)
        if office is not None:
            self.offices[source.entities] = Source(office.place, (office.entity,), "party")

    def _name(self, start: int, end: int, *, first: bool = False) -> Source | None:
        """Return the last name, title or unnamed source between two places; the first one where asked."""
        found, at = None, start
        while at < end:
            mention, media = self.reader.mentions.get(at), self.reader.media(at, end)
            label = max((word for word in self.labels if self.text.startswith(word, at)), key=len, default="")
            if media is not None:
                found = media
            elif mention is not None:
                found = Source(mention.place, (mention.entity,), "party")
            elif label:
                found = Source((at, at + len(label)), (), "label", self.labels[label])
            if found is None or found.place[0] != at:
                at += 1
            elif first:
                return found
            else:
                at = found.place[1]
        return found

    # Statements

    def statements(self, run: Run) -> Iterator[StatementProposal]:
        """Yield the statements of a run, with what is between quotation marks."""
        for index, item in enumerate(propositions(self.text, run.found, self.words)):
            places = (_unmarked(self.text, *place) for place in (*(run.extra if index == 0 else ()), *item.content))
            content = tuple(place for place in places if place[0] < place[1])
            if not content:
                continue
            made = self.reader.statement(run, replace(item, content=content))
            quoted = tuple(part for place in content for part in _quoted(self.text, *place))
            labels = dict(made.labels)
            if quoted:
                labels["form"] = "direct" if _size(quoted) == _size(content) else "mixed"
            asked = run.speech is not None and self.words.has("asking", self.text[slice(*(run.speech.cue or (0, 0)))])
            if asked and ("是否" in self.text[content[0][0] : content[-1][1]] or labels["modality"] == "requested"):
                labels |= {"modality": "requested", "polarity": "unclear", "certainty": "unknown"}
            chain = tuple(tuple(map(self._with_account, step)) for step in made.chain[1:])
            if any(self.words.ends(self.text, *place, "institutions") for place in chain[-1][0].at):
                labels["medium"] = "writing"
            yield replace(made, labels=labels, quoted=quoted, chain=chain)

    def _with_account(self, source: SourceProposal) -> SourceProposal:
        """Return a source with the account that it issued, if it has one."""
        return replace(source, account=self.reader.context.accounts.get(source.entity or ""))


def _same(first: Speech, second: Speech) -> bool:
    return (first.source.entities, first.source.label) == (second.source.entities, second.source.label)


def _size(places: Sequence[Place]) -> int:
    return sum(end - start for start, end in places)


def _unmarked(text: str, start: int, end: int) -> Place:
    """Return a place without quotation marks at its ends that belong to words outside it, or that hold all of it."""
    while start < end:
        opened = sum(map(text[start:end].count, _OPEN))
        closed = sum(map(text[start:end].count, _CLOSE))
        whole = text[start] in _OPEN and text[end - 1] in _CLOSE and opened == closed == 1
        if text[start] in _CLOSE or whole or (text[start] in _OPEN and opened > closed):
            start += 1
        elif text[end - 1] in _OPEN or (text[end - 1] in _CLOSE and closed > opened):
            end -= 1
        else:
            break
    return start, end


def _quoted(text: str, start: int, end: int) -> Iterator[Place]:
    """Yield the parts of a place that are between quotation marks, as its paragraph has them."""
    depth, begin = 0, start
    for at in range(text.rfind("\n", 0, start) + 1, end):
        if text[at] in _OPEN:
            depth += 1
            begin = at + 1 if depth == 1 else begin
        elif text[at] in _CLOSE and depth:
            depth -= 1
            if depth == 0 and at > start:
                yield max(begin, start), at
    if depth and max(begin, start) < end:
        yield max(begin, start), end
