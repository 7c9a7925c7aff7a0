"""Merging folders: packages with their references, trees of annotations, and what joins their files."""

from __future__ import annotations

import json
import shutil
from hashlib import new as new_hash
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from readouts.annotation_merge.folders import merge_folders
from readouts.datapackage.merging.conflict import ConflictKind, MergedFolder, MergeError
from tests.conftest import INVENTED
from tests.packages import write_package_of

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., subprocess.CompletedProcess[str]]

HERALD = "articles/herald-2031-05-02.yaml"
CALL = "events/call-2031-05-01.yaml"


@pytest.fixture
def trees(tmp_path: Path) -> tuple[Path, Path, Path]:
    """Three copies of the invented annotations."""
    folders = tuple(tmp_path / side / "annotations" for side in ("base", "ours", "theirs"))
    for folder in folders:
        shutil.copytree(INVENTED / "annotations", folder)
    return folders[0], folders[1], folders[2]


@pytest.fixture
def packages(tmp_path: Path, run: Run) -> tuple[Path, Path, Path]:
    """Three copies of the package that the invented annotations give, without these."""
    built = tmp_path / "built"
    shutil.copytree(INVENTED / "annotations", built / "annotations")
    done = run("rebuild", "--annotations", built / "annotations")
    assert done.returncode == 0, done.stdout + done.stderr
    folders = tuple(tmp_path / side for side in ("base", "ours", "theirs"))
    for folder in folders:
        shutil.copytree(built / "data", folder / "data")
        shutil.copy(built / "datapackage.json", folder)
    return folders[0], folders[1], folders[2]


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_bytes().decode()
    assert text.count(old) == 1, (old, text.count(old))
    file.write_bytes(text.replace(old, new).encode())


def put(merged: MergedFolder, target: Path) -> Path:
    for name, data in merged.files.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_bytes(data)
    return target


def test_a_merged_package_is_whole_with_hashes_sizes_and_counts(
    packages: tuple[Path, Path, Path], tmp_path: Path, run: Run
) -> None:
    _, ours, theirs = packages
    edit(ours / "data/entities.csv", "An invented town.", "A town.")
    edit(theirs / "data/entities.csv", "The Morning Herald", "The Herald")
    with (theirs / "data/entities.csv").open("ab") as stream:
        stream.write(b"zz-new,place,New Place,A new place.,,none,,,\n")
    done = run("merge", *packages, "--output", tmp_path / "merged")
    assert done.returncode == 0, done.stderr
    data = (tmp_path / "merged/data/entities.csv").read_bytes()
    assert b"A town." in data
    assert b"The Herald" in data
    descriptor = json.loads((tmp_path / "merged/datapackage.json").read_bytes())
    resource = next(entry for entry in descriptor["resources"] if entry["name"] == "entities")
    assert resource["hash"] == f"sha256:{sha256(data).hexdigest()}"
    assert (resource["bytes"], resource["rowCount"]) == (len(data), data.count(b"\n") - 1)
    assert done.stdout == ""


def test_a_deleted_parent_with_a_new_reference_in_another_table_is_shown(packages: tuple[Path, Path, Path]) -> None:
    base, ours, theirs = packages
    line = next(
        row for row in (base / "data/entities.csv").read_text("utf-8").splitlines() if row.startswith("lake-town,")
    )
    edit(ours / "data/entities.csv", line + "\n", "")
    with (theirs / "data/participants.csv").open("ab") as stream:
        stream.write(b"meeting-port-sarn,lake-town,host,third\n")
    merged = merge_folders(*packages)
    [found] = [each for each in merged.conflicts if each.kind is ConflictKind.PARENT]
    assert (found.file, found.table, found.field) == ("data/participants.csv", "participants", "entity_id")
    assert found.key == ("meeting-port-sarn", "lake-town")
    assert f"<<<<<<< ours\n=======\n{line}\n>>>>>>> theirs\n".encode() in merged.files["data/entities.csv"]


