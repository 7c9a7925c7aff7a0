"""A server of a site, for looking at it: on this computer only, with the headers that a public one should send."""

from __future__ import annotations

import posixpath
import sys
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from readouts.datapackage.errors import ReadoutsError

if TYPE_CHECKING:
    import io
    import os
    from collections.abc import Callable
    from typing import BinaryIO

__all__ = ["HEADERS", "MISSING", "PORT", "Handler", "address_of", "serve", "server"]

PORT = 8321
"""The port that is tried first."""

MISSING = "404.html"
"""The page that answers for one that isn't there; other servers look for a file of this name too."""

HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""Headers of every answer. Each page brings the rest of its policy itself, so that it holds everywhere."""

_HOST = "127.0.0.1"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8; header=present",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".xml": "application/xml",
    ".zip": "application/zip",
}
"""Written out, since what the system takes a suffix for is different on each."""


class Handler(SimpleHTTPRequestHandler):
    """Answers requests for the files of a folder."""

    server_version = "readouts"
    sys_version = ""
    protocol_version = "HTTP/1.1"

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        """Answer a request for a file of the folder, and no other."""
        # A page of another site could reach this one through a name of its own that leads to this computer.
        host = urlsplit(f"//{self.headers.get('Host', '')}").hostname
        if host not in {_HOST, "localhost"}:
            self.send_error(HTTPStatus.FORBIDDEN, f"Expected a request to {_HOST} or localhost.")
            return None
        root = Path(self.directory).resolve()
        asked = Path(self.translate_path(self.path))
        if not asked.resolve().is_relative_to(root):
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        return None if self.respond() else super().send_head()

    def respond(self) -> bool:
        """Answer a request in another way than with a file as it is; return whether that was done."""
        return False

    def answer(self, code: int, data: bytes, suffix: str) -> None:
        """Send an answer as a whole."""
        self.send_response(code)
        self.send_header("Content-Type", _TYPES[suffix])
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer for a page that isn't there with the site's own."""
        missing = Path(self.directory) / MISSING
        if code != HTTPStatus.NOT_FOUND or not missing.is_file():
            super().send_error(code, message, explain)
            return
        self.answer(code, missing.read_bytes(), ".html")

    def list_directory(self, path: str | os.PathLike[str]) -> None:  # noqa: ARG002
        """Show no folder: every page of a site is linked from another one."""
        self.send_error(HTTPStatus.NOT_FOUND)

    def guess_type(self, path: object) -> str:
        """Return the media type by the suffix."""
        return _TYPES.get(posixpath.splitext(str(path))[1].lower(), "application/octet-stream")

    def end_headers(self) -> None:
        """Send the headers of every answer."""
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the standard library's
        """Keep the terminal free: the pages are in the browser."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # Where a port may be reused, a second server would get it while the first still runs.
    allow_reuse_address = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Report what went wrong, unless a browser had enough: it went on to another page."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def server(folder: Path, port: int = PORT, handler: Callable[..., Handler] = Handler) -> ThreadingHTTPServer:
    """Return a server of a folder, bound to this computer, that doesn't run yet.

    Parameters
    ----------
    folder
        A built site.
    port
        The port to take; when something else has it, any free one is taken. 0 takes any.
    handler
        What answers requests.

    Raises
    ------
    ReadoutsError
        There is no page in the folder.

    Examples
    --------
    >>> from pathlib import Path
    >>> server(Path("nowhere"))
    Traceback (most recent call last):
    readouts.datapackage.errors.ReadoutsError: nowhere has no index.html: expected the folder of a built site. \
Build one with `readouts site --output nowhere`.
    """
    if not (folder / "index.html").is_file():
        message = (
            f"{folder} has no index.html: expected the folder of a built site. Build one with "
            f"`readouts site --output {folder}`."
        )
        raise ReadoutsError(message)

    answering = partial(handler, directory=str(folder))
    try:
        return _Server((_HOST, port), answering)
    except OSError:
        return _Server((_HOST, 0), answering)


def address_of(running: ThreadingHTTPServer) -> str:
    """Return the address of the front page."""
    return f"http://{_HOST}:{running.server_port}/"


def serve(folder: Path, port: int = PORT, announce: Callable[[str], object] = print) -> None:
    """Serve a site until Ctrl-C.

    Raises
    ------
    ReadoutsError
        There is no page in the folder.
    """
    with server(folder, port) as running:
        note = "" if port in {running.server_port, 0} else f" (port {port} is taken)"
        announce(f"{folder} is at {address_of(running)}{note}. Ctrl-C ends it.")
        try:
            running.serve_forever()
        except KeyboardInterrupt:
            announce("Ended.")
