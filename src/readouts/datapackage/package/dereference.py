"""A descriptor with everything in it that it refers to, and its files, none of them outside the package.

This is what other checkers may be given: there is nothing left in it to fetch.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from readouts.datapackage.errors import PackageError
from readouts.datapackage.incident import Incident, incident
from readouts.datapackage.package.paths import inside
from readouts.datapackage.strict_json import duplicate_keys, load_json

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Dereferenced", "dereferenced"]

_LARGEST = 64 * 2**20
_PROFILES = (
    "https://datapackage.org/profiles/",
    "https://specs.frictionlessdata.io/schemas/",
    "https://frictionlessdata.io/schemas/",
)
_OLD_PROFILES = frozenset(
    [
        "data-package",
        "tabular-data-package",
        "data-resource",
        "tabular-data-resource",
        "table-schema",
        "fiscal-data-package",
    ]
)


@dataclass
class Dereferenced:
    """A descriptor whose schemas and dialects are in it.

    Attributes
    ----------
    places
        For each resource its files, as paths and as the descriptor names them; None if some can't be meant.
    safe
        Whether nothing in it points outside the package.
    """

    descriptor: dict[str, Any]
    places: list[tuple[list[Path], list[str]] | None] = field(default_factory=list)
    incidents: list[Incident] = field(default_factory=list)
    safe: bool = True


def dereferenced(root: Path, descriptor: dict[str, Any]) -> Dereferenced:
    """Put everything that a descriptor refers to into it.

    Parameters
    ----------
    root
        Folder of the package.
    descriptor
        Its descriptor, whose resources have names.

    Examples
    --------
    >>> from pathlib import Path
    >>> found = dereferenced(Path("package"), {"resources": [{"name": "lakes", "path": "../lakes.csv"}]})
    >>> found.safe, found.incidents[0].code
    (False, 'resource-error')
    """
    found = Dereferenced(copy.deepcopy(descriptor))
    _profile_of(found, None, found.descriptor)
    for resource in found.descriptor["resources"]:
        _inline(found, root, resource)
        for part in (resource, resource.get("schema"), resource.get("dialect")):
            if isinstance(part, dict):
                _profile_of(found, resource["name"], part)
        found.places.append(_paths(found, root, resource) if "path" in resource else ([], []))
    return found


def _profile_of(found: Dereferenced, table: str | None, part: dict[str, Any]) -> None:
    """Say so if a part of the descriptor is made for a profile that is not known here."""
    for name in ("$schema", "profile"):
        value = part.get(name)
        known = isinstance(value, str) and (value.startswith(_PROFILES) or value in _OLD_PROFILES)
        if value is not None and not known:
            message = f"'{name}' is {str(value)[:200]!r}: this profile is not known here, so it was not checked."
            found.incidents.append(incident("profile-unknown", message, table=table, field=name))
            # Nobody is to fetch it.
            del part[name]


def _inline(found: Dereferenced, root: Path, resource: dict[str, Any]) -> None:
    """Put what a resource refers to, its schema and dialect, into it."""
    for name in ("schema", "dialect"):
        value = resource.get(name)
        if not isinstance(value, str):
            continue
        try:
            path = inside(root, value)
            if path.exists() and not path.is_file():
                message = f"{value} is not a file."
                raise ValueError(message)
            if path.stat().st_size > _LARGEST:
                message = f"{value} is larger than {_LARGEST // 2**20} MiB."
                raise PackageError(message)
            text = path.read_text(encoding="utf-8")
            resource[name] = load_json(text)
            for repeated in duplicate_keys(text):
                message = f"{value}: {repeated}"
                found.incidents.append(incident("resource-error", message, table=resource["name"], field=name))
        except PackageError as error:
            found.safe = False
            found.incidents.append(incident("resource-error", str(error), table=resource["name"], field=name))
            del resource[name]
        except (OSError, ValueError, RecursionError) as error:
            message = f"{value} can't be read as JSON: {str(error)[:200]}."
            found.incidents.append(incident("resource-error", message, table=resource["name"], field=name))
            del resource[name]


def _paths(found: Dereferenced, root: Path, resource: dict[str, Any]) -> tuple[list[Path], list[str]] | None:
    """Return a resource's files, or None if some can't be meant."""
    value = resource.get("path")
    names = value if isinstance(value, list) else [value]
    more = resource.get("extrapaths")
    names = [*names, *more] if isinstance(more, list) else names
    paths = []
    for name in names:
        try:
            paths.append(inside(root, str(name)))
        except PackageError as error:
            found.safe = False
            found.incidents.append(incident("resource-error", str(error), table=resource["name"], field="path"))
            return None
    return paths, [str(name) for name in names]
