"""A server on this machine whose answers a test decides, and the pages that it serves."""

from __future__ import annotations

import contextlib
import threading
import time
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from tests.text.edited_text import paragraphs

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator

TEST_SERVER = "_READOUTS_TEST_SERVER"
LOREM = (
    "The harbour museum opens on Sunday with a display of nets, lanterns and old timetables, for visitors of all ages."
)


@dataclass
class Answer:
    """What the server sends; `write` is called instead of sending the body."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "text/html; charset=utf-8"})
    write: Callable[[BaseHTTPRequestHandler], None] | None = None


def moved(to: str, status: int = 301) -> Answer:
    return Answer(status=status, headers={"Location": to})


@dataclass
class Site:
    """Answers by path; a path without one is 404. `asked` has every request with its time and headers."""

    port: int
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, float, dict[str, str]]] = field(default_factory=list)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        """The paths that were asked for, without robots.txt."""
        return [path for path, _, _ in self.asked if path != "/robots.txt"]


@contextlib.contextmanager
def running(context: ssl.SSLContext | None = None) -> Iterator[Site]:
    """Run a server until the end of the block, over https if it is given a context for that."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site.asked.append(
                (self.path, time.monotonic(), {key.lower(): value for key, value in self.headers.items()})
            )
            answer = site.answers.get(self.path, Answer(b"<h1>Not found</h1>", 404))
            with contextlib.suppress(ConnectionError):
                if answer.write is not None:
                    answer.write(self)
                    return
                self.send_response(answer.status)
                for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer.body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    site = Site(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _plain(parts: list[str]) -> str:
    return "".join(f"<p>{part}</p>\n" for part in parts)


def _with_advertisements(parts: list[str]) -> str:
    advertisement = f'<div class="promo">Advertisement</div>\n<p><a href="/museum">{LOREM}</a></p>\n'
    return "".join(f"<p>{part}</p>\n" + (advertisement if number % 2 else "") for number, part in enumerate(parts))


BODIES: dict[str, Callable[[list[str]], str]] = {
    "paragraphs": _plain,
    "line breaks": lambda parts: "<div>" + "<br><br>\n".join(parts) + "</div>",
    "divisions": lambda parts: "".join(f'<div class="t"><span>{part}</span></div>' for part in parts),
    "advertisements between": _with_advertisements,
    "table": lambda parts: "<table>" + "".join(f"<tr><td>{part}</td></tr>" for part in parts) + "</table>",
    "quotation blocks": lambda parts: "".join(
        f"<blockquote><p>{part}</p></blockquote>" if number % 2 else f"<p>{part}</p>"
        for number, part in enumerate(parts)
    ),
    "subheadings": lambda parts: "".join(f"<h2>{part}</h2>" if len(part) < 50 else f"<p>{part}</p>" for part in parts),
    "no-break spaces": lambda parts: _plain([part.replace(" ", "&nbsp;") for part in parts]),
    "other quotation marks": lambda parts: _plain([part.translate(str.maketrans("“”«»’", "«»„“'")) for part in parts]),
    "emphasis in words": lambda parts: _plain([f"<b>{part[:1]}</b>{part[1:]}" for part in parts]),
    "no paragraphs": " ".join,
}
"""How the paragraphs of an article are laid out."""


def page(text: str, title: str, language: str, body: str = "paragraphs", charset: str = "utf-8") -> str:
    """A page with an article in the midst of what else newspapers have: the article is teased below it once more."""
    parts = [escape(text[start:end], quote=False) for start, end in paragraphs(text)]
    heading = escape(title, quote=False)
    before, inner = parts[: parts.index(heading)], parts[parts.index(heading) + 1 :]
    menu = "".join(f'<li><a href="/{word.lower()}">{word}</a></li>' for word in ("Home", "World", "Opinion", "Weather"))
    return f"""<!doctype html>
<html lang="{language}"><head><meta charset="{charset}"><title>{heading} | The Gazette</title>
<style>body {{ color: black }}</style><script>var title = "Marek";</script></head><body>
<div id="cookie-banner" role="dialog"><p>We and our 412 partners keep cookies on your device.</p>
<button>Accept all</button></div>
<header><nav><ul>{menu}</ul></nav></header>
<main><article>{_plain(before)}<h1>{heading}</h1><p class="byline">By our correspondent, 2 May, 14:05</p>
{BODIES[body](inner)}</article>
<aside><h3>Read next</h3><ul><li><a href="#">{heading}</a><p>{inner[0][:70]}</p></li>
<li>{LOREM}</li></ul></aside></main>
<footer><p>Imprint, privacy. All rights reserved.</p></footer></body></html>"""
