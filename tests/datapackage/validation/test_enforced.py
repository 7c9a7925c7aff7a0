"""What docs/conformance.md says that we enforce and frictionless overlooks: both are asked about each."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import pytest

from docs.conformance import ENFORCED, divergence_table, enforced_table, unsupported_table
from readouts.datapackage.validation.frictionless import OVERRULED
from tests.conftest import ROOT
from tests.datapackage.validation.generating import DIALECT
from tests.datapackage.validation.oracle import Crash, frictionless_events
from tests.datapackage.validation.planting import check
from tests.packages import write_package_of

if TYPE_CHECKING:
    from pathlib import Path

    from docs.conformance import Rule


def one(field: dict[str, Any], cell: str) -> dict[str, Any]:
    """Return a package of one cell beside a number."""
    quoted = '"' + cell.replace('"', '""') + '"'
    return {"fields": [{"name": "n", "type": "integer"}, {"name": "a", **field}], "text": f"n,a\n1,{quoted}\n"}


TEXTS: dict[str, Any] = {
    "unique keys": {"fields": [{"name": "n"}], "schema": {"uniqueKeys": [["n"]]}, "text": "n\n1\n1\n"},
    "categories": one({"type": "string", "categories": ["x", "y"]}, "z"),
    "enumeration outside the categories": one(
        {"type": "string", "categories": ["x"], "constraints": {"enum": ["x", "y"]}}, "x"
    ),
    "part of a primary key": {
        "fields": [{"name": "n"}, {"name": "a"}],
        "schema": {"primaryKey": ["n", "a"]},
        "text": "n,a\n1,\n",
    },
    "roles of contributors": {"package": {"contributors": [{"title": "A", "roles": "author"}]}},
    "underscore": one({"type": "integer"}, "1_000"),
    "digits of other scripts": one({"type": "number"}, "\u0661\u0662"),
    "unpadded date": one({"type": "date"}, "2024-1-5"),
    "time with a zone": one({"type": "time"}, "15:00:00Z"),
    "week": one({"type": "duration"}, "P2W"),
    "year 0": one({"type": "year"}, "0000"),
    "constant that is not JSON": one({"type": "object"}, '{"a": NaN}'),
    "broken base64": one({"type": "string", "format": "binary"}, "YW Jj"),
    "address with blanks": one({"type": "string", "format": "uri"}, "http://a b"),
    "bounds of durations": one({"type": "duration", "constraints": {"minimum": "P1D"}}, "PT1H"),
    "JSON Schema of a field": one({"type": "array", "constraints": {"jsonSchema": {"maxItems": 1}}}, "[1, 2]"),
    "enumeration of lists": one({"type": "list", "constraints": {"enum": ["a,b"]}}, "b,a"),
    "unterminated quote": {"fields": [{"name": "n"}, {"name": "a"}], "text": 'n,a\n1,"x\n'},
    "stray quote": {"fields": [{"name": "n"}, {"name": "a"}], "text": 'n,a\n1,x"y\n'},
    "NUL": {"fields": [{"name": "n"}, {"name": "a"}], "text": "n,a\n1,x\0y\n"},
    "lone carriage return": {"fields": [{"name": "n"}, {"name": "a"}], "text": 'n,a\n1,"x\ry"\n'},
    "later file without a header": {"fields": [{"name": "n", "type": "integer"}], "text": "n\n1\n", "more": "x\n2\n"},
}
REFUSED = {"bounds of durations", "JSON Schema of a field", "enumeration of lists"}
"""Frictionless refuses the schema itself, although the standard has the constraint: one of `OVERRULED`."""


def written(root: Path, case: dict[str, Any]) -> Path:
    fields = case.get("fields", [{"name": "n"}])
    path = ["t.csv", "u.csv"] if "more" in case else "t.csv"
    resource = {"name": "t", "type": "table", "path": path, "encoding": "utf-8", "dialect": DIALECT,
                "schema": {"fields": fields, **case.get("schema", {})}}  # fmt: skip
    files: dict[str, bytes | str] = {"t.csv": case.get("text", "n\n1\n"), "u.csv": case.get("more", "")}
    return write_package_of(root, files, [resource], **case.get("package", {}))


@pytest.mark.parametrize("rule", ENFORCED, ids=lambda rule: rule.name)
def test_what_frictionless_overlooks_is_found(tmp_path: Path, rule: Rule) -> None:
    root = written(tmp_path / "p", TEXTS[rule.name])
    assert {finding.code for finding in check(root)} == {rule.code}
    if rule.name in REFUSED:
        with pytest.raises(Crash, match="FrictionlessException"):
            frictionless_events(root)
    else:
        assert frictionless_events(root) == set()


def test_a_schema_that_frictionless_refuses_against_the_standard_is_no_finding(tmp_path: Path) -> None:
    for name in REFUSED:
        found = check(written(tmp_path / name, TEXTS[name]), ask=True)
        assert {finding.code for finding in found} == {"constraint-error"}
    features: list[dict[str, Any]] = [
        {"type": "integer", "groupChar": ",", "example": "1,000"},
        {"type": "number", "decimalChar": ",", "example": "1,5"},
        {"type": "string", "categories": [{"value": "x", "label": "X"}]},
        {"type": "list", "itemType": "integer", "constraints": {"minLength": 1}},
        {"constraints": {"enum": ["1", "2"]}},
        {"type": "date", "format": "fmt:%Y"},
        {"missingValues": [{"value": "-", "label": "none"}]},
    ]
    schema = {"fields": [{"name": f"f{number}", **field} for number, field in enumerate(features)],
              "fieldsMatch": ["superset"]}  # fmt: skip
    resource = {"name": "t", "type": "table", "path": "t.csv", "schema": schema}
    assert check(write_package_of(tmp_path / "p", {"t.csv": "f0,f1\n1,2\n"}, [resource]), ask=True) == []
    assert all(reason.endswith(".") for _, reason in OVERRULED)


def test_every_rule_has_a_case_and_every_case_a_rule() -> None:
    assert [rule.name for rule in ENFORCED] == list(TEXTS)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"path": "t.xlsx"}, None),
        ({"path": "t.csv", "compression": "bz2"}, None),
        ({"path": "t.csv", "hash": "crc32:00"}, "hash"),
        ({"path": "t.csv", "dialect": {"lineTerminator": ";"}}, "dialect"),
        ({"path": "t.csv", "dialect": {"no": 1}}, "dialect"),
        ({"path": "t.json", "dialect": {"property": "rows"}}, "dialect"),
    ],
)
def test_what_is_not_supported_says_so(tmp_path: Path, change: dict[str, Any], field: str | None) -> None:
    resource = {"name": "t", "type": "table", "schema": {"fields": [{"name": "n"}]}, **change}
    files: dict[str, bytes | str] = {"t.csv": "n\n1\n", "t.json": '[{"n": 1}]'}
    found = check(write_package_of(tmp_path / "p", {**files, "t.xlsx": ""}, [resource]))
    assert [(finding.code, finding.field) for finding in found] == [("unsupported-feature", field)]


@pytest.mark.parametrize("pattern", ["[a-z-[aeiou]]+", "\\i\\c*", "(?>a)a", "(a"])
def test_a_pattern_that_the_engine_reads_in_another_way_is_said_to_be_unsupported(tmp_path: Path, pattern: str) -> None:
    case = one({"type": "string", "constraints": {"pattern": pattern}}, "a")
    assert {finding.code for finding in check(written(tmp_path / "p", case))} == {"unsupported-feature"}


@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [
        ("^(?=^[^./~])(^((?!\\.{2}).)*$).*$", "media/a.jpg", "../a.jpg"),
        ("(?!x).*", "ax", "xa"),
        ("a(?=b)b|c", "ab", "a"),
        ("(a|b)\\1", "bb", "ab"),
        (".*(?<!tmp)", "a.csv", "a.tmp"),
    ],
)
def test_a_pattern_with_look_around_is_held_to(pattern: str, good: str, bad: str, tmp_path: Path) -> None:
    for number, (text, codes) in enumerate(((good, set()), (bad, {"constraint-error"}))):
        case = one({"type": "string", "constraints": {"pattern": pattern}}, text)
        assert {finding.code for finding in check(written(tmp_path / str(number), case))} == codes


@pytest.mark.parametrize("text", ["a" * 60 + "b", "a" * 3_000])
def test_a_value_that_takes_such_a_pattern_too_many_steps_is_not_judged(text: str, tmp_path: Path) -> None:
    case = one({"type": "string", "constraints": {"pattern": "(?=a)(a|aa)+(?=c)"}}, text)
    assert {finding.code for finding in check(written(tmp_path / "p", case))} == {"resource-limit"}


@pytest.mark.parametrize(("kind", "example"), [("integer", 5), ("number", -8.56), ("boolean", True), ("integer", "5")])
def test_an_example_is_a_value_of_its_field_or_the_text_of_one(kind: str, example: Any, tmp_path: Path) -> None:
    text = {"boolean": "true"}.get(kind, "1")
    assert check(written(tmp_path / "p", one({"type": kind, "example": example}, text))) == []


def test_a_dialect_without_properties_is_guessed_by_frictionless_and_read_by_its_defaults_here(tmp_path: Path) -> None:
    resource = {"name": "t", "type": "table", "path": "t.csv", "schema": {"fields": [{"name": "n"}, {"name": "a"}]}}
    root = write_package_of(tmp_path / "p", {"t.csv": "n;a\n1;2\n3;4\n"}, [resource])
    assert {finding.code for finding in check(root)} == {"format-error"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert frictionless_events(root) == set()


def test_the_page_has_the_tables_of_the_data() -> None:
    page = (ROOT / "docs" / "conformance.md").read_text(encoding="utf-8")
    for name, table in (
        ("enforced", enforced_table()),
        ("divergences", divergence_table()),
        ("unsupported", unsupported_table()),
    ):
        assert f"<!-- generated: {name} -->\n{table}<!-- end -->" in page, f"run docs/generate.py: {name} is stale"
