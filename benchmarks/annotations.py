"""Generate an annotation tree of N articles, with invented content, anchored and ready to build.

Each article has the size of a real one in the corpus: some twenty statements with one to three steps each, sixty
mentions, ten relations; about 180 spans.
"""

from __future__ import annotations

import random
from hashlib import sha256
from pathlib import Path  # noqa: TC003 - typer reads it
from typing import Annotated

import typer

from readouts.annotations.anchors import AnchorRow, anchors_text
from readouts.annotations.article import read_article
from readouts.annotations.nodes import parse
from readouts.annotations.records import Reading
from readouts.corpus_schema.plover import load_plover
from readouts.corpus_schema.tables import tables
from readouts.text.fingerprint import Fingerprint

LENGTH = 6000
STATEMENTS, MENTIONS, RELATIONS = 20, 60, 10
PER_EVENT, ENTITIES = 5, 400
WORDS = (
    "harbour", "treaty", "council", "envoy", "border", "market", "storm", "bridge", "valley", "letter", "grain",
    "signal", "winter", "garden", "river", "stone",
)  # fmt: skip


def _values(table: str, column: str) -> tuple[str, ...]:
    return tables()[table].field(column).constraints.enum or ()


def _span(chance: random.Random, length: int = 60) -> str:
    start = chance.randrange(LENGTH - length)
    return f"[{start}, {start + chance.randrange(4, length)}]"


def _cue(chance: random.Random, statement: int) -> str:
    """Return a cue that lies after the content of its statement."""
    start = statement * 250 + 200 + chance.randrange(20)
    return f"[{start}, {start + chance.randrange(4, 30)}]"


def _sentence(chance: random.Random) -> str:
    return " ".join(chance.choices(WORDS, k=12)).capitalize()


