"""The keys that each place of an annotation file takes, and the column that each one fills.

A form is data: the reader refuses every other key, the scaffolds and the documentation follow it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

from readouts.corpus_schema.tables import tables

if TYPE_CHECKING:
    from readouts.datapackage.schema.model import Field

_LANGUAGES = frozenset({"language", "original_language"})
# Codes of languages in ISO 639-1: the form of a tag can't tell them from those of countries, such as `cn` and `ua`.
LANGUAGE_CODES = re.compile(
    "a[abefkmnrsvyz]|b[aegimnors]|c[aehorsuvy]|d[aevz]|e[elnostu]|f[afijory]|g[adlnuv]|h[aeiortuyz]|i[adegikostu]|j[av]|"
    "k[agijklmnorsuvwy]|l[abginotuv]|m[ghiklnrsty]|n[abdeglnorvy]|o[cjmrs]|p[ailst]|qu|r[mnouw]|s[acdegiklmnoqrstuvw]|"
    "t[aeghiklnorstwy]|u[gkrz]|v[eio]|w[ao]|xh|y[io]|z[ahu]"
)
VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)", re.ASCII)
NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")
REGION_ROLES = ("headline", "caption", "readout", "boilerplate")
STANDING = ("holds_office", "part_of", "member_of", "represents")
_MOST_KNOWN, _LONGEST_KNOWN = 20_000, 100

__all__ = [
    "ACCEPTED",
    "ACCOUNT",
    "ALIGNMENT",
    "ARTICLE",
    "CARRIAGE",
    "CORPUS",
    "DEFAULTS",
    "ENTITIES",
    "ENTITY",
    "EVENT",
    "LANGUAGE_CODES",
    "LICENSE",
    "NAME",
    "PARTICIPANT",
    "PERSON",
    "QUOTE",
    "REGION",
    "REGION_ROLES",
    "RELATION",
    "RELATION_DEFAULTS",
    "SOURCE",
    "STANDING",
    "STANDING_RELATION",
    "STATEMENT",
    "STEP",
    "TEXT",
    "VERSION",
    "Column",
    "Form",
    "Key",
    "column",
]


@dataclass(frozen=True, slots=True)
class Key:
    """One key: its name, the column it fills (None where it holds something else), and whether it must be there."""

    name: str
    column: str | None = None
    required: bool = False


@dataclass(frozen=True)
class Column:
    """One column as cells are read into it.

    Attributes
    ----------
    table, name
        The table, and its column.
    field
        What the schema says about the column.
    target
        The table that it refers to.
    known
        Values on one line that were found to be good: the same come again and again. Lists aren't among them.
    """

    table: str
    name: str
    field: Field
    target: str | None
    known: set[str]

    def problem(self, text: str) -> tuple[str, str] | None:
        """Say what is wrong with a text as a cell, as `Field.problem` does."""
        problem = self.field.problem(text)
        if self.name in _LANGUAGES and (problem is not None or not LANGUAGE_CODES.match(text)):
            return "constraint-error", _language(text)
        short = len(text) < _LONGEST_KNOWN and len(self.known) < _MOST_KNOWN
        if problem is None and short and text.isprintable() and self.field.type != "list":
            self.known.add(text)
        return problem


def _language(text: str) -> str:
    """Say what is expected of a language, and what a text that is none lacks."""
    if re.fullmatch("(zh|zho|chi|cmn|cn|chinese|mandarin)([-_].*)?", text.casefold()):
        hint = "Give the script of Chinese: 'zh-Hans' (simplified) or 'zh-Hant' (traditional)."
    else:
        hint = "Write the two letters of ISO 639-1; a script and a region may follow, as in 'sr-Latn-RS'."
    return f"a BCP 47 tag, such as 'en', 'ru', 'zh-Hans' or 'zh-Hant'. {hint}"


@cache
def column(table: str, name: str) -> Column:
    """Return a column of a table.

    Examples
    --------
    >>> column("statements", "speaker_id").target
    'entities'
    """
    schema = tables()[table]
    return Column(table, name, schema.field(name), schema.references.get(name), set())


@dataclass(frozen=True)
class Form:
    """One kind of mapping: what it is called in messages, the table it makes a row of (or none), and its keys."""

    what: str
    table: str
    all_keys: tuple[Key, ...]

    @cached_property
    def keys(self) -> tuple[Key, ...]:
        """The keys: an older release, built with the schemas of its time, has those whose columns are in these."""
        known = tables()[self.table].field_names if self.table in tables() else ()
        return tuple(key for key in self.all_keys if key.column is None or key.column in known)

    @cached_property
    def required(self) -> tuple[Key, ...]:
        """The keys that must be there."""
        return tuple(key for key in self.keys if key.required)

    @cached_property
    def columns(self) -> dict[str, Column | None]:
        """The column that each key fills, by name; None where it fills none."""
        return {key.name: None if key.column is None else column(self.table, key.column) for key in self.keys}

    @cached_property
    def names(self) -> dict[str, Key]:
        """The keys by name, in the order in which they are usually written."""
        return {key.name: key for key in self.keys}


def _form(what: str, table: str, *keys: str) -> Form:
    """Make a form from keys written as `name`, `name=column` or `name=` (no column); a final `!` makes it required."""
    made = []
    for text in keys:
        required = text.endswith("!")
        name, equals, column = text.removesuffix("!").partition("=")
        made.append(Key(name, column or None if equals else name, required))
    return Form(what, table, tuple(made))


_MADE = ("made_by=", "review=", "reviewed_by=")

CORPUS = _form(
    "the corpus", "", "name=!", "title=!", "description=!", "version=!", "released=!", "keywords=",
    "licenses=!", "contributors=!", "sources=", "accepted=",
)  # fmt: skip
LICENSE = _form("a licence", "", "name=!", "title=!", "path=!")
PERSON = _form("a contributor", "", "title=!", "roles=!", "path=", "organization=")
ACCEPTED = _form("an accepted finding", "", "gate=!", "against=!", "found=!", "reason=!")
SOURCE = _form("a source", "", "title=!", "path=")

ENTITIES = _form("the registry", "", "entities=!", "relations=")
ENTITY = _form(
    "an entity", "entities", "kind!", "name!", "description!", "country", "aliases", "wikidata_id",
    "wikidata_status", "wikidata_source",
)  # fmt: skip
STANDING_RELATION = _form(
    "a standing relation", "relations", "edge=", "subject=subject_id!", "predicate!", "object=object_id!", "status!",
    "valid_from", "valid_to", "fit!",
)  # fmt: skip

EVENT = _form(
    "an event", "events", "kind!", "title!", "date", "date_precision", "place=place_id", "parent=parent_event_id",
    "side_a=side_a_id", "side_b=side_b_id", "participants=", "accounts=", "alignments=", *_MADE,
)  # fmt: skip
PARTICIPANT = _form("a participant", "participants", "role!", "side!")
ACCOUNT = _form("an account", "accounts", "issuer=issuer_id!", "side!", "kind!", "issued_on", "original_language")
ALIGNMENT = _form(
    "an alignment", "alignments", "a=statement_a!", "b=statement_b!", "aspect", "relation!", "scope!", "rationale!",
    "made_by", "review", "reviewed_by",
)  # fmt: skip

ARTICLE = _form(
    "an article", "articles", "title!", "outlet=outlet_id", "kind!", "url", "published_on", "retrieved_on",
    "archived_url", "language!", "rights!", *_MADE, "text=", "carries=", "regions=", "defaults=", "chains=",
    "statements=", "mentions=", "relations=",
)  # fmt: skip
TEXT = _form(
    "a text", "articles", "character_count!", "word_count", "sha256_raw!", "sha256_skeleton!", "normaliser!",
    "spans_allotted=!",
)  # fmt: skip
CARRIAGE = _form("a carriage", "carriages", "completeness!", "is_translation!")
REGION = _form("a region", "spans", "role!", "account=account_id", "at=!")
STATEMENT = _form(
    "a statement", "statements", "event=event_id", "addressee=addressee_id", "form!", "medium!", "act!", "topic!",
    "polarity!", "certainty!", "modality!", "summary!", "parent=parent_statement_id", "content=!", "quoted=",
    "addressee_at=", "addressees=", "sources=!", "made_by", "review", "reviewed_by",
)  # fmt: skip
DEFAULTS = _form(
    "the defaults", "statements", "event=event_id", "addressee=addressee_id", "form", "medium", "act", "topic",
    "polarity", "certainty", "modality", "sources=", "relations=",
)  # fmt: skip
STEP = _form(
    "a source of a statement", "attributions", "entity=entity_id", "label", "account=account_id", "at=", "cue="
)
RELATION = _form(
    "a relation", "relations", "edge=", "subject=subject_id!", "predicate!", "mode", "object=object_id", "contexts",
    "status!", "event=event_id", "statement=statement_id", "valid_from", "valid_to", "fit!", "at=!",
)  # fmt: skip
RELATION_DEFAULTS = _form(
    "the defaults of relations", "relations", "contexts", "status", "event=event_id", "valid_from", "valid_to", "fit"
)
QUOTE = _form("a draft of a span", "", "quote=!", "within=", "occurrence=")
