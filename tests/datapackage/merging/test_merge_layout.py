"""How a merged table is written: the order of its rows, and the lines that no side needed to change."""

from __future__ import annotations

import json
import re
from itertools import permutations, product
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readouts import merge
from readouts.datapackage.merging.conflict import MergedFolder
from readouts.datapackage.merging.files import merge_file
from readouts.datapackage.merging.order import merged_order
from readouts.datapackage.merging.version import read_version
from readouts.datapackage.schema.descriptor import read_schema
from readouts.datapackage.table.canonical_csv import csv_line
from tests.datapackage.merging.resolving import resolved
from tests.properties import examples

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

SCHEMA = {
    "fields": [{"name": "well", "type": "integer"}, {"name": "name"}, {"name": "depth", "type": "number"}],
    "primaryKey": "well",
}
TABLE = read_schema("wells", SCHEMA)[0]
HEAD = "well,name,depth\n"
BASE = HEAD + "1,Alder,10\n2,Birch,20\n10,Cedar,30\n100,Dogwood,40\n"


def merged(base: str, ours: str, theirs: str) -> str:
    found = merge_file(base.encode(), ours.encode(), theirs.encode(), "wells.csv", root=Path(), schema=TABLE)
    assert found.conflicts == ()
    return found.data.decode()


def wells(text: str) -> str:
    return " ".join(line.partition(",")[0] for line in text.splitlines()[1:])


def test_integer_keys_in_the_order_of_the_file_stay_so() -> None:
    ours, theirs = BASE.replace("Cedar", "Elm"), BASE.replace("2,Birch,20", "2,Birch,21\n9,Fir,25")
    expected = BASE.replace("Cedar", "Elm").replace("2,Birch,20", "2,Birch,21\n9,Fir,25")
    assert merged(BASE, ours, theirs) == expected


def test_rows_that_both_sides_append_stay_sorted_by_an_integer_key() -> None:
    assert wells(merged(BASE, BASE + "101,Elm,1\n", BASE + "102,Fir,2\n")) == "1 2 10 100 101 102"
    assert wells(merged(BASE, BASE + "102,Elm,1\n", BASE + "101,Fir,2\n")) == "1 2 10 100 101 102"


def test_a_table_sorted_by_numbers_in_a_key_of_two_columns_stays_so() -> None:
    fields = [{"name": "lake"}, {"name": "depth", "type": "number"}]
    table = read_schema("levels", {"fields": fields, "primaryKey": ["lake", "depth"]})[0]
    base = "lake,depth\nComo,2\nComo,10.5\nGarda,9\n"
    sides = (base, base.replace("Garda", "Como,100\nGarda"), base.replace("Garda", "Como,30\nGarda") + "Garda,10\n")
    first, second, third = (side.encode() for side in sides)
    found = merge_file(first, second, third, "levels.csv", root=Path(), schema=table)
    assert found.data.decode() == "lake,depth\nComo,2\nComo,10.5\nComo,30\nComo,100\nGarda,9\nGarda,10\n"


def test_rows_in_no_order_stay_as_ours_has_them_and_new_ones_follow_the_row_that_they_follow_in_theirs() -> None:
    base = HEAD + "7,a,1\n3,b,1\n5,c,1\n"
    ours = HEAD + "7,a,1\n3,b,2\n4,d,1\n5,c,1\n"
    theirs = HEAD + "8,e,1\n5,c,1\n9,f,1\n6,g,1\n7,a,1\n"
    # Theirs moved rows too and deleted 3, which ours changed in nothing but its depth: ours is without that change.
    assert wells(merged(base, ours.replace("3,b,2", "3,b,1"), theirs)) == "8 7 4 5 9 6"


def test_a_row_that_follows_one_which_ours_deleted_keeps_its_place() -> None:
    assert (
        wells(merged(BASE, BASE.replace("2,Birch,20\n", ""), BASE.replace("10,Ced", "20,Fir,1\n10,Ced")))
        == "1 20 10 100"
    )


def test_a_table_sorted_as_texts_on_all_sides_stays_so() -> None:
    base = HEAD + "1,a,1\n10,b,1\n2,c,1\n"
    assert wells(merged(base, base + "3,d,1\n", base.replace("2,c", "11,e,1\n2,c"))) == "1 10 11 2 3"


def test_lines_that_say_the_same_stay_as_ours_has_them() -> None:
    base = 'well,"name",depth\r\n"1", Alder ,10\r\n2,"Birch",20\r\n10,Cedar,"30"'
    ours = base.replace('"Birch"', '"Beech"')
    theirs = BASE.replace("10,Cedar", "9,Fir,25\n10,Cedar").replace("1,Alder,10", "1, Alder ,10").replace("40", "4")
    expected = base.replace('"Birch"', '"Beech"').replace("10,Ced", "9,Fir,25\r\n10,Ced") + "\r\n100,Dogwood,4\r\n"
    assert merged(base, ours, theirs) == expected


