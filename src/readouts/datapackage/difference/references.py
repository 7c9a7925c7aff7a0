"""What changes did to references: which point to nothing now, which elsewhere, and whose target has changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from readouts.datapackage.difference.result import ReferenceChange

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from readouts.datapackage.schema.model import ForeignKey, Table

__all__ = ["Linked", "reference_changes"]

_ROW, _OLD, _NEW = "row {}", "old {}", "new {}"

Sample = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True)
class Linked:
    """One table on both sides, as far as references go.

    Attributes
    ----------
    table
        Its schema in the new package.
    read_old, read_new
        Give its rows on either side, every cell as its file has it; they are asked only where a reference needs them.
    changed
        Primary keys of the rows that have another cell than before, in the new package's columns.
    renamed
        New keys by old ones.
    touched
        Whether any row of it has changed, come or gone.
    old_key
        Its primary key in the old package.
    """

    table: Table
    read_old: Callable[[], pl.DataFrame]
    read_new: Callable[[], pl.DataFrame]
    changed: pl.DataFrame | None = None
    renamed: Mapping[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)
    touched: bool = True
    old_key: tuple[str, ...] = ()

    @cached_property
    def old(self) -> pl.DataFrame:
        """The rows of the old package."""
        return self.read_old()

    @cached_property
    def new(self) -> pl.DataFrame:
        """The rows of the new package."""
        return self.read_new()


def _names(pattern: str, count: int) -> list[str]:
    return [pattern.format(place) for place in range(count)]


def _pointing(linked: Linked, frame: pl.DataFrame, key: ForeignKey, pattern: str) -> pl.LazyFrame | None:
    """Return key and reference of each row that refers to something."""
    primary = _told_by(linked, key)
    if not all(name in frame.columns for name in (*primary, *key.fields)):
        return None
    columns = [pl.col(name).alias(_ROW.format(place)) for place, name in enumerate(primary)]
    columns += [pl.col(name).alias(pattern.format(place)) for place, name in enumerate(key.fields)]
    there = [~pl.col(name).is_in(list(linked.table.missing(name))) for name in key.fields]
    found = frame.lazy().filter(pl.all_horizontal(there)).select(columns)
    return found if linked.table.primary_key else found.unique()


def _told_by(linked: Linked, key: ForeignKey) -> tuple[str, ...]:
    """Return the columns that tell rows apart: the primary key, or, without one, the reference itself."""
    return linked.table.primary_key or key.fields


def _targets(frame: pl.DataFrame, key: ForeignKey, pattern: str) -> pl.LazyFrame | None:
    if not all(name in frame.columns for name in key.target_fields):
        return None
    columns = [pl.col(name).alias(pattern.format(place)) for place, name in enumerate(key.target_fields)]
    return frame.lazy().select(columns).unique()


def _moved(
    frame: pl.LazyFrame, names: Sequence[str], renamed: Mapping[tuple[str, ...], tuple[str, ...]]
) -> pl.LazyFrame:
    """Return a frame in which old keys have become the new ones."""
    if not renamed:
        return frame
    schema = dict.fromkeys([f"from {name}" for name in names] + [f"to {name}" for name in names], pl.String)
    pairs = pl.LazyFrame([(*old, *new) for old, new in sorted(renamed.items())], schema=schema, orient="row")
    joined = frame.join(pairs, left_on=list(names), right_on=[f"from {name}" for name in names], how="left")
    moved = joined.with_columns(pl.coalesce(f"to {name}", name).alias(name) for name in names)
    return moved.drop([f"to {name}" for name in names])


def reference_changes(tables: Mapping[str, Linked], limit: int | None) -> Iterator[ReferenceChange]:
    """Yield what became of the references of all tables, by foreign key of the new package.

    Parameters
    ----------
    tables
        Every table that is on both sides, by name.
    limit
        How many samples each has at most; None for all.
    """
    for name, linked in tables.items():
        for key in linked.table.foreign_keys:
            target = tables.get(key.table)
            if target is not None and (linked.touched or target.touched):
                yield from _of_key(name, linked, key, target, limit)


def _of_key(name: str, linked: Linked, key: ForeignKey, target: Linked, limit: int | None) -> Iterator[ReferenceChange]:
    row, old, new = (
        _names(_ROW, len(_told_by(linked, key))),
        _names(_OLD, len(key.fields)),
        _names(_NEW, len(key.fields)),
    )
    before, after = _pointing(linked, linked.old, key, _OLD), _pointing(linked, linked.new, key, _NEW)
    were, are = _targets(target.old, key, _OLD), _targets(target.new, key, _NEW)
    if before is None or after is None or were is None or are is None:
        return
    before = _moved(before, row, linked.renamed if linked.table.primary_key else {})

    lost = after.join(are, on=new, how="anti")
    were_lost = before.join(were, on=old, how="anti").rename(dict(zip(old, new, strict=True)))
    fresh = lost.join(were_lost, on=[*row, *new], how="anti")
    both = before.join(after, on=row, how="inner")
    both = _moved(both, old, target.renamed if key.target_fields == target.table.primary_key else {})
    differs = pl.any_horizontal(pl.col(was) != pl.col(now) for was, now in zip(old, new, strict=True))
    changes = {
        "dangling": fresh.join(before, on=row, how="left"),
        "repointed": both.filter(differs).join(are, on=new, how="semi"),
    }
    if target.changed is not None:
        changed = target.changed
        if not set(key.target_fields) <= set(changed.columns):
            # The reference names its target by other columns than the rows were paired by.
            changed = target.new.join(changed, on=changed.columns, how="semi")
        parents = _targets(changed, key, _NEW)
        if parents is not None:
            changes["parent-changed"] = both.filter(~differs).join(parents, on=new, how="semi")
    columns = [*row, *old, *new]
    # Of queries that are collected together, what they share is computed once.
    queries = [frame.select(columns).sort(columns) for frame in changes.values()]
    frames = pl.collect_all(queries, engine="in-memory")
    for kind, found in zip(changes, frames, strict=True):
        if found.height:
            shown = found if limit is None else found.head(limit)
            samples = tuple(_sample(cells, len(row), len(old)) for cells in shown.iter_rows())
            yield ReferenceChange(name, key.fields, key.table, kind, found.height, samples)


def _sample(cells: tuple[str | None, ...], row: int, reference: int) -> Sample:
    texts = tuple(cell or "" for cell in cells)
    return texts[:row], texts[row : row + reference], texts[row + reference :]
