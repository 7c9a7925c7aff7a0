"""JSON Schemas of the annotation files, for editors and `check-jsonschema`: made from the forms that the reader uses.

They are of draft 7, which editors support best. An editor's parser may take a text for a number or a truth value
(`530`, `no`), so a text may be one of these too; only the reader sees what was written.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from readouts.annotations import forms
from readouts.annotations.forms import NAME, REGION_ROLES, STANDING, VERSION
from readouts.corpus_schema.plover import load_plover
from readouts.corpus_schema.tables import tables

if TYPE_CHECKING:
    from collections.abc import Collection

    from readouts.annotations.forms import Form
    from readouts.datapackage.schema.model import Field

__all__ = ["annotation_schemas"]

_Schema = dict[str, Any]
_TEXT = ["string", "number", "boolean"]
_DATE = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
_LOCAL = {"pattern": "^[a-z0-9]+$"}
_EDGE = ("subject", "predicate", "mode", "object")
_MADE = ("made_by", "review", "reviewed_by")


def annotation_schemas() -> dict[str, str]:
    """Return the JSON Schemas of the four kinds of annotation files, as texts, by the names of their files.

    Examples
    --------
    >>> list(annotation_schemas())
    ['article.json', 'event.json', 'entities.json', 'corpus.json']
    """
    made = {"article": _article(), "event": _event(), "entities": _entities(), "corpus": _corpus()}
    head = {"$schema": "http://json-schema.org/draft-07/schema#"}
    return {
        f"{name}.json": json.dumps({**head, **schema}, indent=2, ensure_ascii=False) + "\n"
        for name, schema in made.items()
    }


def _field(field: Field) -> _Schema:
    """Return the schema of a value that fills a column."""
    limits = field.constraints
    made: _Schema = {"description": field.description} if field.description else {}
    if field.type == "list":
        return {**made, "type": "array", "items": _text()}
    if field.type == "boolean":
        return {**made, "enum": [True, False, "true", "false"]}
    if field.type == "integer":
        return {**made, "type": ["integer", "string"], "minimum": 0, "pattern": "^[0-9]+$"}
    if field.type == "date":
        return {**made, "type": "string", "pattern": _DATE}
    if limits.enum is not None:
        labels = {each.value: each.label or "" for each in field.categories}
        made["enum"] = list(limits.enum)
        return made | ({"enumDescriptions": [labels.get(each, "") for each in limits.enum]} if labels else {})
    return {**made, **_text(limits.pattern, min_length=limits.min_length, max_length=limits.max_length)}


def _text(pattern: str | None = None, *, min_length: int | None = None, max_length: int | None = None) -> _Schema:
    limits = {"pattern": pattern, "minLength": min_length, "maxLength": max_length}
    return {"type": _TEXT, **{name: limit for name, limit in limits.items() if limit is not None}}


def _nullable(schema: _Schema) -> _Schema:
    """Return a schema that nothing meets too: a key may have nothing after it."""
    if "enum" in schema:
        made = {**schema, "enum": [*schema["enum"], None]}
        return made | {name: [*made[name], "None."] for name in ("enumDescriptions",) if name in made}
    if "type" in schema:
        types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        return {**schema, "type": [*types, "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


def _mapping(form: Form, special: dict[str, _Schema] | None = None, optional: Collection[str] = ()) -> _Schema:
    """Return the schema of a form: `special` of keys that fill no column, `optional` what need not be there."""
    special = special or {}
    properties = {}
    for key in form.keys:
        column = form.columns[key.name]
        schema = special.get(key.name)
        if schema is None:
            schema = _field(column.field) if column is not None else _text()
            if key.name in {"language", "original_language"}:
                schema["allOf"] = [{"pattern": f"^(?:{forms.LANGUAGE_CODES.pattern})"}]
        properties[key.name] = schema if key.required else _nullable(schema)
    required = [key.name for key in form.required if key.name not in optional]
    made = {"type": "object", "additionalProperties": False, "properties": properties}
    return {**made, **({"required": required} if required else {})}


def _by(names: _Schema, entry: _Schema) -> _Schema:
    return {"type": "object", "propertyNames": names, "additionalProperties": entry}


def _ids(table: str) -> _Schema:
    limits = tables()[table].field(tables()[table].primary_key[0]).constraints
    return {"pattern": limits.pattern, "maxLength": limits.max_length}


def _list(item: _Schema) -> _Schema:
    return {"type": "array", "items": item}


def _ref(name: str) -> _Schema:
    return {"$ref": f"#/definitions/{name}"}


def _related(form: Form, predicates: Collection[str], special: dict[str, _Schema], *, standing: bool) -> _Schema:
    """Return the schema of a relation: with an edge, or with the keys that it stands for."""
    plover = load_plover()
    ends = r"\s+\S+\s*$" if standing else r"(\s+\S+)?\s*$"
    edges = [each + (f"(/({'|'.join(plover.modes[each])}))?" if plover.modes.get(each) else "") for each in predicates]
    edge = {
        "description": "SUBJECT PREDICATE/MODE OBJECT, in place of the four keys.",
        "type": "string",
        "pattern": rf"^\s*\S+\s+({'|'.join(edges)}){ends}",
    }
    predicate = _field(tables()["relations"].field("predicate"))
    meanings = dict(zip(predicate["enum"], predicate["enumDescriptions"], strict=True))
    predicate |= {"enum": list(predicates), "enumDescriptions": [meanings[each] for each in predicates]}
    optional = (*_EDGE, *forms.RELATION_DEFAULTS.names) if not standing else _EDGE
    made = _mapping(form, {"edge": edge, "predicate": predicate, **special}, optional)
    keys = [key.name for key in form.required if key.name in _EDGE]
    return {
        **made,
        "if": {"required": ["edge"]},
        "then": {"properties": {name: False for name in _EDGE if name in form.names}},
        "else": {"required": keys},
    }


def _made(table: str) -> dict[str, _Schema]:
    return {name: _field(tables()[table].field(name)) for name in _MADE if name in tables()[table].field_names}


def _spans() -> dict[str, _Schema]:
    """Return the definitions of spans, anchored or draft."""
    offset = _field(tables()["spans"].field("start")) | {"description": "A position, counted from 0."}
    words = {"type": _TEXT, "not": {"type": "integer", "minimum": 0}, "pattern": r"[^0-9]"}
    count = {"type": ["integer", "string"], "minimum": 1, "pattern": "^[1-9][0-9]{0,8}$"}
    quote = _mapping(forms.QUOTE, {"occurrence": count})
    offsets = {"type": "array", "items": offset, "minItems": 2, "maxItems": 2}
    return {
        "span": {"anyOf": [words, offsets, quote]},
        "spans": {"anyOf": [_ref("span"), _list(_ref("span"))]},
        "someSpans": {"anyOf": [_ref("span"), {**_list(_ref("span")), "minItems": 1}]},
    }


def _article() -> _Schema:
    spans, some = _ref("spans"), _ref("someSpans")
    step = _mapping(forms.STEP, {"at": spans, "cue": spans})
    step["anyOf"] = [{"required": ["entity"]}, {"required": ["label"]}]
    name = {"type": ["string", "integer"], "description": "The name of a chain.", **_LOCAL}
    joint = {**_list(_ref("step")), "minItems": 1}
    chain = {"anyOf": [name, _ref("step"), {"type": "array", "items": {"anyOf": [name, _ref("step"), joint]}}]}
    contexts = _list({"enum": list(load_plover().contexts)})
    relation_defaults = _mapping(forms.RELATION_DEFAULTS, {"contexts": contexts})
    given = {"sources": _ref("chain"), "relations": relation_defaults}
    defaulted = [*forms.DEFAULTS.names]
    addressees = _by(_ids("entities"), {"anyOf": [spans, {"type": "null"}]})
    statement = _mapping(
        forms.STATEMENT,
        {"content": some, "quoted": spans, "addressee_at": spans, "addressees": addressees, "sources": _ref("chain")},
        defaulted,
    )
    role = _field(tables()["spans"].field("role"))
    meanings = dict(zip(role["enum"], role["enumDescriptions"], strict=True))
    role |= {"enum": list(REGION_ROLES), "enumDescriptions": [meanings[each] for each in REGION_ROLES]}
    region = _mapping(forms.REGION, {"role": role, "at": some})
    predicates = tables()["relations"].field("predicate").constraints.enum or ()
    relation = _related(forms.RELATION, predicates, {"at": some, "contexts": contexts}, standing=False)
    allotted = {"spans_allotted": {"type": ["integer", "string"], "minimum": 0, "pattern": "^[0-9]+$"}}
    special = {
        "text": _mapping(forms.TEXT, allotted),
        "carries": _by(_ids("accounts"), _mapping(forms.CARRIAGE)),
        "regions": _list(region),
        "defaults": _mapping(forms.DEFAULTS, given),
        "chains": _by(_LOCAL, _ref("chain")),
        "statements": _by(_LOCAL, statement),
        "mentions": _by(_ids("entities"), {"anyOf": [spans, {"type": "null"}]}),
        "relations": _by(_LOCAL, relation),
    }
    made = _mapping(forms.ARTICLE, {**special, **_made("statements")})
    return {"title": "An article", **made, "definitions": {**_spans(), "step": step, "chain": chain}}


def _event() -> _Schema:
    special = {
        "participants": _by(_ids("entities"), _mapping(forms.PARTICIPANT)),
        "accounts": _by(_ids("accounts"), _mapping(forms.ACCOUNT)),
        "alignments": _by(_LOCAL, _mapping(forms.ALIGNMENT)),
    }
    made = _mapping(forms.EVENT, {**special, **_made("alignments")})
    return {"title": "An event", **made, "dependencies": {"date": ["date_precision"], "date_precision": ["date"]}}


def _entities() -> _Schema:
    relation = _related(forms.STANDING_RELATION, STANDING, {}, standing=True)
    special = {
        "entities": _by(_ids("entities"), _mapping(forms.ENTITY)),
        "relations": _by(_ids("relations"), relation),
    }
    return {"title": "The registry of entities", **_mapping(forms.ENTITIES, special)}


def _corpus() -> _Schema:
    special = {
        "name": _text(f"^(?:{NAME.pattern})$"),
        "version": _text(f"^(?:{VERSION.pattern})$"),
        "released": {"type": "string", "pattern": _DATE},
        "keywords": _list(_text()),
        "licenses": {**_list(_mapping(forms.LICENSE)), "minItems": 1},
        "contributors": {**_list(_mapping(forms.PERSON, {"roles": _list(_text())})), "minItems": 1},
        "sources": _list(_mapping(forms.SOURCE)),
        "accepted": _list(_mapping(forms.ACCEPTED, {"against": _text(f"^(?:{VERSION.pattern})$")})),
    }
    return {"title": "A corpus", **_mapping(forms.CORPUS, special)}
