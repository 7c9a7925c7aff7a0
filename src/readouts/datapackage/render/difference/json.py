"""A difference as JSON, in the form that `difference.schema.json` describes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from readouts.datapackage.render.difference.sentences import sentence
from readouts.datapackage.render.json_text import json_text
from readouts.datapackage.versioning import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from readouts.datapackage.difference.result import (
        Change,
        Lineage,
        PackageDiffData,
        ReferenceChange,
        RowChange,
        TableDiff,
    )
    from readouts.datapackage.package.package import PackageVersion
    from readouts.datapackage.versioning import Bump

__all__ = ["render"]


def _plain(value: Any) -> Any:
    """Return a value of a descriptor as JSON can have it: a number that is none becomes its name."""
    if isinstance(value, dict):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    if value is None or isinstance(value, (str, bool, int)) or (isinstance(value, float) and math.isfinite(value)):
        return value
    return str(value)


def _side(side: PackageVersion) -> dict[str, Any]:
    return {"label": side.label, "name": side.name, "version": side.version}


def _bump(bump: Bump) -> dict[str, Any]:
    return {
        "level": bump.level.word,
        "smallest": bump.smallest or None,
        "enough": bump.enough,
        "reasons": [
            {
                "rule": reason.rule,
                "level": reason.level.word,
                "count": reason.count,
                "table": reason.table,
                "field": reason.field,
                "title": RULES[reason.rule].title,
                "why": RULES[reason.rule].why,
                "samples": list(reason.samples),
            }
            for reason in bump.reasons
        ],
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "rule": change.rule,
        "scope": RULES[change.rule].scope,
        "level": RULES[change.rule].level.word,
        "table": change.table,
        "field": change.field,
        "what": change.what,
        "old": _plain(change.old),
        "new": _plain(change.new),
        "sentence": sentence(change),
    }


def _rows(rows: Iterable[RowChange]) -> list[dict[str, Any]]:
    return [{"key": list(row.key), "cells": dict(row.cells), "count": row.count} for row in rows]


def _table(table: TableDiff) -> dict[str, Any]:
    return {
        "status": table.status,
        "match": table.match.value,
        "key": list(table.key),
        "columns": list(table.columns),
        "derived": table.derived,
        "has_ids": table.has_ids,
        "rows_old": table.rows_old,
        "rows_new": table.rows_new,
        "rows_added": table.rows_added,
        "rows_removed": table.rows_removed,
        "rows_changed": table.rows_changed,
        "rows_renamed": table.rows_renamed,
        "cells_changed": table.cells_changed,
        "kinds": {str(kind): number for kind, number in sorted(table.kinds.items())},
        "fields": dict(sorted(table.fields.items())),
        "added": _rows(table.added),
        "removed": _rows(table.removed),
        "cells": [
            {
                "key": list(cell.key),
                "field": cell.field,
                "old": cell.old,
                "new": cell.new,
                "kind": cell.kind.value,
            }
            for cell in table.cells
        ],
        "hidden": table.hidden,
    }


def _reference(change: ReferenceChange) -> dict[str, Any]:
    return {
        "table": change.table,
        "fields": list(change.fields),
        "target": change.target,
        "kind": change.kind,
        "count": change.count,
        "samples": [{"key": list(key), "old": list(old), "new": list(new)} for key, old, new in change.samples],
    }


def _lineage(entry: Lineage) -> dict[str, Any]:
    return {
        "table": entry.table,
        "operation": entry.operation,
        "old": list(entry.old),
        "new": list(entry.new),
        "reason": entry.reason,
        "cells_changed": entry.cells_changed,
    }


def render(difference: PackageDiffData) -> str:
    """Return a difference as JSON text. No value of a cell is cut: samples beyond the limit are counted in `hidden`."""
    document = {
        "same": difference.same,
        "old": _side(difference.old),
        "new": _side(difference.new),
        "bump": _bump(difference.bump),
        "changes": [_change(change) for change in difference.changes],
        "tables": {table.name: _table(table) for table in sorted(difference.tables, key=lambda table: table.name)},
        "references": [_reference(change) for change in difference.references],
        "lineage": [_lineage(entry) for entry in difference.lineage],
        "suggestions": [
            {"what": entry.what, "table": entry.table, "old": list(entry.old), "new": list(entry.new)}
            for entry in difference.suggestions
        ],
        "has_lineage": difference.has_lineage,
        "vanished": {table: [list(key) for key in found] for table, found in sorted(difference.vanished.items())},
        "asked": [
            {"id": entry.id, "table": entry.table or None, "status": entry.status, "new": list(entry.new)}
            for entry in difference.asked
        ],
        "settings": [
            {
                "option": each.kind.value,
                "table": each.table or None,
                "columns": list(each.columns),
                "value": each.value or None,
                "hidden": each.hidden,
            }
            for each in difference.settings
        ],
        "notes": list(difference.notes),
    }
    return json_text(document)
