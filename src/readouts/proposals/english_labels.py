"""Labels of an English statement: form, medium, act, modality, certainty, polarity and topic."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from readouts.proposals.english_sentence import Rules
from readouts.proposals.lexicon import topic_of
from readouts.proposals.proposal import Origin, StatementProposal
from readouts.proposals.spans import joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from readouts.proposals.english_clauses import Piece
    from readouts.proposals.english_reader import Step
    from readouts.proposals.english_syntax import Range
    from readouts.proposals.proposal import MentionProposal, Place

__all__ = ["Labels"]

_NOT_ASSERTED = frozenset(["request", "urge", "demand"])
_MODALITY_OF_ACT = {"propose": "proposed", "offer": "proposed", "threaten": "planned", "promise": "planned"}
_EXPRESSED = frozenset(["express", "criticise"])


class Labels(Rules):
    """Rules that label a proposition, which makes it a statement."""

    def made(
        self,
        piece: Piece,
        chain: tuple[Step, ...],
        act: str,
        rule: str,
        lemma: str,
        *,
        cued: bool,
        topical: bool,
        addressee: MentionProposal | None = None,
        topic: str | None = None,
    ) -> Iterator[StatementProposal]:
        """Yield the statement of a piece of content, if anything is left of it without marks."""
        reader = self.reader
        trimmed = [part for first, last in piece.ranges if (part := self.sentence.trim(first, last)) is not None]
        if not trimmed or not chain:
            return
        content = joined({self.sentence.place(part) for part in trimmed})
        quoted = tuple(self._quoted(trimmed))
        words = " ".join(reader.text[slice(*place)] for place in content)
        if piece.relative:
            rule = "en.relative"
        form = "indirect" if cued else "free_indirect"
        if quoted and cued:
            inside = sum(last - first for first, last in quoted)
            form = "direct" if inside >= sum(last - first for first, last in content) - 2 else "mixed"
        labels = {
            "form": form,
            "medium": "speech" if (cued and self._speaks(chain)) or reader.speaker is not None else "writing",
            "act": act,
            "polarity": self._polarity(trimmed, lemma),
            **self._modality(trimmed, act, lemma, topical=topical, relative=piece.relative),
            "topic": topic or topic_of(words, reader.context.lexicon) or "other",
        }
        if reader.context.event is not None:
            labels["event_id"] = reader.context.event
        places: tuple[Place, ...] = ()
        if addressee is not None:
            labels["addressee_id"] = addressee.entity
            places = (addressee.place,)
        origin = Origin(rule, reader.confidence.get(rule))
        yield StatementProposal(content, chain, origin, labels, quoted, places)

    def _speaks(self, chain: tuple[Step, ...]) -> bool:
        """Return whether the innermost source is a person or state who speaks, not the issuer of a document."""
        return any(source.account is None for source in chain[-1])

    def _quoted(self, ranges: Sequence[Range]) -> Iterator[Place]:
        for first, last in ranges:
            for start, end in self.sentence.quotes:
                inner = self.sentence.trim(max(first, start + 1), min(last, end))
                if inner is not None:
                    yield self.sentence.place(inner)

    def _polarity(self, ranges: Sequence[Range], lemma: str) -> str:
        if lemma.startswith("deny"):
            return "negative"
        if self.reader.speaker is not None and self.reader.speaker.label == "journalist":
            return "unclear"
        for first, last in ranges:
            verb = self.grammar.finite(first, last)
            stretch = range(first, min(last, first + 4)) if verb is None else range(verb, min(last, verb + 3))
            if any(self.tokens[place].low in {"not", "n't", "never", "cannot", "no", "nor"} for place in stretch):
                return "negative"
        return "positive"

    def _modality(
        self, ranges: Sequence[Range], act: str, lemma: str, *, topical: bool, relative: bool
    ) -> dict[str, str]:
        """Return modality and certainty, by section 5 of the guideline."""
        lows = " ".join(self.tokens[place].low for first, last in ranges for place in range(first, last))
        words = self.reader.context.lexicon

        def has(section: str, label: str) -> bool:
            return any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", lows) for word in words[section].get(label, ()))

        if self.reader.speaker is not None and self.reader.speaker.label == "journalist":
            return {"modality": "requested", "certainty": "unknown"}
        if topical:
            return {"modality": "asserted", "certainty": "certain"}
        certainty = next((label for label in ("probable", "possible") if has("certainty", label)), "certain")
        if relative:
            return {"modality": "presupposed", "certainty": certainty}
        if "hope" in lemma or "wish" in lemma:
            return {"modality": "normative", "certainty": "possible"}
        if act in _EXPRESSED and "support" not in lemma:
            return {"modality": "presupposed", "certainty": "certain"}
        if act in _NOT_ASSERTED:
            return {"modality": "requested", "certainty": certainty}
        for label in ("conditional", "planned", "proposed", "normative"):
            if has("modality", label):
                return {"modality": label, "certainty": certainty}
        if act == "agree" and lows.startswith("to "):
            return {"modality": "planned", "certainty": certainty}
        return {"modality": _MODALITY_OF_ACT.get(act, "asserted"), "certainty": certainty}
