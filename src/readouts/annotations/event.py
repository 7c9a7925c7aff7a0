"""One event's file: what it was, who took part, which accounts were issued, how statements on it compare."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.annotations.form_reader import FormReader
from readouts.annotations.forms import ACCOUNT, ALIGNMENT, EVENT, PARTICIPANT
from readouts.corpus_schema.tables import ASPECTS, SYMMETRIC

if TYPE_CHECKING:
    from readouts.annotations.nodes import Mapping
    from readouts.annotations.records import Reading

__all__ = ["read_event"]


def read_event(root: Mapping, event_id: str, reading: Reading) -> None:
    """Read an event's file into records."""
    reader = FormReader(reading, event_id)
    event, rest = reader.record(root, EVENT, {"event_id": event_id})
    dated = [name for name in ("date", "date_precision") if event.cells.get(name) is not None]
    if len(dated) == 1:
        lacking = "date_precision" if dated == ["date"] else "date"
        message = f"Expected the key '{lacking}' next to '{dated[0]}', or neither where no document dates the event."
        reading.add("missing-key", message, event.lines[dated[0]], table="events", field=lacking)
    defaults = reader.making("alignments", rest)
    for entity, key, node in reader.entries(rest.get("participants"), "entities"):
        reader.check("participants", "entity_id", entity, key)
        record, _ = reader.record(node, PARTICIPANT, {"event_id": event_id, "entity_id": entity})
        record.lines["entity_id"] = key.line
    for account, key, node in reader.entries(rest.get("accounts"), "accounts"):
        reader.check("accounts", "account_id", account, key)
        record, _ = reader.record(node, ACCOUNT, {"account_id": account, "event_id": event_id})
        record.lines["account_id"] = key.line
    for name, key, node in reader.entries(rest.get("alignments"), "alignments"):
        if reader.local_name(key, "an alignment") is None:
            continue
        record, _ = reader.record(node, ALIGNMENT, {"alignment_id": f"{event_id}.{name}", **defaults})
        cells, lines = record.cells, record.lines
        if (aspect := ASPECTS.get(cells.get("relation") or "")) is not None:
            cells.setdefault("aspect", aspect)
        reader.require_making(record, node, "event")
        a, b = cells.get("statement_a"), cells.get("statement_b")
        if a is not None and a == b:
            reading.add("constraint-error", "A statement is aligned with itself.", node, table="alignments", value=a)
        elif a is not None and b is not None and cells.get("relation") in SYMMETRIC and a > b:
            cells["statement_a"], cells["statement_b"] = b, a
            lines["statement_a"], lines["statement_b"] = lines["statement_b"], lines["statement_a"]
