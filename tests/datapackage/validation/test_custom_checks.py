"""Checks of one's own: what they are given, what they may return, and what becomes of it, and of their errors."""

from __future__ import annotations

import datetime as dt
import importlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import narwhals as nw
import polars as pl
import pytest

from readouts.datapackage import Finding, check, validate
from readouts.datapackage import open as open_package
from readouts.datapackage.errors import ArgumentError
from readouts.datapackage.incident import Severity
from readouts.datapackage.table.typed_frame import typed_table
from readouts.datapackage.validation.import_guard import without
from tests.packages import write_package_of

with without("pyspark"):
    import pandera.polars as pa

if TYPE_CHECKING:
    from collections.abc import Callable

    from readouts.datapackage.api import Report
    from tests.conftest import Run

FIELDS = [
    {"name": "kiln", "type": "string"},
    {"name": "heat", "type": "integer"},
    {"name": "fired", "type": "date"},
    {"name": "share", "type": "number", "groupChar": " "},
]
KILNS = {"name": "kilns", "path": "kilns.csv", "schema": {"fields": FIELDS, "primaryKey": ["kiln"]}}
POTS = {
    "name": "pots",
    "path": ["pots-1.csv", "pots-2.csv"],
    "schema": {"fields": [{"name": "pot", "type": "string"}, {"name": "kiln", "type": "string"}]},
}
FILES: dict[str, bytes | str] = {
    "kilns.csv": 'kiln,heat,fired,share\n"north\nhill",900,2031-03-01,0.5\nsouth,-4,,1 200\neast,,2031-03-03,7\n',
    "pots-1.csv": "pot,kiln\njug,south\n",
    "pots-2.csv": "pot,kiln\nbowl,west\n",
}


@pytest.fixture
def pottery(tmp_path: Path) -> Path:
    return write_package_of(tmp_path / "pottery", FILES, [KILNS, POTS])


def places(report: Report) -> list[tuple[Any, ...]]:
    return [(each.code, each.table, each.row, each.line, each.key, each.field, each.value) for each in report.incidents]


COLD = ("hot", "kilns", 2, 4, ("south",), "heat", "-4")


@pytest.mark.parametrize(
    "judge",
    [
        lambda _: pl.col("heat") > 0,
        lambda _: nw.col("heat") > 0,
        lambda kilns: kilns["heat"] > 0,
        lambda kilns: nw.from_native(kilns)["heat"] > 0,
        lambda kilns: kilns.to_pandas()["heat"].fillna(1) > 0,
        lambda kilns: kilns.filter(pl.col("heat") <= 0),
        lambda kilns: kilns.lazy().filter(pl.col("heat") <= 0),
        lambda kilns: nw.from_native(kilns).filter(nw.col("heat") <= 0),
        lambda kilns: kilns.to_pandas().query("heat <= 0"),
        lambda kilns: [Finding(row=row) for row in kilns.filter(pl.col("heat") <= 0)["_row"]],
        pa.DataFrameSchema({"heat": pa.Column(int, pa.Check.gt(0), nullable=True)}),
    ],
)
def test_a_row_that_fails_has_its_place_whatever_says_so(judge: Any, pottery: Path) -> None:
    report = validate(pottery, checks=check("kilns", code="hot", field="heat")(judge))
    assert places(report) == [COLD]
    assert report.state == "not valid"


@pytest.mark.parametrize("result", [None, True, pl.Series([True, None, True]), pl.lit(value=True), [], iter(())])
def test_a_check_that_finds_nothing_leaves_a_package_valid(result: Any, pottery: Path) -> None:
    assert validate(pottery, checks=check("kilns", code="calm")(lambda _: result)).counts == {}


@pytest.mark.parametrize("judge", [lambda pots: pots.height > 2, lambda _: pl.len() > 2, lambda _: nw.len() > 2])
def test_a_whole_table_can_fail(judge: Any, pottery: Path) -> None:
    report = validate(pottery, checks=check("pots", code="many", message="Too few.")(judge))
    assert [(each.table, each.row, each.message) for each in report.incidents] == [("pots", None, "Too few.")]


