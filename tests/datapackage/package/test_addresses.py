"""What a descriptor gives by its address is not fetched: that is one finding, and nothing is claimed or guessed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.packages import write_package_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run

ADDRESS = "https://example.org/kinds"
TREES = {
    "name": "trees",
    "type": "table",
    "path": "trees.csv",
    "schema": {
        "fields": [{"name": "no", "type": "integer"}, {"name": "kind"}],
        "primaryKey": ["no"],
        "foreignKeys": [{"fields": ["kind"], "reference": {"resource": "kinds", "fields": ["code"]}}],
    },
}
KINDS = {"name": "kinds", "type": "table", "path": "kinds.csv", "schema": {"fields": [{"name": "code"}]}}


def wood(root: Path, *, rows: str = "1,oak\n", **kinds: Any) -> Path:
    files: dict[str, bytes | str] = {"trees.csv": f"no,kind\n{rows}", "kinds.csv": "code\nelm\n", "file.json": "{}"}
    return write_package_of(root, files, [TREES, {**KINDS, **kinds}])


def report(run: Run, root: Path, status: int = 1) -> dict[str, Any]:
    done = run("validate", root, "--format", "json")
    assert done.returncode == status, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(
    ("change", "unchecked"),
    [
        (
            {"schema": f"{ADDRESS}.json"},
            "types, constraints and keys of this table, and references to it, were not checked",
        ),
        ({"dialect": f"{ADDRESS}.json"}, "the cells of this table, and references to it, were not checked"),
        ({"path": f"{ADDRESS}.csv"}, "neither this file nor references to it were checked"),
        ({"path": ["kinds.csv", "s3://wood/kinds.csv"]}, "neither this file nor references to it were checked"),
    ],
)
def test_one_finding_says_what_was_not_checked_and_how_to_have_it_checked(
    tmp_path: Path, run: Run, change: dict[str, Any], unchecked: str
) -> None:
    (name,) = change
    found = report(run, wood(tmp_path, **change), status=2)
    (incident,) = found["incidents"]
    assert (incident["code"], incident["table"], incident["field"]) == ("unsupported-feature", "kinds", name)
    assert incident["message"].endswith(f"is an address, and nothing is fetched: {unchecked}.")
    beginning = f"Save a copy next to the descriptor, and name that file in `{name}`."
    rest = (
        ""
        if name == "path"
        else (
            " Or leave the descriptor as it is: save a copy in a folder, and validate with `--schemas` and that folder."
        )
    )
    assert incident["hint"] == beginning + rest
    structure = [("structure", "1 table, 1 row")] if name == "schema" else []
    assert [(each["name"], each["subject"]) for each in found["checks"] if each["name"] != "descriptor"] == [
        ("structure, types, constraints, keys, references", "1 table, 1 row"),
        *structure,
    ]


def test_a_copy_next_to_the_descriptor_is_checked(tmp_path: Path, run: Run) -> None:
    root = wood(tmp_path, schema="kinds.json")
    (root / "kinds.json").write_text(json.dumps(KINDS["schema"]), encoding="utf-8")
    assert [each["code"] for each in report(run, root)["incidents"]] == ["foreign-key"]


@pytest.mark.parametrize("name", ["$schema", "profile"])
def test_a_profile_at_an_address_is_said_to_be_unknown_and_makes_nothing_invalid(
    tmp_path: Path, run: Run, name: str
) -> None:
    resource = {key: value for key, value in TREES.items() if key != "schema"}
    root = write_package_of(tmp_path, {"trees.csv": "no,kind\n1,oak\n"}, [resource], **{name: f"{ADDRESS}.json"})
    done = run("validate", root, "--format", "json")
    (incident,) = json.loads(done.stdout)["incidents"]
    assert (done.returncode, incident["code"], incident["field"]) == (0, "profile-unknown", name)
    assert "or a file of the package" in incident["message"]


@pytest.mark.parametrize("name", ["schema", "dialect"])
def test_a_file_that_can_not_be_read_is_one_finding_too(tmp_path: Path, run: Run, name: str) -> None:
    (incident,) = report(run, wood(tmp_path, **{name: "nowhere.json"}))["incidents"]
    assert (incident["code"], incident["table"], incident["field"]) == ("resource-error", "kinds", name)
    assert incident["message"] == "Expected the file 'nowhere.json'; there is none."


def test_tables_are_compared_as_texts_where_their_schema_is_elsewhere(tmp_path: Path, run: Run) -> None:
    old, new = wood(tmp_path / "old", schema=f"{ADDRESS}.json"), wood(tmp_path / "new", schema=f"{ADDRESS}.json")
    (new / "kinds.csv").write_text("code\nelm\noak\n", encoding="utf-8")
    done = run("diff", old, new)
    assert done.returncode == 1, done.stderr
    assert "oak" in done.stdout
    done = run("canonicalise", new, "--output", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "kinds.csv").read_text(encoding="utf-8") == "code\nelm\noak\n"


def test_a_table_whose_dialect_is_elsewhere_is_compared_as_a_file(tmp_path: Path, run: Run) -> None:
    old, new = wood(tmp_path / "old", dialect=f"{ADDRESS}.json"), wood(tmp_path / "new", dialect=f"{ADDRESS}.json")
    assert run("diff", old, new).returncode == 0
    (new / "kinds.csv").write_text("code\noak\n", encoding="utf-8")
    assert run("diff", old, new).returncode == 1
    done = run("canonicalise", new, "--output", tmp_path / "out")
    assert done.returncode == 2
    assert "The table 'kinds'" in done.stderr
    assert "is an address, and nothing is fetched" in done.stderr
