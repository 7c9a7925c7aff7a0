"""The canonical form: what has it, what brings it about, and that no value is lost on the way."""

from __future__ import annotations

import csv
import gzip
import io
import json
import tempfile
from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readouts.corpus_schema.bundled import EXTRA_FILES
from readouts.datapackage.canonical_form import canonicalise, not_canonical
from readouts.datapackage.errors import PackageError, ReadoutsError
from readouts.datapackage.package.package import open_package
from readouts.datapackage.table.canonical_csv import csv_line
from tests.datapackage.delta.release_pairs import Made, content, lakes, made_tables, write_package
from tests.properties import examples

if TYPE_CHECKING:
    from readouts.datapackage.package.package import DataPackage


def rows_of(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(), newline=""), strict=True))


@settings(max_examples=examples(60))
@given(
    made_tables(),
    st.randoms(use_true_random=False),
    st.tuples(
        st.sampled_from([",", ";", "\t", "|"]),
        st.sampled_from(["\n", "\r\n"]),
        st.sampled_from(["utf-8", "utf-16"]),
        st.booleans(),
    ),
)
def test_every_row_keeps_its_texts_whatever_the_file_was_written_like(
    table: Made, chance: Any, form: tuple[str, str, str, bool]
) -> None:
    delimiter, line_end, encoding, packed = form
    with tempfile.TemporaryDirectory() as folder:
        package = write_package(Path(folder) / "given", {"lakes": table}, {}, "1.0.0")
        order = list(range(len(table.fields)))
        chance.shuffle(order)
        rows = [[row[place] for place in order] for row in table.rows]
        stream = io.StringIO(newline="")
        writer = csv.writer(stream, delimiter=delimiter, lineterminator=line_end, quoting=csv.QUOTE_ALL)
        writer.writerows([[table.fields[place] for place in order], *rows])
        data = stream.getvalue().encode(encoding)
        name = "data/lakes.csv.gz" if packed else "data/lakes.csv"
        (package.root / name).write_bytes(gzip.compress(data) if packed else data)
        resource = package.descriptor["resources"][0]
        resource |= {"path": name, "encoding": encoding, "dialect": {"delimiter": delimiter}}
        resource["schema"]["fieldsMatch"] = "equal"
        del resource["bytes"]
        (package.root / "datapackage.json").write_text(json.dumps(package.descriptor), encoding="utf-8")
        before = content(package.root)
        canonicalise(open_package(package.root, EXTRA_FILES), Path(folder) / "made")
        made = open_package(Path(folder) / "made", EXTRA_FILES)
        header, *written = rows_of((made.root / "data/lakes.csv").read_bytes())
        assert header == table.fields
        assert Counter(map(tuple, written)) == Counter(map(tuple, table.rows))
        assert list(not_canonical(made)) == []
        assert content(package.root) == before
        canonicalise(made, Path(folder) / "again")
        assert content(Path(folder) / "again") == content(made.root)


@settings(max_examples=examples(60))
@given(made_tables())
def test_what_python_sorts_and_quotes_is_canonical_and_stays_as_it_is(table: Made) -> None:
    with tempfile.TemporaryDirectory() as folder:
        package = write_package(Path(folder) / "given", {"lakes": table}, {"LICENSE-DATA": b"free"}, "1.0.0")
        assert list(not_canonical(package)) == []
        canonicalise(package, Path(folder) / "made")
        data = (Path(folder) / "made/data/lakes.csv").read_bytes()
        assert data == (package.root / "data/lakes.csv").read_bytes()


