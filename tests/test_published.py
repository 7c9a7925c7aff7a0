"""The committed package: it is what the annotations give, and keeps the rules that its schemas can't state."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

import pytest

from conftest import ROOT
from readouts.package.reading import Row, open_package
from readouts.plover import load_plover
from readouts.schema import tables

if TYPE_CHECKING:
    from conftest import Run

PACKAGE = open_package(ROOT)
SYMMETRIC = {"same_claim", "contradicts", "in_tension", "translation_variant"}


def rows(name: str) -> list[Row]:
    return PACKAGE.rows(name)


def span_of(row: Row) -> tuple[int, int]:
    return int(row["start"] or -1 if row["start"] != "0" else 0), int(row["end"] or -1)


@pytest.fixture(scope="module")
def content() -> dict[str, list[tuple[int, int]]]:
    """The content spans of each statement."""
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for row in rows("spans"):
        if row["role"] == "content":
            found[row["statement_id"] or ""].append(span_of(row))
    return found


@pytest.fixture(scope="module")
def chains() -> dict[str, dict[int, list[Row]]]:
    """The steps of each statement's chain, by depth."""
    found: dict[str, dict[int, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in rows("attributions"):
        found[row["statement_id"] or ""][int(row["depth"] or 0)].append(row)
    return found


def covers(outer: list[tuple[int, int]], inner: list[tuple[int, int]]) -> bool:
    return all(any(start <= first and last <= end for start, end in outer) for first, last in inner)


def test_the_committed_package_is_what_the_annotations_give(run: Run) -> None:
    done = run("rebuild", "--check", cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_package_holds_every_table_of_the_schemas_and_rows_in_each_but_the_lineage() -> None:
    assert set(PACKAGE.resources) == set(tables())
    assert [name for name in PACKAGE.resources if not rows(name) and name != "id_changes"] == []


def test_the_contexts_and_modes_of_relations_are_plovers() -> None:
    plover = load_plover()
    for row in rows("relations"):
        assert set((row["contexts"] or "").split("|")) - {""} <= set(plover.contexts), row
        if row["mode"] is not None:
            assert row["mode"] in plover.modes[row["predicate"] or ""], row
        if row["predicate"] in plover.recipient_required:
            assert row["object_id"] is not None, row


def test_every_statement_has_content_and_its_start_and_end_are_the_extent(
    content: dict[str, list[tuple[int, int]]],
) -> None:
    for row in rows("statements"):
        parts = content[row["statement_id"] or ""]
        assert parts, row
        assert span_of(row) == (min(start for start, _ in parts), max(end for _, end in parts)), row


def test_every_statement_has_a_chain_without_gaps_whose_steps_are_named(
    chains: dict[str, dict[int, list[Row]]],
) -> None:
    for row in rows("statements"):
        chain = chains[row["statement_id"] or ""]
        assert sorted(chain) == list(range(len(chain))), row
        assert chain, row
        for steps in chain.values():
            assert [step["seq"] for step in steps] == [str(seq) for seq in range(len(steps))]
            assert all((step["entity_id"] is None) != (step["label"] is None) for step in steps)


def test_the_deepest_step_is_the_speaker_when_it_is_one_named_entity(chains: dict[str, dict[int, list[Row]]]) -> None:
    for row in rows("statements"):
        chain = chains[row["statement_id"] or ""]
        deepest = chain[max(chain)]
        assert row["speaker_id"] == (deepest[0]["entity_id"] if len(deepest) == 1 else None), row


def test_the_article_s_own_outlet_is_never_a_step() -> None:
    outlets = {row["article_id"]: row["outlet_id"] for row in rows("articles")}
    articles = {row["statement_id"]: row["article_id"] for row in rows("statements")}
    for row in rows("attributions"):
        assert row["entity_id"] is None or row["entity_id"] != outlets[articles[row["statement_id"]]], row


def test_an_account_in_a_chain_was_issued_by_its_step_and_is_carried_by_the_article() -> None:
    issuers = {row["account_id"]: row["issuer_id"] for row in rows("accounts")}
    carried = {(row["account_id"], row["article_id"]) for row in rows("carriages")}
    articles = {row["statement_id"]: row["article_id"] for row in rows("statements")}
    for row in rows("attributions"):
        if row["account_id"] is not None:
            assert row["entity_id"] == issuers[row["account_id"]], row
            assert (row["account_id"], articles[row["statement_id"]]) in carried, row


def test_the_content_of_a_parent_covers_that_of_its_child(content: dict[str, list[tuple[int, int]]]) -> None:
    statements = {row["statement_id"]: row for row in rows("statements")}
    for row in statements.values():
        if row["parent_statement_id"] is not None:
            parent = statements[row["parent_statement_id"]]
            assert parent["article_id"] == row["article_id"]
            assert covers(content[parent["statement_id"] or ""], content[row["statement_id"] or ""]), row


def test_no_statement_starts_in_boilerplate() -> None:
    boilerplate = [(row["article_id"], span_of(row)) for row in rows("spans") if row["role"] == "boilerplate"]
    for row in rows("statements"):
        start = span_of(row)[0]
        assert not any(article == row["article_id"] and a <= start < b for article, (a, b) in boilerplate), row


def test_nothing_but_the_region_itself_is_annotated_in_boilerplate() -> None:
    boilerplate = [(row["article_id"], span_of(row)) for row in rows("spans") if row["role"] == "boilerplate"]
    for row in rows("spans"):
        if row["role"] != "boilerplate":
            start, end = span_of(row)
            inside = [place for article, place in boilerplate if article == row["article_id"]]
            assert not any(start < last and first < end for first, last in inside), row


def test_spans_lie_inside_their_article_and_belong_to_what_their_role_needs() -> None:
    lengths = {row["article_id"]: int(row["character_count"] or 0) for row in rows("articles")}
    needs = {
        "content": ("statement_id",),
        "cue": ("statement_id", "depth"),
        "source": ("statement_id", "depth"),
        "quoted": ("statement_id",),
        "addressee": ("statement_id",),
        "mention": ("entity_id",),
        "relation": ("relation_id",),
        "readout": ("account_id",),
    }
    for row in rows("spans"):
        start, end = span_of(row)
        assert 0 <= start < end <= lengths[row["article_id"]], row
        assert all(row[name] is not None for name in needs.get(row["role"] or "", ())), row


def test_claims_that_are_the_same_or_contradict_each_other_speak_of_one_event() -> None:
    events = {row["statement_id"]: row["event_id"] for row in rows("statements")}
    for row in rows("alignments"):
        if row["relation"] in {"same_claim", "contradicts"}:
            assert events[row["statement_a"]] == events[row["statement_b"]] is not None, row


def test_symmetric_alignments_have_the_smaller_id_first_and_no_pair_is_aligned_twice_alike() -> None:
    seen = set()
    for row in rows("alignments"):
        first, second = row["statement_a"] or "", row["statement_b"] or ""
        assert first != second
        if row["relation"] in SYMMETRIC:
            assert first < second, row
        assert (first, second, row["relation"]) not in seen
        seen.add((first, second, row["relation"]))


def test_a_relation_of_a_statement_is_in_its_article() -> None:
    articles = {row["statement_id"]: row["article_id"] for row in rows("statements")}
    for row in rows("relations"):
        assert row["statement_id"] is None or row["article_id"] == articles[row["statement_id"]], row


def test_references_to_entities_are_of_the_kind_that_they_need() -> None:
    kinds = {row["entity_id"]: row["kind"] for row in rows("entities")}
    assert {kinds[row["outlet_id"]] for row in rows("articles") if row["outlet_id"]} <= {"outlet"}
    assert {kinds[row["place_id"]] for row in rows("events") if row["place_id"]} <= {"place"}


def test_no_wikidata_id_is_verified_without_a_source() -> None:
    for row in rows("entities"):
        assert (row["wikidata_status"] == "none") == (row["wikidata_id"] is None), row
        if row["wikidata_status"] == "verified":
            assert row["wikidata_source"] is not None, row


def test_every_entity_is_used() -> None:
    used = {
        row[column]
        for name, table in tables().items()
        for column, target in table.references.items()
        if target == "entities"
        for row in rows(name)
    }
    assert sorted({row["entity_id"] or "" for row in rows("entities")} - {value for value in used if value}) == []


def test_ids_of_parts_begin_with_the_id_of_their_file() -> None:
    for name, key, file in (
        ("statements", "statement_id", "article_id"),
        ("spans", "span_id", "article_id"),
    ):
        for row in rows(name):
            assert re.fullmatch(rf"{re.escape(row[file] or '')}\.[a-z0-9]+", row[key] or ""), row
