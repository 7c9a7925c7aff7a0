"""`fetch_texts` and `readouts texts`, against a server on this machine."""

from __future__ import annotations

import gzip
import json
import re
import socket
import subprocess
import time
import zlib
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import readouts
from readouts.datapackage.errors import ReadoutsError, UnknownIdError
from readouts.datapackage.package.package import open_package
from readouts.loaders import texts as texts_module
from readouts.loaders.texts import FetchedText, fetch_texts, planned_texts
from readouts.text.anchoring import Status, locate
from readouts.text.hydration import anchor_of
from readouts.text.retrieval.web import Limits
from readouts.text.skeleton import Skeleton
from readouts.text.sources import TextFolder
from tests.text.edited_text import paragraphs
from tests.text.retrieval.served_corpus import (
    COURIER,
    HERALD,
    LANGUAGES,
    RIBAO,
    TEXTS,
    VESTNIK,
    Addresses,
    served_corpus,
)
from tests.text.retrieval.site import BODIES, TEST_SERVER, Answer, Site, moved, page, running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from http.server import BaseHTTPRequestHandler
    from pathlib import Path

    from tests.conftest import Run

    Fetch = Callable[..., dict[str, FetchedText]]

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")
TITLES = {
    HERALD: "Marek and Ostrova speak by phone over the Lakes",
    COURIER: "Chancellery: “a truce is premature”",
    **{name: TEXTS[name].splitlines()[0] for name in (RIBAO, VESTNIK)},
}
LOREM_ERROR = "Something went wrong. Our engineers have been told, and are looking at it."
LOGIN = f"""<!doctype html><html><head><title>{TITLES[HERALD]} | Log in</title></head><body><h1>{TITLES[HERALD]}</h1>
<p>To read on, log in or subscribe: the first month is free, and the crossword is included.</p>
<form><label>E-mail <input name="m"></label><label>Password <input type="password"></label></form></body></html>"""


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Site]:
    monkeypatch.setattr(texts_module, "PAUSE", 0)
    monkeypatch.setenv("READOUTS_CACHE", str(tmp_path / "cache"))
    with running() as site:
        monkeypatch.setenv(TEST_SERVER, f"127.0.0.1:{site.port}")
        yield site


@pytest.fixture
def fetch(tmp_path: Path, invented_package: Path, site: Site) -> Fetch:
    """Fetch into `tmp_path / "texts"`: the herald, or what `addresses` say."""

    def fetched(
        addresses: Mapping[str, Addresses] | None = None, name: str = "texts", **options: object
    ) -> dict[str, FetchedText]:
        addresses = addresses or {HERALD: Addresses(site.url("/herald"))}
        corpus = tmp_path / "package"
        if not corpus.exists():
            served_corpus(invented_package, corpus, addresses)
        found = fetch_texts(
            open_package(corpus),
            tmp_path / name,
            list(addresses),
            announce=lambda _: None,
            **options,  # type: ignore[arg-type]
        )
        return {text.article_id: text for text in found}

    return fetched


def herald(charset: str = "utf-8", body: str = "paragraphs") -> bytes:
    return page(TEXTS[HERALD], TITLES[HERALD], "en", body).encode(charset)


def headers(**more: str) -> dict[str, str]:
    return {
        "Content-Type": "text/html; charset=utf-8",
        **{name.replace("_", "-"): value for name, value in more.items()},
    }


def lost_and_misplaced(package: Path, article: str, fetched: str, folder: Path) -> tuple[int, list[str], list[str]]:
    """How many contents an article has, which of them are lost in a text, and which spans are in a wrong place.

    The right places of a span are where its paragraph stands in the text as a whole.
    """
    original, text = Skeleton(TEXTS[article]), Skeleton(fetched)
    rows = [row for row in open_package(package).rows("spans") if row["article_id"] == article]
    anchors = [anchor_of(row) for row in rows]
    places = locate(TextFolder(folder).find(article, None, []).skeleton, anchors, same_text=False)
    wrong = []
    for anchor in anchors:
        place = places[anchor.span_id]
        if place.start is None or place.end is None:
            continue
        first, last = original.inside(anchor.start, anchor.end)
        start, end = next(part for part in paragraphs(TEXTS[article]) if part[0] <= anchor.start < part[1])
        whole = original.inside(start, max(end, anchor.end))
        copies = [match.start() for match in re.finditer(re.escape(original.letters[slice(*whole)]), text.letters)]
        right = {(copy + first - whole[0], copy + last - whole[0]) for copy in copies}
        if text.inside(place.start, place.end) not in right:
            wrong.append(TEXTS[article][anchor.start : anchor.end])
    contents = [row["span_id"] for row in rows if row["role"] == "content"]
    lost = [str(name) for name in contents if places[str(name)].status is Status.ORPHAN]
    return len(contents), lost, wrong


