"""A language model's answer: what fits is kept as it is, everything else is listed with its place and never guessed."""

from __future__ import annotations

import copy
import json
import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readouts.annotations.forms import STATEMENT, STEP
from readouts.annotations.tree import annotation_tree
from readouts.compile.link import KnownIds
from readouts.corpus_schema.tables import tables
from readouts.datapackage.errors import ReadoutsError
from readouts.datapackage.incident import Incident, Severity
from readouts.proposals.answer_schema import answer_schema
from readouts.proposals.answers import answer_of, read_answer
from readouts.proposals.draft_text import proposal_of
from readouts.proposals.proposal import Origin, Proposal
from readouts.text.sources import TextFolder
from tests.conftest import INVENTED, ROOT
from tests.properties import examples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from readouts.text.skeleton import Skeleton

HERALD, COURIER = "herald-2031-05-02", "courier-2031-05-02"
Answer = dict[str, Any]
SCHEMA = json.loads(answer_schema())


@cache
def known(root: Path = INVENTED) -> KnownIds:
    files = annotation_tree(root / "annotations")[0]
    return KnownIds(file for file in files if file.kind in {"entities", "event"})


def text_of(article: str = HERALD, texts: Path = INVENTED / "texts") -> Skeleton:
    return TextFolder(texts).find(article, None, []).skeleton


@cache
def annotated(article: str = HERALD, root: Path = INVENTED) -> Proposal:
    return proposal_of(next(file for file in annotation_tree(root / "annotations")[0] if file.id == article))


def good(article: str = HERALD) -> Answer:
    """The invented annotation as an answer."""
    answer: Answer = json.loads(answer_of(annotated(article), article, text_of(article)))
    return answer


def read(answer: Answer | str | bytes, article: str = HERALD) -> tuple[Proposal, list[Incident]]:
    given_ = answer if isinstance(answer, (str, bytes)) else json.dumps(answer)
    return read_answer(given_, article, text_of(article), known())


def places(found: list[Incident]) -> list[str]:
    return [str(each.source) for each in found]


def names(proposal: Proposal) -> list[str | None]:
    return [statement.name for statement in proposal.statements]


def anonymous(proposal: Proposal) -> Proposal:
    """The same proposal, wherever it comes from."""
    nowhere = Origin("")
    return Proposal(
        tuple(replace(each, origin=nowhere) for each in proposal.regions),
        tuple(replace(each, origin=nowhere) for each in proposal.statements),
        tuple(replace(each, origin=nowhere) for each in proposal.mentions),
        tuple(replace(each, origin=nowhere) for each in proposal.relations),
    )


def parts_of(schema: Any) -> Iterator[dict[str, Any]]:
    """Yield every schema in a schema."""
    if isinstance(schema, dict):
        yield schema
    for each in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from parts_of(each)


def test_the_schema_is_one_of_draft_2020_12_and_keeps_to_what_structured_output_takes() -> None:
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    taken = {"type", "enum", "anyOf", "items", "minItems", "properties", "required", "additionalProperties", "$ref"}
    unions = 0
    for part in parts_of(SCHEMA):
        if "properties" in part and "type" in part:
            assert part["additionalProperties"] is False
            assert part["required"] == list(part["properties"])
        if "type" in part and not isinstance(part["type"], dict):
            assert part.keys() <= taken | {"description", "title", "$schema", "$defs"}, part
            unions += isinstance(part["type"], list)
        unions += "anyOf" in part and isinstance(part["anyOf"], list)
    assert unions <= 16


def test_the_schema_has_each_label_with_its_meaning_and_each_key_of_the_forms() -> None:
    types = SCHEMA["$defs"]
    for name in ("form", "medium", "act", "topic", "polarity", "certainty", "modality"):
        field = tables()["statements"].field(name)
        shown = types["statement"]["properties"][name]
        assert shown["enum"] == list(field.constraints.enum or ())
        assert all(f"{each.value}: {each.label}" in shown["description"] for each in field.categories)
    left_out = {"addressee", "addressee_at", "made_by", "review", "reviewed_by"}
    assert types["statement"]["properties"].keys() == {"name", *STATEMENT.names} - left_out
    assert types["source"]["properties"].keys() == STEP.names.keys()