def article(number: int, chance: random.Random) -> str:
    """Return the file of one article."""
    event = f"call-{number // PER_EVENT:06d}"
    lines = [
        f"title: {_sentence(chance)}",
        f"outlet: outlet-{number % 40:03d}",
        "kind: press",
        f"published_on: 2031-{number % 12 + 1:02d}-{number % 28 + 1:02d}",
        "language: en",
        "rights: no_redistribution",
        "made_by: generator",
        "review: machine",
        "text:",
        f"  character_count: {LENGTH}",
        "  word_count: 1000",
        f"  sha256_raw: {sha256(str(number).encode()).hexdigest()}",
        f"  sha256_skeleton: {sha256(str(-number).encode()).hexdigest()}",
        "  normaliser: skeleton-1",
        "  spans_allotted: 0",
        "carries:",
        *(f"  {side}-{event}: {{completeness: reported, is_translation: false}}" for side in ("north", "south")),
        "regions:",
        "  - {role: headline, at: [[0, 60]]}",
        "statements:",
    ]
    for statement in range(STATEMENTS):
        # The first two are aligned across the sides.
        side = ("north", "south")[statement] if statement < 2 else chance.choice(("north", "south"))
        form = chance.choice(_values("statements", "form"))
        lines += [f"  s{statement:02d}:", f"    form: {form}"]
        lines += [f"    {name}: {chance.choice(_values('statements', name))}" for name in (
            "medium", "act", "topic", "polarity", "certainty", "modality",
        )]  # fmt: skip
        start, length = statement * 250, chance.randrange(40, 200)
        quoted = {"direct": length, "mixed": length // 2}.get(form)
        lines += [
            f"    event: {event}",
            f"    summary: {_sentence(chance)}.",
            f"    content: [[{start}, {start + length}]]",
            *([] if quoted is None else [f"    quoted: [[{start}, {start + quoted}]]"]),
            "    sources:",
            f"      - {{entity: entity-{(number // PER_EVENT + (side == 'south')) % ENTITIES:04d}, "
            f"account: {side}-{event}, "
            f"at: [{_span(chance)}], cue: [{_cue(chance, statement)}]}}",
        ]
        if chance.random() < 0.6:
            entity = f"entity-{(number // PER_EVENT + chance.randrange(2)) % ENTITIES:04d}"
            lines.append(f"      - {{entity: {entity}, at: [{_span(chance)}], cue: [{_cue(chance, statement)}]}}")
    lines.append("mentions:")
    for number_of_entity in sorted(chance.sample(range(ENTITIES), 15)):
        starts = sorted(chance.sample(range(LENGTH - 20), MENTIONS // 15))
        spans = ", ".join(f"[{start}, {start + chance.randrange(4, 20)}]" for start in starts)
        lines.append(f"  entity-{number_of_entity:04d}: [{spans}]")
    lines.append("relations:")
    modes = load_plover().modes
    for relation in range(RELATIONS):
        predicate = chance.choice(list(modes))
        subject, object_ = chance.sample(range(ENTITIES), 2)
        lines.append(
            f"  r{relation:02d}: {{subject: entity-{subject:04d}, predicate: {predicate}, "
            f"object: entity-{object_:04d}, contexts: [diplomatic], "
            f"status: actual, event: {event}, at: [{_span(chance)}], fit: exact}}"
        )
    return "\n".join(lines) + "\n"


def anchors(article_id: str, text: str) -> str:
    """Return the anchors of an article, with fingerprints of nothing: the tree has no texts."""
    reading = Reading(article_id)
    read_article(parse(text, article_id), article_id, reading)
    rows = []
    for number, span in enumerate(reading.distinct_spans(), 1):
        digest = sha256(f"{article_id}{number}".encode()).hexdigest()
        prints = Fingerprint(digest, (span.end or 0) - (span.start or 0), digest, digest)
        rows.append(AnchorRow(f"{article_id}.x{number:04d}", span.identity, prints))
    return anchors_text(rows)


def event(number: int) -> str:
    """Return the file of one event, with its two accounts and an alignment."""
    first = f"article-{number * PER_EVENT:06d}"
    name = f"call-{number:06d}"
    return f"""\
kind: call
title: Call number {number}
date: 2031-{number % 12 + 1:02d}-{number % 28 + 1:02d}
date_precision: day
side_a: entity-{number % ENTITIES:04d}
side_b: entity-{(number + 1) % ENTITIES:04d}
participants:
  entity-{number % ENTITIES:04d}: {{role: principal, side: a}}
  entity-{(number + 1) % ENTITIES:04d}: {{role: principal, side: b}}
accounts:
  north-{name}: {{issuer: entity-{number % ENTITIES:04d}, side: a, kind: readout}}
  south-{name}: {{issuer: entity-{(number + 1) % ENTITIES:04d}, side: b, kind: readout}}
alignments:
  a01:
    {{a: {first}.s00, b: {first}.s01, aspect: claim, relation: same_claim, scope: cross_side, rationale: Both say so.}}
made_by: generator
review: machine
"""


def generate(folder: Path, articles: int, seed: int = 1) -> None:
    """Write a tree of annotations into a folder.

    Parameters
    ----------
    folder
        The folder; `annotations/` is made in it.
    articles
        How many.
    seed
        The same seed gives the same bytes.
    """
    chance = random.Random(seed)
    tree = folder / "annotations"
    for name in ("articles", "events", "anchors"):
        (tree / name).mkdir(parents=True, exist_ok=True)
    (tree / "corpus.yaml").write_text(
        "name: generated\ntitle: Generated\ndescription: Invented content.\nversion: 1.0.0\nreleased: 2031-01-01\n"
        "licenses: [{name: CC0-1.0, title: CC0, path: https://creativecommons.org/publicdomain/zero/1.0/}]\n"
        "contributors: [{title: Generator, roles: [creator]}]\n",
        encoding="utf-8",
    )
    entities = [
        f"  entity-{n:04d}: {{kind: person, name: Person {n}, description: Invented.}}" for n in range(ENTITIES)
    ]
    entities += [f"  outlet-{n:03d}: {{kind: outlet, name: Outlet {n}, description: Invented.}}" for n in range(40)]
    (tree / "entities.yaml").write_text("entities:\n" + "\n".join(entities) + "\n", encoding="utf-8")
    for number in range((articles + PER_EVENT - 1) // PER_EVENT):
        (tree / "events" / f"call-{number:06d}.yaml").write_text(event(number), encoding="utf-8")
    for number in range(articles):
        article_id = f"article-{number:06d}"
        text = article(number, chance)
        (tree / "articles" / f"{article_id}.yaml").write_text(text, encoding="utf-8")
        (tree / "anchors" / f"{article_id}.csv").write_text(anchors(article_id, text), encoding="utf-8")


def main(
    output: Annotated[Path, typer.Option("--output", help="Folder to write to.")],
    articles: Annotated[int, typer.Option("--articles", min=1, help="How many articles.")] = 1000,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same bytes.")] = 1,
) -> None:
    """Generate an annotation tree."""
    generate(output, articles, seed)


if __name__ == "__main__":
    typer.run(main)
