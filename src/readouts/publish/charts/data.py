"""What charts read from a corpus: its statements, the names of its sides, and the titles of its events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from readouts.datapackage.errors import ReadoutsError, UnknownIdError
from readouts.datapackage.suggest import did_you_mean
from readouts.datapackage.words import printable
from readouts.publish.words import side_name

if TYPE_CHECKING:
    from readouts.analysis.comparison import Comparison, Voice
    from readouts.datapackage.package.package import Row

__all__ = [
    "CorpusTexts",
    "NothingToDrawError",
    "event_title",
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
    claims = [*comparison.both, *comparison.only_a, *comparison.only_b, *comparison.third]
    claims += [claim for contest in comparison.contested for claim in (contest.first, contest.second)]
    found = {voice.statement_id: voice for claim in claims for voice in claim.voices}
    return tuple(found[name] for name in sorted(found))


def names_of_sides(corpus: CorpusTexts) -> dict[str, str]:
    """Return what sides a and b are called in the whole corpus: by name where they are the same in every event told."""
    told = {row["event_id"] for row in corpus.texts("accounts")}
    names = {row["entity_id"] or "": row["name"] or "" for row in corpus.texts("entities")}
    called = {}
    for side in ("a", "b"):
        parties: dict[str | None, list[str]] = {event: [] for event in told}
        for row in corpus.texts("participants"):
            if row["event_id"] in told and row["side"] == side and row["role"] == "principal":
                parties[row["event_id"]].append(names.get(row["entity_id"] or "", row["entity_id"] or ""))
        different = {tuple(sorted(found)) for found in parties.values()}
        called[side] = side_name(different.pop() if len(different) == 1 else (), side)
    return called


def event_title(corpus: CorpusTexts, event: str) -> str:
    """Return the title of an event.

    Raises
    ------
    UnknownIdError
        There is no such event.
    """
    titles = {row["event_id"] or "": row["title"] or row["event_id"] or "" for row in corpus.texts("events")}
    if event not in titles:
        message = f"No event '{event}' is in the corpus. {did_you_mean(event, titles)}"
        raise UnknownIdError(message)
    return printable(titles[event])


def source_of(corpus: CorpusTexts, *more: str) -> str:
    """Return the line at the foot of a chart: where it comes from, and what it leaves out."""
    return ". ".join([f"Source: {corpus.name} {corpus.version}".rstrip(), *filter(None, more)]) + "."
