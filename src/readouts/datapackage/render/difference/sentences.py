"""The words for a difference: one sentence for each thing that changed, the same in every form."""

from __future__ import annotations

import json
from functools import singledispatch
from typing import TYPE_CHECKING, Any

from readouts.datapackage.difference.result import (
    Asked,
    Change,
    Lineage,
    ReferenceChange,
    Setting,
    SettingKind,
    Suggestion,
)
from readouts.datapackage.render.escaping import cut, visible
from readouts.datapackage.versioning import Reason
from readouts.datapackage.words import counted, listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

__all__ = ["key_text", "said", "sentence", "vanished_sentence"]

_NAME = 100
_VALUE = 160


def said(value: Any, limit: int = _VALUE) -> str:
    """Return a JSON value as text: texts in quotes, lists with commas, anything else as JSON.

    Examples
    --------
    >>> said("it's"), said(["a", 1]), said(None), said({"maximum": 5})
    ("'it's'", "'a', 1", 'nothing', '{"maximum": 5}')
    """
    if value is None:
        return "nothing"
    if isinstance(value, str):
        return f"'{visible(value, limit)}'"
    if isinstance(value, (list, tuple)) and value and not any(isinstance(part, (dict, list)) for part in value):
        return listed([said(part, limit) for part in value], most=40)
    return visible(json.dumps(value, ensure_ascii=False, default=str), 2 * limit)


def key_text(key: Iterable[str]) -> str:
    """Return a key as one word; the parts of a composite one are joined by a slash."""
    return visible("/".join(cut(part, _NAME) for part in key), 3 * _NAME)


def _place(table: str | None, field: str | None) -> str:
    parts = [visible(part, _NAME) for part in (table, field) if part is not None]
    return ".".join(parts) if parts else "the package"


