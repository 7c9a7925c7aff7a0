"""Merging single tables: laws that hold for all, and what is refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readouts.annotation_merge.files import merge_file
from readouts.datapackage.merging.conflict import ConflictKind, MergeError
from readouts.datapackage.merging.tables import MergedTable, merge_table
from readouts.datapackage.merging.text import OPEN, Block, marked, merge_lines
from readouts.datapackage.merging.version import read_version
from readouts.datapackage.schema.descriptor import read_schema
from readouts.datapackage.table.canonical_csv import csv_line
from tests.datapackage.merging.resolving import resolved

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

SCHEMA = {
    "primaryKey": ["id", "part"],
    "uniqueKeys": [["label"]],
    "fields": [{"name": name, "type": "string"} for name in ("id", "part", "label", "note", "more")],
}
TABLE = read_schema("things", SCHEMA)[0]
NAMES = TABLE.field_names
CELL = st.sampled_from(["", "a", "b", "1.5", "1.50", "NA", " x", 'say "b", c', "two\nlines", "𝄞"])
ROWS = st.dictionaries(
    st.tuples(st.sampled_from("abc"), st.sampled_from("12")), st.tuples(CELL, CELL), max_size=6
)  # fmt: skip

Rows = dict[tuple[str, str], tuple[str, str]]


def text(rows: Rows) -> bytes:
    lines = [csv_line([*key, "", *cells]) for key, cells in sorted(rows.items())]
    return "".join([csv_line(NAMES), *lines]).encode()


def merged(base: bytes, ours: bytes, theirs: bytes) -> MergedTable:
    old, mine, yours = (read_version(data, TABLE, "a side") for data in (base, ours, theirs))
    return merge_table(TABLE, old, mine, yours, "things.csv")


@given(ROWS, ROWS)
def test_what_one_side_alone_changed_is_the_result(base: Rows, other: Rows) -> None:
    old, new = text(base), text(other)
    for sides in ((old, new, old), (old, old, new), (old, new, new)):
        result = merged(*sides).merged()
        assert (result.data, result.conflicts) == (new, ())


@given(ROWS, ROWS, ROWS)
def test_a_merge_is_the_same_from_both_sides(base: Rows, one: Rows, other: Rows) -> None:
    left, right = merged(text(base), text(one), text(other)), merged(text(base), text(other), text(one))
    assert left.settled == right.settled
    assert left.disputed == {key: (mine, yours) for key, (yours, mine) in right.disputed.items()}
    places = [(found.kind, found.key, found.field, found.ours, found.theirs) for found in left.conflicts]
    assert places == [(found.kind, found.key, found.field, found.theirs, found.ours) for found in right.conflicts]


@given(ROWS, ROWS, ROWS)
def test_no_change_of_either_side_is_lost(base: Rows, one: Rows, other: Rows) -> None:
    result = merged(text(base), text(one), text(other))
    for key in base.keys() | one.keys() | other.keys():
        old, sides = base.get(key), (one.get(key), other.get(key))
        changed = [side for side in sides if side != old]
        if key in result.disputed:
            assert len(set(changed)) == 2
        elif len(set(changed)) == 1:
            row = result.settled.get(key)
            assert (None if row is None else (row["note"], row["more"])) == changed[0]
        elif len(changed) == 2 and all(changed) and old is not None:
            row = result.settled[key]
            for name, before, *after in zip(("note", "more"), old, *(side for side in sides if side), strict=True):
                assert row[name] in [value for value in after if value != before] or row[name] == before == after[0]


def test_a_side_in_another_row_order_with_other_columns_in_front_merges() -> None:
    base = b"id,part,label,note,more\na,1,,x,y\nb,1,,x,y\n"
    theirs = b"more,note,label,part,id\r\ny,x,,1,b\r\nz,x,,1,a\r\n"
    assert merged(base, base, theirs).merged().data == theirs
    ours = base.replace(b"b,1,,x", b"b,1,,w")
    assert merged(base, ours, theirs).merged().data == b"more,note,label,part,id\nz,x,,1,a\ny,w,,1,b\n"


def test_a_column_that_one_side_adds_is_in_the_result_with_the_rows_of_the_other() -> None:
    base = b"id,part,note\na,1,x\n"
    ours, theirs = b"id,part,note\na,1,y\nb,1,z\n", b"id,part,extra,note\na,1,e,x\n"
    result = merged(base, ours, theirs).merged()
    assert (result.data, result.conflicts) == (b"id,part,extra,note\na,1,e,y\nb,1,,z\n", ())


def test_a_column_that_one_side_removed_and_the_other_wrote_into_gives_two_whole_tables() -> None:
    base = b"id,part,note\na,1,x\nb,1,x\n"
    result = merged(base, b"id,part\na,1\nb,1\n", b"id,part,note\na,1,y\nb,1,x\n").merged()
    assert [found.kind for found in result.conflicts] == [ConflictKind.FIELD]
    assert resolved(result.data.decode(), "ours") == "id,part\na,1\nb,1\n"
    assert resolved(result.data.decode(), "theirs") == "id,part,note\na,1,y\nb,1,x\n"


def test_a_unique_value_that_each_side_gives_to_another_row_is_shown() -> None:
    base = b"id,part,label\na,1,\nb,1,\n"
    result = merged(base, b"id,part,label\na,1,L\nb,1,\n", b"id,part,label\na,1,\nb,1,L\n").merged()
    assert [found.kind for found in result.conflicts] == [ConflictKind.UNIQUE]
    assert result.data.count(b"<<<<<<< ours\n") == 2
    assert resolved(result.data.decode(), "ours") == "id,part,label\na,1,L\nb,1,\n"
    assert resolved(result.data.decode(), "theirs") == "id,part,label\na,1,\nb,1,L\n"


LABELLED = st.dictionaries(
    st.tuples(st.sampled_from("abc"), st.just("1")),
    st.tuples(st.sampled_from(["", "L", "M", "N"]), st.sampled_from("xy")),
    max_size=3,
).filter(lambda rows: len(labels := [label for label, _ in rows.values() if label]) == len({*labels}))  # fmt: skip


@given(LABELLED, LABELLED, LABELLED)
def test_either_side_of_a_unique_conflict_keeps_the_rows_that_all_versions_have(
    base: Rows, ours: Rows, theirs: Rows
) -> None:
    versions = ["".join([csv_line(NAMES[:4]), *(csv_line([*key, *cells]) for key, cells in sorted(rows.items()))])
                for rows in (base, ours, theirs)]  # fmt: skip
    result = merged(*(version.encode() for version in versions)).merged()
    kept_by_all = base.keys() & ours.keys() & theirs.keys()
    sides: list[Literal["ours", "theirs"]] = ["ours", "theirs"]
    for side in sides:
        chosen = read_version(resolved(result.data.decode(), side).encode(), TABLE, side).rows
        assert kept_by_all <= chosen.keys()
        if {found.kind for found in result.conflicts} == {ConflictKind.UNIQUE}:
            found = [row["label"] for row in chosen.values() if row["label"]]
            assert len(found) == len({*found})


@pytest.mark.parametrize(
    ("side", "said"),
    [
        (b"id,part\na,1\na,1\n", "duplicate key a, 1"),
        (b"id,part\na,\n", "a key has no value"),
        (b"id,part\na\n", "expected 2 cells, found 1"),
        (b"id,note\na,1\n", "expected the key column 'part' once"),
        (b"id,part\na,\xff\n", "is not UTF-8"),
        (b'id,part\na,"1\n', "not a well-formed CSV file"),
        (b"id,part\n<<<<<<< ours\na,1\n=======\na,2\n>>>>>>> theirs\n", "markers of a conflict"),
    ],
)
def test_a_side_that_cannot_be_told_apart_by_key_is_refused(side: bytes, said: str) -> None:
    good = b"id,part\na,1\n"
    with pytest.raises(MergeError, match=said):
        merged(good, good, side)


def test_a_file_of_no_known_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MergeError, match="can't be merged by key"):
        merge_file(b"", b"", b"", "notes.txt", root=tmp_path)
    with pytest.raises(MergeError, match="No schema is known for"):
        merge_file(b"", b"a\n", b"a\n", "notes.csv", root=tmp_path)


def test_the_command_takes_a_schema_and_tells_conflicts_in_json(
    tmp_path: Path, run: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    (tmp_path / "things.json").write_text(json.dumps(SCHEMA))
    for name, note in (("base", "x"), ("ours", "y"), ("theirs", "z")):
        (tmp_path / name).write_bytes(f"id,part,note\na,1,{note}\n".encode())
    sides = [tmp_path / name for name in ("base", "ours", "theirs")]
    done = run("merge", *sides, "--schema", tmp_path / "things.json", "--format", "json")
    assert done.returncode == 1, done.stderr
    report = json.loads(done.stdout)
    assert report["merged"] is False
    found = report["conflicts"][0]
    assert (found["kind"], found["table"], found["key"], found["field"]) == ("cell", "things", ["a", "1"], "note")
    assert (found["base"], found["ours"], found["theirs"]) == ("x", "y", "z")
    assert found["fix"].startswith("Keep the one of the two")

    done = run("merge", sides[0], sides[0], sides[2], "--schema", tmp_path / "things.json")
    assert (done.returncode, done.stdout) == (0, "id,part,note\na,1,z\n")

    done = run("merge", *sides)
    assert done.returncode == 2
    assert "can't be merged by key" in done.stderr

    assert run("merge", sides[0]).returncode == 2


LINES = st.lists(st.sampled_from(["a\n", "b\n", "  c\n", "  d\n"]), max_size=12).map("".join)


@given(LINES, LINES)
def test_either_side_of_the_markers_is_that_version(ours: str, theirs: str) -> None:
    shown = marked(ours, theirs)
    assert (resolved(shown, "ours"), resolved(shown, "theirs")) == (ours, theirs)


@given(LINES, LINES, LINES, LINES)
def test_either_side_of_the_markers_is_that_version_with_blocks_too(
    first: str, second: str, third: str, fourth: str
) -> None:
    def block(ours: str, theirs: str, *, whole: bool) -> Block:
        return Block(slice(0, ours.count("\n")), slice(0, theirs.count("\n")), whole)

    for whole in (True, False):
        shown = marked(first + third, second + fourth, blocks=[block(first, second, whole=whole)])
        assert resolved(shown, "ours") == first + third
        assert resolved(shown, "theirs") == second + fourth
        inner = marked(first, second, blocks=[block(first, second, whole=whole)])
        assert inner.count(OPEN) <= 1


@given(LINES, LINES)
def test_lines_that_one_side_alone_changed_are_the_result(base: str, other: str) -> None:
    assert merge_lines(base, other, base) == (other, True)
    assert merge_lines(base, base, other) == (other, True)
    assert merge_lines(base, other, other) == (other, True)