ROWS = [("Como", "410"), ("Ness", "230")]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"name,depth\nNess,230\nComo,410\n", "row 2 out of order: 'Como' comes after 'Ness'"),
        (b"name,depth\nComo,410\nComo,230\n", "has the key 'Como' twice, in row 2 the second time"),
        (b"\xef\xbb\xbfname,depth\nComo,410\n", "begins with a byte order mark"),
        (b"name,depth\r\nComo,410\r\n", "has a header that is quoted in another way"),
        (b"name,depth\nComo,410\r\n", "row 1 quoted differently, or not ended by LF"),
        (b'name,depth\n"Como",410\n', "row 1 quoted differently"),
        (b'name,depth\nCo""mo,410\n', "row 1 quoted differently"),
        (b"name,depth\nComo,410", "ends without a line end"),
        (b'name,depth\nComo,"410\n', "ends within a quoted cell"),
        (b"name,depth\nComo\n", "has 1 cells in row 1, where its header has 2"),
        (b'name,depth\nComo,"4,10",7\n', "has 3 cells in row 1, where its header has 2"),
        (b"name,depth\n\nComo,410\n", "has 1 cells in row 1"),
        (b"depth,name\n410,Como\n", "has its columns in another order than the schema"),
        (b"name,name\n410,Como\n", "has a column twice"),
        (b"name,depth\nC\xf4mo,410\n", "is not in UTF-8"),
        (b"", "has no header"),
    ],
)
def test_a_table_that_is_written_otherwise_is_not_canonical(tmp_path: Path, data: bytes, problem: str) -> None:
    package = lakes(tmp_path / "given", "1.0.0", ROWS)
    assert list(not_canonical(package)) == []
    (package.root / "lakes.csv").write_bytes(data)
    (found,) = not_canonical(package)
    assert found.startswith("lakes.csv ")
    assert problem in found


@pytest.mark.parametrize(
    ("properties", "problem"),
    [
        ({"dialect": {"delimiter": ";"}}, "has a dialect of its own"),
        ({"dialect": {"nullSequence": "NA"}}, "has a dialect of its own"),
        ({"encoding": "latin-1"}, "is in latin-1"),
        ({"compression": "gz"}, "is compressed"),
        ({"path": ["lakes.csv", "lakes.csv"]}, "is one of several files"),
        ({"bytes": 7}, "and the descriptor says 7"),
        ({"hash": "sha256:00"}, "and the descriptor says sha256:00"),
        ({"format": "tsv"}, "has a dialect of its own"),
    ],
)
def test_a_table_that_is_described_otherwise_is_not_canonical(
    tmp_path: Path, properties: dict[str, Any], problem: str
) -> None:
    (found,) = not_canonical(lakes(tmp_path / "given", "1.0.0", ROWS, **properties))
    assert problem in found


@pytest.mark.parametrize(
    "properties",
    [{"dialect": {"delimiter": ",", "header": True}}, {"encoding": "UTF-8"}, {"dialect": {"lineTerminator": "\n"}}],
)
def test_what_only_says_the_default_is_canonical(tmp_path: Path, properties: dict[str, Any]) -> None:
    assert list(not_canonical(lakes(tmp_path / "given", "1.0.0", ROWS, **properties))) == []


def test_a_descriptor_in_another_layout_is_not_canonical(tmp_path: Path) -> None:
    package = lakes(tmp_path / "given", "1.0.0", ROWS)
    (package.root / "datapackage.json").write_text(json.dumps(package.descriptor), encoding="utf-8")
    (found,) = not_canonical(open_package(package.root, EXTRA_FILES))
    assert found.startswith("datapackage.json is not written as JSON with an indent of two spaces")


def made_of(package: DataPackage, tmp_path: Path) -> tuple[bytes, dict[str, Any]]:
    """Canonicalise a package of one table, and return its file and what the descriptor says of it."""
    canonicalise(package, tmp_path / "made")
    (resource,) = json.loads((tmp_path / "made/datapackage.json").read_bytes())["resources"]
    return (tmp_path / "made" / resource["path"]).read_bytes(), resource


def test_the_descriptor_tells_what_the_new_file_is(tmp_path: Path) -> None:
    package = lakes(tmp_path / "given", "1.0.0", ROWS, path="lakes.tsv", format="tsv", mediatype="text/tsv", rowCount=9)
    (package.root / "lakes.tsv").write_bytes(b"name\tdepth\r\nNess\t230\r\nComo\t4\t\r\n".replace(b"4\t", b'"4\t"'))
    data, resource = made_of(package, tmp_path)
    assert data == b"name,depth\nComo,4\t\nNess,230\n"
    schema = resource.pop("schema")
    assert schema == package.descriptor["resources"][0]["schema"]
    assert resource == {
        "name": "lakes",
        "path": "lakes.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "rowCount": 2,
        "bytes": len(data),
        "hash": f"sha256:{sha256(data).hexdigest()}",
    }
    assert not (tmp_path / "made" / "lakes.tsv").exists()


