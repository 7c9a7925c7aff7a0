"""A descriptor with everything in it that it refers to, and its files, none of them outside the package.

This is what other checkers may be given: there is nothing left in it to fetch.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from readouts.datapackage.errors import PackageError, is_absence
from readouts.datapackage.incident import Incident, incident
from readouts.datapackage.json_schema_text import found_text
from readouts.datapackage.package.paths import inside, is_address
from readouts.datapackage.package.profiles import STANDARD
from readouts.datapackage.package.schema_copies import SCHEMAS_HINT, SchemaCopies
from readouts.datapackage.strict_json import duplicate_keys
from readouts.datapackage.suggest import no_such_file
from readouts.datapackage.table.file_kind import json_problem
from readouts.datapackage.words import quoted

if TYPE_CHECKING:
    from pathlib import Path

    from readouts.datapackage.json_schema_text import ValuePath

__all__ = ["Dereferenced", "dereferenced"]

_LARGEST = 64 * 2**20
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
    unchecked
        Resources of which a finding says that references to them are not checked.
    undelimited
        Resources whose dialect can't be read, and so none of their rows.
    profiles
        Profiles that are files of the package or copies, each with the way to the part of the descriptor that it is
        for, and that part as it is written.
    copies
        Copies of what it refers to by address.
    safe
        Whether nothing in it points outside the package.
    """

    descriptor: dict[str, Any]
    places: list[tuple[list[Path], list[str]] | None] = field(default_factory=list)
    incidents: list[Incident] = field(default_factory=list)
    unchecked: set[str] = field(default_factory=set)
    undelimited: set[str] = field(default_factory=set)
    profiles: list[tuple[ValuePath, dict[str, Any], Any]] = field(default_factory=list)
    copies: SchemaCopies = field(default_factory=lambda: SchemaCopies(None))
    safe: bool = True


def dereferenced(root: Path, descriptor: dict[str, Any], copies: SchemaCopies | None = None) -> Dereferenced:
    """Put everything that a descriptor refers to into it.

    Examples
    --------
    >>> from pathlib import Path
    >>> found = dereferenced(Path("package"), {"resources": [{"name": "lakes", "path": "../lakes.csv"}]})
    >>> found.safe, found.incidents[0].code
    (False, 'resource-error')
    """
    found = Dereferenced(_copied(descriptor), copies=copies or SchemaCopies(None))
    _profile_of(found, root, None, [], descriptor)
    for number, resource in enumerate(found.descriptor["resources"]):
        if "url" in resource and resource.keys().isdisjoint(["path", "data"]):
            # Data Resource, `path`: what version 0 called so.
            resource["path"] = resource.pop("url")
        for name in ("schema", "dialect"):
            _inline(found, root, resource, name)
        for way in ([], ["schema"], ["dialect"]):
            if isinstance(resource.get(way[0]) if way else resource, dict):
                part = _copied(resource[way[0]]) if way else descriptor["resources"][number]
                _profile_of(found, root, resource["name"], ["resources", number, *way], part)
        found.places.append(_paths(found, root, resource) if "path" in resource else ([], []))
    return found


def _copied(value: Any) -> Any:
    """Return a copy of a value of JSON: `copy.deepcopy`, several times as fast."""
    if isinstance(value, dict):
        return {name: _copied(member) for name, member in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list) else value


def _profile_of(found: Dereferenced, root: Path, table: str | None, way: ValuePath, written: dict[str, Any]) -> None:
    """Read the profile that a part of the descriptor is made for; say so if it is not known here."""
    part: Any = found.descriptor
    for name in way:
        part = part[name]
    for name in ("$schema", "profile"):
        value = part.get(name)
        if value is None or (isinstance(value, str) and (value.startswith(STANDARD) or value in _OLD_PROFILES)):
            continue
        if name == "$schema" and not isinstance(value, str):
            # The official profile says what is expected.
            continue
        # Nobody is to fetch it.
        del part[name]
        if isinstance(value, str) and is_address(value):
            profile = found.copies.find(value)
        else:
            profile = _json_of(found, root, table, name, value) if _is_file(root, value) else None
        if isinstance(profile, dict):
            found.profiles.append((way, profile, written))
        elif profile is None:
            message = (
                f"`{name}`: expected a profile of the standard or a file of the package; found {found_text(value)}."
            )
            hint = SCHEMAS_HINT if isinstance(value, str) and is_address(value) else None
            found.incidents.append(incident("profile-unknown", message, hint=hint, table=table, field=name))


