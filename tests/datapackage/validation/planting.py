"""Planting one defect in a package: the bytes of a table or the descriptor changed, and nothing else left wrong."""

from __future__ import annotations

import csv
import io
import json
import shutil
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from readouts.compile.compiler import compile_tree
from readouts.compile.rebuild import write_package
from readouts.compile.store import Store
from readouts.datapackage.findings import Findings
from readouts.datapackage.incident import sorted_incidents
from readouts.datapackage.package.package import open_package
from readouts.datapackage.table.canonical_csv import csv_line, descriptor_bytes
from readouts.datapackage.validation.start import begin
from readouts.datapackage.validation.validator import check_package
from tests.conftest import INVENTED

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from readouts.datapackage.incident import Incident

__all__ = [
    "build",
    "check",
    "edit_descriptor",
    "plant_bytes",
    "plant_cell",
    "plant_rows",
    "read_cells",
    "refresh",
]


def edit_descriptor(root: Path, edit: Callable[[dict[str, Any]], None]) -> None:
    """Change the descriptor of a package in place."""
    path = root / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    edit(descriptor)
    path.write_bytes(descriptor_bytes(descriptor))


def refresh(root: Path, table: str) -> None:
    """Make the descriptor tell the size and hash that a table's file has."""
    data = (root / "data" / f"{table}.csv").read_bytes()

    def edit(descriptor: dict[str, Any]) -> None:
        resource = next(entry for entry in descriptor["resources"] if entry["name"] == table)
        resource |= {"bytes": len(data), "hash": f"sha256:{sha256(data).hexdigest()}"}

    edit_descriptor(root, edit)


def plant_bytes(root: Path, table: str, edit: Callable[[bytes], bytes]) -> None:
    """Change the bytes of a table's file, and refresh the descriptor."""
    path = root / "data" / f"{table}.csv"
    before = path.read_bytes()
    after = edit(before)
    assert after != before, "the defect changes nothing"
    path.write_bytes(after)
    refresh(root, table)


def read_cells(root: Path, table: str) -> list[list[str]]:
    """Return the lines of a table as cells, the header first."""
    text = (root / "data" / f"{table}.csv").read_text(encoding="utf-8")
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def plant_rows(root: Path, table: str, edit: Callable[[list[list[str]]], None]) -> None:
    """Change the lines of a table as cells, the header first; row 1 is the first below it."""
    lines = read_cells(root, table)
    edit(lines)
    plant_bytes(root, table, lambda _: "".join(csv_line(cell or None for cell in cells) for cells in lines).encode())


def plant_cell(root: Path, table: str, row: int, field: str, value: str) -> None:
    """Change one cell; row 1 is the first below the header."""

    def edit(lines: list[list[str]]) -> None:
        lines[row][lines[0].index(field)] = value

    plant_rows(root, table, edit)


def build(home: Path) -> Path:
    """Build the invented corpus in a folder, without its annotations beside it; return the package's folder."""
    tree, root = home / "tree" / "annotations", home / "package"
    shutil.copytree(INVENTED / "annotations", tree)
    root.mkdir()
    write_package(compile_tree(tree, Store(None)), root)
    return root


def check(root: Path, *, limit: int | None = None, content: bool = True, ask: bool = False) -> list[Incident]:
    """Return what the core finds in a package, in the order of places; frictionless is asked only where it matters."""
    findings = Findings(limit)
    check_package(begin(open_package(root), ask_frictionless=ask), findings, content=content)
    return sorted_incidents(findings.incidents)