def test_a_row_that_both_sides_changed_keeps_the_quotes_of_each_cell() -> None:
    ours, theirs = BASE.replace("2,Birch,20", '2,"Beech",20'), BASE.replace("2,Birch,20", '"2",Birch,"21"')
    assert merged(BASE, ours, theirs) == BASE.replace("2,Birch,20", '2,"Beech","21"')


def test_a_column_that_theirs_adds_comes_with_their_lines_but_for_the_cells_that_ours_changed() -> None:
    base = "well,name\n1,A\n2,B\n"
    ours, theirs = 'well,name\n1,A\n2,"C"\n', 'well,name,depth\n1,"A",10\n2,B,"20"\n'
    assert merged(base, ours, theirs) == 'well,name,depth\n1,"A",10\n2,"C","20"\n'


def test_columns_that_no_side_has_in_the_order_of_the_schema_are_left_alone() -> None:
    base = "depth,name,well\n10,Alder,1\n20,Birch,2\n"
    assert merged(base, base.replace("Alder", "Elm"), base.replace("20", "21")) == (
        "depth,name,well\n10,Elm,1\n21,Birch,2\n"
    )


def test_the_byte_order_mark_and_blank_lines_of_ours_stay() -> None:
    ours = "\ufeff" + BASE.replace("2,Birch", "\n2,Beech")
    assert merged(BASE, ours, BASE.replace("40", "41")) == ours.replace("40", "41")


def test_markers_end_as_the_lines_of_ours_do() -> None:
    ours, theirs = (BASE.replace("Birch", name).replace("\n", "\r\n").removesuffix("\r\n") for name in ("Elm", "Fir"))
    found = merge_file(BASE.encode(), ours.encode(), theirs.encode(), "wells.csv", root=Path(), schema=TABLE)
    text = found.data.decode()
    assert len(found.conflicts) == 1
    assert re.sub("<<<<<<< ours\r\n(.*?)=======\r\n.*?>>>>>>> theirs\r\n", r"\1", text, flags=re.DOTALL) == ours
    assert text.count("\n") == text.count("\r\n")


def test_a_conflict_in_the_last_line_has_it_between_markers() -> None:
    base, ours, theirs = (f"{HEAD}1,{name},10" for name in ("Alder", "Elm", "Fir"))
    found = merge_file(base.encode(), ours.encode(), theirs.encode(), "wells.csv", root=Path(), schema=TABLE)
    assert resolved(found.data.decode(), "ours") == ours + "\n"
    assert found.readable.decode() == ours + "\n"


KEYS = st.lists(st.sampled_from(["1", "2", "3", "10", "20", "100"]), unique=True, max_size=6)
CELLS = st.tuples(st.sampled_from(["", "a", " b", "c,d", "two\nlines", 'say "e"']), st.sampled_from(["1", "1.0"]))


@st.composite
def files(draw: st.DrawFn) -> str:
    """Return a table as other programs write it: any order, quotes, line ends, and perhaps no end of the last line."""
    quoted, end = draw(st.booleans()), draw(st.sampled_from(["\n", "\r\n"]))
    lines = []
    for row in [("well", "name", "depth"), *((key, *draw(CELLS)) for key in draw(KEYS))]:
        line = csv_line(row).removesuffix("\n")
        if quoted:
            line = ",".join('"' + cell.replace('"', '""') + '"' for cell in row)
        lines.append(line + end)
    text = draw(st.sampled_from(["", "\ufeff"])) + "".join(lines)
    return text if draw(st.booleans()) else text.removesuffix(end)


@settings(max_examples=examples(300))
@given(files(), files())
def test_a_side_that_changed_nothing_leaves_the_bytes_of_the_other(base: str, other: str) -> None:
    for versions in ((base, other, base), (base, base, other), (base, other, other), (other, other, other)):
        assert merged(*versions) == other


@settings(max_examples=examples(300))
@given(files(), files(), files())
def test_the_result_has_the_rows_of_the_merge_and_the_lines_of_ours(base: str, ours: str, theirs: str) -> None:
    old, mine, yours = (read_version(side.encode(), TABLE, "a side") for side in (base, ours, theirs))
    found = merge_file(base.encode(), ours.encode(), theirs.encode(), "wells.csv", root=Path(), schema=TABLE)
    result = read_version(found.readable, TABLE, "the result")
    for key in {*old.rows, *mine.rows, *yours.rows} if not found.conflicts else ():
        versions = [side.rows.get(key) for side in (old, mine, yours)]
        if versions[1] == versions[2] or versions[2] == versions[0]:
            assert result.rows.get(key) == versions[1]
        elif versions[1] == versions[0]:
            assert result.rows.get(key) == versions[2]
    marked = re.sub("(<{7} ours|={7}|>{7} theirs)\r\n", r"\1\n", found.data.decode())
    assert resolved(marked, "ours") == found.readable.decode()
    kept = [key for key in mine.rows if result.rows.get(key) == mine.rows[key]]
    if mine.data != old.data:
        for key in kept:
            assert result.lines[key].startswith(mine.lines[key])
    if mine.data != old.data and [*mine.rows] != sorted(mine.rows, key=lambda key: int(key[0])) != sorted(mine.rows):
        assert [key for key in result.rows if key in mine.rows] == [key for key in mine.rows if key in result.rows]


