"""Chains of sources in an English sentence: verbs of speech inside the content of others, and after their own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from readouts.proposals.english_sentence import COORDINATORS, Rules
from readouts.proposals.english_syntax import CLOSING, OPENING, RELATIVES

if TYPE_CHECKING:
    from readouts.proposals.english_attribution import Predicate
    from readouts.proposals.english_reader import Step

__all__ = ["Chains"]


class Chains(Rules):
    """Rules that give each verb of speech its chain."""

    def outermost(self, found: list[Predicate]) -> list[Predicate]:
        """Return the predicates with contents of their own, each with the steps before its own."""
        kept: list[Predicate] = []
        if found and self.grammar.low(found[0].start - 1) in RELATIVES:
            found = found[1:]
        for each in found:
            before = kept[-1] if kept else None
            if before is None or each.participle or each.inherited:
                kept.append(each)
                continue
            between = [token.low for token in self.tokens[before.end : each.start]]
            joins = bool(between) and between[-1] in COORDINATORS
            words = [low for low in between if low not in {"that", ",", ":", *OPENING, *CLOSING}]
            if between and between[-1] in RELATIVES:
                continue
            clause = before.entry.kind != "topic" and not before.trailing
            reported = before.entry.tag == "VBD" and each.entry.tag in {"VBZ", "VB"} and not each.trailing
            if (
                clause
                and between[-1:] != ["as"]
                and (
                    (each.topical and not words)
                    or (words and between[-1] == "that")
                    or (reported and self.reader.official and not (joins and len(each.sources) > 1))
                )
            ):
                # It belongs to the content of the verb before.
                continue
            framed = between[:1] == ["that"] and between[-1] == "," and self.grammar.tag(before.end + 1) == "IN"
            if (not words or framed) and not before.topical and not before.trailing and before.sources:
                # A relay: the first source says that the second said it.
                each.outer = (*before.outer, self.step(before))
                kept[-1] = each
            elif not words and not before.topical and not before.sources:
                kept[-1] = each
            elif joins or each.passive:
                each.outer = before.outer
                kept.append(each)
            elif each.trailing or self._is_trailing(each):
                each.trailing = True
                kept.append(each)
            elif between and between[-1] == "as":
                kept.append(each)
        if len(kept) == 1 and not kept[0].trailing and self._is_trailing(kept[0]):
            kept[0].trailing = True
        return kept

    def _is_trailing(self, predicate: Predicate) -> bool:
        """Return whether a verb of speech comes after its content: *the bridge is open, Marek said*."""
        if predicate.start == 0 or predicate.passive or predicate.participle:
            return False
        before, after = self.grammar.low(predicate.start - 1), self.grammar.low(predicate.end)
        if before not in {",", *CLOSING} or after in {"that", "to"}:
            return False
        if before not in CLOSING and self.grammar.finite(0, predicate.start - 1) is None:
            return False
        tag = self.grammar.tag(predicate.end)
        return after in {"", ".", ",", ":", "!", "?", *CLOSING} or tag in {"IN", "RB", "NNP", "DT"}

    def step(self, predicate: Predicate) -> Step:
        """Return the step of a predicate: its sources, the first with the cue."""
        cue = tuple(self.sentence.place(part) for part in predicate.cue)
        sources = predicate.sources
        return (replace(sources[0], cue=cue), *sources[1:]) if sources else ()

    def chain(self, predicate: Predicate) -> tuple[Step, ...]:
        """Return the chain of a predicate; the speaker of a transcript who says *I said* is one step."""
        steps = (*predicate.outer, self.step(predicate))
        base, speaker = self.reader.base, self.reader.speaker
        if speaker is not None and speaker.entity is not None and steps[0][0].entity == speaker.entity:
            base = base[:-1]
        return (*base, *steps)
