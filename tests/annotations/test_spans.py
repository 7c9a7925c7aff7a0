"""Offsets of spans are held to their fields, however a span is written."""

from __future__ import annotations

import pytest

from readouts.annotations.article import read_article
from readouts.annotations.nodes import parse
from readouts.annotations.records import Reading
from readouts.corpus_schema.tables import tables
from readouts.datapackage.schema.model import Constraints


def found(span: str) -> list[tuple[str, str, str | None]]:
    reading = Reading("annotations/articles/herald.yaml")
    read_article(parse(f"regions:\n  - {{role: headline, at: {span}}}\n", reading.file), "herald", reading)
    return [(each.code, str(each.source), each.value) for each in reading.incidents if each.table == "spans"]


@pytest.mark.parametrize(("form", "column"), [("[[0, {}]]", 31), ("[0, {}]", 30), ("[[0, '{}']]", 31)])
def test_an_end_before_the_first_character_is_found_at_its_place(form: str, column: int) -> None:
    assert found(form.format(1)) == []
    place = f"annotations/articles/herald.yaml:2:{column}"
    assert found(form.format(0)) == [("constraint-error", place, "0")]


@pytest.mark.parametrize(("name", "least"), [("start", 0), ("end", 1)])
def test_offsets_have_a_least_value_and_no_other_bound(name: str, least: int) -> None:
    """A number in digits is compared with it alone, which is much faster than asking the field."""
    assert tables()["spans"].field(name).constraints == Constraints(required=True, minimum=least)
