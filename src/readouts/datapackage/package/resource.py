"""From a descriptor to resources that can be checked, and everything that is wrong with it on the way."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from readouts.datapackage.incident import Incident, incident
from readouts.datapackage.package.profiles import profile_errors
from readouts.datapackage.schema.descriptor import read_schema
from readouts.datapackage.schema.regex import whole
from readouts.datapackage.table.dialect import read_dialect
from readouts.datapackage.table.resource import Resource

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from readouts.datapackage.package.dereference import Dereferenced

__all__ = ["Descriptors", "compression_of", "read_descriptors", "read_resources"]

ALGORITHMS = ("md5", "sha1", "sha256", "sha512")

_SUBTRACTION = re.compile(r"\[[^\[\]]*-\[")
"""A class of characters without those of another, in the syntax of XML Schema."""
_TABULAR = frozenset(["csv", "tsv"])
_INLINE = frozenset(["json", "ndjson", "jsonl"])


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
    for resource in resources:
        for problem in resource.problems:
            # What the official profile has said is not said again.
            told = problem in inlined.incidents or (problem.table, problem.field or "") in seen
            if not told or problem.code == "unsupported-feature":
                found.incidents.append(problem)
        if resource.readable:
            found.resources.append(_supported(found, resource))
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
    return [_resource(root, resource, places, found.incidents) for resource, places in written]


def _resource(
    root: Path, written: dict[str, Any], places: tuple[list[Path], list[str]] | None, before: list[Incident]
) -> Resource:
    name = str(written["name"])
    problems = [each for each in before if each.table == name and each.code != "profile-unknown"]

    def add(code: str, message: str, column: str | None = None) -> None:
        problems.append(incident(code, message[0].upper() + message[1:], table=name, field=column))

    paths, files = places or ([], [])
    path = written.get("path", [])
    if not all(isinstance(each, str) for each in (path if isinstance(path, list) else [path])):
        add("resource-error", f"Expected the path of a file, or a list of paths; found {path!r:.80}.")
    if places is not None and not files and "data" not in written:
        add("resource-error", "Expected a `path` or `data`; found neither.")
    compression = compression_of(files[0], written.get("compression")) if files else ""
    if compression not in {"", "gz", "zip"}:
        add("unsupported-feature", f"The compression '{compression}' is not supported: only gz and zip are.")
    stem = files[0].removesuffix(f".{compression}") if files else ""
    form = str(written.get("format") or stem.rpartition(".")[2]).lower()
    schema = written.get("schema")
    typed = isinstance(schema, dict) or written.get("type") == "table" or form in _TABULAR
    table, doubt = None, None
    if typed or written.get("profile") == "tabular-data-resource":
        table, faults = read_schema(name, schema if isinstance(schema, dict) else {})
        doubt = next((fault.message for fault in faults if fault.about_values), None)
        for fault in faults:
            code = "unsupported-feature" if fault.unsupported else "schema-error"
            add(code, fault.message if fault.message.endswith((".", "?")) else f"{fault.message}.", fault.field)
    known = not files or table is None or form in _TABULAR | _INLINE
    if not known:
        add("unsupported-feature", f"The format '{form}' is not supported for tables: only csv, tsv and json are.")
    dialect_written = written.get("dialect")
    dialect, problems_of_dialect = read_dialect(dialect_written if isinstance(dialect_written, dict) else {}, form)
    for message, unsupported in problems_of_dialect:
        add("unsupported-feature" if unsupported else "resource-error", message, "dialect")
    expected = written.get("hash")
    expected = expected if isinstance(expected, str) else ""
    algorithm, _, digest = expected.rpartition(":")
    # A hash without an algorithm is one of MD5.
    algorithm = algorithm.lower() or "md5"
    if digest and algorithm not in ALGORITHMS:
        add(
            "unsupported-feature", f"The hash is '{expected[:80]}': only {', '.join(ALGORITHMS)} are supported.", "hash"
        )
    readable = places is not None and bool(files or "data" in written) and compression in {"", "gz", "zip"}
    size = written.get("bytes")
    text = not files and isinstance(written.get("data"), str)
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
        form=form if files or (text and form in _TABULAR) else "json",
        encoding=str(written.get("encoding") or "utf-8"),
        compression=compression,
        inner=written.get("innerpath"),
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
