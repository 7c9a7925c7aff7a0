"""Matching the columns of a file with the fields of its schema, in the five ways of Table Schema v2."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.datapackage.incident import Incident, incident
from readouts.datapackage.suggest import look_alike, looks_of
from readouts.datapackage.words import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from readouts.datapackage.schema.model import Table

__all__ = ["match_fields"]


def match_fields(table: Table, labels: list[str], line: int | None) -> tuple[dict[str, int], list[Incident]]:
    """Find the column of each field.

    Parameters
    ----------
    table
        The table; its `fields_match` says how: `exact` (the same, in order), `equal` (the same, in any order),
        `subset` (the file may have more), `superset` (the file may have fewer) or `partial` (one in common is enough).
    labels
        The file's columns.
    line
        Line of the header, if it has one.

    Returns
    -------
    tuple
        The column of each field that is there, from 0, and what is wrong.

    Examples
    --------
    >>> from readouts.datapackage.schema.model import Field
    >>> from readouts.datapackage.schema.model import Table
    >>> where, found = match_fields(Table("lakes", fields=(Field("name"), Field("depth"))), ["name", "dept"], 1)
    >>> where, found[0].message
    ({'name': 0, 'depth': 1}, "Expected the column 'depth' in place 2; found 'dept'.")
    """
    found: list[Incident] = []

    def add(code: str, message: str, field: str | None) -> None:
        found.append(incident(code, message, table=table.name, field=field, line=line))

    names = list(dict.fromkeys(table.field_names))
    mode = table.fields_match
    written, wanted = set(labels), set(names)
    absent = dict.fromkeys(name for name in names if name not in written)
    where: dict[str, int] = {}
    places: dict[str, int] = {}
    for place, label in enumerate(labels):
        if label.strip() and label not in places:
            places[label] = place
            continue
        # Columns and fields have the same order: this one is a field's that has no name there.
        own = names[place] if mode == "exact" and place < len(names) and names[place] in absent else None
        if own is not None:
            del absent[own]
            where[own] = place
        if not label.strip():
            add("blank-label", f"Expected a name for column {place + 1}; found none.", own)
        else:
            message = f"Expected each column once; found {quoted(label)} in places {places[label] + 1} and {place + 1}."
            add("duplicate-label", message, own or label)
    where |= {name: places[name] for name in names if name in places}
    extra = dict.fromkeys(label for label in places if label not in wanted)
    for name, label in _look_alikes(absent, extra) if mode != "partial" else ():
        message = f"Expected the column {quoted(name)}; found {quoted(label)} in place {places[label] + 1}."
        add("incorrect-label", f"{message} {look_alike(name, label)}", name)
        del absent[name], extra[label]
        where[name] = places[label]
    if mode == "partial":
        if names and not where:
            add("missing-label", f"Expected at least one of the columns {', '.join(map(quoted, names[:10]))}.", None)
            return where, found
        extra = {}
    if mode == "exact":
        for place, name in enumerate(names):
            if name not in absent:
                continue
            label = labels[place] if place < len(labels) else ""
            if label in extra:
                add(
                    "incorrect-label",
                    f"Expected the column {quoted(name)} in place {place + 1}; found {quoted(label)}.",
                    name,
                )
                del absent[name], extra[label]
                where[name] = place
    for name in absent:
        # A column that is not there has no value in any row.
        if mode not in {"superset", "partial"} or table.field(name).constraints.required:
            add("missing-label", f"Expected the column {quoted(name)}; found none of that name.", name)
    if mode != "subset":
        for label in extra:
            add("extra-label", f"Expected only columns of the schema; found {quoted(label)}.", label)
    if mode == "exact" and not found:
        for place, name in enumerate(names):
            if labels[place] != name:
                message = f"Expected the column {quoted(name)} in place {place + 1}; found {quoted(labels[place])}."
                add("incorrect-label", message, name)
                break
    return where, found


def _look_alikes(names: Iterable[str], labels: Iterable[str]) -> list[tuple[str, str]]:
    """Return the pairs of a name and a label that look the same."""
    alike = {looks_of(label): label for label in labels}
    return [(name, alike.pop(looks_of(name))) for name in names if looks_of(name) in alike]
