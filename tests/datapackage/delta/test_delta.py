"""Deltas: what they carry from one release to another and back, byte for byte."""

from __future__ import annotations

import bz2
import tempfile
import zipfile
from hashlib import sha256
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readouts.corpus_schema.bundled import EXTRA_FILES
from readouts.datapackage.delta.apply import apply_delta, revert_delta
from readouts.datapackage.delta.create import create_delta
from readouts.datapackage.delta.format import DeltaError, opened_delta, read_part
from readouts.datapackage.delta.write import row_label
from readouts.datapackage.errors import PackageError
from readouts.datapackage.package.files import package_files
from readouts.datapackage.package.package import open_package
from readouts.datapackage.text_diff import matching_lines
from tests.datapackage.delta.release_pairs import Made, content, edited, lakes, made_tables, write_package
from tests.properties import examples

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn

    from readouts.datapackage.package.package import DataPackage

OTHERS = st.dictionaries(
    st.sampled_from(["data/README.md", "LICENSE-DATA", "notes/map.bin"]),
    st.sampled_from([b"", b"a\n", b"a\nb\nc", b"a\r\nc\n", "\ufeff€\n".encode(), b"\0\x01", b"\xff\xfe", b"x\n" * 50]),
)


@st.composite
def package_pairs(draw: DrawFn) -> tuple[dict[str, Made], dict[str, Made], dict[str, bytes], dict[str, bytes]]:
    """Two releases: tables of the one, some of them as they were, changed, gone or new in the other; other files."""
    old = draw(st.dictionaries(st.sampled_from(["lakes", "rivers", "con"]), made_tables(), max_size=2))
    new = {name: draw(edited(table)) for name, table in old.items() if draw(st.integers(0, 5))}
    new |= draw(st.dictionaries(st.sampled_from(["rivers", "new.table", "Größe"]), made_tables(), max_size=1))
    return old, new, draw(OTHERS), draw(OTHERS)


