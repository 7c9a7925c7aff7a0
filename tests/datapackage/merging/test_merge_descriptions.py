"""What a merge says in the descriptor about the files that it wrote, and what it needs to know of them."""

from __future__ import annotations

import json
from hashlib import sha256
from itertools import permutations
from typing import TYPE_CHECKING, Any

import pytest

from readouts.datapackage.merging.conflict import ConflictKind, MergedFolder, MergeError
from readouts.datapackage.merging.descriptors import descriptor_texts, merge_descriptor
from readouts.datapackage.merging.files import keyed_table, read_table_schema
from readouts.datapackage.merging.order import merged_rows
from readouts.datapackage.merging.package_merge import PackageMerge
from readouts.datapackage.schema.model import Field, Table
from tests.datapackage.merging.resolving import resolved
from tests.packages import write_package_of

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA: dict[str, Any] = {
    "fields": [{"name": "id", "type": "string"}, {"name": "x", "type": "string"}],
    "primaryKey": ["id"],
}
BASE = "id,x\na,1\nb,2\n"


def about(text: str, *names: str) -> dict[str, Any]:
    """Say what a descriptor may say about the bytes of a file."""
    found = {
        "hash": f"sha256:{sha256(text.encode()).hexdigest()}",
        "bytes": len(text.encode()),
        "rowCount": text.count("\n") - 1,
    }
    return {name: found[name] for name in names}


def folders(
    folder: Path, texts: tuple[str, str, str], *names: str, schema: Any = SCHEMA, **more: Any
) -> tuple[Path, Path, Path]:
    one, two, three = (
        write_package_of(
            folder / side,
            {"t.csv": text},
            [{"name": "t", "path": "t.csv", "schema": schema, **about(text, *names), **more}],
        )
        for side, text in zip(("base", "ours", "theirs"), texts, strict=True)
    )
    return one, two, three


def resource(merged: MergedFolder) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(merged.files["datapackage.json"])["resources"][0]
    return found


@pytest.mark.parametrize("names", [("hash",), ("bytes",), ("rowCount",), ("hash", "bytes", "rowCount"), ()])
@pytest.mark.parametrize("keyed", [True, False])
def test_hash_size_and_row_count_are_those_of_what_was_merged(
    tmp_path: Path, names: tuple[str, ...], keyed: bool
) -> None:
    schema = SCHEMA if keyed else {"fields": SCHEMA["fields"]}
    ours = BASE.replace("a,1", "a,one")
    texts = (BASE + "m,0\nn,0\n", ours + "m,0\nn,0\n", BASE + "m,0\nn,0\no,7\n")
    merged = PackageMerge(folders(tmp_path, texts, *names, schema=schema)).merged()
    expected = ours + "m,0\nn,0\no,7\n"
    assert (merged.conflicts, merged.files["t.csv"].decode()) == ((), expected)
    written = {name: value for name, value in resource(merged).items() if name in {"hash", "bytes", "rowCount"}}
    assert written == about(expected, *names)


@pytest.mark.parametrize(("mine", "yours"), ["78", "87"])
def test_a_table_in_conflict_has_each_sides_hash_and_one_conflict_says_so(
    tmp_path: Path, mine: str, yours: str
) -> None:
    texts = BASE, BASE.replace("a,1", f"a,{mine}"), BASE.replace("a,1", f"a,{yours}")
    merged = PackageMerge(folders(tmp_path / "hash", texts, "hash")).merged()
    assert [(each.kind, each.file, each.field) for each in merged.conflicts] == [
        (ConflictKind.CELL, "t.csv", "x"),
        (ConflictKind.GENERATED, "datapackage.json", "resources.t.hash"),
    ]
    for side, text in (("ours", texts[1]), ("theirs", texts[2])):
        chosen = json.loads(resolved(merged.files["datapackage.json"].decode(), side))  # type: ignore[arg-type]
        assert chosen["resources"][0]["hash"] == about(text, "hash")["hash"]
    merged = PackageMerge(folders(tmp_path / "bytes", texts, "bytes")).merged()
    assert [(each.kind, each.file, each.table, each.field, each.message) for each in merged.conflicts][1:] == [
        (
            ConflictKind.GENERATED,
            "datapackage.json",
            "t",
            "resources.t",
            "Hash, size or row count follow from t.csv, which is in conflict.",
        )
    ]
    merged = PackageMerge(folders(tmp_path / "none", texts)).merged()
    assert [each.kind for each in merged.conflicts] == [ConflictKind.CELL]


def test_a_package_that_one_side_left_alone_is_that_of_the_other_byte_for_byte(tmp_path: Path) -> None:
    for number, (ours, theirs) in enumerate(((BASE, BASE + "c,3\n"), (BASE + "c,3\n", BASE), (BASE + "c,3\n",) * 2)):
        three = folders(tmp_path / str(number), (BASE, ours, theirs), "hash", "bytes", "rowCount")
        changed = three[1] if ours != BASE else three[2]
        merged = PackageMerge(three).merged()
        assert merged.conflicts == ()
        assert merged.files == {name: (changed / name).read_bytes() for name in ("datapackage.json", "t.csv")}


