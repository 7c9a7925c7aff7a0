"""Results as frames of pandas, each column by what it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    import pandas as pd

__all__ = ["array_of", "frame_of"]


def array_of(kind: str, values: Sequence[Any], closed: Collection[str] = ()) -> Any:
    """Return values as an array of pandas.

    Parameters
    ----------
    kind
        `text`, `closed`, `integer`, `number`, `boolean`, `date`, `datetime` or `list`.
    values
        The values, None where one is missing.
    closed
        The values of a closed list, in order.

    Examples
    --------
    >>> array_of("integer", [1, None])
    <IntegerArray>
    [1, <NA>]
    Length: 2, dtype: Int64
    """
    import numpy as np
    import pandas as pd

    match kind:
        case "closed":
            return pd.Categorical(values, categories=[*closed])
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


def frame_of(
    rows: Iterable[Mapping[str, Any]], kinds: Mapping[str, str], closed: Mapping[str, Collection[str]] | None = None
) -> pd.DataFrame:
    """Return rows as a frame, whose columns are those of `kinds`, also where there is no row.

    Parameters
    ----------
    rows
        The rows; tuples in them become lists.
    kinds
        What each column holds, as `array_of` takes it.
    closed
        The values of the columns that are closed lists.

    Examples
    --------
    >>> frame_of([{"lake": "Bala", "fish": ("pike",)}], {"lake": "text", "fish": "list"}).loc[0].to_list()
    ['Bala', ['pike']]
    """
    import pandas as pd

    found = [*rows]
    index = pd.RangeIndex(len(found))
    columns = {name: [[*row[name]] if kind == "list" else row[name] for row in found] for name, kind in kinds.items()}
    lists = closed or {}
    arrays = {
        name: array_of("closed" if name in lists else kinds[name], values, lists.get(name, ()))
        for name, values in columns.items()
    }
    return pd.DataFrame({name: pd.Series(array, index=index) for name, array in arrays.items()}, index=index)