@pytest.mark.parametrize("article", [HERALD, COURIER])
def test_an_annotation_written_as_an_answer_comes_back_as_it_was(article: str) -> None:
    answer = answer_of(annotated(article), article, text_of(article))
    jsonschema.validate(json.loads(answer), SCHEMA, jsonschema.Draft202012Validator)
    proposal, found = read(answer, article)
    assert found == []
    assert anonymous(proposal) == anonymous(annotated(article))
    assert answer_of(proposal, article, text_of(article)) == answer


@pytest.mark.sample(12)
@pytest.mark.parametrize("article", sorted(path.stem for path in (ROOT / "annotations" / "articles").iterdir()))
def test_a_published_annotation_written_as_an_answer_comes_back_as_it_was(article: str, source_texts: Path) -> None:
    text = text_of(article, source_texts)
    published = annotated(article, ROOT)
    proposal, found = read_answer(answer_of(published, article, text), article, text, known(ROOT))
    assert found == []
    assert anonymous(proposal) == anonymous(published)


def test_what_is_an_empty_list_may_be_null() -> None:
    answer = json.loads(json.dumps(good()).replace(": []", ": null"))
    assert answer["statements"][0]["quoted"] is None
    answer["regions"] = None
    proposal, found = read(answer)
    assert found == []
    assert proposal == replace(read(good())[0], regions=())


def test_what_is_null_or_empty_may_be_left_out() -> None:
    answer = good()
    for statement in answer["statements"]:
        for key in [key for key, value in statement.items() if value in (None, [])]:
            del statement[key]
    del answer["relations"], answer["article"]
    proposal, found = read(answer)
    assert found == []
    assert anonymous(proposal).statements == anonymous(annotated()).statements


def test_words_are_found_without_regard_to_spaces_and_kind_of_quotation_mark() -> None:
    answer = good()
    answer["statements"][2]["content"] = ['both  armies "pull back ten kilometres"']
    proposal, found = read(answer)
    assert found == []
    assert proposal.statements[2].content == annotated().statements[2].content


def test_words_are_looked_up_in_the_sentence_of_their_statement_first() -> None:
    answer = good()
    statement = next(each for each in answer["statements"] if each["content"] == ["observers be let in"])
    statement["sources"][1][0]["at"] = ["Marek"]
    proposal, found = read(answer)
    assert found == []
    assert proposal == read(good())[0]


