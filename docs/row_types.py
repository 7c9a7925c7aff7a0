"""Schemas become Python types: a `TypedDict` for a row of each table, and the signatures that give them.

What this returns is `rows.pyi`, the stub of `readouts.loaders.rows`; a test holds that file to the schemas.
"""

from __future__ import annotations

import json
import keyword
from typing import TYPE_CHECKING

from readouts.datapackage.errors import SchemaError
from readouts.loaders.rows import type_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from readouts.datapackage.schema.model import Field, Table

__all__ = ["row_types"]

_WIDTH = 120
_TYPES = {"string": "str", "integer": "int", "boolean": "bool", "date": "date", "list": "list[str]"}
_HEAD = '''"""The rows of every table as Python types, generated from the schemas: change these, run `make docs`."""

from datetime import date
from typing import Any, Literal, TypedDict, overload

import pandas as pd

from readouts.datapackage.package.package import DataPackage
'''


def row_types(tables: Mapping[str, Table]) -> str:
    """Return the stub with the type of a row of each table.

    Parameters
    ----------
    tables
        The tables by name.

    Returns
    -------
    str
        Python source, formatted as this project formats its own.

    Raises
    ------
    SchemaError
        The name of a table or field is not a name in Python.
    """
    names = {name: type_name(name) for name in tables}
    if len(set(names.values())) < len(names):
        message = f"Two tables would share the type of their rows: {', '.join(f'{k} ({v})' for k, v in names.items())}."
        raise SchemaError(message)
    exported = "".join(f'    "{name}",\n' for name in [*sorted([*names.values(), "TypedRows"]), "type_name"])
    classes = "".join(_class(table, names[name]) for name, table in tables.items())
    return f"{_HEAD}\n__all__ = [\n{exported}]\n{classes}{_reader(names)}\ndef type_name(table: str) -> str: ...\n"


def _class(table: Table, name: str) -> str:
    lines = "".join(_field(table, field) for field in table.fields)
    return f'\nclass {name}(TypedDict):\n    """One row of `{table.name}`."""\n\n{lines}'


def _field(table: Table, field: Field) -> str:
    if not field.name.isidentifier() or keyword.iskeyword(field.name):
        message = f"{table.name}.schema.json, field {field.name}: expected a name that is one in Python too."
        raise SchemaError(message)
    # A missing list is an empty one.
    missing = "" if field.constraints.required or field.type == "list" else " | None"
    values = field.constraints.enum
    if values is None:
        return f"    {field.name}: {_TYPES[field.type]}{missing}\n"
    quoted = [json.dumps(value, ensure_ascii=False) for value in values]
    line = f"    {field.name}: Literal[{', '.join(quoted)}]{missing}"
    if len(line) <= _WIDTH:
        return f"{line}\n"
    if missing:
        listed = "".join(f"            {value},\n" for value in quoted)
        return f"    {field.name}: (\n        Literal[\n{listed}        ]\n        | None\n    )\n"
    return f"    {field.name}: Literal[\n" + "".join(f"        {value},\n" for value in quoted) + "    ]\n"


def _reader(names: Mapping[str, str]) -> str:
    attributes = "".join(f"    {table}: pd.DataFrame\n" for table in names)
    overloads = "".join(
        f'    @overload\n    def rows(self, table: Literal["{table}"]) -> list[{name}]: ...\n'
        for table, name in names.items()
    )
    return f'''
class TypedRows:
    """What type checkers know of a corpus: its tables as attributes, and the type of the rows of each."""

    _package: DataPackage

{attributes}
{overloads}    @overload
    def rows(self, table: str) -> list[Any]: ...
'''
