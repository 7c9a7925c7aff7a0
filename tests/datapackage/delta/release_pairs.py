"""Packages made for tests of deltas and of the canonical form: any tables, with the cells that go wrong elsewhere."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from readouts.corpus_schema.bundled import EXTRA_FILES
from readouts.datapackage.package.package import DataPackage, open_package
from readouts.datapackage.table.canonical_csv import csv_line, descriptor_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hypothesis.strategies import DrawFn

AWKWARD = (
    "",
    "NA",
    " leading",
    "trailing ",
    'say "b"',
    "a,b",
    "two\nlines",
    "a\r\nb",
    "\r",
    "007",
    "1.50",
    "😀𝔘",
)
CELLS = st.sampled_from(AWKWARD) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6
)
KEYS = st.sampled_from(["a", "b", "B", "a b", "10", "9", "é", "\ufb01", "😀", 'q"', "x,y", "l\nf", " ", "a-1", "a.1"])
NAMES = ("first", "second", "third", "row", "old", "Über name", "field")


@dataclass
class Made:
    """A table: columns, how many of them, from the left, are its key, and rows."""

    fields: list[str]
    width_of_key: int
    rows: list[list[str]]
    order: list[int] = field(default_factory=list)

    @property
    def key(self) -> list[str]:
        return [self.fields[place] for place in self.order[: self.width_of_key]]


@st.composite
def made_tables(draw: DrawFn) -> Made:
    """A table with a key of none to three columns, at any places."""
    fields = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=5, unique=True))
    width = draw(st.integers(0, min(3, len(fields))))
    order = draw(st.permutations(range(len(fields))))
    table = Made(fields, width, [], list(order))
    table.rows = draw_rows(draw, table, 8)
    return table


def draw_rows(draw: DrawFn, table: Made, most: int) -> list[list[str]]:
    cells = [KEYS if name in table.key else CELLS for name in table.fields]
    places = [table.fields.index(name) for name in table.key]
    return draw(
        st.lists(
            st.tuples(*cells).map(list),
            max_size=most,
            unique_by=(lambda row: tuple(row[place] for place in places)) if places else None,
        )
    )


@st.composite
def edited(draw: DrawFn, table: Made) -> Made:
    """The table as a later release may have it: rows and cells changed, columns added, removed, renamed, moved."""
    rows = [list(row) for row in table.rows if draw(st.integers(0, 3))]
    loose = [place for place, name in enumerate(table.fields) if name not in table.key]
    for row in rows:
        if draw(st.booleans()) and loose:
            row[draw(st.sampled_from(loose))] = draw(CELLS)
    later = Made(list(table.fields), table.width_of_key, rows, list(table.order))
    places = [later.fields.index(name) for name in later.key]
    known = {tuple(row[place] for place in places) for row in rows}
    for row in draw_rows(draw, later, 4):
        if not places or tuple(row[place] for place in places) not in known:
            rows.append(row)
            known.add(tuple(row[place] for place in places))
    for change in draw(st.lists(st.sampled_from(["rename", "add", "remove", "move", "key"]), max_size=2)):
        later = restructured(draw, later, change)
    return later


def restructured(draw: DrawFn, table: Made, change: str) -> Made:
    fields, rows, key = list(table.fields), [list(row) for row in table.rows], table.key
    free = [name for name in NAMES if name not in fields]
    if change == "rename" and free:
        place, name = draw(st.integers(0, len(fields) - 1)), draw(st.sampled_from(free))
        key = [name if column == fields[place] else column for column in key]
        fields[place] = name
    elif change == "add" and free:
        place = draw(st.integers(0, len(fields)))
        fields.insert(place, draw(st.sampled_from(free)))
        for row in rows:
            row.insert(place, draw(CELLS))
    elif change == "remove" and len(fields) > len(key) and len(fields) > 1:
        place = draw(st.sampled_from([place for place, name in enumerate(fields) if name not in key]))
        del fields[place]
        for row in rows:
            del row[place]
    elif change == "move":
        order = draw(st.permutations(range(len(fields))))
        fields, rows = [fields[place] for place in order], [[row[place] for place in order] for row in rows]
    elif change == "key":
        key = []
    order = [fields.index(name) for name in key]
    return Made(fields, len(key), rows, order + [place for place in range(len(fields)) if place not in order])


def write_package(root: Path, tables: dict[str, Made], others: dict[str, bytes], version: str) -> DataPackage:
    """Write tables as a package in canonical form, sorted by Python alone."""
    resources = []
    for name, table in tables.items():
        path = f"data/{name}.csv"
        places = [table.fields.index(column) for column in table.key] or list(range(len(table.fields)))
        rows = sorted(table.rows, key=lambda row, places=places: [row[place] for place in places])  # type: ignore[misc]
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes("".join(map(csv_line, [table.fields, *rows])).encode())
        schema: dict[str, Any] = {"fields": [{"name": column, "type": "string"} for column in table.fields]}
        if table.key:
            schema["primaryKey"] = table.key
        resources.append({"name": name, "path": path, "format": "csv", "bytes": file.stat().st_size, "schema": schema})
    for name, data in others.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        if name not in {"data/README.md", "LICENSE-DATA"}:
            resources.append({"name": name.replace("/", "-"), "path": name})
    # A package without any resource is none.
    resources = resources or [{"name": "nothing", "data": []}]
    root.mkdir(parents=True, exist_ok=True)
    descriptor = {"name": "lakes", "version": version, "resources": resources}
    (root / "datapackage.json").write_bytes(descriptor_bytes(descriptor))
    return open_package(root, EXTRA_FILES)


def content(root: Path) -> dict[str, bytes]:
    """Every file of a folder, and nothing left out."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def lakes(root: Path, version: str, rows: Sequence[tuple[str, str]], **properties: Any) -> DataPackage:
    """Write a package of one small table."""
    data = "".join(map(csv_line, [("name", "depth"), *rows])).encode()
    root.mkdir(parents=True)
    (root / "lakes.csv").write_bytes(data)
    schema = {"fields": [{"name": "name", "type": "string"}, {"name": "depth", "type": "any"}], "primaryKey": ["name"]}
    resource = {"name": "lakes", "path": "lakes.csv", "format": "csv", "schema": schema} | properties
    (root / "datapackage.json").write_text(
        json.dumps({"name": "lakes", "version": version, "resources": [resource]}, indent=2, ensure_ascii=False) + "\n",
        encoding="utf-8",
        newline="\n",
    )
    return open_package(root, EXTRA_FILES)
