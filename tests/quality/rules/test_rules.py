"""The rules beyond Table Schema: each is tripped by what breaks it, by nothing else, and where it is broken."""

from __future__ import annotations

import io
import shutil
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
import yaml

from readouts.compile.compiler import compile_tree
from readouts.compile.rebuild import write_package
from readouts.compile.store import Store
from readouts.corpus_schema.incident_codes import CODES
from readouts.corpus_schema.tables import tables
from readouts.quality.rules.rules import BINDING, RULES, needed, rules_table
from readouts.quality.rules.screen import keeps_rules
from readouts.quality.rules.tables import examine, findings
from tests.conftest import INVENTED, ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CASES = {
    path.parent.name: case
    for path in sorted((ROOT / "tests" / "cases").glob("*/package.yaml"))
    if (case := yaml.safe_load(path.read_text(encoding="utf-8"))).get("by") == "contracts"
}
BROKEN = [
    # rule, table, row, and the cells that are changed
    ("statement_ends_behind_its_start", "statements", 12, {"start": "721", "end": "701"}),
    ("statement_has_content", "spans", 77, {"role": "quoted"}),
    ("statement_extends_as_its_content_does", "statements", 12, {"start": "700"}),
    ("carriage_extends_as_its_region_does", "carriages", 1, {"start": "150"}),
    ("carriage_extends_as_its_region_does", "carriages", 2, {"start": "3", "end": "9"}),
    ("carriage_extends_as_its_region_does", "carriages", 1, {"start": "", "end": ""}),
    ("parent_is_in_the_same_article", "statements", 12, {"parent_statement_id": "courier-2031-05-02.s01"}),
    ("parent_covers_its_child", "statements", 10, {"parent_statement_id": "herald-2031-05-02.s07"}),
    ("statement_s_parents_end", "statements", 10, {"parent_statement_id": "herald-2031-05-02.s06"}),
    ("event_s_parents_end", "events", 1, {"parent_event_id": "meeting-port-sarn"}),
    ("statement_has_a_source", "attributions", 24, {"statement_id": "herald-2031-05-02.s06", "depth": "1"}),
    ("chain_has_no_gap", "attributions", 23, {"depth": "2"}),
    ("joint_sources_are_counted_without_a_gap", "attributions", 6, {"seq": "2"}),
    ("step_has_one_name", "attributions", 24, {"entity_id": "lakes"}),
    ("speaker_is_the_deepest_step", "statements", 12, {"speaker_id": "lakes"}),
    ("speaker_is_the_deepest_step", "statements", 11, {"speaker_id": ""}),
    ("outlet_is_no_step", "articles", 1, {"outlet_id": "presidency"}),
    ("account_is_that_of_its_issuer", "accounts", 1, {"issuer_id": "sarnia"}),
    ("account_of_a_step_is_carried", "carriages", 2, {"article_id": "nowhere"}),
    ("span_ends_behind_its_start", "spans", 91, {"start": "765", "end": "756"}),
    ("span_lies_in_its_article", "articles", 1, {"character_count": "484"}),
    ("span_has_what_its_role_needs", "spans", 97, {"relation_id": ""}),
    ("span_is_there_once", "spans", 23, {"start": "0", "end": "11"}),
    ("span_keeps_out_of_boilerplate", "spans", 33, {"end": "16"}),
    ("cue_and_source_belong_to_a_step", "spans", 78, {"depth": "4"}),
    ("span_lies_in_the_article_of_its_statement", "spans", 77, {"statement_id": "courier-2031-05-02.s04"}),
    ("span_lies_in_the_article_of_its_relation", "spans", 97, {"relation_id": "courier-2031-05-02.r01"}),
    ("region_of_an_account_is_carried", "spans", 2, {"account_id": "presidency-2031-05-01"}),
    ("span_id_begins_with_its_article", "spans", 1, {"span_id": "x0001"}),
    ("span_id_begins_with_its_article", "spans", 1, {"span_id": "herald-2031-05-02.x0099"}),
    ("statement_id_begins_with_its_article", "statements", 1, {"statement_id": "s01"}),
    ("mode_fits_its_event", "relations", 4, {"mode": "phone"}),
    ("recipient_is_there_where_it_is_needed", "relations", 3, {"predicate": "AID", "object_id": ""}),
    ("contexts_are_plover_s", "relations", 1, {"contexts": "culinary"}),
    ("relation_is_in_the_article_of_its_statement", "relations", 3, {"article_id": ""}),
    ("relation_holds_until_after_it_begins", "relations", 4, {"valid_to": "2029-01-19"}),
    ("article_is_retrieved_after_it_is_published", "articles", 1, {"retrieved_on": "2031-05-01"}),
    ("symmetric_alignment_has_the_smaller_id_first", "alignments", 5, {"statement_a": "herald-2031-05-02.s08"}),
    ("symmetric_alignment_has_the_smaller_id_first", "alignments", 5, {"statement_b": "herald-2031-05-02.s03"}),
    ("claims_that_meet_speak_of_one_event", "statements", 1, {"event_id": ""}),
    ("pair_has_one_relation_per_aspect", "alignments", 4, {"aspect": "wording", "relation": "quotes_altered"}),
    ("pair_has_one_relation_per_aspect", "alignments", 3, {"relation": "contradicts"}),
    ("relation_belongs_to_its_aspect", "alignments", 5, {"aspect": "wording"}),
    ("relation_belongs_to_its_aspect", "alignments", 3, {"aspect": "claim"}),
    ("scope_agrees_with_the_sides", "alignments", 5, {"scope": "same_side"}),
    ("scope_agrees_with_the_sides", "alignments", 4, {"scope": "cross_side"}),
    ("scope_agrees_with_the_sides", "alignments", 1, {"scope": "third_party"}),
    ("scope_agrees_with_the_sides", "accounts", 1, {"side": "third"}),
    ("form_agrees_with_the_quoted_words", "statements", 9, {"form": "mixed"}),
    ("form_agrees_with_the_quoted_words", "statements", 7, {"form": "direct"}),
    ("form_agrees_with_the_quoted_words", "statements", 8, {"form": "mixed"}),
    ("addressee_is_there_where_words_name_one", "statements", 9, {"addressee_id": ""}),
    ("quoted_words_are_content", "spans", 48, {"start": "320"}),
    ("quoted_words_are_content", "spans", 48, {"end": "370"}),
    ("cue_is_not_content", "spans", 79, {"end": "704"}),
    ("cue_is_not_content", "spans", 79, {"start": "705", "end": "709"}),
    ("entity_is_referred_to", "spans", 91, {"entity_id": "lakes"}),
    ("side_a_is_named_where_there_are_accounts", "events", 1, {"side_a_id": ""}),
    ("side_b_is_named_where_there_are_accounts", "events", 1, {"side_b_id": ""}),
    ("issuer_is_a_party", "accounts", 1, {"issuer_id": "lakes"}),
    ("issuer_is_a_party", "relations", 6, {"object_id": "lakes"}),
    ("issuer_is_a_party", "relations", 6, {"status": "negated"}),
    ("issuer_is_a_party", "events", 1, {"side_b_id": "lakes"}),
    ("speaker_is_a_party", "statements", 7, {"speaker_id": "lakes"}),
    ("speaker_is_a_party", "participants", 1, {"entity_id": "sarnia"}),
    ("speaker_is_a_party", "relations", 6, {"predicate": "member_of"}),
    ("source_that_is_named_is_mentioned", "spans", 23, {"entity_id": "sarnia"}),
    ("source_that_is_named_is_mentioned", "spans", 83, {"entity_id": "lakes"}),
    ("outlet_is_an_outlet", "articles", 1, {"outlet_id": "lakes"}),
    ("place_is_a_place", "events", 2, {"place_id": "sarnia"}),
    ("wikidata_status_fits_the_id", "entities", 4, {"wikidata_status": "none"}),
    ("wikidata_status_fits_the_id", "entities", 5, {"wikidata_status": "candidate"}),
    ("verified_id_has_a_source", "entities", 4, {"wikidata_status": "verified"}),
    ("change_has_a_new_id_unless_it_removes", "id_changes", 1, {"new_id": "herald-2031-05-02.s98"}),
    ("change_has_a_new_id_unless_it_removes", "id_changes", 1, {"operation": "split"}),
    ("document_of_its_issuer_has_no_outlet", "articles", 1, {"kind": "readout"}),
    ("document_of_its_issuer_has_no_outlet", "articles", 1, {"outlet_id": ""}),
    ("date_has_a_precision", "events", 1, {"date_precision": ""}),
    ("date_has_a_precision", "events", 1, {"date": ""}),
    ("statement_names_its_reviewers", "statements", 1, {"review": "two_humans", "reviewed_by": "Ada Example"}),
    ("statement_names_its_reviewers", "statements", 1, {"reviewed_by": "Ada Example"}),
    ("alignment_names_its_reviewers", "alignments", 1, {"review": "one_human"}),
]
"""For each rule, what breaks it; other rules may be broken as well, since one cell can be read by several."""

