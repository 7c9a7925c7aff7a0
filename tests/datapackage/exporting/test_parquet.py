from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import duckdb
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest

from readouts.datapackage.errors import PackageError
from readouts.datapackage.exporting.source import Dataset, dataset_of
from readouts.datapackage.package.package import open_package
from readouts.publish.export import export
from tests.packages import write_package_of

if TYPE_CHECKING:
    from pathlib import Path


def test_pandas_polars_and_duckdb_read_what_the_tables_say(exported: Path, dataset: Dataset) -> None:
    for name, table in dataset.tables.items():
        expected = list(table.rows())
        path = exported / "parquet" / f"{name}.parquet"
        in_polars = [list(row) for row in pl.read_parquet(path).rows()]
        in_pandas = pd.read_parquet(path, dtype_backend="pyarrow")
        in_duckdb = duckdb.connect().execute("SELECT * FROM read_parquet(?)", [str(path)])
        assert in_polars == expected, name
        assert [list(row) for row in in_duckdb.fetchall()] == expected, name
        as_arrow = in_pandas.convert_dtypes(dtype_backend="pyarrow")
        columns = [[_python(value) for value in as_arrow[column]] for column in as_arrow.columns]
        assert [list(row) for row in zip(*columns, strict=True)] == expected, name
        assert list(in_pandas.columns) == list(table.schema.field_names)


def _python(value: object) -> object:
    if isinstance(value, list):
        return value
    if hasattr(value, "tolist"):
        return value.tolist()
    return None if value is pd.NA else value


def test_columns_have_the_types_and_the_meaning_of_their_fields(exported: Path) -> None:
    schema = pq.read_schema(exported / "parquet" / "spans.parquet")
    start = schema.field("start")
    assert str(start.type) == "int64"
    assert not start.nullable
    assert start.metadata[b"unit"] == b"Unicode code points"
    assert start.metadata[b"title"] == b"Start"
    assert start.metadata[b"description"].startswith(b"Offset of the first character")
    assert b"boilerplate" in schema.field("role").metadata[b"values"]
    assert json.loads(schema.metadata[b"table_schema"])["primaryKey"] == ["span_id"]
    assert schema.metadata[b"licence"] == b"CC-BY-4.0"
    assert str(pq.read_schema(exported / "parquet" / "events.parquet").field("date").type) == "date32[day]"
    assert "list<" in str(pq.read_schema(exported / "parquet" / "entities.parquet").field("aliases").type)


def test_every_type_of_table_schema_keeps_its_value(tmp_path: Path) -> None:
    types = {
        "integer": ("12345678901234567890123", "12345678901234567890123"),
        "number": ("1,234.5", 1234.5),
        "boolean": ("yes", True),
        "date": ("03/02/2031", date(2031, 2, 3)),
        "datetime": ("2031-02-03T04:05:06+02:00", datetime(2031, 2, 3, 2, 5, 6, tzinfo=UTC)),
        "time": ("04:05:06", "04:05:06"),
        "year": ("2031", 2031),
        "yearmonth": ("2031-02", "2031-02"),
        "duration": ("P1D", "P1D"),
        "list": ("1|2", [1, 2]),
        "object": ('{"a": [1]}', '{"a": [1]}'),
        "geopoint": ("1.5, 2", "1.5, 2"),
        "any": ("NA", None),
    }
    more: dict[str, dict[str, object]] = {
        "number": {"groupChar": ","},
        "boolean": {"trueValues": ["yes"], "falseValues": ["no"]},
        "date": {"format": "%d/%m/%Y"},
        "list": {"itemType": "integer", "delimiter": "|"},
    }
    cells = ";".join(f"'{text}'" for text, _ in types.values())
    schema = {
        "fields": [{"name": name, "type": name, **more.get(name, {})} for name in types],
        "missingValues": ["", "NA"],
    }
    dialect = {"delimiter": ";", "quoteChar": "'", "commentChar": "#"}
    resource = {"name": "all", "path": "all.csv", "encoding": "utf-16", "dialect": dialect, "schema": schema}
    data = f"# made by hand\n{';'.join(types)}\n{cells}\n".encode("utf-16")
    package = open_package(write_package_of(tmp_path / "p", {"all.csv": data}, [resource]))
    assert next(dataset_of(package).tables["all"].rows()) == [value for _, value in types.values()]
    export(package, ["parquet", "jsonl", "sqlite", "xlsx"], tmp_path / "out")
    frame = pl.read_parquet(tmp_path / "out/parquet/all.parquet")
    assert list(frame.rows()[0]) == [value for _, value in types.values()]
    line = json.loads((tmp_path / "out/jsonl/all.jsonl").read_text(encoding="utf-8"))
    assert line["object"] == {"a": [1]}
    assert line["list"] == [1, 2]
    assert line["datetime"] == "2031-02-03T02:05:06+00:00"
    assert line["any"] is None


@pytest.mark.parametrize("name", ["parquet", "jsonl", "sqlite", "xlsx"])
def test_a_table_without_rows_is_exported_with_its_columns(tmp_path: Path, name: str) -> None:
    resource = {"name": "t", "path": "t.csv", "schema": {"fields": [{"name": "a"}, {"name": "b", "type": "date"}]}}
    package = open_package(write_package_of(tmp_path / "p", {"t.csv": "a,b\n"}, [resource]))
    files = export(package, [name], tmp_path / "out")
    assert all(path.is_file() for path in files)
    if name == "parquet":
        assert pl.read_parquet(files[0]).schema == {"a": pl.String, "b": pl.Date}


def test_a_row_without_a_required_value_is_named(tmp_path: Path) -> None:
    schema = {"fields": [{"name": "a", "constraints": {"required": True}}, {"name": "b"}]}
    root = write_package_of(tmp_path, {"t.csv": "a,b\n1,x\n,x\n"}, [{"name": "t", "path": "t.csv", "schema": schema}])
    with pytest.raises(PackageError, match="row 2 has no value of a, which needs one"):
        export(open_package(root), ["parquet"], tmp_path / "out")


def test_only_lines_that_begin_with_a_comment_are_comments(tmp_path: Path) -> None:
    schema = {"fields": [{"name": "a"}, {"name": "b"}]}
    resource = {"name": "t", "path": "t.csv", "dialect": {"commentChar": "#"}, "schema": schema}
    text = 'a,b\n"#x",1\n# c,"d\nz,3\n# e",f\nq,"4\n# 5"\n'
    dataset = dataset_of(open_package(write_package_of(tmp_path, {"t.csv": text}, [resource])))
    assert list(dataset.tables["t"].rows()) == [["#x", "1"], ["z", "3"], ["q", "4\n# 5"]]
