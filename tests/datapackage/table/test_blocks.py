"""Reading CSV in blocks: the same cells, rows and lines as Python's own reader, whatever the blocks' size."""

from __future__ import annotations

import csv
import io
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from readouts.datapackage.table import csv_blocks as blocks
from readouts.datapackage.table import csv_header as head
from readouts.datapackage.table.csv_blocks import read_blocks
from readouts.datapackage.table.csv_header import read_head
from readouts.datapackage.table.csv_scanner import scan
from readouts.datapackage.table.dialect import Dialect
from tests.properties import examples

PARTS = ["a", "b", "1", "\ufeff", '"', ",", ";", "\n", " ", "\u00e9", "\U0001f600", "|", "\r\n"]
CELL = st.lists(st.sampled_from(PARTS), max_size=6).map("".join)
SETTINGS = settings(
    max_examples=examples(40),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(params=[(2**24, 2**20, 2**15), (64, 16, 16), (64, 32, 8), (5, 3, 2)], ids=str)
def sizes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes of a block, of a piece and of a part: the usual ones, and ones that cut nearly every record."""
    cut(monkeypatch, *request.param)


def cut(monkeypatch: pytest.MonkeyPatch, size: int, piece: int, part: int) -> None:
    """Set how many bytes a block has, a piece of it or of the header, and a part of a piece."""
    monkeypatch.setattr(blocks, "SIZE", size)
    monkeypatch.setattr(blocks, "PIECE", piece)
    monkeypatch.setattr(blocks, "PART", part)
    monkeypatch.setattr(blocks, "SMALL", min(piece - 1, head.SMALL))
    monkeypatch.setattr(head, "PIECE", piece)


Rows = tuple[list[Any], list[int], list[int], list[Any]]


def read(data: bytes, dialect: Dialect | None = None, width: int | None = None) -> Rows:
    """Return rows, their numbers, their lines, and what is wrong with them."""
    stream, dialect = io.BytesIO(data), dialect or Dialect()
    head = read_head(stream, dialect)
    columns = len(head.records[0].cells) if width is None else width
    rows: list[Any] = []
    numbers: list[int] = []
    lines: list[int] = []
    faults: list[Any] = []
    for block in read_blocks(stream, dialect, columns, head, lambda frame: frame):
        assert isinstance(block.result, pl.DataFrame)
        rows += block.frame.rows()
        numbers += list(block.rows)
        assert block.lines is not None
        lines += list(block.lines)
        faults += [(number, fault.code, fault.column, fault.line) for _, number, fault in block.faults]
    return rows, numbers, lines, faults


@pytest.mark.property
def test_well_formed_text_is_read_as_pythons_own_reader_does(sizes: None) -> None:
    @SETTINGS
    @given(
        st.integers(2, 4).flatmap(
            lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1, max_size=12)
        ),
        st.sampled_from(["\n", "\r\n"]),
        st.sampled_from([",", ";", "|"]),
        st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
        st.booleans(),
    )
    def holds(table: list[list[str]], end: str, delimiter: str, quoting: Any, ended: bool) -> None:
        stream = io.StringIO(newline="")
        # A carriage return in a cell is one before a line feed; the writer puts quotes around both.
        csv.writer(stream, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(table)
        text = stream.getvalue() if ended else stream.getvalue().removesuffix(end)
        found, numbers, lines, faults = read(text.encode(), Dialect(delimiter=delimiter))
        assert faults == []
        assert found == [tuple(row) for row in table[1:]]
        assert numbers == list(range(1, len(table)))
        counted = [0]
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            counted.append(counted[-1] + 1 + sum(cell.count("\n") for cell in row))
        assert lines == [line + 1 for line in counted[1 : len(table)]]

    holds()


LINES = ["a", "b", ",", '"', "\n", "\r\n", "\r", "\0", "x,y\n", '"q",r\n', '"a""b",c\n', "\n\n", '"m\nn",o\n']
BROKEN = st.lists(st.sampled_from(LINES), max_size=30).map("".join)


@pytest.mark.property
def test_malformed_text_is_read_alike_whatever_the_size_of_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    @settings(max_examples=examples(60), deadline=None, suppress_health_check=list(HealthCheck))
    @given(BROKEN)
    def holds(text: str) -> None:
        data = b"a,b\n" + text.encode()
        told = []
        for sizes in ((2**24, 2**20, 2**15), (2**24, 8, 8), (2**24, 24, 6), (16, 8, 3), (3, 2, 2)):
            cut(monkeypatch, *sizes)
            told.append(read(data))
        assert all(one == told[0] for one in told[1:])

    holds()


@pytest.mark.property
def test_the_plain_way_takes_only_what_the_exact_way_finds_no_fault_with(monkeypatch: pytest.MonkeyPatch) -> None:
    @settings(max_examples=examples(60), deadline=None, suppress_health_check=list(HealthCheck))
    @given(BROKEN)
    def holds(text: str) -> None:
        data = text.encode()
        exact = scan(data, Dialect(), 1, final=True)
        rows, numbers, lines, faults = read(b"a,b\n" + data)
        intact = [record for record in exact.records if record.cells and not record.faults and len(record.cells) == 2]
        wrong = {number for number, *_ in faults}
        kept = [(row, line) for row, number, line in zip(rows, numbers, lines, strict=True) if number not in wrong]
        assert kept == [(tuple(record.cells), record.line + 1) for record in intact]

    holds()


def test_an_unterminated_quote_costs_its_own_row_only(sizes: None) -> None:
    lines = [f"{number},x" for number in range(1, 200)]
    lines[100] = '101,"x'
    rows, numbers, _, faults = read(("a,b\n" + "\n".join(lines) + "\n").encode())
    assert faults == [(101, "unterminated-quote", 1, 102)]
    assert (len(rows), numbers[-1]) == (199, 199)
    assert [row for row in rows if row[0] != "101"] == [
        tuple(line.split(",")) for line in lines if not line.startswith("101")
    ]


def test_a_row_with_a_cell_too_many_makes_up_for_none_with_too_few(sizes: None) -> None:
    lines = [f"{number},x" for number in range(1, 200)]
    lines[60], lines[61], lines[150] = "61", "62,x,y", '151,"x"y'
    rows, numbers, places, faults = read(("a,b\n" + "\n".join(lines) + "\n").encode())
    assert faults == [(61, "missing-cell", 1, 62), (62, "extra-cell", None, 63), (151, "stray-quote", 1, 152)]
    assert (len(rows), numbers, places) == (199, list(range(1, 200)), list(range(2, 201)))
    assert rows[59:63] == [("60", "x"), ("61", None), ("62", "x"), ("63", "x")]


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (b"1,2\n\n3,4\n", ["blank-row"]),
        (b"1\n", ["missing-cell"]),
        (b"1,2,3\n", ["extra-cell"]),
        (b'1,a"b\n', ["stray-quote"]),
        (b'1,"a"b\n', ["stray-quote"]),
        (b'1,"a\n', ["unterminated-quote"]),
        (b"1,a\0\n", ["null-byte"]),
        (b"1,\xff\n", ["encoding-error"]),
        (b"1,\xed\xa0\x80\n", ["encoding-error"]),
        (b"1,a\rb\n", ["line-ending"]),
        (b'1,"a\r\nb"\n', []),
        (b'"1","a"\r\n', []),
        (b",\n", []),
        (b'1,""\n', []),
        (b'1,""""\n', []),
    ],
)
def test_what_is_wrong_with_a_row_is_named(sizes: None, data: bytes, codes: list[str]) -> None:
    _, numbers, _, faults = read(b"a,b\n" + data + b"9,9\n")
    assert sorted({code for _, code, _, _ in faults}) == codes
    assert numbers[-1] == data.count(b"\n") + 1 - data.count(b"\r\nb")


