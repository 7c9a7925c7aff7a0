"""Croissant 1.1: the files of the package and the fields in them, for tools of machine learning.

https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from readouts.datapackage.exporting.files import content_of, copy_package, description_of, media_type, package_paths
from readouts.datapackage.exporting.metadata import Metadata, json_bytes, metadata_of
from readouts.datapackage.exporting.naming import distinct
from readouts.datapackage.table.values import item_kind_of

if TYPE_CHECKING:
    from pathlib import Path

    from readouts.datapackage.exporting.source import Dataset, TableSource
    from readouts.datapackage.schema.model import Field

__all__ = ["croissant", "write_croissant"]

_CROISSANT = "croissant.json"
_LONGEST_ID = 200
_TERMS = (
    "arrayShape citeAs column containedIn equivalentProperty extract field fileObject fileProperty fileSet format "
    "includes isArray isLiveDataset jsonPath key md5 parentField path recordSet references regex repeated replace "
    "samplingRate separator source subField transform"
)
_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "dct": "http://purl.org/dc/terms/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "description": {"@container": "@language"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "name": {"@container": "@language"},
    **{term: f"cr:{term}" for term in _TERMS.split()},
}
"""The whole context of the specification: tools hold a file to it, whatever of it is used."""
_TYPES = {
    "integer": "sc:Integer",
    "number": "sc:Float",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
    "datetime": "sc:DateTime",
}


def write_croissant(dataset: Dataset, folder: Path) -> list[Path]:
    """Write the description next to a copy of the files that it describes."""
    written = copy_package(dataset, folder)
    path = folder / _CROISSANT
    path.write_bytes(json_bytes(croissant(dataset)))
    return [path, *written]


@dataclass(frozen=True)
class _Ids:
    """How files, tables and fields are called: readers take no blanks in these, and no two alike."""

    dataset: Dataset

    @cached_property
    def files(self) -> dict[str, str]:
        return distinct(package_paths(self.dataset), _id, _LONGEST_ID)

    @cached_property
    def tables(self) -> dict[str, str]:
        return distinct(self.dataset.tables, _id, _LONGEST_ID, taken=self.files.values())

    @cached_property
    def fields(self) -> dict[str, dict[str, str]]:
        tables = self.dataset.tables
        return {name: distinct(table.schema.field_names, _id, _LONGEST_ID) for name, table in tables.items()}

    def field(self, table: str, name: str) -> str:
        return f"{self.tables[table]}/{self.fields[table][name]}"


def _id(name: str) -> str:
    return re.sub(r"[^\w./-]+", "_", name) or "_"


def croissant(dataset: Dataset) -> dict[str, Any]:
    """Return the description of a package in Croissant.

    Each table in plain CSV is a record set with its key and its references; other files are only listed.

    Examples
    --------
    >>> from readouts.datapackage.exporting.source import dataset_of
    >>> from readouts.datapackage.package.package import open_package
    >>> from readouts.datapackage.sample import sample_package
    >>> made = croissant(dataset_of(open_package(sample_package())))
    >>> made["conformsTo"], made["recordSet"][0]["key"]
    ('http://mlcommons.org/croissant/1.1', {'@id': 'countries/country_id'})
    """
    about, ids = metadata_of(dataset.package.descriptor), _Ids(dataset)
    described = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.1",
        "name": about.name,
        "alternateName": about.title if about.title != about.name else "",
        "description": about.description or about.title,
        "version": about.version,
        "datePublished": about.released,
        "license": [licence.url or licence.identifier for licence in about.licences],
        "creator": [
            {"@type": "sc:Person" if party.is_person else "sc:Organization", "name": party.name}
            | ({"url": party.url} if party.url else {})
            for party in about.creators
        ],
        "keywords": list(about.keywords),
        "url": about.homepage,
        "sameAs": f"https://doi.org/{about.doi}" if about.doi else "",
        "citeAs": _cited(about),
        "isLiveDataset": False,
        "distribution": [_file(dataset, path, ids.files[path]) for path in package_paths(dataset)],
        "recordSet": [_record_set(table, ids) for table in dataset.tables.values() if _is_plain(table)],
    }
    return {name: value for name, value in described.items() if value not in ("", [])}


def _cited(about: Metadata) -> str:
    authors = " & ".join(party.name for party in about.creators)
    dated = f" ({about.released[:4]})" if about.released else ""
    version = f" (version {about.version})" if about.version else ""
    return f"{authors}{dated}. {about.title}{version} [Data set].".removeprefix(". ").strip()


def _file(dataset: Dataset, path: str, file_id: str) -> dict[str, Any]:
    data = content_of(dataset, path)
    return {
        "@type": "cr:FileObject",
        "@id": file_id,
        "name": path,
        "description": description_of(dataset, path) or path,
        "contentUrl": path,
        "contentSize": f"{len(data)} B",
        "encodingFormat": media_type(path),
        "sha256": sha256(data).hexdigest(),
    }


def _is_plain(table: TableSource) -> bool:
    """Return whether a table is one file as readers of Croissant expect it: with a header and the usual delimiter."""
    return table.resource.unusual_form is None


def _record_set(table: TableSource, ids: _Ids) -> dict[str, Any]:
    schema = table.schema
    key = [{"@id": ids.field(table.name, name)} for name in schema.primary_key]
    described = {
        "@type": "cr:RecordSet",
        "@id": ids.tables[table.name],
        "name": table.name,
        "description": table.text["description"],
        "key": key[0] if len(key) == 1 else key,
        "field": [_field(table, field, ids) for field in table.fields],
    }
    return {name: value for name, value in described.items() if value not in ("", [])}


def _field(table: TableSource, field: Field, ids: _Ids) -> dict[str, Any]:
    kind = table.kind(field)
    source: dict[str, Any] = {
        "fileObject": {"@id": ids.files[table.resource.files[0]]},
        "extract": {"column": field.name},
    }
    described: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": ids.field(table.name, field.name),
        "name": ids.field(table.name, field.name),
        "description": field.description or field.title,
        "dataType": _type(item_kind_of(field) if kind == "list" else kind, field),
        "source": source,
    }
    if kind == "list":
        source["transform"] = {"separator": field.delimiter}
        described |= {"isArray": True, "arrayShape": "-1"}
    # Readers join along references, and take one within a table for a circle that can't be loaded.
    others = [key for key in table.schema.foreign_keys if key.fields == (field.name,) and key.table != table.name]
    target = others[0] if others else None
    tables = ids.dataset.tables
    if target is not None and target.table in tables and _is_plain(tables[target.table]):
        described["references"] = {"field": {"@id": ids.field(target.table, target.target_fields[0])}}
    return {name: value for name, value in described.items() if value != ""}


def _type(kind: str, field: Field) -> str:
    return "sc:URL" if kind == "text" and field.format == "uri" else _TYPES.get(kind, "sc:Text")
