"""The registry of entities with their standing relations, and the lineage of ids."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from readouts.annotations.form_reader import FormReader
from readouts.annotations.forms import ENTITIES, ENTITY, STANDING, STANDING_RELATION
from readouts.annotations.records import Reading, Record
from readouts.corpus_schema.tables import tables
from readouts.datapackage.suggest import did_you_mean

if TYPE_CHECKING:
    from readouts.annotations.nodes import Mapping

__all__ = ["read_entities", "read_id_changes"]


def read_entities(root: Mapping, reading: Reading) -> None:
    """Read `entities.yaml` into records of entities and of standing relations."""
    reader = FormReader(reading)
    rest = reader.mapping(root, ENTITIES)
    for entity, key, node in reader.entries(rest.get("entities"), "entities"):
        reader.check("entities", "entity_id", entity, key)
        record, _ = reader.record(node, ENTITY, {"entity_id": entity, "wikidata_status": "none"})
        record.lines["entity_id"] = key.line
    for name, key, node in reader.entries(rest.get("relations"), "relations"):
        reader.check("relations", "relation_id", name, key)
        record, _ = reader.record(node, STANDING_RELATION, {"relation_id": name})
        record.lines["relation_id"] = key.line
        predicate = record.cells.get("predicate")
        known = predicate is not None and tables()["relations"].field("predicate").problem(predicate) is None
        if predicate is not None and known and predicate not in STANDING:
            message = f"Expected a standing relation; found '{predicate}'. {did_you_mean(predicate, STANDING)}"
            line = record.lines["predicate"]
            reading.add("constraint-error", message, line, table="relations", field="predicate", value=predicate)


def read_id_changes(text: str, reading: Reading) -> None:
    """Read `id_changes.csv` into records."""
    table = tables()["id_changes"]
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        labels = next(reader, [])
        if tuple(labels) != table.field_names:
            message = f"Expected the columns {', '.join(table.field_names)}; found {', '.join(labels) or 'none'}."
            reading.add("incorrect-label", message, 1, table=table.name)
            return
        for cells in reader:
            if len(cells) != len(labels):
                message = f"Expected {len(labels)} cells, found {len(cells)}."
                code = "extra-cell" if len(cells) > len(labels) else "missing-cell"
                reading.add(code, message, reader.line_num, table=table.name)
                continue
            _id_change(
                {label: cell or None for label, cell in zip(labels, cells, strict=True)}, reader.line_num, reading
            )
    except csv.Error as error:
        reading.add("format-error", f"Not a well-formed CSV file: {error}.", reader.line_num, table=table.name)


def _id_change(cells: dict[str, str | None], line: int, reading: Reading) -> None:
    table = tables()["id_changes"]
    for field in table.fields:
        value = cells[field.name]
        if value is None:
            if field.constraints.required:
                message = f"Expected a value for '{field.name}'; found none."
                reading.add("constraint-error", message, line, table=table.name, field=field.name)
        elif (problem := field.problem(value)) is not None:
            message = f"Expected {problem[1]}; found '{value}' for '{field.name}'."
            reading.add(problem[0], message, line, table=table.name, field=field.name, value=value)
    operation = cells["operation"]
    known = operation is not None and table.field("operation").problem(operation) is None
    if known and (operation == "removed") != (cells["new_id"] is None):
        message = "Expected a 'new_id', except where the operation is 'removed'."
        reading.add("constraint-error", message, line, table=table.name, field="new_id", value=cells["new_id"])
    reading.records.append(Record(table.name, cells, line))
