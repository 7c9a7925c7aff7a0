"""A key that is there twice: the finding shows it as the file has it, and says which row has the same one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from readouts.datapackage.findings import Findings
from readouts.datapackage.package.package import open_package
from readouts.datapackage.validation.start import begin
from readouts.datapackage.validation.validator import check_package
from tests.datapackage.validation.planting import check
from tests.packages import write_package_of

if TYPE_CHECKING:
    from pathlib import Path


def wood(root: Path, text: str, field: dict[str, Any], **schema: Any) -> Path:
    written = {"fields": [{"name": "a", **field}, {"name": "b"}], **schema}
    return write_package_of(root, {"t.csv": text}, [{"name": "t", "type": "table", "path": "t.csv", "schema": written}])


@pytest.mark.parametrize(
    ("field", "cells", "said"),
    [
        ({"type": "string"}, ["oak", "elm", "oak"], "found 'oak', which row 1 (line 2) has too."),
        ({"type": "integer"}, ["7", "8", "007"], "found '007', the same value as '7' in row 1 (line 2)."),
        ({"type": "integer"}, ["007", "8", "7"], "found '7', the same value as '007' in row 1 (line 2)."),
        ({"type": "number"}, ["9", "1.50", "1.5"], "found '1.5', the same value as '1.50' in row 2 (line 3)."),
        ({"type": "boolean"}, ["true", "0", "1"], "found '1', the same value as 'true' in row 1 (line 2)."),
        (
            {"type": "date", "format": "%d.%m.%Y"},
            ["01.02.2026", "02.02.2026", "1.2.2026"],
            "found '1.2.2026', the same value as '01.02.2026' in row 1 (line 2).",
        ),
        (
            {"type": "date", "format": "%d.%m.%Y"},
            ["01.02.2026", "02.02.2026", "02.02.2026"],
            "found '02.02.2026', which row 2 (line 3) has too.",
        ),
    ],
)
@pytest.mark.parametrize("key", [{"primaryKey": ["a"]}, {"uniqueKeys": [["a"]]}])
def test_a_key_is_shown_as_it_is_written_with_the_row_that_has_it_first(
    tmp_path: Path, field: dict[str, Any], cells: list[str], said: str, key: dict[str, Any]
) -> None:
    (found,) = check(wood(tmp_path, "a,b\n" + "".join(f"{cell},x\n" for cell in cells), field, **key))
    assert (found.code, found.row) == ("primary-key" if "primaryKey" in key else "unique-error", 3)
    assert found.message == f"Expected a value of its own; {said}"
    assert found.value == cells[2]


def test_a_key_of_several_fields_is_shown_whole(tmp_path: Path) -> None:
    root = wood(tmp_path, 'a,b\n1,"x\ny"\n2,z\n01,"x\ny"\n1,"x\ny"\n', {"type": "integer"}, primaryKey=["a", "b"])
    first, second = check(root)
    assert first.message.endswith("found '01, x\\ny', the same value as '1, x\\ny' in row 1 (line 2).")
    assert second.message.endswith("found '1, x\\ny', which row 1 (line 2) has too.")
    assert (second.row, second.line) == (4, 7)


def test_the_row_before_may_be_in_another_block_and_only_some_are_shown(tmp_path: Path) -> None:
    rows = [f"{number:07},x" for number in range(1, 200_001)]
    root = wood(tmp_path, "a,b\n" + "\n".join([*rows, *(f"{number},y" for number in range(200_000, 0, -1))]) + "\n",
                {"type": "integer"}, primaryKey=["a"])  # fmt: skip
    findings = Findings(3)
    check_package(begin(open_package(root), ask_frictionless=False), findings)
    assert findings.counts == {"primary-key": 200_000}
    assert [found.message.partition("; ")[2] for found in findings.incidents] == [
        f"found '{number}', the same value as '{number:07}' in row {number} (line {number + 1})."
        for number in (200_000, 199_999, 199_998)
    ]


def test_a_reference_is_shown_as_it_is_written(tmp_path: Path) -> None:
    key = {"fields": ["a"], "reference": {"resource": "u", "fields": ["a"]}}
    schema = {"fields": [{"name": "a", "type": "integer"}]}
    tables = [
        {"name": "t", "type": "table", "path": "t.csv", "schema": schema | {"foreignKeys": [key]}},
        {"name": "u", "type": "table", "path": "u.csv", "schema": schema},
    ]
    root = write_package_of(tmp_path, {"t.csv": "a\n001\n002\n", "u.csv": "a\n1\n"}, tables)
    (found,) = check(root)
    assert (found.row, found.value) == (2, "002")
    assert found.message == "Expected a key of u (a); found '002', which it doesn't have."
