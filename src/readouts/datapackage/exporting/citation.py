"""How a dataset is cited: CITATION.cff, which GitHub and reference managers read, and .zenodo.json."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from readouts.datapackage.exporting.metadata import Party, json_bytes, metadata_of

if TYPE_CHECKING:
    from pathlib import Path

    from readouts.datapackage.exporting.source import Dataset
    from readouts.datapackage.package.package import DataPackage

__all__ = ["CITATION", "ZENODO", "citation_text", "write_citation", "write_zenodo", "zenodo"]

CITATION, ZENODO = "CITATION.cff", ".zenodo.json"
_ROLES = {
    "maintainer": "DataManager",
    "editor": "Editor",
    "publisher": "Distributor",
    "wrangler": "DataCurator",
    "contributor": "ProjectMember",
}
"""What Zenodo calls the roles of contributors to a Data Package."""


def write_citation(dataset: Dataset, folder: Path) -> list[Path]:
    """Write how the package is cited: the file that its makers wrote, where there is one, else from its descriptor."""
    own = dataset.package.root / CITATION
    path = folder / CITATION
    path.write_bytes(own.read_bytes() if own.is_file() else citation_text(dataset).encode())
    return [path]


def citation_text(dataset: Dataset) -> str:
    """Return the citation of a package in the Citation File Format 1.2.0.

    Examples
    --------
    >>> from readouts.datapackage.exporting.source import dataset_of
    >>> from readouts.datapackage.package.package import open_package
    >>> from readouts.datapackage.sample import sample_package
    >>> citation_text(dataset_of(open_package(sample_package()))).splitlines()[0]
    'cff-version: "1.2.0"'
    """
    about = metadata_of(dataset.package.descriptor)
    fields: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": "If you use this dataset, please cite it as below.",
        "type": "dataset",
        "title": about.title,
        "abstract": about.description,
        "version": about.version,
        "date-released": about.released,
        "doi": about.doi,
        "url": about.homepage,
        "license": [licence.identifier for licence in about.licences if licence.identifier],
        # The format wants at least one author.
        "authors": [_author(party) for party in about.creators] or [{"name": f"The makers of {about.name}"}],
        "keywords": list(about.keywords),
    }
    # A value in JSON is one in YAML as well, and no text in it can be taken for anything else.
    kept = {name: value for name, value in fields.items() if value not in ("", [])}
    return "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in kept.items())


def _author(party: Party) -> dict[str, str]:
    if party.is_person:
        person = {
            "family-names": party.family_name,
            "given-names": party.given_name,
            "affiliation": party.organization,
            "website": party.url,
        }
        return {name: value for name, value in person.items() if value}
    return {"name": party.name} | ({"website": party.url} if party.url else {})


def write_zenodo(dataset: Dataset, folder: Path) -> list[Path]:
    """Write what Zenodo takes for the record of a release."""
    path = folder / ZENODO
    path.write_bytes(json_bytes(zenodo(dataset.package)))
    return [path]


def zenodo(package: DataPackage) -> dict[str, Any]:
    """Return the metadata of a package as Zenodo reads them from a repository.

    Version and date are not in it: Zenodo takes them from the release.

    Examples
    --------
    >>> from readouts.datapackage.package.package import open_package
    >>> from readouts.datapackage.sample import sample_package
    >>> made = zenodo(open_package(sample_package()))
    >>> made["upload_type"], made["license"], made["creators"]
    ('dataset', 'CC-BY-4.0', [{'name': 'The readouts contributors'}])
    """
    about = metadata_of(package.descriptor)
    fields: dict[str, Any] = {
        "upload_type": "dataset",
        "title": about.title,
        "description": about.description or about.title,
        "creators": [_creator(party) for party in about.creators] or [{"name": f"The makers of {about.name}"}],
        "contributors": [
            _creator(party) | {"type": next((_ROLES[role] for role in party.roles if role in _ROLES), "Other")}
            for party in about.contributors
        ],
        "access_right": "open",
        "license": about.licences[0].identifier if about.licences else "",
        "keywords": list(about.keywords),
        "related_identifiers": [
            {"identifier": address, "relation": "isDerivedFrom"} for _, address in about.sources if "://" in address
        ],
    }
    return {name: value for name, value in fields.items() if value not in ("", [])}


def _creator(party: Party) -> dict[str, str]:
    name = f"{party.family_name}, {party.given_name}" if party.is_person else party.name
    return {"name": name} | ({"affiliation": party.organization} if party.organization else {})
