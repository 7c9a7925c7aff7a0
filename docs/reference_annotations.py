"""The keys and labels of annotation files, from the forms that the reader uses and from the schemas."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from readouts.annotations import forms
from readouts.corpus_schema.bundled import bundled_schemas
from readouts.corpus_schema.tables import tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from readouts.annotations.forms import Form, Key

__all__ = ["MEANINGS", "key_tables", "label_tables", "predicate_table"]

_SECTIONS = (
    ("corpus.yaml", forms.CORPUS),
    ("A licence of the corpus", forms.LICENSE),
    ("A contributor", forms.PERSON),
    ("A source of the corpus", forms.SOURCE),
    ("A finding of the release gates that is accepted", forms.ACCEPTED),
    ("entities.yaml", forms.ENTITIES),
    ("An entity", forms.ENTITY),
    ("A standing relation", forms.STANDING_RELATION),
    ("events/EVENT.yaml", forms.EVENT),
    ("A participant", forms.PARTICIPANT),
    ("An account", forms.ACCOUNT),
    ("An alignment", forms.ALIGNMENT),
    ("articles/ARTICLE.yaml", forms.ARTICLE),
    ("A carriage", forms.CARRIAGE),
    ("A region", forms.REGION),
    ("A statement", forms.STATEMENT),
    ("A step of a source chain", forms.STEP),
    ("A relation", forms.RELATION),
)
MEANINGS = {
    "accepted": "The findings of the release gates that are accepted, one per gate.",
    "accounts": "The documents that the parties issued, by id, as far as articles carry them.",
    "addressee_at": "Spans: the words that name the addressee.",
    "addressees": "Several addressees, each with its spans, in place of `addressee`.",
    "against": "The version of the release that it is accepted against: another comparison needs an entry of its own.",
    "alignments": "How statements about the event compare, by local name.",
    "at": "Spans: the words that it was read from, or that name it.",
    "carries": "The accounts that the article carries, by id.",
    "chains": "Named source chains, for `sources` of statements.",
    "content": "Spans of the content.",
    "contributors": "Who made the corpus.",
    "cue": "Spans: the words that attribute.",
    "defaults": "What every statement has that doesn't say otherwise.",
    "description": "A sentence or two on it.",
    "edge": "Subject, predicate, mode and object in one line: `SUBJECT PREDICATE/MODE OBJECT`.",
    "entities": "The entities, by id.",
    "found": "The value found, as the finding shows it; a different value is a different finding.",
    "gate": "The gate that isn't passed.",
    "keywords": "Words to find it by.",
    "licenses": "The licences of the data.",
    "made_by": "Who or what made the annotation; a statement or alignment may say otherwise.",
    "mentions": "Per entity, the spans that name it.",
    "name": "Its name: for a licence its identifier, such as `CC-BY-4.0`.",
    "organization": "The body that the contributor belongs to.",
    "participants": "The parties to the event, by entity.",
    "path": "Its address on the web.",
    "quoted": "Spans: the words of the content between quotation marks.",
    "reason": "Why it is accepted, in a sentence.",
    "regions": "Stretches of the text that are a headline, a caption, boilerplate or a reprinted account.",
    "relations": "Relations, by local name.",
    "released": "The day of the release.",
    "review": "How many people have read it.",
    "reviewed_by": "The contributors who read it, as many as the review says.",
    "roles": "What the contributor did.",
    "sources": "For a statement: the source chain, outermost step first. For the corpus: where its texts are from.",
    "statements": "Statements, by local name.",
    "text": "Written by `readouts anchor`: length, hashes and spans of the text.",
    "title": "Its title, or the contributor's name.",
    "version": "The version of the data.",
}
"""What the keys hold that fill no column."""
_LABELS = (
    ("entities", "kind wikidata_status"),
    ("events", "kind date_precision"),
    ("participants", "role side"),
    ("accounts", "kind"),
    ("alignments", "relation aspect scope"),
    ("articles", "kind rights"),
    ("carriages", "completeness"),
    ("spans", "role"),
    ("statements", "form medium act topic polarity certainty modality review"),
    ("relations", "status fit"),
)


def key_tables() -> str:
    """Return a table of keys for each kind of mapping in annotation files."""
    return "\n" + "\n".join(_section(title, form) for title, form in _SECTIONS)


def _section(title: str, form: Form) -> str:
    heading = f"`{title}`" if title.endswith(".yaml") else title
    rows = [f"| {' | '.join(_row(form, key))} |" for key in form.keys]
    head = [f"### {heading}", "", "| key | required | what it holds | values |", "|---|---|---|---|"]
    return "\n".join([*head, *rows, ""])


def _row(form: Form, key: Key) -> Iterator[str]:
    yield f"`{key.name}`"
    yield "yes" if key.required else ""
    if key.column is None:
        if key.name not in MEANINGS:
            message = f"docs/reference_annotations.py: say in MEANINGS what the key '{key.name}' of {form.what} holds."
            raise SystemExit(message)
        yield MEANINGS[key.name]
        yield ""
        return
    field = tables()[form.table].field(key.column)
    yield _cell(field.description)
    target = tables()[form.table].references.get(key.column)
    anchor = _anchor(form.table, key.column)
    if anchor:
        yield f"[labels](#{anchor})"
    elif key.name in {"predicate", "mode", "contexts"}:
        yield "[PLOVER](#plover)"
    else:
        yield f"id of {target}" if target else field.type


def label_tables() -> str:
    """Return a table of labels with their meanings for each column that has a closed list of them."""
    parts = []
    for table, names in _LABELS:
        for name in names.split():
            categories = tables()[table].field(name).categories
            rows = [f"| `{each.value}` | {_cell(each.label)} |" for each in categories]
            parts += [f"### {table}: {name}", "", "| label | meaning |", "|---|---|", *rows, ""]
    return "\n" + "\n".join(parts) + "\n"


def _anchor(table: str, column: str) -> str:
    """Return the anchor of the labels of a column; empty where no table here has them."""
    if table == "accounts" and column == "side":
        table = "participants"
    if column == "review":
        table = "statements"
    shown = any(table == each and column in names.split() for each, names in _LABELS)
    return f"{table}-{column}" if shown else ""


def predicate_table() -> str:
    """Return PLOVER's events with their modes, and the contexts."""
    labels = json.loads((bundled_schemas() / "plover.json").read_text(encoding="utf-8"))
    rows = [
        f"| `{name}` | {', '.join(f'`{mode}`' for mode in event['modes'])} | {event['recipient']} |"
        for name, event in labels["events"].items()
    ]
    contexts = ", ".join(f"`{each}`" for each in labels["contexts"])
    head = ["", "| predicate | modes | object |", "|---|---|---|"]
    return "\n".join([*head, *rows, "", f"Contexts: {contexts}.", ""]) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
