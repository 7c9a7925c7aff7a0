"""Requests: what a server may send, and who asks."""

from __future__ import annotations

import gzip
import zlib
from contextlib import suppress
from email.message import Message
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readouts.text.retrieval import web
from readouts.text.retrieval.problem import RetrievalError
from readouts.text.retrieval.web import unpacked, user_agent
from tests.properties import examples

if TYPE_CHECKING:
    from collections.abc import Callable

PACKERS: dict[str, Callable[[bytes], bytes]] = {"gzip": gzip.compress, "deflate": zlib.compress, "identity": bytes}


@settings(max_examples=examples(200))
@given(st.binary(max_size=300), st.lists(st.sampled_from(sorted(PACKERS)), max_size=3))
def test_what_was_packed_is_unpacked(data: bytes, names: list[str]) -> None:
    packed = data
    for name in names:
        packed = PACKERS[name](packed)
    assert unpacked(packed, {"content-encoding": ", ".join(names)}, 10_000) == data


@settings(max_examples=examples(200))
@given(st.binary(max_size=200), st.sampled_from(["gzip", "deflate"]))
def test_any_bytes_that_are_said_to_be_packed_give_bytes_within_the_limit_or_one_error(data: bytes, name: str) -> None:
    for given_bytes in (data, b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03" + data):
        with suppress(RetrievalError):
            assert len(unpacked(given_bytes, {"content-encoding": name}, 150)) <= 200


@pytest.mark.parametrize("size", [99, 100, 101])
def test_the_limit_is_what_a_page_may_unpack_to(size: int) -> None:
    packed = gzip.compress(b"x" * size)
    if size > 100:
        with pytest.raises(RetrievalError, match="unpacks to more than"):
            unpacked(packed, {"content-encoding": "gzip"}, 100)
    else:
        assert len(unpacked(packed, {"content-encoding": "gzip"}, 100)) == size


@pytest.mark.parametrize(
    ("lines", "agent"),
    [
        ({}, "readouts/1.2.3 (texts for one reader)"),
        ({"Project-URL": "Homepage, https://readouts.example/"}, "readouts/1.2.3 (+https://readouts.example/)"),
        ({"Home-page": "https://readouts.example/"}, "readouts/1.2.3 (+https://readouts.example/)"),
    ],
)
def test_the_program_names_itself_its_version_and_its_homepage_if_it_has_one(
    lines: dict[str, str], agent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    about = Message()
    for name, value in {"Version": "1.2.3", **lines}.items():
        about[name] = value
    monkeypatch.setattr(web, "metadata", lambda _: about)
    assert user_agent() == agent
