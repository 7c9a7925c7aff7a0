"""From a descriptor to resources that can be checked, and everything that is wrong with it on the way."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING, Any

from readouts.datapackage.incident import Incident, incident
from readouts.datapackage.json_schema_text import found_text, place_in
from readouts.datapackage.package.profiles import profile_errors, profile_problems
from readouts.datapackage.schema.descriptor import read_schema
from readouts.datapackage.schema.regex import whole
from readouts.datapackage.suggest import did_you_mean
from readouts.datapackage.table.dialect import read_dialect
from readouts.datapackage.table.resource import Resource
from readouts.datapackage.words import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from readouts.datapackage.json_schema_text import ValuePath
    from readouts.datapackage.package.dereference import Dereferenced

__all__ = ["Descriptors", "compression_of", "read_descriptors", "read_resources"]

ALGORITHMS = ("md5", "sha1", "sha256", "sha512")

_SUBTRACTION = re.compile(r"\[[^\[\]]*-\[")
"""A class of characters without those of another, in the syntax of XML Schema."""
_UNREAD = frozenset(["dialect.lineTerminator", "dialect.property", "dialect.itemKeys"])
"""Properties of a dialect without which rows can't be read as they are meant."""
_TABULAR = frozenset(["csv", "tsv"])
_INLINE = frozenset(["json", "ndjson", "jsonl"])
_OF_MEDIA_TYPES = {"text/csv": "csv", "text/tab-separated-values": "tsv", "application/json": "json"}


@dataclass
class Descriptors:
    """The resources of a descriptor, and what is wrong with it."""

    descriptor: dict[str, Any]
    resources: list[Resource] = field(default_factory=list)
    incidents: list[Incident] = field(default_factory=list)


def read_descriptors(inlined: Dereferenced, resources: list[Resource]) -> Descriptors:
    """Check a package's descriptor, and give the resources that can be checked.

    Parameters
    ----------
    inlined
        The descriptor, with everything in it that it refers to.
    resources
        What `read_resources` made of it.
    """
    found = Descriptors(inlined.descriptor, incidents=[*inlined.incidents])
    whole_package = found.descriptor
    names = [resource["name"] for resource in whole_package["resources"]]
    seen: set[tuple[str | None, str | None, str]] = set()
    unread = {(each.table, each.field) for each in inlined.incidents}
    for path, message in chain(_profile_errors(whole_package), _own_profile_errors(inlined)):
        table, column, way = _place(whole_package, path)
        if way and (table, way[0]) in unread and column is None:
            continue
        code = "package-error" if table is None else "schema-error" if "schema" in path else "resource-error"
        seen.add((table, column, ".".join(part for part in way if isinstance(part, str))))
        found.incidents.append(incident(code, _sentence(place_in(way), message), table=table, field=column))
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        found.incidents.append(incident("package-error", f"Two resources have the name {quoted(name)}.", table=name))
    for resource in resources:
        for problem in resource.problems:
            # What was said already is not said again.
            told = problem in inlined.incidents or (problem.code != "unsupported-feature" and _said(problem, seen))
            if not told:
                found.incidents.append(problem)
        if resource.readable:
            found.resources.append(_supported(found, resource))
    of_keys = {table for table, _, way in seen if table is not None and way.startswith("schema.foreignKeys")}
    _references(found, inlined.unchecked, of_keys)
    return found


def _said(problem: Incident, seen: set[tuple[str | None, str | None, str]]) -> bool:
    """Tell whether the official profile says something about the same place, about what it is in, or a part of it."""
    here = f"{problem.message.split('`')[1] if problem.message.startswith('`') else ''}."
    column = problem.field if problem.code == "schema-error" else None
    ways = [f"{way}." for table, other, way in seen if (table, other) == (problem.table, column)]
    return any(here.startswith(way) or way.startswith(here) for way in ways)


def _profile_errors(descriptor: dict[str, Any]) -> Iterator[tuple[ValuePath, str]]:
    try:
        yield from profile_errors(descriptor)
    except ValueError as error:
        yield [], f"the descriptor can't be held to the official profile: {str(error)[:200]}"


