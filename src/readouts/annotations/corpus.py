"""`corpus.yaml`: what the descriptor says about the corpus as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from readouts.annotations.form_reader import FormReader
from readouts.annotations.forms import ACCEPTED, CORPUS, LICENSE, NAME, PERSON, SOURCE, VERSION, Form
from readouts.annotations.nodes import Mapping, Node, Scalar, Sequence
from readouts.annotations.records import Reading
from readouts.annotations.tree import read_root
from readouts.corpus_schema.tables import tables
from readouts.datapackage.incident import Source

if TYPE_CHECKING:
    import re
    from pathlib import Path

__all__ = ["Corpus", "accepted_places", "read_corpus"]

_FEWEST_WORDS = 3
"""Words of a sentence, at least."""


Plain = str | list["Plain"] | dict[str, "Plain"]


@dataclass(frozen=True, slots=True)
class Corpus:
    """The corpus as a whole: name, title, description, version, release date, who and what it owes, and acceptances."""

    name: str
    title: str
    description: str
    version: str
    released: str
    keywords: tuple[str, ...]
    licenses: tuple[dict[str, Plain], ...]
    contributors: tuple[dict[str, Plain], ...]
    sources: tuple[dict[str, Plain], ...]
    accepted: tuple[dict[str, Plain], ...]


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
        accepted=_accepted(entries.get("accepted"), reader),
    )
    return None if reading.incidents else corpus


def accepted_places(tree: Path) -> dict[str, Source]:
    """Return where the accepted finding of each gate is written in the `corpus.yaml` of a tree, if it has one."""
    reading = Reading(f"{tree.name}/corpus.yaml")
    path = tree / "corpus.yaml"
    root = read_root(path, reading.file, reading) if path.is_file() else None
    entries = None if root is None else root.items.get("accepted")
    nodes = [item.items.get("gate") for item in FormReader(reading).items(entries, "") if isinstance(item, Mapping)]
    return {node.value: Source(reading.file, node.line) for node in nodes if isinstance(node, Scalar) and node.value}


def _accepted(node: Node | None, reader: FormReader) -> tuple[dict[str, Plain], ...]:
    """Read the findings of the release gates that are accepted: one per gate, each with a reason in a sentence."""
    found: dict[str, dict[str, Plain]] = {}
    for item in reader.items(node, "accepted findings"):
        known = reader.mapping(item, ACCEPTED)
        cells = {name: reader.text(entry, f"'{name}'") or "" for name, entry in known.items()}
        if cells.keys() != ACCEPTED.names.keys():
            continue
        if VERSION.fullmatch(cells["against"]) is None:
            message = f"Expected the version of a release, as in 1.0.0, for 'against'; found '{cells['against']}'."
            reader.reading.add("constraint-error", message, known["against"], value=cells["against"])
        for name in ("gate", "found"):
            if not cells[name].strip():
                reader.reading.add(
                    "constraint-error", f"Expected a value for '{name}'; found ''.", known[name], value=""
                )
        if not _is_sentence(cells["reason"]):
            message = f"Expected a sentence, with its full stop, for 'reason'; found '{cells['reason']}'."
            reader.reading.add("constraint-error", message, known["reason"], value=cells["reason"])
        if cells["gate"] in found:
            message = f"Expected one accepted finding per gate; '{cells['gate']}' has another one above."
            reader.reading.add("unique-error", message, known["gate"], value=cells["gate"])
        found[cells["gate"]] = {name: cells[name] for name in ACCEPTED.names}
    return tuple(found.values())


def _is_sentence(text: str) -> bool:
    """Return whether a text may be a sentence: three words or more, and a mark at its end."""
    return len(text.split()) >= _FEWEST_WORDS and text.rstrip().endswith((".", "!", "?"))
