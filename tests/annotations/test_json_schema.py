"""The JSON Schemas of annotation files: what the reader takes passes, and what a beginner gets wrong is found."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from readouts.annotations.json_schema import annotation_schemas

ROOT = Path(__file__).resolve().parents[2]
TREES = [
    *(ROOT / folder for folder in ("annotations", "tests/invented/annotations", "tests/invented/drafts")),
    ROOT / "tests" / "languages" / "annotations",
    *sorted((ROOT / "docs" / "agreement").glob("*/*/annotations")),
]
KINDS = {"articles": "article.json", "events": "event.json", "entities": "entities.json", "corpus": "corpus.json"}
FILES = [
    (schema, path)
    for tree in TREES
    for kind, schema in KINDS.items()
    for path in [*sorted(tree.glob(f"{kind}.yaml")), *sorted(tree.glob(f"{kind}/*.yaml"))]
]

ARTICLE = """\
title: Ministers trade letters
kind: press
language: no
published_on: 2032-07-09
rights: no_redistribution
made_by: reader-one
review: machine
defaults: {form: indirect, medium: speech, polarity: positive, certainty: certain, modality: asserted,
           relations: {status: actual, fit: exact}}
chains:
  ministry: {entity: ministry-of-sarn, at: [4, 9]}
  spokesman: [ministry, {label: a spokesman, cue: added}]
statements:
  s01: {act: say, topic: talks, summary: The talks go on., content: the talks go on, sources: ministry}
  s02: {act: say, topic: talks, summary: "They end.", content: [[30, 41], {quote: "12", occurrence: 2}],
        event: , sources: [spokesman, {entity: a-minister, at: [he, [50, 52]]}]}
mentions:
  ministry-of-sarn: [4, 9]
relations:
  r01: {edge: a-minister CONSULT/phone b-minister, at: called}
  r02: {subject: a-minister, predicate: AGREE, contexts: [diplomatic], at: [[1, 4]]}
"""
EVENT = """\
kind: call
title: A call
date: 2032-07-08
date_precision: day
participants:
  a-minister: {role: principal, side: a}
made_by: reader-one
review: machine
"""
ENTITIES = """\
entities:
  a-minister: {kind: person, name: A. Minister, description: A minister., aliases: [Minister]}
relations:
  a-holds: {edge: a-minister holds_office ministry-of-sarn, status: actual, fit: exact}
"""
SOUND = {"article.json": ARTICLE, "event.json": EVENT, "entities.json": ENTITIES}


class _EditorLoader(yaml.SafeLoader):
    """Reads YAML as editors do: days stay texts, and what looks like a number or a truth value becomes one."""


_EditorLoader.yaml_implicit_resolvers = {
    first: [each for each in resolvers if each[0] != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def mistakes(schema: str, text: str) -> list[str]:
    """Return what a schema finds in the text of a file."""
    loaded: Any = yaml.load(text, _EditorLoader)
    return [error.message for error in Draft7Validator(json.loads(annotation_schemas()[schema])).iter_errors(loaded)]


@pytest.mark.parametrize("name", annotation_schemas())
def test_every_schema_is_a_schema_of_draft_7(name: str) -> None:
    Draft7Validator.check_schema(json.loads(annotation_schemas()[name]))


@pytest.mark.parametrize(("schema", "path"), FILES, ids=lambda each: str(each).removeprefix(f"{ROOT}/"))
def test_every_annotation_file_of_the_repository_passes(schema: str, path: Path) -> None:
    assert mistakes(schema, path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("page", ["annotation-files.md", "first-article.md"])
def test_whole_files_in_the_documentation_pass(page: str) -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs" / page).read_text(encoding="utf-8"), re.DOTALL)
    firsts = {"article.json": "rights:", "event.json": "side_a:"}
    whole = [(schema, block) for block in blocks for schema, key in firsts.items() if f"\n{key}" in block]
    assert whole
    assert [mistakes(schema, block) for schema, block in whole] == [[] for _ in whole]


@pytest.mark.parametrize("schema", SOUND)
def test_the_short_form_passes(schema: str) -> None:
    assert mistakes(schema, SOUND[schema]) == []


@pytest.mark.parametrize(
    ("schema", "right", "wrong"),
    [
        ("article.json", "act: say", "act: speak"),
        ("article.json", "kind: press", "knd: press\nkind: press"),
        ("article.json", "title: Ministers trade letters\n", ""),
        ("article.json", "title: Ministers trade letters", "title:"),
        ("article.json", "2032-07-09", "2032-7-9"),
        ("article.json", "language: no", "language: norwegian"),
        ("article.json", "entity: ministry-of-sarn", "entity: Ministry of Sarn"),
        ("article.json", "CONSULT/phone", "CONSULT/telephone"),
        ("article.json", "predicate: AGREE", "predicate: AGREES"),
        ("article.json", "a-minister CONSULT/phone b-minister", "a-minister"),
        ("article.json", "edge: a-minister CONSULT", "subject: a-minister, edge: a-minister CONSULT"),
        ("article.json", "[30, 41]", "[30, 41, 52]"),
        ("article.json", "[30, 41]", "[30]"),
        ("article.json", "content: the talks go on", "content: 530"),
        ("article.json", "occurrence: 2", "occurrence: 0"),
        ("article.json", "review: machine", "review: checked"),
        ("article.json", "summary: The talks go on., ", ""),
        ("article.json", "contexts: [diplomatic]", "contexts: diplomatic"),
        ("article.json", "s01:", "s-01:"),
        ("article.json", "{label: a spokesman, cue: added}", "{cue: added}"),
        ("event.json", "date_precision: day\n", ""),
        ("event.json", "2032-07-08", "8 July 2032"),
        ("event.json", "side: a", "side: left"),
        ("entities.json", "kind: person", "kind: minister"),
        ("entities.json", "  a-minister:", "  A-Minister:"),
        ("entities.json", "holds_office", "CONSULT"),
        ("entities.json", "aliases: [Minister]", "aliases: Minister"),
    ],
)
def test_a_mistake_is_found(schema: str, right: str, wrong: str) -> None:
    assert right in SOUND[schema]
    assert mistakes(schema, SOUND[schema].replace(right, wrong))