@pytest.mark.parametrize("body", BODIES)
def test_all_contents_are_found_and_nothing_is_in_a_wrong_place_however_a_page_is_laid_out(
    body: str, site: Site, fetch: Fetch, tmp_path: Path
) -> None:
    for name, text in TEXTS.items():
        site.answers[f"/{name}"] = Answer(page(text, TITLES[name], LANGUAGES[name], body).encode())
    found = fetch({name: Addresses(site.url(f"/{name}")) for name in TEXTS})
    assert {text.status for text in found.values()} == {"fetched"}
    for name in TEXTS:
        written = (tmp_path / "texts" / f"{name}.txt").read_text(encoding="utf-8")
        total, lost, wrong = lost_and_misplaced(tmp_path / "package", name, written, tmp_path / "texts")
        assert wrong == []
        assert (total > 0, lost) == (True, []), name
        assert "cookies" not in written
        assert written.startswith(TITLES[name]) or name == HERALD
        spans = [row for row in open_package(tmp_path / "package").rows("spans") if row["article_id"] == name]
        assert sum(found[name].spans.values()) == len(spans)
        assert found[name].complete == (found[name].spans.get(Status.ORPHAN, 0) == 0)


@pytest.mark.parametrize("declared", ["iso-8859-1", "gb2312", "windows-1251", "nonsense", None])
def test_a_wrong_encoding_that_a_server_declares_does_no_harm(
    declared: str | None, site: Site, fetch: Fetch, tmp_path: Path
) -> None:
    kind = "text/html" if declared is None else f"text/html; charset={declared}"
    for name, text in TEXTS.items():
        source = page(text, TITLES[name], LANGUAGES[name], charset=declared or "utf-16")
        site.answers[f"/{name}"] = Answer(source.encode(), headers={"Content-Type": kind})
    found = fetch({name: Addresses(site.url(f"/{name}")) for name in TEXTS})
    assert all(text.complete for text in found.values())
    assert "“后撤十公里”" in (tmp_path / "texts" / f"{RIBAO}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("article", "encoding", "declared"),
    [
        (RIBAO, "gb18030", "utf-8"),
        (RIBAO, "gb2312", None),
        (RIBAO, "utf-8-sig", "gb2312"),
        (RIBAO, "utf-16", None),
        (VESTNIK, "cp1251", "utf-8"),
        (VESTNIK, "koi8-r", "windows-1251"),
        (HERALD, "cp1252", "utf-8"),
    ],
)
def test_other_encodings_are_read_whatever_is_declared(
    article: str, encoding: str, declared: str | None, site: Site, fetch: Fetch
) -> None:
    source = page(TEXTS[article], TITLES[article], LANGUAGES[article], charset=declared or "")
    kind = "text/html" + (f"; charset={declared}" if declared else "")
    site.answers["/a"] = Answer(source.encode(encoding, "xmlcharrefreplace"), headers={"Content-Type": kind})
    assert fetch({article: Addresses(site.url("/a"))})[article].complete


def test_a_page_with_a_broken_byte_is_read(site: Site, fetch: Fetch) -> None:
    site.answers["/herald"] = Answer(herald().replace(b"Read next", b"Read \xff next"))
    assert fetch()[HERALD].complete


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("gzip", lambda data: gzip.compress(data[:400]) + gzip.compress(data[400:])),
        ("deflate", zlib.compress),
        ("deflate", lambda data: zlib.compress(data)[2:-4]),
        ("deflate, gzip", lambda data: gzip.compress(zlib.compress(data))),
        ("gzip", lambda data: data),
        ("identity", lambda data: data),
    ],
)
def test_packed_pages_are_unpacked(encoding: str, packed: Callable[[bytes], bytes], site: Site, fetch: Fetch) -> None:
    site.answers["/herald"] = Answer(packed(herald()), headers=headers(Content_Encoding=encoding))
    assert fetch()[HERALD].complete


