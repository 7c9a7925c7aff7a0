"""Tables as Arrow tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from readouts.datapackage.optional import requires_extra
from readouts.loaders.columns import read_columns

if TYPE_CHECKING:
    import pyarrow as pa

    from readouts.datapackage.package.package import DataPackage
    from readouts.loaders.columns import Column

__all__ = ["arrow_table"]


def arrow_table(package: DataPackage, table: str) -> pa.Table:
    """Return a table as a table of Arrow, with the descriptions of its fields as metadata.

    Raises
    ------
    MissingDependencyError
        pyarrow is not installed.
    PackageError
        There is no such table, or it is not what its schema says.
    """
    with requires_extra("to_arrow()", "arrow"):
        import pyarrow as pa

    columns = read_columns(package, table)
    arrays = list(map(_array, columns))
    fields = [
        pa.field(
            column.name,
            array.type,
            nullable=not column.required,
            metadata={"description": column.field.description},
        )
        for column, array in zip(columns, arrays, strict=True)
    ]
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


def _array(column: Column) -> Any:
    import pyarrow as pa

    if column.kind == "closed":
        places = {value: place for place, value in enumerate(column.closed_list)}
        indices = pa.array([None if value is None else places[value] for value in column.values], pa.int32())
        return pa.DictionaryArray.from_arrays(indices, pa.array(column.closed_list, pa.string()))
    types = {
        "text": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
        "datetime": pa.timestamp("us", "UTC"),
    }
    return pa.array(column.values, types.get(column.kind) or pa.list_(types[column.item_kind]))
