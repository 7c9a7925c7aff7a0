"""Fixtures of the formats' tests: a small corpus exported once, and a package that makes each format hard."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from readouts.commands.export import main
from readouts.commands.shell import run as run_alone
from readouts.datapackage.exporting.source import Dataset, dataset_of
from readouts.datapackage.package.package import DataPackage, open_package
from readouts.publish.export import export
from tests.command_line import Ended, ended_here
from tests.datapackage.exporting.hostile_names import FORMULAS, HOSTILE_FIELDS, HOSTILE_TABLE
from tests.small_corpus import small_package

if TYPE_CHECKING:
    from pathlib import Path

Exported = Callable[..., Ended]


@pytest.fixture(scope="session")
def package() -> DataPackage:
    """Three articles of the corpus: what formats do with a table doesn't depend on how many rows it has."""
    return open_package(small_package())


@pytest.fixture(scope="session")
def dataset(package: DataPackage) -> Dataset:
    """Its tables."""
    return dataset_of(package)


@pytest.fixture(scope="session")
def exported(package: DataPackage, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with it in every format."""
    folder = tmp_path_factory.mktemp("exported")
    export(package, "all", folder)
    return folder


@pytest.fixture(scope="session")
def run_export() -> Exported:
    """Run the export as a program of its own."""

    def run(*arguments: str | Path, env: dict[str, str] | None = None) -> Ended:
        return ended_here(lambda: run_alone(main), ["export", *map(str, arguments)], env=env)

    return run


@pytest.fixture
def hostile(tmp_path: Path) -> DataPackage:
    """A package whose names and cells are chosen to hurt: SQL, formulas, names that differ in case only."""
    from readouts.datapackage.table.canonical_csv import csv_line

    rows = [[formula, "2", "x", "é", f"n{number}", "N", str(number), ""] for number, formula in enumerate(FORMULAS)]
    lines = csv_line(HOSTILE_FIELDS) + "".join(csv_line(row) for row in rows)
    fields = [{"name": name, "type": "integer" if name in {"a,b", "rowid"} else "string"} for name in HOSTILE_FIELDS]
    resources = [
        {
            "name": HOSTILE_TABLE,
            "path": "data.csv",
            "schema": {"fields": fields, "primaryKey": ["rowid"], "uniqueKeys": [["Name"]]},
        },
        {
            "name": "SQLITE_sequence",
            "path": "other.csv",
            "schema": {
                "fields": [{"name": "to", "type": "integer"}],
                "foreignKeys": [{"fields": ["to"], "reference": {"resource": HOSTILE_TABLE, "fields": ["rowid"]}}],
            },
        },
        {"name": "notes", "path": "notes.txt", "format": "txt"},
    ]
    (tmp_path / "data.csv").write_text(lines, encoding="utf-8")
    (tmp_path / "other.csv").write_text("to\n0\n3\n", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("no table", encoding="utf-8")
    descriptor = {"name": "../Ünsafe name", "resources": resources}
    (tmp_path / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    return open_package(tmp_path)
