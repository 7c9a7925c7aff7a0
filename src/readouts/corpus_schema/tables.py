"""The schemas of the corpus, the one truth about every table of it.

They follow Table Schema of Data Package v2 (https://datapackage.org/standard/table-schema/), and use a part of it that
every reader of CSV files gets right. A property outside that part is refused rather than ignored: what a schema
promises is what is checked.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from readouts.corpus_schema.bundled import bundled_schemas
from readouts.datapackage.errors import SchemaError
from readouts.datapackage.schema.model import Category, Constraints, Field, ForeignKey, Table
from readouts.datapackage.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

__all__ = ["ASPECTS", "SYMMETRIC", "derived_tables", "is_corpus", "load_tables", "tables"]

ASPECTS = {
    **dict.fromkeys(["same_claim", "weaker", "stronger", "contradicts", "in_tension", "supports"], "claim"),
    **dict.fromkeys(["quotes_verbatim", "quotes_altered", "translation_variant", "paraphrase"], "wording"),
}
"""The aspect of each relation of alignments."""
SYMMETRIC = frozenset(["same_claim", "translation_variant", "contradicts", "in_tension"])
"""Relations of alignments that say the same both ways: stored once, the smaller id first."""
TABLE_PROPERTIES = frozenset(
    [
        "$schema",
        "name",
        "title",
        "description",
        "derived",
        "fields",
        "primaryKey",
        "uniqueKeys",
        "foreignKeys",
        "missingValues",
    ]
)
FIELD_PROPERTIES = frozenset(
    ["name", "title", "description", "type", "format", "example", "constraints", "categories", "delimiter", "itemType"]
)
CONSTRAINT_PROPERTIES = frozenset(
    ["required", "unique", "minLength", "maxLength", "minimum", "maximum", "pattern", "enum"]
)
TYPES = frozenset(["string", "integer", "boolean", "date", "list"])
CATEGORY_PROPERTIES = frozenset({"value", "label"})
# The constraints that hold for some types only; what they'd mean for another one, such as a list, is not implemented.
_CONSTRAINED_TYPES = {
    "minLength": frozenset({"string"}),
    "maxLength": frozenset({"string"}),
    "pattern": frozenset({"string"}),
    "enum": frozenset({"string"}),
    "minimum": frozenset({"integer"}),
    "maximum": frozenset({"integer"}),
}
FORMATS = {"string": frozenset({"default", "uri"})}


def _known(properties: dict[str, Any], known: frozenset[str], where: str) -> None:
    for name in properties:
        if name not in known:
            message = f"{where}: unknown property '{name}'. {did_you_mean(name, known)}"
            raise SchemaError(message)


def _present(properties: dict[str, Any], names: tuple[str, ...], where: str) -> None:
    for name in names:
        if name not in properties:
            message = f"{where}: expected the property '{name}', found none."
            raise SchemaError(message)


def _read_field(properties: dict[str, Any], where: str) -> Field:
    _known(properties, FIELD_PROPERTIES, where)
    limits = properties.get("constraints", {})
    _known(limits, CONSTRAINT_PROPERTIES, f"{where}, constraints")
    kind = properties.get("type", "string")
    form = properties.get("format", "default")
    if kind not in TYPES:
        message = f"{where}: the type '{kind}' is not supported. {did_you_mean(str(kind), TYPES)}"
        raise SchemaError(message)
    if form not in FORMATS.get(kind, {"default"}):
        message = f"{where}: the format '{form}' of type '{kind}' is not supported."
        raise SchemaError(message)
    if properties.get("itemType", "string") != "string":
        message = f"{where}: lists of '{properties['itemType']}' are not supported, only lists of strings."
        raise SchemaError(message)
    for name, types in _CONSTRAINED_TYPES.items():
        if name in limits and kind not in types:
            message = f"{where}: the constraint '{name}' is supported for {', '.join(types)} only, not for {kind}."
            raise SchemaError(message)
    _present(properties, ("name", "title", "description", "example"), where)
    for category in properties.get("categories", ()):
        _known(category, CATEGORY_PROPERTIES, f"{where}, categories")
        _present(category, ("value", "label"), f"{where}, categories")
    try:
        re.compile(limits.get("pattern", ""))
    except re.error as error:
        message = f"{where}: the pattern '{limits['pattern']}' is not a regular expression: {error}."
        raise SchemaError(message) from error
    categories = tuple(Category(entry["value"], entry["label"]) for entry in properties.get("categories", ()))
    enum = tuple(limits["enum"]) if "enum" in limits else None
    if (enum or ()) != tuple(category.value for category in categories):
        message = f"{where}: enum and categories must list the same values in the same order."
        raise SchemaError(message)
    return Field(
        name=properties["name"],
        title=properties["title"],
        description=properties["description"],
        type=kind,
        example=properties["example"],
        format=form,
        delimiter=properties.get("delimiter", ","),
        constraints=Constraints(
            required=limits.get("required", False),
            unique=limits.get("unique", False),
            min_length=limits.get("minLength"),
            max_length=limits.get("maxLength"),
            minimum=limits.get("minimum"),
            maximum=limits.get("maximum"),
            pattern=limits.get("pattern"),
            enum=enum,
        ),
        categories=categories,
        true_values=("true",),
        false_values=("false",),
        canonical=True,
    )


def _read_table(path: Path) -> Table:
    try:
        descriptor: Any = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        message = f"{path}: expected a Table Schema in JSON, but {error}"
        raise SchemaError(message) from error
    where = path.name
    if not isinstance(descriptor, dict):
        message = f"{where}: expected a Table Schema, an object; found {type(descriptor).__name__}."
        raise SchemaError(message)
    _known(descriptor, TABLE_PROPERTIES, where)
    _present(descriptor, ("name", "title", "description", "fields", "primaryKey"), where)
    if descriptor.get("missingValues", [""]) != [""]:
        message = f"{where}: only the empty cell may stand for a missing value."
        raise SchemaError(message)
    name = descriptor.get("name")
    if f"{name}.schema.json" != path.name:
        message = f"{where}: the name is '{name}', but the file's name says otherwise."
        raise SchemaError(message)
    fields = tuple(
        _read_field(properties, f"{where}, field {properties.get('name', number)}")
        for number, properties in enumerate(descriptor["fields"], 1)
    )
    names = {column.name for column in fields}
    if len(names) < len(fields):
        message = f"{where}: every field has a name of its own, and two of these share one."
        raise SchemaError(message)
    foreign_keys = []
    for key in descriptor.get("foreignKeys", ()):
        _known(key, frozenset({"fields", "reference"}), f"{where}, foreignKeys")
        _known(key["reference"], frozenset({"resource", "fields"}), f"{where}, foreignKeys")
        reference = key["reference"]
        target = reference.get("resource", name)
        foreign_keys.append(ForeignKey(tuple(key["fields"]), target, tuple(reference["fields"])))
    table = Table(
        name=descriptor["name"],
        title=descriptor["title"],
        description=descriptor["description"],
        fields=fields,
        primary_key=tuple(descriptor["primaryKey"]),
        unique_keys=tuple(tuple(key) for key in descriptor.get("uniqueKeys", ())),
        foreign_keys=tuple(foreign_keys),
        derived=descriptor.get("derived", False),
        descriptor={key: value for key, value in descriptor.items() if key != "derived"},
    )
    used = [*table.primary_key, *(column for key in table.unique_keys for column in key)]
    used += [column for key in foreign_keys for column in key.fields]
    for column in used:
        if column not in names:
            message = f"{where}: a key names the field '{column}', which the table doesn't have."
            raise SchemaError(message)
    return table


def load_tables(folder: Path) -> dict[str, Table]:
    """Read every `<table>.schema.json` of a folder.

    Raises
    ------
    SchemaError
        A file is not a Table Schema, has a property that is not understood, or refers to what isn't there.

    Examples
    --------
    >>> load_tables(bundled_schemas())["carriages"].primary_key
    ('account_id', 'article_id')
    """
    found = {table.name: table for table in map(_read_table, sorted(folder.glob("*.schema.json")))}
    if not found:
        message = f"No <table>.schema.json lies in {folder}."
        raise SchemaError(message)
    for table in found.values():
        for key in table.foreign_keys:
            target = found.get(key.table)
            if target is None or target.primary_key != key.target_fields or len(key.fields) != len(key.target_fields):
                message = (
                    f"{table.name}.schema.json: the foreign key {', '.join(key.fields)} must point to the primary key "
                    f"of a table; {key.table} ({', '.join(key.target_fields)}) is none."
                )
                raise SchemaError(message)
    return found


_CORE = ("articles", "entities", "events", "statements")
"""Tables that every release of the corpus has."""


@cache
def tables() -> dict[str, Table]:
    """Return the tables of the corpus by name, as the schemas of this installation tell them.

    Examples
    --------
    >>> tables()["statements"].field("speaker_id").title
    'Speaker'
    """
    return load_tables(bundled_schemas())


def is_corpus(names: Collection[str]) -> bool:
    """Return whether a package with tables of these names is a release of the corpus, of any time.

    Examples
    --------
    >>> is_corpus(tables()), is_corpus(["statements_wide", "lakes"])
    (True, False)
    """
    return all(name in names for name in _CORE)


def derived_tables(*packages: Collection[str]) -> frozenset[str]:
    """Return the derived tables of releases of the corpus, of any time; none if a package is something else.

    Examples
    --------
    >>> sorted(derived_tables(tables(), tables())), sorted(derived_tables(tables(), ["statements_wide"]))
    (['alignments_wide', 'claims', 'statements_wide'], [])
    """
    corpus = all(map(is_corpus, packages))
    return frozenset(name for name, table in tables().items() if table.derived) if corpus else frozenset()
