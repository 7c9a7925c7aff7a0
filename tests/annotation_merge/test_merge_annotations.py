"""Laws that hold for every merge of annotations, however the files are laid out."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from readouts.annotation_merge.annotations import File, merge_annotation, read_annotation
from readouts.annotation_merge.node_kinds import plain
from readouts.annotations.nodes import parse
from tests.annotation_merge.made_annotations import layout
from tests.datapackage.merging.resolving import resolved
from tests.properties import examples

if TYPE_CHECKING:
    from readouts.datapackage.merging.conflict import MergedFile

FILE = File("article", "herald", "annotations/articles/herald.yaml")
TEXTS = st.sampled_from(
    [
        "say",
        "a word or two",
        "no",
        "x: y, z",
        "it's",
        'the "lake"',
        "# no comment",
        "[1]",
        "ends with:",
        "-",
        "ą ü 𝄞",
        "",
    ]
)
SPAN = st.tuples(st.integers(0, 99), st.integers(100, 199)).map(lambda pair: [str(pair[0]), str(pair[1])])
LISTED = st.lists(SPAN, min_size=1, max_size=3, unique_by=tuple)
SPANS = SPAN | LISTED
SOURCE = st.fixed_dictionaries({"entity": st.sampled_from(["marek", "ostrova"]), "at": SPANS})
CHAIN = st.sampled_from(["office", "marek"])
STEPS = st.lists(SOURCE | CHAIN | st.lists(SOURCE, min_size=2, max_size=2), min_size=1, max_size=2)
STATEMENT = st.fixed_dictionaries(
    {"act": TEXTS, "topic": TEXTS, "summary": TEXTS, "content": SPANS},
    optional={"sources": STEPS | CHAIN | SOURCE},
)
NAMES = st.sampled_from([f"s{number:02}" for number in range(1, 8)])
ARTICLE = st.fixed_dictionaries(
    {"title": TEXTS, "language": TEXTS, "statements": st.dictionaries(NAMES, STATEMENT, min_size=1, max_size=5)},
    optional={
        "defaults": st.fixed_dictionaries({}, optional={"act": TEXTS, "topic": TEXTS, "sources": STEPS | CHAIN}),
        "chains": st.dictionaries(CHAIN, STEPS | SOURCE, min_size=1),
        "mentions": st.dictionaries(st.sampled_from(["marek", "ostrova", "lakes"]), LISTED, min_size=1),
        "regions": st.lists(st.fixed_dictionaries({"role": TEXTS, "at": SPANS}), max_size=3, unique_by=str),
    },
)
SEEDS = st.tuples(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6))
HOW = st.sampled_from(["none", "ours", "theirs", "both", "ours deletes", "theirs deletes"])

Article = dict[str, Any]


def merged(base: str, ours: str, theirs: str) -> MergedFile:
    return merge_annotation(FILE, *(read_annotation(text.encode(), "a side") for text in (base, ours, theirs)))


def said(text: str | bytes) -> Any:
    return plain(parse(text if isinstance(text, str) else text.decode(), "x.yaml"))


@settings(max_examples=examples(30))
@given(ARTICLE, ARTICLE, SEEDS)
def test_what_one_side_alone_changed_is_the_result_to_the_byte(base: Article, other: Article, seeds: Any) -> None:
    old, new = layout(base, seeds[0]), layout(other, seeds[1])
    assert merged(old, new, old).data.decode() == new
    assert merged(old, old, new).data.decode() == new
    assert merged(old, new, new).data.decode() == new


@settings(max_examples=examples(60))
@given(ARTICLE, st.lists(HOW, min_size=7, max_size=7), st.booleans(), st.tuples(STATEMENT, STATEMENT), SEEDS)
def test_changes_in_different_places_are_all_in_the_result(
    base: Article, how: list[str], same_layout: bool, new: tuple[Any, Any], seeds: tuple[int, int, int]
) -> None:
    ours, theirs, expected = copy.deepcopy(base), copy.deepcopy(base), copy.deepcopy(base)
    for name, change in zip(sorted(base["statements"]), how, strict=False):
        for side, article in (("ours", ours), ("theirs", theirs)):
            field, value = ("act", "changed by ours") if side == "ours" else ("topic", "changed: by theirs")
            if change in {side, "both"}:
                article["statements"][name][field] = value
                expected["statements"][name][field] = value
            elif change == f"{side} deletes":
                del article["statements"][name]
                del expected["statements"][name]
    ours["title"] = expected["title"] = "a new title"
    theirs["language"] = expected["language"] = "xx"
    ours["statements"]["s91"] = expected["statements"]["s91"] = new[0]
    theirs["statements"]["s92"] = expected["statements"]["s92"] = new[1]
    for entity in base.get("mentions", ()):
        ours["mentions"][entity].append(["300", "301"])
        theirs["mentions"][entity].append(["400", "401"])
        expected["mentions"][entity] += [["300", "301"], ["400", "401"]]
    for article in (theirs, expected):
        spans = base.get("mentions", {}).get("marek", ())
        if spans:
            article["mentions"]["marek"].remove(spans[0])
    texts = [
        layout(side, seed)
        for side, seed in zip((base, ours, theirs), [seeds[0]] * 3 if same_layout else seeds, strict=True)
    ]
    result = merged(*texts)
    assert result.conflicts == ()
    found, wanted = said(result.data), said(layout(expected, 0))
    for article in (found, wanted):
        article["mentions"] = {name: sorted(spans) for name, spans in article.get("mentions", {}).items()}
    assert found == wanted


@settings(max_examples=examples(60))
@given(ARTICLE, ARTICLE, ARTICLE, SEEDS)
def test_a_merge_is_the_same_from_both_sides(base: Article, one: Article, other: Article, seeds: Any) -> None:
    texts = [layout(article, seed) for article, seed in zip((base, one, other), seeds, strict=True)]
    left, right = merged(*texts), merged(texts[0], texts[2], texts[1])
    swapped = [(found.kind, found.key, found.field, found.theirs, found.ours) for found in right.conflicts]
    assert sorted(map(str, swapped)) == sorted(
        str((found.kind, found.key, found.field, found.ours, found.theirs)) for found in left.conflicts
    )
    if not left.conflicts:
        assert _unordered(said(left.data)) == _unordered(said(right.data))
    else:
        assert b"<<<<<<< ours\n" in left.data
        assert not any(found.kind.value == "text" for found in left.conflicts)


@settings(max_examples=examples(60))
@given(ARTICLE, ARTICLE, ARTICLE, SEEDS)
def test_either_side_of_the_markers_is_a_whole_annotation(
    base: Article, one: Article, other: Article, seeds: Any
) -> None:
    result = merged(*(layout(article, seed) for article, seed in zip((base, one, other), seeds, strict=True)))
    assert said(resolved(result.data.decode(), "ours")) == said(result.readable)
    assert said(resolved(result.data.decode(), "theirs"))


STATEMENT_TEXT = """\
title: a
statements:
  s01:
    act: say
    topic: call
    polarity: positive
    summary: "One thing."
  s02: {act: ask}
