"""What a release may not do to ids: lose one silently, use one again, or date what became of one wrongly."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from readouts.corpus_schema.tables import tables
from readouts.datapackage.difference.lineage import (
    CHANGES,
    contradictions,
    declared_lineage,
    has_ids,
    lineage_row,
    reused_ids,
)
from readouts.publish.release.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from readouts.datapackage.difference.result import Lineage, PackageDiffData
    from readouts.datapackage.package.package import DataPackage, Row
    from readouts.datapackage.schema.model import Table

__all__ = ["UNRELEASED", "contradicted_problems", "ids_of", "lineage_problems", "reuse_problems", "vanished_problems"]

UNRELEASED = "unreleased"
FILE = "annotations/id_changes.csv"
_PLACEHOLDER = "WHY"
"""What `lineage_row` writes for the reason, which only a person knows."""
_INTO = {"renamed": "to", "merged": "into", "split": "into"}
_NUMBER = re.compile(r"change-([0-9]+)")


def ids_of(package: DataPackage) -> dict[str, set[str]]:
    """Return the ids of a package by table.

    Examples
    --------
    >>> from readouts.datapackage.package.package import open_package
    >>> from readouts.corpus_schema.bundled import bundled_package
    >>> "call-2014-03-06" in ids_of(open_package(bundled_package()))["events"]
    True
    """
    found = {}
    for name, table in tables().items():
        if name in package.resources and not table.derived and has_ids(table):
            column = table.primary_key[0]
            found[name] = {row[column] or "" for row in package.rows(name)}
    return found


def _changes(package: DataPackage) -> list[Row]:
    return package.rows(CHANGES) if CHANGES in package.resources else []


def vanished_problems(difference: PackageDiffData, package: DataPackage) -> Iterator[Problem]:
    """Report the ids that the last release had, and that are gone without a row in `id_changes`."""
    numbers = [
        int(found[1]) for row in _changes(package) if (found := _NUMBER.fullmatch(row["change_id"] or "")) is not None
    ]
    alike = {(entry.table, entry.old): entry.new for entry in difference.suggestions if entry.what == "row"}
    gone = [(table, key) for table, keys in sorted(difference.vanished.items()) for key in keys]
    if not gone:
        return
    rows = tuple(
        lineage_row(number, table, key, alike.get((table, key)))
        for number, (table, key) in enumerate(gone, max(numbers, default=0) + 1)
    )
    guessed = sum((table, key) in alike for table, key in gone)
    hint = f" {guessed:,} of them look renamed: another row has their content." if guessed else ""
    ids = "1 id that it had is" if len(gone) == 1 else f"{len(gone):,} ids that it had are"
    yield Problem(
        f"An id never disappears without a row in {FILE}: expected one for each id of {difference.old.version}, but "
        f"{ids} gone.{hint}",
        f"Bring the ids back, or add these rows to {FILE}, correct what became of each id, and write the reason in "
        "place of WHY:",
        rows,
    )


def _contradicted(package: DataPackage, last: DataPackage | None) -> dict[Lineage, str]:
    """Return the rows of `id_changes` that the tables contradict, each with what is wrong."""
    if last is None:
        return {}
    known = {name: table for name, table in tables().items() if table.primary_key}
    told = declared_lineage(_plain_changes(package), _plain_changes(last), known)
    named = {entry.table for entry in told} & known.keys()
    return contradictions(told, *({name: _keys(side, known[name]) for name in named} for side in (last, package)))


def _plain_changes(package: DataPackage) -> list[dict[str, str]]:
    return [{name: value or "" for name, value in row.items()} for row in _changes(package)]


def _keys(package: DataPackage, table: Table) -> set[tuple[str, ...]]:
    if table.name not in package.resources:
        return set()
    return {tuple(row[name] or "" for name in table.primary_key) for row in package.rows(table.name)}


def contradicted_problems(package: DataPackage, last: DataPackage) -> Iterator[Problem]:
    """Report the rows of `id_changes` that the tables contradict, and what to change about each."""
    found = _contradicted(package, last)
    if not found:
        return
    numbers = {
        (row["table"], row["operation"], row["old_id"], row["new_id"]): row["change_id"]
        for row in _plain_changes(package)
    }
    lines = []
    for entry, why in found.items():
        old, new = "/".join(entry.old), "/".join(entry.new)
        into = f" {_INTO[entry.operation]} '{new}'" if new else ""
        number = numbers[entry.table, entry.operation, old, new]
        lines.append(f"{number}: {entry.table} '{old}' {entry.operation}{into}, but {why}")
    rows = "1 row that is wrong" if len(lines) == 1 else f"{len(lines):,} rows that are wrong"
    yield Problem(
        f"{FILE} has {rows}: expected what became of an id that {last.version} had and that no longer exists.",
        "If an id is to go, remove it from the annotations, and let what refers to it refer to the one that took its "
        f"place; if it stays, remove its row from {FILE}. An id that is not there is misspelt, or its row is missing:",
        tuple(lines),
    )


def reuse_problems(package: DataPackage, earlier: Sequence[tuple[str, DataPackage]]) -> Iterator[Problem]:
    """Report the ids that an earlier release had, that were gone since, and that are there again.

    Parameters
    ----------
    earlier
        The earlier releases with their versions, oldest first.
    """
    changes = _plain_changes(package)
    told = {(entry.table, entry.old) for entry in _contradicted(package, earlier[-1][1] if earlier else None)}
    held = [(version, ids_of(release)) for version, release in earlier]
    lines = []
    for entry in reused_ids(ids_of(package), held, changes):
        if (entry.table, (entry.id,)) in told:
            # It never went: the row that says so is wrong.
            continue
        dated = entry.release != UNRELEASED and any(entry.release == version for version, _ in earlier)
        place = f"release {entry.release} had it" if dated else f"{CHANGES} says that it is gone"
        lines.append(f"{entry.table}: {entry.id}: {place}")
    if lines:
        yield Problem(
            "An id of the past is never used again: expected new ids for what is new, found "
            f"{len(lines):,} that had another meaning.",
            "Give each row an id that no release had. Where it is the same thing come back, release it under a new id "
            f"too, and take a row out of {FILE} only if it is wrong and was never released.",
            tuple(lines),
        )


def lineage_problems(package: DataPackage, last: DataPackage | None) -> Iterator[Problem]:
    """Report the rows of `id_changes` whose version is not that of the release which brought them."""
    before = {row["change_id"]: row["version"] for row in (_changes(last) if last else [])}
    open_, wrong, bare = [], [], []
    for row in _changes(package):
        change, found = row["change_id"], row["version"]
        expected = before.get(change, package.version if last else found)
        if found == UNRELEASED:
            open_.append(f"{change}: {row['table']} {row['old_id']}")
        elif found != expected:
            wrong.append(f"{change}: expected {expected}, found {found}")
        if row["reason"] == _PLACEHOLDER:
            bare.append(f"{change}: {row['table']} {row['old_id']}")
    if open_:
        yield Problem(
            f"{FILE} has rows of no release: expected {package.version}, found '{UNRELEASED}' in {len(open_):,}.",
            "Run `readouts release --prepare`, which fills in the version, and commit what it wrote.",
            tuple(open_),
        )
    if wrong:
        yield Problem(
            f"{FILE} has rows with the version of another release: each has that of the release which brought it.",
            f"Write the expected version into {FILE}, then run `readouts rebuild` and commit.",
            tuple(wrong),
        )
    if bare:
        yield Problem(
            f"{FILE} has rows without a reason: expected why each id changed, found '{_PLACEHOLDER}' in {len(bare):,}.",
            f"Write the reason into {FILE}, then run `readouts rebuild` and commit.",
            tuple(bare),
        )
