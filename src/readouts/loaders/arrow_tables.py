"""Tables as Arrow tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from readouts.datapackage.optional import requires_extra
from readouts.loaders.columns import columns_of, misfit, table_bytes

if TYPE_CHECKING:
    import pyarrow as pa

    from readouts.datapackage.package.package import Package
    from readouts.loaders.columns import Column

__all__ = ["arrow_table"]

_LONGEST_ROW = 64 * 2**20
"""Bytes of a row that are taken: those that `readouts validate` takes."""


def arrow_table(package: Package, table: str) -> pa.Table:
    """Return a table as a table of Arrow, with the descriptions of its fields as metadata.

    Raises
    ------
    MissingDependencyError
        pyarrow is not installed.
    PackageError
        The file is not the one that the descriptor was written for, or not what its schema says.
    """
    with requires_extra("to_arrow()", "arrow"):
        import pyarrow as pa
        import pyarrow.csv as arrow_csv

    data = table_bytes(package, table)
    columns = columns_of(package, table)
    described = package.resource(table)["schema"]["fields"]
    try:
        texts = arrow_csv.read_csv(
            pa.BufferReader(data),
            read_options=arrow_csv.ReadOptions(block_size=min(max(len(data), 1), _LONGEST_ROW)),
            parse_options=arrow_csv.ParseOptions(newlines_in_values=True),
            convert_options=arrow_csv.ConvertOptions(
                column_types={column.name: pa.string() for column in columns},
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
                null_values=[""],
            ),
        )
        arrays = [_typed(texts[column.name].combine_chunks(), column) for column in columns]
    except (pa.ArrowInvalid, KeyError) as error:
        raise misfit(package, table, str(error).partition("\n")[0]) from error
    fields = [
        pa.field(
            column.name,
            array.type,
            nullable=not column.required,
            metadata={"description": str(field.get("description", ""))},
        )
        for column, field, array in zip(columns, described, arrays, strict=True)
    ]
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


def _typed(cells: Any, column: Column) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    match column.kind:
        case "closed":
            values = pa.array(column.values, pa.string())
            places = pc.index_in(cells, values)
            if places.null_count != cells.null_count:
                wrong = cells.filter(pc.and_(pc.is_null(places), pc.is_valid(cells)))[0]
                message = f"{column.name}: '{wrong}' is none of its values"
                raise pa.ArrowInvalid(message)
            return pa.DictionaryArray.from_arrays(places, values)
        case "integer":
            return cells.cast(pa.int64())
        case "number":
            return cells.cast(pa.float64())
        case "boolean":
            known = pc.index_in(cells, pa.array(["false", "true"]))
            if known.null_count != cells.null_count:
                message = f"{column.name}: expected true or false"
                raise pa.ArrowInvalid(message)
            return known.cast(pa.bool_())
        case "date":
            return cells.cast(pa.date32())
        case "list":
            empty = pa.array([[]], pa.list_(pa.string()))[0]
            return pc.fill_null(pc.split_pattern(cells, column.delimiter), empty)
    return cells
