"""Tables as Polars frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.datapackage.optional import requires_extra
from readouts.loaders.columns import read_columns

if TYPE_CHECKING:
    import polars as pl

    from readouts.datapackage.package.package import DataPackage

__all__ = ["polars_frame"]


def polars_frame(package: DataPackage, table: str) -> pl.DataFrame:
    """Return a table as a frame of Polars.

    Raises
    ------
    MissingDependencyError
        Polars is not installed.
    PackageError
        There is no such table, or it is not what its schema says.
    """
    with requires_extra("to_polars()", "polars"):
        import polars as pl

    types: dict[str, pl.DataType] = {
        "text": pl.String(),
        "integer": pl.Int64(),
        "number": pl.Float64(),
        "boolean": pl.Boolean(),
        "date": pl.Date(),
        "datetime": pl.Datetime("us", "UTC"),
    }
    series = []
    for column in read_columns(package, table):
        dtype = types.get(column.kind) or pl.List(types[column.item_kind])
        if column.kind == "closed":
            dtype = pl.Enum(column.closed_list)
        series.append(pl.Series(column.name, column.values, dtype=dtype))
    return pl.DataFrame(series)
