"""What is said of a conflict: of which kind it is, where it is, what each side has, and what to do about it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from readouts.datapackage.errors import PackageError
from readouts.datapackage.merging.conflict import Conflict, ConflictKind, MergedFile, MergedFolder, MergeError, conflict
from readouts.datapackage.merging.descriptors import merge_descriptor, merge_values, read_descriptor
from readouts.datapackage.merging.files import merge_by_line, merge_file
from readouts.datapackage.merging.package_merge import PackageMerge, either
from readouts.datapackage.merging.packages import merge
from readouts.datapackage.merging.references import find_lost_parents
from readouts.datapackage.merging.tables import MergedTable, merge_table
from readouts.datapackage.merging.version import UnkeyedError, read_version
from readouts.datapackage.schema.descriptor import read_schema
from tests.datapackage.merging.resolving import resolved
from tests.packages import write_package_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

LAKES: dict[str, Any] = {
    "primaryKey": ["id"],
    "uniqueKeys": [["name", "sea"]],
    "foreignKeys": [{"fields": "flows_to", "reference": {"resource": "", "fields": "id"}}],
    "fields": [
        {"name": "id", "type": "string"},
        {"name": "name", "type": "string"},
        {"name": "sea", "type": "string"},
        {"name": "flows_to", "type": "string"},
        {"name": "code", "type": "string", "constraints": {"unique": True}},
    ],
}
HEAD = "id,name,sea,flows_to,code\n"
BASE = ("como,Como,Adria,,1", "garda,Garda,Adria,,2")


def table_of(*rows: str, head: str = HEAD) -> bytes:
    return (head + "".join(f"{row}\n" for row in rows)).encode()


def merged(base: bytes, ours: bytes, theirs: bytes, *, identities: Sequence[tuple[str, ...]] = ()) -> MergedTable:
    table = read_schema("lakes", LAKES)[0]
    old, mine, yours = (read_version(data, table, "a side") for data in (base, ours, theirs))
    found = merge_table(table, old, mine, yours, "lakes.csv", identities=identities)
    find_lost_parents({"lakes": found})
    return found


def said(found: MergedTable | MergedFile) -> list[dict[str, Any]]:
    """What conflicts say, without what is empty."""
    return [
        {name: value for name, value in each.as_dict().items() if value not in (None, [], "") and name != "fix"}
        for each in found.conflicts
    ]


CELL = {"kind": "cell", "file": "lakes.csv", "table": "lakes", "key": ["como"]}


def test_cells_that_both_sides_changed_are_one_conflict_each() -> None:
    ours, theirs = ("como,Comer See,Adria,,9", BASE[1]), ("como,Lario,Adriatic,,8", BASE[1])
    found = merged(*(table_of(*rows) for rows in (BASE, ours, theirs)))
    assert said(found) == [
        CELL
        | {
            "field": "code",
            "base": "1",
            "ours": "9",
            "theirs": "8",
            "message": "Both sides changed 'code' of como: it was '1', ours is '9', theirs is '8'.",
        },
        CELL
        | {
            "field": "name",
            "base": "Como",
            "ours": "Comer See",
            "theirs": "Lario",
            "message": "Both sides changed 'name' of como: it was 'Como', ours is 'Comer See', theirs is 'Lario'.",
        },
    ]
    # What only one side changed is on both sides of the markers.
    text = found.merged().data.decode()
    assert resolved(text, "ours") == HEAD + "como,Comer See,Adriatic,,9\n" + BASE[1] + "\n"
    assert resolved(text, "theirs") == HEAD + "como,Lario,Adriatic,,8\n" + BASE[1] + "\n"


@pytest.mark.parametrize("turned", [False, True])
def test_a_row_that_one_side_deleted_and_the_other_changed_is_a_conflict(turned: bool) -> None:
    sides = [table_of(BASE[1]), table_of("como,Lario,Aa,,8", BASE[1])]
    who, other = ("theirs", "ours") if turned else ("ours", "theirs")
    found = merged(table_of(*BASE), *(reversed(sides) if turned else sides))
    assert said(found) == [
        CELL
        | {
            "kind": "deleted",
            "base": "name=Como, sea=Adria, code=1",
            other: "name=Lario, sea=Aa, code=8",
            "message": f"The row como was deleted by {who} and changed by {other}: name, sea, code.",
        }
    ]
    assert resolved(found.merged().data.decode(), "ours" if who == "ours" else "theirs") == HEAD + BASE[1] + "\n"


def test_a_row_that_one_side_deleted_is_gone_and_one_that_both_deleted_too() -> None:
    for sides in ((BASE[1:], BASE), (BASE, BASE[1:]), (BASE[1:], BASE[1:])):
        found = merged(table_of(*BASE), *(table_of(*side) for side in sides))
        assert (found.merged().data, said(found)) == (table_of(BASE[1]), [])


def test_a_row_that_both_sides_added_is_a_conflict_where_it_is_not_the_same() -> None:
    one, other = "iseo,Iseo,Adria,,3", "iseo,Sebino,Adria,,4"
    same = merged(table_of(*BASE), table_of(*BASE, one), table_of(*BASE, one))
    assert (same.merged().data, said(same)) == (table_of(*BASE, one), [])
    found = merged(table_of(*BASE), table_of(*BASE, one), table_of(*BASE, other))
    assert said(found) == [
        {
            "kind": "added",
            "file": "lakes.csv",
            "table": "lakes",
            "key": ["iseo"],
            "ours": "name=Iseo, code=3",
            "theirs": "name=Sebino, code=4",
            "message": "Both sides added the row iseo, with other values: name, code differ.",
        }
    ]


TWICE = "Each side wrote it into one of them."


def test_a_key_that_each_side_gives_to_another_row_is_a_conflict_of_both_rows() -> None:
    ours, theirs = ("como,X,Y,,1", BASE[1]), (BASE[0], "garda,X,Y,,2")
    found = merged(*(table_of(*rows) for rows in (BASE, ours, theirs)))
    place = {"kind": "unique", "file": "lakes.csv", "table": "lakes", "key": ["garda"]}
    message = f"The rows como and garda have the same name, sea: X, Y. {TWICE}"
    assert said(found) == [place | {"field": "name, sea", "message": message}]
    text = found.merged().data.decode()
    assert resolved(text, "ours") == table_of(*ours).decode()
    assert resolved(text, "theirs") == table_of(*theirs).decode()


def test_a_key_with_a_missing_value_is_no_duplicate_unless_it_must_be_told_apart() -> None:
    ours, theirs = ("como,,Y,,1", BASE[1]), (BASE[0], "garda,,Y,,2")
    three = [table_of(*rows) for rows in (BASE, ours, theirs)]
    assert said(merged(*three)) == []
    (found,) = said(merged(*three, identities=[("name", "sea")]))
    assert found["message"] == f"The rows como and garda have the same name, sea: Y. {TWICE}"
    codes = [table_of(*rows) for rows in (BASE, ("como,Como,Adria,,", BASE[1]), (BASE[0], "garda,Garda,Adria,,"))]
    assert said(merged(*codes)) == []


def test_a_value_that_a_side_had_twice_before_is_no_conflict_of_the_merge() -> None:
    doubled = ("como,X,Y,,1", "garda,X,Y,,2")
    for sides in ((doubled, BASE), (BASE, doubled), (doubled, doubled)):
        assert said(merged(table_of(*BASE), *(table_of(*side) for side in sides))) == []


def test_a_unique_field_that_both_sides_fill_is_a_conflict() -> None:
    ours, theirs = (*BASE, "iseo,Iseo,Adria,,3"), (*BASE, "lugano,Lugano,Adria,,3")
    (found,) = said(merged(*(table_of(*rows) for rows in (BASE, ours, theirs))))
    assert (found["kind"], found["key"], found["field"]) == ("unique", ["lugano"], "code")
    assert found["message"] == f"The rows iseo and lugano have the same code: 3. {TWICE}"


def test_keys_of_columns_that_are_not_there_are_not_looked_at() -> None:
    head = "id,name\n"
    three = [table_of(*rows, head=head) for rows in (["a,1", "b,2"], ["a,x", "b,2"], ["a,1", "b,x"])]
    assert said(merged(*three)) == []
    assert len(said(merged(*three, identities=[("name",)]))) == 1


@pytest.mark.parametrize("turned", [False, True])
def test_a_row_to_which_the_other_side_refers_is_a_conflict_where_it_is_deleted(turned: bool) -> None:
    deleted, referring = table_of(BASE[0]), table_of("como,Como,Adria,garda,1", BASE[1])
    sides = [referring, deleted] if turned else [deleted, referring]
    who, other = ("theirs", "ours") if turned else ("ours", "theirs")
    found = merged(table_of(*BASE), *sides)
    assert said(found) == [
        CELL
        | {
            "kind": "parent",
            "field": "flows_to",
            other: "garda",
            "message": f"The row garda of lakes was deleted by {who}, "
            f"and como of lakes, as {other} has it, refers to it.",
        }
    ]
    text = found.merged().data.decode()
    assert BASE[1] in resolved(text, other)  # type: ignore[arg-type]
    assert BASE[1] not in resolved(text, who)  # type: ignore[arg-type]


@pytest.mark.parametrize("before", ["", "arno", "zeno"])
def test_a_reference_that_one_side_turned_to_a_row_that_the_other_deleted_is_a_conflict(before: str) -> None:
    como, others = "como,Como,Adria,{},1", ("arno,Arno,Adria,,3", "zeno,Zeno,Adria,,4")
    base = table_of(como.format(before), BASE[1], *others)
    deleted, referring = table_of(como.format(before), *others), table_of(como.format("garda"), BASE[1], *others)
    for sides in ((deleted, referring), (referring, deleted)):
        (found,) = said(merged(base, *sides))
        assert (found["kind"], found["key"], found["field"]) == ("parent", ["como"], "flows_to")


def test_a_reference_to_what_both_sides_deleted_or_to_nothing_is_no_conflict_of_the_merge() -> None:
    to_nothing = ("como,Como,Adria,nowhere,1", BASE[1])
    assert said(merged(table_of(*BASE), table_of(*to_nothing), table_of(*BASE))) == []
    dangling = ("como,Como,Adria,garda,1", BASE[1])
    assert said(merged(table_of(*dangling), table_of(dangling[0]), table_of(*dangling))) == []
    assert said(merged(table_of(*BASE), table_of("como,Como,Adria,,1"), table_of("como,Como,Adria,,9", BASE[1]))) == []


def test_a_removed_column_that_the_other_side_wrote_into_says_where() -> None:
    head, rows = "id,note\n", ["a,1", "b,2", "c,3"]
    three = [table_of(*rows, head=head), table_of("a", "b", "c", head="id\n")]
    (one,) = said(merged(three[0], three[1], table_of("a,1", "b,x", "c,3", head=head)))
    assert one == {
        "kind": "field",
        "file": "lakes.csv",
        "table": "lakes",
        "field": "note",
        "message": "Ours removed the column 'note', and theirs changed it in 1 row: b.",
    }
    (several,) = said(merged(three[0], table_of("a,y", "b,x", "c,3", head=head), three[1]))
    assert several["message"] == "Theirs removed the column 'note', and ours changed it in 2 rows, the first: a."
    (lesser,) = said(merged(three[0], three[1], table_of("a,1", "b,1", "c,3", head=head)))
    assert lesser == one
    assert said(merged(three[0], three[1], three[0])) == []


def test_a_conflict_says_where_it_is_and_how_to_fix_it() -> None:
    found = conflict(ConflictKind.CELL, "x", table="lakes", key=("a", "b"), field="f", file="t", line=3, base="1")
    assert found.as_dict() == {
        "kind": "cell",
        "file": "t",
        "line": 3,
        "table": "lakes",
        "key": ["a", "b"],
        "field": "f",
        "base": "1",
        "ours": None,
        "theirs": None,
        "message": "x",
        "fix": "Keep the one of the two between the markers that holds, and delete the markers.",
    }
    assert found.place == "lakes a, b: f"
    assert conflict(ConflictKind.CELL, "x", table="lakes").place == "lakes"
    assert conflict(ConflictKind.CELL, "x", field="").place == ": "
    assert conflict(ConflictKind.CELL, "x", fix="").fix == ""
    assert len({conflict(kind, "x").fix for kind in ConflictKind}) == len(ConflictKind) - 1
    assert len({found, found, Conflict(ConflictKind.CELL, "x", "y")}) == 2


def described(*values: Any) -> tuple[tuple[Any, Any], list[dict[str, Any]]]:
    base, ours, theirs = values
    both, conflicts = merge_values(base, ours, theirs, "d.json")
    return both, [
        {name: value for name, value in each.as_dict().items() if value not in (None, [], "") and name != "fix"}
        for each in conflicts
    ]


def test_properties_of_a_descriptor_are_merged_one_by_one() -> None:
    base = {"a": 1, "b": 1, "c": 1, "d": {"x": 1, "y": 1}, "gone": 1, "lost": 1}
    ours = {"a": 2, "b": 1, "c": 1, "d": {"x": 2, "y": 1}, "lost": 1, "new": 1}
    theirs = {"a": 1, "b": 2, "c": 1, "d": {"x": 1, "y": 2}, "gone": 1, "newer": 1}
    result = {"a": 2, "b": 2, "c": 1, "d": {"x": 2, "y": 2}, "newer": 1, "new": 1}
    assert described(base, ours, theirs) == ((result, result), [])


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "expected"),
    [
        ({"a": 1}, {"a": 2}, {"a": 3}, {"kind": "cell", "field": "a", "base": "1", "ours": "2", "theirs": "3",
         "message": "Both sides changed 'a', and not to the same value."}),
        ({"a": 1}, {"a": True}, {"a": 1.0}, {"kind": "cell", "field": "a", "base": "1", "ours": "true",
         "theirs": "1.0", "message": "Both sides changed 'a', and not to the same value."}),
        ({}, {"a": "é"}, {"a": 3}, {"kind": "added", "field": "a", "ours": '"é"', "theirs": "3",
         "message": "Both sides added 'a', with different values."}),
        ({"a": 1}, {}, {"a": 3}, {"kind": "deleted", "field": "a", "base": "1", "theirs": "3",
         "message": "'a' was deleted by ours and changed by theirs."}),
        ({"a": 1}, {"a": 2}, {}, {"kind": "deleted", "field": "a", "base": "1", "ours": "2",
         "message": "'a' was deleted by theirs and changed by ours."}),
        ({"a": [1]}, {"a": [2]}, {"a": [3]}, {"kind": "cell", "field": "a", "base": "[1]", "ours": "[2]",
         "theirs": "[3]", "message": "Both sides changed 'a', and not to the same value."}),
    ],
)  # fmt: skip
def test_a_property_that_both_sides_changed_is_a_conflict(
    base: Any, ours: Any, theirs: Any, expected: dict[str, Any]
) -> None:
    both, found = described(base, ours, theirs)
    assert both == (ours, theirs)
    assert found == [{"file": "d.json", **expected}]


def test_resources_and_fields_are_merged_by_their_names() -> None:
    def package(*fields: dict[str, Any], **properties: Any) -> dict[str, Any]:
        return {"resources": [{"name": "lakes", "schema": {"fields": list(fields)}, **properties}]}

    id_, depth = {"name": "id"}, {"name": "depth", "type": "integer"}
    ours, theirs = package(id_, {**depth, "title": "Depth"}), package({"name": "sea"}, id_, {**depth, "type": "number"})
    result = package({"name": "sea"}, id_, {"name": "depth", "type": "number", "title": "Depth"})
    assert described(package(id_, depth), ours, theirs) == ((result, result), [])
    both, (found,) = described(package(hash="1"), package(hash="2"), package(hash="3"))
    assert both == (package(hash="2"), package(hash="3"))
    assert found == {
        "kind": "generated",
        "file": "d.json",
        "table": "lakes",
        "field": "resources.lakes.hash",
        "base": '"1"',
        "ours": '"2"',
        "theirs": '"3"',
        "message": "'resources.lakes.hash' follows from the table's file, which both sides changed.",
    }
    _, (found,) = described(package(path="1"), package(path="2"), package(path="3"))
    assert (found["kind"], found["table"], found["field"]) == ("cell", "lakes", "resources.lakes.path")
    _, (found,) = described({"hash": 1}, {"hash": 2}, {"hash": 3})
    assert (found["kind"], found.get("table")) == ("cell", None)


@pytest.mark.parametrize("odd", [[{"name": "a"}, {"name": "a"}], [{"title": "a"}], ["a"], [{"name": 1}], {"name": "a"}])
def test_a_list_whose_entries_have_no_names_of_their_own_is_merged_as_a_whole(odd: Any) -> None:
    base, ours = {"resources": [{"name": "a"}]}, {"resources": [{"name": "b"}]}
    both, (found,) = described(base, ours, {"resources": odd})
    assert both == (ours, {"resources": odd})
    assert (found["kind"], found["field"]) == ("cell", "resources")


def test_a_place_in_dispute_keeps_each_side_and_all_around_it_is_merged() -> None:
    base = {"resources": [{"name": "a", "x": 1, "y": 1}, {"name": "b", "x": 1}]}
    ours = {"resources": [{"name": "a", "x": 2, "y": 1}, {"name": "b", "x": 1}]}
    (mine, yours), (found,) = merge_values(base, ours, base, "d.json", {("resources", "a", "x"): "Because."})
    assert (mine, yours) == (ours, base)
    assert (found.kind, found.message, found.table, found.field) == ("field", "Because.", "a", "resources.a.x")
    assert (found.base, found.ours, found.theirs) == ("1", "2", "1")
    assert merge_values(base, base, base, "d.json", {("resources", "a", "x"): "Because."}) == ((base, base), [])


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b'{"a": 1, "a": 2}', "ours can't be read as JSON"),
        (b"[" * 100_000, "ours can't be read as JSON"),
        (b"\xff", "ours can't be read as JSON"),
        (b"[]", "ours: expected a JSON object, found list."),
        (
            b"<<<<<<< ours\n",
            "ours has the markers of a conflict that isn't resolved yet. Resolve it, then merge again.",
        ),
    ],
)
def test_a_descriptor_that_can_not_be_read_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(MergeError) as caught:
        read_descriptor(data, "ours")
    assert str(caught.value).startswith(message)
    assert read_descriptor(b"", "ours") == {}
    assert read_descriptor(b'\xef\xbb\xbf{"a": 1}', "ours") == {"a": 1}


def test_a_descriptor_that_one_side_left_alone_is_that_of_the_other_byte_for_byte() -> None:
    base, other = b'{"a":1}', b'{ "a": 2 }'
    for sides in ((other, base), (base, other), (other, other)):
        found = merge_descriptor(base, *sides, "d.json")
        assert (found.data, found.readable, found.conflicts) == (other, other, ())


@pytest.mark.parametrize(
    ("side", "kind", "message"),
    [
        (b"id,id,x\na,a,1\n", UnkeyedError, "ours, line 1: expected the key column 'id' once; found id, id, x."),
        (b"id,x,x\na,1,2\n", UnkeyedError, "ours, line 1: expected each column once; found id, x, x."),
        (b"x\n1\n", UnkeyedError, "ours, line 1: expected the key column 'id' once; found x."),
        (b'id,x\na,"1\n2"\n\nb\n', MergeError,
         "ours, line 5: expected 2 cells, found 1. Fix the row, then merge again."),
        (b"id,x\na,1,2\n", MergeError, "ours, line 2: expected 2 cells, found 3. Fix the row, then merge again."),
        (b"id,x\na,1\n,2\n", UnkeyedError, "ours, line 3: a key has no value, so that rows can't be matched by key. "
         "Fix it, then merge again."),
        (b"id,x\na,1\na,2\n", UnkeyedError, "ours, line 3: duplicate key a, so that rows can't be matched by key. "
         "Fix it, then merge again."),
        (b"id,x\na,\xff\n", MergeError, "ours is not UTF-8: byte 7 is 0xff. Save it as UTF-8."),
    ],
)  # fmt: skip
def test_a_version_whose_rows_have_no_keys_is_refused_with_its_line(
    side: bytes, kind: type[MergeError], message: str
) -> None:
    with pytest.raises(kind) as caught:
        read_version(side, read_schema("lakes", LAKES)[0], "ours")
    assert (str(caught.value), type(caught.value)) == (message, kind)


def test_a_version_has_its_rows_and_lines_by_key() -> None:
    data = b'\xef\xbb\xbfid,x\r\n\r\na,"1\r\n2"\r\n\r\nb,3'
    found = read_version(data, read_schema("lakes", LAKES)[0], "ours")
    assert (found.columns, found.data) == (("id", "x"), data)
    assert found.rows == {("a",): {"id": "a", "x": "1\r\n2"}, ("b",): {"id": "b", "x": "3"}}
    assert found.lines == {(): "id,x\r\n\r\n", ("a",): 'a,"1\r\n2"\r\n\r\n', ("b",): "b,3"}
    assert found.cells(("a",)) == {"id": "a", "x": "1\r\n2"}
    assert found.cells(()) == {"id": "id", "x": "x"}
    empty = read_version(b"", read_schema("lakes", LAKES)[0], "ours")
    assert (empty.rows, empty.cells(()), empty.cells(("a",))) == ({}, None, None)


def test_columns_that_each_side_wants_in_another_order_stay_where_they_are() -> None:
    found = merged(*[table_of(*BASE)] * 3)
    names = found.columns
    for ours, theirs in ((names, names[::-1]), (names[::-1], names), (names, names[1:]), (names[1:], names)):
        assert not found.arrange(ours, theirs, ordered=True)
        assert found.columns == names
    assert found.arrange(names[::-1], names[::-1], ordered=True)
    assert found.columns == names[::-1]


def test_columns_that_both_sides_add_are_in_the_order_of_the_schema() -> None:
    base, one, other = (table_of(head=head) for head in ("id,name\n", "id,name,code\n", "id,name,sea,flows_to\n"))
    for sides in ((one, other), (other, one)):
        assert merged(base, *sides).columns == ("id", "name", "sea", "flows_to", "code")


def test_a_version_may_have_hundreds_of_columns() -> None:
    names = ["id", *(f"x{number}" for number in range(300))]
    found = read_version(",".join(names).encode() + b"\n", read_schema("lakes", LAKES)[0], "ours")
    assert found.columns == tuple(names)


def test_lines_are_merged_with_either_side_of_what_is_in_conflict() -> None:
    base, ours, theirs = b"a\n\xff\nb\n", b"A\n\xff\nb\n", b"a\n\xff\nB\n"
    assert merge_by_line(base, ours, theirs) == (b"A\n\xff\nB\n",) * 3
    data, mine, yours = merge_by_line(b"a\n", b"b\n", b"c")
    assert data == b"<<<<<<< ours\nb\n=======\nc\n>>>>>>> theirs\n"
    assert (mine, yours) == (b"b\n", b"c\n")


def test_the_side_that_is_there_is_taken() -> None:
    assert [either(None, b"a"), either(b"", b"a"), either(b"b", None), either(None, None)] == [b"a", b"", b"b", b""]


def three(folder: Path, tables: list[str | None], resource: dict[str, Any], name: str = "t.csv") -> list[Path]:
    """Write three packages whose only table or file differs; it is not listed where it is None."""
    return [
        write_package_of(
            folder / side,
            {} if text is None else {name: text},
            [] if text is None else [{"name": "t", "path": name} | resource],
        )
        for side, text in zip(("base", "ours", "theirs"), tables, strict=True)
    ]


def folder_of(folders: list[Path]) -> MergedFolder:
    first, second, third = folders
    return PackageMerge((first, second, third)).merged()


def test_a_text_without_a_key_is_merged_by_line(tmp_path: Path) -> None:
    found = folder_of(three(tmp_path, ["a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n"], {}, "notes.txt"))
    assert (found.files["notes.txt"], found.conflicts) == (b"A\nb\nC\n", ())
    first, second, third = three(tmp_path / "again", ["a\n", "b\n", "c\n"], {}, "notes.txt")
    merge = PackageMerge((first, second, third))
    found = merge.merged()
    assert merge.results["notes.txt"].readable == b"b\n"
    (one,) = found.conflicts
    assert (one.kind, one.file) == (ConflictKind.TEXT, "notes.txt")
    assert one.message == "notes.txt has no key; it was merged by line, and lines are in conflict."
    assert found.files["notes.txt"] == b"<<<<<<< ours\nb\n=======\nc\n>>>>>>> theirs\n"
    assert [each.kind for each in PackageMerge((first, third, second)).merged().conflicts] == [ConflictKind.TEXT]


def test_a_file_of_bytes_that_both_sides_changed_stays_as_ours_has_it(tmp_path: Path) -> None:
    found = folder_of(three(tmp_path, ["a\0", "b\0", "c\0"], {}, "picture.bin"))
    (one,) = found.conflicts
    message = "picture.bin is not text, and both sides changed it: ours was kept. Replace it with the right one."
    assert (found.files["picture.bin"], one.kind, one.message) == (b"b\0", ConflictKind.TEXT, message)
    for sides, data in (
        (["a\0", "a\0", "c\0"], b"c\0"),
        (["a\0", "b\0", "a\0"], b"b\0"),
        (["a\0", "b\0", "b\0"], b"b\0"),
    ):
        taken = folder_of(three(tmp_path / repr(data + sides[2].encode()), list(sides), {}, "picture.bin"))
        assert (taken.files["picture.bin"], taken.conflicts) == (data, ())


@pytest.mark.parametrize("old", ["a\n", "c\n"])
@pytest.mark.parametrize("turned", [False, True])
def test_a_file_that_one_side_deleted_and_the_other_changed_is_a_conflict(
    tmp_path: Path, turned: bool, old: str
) -> None:
    sides: list[str | None] = ["b\n", None] if turned else [None, "b\n"]
    who, other = ("theirs", "ours") if turned else ("ours", "theirs")
    found = folder_of(three(tmp_path, [old, *sides], {}, "notes.txt"))
    messages = [each.message for each in found.conflicts if each.file == "notes.txt"]
    assert messages == [f"notes.txt was deleted by {who} and changed by {other}."]
    assert resolved(found.files["notes.txt"].decode(), other) == "b\n"  # type: ignore[arg-type]
    assert not resolved(found.files["notes.txt"].decode(), who)  # type: ignore[arg-type]


def test_a_file_that_one_side_deleted_and_the_other_only_described_is_a_conflict_that_says_so(tmp_path: Path) -> None:
    base, ours, _ = three(tmp_path, ["a\n", None, None], {}, "notes.txt")
    theirs = three(tmp_path / "described", [None, None, "a\n"], {"title": "Notes"}, "notes.txt")[2]
    for sides, who, other in (((ours, theirs), "ours", "theirs"), ((theirs, ours), "theirs", "ours")):
        messages = [each.message for each in folder_of([base, *sides]).conflicts if each.file == "notes.txt"]
        assert messages == [f"notes.txt was deleted by {who} and described in another way by {other}."]


def test_a_table_whose_key_is_another_on_each_side_is_taken_whole(tmp_path: Path) -> None:
    folders = three(tmp_path, ["id,x\na,1\nb,1\n", "id,x\na,2\nb,1\n", "id,x\na,3\nb,1\n"], {"type": "table"})
    fields = [{"name": "id", "type": "string"}, {"name": "x", "type": "string"}]
    for folder, key in zip(folders, (["id"], ["id"], ["x"]), strict=True):
        described_ = json.loads((folder / "datapackage.json").read_text())
        described_["resources"][0]["schema"] = {"fields": fields, "primaryKey": key}
        (folder / "datapackage.json").write_text(json.dumps(described_))
    found = folder_of(folders)
    (one,) = [each for each in found.conflicts if each.file == "t.csv"]
    assert (one.kind, one.table) == (ConflictKind.FIELD, "t")
    assert one.message == (
        "The sides don't have the same primary key (id in base, id in ours, x in theirs), "
        "so that rows can't be matched."
    )
    assert resolved(found.files["t.csv"].decode(), "theirs") == "id,x\na,3\nb,1\n"


def test_single_files_are_merged_as_what_they_are(tmp_path: Path) -> None:
    schema = tmp_path / "schema.json"
    schema.write_text(json.dumps(LAKES))
    paths = [tmp_path / f"{side}.csv" for side in ("base", "ours", "theirs")]
    rows = BASE, ("como,Lario,Adria,,1", BASE[1]), (*BASE, "iseo,Iseo,Adria,,3")
    for path, side in zip(paths, rows, strict=True):
        path.write_bytes(table_of(*side))
    output = tmp_path / "merged.csv"
    found = merge(paths[0], paths[1], paths[2], output, schema=schema)
    assert isinstance(found, MergedFile)
    assert found.data == output.read_bytes() == table_of(rows[1][0], BASE[1], rows[2][2])
    with pytest.raises(MergeError, match=r"No schema is known for .*ours\.csv: expected --schema FILE"):
        merge(paths[0], paths[1], paths[2], tmp_path / "unknown.csv")
    assert not (tmp_path / "unknown.csv").exists()
    # Three parts of its path are enough to tell what a file is.
    deep = tmp_path / "a" / "b" / "c"
    deep.mkdir(parents=True)
    (deep / "t.csv").write_bytes(table_of(*BASE))
    with pytest.raises(MergeError, match=r"No schema is known for b/c/t\.csv:"):
        merge(*[deep / "t.csv"] * 3)
    with pytest.raises(MergeError, match=r"No schema is known for x\.csv"):
        merge(*paths, path="x.csv")
    with pytest.raises(MergeError, match="It was merged by line instead: look through the whole file"):
        merge(paths[0], paths[1], paths[2], tmp_path / "by-line.csv", by_line=True)
    assert (tmp_path / "by-line.csv").read_bytes() == found.data
    with pytest.raises(PackageError):
        merge(paths[0], paths[1], tmp_path)
    unkeyed = tmp_path / "unkeyed.json"
    unkeyed.write_text(json.dumps({"fields": LAKES["fields"]}))
    with pytest.raises(
        MergeError, match=r"unkeyed\.json: the table has no primary key, so that its rows can't be merged"
    ):
        merge(*paths, schema=unkeyed)


def test_a_file_is_merged_by_the_descriptor_of_one_of_its_folders(tmp_path: Path) -> None:
    write_package_of(tmp_path, {"data/t.csv": "id,x\n"}, [{"name": "t", "path": "data/t.csv", "schema": LAKES}])
    sides = table_of(*BASE), table_of("como,Lario,Adria,,1", BASE[1]), table_of(BASE[0], "garda,Benaco,Adria,,2")
    found = merge_file(*sides, "data/t.csv", root=tmp_path)
    assert found.data == table_of("como,Lario,Adria,,1", "garda,Benaco,Adria,,2")
    with pytest.raises(MergeError, match=r"No schema is known for data/u\.csv"):
        merge_file(*sides, "data/u.csv", root=tmp_path)
