"""Tables as frames of values: every cell is what the authority on its type reads in it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readouts.datapackage.package.package import open_package
from readouts.datapackage.schema.types import Mismatch
from readouts.datapackage.table.typed_frame import typed_table
from readouts.datapackage.table.values import TooWideError, kind_of, plain
from tests.packages import write_package_of
from tests.properties import examples

if TYPE_CHECKING:
    from readouts.datapackage.schema.model import Field

FIELDS: dict[str, dict[str, Any]] = {
    "whole": {"type": "integer"},
    "bare": {"type": "integer", "bareNumber": False},
    "number": {"type": "number"},
    "comma": {"type": "number", "decimalChar": ",", "groupChar": "."},
    "year": {"type": "year"},
    "day": {"type": "date"},
    "moment": {"type": "datetime"},
    "truth": {"type": "boolean", "trueValues": ["1"], "falseValues": ["0"]},
    "items": {"type": "list", "itemType": "integer"},
    "text": {"type": "string"},
    "any": {"type": "any"},
}
NUMBERS = st.one_of(
    st.integers(-(10**17), 10**17).map(str),
    st.floats(-1e9, 1e9).map(str),
    st.decimals(-(10**6), 10**6, places=4).map(str),
    st.sampled_from(
        ["007", "-0", "+5", "1e3", "INF", "NaN", "1_000", " 7", "7 ", "1.", ".5", "1,5", "1.000,5", "5 %", "٣"]
    ),
)
CELLS = st.one_of(
    NUMBERS,
    st.dates().map(str),
    st.datetimes().map(lambda at: f"{at:%Y-%m-%dT%H:%M:%S}Z"),
    st.sampled_from(["0", "1", "true", "1,2", "1,,2", "-", "", "2031", "x"]),
)


def expected(field: Field, text: str) -> Any:
    """What the authority reads in a cell, in the types of frames; None if it can't."""
    if text in {"", "-"} or (kind_of(field) != "text" and not _reads(field, text)):
        return None
    if kind_of(field) == "text":
        return text
    value = field.read(text)
    return [plain(item) for item in value] if isinstance(value, list) else plain(value)


def _reads(field: Field, text: str) -> bool:
    try:
        field.read(text)
    except Mismatch:
        return False
    return True


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return tmp_path_factory.mktemp("typed")


@settings(max_examples=examples(120))
@given(name=st.sampled_from(sorted(FIELDS)), cells=st.lists(CELLS, min_size=1, max_size=12))
def test_a_value_is_what_the_authority_reads(name: str, cells: list[str], folder: Any) -> None:
    schema = {"missingValues": ["", "-"], "fields": [{"name": "a", **FIELDS[name]}]}
    resource = {"name": "t", "data": [{"a": cell} for cell in cells], "schema": schema}
    found = open_package(write_package_of(folder, {}, [resource])).resource("t")
    field = found.schema.fields[0] if found.schema is not None else None
    assert field is not None
    try:
        wanted = [expected(field, cell) for cell in cells]
    except TooWideError:
        return
    got = typed_table(found).frame["a"].to_list()
    assert json.dumps(got, default=str) == json.dumps(wanted, default=str)
