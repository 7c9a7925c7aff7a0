"""Reading any Table Schema, version 1 or 2, into the objects of `schema.model`.

Nothing is refused: what can't be understood is reported, and what is left is still checked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from readouts.datapackage.schema.model import FALSE_VALUES, TRUE_VALUES, Category, Constraints, Field, ForeignKey, Table
from readouts.datapackage.schema.types import TYPES, Mismatch, strptime_pattern
from readouts.datapackage.suggest import did_you_mean

__all__ = ["FIELDS_MATCH", "Problem", "read_schema"]

FIELDS_MATCH = ("exact", "equal", "subset", "superset", "partial")

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
_BOUNDS = ("minimum", "maximum", "exclusive_minimum", "exclusive_maximum")
_MOMENT = datetime(2003, 10, 26, 17, 5, 9, 250_000, UTC)
_OF_LISTS = frozenset(["string", "integer", "number", "boolean", "date", "time", "datetime"])


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a schema.

    Attributes
    ----------
    field
        The field, if it is one's.
    unsupported
        Whether it is only not supported.
    about_values
        Whether cells may mean something else than they are read as, rather than break a rule that isn't held.
    """

    field: str | None
    message: str
    unsupported: bool = False
    about_values: bool = True


def _texts(values: Any) -> tuple[str, ...] | None:
    """Return texts, each given plain or as the `value` beside a `label`; None if they are none."""
    if not isinstance(values, list):
        return None
    plain = [value.get("value") if isinstance(value, dict) else value for value in values]
    if not all(isinstance(value, str | int | float) for value in plain):
        return None
    return tuple(str(value) for value in plain)


def _read_constraints(kind: str, written: dict[str, Any], name: str, problems: list[Problem]) -> Constraints:
    found: dict[str, Any] = {}
    for constraint, value in written.items():
        if constraint not in _CONSTRAINTS:
            message = f"the constraint '{constraint}' is none of Table Schema. {did_you_mean(constraint, _CONSTRAINTS)}"
            problems.append(Problem(name, message, unsupported=True, about_values=False))
            continue
        attribute, form = _CONSTRAINTS[constraint]
        if constraint not in _EVERYWHERE and constraint not in TYPES[kind].constraints:
            problems.append(
                Problem(name, f"the constraint '{constraint}' doesn't apply to the type '{kind}'.", about_values=False)
            )
        elif form is not None and (not isinstance(value, form) or (form is int and isinstance(value, bool))):
            problems.append(
                Problem(name, f"the constraint '{constraint}' can't be {value!r}."[:300], about_values=False)
            )
        else:
            found[attribute] = tuple(value) if constraint == "enum" else value
    return Constraints(**found)


def _checked_values(field: Field, problems: list[Problem]) -> Field:
    """Return the field without the bounds and enumerated values that are no values of its type."""
    limits = field.constraints
    dropped: dict[str, Any] = {}
    for attribute in _BOUNDS:
        bound = getattr(limits, attribute)
        try:
            if bound is not None and (value := field.value(bound)) != value:
                raise Mismatch("a number that others can be compared with")
        except Mismatch as mismatch:
            dropped[attribute] = None
            problems.append(
                Problem(field.name, f"a bound is {bound!r}: expected {mismatch}."[:300], about_values=False)
            )
    if limits.enum is not None:
        try:
            for value in limits.enum:
                field.value(value)
        except Mismatch as mismatch:
            dropped["enum"] = None
            problems.append(
                Problem(field.name, f"the enum has {value!r}: expected {mismatch}."[:300], about_values=False)
            )
    if limits.json_schema is not None:
        try:
            _ = field.json_validator
        except ValueError as error:
            dropped["json_schema"] = None
            reason = str(error).partition("\n")[0][:200]
            problems.append(
                Problem(field.name, f"the jsonSchema can't be used: {reason}.", "retriev" in reason, about_values=False)
            )
    return replace(field, constraints=replace(limits, **dropped)) if dropped else field


