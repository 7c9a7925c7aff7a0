"""The committed package: it is what the annotations give, and keeps every contract of its tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts import contracts
from readouts.corpus_schema.tables import tables
from readouts.datapackage.package.package import Row, open_package
from readouts.loaders import Corpus
from tests.conftest import ROOT

if TYPE_CHECKING:
    from tests.conftest import Run

PACKAGE = open_package(ROOT)


def rows(name: str) -> list[Row]:
    return PACKAGE.rows(name)


def test_the_committed_package_is_what_the_annotations_give(run: Run) -> None:
    done = run("rebuild", "--check", cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_package_holds_every_table_of_the_schemas_and_rows_in_most() -> None:
    assert set(PACKAGE.resources) == set(tables())
    assert {name for name in PACKAGE.resources if not rows(name)} <= {"id_changes", "addressees"}


def test_every_table_keeps_its_contract_and_what_joins_it_to_the_others() -> None:
    corpus = Corpus(PACKAGE)
    assert contracts.validate(corpus) is corpus


def test_every_entity_is_used() -> None:
    used = {
        row[column]
        for name, table in tables().items()
        for column, target in table.references.items()
        if target == "entities"
        for row in rows(name)
    }
    assert sorted({row["entity_id"] or "" for row in rows("entities")} - {value for value in used if value}) == []
