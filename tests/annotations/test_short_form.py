"""The shorter form of an article says what the long one says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from readouts.annotations.article import read_article
from readouts.annotations.event import read_event
from readouts.annotations.nodes import parse
from readouts.annotations.records import Reading
from tests.conftest import INVENTED
from tests.properties import examples

if TYPE_CHECKING:
    from collections.abc import Callable

LABELS = ("event", "form", "medium", "act", "topic", "polarity", "certainty", "modality")
ARTICLES = [yaml.load(path.read_text("utf-8"), yaml.BaseLoader) for path in INVENTED.glob("annotations/articles/*")]


def read(article: dict[str, Any]) -> Reading:
    reading = Reading("annotations/articles/herald.yaml")
    # JSON is YAML: a list of two numbers is one of two texts, as the reader takes every value.
    read_article(parse(json.dumps(article, ensure_ascii=False), reading.file), "herald", reading)
    return reading


def contents(reading: Reading) -> list[Any]:
    rows = [(record.table, {name: cell for name, cell in record.cells.items() if cell}) for record in reading.records]
    return [rows, [span.identity for span in reading.spans], reading.incidents]


def shortened(article: dict[str, Any], draw: Callable[[Any], Any]) -> dict[str, Any]:
    """Move some of what an article says to its defaults and chains, and take away what can be left out."""
    article = json.loads(json.dumps(article))
    statements = article["statements"].values()
    defaults: dict[str, Any] = {}
    for name in draw(st.sets(st.sampled_from(LABELS))):
        values = [each[name] for each in statements if name in each]
        if len(values) == len(statements) or name == "event":
            defaults[name] = draw(st.sampled_from(values))
            for each in statements:
                if each.get(name) == defaults[name]:
                    del each[name]
                elif name == "event":
                    each.setdefault(name, None)
    chains: dict[str, Any] = {}
    for number, each in enumerate(statements):
        if draw(st.booleans()):
            steps = each["sources"]
            kept = draw(st.integers(1, len(steps)))
            one = kept == 1 and not isinstance(steps[0], list)
            chains[f"c{number}"] = steps[0] if one and draw(st.booleans()) else steps[:kept]
            each["sources"] = f"c{number}" if kept == len(steps) else [f"c{number}", *steps[kept:]]
        elif len(each["sources"]) == 1 and not isinstance(each["sources"][0], list):
            each["sources"] = each["sources"][0]
        for role in ("content", "quoted", "addressee_at"):
            if len(each.get(role, ())) == 1:
                (each[role],) = each[role]
    if chains and draw(st.booleans()):
        first = article["statements"][next(iter(article["statements"]))]
        if isinstance(first["sources"], str):
            defaults["sources"] = first.pop("sources")
    for each in article["relations"].values():
        if draw(st.booleans()):
            mode, other = each.pop("mode", None), each.pop("object", None)
            edge = f"{each.pop('subject')} {each.pop('predicate')}{f'/{mode}' if mode else ''} {other or ''}"
            each["edge"] = edge.strip()
    return {**article, "defaults": defaults, "chains": chains}


@settings(max_examples=examples(100))
@given(st.data())
def test_an_article_in_the_short_form_gives_what_it_gives_in_the_long_one(data: st.DataObject) -> None:
    article = data.draw(st.sampled_from(ARTICLES))
    assert contents(read(shortened(article, data.draw))) == contents(read(article))


def statement(**more: Any) -> dict[str, Any]:
    labels: dict[str, Any] = {"form": "indirect", "medium": "speech", "act": "say", "topic": "talks"}
    labels |= {"polarity": "positive", "certainty": "certain", "modality": "asserted", "content": ["0", "5"]}
    labels["summary"] = "Marek speaks."
    return {**labels, "sources": {"entity": "marek"}, "made_by": "language-model", "review": "machine", **more}


def article(**more: Any) -> dict[str, Any]:
    start = {"title": "Talks", "kind": "press", "language": "en", "rights": "no_redistribution"}
    return {**start, "made_by": "language-model", "review": "machine", **more}


def found(**more: Any) -> list[tuple[str, str]]:
    return [(incident.code, incident.message) for incident in read(article(**more)).incidents]


def test_a_default_gives_way_to_what_a_statement_says_and_to_nothing_behind_its_key() -> None:
    short = {"s01": statement(), "s02": statement(event="visit"), "s03": statement(event=None)}
    reading = read(article(defaults={"event": "call"}, statements=short))
    assert not reading.incidents
    assert [row.cells.get("event_id") for row in reading.of("statements")] == ["call", "visit", None]


def test_a_wrong_default_is_one_finding_however_many_statements_have_it() -> None:
    short = {f"s{number:02}": statement() for number in range(300)}
    for each in short.values():
        del each["act"]
    ((code, message),) = found(defaults={"act": "sya"}, statements=short)
    assert (code, message.partition(";")[2]) == ("constraint-error", " found 'sya' for 'act'. Did you mean 'say'?")


def test_a_key_that_no_default_takes_is_unknown() -> None:
    ((code, message),) = found(defaults={"certanty": "certain"})
    assert code == "unknown-key"
    assert "Did you mean 'certainty'?" in message


@pytest.mark.parametrize("sources", ["ofice", ["ofice", {"entity": "marek"}]])
def test_a_chain_that_is_not_there_is_named_with_one_that_is(sources: Any) -> None:
    chains = {"office": {"entity": "presidency"}}
    ((code, message),) = found(chains=chains, statements={"s01": statement(sources=sources)})
    assert code == "unknown-chain"
    assert "'ofice'" in message
    assert "'office'" in message


def test_a_chain_uses_chains_above_it_and_none_below() -> None:
    office = {"entity": "presidency"}
    marek = ["office", {"entity": "marek"}]
    assert not found(chains={"office": office, "marek": marek}, statements={"s01": statement(sources="marek")})
    ((code, _),) = found(chains={"marek": marek, "office": office}, statements={"s01": statement(sources="office")})
    assert code == "unknown-chain"


def test_a_mistake_in_a_chain_is_one_finding_whether_it_is_used_or_not() -> None:
    chains = {"office": {"entity": "presidency", "acount": "x"}}
    many = {f"s{number:02}": statement(sources="office") for number in range(3)}
    for statements in ({"s01": statement()}, many):
        ((code, message),) = found(chains=chains, statements=statements)
        assert code == "unknown-key"
        assert "'acount'" in message


@pytest.mark.parametrize(
    ("edge", "cells"),
    [
        ("marek CONSULT/phone ostrova", {"predicate": "CONSULT", "mode": "phone", "object_id": "ostrova"}),
        ("marek AGREE ostrova", {"predicate": "AGREE", "object_id": "ostrova"}),
        ("marek PROTEST/demo", {"predicate": "PROTEST", "mode": "demo"}),
        (" marek  CONCEDE ", {"predicate": "CONCEDE"}),
    ],
)
def test_an_edge_stands_for_subject_predicate_mode_and_object(edge: str, cells: dict[str, str]) -> None:
    relation = {"edge": edge, "status": "actual", "fit": "exact", "at": ["0", "5"]}
    reading = read(article(relations={"r01": relation}))
    assert not reading.incidents
    (row,) = reading.of("relations")
    cells |= {"subject_id": "marek"}
    assert {
        name: row.cells.get(name) for name in ("subject_id", "predicate", "mode", "object_id") if row.cells.get(name)
    } == cells


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"edge": "marek"}, "found 'marek'"),
        ({"edge": "marek CONSULT ostrova by phone"}, "found 'marek CONSULT ostrova by phone'"),
        ({"edge": ["marek", "AGREE"]}, "found a list"),
        ({"edge": "marek AGREE ostrova", "object": "sokol"}, "found 'object' as well"),
    ],
)
def test_an_edge_of_another_form_is_one_finding(more: dict[str, Any], says: str) -> None:
    ((code, message),) = found(relations={"r01": {"status": "actual", "fit": "exact", "at": ["0", "5"], **more}})
    assert code == "wrong-shape"
    assert says in message


@pytest.mark.parametrize("at", ["Marek", ["Marek"], {"quote": "Marek"}, [{"quote": "Marek"}]])
def test_a_text_is_a_draft_of_a_span(at: Any) -> None:
    reading = read(article(statements={"s01": statement(content=at)}))
    assert [(span.quote, span.start) for span in reading.spans] == [("Marek", None)]


@pytest.mark.parametrize("at", [["0", "5"], [["0", "5"]]])
def test_one_span_needs_no_list(at: Any) -> None:
    reading = read(article(statements={"s01": statement(content=at)}))
    assert [(span.start, span.end) for span in reading.spans] == [(0, 5)]


def test_two_texts_are_two_quotations() -> None:
    reading = read(article(statements={"s01": statement(content=["both ministers", "would meet"])}))
    assert [(span.quote, span.seq) for span in reading.spans] == [("both ministers", 0), ("would meet", 1)]


def test_the_aspect_of_an_alignment_follows_from_its_relation() -> None:
    alignment = {
        "a": "x.s01",
        "b": "y.s01",
        "relation": "quotes_altered",
        "scope": "cross_side",
        "rationale": "One word.",
    }
    event = {"kind": "call", "title": "Call", "alignments": {"a01": alignment}, "made_by": "x", "review": "machine"}
    reading = Reading("annotations/events/call.yaml")
    read_event(parse(json.dumps(event), reading.file), "call", reading)
    assert not reading.incidents
    assert reading.of("alignments")[0].cells["aspect"] == "wording"
