"""How a bare file is written is sniffed, and what is sniffed validates the file."""

from __future__ import annotations

import gzip
import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from readouts.datapackage import describe
from readouts.datapackage.errors import PackageError
from readouts.datapackage.inference.description import described_files
from readouts.datapackage.optional import MissingDependencyError
from tests.datapackage.inference.describing import described, types
from tests.properties import examples

if TYPE_CHECKING:
    from pathlib import Path

    from readouts.datapackage import Description

FORMS: dict[str, tuple[str | bytes, dict[str, Any]]] = {
    "commas": ("id,name\n1,Como\n2,Garda\n", {}),
    "semicolons": ("id;name\n1;Como, Italy\n2;Garda\n", {"dialect": {"delimiter": ";"}}),
    "tabs": ("id\tname\n1\tComo\n2\tGarda\n", {"dialect": {"delimiter": "\t"}}),
    "bars": ("id|name\n1|Como\n2|Garda\n", {"dialect": {"delimiter": "|"}}),
    "other delimiters and quotes in cells": (
        'id\tname\talso\n1\t"the ""Lario"""\t1,5\n2\tIseo|Sebino\t"a\tb"\n',
        {"dialect": {"delimiter": "\t"}},
    ),
    "lists in cells": ("id,also\n1,Lario|Como\n2,Garda|Benaco\n3,Iseo|Sebino\n", {}),
    "single quotes": ("'id','name'\n'1','Como, Italy'\n'2','Garda'\n", {"dialect": {"quoteChar": "'"}}),
    "apostrophes": ("id,name\n1,Lago d'Orta\n2,Lago d'Iseo\n", {}),
    "escaped quotes": ('id,name\n1,"the \\"Lario\\" lake"\n2,"Garda"\n', {"dialect": {"escapeChar": "\\"}}),
    "inches": ('id,pipe\n1,5" wide\n2,6" wide\n', {"dialect": {"quoteChar": ""}}),
    "blanks after commas": ("id, name\n1, Como\n2, Garda\n", {"dialect": {"skipInitialSpace": True}}),
    "comments": ("# from a survey\n# of 2031\nid,name\n1,Como\n", {"dialect": {"commentChar": "#"}}),
    "comments between rows": ("id,name\n# Italy\n1,Como\n2,Garda\n", {"dialect": {"commentChar": "#"}}),
    "number signs in cells": ("place,name\n#1,Como\n#2,Garda\n", {}),
    "a number sign in the header": ("#,name\n1,Como\n2,Garda\n", {}),
    "carriage returns": ("id,name\r1,Como\r2,Garda\r", {"dialect": {"lineTerminator": "\r"}}),
    "a title": ("Lakes of Italy\n\nid,name\n1,Como\n2,Garda\n", {"dialect": {"headerRows": [3]}}),
    "blank lines above": ("\n\nid,name\n1,Como\n2,Garda\n", {"dialect": {"headerRows": [3]}}),
    "one column below a blank line": ("\nname\nComo\n", {"dialect": {"headerRows": [2]}}),
    "a workbook's export": (
        '\ufeffid;name\r\n1;Como\r\n2;"Iseo; Sebino"\r\n',
        {"encoding": "utf-8-sig", "dialect": {"delimiter": ";"}},
    ),
    "a cell over lines, cut by the sample": ('id,text\n1,"' + "a, b\n" * 5000 + '"\n2,c\n', {}),
    "no header": ("1,Como\n2,Garda\n", {"dialect": {"header": False}}),
    "no header and two numbers": ("1,Como,410\n2,Garda,346\n", {"dialect": {"header": False}}),
    "months as columns": ("lake,1,2,3\nComo,7,8,9\nGarda,4,5,6\n", {}),
    "years as columns": ("lake,2029,2030,2031\nComo,1,2,3\nGarda,4,5,6\n", {}),
    "one column with commas": ("place\nComo, Italy\nGarda\nIseo\n", {"dialect": {"delimiter": ";"}}),
    "a mark": ("\ufeffid,name\n1,Mondsée\n", {"encoding": "utf-8-sig"}),
    "UTF-16": ("id,name\n1,Mondsée\n".encode("utf-16"), {"encoding": "utf-16"}),
    "UTF-16 without a mark": ("id,name\n1,Mondsée\n".encode("utf-16-le"), {"encoding": "utf-16-le"}),
    "Western letters": ("id,name\n1,Zürichsee\n".encode("windows-1252"), {"encoding": "windows-1252"}),
    "Polish letters": ("id,name\n1,Śniardwy\n2,Łebsko\n3,Gopło\n".encode("windows-1250"), {"encoding": "windows-1250"}),
}


