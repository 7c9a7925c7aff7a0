"""References that a merge would leave dangling: one side deleted a row to which the other refers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.datapackage.merging.conflict import ConflictKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from readouts.datapackage.merging.tables import MergedTable
    from readouts.datapackage.merging.version import Key, Row, Version

__all__ = ["find_lost_parents"]


def _value(row: Row, names: Sequence[str]) -> Key:
    return tuple(row.get(name, "") for name in names)


def _by_value(version: Version, names: Sequence[str]) -> dict[Key, Key]:
    """Return the keys of a version's rows by the columns that references point to."""
    return {_value(row, names): key for key, row in version.rows.items()}


def find_lost_parents(merged: Mapping[str, MergedTable]) -> None:
    """Find references to rows that the other side deleted, and put those rows between markers.

    A reference that dangled before the merge is not a conflict.

    Parameters
    ----------
    merged
        The merged tables by name. References to tables that aren't among them are not looked at.
    """
    for child in merged.values():
        for foreign_key in child.table.foreign_keys:
            parent = merged.get(foreign_key.table)
            if parent is None:
                continue
            targets = foreign_key.target_fields
            there = {_value(row, targets) for _, row in parent.rows()}
            in_ours, in_theirs = _by_value(parent.ours, targets), _by_value(parent.theirs, targets)
            lost: dict[Key, Key] = {}
            for key, row in sorted(child.rows(), key=lambda entry: entry[0]):
                value = _value(row, foreign_key.fields)
                if value in there or not all(value) or (value in in_ours) == (value in in_theirs):
                    continue
                deleted, kept = ("ours", "theirs") if value in in_theirs else ("theirs", "ours")
                side = child.ours if deleted == "ours" else child.theirs
                if key in side.rows and _value(side.rows[key], foreign_key.fields) == value:
                    continue
                message = (
                    f"The row {', '.join(value)} of {parent.table.name} was deleted by {deleted}, and "
                    f"{', '.join(key)} of {child.table.name}, as {kept} has it, refers to it."
                )
                place = {"key": key, "field": ", ".join(foreign_key.fields), kept: ", ".join(value)}
                child.add(ConflictKind.PARENT, message, **place)
                lost[value] = (in_theirs if deleted == "ours" else in_ours)[value]
            for key in lost.values():
                if key in parent.ours.rows:
                    parent.dispute(key, _filled(parent, parent.ours.rows[key]), None)
                else:
                    parent.dispute(key, None, _filled(parent, parent.theirs.rows[key]))


def _filled(table: MergedTable, row: Row) -> Row:
    return {name: row.get(name, "") for name in table.columns}
