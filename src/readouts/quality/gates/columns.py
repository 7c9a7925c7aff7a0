"""The columns that gates measure: taken from a release's tables, or derived from several of them.

A derived column that stands for a share has a value where the row counts, and none where it doesn't.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from readouts.analysis.sides import side_of
from readouts.datapackage.errors import PackageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

    from readouts.datapackage.package.package import DataPackage
    from readouts.quality.gates.plan import Measure

__all__ = ["Release", "needs"]

_EMPTY = "(none)"
"""Stands for an empty cell in a distribution."""


@dataclass(frozen=True)
class Release:
    """One of the two releases: its tables as pandas frames of strings, read once and in the columns that are needed."""

    package: DataPackage
    _frames: dict[str, pd.DataFrame] = field(default_factory=dict, compare=False, repr=False)
    _columns: dict[str, pd.Series[str]] = field(default_factory=dict, compare=False, repr=False)

    def lacks(self, need: str) -> str | None:
        """Return what is missing of a column, given as `table.column`: its table, the column, or nothing."""
        table, _, column = need.partition(".")
        if table not in self.package.resources:
            return f"no table '{table}'"
        return f"no column '{column}' in '{table}'" if column and column not in self.frame(table).columns else None

    def frame(self, table: str) -> pd.DataFrame:
        """Return a table: its key and the columns that measures need, as strings.

        Raises
        ------
        PackageError
            The file can't be read as a table.
        """
        if table not in self._frames:
            self._frames[table] = _read(self.package, table, {*_COLUMNS.get(table, ()), *self.key(table)})
        return self._frames[table]

    def key(self, table: str) -> list[str]:
        """Return the primary key of a table; empty where its schema has none."""
        schema = self.package.resource(table).descriptor.get("schema")
        key = schema.get("primaryKey", []) if isinstance(schema, dict) else []
        return [key] if isinstance(key, str) else [str(name) for name in key]

    def keys(self, table: str) -> set[tuple[str, ...]] | None:
        """Return the primary keys of a table's rows, or nothing where it has no key."""
        frame, names = self.frame(table), self.key(table)
        if not names or not set(names) <= set(frame.columns):
            return None
        return set(zip(*(frame[name].fillna("") for name in names), strict=True))

    def column(self, measure: Measure) -> pd.Series[str]:
        """Return the column of a measure: one value per row, missing where the row doesn't count."""
        if measure.column is None:
            message = f"The gate '{measure.name}' counts rows: it has no column."
            raise TypeError(message)
        if measure.name not in self._columns:
            derived = _DERIVED.get((measure.table, measure.column))
            taken = self.frame(measure.table)
            cells = taken[measure.column] if derived is None else derived.cells(self, measure.settings)
            self._columns[measure.name] = cells.fillna(_EMPTY) if measure.kind == "distribution" else cells
        return self._columns[measure.name]


@dataclass(frozen=True)
class _Derived:
    """A column that no table has: the columns it is derived from, as `table.column`, and how."""

    needs: tuple[str, ...]
    cells: Callable[[Release, Mapping[str, Any]], pd.Series[str]]


def needs(measure: Measure) -> tuple[str, ...]:
    """Return what a measure looks at, as `table` or `table.column`.

    Examples
    --------
    >>> from readouts.quality.gates.plan import measures
    >>> [needs(measure) for measure in measures() if measure.table == "entities"]
    [('entities',), ('entities.wikidata_id', 'entities.wikidata_status')]
    """
    if measure.column is None:
        return (measure.table,)
    derived = _DERIVED.get((measure.table, measure.column))
    return (f"{measure.table}.{measure.column}",) if derived is None else derived.needs


def _read(package: DataPackage, table: str, wanted: set[str]) -> pd.DataFrame:
    import pandas as pd

    data = package.read_bytes(table)
    problem: object = "it is empty"
    try:
        header = pd.read_csv(io.BytesIO(data), nrows=0, dtype=str).columns
        # A table of which nothing is needed is still counted, by its first column.
        columns = [name for name in header if name in wanted] or list(header[:1])
        frame = pd.read_csv(io.BytesIO(data), usecols=columns, dtype=str, keep_default_na=False, na_values=[""])
    except (ValueError, pd.errors.ParserError) as error:
        problem = error
    else:
        return frame[columns]
    message = (
        f"The table '{table}' of {package.root} can't be read as UTF-8 CSV: {problem}. "
        "Run `readouts validate` on that package first."
    )
    raise PackageError(message)


