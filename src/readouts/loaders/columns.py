"""What every loader starts from: the columns of a table, each cell read by the type of its field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from readouts.datapackage.table.values import TooWideError, item_kind_of, kind_of, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from readouts.datapackage.package.package import DataPackage
    from readouts.datapackage.schema.model import Field
    from readouts.datapackage.table.records import TableRows

__all__ = ["Column", "read_columns"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    kind
        `text`, `closed` (a text of a closed list), `integer`, `number`, `boolean`, `date`, `datetime` or `list`.
    item_kind
        The kind of the items of a list.
    values
        A value per row: None where it is missing, but for lists, which are empty there. Datetimes are in UTC.
    """

    field: Field
    kind: str
    item_kind: str
    values: list[Any]

    @property
    def name(self) -> str:
        """Name of the column."""
        return self.field.name

    @property
    def required(self) -> bool:
        """Whether it has a value in every row."""
        return self.field.constraints.required

    @property
    def closed_list(self) -> list[str]:
        """The values of a closed list, in the schema's order."""
        return list(dict.fromkeys(map(str, self.field.constraints.enum or ())))


def read_columns(package: DataPackage, table: str) -> list[Column]:
    """Return the columns of a table in the schema's order, then those that the schema doesn't know.

    Raises
    ------
    PackageError
        There is no such table, it can't be read, its files have a different hash, or it is not what its schema says.
    """
    rows = package.resource(table).rows()
    return [_column(rows, field, texts) for field, texts in zip(rows.schema.fields, rows.columns(), strict=True)]


def _column(rows: TableRows, field: Field, cells: Sequence[str | None]) -> Column:
    kind = "closed" if field.type == "string" and field.constraints.enum else kind_of(field)
    column = Column(field, kind, item_kind_of(field), [])
    if kind == "text" and field.type in {"string", "any"} and field.format == "default":
        column.values.extend(cells)
        return column
    known: dict[str | None, Any] = {None: [] if kind == "list" else None}
    first = dict(zip(reversed(cells), range(len(cells), 0, -1), strict=True))
    for cell in dict.fromkeys(cells):
        if cell is not None:
            known[cell] = _value(rows, column, cell, first[cell])
    values = map(known.__getitem__, cells)
    column.values.extend(([*value] for value in values) if kind == "list" else values)
    return column


def _value(rows: TableRows, column: Column, cell: str, number: int) -> Any:
    value = rows.value(column.field, cell, number)
    try:
        match column.kind:
            case "text":
                return cell
            case "closed":
                if cell not in column.closed_list:
                    raise ValueError(f"'{cell[:80]}' is not one of its values")
                return cell
            case "list" if column.item_kind == "text":
                return cell.split(column.field.delimiter)
            case "list":
                return [plain(item) for item in value]
        return plain(value)
    except TooWideError as error:
        raise rows.resource.error(f"row {number}, {column.name}: {error}.") from error
    except ValueError as error:
        raise rows.resource.misfit(f"row {number}, {column.name}: {error}") from error
