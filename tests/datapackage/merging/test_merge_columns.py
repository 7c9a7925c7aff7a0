"""Merging packages whose columns changed: either side of every conflict is a package that is whole."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from readouts.datapackage.merging.columns import TableSide, listing, resources_of
from readouts.datapackage.merging.conflict import ConflictKind, MergedFolder, MergeError
from readouts.datapackage.merging.package_merge import PackageMerge
from readouts.datapackage.schema.descriptor import read_schema
from tests.datapackage.merging.resolving import resolved
from tests.packages import write_package_of
from tests.properties import examples

SIDES: tuple[Literal["ours", "theirs"], ...] = ("ours", "theirs")


@dataclass
class Made:
    """One version of a table, with its descriptor."""

    types: dict[str, str]
    rows: dict[str, dict[str, str]]
    key: list[str] = field(default_factory=lambda: ["id"])
    titles: dict[str, str] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)
    required: str = ""

    def copy(self) -> Made:
        rows = {key: dict(row) for key, row in self.rows.items()}
        return Made(dict(self.types), rows, [*self.key], dict(self.titles), dict(self.more), self.required)

    def text(self) -> str:
        stream = io.StringIO()
        writer = csv.DictWriter(stream, [*self.types], lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: row.get(name, "") for name in self.types} for row in self.rows.values())
        return stream.getvalue()

    def resource(self, name: str) -> dict[str, Any]:
        fields = [
            {
                "name": each,
                "type": kind,
                **({"title": self.titles[each]} if each in self.titles else {}),
                **({"constraints": {"required": True}} if each == self.required else {}),
            }
            for each, kind in self.types.items()
        ]
        digest = sha256(self.text().encode()).hexdigest()
        schema = {"fields": fields, **({"primaryKey": self.key} if self.key else {}), **self.more}
        return {"name": name, "path": f"{name}.csv", "hash": f"sha256:{digest}", "schema": schema}


def write(folder: Path, **tables: Made) -> Path:
    files: dict[str, bytes | str] = {f"{name}.csv": made.text() for name, made in tables.items()}
    return write_package_of(folder, files, [made.resource(name) for name, made in tables.items()])


def merge(folder: Path, base: Made, ours: Made, theirs: Made) -> MergedFolder:
    made = {"base": base, "ours": ours, "theirs": theirs}
    written = [write(folder / side, lakes=each) for side, each in made.items()]
    return PackageMerge((written[0], written[1], written[2])).merged()


def chosen(merged: MergedFolder, side: Literal["ours", "theirs"]) -> dict[str, tuple[dict[str, Any], list[list[str]]]]:
    """Return the resources of one side of every conflict with the records of their files, which must fit them."""
    texts = {name: resolved(data.decode(), side) for name, data in merged.files.items()}
    found = {}
    for resource in json.loads(texts["datapackage.json"])["resources"]:
        text = texts[resource["path"]]
        header, *rows = csv.reader(io.StringIO(text), strict=True)
        table = read_schema(resource["name"], resource["schema"])[0]
        assert header == [*table.field_names], side
        assert {len(row) for row in rows} <= {len(header)}, side
        for name, cells in zip(header, zip(*rows, strict=True), strict=False):
            assert [cell for cell in cells if cell and table.field(name).problem(cell)] == [], (side, name)
        if table.primary_key:
            keys = [tuple(row[header.index(name)] for name in table.primary_key) for row in rows]
            assert len(keys) == len({*keys}), side
        assert {each for key in resource["schema"].get("uniqueKeys", ()) for each in key} <= {*header}, side
        assert resource.get("hash") == f"sha256:{sha256(text.encode()).hexdigest()}", side
        found[resource["name"]] = resource, [header, *rows]
    return found


LAKES = Made({"id": "string", "name": "string", "depth": "integer"}, {
    "como": {"id": "como", "name": "Como", "depth": "425"},
    "garda": {"id": "garda", "name": "Garda", "depth": "346"},
})  # fmt: skip


def without(made: Made, name: str) -> Made:
    found = made.copy()
    del found.types[name]
    return found


def with_cell(made: Made, key: str, name: str, cell: str) -> Made:
    found = made.copy()
    found.rows.setdefault(key, {"id": key})[name] = cell
    return found


def with_column(made: Made, name: str, kind: str, cell: str = "") -> Made:
    found = made.copy()
    found.types[name] = kind
    for row in found.rows.values():
        row[name] = cell
    return found


def titled(made: Made, name: str) -> Made:
    found = made.copy()
    found.titles[name] = "A title"
    return found


def keyed_by(made: Made, *key: str) -> Made:
    found = made.copy()
    found.key = [*key]
    return found


def in_order(made: Made, *names: str) -> Made:
    found = made.copy()
    found.types = {name: made.types[name] for name in names}
    return found


def unique_in(made: Made, name: str) -> Made:
    found = made.copy()
    found.more = {"uniqueKeys": [[name]]}
    return found


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (without(LAKES, "depth"), with_cell(LAKES, "como", "depth", "410")),
        (without(LAKES, "depth"), with_cell(LAKES, "iseo", "depth", "251")),
        (without(LAKES, "depth"), titled(LAKES, "depth")),
        (without(LAKES, "depth"), unique_in(LAKES, "depth")),
        (with_column(without(LAKES, "depth"), "metres", "integer", "1"), with_cell(LAKES, "como", "depth", "410")),
        (with_column(LAKES, "area", "integer", "146"), with_column(LAKES, "area", "string", "large")),
        (with_column(LAKES, "area", "integer", "146"), with_column(LAKES, "area", "string")),
        (with_column(LAKES, "name", "integer", "7"), with_cell(LAKES, "iseo", "name", "Iseo")),
        (with_column(LAKES, "name", "integer", "7"), with_cell(LAKES, "como", "name", "Aa")),
        (with_column(LAKES, "name", "integer", "7"), with_cell(LAKES, "como", "name", "Zz")),
        (with_column(LAKES, "depth", "string", "deep"), with_column(LAKES, "depth", "number", "1.5")),
        (keyed_by(LAKES, "id", "name"), with_cell(keyed_by(LAKES, "id", "depth"), "como", "name", "Lario")),
        (keyed_by(with_column(LAKES, "lake", "string", "x"), "id", "lake"), with_cell(LAKES, "como", "name", "Lario")),
        (keyed_by(without(LAKES, "depth")), with_cell(keyed_by(LAKES), "como", "depth", "410")),
        (keyed_by(without(LAKES, "depth")), titled(keyed_by(LAKES), "depth")),
        (keyed_by(with_column(without(LAKES, "depth"), "area", "string", "x")), titled(keyed_by(LAKES), "depth")),
        (keyed_by(with_column(without(LAKES, "depth"), "zone", "string", "x")), titled(keyed_by(LAKES), "depth")),
        (keyed_by(without(LAKES, "depth")), keyed_by(with_column(LAKES, "area", "string", "x"))),
    ],
    ids=[
        "removed and edited",
        "removed and in a new row",
        "removed and described",
        "removed and made unique",
        "renamed and edited",
        "added with two types",
        "added with two types, and filled by one side",
        "made a number and given a text",
        "made a number and given a text that sorts before the old one",
        "made a number and given a text that sorts after the old one",
        "given two types",
        "two keys",
        "a key with a new column",
        "no key: removed and edited",
        "no key: removed and described",
        "no key: renamed to what sorts before, and described",
        "no key: renamed to what sorts after, and described",
        "no key: removed and added",
    ],
)
def test_columns_in_conflict_are_whole_tables_that_fit_the_descriptor(tmp_path: Path, ours: Made, theirs: Made) -> None:
    key = LAKES.key if ours.key else []
    for number, (mine, yours) in enumerate([(ours, theirs), (theirs, ours)]):
        merged = merge(tmp_path / str(number), keyed_by(LAKES, *key), mine, yours)
        assert ConflictKind.FIELD in {found.kind for found in merged.conflicts if found.file == "lakes.csv"}
        assert "datapackage.json" in {found.file for found in merged.conflicts}
        assert merged.files["lakes.csv"].count(b"<<<<<<< ours\n") <= 1
        for side, made in zip(SIDES, (mine, yours), strict=True):
            resource, _ = chosen(merged, side)["lakes"]
            assert {*made.types} <= {entry["name"] for entry in resource["schema"]["fields"]}


@pytest.mark.parametrize(
    ("ours", "theirs", "columns"),
    [
        (without(LAKES, "depth"), without(LAKES, "depth"), "id name"),
        (without(LAKES, "depth"), with_cell(LAKES, "como", "name", "Lario"), "id name"),
        (without(LAKES, "depth"), titled(LAKES, "name"), "id name"),
        (without(LAKES, "depth"), with_column(LAKES, "area", "integer", "146"), "id name area"),
        (with_column(LAKES, "area", "integer", "1"), with_column(LAKES, "area", "integer", "1"), "id name depth area"),
        (in_order(LAKES, "depth", "name", "id"), with_cell(LAKES, "como", "name", "Lario"), "depth name id"),
        (with_cell(LAKES, "como", "name", "Lario"), in_order(LAKES, "depth", "name", "id"), "depth name id"),
        (titled(LAKES, "name"), in_order(LAKES, "depth", "name", "id"), "depth name id"),
        (in_order(LAKES, "depth", "name", "id"), in_order(LAKES, "name", "id", "depth"), "depth name id"),
        (keyed_by(LAKES, "id", "name"), with_cell(LAKES, "iseo", "name", "Iseo"), "id name depth"),
        (with_column(LAKES, "depth", "string", "deep"), with_cell(LAKES, "como", "name", "Lario"), "id name depth"),
        (
            titled(LAKES, "depth"),
            keyed_by(without(with_column(LAKES, "lake", "string", "x"), "id"), "name"),
            "name depth lake",
        ),
    ],
    ids=[
        "removed by both",
        "removed while another is edited",
        "removed while another is described",
        "removed while another is added",
        "added by both",
        "moved by ours",
        "moved by theirs",
        "moved while another is described",
        "moved by both",
        "a longer key",
        "a type that the other side's cells fit",
        "another key in a file that the other side left alone",
    ],
)
def test_columns_that_do_not_contradict_each_other_are_merged(
    tmp_path: Path, ours: Made, theirs: Made, columns: str
) -> None:
    merged = merge(tmp_path, LAKES, ours, theirs)
    assert merged.conflicts == ()
    _, records = chosen(merged, "ours")["lakes"]
    assert records[0] == columns.split()


@pytest.mark.parametrize("name", ["area", "zone"])
def test_a_table_with_another_key_is_that_of_the_side_that_changed_it(tmp_path: Path, name: str) -> None:
    other = keyed_by(in_order(with_column(LAKES, name, "string"), name, "name", "depth"), name)
    for key, row in other.rows.items():
        row[name] = key
    for number, sides in enumerate(((other, titled(LAKES, "depth")), (titled(LAKES, "depth"), other))):
        merged = merge(tmp_path / str(number), LAKES, *sides)
        assert (merged.conflicts, merged.files["lakes.csv"].decode()) == ((), other.text())


def test_a_conflict_in_a_column_leaves_the_other_columns_merged(tmp_path: Path) -> None:
    ours = with_cell(without(LAKES, "depth"), "como", "name", "Lario")
    theirs = with_cell(with_cell(LAKES, "garda", "name", "Benaco"), "garda", "depth", "340")
    merged = merge(tmp_path, LAKES, ours, theirs)
    assert merged.files["lakes.csv"].decode() == (
        "<<<<<<< ours\nid,name\ncomo,Lario\ngarda,Benaco\n"
        "=======\nid,name,depth\ncomo,Lario,425\ngarda,Benaco,340\n>>>>>>> theirs\n"
    )
    assert [found.message for found in merged.conflicts if found.file == "lakes.csv"] == [
        "Ours removed the column 'depth', and theirs changed it in 1 row: garda."
    ]


def test_each_table_in_conflict_has_its_own_markers(tmp_path: Path) -> None:
    dropped, edited = without(LAKES, "depth"), with_cell(LAKES, "como", "depth", "410")
    folders = [
        write(tmp_path / "base", lakes=LAKES, seas=LAKES),
        write(tmp_path / "ours", lakes=dropped, seas=edited),
        write(tmp_path / "theirs", lakes=edited, seas=dropped),
    ]
    merged = PackageMerge((folders[0], folders[1], folders[2])).merged()
    found = {(each.file, each.kind) for each in merged.conflicts}
    assert {("lakes.csv", ConflictKind.FIELD), ("seas.csv", ConflictKind.FIELD)} <= found
    for side, columns in zip(SIDES, ((["id", "name"], ["id", "name", "depth"]),
                                     (["id", "name", "depth"], ["id", "name"])), strict=True):  # fmt: skip
        tables = chosen(merged, side)
        assert (tables["lakes"][1][0], tables["seas"][1][0]) == columns


@pytest.mark.parametrize("described", [False, True], ids=["its file", "its description"])
def test_a_table_that_one_side_deleted_and_the_other_changed_keeps_its_resource(
    tmp_path: Path, *, described: bool
) -> None:
    changed = titled(LAKES, "name") if described else with_cell(LAKES, "como", "name", "Lario")
    for number in (1, 2):
        folders = [write(tmp_path / str(number) / side, lakes=LAKES, seas=LAKES) for side in ("base", "ours", "theirs")]
        write(folders[number], lakes=changed, seas=LAKES)
        gone = folders[3 - number]
        (gone / "lakes.csv").unlink()
        write(gone, seas=LAKES)
        merged = PackageMerge((folders[0], folders[1], folders[2])).merged()
        assert ConflictKind.DELETED in {found.kind for found in merged.conflicts if found.file == "lakes.csv"}
        keeper, other = SIDES[number - 1], SIDES[2 - number]
        assert [*chosen(merged, keeper)] == ["lakes", "seas"]
        assert [*chosen(merged, other)] == ["seas"]


@pytest.mark.parametrize("side", ["base", "ours", "theirs"])
def test_a_fault_is_reported_in_the_version_that_has_it(tmp_path: Path, side: str) -> None:
    folders = [write(tmp_path / each, lakes=LAKES) for each in ("base", "ours", "theirs")]
    descriptor = json.loads((tmp_path / side / "datapackage.json").read_text())
    descriptor["resources"][0]["dialect"] = "dialect.json"
    (tmp_path / side / "datapackage.json").write_text(json.dumps(descriptor))
    with pytest.raises(MergeError, match=re.escape(f"{tmp_path / side}: Expected the file 'dialect.json'")) as raised:
        PackageMerge((folders[0], folders[1], folders[2])).merged()
    assert not any(str(tmp_path / other) in str(raised.value) for other in {"base", "ours", "theirs"} - {side})


CELLS = {"string": st.sampled_from(["", "a", "b", "x,y"]), "integer": st.sampled_from(["", "1", "2"])}


@st.composite
def changed(draw: st.DrawFn, base: Made) -> Made:
    """Return a version of a table with up to four changes of any kind."""
    made = base.copy()
    for _ in range(draw(st.integers(0, 4))):
        columns = [name for name in made.types if name not in {"id", *made.key}]
        kinds = ["add row", "add column", "move", "title", "rekey"]
        kinds += ["edit", "edit", "drop", "rename", "type"] * bool(columns) + ["delete row"] * bool(made.rows)
        kind = draw(st.sampled_from(kinds))
        name = draw(st.sampled_from(columns)) if columns else ""
        match kind:
            case "add row":
                key = draw(st.sampled_from("qrs"))
                row = {"id": key} | {each: draw(CELLS[made.types[each]]) for each in made.types if each != "id"}
                if all(row[each] for each in made.key):
                    made.rows.setdefault(key, row)
            case "delete row":
                del made.rows[draw(st.sampled_from([*made.rows]))]
            case "edit" if made.rows:
                made.rows[draw(st.sampled_from([*made.rows]))][name] = draw(CELLS[made.types[name]])
            case "add column":
                new = draw(st.sampled_from(["new", "other"]))
                if new not in made.types:
                    made.types[new] = draw(st.sampled_from(["string", "integer"]))
                    for row in made.rows.values():
                        row[new] = draw(CELLS[made.types[new]])
            case "move":
                made.types = {each: made.types[each] for each in draw(st.permutations([*made.types]))}
            case "title":
                made.titles[draw(st.sampled_from([*made.types]))] = draw(st.sampled_from("TU"))
            case "rekey":
                wanted = draw(st.sampled_from([["id"], ["id", *columns[:1]], ["id", *columns[1:2]]]))
                if made.key and all(row[each] for row in made.rows.values() for each in wanted):
                    made.key = wanted
            case "drop":
                del made.types[name]
            case "rename":
                new = draw(st.sampled_from(["alias", "other"]))
                if new not in made.types:
                    made.types = {new if each == name else each: kind for each, kind in made.types.items()}
                    for row in made.rows.values():
                        row[new] = row.pop(name)
            case "type":
                made.types[name] = "integer" if made.types[name] == "string" else "string"
                for row in made.rows.values():
                    row[name] = draw(CELLS[made.types[name]])
    return made


@st.composite
def triples(draw: st.DrawFn) -> tuple[Made, Made, Made]:
    """Return a table of three columns and four rows, with a key or without, and two versions that began with it."""
    rows = {key: {"id": key, "a": draw(CELLS["string"]), "b": draw(CELLS["integer"]), "c": "x"} for key in "mnop"}
    base = Made({"id": "string", "a": "string", "b": "integer", "c": "string"}, rows)
    base.key = draw(st.sampled_from([["id"], ["id"], ["id", "c"], []]))
    return base, draw(changed(base)), draw(changed(base))


@given(triples())
@settings(max_examples=examples(400))
def test_either_side_of_all_conflicts_is_a_package_that_is_whole(versions: tuple[Made, Made, Made]) -> None:
    with TemporaryDirectory() as folder:
        merged = merge(Path(folder), *versions)
    note("".join(f"{name}\n{data.decode()}\n" for name, data in merged.files.items()))
    base, ours, theirs = versions
    for side in SIDES:
        _, (header, *rows) = chosen(merged, side)["lakes"]
        if not merged.conflicts:
            assert "<<<<<<<" not in "".join(data.decode() for data in merged.files.values())
        found = {row[header.index("id")]: dict(zip(header, row, strict=True)) for row in rows}
        for key, row in base.rows.items():
            if all(row == other.rows.get(key) for other in (ours, theirs)):
                assert {name: row[name] for name in header if name in row}.items() <= found[key].items(), side


def test_a_path_that_leaves_the_package_is_reported_with_its_descriptor(tmp_path: Path) -> None:
    folders = [write(tmp_path / each, lakes=LAKES) for each in ("base", "ours", "theirs")]
    write_package_of(folders[2], {}, [{"name": "lakes", "path": "../lakes.csv"}])
    with pytest.raises(MergeError, match="leaves the package") as raised:
        PackageMerge((folders[0], folders[1], folders[2])).merged()
    assert str(raised.value).startswith(str(folders[2] / "datapackage.json"))


def test_a_file_at_an_address_is_left_alone(tmp_path: Path) -> None:
    folders = [write_package_of(tmp_path / each, {"lakes.csv": LAKES.text()}, [
        LAKES.resource("lakes"), {"name": "sea", "path": "https://example.org/sea.csv", "title": each},
    ]) for each in ("base", "base", "theirs")]  # fmt: skip
    merged = PackageMerge((folders[0], folders[1], folders[2])).merged()
    assert merged.conflicts == ()
    assert json.loads(merged.files["datapackage.json"])["resources"][1]["title"] == "theirs"


def test_a_binary_file_that_one_side_deleted_and_the_other_changed_is_kept_as_it_is(tmp_path: Path) -> None:
    versions = {"base": b"\x00\xff1", "ours": b"\x00\xff2"}
    folders = [write_package_of(tmp_path / side, {"map.bin": data}, [{"name": "map", "path": "map.bin"}])
               for side, data in versions.items()]  # fmt: skip
    gone = write_package_of(tmp_path / "theirs", {"lakes.csv": LAKES.text()}, [LAKES.resource("lakes")])
    merged = PackageMerge((folders[0], folders[1], gone)).merged()
    assert [found.kind for found in merged.conflicts if found.file == "map.bin"] == [ConflictKind.DELETED]
    assert merged.files["map.bin"] == versions["ours"]


def test_hash_and_size_of_a_file_merged_by_line_are_its_own(tmp_path: Path) -> None:
    texts = {"base": "a\nb\nc\n", "ours": "A\nb\nc\n", "theirs": "a\nb\nC\n"}
    folders = []
    for side, text in texts.items():
        digest = sha256(text.encode()).hexdigest()
        resource = {"name": "notes", "path": "notes.txt", "hash": f"sha256:{digest}", "bytes": len(text)}
        folders.append(write_package_of(tmp_path / side, {"notes.txt": text}, [resource]))
    merged = PackageMerge((folders[0], folders[1], folders[2])).merged()
    assert merged.conflicts == ()
    [resource] = json.loads(merged.files["datapackage.json"])["resources"]
    assert resource["hash"] == f"sha256:{sha256(merged.files['notes.txt']).hexdigest()}"


def constrained(made: Made, name: str, kind: str) -> Made:
    found = with_column(made, name, kind, "1")
    found.required = name
    return found


@pytest.mark.parametrize(
    ("ours", "theirs", "message"),
    [
        (
            without(LAKES, "depth"),
            titled(LAKES, "depth"),
            "Ours removed the column 'depth', and theirs changed its field.",
        ),
        (
            titled(LAKES, "depth"),
            without(LAKES, "depth"),
            "Theirs removed the column 'depth', and ours changed its field.",
        ),
        (
            without(LAKES, "depth"),
            unique_in(LAKES, "depth"),
            "Ours removed the column 'depth', and theirs made it part of a key.",
        ),
        (
            with_column(LAKES, "area", "integer", "146"),
            with_column(LAKES, "area", "string", "large"),
            'Both sides added the field \'area\': ours has {"type": "integer"}, theirs has {"type": "string"}.',
        ),
        (
            with_column(LAKES, "depth", "string", "deep"),
            with_column(LAKES, "depth", "number", "1.5"),
            'Both sides changed the field \'depth\': ours has {"type": "string"}, theirs has {"type": "number"}.',
        ),
        (
            with_column(LAKES, "name", "integer", "7"),
            with_cell(LAKES, "iseo", "name", "Iseo"),
            "Ours changed the field 'name', which doesn't take the 'Iseo' that theirs has in iseo.",
        ),
        (
            with_cell(LAKES, "iseo", "name", "Iseo"),
            with_column(LAKES, "name", "integer", "7"),
            "Theirs changed the field 'name', which doesn't take the 'Iseo' that ours has in iseo.",
        ),
        (
            constrained(LAKES, "area", "integer"),
            with_cell(with_cell(LAKES, "lugano", "name", "Lugano"), "iseo", "name", "Iseo"),
            "Ours added the column 'area', which needs a value in each row, and theirs added rows without one, "
            "the first: iseo.",
        ),
    ],
)
def test_a_column_in_conflict_has_a_message_that_says_why(
    tmp_path: Path, ours: Made, theirs: Made, message: str
) -> None:
    merged = merge(tmp_path, LAKES, ours, theirs)
    found = [each for each in merged.conflicts if each.file == "lakes.csv"]
    assert (found[0].kind, found[0].message) == (ConflictKind.FIELD, message)
    beside = {each.message for each in merged.conflicts if each.file != "lakes.csv"}
    assert any("which is in conflict: choose the same side there." in each for each in beside) or not beside


def test_a_column_that_needs_a_value_is_added_where_the_other_side_adds_no_row_without_one(tmp_path: Path) -> None:
    ours, theirs = constrained(LAKES, "area", "integer"), with_cell(LAKES, "como", "name", "Lario")
    assert merge(tmp_path, LAKES, ours, theirs).conflicts == ()


def test_a_cell_that_the_other_side_left_alone_needs_not_fit_a_changed_field(tmp_path: Path) -> None:
    ours = with_column(LAKES, "name", "integer", "7")
    theirs = with_cell(LAKES, "como", "depth", "1")
    merged = merge(tmp_path, LAKES, ours, theirs)
    assert merged.conflicts == ()
    assert merged.files["lakes.csv"].decode() == "id,name,depth\ncomo,7,1\ngarda,7,346\n"


def test_a_table_without_a_key_takes_the_column_that_one_side_adds(tmp_path: Path) -> None:
    base = keyed_by(LAKES)
    wide, described = with_column(base, "area", "integer", "146"), titled(base, "name")
    for number, sides in enumerate(((wide, described), (described, wide), (wide, base), (base, wide), (wide, wide))):
        merged = merge(tmp_path / str(number), base, *sides)
        assert merged.conflicts == ()
        assert merged.files["lakes.csv"].decode() == wide.text()
        assert chosen(merged, "ours") == chosen(merged, "theirs")


@pytest.mark.parametrize("place", ["first", "last"])
def test_a_table_without_a_key_takes_the_column_wherever_one_side_puts_it(tmp_path: Path, place: str) -> None:
    base = keyed_by(LAKES)
    wide = with_column(base, "area", "integer", "146")
    wide = in_order(wide, "area", *base.types) if place == "first" else wide
    for number, sides in enumerate(((wide, base), (base, wide))):
        merged = merge(tmp_path / str(number), base, *sides)
        assert (merged.conflicts, merged.files["lakes.csv"].decode()) == ((), wide.text())


def test_the_keys_with_a_column_in_them_are_those_of_its_table_and_references_to_it() -> None:
    def resource(name: str, **schema: Any) -> dict[str, Any]:
        fields = [{"name": each} for each in ("a", "b", "c")]
        return {"name": name, "schema": {"fields": fields, **schema}}

    def reference(table: str, *fields: str, to: tuple[str, ...]) -> dict[str, Any]:
        return {"fields": [*fields], "reference": {"resource": table, "fields": [*to]}}

    own = resource("t", uniqueKeys=[["a", "b"]], foreignKeys=[reference("u", "b", to=("a",))])
    other = resource(
        "u", uniqueKeys=[["c"]], foreignKeys=[reference("t", "b", to=("c",)), reference("v", "a", to=("b",))]
    )
    third = resource("s", uniqueKeys=[["c"]], foreignKeys=[reference("r", "b", to=("b",))])
    side = TableSide("ours", "t", own["schema"], {"resources": [own, other, third, resource("v"), "odd"]})
    assert {column: list(side.keys_with(column)) for column in "abc"} == {
        "a": [("t", "uniqueKeys")],
        "b": [("t", "uniqueKeys"), ("t", "foreignKeys")],
        "c": [("u", "foreignKeys")],
    }


def test_a_field_takes_what_its_type_and_its_missing_values_allow() -> None:
    fields = [{"name": "a", "type": "integer"}, {"name": "b", "type": "integer", "constraints": {"required": True}}]
    side = TableSide("ours", "t", {"fields": fields, "missingValues": ["-"]}, {})
    cells = [("a", "7"), ("a", "x"), ("a", "-"), ("a", ""), ("b", "7"), ("b", "-")]
    assert [side.accepts(*each) for each in cells] == [True, False, True, False, True, False]
    assert resources_of(None) == resources_of({"resources": {}}) == resources_of({"resources": [7]}) == []
    listed = {"resources": [{"name": "t", "path": ["a.csv", "b.csv"]}, {"name": "u", "path": "b.csv"}]}
    assert [[each["name"] for each in listing(listed, file)] for file in ("a.csv", "b.csv", "c.csv")] == [
        ["t"],
        ["t", "u"],
        [],
    ]


def test_a_column_of_a_key_may_be_removed_with_it(tmp_path: Path) -> None:
    base = unique_in(LAKES, "depth")
    removed, edited = without(LAKES, "depth"), with_cell(base, "como", "name", "Lario")
    for number, sides in enumerate(((removed, edited), (edited, removed))):
        merged = merge(tmp_path / str(number), base, *sides)
        assert merged.conflicts == ()
        assert merged.files["lakes.csv"].decode() == "id,name\ncomo,Lario\ngarda,Garda\n"


def test_columns_are_in_the_order_of_the_fields_though_the_base_had_them_in_another(tmp_path: Path) -> None:
    turned = in_order(LAKES, "id", "depth", "name")
    three = [
        write(tmp_path / side, lakes=made) for side, made in (("base", LAKES), ("ours", LAKES), ("theirs", turned))
    ]
    (three[0] / "lakes.csv").write_text(turned.text())
    merged = PackageMerge((three[0], three[1], three[2])).merged()
    assert merged.conflicts == ()
    assert [*chosen(merged, "ours")["lakes"][1][0]] == ["id", "depth", "name"]