def _names_a_moment(kind: str, form: str) -> bool:
    """Tell whether a moment written by a pattern of strptime can be read from it again."""
    try:
        Field("", type=kind, format=form).read(_MOMENT.strftime(strptime_pattern(form)))
    except ValueError:
        return False
    return True


def _read_field(written: dict[str, Any], problems: list[Problem]) -> Field:
    name = str(written["name"])
    kind, form = written.get("type", "any"), written.get("format", "default")
    if not isinstance(kind, str) or kind not in TYPES:
        message = f"the type '{kind}' is none of Table Schema. {did_you_mean(str(kind), TYPES)}".strip()
        problems.append(Problem(name, message))
        return Field(name)
    if kind in {"date", "time", "datetime"} and isinstance(form, str) and form.startswith("fmt:"):
        form = form.removeprefix("fmt:")
    if form not in TYPES[kind].formats and not (TYPES[kind].patterns and isinstance(form, str) and "%" in form):
        message = f"the format {form!r} is none of the type '{kind}': {', '.join(TYPES[kind].formats)}."
        problems.append(Problem(name, message[:300]))
        return Field(name)
    if "%" in form and not _names_a_moment(kind, form):
        message = f"the format {form!r} can't be read: expected directives of strptime that say which {kind} is meant."
        problems.append(Problem(name, message[:300], unsupported=True))
        return Field(name)
    more: dict[str, Any] = {}
    for property_, attribute in (
        ("decimalChar", "decimal_char"),
        ("groupChar", "group_char"),
        ("delimiter", "delimiter"),
    ):
        value = written.get(property_)
        if property_ != "delimiter" and isinstance(value, str) and not _NUMERIC.isdisjoint(value):
            problems.append(Problem(name, f"'{property_}' is {value!r}: expected no digit and no sign."[:300]))
        elif isinstance(value, str) and value:
            more[attribute] = value
        elif value not in (None, ""):
            problems.append(Problem(name, f"'{property_}' is {value!r}: expected a text."[:300]))
    if isinstance(written.get("bareNumber"), bool):
        more["bare_number"] = written["bareNumber"]
    for property_, attribute, default in (
        ("trueValues", "true_values", TRUE_VALUES),
        ("falseValues", "false_values", FALSE_VALUES),
    ):
        more[attribute] = _texts(written.get(property_)) or default
    item = written.get("itemType")
    if item is not None and (not isinstance(item, str) or item not in _OF_LISTS):
        problems.append(Problem(name, f"'itemType' is {item!r}: expected one of {', '.join(sorted(_OF_LISTS))}."[:300]))
    elif item is not None:
        more["item_type"] = item
    limits = written.get("constraints", {})
    if not isinstance(limits, dict):
        problems.append(Problem(name, "'constraints' is not an object.", about_values=False))
        limits = {}
    constraints = _read_constraints(kind, limits, name, problems)
    categories = _categories(written.get("categories"), kind, name, problems)
    known = {category.value for category in categories}
    problems += [
        Problem(name, f"the enum has {value!r}, which is not one of the categories."[:300], about_values=False)
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
    if values is None or kind not in {"string", "integer"}:
        message = "'categories' is a list of values, or of values with their labels, of a string or integer field."
        problems.append(Problem(name, message, about_values=False))
        return ()
    labels = [str(entry.get("label", "")) if isinstance(entry, dict) else "" for entry in written]
    return tuple(Category(value, label) for value, label in zip(values, labels, strict=True))


def _names(written: Any) -> tuple[str, ...] | None:
    if isinstance(written, str):
        return (written,)
    if isinstance(written, list) and written and all(isinstance(name, str) for name in written):
        return tuple(written)
    return None


def _listed(written: dict[str, Any], name: str, problems: list[Problem]) -> list[Any]:
    value = written.get(name)
    if value is not None and not isinstance(value, list):
        problems.append(Problem(None, f"'{name}' is {value!r}: expected a list."[:300], about_values=False))
    return value if isinstance(value, list) else []


def _known(names: tuple[str, ...] | None, what: str, fields: set[str], problems: list[Problem]) -> bool:
    if names is None:
        problems.append(Problem(None, f"{what}: expected the names of fields.", about_values=False))
        return False
    for name in names:
        if name not in fields:
            message = f"{what} names the field '{name}'. {did_you_mean(name, fields)}".strip()
            problems.append(Problem(None, message, about_values=False))
            return False
    return True


def read_schema(name: str, written: dict[str, Any]) -> tuple[Table, list[Problem]]:
    """Read a Table Schema as its author wrote it.

    Parameters
    ----------
    name
        Name of the resource.
    written
        The schema; its fields are objects with names.

    Returns
    -------
    tuple
        The table, without what could not be understood, and what that is.

    Examples
    --------
    >>> table, problems = read_schema("lakes", {"fields": [{"name": "depth", "type": "intger"}]})
    >>> problems[0].message
    "the type 'intger' is none of Table Schema. Did you mean 'integer'?"
    """
    problems: list[Problem] = []
    fields: list[Field] = []
    known: set[str] = set()
    for number, properties in enumerate(written.get("fields", ()), 1):
        if not isinstance(properties, dict) or not isinstance(properties.get("name"), str):
            problems.append(Problem(None, f"field {number} has no name."))
            fields.append(Field(f"field {number}"))
            continue
        if properties["name"] in known:
            # Version 1 allowed it, so that the descriptor is not to be called invalid (Table Schema, Field, `name`).
            message = "two fields have this name: only the first column of that name is checked."
            problems.append(Problem(properties["name"], message, unsupported=True))
        fields.append(_read_field(properties, problems))
        known.add(properties["name"])
    primary_key = written.get("primaryKey")
    keys = _names(primary_key) if primary_key else ()
    if primary_key and not _known(keys, "'primaryKey'", known, problems):
        keys = ()
    # Table Schema, primaryKey: its use "is equivalent to adding required: true".
    fields = [
        replace(field, constraints=replace(field.constraints, required=True)) if field.name in (keys or ()) else field
        for field in fields
    ]
    unique_keys = []
    for key in _listed(written, "uniqueKeys", problems):
        names = _names(key)
        if _known(names, "'uniqueKeys'", known, problems) and names is not None:
            unique_keys.append(names)
    foreign_keys = []
    for key in _listed(written, "foreignKeys", problems):
        reference = key.get("reference") if isinstance(key, dict) else None
        if not isinstance(reference, dict):
            problems.append(
                Problem(None, "'foreignKeys': expected an object with `fields` and `reference`.", about_values=False)
            )
            continue
        own, target = _names(key.get("fields")), _names(reference.get("fields"))
        if not _known(own, "'foreignKeys'", known, problems) or own is None or target is None:
            continue
        if len(own) != len(target):
            problems.append(
                Problem(None, "'foreignKeys': `fields` and `reference.fields` differ in number.", about_values=False)
            )
            continue
        foreign_keys.append(ForeignKey(own, str(reference.get("resource") or name), target))
    match = written.get("fieldsMatch", "exact")
    if isinstance(match, list) and len(match) == 1:
        match = match[0]
    if match not in FIELDS_MATCH:
        problems.append(Problem(None, f"'fieldsMatch' is {match!r}: expected one of {', '.join(FIELDS_MATCH)}."[:300]))
        match = "exact"
    missing = written.get("missingValues")
    missing_values = ("",) if missing is None else _texts(missing)
    if missing_values is None:
        problems.append(Problem(None, "'missingValues' is a list of texts, or of values with their labels."))
    return (
        Table(
            name,
            title=str(written.get("title", "")),
            description=str(written.get("description", "")),
            fields=tuple(fields),
            primary_key=keys or (),
            unique_keys=tuple(unique_keys),
            foreign_keys=tuple(foreign_keys),
            missing_values=missing_values if missing_values is not None else ("",),
            fields_match=match,
            descriptor=written,
        ),
        problems,
    )
