"""A null in JSON is a missing value, whatever texts stand for one; an empty text is one only where these say so."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import readouts
from readouts.datapackage import validate
from tests.packages import write_package_of

if TYPE_CHECKING:
    from pathlib import Path

FIELDS = [{"name": "day", "type": "date"}, {"name": "note", "type": "string", "constraints": {"required": True}}]


@pytest.mark.parametrize("marks", [None, [], ["NA"], ["", "-"]])
@pytest.mark.parametrize("form", ["data", "json", "jsonl"])
def test_a_null_is_a_missing_value(tmp_path: Path, form: str, marks: list[str] | None) -> None:
    rows: list[dict[str, Any]] = [{"day": None, "note": "left"}, {"day": "2031-05-01", "note": None}]
    schema = {"fields": FIELDS} | ({} if marks is None else {"missingValues": marks})
    texts = {
        "json": json.dumps(rows, indent=1),
        "jsonl": "\n".join(map(json.dumps, rows)),
    }
    files: dict[str, bytes | str] = {f"t.{form}": texts[form]} if form in texts else {}
    place = {"path": next(iter(files))} if files else {"data": rows}
    root = write_package_of(tmp_path / "p", files, [{"name": "t", "schema": schema, **place}])
    (found,) = validate(root).incidents
    assert (found.code, found.row, found.field, found.value) == ("constraint-error", 2, "note", None)
    assert found.message == "Expected a value, since it is required; found null."
    assert [row["day"] is None for row in readouts.open(root).rows("t")] == [True, False]


def test_an_empty_text_is_a_text_where_it_does_not_stand_for_a_missing_value(tmp_path: Path) -> None:
    schema = {"fields": FIELDS, "missingValues": ["NA"]}
    root = write_package_of(tmp_path / "p", {}, [{"name": "t", "schema": schema, "data": [{"day": "", "note": ""}]}])
    assert [(found.code, found.field) for found in validate(root).incidents] == [("type-error", "day")]


@pytest.mark.parametrize(
    ("field", "value", "shown"), [("string", "a\ud800b", "'a?b'"), ("string", 7, "'7'"), ("date", True, "'true'")]
)
def test_a_value_that_is_not_of_its_fields_type_is_found_and_not_loaded(
    tmp_path: Path, field: str, value: object, shown: str
) -> None:
    schema = {"fields": [{"name": "note", "type": field}]}
    root = write_package_of(tmp_path / "p", {}, [{"name": "t", "schema": schema, "data": [{"note": value}]}])
    assert [found.message for found in validate(root).incidents] == [
        f"Expected a value of the field's type; found {shown}."
    ]
    with pytest.raises(readouts.PackageError, match=r"row 1, note: Expected a value of the field's type"):
        readouts.open(root).rows("t")
