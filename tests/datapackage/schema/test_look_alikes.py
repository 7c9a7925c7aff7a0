"""Names that look the same and are written with other characters: the message says which ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.datapackage.validation.planting import check
from tests.packages import write_package_of

if TYPE_CHECKING:
    from pathlib import Path

PAIRS = {
    "composed": ("h\u00f6he", "ho\u0308he", "U+00F6", "U+006F U+0308"),
    "hidden": ("height", "hei\u200bght", "nothing", "U+200B"),
    "blank": ("tree height", "tree\u00a0height", "U+0020", "U+00A0"),
    "micro": ("\u00b5m", "\u03bcm", "U+00B5", "U+03BC"),
}


@pytest.mark.parametrize("pair", PAIRS.values(), ids=list(PAIRS))
@pytest.mark.parametrize("mode", ["exact", "equal", "subset", "superset"])
def test_a_label_that_looks_like_a_field_is_one_finding_and_its_cells_are_checked(
    tmp_path: Path, pair: tuple[str, str, str, str], mode: str
) -> None:
    name, label, first, second = pair
    schema = {"fields": [{"name": name, "type": "integer"}, {"name": "kind"}], "fieldsMatch": mode}
    table = {"name": "t", "type": "table", "path": "t.csv", "schema": schema}
    found = check(write_package_of(tmp_path, {"t.csv": f"{label},kind\nx,oak\n"}, [table]))
    assert [(each.code, each.field) for each in found] == [("incorrect-label", name), ("type-error", name)]
    assert f"the first has {first} where the second has {second}" in found[0].message


def test_names_that_differ_to_the_eye_are_told_as_before(tmp_path: Path) -> None:
    schema = {"fields": [{"name": "m2"}], "fieldsMatch": "equal"}
    table = {"name": "t", "type": "table", "path": "t.csv", "schema": schema}
    found = check(write_package_of(tmp_path, {"t.csv": "m\u00b2\n1\n"}, [table]))
    assert {each.code for each in found} == {"missing-label", "extra-label"}


def test_every_name_of_a_descriptor_is_told_from_one_that_looks_the_same(tmp_path: Path) -> None:
    name, label, first, second = PAIRS["composed"]
    schema = {
        "fields": [{"name": name, "type": "string", "constraints": {"enum": [name]}}],
        "primaryKey": [label],
        "foreignKeys": [{"fields": [name], "reference": {"resource": label, "fields": [name]}}],
    }
    tables: list[dict[str, Any]] = [
        {"name": name, "type": "table", "path": "t.csv", "schema": schema},
        {"name": "u", "path": f"{name}.txt"},
    ]
    root = write_package_of(tmp_path, {"t.csv": f"{name}\n{label}\n", f"{label}.txt": "x"}, tables)
    found = check(root)
    assert sorted(each.code for each in found) == ["constraint-error", "schema-error", "schema-error", "scheme-error"]
    for each in found:
        assert f"the first has {second} where the second has {first}" in each.message or each.code == "scheme-error"
    missing = next(each.message for each in found if each.code == "scheme-error")
    assert f"the first has {first} where the second has {second}" in missing
