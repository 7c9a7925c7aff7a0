"""Tables checked against their contracts: those of a package as texts, and frames as a user has them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl

from readouts.corpus_schema.incident_codes import incident
from readouts.corpus_schema.tables import tables
from readouts.datapackage.incident import Incident, sorted_incidents
from readouts.datapackage.suggest import did_you_mean
from readouts.quality.rules.frames import as_column, as_polars, text_of
from readouts.quality.rules.rules import RULES, rules_of
from readouts.quality.rules.running import Found, Subject, judge
from readouts.quality.rules.screen import readable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from readouts.datapackage.schema.model import Table

__all__ = ["check_frames", "examine", "findings"]


def findings(frames: Mapping[str, pl.DataFrame]) -> list[Incident]:
    """Return what breaks the rules beyond Table Schema.

    Parameters
    ----------
    frames
        Tables of the corpus by name, every column `String` as it is in the CSV file; other tables are passed over.
        A rule whose table or column isn't there is passed over: the check of the structure reports that. A cell that is
        not a value of its field counts as missing: the check of types reports that.

    Returns
    -------
    list
        The findings by table and row (1 is the first below the header), with the primary key of each.

    Examples
    --------
    >>> events = pl.DataFrame({"event_id": ["talks"], "place_id": ["marek"]})
    >>> entities = pl.DataFrame({"entity_id": ["marek"], "kind": ["person"]})
    >>> [(finding.code, finding.message) for finding in findings({"events": events, "entities": entities})]
    [('entity-kind', "Expected an entity of the kind place; 'marek' is of the kind person.")]
    """
    return examine(frames).incidents


def examine(frames: Mapping[str, pl.DataFrame], limit: int | None = None) -> Found:
    """Do what `findings` does, and keep no more than `limit` findings of each code; all are counted."""
    found = Found(limit)
    read = readable(frames)
    lazy = {name: frame.lazy() for name, frame in read.items()}
    columns = {name: set(frame.columns) for name, frame in read.items()}
    for name, frame in read.items():
        rules = [rule for rule in RULES if rule.table == name and rule.possible(columns)]
        if rules:
            judge(Subject(tables()[name], frame, lazy, partial(_key_text, tables()[name], frames[name])), rules, found)
    found.incidents = sorted_incidents(found.incidents)
    return found


def _key_text(table: Table, frame: pl.DataFrame, row: int) -> tuple[str, ...] | None:
    if not set(table.primary_key).issubset(frame.columns):
        return None
    cells = [(table.field(name), frame[name][row]) for name in table.primary_key]
    return tuple("" if value is None else text_of(field, value) for field, value in cells)


def check_frames(frames: Mapping[str, Any], *, across: bool) -> list[Incident]:
    """Return what breaks the schemas and rules of the corpus in frames of pandas or Polars.

    Parameters
    ----------
    frames
        Tables of the corpus by name, typed as `readouts.load()` gives them, or as texts.
    across
        Whether the rules that join tables, and references, are checked too, where the tables they read are there.

    Raises
    ------
    ContractError
        Something is not a frame, or two of its columns have the same name.
    """
    found = Found()
    unread: dict[str, dict[str, set[int]]] = {}
    read: dict[str, pl.DataFrame] = {}
    for name, frame in frames.items():
        read[name], unread[name] = _read(tables()[name], frame, found)
    lazy = {name: frame.lazy() for name, frame in read.items()}
    columns = {name: set(frame.columns) for name, frame in read.items()}
    for name, frame in read.items():
        rules = [rule for rule in rules_of(name, schema=True) if rule.possible(columns)]
        if not across:
            rules = [rule for rule in rules if rule.alone and rule.code != "foreign-key"]
        key = partial(_key_text, tables()[name], frame)
        judge(Subject(tables()[name], frame, lazy, key, unread[name]), rules, found)
    # A value that breaks two constraints is one mistake.
    return sorted_incidents(list(dict.fromkeys(found.incidents)))


def _read(table: Table, frame: Any, found: Found) -> tuple[pl.DataFrame, dict[str, set[int]]]:
    """Convert a frame; return it with the schema's columns that it has, and the rows that can't be read by column."""
    given = as_polars(frame)
    incidents = _labels(table, given.columns, frame)
    columns, unread = [], {}
    wrong_cells: list[tuple[str, int, str, str]] = []
    for name in table.field_names:
        if name in given.columns:
            values, wrong = as_column(table.field(name), given[name])
            columns.append(values.alias(name))
            unread[name] = set(wrong)
            wrong_cells += [(name, row, *reason) for row, reason in wrong.items()]
    read = pl.DataFrame(columns, height=given.height)
    for name, row, expected, text in wrong_cells:
        message = f"Expected {expected} for '{name}'; found '{text}'."
        place: dict[str, Any] = {"table": table.name, "field": name, "row": row + 1}
        incidents.append(incident("type-error", message, key=_key_text(table, read, row), value=text, **place))
    for finding in incidents:
        found.room(finding.code, 1)
    found.incidents += incidents
    return read, unread


def _labels(table: Table, labels: list[str], frame: Any) -> list[Incident]:
    """Say which columns are missing, not in the schema, or in another place."""
    index = [str(name) for name in getattr(getattr(frame, "index", None), "names", None) or ()]
    incidents = []
    for name in table.field_names:
        if name not in labels:
            hint = "Call reset_index() first: the column is in the index." if name in index else None
            message = f"Expected the column '{name}' in {table.name}; it isn't there."
            incidents.append(incident("missing-label", message, hint=hint, table=table.name, field=name))
    for label in labels:
        if label not in table.field_names:
            message = f"Expected a column of {table.name}; found '{label}'. {did_you_mean(label, table.field_names)}"
            incidents.append(incident("extra-label", message, table=table.name, field=label))
    known = [label for label in labels if label in table.field_names]
    for label, name in zip(known, (name for name in table.field_names if name in labels), strict=True):
        if label != name:
            message = f"Expected the column '{name}' of {table.name} in its place; found '{label}'."
            return [*incidents, incident("incorrect-label", message, table=table.name, field=name)]
    return incidents
