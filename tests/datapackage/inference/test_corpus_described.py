"""The corpus's own files, described without their schemas: the keys and references that the schemas have."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from readouts.datapackage import Description, describe

ROOT = Path(__file__).resolve().parents[3]
WRONG: dict[str, set[Any]] = {}
"""Proposals that the schemas don't have, by table: at most one each."""


@pytest.fixture(scope="module")
def described() -> Description:
    return describe(*sorted((ROOT / "data").glob("*.csv")), check=True)


def _keys(schema: dict[str, Any], name: str) -> tuple[list[str], set[Any]]:
    references = {
        (tuple(key["fields"]), key["reference"].get("resource") or name, tuple(key["reference"]["fields"]))
        for key in schema.get("foreignKeys", [])
    }
    return schema.get("primaryKey", []), references


def test_the_descriptor_validates_the_files(described: Description) -> None:
    assert described.report is not None
    assert described.report.counts == {}


def test_the_key_and_every_reference_of_each_table_with_rows_are_found(described: Description) -> None:
    package = json.loads((ROOT / "datapackage.json").read_text(encoding="utf-8"))
    schemas = {resource["name"]: resource["schema"] for resource in package["resources"]}
    found = {resource["name"]: resource["schema"] for resource in described.descriptor["resources"]}
    for table in described.tables:
        if table.rows:
            key, references = _keys(schemas[table.name], table.name)
            own_key, own_references = _keys(found[table.name], table.name)
            wrong = WRONG.get(table.name, set())
            assert len(wrong) <= 1
            assert (table.name, own_key, own_references - wrong) == (table.name, key, references)
