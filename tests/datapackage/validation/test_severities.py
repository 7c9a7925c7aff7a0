"""Findings that are ignored or count as warnings: by whom, what can't be, and how every form of a report says so."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from readouts.datapackage import validate
from readouts.datapackage.errors import ArgumentError, PackageError
from readouts.datapackage.incident import CODES, Severity
from readouts.datapackage.render.report.formats import FORMATS
from readouts.datapackage.report import Setting
from readouts.datapackage.validation.severities import unreliable
from tests.packages import write_package_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run

TIDES = {
    "name": "tides",
    "path": "tides.csv",
    "schema": {"fields": [{"name": "port", "type": "string"}, {"name": "height", "type": "number"}]},
}
CHECKS = 'from readouts.datapackage import check\n\n\n@check("tides")\ndef high(tides):\n    return False\n'


def ran(folder: Path) -> str:
    """Checks that leave a trace where they run."""
    return f"from pathlib import Path\nPath({str(folder / 'ran')!r}).touch()\n{CHECKS}"


def tides(root: Path, text: str = "port,height\nbrest,6.1\n\nsaint-malo,high\n", **settings: Any) -> Path:
    """A package with a blank row and a value that is not a number, and settings of its own."""
    return write_package_of(root / "tides", {"tides.csv": text, "checks.py": CHECKS}, [TIDES], **settings)


def test_what_is_ignored_is_left_out_and_counted(tmp_path: Path) -> None:
    report = validate(tides(tmp_path), ignore=["blank-row", "type-error"])
    assert (report.state, report.counts, report.incidents, report.ignored) == ("valid", {}, (), 2)
    assert report.settings == (
        Setting("blank-row", "ignore", "caller", 1),
        Setting("type-error", "ignore", "caller", 1),
    )


def test_what_counts_as_a_warning_is_shown_and_leaves_the_package_valid(tmp_path: Path) -> None:
    report = validate(tides(tmp_path), warn=["type-error", "blank-row"])
    assert (report.state, report.total) == ("valid", 2)
    assert {each.severity for each in report.incidents} == {Severity.WARNING}
    assert report.severity("type-error") is Severity.WARNING
    assert validate(tides(tmp_path), warn=["type-error"]).state == "not valid"


def test_a_setting_of_which_nothing_was_found_is_not_shown(tmp_path: Path) -> None:
    assert validate(tides(tmp_path), ignore=["foreign-key"]).settings == ()


def test_a_descriptor_says_what_counts_and_the_caller_goes_before_it(tmp_path: Path) -> None:
    folder = tides(tmp_path, readouts={"ignore": ["type-error"], "warn": ["blank-row"]})
    by = {each.code: (each.action, each.by) for each in validate(folder).settings}
    assert by == {"type-error": ("ignore", "descriptor"), "blank-row": ("warn", "descriptor")}
    report = validate(folder, warn=["type-error"], ignore=["blank-row"])
    by = {each.code: (each.action, each.by) for each in report.settings}
    assert by == {"type-error": ("warn", "caller"), "blank-row": ("ignore", "caller")}


def test_a_package_cannot_make_itself_valid_where_its_settings_are_not_applied(tmp_path: Path) -> None:
    folder = tides(tmp_path, readouts={"ignore": ["type-error", "blank-row"], "checks": "checks.py"})
    report = validate(folder, package_settings="none")
    assert (report.state, report.settings, report.not_applied) == ("not valid", (), ("ignore", "checks"))


@pytest.mark.parametrize("use", ["none", "severities"])
def test_code_of_a_package_runs_only_where_it_is_asked_for(use: Any, tmp_path: Path) -> None:
    folder = tides(tmp_path, readouts={"checks": ["checks.py"]})
    (folder / "checks.py").write_text(ran(tmp_path))
    report = validate(folder, package_settings=use)
    assert "checks" in report.not_applied
    assert not (tmp_path / "ran").exists()
    assert validate(folder, package_settings="all").counts["high"] == 1
    assert (tmp_path / "ran").exists()


def test_a_descriptor_names_no_code_outside_its_package(tmp_path: Path) -> None:
    (tmp_path / "checks.py").write_text(ran(tmp_path))
    with pytest.raises(PackageError, match="leaves the package"):
        validate(tides(tmp_path, readouts={"checks": "../checks.py"}), package_settings="all")
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("section", "message"),
    [
        (["ignore"], "`readouts`: expected an object"),
        ({"ignores": []}, "`readouts`: unknown setting 'ignores'. Did you mean 'ignore'?"),
        ({"ignore": "type-error"}, "`readouts.ignore`: expected a list of texts"),
        ({"warn": [{}]}, "`readouts.warn`: expected a list of texts"),
        ({"warn": ["type-eror"]}, "`readouts.warn`: unknown code 'type-eror'. Did you mean 'type-error'?"),
        ({"warn": ["type-error"], "ignore": ["type-error"]}, "'type-error' can't be both"),
    ],
)
def test_settings_of_a_descriptor_that_are_wrong_are_findings(section: Any, message: str, tmp_path: Path) -> None:
    report = validate(tides(tmp_path, readouts=section))
    (found,) = [each for each in report.incidents if each.code == "package-error"]
    assert message in found.message
    assert validate(tides(tmp_path, readouts=section), package_settings="none").counts.get("package-error") is None


def test_codes_of_checks_of_its_own_are_known_where_these_run(tmp_path: Path) -> None:
    folder = tides(tmp_path, "port,height\n", readouts={"warn": ["high"], "checks": "checks.py"})
    assert validate(folder).counts == {}
    report = validate(folder, package_settings="all")
    assert (report.state, report.counts) == ("valid", {"high": 1})


@pytest.mark.parametrize(
    ("name", "codes"), [("ignore", ["type-eror"]), ("warn", ["type-eror"]), ("ignore", "type-error")]
)
def test_a_code_that_a_caller_misspells_is_told(name: str, codes: Any, tmp_path: Path) -> None:
    with pytest.raises(ArgumentError, match=r"Did you mean 'type-error'|is a list of codes"):
        validate(tides(tmp_path), **{name: codes})


@pytest.mark.parametrize("action", ["ignore", "warn"])
def test_what_makes_the_rest_unreliable_stays_what_it_is_and_the_report_says_so(action: Any, tmp_path: Path) -> None:
    folder = tides(tmp_path, "port,height\nbrest\n", readouts={action: ["missing-cell"]})
    report = validate(folder)
    assert (report.state, report.counts) == ("not valid", {"missing-cell": 1})
    assert report.settings == (Setting("missing-cell", action, "descriptor", 1, applied=False),)
    assert "though the descriptor asked" in FORMATS["terminal"](report)


def test_what_could_not_be_checked_cannot_be_silenced(tmp_path: Path) -> None:
    folder = write_package_of(tmp_path / "p", {"t.csv": ""}, [TIDES | {"path": "t.csv", "format": "parquet"}])
    report = validate(folder, ignore=["unsupported-feature"], warn=["check-failed"])
    assert report.state == "not checked"


def test_few_codes_of_structure_and_files_can_be_silenced() -> None:
    of_structure = {name for name, code in CODES.items() if code.family in {"files", "structure", "unchecked"}}
    assert {name for name in of_structure if not unreliable(name)} == {
        "hash-count", "byte-count", "null-byte", "blank-row", "extra-label",
    }  # fmt: skip
    assert not any(unreliable(name) for name in CODES.keys() - of_structure)


@pytest.mark.parametrize("form", sorted(set(FORMATS) - {"gates"}))
def test_every_form_of_a_report_says_what_was_silenced_and_what_was_not_applied(form: str, tmp_path: Path) -> None:
    folder = tides(tmp_path, readouts={"ignore": ["blank-row"], "checks": "checks.py"})
    report = validate(folder, warn=["type-error"])
    text = FORMATS[form](report)
    if form == "json":
        document = json.loads(text)
        assert document["settings"] == [
            {"code": "blank-row", "action": "ignore", "by": "descriptor", "count": 1, "applied": True},
            {"code": "type-error", "action": "warn", "by": "caller", "count": 1, "applied": True},
        ]
        assert document["settings_not_applied"] == ["checks"]
        return
    assert "blank-row: 1 finding ignored, as the descriptor asked" in text.replace("&#8203;", "")
    assert "type-error: 1 finding counted as a warning, as the caller asked" in text.replace("&#8203;", "")
    assert "checks" in text.partition("not applied of the descriptor")[2]


def test_the_command_line_takes_codes_and_says_what_it_did(tmp_path: Path, run: Run) -> None:
    folder = tides(tmp_path)
    ended = run("validate", ".", "--ignore", "blank-row", "--warn", "type-error", cwd=folder)
    assert ended.returncode == 0
    assert "invented is valid, with 1 finding; 1 finding ignored" in ended.stdout
    ended = run("validate", ".", "--ignore", "blank-rows", cwd=folder)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "Did you mean 'blank-row'?" in ended.stderr


def test_findings_in_annotations_are_not_silenced_since_the_tables_are_not_compared_then(
    corpus: Path, run: Run
) -> None:
    assert run("rebuild", cwd=corpus).returncode == 0
    for path in (corpus / "annotations" / "events").glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("\nplace: ", "\nplace: atlantis-"), encoding="utf-8")
    ended = run("validate", ".", "--ignore", "foreign-key", cwd=corpus)
    assert ended.returncode == 1
    assert "not ignored, though the caller asked" in ended.stdout
