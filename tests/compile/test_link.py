"""One mistake in the annotations is one finding, with its line and what is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from readouts.compile.build import rebuild

if TYPE_CHECKING:
    from pathlib import Path

    from readouts.datapackage.incident import Incident

HERALD = "articles/herald-2031-05-02.yaml"
CALL = "events/call-2031-05-01.yaml"
REGISTRY = "entities.yaml"

STEP = "- {entity: jana-marek, at: [[307, 312]]"

TWELVE = [
    (HERALD, STEP, "- {entity: marek, at: [[307, 312]]", "foreign-key", "Did you mean 'jana-marek'?"),
    (HERALD, STEP, "- {entity: Jana Marek, at: [[307, 312]]", "foreign-key", "Did you mean 'jana-marek'?"),
    (HERALD, "addressee: jana-marek", "addressee: jana-mareck", "foreign-key", "Did you mean 'jana-marek'?"),
    (HERALD, "  lake-town: [[756", "  lake-twon: [[756", "foreign-key", "Did you mean 'lake-town'?"),
    (HERALD, "topic: military", "topic: Military", "constraint-error", "Did you mean 'military'?"),
    (HERALD, "predicate: CONSULT", "predicate: Consult", "constraint-error", "Did you mean 'CONSULT'?"),
    (HERALD, "statement: s02, at", "statement: s22, at", "foreign-key", "Did you mean 's02'?"),
    (HERALD, "certainty: certain", "certanty: certain", "unknown-key", "Did you mean 'certainty'?"),
    (HERALD, "review: machine", "revew: machine", "unknown-key", "Did you mean 'review'?"),
    (HERALD, "summary: Marek proposes", "summary: Marek: proposes", "yaml-unreadable", "in quotation marks"),
    (CALL, "{issuer: presidency,", "{issuer: presidensy,", "foreign-key", "Did you mean 'presidency'?"),
    (CALL, "a: herald-2031-05-02.s01", "a: s01", "foreign-key", "or 'herald-2031-05-02.s01'?"),
]
"""Twelve typical mistakes of a first-time annotator: file, what is right, what is written, code and suggestion."""

FURTHER = [
    (
        HERALD,
        "account: presidency-2031-05-01, at: [[287",
        "account: presidency-2031-05-02, at: [[287",
        "foreign-key",
        "-01'",
    ),
    (HERALD, "outlet: morning-herald", "outlet: The Morning Herald", "foreign-key", "Did you mean 'morning-herald'?"),
    (HERALD, "event: call-2031-05-01", "event: call-2031-05-02", "foreign-key", "Did you mean 'call-2031-05-01'?"),
    (HERALD, "mode: phone", "mode: telephone", "constraint-error", "Did you mean 'phone'?"),
    (HERALD, "subject: ilya-ostrova", "subject: Ostrova", "foreign-key", "Did you mean 'ilya-ostrova'?"),
    (HERALD, "statements:\n", "statments:\n", "unknown-key", "Did you mean 'statements'?"),
    (HERALD, "outlet: morning-herald", "outlet: xyzzy", "foreign-key", "None of the 11 that are known is like it."),
    (CALL, "  jana-marek: {role", "  president-marek: {role", "foreign-key", "Did you mean 'jana-marek'?"),
    (CALL, "side_a: veldania", "side_a: Veldania", "foreign-key", "Did you mean 'veldania'?"),
    (CALL, "relation: contradicts", "relation: contradict", "constraint-error", "Did you mean 'contradicts'?"),
    (CALL, "made_by: language-model\n", "", "missing-key", "Expected the key 'made_by'"),
    (REGISTRY, "object: presidency, status", "object: presidensy, status", "foreign-key", "Did you mean 'presidency'?"),
]


def found(folder: Path, name: str, right: str, wrong: str) -> tuple[list[Incident], int]:
    """Make a mistake; return what is found, and the line that it is in."""
    path = folder / "annotations" / name
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    return list(rebuild(folder / "annotations").incidents), text[: text.index(right)].count("\n") + 1


@pytest.mark.parametrize("mistake", TWELVE, ids=[mistake[2] for mistake in TWELVE])
def test_twelve_typical_mistakes_of_a_first_time_annotator_are_each_one_finding_with_its_line(
    corpus: Path, mistake: tuple[str, str, str, str, str]
) -> None:
    name, right, wrong, code, words = mistake
    (finding,), line = found(corpus, name, right, wrong)
    assert finding.code == code
    assert words in finding.message
    assert finding.source is not None
    assert (finding.source.file, finding.source.line) == (f"annotations/{name}", line)


@pytest.mark.parametrize("mistake", FURTHER, ids=[mistake[2] for mistake in FURTHER])
def test_a_mistake_is_one_finding(corpus: Path, mistake: tuple[str, str, str, str, str]) -> None:
    name, right, wrong, code, words = mistake
    (finding,), _ = found(corpus, name, right, wrong)
    assert finding.code == code
    assert words in finding.message


def test_an_id_that_was_renamed_is_one_finding_that_names_further_places(corpus: Path) -> None:
    (finding,), _ = found(corpus, CALL, "  presidency-2031-05-01: {issuer", "  presidency-2031-05-10: {issuer")
    assert finding.message.endswith(
        "no file defines 'presidency-2031-05-01'. Did you mean 'presidency-2031-05-10'? It is also at "
        f"annotations/{HERALD}:39, annotations/{HERALD}:53, annotations/{HERALD}:71 and 1 more."
    )


def test_two_mistakes_are_two_findings(corpus: Path) -> None:
    found(corpus, HERALD, STEP, "- {entity: marek, at: [[307, 312]]")
    findings, _ = found(corpus, HERALD, "[64, 171]", "[64, 172]")
    assert sorted(finding.code for finding in findings) == ["foreign-key", "not-anchored"]


def test_an_alias_of_two_entities_suggests_both(corpus: Path) -> None:
    found(corpus, REGISTRY, "aliases: [Ostrova]", "aliases: [Ostrova, The Leader]")
    found(corpus, REGISTRY, "aliases: [Marek,", "aliases: [The Leader, Marek,")
    (finding,), _ = found(corpus, HERALD, STEP, "- {entity: the-leader, at: [[307, 312]]")
    assert "Did you mean 'jana-marek' or 'ilya-ostrova'?" in finding.message