def test_a_descriptor_that_both_sides_wrote_anew_to_say_the_same_is_that_of_ours(tmp_path: Path) -> None:
    forms = [
        f"{json.dumps({'resources': []}, indent=indent, separators=separators)}\n".encode()
        for indent, separators in ((None, (",", ":")), (None, (",", ": ")), (2, None))
    ]
    for number, three in enumerate(permutations(forms)):
        one, two, other = (tmp_path / f"{number} {side}" for side in ("base", "ours", "theirs"))
        for folder, data in zip((one, two, other), three, strict=True):
            folder.mkdir()
            (folder / "datapackage.json").write_bytes(data)
        assert PackageMerge((one, two, other)).merged().files == {"datapackage.json": three[1]}


def test_the_hash_of_a_table_that_is_the_same_on_both_sides_stays_as_they_have_it(tmp_path: Path) -> None:
    merged = PackageMerge(folders(tmp_path, (BASE, *(BASE + "c,3\n",) * 2), hash="md5:0")).merged()
    assert (resource(merged)["hash"], merged.conflicts) == ("md5:0", ())


def test_a_schema_in_a_file_of_its_own_is_read_from_it_and_must_be_the_same(tmp_path: Path) -> None:
    texts = BASE, BASE.replace("a,1", "a,7"), BASE + "c,3\n"
    three = folders(tmp_path, texts, schema="schema.json")
    for folder in three:
        (folder / "schema.json").write_text(json.dumps(SCHEMA))
    merged = PackageMerge(three).merged()
    assert merged.files["t.csv"].decode() == "id,x\na,7\nb,2\nc,3\n"
    assert merged.files["schema.json"] == (three[0] / "schema.json").read_bytes()
    for space in ("", "\n"):
        (three[2] / "schema.json").write_text(space + json.dumps(SCHEMA | {"primaryKey": ["x"]}))
        with pytest.raises(MergeError, match=r"schema\.json, the schema of the table 't', is not the same on all"):
            PackageMerge(three).merged()


def test_a_table_is_taken_whole_where_only_the_schema_files_of_the_sides_say_that_their_keys_differ(
    tmp_path: Path,
) -> None:
    for side, key in (("base", "id"), ("ours", "id"), ("theirs", "x")):
        text = BASE if side == "base" else f"{BASE}c,{side}\n"
        table = {"name": "t", "path": "t.csv", "schema": f"{side}.json"}
        schema = json.dumps(SCHEMA | {"primaryKey": [key]})
        write_package_of(tmp_path / side, {"t.csv": text, f"{side}.json": schema}, [table])
    merged = PackageMerge((tmp_path / "base", tmp_path / "ours", tmp_path / "theirs")).merged()
    (found,) = [each.message for each in merged.conflicts if each.file == "t.csv"]
    keys = "id in base, id in ours, x in theirs"
    assert found == f"The sides don't have the same primary key ({keys}), so that rows can't be matched."
    assert resolved(merged.files["t.csv"].decode(), "theirs") == f"{BASE}c,theirs\n"


