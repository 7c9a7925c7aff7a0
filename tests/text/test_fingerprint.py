"""Fingerprints, and finding a stretch by its hash."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readouts.text.fingerprint import CONTEXT, Fingerprint, Windows, fingerprint, hash_text
from readouts.text.skeleton import Skeleton, skeleton

TEXT = "The Presidency said Marek suggested that both armies “pull back ten kilometres” and that observers be let in."

few_letters = st.text("ab", max_size=30)
letters = few_letters | st.text("aé中𝐌", max_size=30)


def naive(text: str, length: int) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for start in range(len(text) - length + 1):
        places.setdefault(sha256(text[start : start + length].encode()).hexdigest(), []).append(start)
    return places


@given(letters, st.integers(1, 32))
def test_windows_finds_what_hashing_every_stretch_finds(text: str, length: int) -> None:
    expected = naive(text, length)
    assert Windows(text).find(length, expected) == expected


@given(letters, letters.filter(bool))
def test_windows_finds_a_stretch_wherever_it_occurs_and_nowhere_else(text: str, stretch: str) -> None:
    wanted = hash_text(stretch)
    expected = [start for start in range(len(text)) if text.startswith(stretch, start)]
    assert Windows(text).find(len(stretch), [wanted]) == {wanted: expected}


def test_windows_counts_characters_and_not_bytes() -> None:
    assert Windows("ééab").find(2, [hash_text("ab")]) == {hash_text("ab"): [2]}


def test_a_hash_that_is_not_there_has_no_place() -> None:
    assert Windows("abc").find(2, [hash_text("zz")]) == {hash_text("zz"): []}
    assert Windows("abc").find(9, [hash_text("abc")]) == {hash_text("abc"): []}


def test_a_fingerprint_holds_the_hashes_of_the_words_and_of_24_letters_on_either_side() -> None:
    start = TEXT.index("both armies")
    end = start + len("both armies “pull back ten kilometres”")
    assert CONTEXT == 24
    assert fingerprint(Skeleton(TEXT), start, end) == Fingerprint(
        skeleton_sha256=hash_text("botharmiespullbacktenkilometres"),
        skeleton_length=31,
        prefix_sha256=hash_text("idencysaidmareksuggestedthat"[-24:]),
        suffix_sha256=hash_text("andthatobserversbeletin"),
    )


def test_the_context_is_shorter_at_the_edges_of_the_text() -> None:
    whole = fingerprint(Skeleton("“Marek called.”"), 0, 15)
    assert whole.prefix_sha256 == whole.suffix_sha256 == hash_text("")
    assert fingerprint(Skeleton("No. Marek"), 4, 9).prefix_sha256 == hash_text("no")


@pytest.mark.parametrize(
    "other",
    [
        TEXT.replace("“", '"').replace("”", '"'),
        TEXT.replace(" ", "\u00a0"),
        TEXT.replace(" ", "\r\n"),
        TEXT.upper(),
        TEXT.replace("suggested", "sug\u00adgested"),
    ],
    ids=["quotation marks", "no-break spaces", "line breaks", "capitals", "soft hyphens"],
)
def test_typography_does_not_change_a_fingerprint(other: str) -> None:
    old, new = Skeleton(TEXT), Skeleton(other)
    start = TEXT.index("both armies")
    first, last = old.inside(start, start + 11)
    assert fingerprint(new, *new.outside(first, last)) == fingerprint(old, start, start + 11)


@given(st.text("ab “”.\n", max_size=60), st.data())
def test_a_fingerprint_is_that_of_the_stretches_of_the_skeleton(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    found = fingerprint(Skeleton(text), start, end)
    assert found.skeleton_sha256 == hash_text(skeleton(text[start:end]))
    assert found.skeleton_length == len(skeleton(text[start:end]))
    assert found.prefix_sha256 == hash_text(skeleton(text[:start])[-CONTEXT:])
    assert found.suffix_sha256 == hash_text(skeleton(text[end:])[:CONTEXT])
