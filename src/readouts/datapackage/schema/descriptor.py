"""Reading any Table Schema, version 1 or 2, into the objects of `schema.model`.

Nothing is refused: anything not understood is reported, and the rest is still checked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from readouts.datapackage.json_schema_text import found_text
from readouts.datapackage.schema.model import FALSE_VALUES, TRUE_VALUES, Category, Constraints, Field, ForeignKey, Table
from readouts.datapackage.schema.types import TYPES, Mismatch, TooLarge, strptime_pattern
from readouts.datapackage.suggest import did_you_mean
from readouts.datapackage.words import as_json, quoted

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["Problem", "read_schema", "unfit"]

_FIELDS_MATCH = ("exact", "equal", "subset", "superset", "partial")

_CONSTRAINTS = {
    "required": ("required", bool),
    "unique": ("unique", bool),
    "minLength": ("min_length", int),
    "maxLength": ("max_length", int),
    "minimum": ("minimum", None),
    "maximum": ("maximum", None),
    "exclusiveMinimum": ("exclusive_minimum", None),
    "exclusiveMaximum": ("exclusive_maximum", None),
    "pattern": ("pattern", str),
    "enum": ("enum", list),
    "jsonSchema": ("json_schema", dict),
}
_NUMERIC = frozenset("0123456789+-")
_EVERYWHERE = frozenset(["required", "unique", "enum"])
_BOUNDS = {
    "minimum": "minimum",
    "maximum": "maximum",
    "exclusive_minimum": "exclusiveMinimum",
    "exclusive_maximum": "exclusiveMaximum",
}
_FORMS = {bool: "true or false", int: "a whole number", str: "a text", list: "a list of values", dict: "an object"}
_RULES = frozenset(["constraints", "categories", "primaryKey", "uniqueKeys", "foreignKeys"])
_MOMENT = datetime(2003, 10, 26, 17, 5, 9, 250_000, UTC)
_OF_LISTS = frozenset(["string", "integer", "number", "boolean", "date", "time", "datetime"])


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault of a schema or dialect.

    Attributes
    ----------
    field
        The field, if it is about one.
    place
        The property of the field, or of what has no fields, with dots: `constraints.minimum`.
    message
        What is expected there, and what was found.
    unsupported
        Whether it is only not supported.
    """

    field: str | None
    place: str
    message: str
    unsupported: bool = False

    @property
    def about_values(self) -> bool:
        """Whether cells may mean something else than they are read as, rather than break a rule that isn't held."""
        return self.place.partition(".")[0] not in _RULES


def unfit(field: str | None, place: str, wanted: str, found: Any) -> Problem:
    """Return the problem that a place has something else than what is wanted.

    Examples
    --------
    >>> unfit(None, "dialect.header", "true or false", "no").message
    "expected true or false; found 'no'"
    """
    return Problem(field, place, f"expected {wanted}; found {found_text(found)}")


def _texts(values: Any) -> tuple[str, ...] | None:
    """Return texts, each given plain or as the `value` next to a `label`; None if they are something else."""
    if not isinstance(values, list):
        return None
    plain = [value.get("value") if isinstance(value, dict) else value for value in values]
    if not all(isinstance(value, str | int | float) for value in plain):
        return None
    return tuple(str(value) for value in plain)


def _read_constraints(kind: str, written: dict[str, Any], name: str, problems: list[Problem]) -> Constraints:
    found: dict[str, Any] = {}
    for constraint, value in written.items():
        place = f"constraints.{constraint}"
        if constraint not in _CONSTRAINTS:
            message = f"Table Schema has no such constraint. {did_you_mean(constraint, _CONSTRAINTS)}"
            problems.append(Problem(name, place, message, unsupported=True))
            continue
        attribute, form = _CONSTRAINTS[constraint]
        if constraint not in _EVERYWHERE and constraint not in TYPES[kind].constraints:
            problems.append(Problem(name, place, f"the type '{kind}' has no such constraint"))
        elif form is not None and (not isinstance(value, form) or (form is int and isinstance(value, bool))):
            problems.append(unfit(name, place, _FORMS[form], value))
        else:
            found[attribute] = tuple(value) if constraint == "enum" else value
    return Constraints(**found)


def _checked_values(field: Field, problems: list[Problem]) -> Field:
    """Return the field without the bounds and enumerated values that don't fit its type."""
    limits = field.constraints
    dropped: dict[str, Any] = {}
    for attribute, place in _BOUNDS.items():
        bound = getattr(limits, attribute)
        try:
            if bound is not None and (value := field.value(bound)) != value:
                raise Mismatch("a number that others can be compared with")
        except Mismatch as mismatch:
            dropped[attribute] = None
            found = unfit(field.name, f"constraints.{place}", str(mismatch), bound)
            problems.append(replace(found, unsupported=isinstance(mismatch, TooLarge)))
    for number, written in enumerate(limits.enum or (), 1):
        try:
            field.value(written)
        except Mismatch as mismatch:
            dropped["enum"] = None
            found = unfit(field.name, "constraints.enum", f"{mismatch} as item {number}", written)
            problems.append(replace(found, unsupported=isinstance(mismatch, TooLarge)))
            break
    if limits.json_schema is not None:
        try:
            _ = field.json_schema
        except ValueError as error:
            dropped["json_schema"] = None
            problems.append(_json_schema_problem(field.name, error))
    return replace(field, constraints=replace(limits, **dropped)) if dropped else field


