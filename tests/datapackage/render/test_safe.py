from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from readouts.datapackage.render.escaping import cut, visible


@given(st.text(st.characters(), max_size=60))
def test_visible_text_is_one_line_that_hides_nothing(text: str) -> None:
    shown = visible(text)
    shown.encode()
    assert len(shown.splitlines()) <= 1
    for character in shown:
        assert unicodedata.category(character) not in {"Cc", "Cs", "Zl", "Zp"}
        assert unicodedata.bidirectional(character) not in {
            "LRE",
            "RLE",
            "PDF",
            "LRO",
            "RLO",
            "LRI",
            "RLI",
            "FSI",
            "PDI",
        }


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=60))
def test_text_that_hides_nothing_stays_as_it_is(text: str) -> None:
    assert visible(text) == text.replace("\u115f", "\\u115f").replace("\u1160", "\\u1160").replace("\u3164", "\\u3164")


@given(st.text(max_size=60), st.integers(0, 70))
def test_what_is_cut_says_how_long_it_was(text: str, limit: int) -> None:
    assert (
        cut(text, limit) == text
        if len(text) <= limit
        else cut(text, limit).endswith(f"(cut: {len(text)} characters in all)")
    )