def test_a_reference_that_dangled_before_is_no_conflict_of_the_merge(packages: tuple[Path, Path, Path]) -> None:
    for folder in packages:
        with (folder / "data/participants.csv").open("ab") as stream:
            stream.write(b"meeting-port-sarn,nobody,host,third\n")
    edit(packages[2] / "data/entities.csv", "An invented town.", "A town.")
    assert merge_folders(*packages).conflicts == ()


def test_a_dialect_of_its_own_is_refused(packages: tuple[Path, Path, Path]) -> None:
    for folder in packages:
        descriptor = json.loads((folder / "datapackage.json").read_bytes())
        descriptor["resources"][0]["dialect"] = {"delimiter": ";"}
        (folder / "datapackage.json").write_text(json.dumps(descriptor))
    with pytest.raises(MergeError, match="readouts canonicalise"):
        merge_folders(*packages)


def test_merged_annotations_build(trees: tuple[Path, Path, Path], tmp_path: Path, run: Run) -> None:
    _, ours, theirs = trees
    edit(ours / "entities.yaml", "An invented town.", "A town.")
    edit(
        theirs / "entities.yaml",
        "  courier: {kind: outlet",
        "  hill: {kind: place, name: Hill, description: A hill.}\n  courier: {kind: outlet",
    )
    edit(ours / CALL, "role: principal, side: a", "role: host, side: a")
    edit(theirs / CALL, "date_precision: day\n", "date_precision: day\nplace: hill\n")
    merged = merge_folders(*trees)
    assert merged.conflicts == ()
    tree = put(merged, tmp_path / "merged" / "annotations")
    done = run("rebuild", "--annotations", tree)
    assert done.returncode == 0, done.stdout
    assert "hill" in (tmp_path / "merged/data/events.csv").read_text("utf-8")


def test_a_deleted_entity_that_another_file_now_mentions_is_shown(trees: tuple[Path, Path, Path]) -> None:
    _, ours, theirs = trees
    line = "  lake-town: {kind: place, name: Lake Town, description: An invented town.}\n"
    edit(ours / "entities.yaml", line, "")
    edit(theirs / "events/meeting-port-sarn.yaml", "place: port-sarn", "place: lake-town")
    merged = merge_folders(*trees)
    [found] = merged.conflicts
    assert found.kind is ConflictKind.PARENT
    assert (found.file, found.line) == ("annotations/events/meeting-port-sarn.yaml", 5)
    assert f"<<<<<<< ours\n=======\n{line}>>>>>>> theirs\n".encode() in merged.files["entities.yaml"]


def test_a_deleted_file_to_which_the_other_side_refers_is_shown(trees: tuple[Path, Path, Path]) -> None:
    _, ours, theirs = trees
    (theirs / "events/meeting-port-sarn.yaml").unlink()
    edit(ours / CALL, "date_precision: day\n", "date_precision: day\nparent: meeting-port-sarn\n")
    merged = merge_folders(*trees)
    assert ConflictKind.PARENT in {found.kind for found in merged.conflicts}
    data = merged.files["events/meeting-port-sarn.yaml"]
    assert data.startswith(b"<<<<<<< ours\nkind: meeting\n")
    assert data.endswith(b"=======\n>>>>>>> theirs\n")


def test_a_file_that_one_side_deleted_and_the_other_changed_is_shown(trees: tuple[Path, Path, Path]) -> None:
    _, ours, theirs = trees
    (ours / "events/meeting-port-sarn.yaml").unlink()
    edit(theirs / "events/meeting-port-sarn.yaml", "date_precision: month", "date_precision: year")
    merged = merge_folders(*trees)
    assert [found.kind for found in merged.conflicts if found.file == "events/meeting-port-sarn.yaml"] == [
        ConflictKind.DELETED
    ]


