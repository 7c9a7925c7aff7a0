"""What a page says, whatever its markup and encoding."""

from __future__ import annotations

import pytest

from readouts.text.retrieval.page_text import PageText, decoded
from readouts.text.retrieval.web import Page


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("<p>One\n two</p><p>three", "One two\n\nthree"),
        ("<b>M</b>arek <i>called</i>.<br>Ostrova<wbr>s reply", "Marek called.\n\nOstrovas reply"),
        ("<div>a<div>b</div>c</div>", "a\n\nb\n\nc"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a\n\nb"),
        ("<p>a<script>x()</script>b<!-- no -->c<style>p{}</style></p>", "abc"),
        ("<p hidden>a</p>b<template>c</template><noscript>d</noscript>e", "be"),
        ("<title>t</title><h1>h</h1>&amp;&nbsp;&#8220;q&#8221;", "h\n\n& “q”"),
        ('<?xml version="1.0" encoding="gb2312"?><html><body><p>马雷克</p></body></html>', "马雷克"),
        ("<font>" * 400 + "<p>deep</p>", "deep"),
        ("", ""),
        ("<!-- -->", ""),
        ("Marek called.", "Marek called."),
    ],
)
def test_all_that_a_page_shows_is_read_block_by_block(source: str, shown: str) -> None:
    assert PageText(source).shown == shown


def test_a_plain_text_is_taken_as_it_is() -> None:
    text = PageText("a <b>\n  c\n", plain=True)
    assert text.shown == text.main == "a <b>\n  c\n"


@pytest.mark.parametrize(
    ("source", "has"),
    [
        ("<title>Marek calls Ostrova</title>", True),
        ("<title>Marek calls Ostrova - Gazette</title>", True),
        ("<h1>Marek <em>calls</em>\n Ostrova</h1>", True),
        ("<h2>MAREK CALLS OSTROVA!</h2>", True),
        ("<title>Gazette</title><p>Marek calls Ostrova on Thursday.</p>", False),
        ("<title>Gazette</title><a>Marek</a>", False),
    ],
)
def test_a_title_is_a_paragraph_of_its_own_or_what_stands_above_the_page(source: str, has: bool) -> None:
    assert PageText(source).has_title("Marek calls Ostrova") == has


def page(data: bytes, charset: str | None) -> Page:
    kind = "text/html" + (f"; charset={charset}" if charset else "")
    return Page("http://example.org/", 200, {"content-type": kind}, data)


@pytest.mark.parametrize(
    "charset", ["zip", "hex", "rot13", "punycode", "idna", "unicode_escape", "undefined", "a:b", "x" * 99]
)
def test_an_encoding_of_something_else_than_texts_is_not_tried(charset: str) -> None:
    found = list(decoded(page("Озёра".encode("cp1251"), charset), "ru"))
    assert found[0] == "Озёра"


@pytest.mark.parametrize(
    ("language", "encoding"),
    [
        ("zh-Hans", "gb2312"),
        ("zh-Hans-CN", "gb18030"),
        ("zh-Hant", "big5"),
        ("ru", "cp1251"),
        ("en", "cp1252"),
        ("en", "utf-16"),
    ],
)
def test_an_encoding_that_nobody_declares_is_guessed_from_the_language(language: str, encoding: str) -> None:
    text = {"zh-Hant": "外長", "zh-Hans": "外长", "ru": "Озёра", "en": "Café"}[language[:7]]
    assert text in list(decoded(page(text.encode(encoding), None), language))


def test_a_declaration_in_the_page_counts_as_one_of_the_server_does() -> None:
    data = '<meta http-equiv="Content-Type" content="text/html; charset=koi8-r">Озёра'.encode("koi8-r")
    assert next(decoded(page(data, None), "en")).endswith("Озёра")
    assert next(decoded(page("Озёра".encode("koi8-r"), "koi8-r"), "en")) == "Озёра"
