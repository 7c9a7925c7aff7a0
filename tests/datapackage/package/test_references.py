"""References that can't be followed are findings, whatever they point to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.datapackage.validation.planting import check
from tests.packages import write_package_of

if TYPE_CHECKING:
    from pathlib import Path

FILES: dict[str, bytes | str] = {
    "trees.csv": "no,kind\n1,oak\n2,elm\n",
    "kinds.csv": "code,no\noak,1\nelm,2\n",
    "map.png": b"\x89PNG",
    "kinds.xlsx": b"PK",
    "kinds.csv.bz2": b"BZ",
}
KINDS: dict[str, Any] = {"name": "kinds", "type": "table", "path": "kinds.csv",
                         "schema": {"fields": [{"name": "code"}, {"name": "no", "type": "integer"}]}}  # fmt: skip


TO_ITSELF = {"fields": ["kind"], "reference": {"fields": ["code"]}}


def found_in(root: Path, key: dict[str, Any], *others: dict[str, Any]) -> list[tuple[str, str | None, str]]:
    schema = {"fields": [{"name": "no", "type": "integer"}, {"name": "kind"}], "foreignKeys": [key]}
    trees = {"name": "trees", "type": "table", "path": "trees.csv", "schema": schema}
    found = check(write_package_of(root, FILES, [trees, *others]), ask=True)
    return [(each.code, each.field, each.message) for each in found if each.table == "trees"]


def to(resource: Any, fields: Any = ("code",), own: Any = ("kind",)) -> dict[str, Any]:
    as_written = [list(each) if isinstance(each, tuple) else each for each in (own, fields)]
    return {"fields": as_written[0], "reference": {"resource": resource, "fields": as_written[1]}}


@pytest.mark.parametrize(
    ("key", "code", "sentence"),
    [
        (to("map"), "schema-error", "expected a reference to a table; 'map' is a file of another kind."),
        (to("book"), "unsupported-feature", "the reference was not checked, since 'book' can't be read as a table."),
        (to("bz"), "unsupported-feature", "the reference was not checked, since 'bz' can't be read as a table."),
        (to("bare"), "unsupported-feature", "the reference was not checked, since 'bare' has no schema."),
        (to("kind"), "schema-error", "expected the name of a resource; found 'kind'. Did you mean 'kinds'?"),
        (to("kinds", ("cod",)), "schema-error", "expected fields of 'kinds'; found 'cod'. Did you mean 'code'?"),
        (to(""), "schema-error", "expected fields of 'trees'; found 'code'. Known are: kind, no."),
        (TO_ITSELF, "schema-error", "expected fields of 'trees'; found 'code'. Known are: kind, no."),
    ],
)
def test_a_reference_that_leads_nowhere_is_one_finding(
    tmp_path: Path, key: dict[str, Any], code: str, sentence: str
) -> None:
    others = [
        KINDS,
        {"name": "map", "path": "map.png"},
        {"name": "book", "type": "table", "path": "kinds.xlsx"},
        {"name": "bz", "type": "table", "path": "kinds.csv.bz2", "compression": "bz2", "schema": KINDS["schema"]},
        {"name": "bare", "path": "kinds.csv"},
    ]
    assert found_in(tmp_path, key, *others) == [(code, "kind", f"`schema.foreignKeys`: {sentence}")]


@pytest.mark.parametrize(
    ("key", "place", "sentence"),
    [
        (
            to("kinds", ("code", "no")),
            ".reference.fields`",
            'expected as many fields as `fields` has, which are 1; found ["code", "no"].',
        ),
        (to("kinds", own=("kin",)), ".fields`", "expected names of fields; found 'kin'. Did you mean 'kind'?"),
        (to("kinds", own=7), "`, item 1, `fields`", "expected a list of texts; found 7."),
        (to(7), "`, item 1, `reference.resource`", "expected a text; found 7."),
        (
            {"fields": ["kind"]},
            "`, item 1",
            "expected an object with `fields` and `reference`; found an object with `fields`.",
        ),
    ],
)
def test_a_reference_that_is_not_well_formed_is_one_finding(
    tmp_path: Path, key: dict[str, Any], place: str, sentence: str
) -> None:
    found = [message for _, _, message in found_in(tmp_path, key, KINDS)]
    assert found == [f"`schema.foreignKeys{place}: {sentence}"]


@pytest.mark.parametrize(
    ("key", "bad"),
    [
        (to("kinds"), []),
        (to("kinds", ("no",), ("no",)), []),
        (to("kinds", ("code", "no"), ("kind", "no")), []),
        (to("kinds", "code", "kind"), []),
        ({"fields": ["no"], "reference": {"fields": ["no"]}}, []),
        (to("", ("no",), ("no",)), []),
        (to("trees", ("no",), ("kind",)), ["oak", "elm"]),
        (to("", ("kind",), ("no",)), ["1", "2"]),
    ],
)
def test_a_reference_to_a_table_or_to_itself_is_followed(tmp_path: Path, key: dict[str, Any], bad: list[str]) -> None:
    found = found_in(tmp_path, key, KINDS)
    assert [code for code, _, _ in found] == ["foreign-key"] * len(bad)
    assert all(f"found '{value}'" in message for value, (_, _, message) in zip(bad, found, strict=True))
