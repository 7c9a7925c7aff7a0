"""What could not be checked is a state of its own: neither valid nor not valid, with all that was found in the rest."""

from __future__ import annotations

import errno
import gzip
import io
import json
import os
import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from readouts import datapackage
from readouts.datapackage.errors import ArgumentError
from readouts.datapackage.sample import sample_package
from readouts.datapackage.validation import table, validator
from tests.conftest import ROOT
from tests.packages import write_package_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from readouts.datapackage.findings import Findings
    from readouts.datapackage.package.package import DataPackage
    from tests.conftest import Run

FIELDS: list[dict[str, Any]] = [{"name": "knot", "type": "string"}, {"name": "turns", "type": "integer"}]
KNOTS = {"name": "knots", "path": "knots.csv", "schema": {"fields": FIELDS}}
GOOD, BAD = "knot,turns\nbowline,1\n", "knot,turns\nbowline,one\n"


def knots(root: Path, text: str = GOOD, **changes: Any) -> Path:
    """A package of one table."""
    return write_package_of(root, {"knots.csv": text}, [KNOTS | changes])


UNSUPPORTED: dict[str, dict[str, Any]] = {
    "a format": {"format": "parquet"},
    "a compression": {"compression": "xz"},
    "a hash": {"hash": "blake3:" + "0" * 64},
    "a pattern": {"schema": {"fields": [FIELDS[0] | {"constraints": {"pattern": "(?>x).*"}}, FIELDS[1]]}},
    "an address": {"path": "https://example.org/knots.csv"},
    "a schema at an address": {"schema": "https://example.org/knots.schema.json"},
}
"""What the standard allows, and nobody checks here."""


@pytest.mark.parametrize("name", UNSUPPORTED)
def test_what_is_not_supported_leaves_a_package_unchecked(name: str, tmp_path: Path) -> None:
    report = datapackage.validate(knots(tmp_path / "knots", **UNSUPPORTED[name]))
    assert report.counts == {"unsupported-feature": 1}
    assert (report.state, report.valid, report.checked, report.unchecked) == ("not checked", False, False, 1)
    assert "<Report of invented: not checked, 1 finding in" in repr(report)


def test_a_file_that_is_larger_than_is_read_leaves_a_package_unchecked(tmp_path: Path) -> None:
    packed = gzip.compress(b"knot,turns\n" + b"a" * (36 * 2**20))
    root = write_package_of(tmp_path / "knots", {"knots.csv.gz": packed}, [KNOTS | {"path": "knots.csv.gz"}])
    report = datapackage.validate(root)
    assert (report.state, report.counts) == ("not checked", {"resource-limit": 1})


@pytest.mark.parametrize(("flag", "method"), [(1, 0), (0, 93)], ids=["a password", "a rare compression"])
def test_an_archive_that_only_others_unpack_leaves_a_package_unchecked(tmp_path: Path, flag: int, method: int) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("knots.csv", GOOD)
    data = bytearray(packed.getvalue())
    for start, begins in ((data.index(b"PK\3\4"), 6), (data.index(b"PK\1\2"), 8)):
        data[start + begins] |= flag
        data[start + begins + 2] = method
    root = write_package_of(tmp_path / "knots", {"knots.csv.zip": bytes(data)}, [KNOTS | {"path": "knots.csv.zip"}])
    report = datapackage.validate(root)
    assert (report.state, report.counts) == ("not checked", {"unsupported-feature": 1})


@pytest.mark.parametrize(
    ("text", "said"),
    [("9" * 5_000, "longer numbers"), ("[" * 100_000 + "]" * 100_000, "more levels")],
    ids=["a long number", "many levels"],
)
def test_json_that_is_more_than_is_read_leaves_a_package_unchecked(tmp_path: Path, text: str, said: str) -> None:
    files: dict[str, bytes | str] = {"knots.json": f'[{{"knot": "bowline", "turns": {text}}}]'}
    root = write_package_of(tmp_path / "table", files, [KNOTS | {"path": "knots.json"}])
    report = datapackage.validate(root)
    assert (report.state, report.counts) == ("not checked", {"resource-limit": 1})
    assert said in report.incidents[0].message


