"""JSON Lines: one file per table, one object per row."""

from __future__ import annotations

import json
import math
from datetime import date
from typing import TYPE_CHECKING, Any

from readouts.datapackage.exporting.naming import file_stems

if TYPE_CHECKING:
    from pathlib import Path

    from readouts.datapackage.exporting.source import Dataset

__all__ = ["FOLDER", "write_jsonl"]

FOLDER = "jsonl"


def write_jsonl(dataset: Dataset, folder: Path) -> list[Path]:
    """Write each table as a file of JSON Lines: every field in every object, null where its value is missing.

    Lists, and JSON in cells, become JSON; dates and whatever else JSON has no type for are texts.
    """
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    written = []
    for name, stem in file_stems(dataset.tables).items():
        table = dataset.tables[name]
        names = table.schema.field_names
        path = folder / FOLDER / f"{stem}.jsonl"
        _ = table.survey
        with path.open("w", encoding="utf-8", newline="\n") as stream:
            for row in table.rows(structured=True):
                record = {name: _value(value) for name, value in zip(names, row, strict=True)}
                stream.write(_line(record))
        written.append(path)
    return written


def _line(record: dict[str, Any]) -> str:
    line = json.dumps(record, ensure_ascii=False, allow_nan=False)
    # JSON in a cell may escape half of a surrogate pair, which UTF-8 has no bytes for.
    escaped = any("\ud800" <= character <= "\udfff" for character in line)
    return (json.dumps(record, allow_nan=False) if escaped else line) + "\n"


def _value(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, list):
        return [_value(item) for item in value]
    if isinstance(value, dict):
        return {name: _value(item) for name, item in value.items()}
    return value.isoformat() if isinstance(value, date) else value