def _is_file(root: Path, name: Any) -> bool:
    try:
        return isinstance(name, str) and inside(root, name).is_file()
    except PackageError:
        return False


def _inline(found: Dereferenced, root: Path, resource: dict[str, Any], name: str) -> None:
    """Put the schema or dialect of a resource into it."""
    value = resource.get(name)
    if not isinstance(value, str):
        return
    held = found.copies.find(value) if is_address(value) else None
    if held is not None:
        pass
    elif is_address(value):
        what = {"schema": "types, constraints and keys", "dialect": "the cells"}[name]
        _elsewhere(found, resource, name, value, f"{what} of this table, and references to it, were not checked")
    else:
        held = _json_of(found, root, resource["name"], name, value)
    if held is not None:
        resource[name] = held
        return
    del resource[name]
    found.unchecked.add(resource["name"])
    if name == "dialect":
        found.undelimited.add(resource["name"])


def _elsewhere(found: Dereferenced, resource: dict[str, Any], name: str, value: str, unchecked: str) -> None:
    """Say that a resource refers to an address."""
    message = f"{quoted(value)} is an address, and nothing is fetched: {unchecked}."
    hint = f"Save a copy next to the descriptor, and name that file in `{name}`."
    if name != "path":
        hint = f"{hint} Or leave the descriptor as it is: {SCHEMAS_HINT[0].lower()}{SCHEMAS_HINT[1:]}"
    found.incidents.append(incident("unsupported-feature", message, hint=hint, table=resource["name"], field=name))
    found.unchecked.add(resource["name"])


def _json_of(found: Dereferenced, root: Path, table: str | None, name: str, value: str) -> Any:
    """Return what a file of the package holds that a property names; None, and a finding, if it can't be read."""
    code = "package-error" if table is None else "resource-error"

    def add(message: str, code: str = code) -> None:
        found.incidents.append(incident(code, message, table=table, field=name))

    try:
        path = inside(root, value)
        if path.exists() and not path.is_file():
            message = f"{value} is not a file"
            raise ValueError(message)
        if path.stat().st_size > _LARGEST:
            message = f"it is larger than {_LARGEST // 2**20} MiB"
            raise MemoryError(message)
        text = path.read_text(encoding="utf-8")
        held = json.loads(text)
        for repeated in duplicate_keys(text):
            add(f"{value}: {repeated}")
    except PackageError as error:
        found.safe = False
        add(str(error))
    except FileNotFoundError:
        add(no_such_file(root / value, value))
    except (MemoryError, RecursionError) as error:
        add(f"{value} can't be read as JSON: {error}.", "resource-limit")
    except (OSError, ValueError) as error:
        unreadable = isinstance(error, OSError) and not is_absence(error)
        add(f"{value} can't be read as JSON: {json_problem(path, error)}", "file-unreadable" if unreadable else code)
    else:
        return held
    return None


def _paths(found: Dereferenced, root: Path, resource: dict[str, Any]) -> tuple[list[Path], list[str]] | None:
    """Return a resource's files, or None if they can't be read."""
    value = resource.get("path")
    more = resource.get("extrapaths")
    written = [*(value if isinstance(value, list) else [value]), *(more if isinstance(more, list) else [])]
    names = [name for name in written if isinstance(name, str)]
    if not names or len(names) < len(written):
        # The official profile says what is wrong with them.
        return None
    address = next(filter(is_address, names), None)
    if address is not None:
        found.safe = False
        _elsewhere(found, resource, "path", address, "neither this file nor references to it were checked")
        return None
    try:
        return [inside(root, name) for name in names], names
    except PackageError as error:
        found.safe = False
        found.incidents.append(incident("resource-error", str(error), table=resource["name"], field="path"))
        return None