def test_line_ends_within_cells_are_values(tmp_path: Path) -> None:
    package = lakes(tmp_path / "given", "1.0.0", ROWS)
    (package.root / "lakes.csv").write_bytes(b'name,depth\r\nNess,"a\r\nb"\r\nComo,"\r"\r\n')
    assert made_of(package, tmp_path)[0] == b'name,depth\nComo,"\r"\nNess,"a\r\nb"\n'


def test_a_text_that_stood_for_null_by_the_dialect_does_so_by_the_schema(tmp_path: Path) -> None:
    package = lakes(tmp_path / "given", "1.0.0", [("Ness", "-")], dialect={"nullSequence": "-"})
    data, resource = made_of(package, tmp_path)
    assert data == b"name,depth\nNess,-\n"
    assert resource["schema"]["missingValues"] == ["", "-"]
    assert "dialect" not in resource


def test_a_table_without_key_is_sorted_by_all_cells_and_keeps_rows_that_are_there_twice(tmp_path: Path) -> None:
    schema = {"fields": [{"name": "name"}, {"name": "depth"}]}
    package = lakes(tmp_path / "given", "1.0.0", [("b", "2"), ("b", "10"), ("a", ""), ("b", "2")], schema=schema)
    assert made_of(package, tmp_path)[0] == b"name,depth\na,\nb,10\nb,2\nb,2\n"


def test_columns_that_the_schema_does_not_know_come_last(tmp_path: Path) -> None:
    package = lakes(tmp_path / "given", "1.0.0", ROWS)
    (package.root / "lakes.csv").write_bytes(b"z,depth,a,name\n1,410,2,Como\n")
    assert made_of(package, tmp_path)[0] == b"name,depth,z,a\nComo,410,1,2\n"


def test_files_in_parts_become_one(tmp_path: Path) -> None:
    package = lakes(tmp_path / "given", "1.0.0", [("Ness", "230")], path=["lakes.csv", "more.csv"])
    (package.root / "more.csv").write_bytes(b"Como,410\n")
    assert made_of(package, tmp_path)[0] == b"name,depth\nComo,410\nNess,230\n"
    assert sorted(content(tmp_path / "made")) == ["datapackage.json", "lakes.csv"]


@pytest.mark.parametrize(
    ("data", "properties", "message"),
    [
        (b"name,depth\na,1\na,2\n", {}, "has the key 'a' twice, in row 2 the second time"),
        (b"name,depth\na\n", {}, "line 2"),
        (b'name,depth\na,"1\n', {}, "line 2"),
        (b"name,depth\na,1\n", {"hash": "sha256:00"}, "is not the file that the descriptor was written for"),
        (b"name,depth\na,1\n", {"hash": "0123"}, "is not the file that the descriptor was written for"),
    ],
)
def test_what_can_not_be_read_or_has_no_order_is_refused_and_nothing_is_written(
    tmp_path: Path, data: bytes, properties: dict[str, Any], message: str
) -> None:
    package = lakes(tmp_path / "given", "1.0.0", ROWS, **properties)
    (package.root / "lakes.csv").write_bytes(data)
    with pytest.raises(ReadoutsError, match=message):
        canonicalise(package, tmp_path / "made")
    assert [path.name for path in tmp_path.iterdir()] == ["given"]


def test_the_package_itself_is_no_place_for_what_is_made_of_it(tmp_path: Path) -> None:
    package = lakes(tmp_path / "given", "1.0.0", ROWS)
    with pytest.raises(PackageError, match="is only read"):
        canonicalise(package, package.root / "made")


def test_a_cell_of_any_length_is_read(tmp_path: Path) -> None:
    long = "a,\n" * 100_000
    package = lakes(tmp_path / "given", "1.0.0", [("Como", long)])
    assert list(not_canonical(package)) == []
    assert made_of(package, tmp_path)[0] == f"name,depth\n{csv_line(['Como', long])}".encode()
