"""Clauses of Chinese put together: which of them make one proposition, and what each is for the others."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from readouts.proposals.chinese_words import MODALS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from readouts.proposals.chinese_words import Clause, Token, Words
    from readouts.proposals.proposal import Place

__all__ = ["PREDICATES", "Group", "Grouping"]

_TIME = re.compile(
    r"(?:当地时间|北京时间|过去|未来|去年|今年|明年|这|近|刚刚过去的|本周|上周|昨天|今天)?"
    r"(?:[\d一二三四五六七八九十几两百多]+个?(?:世纪|年代|年|月|日|号|周|天|小时))*"
    r"(?:晚间|晚|上午|下午|中午|清晨|凌晨|早上|多|中|里|来|前|后|以来)?"
)
_NOUN_LIST = re.compile(r"以[^，]{1,20}为[^，]{1,10}的[^，]+")
PREDICATES = (*MODALS, "verb", "copula", "negator", "adverb")


@dataclass(frozen=True, slots=True)
class Group:
    """Clauses that make one proposition; `condition` where one of them is a condition of the last."""

    clauses: list[Clause]
    condition: bool = False

    @property
    def span(self) -> Place:
        """Where its clauses are."""
        return self.clauses[0].start, self.clauses[-1].end


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
            *PREDICATES,
            "preposition",
            "condition",
            "join",
            "possible",
            "probable",
        )

    def groups(self, found: Sequence[Clause]) -> list[Group]:
        """Put clauses together that make one proposition."""
        groups: list[Group] = []
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
            groups.append(Group(opened, condition or self.is_condition(clause)))
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
            return clause.has(*PREDICATES, "conjunction")
        judged = clause.has("preposition") and self._has_degree(clause)
        return judged or bool(self.words.starts(self.text, clause.bare, "consequences"))

    def _has_degree(self, clause: Clause) -> bool:
        return any(self.words.has("degrees", self.text[token.start : token.end]) for token in clause.tokens)

    def names(self, group: Group) -> bool:
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