def _sides(release: Release, _: Mapping[str, Any]) -> pd.Series[str]:
    import pandas as pd

    accounts = dict(_pairs(release, "accounts", "account_id", "side"))
    participants = release.frame("participants")
    sides = {
        (event, entity): side
        for event, entity, side in zip(
            *(_texts(participants, name) for name in ("event_id", "entity_id", "side")), strict=True
        )
    }
    steps: dict[str, list[dict[str, str | None]]] = {}
    outermost = release.frame("attributions")
    outermost = outermost[outermost["depth"] == "0"]
    for statement, account in zip(_texts(outermost, "statement_id"), _missing(outermost, "account_id"), strict=True):
        steps.setdefault(statement, []).append({"depth": "0", "account_id": account})
    statements = release.frame("statements")
    found = [
        side_of({"event_id": event, "speaker_id": speaker}, steps.get(name, ()), accounts, sides)
        for name, event, speaker in zip(
            _texts(statements, "statement_id"),
            _missing(statements, "event_id"),
            _missing(statements, "speaker_id"),
            strict=True,
        )
    ]
    return pd.Series(found, index=statements.index, dtype=str)


def _lengths(release: Release, settings: Mapping[str, Any]) -> pd.Series[str]:
    import pandas as pd

    statements = release.frame("statements")
    start, end = (pd.to_numeric(statements[name], errors="coerce") for name in ("start", "end"))
    edges = [int(edge) for edge in settings["edges"]]
    labels = [
        f"under {edges[0]}",
        *(f"{low} to {high - 1}" for low, high in pairwise(edges)),
        f"{edges[-1]} and more",
    ]
    bins = [float("-inf"), *edges, float("inf")]
    return pd.cut(end - start, bins=bins, right=False, labels=labels).astype(object)


def _read_by_person(release: Release, _: Mapping[str, Any]) -> pd.Series[str]:
    review = release.frame("statements")["review"]
    return review.where(review != "machine")


def _verified(release: Release, _: Mapping[str, Any]) -> pd.Series[str]:
    entities = release.frame("entities")
    return entities["wikidata_id"].where(entities["wikidata_status"] == "verified")


_OWNERS = {
    "article_id": "articles",
    "statement_id": "statements",
    "relation_id": "relations",
    "account_id": "accounts",
    "entity_id": "entities",
}
"""What a span can belong to: its column in `spans`, and the table with the rows."""


def _orphaned(release: Release, _: Mapping[str, Any]) -> pd.Series[str]:
    import pandas as pd

    spans = release.frame("spans")
    orphaned = pd.Series(False, index=spans.index)
    for column, table in _OWNERS.items():
        known = set(release.frame(table)[column]) if table in release.package.resources else set[str]()
        orphaned |= spans[column].notna() & ~spans[column].isin(known)
    return spans["article_id"].where(orphaned)


def _lost(release: Release, _: Mapping[str, Any]) -> pd.Series[str]:
    found = release.frame("spans")["found"]
    return found.where(found == "orphan")


_DERIVED = {
    ("statements", "side"): _Derived(
        (
            "statements.statement_id",
            "statements.event_id",
            "statements.speaker_id",
            "attributions.statement_id",
            "attributions.depth",
            "attributions.account_id",
            "accounts.account_id",
            "accounts.side",
            "participants.event_id",
            "participants.entity_id",
            "participants.side",
        ),
        _sides,
    ),
    ("statements", "length"): _Derived(("statements.start", "statements.end"), _lengths),
    ("statements", "read_by_person"): _Derived(("statements.review",), _read_by_person),
    ("entities", "verified"): _Derived(("entities.wikidata_id", "entities.wikidata_status"), _verified),
    ("spans", "orphaned"): _Derived(tuple(f"spans.{column}" for column in _OWNERS), _orphaned),
    ("spans", "lost"): _Derived(("spans.found",), _lost),
}
_TAKEN = (
    "statements.speaker_id", "statements.form", "statements.topic", "claims.group",
    *(f"{table}.{column}" for column, table in _OWNERS.items()),
)  # fmt: skip
_COLUMNS: dict[str, set[str]] = {}
for _need in (*_TAKEN, *(need for derived in _DERIVED.values() for need in derived.needs)):
    _COLUMNS.setdefault(_need.partition(".")[0], set()).add(_need.partition(".")[2])


def _texts(frame: pd.DataFrame, name: str) -> list[str]:
    texts: list[str] = frame[name].fillna("").tolist()
    return texts


def _missing(frame: pd.DataFrame, name: str) -> list[str | None]:
    return [cell or None for cell in _texts(frame, name)]


def _pairs(release: Release, table: str, key: str, value: str) -> zip[tuple[str, str]]:
    frame = release.frame(table)
    return zip(_texts(frame, key), _texts(frame, value), strict=True)
