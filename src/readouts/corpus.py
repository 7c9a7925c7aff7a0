"""The corpus in memory: one pandas frame a table, typed as the schemas say."""

from __future__ import annotations

import io
from functools import cached_property
from typing import TYPE_CHECKING, Any

from readouts.comparison import Comparison, compare
from readouts.errors import UnknownIdError
from readouts.names import nearest_hint
from readouts.package.reading import Package, Row, open_package
from readouts.resources import bundled_package

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Corpus", "load"]


class Corpus:
    """A release of the corpus: one attribute a table, read when it is first asked for.

    Parameters
    ----------
    package
        The package on disk.

    Examples
    --------
    >>> corpus = load()
    >>> sorted(corpus.tables)[:3]
    ['accounts', 'alignments', 'articles']
    >>> corpus.events.loc[0, "kind"] in {"call", "meeting", "visit", "session", "decision", "letter", "statement"}
    True
    """

    def __init__(self, package: Package) -> None:
        self._package = package
        self._frames: dict[str, pd.DataFrame] = {}
        self._rows: dict[str, list[Row]] = {}

    @property
    def name(self) -> str:
        """Name of the corpus."""
        return self._package.name

    @property
    def version(self) -> str:
        """Version of the release."""
        return self._package.version

    @cached_property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables."""
        return tuple(self._package.resources)

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self.tables:
            message = f"The corpus has no table '{name}'. {nearest_hint(name, self.tables)}"
            raise AttributeError(message)
        return self.table(name)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.tables]

    def __repr__(self) -> str:
        counts = (f"{name} {self._package.resources[name].get('rowCount', '?')}" for name in self.tables)
        return f"<Corpus {self.name} {self.version}: {', '.join(counts)}>"

    def table(self, name: str) -> pd.DataFrame:
        """Return a table as a frame.

        Parameters
        ----------
        name
            Name of the table.

        Returns
        -------
        pandas.DataFrame
            Columns in the schema's order. Text is `str`; closed lists of values are categorical, with all their
            values; integers are `Int64`, booleans `boolean`, dates `datetime64[s]`, lists Python lists. Missing
            values are missing; a missing list is an empty one.

        Raises
        ------
        PackageError
            There is no such table, or its file is not the one the descriptor was written for.
        """
        if name not in self._frames:
            resource = self._package.resource(name)
            self._frames[name] = _frame(self._package.read_bytes(name), resource["schema"])
        return self._frames[name]

    def compare(self, event: str) -> Comparison:
        """Lay the accounts of one event side by side.

        Parameters
        ----------
        event
            Id of the event.

        Returns
        -------
        Comparison
            What both sides say, contest, and say alone, with the articles that carry each.

        Raises
        ------
        UnknownIdError
            There is no such event.

        Examples
        --------
        >>> load().compare("call-2014-03-28").sides[0].names
        ('Barack Obama',)
        """
        return compare(event, self._table_rows)

    def _table_rows(self, name: str) -> list[Row]:
        if name not in self._rows:
            self._rows[name] = self._package.rows(name)
        return self._rows[name]


def _frame(data: bytes, schema: dict[str, Any]) -> pd.DataFrame:
    import pandas as pd

    frame = pd.read_csv(io.BytesIO(data), dtype=str, keep_default_na=False, na_values=[""], encoding="utf-8")
    for field in schema["fields"]:
        name, kind = field["name"], field.get("type", "string")
        column = frame[name]
        if "enum" in field.get("constraints", {}):
            frame[name] = pd.Categorical(column, categories=field["constraints"]["enum"])
        elif kind == "integer":
            frame[name] = pd.to_numeric(column).astype("Int64")
        elif kind == "boolean":
            frame[name] = column.map({"true": True, "false": False}).astype("boolean")
        elif kind == "date":
            frame[name] = pd.to_datetime(column, format="%Y-%m-%d").astype("datetime64[s]")
        elif kind == "list":
            delimiter = field.get("delimiter", ",")
            frame[name] = [value.split(delimiter) if isinstance(value, str) else [] for value in column]
    return frame


def load(version: str | None = None) -> Corpus:
    """Load the release of the corpus that ships with this installation; nothing is downloaded.

    Parameters
    ----------
    version
        Version of the release; None takes the one that is here.

    Returns
    -------
    Corpus
        The corpus; its tables are read when they are asked for.

    Raises
    ------
    UnknownIdError
        Another version was asked for than the one that is here.

    Examples
    --------
    >>> len(load().statements) > 0
    True
    """
    package = open_package(bundled_package())
    if version is not None and version != package.version:
        message = f"This installation has version {package.version} of the corpus, not {version}."
        raise UnknownIdError(message)
    return Corpus(package)