def _form(description: Description) -> dict[str, Any]:
    resource = description.descriptor["resources"][0]
    return {name: resource[name] for name in ("encoding", "dialect") if name in resource}


@pytest.mark.parametrize("case", FORMS)
def test_what_is_sniffed_reads_the_file_without_a_finding(case: str, tmp_path: Path) -> None:
    text, expected = FORMS[case]
    found = described(tmp_path, lakes=text)
    assert _form(found) == {"encoding": "utf-8"} | expected
    assert found.report is not None
    assert found.report.counts == {}


def test_a_delimiter_that_alone_cuts_all_rows_is_found_without_clevercsv(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "clevercsv.detect", None)
    text, expected = FORMS["semicolons"]
    assert _form(described(tmp_path, lakes=text)) == {"encoding": "utf-8"} | expected
    with pytest.raises(MissingDependencyError, match="clevercsv"):
        described(tmp_path, lakes=FORMS["a title"][0])


def test_an_encoding_is_told_from_bytes_that_come_late(tmp_path: Path) -> None:
    rows = "".join(f"{number},lake\n" for number in range(150_000))
    found = described(tmp_path, lakes=f"id,name\n{rows}150000,Zürichsee\n".encode("windows-1252"))
    assert _form(found)["encoding"] == "windows-1252"


def test_a_packed_file_is_described(tmp_path: Path) -> None:
    (tmp_path / "lakes.csv.gz").write_bytes(gzip.compress(b"lake_id,depth\ncomo,410\ngarda,346\n"))
    found = describe(tmp_path / "lakes.csv.gz", check=True)
    assert types(found) == {"lake_id": "string", "depth": "integer"}
    assert found.report is not None
    assert found.report.valid


def test_a_file_that_is_called_tsv_and_has_commas_is_read_with_commas(tmp_path: Path) -> None:
    (tmp_path / "lakes.tsv").write_text("lake_id,depth\ncomo,410\ngarda,346\n")
    assert _form(describe(tmp_path / "lakes.tsv"))["dialect"] == {"delimiter": ","}


def test_rows_that_are_not_well_formed_are_named_and_passed_over(tmp_path: Path) -> None:
    found = described(tmp_path, lakes="id,depth\n1,410,deep\n2\n3,346\n")
    assert types(found) == {"id": "integer", "depth": "integer"}
    assert [problem.partition(":")[0] for problem in found.tables[0].problems] == ["line 2", "line 3"]
    assert found.report is not None
    assert found.report.counts == {"extra-cell": 1, "missing-cell": 1}


def test_columns_without_a_name_or_with_that_of_another_get_one(tmp_path: Path) -> None:
    found = described(tmp_path, lakes=",name,name\n0,Como,Lario\n1,Garda,Benaco\n")
    assert list(types(found)) == ["column1", "name", "name_2"]
    assert found.report is not None
    assert found.report.counts == {"blank-label": 1, "duplicate-label": 1}


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("lakes.csv", b"", "is an empty file"),
        ("lakes.parquet", b"PAR1....", "a Parquet file. Export the table as CSV."),
        ("lakes.csv", b"<!doctype html><html>", "an HTML page. Fetch the file again"),
        ("lakes.json", b'[{"id": 1}]', "the file is JSON. Save it as CSV, or write its descriptor."),
        ("lakes.csv", b"sep=;\nid;name\n", "a line that only Excel understands"),
    ],
)
def test_what_is_not_a_table_is_refused_as_what_it_is(name: str, content: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(PackageError, match="lakes") as refused:
        describe(tmp_path / name)
    assert said in str(refused.value)


def test_a_folder_and_a_file_that_is_not_there_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match=r"is a folder: name the files in it, such as .*\*\.csv"):
        describe(tmp_path)
    with pytest.raises(PackageError, match="there is no such file"):
        describe(tmp_path / "none.csv")


@settings(max_examples=examples(100), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.lists(st.text("a1,;\t|\"'\\# .\n\r-é", max_size=6), min_size=1, max_size=4), max_size=6),
    delimiter=st.sampled_from(",;\t|"),
)
def test_whatever_stands_in_a_file_is_described_or_refused(
    rows: list[list[str]], delimiter: str, tmp_path: Path
) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes("\n".join(delimiter.join(row) for row in rows).encode())
    try:
        _, (table,) = described_files([path], tmp_path)
    except PackageError:
        return
    assert len(table.fields) == len({field.name for field in table.fields})
