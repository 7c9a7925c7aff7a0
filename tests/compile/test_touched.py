"""What is held to the rules after a change: enough to find whatever the change broke, and no more."""

from __future__ import annotations

import random
import shutil
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from readouts.cli import app
from readouts.compile.affected import suspects
from readouts.compile.compiler import Compilation, compile_tree
from readouts.compile.store import Store
from readouts.quality.rules.rules import needed
from tests.properties import examples

if TYPE_CHECKING:
    from pathlib import Path

HERALD = "annotations/articles/herald-2031-05-02.yaml"
COURIER = "annotations/articles/courier-2031-05-02.yaml"
CALL = "annotations/events/call-2031-05-01.yaml"
MEETING = "annotations/events/meeting-port-sarn.yaml"
ENTITIES = "annotations/entities.yaml"

BREAKING = [
    # file, what is written there, what is written instead, and a code of what that breaks
    (ENTITIES, "courier: {kind: outlet", "courier: {kind: place", "entity-kind"),
    (ENTITIES, "port-sarn: {kind: place", "port-sarn: {kind: state", "entity-kind"),
    (ENTITIES, "wikidata_status: candidate", "wikidata_status: verified", "wikidata-status"),
    (ENTITIES, "subject: chancellery, predicate", "subject: lakes, predicate", "party-unknown"),
    (CALL, "side_b: sarnia\n", "side_b: lakes\n", "party-unknown"),
    (CALL, "side_a: veldania\n", "", "side-missing"),
    (ENTITIES, "2029-01-20, fit", "2029-01-20, valid_to: 2029-01-19, fit", "dates-reversed"),
    (CALL, "{issuer: presidency, side: a", "{issuer: sarnia, side: a", "account-issuer"),
    (CALL, "{issuer: presidency, side: a", "{issuer: presidency, side: third", "scope-differs"),
    (CALL, "aspect: claim, relation: in_tension", "aspect: wording, relation: in_tension", "aspect-differs"),
    (CALL, "date_precision: day\n", "date_precision: day\nparent: meeting-port-sarn\n", "parent-cycle"),
    (MEETING, "place: port-sarn", "place: sarnia", "entity-kind"),
    (COURIER, "s03: {event: call-2031-05-01", "s03: {event: meeting-port-sarn", "event-differs"),
    (COURIER, "outlet: courier", "outlet: presidency", "own-outlet"),
    (COURIER, "published_on: 2031-05-02", "published_on: 2031-05-02\nretrieved_on: 2031-05-01", "dates-reversed"),
    (
        HERALD,
        "  presidency-2031-05-01: {completeness: reported, is_translation: false}\n",
        "",
        "account-not-carried",
    ),
    (
        HERALD,
        "  s02:\n    event: call-2031-05-01\n",
        "  s02:\n    event: call-2031-05-01\n    parent: courier-2031-05-02.s01\n",
        "article-differs",
    ),
]
HARMLESS = [
    (HERALD, "act: believe", "act: predict"),
    (COURIER, "summary: The Chancellery has", "summary: The office has"),
    (ENTITIES, "name: Lake Town", "name: Lake City"),
    (CALL, "title: Call between", "title: A call between"),
]


