"""The four tables of the generated package: a corpus of calls between invented countries.

Every kind of constraint, key and reference that a validator must check occurs at least once.
"""

from __future__ import annotations

from typing import Any

__all__ = ["DESCRIPTOR", "KEYED", "ROWS", "SCHEMAS"]

# Rows of each table at scale 1.
ROWS = {"articles": 20_000, "entities": 50_000, "statements": 1_000_000, "relations": 300_000}

SLUG = "^[a-z0-9]+([._-][a-z0-9]+)*$"
PREDICATES = (
    "agree", "consult", "support", "cooperate", "aid", "yield", "request", "accuse", "reject", "threaten", "protest",
    "sanction", "mobilize", "coerce", "assault", "retreat",
)  # fmt: skip
TOPICS = ("harbours", "grain", "borders", "fisheries", "tariffs", "pipelines", "elections", "prisoners", "weather")
ACTS = ("say", "stress", "urge", "propose", "accuse", "deny", "promise", "agree", "request", "warn")
KINDS = ("government", "office", "organisation", "outlet", "person", "place", "state")


def _field(name: str, kind: str = "string", /, **rest: Any) -> dict[str, Any]:
    """Return a field; keywords that the standard has among the constraints go there."""
    properties = {"format", "itemType", "delimiter", "trueValues", "falseValues", "missingValues", "categories"}
    constraints = {key: value for key, value in rest.items() if key not in properties}
    field = {"name": name, "type": kind, **{key: value for key, value in rest.items() if key in properties}}
    return field | ({"constraints": constraints} if constraints else {})


def _reference(fields: str | list[str], resource: str, to: str | list[str]) -> dict[str, Any]:
    listed = [[each] if isinstance(each, str) else each for each in (fields, to)]
    # A table that refers to itself doesn't name itself.
    return {"fields": listed[0], "reference": ({"resource": resource} if resource else {}) | {"fields": listed[1]}}


def _schema(fields: list[dict[str, Any]], key: list[str], **rest: Any) -> dict[str, Any]:
    return {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "fields": fields,
        "missingValues": ["", "NA"],
        "primaryKey": key,
        **rest,
    }


ARTICLES = _schema(
    [
        _field("article_id", required=True, pattern=SLUG, maxLength=60),
        _field("outlet", required=True, pattern=SLUG),
        _field("kind", required=True, enum=["press", "readout", "repost"]),
        _field("title", required=True, minLength=5, maxLength=160),
        _field("url", format="uri", required=True, unique=True),
        _field("published_on", "date", required=True, minimum="2025-01-01", maximum="2040-12-31"),
        _field("retrieved_at", "datetime", required=True, minimum="2025-01-01T00:00:00Z"),
        _field("year", "year", minimum=2025, maximum=2040),
        _field("language", required=True, pattern="^[a-z]{2}$"),
        _field("character_count", "integer", required=True, minimum=1),
        _field("word_count", "integer", required=True, exclusiveMinimum=0, exclusiveMaximum=100_000),
        _field("sha256", required=True, unique=True, pattern="^[0-9a-f]{64}$"),
        _field("is_translation", "boolean", required=True),
        _field("tags", "list", maxLength=4),
        _field("lead", minLength=5, maxLength=400),
    ],
    ["article_id"],
)

ENTITIES = _schema(
    [
        _field("entity_id", required=True, pattern=SLUG, maxLength=60),
        _field("kind", required=True, enum=list(KINDS)),
        _field("name", required=True, minLength=3, maxLength=60),
        _field("registry_id", unique=True, pattern="^Q[1-9][0-9]*$"),
        _field("country", pattern="^[A-Z]{2}$"),
        _field("founded", "year", minimum=1500, maximum=2040),
        _field("latitude", "number", minimum=-90, maximum=90),
        _field("longitude", "number", exclusiveMinimum=-180.5, exclusiveMaximum=180.5),
        _field("aliases", "list", maxLength=5),
        _field("is_active", "boolean", required=True),
        _field("homepage", format="uri"),
        _field("description", minLength=5, maxLength=400),
    ],
    ["entity_id"],
    uniqueKeys=[["kind", "name"]],
)