def test_a_table_among_annotations_is_merged_by_the_key_that_ours_gives_it(tmp_path: Path) -> None:
    schema = {"fields": [{"name": name} for name in ("id", "v", "w")], "primaryKey": ["id"]}
    sides = {"base": b"id,v,w\na,1,1\n", "ours": b"id,v,w\na,2,1\n", "theirs": b"id,v,w\na,1,2\n"}
    for side, data in sides.items():
        shutil.copytree(INVENTED / "annotations", tmp_path / side / "annotations")
        (tmp_path / side / "annotations" / "notes.csv").write_bytes(data)
    write_package_of(tmp_path / "ours" / "annotations", {}, [{"name": "notes", "path": "notes.csv", "schema": schema}])
    merged = merge_folders(tmp_path / "base", tmp_path / "ours", tmp_path / "theirs")
    assert (merged.conflicts, merged.files["annotations/notes.csv"]) == ((), b"id,v,w\na,2,2\n")


def test_a_file_that_one_side_deleted_is_gone(trees: tuple[Path, Path, Path]) -> None:
    _, ours, theirs = trees
    (ours / "id_changes.csv").unlink()
    edit(theirs / "entities.yaml", "An invented town.", "A town.")
    merged = merge_folders(*trees)
    assert merged.conflicts == ()
    assert "id_changes.csv" not in merged.files


def test_the_same_new_id_in_two_files_is_shown(trees: tuple[Path, Path, Path]) -> None:
    _, ours, theirs = trees
    account = "  office-2031-05-09: {issuer: presidency, side: a, kind: readout}\n"
    edit(ours / CALL, "alignments:\n", account + "alignments:\n")
    with (theirs / "events/meeting-port-sarn.yaml").open("ab") as stream:
        stream.write(f"accounts:\n{account}".encode())
    merged = merge_folders(*trees)
    assert [(found.kind, found.key) for found in merged.conflicts] == [(ConflictKind.ADDED, ("office-2031-05-09",))]


def test_folders_without_anything_to_merge_are_refused(tmp_path: Path) -> None:
    with pytest.raises(MergeError, match="has nothing to merge"):
        merge_folders(tmp_path, tmp_path, tmp_path)


def test_the_result_is_never_written_over_something(trees: tuple[Path, Path, Path], run: Run) -> None:
    done = run("merge", *trees, "--output", trees[1])
    assert done.returncode == 2
    assert "already exists: expected a new or an empty folder" in done.stderr


LAKES: dict[str, Any] = {"fields": [{"name": "id"}, {"name": "v"}], "primaryKey": ["id"]}


def package(folder: Path, resource: dict[str, Any], **files: bytes) -> Path:
    named: dict[str, bytes | str] = {name.replace("__", "."): data for name, data in files.items()}
    return write_package_of(folder, named, [resource])


@pytest.mark.parametrize(
    "resource",
    [
        {"name": "lakes", "path": "lakes.csv", "schema": "lakes.json"},
        {"name": "lakes", "path": ["lakes.csv"], "schema": LAKES},
    ],
    ids=["a schema in a file", "a path in a list"],
)
def test_a_table_is_merged_by_key_however_its_descriptor_is_written(tmp_path: Path, resource: dict[str, Any]) -> None:
    tables = (b"id,v\na,1\nm,1\n", b"id,v\na,1\nm,1\nx,1\n", b"id,v\na,1\nm,1\nx,2\n")
    sides = [
        package(tmp_path / str(number), resource, lakes__csv=data, lakes__json=json.dumps(LAKES).encode())
        for number, data in enumerate(tables)
    ]
    merged = merge_folders(*sides)
    assert [(found.kind, found.key) for found in merged.conflicts] == [(ConflictKind.ADDED, ("x",))]
    assert ("lakes.json" in merged.files) == (resource["schema"] == "lakes.json")