MISTAKES: dict[str, tuple[Callable[[Answer], object], str, str, str]] = {
    "a label that is none": (
        lambda s: s.update(act="says"), "act", "constraint-error", "found 'says'. Did you mean 'say'?",
    ),
    "a label in another language": (
        lambda s: s.update(modality="behauptet"), "modality", "constraint-error", "found 'behauptet'.",
    ),
    "no label": (lambda s: s.update(polarity=None), "polarity", "wrong-shape", "found null."),
    "a key that is missing": (lambda s: s.pop("summary"), "", "wrong-shape", "Expected an object with `name`"),
    "a key that nobody knows": (
        lambda s: s.update(addresses=[]), "addresses", "unknown-key", "Did you mean 'addressees'?",
    ),
    "words that are not in the text": (
        lambda s: s.update(content=["an armistice"]), "content[0]", "quote-not-found", '"an armistice" is not in the',
    ),
    "words that are in the text several times": (
        lambda s: s.update(content=["Marek"]), "content[0]", "quote-ambiguous", "is in the text 4 times: (1) line 3",
    ),
    "a place that there isn't": (
        lambda s: s.update(content=[{"quote": "Marek", "within": None, "occurrence": 9}]),
        "content[0]", "quote-not-found", "is in the text 4 times; found 9",
    ),
    "a place before the first": (
        lambda s: s.update(content=[{"quote": "Marek", "within": None, "occurrence": 0}]),
        "content[0].occurrence", "type-error", "as a number from 1; found '0'",
    ),
    "a context that isn't there": (
        lambda s: s.update(content=[{"quote": "Marek", "within": "Marek sang", "occurrence": None}]),
        "content[0]", "quote-not-found", 'The context "Marek sang" is not in the text.',
    ),
    "words that end on a full stop": (
        lambda s: s.update(content=["observers be let in."]), "content[0]", "span-edge", "must begin and end on",
    ),
    "the same words twice": (
        lambda s: s.update(quoted=["Lake Town", "Lake Town"]), "quoted[1]", "duplicate-span", "Duplicate quoted span",
    ),
    "no content": (lambda s: s.update(content=[]), "content", "wrong-shape", "found an empty list"),
    "an entity that nobody knows": (
        lambda s: s["sources"][0][0].update(entity="presidancy"),
        "sources[0][0].entity", "foreign-key", "no file defines 'presidancy'. Did you mean 'presidency'?",
    ),
    "the name of an entity": (
        lambda s: s["sources"][0][0].update(entity="Jana Marek"),
        "sources[0][0].entity", "foreign-key", "Did you mean 'jana-marek'?",
    ),
    "an account that the event doesn't have": (
        lambda s: s["sources"][0][0].update(account="presidency-2031-05-07"),
        "sources[0][0].account", "foreign-key", "Did you mean 'presidency-2031-05-01'?",
    ),
    "a source without a name": (
        lambda s: s["sources"][0][0].update(entity=None, label=None),
        "sources[0][0]", "missing-key", "either an 'entity' or",
    ),
    "a source with two names": (
        lambda s: s["sources"][0][0].update(entity="presidency", label="an official"),
        "sources[0][0]", "missing-key", "either an 'entity'",
    ),
    "an event that nobody knows": (
        lambda s: s.update(event="call-2031-05-11"), "event", "foreign-key", "Did you mean 'call-2031-05-01'?",
    ),
    "a parent that doesn't exist": (
        lambda s: s.update(parent="s77"), "parent", "foreign-key", "No statement of the answer has the name 's77'.",
    ),
    "an addressee twice": (
        lambda s: s.update(addressees=[{"entity": "ilya-ostrova", "at": []}] * 2),
        "addressees", "duplicate-key", "'ilya-ostrova' occurs 2 times",
    ),
    "a copied summary": (
        lambda s: s.update(summary="Marek suggested that both armies pull back ten kilometres."),
        "summary", "summary-copies-source", "shares a run of",
    ),
    "a long summary": (
        lambda s: s.update(summary="Ah. " * 60), "summary", "constraint-error", "at most 200 characters, not 240",
    ),
    "an empty summary": (lambda s: s.update(summary=""), "summary", "constraint-error", "found ''"),
    "a name that can't be one": (
        lambda s: s.update(name="S 1"), "name", "constraint-error", "found 'S 1'",
    ),
    "something else than a chain": (
        lambda s: s.update(sources="presidency"), "sources", "wrong-shape", "found 'presidency'",
    ),
    "an empty chain": (lambda s: s.update(sources=[]), "sources", "wrong-shape", "found an empty list"),
    "an empty step": (lambda s: s.update(sources=[[]]), "sources[0]", "wrong-shape", "found an empty list"),
    "half a character": (lambda s: s.update(summary="\ud83d"), "summary", "type-error", "half of a character"),
    "a number for words": (lambda s: s.update(content=[7]), "content[0]", "wrong-shape", "found 7"),
    "what nobody can read": (
        lambda s: s.update(content=json.loads("[" * 40 + "]" * 40)), "", "wrong-shape", "nested more than 12 deep",
    ),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_statement_with_a_mistake_is_listed_and_all_others_are_kept(mistake: str) -> None:
    change, place, code, said = MISTAKES[mistake]
    answer = good()
    change(answer["statements"][3])
    proposal, found = read(answer)
    (problem,) = [each for each in found if "is not kept" not in each.message]
    assert (str(problem.source), problem.code) == (f"statements[3].{place}".removesuffix("."), code)
    assert said in problem.message
    assert problem.hint
    assert problem.severity is Severity.ERROR
    kept = read(good())[0].statements
    assert proposal.statements == kept[:3] + kept[4:]
    assert proposal.mentions == read(good())[0].mentions


def test_an_answer_with_all_mistakes_keeps_the_statements_without_one() -> None:
    answer = good()
    sound = answer["statements"][0]
    for number, (change, *_) in enumerate(MISTAKES.values()):
        statement = {**copy.deepcopy(sound), "name": f"m{number}"}
        change(statement)
        answer["statements"].append(statement)
    proposal, found = read(answer)
    assert proposal == read(good())[0]
    assert {place.partition(".")[0] for place in places(found)} == {
        f"statements[{number}]" for number in range(len(proposal.statements), len(answer["statements"]))
    }


@given(st.dictionaries(st.integers(0, 7), st.sampled_from(sorted(MISTAKES)), max_size=8))
@settings(max_examples=examples(100))
def test_a_statement_is_refused_for_its_own_mistake_only(mistakes: dict[int, str]) -> None:
    answer, sound = good(), read(good())[0].statements
    for index, mistake in mistakes.items():
        MISTAKES[mistake][0](answer["statements"][index])
    proposal, found = read(answer)
    refused = {int(number) for number in re.findall(r"statements\[(\d+)\]", " ".join(places(found)))}
    assert refused == mistakes.keys()
    assert proposal.statements == tuple(each for number, each in enumerate(sound) if number not in mistakes)


def test_a_name_that_two_statements_have_is_listed_and_so_is_what_refers_to_it() -> None:
    answer = good()
    answer["statements"][2]["name"] = "s01"
    answer["statements"][4]["parent"] = "s01"
    answer["relations"][0]["statement"] = "s01"
    proposal, found = read(answer)
    assert places(found) == ["relations[0].statement", "statements[2].name", "statements[4].parent"]
    assert found[1].message == "The name 's01' is that of statements[0], too."
    assert "several statements have the name 's01'" in found[0].message
    assert names(proposal) == ["s01", "s02", "s04", "s06", "s07", "s08"]


def test_what_hangs_on_a_refused_statement_is_refused_with_it_down_to_the_last() -> None:
    answer = good()
    for number, parent in ((1, "s01"), (2, "s02"), (3, "s03")):
        answer["statements"][number]["parent"] = parent
    answer["statements"][0]["act"] = "sing"
    answer["relations"][0]["statement"] = answer["relations"][1]["statement"] = "s04"
    proposal, found = read(answer)
    assert places(found) == [
        "relations[0].statement",
        "relations[1].statement",
        "statements[0].act",
        *(f"statements[{number}].parent" for number in (1, 2, 3)),
    ]
    assert found[3].message == "The statement 's01' is refused, so this is refused too."
    assert names(proposal) == ["s05", "s06", "s07", "s08"]


def test_of_mentions_only_the_places_that_are_not_there_are_left_out() -> None:
    answer = good()
    answer["mentions"][0]["at"].append("nobody")
    answer["mentions"][1]["entity"] = "nobody"
    lost = len(answer["mentions"][1]["at"])
    proposal, found = read(answer)
    assert places(found) == [f"mentions[0].at[{len(answer['mentions'][0]['at']) - 1}]", "mentions[1].entity"]
    assert len(proposal.mentions) == len(annotated().mentions) - lost


def test_regions_and_relations_are_judged_each_by_itself() -> None:
    answer = good()
    answer["regions"] += [
        {"role": "title", "account": None, "at": ["Advertisement"]},
        {"role": "readout", "account": None, "at": ["Advertisement"]},
        {"role": "readout", "account": "nobody", "at": ["Lake Town"]},
        {"role": "content", "account": None, "at": ["Lake Town"]},
    ]
    answer["relations"] += [
        {**answer["relations"][0], "predicate": "Consult"},
        {**answer["relations"][0], "predicate": "AGREE", "mode": "phone"},
        {**answer["relations"][0], "predicate": "AID", "mode": None, "object": None},
        {**answer["relations"][0], "contexts": ["diplomacy"]},
    ]
    proposal, found = read(answer)
    assert places(found) == [
        "regions[3].role",
        "regions[4]",
        "regions[5].at[0]",
        "regions[6].role",
        "relations[2].predicate",
        "relations[3].mode",
        "relations[4]",
        "relations[5].contexts[0]",
    ]
    assert anonymous(proposal).regions == anonymous(annotated()).regions
    assert anonymous(proposal).relations == anonymous(annotated()).relations


def test_a_list_that_is_none_and_a_key_that_is_none_are_listed() -> None:
    answer = good()
    answer["mentions"] = {"jana-marek": ["Marek"]}
    answer["alignments"] = []
    proposal, found = read(answer)
    assert [(place, each.code) for place, each in zip(places(found), found, strict=True)] == [
        ("alignments", "unknown-key"),
        ("mentions", "wrong-shape"),
    ]
    assert proposal.mentions == ()
    assert len(proposal.statements) == len(annotated().statements)


def test_a_key_twice_is_a_mistake_of_its_statement() -> None:
    answer = json.dumps(good()).replace('"name": "s03"', '"name": "s33", "name": "s03"')
    proposal, found = read(answer)
    assert places(found) == ["statements[2]"]
    assert found[0].code == "duplicate-key"
    assert "s03" not in names(proposal)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("```json\n", "\n```\n", "a code block around it"),
        ("Here it is:\n\n```\n", "\n```\nIs it right?", "a code block around it"),
        ("~~~~\n", "\n~~~~", "a code block around it"),
        ("Here it is: ", "", "words before it"),
        ("", "\nI hope {this} helps.", "words after it"),
        ("Yes. ", " Done.", "words before it and words after it"),
    ],
)
def test_words_and_code_blocks_around_the_answer_are_passed_over_and_said(before: str, after: str, said: str) -> None:
    proposal, found = read(before + json.dumps(good()) + after)
    assert proposal == read(good())[0]
    (warning,) = found
    assert (str(warning.source), warning.severity) == ("answer", Severity.WARNING)
    assert said in warning.message


