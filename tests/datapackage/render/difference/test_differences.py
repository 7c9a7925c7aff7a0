"""What holds of every form of a difference, and of the terminal."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given, settings
from rich.console import Console

from readouts.datapackage.difference.result import Change, PackageDiffData, RowChange
from readouts.datapackage.package.package import PackageVersion
from readouts.datapackage.render.difference.formats import FORMATS, UnknownFormatError, render
from readouts.datapackage.render.difference.terminal import print_difference
from readouts.datapackage.versioning import Bump, Level
from tests.datapackage.render.made import HOSTILE
from tests.datapackage.render.made_difference import EVERYTHING, LAKES, NOTHING, SUMMARY_OLD, asked, differences, huge
from tests.properties import examples

HIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
"""Characters that act on a terminal or turn the direction of text; the line feed is ours."""
STYLE = re.compile("\x1b\\[[0-9;]*m")
every_format = pytest.mark.parametrize("name", FORMATS)


def printed(difference: PackageDiffData, *, terminal: bool = True, width: int = 100, no_color: bool = False) -> str:
    stream = io.StringIO()
    console = Console(
        file=stream, width=width, force_terminal=terminal, highlight=False, no_color=no_color,
        color_system=None if no_color or not terminal else "standard", legacy_windows=False,
    )  # fmt: skip
    print_difference(console, difference)
    return stream.getvalue()


@pytest.mark.property
@every_format
def test_a_form_shows_any_difference_and_passes_nothing_on_that_acts(name: str) -> None:
    @settings(max_examples=examples(20))
    @given(differences())
    def shown(difference: PackageDiffData) -> None:
        text = render(difference, name)
        text.encode()
        assert HIDDEN.search(text) is None
        assert render(difference, name) == text
        assert text.endswith("\n")

    shown()


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"json"}))
def test_a_value_of_a_megabyte_makes_no_text_of_a_megabyte(name: str) -> None:
    longest = "x" * 1_000_000
    table = replace(
        LAKES, name=longest, key=(longest,), columns=(longest,), added=(RowChange((longest,), {longest: longest}),),
        cells=(replace(LAKES.cells[0], key=(longest,), field=longest, old=longest, new=f"{longest}y"),),
    )  # fmt: skip
    side = PackageVersion(longest, longest, longest)
    difference = PackageDiffData(
        side, side, (Change("metadata-changed", longest, longest, longest, longest, [longest] * 3),), (table,),
        notes=(longest,), vanished={longest: ((longest,),)}, bump=Bump(Level.MAJOR, (), longest, enough=False),
    )  # fmt: skip
    text = render(difference, name)
    assert len(text) < 100_000
    assert "1,000,00" in text


@every_format
def test_what_is_hidden_is_counted(name: str) -> None:
    table = replace(LAKES, cells_changed=4718, rows_added=2, rows_removed=2)
    text = render(replace(EVERYTHING, tables=(table,)), name)
    assert "4,711" in text or '"hidden": 4711' in text


@every_format
def test_a_difference_without_content_can_be_shown(name: str) -> None:
    bare = PackageDiffData(PackageVersion(""), PackageVersion(""))
    assert render(bare, name)
    for difference in (NOTHING, asked(), replace(EVERYTHING, tables=()), replace(EVERYTHING, changes=())):
        assert render(difference, name)


def test_a_form_that_there_is_none_of_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(UnknownFormatError, match="markdown"):
        render(NOTHING, "markdwn")


def test_naming_the_forms_imports_none_of_them() -> None:
    names = ("jinja2", "rich.table", "readouts.datapackage.render.difference.html", "difflib")
    module = "readouts.datapackage.render.difference.formats"
    code = f"import sys, {module}; print([name for name in {names[:3]} if name in sys.modules])"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout == "[]\n"


@settings(max_examples=examples(25))
@given(differences())
def test_no_control_character_of_a_package_reaches_a_terminal(difference: PackageDiffData) -> None:
    assert HIDDEN.search(STYLE.sub("", printed(difference))) is None


def test_without_a_terminal_each_cell_is_one_line_whole() -> None:
    lines = render(EVERYTHING, "terminal").splitlines()
    assert any(line.startswith("  ~ como  note: ") and SUMMARY_OLD in line for line in lines)
    assert "  ~ garda  depth: 346.0 → 346  (format)" in lines
    assert "  ~ garda  name: Lago di Garda␣ → Lago di Garda" in lines
    assert "  ~ lugano  note: (empty) → Shared by two countries.  (from-null)" in lines
    assert "  - tarn  name: Tarn; depth: 12.50; kind: tarn; note: Was a second entry for the same lake." in lines
    assert "  + 3 times  lake_id: como; year: 1911; metres: 410" in lines


def test_the_last_line_says_which_version_is_needed() -> None:
    last = printed(EVERYTHING, terminal=False).splitlines()[-1]
    assert last == "lakes 1.4.2 → 1.5.0: needs at least version 2.0.0 (MAJOR); 1.5.0 is NOT enough"


def test_tables_come_first_then_reasons_then_samples() -> None:
    text = printed(EVERYTHING, terminal=False)
    order = [
        "table ",
        "Removed ids not listed in id_changes",
        "Why this version",
        "the field is gone",
        "lakes: 2 rows gone",
    ]
    assert [text.index(words) for words in order] == sorted(text.index(words) for words in order)
    assert "and 21 rows or cells not shown (--limit N; --format html --output FILE)" in text


@pytest.mark.parametrize("name", ["terminal", "markdown"])
def test_a_file_that_is_no_table_stands_under_a_heading_of_its_own(name: str) -> None:
    lines = render(replace(NOTHING, changes=(Change("content-changed", "map", what="bytes"),)), name).splitlines()
    heading = next(number for number, line in enumerate(lines) if line.endswith("Files that are not tables"))
    assert any("map: the file changed" in line for line in lines[heading + 1 : heading + 3])
    assert not any("Corrected" in line for line in lines)


def test_a_long_list_is_cut_and_counted() -> None:
    text = printed(EVERYTHING, terminal=False)
    assert f"and {len(EVERYTHING.bump.reasons) - 20} more (--format json has all)" in text


def test_a_terminal_of_forty_columns_is_not_overrun() -> None:
    lines = STYLE.sub("", printed(EVERYTHING, width=40)).splitlines()
    assert max(map(len, lines)) <= 40


def test_without_colours_nothing_is_styled() -> None:
    assert "\x1b" not in printed(EVERYTHING, no_color=True)
    assert "\x1b" not in printed(EVERYTHING, terminal=False)
    assert "\x1b[1;31m" in printed(EVERYTHING)


def test_hostile_text_is_shown_rather_than_sent() -> None:
    for text in HOSTILE:
        table = replace(LAKES, name=text, cells=(replace(LAKES.cells[0], field=text, key=(text,), old=text, new=""),))
        shown = STYLE.sub("", printed(replace(EVERYTHING, tables=(table,))))
        assert HIDDEN.search(shown) is None


def test_as_many_samples_are_printed_as_the_difference_holds() -> None:
    text = printed(huge(500), terminal=False)
    assert text.count("  ~ lake-") == 1000
