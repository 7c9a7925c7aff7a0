"""Changes of given ids: a comparison, narrowed to the rows whose keys have them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from readouts.datapackage.difference.result import Asked, ReferenceChange
from readouts.datapackage.difference.row_pairing import NEW, OLD, RowPairing
from readouts.datapackage.errors import PackageError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from readouts.datapackage.difference.references import Linked
    from readouts.datapackage.difference.result import Lineage

__all__ = ["asked", "asks_for", "narrowed", "narrowed_references", "read_ids", "with_successors"]


def read_ids(path: Path) -> list[str]:
    """Read ids from a file: one a line, or the first column of a CSV file whose header names an id.

    Raises
    ------
    PackageError
        The file can't be read as UTF-8, or holds no id.
    """
    import csv

    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = [row[0].strip() for row in csv.reader(stream, strict=True) if row and row[0].strip()]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        message = f"{path} can't be read as a list of ids: {error}. Expected UTF-8, one id per line."
        raise PackageError(message) from error
    if rows and (rows[0] == "id" or rows[0].endswith("_id")):
        rows = rows[1:]
    if not rows:
        message = f"{path} holds no id: expected one per line."
        raise PackageError(message)
    return list(dict.fromkeys(rows))


def with_successors(ids: Iterable[str], lineage: Iterable[Lineage]) -> frozenset[str]:
    """Return ids and those that took their place."""
    wanted = set(ids)
    entries = list(lineage)
    while True:
        more = {"/".join(entry.new) for entry in entries if entry.new and "/".join(entry.old) in wanted} - wanted
        if not more:
            return frozenset(wanted)
        wanted |= more


def asks_for(wanted: Collection[str], key: Sequence[str]) -> bool:
    """Return whether some ids name a key: one of its parts, or all of them joined as every output joins them.

    Examples
    --------
    >>> asks_for({"como/2031"}, ("como", "2031")), asks_for({"como"}, ("como", "2031")), asks_for({"como"}, ("garda",))
    (True, True, False)
    """
    return "/".join(key) in wanted or any(part in wanted for part in key)


def narrowed(pairing: RowPairing, wanted: Collection[str]) -> RowPairing:
    """Return what a pairing says about the rows whose key has one of some ids; of a multiset nothing."""
    values = pl.Series(sorted(wanted), dtype=pl.String)

    def kept(frame: pl.DataFrame, *keys: Iterable[str]) -> pl.DataFrame:
        columns = []
        for key in keys:
            names = [name for name in key if name in frame.columns]
            # As `asks_for` has it, at column speed.
            columns += [pl.col(name) for name in names] + ([pl.concat_str(names, separator="/")] if names else [])
        if not columns:
            return frame.clear()
        return frame.filter(pl.any_horizontal(column.is_in(values.implode()) for column in columns))

    cells = kept(pairing.cells, pairing.key)
    return replace(
        pairing,
        added=kept(pairing.added, pairing.key),
        removed=kept(pairing.removed, pairing.key),
        cells=cells,
        rows_changed=cells.select(pairing.key).unique().height if pairing.key else 0,
        renamed=kept(pairing.renamed, *([side + name for name in pairing.key] for side in (OLD, NEW))),
    )


def narrowed_references(changes: Iterable[ReferenceChange], wanted: Collection[str]) -> Iterator[ReferenceChange]:
    """Yield the changes of references from or to some ids; needs all samples."""
    for change in changes:
        samples = tuple(sample for sample in change.samples if any(asks_for(wanted, key) for key in sample if key))
        if samples:
            yield replace(change, samples=samples, count=len(samples))


def asked(
    ids: Iterable[str], linked: Mapping[str, Linked], pairings: Mapping[str, RowPairing], lineage: Collection[Lineage]
) -> tuple[Asked, ...]:
    """Say what became of ids.

    Returns
    -------
    tuple
        One answer for each id and each table that has it as a key of one column; one for an id that none has.
    """
    wanted = list(dict.fromkeys(ids))
    values = pl.Series(wanted, dtype=pl.String).implode()
    found: dict[str, list[Asked]] = {identifier: [] for identifier in wanted}
    for name, tables in linked.items():
        if name not in pairings:
            continue
        old, new, touched = _known(tables, pairings[name], values)
        told = {"/".join(entry.old): entry for entry in lineage if entry.table == name}
        for identifier in wanted:
            if identifier in told:
                entries = [entry for entry in lineage if entry.table == name and "/".join(entry.old) == identifier]
                successors = tuple(_now("/".join(entry.new), told) for entry in entries if entry.new)
                found[identifier].append(Asked(identifier, name, entries[0].operation, successors))
            elif identifier in old or identifier in new:
                status = "changed" if identifier in touched else "unchanged"
                if identifier not in old or identifier not in new:
                    status = "added" if identifier in new else "removed"
                found[identifier].append(Asked(identifier, name, status))
    return tuple(
        answer for identifier, answers in found.items() for answer in (answers or [Asked(identifier, "", "unknown")])
    )


def _known(linked: Linked, pairing: RowPairing, wanted: pl.Series) -> tuple[set[str], set[str], set[str]]:
    """Return which ids the old rows have, the new ones, and those that changed, by the keys of both sides."""
    old: set[str] = set()
    new: set[str] = set()
    touched: set[str] = set()
    for key in filter(None, dict.fromkeys([linked.table.primary_key, linked.old_key])):
        names = list(key)
        old |= _joined(linked.old, names, wanted)
        new |= _joined(linked.new, names, wanted)
        changed = pairing.cells
        if pairing.key and key != pairing.key:
            # The rows were told apart by another key, which has to be looked up.
            changed = linked.new.join(changed, on=list(pairing.key), how="semi")
        touched |= _joined(changed, names, wanted)
    return old, new, touched


def _joined(frame: pl.DataFrame, key: list[str], wanted: pl.Expr | pl.Series) -> set[str]:
    """Return the keys of a frame that are among some, their parts joined."""
    if not set(key) <= set(frame.columns):
        return set()
    keys = frame.select(pl.concat_str(key, separator="/").alias("key"))
    return set(keys.filter(pl.col("key").is_in(wanted))["key"])


def _now(identifier: str, told: Mapping[str, Lineage]) -> str:
    """Return what an id is called now, where it was renamed more than once."""
    passed = {identifier}
    while identifier in told and told[identifier].operation == "renamed":
        identifier = "/".join(told[identifier].new)
        if identifier in passed:
            break
        passed.add(identifier)
    return identifier
