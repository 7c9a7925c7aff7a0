"""RO-Crate 1.2: the package as a research object that repositories and workflow tools read.

https://w3id.org/ro/crate/1.2
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from readouts.datapackage.exporting.errors import ExportError
from readouts.datapackage.exporting.files import content_of, copy_package, description_of, media_type, package_paths
from readouts.datapackage.exporting.metadata import Licence, Party, json_bytes, metadata_of
from readouts.datapackage.exporting.naming import file_stem
from readouts.datapackage.words import joined

if TYPE_CHECKING:
    from pathlib import Path

    from readouts.datapackage.exporting.source import Dataset

__all__ = ["CRATE", "crate", "crate_refusal", "write_crate"]

CRATE = "ro-crate-metadata.json"
_VERSION = "https://w3id.org/ro/crate/1.2"


def write_crate(dataset: Dataset, folder: Path) -> list[Path]:
    """Write the description of the crate next to a copy of the files that are in it."""
    written = copy_package(dataset, folder)
    path = folder / CRATE
    path.write_bytes(json_bytes(crate(dataset)))
    return [path, *written]


def crate_refusal(dataset: Dataset) -> str | None:
    """Return what the descriptor lacks that a crate must have; None if it lacks nothing.

    Examples
    --------
    >>> from readouts.datapackage.exporting.source import dataset_of
    >>> from readouts.datapackage.package.package import open_package
    >>> from readouts.datapackage.sample import sample_package
    >>> crate_refusal(dataset_of(open_package(sample_package())))
    """
    about = metadata_of(dataset.package.descriptor)
    lacking = [f"`{name}`" for name, value in (("created", about.released), ("licenses", about.licences)) if not value]
    return f"expected {joined(lacking)} in its descriptor, found none" if lacking else None


def crate(dataset: Dataset) -> dict[str, Any]:
    """Return the description of a package as a crate.

    Raises
    ------
    ExportError
        The descriptor has no date or no licence, which a crate must have.

    Examples
    --------
    >>> from readouts.datapackage.exporting.source import dataset_of
    >>> from readouts.datapackage.package.package import open_package
    >>> from readouts.datapackage.sample import sample_package
    >>> graph = crate(dataset_of(open_package(sample_package())))["@graph"]
    >>> graph[1]["@id"], graph[1]["license"]
    ('./', {'@id': 'https://creativecommons.org/licenses/by/4.0/'})
    """
    refusal = crate_refusal(dataset)
    if refusal is not None:
        message = f"{dataset.package.root} can't be an RO-Crate: {refusal}."
        raise ExportError(message)
    about = metadata_of(dataset.package.descriptor)
    paths = package_paths(dataset)
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": about.title,
        "description": about.description or about.title,
        "version": about.version,
        "datePublished": about.released,
        "license": _references([_licence_id(licence) for licence in about.licences]),
        "author": _references([_party_id(party) for party in about.creators]),
        "contributor": _references([_party_id(party) for party in about.contributors]),
        "keywords": list(about.keywords),
        "url": about.homepage,
        "identifier": f"https://doi.org/{about.doi}" if about.doi else "",
        "hasPart": [{"@id": _path_id(path)} for path in paths],
    }
    graph: list[dict[str, Any]] = [
        {
            "@id": CRATE,
            "@type": "CreativeWork",
            "about": {"@id": "./"},
            "conformsTo": {"@id": _VERSION},
        },
        {name: value for name, value in root.items() if value not in ("", [], None)},
        *(_file(dataset, path) for path in paths),
        *map(_licence, about.licences),
        *map(_party, dict.fromkeys((*about.creators, *about.contributors))),
    ]
    return {"@context": f"{_VERSION}/context", "@graph": list({node["@id"]: node for node in graph}.values())}


def _references(ids: list[str]) -> Any:
    """Return references to other nodes: one by itself, several as a list, none as None."""
    found = [{"@id": node} for node in dict.fromkeys(ids)]
    return found[0] if len(found) == 1 else found or None


def _path_id(path: str) -> str:
    return quote(path)


def _licence_id(licence: Licence) -> str:
    return licence.url or f"https://spdx.org/licenses/{quote(licence.identifier)}"


def _licence(licence: Licence) -> dict[str, Any]:
    name = licence.title or licence.identifier
    described = {
        "@id": _licence_id(licence),
        "@type": "CreativeWork",
        "name": name,
        "description": f"The data is under the licence {name}.",
        "identifier": licence.identifier,
    }
    return {name: value for name, value in described.items() if value}


def _party_id(party: Party) -> str:
    return party.url or f"#{quote(file_stem(party.name))}"


def _party(party: Party) -> dict[str, Any]:
    described = {
        "@id": _party_id(party),
        "@type": "Person" if party.is_person else "Organization",
        "name": party.name,
        "givenName": party.given_name,
        "familyName": party.family_name,
        "url": party.url,
    }
    return {name: value for name, value in described.items() if value}


def _file(dataset: Dataset, path: str) -> dict[str, Any]:
    data = content_of(dataset, path)
    table = next((table for table in dataset.tables.values() if path in table.resource.files), None)
    title = table.text["title"] if table else ""
    described = {
        "@id": _path_id(path),
        "@type": "File",
        "name": title or path,
        "description": description_of(dataset, path),
        "encodingFormat": media_type(path),
        "contentSize": str(len(data)),
        "sha256": sha256(data).hexdigest(),
    }
    return {name: value for name, value in described.items() if value}
