"""Where the markers of a conflict go: around whole entries, as few lines as it takes, and blocks at once."""

from __future__ import annotations

import pytest

from readouts.datapackage.merging.text import CLOSE, MIDDLE, OPEN, Block, has_markers, marked, merge_lines

A, B, C = "- a: 1\n  x: 1\n", "- b: 1\n  x: 1\n", "- c: 1\n  x: 1\n"


def spelled(text: str) -> str:
    """Return a text whose markers are written `<`, `=` and `>`."""
    return text.replace("<", OPEN).replace("=", MIDDLE).replace(">", CLOSE)


@pytest.mark.parametrize(
    ("shorter", "longer", "before", "more", "after"),
    [
        (A + B, A + C + B, A, C, B),
        (A + B, A + B + C, A + B, C, ""),
        (A + B, C + A + B, "", C, A + B),
        (A + A, A + A + A, A + A, A, ""),
        ("  a\n  a\nb\n", "  a\n  a\n  a\nb\n", "", "  a\n", "  a\n  a\nb\n"),
        ("  b\na\n", "  b\n  b\na\n", "", "  b\n", "  b\na\n"),
        ("x\nx\nx\n", "x\nx\nx\nx\n", "x\nx\nx\n", "x\n", ""),
        ("h\n    a\n  b\nz\n", "h\n    a\n  b\n    a\n  b\nz\n", "h\n    a\n", "  b\n    a\n", "  b\nz\n"),
        ("", "a\n", "", "a\n", ""),
    ],
)
def test_lines_that_only_one_side_has_are_marked_as_a_whole_entry(
    shorter: str, longer: str, before: str, more: str, after: str
) -> None:
    assert before + more + after == longer
    assert marked(shorter, longer) == before + spelled(f"<={more}>") + after
    assert marked(longer, shorter) == before + spelled(f"<{more}=>") + after


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        ([], "<a\n=A\n>b\nc\n<d\n=D\n>"),
        ([Block(slice(0, 2), slice(0, 2)), Block(slice(2, 4), slice(2, 4))], "<a\n=A\n>b\nc\n<d\n=D\n>"),
        ([Block(slice(0, 4), slice(0, 4))], "<a\nb\nc\nd\n=A\nb\nc\nD\n>"),
        ([Block(slice(0, 2), slice(0, 2), whole=True)], "<a\nb\n=A\nb\n>c\n<d\n=D\n>"),
        ([Block(slice(1, 3), slice(1, 3), whole=True)], "<a\n=A\n>b\nc\n<d\n=D\n>"),
        ([Block(slice(2, 4), slice(2, 4), whole=True)], "<a\n=A\n>b\n<c\nd\n=c\nD\n>"),
    ],
)
def test_a_block_that_differs_in_more_than_one_place_is_marked_at_once(blocks: list[Block], expected: str) -> None:
    assert marked("a\nb\nc\nd\n", "A\nb\nc\nD\n", blocks=blocks) == spelled(expected)


def test_a_marker_begins_a_line_though_a_text_has_no_last_line_end() -> None:
    assert marked("a\nb", "a\nc") == spelled("a\n<b\n=c\n>")
    assert marked("a", "") == spelled("<a\n=>")


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "expected"),
    [
        ("a\nb\nc\n", "a\nB\nc\n", "a\nb\nC\n", "a\n<B\nc\n=b\nC\n>"),
        ("a\nb\nc\n", "a\nB\nc\n", "a\nX\nc\n", "a\n<B\n=X\n>c\n"),
        ("a\nb\nc\n", "a\nc\n", "a\nX\nc\n", "a\n<=X\n>c\n"),
        ("a\nb", "a\nB", "a\nb\nc", "a\n<B\n=b\nc\n>"),
        ("", "a\n", "b\n", "<a\n=b\n>"),
        ("a\nb\nc\nd\ne\n", "x\na\nb\nd\ne\n", "a\nb\nc\nd\ny\n", "x\na\nb\nd\ny\n"),
        ("a\nb\nc\nd\n", "b\nc\nd\n", "a\nb\nc\n", "b\nc\n"),
        ("a\n", "a\nb", "a\nb", "a\nb"),
        ("a\x0cb\n", "a\x0cb\nc\n", "x\na\x0cb\n", "x\na\x0cb\nc\n"),
    ],
)
def test_lines_are_merged_where_all_three_share_a_line_between(
    base: str, ours: str, theirs: str, expected: str
) -> None:
    assert merge_lines(base, ours, theirs) == (spelled(expected), "<" not in expected)
    assert merge_lines(base, theirs, ours)[1] == ("<" not in expected)


def test_markers_are_those_at_the_beginning_of_a_line() -> None:
    assert [has_markers(text) for text in ("<<<<<<< x", "a\n>>>>>>> \n", "<<<<<<<x", " <<<<<<< x", "=======\n")] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_lines_that_come_very_often_are_lines_like_any_other() -> None:
    often = "x\n" * 300
    assert merge_lines(often, f"a\n{often}", f"{often}b\n") == (f"a\n{often}b\n", True)
    assert marked(often, f"{often}b\n") == often + spelled("<=b\n>")
