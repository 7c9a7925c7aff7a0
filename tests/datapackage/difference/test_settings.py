"""What a comparison is told to overlook: it is named, counted, exact, and without a verdict on the version."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import readouts
from readouts import datapackage
from readouts.datapackage.errors import ArgumentError, PackageError
from readouts.datapackage.schema.sameness import within
from readouts.datapackage.versioning import Level
from tests.properties import examples

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    from readouts.datapackage import PackageDiff

Table = tuple[dict[str, Any], str]

WELLS = {
    "primaryKey": "id",
    "fields": [
        {"name": "id", "type": "integer"},
        {"name": "code"},
        {"name": "depth", "type": "number"},
        {"name": "note"},
        {"name": "dug", "type": "date"},
    ],
}
OLD = "id,code,depth,note,dug\n1,A,1.0,dry,2031-01-01\n2,B,20,,2031-01-01\n3,C,30,,2031-02-01\n"
READINGS = {"fields": [{"name": "well", "type": "integer"}, {"name": "level", "type": "number"}, {"name": "note"}]}


def package(folder: Path, **tables: Table) -> Path:
    """Write a package of some tables."""
    folder.mkdir()
    resources = []
    for name, (schema, text) in tables.items():
        (folder / f"{name}.csv").write_text(text, newline="")
        resources.append({"name": name, "path": f"{name}.csv", "schema": schema})
    (folder / "datapackage.json").write_text(json.dumps({"name": "w", "version": "1.0.0", "resources": resources}))
    return folder


def compared(tmp_path: Path, old: str, new: str, schema: dict[str, Any] = WELLS, **options: Any) -> PackageDiff:
    before, after = package(tmp_path / "old", wells=(schema, old)), package(tmp_path / "new", wells=(schema, new))
    return datapackage.diff(before, after, **options)


def hidden(found: PackageDiff) -> dict[str, int]:
    return {str(each.kind): each.hidden for each in found.settings}


def test_an_ignored_column_may_differ_and_its_changes_are_counted(tmp_path: Path) -> None:
    new = OLD.replace("dry", "wet").replace("20,,", "21,full,")
    found = compared(tmp_path, OLD, new, ignore="note")
    assert [(cell.field, cell.old, cell.new) for cell in found.tables[0].cells] == [("depth", "20", "21")]
    assert (found.tables[0].rows_changed, hidden(found)) == (1, {"ignore": 2})


def test_a_hidden_change_leaves_the_version_unjudged(tmp_path: Path) -> None:
    found = compared(tmp_path, OLD, OLD.replace("dry", "wet"), ignore=["wells.note"])
    assert (found.same, found.hidden) == (True, 1)
    assert (found.bump.level, found.bump.smallest, found.bump.enough) == (Level.UNKNOWN, "", None)
    assert repr(found) == "<PackageDiff of w 1.0.0 and w 1.0.0: 0 tables changed, 1 change hidden>"


def test_options_that_hide_nothing_leave_the_verdict_as_it_is(tmp_path: Path) -> None:
    new = OLD.replace("30", "31")
    found = compared(tmp_path, OLD, new, ignore="note", tolerance={"depth": "0.5"}, ignore_trailing_spaces=True)
    assert (found.bump.level, found.bump.smallest) == (Level.PATCH, "1.0.1")
    assert hidden(found) == {"ignore": 0, "tolerance": 0, "ignore-trailing-spaces": 0}


def test_the_schema_of_an_ignored_column_may_differ_too(tmp_path: Path) -> None:
    fields = [*WELLS["fields"], {"name": "more"}]
    before = package(tmp_path / "old", wells=(WELLS, OLD))
    new = "".join(f"{line},{'more' if line.startswith('id') else 'x'}\n" for line in OLD.splitlines())
    after = package(tmp_path / "new", wells=({**WELLS, "fields": fields}, new))
    found = datapackage.diff(before, after, ignore="more")
    assert (found.same, found.hidden, found.bump.level) == (True, 1, Level.UNKNOWN)


@pytest.mark.parametrize(
    ("old", "new", "most", "near"),
    [
        ("1.0", "1.1", 0.1, True),
        ("0.1", "0.3", "0.2", True),
        ("0.1", "0.3000000000000000000000000000001", "0.2", False),
        ("20", "20.000000001", 1e-9, True),
        ("20", "20.0000000011", 1e-9, False),
        ("9007199254740993", "9007199254740992", 1, True),
        ("9007199254740994", "9007199254740992", 1, False),
        ("1e400", "1.1e400", Decimal("1e399"), True),
        ("1e99999999", "1", 5, False),
        ("NaN", "1", 5, False),
        ("INF", "-INF", 5, False),
        ("", "0", 5, False),
    ],
)
def test_a_tolerance_is_exact(tmp_path: Path, old: str, new: str, most: Any, near: bool) -> None:
    head = "id,code,depth,note,dug\n"
    found = compared(tmp_path, f"{head}1,A,{old},,\n", f"{head}1,A,{new},,\n", tolerance={"depth": most})
    assert (found.same, found.hidden) == (near, int(near))


def test_a_tolerance_reads_numbers_as_the_schema_says(tmp_path: Path) -> None:
    depth = {"name": "depth", "type": "number", "decimalChar": ",", "groupChar": ".", "bareNumber": False}
    schema = {"primaryKey": "id", "fields": [{"name": "id"}, depth]}
    old, new = 'id,depth\n1,"1.000,50 m"\n2,"7,1 m"\n', 'id,depth\n1,"1.000,51 m"\n2,"7,3 m"\n'
    found = compared(tmp_path, old, new, schema, tolerance={"depth": "0.01"})
    assert ([cell.key for cell in found.tables[0].cells], found.hidden) == ([("2",)], 1)


def test_a_tolerance_of_a_text_compares_what_are_plain_numbers(tmp_path: Path) -> None:
    found = compared(tmp_path, OLD, OLD.replace("dry", "1.5").replace(",,", ",7,"), tolerance={"note": 1})
    assert (found.tables[0].cells_changed, found.hidden) == (3, 0)


DIGITS = st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**9), max_value=10**9)


@settings(max_examples=examples(300))
@given(DIGITS, DIGITS, DIGITS.map(abs))
def test_numbers_are_within_a_tolerance_as_whole_numbers_are(one: Decimal, other: Decimal, most: Decimal) -> None:
    a, b, c = (int(each.scaleb(6)) for each in (one, other, most))
    assert within(one, other, most) == (abs(a - b) <= c)
    assert within(one, one + most, most)


def test_spaces_at_the_end_of_cells_and_keys_are_passed_over(tmp_path: Path) -> None:
    schema = {**WELLS, "primaryKey": "code"}
    new = OLD.replace("dry", "dry  ").replace("3,C,30,", "3,C  ,30, ").replace("2,B", "2, B")
    found = compared(tmp_path, OLD, new, schema, ignore_trailing_spaces=True)
    table = found.tables[0]
    assert (table.rows_added, table.rows_removed, table.cells_changed) == (1, 1, 0)
    assert hidden(found) == {"ignore-trailing-spaces": 3}


def test_keys_that_differ_in_spaces_at_their_ends_alone_are_refused_when_these_are_passed_over(tmp_path: Path) -> None:
    schema = {**WELLS, "primaryKey": "code"}
    with pytest.raises(PackageError, match="The new table 'wells' has the key 'A' twice, in rows 1 and 2"):
        compared(tmp_path, OLD, OLD.replace("2,B", "2,A "), schema, ignore_trailing_spaces=True)


def test_a_reference_that_gains_a_space_is_not_repointed_when_spaces_are_passed_over(tmp_path: Path) -> None:
    key = {"fields": "well", "reference": {"resource": "wells", "fields": "code"}}
    readings = {"primaryKey": "n", "fields": [{"name": "n"}, {"name": "well"}], "foreignKeys": [key]}
    wells = ({**WELLS, "primaryKey": "code"}, OLD)
    before = package(tmp_path / "old", wells=wells, readings=(readings, "n,well\n1,A\n"))
    after = package(tmp_path / "new", wells=wells, readings=(readings, "n,well\n1,A \n"))
    assert datapackage.diff(before, after).references
    found = datapackage.diff(before, after, ignore_trailing_spaces=True)
    assert (found.same, found.references) == (True, ())
    found = datapackage.diff(before, after, ignore="readings.well")
    assert (found.same, found.references) == (True, ())


def test_rows_are_paired_by_the_given_key_and_the_version_is_not_judged(tmp_path: Path) -> None:
    new = OLD.replace("3,C", "7,C").replace("2,B,20", "2,B,21")
    found = compared(tmp_path, OLD, new, key="code")
    assert [(cell.key, cell.field, cell.new) for cell in found.tables[0].cells] == [
        (("B",), "depth", "21"),
        (("C",), "id", "7"),
    ]
    assert (found.tables[0].key, found.bump.level, found.hidden) == (("code",), Level.UNKNOWN, 0)


@pytest.mark.parametrize("options", [{"key": "id"}, {"key": "wells.id"}])
def test_the_primary_key_as_the_given_one_changes_nothing(tmp_path: Path, options: dict[str, Any]) -> None:
    found = compared(tmp_path, OLD, OLD.replace("20", "21"), **options)
    assert (found.bump.level, found.bump.smallest) == (Level.PATCH, "1.0.1")


@pytest.mark.parametrize("key", ["code,dug", ["wells.code", "dug"], '"code", wells.dug'])
def test_a_key_may_have_several_columns(tmp_path: Path, key: Any) -> None:
    found = compared(tmp_path, OLD, OLD.replace("2031-02", "2031-03"), key=key)
    assert (found.tables[0].key, found.tables[0].rows_added) == (("code", "dug"), 1)


def test_a_key_that_is_not_unique_is_refused_with_examples(tmp_path: Path) -> None:
    more = "4,D,1,,2031-02-01\n5,D,1,,2031-03-01\n"
    expected = (
        "The old table 'wells' has the key '2031-01-01' twice, in rows 1 and 2, '2031-02-01' twice, in rows 3 and 4. "
        "Expected columns that tell its rows apart: dug doesn't."
    )
    with pytest.raises(PackageError) as raised:
        compared(tmp_path, OLD + more, OLD, key="dug")
    assert str(raised.value) == expected


def test_a_table_without_a_key_gets_one_or_is_compared_without_the_columns(tmp_path: Path) -> None:
    old, new = "well,level,note\n1,2.5,a\n2,3.5,b\n", "well,level,note\n1,2.5,c\n2,3.6,b \n"
    sides = [package(tmp_path / name, readings=(READINGS, text)) for name, text in (("old", old), ("new", new))]
    assert datapackage.diff(*sides).tables[0].rows_removed == 2
    found = datapackage.diff(*sides, ignore="note")
    assert (found.tables[0].rows_removed, found.tables[0].columns, hidden(found)) == (
        1,
        ("well", "level"),
        {"ignore": 2},
    )
    found = datapackage.diff(*sides, ignore="level", ignore_trailing_spaces=True)
    assert (found.tables[0].rows_removed, hidden(found)) == (1, {"ignore": 0, "ignore-trailing-spaces": 2})
    found = datapackage.diff(*sides, key="well", tolerance={"level": "0.1"}, ignore_trailing_spaces=True)
    assert [(cell.field, cell.new) for cell in found.tables[0].cells] == [("note", "c")]
    with pytest.raises(ArgumentError, match="'readings' has no key: name one"):
        datapackage.diff(*sides, tolerance={"level": 1})


CELLS = st.tuples(st.sampled_from(["1", "1.0", "1.1", "2", "x"]), st.sampled_from(["", "a", "a ", "b"]))
ROWS = st.dictionaries(st.sampled_from("123"), CELLS, max_size=3)
FREE = {"primaryKey": "id", "fields": [{"name": "id"}, {"name": "size"}, {"name": "note"}]}


@settings(max_examples=examples(100))
@given(ROWS, ROWS, st.tuples(st.booleans(), st.booleans(), st.booleans()))
def test_what_is_shown_and_what_is_hidden_make_up_the_whole(
    tmp_path_factory: pytest.TempPathFactory, old: Any, new: Any, chosen: tuple[bool, bool, bool]
) -> None:
    ignore, spaces, keyed = chosen
    schema = FREE if keyed else {"fields": FREE["fields"]}
    texts = [
        "id,size,note\n" + "".join(f"{key},{a},{b}\n" for key, (a, b) in sorted(rows.items())) for rows in (old, new)
    ]
    folder = tmp_path_factory.mktemp("sides")
    sides = [package(folder / name, t=(schema, text)) for name, text in zip(("old", "new"), texts, strict=True)]

    def total(found: PackageDiff) -> int:
        return sum(table.rows_added + table.rows_removed + table.cells_changed for table in found.tables)

    tolerance = {"size": "0.1"} if keyed else None
    found = datapackage.diff(
        *sides, ignore="note" if ignore else (), tolerance=tolerance, ignore_trailing_spaces=spaces
    )
    assert total(found) + found.hidden == total(datapackage.diff(*sides))
    assert (found.bump.level is Level.UNKNOWN) == bool(found.hidden)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"ignore": "nots"}, "Unknown column 'nots' to ignore. Did you mean 'note'?"),
        ({"ignore": "wels.depth"}, "Unknown table 'wels' of the column 'wels.depth' to ignore. Did you mean 'wells'?"),
        ({"key": "wells.cod"}, "Unknown column 'cod' of the table 'wells' in the key. Did you mean 'code'?"),
        ({"tolerance": {"deep": 1}}, "Unknown column 'deep' with a tolerance. Did you mean 'depth'?"),
        ({"ignore": "note"}, "write TABLE.COLUMN, one of 'wells.note', 'readings.note'."),
        ({"tolerance": {"dug": 1}}, "the column 'dug' of 'wells' has the type date"),
        ({"tolerance": {"depth": "-1"}}, "Expected a tolerance of 'depth' such as 0.01 or 1e-9; found '-1'."),
        ({"tolerance": {"depth": float("nan")}}, "found 'nan'"),
        ({"ignore": "wells.id"}, "'id' is in the key that pairs the rows of 'wells'"),
        ({"key": "code", "tolerance": {"code": 1}}, "Choose another key, or leave it out"),
        ({"ignore": "code", "stream": True}, "leave out either `stream`, or `key`"),
        ({"ignore": '"note'}, "Expected columns separated by commas"),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_sentence(tmp_path: Path, options: Any, said: str) -> None:
    readings = (READINGS, "well,level,note\n")
    sides = [package(tmp_path / name, wells=(WELLS, OLD), readings=readings) for name in ("old", "new")]
    with pytest.raises(ArgumentError) as raised:
        readouts.diff(*sides, **options)
    assert said in str(raised.value)


def test_every_form_names_the_options_and_what_they_hid(
    tmp_path: Path, run: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    package(tmp_path / "old", wells=(WELLS, OLD))
    package(tmp_path / "new", wells=(WELLS, OLD.replace("dry", "wet").replace("20,", "20.01,")))
    options = ("--ignore", "note", "--tolerance", "wells.depth=0.01", "--ignore-trailing-spaces", "--key", "code,id")
    for form in ("terminal", "markdown", "html"):
        done = run("diff", "old", "new", *options, "--format", form, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        for said in (
            "rows are paired by (code, id)",
            "note is ignored: 1 change hidden",
            "may differ by 0.01: 1 change",
        ):
            assert said.replace(" (code, id)", "") in done.stdout.replace("\\", "")
        assert "spaces at the end of cells are ignored: 0 changes hidden" in done.stdout
        assert "nothing else differs; the options hid 2 changes, so no version is judged" in done.stdout
    found = json.loads(run("diff", "old", "new", *options, "--format", "json", cwd=tmp_path).stdout)
    assert (found["same"], found["bump"]["level"], found["bump"]["enough"]) == (True, "unknown", None)
    assert found["settings"][1] == {
        "option": "ignore", "table": "wells", "columns": ["note"], "value": None, "hidden": 1,
    }  # fmt: skip

    done = run("diff", "old", "new", "--tolerance", "depth", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (
        2, "readouts: Expected --tolerance COLUMN=NUMBER, such as depth=0.01; found 'depth'.\n",
    )  # fmt: skip
    done = run("diff", "old", "new", "--stream", "--key", "code", cwd=tmp_path)
    assert (done.returncode, "leave out either --stream, or --key" in done.stderr) == (2, True)