Frames = dict[str, pl.DataFrame]


def read(folder: Path) -> Frames:
    return {path.stem: pl.read_csv(path, infer_schema=False) for path in sorted((folder / "data").glob("*.csv"))}


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented corpus, built."""
    home = tmp_path_factory.mktemp("invented")
    shutil.copytree(INVENTED / "annotations", home / "tree" / "annotations")
    return write_package(compile_tree(home / "tree" / "annotations", Store(None)), home / "package").root


@pytest.fixture(scope="session")
def good(package: Path) -> Frames:
    return read(package)


def changed(frames: Mapping[str, pl.DataFrame], table: str, row: int, cells: Mapping[str, str]) -> Frames:
    """Return the frames with cells of a row (1 is the first) changed; an empty one is missing."""
    at = pl.int_range(pl.len()) == row - 1
    columns = {name: pl.when(at).then(pl.lit(value or None)).otherwise(name) for name, value in cells.items()}
    return {**frames, table: frames[table].with_columns(**columns)}


def test_the_invented_corpus_and_the_published_one_keep_every_rule(good: Frames) -> None:
    assert findings(good) == []
    assert findings(read(ROOT)) == []
    assert keeps_rules(good)
    assert keeps_rules(read(ROOT))


@pytest.mark.parametrize("code", CASES)
def test_a_mistake_is_found_where_it_is_and_nothing_else(code: str, package: Path, good: Frames) -> None:
    texts: dict[str, str] = {}
    for step in CASES[code]["edit"]:
        path = package / step["file"]
        old = texts.get(path.stem) or path.read_text(encoding="utf-8")
        assert old.count(step["replace"]) == 1
        texts[path.stem] = old.replace(step["replace"], step["with"])
    edited = {name: pl.read_csv(io.BytesIO(text.encode()), infer_schema=False) for name, text in texts.items()}
    found = findings({**good, **edited})
    assert [finding.code for finding in found] == [code]
    expected: dict[str, Any] = CASES[code]["found"]
    first = found[0]
    assert {"table": first.table, "field": first.field, "row": first.row, "value": first.value} == {
        name: expected.get(name) for name in ("table", "field", "row", "value")
    }
    assert list(first.key or ()) == expected["key"]
    assert expected["line"] == expected["row"] + 1
    for words in CASES[code]["says"]:
        assert words in first.message
    assert first.hint == CODES[code].fix


FIRST = {name: place for place, (name, *_) in reversed(list(enumerate(BROKEN)))}
"""The first defect of each rule: the suite has these, the long run all."""


@pytest.mark.parametrize(
    ("name", "table", "row", "cells"),
    [
        pytest.param(*defect, marks=[] if FIRST[defect[0]] == place else [pytest.mark.slow])
        for place, defect in enumerate(BROKEN)
    ],
)
def test_what_breaks_a_rule_is_found_by_that_rule(
    name: str, table: str, row: int, cells: dict[str, str], good: Frames
) -> None:
    rule = next(rule for rule in RULES if rule.name == name)
    found = findings(changed(good, table, row, cells))
    mine = [finding for finding in found if (finding.code, finding.table, finding.field) == place(rule)]
    assert mine
    for finding in found:
        assert finding.message
        assert finding.hint
        assert finding.row is not None
        assert finding.key is not None
        assert len(finding.key) == len(tables()[finding.table or ""].primary_key)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "table", "row", "cells"), BROKEN)
def test_the_screen_stops_at_what_breaks_a_binding_rule(
    name: str, table: str, row: int, cells: dict[str, str], good: Frames
) -> None:
    rule = next(rule for rule in RULES if rule.name == name)
    assert keeps_rules(changed(good, table, row, cells)) is (rule not in BINDING)


def place(rule: Any) -> tuple[str, str, str]:
    return (rule.code, rule.table, rule.field)


def test_every_rule_is_broken_by_some_defect_and_every_code_of_a_rule_has_a_case() -> None:
    # Only two rows break that one, as those of its case do.
    assert {name for name, *_ in BROKEN} | {"one_claim_does_not_differ_in_itself"} == {rule.name for rule in RULES}
    assert {rule.code for rule in RULES} == set(CASES)
    assert len({rule.name for rule in RULES}) == len(RULES)


def test_a_rule_names_columns_that_there_are_and_says_what_must_hold() -> None:
    for rule in RULES:
        assert rule.field in tables()[rule.table].field_names
        assert rule.table in rule.needs
        assert rule.summary.endswith((".", ":")), rule.name
        for table, columns in rule.needs.items():
            assert set(columns) <= set(tables()[table].field_names), rule.name


def test_a_rule_reads_no_other_columns_than_it_names(good: Frames) -> None:
    for rule in RULES:
        narrow = {table: good[table].select(columns) for table, columns in rule.needs.items()}
        assert findings(narrow) == [], rule.name


def test_rules_that_lack_a_table_or_a_column_are_passed_over(good: Frames) -> None:
    broken = changed(good, "events", 2, {"place_id": "sarnia"})
    assert [finding.code for finding in findings(broken)] == ["entity-kind"]
    assert findings({name: frame for name, frame in broken.items() if name != "entities"}) == []
    assert findings({**broken, "entities": broken["entities"].drop("kind")}) == []
    assert findings({}) == []
    assert findings({"strangers": pl.DataFrame({"a": ["1"]})}) == []


def test_a_finding_without_the_key_s_column_has_no_key(good: Frames) -> None:
    frames = {"alignments": good["alignments"].select("statement_a", "statement_b", "relation")}
    found = findings(changed(frames, "alignments", 5, {"statement_b": "herald-2031-05-02.s03"}))
    assert [(finding.code, finding.row, finding.key) for finding in found] == [("alignment-order", 5, None)]


def test_what_other_checks_report_is_not_reported_again(good: Frames) -> None:
    for table, row, cells in (
        ("spans", 91, {"end": "many"}),
        ("spans", 91, {"article_id": "nowhere"}),
        ("articles", 1, {"character_count": ""}),
        ("articles", 1, {"outlet_id": "nobody"}),
        ("attributions", 1, {"depth": "deep"}),
        ("alignments", 1, {"statement_b": "nowhere.s01"}),
        ("relations", 4, {"valid_from": "2029-02-30"}),
        ("relations", 1, {"predicate": ""}),
        ("statements", 1, {"review": "nobody"}),
    ):
        codes = {finding.code for finding in findings(changed(good, table, row, cells))}
        # An outlet that nobody names any more is a warning.
        assert codes <= {"id-prefix", "chain-broken", "span-step-missing", "entity-unused"}, (table, cells, codes)


def test_a_key_that_is_there_twice_neither_multiplies_rows_nor_findings(good: Frames) -> None:
    doubled = {name: pl.concat([frame, frame.head(2)]) for name, frame in good.items() if name != "spans"}
    found = findings({**doubled, "spans": good["spans"]})
    assert {finding.code for finding in found} <= {"alignment-order"}


def test_words_may_name_one_of_several_addressees(good: Frames) -> None:
    several = pl.DataFrame({"statement_id": ["herald-2031-05-02.s05"] * 2, "entity_id": ["jana-marek", "presidency"]})
    frames = changed(good, "statements", 9, {"addressee_id": ""})
    assert [finding.code for finding in findings(frames)] == ["addressee-missing"]
    assert findings({**frames, "addressees": several}) == []


def test_a_verb_that_is_cue_and_content_has_a_content_span_of_its_own(good: Frames) -> None:
    verb, rest = {"start": "701", "end": "705"}, {"start": "706", "end": "721"}
    frames = changed(changed(good, "spans", 79, verb), "spans", 77, rest)
    both = frames["spans"].slice(78, 1).with_columns(role=pl.lit("content"), span_id=pl.lit("herald-2031-05-02.x0099"))
    assert findings({**frames, "spans": pl.concat([frames["spans"], both])}) == []
    assert [finding.code for finding in findings(changed(good, "spans", 79, verb))] == ["cue-in-content"]


def test_a_limit_keeps_few_findings_of_each_code_and_counts_all(good: Frames) -> None:
    bad = {**good, "spans": good["spans"].with_columns(end=pl.lit("99999"))}
    whole, some = examine(bad), examine(bad, limit=3)
    assert whole.counts["span-outside-article"] == good["spans"].height
    assert some.counts == whole.counts
    kept = [finding.code for finding in some.incidents]
    assert {code: kept.count(code) for code in set(kept)} == {
        code: min(3, count) for code, count in whole.counts.items()
    }
    assert set(some.incidents) <= set(whole.incidents)


def test_the_columns_that_are_needed_are_those_of_keys_and_rules() -> None:
    for table, columns in needed().items():
        assert set(tables()[table].primary_key) <= set(columns) <= set(tables()[table].field_names)
    assert "statements_wide" not in needed()


def test_the_documentation_lists_every_rule_under_its_table() -> None:
    lines = rules_table().splitlines()
    assert len(lines) == len(RULES) + 2
    for rule in RULES:
        assert any(line.startswith(f"| `{rule.table}` | {rule.summary} | [`{rule.code}`]") for line in lines)
