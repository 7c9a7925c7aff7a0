"""From a descriptor to resources that can be checked, and everything that is wrong with it on the way."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from readouts.datapackage.incident import Incident, incident
from readouts.datapackage.package.dialect import Dialect, read_dialect
from readouts.datapackage.package.profiles import profile_errors
from readouts.datapackage.schema.descriptor import read_schema
from readouts.datapackage.schema.regex import whole

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from readouts.datapackage.package.dereference import Dereferenced
    from readouts.datapackage.schema.model import Table

__all__ = ["Descriptors", "Resource", "compression_of", "read_descriptors"]

ALGORITHMS = ("md5", "sha1", "sha256", "sha512")

_SUBTRACTION = re.compile(r"\[[^\[\]]*-\[")
"""A class of characters without those of another, in the syntax of XML Schema."""
_TABULAR = frozenset(["csv", "tsv"])
_INLINE = frozenset(["json", "ndjson", "jsonl"])


@dataclass(frozen=True)
class Resource:
    """One resource as it will be checked.

    Attributes
    ----------
    table
        What its rows must be; None if it is no table.
    paths
        Its files; none if its data is in the descriptor.
    data
        Data in the descriptor.
    expected_hash
        Algorithm and hexadecimal digest.
    """

    name: str
    table: Table | None
    dialect: Dialect
    paths: tuple[Path, ...] = ()
    files: tuple[str, ...] = ()
    data: Any = None
    form: str = "csv"
    encoding: str = "utf-8"
    compression: str = ""
    inner: str | None = None
    expected_hash: tuple[str, str] | None = None
    expected_bytes: int | None = None


@dataclass
class Descriptors:
    """The resources of a descriptor, and what is wrong with it."""

    descriptor: dict[str, Any]
    resources: list[Resource] = field(default_factory=list)
    incidents: list[Incident] = field(default_factory=list)


def read_descriptors(inlined: Dereferenced) -> Descriptors:
    """Read a package's descriptor, with everything in it that it refers to."""
    found = Descriptors(inlined.descriptor, incidents=[*inlined.incidents])
    whole_package = found.descriptor
    places = [resource["name"] for resource in whole_package["resources"]]
    seen: set[tuple[str | None, str]] = set()
    for path, message in _profile_errors(whole_package):
        table = places[path[1]] if path[:1] == ["resources"] and len(path) > 1 and isinstance(path[1], int) else None
        code = "package-error" if table is None else "schema-error" if "schema" in path else "resource-error"
        at = "/".join(str(part) for part in path)
        column = _field_name(whole_package, path)
        seen.add((table, column or ""))
        found.incidents.append(incident(code, f"At {at or 'the top'}: {message}.", table=table, field=column))
    for name in dict.fromkeys(name for name in places if places.count(name) > 1):
        found.incidents.append(incident("package-error", f"Two resources have the name '{name}'.", table=name))
    for number, resource in enumerate(whole_package["resources"]):
        read = _resource(found, resource, inlined.places[number], seen)
        if read is not None:
            found.resources.append(read)
    _references(found)
    return found


def _profile_errors(descriptor: dict[str, Any]) -> Iterator[tuple[list[str | int], str]]:
    try:
        yield from profile_errors(descriptor)
    except ValueError as error:
        yield [], f"it can't be held to the official profile: {str(error)[:200]}"


def _field_name(descriptor: dict[str, Any], path: list[str | int]) -> str | None:
    if "fields" not in path:
        return None
    place: Any = descriptor
    for part in path[: path.index("fields") + 2]:
        place = place[part]
    return str(place["name"]) if isinstance(place, dict) and "name" in place else None


