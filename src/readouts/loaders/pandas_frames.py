"""Tables as pandas frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.analysis.frames import array_of
from readouts.loaders.columns import read_columns

if TYPE_CHECKING:
    import pandas as pd

    from readouts.datapackage.package.package import DataPackage

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
    arrays = {column.name: array_of(column.kind, column.values, column.closed_list) for column in columns}
    return pd.DataFrame({name: pd.Series(array, index=index) for name, array in arrays.items()}, index=index)