def test_a_schema_of_too_many_levels_leaves_a_package_unchecked(tmp_path: Path) -> None:
    files: dict[str, bytes | str] = {"knots.csv": GOOD, "schema.json": "[" * 100_000 + "]" * 100_000}
    root = write_package_of(tmp_path / "knots", files, [KNOTS | {"schema": "schema.json"}])
    report = datapackage.validate(root)
    assert (report.state, report.counts) == ("not checked", {"resource-limit": 1})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ({"type": "object"}, '{"a": ' * 101 + "1" + "}" * 101),
        ({"type": "array"}, f"[{'9' * 5_000}]"),
        ({"type": "geojson"}, f'{{"type": "Point", "coordinates": [0, {"9" * 5_000}]}}'),
        ({"type": "number"}, "1e" + "9" * 40),
        ({"type": "datetime"}, "9999-12-31T24:00:00Z"),
    ],
    ids=["levels", "digits in a list", "digits in a point", "an exponent", "a moment"],
)
def test_a_value_that_is_more_than_is_read_is_neither_right_nor_wrong(
    field: dict[str, str], value: str, tmp_path: Path
) -> None:
    cell = value.replace('"', '""')
    root = write_package_of(
        tmp_path / "values", {"values.csv": f'value\n"{cell}"\n'},
        [{"name": "values", "path": "values.csv", "schema": {"fields": [{"name": "value", **field}]}}],
    )  # fmt: skip
    report = datapackage.validate(root)
    assert (report.state, report.counts) == ("not checked", {"resource-limit": 1})


@pytest.mark.parametrize(
    ("text", "changes", "code"),
    [
        (GOOD, {}, 0),
        (BAD, {}, 1),
        (GOOD, {"hash": "blake3:00"}, 2),
        (BAD, {"hash": "blake3:00"}, 2),
    ],
    ids=["valid", "not valid", "not checked", "not valid and not checked"],
)
def test_the_exit_code_is_that_of_the_state_and_all_findings_are_shown(
    run: Run, tmp_path: Path, text: str, changes: dict[str, str], code: int
) -> None:
    ended = run("validate", knots(tmp_path / "knots", text, **changes))
    assert (ended.returncode, ended.stderr) == (code, "")
    assert ("type-error" in ended.stdout) is (text == BAD)
    assert ("unsupported-feature" in ended.stdout) is bool(changes)
    assert ("is not fully checked: 1 part could not be checked" in ended.stdout) is (code == 2)
    assert ("is not valid: " in ended.stdout) is (code == 1)


def test_a_warning_leaves_a_package_checked_and_valid(run: Run, tmp_path: Path) -> None:
    root = knots(tmp_path / "knots", "\ufeff" + GOOD)
    assert run("validate", root).returncode == 0
    assert datapackage.validate(root).state == "valid"


def test_as_json_the_state_is_what_the_exit_code_says(run: Run, tmp_path: Path) -> None:
    for text, changes, state in ((GOOD, {}, "valid"), (BAD, {}, "not valid"), (BAD, {"hash": "xx:0"}, "not checked")):
        root = knots(tmp_path / state, text, **changes)
        found = json.loads(run("validate", root, "--format", "json").stdout)
        assert (found["state"], found["valid"]) == (state, state == "valid")


@pytest.fixture
def other_user() -> Iterator[None]:
    """Let files be read as by another user than the one who owns everything."""
    if os.name == "nt":
        pytest.skip("this system has other permissions")
    before = os.geteuid()
    if before == 0:
        os.seteuid(65_534)
    try:
        yield
    finally:
        os.seteuid(before)


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder that every user may read."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    for path in folder.rglob("*"):
        path.chmod(0o755)
    shutil.rmtree(folder)


def lakes(shared: Path, closed: str) -> Path:
    """A copy of the sample package in which one file or folder may not be read."""
    root = shared / "lakes"
    shutil.copytree(sample_package(), root)
    (root / "lakes.schema.json").write_text('{"fields": []}', encoding="utf-8")
    if closed == "lakes.schema.json":
        path = root / "datapackage.json"
        descriptor = json.loads(path.read_text(encoding="utf-8"))
        descriptor["resources"][1]["schema"] = closed
        path.write_text(json.dumps(descriptor), encoding="utf-8")
    (root / closed).chmod(0)
    return root


@pytest.mark.parametrize("closed", ["data/lakes.csv", "data", "lakes.schema.json"])
def test_a_file_that_only_others_may_read_is_not_said_to_be_missing_or_wrong(
    shared: Path, closed: str, request: Any
) -> None:
    root = lakes(shared, closed)
    request.getfixturevalue("other_user")
    report = datapackage.validate(root)
    found = [finding for finding in report.incidents if finding.code == "file-unreadable"]
    assert {finding.table for finding in found} >= {"lakes"}
    assert all("Permission denied" in finding.message for finding in found)
    assert report.state == "not checked"
    assert not {"scheme-error", "resource-error"} & set(report.counts)


def test_a_descriptor_that_only_others_may_read_ends_with_2(shared: Path, run: Run, request: Any) -> None:
    root = lakes(shared, "datapackage.json")
    request.getfixturevalue("other_user")
    ended = run("validate", root)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "Permission denied" in ended.stderr


