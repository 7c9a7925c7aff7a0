from __future__ import annotations

import html
import re
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from marko.ext.gfm import gfm
from marko.inline import AutoLink, Image, InlineHTML, Link, RawText

from readouts.datapackage.difference.result import CellChange, CellKind, Change, RowChange
from readouts.datapackage.render.difference.markdown import LIMIT, LinkError, render
from tests.datapackage.render.made import HOSTILE
from tests.datapackage.render.made_difference import EVERYTHING, LAKES, NOTHING, asked, differences, huge
from tests.properties import examples

if TYPE_CHECKING:
    from collections.abc import Iterator

    from readouts.datapackage.difference.result import PackageDiffData

OURS = re.compile(r"<b>|</b>|<details><summary>[^<]*(<b>[^<]*</b>[^<]*)?</summary>|</details>")


def elements(node: Any) -> Iterator[Any]:
    yield node
    children = getattr(node, "children", None)
    if isinstance(children, (list, tuple)):
        for child in children:
            yield from elements(child)


def hostile(text: str, number: int = 40) -> PackageDiffData:
    """A difference with a text in every place where one can be."""
    cells = tuple(CellChange((f"{row}{text}",), text, text, f"{text}!{row}", CellKind.VALUE) for row in range(number))
    rows = tuple(RowChange((text, str(row)), {text: text, "note": f"{text} {row}"}) for row in range(number))
    table = replace(
        LAKES, key=(text,), cells=cells, added=rows, removed=rows, rows_added=number, rows_removed=number,
        cells_changed=number,
    )  # fmt: skip
    changes = tuple(Change("metadata-changed", text, text, text, text, [text]) for _ in range(number))
    return replace(
        EVERYTHING, old=replace(EVERYTHING.old, label=text, name=text), changes=changes,
        tables=tuple(replace(table, name=f"{text}{place}") for place in range(30)),
        vanished={text: tuple((text, str(row)) for row in range(number))}, notes=(text,) * number,
    )  # fmt: skip


def inert(written: str) -> None:
    """Hold a comment to what it must be whatever it quotes."""
    assert len(written) < LIMIT
    parts = list(elements(gfm.parse(written)))
    assert not [part for part in parts if isinstance(part, (Link, AutoLink, Image)) or type(part).__name__ == "Url"]
    for part in parts:
        if isinstance(part, InlineHTML) or type(part).__name__ == "HTMLBlock":
            assert OURS.fullmatch(str(getattr(part, "body", part.children)).strip())
    shown = html.unescape("".join(part.children for part in parts if isinstance(part, RawText)))
    assert re.search(r"@\w|#\d|://|www\.\w|GH-\d|:\w+:", shown) is None
    for table in (part for part in parts if type(part).__name__ == "Table"):
        assert len({len(row.children) for row in table.children}) == 1


@settings(max_examples=examples(25))
@given(differences())
def test_a_comment_is_inert_whatever_it_quotes(difference: PackageDiffData) -> None:
    inert(render(difference))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_comment_full_of_a_hostile_text_is_inert_and_fits(text: str) -> None:
    inert(render(hostile(text)))


def test_the_first_line_says_which_version_is_needed_and_whether_the_given_one_is_enough() -> None:
    first = render(EVERYTHING).splitlines()[0]
    assert first == "## lakes 1.4.2 → 1.5.0: needs at least version 2.0.0 (MAJOR); 1.5.0 is NOT enough"


def test_losses_come_first_then_corrections_then_what_is_new() -> None:
    written = render(EVERYTHING)
    order = [
        "### Gone, stricter, or read otherwise", "2 ids are gone, and id", "lakes.colour: the field is gone",
        "12 rows refer to rows of lakes that are not there", "<b>lakes</b>: 2 rows gone",
        "### Files that are not tables", "map: the file changed", "### Corrected",
        "| como | depth | <b>410</b> | <b>425</b> |", "### New, or looser", "lakes.salinity",
        "<b>lakes</b>: 3 rows new", "### Why this version",
    ]  # fmt: skip
    places = [written.index(words) for words in order]
    assert places == sorted(places)