def test_a_folder_without_a_descriptor_has_nothing_to_merge(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    full = write_package_of(tmp_path / "full", {"t.csv": BASE}, [{"name": "t", "path": "t.csv"}])
    with pytest.raises(MergeError) as caught:
        PackageMerge((full, empty, full))
    assert str(caught.value) == f"{empty} has nothing to merge: expected a folder with datapackage.json."


@pytest.mark.parametrize(
    ("name", "more", "table"),
    [
        ("t.csv", {}, True),
        ("t.tsv", {"dialect": {"delimiter": ";"}}, True),
        ("t.txt", {"type": "table"}, True),
        ("t.txt", {"schema": SCHEMA}, True),
        ("t.txt", {}, False),
    ],
)
def test_what_is_a_table_must_be_in_the_form_that_tables_are_merged_in(
    tmp_path: Path, name: str, more: dict[str, Any], *, table: bool
) -> None:
    full = write_package_of(tmp_path / "full", {name: BASE}, [{"name": "t", "path": name, **more}])
    if not table or name == "t.csv":
        found = PackageMerge((full, full, full)).merged()
        assert (found.files[name].decode(), found.conflicts) == (BASE, ())
    else:
        with pytest.raises(MergeError, match="The table 't' of"):
            PackageMerge((full, full, full)).merged()


def test_a_table_in_another_form_than_tables_are_merged_in_is_refused(tmp_path: Path) -> None:
    three = folders(tmp_path, (BASE,) * 3, dialect={"delimiter": ";"})
    with pytest.raises(MergeError, match=r"The table 't' of .*base can't be merged by key: t\.csv .*canonicalise"):
        PackageMerge(three).merged()


def test_a_table_without_a_key_whose_columns_differ_is_taken_whole(tmp_path: Path) -> None:
    texts = "p,q\n1,2\n", "p,r\n1,3\n", "p,s\n1,4\n"
    three = folders(tmp_path, texts, schema={"fields": []})
    merged = PackageMerge(three).merged()
    (found,) = [each for each in merged.conflicts if each.file == "t.csv"]
    assert (found.kind, found.table) == (ConflictKind.FIELD, "t")
    assert found.message == "t.csv has no key, and the sides don't have the same columns."
    assert resolved(merged.files["t.csv"].decode(), "ours") == texts[1]
    assert resolved(merged.files["t.csv"].decode(), "theirs") == texts[2]
    texts = "p,q\n1,2\n3,4\n5,6\n", "p,q\n1,x\n3,4\n5,6\n", "p,q\n1,2\n3,4\n5,y\n"
    same = PackageMerge(folders(tmp_path / "same", texts, schema={"fields": []})).merged()
    assert (same.conflicts, same.files["t.csv"]) == ((), b"p,q\n1,x\n3,4\n5,y\n")


def test_a_file_that_both_sides_add_is_merged_without_a_base(tmp_path: Path) -> None:
    _, ours, theirs = folders(tmp_path, (BASE, BASE + "c,3\n", BASE + "d,4\n"), "hash")
    base = write_package_of(tmp_path / "nothing", {}, [])
    merged = PackageMerge((base, ours, theirs)).merged()
    assert merged.files["t.csv"].decode() == BASE + "c,3\nd,4\n"
    assert [each.kind for each in merged.conflicts if each.file == "t.csv"] == []


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        (b'{"a": 2, "b": 1}', b'{"a": 1, "b": 2}', '{\n  "a": 2,\n  "b": 2\n}\n'),
        (b'{\n\t"a": 2, "b": 1}', b'{"a": 1, "b": 2}', '{\n\t"a": 2,\n\t"b": 2\n}\n'),
        (b'{\r\n   "a": 2, "b": 1}\r\n', b'{"a": 1, "b": 2}', '{\r\n   "a": 2,\r\n   "b": 2\r\n}\r\n'),
    ],
)
def test_a_descriptor_is_written_with_the_indentation_of_ours_or_two_spaces(
    ours: bytes, theirs: bytes, expected: str
) -> None:
    found = merge_descriptor(b'{"a": 1, "b": 1}', ours, theirs, "d.json")
    assert (found.data.decode(), found.readable.decode(), found.conflicts) == (expected, expected, ())


def test_a_descriptor_that_ours_has_not_is_written_as_theirs_is() -> None:
    texts = descriptor_texts((b"", b"", b'{\n    "a": [1]}'), ({"a": ["é"]}, {"a": [3]}))
    assert texts == ['{\n    "a": [\n        "é"\n    ]\n}\n', '{\n    "a": [\n        3\n    ]\n}\n']


def test_a_file_of_several_that_make_a_table_has_no_schema_of_its_own(tmp_path: Path) -> None:
    paths = {"path": ["t.csv", "u.csv"], "schema": SCHEMA}
    write_package_of(tmp_path / "two", {"t.csv": BASE, "u.csv": BASE}, [{"name": "t", **paths}])
    assert keyed_table("t.csv", tmp_path / "two") is None
    write_package_of(tmp_path / "one", {"data/t.csv": BASE}, [{"name": "t", "path": "data/t.csv", "schema": SCHEMA}])
    found = keyed_table("data/t.csv", tmp_path / "one")
    assert found is not None
    assert (found.table.name, found.table.primary_key, found.fix) == ("t", ("id",), None)
    assert keyed_table("data/u.csv", tmp_path / "one") is None


def test_a_schema_that_is_given_names_the_table_after_its_file(tmp_path: Path) -> None:
    (tmp_path / "lakes.schema.json").write_text(json.dumps(SCHEMA))
    assert read_table_schema(tmp_path / "lakes.schema.json").name == "lakes"


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ("1 01 2 3", "1 01 2 10", "1 01 2 3 10"),
        ("1 01 2 10", "1 01 2 3", "1 01 2 3 10"),
        ("1 01 2 x", "1 01 2 10", "1 01 2 10 x"),
        ("2 1 01", "2 1 01 0", "2 1 01 0"),
    ],
)
def test_rows_in_the_order_of_their_numbers_stay_so_though_two_keys_are_one_number(
    ours: str, theirs: str, expected: str
) -> None:
    table = Table("t", fields=(Field("n", type="integer"),), primary_key=("n",))
    old = "1 01 2" if ours.startswith("1") else "2 1 01"
    base, mine, yours = ([(key,) for key in keys.split()] for keys in (old, ours, theirs))
    assert " ".join(key for (key,) in merged_rows(table, base, mine, yours)) == expected


def test_a_table_that_both_sides_add_may_have_its_schema_in_a_file_that_they_add_too(tmp_path: Path) -> None:
    _, ours, theirs = folders(tmp_path, (BASE, BASE + "c,3\n", BASE + "d,4\n"), schema="schema.json")
    for folder in (ours, theirs):
        (folder / "schema.json").write_text(json.dumps(SCHEMA))
    merged = PackageMerge((write_package_of(tmp_path / "nothing", {}, []), ours, theirs)).merged()
    assert (merged.conflicts, merged.files["t.csv"].decode()) == ((), BASE + "c,3\nd,4\n")
