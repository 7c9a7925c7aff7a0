"""Ids of the past: what changed about them, and the ids of today that they became."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from readouts.publish.site import address

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from readouts.datapackage.package.package import Row
    from readouts.publish.site.data import SiteData

__all__ = ["former_fragments", "id_changes", "successors"]


def id_changes(data: SiteData, table: str) -> Mapping[str, Sequence[Row]]:
    """Return the rows of `id_changes` of one table, by old id."""
    changes: dict[str, list[Row]] = defaultdict(list)
    for row in data.rows("id_changes"):
        if row["table"] == table:
            changes[row["old_id"] or ""].append(row)
    return changes


def successors(name: str, changes: Mapping[str, Sequence[Row]], known: Mapping[str, Row]) -> list[str]:
    """Return the ids of today that an id of the past became, change after change; none if it was removed.

    Examples
    --------
    >>> changes = {"a": [{"new_id": "b"}], "b": [{"new_id": "c"}, {"new_id": "d"}], "e": [{"new_id": None}]}
    >>> successors("a", changes, {"c": {}, "d": {}}), successors("e", changes, {})
    (['c', 'd'], [])
    """
    found, seen, waiting = [], {name}, [name]
    while waiting:
        for row in changes.get(waiting.pop(0), ()):
            new = row["new_id"]
            if new is None or new in seen:
                continue
            seen.add(new)
            if new in known:
                found.append(new)
            else:
                waiting.append(new)
    return found


def former_fragments(data: SiteData, table: str) -> Mapping[str, Sequence[str]]:
    """Return the fragments of the ids that rows had in the past, by the id of today: links to them still work."""
    changes, known = id_changes(data, table), data.by_id(table)
    found: dict[str, list[str]] = defaultdict(list)
    for name in sorted(changes.keys() - known.keys()):
        became = successors(name, changes, known)
        # Of several, none is what was meant.
        if len(became) == 1:
            found[became[0]].append(address.fragment(name))
    return found