def test_cells_stand_with_both_values_and_what_differs_in_them_is_bold() -> None:
    written = render(EVERYTHING)
    assert "lost a <b>third</b> of its water" in written
    assert "lost a <b>fourth</b> of its water" in written
    assert "| lugano | note | (empty) | <b>Shared by two countries.</b> |" in written
    assert "20 further cells not shown here." in written


def test_a_huge_difference_fits_and_says_how_much_is_left_out() -> None:
    difference = huge()
    started = time.process_time()
    written = render(difference)
    assert time.process_time() - started < 5
    assert 10_000 < len(written) < LIMIT
    shown = len(re.findall(r"^\| lake-\d+ \| note", written.partition("lakes&#95;wide</b>")[0], re.MULTILINE))
    assert shown > 10
    assert f"{100_000 - shown:,} further cells not shown here." in written
    assert "--format html --limit 0 --output FILE" in written


def test_all_samples_of_a_difference_are_shown_as_long_as_there_is_room() -> None:
    cells = tuple(CellChange((f"lake-{row}",), "depth", "7", str(row), CellKind.VALUE) for row in range(400, 700))
    table = replace(LAKES, cells=cells, cells_changed=300, rows_changed=300, added=(), removed=(), rows_added=0,
                    rows_removed=0)  # fmt: skip
    written = render(replace(NOTHING, tables=(table,)))
    assert len(re.findall(r"^\| lake-\d+ \| depth", written, re.MULTILINE)) == 300
    assert "not shown" not in written
    assert "--limit" not in written


def test_a_list_without_room_for_one_line_is_counted() -> None:
    long = tuple(replace(cell, new="new " * 60) for cell in huge(3).tables[0].cells)
    tables = tuple(replace(LAKES, name=f"{number:02}{'x' * 70}", cells=long) for number in range(40))
    written = render(replace(EVERYTHING, tables=tables))
    assert len(written) < LIMIT
    assert re.search(r"^\d+ further lists had no room here.$", written, re.MULTILINE)


def test_of_many_tables_each_gets_room_before_one_gets_more() -> None:
    tables = tuple(replace(huge(100).tables[0], name=f"t{number}") for number in range(30))
    written = render(replace(EVERYTHING, tables=tables))
    assert len(written) < LIMIT
    shown = [len(re.findall(r"\| lake-", part)) for part in written.split("<b>t")[1:] if "cells in" in part]
    assert len(shown) == 30
    assert max(shown) - min(shown) <= 1


def test_nothing_more_is_promised_where_everything_is_shown() -> None:
    whole = replace(LAKES, cells_changed=7, rows_added=2)
    assert "--limit" not in render(replace(EVERYTHING, tables=(whole,)))
    assert "--limit" in render(EVERYTHING)


def test_a_comment_links_to_the_whole() -> None:
    links = {"the page | <b>": "https://ci.example/runs/1/a_(b).html?x=1&y=%20#t"}
    written = render(EVERYTHING, links)
    found = [part for part in elements(gfm.parse(written)) if isinstance(part, Link)]
    assert [part.dest for part in found] == list(links.values())


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "page.html", "https://a b", "https://a>b", "https://a\\b", 'https://a"', "", "http://"],
)
def test_an_address_that_a_comment_cannot_hold_is_refused(address: str) -> None:
    with pytest.raises(LinkError, match="Percent-encode"):
        render(EVERYTHING, {"the page": address})


def test_packages_that_are_the_same_get_one_line() -> None:
    assert render(replace(NOTHING, new=EVERYTHING.new)) == "## lakes 1.4.2 → 1.5.0: nothing differs\n"


def test_the_answer_for_some_ids_names_each() -> None:
    written = render(asked())
    assert "### The ids that were asked about" in written
    assert "- lakes: 'lario' is called 'como'" in written
    assert "- 'nessie' is not in any table of either side" in written
