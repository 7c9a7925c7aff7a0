"""Propositions of Chinese: which clauses make one statement together, and what each shares with the one before."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from readouts.proposals.chinese_words import MODALS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from readouts.proposals.chinese_words import Clause, Token, Words
    from readouts.proposals.proposal import Place

__all__ = ["Grouping", "Proposition", "propositions"]

_TIME = re.compile(
    r"(?:当地时间|北京时间|过去|未来|去年|今年|明年|这|近|刚刚过去的|本周|上周|昨天|今天)?"
    r"(?:[\d一二三四五六七八九十几两百多]+个?(?:世纪|年代|年|月|日|号|周|天|小时))*"
    r"(?:晚间|晚|上午|下午|中午|清晨|凌晨|早上|多|中|里|来|前|后|以来)?"
)
_NOUN_LIST = re.compile(r"以[^，]{1,20}为[^，]{1,10}的[^，]+")
_PREDICATES = (*MODALS, "verb", "copula", "negator", "adverb")
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


@dataclass(frozen=True, slots=True)
class _Group:
    """Clauses that make one proposition; `condition` where one of them is a condition of the last."""

    clauses: list[Clause]
    condition: bool = False

    @property
    def span(self) -> Place:
        return self.clauses[0].start, self.clauses[-1].end


@dataclass
class _Shared:
    """What later clauses take from earlier ones."""

    subject: list[Place] = field(default_factory=list)
    modal: Place | None = None
    modality: str = "asserted"


class Grouping:
    """Which clauses of a text make one proposition together."""

    def __init__(self, text: str, words: Words) -> None:
        self.text, self.words = text, words

    def is_frame(self, clause: Clause, following: Clause, *, first: bool = False) -> bool:
        """Whether a clause says nothing without the next one."""
        if clause.mark in ("；", ";", "：", ":"):
            return False
        rest = following.after("conjunction")
        return self._is_marked_frame(clause, following) or (
            bool(rest) and self._is_topic(clause, following, rest[0], first)
        )

    def _is_marked_frame(self, clause: Clause, following: Clause) -> bool:
        """Whether the words of a clause mark it as a frame of time, place, means or reason."""
        text, words = self.text, self.words
        whole = text[clause.start : clause.end]
        if (
            words.has("frames", whole)
            or words.ends(text, clause.start, clause.end, "together")
            or _TIME.fullmatch(whole)
        ):
            return True
        plain = not clause.has("copula", *MODALS)
        ended = words.ends(text, clause.start, clause.end, "frame_ends")
        start = words.starts(text, clause.bare, "frame_starts") or words.starts(text, clause.start, "frame_starts")
        if start and (ended or not clause.has("verb", *MODALS) or words.has("leading_frames", start)):
            return True
        placed = words.starts(text, clause.bare, "place_starts") and words.ends(
            text, clause.start, clause.end, "place_ends"
        )
        if plain and (ended or placed or "作为" in whole):
            return True
        if "之所以" in whole or (clause.tokens[-1].kind == "copula" and clause.mark == "，"):
            return True
        # A modal verb with what it is based on, before its verb: 愿根据…的需要，开放….
        bases = (words.starts(text, token.start, "bases") for token in clause.tokens if token.kind == "preposition")
        based = not plain and not clause.has("verb", "copula", "negator") and any(bases)
        rest = following.after("conjunction")
        return based and bool(rest) and rest[0].kind == "verb"

    def _is_topic(self, clause: Clause, following: Clause, head: Token, first: bool) -> bool:
        """Whether a clause only names what the next one, which begins with `head`, says something about."""
        text, words = self.text, self.words
        if clause.has("copula", *MODALS):
            return False
        degree = self._has_degree(clause)
        if words.has("bare_copulas", text[head.start : head.end]) and not clause.has("negator") and not degree:
            return True
        if text.startswith(("对", "就", "针对"), clause.bare) and head.kind in MODALS:
            return True
        if clause.has("verb", "preposition", "adverb"):
            return False
        if text.startswith("一个", clause.bare) and head.kind in ("preposition", *MODALS):
            return True
        framed = bool(words.starts(text, following.start, "frame_starts"))
        return (
            first
            and not clause.has("negator")
            and not degree
            and (head.kind in ("copula", "negator", *MODALS) or framed)
        )

    def is_condition(self, clause: Clause) -> bool:
        """Whether a clause is a condition of what comes after it."""
        return clause.has("condition") and not clause.has("planned")

    def joins(self, clause: Clause, before: Clause) -> bool:
        """Whether a clause belongs to the one before it."""
        text, earlier = self.text, self.text[before.start : before.end]
        if clause.tokens[0].kind == "join":
            return True
        if _NOUN_LIST.fullmatch(text, clause.start, clause.end) and not clause.has("verb", *MODALS):
            return True
        if "越" in earlier and text.startswith("越", clause.start):
            return True
        return "不是" in earlier and text.startswith("而是", clause.start)

    def own_subject(self, clause: Clause) -> bool:
        """Whether a clause begins with something other than a verb, an adverb or a preposition."""
        rest = clause.after("conjunction")
        return not rest or rest[0].kind not in (
            *_PREDICATES,
            "preposition",
            "condition",
            "join",
            "possible",
            "probable",
        )

    def groups(self, found: Sequence[Clause]) -> list[_Group]:
        """Put clauses together that make one proposition."""
        groups: list[_Group] = []
        opened: list[Clause] = []
        condition = False
        serial = self._serial(found)
        for index, clause in enumerate(found):
            if not opened and groups and self.joins(clause, groups[-1].clauses[-1]):
                groups[-1].clauses.append(clause)
                continue
            opened.append(clause)
            if index + 1 < len(found):
                following = found[index + 1]
                if self.is_condition(clause) and clause.mark not in ("；", ";"):
                    condition = True
                    continue
                if (
                    condition
                    and not self._is_main(clause)
                    and (self._is_main(following) or not self.own_subject(clause))
                ):
                    continue
                if index < serial or self.is_frame(clause, following, first=index == 0):
                    continue
            groups.append(_Group(opened, condition or self.is_condition(clause)))
            opened, condition = [], False
        return groups

    def _serial(self, found: Sequence[Clause]) -> int:
        """Return the index of a clause whose subject is all clauses before it (…，都需要…); 0 if there is none."""
        for index, clause in enumerate(found):
            if index and self.words.starts(self.text, clause.start, "serial_predicates"):
                return index
            if clause.has("copula", *MODALS):
                return 0
        return 0

    def _is_main(self, clause: Clause) -> bool:
        """Whether a clause can be what a condition leads to."""
        if self.is_condition(clause):
            return False
        if self.own_subject(clause):
            return clause.has(*_PREDICATES, "conjunction")
        judged = clause.has("preposition") and self._has_degree(clause)
        return judged or bool(self.words.starts(self.text, clause.bare, "consequences"))

    def _has_degree(self, clause: Clause) -> bool:
        return any(self.words.has("degrees", self.text[token.start : token.end]) for token in clause.tokens)

    def names(self, group: _Group) -> bool:
        """Whether the clauses before the last one are its subject, not a frame of time, place or condition."""
        first, words, text = group.clauses[0], self.words, self.text
        marked = (
            _TIME.fullmatch(text, first.start, first.end),
            words.starts(text, first.bare, "frame_starts"),
            words.starts(text, first.bare, "place_starts"),
            words.ends(text, first.start, first.end, "frame_ends"),
            words.has("frames", text[first.start : first.end]),
        )
        return (
            not any(marked) and not first.has("copula", *MODALS) and self.is_frame(first, group.clauses[-1], first=True)
        )


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

    def proposition(self, group: _Group) -> Proposition:
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
        return Proposition(_merged([*heads, group.span]), modality, _negated(self.text, main), certainty)

    def _relative(self, clause: Clause, token: Token) -> bool:
        """Whether a word is inside the attribute of a noun that comes after the verb, or is a noun itself."""
        begun = any(
            each.kind in ("copula", "verb", "preposition") and each.end <= token.start for each in clause.tokens
        )
        return begun and (self.text.startswith("的", token.start - 1) or "的" in self.text[token.end : clause.end])

    def after(self, group: _Group, main: Clause) -> tuple[_Shared, list[Place], Token | None]:
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

    def _subject(self, group: _Group, main: Clause, *, own: bool) -> list[Place] | None:
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
    kinds = (*_PREDICATES, "preposition", "possible", "probable")
    stop = next((token for token in tokens if token.kind in kinds), None)
    return (tokens[0].start, stop.start) if stop is not None and stop.start > tokens[0].start else None


def _merged(content: Sequence[Place]) -> tuple[Place, ...]:
    """Return places in reading order, those that touch as one."""
    found: list[Place] = []
    for start, end in sorted(content):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)


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
            return not any(item.kind in _PREDICATES and item.start > noun for item in tokens)
        if token.kind == "verb" and "的" not in rest:
            return False
    return False


def _negates(text: str, token: Token) -> bool:
    return token.kind == "negator" or (
        token.kind in (*MODALS, "copula") and text.startswith(("不", "绝不", "决不"), token.start)
    )