def test_a_check_over_two_tables_finds_rows_of_either_in_the_file_that_they_are_in(pottery: Path) -> None:
    @check("pots", "kilns", hint="Ask the potter.")
    def pots_have_kilns(pots: pl.DataFrame, kilns: pl.DataFrame) -> Any:
        for row in pots.join(kilns, on="kiln", how="anti").iter_rows(named=True):
            yield Finding(f"No kiln for the {row['pot']}.", row=row["_row"], field="kiln")
        yield Finding("An old kiln.", table="kilns", row=3, hint="Rebuild it.", value="old")

    report = validate(pottery, checks=[pots_have_kilns])
    found = {each.table: each for each in report.incidents}
    assert (found["pots"].file, found["pots"].line, found["pots"].value) == ("pots-2.csv", 2, "west")
    assert (found["kilns"].line, found["kilns"].value, found["kilns"].hint) == (5, "old", "Rebuild it.")
    assert found["pots"].hint == "Ask the potter."


def test_values_have_their_types_and_what_is_missing_or_unreadable_is_null(pottery: Path) -> None:
    (pottery / "kilns.csv").write_text("kiln,heat,fired,share\nnorth,007,2031-03-01,1 200\nsouth,x,2031-13-01,\n")
    frame = typed_table(open_package(pottery).resource("kilns")).frame
    assert frame.rows() == [("north", 7, dt.date(2031, 3, 1), 1200.0, 1), ("south", None, None, None, 2)]
    assert frame.schema["heat"] == pl.Int64


def test_a_null_of_json_is_null_whatever_stands_for_a_missing_value(tmp_path: Path) -> None:
    schema = {"missingValues": ["-"], "fields": [{"name": "glaze", "type": "string"}]}
    resource = {"name": "t", "data": [{"glaze": None}, {"glaze": "-"}, {"glaze": ""}], "schema": schema}
    frame = typed_table(open_package(write_package_of(tmp_path / "p", {}, [resource])).resource("t")).frame
    assert frame["glaze"].to_list() == [None, None, ""]


def test_rows_keep_their_numbers_where_blank_ones_are_between_them(pottery: Path) -> None:
    (pottery / "kilns.csv").write_text("kiln,heat,fired,share\nnorth,1,,\n\nsouth,-4,,\n")
    report = validate(pottery, checks=check("kilns", code="hot")(lambda _: pl.col("heat") > 0), ignore=["blank-row"])
    assert places(report) == [("hot", "kilns", 3, 4, ("south",), "heat", "-4")]


def test_only_so_many_findings_are_kept_and_all_are_counted(pottery: Path) -> None:
    report = validate(pottery, checks=check("kilns", code="no")(lambda kilns: kilns), limit=2)
    assert (report.counts, len(report.incidents), report.held_back) == ({"no": 3}, 2, {"no": 1})


def test_a_message_has_the_values_of_its_row_and_by_default_what_the_docstring_expects(pottery: Path) -> None:
    @check("kilns", field="heat")
    def hot(_: Any) -> Any:
        """A kiln is hot.

        Always.
        """
        return pl.col("heat") > 0

    told = check("kilns", code="told", message="{kiln}: {heat}, {fired}")(hot.function)
    assert [each.message for each in validate(pottery, checks=[hot, told]).incidents] == [
        "Expected: A kiln is hot. Found '-4'.",
        "south: -4, no value",
    ]


def test_a_schema_of_pandera_tells_what_it_expected_of_columns_and_cells(pottery: Path) -> None:
    @check("kilns")
    class KilnSchema(pa.DataFrameModel):
        heat: int = pa.Field(gt=0)
        glaze: str

    made: Any = KilnSchema
    report = validate(pottery, checks=[made])
    found = {(each.code, each.row, each.field): each.message for each in report.incidents}
    assert found["kiln-schema", 2, "heat"] == "Expected greater_than(0) for heat."
    assert found["kiln-schema", 3, "heat"] == "Expected a value for heat."
    assert "glaze" in found["kiln-schema", None, None]


def test_a_check_that_only_warns_leaves_a_package_valid(pottery: Path) -> None:
    report = validate(pottery, checks=check("kilns", code="mild", severity="warning")(lambda _: False))
    assert (report.state, report.counts, report.incidents[0].severity) == ("valid", {"mild": 1}, Severity.WARNING)


def raising(error: BaseException) -> Callable[[Any], Any]:
    def fails(_: Any) -> Any:
        raise error

    return fails


