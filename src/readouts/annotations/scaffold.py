"""`readouts new`: the first form of an article's or an event's file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from readouts.annotations.forms import ARTICLE, EVENT, Form
from readouts.corpus_schema.tables import tables
from readouts.datapackage.errors import ReadoutsError
from readouts.datapackage.package.transaction import replace_file

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["new_article", "new_event"]

_STATEMENT = """\
  # s01:
  #   event:              # the event it speaks of, if any
  #   addressee:
  #   form:               # direct, indirect, mixed, free_indirect
  #   medium:             # speech, writing, thought
  #   act:
  #   topic:
  #   polarity:           # positive, negative, unclear
  #   certainty:          # certain, probable, possible, unknown
  #   modality:
  #   summary:            # own words, at most 200 characters
  #   content: [{quote: "words of the text"}]
  #   sources:            # outermost first
  #     - {entity: , account: , at: [{quote: ""}], cue: [{quote: ""}]}
"""
_EXAMPLES = {
    "carries": "  # account-id: {completeness: reported, is_translation: false}\n",
    "regions": '  # - {role: headline, at: [{quote: "words of the text"}]}\n',
    "statements": _STATEMENT,
    "mentions": '  # entity-id: [{quote: "Name"}, {quote: "Name", within: "more of the sentence with Name"}]\n',
    "relations": (
        "  # r01: {subject: , predicate: , mode: , object: , contexts: [], status: , event: , statement: ,\n"
        '  #       fit: exact, at: [{quote: "words of the text"}]}\n'
    ),
    "participants": "  # entity-id: {role: principal, side: a}\n",
    "accounts": "  # account-id: {issuer: , side: a, kind: readout, issued_on: , original_language: }\n",
    "alignments": (
        "  # a01: {a: article.s01, b: article.s02, aspect: claim, relation: same_claim, scope: cross_side,\n"
        "  #       rationale: }\n"
    ),
}
_REVIEW = {"review": "machine"}


def _comment(form: Form, column: str | None, *, required: bool) -> str:
    if column is None:
        return ""
    field = tables()[form.table].field(column)
    enum = field.constraints.enum
    says = ", ".join(enum) if enum is not None else field.title
    return f"  # {'' if required else 'optional: '}{says}"


def _scaffold(form: Form, values: dict[str, str], skip: frozenset[str]) -> str:
    lines = []
    for key in form.keys:
        if key.name in skip:
            continue
        if key.name in _EXAMPLES:
            lines.append(f"{key.name}:\n{_EXAMPLES[key.name]}")
            continue
        value = values.get(key.name, "")
        head = f"{key.name}: {value}".rstrip()
        lines.append(f"{head}{'' if value else _comment(form, key.column, required=key.required)}\n")
    return "".join(lines)


def _quoted(value: str) -> str:
    plain = re.fullmatch(r"[^\W_][^:#]*[^\s:#]", value) is not None and value.isprintable() and value != "null"
    return value if plain else '"' + "".join(map(_escaped, value)) + '"'


def _escaped(character: str) -> str:
    if character in '\\"':
        return f"\\{character}"
    return character if character.isprintable() else f"\\U{ord(character):08X}"


def _write(folder: Path, name: str, table: str, text: str) -> Path:
    column = tables()[table].primary_key[0]
    problem = tables()[table].field(column).problem(name)
    path = folder / f"{name}.yaml"
    if problem is not None:
        message = f"'{name}' can't be the id of one of the {table}: expected {problem[1]}."
        raise ReadoutsError(message)
    if path.exists():
        message = f"{path} is there already; nothing was written. Edit it, or use another id."
        raise ReadoutsError(message)
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, text.encode())
    return path


def new_article(folder: Path, article_id: str, **values: str) -> Path:
    """Write the scaffold of an article's file; `values` fill keys of the form.

    Raises
    ------
    ReadoutsError
        The id is none, or the file is there already.
    """
    given = {"language": "en", "rights": "no_redistribution", "made_by": "", **_REVIEW}
    given |= {name: _quoted(value) for name, value in values.items() if value}
    text = _scaffold(ARTICLE, given, frozenset(["text"]))
    return _write(folder / "articles", article_id, "articles", text)


def new_event(folder: Path, event_id: str, **values: str) -> Path:
    """Write the scaffold of an event's file; `values` fill keys of the form.

    Raises
    ------
    ReadoutsError
        The id is none, or the file is there already.
    """
    given = {"date_precision": "day", **_REVIEW}
    given |= {name: _quoted(value) for name, value in values.items() if value}
    return _write(folder / "events", event_id, "events", _scaffold(EVENT, given, frozenset()))
