"""The file of a table, cut into records of texts as the descriptor says it is written."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from typing import TYPE_CHECKING, Any

from readouts.datapackage.errors import PackageError
from readouts.datapackage.exporting.errors import ExportError
from readouts.datapackage.package.canonical_csv import csv_reader
from readouts.datapackage.package.paths import inside, paths_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from readouts.datapackage.package.package import Package

__all__ = ["misfit", "no_table", "records_of", "resolved"]

_DIALECT = {
    "delimiter": "delimiter",
    "quoteChar": "quotechar",
    "doubleQuote": "doublequote",
    "escapeChar": "escapechar",
    "skipInitialSpace": "skipinitialspace",
}
_READ_ELSEWHERE = frozenset(
    ["$schema", "name", "title", "description", "header", "headerRows", "commentChar", "lineTerminator"]
)
_HASHES = {32: "md5", 40: "sha1", 64: "sha256", 128: "sha512"}
_LINES = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")


def _form(resource: dict[str, Any]) -> str:
    paths = paths_of(resource)
    return str(resource.get("format") or (paths[0].rpartition(".")[2] if paths else "")).lower()


def no_table(resource: dict[str, Any]) -> str | None:
    """Return why a resource is no table that can be read here; None where it is one.

    Examples
    --------
    >>> no_table({"name": "map", "path": "map.png"})
    "it is 'png', not CSV or TSV"
    """
    if not paths_of(resource):
        return "its data is no file"
    if any("://" in path for path in paths_of(resource)):
        return "its data lies elsewhere"
    if _form(resource) not in {"csv", "tsv"}:
        return f"it is '{_form(resource)}', not CSV or TSV"
    packed = resource.get("compression") not in (None, "no") or paths_of(resource)[0].lower().endswith((".gz", ".zip"))
    return "it is compressed: unpack it first" if packed else None


def resolved(package: Package, name: str, resource: dict[str, Any]) -> dict[str, Any]:
    """Return a resource whose schema and dialect are objects, read from the package where it names files.

    Raises
    ------
    PackageError
        A file that it names can't be read, or holds no object.
    ExportError
        Its dialect has a property that isn't read here.
    """
    changed = dict(resource)
    for part in ("schema", "dialect"):
        written = resource.get(part)
        if isinstance(written, str):
            path = inside(package.root, written)
            try:
                changed[part] = json.loads(path.read_text(encoding="utf-8"))
            except (OSError, ValueError, RecursionError) as error:
                message = f"The {part} of the table '{name}' can't be read from {path}: {error}."
                raise PackageError(message) from error
        if not isinstance(changed.get(part, {}), dict):
            message = f"The {part} of the table '{name}' of {package.root} is no object."
            raise PackageError(message)
    strange = {*changed.get("dialect", {})} - {*_DIALECT, *_READ_ELSEWHERE}
    if strange:
        message = (
            f"The dialect of the table '{name}' of {package.root} has {', '.join(sorted(strange))}, which exports "
            "don't read. `readouts canonicalise` writes the package in plain CSV."
        )
        raise ExportError(message)
    return changed


def records_of(package: Package, name: str, resource: dict[str, Any]) -> Iterator[list[str]]:
    """Yield the labels of a table's columns, then its rows.

    Raises
    ------
    PackageError
        The file is not the one that the descriptor was written for, or can't be cut into records.
    ExportError
        Its header has several rows.
    """
    dialect = resource.get("dialect", {})
    arguments: dict[str, Any] = {"delimiter": "\t"} if _form(resource) == "tsv" else {}
    arguments |= {_DIALECT[key]: value for key, value in dialect.items() if key in _DIALECT}
    comment = dialect.get("commentChar")
    try:
        text = _data(package, name, resource).decode(_encoding(resource))
        if comment:
            text = _uncommented(text, comment, arguments.get("quotechar", '"'))
        records = (record for record in csv_reader(io.StringIO(text, newline=""), **arguments) if record)
        if dialect.get("header") is False or dialect.get("headerRows") in (False, []):
            yield _positional(resource)
        elif dialect.get("headerRows", [1]) != [1]:
            message = f"The table '{name}' of {package.root} has a header of several rows, which exports don't read."
            raise ExportError(message)
        yield from records
    except (csv.Error, UnicodeDecodeError, LookupError, TypeError) as error:
        raise misfit(package, name, str(error)) from error


def _uncommented(text: str, comment: str, quote: str | None) -> str:
    """Return a text without the lines that begin with a comment, but for those within a quoted cell."""
    kept, inside = [], False
    for line in _LINES.findall(text):
        if not inside and line.startswith(comment):
            continue
        kept.append(line)
        if quote:
            inside ^= line.count(quote) % 2 == 1
    return "".join(kept)


def _positional(resource: dict[str, Any]) -> list[str]:
    fields = resource.get("schema", {}).get("fields", ())
    return [str(field.get("name")) for field in fields if isinstance(field, dict)]


def _encoding(resource: dict[str, Any]) -> str:
    encoding = str(resource.get("encoding") or "utf-8")
    # A byte order mark before the first label is no part of it.
    return "utf-8-sig" if encoding.lower().replace("_", "-") in {"utf-8", "utf8"} else encoding


def _data(package: Package, name: str, resource: dict[str, Any]) -> bytes:
    parts = []
    for path in paths_of(resource):
        file = inside(package.root, path)
        try:
            parts.append(file.read_bytes())
        except OSError as error:
            message = f"{file} can't be read: {error.strerror}. The descriptor lists it as the table '{name}'."
            raise PackageError(message) from error
    data = b"".join(part if part.endswith(b"\n") or part is parts[-1] else part + b"\n" for part in parts)
    expected = str(resource.get("hash") or "")
    algorithm = expected.partition(":")[0] if ":" in expected else _HASHES.get(len(expected), "")
    if algorithm in _HASHES.values() and len(parts) == 1:
        found = hashlib.new(algorithm, data, usedforsecurity=False).hexdigest()
        if found != expected.rpartition(":")[2].lower():
            message = (
                f"The file of the table '{name}' of {package.root} is not the one that its descriptor was written for: "
                f"expected {expected}, found {algorithm}:{found}. Restore the file, or "
                "build the package again."
            )
            raise PackageError(message)
    return data


def misfit(package: Package, name: str, reason: str) -> PackageError:
    """Return the error that tells of a table that is not what its schema says."""
    return PackageError(
        f"The table '{name}' of {package.root} is not what its schema says: {reason.strip().rstrip('.')}. "
        f"`readouts validate {package.root}` shows every place."
    )