@pytest.mark.parametrize(
    ("judge", "reason"),
    [
        (raising(ZeroDivisionError("by the potter")), "ZeroDivisionError: by the potter"),
        (raising(ModuleNotFoundError("No module named 'clay'")), "ModuleNotFoundError: No module named 'clay'"),
        (raising(SystemExit(0)), "SystemExit: 0"),
        (lambda kilns: kilns.select("glaze"), 'unable to find column "glaze"'),
        (lambda kilns: kilns.select("heat"), "without the column _row"),
        (lambda _: pl.Series([True]), "a series of 1 of Boolean: expected 3"),
        (lambda kilns: kilns["heat"], "a series of 3 of Int64: expected 3 of Boolean"),
        (lambda _: 7, "it returned 7: expected None, a boolean"),
        (lambda _: "fine", "it returned 'fine'"),
        (lambda _: [7], "it gave 7"),
        (lambda _: [Finding(row=99)], "kilns has no row 99"),
        (lambda _: [Finding(row=1, field="glaze")], "kilns has no column 'glaze'"),
        (lambda _: [Finding(table="kiln")], "Did you mean 'kilns'?"),
        (pa.DataFrameSchema({"heat": pa.Column(int, pa.Check(raising(OSError("cold"))), nullable=True)}), "cold"),
    ],
)
def test_an_error_in_a_check_is_a_finding_that_names_the_check_and_the_line(
    judge: Any, reason: str, pottery: Path
) -> None:
    report = validate(pottery, checks=[check("kilns", code="odd")(judge), check("kilns", code="no")(lambda _: False)])
    assert report.counts == {"check-failed": 1, "no": 1}
    assert report.state == "not checked"
    (failed,) = [each for each in report.incidents if each.code == "check-failed"]
    assert failed.message.startswith("The check 'odd' crashed")
    assert isinstance(judge, pa.DataFrameSchema) or f"{Path(__file__).name}:" in failed.message
    assert reason in failed.message
    assert failed.hint.startswith("Correct the check")


def test_what_was_found_before_a_check_broke_off_is_kept(pottery: Path) -> None:
    @check("kilns")
    def tires(_: Any) -> Any:
        yield Finding("One.", row=1)
        raise TimeoutError

    assert validate(pottery, checks=tires).counts == {"tires": 1, "check-failed": 1}


def test_a_table_that_is_not_there_is_a_check_that_failed(pottery: Path) -> None:
    report = validate(pottery, checks=check("klins", code="odd")(lambda _: True))
    assert report.state == "not checked"
    assert report.incidents[0].message.endswith("has no table 'klins'. Did you mean 'kilns'?")


def test_a_table_that_cannot_be_read_is_told_once_and_the_report_says_what_was_not_run(pottery: Path) -> None:
    (pottery / "kilns.csv").write_text("kiln,heat,fired,share\nnorth,1\n")
    checks = [check("kilns", code="first")(lambda _: False), check("pots", code="second")(lambda _: False)]
    report = validate(pottery, checks=checks)
    assert set(report.counts) == {"missing-cell", "second"}
    assert report.checks[-1].subject == "first, second; not run, since a table can't be read: first"


