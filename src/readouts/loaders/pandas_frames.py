"""Tables as pandas frames."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from readouts.loaders.columns import PATTERNS, columns_of, misfit, table_bytes

if TYPE_CHECKING:
    import pandas as pd

    from readouts.datapackage.package.package import Package
    from readouts.loaders.columns import Column

__all__ = ["pandas_frame", "text_frame"]


def text_frame(package: Package, table: str) -> pd.DataFrame:
    """Return a table with every cell as its text, held to its type, and missing where it is empty.

    Raises
    ------
    PackageError
        The file is not the one that the descriptor was written for, or not what its schema says.
    """
    import pandas as pd

    data = table_bytes(package, table)
    try:
        frame = pd.read_csv(
            io.BytesIO(data),
            dtype=str,
            keep_default_na=False,
            na_values=[""],
            encoding="utf-8",
            index_col=False,
            skip_blank_lines=False,
        )
        for column in columns_of(package, table):
            _hold(frame[column.name], column)
    except ValueError as error:
        raise misfit(package, table, str(error)) from error
    return frame


def pandas_frame(package: Package, table: str) -> pd.DataFrame:
    """Return a table as a frame of pandas.

    Raises
    ------
    PackageError
        The file is not the one that the descriptor was written for, or not what its schema says.
    """
    texts = text_frame(package, table)
    typed = texts.copy()
    for column in columns_of(package, table):
        cells = texts[column.name]
        try:
            found = _typed(cells, column)
        except (ValueError, TypeError) as error:
            raise misfit(package, table, f"{column.name}: {error}") from error
        typed[column.name] = found
    return typed


def _typed(cells: pd.Series[Any], column: Column) -> pd.Series[Any]:
    import pandas as pd

    match column.kind:
        case "closed":
            return pd.Series(pd.Categorical(cells, categories=list(column.values)), index=cells.index)
        case "integer":
            # Through the nullable type at once: a float between would round large numbers.
            return pd.to_numeric(cells, dtype_backend="numpy_nullable").astype("Int64")
        case "number":
            return pd.to_numeric(cells, dtype_backend="numpy_nullable").astype("Float64")
        case "boolean":
            return cells.map({"true": True, "false": False}).astype("boolean")
        case "date":
            return pd.to_datetime(cells, format="%Y-%m-%d").astype("datetime64[s]")
        case "list":
            lists = [cell.split(column.delimiter) if isinstance(cell, str) else [] for cell in cells]
            return pd.Series(lists, index=cells.index, dtype=object)
    return cells


def _hold(cells: pd.Series[Any], column: Column) -> None:
    """Refuse a value that is none of its column's: what can't be converted would be lost, or become something else."""
    if column.kind == "closed":
        good = cells.isin(column.values)
    elif column.kind in PATTERNS:
        good = cells.str.fullmatch(PATTERNS[column.kind], na=True)
    else:
        return
    wrong = cells[cells.notna() & ~good]
    if len(wrong):
        message = f"{column.name}: '{wrong.iloc[0]}' is none of its values"
        raise ValueError(message)
