"""The smallest version that a difference allows, and why."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from readouts.datapackage.versioning import Bump, Level, Reason, version_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from readouts.datapackage.difference.result import Change, Lineage, ReferenceChange, TableDiff

__all__ = ["bump", "raised"]

_SAMPLES = 5


def raised(version: str, level: Level) -> str:
    """Return a version raised by a level; empty if it is not a version of three numbers, or the level is unknown.

    Examples
    --------
    >>> raised("1.4.2", Level.MINOR), raised("1.4.2", Level.MAJOR), raised("1.4.2", Level.NONE)
    ('1.5.0', '2.0.0', '1.4.2')
    """
    found = version_of(version)
    if found is None:
        return ""
    major, minor, patch = found
    return {
        Level.NONE: version,
        Level.PATCH: f"{major}.{minor}.{patch + 1}",
        Level.MINOR: f"{major}.{minor + 1}.0",
        Level.MAJOR: f"{major + 1}.0.0",
        Level.UNKNOWN: "",
    }[level]


def bump(  # noqa: PLR0917 - each is a part of a difference
    versions: tuple[str, str],
    changes: Iterable[Change],
    tables: Iterable[TableDiff],
    lineage: Iterable[Lineage],
    vanished: Mapping[str, Sequence[tuple[str, ...]]],
    references: Iterable[ReferenceChange],
    counts: Mapping[str, int] | None = None,
) -> Bump:
    """Compute the smallest version that a difference allows.

    Parameters
    ----------
    versions
        The old and the new package's.
    changes, tables, lineage, vanished, references
        The parts of a `PackageDiffData`.
    counts
        How many ids of each table are gone silently, where `vanished` has only some of them.
    """
    found = [
        *_of_changes(changes),
        *_of_ids(lineage, vanished, counts or {}),
        *_of_tables(tables),
        *_of_references(references),
    ]
    reasons = sorted(found, key=lambda reason: (-reason.level, reason.table or "", reason.rule, reason.field or ""))
    level = max((reason.level for reason in reasons), default=Level.NONE)
    smallest = raised(versions[0], level)
    wanted, given = version_of(smallest), version_of(versions[1])
    enough = None if wanted is None or given is None else given >= wanted
    return Bump(level, tuple(reasons), smallest, enough)


def _of_changes(changes: Iterable[Change]) -> Iterator[Reason]:
    grouped: dict[tuple[str, str | None], list[Change]] = defaultdict(list)
    for change in changes:
        grouped[change.rule, change.table].append(change)
    for (rule, table), group in grouped.items():
        fields = list(dict.fromkeys(change.field for change in group))
        samples = tuple(dict.fromkeys(_named(change) for change in group))[:_SAMPLES]
        yield Reason(rule, len(group), table, fields[0] if len(fields) == 1 else None, samples)


def _named(change: Change) -> str:
    if change.rule.startswith("enum-value"):
        return f"{change.field}: {change.old if change.new is None else change.new}"
    return ".".join(part for part in (change.field, change.what) if part)


def _of_ids(
    lineage: Iterable[Lineage], vanished: Mapping[str, Sequence[tuple[str, ...]]], counts: Mapping[str, int]
) -> Iterator[Reason]:
    grouped: dict[tuple[str, str], list[tuple[str, ...]]] = defaultdict(list)
    for entry in lineage:
        ids = grouped[entry.operation, entry.table]
        if entry.old not in ids:
            ids.append(entry.old)
    for table, keys in vanished.items():
        grouped["removed", table] += keys
    for table, count in counts.items():
        if count > 0:
            _ = grouped["removed", table]
    for (operation, table), keys in grouped.items():
        unseen = counts.get(table, 0) - len(vanished.get(table, ())) if operation == "removed" else 0
        samples = tuple("/".join(key) for key in keys[:_SAMPLES])
        yield Reason(f"id-{operation}", len(keys) + max(unseen, 0), table, None, samples)


def _of_tables(tables: Iterable[TableDiff]) -> Iterator[Reason]:
    for table in tables:
        if table.status != "changed" or table.derived:
            continue
        if table.rows_added:
            yield Reason("row-added", table.rows_added, table.name, None, _keys(table.added))
        if table.rows_removed and not table.has_ids:
            yield Reason("row-removed", table.rows_removed, table.name, None, _keys(table.removed))
        for kind, count in table.kinds.items():
            if count:
                yield Reason(f"cell-{kind}", count, table.name)


def _keys(rows: Iterable[object]) -> tuple[str, ...]:
    return tuple("/".join(getattr(row, "key", ())) for row in rows)[:_SAMPLES]


def _of_references(references: Iterable[ReferenceChange]) -> Iterator[Reason]:
    for change in references:
        if change.kind == "dangling":
            samples = tuple("/".join(sample[0]) for sample in change.samples[:_SAMPLES])
            field = change.fields[0] if len(change.fields) == 1 else None
            yield Reason("reference-dangling", change.count, change.table, field, samples)
