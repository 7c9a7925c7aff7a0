"""Parquet: one file per table, with the types of its fields, and what they mean in the metadata of the file."""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING, Any

from readouts.datapackage.exporting.metadata import metadata_of
from readouts.datapackage.exporting.naming import file_stems
from readouts.datapackage.optional import requires_extra
from readouts.datapackage.table.values import item_kind_of

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from readouts.datapackage.exporting.source import Dataset, TableSource
    from readouts.datapackage.schema.model import Field

__all__ = ["FOLDER", "parquet_names", "write_parquet"]

FOLDER = "parquet"
_AT_ONCE = 65_536


def parquet_names(dataset: Dataset) -> dict[str, str]:
    """Return the path of each table's file."""
    return {name: f"{FOLDER}/{stem}.parquet" for name, stem in file_stems(dataset.tables).items()}


def write_parquet(dataset: Dataset, folder: Path) -> list[Path]:
    """Write each table as a file of Parquet.

    A field's title, description, type, unit and closed list are metadata of its column in Arrow; the table's schema is
    JSON under the key `table_schema` of the file, which every reader of Parquet can get at.

    Raises
    ------
    MissingDependencyError
        pyarrow is not installed.
    """
    with requires_extra("Parquet", "formats"):
        import pyarrow as pa
        import pyarrow.parquet

    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    written = []
    for name, path in parquet_names(dataset).items():
        table = dataset.tables[name]
        schema = _schema(dataset, table)
        # The version of the library is in the file in any case; everything else is fixed here.
        required = [(place, field.name) for place, field in enumerate(schema) if not field.nullable]
        with pa.parquet.ParquetWriter(folder / path, schema, compression="zstd", version="2.6") as writer:
            rows, done = table.rows(), 0
            while batch := list(islice(rows, _AT_ONCE)):
                for number, row in enumerate(batch, done + 1):
                    if lacking := next((label for place, label in required if row[place] is None), None):
                        raise table.resource.misfit(f"row {number:,} has no value of {lacking}, which needs one")
                done += len(batch)
                columns = [
                    pa.array(values, field.type) for values, field in zip(zip(*batch, strict=True), schema, strict=True)
                ]
                writer.write_batch(pa.record_batch(columns, schema=schema))
        written.append(folder / path)
    return written


def _type(kind: str) -> pa.DataType:
    import pyarrow as pa

    types = {
        "integer": pa.int64(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
        "datetime": pa.timestamp("us", tz="UTC"),
    }
    return types.get(kind, pa.string())


def _schema(dataset: Dataset, table: TableSource) -> pa.Schema:
    import pyarrow as pa

    fields = []
    for field in table.fields:
        kind = table.kind(field)
        type_ = pa.list_(_type(item_kind_of(field))) if kind == "list" else _type(kind)
        required = field.constraints.required
        fields.append(pa.field(field.name, type_, nullable=not required, metadata=_about_field(table, field)))
    about = metadata_of(dataset.package.descriptor)
    metadata = {
        "name": table.name,
        "title": table.text["title"],
        "description": table.text["description"],
        "package": about.name,
        "version": about.version,
        "licence": " ".join(licence.identifier for licence in about.licences),
        "table_schema": json.dumps(table.schema.descriptor, ensure_ascii=False),
    }
    return pa.schema(fields, {key: value for key, value in metadata.items() if value})


def _about_field(table: TableSource, field: Field) -> dict[str, str]:
    entries = table.schema.descriptor.get("fields", ())
    written: dict[str, Any] = next((entry for entry in entries if _named(entry, field.name)), {})
    values = field.constraints.enum
    about = {
        "title": field.title,
        "description": field.description,
        "type": field.type,
        "unit": table.unit(field, written),
        "values": json.dumps(list(values), ensure_ascii=False, default=str) if values else "",
    }
    return {key: value for key, value in about.items() if value}


def _named(entry: Any, name: str) -> bool:
    return isinstance(entry, dict) and entry.get("name") == name
