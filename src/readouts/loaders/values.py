"""Tables as rows of Python values, without any library."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from readouts.loaders.columns import read_columns

if TYPE_CHECKING:
    from readouts.datapackage.package.package import DataPackage

__all__ = ["typed_rows"]


def typed_rows(package: DataPackage, table: str) -> list[dict[str, Any]]:
    """Return a table as rows of Python values, in the order of its file.

    Raises
    ------
    PackageError
        There is no such table, or it is not what its schema says.
    """
    columns = read_columns(package, table)
    names = [column.name for column in columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*(column.values for column in columns), strict=True)]
