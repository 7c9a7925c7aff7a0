"""The section of a release in the changelog: where it is put, and what of people's words is kept."""

from __future__ import annotations

import pytest

from readouts.publish.release.changelog import END, START, generated_part, with_section

OLDER = "### [1.0.0] - 2031-01-01\n\nThe first release.\n"
TEXT = f"# Changelog\n\nFor readers.\n\n## Data\n\n{OLDER}\n## Package\n\n### [1.0.1] - 2031-01-01\n\n- A command.\n"


def test_a_section_is_put_before_those_of_older_releases_and_the_rest_stays() -> None:
    text = with_section(TEXT, "1.0.1", "2031-02-01", "- A row.\n", ["1.0.0"])
    assert text == TEXT.replace(OLDER, f"### [1.0.1] - 2031-02-01\n\n{START}- A row.\n{END}\n{OLDER}")
    assert generated_part(text, "1.0.1", "2031-02-01") == "- A row.\n"


def test_putting_a_section_twice_gives_the_same_text() -> None:
    once = with_section(TEXT, "1.0.1", "2031-02-01", "- A row.\n", ["1.0.0"])
    assert with_section(once, "1.0.1", "2031-02-01", "- A row.\n", ["1.0.0"]) == once


@pytest.mark.parametrize("heading", ["### [unreleased]\n", "### [Unreleased] - soon\n", "### [1.0.1] - 2031-01-15\n"])
def test_the_section_of_what_was_never_released_becomes_that_of_the_release_with_its_words(heading: str) -> None:
    before = TEXT.replace(OLDER, f"{heading}\nWords of a person.\n\n{START}- Old.\n{END}\nMore words.\n\n{OLDER}")
    text = with_section(before, "1.1.0", "2031-02-01", "- New.\n", ["1.0.0"])
    section = f"### [1.1.0] - 2031-02-01\n\nWords of a person.\n\n{START}- New.\n{END}\nMore words.\n\n{OLDER}"
    assert text == TEXT.replace(OLDER, section)


def test_an_older_section_of_what_was_never_released_is_left_alone() -> None:
    before = f"{TEXT.rstrip()}\n\n### [0.2.0] - 2030-01-01\n\nAn early version.\n"
    text = with_section(before, "1.0.1", "2031-02-01", "- A row.\n", ["1.0.0"])
    assert "### [0.2.0] - 2030-01-01\n\nAn early version.\n" in text
    assert text.index("[1.0.1]") < text.index("[1.0.0]") < text.index("[0.2.0]")


def test_the_section_of_a_release_is_never_taken_for_another_one() -> None:
    text = with_section(TEXT, "1.0.1", "2031-02-01", "- A row.\n", ["1.0.0"])
    later = with_section(text, "1.1.0", "2031-03-01", "- More.\n", ["1.0.0", "1.0.1"])
    assert generated_part(later, "1.0.1", "2031-02-01") == "- A row.\n"
    assert generated_part(later, "1.1.0", "2031-03-01") == "- More.\n"
    assert later.index("[1.1.0]") < later.index("[1.0.1]") < later.index("[1.0.0]")


def test_a_version_of_the_python_package_is_none_of_the_data() -> None:
    assert generated_part(TEXT, "1.0.1", "2031-01-01") is None
    bare = "# Changelog\n\n## Package\n\n### [1.0.1] - 2031-01-01\n"
    text = with_section(bare, "1.0.1", "2031-02-01", "- A row.\n", [])
    assert text.startswith(bare)
    assert generated_part(text, "1.0.1", "2031-02-01") == "- A row.\n"


def test_a_section_whose_generated_part_is_gone_has_none() -> None:
    text = with_section(TEXT, "1.0.1", "2031-02-01", "- A row.\n", ["1.0.0"])
    assert generated_part(text.replace(END, ""), "1.0.1", "2031-02-01") is None
    assert generated_part(text.replace(START, ""), "1.0.1", "2031-02-01") is None
