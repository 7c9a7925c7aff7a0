"""A single table, standard input and YAML are packages wherever one is read, and the output says what was inferred."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
import yaml

import readouts
from readouts import datapackage
from readouts.datapackage.errors import ArgumentError, PackageError
from readouts.datapackage.package.yaml_text import read_yaml

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run

OLD = "lake_id,name,depth\ncomo,Como,410\ngarda,Garda,346\n"
NEW = "lake_id,name,depth\niseo,Iseo,n/a\ncomo,Como,425\n"
SCHEMA: dict[str, Any] = {
    "fields": [{"name": "lake_id"}, {"name": "name"}, {"name": "depth", "type": "integer"}],
    "primaryKey": ["lake_id"],
}


class _Piped:
    """Standard input with something piped into it."""

    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)

    def isatty(self) -> bool:
        return False


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "old.csv").write_text(OLD)
    (tmp_path / "new.csv").write_text(NEW)
    (tmp_path / "schema.json").write_text(json.dumps(SCHEMA))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def piped(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr("sys.stdin", _Piped(data))


@pytest.mark.usefixtures("folder")
class TestSingleTables:
    def test_a_table_is_validated_by_what_is_inferred_and_the_report_says_so(self) -> None:
        report = datapackage.validate("old.csv")
        assert (report.state, report.name, report.rows) == ("valid", "old", 2)
        assert report.checks[0].subject.startswith(
            "old.csv: no descriptor, so types and key are inferred from its rows"
        )
        assert "no descriptor" in report.to_json()

    def test_a_table_is_held_to_a_schema(self) -> None:
        report = datapackage.validate("new.csv", schema="schema.json")
        assert report.counts == {"type-error": 1}
        assert report.checks[0].subject == "new.csv: checked against schema.json"
        assert datapackage.validate("old.csv", schema=SCHEMA).valid

    def test_a_packed_table_and_tabs_are_tables(self, folder: Path) -> None:
        (folder / "old.csv.gz").write_bytes(gzip.compress(OLD.encode()))
        (folder / "old.tsv").write_text(OLD.replace(",", "\t"))
        expected = datapackage.open("old.csv").rows("old")
        assert datapackage.open("old.csv.gz").rows("old") == expected
        assert datapackage.open("old.tsv").rows("old") == expected

    def test_rows_that_are_not_well_formed_are_findings(self, folder: Path) -> None:
        (folder / "old.csv").write_text(OLD + "iseo,Iseo\n")
        assert datapackage.validate("old.csv").counts == {"missing-cell": 1}

    def test_a_header_of_years_is_one_if_the_schema_has_these_fields(self, folder: Path) -> None:
        (folder / "wide.csv").write_text("2030,2032\n1,2\n3,4\n")
        schema = {"fields": [{"name": "2030", "type": "integer"}, {"name": "2032", "type": "integer"}]}
        assert datapackage.validate("wide.csv", schema=schema).rows == 2

    def test_two_tables_are_compared_under_one_schema(self) -> None:
        found = datapackage.diff("old.csv", "new.csv")
        (table,) = found.tables
        assert (table.name, table.rows_added, table.rows_removed, table.cells_changed) == ("new", 1, 1, 1)
        assert found.notes[0].endswith("the key of both is lake_id")
        assert not [change for change in found.changes if change.what == "path"], "where a file lies is not a change"

    def test_a_key_that_one_side_repeats_pairs_no_rows(self, folder: Path) -> None:
        (folder / "new.csv").write_text(NEW + "como,Lario,425\n")
        found = datapackage.diff("old.csv", "new.csv")
        assert found.notes[0].endswith("no columns are a key of both")

    def test_a_column_that_is_new_is_a_change_of_the_schema(self, folder: Path) -> None:
        (folder / "new.csv").write_text("lake_id,name,depth,area\ncomo,Como,410,146\ngarda,Garda,346,370\n")
        found = datapackage.diff("old.csv", "new.csv")
        assert [change.rule for change in found.changes] == ["field-added"]

    def test_two_tables_are_compared_by_a_schema(self) -> None:
        found = readouts.diff("old.csv", "new.csv", schema="schema.json")
        assert found.notes[:2] == ("old.csv: checked against schema.json", "new.csv: checked against schema.json")
        assert found.tables[0].cells_changed == 1

    def test_a_table_and_a_package_are_not_two_sides(self) -> None:
        datapackage.canonicalise("old.csv", "package")
        for one, other in (("new.csv", "package"), ("package", "new.csv")):
            with pytest.raises(PackageError, match=r"new\.csv is a single table and package is a package"):
                datapackage.diff(one, other)

    def test_a_table_is_exported_and_written_as_a_package(self, folder: Path, run: Run) -> None:
        done = run("export", "old.csv", "--to", "jsonl", "--output", "exported", cwd=folder)
        assert done.returncode == 0
        assert done.stderr.startswith("readouts: old.csv: no descriptor, so types and key are inferred")
        assert json.loads((folder / "exported" / "jsonl" / "old.jsonl").read_text().splitlines()[0])["depth"] == 410
        assert run("canonicalise", "old.csv", "--output", "package", cwd=folder).returncode == 0
        assert datapackage.validate("package").valid

    def test_the_formats_that_copy_a_descriptor_write_it(self, folder: Path) -> None:
        datapackage.export("old.csv", "croissant", "exported")
        assert json.loads((folder / "exported" / "datapackage.json").read_text())["name"] == "old"

    def test_annotations_next_to_a_table_are_not_its_own(self, folder: Path) -> None:
        (folder / "annotations").mkdir()
        (folder / "annotations" / "corpus.yaml").write_text("- not a corpus\n")
        assert readouts.validate("old.csv").valid

    def test_a_table_of_a_revision_is_a_side(self, folder: Path) -> None:
        author = ("-c", "user.name=t", "-c", "user.email=t@example.org")
        for words in (("init", "-q"), ("add", "old.csv"), (*author, "commit", "-q", "-m", "one")):
            subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)
        assert datapackage.diff("git:HEAD:old.csv", "new.csv").tables[0].rows_added == 1
        with pytest.raises(PackageError, match=r"has no file none\.csv"):
            datapackage.open("git:HEAD:none.csv")

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            ('{"resources": []}', "is not a Table Schema.*the descriptor of a package: name that instead"),
            ("[]", "is not a Table Schema: expected a JSON object with `fields`"),
            ('{"fields": [], "fields": []}', "Duplicate key 'fields'"),
            ("fields: []", "can't be read as a Table Schema"),
        ],
    )
    def test_a_schema_that_is_none_is_refused(self, folder: Path, content: str, said: str) -> None:
        (folder / "schema.json").write_text(content)
        with pytest.raises(PackageError, match=said):
            datapackage.validate("old.csv", schema="schema.json")

    def test_a_schema_is_refused_for_what_has_its_own(self) -> None:
        datapackage.canonicalise("old.csv", "package")
        for given in ("package", datapackage.open("package")):
            with pytest.raises(ArgumentError, match="A schema is for a single table"):
                datapackage.validate(given, schema="schema.json")
        with pytest.raises(ArgumentError, match="A schema is for a single table"):
            datapackage.diff("package", "package", schema="schema.json")

    def test_a_schema_given_as_the_package_is_told_from_one(self) -> None:
        with pytest.raises(PackageError, match=r"it is a Table Schema\. Name the table that it is for"):
            datapackage.open("schema.json")


@pytest.mark.usefixtures("folder")
class TestStandardInput:
    def test_a_table_is_read(self, monkeypatch: pytest.MonkeyPatch) -> None:
        piped(monkeypatch, OLD.encode())
        report = datapackage.validate("-", schema="schema.json")
        assert (report.valid, report.path, report.rows) == (True, "-", 2)

    def test_a_table_is_a_side(self, monkeypatch: pytest.MonkeyPatch) -> None:
        piped(monkeypatch, NEW.encode())
        assert datapackage.diff("old.csv", "-").tables[0].cells_changed == 1

    @pytest.mark.parametrize("form", ["json", "yaml"])
    def test_a_descriptor_is_one_of_the_current_folder(self, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
        descriptor = datapackage.describe("old.csv").descriptor
        text = json.dumps(descriptor) if form == "json" else yaml.safe_dump(descriptor)
        piped(monkeypatch, text.encode())
        assert datapackage.validate("-").rows == 2

    def test_an_archive_is_unpacked(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        datapackage.canonicalise("old.csv", "package")
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as written:
            for path in (folder / "package").iterdir():
                written.write(path, path.name)
        piped(monkeypatch, packed.getvalue())
        assert datapackage.validate("-").valid

    @pytest.mark.parametrize(
        ("data", "said"),
        [
            (b"", "is standard input, which is empty, or was read already"),
            (b"PAR1....", "- can't be described as a table.*a Parquet file"),
            (b"<!doctype html><html>", "an HTML page"),
            (b'{"fields": []}', "it is a Table Schema"),
        ],
    )
    def test_anything_else_is_refused_as_what_it_is(
        self, data: bytes, said: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        piped(monkeypatch, data)
        with pytest.raises(PackageError, match=said) as refused:
            datapackage.validate("-")
        assert "readouts-" not in str(refused.value), "the folder that it was written to means nothing to the user"


class TestYaml:
    def test_a_descriptor_in_yaml_is_found_opened_and_compared(self, folder: Path) -> None:
        package = datapackage.open("old.csv")
        (folder / "datapackage.yaml").write_text(yaml.safe_dump(package.descriptor))
        assert datapackage.find_package() == folder / "datapackage.yaml"
        assert datapackage.validate(".").valid
        datapackage.canonicalise(".", folder.parent / "canonical")
        assert datapackage.diff(folder.parent / "canonical", ".").same

    def test_json_comes_first(self, folder: Path) -> None:
        (folder / "datapackage.json").write_text('{"name": "first", "resources": []}')
        (folder / "datapackage.yaml").write_text("name: second\nresources: []\n")
        assert datapackage.open(".").name == "first"

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            (
                "a: no\nb: on\nc: 2031-01-01\nd: 1:30\ne: 0o7\n",
                {"a": "no", "b": "on", "c": "2031-01-01", "d": "1:30", "e": "0o7"},
            ),
            (
                "a: true\nb: null\nc: 7\nd: -1.5\ne: ~\nf:\n",
                {"a": True, "b": None, "c": 7, "d": -1.5, "e": None, "f": None},
            ),
            ("a: 'true'\nb: \"7\"\nc: |\n  x\n", {"a": "true", "b": "7", "c": "x\n"}),
            ("a: &x [1]\nb: *x\n", {"a": [1], "b": [1]}),
            ("true: 1\n7: 2\n", {"true": 1, "7": 2}),
        ],
    )
    def test_yaml_is_read_by_the_core_schema(self, text: str, value: Any) -> None:
        assert read_yaml(text) == (value, ())

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("a: [1\n", "line 2: "),
            ("a: 1\n\tb: 2\n", "line 2: "),
            ("a: &x [*x]\n", "line 1: an alias makes it infinite"),
            ("[a]: 1\n? [b]\n: 2\n", "line 1: expected a text as a key"),
            ("a: !!python/name:os.system\n", "line 1: the tag"),
            ("a: !mine 1\n", "line 1: the tag"),
        ],
    )
    def test_what_json_does_not_have_is_refused_with_its_line(self, text: str, said: str) -> None:
        with pytest.raises(ValueError, match=said):
            read_yaml(text)

    def test_aliases_that_multiply_are_refused(self) -> None:
        lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1]"]
        lines += [f"a{each}: &a{each} [{', '.join([f'*a{each - 1}'] * 9)}]" for each in range(1, 9)]
        with pytest.raises(ValueError, match="larger than the limit"):
            read_yaml("\n".join(lines))

    def test_a_key_that_is_there_twice_is_told(self, folder: Path) -> None:
        (folder / "datapackage.yaml").write_text("name: a\nname: b\nresources: []\n")
        with pytest.raises(PackageError, match=r"Duplicate key 'name' on line 2 \(first on line 1\)"):
            datapackage.open(".")
