"""What tests of the languages look at in proposed statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from readouts.proposals.proposal import StatementProposal

__all__ = ["chain", "contents_of", "only_one", "words"]


def words(text: str, found: StatementProposal) -> str:
    """Return the words of a content, a bar between its places."""
    return "|".join(text[start:end] for start, end in found.content)


def contents_of(text: str, proposed: Iterable[StatementProposal]) -> list[str]:
    """Return the contents that are proposed, in the order of their last places."""
    return [words(text, found) for found in sorted(proposed, key=lambda item: item.content[-1])]


def chain(found: StatementProposal) -> list[list[str | None]]:
    """Return the entities, or else the labels, of each step."""
    return [[source.entity or source.label for source in step] for step in found.chain]


def only_one(proposed: Sequence[StatementProposal]) -> StatementProposal:
    """Return the one statement of a text."""
    (found,) = proposed
    return found