@pytest.mark.parametrize(
    ("fault", "shown"),
    [
        (MemoryError(), "MemoryError."),
        (pl.exceptions.PanicException("the index is out of range"), "PanicException: the index is out of range."),
        (ZeroDivisionError("division by zero"), "ZeroDivisionError: division by zero."),
        (OSError(errno.EMFILE, "Too many open files"), "Too many open files."),
    ],
    ids=["memory", "a panic", "a fault of the program", "files"],
)
def test_an_engine_that_breaks_off_in_a_table_is_no_verdict_and_the_others_are_checked(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: BaseException, shown: str
) -> None:
    root = write_package_of(
        tmp_path / "two", {"knots.csv": GOOD, "bends.csv": BAD},
        [KNOTS, KNOTS | {"name": "bends", "path": "bends.csv"}],
    )  # fmt: skip

    def check_blocks(plan: Any, *rest: Any) -> Any:
        if plan.table.name == "knots":
            raise fault
        return table.check_blocks(plan, *rest)

    monkeypatch.setattr(validator, "check_blocks", check_blocks)
    ended = run("validate", root)
    assert (ended.returncode, ended.stderr) == (2, "")
    assert shown in ended.stdout
    assert "Expected a whole number in digits; found 'one'." in ended.stdout
    assert "invented is not fully checked: 1 part could not be checked; 1 other finding" in ended.stdout
    assert "references: 1 table, 1 row (" in ended.stdout


def test_references_that_cannot_be_followed_are_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    def dangling(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(validator, "dangling_rows", dangling)
    report = datapackage.validate(sample_package())
    assert (report.state, report.counts) == ("not checked", {"check-failed": 1})
    assert report.incidents[0].message.startswith("The check of references crashed at test_failures.py:")


def test_a_check_of_ones_own_that_breaks_off_is_named_and_the_others_go_on(tmp_path: Path) -> None:
    def breaking(package: DataPackage, _: Findings) -> None:
        raise KeyError(package.name)

    report = datapackage.validate(knots(tmp_path / "knots", BAD), checks=[breaking])
    assert report.counts == {"check-failed": 1, "type-error": 1}
    assert "The check 'breaking' crashed at test_failures.py:" in report.incidents[0].message
    assert "KeyError: 'invented'." in report.incidents[0].message


def test_an_argument_that_a_check_refuses_is_still_an_error(tmp_path: Path) -> None:
    def refusing(_: DataPackage, __: Findings) -> None:
        message = "Expected another level."
        raise ArgumentError(message)

    with pytest.raises(ArgumentError, match="Expected another level"):
        datapackage.validate(knots(tmp_path / "knots"), checks=[refusing])


def test_frictionless_is_not_said_to_have_checked_what_it_broke_off(tmp_path: Path) -> None:
    report = datapackage.validate(knots(tmp_path / "knots", layout=5))
    assert (report.state, report.counts) == ("valid", {"peer-failed": 1})
    assert not [check for check in report.checks if check.by.startswith("frictionless")]


def test_a_report_that_could_not_check_everything_says_so_in_every_form(run: Run, tmp_path: Path) -> None:
    root = knots(tmp_path / "knots", BAD, hash="blake3:00")
    words = {
        "terminal": "invented is not fully checked: 1 part could not be checked; 1 other finding (",
        "json": '"state": "not checked"',
        "markdown": "## invented is not fully checked: 1 part could not be checked; 1 other finding\n",
        "html": "invented is not fully checked: 1 part could not be checked; 1 other finding",
        "github": ",title=unsupported-feature::",
        "sarif": '"executionSuccessful": false',
        "junit": 'failures="1" errors="1"',
    }
    for form, expected in words.items():
        ended = run("validate", root, "--format", form)
        assert ended.returncode == 2, form
        assert expected in ended.stdout, form
        assert "is not valid" not in ended.stdout, form


def test_every_code_that_says_what_was_not_checked_is_one_of_a_family_of_its_own() -> None:
    from readouts.datapackage.incident import CODES, Severity

    unchecked = {name for name, code in CODES.items() if code.severity is Severity.UNCHECKED}
    assert unchecked == {name for name, code in CODES.items() if code.family == "unchecked"}
    assert {"check-failed", "file-unreadable", "resource-limit", "unsupported-feature"} == unchecked
    text = (ROOT / "docs" / "conformance.md").read_text(encoding="utf-8").partition("## What is not supported")[2]
    for name in unchecked - {"check-failed", "file-unreadable"}:
        assert name in text