def swap(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert path.read_text(encoding="utf-8") != text


def rebuilt(folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    """Build with what is kept of earlier builds; return the exit code, and what was found."""
    monkeypatch.chdir(folder)
    done = CliRunner().invoke(app(), ["rebuild", "--limit", "500"])
    return done.exit_code, done.output if done.exit_code else ""


def again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    """Build with nothing kept."""
    copy = folder.parent / "copy" / folder.name
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder / "annotations", copy / "annotations")
    return rebuilt(copy, monkeypatch)


def _named(case: tuple[str, str, str, str]) -> str:
    return f"{case[3]} {case[1]!r}"


@pytest.mark.sample(9)
@pytest.mark.parametrize("case", BREAKING, ids=_named)
def test_what_one_change_breaks_is_found_wherever_it_is(
    corpus: Path, monkeypatch: pytest.MonkeyPatch, case: tuple[str, str, str, str]
) -> None:
    name, old, new, code = case
    assert rebuilt(corpus, monkeypatch) == (0, "")
    swap(corpus, name, old, new)
    found = rebuilt(corpus, monkeypatch)
    assert found[0] == 1
    assert code in found[1]
    assert found == again(corpus, monkeypatch)
    assert rebuilt(corpus, monkeypatch) == found, "what is broken is found until it is corrected"
    swap(corpus, HERALD, "act: believe", "act: predict")
    assert rebuilt(corpus, monkeypatch) == found, "a change elsewhere hides nothing"
    path = corpus / name
    broken = path.read_text(encoding="utf-8")
    behind = "carries:\n" if name == HERALD else "date_precision: day\n"
    path.write_text(broken.replace(new, old, 1) if new else broken.replace(behind, f"{behind}{old}"), "utf-8")
    assert rebuilt(corpus, monkeypatch) == (0, "")


@pytest.mark.slow
def test_who_takes_part_in_an_event_is_read_by_alignments_of_another(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    swap(corpus, HERALD, "event: meeting-port-sarn", "event: call-2031-05-01")
    alignment = (
        "  a06: {a: courier-2031-05-02.s04, b: herald-2031-05-02.s04, aspect: claim, relation: supports,\n"
        "        scope: third_party, rationale: Whoever sends observers stays away himself.}\n"
    )
    swap(corpus, CALL, "made_by: language-model", f"{alignment}made_by: language-model")
    assert rebuilt(corpus, monkeypatch) == (0, "")
    swap(corpus, MEETING, "  sarnia: {", "  presidency: {role: principal, side: b}\n  sarnia: {")
    found = rebuilt(corpus, monkeypatch)
    assert "scope-differs" in found[1] or "third_party" in found[1]
    assert found == again(corpus, monkeypatch)


@pytest.mark.slow
@pytest.mark.property
def test_any_series_of_changes_is_judged_as_everything_is(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order = random.Random(20310502)
    reversible = [(name, old, new) for name, old, new, _ in BREAKING if new] + HARMLESS
    made: set[int] = set()
    codes = []
    for _ in range(examples(24)):
        number = order.choice(sorted(made)) if made and order.random() < 0.6 else order.randrange(len(reversible))
        name, old, new = reversible[number]
        swap(corpus, name, *((new, old) if number in made else (old, new)))
        made ^= {number}
        found = rebuilt(corpus, monkeypatch)
        assert found == again(corpus, monkeypatch)
        codes.append(found[0])
    assert set(codes) == {0, 1}


def compiled(corpus: Path, store: Store) -> Compilation:
    compilation = compile_tree(corpus / "annotations", store)
    assert compilation.incidents == []
    return compilation


def lots_of(compilation: Compilation) -> list[list[str]]:
    return [names for names, _ in suspects(compilation)]


@pytest.fixture
def judged(corpus: Path, tmp_path: Path) -> Path:
    """The store of a corpus that was found to keep the rules."""
    store = Store(tmp_path / "store")
    assert lots_of(compiled(corpus, store)) == [[COURIER, HERALD]]
    store.judged(needed())
    store.close()
    return tmp_path / "store"


@pytest.mark.parametrize(("name", "old", "new"), HARMLESS)
def test_what_no_rule_reads_is_not_judged_again(corpus: Path, judged: Path, name: str, old: str, new: str) -> None:
    swap(corpus, name, old, new)
    store = Store(judged)
    compilation = compiled(corpus, store)
    assert compilation.compiled == [name]
    assert lots_of(compilation) == []
    store.close()


@pytest.mark.parametrize(
    ("change", "lots"),
    [
        ((ENTITIES, "courier: {kind: outlet", "courier: {kind: place"), [[COURIER]]),
        ((ENTITIES, "lake-town: {kind: place", "lake-town: {kind: state"), [[HERALD]]),
        ((ENTITIES, "2029-01-20, fit", "2029-01-20, valid_to: 2030-01-19, fit"), [[COURIER, HERALD]]),
        ((CALL, "{issuer: presidency, side: a", "{issuer: sarnia, side: a"), [[HERALD], [COURIER, HERALD]]),
    ],
)
def test_only_the_articles_that_refer_to_what_changed_are_judged_again(
    corpus: Path, judged: Path, change: tuple[str, str, str], lots: list[list[str]]
) -> None:
    swap(corpus, *change)
    store = Store(judged)
    assert lots_of(compiled(corpus, store)) == lots
    store.close()


def test_other_rules_judge_everything(corpus: Path, judged: Path) -> None:
    store = Store(judged)
    assert lots_of(compiled(corpus, store)) == []
    store._connection.execute("UPDATE judged SET digest = 'of other code'")
    store.close()
    again = Store(judged)
    assert lots_of(compiled(corpus, again)) == [[COURIER, HERALD]]
    again.close()
