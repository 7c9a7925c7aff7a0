"""References between tables: columns whose values are all in the key of another table, or of their own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from readouts.datapackage.inference.inferred import Proposal
from readouts.datapackage.inference.keys import is_identifier, words
from readouts.datapackage.words import counted, joined, quoted, singular

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from readouts.datapackage.inference.columns import Column
    from readouts.datapackage.inference.inferred import Confidence

__all__ = ["Keyed", "references"]

_GENERIC = frozenset(["id", "key", "code", "name", "number", "nr", "no", "uid", "uuid"])
_ENDINGS = frozenset(["id", "ids", "key", "code", "ref", "fk", "uid", "uuid", "nr", "no"])
_SEPARATORS = ("|", ";", ",")
_OF_KEYS = frozenset(["string", "integer", "year", "date"])


@dataclass(frozen=True)
class Keyed:
    """A table with its columns and the keys proposed for it."""

    name: str
    columns: Mapping[str, Column]
    keys: Sequence[Proposal]

    @property
    def primary_key(self) -> tuple[str, ...]:
        """The columns of the primary key; none without one."""
        return next((key.fields for key in self.keys if key.kind == "primary key"), ())

    @property
    def targets(self) -> list[str]:
        """Columns that may be referred to: the primary key of one column, else those that look like identifiers."""
        unique = [key.fields[0] for key in self.keys if len(key.fields) == 1]
        return [name for name in unique if (name,) == self.primary_key or is_identifier(name)]

    @cached_property
    def subject(self) -> str:
        """What one row of it is, by its name."""
        return singular("_".join(words(self.name)))

    def owns(self, column: str) -> bool:
        """Return whether the name of a column is that of the table's own key: the `lake_id` of lakes."""
        return _stem(column) in {"", self.subject}


def _stem(column: str) -> str:
    """Return what an identifier is of, by its name."""
    parts = words(column)
    return "_".join(parts[:-1] if parts and parts[-1] in _ENDINGS else parts)


def _alike(column: str, target: str, table: Keyed) -> int:
    """Return how much the name of a column is that of a key of a table: 0 not at all, to 3."""
    parts, key = words(column), words(target)
    if parts == key and not {*key} <= _GENERIC:
        return 3
    own = [*table.subject.split("_"), *([] if parts[-1:] and parts[-1] not in _ENDINGS else parts[-1:])]
    if parts == own or (len(parts) > len(key) and parts[-len(key) :] == key and not {*key} <= _GENERIC):
        return 3
    if parts[-len(own) :] == own:
        return 2
    subject = {table.subject, _stem(target)} - {""}
    return 1 if any(set(each.split("_")) <= {*parts} for each in subject) else 0


def references(table: Keyed, tables: Sequence[Keyed]) -> list[Proposal]:
    """Propose the references of a table."""
    found = (_reference(table, column, tables) or _list(table, column, tables) for column in table.columns.values())
    return [*filter(None, found), *_composite(table, tables)]


def _reference(table: Keyed, column: Column, tables: Sequence[Keyed]) -> Proposal | None:
    """Return the reference of one column: of those that its values allow, the one that its name is most like."""
    if column.type not in _OF_KEYS:
        return None
    best: tuple[tuple[int, int, int], Keyed, str] | None = None
    for other in tables:
        for target in other.targets:
            if other is table and target == column.name:
                continue
            rank = _rank(table, column, other, target)
            if rank is not None and (best is None or rank > best[0]) and _within(column, other.columns[target]):
                best = rank, other, target
    if best is None:
        return None
    (alike, _, _), other, target = best
    of = f"{other.name}.{target}"
    if not len(column.cells):
        return Proposal("reference", (column.name,), f"no values; its name matches {of}", "low", other.name, (target,))
    count = len(column.distinct)
    reason = f"its only value is in {of}" if count == 1 else f"each of {count:,} different values is in {of}"
    if alike:
        reason += "; the names are alike" if alike < 3 else "; the name fits"
    sure: Confidence = "high" if alike >= 2 and count > 1 else "medium" if alike or count > 2 else "low"
    return Proposal("reference", (column.name,), reason, sure, other.name, (target,))


def _rank(table: Keyed, column: Column, other: Keyed, target: str) -> tuple[int, int, int] | None:
    """Return how likely a column refers to a key, its values apart; None if it doesn't."""
    key = other.columns[target]
    alike = _alike(column.name, target, other)
    if len(column.cells):
        if column.type != key.type:
            return None
        if not alike and (column.type != "string" or not _telling(column, key)):
            return None
    elif alike < 3:
        return None
    primary, owned = (target,) == other.primary_key, other.owns(target)
    if not primary and alike < 2:
        return None
    if (column.name,) == table.primary_key and (other is table or not _repeats(table, column, owned, key)):
        return None
    return alike, owned + primary, -len(other.columns)


def _repeats(table: Keyed, column: Column, owned: bool, key: Column) -> bool:
    """Return whether a key is that of another table too: of the one that is named after it, or has more rows."""
    return not table.owns(column.name) and (owned or len(column.cells) < len(key.cells))


def _telling(column: Column, key: Column) -> bool:
    """Return whether two keys don't share such values by chance: texts of some length, and not the same few words."""
    longest = max(map(len, column.first), default=0)
    return longest >= 4 and (is_identifier(column.name) or len(column.first) > 2 or len(key.first) > 20)


def _within(column: Column, key: Column) -> bool:
    """Return whether all values of a column are in a key."""
    if not len(column.cells):
        return True
    if len(column.cells) > len(column.first) > 0 and not pl.Series([*column.first]).is_in(key.distinct.implode()).all():
        return False
    return bool(column.distinct.is_in(key.distinct.implode()).all())


def _list(table: Keyed, column: Column, tables: Sequence[Keyed]) -> Proposal | None:
    """Return a reference of each item of a column of lists."""
    if column.type != "string" or (column.name,) == table.primary_key:
        return None
    for separator in _SEPARATORS:
        if not any(separator in text for text in column.first):
            continue
        some = {item for text in column.first for item in text.split(separator)}
        for other in tables:
            for target in other.targets:
                key = other.columns[target]
                if key.type != "string" or not pl.Series([*some]).is_in(key.distinct.implode()).all():
                    continue
                items = column.distinct.str.split(separator).explode().unique()
                if items.is_in(key.distinct.implode()).all():
                    reason = (
                        f"each of {counted(len(items), 'item')} between {quoted(separator)} is in "
                        f"{other.name}.{target}; a foreign key can't say so"
                    )
                    return Proposal(
                        "list of references", (column.name,), reason, "medium", other.name, (target,), adopted=False
                    )
    return None


def _composite(table: Keyed, tables: Sequence[Keyed]) -> list[Proposal]:
    """Return references to keys of several columns, by columns of the same names."""
    found = []
    for other in tables:
        key = other.primary_key
        if other is table or len(key) < 2 or not all(name in table.columns for name in key):
            continue
        if table.primary_key == key and table.subject > other.subject and not table.owns(key[0]):
            continue
        columns, targets = [table.columns[name] for name in key], [other.columns[name] for name in key]
        if any(one.described.empty for one in columns) or any(
            not len(one.cells) or one.type != two.type for one, two in zip(columns, targets, strict=True)
        ):
            continue
        rows = pl.DataFrame({one.name: one.cells for one in columns}).unique()
        held = pl.DataFrame({one.name: one.cells for one in targets})
        if rows.join(held, on=list(key), how="anti").is_empty():
            reason = f"{joined([*map(quoted, key)])} together are the key of {other.name}, and in it in every row"
            found.append(Proposal("reference", key, reason, "medium", other.name, key))
    return found