STATEMENTS = _schema(
    [
        _field("statement_id", required=True, pattern=SLUG, maxLength=80),
        _field("article_id", required=True),
        _field("number", "integer", required=True, minimum=1),
        _field("speaker_id", pattern=SLUG),
        _field("addressee_id"),
        _field("parent_statement_id"),
        _field("form", required=True, categories=["direct", "indirect", "mixed", "free_indirect"]),
        _field("act", required=True, enum=list(ACTS)),
        _field("topic", required=True, enum=list(TOPICS)),
        _field("confidence", "number", exclusiveMinimum=0, maximum=1),
        _field("start", "integer", required=True, minimum=0, maximum=1_000_000),
        _field("end", "integer", required=True, exclusiveMinimum=0),
        _field("is_negated", "boolean", required=True, trueValues=["true"], falseValues=["false"]),
        _field("spoken_on", "date", minimum="2025-01-01"),
        _field("summary", required=True, minLength=5, maxLength=200),
        _field("note", minLength=5, maxLength=200),
    ],
    ["statement_id"],
    uniqueKeys=[["article_id", "number"]],
    foreignKeys=[
        _reference("article_id", "articles", "article_id"),
        _reference("speaker_id", "entities", "entity_id"),
        _reference("addressee_id", "entities", "entity_id"),
        _reference("parent_statement_id", "", "statement_id"),
    ],
)

RELATIONS = _schema(
    [
        _field("article_id", required=True),
        _field("number", "integer", required=True, minimum=1),
        _field("statement_number", "integer", required=True),
        _field("subject_id", required=True),
        _field("predicate", required=True, enum=list(PREDICATES)),
        _field("mode", pattern="^[a-z]+(_[a-z]+)*$", maxLength=30),
        _field("object_id"),
        _field("contexts", "list", maxLength=3),
        _field("offsets", "list", itemType="integer", required=True, minLength=1, maxLength=6),
        _field("status", required=True, enum=["actual", "historical", "future", "hypothetical", "negated"]),
        _field("valid_from", "date", minimum="1990-01-01", maximum="2040-12-31"),
        _field("intensity", "number", minimum=-10, maximum=10, missingValues=["", "n/a"]),
        _field("mentions", "integer", minimum=0, exclusiveMaximum=1000),
        _field("recorded_at", "datetime", required=True),
        _field("is_public", "boolean"),
        _field("remark", minLength=5, maxLength=200),
    ],
    ["article_id", "number"],
    foreignKeys=[
        _reference("article_id", "articles", "article_id"),
        _reference(["article_id", "statement_number"], "statements", ["article_id", "number"]),
        _reference("subject_id", "entities", "entity_id"),
        _reference("object_id", "entities", "entity_id"),
    ],
)

SCHEMAS: dict[str, dict[str, Any]] = {
    "articles": ARTICLES,
    "entities": ENTITIES,
    "statements": STATEMENTS,
    "relations": RELATIONS,
}

DESCRIPTOR: dict[str, Any] = {
    "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
    "name": "generated",
    "title": "Generated",
    "description": "Calls between countries that don't exist. Every value is made up by a generator.",
    "version": "1.0.0",
    "created": "2031-05-01T00:00:00Z",
    "licenses": [{"name": "CC0-1.0", "path": "https://creativecommons.org/publicdomain/zero/1.0/", "title": "CC0"}],
    "contributors": [{"title": "Generator", "roles": ["creator"]}],
}


def _keyed() -> dict[str, frozenset[str]]:
    columns: dict[str, set[str]] = {table: set() for table in SCHEMAS}
    for table, schema in SCHEMAS.items():
        columns[table].update(schema["primaryKey"])
        columns[table].update(name for names in schema.get("uniqueKeys", []) for name in names)
        columns[table].update(field["name"] for field in schema["fields"] if field.get("constraints", {}).get("unique"))
        for foreign_key in schema.get("foreignKeys", []):
            columns[table].update(foreign_key["fields"])
            columns[foreign_key["reference"].get("resource", table)].update(foreign_key["reference"]["fields"])
    return {table: frozenset(names) for table, names in columns.items()}


# The columns of each table that belong to a key or a reference: to change one of them can make a defect elsewhere.
KEYED = _keyed()
