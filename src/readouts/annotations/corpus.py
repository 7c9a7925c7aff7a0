"""`corpus.yaml`: what the descriptor says of the corpus as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from readouts.annotations.form_reader import FormReader
from readouts.annotations.forms import CORPUS, LICENSE, NAME, PERSON, SOURCE, VERSION, Form
from readouts.annotations.nodes import Mapping, Node, Scalar, Sequence
from readouts.corpus_schema.tables import tables

if TYPE_CHECKING:
    import re

    from readouts.annotations.records import Reading

__all__ = ["Corpus", "read_corpus"]


Plain = str | list["Plain"] | dict[str, "Plain"]


@dataclass(frozen=True, slots=True)
class Corpus:
    """The corpus as a whole: name, title, description, version, release date, and who and what it owes."""

    name: str
    title: str
    description: str
    version: str
    released: str
    keywords: tuple[str, ...]
    licenses: tuple[dict[str, Plain], ...]
    contributors: tuple[dict[str, Plain], ...]
    sources: tuple[dict[str, Plain], ...]


def _plain(node: Node) -> Plain:
    if isinstance(node, Mapping):
        return {name: _plain(entry) for name, entry in node.items.items()}
    if isinstance(node, Sequence):
        return [_plain(item) for item in node.items]
    return node.value or ""


def read_corpus(root: Mapping, reading: Reading) -> Corpus | None:
    """Read `corpus.yaml`; None when something in it is wrong."""
    reader = FormReader(reading)
    entries = reader.mapping(root, CORPUS)

    def text(name: str) -> str:
        return (reader.text(entries[name], f"'{name}'") if name in entries else None) or ""

    def each(name: str, form: Form) -> tuple[dict[str, Plain], ...]:
        found = []
        for item in reader.items(entries.get(name), name):
            known = reader.mapping(item, form)
            found.append({key: _plain(entry) for key, entry in known.items()})
        return tuple(found)

    def matches(name: str, pattern: re.Pattern[str], expected: str) -> None:
        if name in entries and pattern.fullmatch(text(name)) is None:
            message = f"Expected {expected} for '{name}'; found '{text(name)}'."
            reading.add("constraint-error", message, entries[name], field=name, value=text(name))

    matches("name", NAME, "lower-case letters, digits, '.', '_' and '-'")
    matches("version", VERSION, "three numbers as in 1.0.0")
    if "released" in entries:
        problem = tables()["events"].field("date").problem(text("released"))
        if problem is not None:
            message = f"Expected {problem[1]} for 'released'; found '{text('released')}'."
            reading.add(problem[0], message, entries["released"], field="released", value=text("released"))
    for item in reader.items(entries.get("contributors"), "contributors"):
        roles = item.items.get("roles") if isinstance(item, Mapping) else None
        if isinstance(roles, Scalar) and roles.value is not None:
            reading.add("wrong-shape", "Expected 'roles' as a list, found a text.", roles)
    corpus = Corpus(
        name=text("name"),
        title=text("title"),
        description=text("description"),
        version=text("version"),
        released=text("released"),
        keywords=tuple(
            reader.text(item, "a keyword") or "" for item in reader.items(entries.get("keywords"), "keywords")
        ),
        licenses=each("licenses", LICENSE),
        contributors=each("contributors", PERSON),
        sources=each("sources", SOURCE),
    )
    return None if reading.incidents else corpus