def _json_schema_problem(name: str, error: Any) -> Problem:
    """Return what is wrong with a `jsonSchema` that no validator could be made of."""
    place = "constraints.jsonSchema"
    if error.instance_path:
        way = ".".join(map(str, error.instance_path))
        return unfit(name, f"{place}.{way}", "what JSON Schema allows there", error.instance)
    if "not exist" in str(error):
        return Problem(name, place, "it refers to a part of itself that isn't there")
    return Problem(name, place, "it refers to another document, and no other is read", unsupported=True)


def _names_a_moment(kind: str, form: str) -> bool:
    """Return whether a moment written by a pattern of strptime can be read from it again."""
    try:
        Field("", type=kind, format=form).read(_MOMENT.strftime(strptime_pattern(form)))
    except ValueError:
        return False
    return True


def _read_field(written: dict[str, Any], problems: list[Problem]) -> Field:
    name = str(written["name"])
    kind, form = written.get("type", "any"), written.get("format", "default")
    if not isinstance(kind, str) or kind not in TYPES:
        wanted = did_you_mean(kind, TYPES) if isinstance(kind, str) else f"Known are: {', '.join(sorted(TYPES))}."
        problems.append(Problem(name, "type", f"expected a type of Table Schema; found {found_text(kind)}. {wanted}"))
        return Field(name)
    if kind in {"date", "time", "datetime"} and isinstance(form, str) and form.startswith("fmt:"):
        form = form.removeprefix("fmt:")
    if form not in TYPES[kind].formats and not (TYPES[kind].patterns and isinstance(form, str) and "%" in form):
        also = ", or a pattern of strptime such as %d/%m/%Y" * TYPES[kind].patterns
        wanted = f"one of {', '.join(map(as_json, TYPES[kind].formats))}{also}, for the type '{kind}'"
        problems.append(unfit(name, "format", wanted.removeprefix("one of " * (len(TYPES[kind].formats) == 1)), form))
        return Field(name)
    if "%" in form and not _names_a_moment(kind, form):
        wanted = f"directives of strptime that say which {kind} is meant"
        problems.append(replace(unfit(name, "format", wanted, form), unsupported=True))
        return Field(name)
    more: dict[str, Any] = {}
    for property_, attribute in (
        ("decimalChar", "decimal_char"),
        ("groupChar", "group_char"),
        ("delimiter", "delimiter"),
    ):
        value = written.get(property_)
        if property_ != "delimiter" and isinstance(value, str) and not _NUMERIC.isdisjoint(value):
            problems.append(unfit(name, property_, "a text without digits and signs", value))
        elif isinstance(value, str) and value:
            more[attribute] = value
        elif value not in (None, ""):
            problems.append(unfit(name, property_, "a text", value))
    if isinstance(written.get("bareNumber"), bool):
        more["bare_number"] = written["bareNumber"]
    for property_, attribute, default in (
        ("trueValues", "true_values", TRUE_VALUES),
        ("falseValues", "false_values", FALSE_VALUES),
    ):
        more[attribute] = _texts(written.get(property_)) or default
    item = written.get("itemType")
    if item is not None and (not isinstance(item, str) or item not in _OF_LISTS):
        problems.append(unfit(name, "itemType", f"one of {', '.join(map(as_json, sorted(_OF_LISTS)))}", item))
    elif item is not None:
        more["item_type"] = item
    limits = written.get("constraints", {})
    if not isinstance(limits, dict):
        problems.append(unfit(name, "constraints", "an object", limits))
        limits = {}
    constraints = _read_constraints(kind, limits, name, problems)
    categories = _categories(written.get("categories"), kind, name, problems)
    known = {category.value for category in categories}
    problems += [
        unfit(name, "constraints.enum", "only values of `categories`", value)
        for value in constraints.enum or ()
        if known and str(value) not in known
    ]
    if categories and constraints.enum is None:
        # Table Schema: "the categories property ... restricts the field to a finite set of possible values".
        constraints = replace(constraints, enum=tuple(category.value for category in categories))
    field = Field(
        name,
        title=str(written.get("title", "")),
        description=str(written.get("description", "")),
        type=kind,
        example=written.get("example"),
        format=form,
        missing_values=_texts(written.get("missingValues")),
        constraints=constraints,
        categories=categories,
        **more,
    )
    return _checked_values(field, problems)


def _categories(written: Any, kind: str, name: str, problems: list[Problem]) -> tuple[Category, ...]:
    if written is None:
        return ()
    values = _texts(written)
    if values is None:
        problems.append(unfit(name, "categories", "a list of values, or of objects with `value`", written))
    elif kind not in {"string", "integer"}:
        problems.append(
            Problem(name, "categories", f"only string and integer fields have categories; the type is '{kind}'")
        )
    if values is None or kind not in {"string", "integer"}:
        return ()
    labels = [str(entry.get("label", "")) if isinstance(entry, dict) else "" for entry in written]
    return tuple(Category(value, label) for value, label in zip(values, labels, strict=True))


