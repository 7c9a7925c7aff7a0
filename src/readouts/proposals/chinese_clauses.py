"""Propositions of Chinese: what each says, and what it shares with the ones before."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from readouts.proposals.chinese_grouping import PREDICATES, Grouping
from readouts.proposals.chinese_words import MODALS
from readouts.proposals.spans import joined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from readouts.proposals.chinese_grouping import Group
    from readouts.proposals.chinese_words import Clause, Token, Words
    from readouts.proposals.proposal import Place

__all__ = ["Proposition", "propositions"]

_NEAR = 14
"""Most characters of a subject and its modal verb that later clauses share as one place."""


@dataclass(frozen=True, slots=True)
class Proposition:
    """One statement's words: what it shares with earlier ones, and its own.

    Attributes
    ----------
    content
        Places, in reading order.
    modality
        `asserted`, `planned`, `proposed`, `normative` or `conditional`.
    negative
        Whether its main verb is negated.
    certainty
        `certain`, `probable` or `possible`.
    """

    content: tuple[Place, ...]
    modality: str
    negative: bool
    certainty: str


@dataclass
class _Shared:
    """What later clauses take from earlier ones."""

    subject: list[Place] = field(default_factory=list)
    modal: Place | None = None
    modality: str = "asserted"


def propositions(
    text: str, found: Sequence[Clause], words: Words, lead: Sequence[Place] = (), lead_modality: str = "asserted"
) -> list[Proposition]:
    """Put clauses into propositions, each with the subject and the modal verb that it shares with earlier ones.

    Parameters
    ----------
    text
        The text in simplified characters.
    found
        Clauses, in reading order.
    words
        The lexicon's words.
    lead
        Places that every proposition shares, such as the sentence that leads into a list.
    lead_modality
        Modality of the lead.

    Returns
    -------
    list of Proposition
        In reading order.

    Examples
    --------
    >>> from readouts.proposals.chinese_words import Words, clauses
    >>> text = "双方要修桥、铺路，减少关税。"
    >>> words = Words({"words": {"normative": ["要"], "verb": ["修", "减少"]}})
    >>> [item.content for item in propositions(text, clauses(text, 0, len(text), words), words)]
    [((0, 8),), ((0, 3), (9, 13))]
    """
    grouping = Grouping(text, words)
    sharing = _Sharing(text, grouping, lead_modality if lead or lead_modality != "asserted" else None)
    heads = list(lead)
    proposed = []
    for group in grouping.groups(found):
        item = sharing.proposition(group)
        last = group.clauses[-1]
        if last.mark in ("：", ":") and (last.tokens[-1].kind == "copula" or text.endswith("包括", *group.span)):
            heads.append(group.span)
        else:
            proposed.append(replace(item, content=(*heads, *item.content)))
    return proposed


class _Sharing:
    """Takes propositions one after the other, and keeps what the next one shares."""

    def __init__(self, text: str, grouping: Grouping, lead: str | None) -> None:
        self.text, self.grouping, self.lead = text, grouping, lead
        self.shared = _Shared(modality=lead or "asserted")

    def proposition(self, group: Group) -> Proposition:
        """Return the proposition of a group of clauses."""
        before = self.shared
        main = group.clauses[-1]
        if len(group.clauses) > 1 and self.grouping.joins(main, group.clauses[0]):
            main = group.clauses[0]
        self.shared, heads, modal = self.after(group, main)
        if self.lead and self.shared.modality == "asserted":
            self.shared.modality = self.lead
        kinds = {token.kind for clause in group.clauses for token in clause.tokens if not self._relative(clause, token)}
        if self.grouping.words.ends(self.text, *group.span, "importance"):
            kinds.add("normative")
        inherited = bool(heads) and before.modality != "asserted" and not main.has("copula")
        modality = next((kind for kind in MODALS if kind in kinds), "asserted")
        if group.condition or (inherited and before.modality == "conditional"):
            modality = "conditional"
        elif modality == "asserted" and (inherited or self.lead):
            modality = before.modality
        elif modality == "asserted" and modal is None and self.shared.modality in MODALS:
            modality = self.shared.modality
        certainty = next((kind for kind in ("probable", "possible") if kind in kinds), "certain")
        return Proposition(joined([*heads, group.span], touching=True), modality, _negated(self.text, main), certainty)

    def _relative(self, clause: Clause, token: Token) -> bool:
        """Whether a word is inside the attribute of a noun that comes after the verb, or is a noun itself."""
        begun = any(
            each.kind in ("copula", "verb", "preposition") and each.end <= token.start for each in clause.tokens
        )
        return begun and (self.text.startswith("的", token.start - 1) or "的" in self.text[token.end : clause.end])

    def after(self, group: Group, main: Clause) -> tuple[_Shared, list[Place], Token | None]:
        """Return what later clauses share, what this group takes from earlier ones, and its modal verb."""
        frames = group.clauses[:-1]
        words, start = self.grouping.words, group.span[0]
        own, modal = self.grouping.own_subject(main), main.modal
        together = next((item for item in frames if words.ends(self.text, item.start, item.end, "together")), None)
        if together is not None:
            if not self.grouping.own_subject(group.clauses[0]) and self.shared.subject:
                return self.shared, self.shared.subject, together.modal
            kind = together.modal.kind if together.modal is not None else "asserted"
            return _Shared([(start, together.end)], None, kind), [], together.modal
        if group.condition:
            end = modal.end if modal is not None else frames[-1].end if frames else main.end
            return _Shared([(start, end)], None, "conditional"), [], modal
        carrier = None if own or modal is not None else next((item for item in frames if item.modal is not None), None)
        if carrier is not None:
            return self._carried(carrier)
        subject = self._subject(group, main, own=own)
        if subject is not None:
            return self._with_modal(subject, modal, own=own), [], modal
        return self._dependent(main, modal)

    def _carried(self, carrier: Clause) -> tuple[_Shared, list[Place], Token | None]:
        """Return what a frame with a modal verb shares."""
        modal, place = carrier.modal, _subject_of(carrier)
        heads = self.shared.subject if place is None else []
        fits = place is not None and modal is not None and place[1] <= modal.start
        subject = [place] if place is not None and fits else list(self.shared.subject)
        return self._with_modal(subject, modal, own=False), heads, modal

    def _subject(self, group: Group, main: Clause, *, own: bool) -> list[Place] | None:
        """Return the subject that a group brings along; None where it takes that of an earlier one."""
        for clause in group.clauses[:-1]:
            at = self.text.find("作为", clause.start, clause.end)
            if at > clause.start:
                return [(clause.start, at)]
        if len(group.clauses) > 1 and not own and self.grouping.names(group):
            return [(group.span[0], group.clauses[-2].end)]
        if own:
            place = _subject_of(main)
            return [place] if place is not None else []
        return None if self.shared.subject or self.shared.modal else []

    def _with_modal(self, subject: list[Place], modal: Token | None, *, own: bool) -> _Shared:
        """Return a subject with its modal verb, as one place where they are near each other."""
        if modal is None:
            return _Shared(subject)
        if own and subject and modal.end - subject[0][0] <= _NEAR and modal.start >= subject[0][0]:
            return _Shared([], (subject[0][0], modal.end), modal.kind)
        return _Shared(subject, (modal.start, modal.end), modal.kind)

    def _dependent(self, main: Clause, modal: Token | None) -> tuple[_Shared, list[Place], Token | None]:
        """Return what a clause without a subject of its own takes from earlier ones."""
        subject = list(self.shared.subject)
        if modal is not None:
            return self._with_modal(subject, modal, own=False), subject, modal
        rest = main.after("conjunction", "adverb")
        plain = bool(rest) and (rest[0].kind == "copula" or self.text.startswith("没有", rest[0].start))
        plain = plain or bool(self.grouping.words.starts(self.text, main.bare, "indicative"))
        if plain:
            return _Shared(subject), subject, None
        heads = [*subject, self.shared.modal] if self.shared.modal is not None else subject
        return _Shared(subject, self.shared.modal, self.shared.modality), heads, None


def _subject_of(clause: Clause) -> Place | None:
    """Return the subject that a clause begins with: the words before its first verb, adverb or preposition."""
    tokens = clause.after("conjunction")
    kinds = (*PREDICATES, "preposition", "possible", "probable")
    stop = next((token for token in tokens if token.kind in kinds), None)
    return (tokens[0].start, stop.start) if stop is not None and stop.start > tokens[0].start else None


def _negated(text: str, clause: Clause) -> bool:
    """Whether the main verb of a clause is negated."""
    if any(word in text[clause.start : clause.end] for word in ("而是", "不能不", "不得不")):
        return False
    tokens = clause.tokens
    copula = max((index for index, token in enumerate(tokens) if token.kind == "copula"), default=-1)
    if 0 <= copula < len(tokens) - 1 and "不是" not in text[tokens[copula].start : tokens[copula].end]:
        return any(_negates(text, token) for token in (*tokens[copula - 1 : copula], *tokens[copula + 1 : copula + 4]))
    for token in tokens:
        rest = text[token.end : clause.end]
        if text[token.start : token.end] in ("把", "将把"):
            return False
        if _negates(text, token):
            # 不平等的规则损害…: the negation belongs to the subject.
            relative = "的" in rest and not text.startswith(("没有", "不是", "无"), token.start)
            noun = token.end + rest.index("的") if relative else clause.end
            return not any(item.kind in PREDICATES and item.start > noun for item in tokens)
        if token.kind == "verb" and "的" not in rest:
            return False
    return False


def _negates(text: str, token: Token) -> bool:
    return token.kind == "negator" or (
        token.kind in (*MODALS, "copula") and text.startswith(("不", "绝不", "决不"), token.start)
    )