def _own_profile_errors(inlined: Dereferenced) -> Iterator[tuple[ValuePath, str]]:
    """Yield where parts of a descriptor depart from profiles that are files of the package."""
    for way, profile in inlined.profiles:
        part: Any = inlined.descriptor
        for name in way:
            part = part[name]
        try:
            yield from (([*way, *path], message) for path, message in profile_problems(profile, part))
        except ValueError as error:
            yield way, f"the profile can't be used as a JSON Schema: {str(error)[:200]}"


def _place(descriptor: dict[str, Any], path: ValuePath) -> tuple[str | None, str | None, ValuePath]:
    """Return the resource and the field that a place is in, and the way from the innermost of them to it."""
    if len(path) < 2 or path[0] != "resources" or not isinstance(path[1], int):
        return None, None, path
    resource = descriptor["resources"][path[1]]
    if path[2:4] == ["schema", "fields"] and len(path) > 4 and isinstance(path[4], int):
        column = resource["schema"]["fields"][path[4]]
        if isinstance(column, dict) and isinstance(column.get("name"), str):
            return resource["name"], column["name"], path[5:]
    return resource["name"], None, path[2:]


def _sentence(place: str, message: str) -> str:
    """Return the sentence that in a place of the descriptor something is wrong."""
    text = f"{place}: {message}" if place else f"{message[0].upper()}{message[1:]}"
    return text if text.endswith((".", "?")) else f"{text}."


def read_resources(root: Path, found: Dereferenced) -> list[Resource]:
    """Return the resources of a package, each with what keeps it from being read.

    Parameters
    ----------
    root
        Folder of the package.
    found
        Its descriptor, with everything in it that it refers to.
    """
    written = zip(found.descriptor["resources"], found.places, strict=True)
    return [_resource(root, resource, places, found) for resource, places in written]


def _resource(
    root: Path, written: dict[str, Any], places: tuple[list[Path], list[str]] | None, found: Dereferenced
) -> Resource:
    name = str(written["name"])
    problems = [each for each in found.incidents if each.table == name and each.code != "profile-unknown"]

    def add(code: str, message: str, place: str = "", field: str | None = None) -> None:
        problems.append(incident(code, _sentence(f"`{place}`" if place else "", message), table=name, field=field))

    paths, files = places or ([], [])
    path, packed, inner = written.get("path", []), written.get("compression"), written.get("innerpath")
    if not all(isinstance(each, str) for each in (path if isinstance(path, list) else [path])):
        add("resource-error", f"expected the path of a file, or a list of paths; found {found_text(path)}", "path")
    if places is not None and not files and "data" not in written:
        add("resource-error", "expected a `path` or `data`; found neither")
    if not isinstance(packed, str | None):
        add("resource-error", f"expected a text; found {found_text(packed)}", "compression")
        packed = None
    compression = compression_of(files[0], packed) if files else ""
    if compression not in {"", "gz", "zip"}:
        add("unsupported-feature", f"only gz and zip are supported; found {quoted(compression)}", "compression")
    stem = files[0].removesuffix(f".{compression}") if files else ""
    text = not files and isinstance(written.get("data"), str)
    media_type = str(written.get("mediatype")).partition(";")[0].lower()
    suffix = _OF_MEDIA_TYPES.get(media_type, "") if text else stem.rpartition(".")[2]
    named = written.get("format")
    form = (named if named and isinstance(named, str) else suffix).lower()
    schema = written.get("schema")
    table = None
    doubt = next((each.message for each in problems if each.field == "schema"), None)
    if _claims_table(written) or form in _TABULAR:
        table, faults = read_schema(name, schema if isinstance(schema, dict) else {})
        for fault in faults:
            code = "unsupported-feature" if fault.unsupported else "schema-error"
            place = fault.place if fault.field is not None else f"schema.{fault.place}"
            add(code, fault.message, place, fault.field)
            doubt = doubt or (problems[-1].message if fault.about_values else None)
    known = not (files or text) or table is None or form in _TABULAR | _INLINE
    if text and not known and not form:
        add("resource-error", "expected the format of the text in `data`, such as csv; found none", "format")
    elif not known:
        add("unsupported-feature", f"tables are read from csv, tsv and json only; found {quoted(form)}", "format")
    dialect_written = written.get("dialect")
    dialect, faults = read_dialect(dialect_written if isinstance(dialect_written, dict) else {}, form)
    for fault in faults:
        add("unsupported-feature" if fault.unsupported else "resource-error", fault.message, fault.place, "dialect")
        # Read in another way, such a file would have many faults.
        known = known and fault.place not in _UNREAD
    expected = written.get("hash")
    expected = expected if isinstance(expected, str) else ""
    algorithm, _, digest = expected.rpartition(":")
    # A hash without an algorithm is one of MD5.
    algorithm = algorithm.lower() or "md5"
    if digest and algorithm not in ALGORITHMS:
        message = f"only {', '.join(ALGORITHMS)} are supported; found {quoted(expected)}"
        add("unsupported-feature", message, "hash", "hash")
    readable = places is not None and bool(files or "data" in written) and compression in {"", "gz", "zip"}
    readable = readable and name not in found.undelimited
    size, encoding = written.get("bytes"), written.get("encoding")
    return Resource(
        name,
        root,
        written,
        table,
        readable=readable,
        tabular=readable and known and table is not None,
        dialect=dialect,
        paths=tuple(paths),
        files=tuple(files),
        data=written.get("data"),
        form=form if files or text else "json",
        encoding=encoding if encoding and isinstance(encoding, str) else "utf-8",
        compression=compression,
        inner=inner if isinstance(inner, str) else None,
        expected_hash=(algorithm, digest.lower()) if digest and algorithm in ALGORITHMS else None,
        expected_bytes=size if isinstance(size, int) and not isinstance(size, bool) else None,
        problems=tuple(problems),
        doubt=doubt,
    )


