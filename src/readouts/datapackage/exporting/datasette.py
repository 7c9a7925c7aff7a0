"""What Datasette shows next to a database: titles, descriptions, units, licence.

https://docs.datasette.io/en/stable/metadata.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from readouts.datapackage.exporting.metadata import json_bytes, metadata_of
from readouts.datapackage.exporting.sqlite import database_stem, sql_tables, write_sqlite

if TYPE_CHECKING:
    from pathlib import Path

    from readouts.datapackage.exporting.source import Dataset
    from readouts.datapackage.exporting.sqlite import SqlTable

__all__ = ["METADATA", "datasette_metadata", "write_database"]

METADATA = "datasette.json"
_LABELS = ("title", "name", "summary")
_MOST_FACETS = 3


def write_database(dataset: Dataset, folder: Path) -> list[Path]:
    """Write the database, and next to it what Datasette is to show of it.

    Returns
    -------
    list of Path
        Database and metadata: `datasette <name>.sqlite --metadata datasette.json` serves them.
    """
    written = write_sqlite(dataset, folder)
    path = folder / METADATA
    path.write_bytes(json_bytes(datasette_metadata(dataset)))
    return [*written, path]


def datasette_metadata(dataset: Dataset) -> dict[str, Any]:
    """Return the metadata of Datasette for a package.

    Units are in the descriptions of columns: as a property of their own, Datasette computes with them, and ours are not
    physical units.

    Examples
    --------
    >>> from readouts.datapackage.exporting.source import dataset_of
    >>> from readouts.datapackage.package.package import open_package
    >>> from readouts.datapackage.sample import sample_package
    >>> metadata = datasette_metadata(dataset_of(open_package(sample_package())))
    >>> metadata["license"], metadata["databases"]["lakes"]["tables"]["lakes"]["columns"]["depth"]
    ('CC-BY-4.0', 'Its greatest depth. Unit: m.')
    """
    about = metadata_of(dataset.package.descriptor)
    tables = {table.name: _table(table) for table in sql_tables(dataset).values()}
    hidden = {table.search: {"hidden": True} for table in sql_tables(dataset).values() if table.searched}
    metadata = {
        "title": " ".join(part for part in (about.title, about.version) if part),
        "description": about.description,
        "license": about.licences[0].identifier if about.licences else "",
        "license_url": about.licences[0].url if about.licences else "",
        "source": about.name if about.homepage else "",
        "source_url": about.homepage,
    }
    return {
        **{name: value for name, value in metadata.items() if value},
        "databases": {database_stem(dataset): {"tables": {**tables, **hidden}}},
    }


def _table(table: SqlTable) -> dict[str, Any]:
    source, columns = table.source, table.columns
    written = {entry["name"]: entry for entry in source.schema.descriptor.get("fields", ()) if isinstance(entry, dict)}
    described = {}
    for field in source.fields:
        unit = source.unit(field, written.get(field.name, {}))
        text = field.description or field.title
        described[columns[field.name]] = " ".join(part for part in (text, f"Unit: {unit}." if unit else "") if part)
    label = next((name for name in _LABELS if name in columns), None)
    facets = [columns[field.name] for field in source.fields if field.constraints.enum][:_MOST_FACETS]
    metadata: dict[str, Any] = {
        **source.text,
        "columns": {name: text for name, text in described.items() if text},
        "label_column": columns[label] if label else "",
        "facets": facets,
    }
    if table.searched:
        metadata |= {"fts_table": table.search, "fts_pk": "rowid"}
    return {name: value for name, value in metadata.items() if value}
