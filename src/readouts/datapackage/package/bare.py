"""Tables without a descriptor: packages of one table, with a schema that is given or inferred."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from readouts.datapackage.errors import ArgumentError, PackageError
from readouts.datapackage.optional import requires_extra
from readouts.datapackage.package.package import DataPackage
from readouts.datapackage.strict_json import load_unique
from readouts.datapackage.table.file_kind import conflict_in

if TYPE_CHECKING:
    import os

__all__ = ["SchemaLike", "bare_package", "bare_pair", "is_table_name", "no_schema_for", "written_schema"]

SchemaLike: TypeAlias = "str | os.PathLike[str] | Mapping[str, Any]"
"""A Table Schema: its file, or what that holds."""

_TABLE = re.compile(r"\.(?:csv|tsv|tab)(?:\.gz)?$", re.IGNORECASE)


def is_table_name(name: str) -> bool:
    """Return whether a file is called as a bare table is, compressed with gzip or not.

    Examples
    --------
    >>> is_table_name("lakes.csv.gz"), is_table_name("lakes.txt")
    (True, False)
    """
    return _TABLE.search(name) is not None


def written_schema(schema: SchemaLike) -> dict[str, Any]:
    """Return what a Table Schema says, as it is written.

    Raises
    ------
    PackageError
        The file can't be read, or holds something else.
    """
    if isinstance(schema, Mapping):
        written, where = dict(schema), "The schema"
    else:
        path = Path(schema)
        where = str(path)
        try:
            text = path.read_text(encoding="utf-8")
            if (conflict := conflict_in(text)) is not None:
                raise ValueError(conflict)
            written = load_unique(text)
        except (OSError, ValueError, RecursionError) as error:
            message = f"{path} can't be read as a Table Schema: {str(error).rstrip('.')}."
            raise PackageError(message) from error
    if not isinstance(written, dict) or not isinstance(written.get("fields"), list):
        found = written if isinstance(written, dict) else {}
        other = "; it is the descriptor of a package: name that instead of the table" if "resources" in found else ""
        message = f"{where} is not a Table Schema: expected a JSON object with `fields`{other}."
        raise PackageError(message)
    return written


@requires_extra("A table without a descriptor")
def bare_package(path: Path, schema: SchemaLike | None = None) -> DataPackage:
    """Return a table as a package of its own.

    Parameters
    ----------
    path
        Its file.
    schema
        Its schema. Default: one that is inferred from all of its rows.

    Raises
    ------
    PackageError
        The file can't be read as a table, or the schema isn't one.
    """
    from readouts.datapackage.inference.description import described_files, sniffed_file

    if schema is not None:
        descriptor = sniffed_file(path, written_schema(schema))
        return DataPackage(path.parent, descriptor, descriptor_file="", notes=(_given(path.name, schema),))
    descriptor, _ = described_files([path], path.parent)
    note = f"{path.name}: no descriptor, so types and key are inferred from its rows; `readouts describe` shows them"
    return DataPackage(path.parent, descriptor, descriptor_file="", notes=(note,))


def _given(name: str, schema: SchemaLike) -> str:
    return f"{name}: checked against {'a schema' if isinstance(schema, Mapping) else schema}"


@requires_extra("A table without a descriptor")
def bare_pair(old: Path, new: Path, schema: SchemaLike | None = None) -> tuple[DataPackage, DataPackage]:
    """Return two states of one table as packages of one name, with one schema that holds for both.

    Raises
    ------
    PackageError
        One of them can't be read as a table, or the schema isn't one.
    """
    from readouts.datapackage.inference.description import described_alike

    descriptors = described_alike(old, new, None if schema is None else written_schema(schema))
    names = dict.fromkeys((old.name, new.name))
    if schema is not None:
        notes = tuple(_given(name, schema) for name in names)
    else:
        key = descriptors[0]["resources"][0]["schema"].get("primaryKey")
        found = f"the key of both is {', '.join(key)}" if key else "no columns are a key of both"
        notes = (f"{' and '.join(names)}: no descriptor, so types and key are inferred from all rows; {found}",)
    first, second = (
        DataPackage(path.parent, descriptor, descriptor_file="", notes=notes)
        for path, descriptor in zip((old, new), descriptors, strict=True)
    )
    return first, second


def no_schema_for(package: object, schema: SchemaLike | None) -> None:
    """Raise if a schema is given for what has a descriptor of its own."""
    if schema is not None:
        message = f"A schema is for a single table: {package} has a descriptor, and in it schemas of its own."
        raise ArgumentError(message)