UNREADABLE: dict[str, tuple[str | bytes, str]] = {
    "nothing": ("", "has no JSON in it"),
    "words": ("I can't help with that.", "has no JSON in it"),
    "a list": ("[]", "found an empty list"),
    "a text": ('"statements"', "has no JSON in it"),
    "no statements": ("{}", "Expected `statements`"),
    "statements twice": ('{"statements": [], "statements": []}', "'statements' twice"),
    "two answers": ('{"statements": []}\n{"statements": []}', "second value in JSON, in line 2"),
    "two code blocks": ("```\n{}\n```\nor\n```\n{}\n```", "2 code blocks"),
    "an answer that was cut off": ('{"statements": [{"name": "s01", "summary": "Mar', "may have been cut off"),
    "an answer that was cut off between values": ('{"statements": [{"name": "s01"},', "may have been cut off"),
    "a comma too many": ('{"statements": [],}', "in line 1, column"),
    "single quotation marks": ("{'statements': []}", "is not JSON"),
    "NaN": ('{"statements": [NaN]}', "NaN, which isn't a number"),
    "Infinity": ('{"statements": [-Infinity]}', "-Infinity, which isn't a number"),
    "a number beyond all others": ('{"statements": [1e999]}', "the number 1e999"),
    "a number of many digits": (f'{{"statements": [{"9" * 9999}]}}', "whole number of 9,999 digits"),
    "deep lists": ("[" * 200_000, "nested too deep"),
    "deep objects": ('{"statements":' * 100_000, "nested too deep"),
    "another encoding": ('{"statements": ["é"]}'.encode("latin-1"), "the byte 0xe9 in line 1"),
    "UTF-16": ('{"statements": []}'.encode("utf-16"), "the byte 0xff in line 1"),
    "ten megabytes": (b" " * 10_000_000, "larger than 2,097,152 bytes"),
    "many values": ('{"statements": [' + "0," * 60_000 + "0]}", "more than 50,000 values"),
    "many brackets": ("{}" + '{"a":[' * 100_000, "Expected `statements`"),
    "another article": ('{"article": "courier-2031-05-02", "statements": []}', f"not '{HERALD}'"),
    "an article that is none": ('{"article": ["herald"], "statements": []}', f"not '{HERALD}'"),
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_what_is_no_answer_is_refused_as_a_whole(kind: str) -> None:
    answer, said = UNREADABLE[kind]
    with pytest.raises(ReadoutsError, match=re.escape(said)):
        read(answer)


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["name", "act", "content", "at", "entity"]), inner),
    max_leaves=20,
))  # fmt: skip
@settings(max_examples=examples(200))
def test_whatever_is_in_place_of_a_statement_is_listed(value: Any) -> None:
    for name in ("statements", "regions", "relations", "mentions"):
        proposal, found = read({"statements": [], name: [value]})
        assert all(place.startswith(f"{name}[0]") for place in places(found))
        if name != "mentions":
            assert found
        assert proposal == Proposal()
