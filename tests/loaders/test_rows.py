"""The types of rows: what the schemas say, what is in the rows, and what a type checker makes of them."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin, get_type_hints

import pytest

import readouts
from docs.row_types import row_types
from readouts.corpus_schema.tables import tables
from readouts.datapackage.errors import PackageError, SchemaError
from readouts.datapackage.schema.model import Field, Table
from readouts.loaders import rows as row_module
from readouts.loaders.rows import type_name
from tests.conftest import ROOT

if TYPE_CHECKING:
    from readouts.loaders.rows import Statement


def test_the_stub_is_the_one_that_the_schemas_give() -> None:
    path = Path(row_module.__file__ or "").with_suffix(".pyi")
    assert path.read_text(encoding="utf-8") == row_types(tables()), "run `make docs` and commit what it writes"


def test_what_is_generated_is_formatted_as_the_project_is() -> None:
    for command in (["check", "--quiet"], ["format", "--check", "--quiet"]):
        subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--stdin-filename", "src/readouts/loaders/rows.pyi", "-"],
            input=row_types(tables()),
            text=True,
            check=True,
            cwd=ROOT,
        )


def _fits(value: Any, hint: Any) -> bool:
    if get_origin(hint) is Literal:
        return value in get_args(hint)
    if get_origin(hint) is list:
        return isinstance(value, list) and all(isinstance(each, get_args(hint)[0]) for each in value)
    options = get_args(hint)
    return any(_fits(value, each) for each in options) if options else type(value) is hint


@pytest.mark.parametrize("table", tables())
@pytest.mark.parametrize("corpus", ["invented", "published"])
def test_every_row_is_of_its_type(invented_package: Path, corpus: str, table: str) -> None:
    opened = readouts.open(invented_package) if corpus == "invented" else readouts.load()
    hints = get_type_hints(getattr(row_module, type_name(table)), localns={"date": date})
    rows: list[dict[str, Any]] = list(opened.rows(table))
    assert len(rows) == len(opened.table(table))
    for row in rows:
        assert list(row) == list(hints)
        for name, value in row.items():
            assert _fits(value, hints[name]), (name, value)


def test_a_type_checker_knows_rows_and_tables() -> None:
    """Hold what a type checker accepts and refuses: mypy reads this file, and tells of an `ignore` without an error."""
    corpus = readouts.load("1.0.0")
    statements: list[Statement] = corpus.rows("statements")
    start: int = statements[0]["start"]
    topics: set[str] = {row["topic"].upper() for row in statements if row["speaker_id"] is not None}
    years: list[int] = [row["date"].year for row in corpus.rows("events") if row["date"] is not None]
    aliases: list[str] = [alias.upper() for row in corpus.rows("entities") for alias in row["aliases"]]
    heights = (corpus.to_polars("statements").height, corpus.to_polars()["statements"].height, len(corpus.statements))
    assert start > 0
    assert topics
    assert set(years) == {2014}
    assert aliases
    assert set(heights) == {len(statements)}

    with pytest.raises(KeyError):
        statements[0]["speaker"]  # type: ignore[typeddict-item]
    with pytest.raises(AttributeError):
        next(row for row in statements if row["speaker_id"] is None)["speaker_id"].upper()  # type: ignore[union-attr]
    with pytest.raises(TypeError):
        corpus.rows("events")[0]["date"] + 1  # type: ignore[operator]
    assert all(row["polarity"] != "neutral" for row in statements)  # type: ignore[comparison-overlap]
    with pytest.raises(AttributeError, match="Did you mean 'statements'"):
        len(corpus.statement)  # type: ignore[attr-defined]


def test_a_name_that_python_does_not_take_is_refused() -> None:
    field = Field(name="from", title="From", description="", type="string", example="x")
    table = Table(name="letters", title="Letters", description="", fields=(field,), primary_key=("from",))
    with pytest.raises(SchemaError, match="expected a name that is one in Python too"):
        row_types({"letters": table})


def test_two_tables_with_one_name_in_the_singular_are_refused() -> None:
    table = Table(name="letters", title="Letters", description="", fields=(), primary_key=())
    with pytest.raises(SchemaError, match="would share the type"):
        row_types({"letters": table, "letter": table})


def test_a_row_that_is_not_what_its_schema_says_is_named(invented_package: Path) -> None:
    corpus = readouts.open(invented_package)
    corpus.descriptor["resources"][0]["schema"]["fields"][0] = {"name": "account_id", "type": "integer"}
    with pytest.raises(PackageError, match=r"row 1, account_id: expected a whole number in digits, found"):
        corpus.rows("accounts")