@settings(max_examples=examples(200))
@given(KEYS, KEYS, KEYS)
def test_names_are_put_where_inserting_them_one_by_one_puts_them(base: list[str], a: list[str], b: list[str]) -> None:
    if [name for name in b if name in base] != [name for name in base if name in b]:
        b = [name for name in base if name in b] + [name for name in b if name not in base]
    order = list(a)
    before: str | None = None
    for name in b:
        if name not in a:
            order.insert(0 if before is None else order.index(before) + 1, name)
        before = name
    assert merged_order(base, a, b) == order


def test_names_that_one_side_alone_moved_are_in_its_order() -> None:
    for base, moved in product(permutations("abc"), repeat=2):
        assert merged_order(base, base, moved) == merged_order(base, moved, base) == [*moved]


WRITTEN = """{
    "name": "wells", "title": "Wells",
    "keywords": ["water", "depth"],
    "resources": [{"name": "wells", "path": "wells.csv", "bytes": 1},
                  {"name": "sites", "path": "sites.csv"}],
    "version": "1.0"
}"""


def test_a_descriptor_keeps_the_lines_that_neither_side_changed() -> None:
    ours, theirs = WRITTEN.replace('"Wells"', '"Deep wells"'), WRITTEN.replace('"1.0"', '"1.1"')
    found = merge_file(WRITTEN.encode(), ours.encode(), theirs.encode(), "datapackage.json", root=Path())
    assert found.data.decode() == ours.replace('"1.0"', '"1.1"')


def test_a_descriptor_in_conflict_has_only_the_lines_in_conflict_between_markers() -> None:
    ours, theirs = (WRITTEN.replace('"1.0"', version) for version in ('"1.1"', '"1.2"'))
    found = merge_file(WRITTEN.encode(), ours.encode(), theirs.encode(), "datapackage.json", root=Path())
    assert [each.field for each in found.conflicts] == ["version"]
    assert resolved(found.data.decode(), "ours") == ours
    assert resolved(found.data.decode(), "theirs") == theirs
    assert len(found.data.splitlines()) == len(WRITTEN.splitlines()) + 4


def test_a_descriptor_that_does_not_merge_by_line_is_written_with_the_indentation_and_line_ends_of_ours() -> None:
    ours = WRITTEN.replace('"title": "Wells"', '"title": "Deep wells"').replace("\n", "\r\n")
    theirs = WRITTEN.replace('"name": "wells", "title"', '"name": "holes", "title"')
    found = merge_file(WRITTEN.encode(), ours.encode(), theirs.encode(), "datapackage.json", root=Path())
    assert found.data.startswith(b'{\r\n    "name": "holes",\r\n    "title": "Deep wells",\r\n')
    assert json.loads(found.data) == json.loads(ours.replace('"name": "wells", "t', '"name": "holes", "t'))


@pytest.fixture
def packages(tmp_path: Path) -> list[Path]:
    """Three versions of a package, in folders."""
    tables = (BASE, BASE.replace("Cedar", "Elm") + '"101",Hazel,1\n', BASE.replace("2,Birch", "9,Fir,25\n2,Birch"))
    folders = [tmp_path / name for name in ("base", "ours", "theirs")]
    for folder, table in zip(folders, tables, strict=True):
        folder.mkdir()
        (folder / "wells.csv").write_text(table, newline="")
        resource = {"name": "wells", "path": "wells.csv", "bytes": len(table), "schema": SCHEMA}
        (folder / "datapackage.json").write_text(json.dumps({"name": "wells", "resources": [resource]}))
    return folders


def test_packages_and_their_files_keep_the_order_of_ours(
    packages: list[Path], tmp_path: Path, run: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    expected = HEAD + '1,Alder,10\n9,Fir,25\n2,Birch,20\n10,Elm,30\n100,Dogwood,40\n"101",Hazel,1\n'
    found = merge(*packages)
    assert isinstance(found, MergedFolder)
    assert found.files["wells.csv"].decode() == expected
    described = json.loads(found.files["datapackage.json"])["resources"][0]
    assert described["bytes"] == len(expected)

    done = run("merge", *packages, "--output", tmp_path / "merged")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "merged" / "wells.csv").read_text() == expected

    done = run("merge", *(folder / "wells.csv" for folder in packages))
    assert (done.returncode, done.stdout) == (0, expected), done.stderr