def test_a_table_with_a_key_in_another_form_is_refused(tmp_path: Path) -> None:
    resource = {"name": "lakes", "path": "lakes.tsv", "format": "tsv", "schema": LAKES}
    sides = [package(tmp_path / name, resource, lakes__tsv=f"id\tv\n{name}\t1\n".encode()) for name in "bot"]
    with pytest.raises(MergeError, match=r"lakes\.tsv has a dialect of its own"):
        merge_folders(*sides)


@pytest.mark.parametrize("algorithm", ["", "md5:", "sha512:", "sha256:"])
def test_the_hash_of_a_merged_table_is_its_own(tmp_path: Path, algorithm: str) -> None:
    def side(name: str, data: bytes) -> Path:
        digest = new_hash(algorithm.rstrip(":") or "md5", data).hexdigest()
        resource = {"name": "lakes", "path": "lakes.csv", "schema": LAKES, "hash": algorithm + digest}
        return package(tmp_path / name, resource, lakes__csv=data)

    base = side("base", b"id,v\na,1\nb,1\n")
    merged = merge_folders(base, side("ours", b"id,v\na,2\nb,1\n"), side("theirs", b"id,v\na,1\nb,2\n"))
    assert merged.conflicts == ()
    assert merged.files["lakes.csv"] == b"id,v\na,2\nb,2\n"
    entry = json.loads(merged.files["datapackage.json"])["resources"][0]
    assert entry["hash"] == f"sha256:{sha256(merged.files['lakes.csv']).hexdigest()}"


def test_a_table_that_the_merge_writes_anew_has_its_own_hash(tmp_path: Path) -> None:
    data = b"id,v\r\na,1\r\n"
    resource = {"name": "lakes", "path": "lakes.csv", "schema": LAKES, "bytes": len(data)}
    resource["hash"] = f"sha256:{sha256(data).hexdigest()}"
    side = package(tmp_path, resource, lakes__csv=data)
    merged = merge_folders(side, side, side)
    entry = json.loads(merged.files["datapackage.json"])["resources"][0]
    written = merged.files["lakes.csv"]
    assert (entry["bytes"], entry["hash"]) == (len(written), f"sha256:{sha256(written).hexdigest()}")


def test_a_file_that_is_no_text_is_never_mixed(tmp_path: Path) -> None:
    resource = {"name": "map", "path": "map.bin"}
    old = b"\0\1\n\2\nmid1\nmid2\n\4\n\xff"
    base, ours, theirs = (
        package(tmp_path / str(number), resource, map__bin=data)
        for number, data in enumerate((old, old.replace(b"\2", b"\7"), old.replace(b"\4", b"\x08")))
    )
    merged = merge_folders(base, ours, theirs)
    assert [found.kind for found in merged.conflicts] == [ConflictKind.TEXT]
    assert merged.files["map.bin"] == old.replace(b"\2", b"\7")
    assert merge_folders(base, ours, base).files["map.bin"] == old.replace(b"\2", b"\7")
    assert merge_folders(base, base, theirs).files["map.bin"] == old.replace(b"\4", b"\x08")


def test_an_empty_file_that_is_new_is_kept(tmp_path: Path) -> None:
    base = package(tmp_path / "base", {"name": "map", "path": "map.bin"}, map__bin=b"1")
    theirs = write_package_of(
        tmp_path / "theirs",
        {"map.bin": b"1", "notes.txt": b""},
        [{"name": "map", "path": "map.bin"}, {"name": "notes", "path": "notes.txt"}],
    )
    merged = merge_folders(base, base, theirs)
    assert merged.files["notes.txt"] == b""


def test_a_very_long_cell_is_merged(tmp_path: Path) -> None:
    resource = {"name": "lakes", "path": "lakes.csv", "schema": LAKES}
    base, ours = (package(tmp_path / v, resource, lakes__csv=f"id,v\na,{v * 200_000}\n".encode()) for v in "12")
    theirs = package(tmp_path / "t", resource, lakes__csv=f"id,v\na,{'1' * 200_000}\nb,\n".encode())
    assert len(merge_folders(base, ours, theirs).files["lakes.csv"]) > 200_000