def _resource(
    found: Descriptors,
    resource: dict[str, Any],
    places: tuple[list[Path], list[str]] | None,
    seen: set[tuple[str | None, str]],
) -> Resource | None:
    name = resource["name"]

    def add(code: str, message: str, column: str | None = None) -> None:
        # What the official profile has said is not said again.
        if code == "unsupported-feature" or (name, column or "") not in seen:
            found.incidents.append(incident(code, message, table=name, field=column))

    if places is None:
        return None
    paths, files = places
    if not files and "data" not in resource:
        add("resource-error", "Expected a `path` or `data`; found neither.")
        return None
    compression = compression_of(files[0], resource.get("compression")) if files else ""
    if compression not in {"", "gz", "zip"}:
        add("unsupported-feature", f"The compression '{compression}' is not supported: only gz and zip are.")
        return None
    stem = files[0].removesuffix(f".{compression}") if files else ""
    form = str(resource.get("format") or stem.rpartition(".")[2]).lower()
    schema = resource.get("schema")
    tabular = isinstance(schema, dict) or resource.get("type") == "table" or form in _TABULAR
    tabular = tabular or resource.get("profile") == "tabular-data-resource"
    table = None
    if tabular:
        table, problems = read_schema(name, schema if isinstance(schema, dict) else {})
        for problem in problems:
            code = "unsupported-feature" if problem.unsupported else "schema-error"
            message = problem.message[0].upper() + problem.message[1:]
            add(code, message if message.endswith((".", "?")) else f"{message}.", problem.field)
        table = _supported(found, table)
    if files and tabular and form not in _TABULAR | _INLINE:
        add("unsupported-feature", f"The format '{form}' is not supported for tables: only csv, tsv and json are.")
        table = None
    written = resource.get("dialect")
    dialect, faults = read_dialect(written if isinstance(written, dict) else {}, form)
    for message, unsupported in faults:
        add("unsupported-feature" if unsupported else "resource-error", message[0].upper() + message[1:], "dialect")
    size = resource.get("bytes")
    return Resource(
        name,
        table,
        dialect,
        tuple(paths),
        tuple(files),
        resource.get("data"),
        "json" if not files else form,
        str(resource.get("encoding") or "utf-8"),
        compression,
        resource.get("innerpath"),
        _expected_hash(found, resource),
        size if isinstance(size, int) and not isinstance(size, bool) else None,
    )


def _expected_hash(found: Descriptors, resource: dict[str, Any]) -> tuple[str, str] | None:
    """Return algorithm and digest; a hash without an algorithm is one of MD5."""
    value = resource.get("hash")
    if not isinstance(value, str):
        return None
    algorithm, _, digest = value.rpartition(":")
    algorithm = algorithm.lower() or "md5"
    if algorithm not in ALGORITHMS:
        message = f"The hash is '{value[:80]}': only {', '.join(ALGORITHMS)} are supported."
        found.incidents.append(incident("unsupported-feature", message, table=resource["name"], field="hash"))
        return None
    return algorithm, digest.lower()


def _supported(found: Descriptors, table: Table) -> Table:
    """Return the table without the patterns that the engine of linear time doesn't take."""
    from dataclasses import replace

    fields = []
    for column in table.fields:
        pattern = column.constraints.pattern
        reason = None if pattern is None else _refusal(pattern)
        if reason is not None:
            message = (
                f"The pattern {pattern!r:.200} is not supported: patterns run on an engine of linear time, which has "
                f"neither look-around nor back-references nor classes without others ({reason[:200]})."
            )
            found.incidents.append(incident("unsupported-feature", message, table=table.name, field=column.name))
            column = replace(column, constraints=replace(column.constraints, pattern=None))  # noqa: PLW2901
        fields.append(column)
    return replace(table, fields=tuple(fields))


def _refusal(pattern: str) -> str | None:
    """Return why the engine doesn't take a pattern; None if it does."""
    if _SUBTRACTION.search(pattern) is not None:
        # To the engine it would be a union.
        return "error: a class is subtracted from another"
    # A descriptor without patterns is read without the engine.
    import polars as pl

    try:
        pl.Series(["", "a"]).str.contains(whole(pattern))
    except pl.exceptions.PolarsError as error:
        return next((line.strip() for line in str(error).splitlines() if line.startswith("error")), str(error).strip())
    return None


def _references(found: Descriptors) -> None:
    """Check that every foreign key points to fields of a table that is there."""
    tables = {resource.name: resource.table for resource in found.resources if resource.table is not None}
    listed = {resource["name"] for resource in found.descriptor["resources"]}
    for table in tables.values():
        for key in table.foreign_keys:
            target = tables.get(key.table)
            missing = [name for name in key.target_fields if target is not None and name not in target.field_names]
            if key.table not in listed:
                message = f"A foreign key points to the table '{key.table}', which the package doesn't have."
            elif missing:
                message = f"A foreign key points to the field '{missing[0]}', which {key.table} doesn't have."
            else:
                continue
            found.incidents.append(incident("schema-error", message, table=table.name, field=", ".join(key.fields)))


def compression_of(path: str, written: str | None) -> str:
    """Return how a file is compressed: `gz`, `zip` or an empty text.

    Examples
    --------
    >>> compression_of("data/lakes.csv.gz", None)
    'gz'
    """
    if written:
        return {"gzip": "gz", "no": ""}.get(written, written)
    suffix = path.rpartition(".")[2].lower()
    return suffix if suffix in {"gz", "zip"} else ""
