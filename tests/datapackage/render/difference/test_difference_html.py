from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings

from readouts.datapackage.difference.result import CellChange, CellKind, RowChange
from readouts.datapackage.render.difference.html import render
from tests.datapackage.render.made import HOSTILE
from tests.datapackage.render.made_difference import EVERYTHING, LAKES, NOTHING, asked, differences, huge
from tests.datapackage.render.page_reading import Page, assert_harmless, assert_own_style_only
from tests.properties import examples

if TYPE_CHECKING:
    from readouts.datapackage.difference.result import PackageDiffData

MARKS = frozenset({"mark", "del", "ins", "i"})


def words(difference: PackageDiffData) -> str:
    return " ".join(Page(render(difference)).text.split())


def harmless(page: Page) -> None:
    assert_harmless(page, MARKS)


@settings(max_examples=examples(25))
@given(differences())
def test_a_page_has_our_elements_only_refers_to_nothing_outside_and_runs_nothing(difference: PackageDiffData) -> None:
    harmless(Page(render(difference)))


def test_the_policy_of_a_page_allows_its_own_style_and_nothing_else() -> None:
    assert_own_style_only(Page(render(EVERYTHING)))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_text(text: str) -> None:
    table = replace(
        LAKES, name=text, cells=(CellChange((text,), text, "", text + "!", CellKind.VALUE),),
        added=(RowChange((text,), {text: text}),), removed=(),
    )  # fmt: skip
    page = Page(render(replace(EVERYTHING, tables=(table,), vanished={text: ((text,),)}, notes=(text,))))
    harmless(page)
    if text.isprintable() and 0 < len(text) < 100:
        assert page.text.count(text) >= 5


def test_the_head_says_which_version_is_needed_and_how_much_changed() -> None:
    said = words(EVERYTHING)
    assert "Needs at least version 2.0.0 (MAJOR); 1.5.0 is NOT enough" in said
    assert "Beforegit:v1.4.2 lakes 1.4.2 Now. lakes 1.5.0 Rows gone10 Cells changed27 Rows new8" in said
    assert '<header class="bad"' in render(EVERYTHING)
    enough = replace(EVERYTHING, bump=replace(EVERYTHING.bump, enough=True), vanished={})
    assert '<header class="good"' in render(enough)


def test_what_differs_within_a_cell_is_marked_on_both_sides() -> None:
    page = render(EVERYTHING)
    assert "has lost a <mark>third</mark> of its water" in page
    assert "has lost a <mark>fourth</mark> of its water" in page
    assert "<del><bdi>Lago di Garda<mark>␣</mark></bdi></del>" in page
    assert "<del><bdi><i>empty</i></bdi></del>" in page
    assert "<del><bdi>346<mark>.0</mark></bdi></del>" in page


def test_each_table_that_differs_has_a_section_and_a_place_in_the_navigation() -> None:
    page = Page(render(EVERYTHING))
    targets = [value[1:] for value in page.value("a", "href")]
    assert set(targets) <= set(page.ids)
    said = " ".join(page.text.split())
    assert "No row differs in people." in said
    assert (
        "412 → 413 rows · 2 rows gone, 1 row renamed, 3 rows new, 4 rows changed (27 cells) · paired by lake_id" in said
    )
    assert "Cells that changed, in 4 rows 27, 20 not shown" in said
    assert "28 rows and cells are counted, but not shown on this page" in said
    assert said.count("lakes.colour: the field is gone") == 1
    assert "lakes_wide derived" in said


def test_a_file_that_is_no_table_has_a_section_that_speaks_of_no_rows() -> None:
    assert "map no table minor map: the file changed" in words(EVERYTHING).lower()


def test_every_change_lineage_reference_and_suggestion_is_on_the_page() -> None:
    from readouts.datapackage.render.difference.sentences import sentence

    said = words(EVERYTHING)
    parts = (
        *EVERYTHING.changes,
        *EVERYTHING.lineage,
        *EVERYTHING.references,
        *EVERYTHING.suggestions,
        *EVERYTHING.settings,
    )
    for about in (*parts, *EVERYTHING.bump.reasons):
        assert " ".join(sentence(about).split()) in said


def test_a_huge_difference_gives_a_page_of_bounded_size_in_bounded_time_that_says_what_is_hidden() -> None:
    difference = huge()
    started = time.process_time()
    written = render(difference)
    assert time.process_time() - started < 30
    assert len(written) < 6_000_000
    assert written.count(", 98,000 not shown") == 2
    assert "196,000 rows and cells are counted, but not shown" in written


def test_packages_that_are_the_same_get_a_page_that_says_so() -> None:
    assert "Nothing differs: every table has the same rows" in words(NOTHING)
    assert "Why this version" not in words(NOTHING)


def test_the_answer_for_some_ids_names_each() -> None:
    said = words(asked())
    assert "The ids that were asked about lakes: 'como' has changed lakes: 'lario' is called 'como'" in said
    assert "Nothing differs: every table" not in said