def _supported(found: Descriptors, resource: Resource) -> Resource:
    """Return the resource without the patterns that the engine of linear time doesn't take."""
    if resource.table is None:
        return resource
    fields = []
    for column in resource.table.fields:
        pattern = column.constraints.pattern
        reason = None if pattern is None else _refusal(pattern)
        if reason is not None:
            message = (
                f"The pattern {pattern!r:.200} is not supported: patterns run on an engine of linear time, which has "
                f"neither look-around nor back-references nor classes without others ({reason[:200]})."
            )
            found.incidents.append(incident("unsupported-feature", message, table=resource.name, field=column.name))
            column = replace(column, constraints=replace(column.constraints, pattern=None))  # noqa: PLW2901
        fields.append(column)
    return replace(resource, schema=replace(resource.table, fields=tuple(fields)))


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


def _references(found: Descriptors, unchecked: set[str], told: set[str]) -> None:
    """Say which foreign keys can't be followed.

    Findings say already that some tables are unchecked, and that foreign keys of others are not well formed.
    """
    tables = {resource.name: resource.table for resource in found.resources}
    listed = {resource["name"]: resource for resource in found.descriptor["resources"]}
    for table in filter(None, tables.values()):
        for key in table.foreign_keys if table.name not in told else ():
            code, name, target = "schema-error", quoted(key.table), tables.get(key.table)
            missing = [each for each in key.target_fields if target is not None and each not in target.field_names]
            if key.table not in listed:
                message = f"expected the name of a resource; found {name}. {did_you_mean(key.table, listed)}"
            elif key.table in unchecked or not _names_fields(listed[key.table]):
                continue
            elif key.table in tables and target is None and not _claims_table(listed[key.table]):
                message = f"expected a reference to a table; {name} is a file of another kind"
            elif target is None or not target.fields:
                code, reason = "unsupported-feature", "can't be read as a table" if target is None else "has no schema"
                message = f"the reference was not checked, since {name} {reason}"
            elif missing:
                known = did_you_mean(missing[0], target.field_names)
                message = f"expected fields of {name}; found {quoted(missing[0])}. {known}"
            else:
                continue
            text = _sentence("`schema.foreignKeys`", message)
            found.incidents.append(incident(code, text, table=table.name, field=", ".join(key.fields)))


def _claims_table(resource: dict[str, Any]) -> bool:
    """Tell whether a resource says that it is a table."""
    said = resource.get("type") == "table" or resource.get("profile") == "tabular-data-resource"
    return said or isinstance(resource.get("schema"), dict)


def _names_fields(resource: dict[str, Any]) -> bool:
    """Tell whether the schema of a resource, if it has one, names its fields, as the official profile asks for."""
    schema = resource.get("schema", {"fields": [{"name": ""}]})
    fields = schema.get("fields") if isinstance(schema, dict) else None
    if not isinstance(fields, list) or not fields:
        return False
    return all(isinstance(each, dict) and isinstance(each.get("name"), str) for each in fields)


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