def _fields(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return f"({', '.join(visible(str(name), _NAME) for name in value)})"
    return said(value)


def _licences(value: Any) -> str:
    if isinstance(value, list) and value and all(isinstance(entry, dict) for entry in value):
        names = [entry.get("name") or entry.get("title") or entry.get("path") or entry for entry in value]
        return listed([visible(name, _VALUE) if isinstance(name, str) else said(name) for name in names])
    return said(value)


def _reference(value: Any) -> str:
    try:
        target = value["reference"]
        return f"{_fields(value['fields'])} in {visible(str(target['resource']), _NAME)}{_fields(target['fields'])}"
    except (KeyError, TypeError):
        return said(value)


def _turned(change: Change) -> str:
    """Return the text of what a property was and is."""
    name = f"'{visible(change.what, _NAME)}'" if change.what else "it"
    if change.old is None:
        return f"{name} is new, {said(change.new)}"
    if change.new is None:
        return f"{name} is gone, it was {said(change.old)}"
    return f"{name} is {said(change.new)}, it was {said(change.old)}"


def _fixed(words: str) -> Callable[[Change], str]:
    return lambda _: words


def _constraint(words: str) -> Callable[[Change], str]:
    return lambda change: f"a constraint is {words}: {_turned(change)}"


_CHANGES: Mapping[str, Callable[[Change], str]] = {
    "package-renamed": lambda change: f"its name is {said(change.new)}, it was {said(change.old)}",
    "licence-changed": lambda change: f"the licence is {_licences(change.new)}, it was {_licences(change.old)}",
    "metadata-changed": _turned,
    "resource-added": _fixed("the resource is new"),
    "resource-removed": _fixed("the resource is gone"),
    "resource-moved": lambda change: f"the file has another place: {_turned(change)}",
    "resource-form": lambda change: f"the file is written in another way: {_turned(change)}",
    "file-form": lambda change: f"the file is written in another way, which changes no cell: {_turned(change)}",
    "columns-reordered": lambda change: (
        f"the order of the file's columns is {_fields(change.new)}, it was {_fields(change.old)}"
    ),
    "content-changed": _fixed("the file changed (not a table, so there is no row-level diff)"),
    "field-added": _fixed("the field is new, at the end"),
    "field-inserted": _fixed("the field is new, before others"),
    "field-removed": _fixed("the field is gone"),
    "field-reordered": lambda change: f"the order of the fields is {_fields(change.new)}, it was {_fields(change.old)}",
    "type-changed": lambda change: f"what its texts mean has changed: {_turned(change)}",
    "missing-changed": lambda change: f"a missing value is written {said(change.new)}, it was {said(change.old)}",
    "constraint-tightened": _constraint("tighter"),
    "constraint-loosened": _constraint("looser"),
    "constraint-changed": _constraint("different"),
    "enum-value-added": lambda change: f"the list of values has a new one, {said(change.new)}",
    "enum-value-removed": lambda change: f"the list of values no longer has {said(change.old)}",
    "key-changed": lambda change: f"the primary key is {_fields(change.new)}, it was {_fields(change.old)}",
    "unique-key-added": lambda change: f"{_fields(change.new)} must be unique now",
    "unique-key-removed": lambda change: f"{_fields(change.old)} no longer has to be unique",
    "reference-added": lambda change: f"a foreign key is new: {_reference(change.new)}",
    "reference-removed": lambda change: f"a foreign key is gone: {_reference(change.old)}",
    "description-changed": _turned,
}
"""What a change of the package or of a schema says, after the place that it is about."""

_COUNTED: Mapping[str, tuple[str, str]] = {
    "package-renamed": ("the name changed", "{} names changed"),
    "licence-changed": ("the licence changed", "{} licences changed"),
    "metadata-changed": ("a descriptive property has changed", "{} descriptive properties have changed"),
    "resource-added": ("the resource is new", "{} resources are new"),
    "resource-removed": ("the resource is gone", "{} resources are gone"),
    "resource-moved": ("the file has another path", "{} files have other paths"),
    "resource-form": ("the file is written in another way", "{} properties of how the file is written have changed"),
    "file-form": ("a file is written in another way", "{} files are written in another way"),
    "columns-reordered": ("the columns of a file are in another order", "the columns of {} files are in another order"),
    "content-changed": ("a file that is not a table has changed", "{} files that are not tables have changed"),
    "field-added": ("a field is new, at the end", "{} fields are new, at the end"),
    "field-inserted": ("a field is new, before others", "{} fields are new, before others"),
    "field-removed": ("a field is gone", "{} fields are gone"),
    "field-reordered": ("the fields are in another order", "the fields are in another order {} times"),
    "type-changed": ("a type or format has changed", "{} types or formats have changed"),
    "missing-changed": ("other texts stand for a missing value", "other texts stand for missing values {} times"),
    "constraint-tightened": ("a constraint is tighter", "{} constraints are tighter"),
    "constraint-loosened": ("a constraint is looser", "{} constraints are looser"),
    "constraint-changed": ("a constraint changed", "{} constraints changed"),
    "enum-value-added": ("a list of values has a new one", "lists of values have {} new ones"),
    "enum-value-removed": ("a list of values lacks one that it had", "lists of values lack {} that they had"),
    "key-changed": ("the primary key changed", "{} primary keys changed"),
    "unique-key-added": ("a unique key is new", "{} unique keys are new"),
    "unique-key-removed": ("a unique key is gone", "{} unique keys are gone"),
    "reference-added": ("a foreign key is new", "{} foreign keys are new"),
    "reference-removed": ("a foreign key is gone", "{} foreign keys are gone"),
    "description-changed": ("a description has changed", "{} titles, descriptions or examples have changed"),
    "row-added": ("1 row is new", "{} rows are new"),
    "row-removed": ("1 row is gone that had no id of its own", "{} rows are gone that had no id of their own"),
    "id-removed": ("1 id is gone", "{} ids are gone"),
    "id-renamed": ("1 id is renamed", "{} ids are renamed"),
    "id-merged": ("1 id is merged into another", "{} ids are merged into others"),
    "id-split": ("1 id is split", "{} ids are split"),
    "cell-value": ("1 value is corrected", "{} values are corrected"),
    "cell-format": ("1 value is written in another way", "{} values are written in another way"),
    "cell-from-null": ("1 missing value is filled in", "{} missing values are filled in"),
    "cell-to-null": ("1 value is withdrawn", "{} values are withdrawn"),
    "reference-dangling": ("1 reference points to nothing", "{} references point to nothing"),
}
"""What a reason says: of one, and of more."""

_REFERENCES: Mapping[str, tuple[str, str]] = {
    "dangling": (
        "1 row refers to a row of {target} that is not there",
        "{count} rows refer to rows of {target} that are not there",
    ),
    "repointed": ("1 row refers to another row of {target}", "{count} rows refer to other rows of {target}"),
    "parent-changed": (
        "1 row refers to a row of {target} that has changed", "{count} rows refer to rows of {target} that have changed"
    ),
}  # fmt: skip
_OPERATIONS = {"renamed": "is called", "merged": "is merged into", "split": "is split into", "removed": "is removed"}
_STATUSES = {
    "unchanged": "is what it was",
    "changed": "has changed",
    "added": "is new",
    "removed": "is gone",
    "renamed": "is called",
    "merged": "is merged into",
    "split": "is split into",
    "unknown": "is not in any table of either side",
}


@singledispatch
def sentence(about: Any) -> str:
    """Return a sentence about a part of a difference, on one line and without characters that act on a reader.

    Parameters
    ----------
    about
        A `Change`, `Reason`, `ReferenceChange`, `Lineage`, `Suggestion` or `Asked`.

    Examples
    --------
    >>> sentence(Change("enum-value-added", "lakes", "water", "enum", new="salt"))
    "lakes.water: the list of values has a new one, 'salt'"
    >>> sentence(Reason("id-removed", 3, "lakes", samples=("como", "garda")))
    'lakes: 3 ids are gone: como, garda and 1 more'
    >>> sentence(Lineage("lakes", "renamed", ("como",), ("lario",), "its own name", cells_changed=2))
    "lakes: 'como' is called 'lario' now, with 2 other cells changed: its own name"
    """
    message = f"expected a part of a difference that there are words for, found {type(about).__name__}"
    raise TypeError(message)


@sentence.register
def _(about: Change) -> str:
    return f"{_place(about.table, about.field)}: {_CHANGES[about.rule](about)}"


@sentence.register
def _(about: Reason) -> str:
    one, more = _COUNTED[about.rule]
    words = one if about.count == 1 else more.format(f"{about.count:,}")
    samples = listed([visible(sample, _NAME) for sample in about.samples], about.count)
    return f"{_place(about.table, about.field)}: {words}{': ' if samples else ''}{samples}"


@sentence.register
def _(about: ReferenceChange) -> str:
    one, more = _REFERENCES[about.kind]
    form = one if about.count == 1 else more
    fields = "+".join(visible(name, _NAME) for name in about.fields)
    words = form.format(count=f"{about.count:,}", target=visible(about.target, _NAME))
    return f"{_place(about.table, fields)}: {words}"


@sentence.register
def _(about: Lineage) -> str:
    words = f"'{key_text(about.old)}' {_OPERATIONS[about.operation]}"
    if about.new:
        words += f" '{key_text(about.new)}'"
    if about.operation == "renamed":
        words += " now"
        if about.cells_changed:
            words += f", with {counted(about.cells_changed, 'other cell')} changed"
    reason = f": {visible(about.reason, 300)}" if about.reason else ""
    return f"{_place(about.table, None)}: {words}{reason}"


@sentence.register
def _(about: Suggestion) -> str:
    old, new = key_text(about.old), key_text(about.new)
    words = f"'{old}' is gone and '{new}' is new with the same content: perhaps it was renamed"
    return f"{_place(about.table, None)}: the {about.what} {words}"


@sentence.register
def _(about: Asked) -> str:
    new = listed([f"'{visible(name, _NAME)}'" for name in about.new])
    words = f"'{visible(about.id, _NAME)}' {_STATUSES[about.status]}{' ' if new else ''}{new}"
    return f"{_place(about.table, None)}: {words}" if about.table else words


@sentence.register
def _(about: Setting) -> str:
    column = _place(about.table or None, about.columns[0] if about.columns else None)
    words = {
        SettingKind.KEY: f"{_place(about.table, None)}: rows are paired by {_fields(about.columns)}",
        SettingKind.IGNORE: f"{column} is ignored",
        SettingKind.TOLERANCE: f"numbers in {column} may differ by {visible(about.value, _NAME)}",
        SettingKind.SPACES: "spaces at the end of cells are ignored",
    }[about.kind]
    return words if about.kind is SettingKind.KEY else f"{words}: {counted(about.hidden, 'change')} hidden"


def vanished_sentence(table: str, keys: Sequence[tuple[str, ...]], *, has_lineage: bool = True) -> str:
    """Return a sentence about ids that are gone, and, in a package that declares lineage, what to do about it.

    Examples
    --------
    >>> vanished_sentence("lakes", [("como",)])
    'lakes: 1 id is gone, and id_changes does not say what became of it; add a row for it: como'
    >>> vanished_sentence("lakes", [("como",), ("garda",)], has_lineage=False)
    'lakes: 2 ids are gone: como, garda'
    """
    one = len(keys) == 1
    ids = f"{counted(len(keys), 'id')} {'is' if one else 'are'} gone"
    if has_lineage:
        means = "it; add a row for it" if one else "them; add a row for each"
        ids = f"{ids}, and id_changes does not say what became of {means}"
    return f"{_place(table, None)}: {ids}: {listed([key_text(key) for key in keys])}"
