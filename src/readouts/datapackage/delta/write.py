"""Writing a delta: its tables, the descriptor that explains them, and the sealed file around both."""

from __future__ import annotations

import io
import re
import zipfile
from itertools import chain
from typing import TYPE_CHECKING, Any

from readouts.datapackage.delta.format import FILES, FORMAT, LINES, PARTS, SEAL_LENGTH, file_of, seal_of
from readouts.datapackage.package.package import DESCRIPTOR
from readouts.datapackage.table.canonical_csv import csv_line, descriptor_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from readouts.datapackage.delta.format import Release, TableDelta

__all__ = ["delta_bytes", "row_label"]

_TIME = (1980, 1, 1, 0, 0, 0)
_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]*")

_OF_FILES = ("path", "old_bytes", "old_sha256", "new_bytes", "new_sha256")
_OF_LINES = ("path", "side", "line", "text")
_OF_CHANGED = ("field", "row", "old", "new")
_NUMBERS = frozenset(["row", "line", "old_bytes", "new_bytes"])


def row_label(fields: Iterable[str]) -> str:
    """Return what the column with the numbers of rows is called next to these columns.

    Examples
    --------
    >>> row_label(["name", "row"])
    'row_'
    """
    label = "row"
    taken = set(fields)
    while label in taken:
        label += "_"
    return label


def _slugs(tables: Iterable[TableDelta]) -> dict[str, str]:
    """Return what each table is called in the delta, whatever its name."""
    slugs: dict[str, str] = {}
    for number, table in enumerate(tables, 1):
        good = _SLUG.fullmatch(table.name) is not None and len(table.name) < 100
        slug = table.name if good else f"table-{number}"
        while slug in slugs.values():
            slug += "-"
        slugs[table.name] = slug
    return slugs


def delta_bytes(
    old: Release,
    new: Release,
    tables: Iterable[tuple[TableDelta, Mapping[str, Iterable[tuple[object, ...]]]]],
    lines: Iterable[tuple[str, str, int, str]],
    whole: Mapping[str, bytes],
) -> bytes:
    """Return a delta as the bytes of its file.

    Parameters
    ----------
    old, new
        The releases, with what their files hold.
    tables
        Tables that differ, each with the rows of its parts.
    lines
        Lines of texts that only one release has: path, side, number and text.
    whole
        Files that are carried as they are, by their hash.
    """
    members: dict[str, bytes] = {}
    resources: list[dict[str, Any]] = []

    def add(name: str, labels: Iterable[str], rows: Iterable[tuple[object, ...]], what: str, key: list[str]) -> None:
        path, columns = f"{name}.csv", list(labels)
        members[path] = "".join(chain([csv_line(columns)], (csv_line(map(str, row)) for row in rows))).encode()
        resources.append(_resource(name, path, columns, what, key))

    add(FILES, _OF_FILES, _manifest(old, new), "What each file of either release holds", ["path"])
    if lines := list(lines):
        add(LINES, _OF_LINES, lines, "Lines that only one release has", ["path", "side", "line"])
    listed = list(tables)
    slugs = _slugs(table for table, _ in listed)
    described = []
    for table, parts in listed:
        names = {}
        for part in PARTS:
            if part in parts:
                names[part] = f"{part}-{slugs[table.name]}"
                labels, what, key = _layout(table, part)
                add(names[part], labels, parts[part], what, key)
        described.append(
            {
                "name": table.name,
                "old": _placed(table.old_path, table.old_fields),
                "new": _placed(table.new_path, table.new_fields),
                "renamed": dict(table.renamed),
                "parts": names,
            }
        )
    for number, (hash_, data) in enumerate(sorted(whole.items()), 1):
        members[file_of(hash_)] = data
        resources.append({"name": f"whole-{number}", "path": file_of(hash_)})
    descriptor = {
        "$schema": _PROFILE,
        "name": f"{new.name}-delta" if _SLUG.fullmatch(new.name) else "delta",
        "title": f"From {old} to {new}, and back",
        "delta": {
            "format": FORMAT,
            "old": {"name": old.name, "version": old.version},
            "new": {"name": new.name, "version": new.version},
            "tables": described,
        },
        "resources": resources,
    }
    return _sealed({DESCRIPTOR: descriptor_bytes(descriptor), **members})


def _placed(path: str | None, fields: tuple[str, ...]) -> dict[str, Any] | None:
    return None if path is None else {"path": path, "fields": list(fields)}


def _manifest(old: Release, new: Release) -> Iterator[tuple[object, ...]]:
    for path in sorted({*old.files, *new.files}):
        row: list[object] = [path]
        for side in (old, new):
            content = side.files.get(path)
            row += ["", ""] if content is None else [content.bytes, content.sha256]
        yield tuple(row)


def _layout(table: TableDelta, part: str) -> tuple[list[str], str, list[str]]:
    """Return the columns of a part, what its rows are, and its primary key."""
    if part == "changed":
        return list(_OF_CHANGED), f"{table.name}: cells that changed, by row of the old release", ["field", "row"]
    if part in {"removed", "added"}:
        side, cells = ("old", table.old_fields) if part == "removed" else ("new", table.new_fields)
        number = row_label(cells)
        return [number, *cells], f"{table.name}: rows that only the {side} release has", [number]
    side, fields = ("old", table.lost) if part == "lost" else ("new", table.gained)
    return fields, f"{table.name}: columns that only the {side} release has, for rows that both have", []


def _resource(name: str, path: str, labels: list[str], what: str, key: list[str]) -> dict[str, Any]:
    own = name in {FILES, LINES} or name.startswith("changed-")
    numbers = _NUMBERS if own else set(key)
    fields = [{"name": label, "type": "integer" if label in numbers else "string"} for label in labels]
    schema: dict[str, Any] = {"fields": fields}
    if name != FILES:
        # Only there is a cell missing; elsewhere an empty text is a value.
        schema["missingValues"] = []
    if key:
        schema["primaryKey"] = key
    return {"name": name, "type": "table", "description": f"{what}.", "path": path, "format": "csv", "schema": schema}


def _sealed(members: Mapping[str, bytes]) -> bytes:
    """Return members as a ZIP file whose comment is the hash of all bytes before it."""
    # Bzip2 has one compressor, which is finished: those of `deflate` and `xz` change their bytes with versions.
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_BZIP2, compresslevel=9) as archive:
        archive.comment = b"." * SEAL_LENGTH
        for name, data in members.items():
            entry = zipfile.ZipInfo(name, _TIME)
            entry.external_attr = 0o100644 << 16
            entry.create_system = 3
            entry.compress_type = zipfile.ZIP_BZIP2
            archive.writestr(entry, data, compresslevel=9)
    body = stream.getvalue()[:-SEAL_LENGTH]
    return body + seal_of(body)