def _dribble(part: bytes, head: bytes = b"") -> Callable[[BaseHTTPRequestHandler], None]:
    """Send the same few bytes again and again, for longer than anybody should wait."""

    def write(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(head)
        for _ in range(200):
            handler.wfile.write(part)
            handler.wfile.flush()
            time.sleep(0.05)

    return write


def _flood(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    for _ in range(300):
        handler.wfile.write(b"<p>" + b"x" * 2**16)


def _greet(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"220 mail.example.org\r\n")


BOMB = gzip.compress(b" " * 30_000_000)
BAD_ANSWERS = {
    "missing page": (Answer(b"<h1>Not found</h1>", 404), "answers 404 Not Found"),
    "error page": (Answer(b"<h1>Oops</h1>", 500), "answers 500"),
    "error page that says 200": (Answer(f"<h1>{LOREM_ERROR}</h1>".encode()), "is not the article"),
    "login page": (Answer(LOGIN.encode()), "is not the article: it has 0 of 10 statements"),
    "page that isn't one": (Answer(b"%PDF-1.7", headers={"Content-Type": "application/pdf"}), "is application/pdf"),
    "empty page": (Answer(b""), "is not the article"),
    "other article": (Answer(page(TEXTS[VESTNIK], TITLES[VESTNIK], "ru").encode()), "is not the article"),
    "bomb": (Answer(BOMB, headers=headers(Content_Encoding="gzip")), "unpacks to more than 10 MB"),
    "bomb in a bomb": (Answer(gzip.compress(BOMB), headers=headers(Content_Encoding="gzip, gzip")), "unpacks to more"),
    "cut off": (Answer(gzip.compress(herald())[:-20], headers=headers(Content_Encoding="gzip")), "is cut off"),
    "damaged": (Answer(b"\x1f\x8b\x08" + b"x" * 50, headers=headers(Content_Encoding="gzip")), "is damaged"),
    "other compression": (Answer(b"x", headers=headers(Content_Encoding="br")), "compressed with br"),
    "large": (Answer(b"x" * 5_000_001), "more than 5 MB"),
    "flood": (Answer(write=_flood), "more than 5 MB"),
    "not HTTP": (Answer(write=_greet), "failed"),
    "silence": (Answer(write=lambda _: time.sleep(3)), "doesn't answer in time"),
    "slow": (Answer(write=_dribble(b"x", b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n")), "doesn't answer in time"),
    "slow headers": (Answer(write=_dribble(b"X-A: b\r\n", b"HTTP/1.1 200 OK\r\n")), "doesn't answer in time"),
    "file": (moved("file:///etc/passwd"), "is not one of http or https"),
    "other protocol": (moved("ftp://example.org/a"), "is not one of http or https"),
    "password": (moved("http://me:secret@example.org/"), "holds a user name or password"),
    "private": (moved("http://10.0.0.1/admin"), "10.0.0.1, which is not an address of the public internet"),
    "link-local": (moved("http://169.254.169.254/latest/meta-data"), "169.254.169.254, which is not"),
    "other port of this machine": (moved("http://127.0.0.1:1/"), "127.0.0.1, which is not"),
    "number": (moved("http://2130706433:1/"), "127.0.0.1, which is not"),
    "mapped": (moved("http://[::ffff:127.0.0.1]/"), "which is not an address of the public internet"),
    "this machine": (moved("http://localhost:1/"), "which is not an address of the public internet"),
    "endless redirect": (moved("/herald"), "more than 5 redirects"),
    "endless refresh": (Answer(b'<meta http-equiv="refresh" content="0; url=/herald">'), "more than 5 redirects"),
    "refresh to a private address": (
        Answer(b'<meta http-equiv="refresh" content="0; url=http://10.0.0.1/">'),
        "10.0.0.1, which is not an address of the public internet",
    ),
}


@pytest.mark.parametrize("case", BAD_ANSWERS)
def test_what_is_not_the_article_is_not_written_but_listed_with_the_reason(
    case: str, site: Site, fetch: Fetch, tmp_path: Path
) -> None:
    site.answers["/herald"], reason = BAD_ANSWERS[case]
    begun = time.monotonic()
    found = fetch(limits=Limits(seconds=1, silence=0.5))[HERALD]
    assert (found.status, found.file, found.complete) == ("failed", None, False)
    assert reason in str(found.reason)
    assert list((tmp_path / "texts").glob("*.txt")) == []
    assert list((tmp_path / "cache").rglob("*.page")) == []
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_page_that_moved_is_followed_and_its_new_address_told(status: int, site: Site, fetch: Fetch) -> None:
    site.answers |= {"/herald": moved("../new%20place/ü?a=b#c", status), "/new%20place/%C3%BC?a=b": Answer(herald())}
    found = fetch()[HERALD]
    assert found.complete
    assert found.address == site.url("/new%20place/%C3%BC?a=b")


@pytest.mark.parametrize(
    "element",
    [
        '<meta http-equiv="refresh" content="0; url=/new?a=1&amp;b=2">',
        "<META HTTP-EQUIV=Refresh CONTENT='3;URL=/new?a=1&b=2'>",
    ],
)
def test_a_page_that_sends_its_readers_on_is_followed(element: str, site: Site, fetch: Fetch) -> None:
    site.answers["/herald"] = Answer(f"<html><head>{element}</head><body>We moved.</body></html>".encode())
    site.answers["/new?a=1&b=2"] = Answer(herald())
    assert fetch()[HERALD].address == site.url("/new?a=1&b=2")


@pytest.mark.parametrize(
    "element",
    [
        '<noscript><meta http-equiv="refresh" content="0; url=/new"></noscript>',
        '<!-- <meta http-equiv="refresh" content="0; url=/new"> -->',
        '<meta http-equiv="refresh" content="300; url=/new">',
        '<meta http-equiv="refresh" content="300">',
    ],
)
def test_a_page_that_only_reloads_or_sends_on_browsers_without_scripts_is_read(
    element: str, site: Site, fetch: Fetch
) -> None:
    site.answers["/herald"] = Answer(herald().replace(b"<title>", element.encode() + b"<title>"))
    assert fetch()[HERALD].complete
    assert site.paths == ["/herald"]


def test_an_archived_copy_is_asked_for_where_the_address_fails_and_only_then(site: Site, fetch: Fetch) -> None:
    site.answers["/archive"] = Answer(herald())
    addresses = {HERALD: Addresses(site.url("/gone"), site.url("/archive"))}
    found = fetch(addresses)[HERALD]
    assert (found.complete, found.address) == (True, site.url("/archive"))
    assert site.paths == ["/gone", "/archive"]


def test_of_a_teaser_and_a_whole_archived_copy_the_copy_is_kept(site: Site, fetch: Fetch) -> None:
    cut = TEXTS[HERALD].partition("In light of this")[0].rstrip("\n “")
    site.answers["/cut"] = Answer(page(cut, TITLES[HERALD], "en").encode())
    site.answers["/archive"] = Answer(herald())
    found = fetch({HERALD: Addresses(site.url("/cut"), site.url("/archive"))})[HERALD]
    assert (found.complete, found.address) == (True, site.url("/archive"))


def test_a_page_with_most_of_an_article_is_written_and_the_rest_told_as_lost(site: Site, fetch: Fetch) -> None:
    cut = TEXTS[HERALD].partition("Analysts doubted")[0]
    site.answers["/herald"] = Answer(page(cut, TITLES[HERALD], "en").encode())
    found = fetch()[HERALD]
    assert (found.status, found.file, found.complete) == ("fetched", f"{HERALD}.txt", False)
    assert found.spans[Status.ORPHAN] > 0


def robots(text: str, status: int = 200) -> Answer:
    return Answer(text.encode(), status, {"Content-Type": "text/plain"})


@pytest.mark.parametrize(
    "rules",
    [
        "User-agent: *\nDisallow: /",
        "User-agent: *\nDisallow:\n\nUser-agent: Readouts\nDisallow: /her",
        "User-agent: *\nAllow: /\nDisallow: /*ald$",
        "\ufeffUser-agent: *\r\nDisallow: /herald\r\n",
        "User-agent: *\nCrawl-delay: 86400",
    ],
)
def test_what_robots_txt_forbids_is_left_out_and_no_archived_copy_is_asked_for_either(
    rules: str, site: Site, fetch: Fetch
) -> None:
    site.answers |= {"/robots.txt": robots(rules), "/herald": Answer(herald()), "/archive": Answer(herald())}
    found = fetch({HERALD: Addresses(site.url("/herald"), site.url("/archive"))})[HERALD]
    assert (found.status, found.file) == ("left out", None)
    assert "robots.txt of 127.0.0.1" in str(found.reason)
    assert site.paths == []


@pytest.mark.parametrize(
    "rules",
    [
        robots("User-agent: *\nDisallow: /\nAllow: /herald"),
        robots("User-agent: othersbot\nDisallow: /"),
        robots("User-agent: *\nDisallow: /\n\nUser-agent: readouts\nDisallow: /admin"),
        robots("nothing that can be read \0"),
        robots("", 404),
        robots("User-agent: *\nDisallow: /", 403),
    ],
)
def test_what_robots_txt_does_not_forbid_is_fetched(rules: Answer, site: Site, fetch: Fetch) -> None:
    site.answers |= {"/robots.txt": rules, "/herald": Answer(herald())}
    assert fetch()[HERALD].complete


@pytest.mark.parametrize(
    "rules", [robots("", 503), robots("", 429), moved("http://10.0.0.1/robots.txt"), moved("/robots.txt")]
)
def test_where_robots_txt_cant_be_read_nothing_is_asked(rules: Answer, site: Site, fetch: Fetch) -> None:
    site.answers |= {"/robots.txt": rules, "/herald": Answer(herald())}
    found = fetch()[HERALD]
    assert (found.status, found.unreachable) == ("failed", True)
    assert site.paths == []


def test_a_redirect_to_what_robots_txt_forbids_is_not_followed(site: Site, fetch: Fetch) -> None:
    site.answers |= {
        "/robots.txt": robots("User-agent: *\nDisallow: /kept"),
        "/herald": moved("/kept"),
        "/kept": Answer(herald()),
    }
    assert fetch()[HERALD].status == "left out"
    assert site.paths == ["/herald"]


@pytest.mark.parametrize("how", ["header", "page"])
def test_a_page_that_reserves_text_and_data_mining_is_left_out(
    how: str, site: Site, fetch: Fetch, tmp_path: Path
) -> None:
    source = herald()
    if how == "page":
        source = source.replace(b"<title>", b'<meta name="tdm-reservation" content="1"><title>')
    site.answers["/herald"] = Answer(source, headers=headers(TDM_Reservation="1" if how == "header" else "0"))
    found = fetch()[HERALD]
    assert (found.status, "reserves its rights" in str(found.reason)) == ("left out", True)
    assert list(tmp_path.rglob("*.txt")) == [] or not (tmp_path / "texts" / f"{HERALD}.txt").exists()


def test_requests_say_who_asks_and_send_nothing_else(site: Site, fetch: Fetch) -> None:
    site.answers["/herald"] = Answer(herald(), headers=headers(Set_Cookie="a=b"))
    fetch()
    assert [path for path, _, _ in site.asked] == ["/robots.txt", "/herald"]
    for _, _, sent in site.asked:
        assert re.fullmatch(r"readouts/\d+\.\d+\.\d+\S* \(.+\)", sent["user-agent"])
        assert set(sent) == {"host", "user-agent", "accept", "accept-encoding", "connection"}
        assert sent["host"] == f"127.0.0.1:{site.port}"


def test_between_two_requests_to_a_host_is_a_pause_the_longer_one_of_ours_and_that_of_robots_txt(
    site: Site, fetch: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts_module, "PAUSE", 0.1)
    site.answers |= {f"/{name}": Answer(page(TEXTS[name], TITLES[name], "en").encode()) for name in (HERALD, COURIER)}
    site.answers["/robots.txt"] = robots("User-agent: *\nCrawl-delay: 0.3")
    fetch({name: Addresses(site.url(f"/{name}")) for name in (HERALD, COURIER)})
    times = [at for _, at, _ in site.asked]
    assert len(times) == 3
    assert times[1] - times[0] >= 0.1
    assert times[2] - times[1] >= 0.3


def test_a_name_is_resolved_once_so_that_it_leads_to_the_address_that_was_checked(
    site: Site, fetch: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.answers["/herald"] = Answer(herald())
    asked: list[str] = []
    real = socket.getaddrinfo

    def rebinding(host: str, port: int, *args: object, **options: object) -> object:
        if host != "herald.example":
            return real(host, port, *args, **options)  # type: ignore[arg-type]
        asked.append(host)
        # At every second time, the name leads to a private address.
        ip = "127.0.0.1" if len(asked) % 2 else "10.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port))]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    found = fetch({HERALD: Addresses(f"http://herald.example:{site.port}/herald")})[HERALD]
    # The second request, for the page, is refused before anything is sent.
    assert len(asked) == 2
    assert "leads to 10.0.0.1" in str(found.reason)
    assert site.paths == []


def test_a_name_with_a_private_address_next_to_a_public_one_is_refused(
    site: Site, fetch: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 80)) for ip in ("93.184.216.34", "192.168.1.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: entries)
    assert "leads to 192.168.1.1" in str(fetch({HERALD: Addresses("http://herald.example/")})[HERALD].reason)


def test_a_second_run_asks_nobody_and_a_text_that_is_gone_comes_from_the_cache(
    site: Site, fetch: Fetch, tmp_path: Path
) -> None:
    site.answers["/herald"] = Answer(herald())
    first = fetch()[HERALD]
    asked = len(site.asked)
    again = fetch()[HERALD]
    assert (again.status, again.spans) == ("there", first.spans)
    (tmp_path / "texts" / f"{HERALD}.txt").unlink()
    cached = fetch()[HERALD]
    assert (cached.status, cached.spans, cached.address) == ("fetched", first.spans, first.address)
    assert len(site.asked) == asked
    assert fetch(refresh=True)[HERALD].status == "fetched"
    assert len(site.asked) == 2 * asked


def test_an_interrupted_run_goes_on_where_it_ended(site: Site, fetch: Fetch, tmp_path: Path) -> None:
    for name in (HERALD, COURIER):
        site.answers[f"/{name}"] = Answer(page(TEXTS[name], TITLES[name], "en").encode())
    addresses = {name: Addresses(site.url(f"/{name}")) for name in (HERALD, COURIER)}

    def interrupt(done: int, total: int) -> None:
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(addresses, progress=interrupt)
    assert [path.name for path in (tmp_path / "texts").iterdir()] == [f"{COURIER}.txt"]
    again = fetch(addresses)
    assert {name: text.status for name, text in again.items()} == {COURIER: "there", HERALD: "fetched"}
    assert site.paths == [f"/{COURIER}", f"/{HERALD}"]


def test_a_corpus_fetches_its_texts_and_hydrates_from_them(
    site: Site, tmp_path: Path, invented_package: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site.answers["/herald"] = Answer(herald())
    served_corpus(invented_package, tmp_path / "package", {HERALD: Addresses(site.url("/herald"))})
    corpus = readouts.open(tmp_path / "package")
    found = corpus.fetch_texts(tmp_path / "texts").set_index("article_id").to_dict("index")
    there, absent = found[HERALD], found[COURIER]
    assert [there[name] for name in ("status", "file", "exact", "orphan")] == ["fetched", f"{HERALD}.txt", 65, 0]
    assert pd.isna(there["reason"])
    assert [absent[name] for name in ("status", "reason")] == ["left out", "the corpus has no address of it"]
    assert pd.isna(absent["file"])
    assert pd.isna(absent["exact"])
    assert f"{HERALD}: copyright: for your own use only ({site.url('/herald')})" in capsys.readouterr().err
    mine = corpus.hydrate(tmp_path / "texts").statements.set_index("statement_id")
    assert mine.loc[f"{HERALD}.s02", "content"] == "their foreign ministers would meet in Port Sarn"


@pytest.mark.parametrize("damage", [b"", b"{}\n", b"\xff\n<p>", b"[1]\nx"])
def test_a_damaged_page_of_the_cache_is_asked_for_again(
    damage: bytes, site: Site, fetch: Fetch, tmp_path: Path
) -> None:
    site.answers["/herald"] = Answer(herald())
    fetch()
    (kept,) = (tmp_path / "cache").rglob("*.page")
    kept.write_bytes(damage)
    assert fetch(name="others")[HERALD].complete
    assert len(site.paths) == 2


def test_a_file_that_is_not_the_article_stays_as_it_is(site: Site, fetch: Fetch, tmp_path: Path) -> None:
    site.answers["/herald"] = Answer(herald())
    (tmp_path / "texts").mkdir()
    own = tmp_path / "texts" / f"{HERALD}.txt"
    own.write_text("Notes of mine.", encoding="utf-8")
    found = fetch()[HERALD]
    assert (found.complete, site.asked) == (False, [])
    assert "is there and is not this article" in str(found.reason)
    assert own.read_text(encoding="utf-8") == "Notes of mine."


def test_the_annotated_text_itself_is_exact(site: Site, fetch: Fetch, tmp_path: Path) -> None:
    site.answers["/herald"] = Answer(TEXTS[HERALD].encode(), headers={"Content-Type": "text/plain"})
    assert set(fetch()[HERALD].spans) == {Status.EXACT}
    assert (tmp_path / "texts" / f"{HERALD}.txt").read_text(encoding="utf-8") == TEXTS[HERALD]


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        (Addresses(), "the corpus has no address of it"),
        (Addresses("http://example.org/", rights="no_access"), "its rights are 'no_access'"),
        (Addresses("http://example.org/", rights=""), "its rights are ''"),
    ],
)
def test_what_rights_forbid_or_has_no_address_is_left_out_before_anything_is_asked(
    place: Addresses, reason: str, site: Site, fetch: Fetch
) -> None:
    found = fetch({HERALD: place})[HERALD]
    assert (found.status, reason in str(found.reason)) == ("left out", True)


@pytest.mark.parametrize("name", ["../herald", "herald/x", "con", "Herald", "a" * 130, ".herald", "herald\n"])
def test_an_id_that_cant_name_a_file_is_left_out(name: str, invented_package: Path, tmp_path: Path, site: Site) -> None:
    served_corpus(invented_package, tmp_path / "package", {HERALD: Addresses(site.url("/herald"))})
    for table in ("articles", "spans"):
        data = tmp_path / "package" / "data" / f"{table}.csv"
        lines = data.read_text(encoding="utf-8").splitlines(keepends=True)
        cell = f'"{name}"' if "\n" in name else name
        data.write_text(
            "".join(re.sub(rf"(^|,){HERALD}(,)", rf"\g<1>{cell}\2", line) for line in lines), encoding="utf-8"
        )
    descriptor = tmp_path / "package" / "datapackage.json"
    descriptor.write_text(re.sub(r'"hash": "[^"]*", ', "", descriptor.read_text(encoding="utf-8")), encoding="utf-8")
    (found,) = fetch_texts(open_package(tmp_path / "package"), tmp_path / "texts", [name])
    assert (found.status, found.reason) == ("left out", "its id can't name a file")
    assert not (tmp_path / "texts").exists()


def test_rights_and_terms_are_told_before_the_first_request(site: Site, fetch: Fetch, tmp_path: Path) -> None:
    site.answers["/herald"] = Answer(herald())
    fetch()
    told: list[tuple[str, str, int]] = []
    fetch_texts(
        open_package(tmp_path / "package"),
        tmp_path / "others",
        refresh=True,
        announce=lambda planned: told.extend((each.article_id, each.terms, len(site.asked)) for each in planned),
    )
    assert (HERALD, "copyright: for your own use only", 2) in told
    assert {asked for _, _, asked in told} == {2}


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@b", *arguments], check=True)


@pytest.fixture
def work(site: Site, tmp_path: Path, invented_package: Path) -> Path:
    """A git work tree, next to a package whose herald is at the site."""
    site.answers["/herald"] = Answer(herald())
    served_corpus(invented_package, tmp_path / "package", {HERALD: Addresses(site.url("/herald"))})
    (tmp_path / "work").mkdir()
    git(tmp_path / "work", "init", "-q")
    return tmp_path / "work"


@pytest.mark.parametrize(
    ("ignore", "target"),
    [
        ("", "texts"),
        ("", "deep/er/texts"),
        ("*.html", "texts"),
        ("texts/*\n!*.txt", "texts"),
        ("texts/", ".git/texts"),
    ],
)
def test_nothing_is_written_where_git_would_track_it(ignore: str, target: str, site: Site, work: Path) -> None:
    (work / ".gitignore").write_text(ignore, encoding="utf-8")
    link = work.parent / "link"
    link.symlink_to(work / target)
    for folder in (work / target, link):
        with pytest.raises(ReadoutsError, match="git repository"):
            fetch_texts(open_package(work.parent / "package"), folder, [HERALD])
    assert site.asked == []


@pytest.mark.parametrize("ignore", ["texts/", "*.txt", "/texts/*"])
def test_a_folder_that_git_ignores_is_written_to(ignore: str, work: Path) -> None:
    (work / ".gitignore").write_text(ignore, encoding="utf-8")
    assert fetch_texts(open_package(work.parent / "package"), work / "texts", [HERALD])[0].complete


def test_where_git_cant_be_asked_a_repository_is_refused(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (work / ".gitignore").write_text("texts/", encoding="utf-8")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ReadoutsError, match="git repository"):
        fetch_texts(open_package(work.parent / "package"), work / "texts", [HERALD])


def test_another_repository_that_the_environment_names_is_not_asked(
    work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(work.parent, "init", "-q", "--bare", "other.git")
    monkeypatch.setenv("GIT_DIR", str(work.parent / "other.git"))
    with pytest.raises(ReadoutsError, match="git repository"):
        fetch_texts(open_package(work.parent / "package"), work / "texts", [HERALD])


def test_an_ignored_folder_with_a_tracked_file_is_refused(work: Path) -> None:
    (work / ".gitignore").write_text("texts/", encoding="utf-8")
    (work / "texts").mkdir()
    (work / "texts" / "README").write_text("x", encoding="utf-8")
    git(work, "add", "-f", "texts/README")
    with pytest.raises(ReadoutsError, match="git repository"):
        fetch_texts(open_package(work.parent / "package"), work / "texts", [HERALD])


def test_the_command_fetches_says_what_was_found_and_hydrate_reads_the_folder(
    site: Site, run: Run, tmp_path: Path, invented_package: Path
) -> None:
    site.answers |= {"/herald": Answer(herald()), "/ribao": Answer(page(TEXTS[RIBAO], TITLES[RIBAO], "zh").encode())}
    places = {
        HERALD: Addresses(site.url("/herald")),
        RIBAO: Addresses(site.url("/ribao")),
        VESTNIK: Addresses(site.url("/v")),
    }
    served_corpus(invented_package, tmp_path / "package", places)
    done = run("texts", "--output", tmp_path / "texts", cwd=tmp_path / "package")
    assert done.returncode == 1, done.stderr
    assert "copyright: for your own use only" in done.stdout.partition("exact")[0]
    assert re.search(rf"{HERALD} +fetched +65 +0 +0 +0", done.stdout)
    assert f"{COURIER}: the corpus has no address of it." in done.stdout
    assert f"{VESTNIK}: the server of {site.url('/v')} answers 404 Not Found." in done.stdout

    as_json = run(
        "texts", "--output", tmp_path / "texts", "--format", "json", HERALD, COURIER, cwd=tmp_path / "package"
    )
    entries = json.loads(as_json.stdout)["texts"]
    assert [(each["article_id"], each["status"], each["file"]) for each in entries] == [
        (COURIER, "left out", None),
        (HERALD, "there", f"{HERALD}.txt"),
    ]
    assert entries[0]["spans"] is None
    assert entries[1]["spans"] == {"exact": 65, "moved": 0, "drifted": 0, "orphan": 0}
    assert "copyright: for your own use only" in as_json.stderr

    assert run("texts", "--output", tmp_path / "texts", HERALD, RIBAO, cwd=tmp_path / "package").returncode == 0
    hydrated = run("hydrate", "--texts", tmp_path / "texts", "--output", tmp_path / "mine", cwd=tmp_path / "package")
    assert hydrated.returncode == 1
    assert "It was Ostrova" not in hydrated.stdout
    assert "to propose a truce in the Lakes" in (tmp_path / "mine" / "data" / "statements.csv").read_text(
        encoding="utf-8"
    )
    assert "是奥斯特洛娃先打来电话" in (tmp_path / "mine" / "data" / "spans.csv").read_text(encoding="utf-8")


def test_a_dry_run_asks_nobody_and_writes_nothing(site: Site, run: Run, tmp_path: Path, invented_package: Path) -> None:
    package = served_corpus(invented_package, tmp_path / "package", {HERALD: Addresses(site.url("/herald"))})
    done = run("texts", "--output", tmp_path / "texts", "--package", package, "--dry-run")
    assert (done.returncode, site.asked, (tmp_path / "texts").exists()) == (0, [], False)
    assert site.url("/herald") in done.stdout


def test_the_command_ends_with_2_where_no_server_answers_or_it_cant_begin(
    site: Site, run: Run, tmp_path: Path, invented_package: Path
) -> None:
    closed = socket.socket()
    closed.bind(("127.0.0.1", 0))
    package = served_corpus(
        invented_package, tmp_path / "package", {HERALD: Addresses(f"http://127.0.0.1:{closed.getsockname()[1]}/")}
    )
    env = {TEST_SERVER: f"127.0.0.1:{closed.getsockname()[1]}"}
    done = run("texts", "--output", tmp_path / "texts", "--package", package, HERALD, env=env)
    closed.close()
    assert done.returncode == 2
    assert "the connection to 127.0.0.1 failed" in done.stdout
    occupied = run("texts", "--output", package / "datapackage.json", "--package", package, HERALD)
    assert (occupied.returncode, "is a file: expected a folder" in occupied.stderr) == (2, True)
    wrong = run("texts", "--output", tmp_path / "texts", "--package", package, "herald-2031-05-03")
    assert wrong.returncode == 2
    assert f"The corpus has no article 'herald-2031-05-03'. Did you mean '{HERALD}'?" in wrong.stderr
    with pytest.raises(UnknownIdError):
        planned_texts(open_package(package), ["nobody"])
