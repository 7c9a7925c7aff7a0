"""What charts read from a corpus: its statements, the names of its sides, and the titles of its events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from readouts.analysis.sides import Parties
from readouts.datapackage.errors import ReadoutsError
from readouts.datapackage.words import printable

if TYPE_CHECKING:
    from readouts.analysis.comparison import Comparison, Voice
    from readouts.datapackage.package.package import Row

__all__ = [
    "CorpusTexts",
    "NothingToDrawError",
    "event_title",
    "names_in",
    "names_of_sides",
    "source_of",
    "voices_of",
]


class CorpusTexts(Protocol):
    """What charts read of a `Corpus`: its name, its version, and its tables as texts."""

    @property
    def name(self) -> str:
        """Name of the corpus."""
        ...

    @property
    def version(self) -> str:
        """Version of the release."""
        ...

    def texts(self, table: str) -> list[Row]:
        """Return the rows of a table."""
        ...


class NothingToDrawError(ReadoutsError):
    """A chart was asked for of something that has no row to draw."""


def voices_of(comparison: Comparison) -> tuple[Voice, ...]:
    """Return every statement of a comparison once, in the order of their ids."""
    found = {voice.statement_id: voice for claim in comparison.claims for voice in claim.voices}
    return tuple(found[name] for name in sorted(found))


def names_of_sides(corpus: CorpusTexts) -> dict[str, str]:
    """Return what sides a and b are called in the whole corpus: by name where it is the same in every event shown."""
    parties = Parties.of(corpus.texts)
    told = {event for event, _ in parties.accounts.values()}
    called = {}
    for side in ("a", "b"):
        different = {parties.side_name(event, side) for event in told}
        name = different.pop() if len(different) == 1 else None
        called[side] = printable(name) if name else f"side {side}"
    return called


def names_in(comparison: Comparison) -> dict[str, str]:
    """Return what sides a and b are called in an event."""
    return {side.key: printable(side.name) for side in comparison.sides}


def event_title(corpus: CorpusTexts, event: str) -> str:
    """Return the title of an event that the corpus has."""
    titles = {row["event_id"]: row["title"] or event for row in corpus.texts("events")}
    return printable(titles[event])


def source_of(corpus: CorpusTexts, *more: str) -> str:
    """Return the line at the foot of a chart: where it comes from, and what it leaves out."""
    return ". ".join([f"Source: {corpus.name} {corpus.version}".rstrip(), *filter(None, more)]) + "."