"""


def test_one_property_in_conflict_stands_between_markers_alone() -> None:
    result = merged(STATEMENT_TEXT, *(STATEMENT_TEXT.replace("act: say", f"act: {act}") for act in ("urge", "warn")))
    assert result.data.decode() == STATEMENT_TEXT.replace(
        "    act: say\n", "<<<<<<< ours\n    act: urge\n=======\n    act: warn\n>>>>>>> theirs\n"
    )


def test_a_statement_with_two_properties_in_conflict_stands_between_markers_once_as_a_whole() -> None:
    ours, theirs = (
        STATEMENT_TEXT.replace("act: say", f"act: {act}").replace("One", word)
        for act, word in (("urge", "A"), ("warn", "The"))
    )
    # What only one side changed is on both sides of the markers.
    theirs = theirs.replace("positive", "negative")
    result = merged(STATEMENT_TEXT, ours, theirs)
    assert [found.field for found in result.conflicts] == ["act", "summary"]
    assert result.data.decode() == (
        "title: a\nstatements:\n<<<<<<< ours\n"
        '  s01:\n    act: urge\n    topic: call\n    polarity: negative\n    summary: "A thing."\n=======\n'
        '  s01:\n    act: warn\n    topic: call\n    polarity: negative\n    summary: "The thing."\n>>>>>>> theirs\n'
        "  s02: {act: ask}\n"
    )


def test_a_statement_that_both_sides_added_stands_between_markers_as_a_whole() -> None:
    ours, theirs = (f"{STATEMENT_TEXT}  s03:\n    act: say\n    topic: {topic}\n" for topic in ("call", "talks"))
    assert merged(STATEMENT_TEXT, ours, theirs).data.decode() == (
        f"{STATEMENT_TEXT}<<<<<<< ours\n  s03:\n    act: say\n    topic: call\n=======\n"
        "  s03:\n    act: say\n    topic: talks\n>>>>>>> theirs\n"
    )


def _unordered(article: Any) -> Any:
    """Return what an article says with the lists sorted that have no order."""
    mentions = {name: sorted(spans) for name, spans in article.get("mentions", {}).items()}
    return {**article, "mentions": mentions, "regions": sorted(article.get("regions", []), key=str)}


def test_comments_of_both_sides_are_in_the_result() -> None:
    base = "title: a\nstatements:\n  s01: {act: say}\n  s02: {act: say}\n"
    ours = base.replace("  s01:", "  # Ours.\n  s01:")
    theirs = base.replace("s02: {act: say}", "s02: {act: ask}  # theirs")
    result = merged(base, ours, theirs)
    assert result.data.decode() == ours.replace("s02: {act: say}", "s02: {act: ask}  # theirs")
    assert result.notes == ()


def test_a_comment_that_cannot_be_carried_over_is_told() -> None:
    base = "title: a\nlanguage: b\nkind: c\n"
    ours, theirs = "title: a\nlanguage: x\nkind: c\n", "title: a\nlanguage: b  # theirs\nkind: y\n"
    result = merged(base, ours, theirs)
    assert (result.data, result.conflicts) == (b"title: a\nlanguage: x\nkind: y\n", ())
    assert result.notes == (f"{FILE.name}: the comment '# theirs' of theirs could not be carried over.",)


def test_a_file_that_both_sides_add_is_merged_row_by_row_and_its_own_cells_must_agree() -> None:
    ours = "title: a\nlanguage: en\nstatements:\n  s01: {act: say}\n"
    theirs = "title: a\nlanguage: en\nstatements:\n  s02: {act: ask}\n"
    result = merged("", ours, theirs)
    assert said(result.data)["statements"] == {"s01": {"act": "say"}, "s02": {"act": "ask"}}
    assert result.conflicts == ()
    [found] = merged("", ours, theirs.replace("language: en\n", "")).conflicts
    assert (found.kind.value, found.field, found.ours, found.theirs) == ("added", "language", "en", None)


def test_one_span_that_both_sides_move_is_shown() -> None:
    base = "mentions:\n  marek: [[0, 5], [9, 12]]\n"
    result = merged(base, base.replace("[0, 5]", "[0, 4]"), base.replace("[0, 5]", "[0, 6]"))
    [found] = result.conflicts
    assert (found.table, found.field) == ("spans", "mentions.marek")
    assert result.data == (
        b"mentions:\n<<<<<<< ours\n  marek: [[0, 4], [9, 12]]\n=======\n  marek: [[0, 6], [9, 12]]\n>>>>>>> theirs\n"
    )


def test_cells_of_one_step_of_a_source_chain_merge_unless_the_steps_changed_places() -> None:
    base = "statements:\n  s01:\n    sources:\n    - {entity: a, at: [[1, 2]]}\n    - {entity: b, at: [[3, 4]]}\n"
    ours = base.replace("{entity: a,", "{entity: a, account: x,")
    result = merged(base, ours, base.replace("[[1, 2]]", "[[1, 3]]").replace("entity: b", "entity: c"))
    assert (result.data.decode(), result.conflicts) == (
        ours.replace("[[1, 2]]", "[[1, 3]]").replace("entity: b", "entity: c"),
        (),
    )
    swapped = "statements:\n  s01:\n    sources:\n    - {entity: b, at: [[3, 4]]}\n    - {entity: a, at: [[1, 2]]}\n"
    assert [found.field for found in merged(base, ours, swapped).conflicts] == ["sources"]


def test_a_value_of_several_lines_is_taken_as_theirs_wrote_it() -> None:
    base = "name: n\nversion: 1.0.0\ndescription: short\nreleased: 2031-06-01\n"
    ours = base.replace("1.0.0", "1.0.1")
    theirs = base.replace("description: short", "description: >-\n  a text that goes on: over\n\n  lines # no comment")
    file = File("corpus", "", "annotations/corpus.yaml")
    result = merge_annotation(file, *(read_annotation(text.encode(), "a side") for text in (base, ours, theirs)))
    assert result.data.decode() == theirs.replace("1.0.0", "1.0.1")
    assert result.conflicts == ()
