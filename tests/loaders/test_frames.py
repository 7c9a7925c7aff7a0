"""The corpus in memory: typed frames, read when they are asked for."""

from __future__ import annotations

import gc
import json
import re
import shutil
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import readouts
from readouts.corpus_schema.tables import tables
from readouts.datapackage.errors import PackageError, UnknownIdError
from readouts.datapackage.package.package import open_package
from readouts.loaders import Corpus
from readouts.publish.release.archive import archive_bytes
from tests.conftest import INVENTED

if TYPE_CHECKING:
    from tests.conftest import Run


@pytest.fixture
def built(invented_package: Path) -> Path:
    return invented_package


@pytest.fixture
def invented(built: Path) -> Corpus:
    return Corpus(open_package(built))


def rewritten(package: Path, target: Path, table: str, old: bytes, new: bytes) -> Path:
    """Copy a package with one piece of one table replaced, and no hashes to tell."""
    shutil.copytree(package, target)
    path = target / "data" / f"{table}.csv"
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new, 1))
    descriptor = json.loads((target / "datapackage.json").read_text(encoding="utf-8"))
    for resource in descriptor["resources"]:
        resource.pop("hash", None)
    (target / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    return target


DTYPES = {"string": "str", "integer": "Int64", "boolean": "boolean", "date": "datetime64[s]", "list": "object"}


@pytest.mark.parametrize("name", tables())
def test_every_column_has_the_type_that_its_schema_says(invented: Corpus, name: str) -> None:
    frame = invented.table(name)
    table = tables()[name]
    assert tuple(frame.columns) == table.field_names
    for field in table.fields:
        column = frame[field.name]
        if field.constraints.enum is not None:
            assert isinstance(column.dtype, pd.CategoricalDtype)
            assert tuple(column.cat.categories) == field.constraints.enum
        elif field.type == "string":
            assert pd.api.types.is_string_dtype(column.dtype) or column.dtype == object
            assert all(isinstance(value, str) for value in column.dropna())
        else:
            assert str(column.dtype) == DTYPES[field.type], field.name


@pytest.mark.parametrize("name", tables())
def test_every_value_is_the_one_of_the_file(built: Path, invented: Corpus, name: str) -> None:
    frame, table = invented.table(name), tables()[name]
    rows = open_package(built).rows(name)
    assert len(frame) == len(rows)
    for field in table.fields:
        for value, row in zip(frame[field.name], rows, strict=True):
            text = row[field.name]
            if field.type == "list":
                assert value == ([] if text is None else text.split(field.delimiter))
            elif text is None:
                assert pd.isna(value), (field.name, value)
            elif field.type == "date":
                assert value.strftime("%Y-%m-%d") == text
            elif field.type == "boolean":
                assert bool(value) is (text == "true")
            else:
                assert str(value) == text


def test_rows_can_be_filtered_by_their_types(invented: Corpus) -> None:
    spans = invented.spans
    assert (spans["end"] > spans["start"]).all()
    assert set(invented.carriages.query("is_translation")["account_id"]) == {"chancellery-2031-05-01"}
    assert invented.events.query("date >= '2031-05-01'").shape[0] == 2
    assert invented.entities.set_index("entity_id").loc["jana-marek", "aliases"] == ["Marek", "President Marek"]


def test_a_text_that_reads_like_a_missing_value_is_kept(built: Path, tmp_path: Path) -> None:
    shutil.copytree(built, tmp_path / "copy")
    path = tmp_path / "copy" / "data" / "entities.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("Port Sarn", "NA"), encoding="utf-8", newline="")
    descriptor = json.loads((tmp_path / "copy" / "datapackage.json").read_text(encoding="utf-8"))
    for resource in descriptor["resources"]:
        resource.pop("hash", None)
    (tmp_path / "copy" / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    names = Corpus(open_package(tmp_path / "copy")).entities["name"]
    assert "NA" in set(names)
    assert names.notna().all()


def test_a_table_without_rows_has_its_types_all_the_same(tmp_path: Path, run: Run) -> None:
    shutil.copytree(INVENTED / "annotations", tmp_path / "annotations")
    path = tmp_path / "annotations" / "id_changes.csv"
    path.write_text(path.read_text(encoding="utf-8").splitlines(keepends=True)[0], encoding="utf-8", newline="")
    assert run("rebuild", cwd=tmp_path).returncode == 0
    changes = Corpus(open_package(tmp_path)).id_changes
    assert len(changes) == 0
    assert tuple(changes.columns) == tables()["id_changes"].field_names
    assert isinstance(changes["operation"].dtype, pd.CategoricalDtype)


def test_an_unknown_table_is_answered_with_the_nearest(invented: Corpus) -> None:
    misspelt = "statement"
    with pytest.raises(AttributeError, match="Did you mean 'statements'"):
        getattr(invented, misspelt)
    with pytest.raises(PackageError, match="Did you mean 'statements'"):
        invented.table("statement")


def test_the_tables_are_offered_by_completion(invented: Corpus) -> None:
    assert set(tables()) == set(invented.tables)
    assert set(invented.tables) <= set(dir(invented))


def test_one_table_is_read_without_the_others_and_only_once(built: Path, tmp_path: Path) -> None:
    shutil.copytree(built, tmp_path / "copy")
    for path in (tmp_path / "copy" / "data").glob("*.csv"):
        if path.stem != "events":
            path.unlink()
    corpus = Corpus(open_package(tmp_path / "copy"))
    events = corpus.events
    assert len(events) == 2
    with pytest.raises(PackageError, match=r"statements\.csv"):
        _ = corpus.statements
    (tmp_path / "copy" / "data" / "events.csv").unlink()
    assert corpus.events is events


def test_a_file_that_is_not_the_one_of_the_descriptor_is_refused(built: Path, tmp_path: Path) -> None:
    shutil.copytree(built, tmp_path / "copy")
    path = tmp_path / "copy" / "data" / "events.csv"
    path.write_bytes(path.read_bytes().replace(b"2031-05-01", b"2031-05-02"))
    with pytest.raises(PackageError, match="expected sha256:"):
        _ = Corpus(open_package(tmp_path / "copy")).events


def test_a_comparison_has_the_sides_of_the_event(invented: Corpus) -> None:
    found = invented.compare("call-2031-05-01")
    assert [side.names for side in found.sides] == [("Jana Marek",), ("Ilya Ostrova",)]
    assert [pair.relation for pair in found.pairs] == ["contradicts", "in_tension"]
    with pytest.raises(UnknownIdError, match="Did you mean 'call-2031-05-01'"):
        invented.compare("call-2031-05-11")


def test_quotations_are_the_alignments_of_wording(invented: Corpus) -> None:
    found = invented.quotations()
    listed = invented.alignments[invented.alignments["aspect"] == "wording"]
    assert set(found["statement_a"]) == set(listed["statement_a"])
    assert found["relation"].to_list() == ["translation_variant"]
    first = found.iloc[0]
    assert (first["event_id"], first["side_a"], first["outlet_a"]) == ("call-2031-05-01", "b", "Courier")
    assert (first["outlet_b"], first["rationale"]) == ("The Morning Herald", "Two renderings of one sentence.")
    assert invented.quotations("meeting-port-sarn").empty
    with pytest.raises(UnknownIdError, match="Did you mean 'call-2031-05-01'"):
        invented.quotations("call-2031-05-11")


def test_a_corpus_says_what_it_is(invented: Corpus) -> None:
    shown = repr(invented)
    assert shown.startswith("<Corpus invented-calls 0.3.1, released 2031-06-01\n")
    counts = " ".join(shown.rstrip(">").partition("\n")[2].split()).split(", ")
    assert counts == [f"{name} {len(invented.table(name))}" for name in invented.tables]
    assert len(shown.splitlines()) < 6


@pytest.mark.parametrize(
    ("table", "old", "new", "told"),
    [
        ("events", b",call,", b",chat,", "kind: 'chat' is not one of its values"),
        ("events", b"2031-05-01,day", b"2031-13-01,day", "date: "),
        ("carriages", b",true,", b",yes,", "found 'yes'"),
        ("attributions", b",0,0,", b",0,0.5,", "seq: expected a whole number in digits, found '0.5'"),
    ],
)
def test_a_value_that_is_none_of_its_type_is_refused_rather_than_lost(
    built: Path, tmp_path: Path, *, table: str, old: bytes, new: bytes, told: str
) -> None:
    broken = rewritten(built, tmp_path / "copy", table, old, new)
    with pytest.raises(PackageError, match=re.escape(told)) as error:
        Corpus(open_package(broken)).table(table)
    assert f"readouts validate {broken}" in str(error.value)


def test_a_large_number_is_not_rounded(built: Path, tmp_path: Path) -> None:
    number = 2**60 + 1
    path = rewritten(built, tmp_path / "copy", "carriages", b",true,", f",true,{number}".encode())
    text = (path / "data" / "carriages.csv").read_text(encoding="utf-8")
    (path / "data" / "carriages.csv").write_text(re.sub(rf"(true,{number})\d*", r"\1", text), encoding="utf-8")
    assert number in set(Corpus(open_package(path)).carriages["start"].dropna())


def test_load_gives_the_release_that_is_installed() -> None:
    corpus = readouts.load()
    assert corpus.name == "readouts"
    assert readouts.load(corpus.version).version == corpus.version
    assert set(corpus.tables) == set(tables())


def test_an_archive_is_opened_like_its_folder_and_leaves_nothing_behind(built: Path, tmp_path: Path) -> None:
    package = open_package(built)
    archive = tmp_path / "calls.zip"
    archive.write_bytes(archive_bytes(package))
    corpus = readouts.open(archive)
    folder = Path(corpus.package.root)
    assert folder != built
    for name in corpus.tables:
        pd.testing.assert_frame_equal(corpus.table(name), readouts.open(built).table(name))
    hydrated = corpus.hydrate(INVENTED / "texts")
    del corpus
    assert folder.is_dir(), "the quotations still need it"
    del hydrated
    gc.collect()
    assert not folder.exists()


def test_an_archive_that_leaves_its_folder_is_refused(tmp_path: Path) -> None:
    archive = tmp_path / "evil.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("../datapackage.json", "{}")
    with pytest.raises(PackageError, match="leaves the package"):
        readouts.open(archive)
    assert not (tmp_path.parent / "datapackage.json").exists()


@pytest.mark.parametrize("name", ["", "datapackage.json"])
def test_a_package_is_opened_by_its_folder_or_its_descriptor(built: Path, name: str) -> None:
    assert readouts.open(built / name).name == "invented-calls"
    assert readouts.open(str(built / name)).version == "0.3.1"


def test_nothing_is_opened_where_nothing_is(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match=r"has no datapackage\.json"):
        readouts.open(tmp_path)
    with pytest.raises(PackageError, match="there is no such file or folder"):
        readouts.open(tmp_path / "absent.zip")
