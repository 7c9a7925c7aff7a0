"""From a descriptor to its resources, each with what keeps it from being read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from readouts.datapackage.incident import incident
from readouts.datapackage.json_schema_text import found_text
from readouts.datapackage.schema.descriptor import read_schema
from readouts.datapackage.table.dialect import read_dialect
from readouts.datapackage.table.resource import Resource
from readouts.datapackage.words import quoted

if TYPE_CHECKING:
    from pathlib import Path

    from readouts.datapackage.package.dereference import Dereferenced

__all__ = ["claims_table", "read_resources", "sentence"]

ALGORITHMS = ("md5", "sha1", "sha256", "sha512")

_UNREAD = frozenset(["dialect.lineTerminator", "dialect.property", "dialect.itemKeys"])
"""Properties of a dialect without which rows can't be read as they are meant."""
_TABULAR = frozenset(["csv", "tsv"])
_INLINE = frozenset(["json", "ndjson", "jsonl"])
_OF_MEDIA_TYPES = {"text/csv": "csv", "text/tab-separated-values": "tsv", "application/json": "json"}


def sentence(place: str, message: str) -> str:
    """Return the sentence that in a place of the descriptor something is wrong."""
    text = f"{place}: {message}" if place else f"{message[0].upper()}{message[1:]}"
    return text if text.endswith((".", "?")) else f"{text}."


def read_resources(root: Path, found: Dereferenced) -> list[Resource]:
    """Return the resources of a package, each with what keeps it from being read."""
    written = zip(found.descriptor["resources"], found.places, strict=True)
    return [_resource(root, resource, places, found) for resource, places in written]


def _resource(
    root: Path, written: dict[str, Any], places: tuple[list[Path], list[str]] | None, found: Dereferenced
) -> Resource:
    name = str(written["name"])
    problems = [each for each in found.incidents if each.table == name and each.code != "profile-unknown"]

    def add(code: str, message: str, place: str = "", field: str | None = None) -> None:
        problems.append(incident(code, sentence(f"`{place}`" if place else "", message), table=name, field=field))

    paths, files = places or ([], [])
    path, packed, inner = written.get("path", []), written.get("compression"), written.get("innerpath")
    if not all(isinstance(each, str) for each in (path if isinstance(path, list) else [path])):
        add("resource-error", f"expected the path of a file, or a list of paths; found {found_text(path)}", "path")
    if places is not None and not files and "data" not in written:
        add("resource-error", "expected a `path` or `data`; found neither")
    if not isinstance(packed, str | None):
        add("resource-error", f"expected a text; found {found_text(packed)}", "compression")
        packed = None
    compression = _compression(files[0], packed) if files else ""
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
    if claims_table(written) or form in _TABULAR:
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


def claims_table(resource: dict[str, Any]) -> bool:
    """Return whether a resource says that it is a table."""
    said = resource.get("type") == "table" or resource.get("profile") == "tabular-data-resource"
    return said or isinstance(resource.get("schema"), dict)


def _compression(path: str, written: str | None) -> str:
    """Return how a file is compressed: `gz`, `zip` or an empty text."""
    if written:
        return {"gzip": "gz", "no": ""}.get(written, written)
    suffix = path.rpartition(".")[2].lower()
    return suffix if suffix in {"gz", "zip"} else ""