@pytest.mark.parametrize(
    ("dialect", "data", "rows"),
    [
        (Dialect(escape_char="\\", quote_char=None), b"a,b\n1,x\\,y\n", [("1", "x,y")]),
        (Dialect(escape_char="\\"), b'a,b\n1,"x\\"y"\n', [("1", 'x"y')]),
        (Dialect(comment_char="#"), b"#c\na,b\n#1,2\n3,4\n", [("3", "4")]),
        (Dialect(comment_rows=(3,)), b"a,b\n1,2\n3,4\n5,6\n", [("1", "2"), ("5", "6")]),
        (Dialect(skip_initial_space=True), b"a, b\n1, 2\n3,  4\n", [("1", "2"), ("3", "4")]),
        (Dialect(quote_char="'"), b"a,b\n'1,2',\"\n", [("1,2", '"')]),
        (Dialect(quote_char=None), b'a,b\n"1","2"\n', [('"1"', '"2"')]),
        (Dialect(double_quote=False, escape_char="\\"), b'a,b\n"1\\"",2\n', [('1"', "2")]),
        (Dialect(delimiter="||"), b"a||b\n1|||2\n", [("1", "|2")]),
        (Dialect(delimiter="\u00a7"), "a\u00a7b\n1\u00a72\n".encode(), [("1", "2")]),
        (Dialect(header_rows=(1, 2)), b"x,y\na,b\n1,2\n", [("1", "2")]),
        (Dialect(header_rows=(2,)), b"title\na,b\n1,2\n", [("1", "2")]),
        (Dialect(header=False), b"1,2\n3,4\n", [("1", "2"), ("3", "4")]),
    ],
    ids=str,
)
def test_every_property_of_a_dialect_is_obeyed(sizes: None, dialect: Dialect, data: bytes, rows: list[Any]) -> None:
    found, _, _, faults = read(data, dialect, width=2)
    assert (found, faults) == (rows, [])


def test_a_file_that_ends_where_a_block_does_is_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    cut(monkeypatch, 8, 8, 3)
    for length in range(1, 40):
        data = b"a,b\n1," + b"x" * length
        assert read(data)[0] == [("1", "x" * length)]
        assert read(b'a,b\n1,"' + b"x" * length + b'"')[0] == [("1", "x" * length)]


@pytest.mark.parametrize(
    ("rows", "codes"), [(b"1\nx,y,", {"missing-cell", "extra-cell"}), (b"\nx,y,", {"blank-row", "extra-cell"})]
)
def test_an_empty_cell_too_many_at_the_end_of_a_file_makes_up_for_no_other(rows: bytes, codes: set[str]) -> None:
    for end in (b"", b"\n"):
        _, _, _, faults = read(b"a,b\nx,y\n" + rows + end)
        assert {code for _, code, _, _ in faults} == codes


def test_a_cell_of_many_mebibytes_is_read_beside_a_faulty_row() -> None:
    _, _, _, faults = read(b'a,b\n"' + b"x" * (5 * 2**20) + b'",1\n\n')
    assert [code for _, code, _, _ in faults] == ["blank-row"]


def test_a_row_of_quotes_is_read_in_pairs() -> None:
    for count in range(1, 12):
        found = scan(b'"' * count + b"\n", Dialect(), 1, final=True).records[0]
        strict = csv.reader(io.StringIO('"' * count + "\n"), strict=True)
        if count % 2:
            assert [fault.code for fault in found.faults] == ["unterminated-quote"]
        else:
            assert (found.cells, found.faults) == (next(strict), [])


def test_nothing_is_read_of_an_empty_file() -> None:
    head = read_head(io.BytesIO(), Dialect())
    assert (head.records, head.end_line, head.rest) == ([], 1, b"")
