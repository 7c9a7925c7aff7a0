"""The types of rows: a `TypedDict` for each table, named after one row of it, made from the schemas on first use.

Type checkers read `rows.pyi`, which is generated from the same schemas: change these, run `make docs`.

Examples
--------
>>> from readouts.loaders.rows import Event
>>> sorted(Event.__annotations__)[:3]
['date', 'date_precision', 'event_id']
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from readouts.datapackage.words import singular
from readouts.loaders.values import typed_rows

if TYPE_CHECKING:
    from readouts.datapackage.package.package import DataPackage
    from readouts.datapackage.schema.model import Field

__all__ = ["TypedRows", "type_name"]

_TYPES = {"string": str, "integer": int, "boolean": bool, "date": date, "list": list[str]}


def type_name(table: str) -> str:
    """Return the name of the type of one row: the table's name in the singular.

    Examples
    --------
    >>> [type_name(name) for name in ("entities", "id_changes", "statements_wide", "carriages")]
    ['Entity', 'IdChange', 'StatementWide', 'Carriage']
    """
    return "".join(singular(word).capitalize() for word in table.split("_"))


def __getattr__(name: str) -> Any:
    from readouts.corpus_schema.tables import tables

    for table in tables().values() if name[:1].isupper() else ():
        if type_name(table.name) == name:
            made = TypedDict(name, {field.name: _hint(field) for field in table.fields})
            made.__doc__ = f"One row of `{table.name}`."
            return globals().setdefault(name, made)
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)


def _hint(field: Field) -> Any:
    enum = field.constraints.enum
    hint = _TYPES[field.type] if enum is None else Literal[enum]
    # A missing list is an empty one.
    return hint if field.constraints.required or field.type == "list" else hint | None


class TypedRows:
    """What type checkers know of a corpus: its tables as attributes, and the type of the rows of each."""

    _package: DataPackage

    def rows(self, table: str) -> list[Any]:
        """Return a table as dictionaries of Python values; type checkers know those of each table.

        Parameters
        ----------
        table
            Name of the table.

        Returns
        -------
        list of dict
            In the order of the file, typed as this module says. Missing values are None; a missing list is empty.

        Raises
        ------
        PackageError
            There is no such table, or its file is not what its schema says.

        Examples
        --------
        >>> import readouts
        >>> [row["date"].year for row in readouts.load().rows("events") if row["event_id"] == "call-2014-03-06"]
        [2014]
        """
        return typed_rows(self._package, table)
