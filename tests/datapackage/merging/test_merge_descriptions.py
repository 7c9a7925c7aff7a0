"""What a merge says in the descriptor about the files that it wrote, and what it needs to know of them."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from readouts.datapackage.merging.conflict import ConflictKind, MergedFolder, MergeError
from readouts.datapackage.merging.package_merge import PackageMerge
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


def test_a_table_in_conflict_has_each_sides_hash_and_one_conflict_says_so(tmp_path: Path) -> None:
    texts = BASE, BASE.replace("a,1", "a,7"), BASE.replace("a,1", "a,8")
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


def test_a_schema_in_a_file_of_its_own_is_read_from_it_and_must_be_the_same(tmp_path: Path) -> None:
    texts = BASE, BASE.replace("a,1", "a,7"), BASE + "c,3\n"
    three = folders(tmp_path, texts, schema="schema.json")
    for folder in three:
        (folder / "schema.json").write_text(json.dumps(SCHEMA))
    merged = PackageMerge(three).merged()
    assert merged.files["t.csv"].decode() == "id,x\na,7\nb,2\nc,3\n"
    assert merged.files["schema.json"] == (three[0] / "schema.json").read_bytes()
    (three[2] / "schema.json").write_text(json.dumps(SCHEMA | {"primaryKey": ["x"]}))
    with pytest.raises(MergeError, match=r"schema\.json, the schema of the table 't', is not the same on all sides"):
        PackageMerge(three).merged()


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
