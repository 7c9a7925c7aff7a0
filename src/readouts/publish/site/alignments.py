"""What each statement is compared with: the rows of `alignments`, from either end."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from readouts.publish.site import address
from readouts.publish.site.lineage import former_fragments
from readouts.publish.site.pagination import encoded_length, paginate
from readouts.publish.site.statement_view import WORDING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from readouts.datapackage.package.package import Row
    from readouts.publish.site.data import SiteData

__all__ = ["Alignments", "ComparedStatement"]

CONVERSE = {
    "same_claim": "says the same as",
    "contradicts": "contradicts",
    "in_tension": "is in tension with",
    "translation_variant": "translates the same words differently from",
}
"""Relations that read the same from both ends."""
ACTIVE = {
    **CONVERSE,
    "quotes_verbatim": "quotes word for word",
    "quotes_altered": "quotes with changes",
    "paraphrase": "puts in other words",
    "weaker": "says less than",
    "stronger": "says more than",
    "supports": "gives grounds for",
}
PASSIVE = {
    **CONVERSE,
    "quotes_verbatim": "is quoted word for word by",
    "quotes_altered": "is quoted with changes by",
    "paraphrase": "is put in other words by",
    "weaker": "says more than",
    "stronger": "says less than",
    "supports": "is supported by",
}


@dataclass(frozen=True, slots=True)
class ComparedStatement:
    """A row of `alignments`, from one of its ends: as text, with the statement at the other end.

    Attributes
    ----------
    fragment, former
        Its place on the page, and those of the ids that it had in the past; only at its first end.
    """

    row: Row
    words: str
    other: str
    fragment: str = ""
    former: Sequence[str] = ()

    @property
    def of_wording(self) -> bool:
        """Whether it says how something is worded."""
        return self.row["aspect"] == "wording" or self.row["relation"] in WORDING


class Alignments:
    """All alignments of a release."""

    def __init__(self, data: SiteData) -> None:
        self._data = data
        self._former = former_fragments(data, "alignments")

    def of(self, name: str) -> list[ComparedStatement]:
        """Return what a statement is compared with; a row can be linked to at its first end.

        Wording comes first: marks of it lead to the first page of the statement, which therefore has it.
        """
        found = []
        for row in self._data.of("alignments", "statement_a", name):
            alignment, other = row["alignment_id"] or "", row["statement_b"] or ""
            words = ACTIVE.get(row["relation"] or "", row["relation"] or "")
            former = self._former.get(alignment, ())
            found.append(ComparedStatement(row, words, other, address.fragment(alignment), former))
        for row in self._data.of("alignments", "statement_b", name):
            words = PASSIVE.get(row["relation"] or "", row["relation"] or "")
            found.append(ComparedStatement(row, words, row["statement_a"] or ""))
        return sorted(
            (each for each in found if each.other in self._data.statements), key=lambda each: not each.of_wording
        )

    def weight(self, each: ComparedStatement) -> int:
        """Return about how many bytes an alignment takes on a page."""
        other = self._data.statements[each.other]
        # Each id of the past is in a tag of its own.
        tags = (f"{old:20}" for old in each.former)
        texts = (other["summary"], self._data.outlet(other["article_id"]), each.row["rationale"], *tags)
        return 900 + 4 * len(each.other) + 2 * encoded_length(*texts)

    @cached_property
    def pages(self) -> Mapping[str, int]:
        """On which page of its statement an alignment is, unless it is on the first."""
        found: dict[str, int] = {}
        for name in self._data.statements:
            for leaf in paginate(self.of(name), self.weight)[1:]:
                found.update({each.row["alignment_id"] or "": leaf.number for each in leaf.items if each.fragment})
        return found
