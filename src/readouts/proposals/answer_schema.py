"""The JSON Schema of an answer: what a language model writes of a text, made from the forms of annotation files.

It keeps to the part of JSON Schema that the structured output of model interfaces takes: every object is closed, every
property is there, a value that may be missing is null, and limits are put into words. What it can't say, such as the
length of a summary, is checked when the answer is imported.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from readouts.annotations import forms
from readouts.corpus_schema.plover import load_plover
from readouts.corpus_schema.tables import tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from readouts.annotations.forms import Form
    from readouts.datapackage.schema.model import Field

__all__ = ["DIALECT", "PARTS", "answer_schema", "answer_types", "known_labels", "part_schema"]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
PARTS = {"regions": "region", "statements": "statement", "mentions": "mention", "relations": "relation"}
"""The lists of an answer, and the type of what each one holds."""

_Schema = dict[str, Any]
_MADE = frozenset(["made_by", "review", "reviewed_by"])
_ELSEWHERE = {
    forms.STATEMENT: _MADE | {"addressee", "addressee_at"},
    forms.RELATION: frozenset({"edge"}),
}
"""Keys of annotation files that an answer doesn't have: it writes one thing in one way, and reviews nothing."""


def answer_schema() -> str:
    """Return the JSON Schema of an answer (draft 2020-12) as text.

    Examples
    --------
    >>> schema = json.loads(answer_schema())
    >>> schema["required"]
    ['article', 'regions', 'statements', 'mentions', 'relations']
    """
    lists = {name: _list(_ref(kind)) for name, kind in PARTS.items()}
    article = {"type": "string", "description": "Id of the article."}
    whole = _object({"article": article, **lists}, {"article", *lists}, "The annotation of one article.")
    document = {"$schema": DIALECT, "title": "The annotation of an article", **whole, "$defs": answer_types()}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


@cache
def answer_types() -> dict[str, _Schema]:
    """Return the schema of each type by its name, every property required."""
    spans, some = _list(_ref("words")), {**_list(_ref("words")), "minItems": 1}
    name = {"type": "string", "description": "A local name: s01, s02 and so on, in reading order."}
    entity = _value(tables()["spans"].field("entity_id"))
    roles = _value(tables()["spans"].field("role"), forms.REGION_ROLES)
    occurrence = {"type": "integer", "description": "Which of several places is meant, counted from 1."}
    words = {
        "quote": {"type": "string", "description": "Words of the text, to the letter."},
        "within": {
            "type": "string",
            "description": "A longer stretch that is in the text once and has the words once.",
        },
        "occurrence": occurrence,
    }
    addressee = {"entity": entity, "at": {**spans, "description": "Where the text names it."}}
    steps = {**_list({**_list(_ref("source")), "minItems": 1}), "minItems": 1}
    steps["description"] = "The chain of sources, the outermost step first; the sources of one step are joint."
    quoted = {**spans, "description": "The words of the content between quotation marks, without the marks."}
    content = {**some, "description": "The words that express the claim, in reading order."}
    chain = {"content": content, "quoted": quoted, "addressees": _list(_ref("addressee")), "sources": steps}
    contexts = _list({"type": "string", "enum": list(load_plover().contexts)})
    at = {**spans, "description": "The words that name it, if the sentence has them."}
    cue = {**spans, "description": "The words that attribute, with the first source of a step."}
    mention = {"entity": entity, "at": {**some, "description": "Each place that names it."}}
    return {
        "words": {"anyOf": [words["quote"], _form(forms.QUOTE, words)]},
        "region": _form(forms.REGION, {"role": roles, "at": some}),
        "source": _form(forms.STEP, {"at": at, "cue": cue}),
        "addressee": _object(addressee, addressee),
        "statement": _form(forms.STATEMENT, chain, {"name": name}),
        "mention": _object(mention, mention),
        "relation": _form(forms.RELATION, {"contexts": contexts, "at": some}),
    }


def part_schema(kind: str) -> _Schema:
    """Return the schema that a part must match: what may be null or an empty list may also be left out, or be null."""
    return {"$defs": {name: _relaxed(schema) for name, schema in answer_types().items()}, "$ref": f"#/$defs/{kind}"}


@cache
def known_labels() -> dict[str, tuple[str, ...]]:
    """Return the labels of each property that has a vocabulary."""
    found: dict[str, tuple[str, ...]] = {}
    for schema in answer_types().values():
        for name, value in schema.get("properties", {}).items():
            labels = value.get("enum") or value.get("items", {}).get("enum")
            if labels:
                found[name] = tuple(filter(None, labels))
    return found


def _relaxed(schema: _Schema) -> _Schema:
    if "anyOf" in schema:
        return {"anyOf": [_relaxed(each) for each in schema["anyOf"]]}
    if "properties" not in schema:
        return schema
    needed = [name for name, value in schema["properties"].items() if not _may_be_missing(value)]
    properties = {
        name: value if name in needed or "null" in value["type"] else {**value, "type": [value["type"], "null"]}
        for name, value in schema["properties"].items()
    }
    return {**schema, "properties": properties, "required": needed}


def _may_be_missing(schema: _Schema) -> bool:
    kind = schema.get("type", ())
    return "null" in kind or (kind == "array" and "minItems" not in schema)


def _form(form: Form, special: Mapping[str, _Schema], first: Mapping[str, _Schema] | None = None) -> _Schema:
    """Return the schema of a form: `special` of keys that fill no column as they are, `first` what comes before."""
    made = dict(first or {})
    for key in form.keys:
        if key.name in _ELSEWHERE.get(form, ()):
            continue
        column = form.columns[key.name]
        schema = special.get(key.name)
        if schema is None and column is not None:
            schema = _value(column.field)
        if schema is not None:
            made[key.name] = schema if key.required or schema.get("type") == "array" else _nullable(schema)
    return _object(made, made)


def _value(field: Field, labels: tuple[str, ...] | None = None) -> _Schema:
    """Return the schema of a column's value, with its limits and the meanings of its labels in the description."""
    limits = field.constraints
    said = [field.description or ""]
    chosen = labels or limits.enum
    if chosen is not None:
        meanings = {each.value: each.label or "" for each in field.categories}
        said += [f"{each}: {meanings[each]}" for each in chosen if meanings.get(each)]
        return {"type": "string", "enum": list(chosen), "description": "\n".join(said)}
    if limits.max_length is not None and limits.pattern is None:
        said.append(f"At most {limits.max_length} characters.")
    if field.type == "date":
        said.append("YYYY-MM-DD.")
    return {"type": "string", "description": " ".join(said)}


def _nullable(schema: _Schema) -> _Schema:
    made = {**schema, "type": [schema["type"], "null"]}
    return made | ({"enum": [*schema["enum"], None]} if "enum" in schema else {})


def _object(properties: Mapping[str, _Schema], required: Any, description: str | None = None) -> _Schema:
    head = {} if description is None else {"description": description}
    made = {"type": "object", **head, "properties": dict(properties)}
    return {**made, "required": [name for name in properties if name in required], "additionalProperties": False}


def _list(item: _Schema) -> _Schema:
    return {"type": "array", "items": item}


def _ref(name: str) -> _Schema:
    return {"$ref": f"#/$defs/{name}"}
