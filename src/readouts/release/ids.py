"""What a release may not do to ids: lose one without a word, use one again, or date what became of one wrongly."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from readouts.diff.lineage import CHANGES, has_ids, lineage_row, reused
from readouts.release.problem import Problem
from readouts.schema import tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from readouts.difference import Difference
    from readouts.package.reading import Package, Row

__all__ = ["UNRELEASED", "contradicted_problems", "ids_of", "lineage_problems", "reuse_problems", "vanished_problems"]

UNRELEASED = "unreleased"
FILE = "annotations/id_changes.csv"
_PLACEHOLDER = "WHY"
"""What `lineage_row` writes for the reason, which only a person knows."""
_FALSE = "that row was not believed"
_NUMBER = re.compile(r"change-([0-9]+)")


def ids_of(package: Package) -> dict[str, set[str]]:
    """Return the ids of a package by table.

    Examples
    --------
    >>> from readouts.package.reading import open_package
    >>> from readouts.resources import bundled_package
    >>> "call-2014-03-06" in ids_of(open_package(bundled_package()))["events"]
    True
    """
    found = {}
    for name, table in tables().items():
        if name in package.resources and not table.derived and has_ids(table):
            column = table.primary_key[0]
            found[name] = {row[column] or "" for row in package.rows(name)}
    return found


def _changes(package: Package) -> list[Row]:
    return package.rows(CHANGES) if CHANGES in package.resources else []


def vanished_problems(difference: Difference, package: Package) -> Iterator[Problem]:
    """Tell of the ids that the last release had, and that are gone without a row in `id_changes`."""
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


def contradicted_problems(difference: Difference) -> Iterator[Problem]:
    """Tell of the rows of `id_changes` that the tables contradict."""
    rows = tuple(note.removesuffix(": that row was not believed.") for note in difference.notes if _FALSE in note)
    if rows:
        yield Problem(
            f"{FILE} has {len(rows):,} rows that are not so: expected what became of each id.",
            "Correct what they say, or take them out.",
            rows,
        )


def reuse_problems(package: Package, earlier: Sequence[tuple[str, Package]]) -> Iterator[Problem]:
    """Tell of the ids that an earlier release had, that were gone since, and that are there again.

    Parameters
    ----------
    earlier
        The earlier releases with their versions, oldest first.
    """
    changes = [{name: value or "" for name, value in row.items()} for row in _changes(package)]
    held = [(version, ids_of(release)) for version, release in earlier]
    lines = []
    for entry in reused(ids_of(package), held, changes):
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


def lineage_problems(package: Package, last: Package | None) -> Iterator[Problem]:
    """Tell of the rows of `id_changes` whose version is not that of the release which brought them."""
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
