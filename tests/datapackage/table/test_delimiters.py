"""A file with another delimiter than its dialect's is one finding, and a table that has its own is not suspected."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readouts.datapackage.schema.model import Field, Table
from readouts.datapackage.table.delimiters import delimiter_fault
from readouts.datapackage.table.dialect import Dialect
from tests.datapackage.validation.planting import check
from tests.packages import write_package_of
from tests.properties import examples

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run

FIELDS = {"name": "string", "depth": "number", "since": "date"}
LAKES = "name;depth;since\nLoch Ness;230;1901-05-04\nComo;425;1902-06-05\n"


def package(root: Path, text: str, fields: dict[str, str] | None = None, path: str = "lakes.csv", **more: Any) -> Path:
    schema = {"fields": [{"name": name, "type": kind} for name, kind in (fields or FIELDS).items()]}
    resource = {"name": "lakes", "type": "table", "path": path, "schema": schema, **more}
    return write_package_of(root, {path: text}, [resource])


@pytest.mark.parametrize(
    ("text", "path", "declared", "found"),
    [
        (LAKES, "lakes.csv", None, ";"),
        (LAKES.replace(";", "\t"), "lakes.csv", None, "\t"),
        (LAKES.replace(";", "|"), "lakes.csv", None, "|"),
        (LAKES.replace(";", ","), "lakes.csv", ";", ","),
        (LAKES.replace(";", ","), "lakes.tsv", None, ","),
        (LAKES, "lakes.csv", "\t", ";"),
        ('"name";"depth";"since"\n"Loch; Ness";230;1901-05-04\n', "lakes.csv", None, ";"),
        ("name;depth\nLoch Ness;230\n", "lakes.csv", None, ";"),
        ("Name;Tiefe;seit\nLoch Ness;230;1901-05-04\n", "lakes.csv", None, ";"),
        ("name;depth;since\n", "lakes.csv", None, ";"),
        ("name; depth; since", "lakes.csv", None, ";"),
        ("name;depth;since\nComo;425,5;1902-06-05\nIseo;251,25;1902-06-05\n", "lakes.csv", None, ";"),
        (LAKES.replace("\n", "\r\n"), "lakes.csv", None, ";"),
    ],
)
def test_another_delimiter_is_one_finding_and_its_hint_gives_the_right_one(
    tmp_path: Path, text: str, path: str, declared: str | None, found: str
) -> None:
    more = {} if declared is None else {"dialect": {"delimiter": declared}}
    (finding,) = check(package(tmp_path, text, path=path, **more))
    assert (finding.code, finding.line) == ("format-error", 1)
    assert repr(found) in finding.message
    assert finding.hint.startswith(f"Set `delimiter` to {json.dumps(found)} in the dialect of the resource.")


def test_the_hint_leads_to_a_valid_package(tmp_path: Path, run: Run) -> None:
    text = "name;depth;since\nComo;425,5;1902-06-05\n"
    (finding,) = check(package(tmp_path / "before", text))
    assert finding.hint.endswith("Fields whose numbers have a decimal comma need `decimalChar`.")
    root = package(tmp_path / "after", text, dialect={"delimiter": ";"})
    descriptor = json.loads((root / "datapackage.json").read_text(encoding="utf-8"))
    descriptor["resources"][0]["schema"]["fields"][1]["decimalChar"] = ","
    (root / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    assert run("validate", root).returncode == 0


@pytest.mark.parametrize(
    ("text", "says", "line"),
    [
        ("name,depth,since\nComo;425;1902-06-05\n", "found ',' in the header and ';' in the rows", 2),
        ("name;depth;since\nComo,425,1902-06-05\n", "found ';' in the header and ',' in the rows", 2),
    ],
)
def test_a_header_with_another_delimiter_than_the_rows_is_one_finding(
    tmp_path: Path, text: str, says: str, line: int
) -> None:
    (finding,) = check(package(tmp_path, text))
    assert (finding.code, finding.line) == ("format-error", line)
    assert says in finding.message


def test_rows_without_a_header_are_suspected_by_their_width(tmp_path: Path) -> None:
    rows = LAKES.partition("\n")[2]
    (finding,) = check(package(tmp_path, rows, dialect={"header": False}))
    assert (finding.code, "found ';'" in finding.message) == ("format-error", True)


@pytest.mark.parametrize(
    ("text", "fields", "codes"),
    [
        ("name\na;b\nc;d\n", {"name": "string"}, set()),
        ("a;b\nc;d\n", {"a;b": "string"}, set()),
        ("name,note\nComo,a;b;c\nIseo,d;e;f\n", {"name": "string", "note": "string"}, set()),
        ("name,note\n\"a;b\",c\n\"d;e\",f\n", {"name": "string", "note": "string"}, set()),
        ("nam,depth\nComo,425\n", {"name": "string", "depth": "number"}, {"incorrect-label"}),
        ("nam\nComo\n", {"name": "string"}, {"incorrect-label"}),
        ("na;me\nComo\nIseo;x\n", {"name": "string", "depth": "number"}, {"incorrect-label", "missing-label"}),
        ("name,depth\nComo,425\nIseo;251\n", {"name": "string", "depth": "number"}, {"missing-cell"}),
        ("name,depth\n", {"name": "string", "depth": "number"}, set()),
    ],
)  # fmt: skip
def test_a_table_with_its_own_delimiter_is_judged_as_ever(
    tmp_path: Path, text: str, fields: dict[str, str], codes: set[str]
) -> None:
    assert {finding.code for finding in check(package(tmp_path, text, fields))} == codes


NAMES = ["name", "depth", "a;b", "c|d", "e\tf", "x"]
CELL = st.text(st.sampled_from("ab;|\t,1"), max_size=5)


@settings(max_examples=examples(150))
@given(
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True).flatmap(
        lambda names: st.tuples(
            st.just(names), st.lists(st.lists(CELL, min_size=len(names), max_size=len(names)), max_size=6)
        )
    ),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_a_file_as_its_dialect_says_is_never_suspected(
    table: tuple[list[str], list[list[str]]], delimiter: str, quoting: Any
) -> None:
    names, rows = table
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, lineterminator="\n", quoting=quoting).writerows([names, *rows])
    schema = Table("t", fields=tuple(map(Field, names)))
    data = stream.getvalue().encode()
    assert delimiter_fault(data, schema, Dialect(delimiter=delimiter), width=len(names), final=True) is None
