"""What mutation testing leaves out, and what it takes for equivalent."""

from __future__ import annotations

from tests.mutation.mutants import PARTS, ROOT, Equivalent, annotation_ranges, equivalents


def test_every_part_has_modules_and_tests_that_are_there() -> None:
    paths = [path for part in PARTS.values() for path in (*part.sources, *part.tests)]
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_annotations_are_found_by_where_they_begin_and_end() -> None:
    code = "def f(a: int | None = 1) -> str | None:\n    x: int = 1 | 2\n    return x\n"
    assert sorted(annotation_ranges(code)) == [((1, 9), (1, 19)), ((1, 28), (1, 38)), ((2, 7), (2, 10))]


def test_an_equivalent_mutant_is_known_by_what_is_changed_in_a_line() -> None:
    one = Equivalent("a.py", "x - 1", "x + 1", "because")
    assert one.is_this("a.py", "y = x - 1", "y = x + 1")
    assert one.is_this("a.py", "y = x - 1, x - 1", "y = x - 1, x + 1")
    assert not one.is_this("a.py", "y = x - 1, x - 1", "y = x + 1, x + 1")
    assert not one.is_this("a.py", "y = x - 1", "y = x * 1")
    assert not one.is_this("b.py", "y = x - 1", "y = x + 1")
    assert Equivalent(None, "x", "z", "because").is_this("b.py", "x", "z")


def test_each_equivalent_mutant_is_one_of_a_line_that_is_there() -> None:
    sources = {source for part in PARTS.values() for source in part.sources}
    texts = {source: " ".join((ROOT / source).read_text("utf-8").split()) for source in sources}
    for known in equivalents():
        assert known.because.endswith(".")
        assert any(known.part in texts[source] for source in ([known.source] if known.source else sources)), known
