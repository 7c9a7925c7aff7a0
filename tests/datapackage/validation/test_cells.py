"""What is said about a cell: the verdict on each value, and the sentence of its finding."""

from __future__ import annotations

import pytest

from readouts.datapackage.incident import NULL
from readouts.datapackage.schema.model import Constraints, Field
from readouts.datapackage.validation.cells import judge, message_of
from readouts.datapackage.validation.patterns import STEPS

NEEDED = ("constraint-error", "a value, since it is required")


def test_a_missing_value_is_wrong_where_one_is_required_and_is_never_read_as_a_value() -> None:
    values = ["", "-", "7", "x"]
    wrong = ("type-error", "a whole number in digits")
    free, required = (Field("a", type="integer", constraints=Constraints(required=each)) for each in (False, True))
    assert judge(free, ("", "-"), values) == {"": None, "-": None, "7": None, "x": wrong}
    assert judge(required, ("", "-"), values) == {"": NEEDED, "-": NEEDED, "7": None, "x": wrong}
    assert judge(required, ("",), ["-"]) == {"-": wrong}


@pytest.mark.parametrize("required", [False, True])
def test_a_pattern_is_asked_of_good_values_only(required: bool) -> None:
    field = Field("a", type="integer", constraints=Constraints(required, pattern="[0-9]{2}", maximum=50))
    form, high = ("constraint-error", "a text of the form [0-9]{2}"), ("constraint-error", "at most 50")
    assert judge(field, ("-",), ["7", "-", "12", "99", "x", "123"]) == {
        "7": form,
        "-": NEEDED if required else None,
        "12": None,
        "99": high,
        "x": ("type-error", "a whole number in digits"),
        "123": high,
    }


def test_a_pattern_that_would_take_for_ever_is_told_from_one_that_does_not_fit() -> None:
    pattern = "(?=a)(a|aa)+(?=c)"
    found = judge(Field("a", type="string", constraints=Constraints(pattern=pattern)), (), ["a" * 60 + "b", "c"])
    assert found == {
        "a" * 60 + "b": ("resource-limit", f"a text that the pattern {pattern} decides on in {STEPS:,} steps"),
        "c": ("constraint-error", f"a text of the form {pattern}"),
    }


@pytest.mark.parametrize(
    ("expected", "value", "sentence"),
    [
        ("a number", "x", "Expected a number; found 'x'."),
        ("a number. ", "x", "Expected a number; found 'x'."),
        ("one of its list. Did you mean 'y'?", "x", "Expected one of its list; found 'x'. Did you mean 'y'?"),
        ("this. That. And more.", "x", "Expected this; found 'x'. That. And more."),
        ("a value", "", "Expected a value; found an empty cell."),
        ("a value", None, "Expected a value; found nothing."),
        ("a value", "".join([*NULL]), "Expected a value; found null."),
    ],
)
def test_the_sentence_says_what_was_expected_and_what_was_found(
    expected: str, value: str | None, sentence: str
) -> None:
    assert message_of(expected, value) == sentence
