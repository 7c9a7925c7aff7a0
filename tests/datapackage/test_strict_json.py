"""JSON in which a key is there twice is told apart from all other JSON, and the place is right."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readouts.datapackage.strict_json import DuplicateKeyError, duplicate_keys, load_unique
from tests.properties import examples

KEYS = st.text(st.sampled_from('ab"\\{}[]:, é\n'), max_size=3)
LEAVES = st.none() | st.booleans() | st.integers(-5, 5) | KEYS


class Pairs(list[tuple[str, Any]]):
    """The members of an object, as they are written."""


VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.lists(st.tuples(KEYS, inner), max_size=4).map(Pairs),
    max_leaves=12,
)


def written(value: Any, gap: str) -> str:
    if isinstance(value, Pairs):
        return "{" + f",{gap}".join(f"{json.dumps(key)}{gap}:{written(part, gap)}" for key, part in value) + "}"
    if isinstance(value, list):
        return "[" + f",{gap}".join(written(part, gap) for part in value) + "]"
    return json.dumps(value)


def repeated(value: Any) -> int:
    """Return how often a key is there again in its object, at any depth."""
    if not isinstance(value, list):
        return 0
    if isinstance(value, Pairs):
        return len(value) - len(dict(value)) + sum(repeated(part) for _, part in value)
    return sum(map(repeated, value))


@given(VALUES, st.sampled_from(["", " ", "\n", "\r\n\t"]))
@settings(max_examples=examples(300))
def test_exactly_the_keys_that_an_object_has_again_are_found(value: Any, gap: str) -> None:
    text = written(value, gap)
    assert len(list(duplicate_keys(text))) == repeated(value)
    if repeated(value):
        with pytest.raises(DuplicateKeyError):
            load_unique(text)
    else:
        assert load_unique(text) == json.loads(text)


def test_the_lines_are_those_of_the_key_and_of_the_first_one() -> None:
    text = '{"rows": [\n  {"no": 1},\n  {"no": 2,\n   "kind": "oak {",\n   "no": 3}\n]}'
    (found,) = duplicate_keys(text)
    assert (str(found), found.line) == ("Duplicate key 'no' on line 5 (first on line 3).", 5)
    assert next(duplicate_keys(text, 11)).line == 15


@pytest.mark.parametrize("text", ["NaN", "[Infinity]", '{"a": -Infinity}'])
def test_constants_of_javascript_are_not_json(text: str) -> None:
    with pytest.raises(ValueError, match="is not JSON"):
        load_unique(text, constants=False)