def _listed(written: dict[str, Any], name: str, problems: list[Problem]) -> list[Any]:
    value = written.get(name)
    if value is not None and not isinstance(value, list):
        problems.append(unfit(None, name, "a list", value))
    return value if isinstance(value, list) else []


def _names(written: Any, place: str, fields: Collection[str] | None, problems: list[Problem]) -> tuple[str, ...] | None:
    """Return the names of fields that a key is made of; None, and a problem, if they can't be."""
    names = (written,) if isinstance(written, str) else written
    if not isinstance(names, list | tuple) or not names or not all(isinstance(name, str) for name in names):
        problems.append(unfit(None, place, "the name of a field, or a list of such names", written))
        return None
    for name in names:
        if fields is not None and name not in fields:
            message = f"expected names of fields; found {quoted(name)}. {did_you_mean(name, fields)}"
            problems.append(Problem(None, place, message))
            return None
    return tuple(names)


def _foreign_key(written: Any, table: str, known: Collection[str], problems: list[Problem]) -> ForeignKey | None:
    place, reference = "foreignKeys", written.get("reference") if isinstance(written, dict) else None
    if not isinstance(reference, dict):
        problems.append(unfit(None, place, "objects with `fields` and `reference`, which is an object", written))
        return None
    own = _names(written.get("fields"), f"{place}.fields", known, problems)
    target = _names(reference.get("fields"), f"{place}.reference.fields", None, problems)
    resource = reference.get("resource", "")
    if not isinstance(resource, str):
        problems.append(unfit(None, f"{place}.reference.resource", "the name of a resource", resource))
        return None
    if own is None or target is None:
        return None
    if len(own) != len(target):
        wanted = f"as many fields as `fields` has, which are {len(own)}"
        problems.append(unfit(None, f"{place}.reference.fields", wanted, list(target)))
        return None
    # An empty text is a reference to the table itself, as in version 1.
    return ForeignKey(own, resource or table, target)


def read_schema(name: str, written: dict[str, Any]) -> tuple[Table, list[Problem]]:
    """Read a Table Schema as its author wrote it.

    Returns
    -------
    tuple
        The table, without what could not be understood, and what that is.

    Examples
    --------
    >>> table, problems = read_schema("lakes", {"fields": [{"name": "depth", "type": "intger"}]})
    >>> problems[0].place, problems[0].message
    ('type', "expected a type of Table Schema; found 'intger'. Did you mean 'integer'?")
    """
    problems: list[Problem] = []
    fields: list[Field] = []
    known: set[str] = set()
    for number, properties in enumerate(_listed(written, "fields", problems), 1):
        if not isinstance(properties, dict) or not isinstance(properties.get("name"), str):
            problems.append(unfit(None, "fields", f"an object with a text as its `name` as item {number}", properties))
            fields.append(Field(f"field {number}"))
            continue
        if properties["name"] in known:
            # Version 1 allowed it, so that the descriptor is not to be called invalid (Table Schema, Field, `name`).
            message = "two fields have this name: only the first column of that name is checked"
            problems.append(Problem(properties["name"], "name", message, unsupported=True))
        fields.append(_read_field(properties, problems))
        known.add(properties["name"])
    primary_key = written.get("primaryKey")
    # Where a field has no name, it may be the one that a key names.
    of_keys = problems if all(field.name in known for field in fields) and known else []
    keys = _names(primary_key, "primaryKey", known, of_keys) if primary_key else None
    # Table Schema, primaryKey: its use "is equivalent to adding required: true".
    fields = [
        replace(field, constraints=replace(field.constraints, required=True)) if field.name in (keys or ()) else field
        for field in fields
    ]
    unique_keys = [_names(key, "uniqueKeys", known, of_keys) for key in _listed(written, "uniqueKeys", problems)]
    foreign_keys = [_foreign_key(key, name, known, of_keys) for key in _listed(written, "foreignKeys", problems)]
    match = written.get("fieldsMatch", "exact")
    if isinstance(match, list) and len(match) == 1:
        match = match[0]
    if match not in _FIELDS_MATCH:
        problems.append(unfit(None, "fieldsMatch", f"one of {', '.join(map(as_json, _FIELDS_MATCH))}", match))
        match = "exact"
    missing = written.get("missingValues")
    missing_values = ("",) if missing is None else _texts(missing)
    if missing_values is None:
        problems.append(unfit(None, "missingValues", "a list of texts, or of objects with `value`", missing))
    return (
        Table(
            name,
            title=str(written.get("title", "")),
            description=str(written.get("description", "")),
            fields=tuple(fields),
            primary_key=keys or (),
            unique_keys=tuple(key for key in unique_keys if key is not None),
            foreign_keys=tuple(key for key in foreign_keys if key is not None),
            missing_values=missing_values if missing_values is not None else ("",),
            fields_match=match,
            descriptor=written,
        ),
        problems,
    )