@pytest.mark.parametrize(
    ("name", "content"),
    [("_row", "_row\n1\n"), ("big", "big\n99999999999999999999\n")],
)
def test_a_check_of_a_valid_table_that_no_frame_can_hold_was_not_made(name: str, content: str, tmp_path: Path) -> None:
    kind = "integer" if name == "big" else "string"
    resource = {"name": "t", "path": "t.csv", "schema": {"fields": [{"name": name, "type": kind}]}}
    report = validate(
        write_package_of(tmp_path / "p", {"t.csv": content}, [resource]),
        checks=check("t", code="odd")(lambda _: True),
    )
    assert report.counts == {"check-failed": 1}
    assert report.incidents[0].message.startswith("The check 'odd' was not run: ")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (check, "requires the names of the tables"),
        (lambda: check(lambda _: True), "requires the names of the tables"),  # type: ignore[arg-type]
        (lambda: check("t", severity="fatal"), "Unknown severity 'fatal'"),  # type: ignore[arg-type]
        (lambda: check("t", code="Bad Code")(lambda _: True), "lower-case words joined by hyphens"),
        (lambda: check("t", code="type-error")(lambda _: True), "that of a finding of readouts"),
    ],
)
def test_a_check_that_cannot_be_made_says_why(make: Callable[[], Any], message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        make()


def test_a_schema_without_its_table_is_told_how_to_be_given(pottery: Path) -> None:
    with pytest.raises(ArgumentError, match=r"give `check\(TABLE\)\(schema\)`"):
        validate(pottery, checks=[pa.DataFrameSchema()])  # type: ignore[list-item]


def test_a_file_that_the_caller_and_the_descriptor_name_is_run_once(pottery: Path) -> None:
    (pottery / "checks.py").write_text(FILE)
    path = pottery / "datapackage.json"
    path.write_text(path.read_text().replace("{", '{"readouts": {"checks": "checks.py"}, ', 1))
    report = validate(pottery, checks=pottery / "checks.py", package_settings="all")
    assert report.counts == {"never": 1, "nameless": 1}


def test_two_checks_of_one_code_are_refused(pottery: Path) -> None:
    twice = [check("kilns", code="odd")(lambda _: True) for _ in range(2)]
    with pytest.raises(ArgumentError, match="Two checks have the code 'odd'"):
        validate(pottery, checks=twice)


def test_checks_of_values_are_not_for_the_structure_alone(pottery: Path) -> None:
    with pytest.raises(ArgumentError, match="use the level 'content'"):
        validate(pottery, checks=check("kilns", code="odd")(lambda _: True), level="structure")


FILE = """\
from __future__ import annotations
import pandera.polars as pa
from readouts.datapackage import check

@check("kilns")
def never(kilns):
    return False

check("kilns", code="nameless")(lambda kilns: False)

@check("kilns")
class Kilns(pa.DataFrameModel):
    heat: int = pa.Field(nullable=True)
"""


def test_a_file_of_checks_runs_all_of_them_and_leaves_nothing_behind(pottery: Path, run: Run) -> None:
    (pottery / "checks.py").write_text(FILE)
    before = sorted(pottery.rglob("*"))
    report = validate(pottery, checks=pottery / "checks.py")
    assert report.counts == {"never": 1, "nameless": 1}
    assert report.checks[-1].subject == "never, nameless, kilns"
    assert sorted(pottery.rglob("*")) == before
    ended = run("validate", ".", "--checks", "checks.py", cwd=pottery)
    assert ended.returncode == 1
    assert "Checked own checks: never, nameless, kilns (checks.py)" in ended.stdout


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = (", "can't be loaded, line 1: SyntaxError"),
        ("import readouts\n\nreadouts.nothing\n", "can't be loaded, line 3: AttributeError"),
        ("raise SystemExit(0)", "can't be loaded, line 1: SystemExit: 0"),
        ("x = 1\n", "has no check"),
        (None, "There is no file of checks"),
    ],
)
def test_a_file_that_gives_no_checks_ends_in_one_sentence(
    text: str | None, message: str, pottery: Path, run: Run
) -> None:
    if text is not None:
        (pottery / "checks.py").write_text(text)
    ended = run("validate", ".", "--checks", "checks.py", cwd=pottery)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert message in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_checks_of_an_installed_package_are_named_by_their_entry_point(
    pottery: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site"
    (site / "kiln_checks-1.dist-info").mkdir(parents=True)
    (site / "kiln_checks.py").write_text(FILE)
    (site / "kiln_checks-1.dist-info" / "METADATA").write_text("Name: kiln-checks\nVersion: 1\n")
    (site / "kiln_checks-1.dist-info" / "entry_points.txt").write_text(
        "[readouts.checks]\nkilns = kiln_checks\none = kiln_checks:never\n"
    )
    monkeypatch.syspath_prepend(str(site))
    importlib.invalidate_caches()
    try:
        assert validate(pottery, checks="one").counts == {"never": 1}
        assert validate(pottery, checks="kilns").counts == {"never": 1}
        with pytest.raises(ArgumentError, match="Did you mean 'kilns'"):
            validate(pottery, checks="klins")
    finally:
        sys.modules.pop("kiln_checks", None)


def test_a_check_is_a_function_of_frames_as_before() -> None:
    made = check("kilns", code="hot")(lambda kilns: kilns["heat"] > 0)
    assert made(pl.DataFrame({"heat": [1, -1]})).to_list() == [True, False]