@settings(max_examples=examples(60))
@given(package_pairs())
def test_a_delta_makes_either_release_from_the_other_whatever_changed(
    pair: tuple[dict[str, Made], dict[str, Made], dict[str, bytes], dict[str, bytes]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        old = write_package(root / "old", pair[0], pair[2], "1.0.0")
        new = write_package(root / "new", pair[1], pair[3], "2.0.0")
        create_delta(old, new, root / "delta.zip")
        create_delta(old, new, root / "again.zip")
        apply_delta(old, root / "delta.zip", root / "applied")
        revert_delta(new, root / "delta.zip", root / "reverted")
        assert content(root / "applied") == content(root / "new")
        assert content(root / "reverted") == content(root / "old")
        assert (root / "delta.zip").read_bytes() == (root / "again.zip").read_bytes()
        with zipfile.ZipFile(root / "delta.zip") as archive:
            assert archive.testzip() is None


def test_a_delta_has_the_files_that_an_archive_of_the_release_has() -> None:
    from readouts.corpus_schema.bundled import bundled_package
    from readouts.publish.release.archive import archive_bytes

    package = open_package(bundled_package(), EXTRA_FILES)
    with zipfile.ZipFile(BytesIO(archive_bytes(package))) as archive:
        names = [name.partition("/")[2] for name in archive.namelist()]
    assert names == list(package_files(package))


LINES = st.lists(st.sampled_from(["a", "b", "c", "d", "e", ""]), max_size=12)


@given(LINES, LINES)
def test_lines_that_are_kept_are_the_same_and_in_order_on_both_sides(old: list[str], new: list[str]) -> None:
    found = matching_lines(old, new)
    assert all(old[here] == new[there] for here, there in found)
    assert all(one[0] < two[0] and one[1] < two[1] for one, two in pairwise(found))


@given(st.lists(st.integers(0, 99), unique=True, max_size=30), st.data())
def test_of_lines_that_are_there_once_all_that_stayed_are_kept(lines: list[int], data: st.DataObject) -> None:
    old = [str(line) for line in lines]
    new = [line for line in old if data.draw(st.booleans())]
    assert [old[here] for here, _ in matching_lines(old, new)] == new


@pytest.fixture
def releases(tmp_path: Path) -> tuple[DataPackage, DataPackage]:
    old = lakes(tmp_path / "old", "1.0.0", [("Como", "410"), ("Long", "7"), ("Ness", "230")])
    new = lakes(tmp_path / "new", "1.1.0", [("Bala", "42"), ("Como", "425"), ("Ness", "230")])
    return old, new


def test_a_delta_is_a_package_with_the_rows_and_cells_that_differ(
    releases: tuple[DataPackage, DataPackage], tmp_path: Path
) -> None:
    create_delta(*releases, tmp_path / "delta.zip")
    with opened_delta(tmp_path / "delta.zip") as delta:
        parts = {name: list(read_part(delta.package, name)) for name in delta.package.resources}
        assert (str(delta.old), str(delta.new)) == ("lakes 1.0.0", "lakes 1.1.0")
    assert parts["removed-lakes"] == [["2", "Long", "7"]]
    assert parts["added-lakes"] == [["1", "Bala", "42"]]
    assert parts["changed-lakes"] == [["depth", "1", "410", "425"]]
    assert [row[0] for row in parts["files"]] == ["datapackage.json", "lakes.csv"]
    assert [row[1:] for row in parts["lines"]] == [
        ["old", "3", '  "version": "1.0.0",'],
        ["new", "3", '  "version": "1.1.0",'],
    ]


def test_the_delta_itself_is_a_valid_package(releases: tuple[DataPackage, DataPackage], tmp_path: Path) -> None:
    from readouts.datapackage.findings import Findings
    from readouts.datapackage.validation.start import begin
    from readouts.datapackage.validation.validator import check_package

    create_delta(*releases, tmp_path / "delta.zip")
    with zipfile.ZipFile(tmp_path / "delta.zip") as archive:
        archive.extractall(tmp_path / "unpacked")
    findings = Findings(None)
    checked = check_package(begin(open_package(tmp_path / "unpacked")), findings)
    assert findings.incidents == []
    assert checked.rows == {"files": 2, "lines": 2, "removed-lakes": 1, "added-lakes": 1, "changed-lakes": 1}


def test_a_column_that_moves_or_gets_another_name_is_not_carried_again(tmp_path: Path) -> None:
    rows = [[str(number), f"lake {number}", str(number % 7)] for number in range(1000, 2000)]
    old = write_package(tmp_path / "old", {"lakes": Made(["id", "name", "depth"], 1, rows, [0, 1, 2])}, {}, "1.0.0")
    moved = [[depth, key, name] for key, name, depth in rows]
    new = write_package(
        tmp_path / "new", {"lakes": Made(["deepness", "number", "name"], 1, moved, [1, 0, 2])}, {}, "2.0.0"
    )
    create_delta(old, new, tmp_path / "delta.zip")
    with opened_delta(tmp_path / "delta.zip") as delta:
        assert delta.tables[0].renamed == {"id": "number", "depth": "deepness"}
        assert delta.tables[0].parts == {}


def test_nothing_is_carried_where_nothing_differs(tmp_path: Path, releases: tuple[DataPackage, DataPackage]) -> None:
    old, _ = releases
    create_delta(old, old, tmp_path / "delta.zip")
    with opened_delta(tmp_path / "delta.zip") as delta:
        assert list(delta.package.resources) == ["files"]
    apply_delta(old, tmp_path / "delta.zip", tmp_path / "same")
    assert content(tmp_path / "same") == content(old.root)


def test_what_a_file_lacks_in_the_release_is_not_looked_at(
    tmp_path: Path, releases: tuple[DataPackage, DataPackage]
) -> None:
    old, new = releases
    (old.root / "scratch.txt").write_text("of nobody's concern", encoding="utf-8")
    create_delta(old, new, tmp_path / "delta.zip")
    apply_delta(old, tmp_path / "delta.zip", tmp_path / "made")
    assert content(tmp_path / "made") == content(new.root)


@pytest.mark.slow
def test_very_long_cells_are_carried(tmp_path: Path) -> None:
    long = 'a "long", cell\n' * 200_000
    old = lakes(tmp_path / "old", "1.0.0", [("Como", long), ("Ness", "1")])
    new = lakes(tmp_path / "new", "1.0.1", [("Como", f"{long}!"), ("Ness", "2")])
    create_delta(old, new, tmp_path / "delta.zip")
    apply_delta(old, tmp_path / "delta.zip", tmp_path / "made")
    assert content(tmp_path / "made") == content(new.root)


def test_a_release_that_is_not_in_canonical_form_is_refused_with_the_command_that_mends_it(
    tmp_path: Path, releases: tuple[DataPackage, DataPackage]
) -> None:
    unsorted = lakes(tmp_path / "unsorted", "2.0.0", [("Ness", "230"), ("Como", "410")])
    with pytest.raises(
        PackageError, match=r"lakes\.csv has row 2 out of order.*readouts canonicalise mine --output DIR"
    ):
        create_delta(releases[0], unsorted, tmp_path / "delta.zip", ("theirs", "mine"))
    assert not (tmp_path / "delta.zip").exists()


def test_a_delta_is_not_written_over_a_release(releases: tuple[DataPackage, DataPackage]) -> None:
    old, new = releases
    before = content(old.root)
    with pytest.raises(PackageError, match="is a file of one of the releases"):
        create_delta(old, new, old.root / "lakes.csv")
    assert content(old.root) == before


@pytest.mark.parametrize("place", ["inside", "filled", "file"])
def test_output_goes_into_a_new_folder_only(
    tmp_path: Path, releases: tuple[DataPackage, DataPackage], place: str
) -> None:
    old, new = releases
    create_delta(old, new, tmp_path / "delta.zip")
    (tmp_path / "filled").mkdir()
    (tmp_path / "filled" / "mine.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    target = {"inside": old.root / "made", "filled": tmp_path / "filled", "file": tmp_path / "file"}[place]
    before = content(tmp_path)
    with pytest.raises(PackageError, match="is only read" if place == "inside" else "already exists"):
        apply_delta(old, tmp_path / "delta.zip", target)
    assert content(tmp_path) == before


def test_an_empty_folder_is_taken(tmp_path: Path, releases: tuple[DataPackage, DataPackage]) -> None:
    old, new = releases
    create_delta(old, new, tmp_path / "delta.zip")
    (tmp_path / "made").mkdir()
    apply_delta(old, tmp_path / "delta.zip", tmp_path / "made")
    assert content(tmp_path / "made") == content(new.root)


def test_a_delta_that_was_applied_already_says_so(tmp_path: Path, releases: tuple[DataPackage, DataPackage]) -> None:
    old, new = releases
    create_delta(old, new, tmp_path / "delta.zip")
    with pytest.raises(DeltaError, match=r"is lakes 1\.1\.0 already: the delta is applied.*delta revert"):
        apply_delta(new, tmp_path / "delta.zip", tmp_path / "made")
    with pytest.raises(DeltaError, match=r"is lakes 1\.0\.0 already: the delta is reverted.*delta apply"):
        revert_delta(old, tmp_path / "delta.zip", tmp_path / "made")
    assert not (tmp_path / "made").exists()


def test_the_library_that_packs_deltas_gives_the_bytes_that_it_always_gave() -> None:
    # Were this to fail, a delta that is made again would be another file, though it holds the same.
    text = "".join(f"{number * number % 9973},{number % 17}\n" for number in range(40_000)).encode()
    assert (
        sha256(bz2.compress(text, 9)).hexdigest() == "476491553388bbde418aa3aea542b55dd732ddaabe5bd420188191a77c3ae37e"
    )


def test_the_column_of_row_numbers_is_called_as_no_other_is() -> None:
    assert row_label(["row", "row_", "name"]) == "row__"
