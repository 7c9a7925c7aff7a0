"""Tables as pandas frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from readouts.loaders.columns import read_columns

if TYPE_CHECKING:
    import pandas as pd

    from readouts.datapackage.package.package import DataPackage
    from readouts.loaders.columns import Column

__all__ = ["pandas_frame"]


def pandas_frame(package: DataPackage, table: str) -> pd.DataFrame:
    """Return a table as a frame of pandas.

    Raises
    ------
    PackageError
        There is no such table, or it is not what its schema says.
    """
    import pandas as pd

    columns = read_columns(package, table)
    index = pd.RangeIndex(len(columns[0].values) if columns else 0)
    return pd.DataFrame({column.name: pd.Series(_array(column), index=index) for column in columns}, index=index)


def _array(column: Column) -> Any:
    import numpy as np
    import pandas as pd

    values = column.values
    match column.kind:
        case "closed":
            return pd.Categorical(values, categories=column.closed_list)
        case "integer":
            return pd.array(values, dtype="Int64")
        case "number":
            # By the mask: NaN is a number that the table has, not a value that it lacks.
            numbers = np.array([0.0 if value is None else value for value in values], dtype=np.float64)
            return pd.arrays.FloatingArray(numbers, np.array([value is None for value in values], dtype=bool))
        case "boolean":
            return pd.array(values, dtype="boolean")
        case "date":
            return np.array(values, dtype="datetime64[s]")
        case "datetime":
            naive = [None if value is None else value.replace(tzinfo=None) for value in values]
            return pd.DatetimeIndex(np.array(naive, dtype="datetime64[us]")).tz_localize("UTC")
        case "list":
            return pd.Series(values, dtype=object).array
    # The type that this version of pandas has for texts.
    return pd.Series(values, dtype=pd.Series([""]).dtype).array
