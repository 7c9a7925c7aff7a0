"""Tables as Polars frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.datapackage.optional import requires_extra
from readouts.loaders.columns import columns_of, misfit, table_bytes

if TYPE_CHECKING:
    import polars as pl

    from readouts.datapackage.package.package import Package
    from readouts.loaders.columns import Column

__all__ = ["polars_frame"]


def polars_frame(package: Package, table: str) -> pl.DataFrame:
    """Return a table as a frame of Polars.

    Raises
    ------
    MissingDependencyError
        Polars is not installed.
    PackageError
        The file is not the one that the descriptor was written for, or not what its schema says.
    """
    with requires_extra("to_polars()", "polars"):
        import polars as pl

    data = table_bytes(package, table)
    columns = columns_of(package, table)
    try:
        texts = pl.read_csv(data, schema={column.name: pl.String() for column in columns})
        # A table of one column writes a missing cell in quotes, so that its row is not a blank line.
        texts = texts.with_columns(pl.when(pl.all() != "").then(pl.all()))
        return texts.select(_typed(column) for column in columns)
    except pl.exceptions.PolarsError as error:
        raise misfit(package, table, str(error).partition("\n")[0]) from error


def _typed(column: Column) -> pl.Expr:
    import polars as pl

    cell = pl.col(column.name)
    match column.kind:
        case "closed":
            return cell.cast(pl.Enum(column.values))
        case "integer":
            return cell.cast(pl.Int64)
        case "number":
            return cell.cast(pl.Float64)
        case "boolean":
            return cell.replace_strict({"true": True, "false": False}, return_dtype=pl.Boolean)
        case "date":
            return cell.str.to_date("%Y-%m-%d")
        case "list":
            empty = pl.lit([], dtype=pl.List(pl.String))
            return cell.str.split(column.delimiter).fill_null(empty)
    return cell
