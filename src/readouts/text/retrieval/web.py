"""Asking servers for pages, considerately and within limits.

One request at a time, and between two requests to one host a pause; robots.txt is asked first and obeyed, for every
redirect too. No cookies are kept, no proxy is used, and nothing is sent but the address and who asks.
"""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import threading
import time
import zlib
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from importlib.metadata import metadata
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from readouts.datapackage.optional import requires_extra
from readouts.text.retrieval.address import Address, parsed, resolved
from readouts.text.retrieval.problem import ForbiddenError, RetrievalError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from protego import Protego

__all__ = ["AGENT", "Limits", "Page", "Web", "unpacked", "user_agent"]

AGENT = "readouts"
"""The name by which a robots.txt addresses this program."""
_REDIRECTS = {301, 302, 303, 307, 308}
_META = re.compile(rb"<meta\b[^<>]*>", re.IGNORECASE)
_REFRESH = re.compile(rb"""\bhttp-equiv\s*=\s*["']?refresh\b""", re.IGNORECASE)
_SENT_TO = re.compile(rb"""\bcontent\s*=\s*["']?\s*[0-5]\s*[;,]\s*url\s*=\s*["']?([^"'>\s]+)""", re.IGNORECASE)
_WITHOUT_SCRIPTS = re.compile(rb"<noscript.*?(</noscript>|\Z)|<!--.*?(-->|\Z)", re.IGNORECASE | re.DOTALL)
_HEAD = 4096
_STEP = 2**16
_ROBOTS_BYTES = 500 * 2**10
_LONGEST_PAUSE = 60
"""Seconds that a robots.txt may ask to wait between requests; a page that asks for more is left out."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a request may cost.

    Attributes
    ----------
    sent, unpacked
        Bytes that a server may send, and that they may unpack to.
    seconds
        From connecting to the last byte, for each request; a server that is silent is given up earlier.
    silence
        Seconds without a byte.
    redirects
        How many are followed.
    """

    sent: int = 5_000_000
    unpacked: int = 10_000_000
    seconds: float = 60
    silence: float = 20
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Page:
    """What a server sent: where it finally came from, its headers in lower case, and the bytes, unpacked."""

    address: str
    status: int
    headers: Mapping[str, str]
    data: bytes


def user_agent() -> str:
    """Return how the program names itself to servers: name, version, and its homepage if it has one.

    Examples
    --------
    >>> user_agent().startswith("readouts/")
    True
    """
    about = metadata("readouts")
    pages = dict(entry.split(", ", 1) for entry in about.get_all("Project-URL") or [])
    page = about["Home-page"] if "Home-page" in about else next(iter(pages.values()), None)
    return f"{AGENT}/{about['Version']} ({f'+{page}' if page else 'texts for one reader'})"


class Web:
    """The servers that were asked so far: when, and what their robots.txt says.

    Parameters
    ----------
    pause
        Seconds between two requests to one host; more where its robots.txt asks for more.
    limits
        What a request may cost.
    """

    def __init__(self, pause: float, limits: Limits | None = None) -> None:
        self.pause = pause
        self.limits = limits or Limits()
        self._last: dict[str, float] = {}
        self._robots: dict[str, Protego | UnreachableError] = {}
        self._delays: dict[str, float] = {}

    @cached_property
    def _context(self) -> ssl.SSLContext:
        import certifi

        context = ssl.create_default_context()
        context.load_verify_locations(certifi.where())
        return context

    def ready_at(self, host: str) -> float:
        """Return when a host may be asked again, by the clock of `time.monotonic`."""
        last = self._last.get(host)
        return 0.0 if last is None else last + max(self.pause, self._delays.get(host, 0))

    def page(self, address: str) -> Page:
        """Fetch a page, if robots.txt allows it.

        Raises
        ------
        RetrievalError
            It is forbidden, can't be reached, costs too much, or is an error.
        """
        page = self._follow(address, obey=True)
        if page.status != 200:
            reason = http.client.responses.get(page.status, "")
            message = f"the server of {page.address} answers {page.status} {reason}".rstrip()
            raise (UnreachableError if page.status in {429, 502, 503, 504} else RetrievalError)(message)
        return page

    def _follow(self, text: str, *, obey: bool) -> Page:
        for _ in range(self.limits.redirects + 1):
            address = parsed(text)
            if obey:
                self._obey(address)
            page = self._ask(address)
            target = _target(page)
            if target is None:
                return page
            text = urljoin(str(address), target)
        message = f"more than {self.limits.redirects} redirects, the last one to {text}"
        raise RetrievalError(message)

    def _obey(self, address: Address) -> None:
        """Raise an error unless the host's robots.txt allows an address (RFC 9309)."""
        if address.origin not in self._robots:
            self._robots[address.origin] = self._rules(address.origin)
        rules = self._robots[address.origin]
        if isinstance(rules, UnreachableError):
            raise rules
        if not rules.can_fetch(str(address), AGENT):
            message = f"robots.txt of {address.host} forbids it"
            raise ForbiddenError(message)
        delay = rules.crawl_delay(AGENT) or 0
        if delay > _LONGEST_PAUSE:
            message = f"robots.txt of {address.host} asks for {delay:.0f} seconds between requests"
            raise ForbiddenError(message)
        self._delays[address.host] = max(delay, self._delays.get(address.host, 0))

    def _rules(self, origin: str) -> Protego | UnreachableError:
        with requires_extra("Fetching texts", "texts"):
            from protego import Protego
        try:
            page = self._follow(f"{origin}/robots.txt", obey=False)
        except RetrievalError as error:
            return UnreachableError(f"robots.txt of {origin} can't be read: {error}")
        if page.status == 429 or page.status >= 500:
            return UnreachableError(f"robots.txt of {origin} can't be read: the server answers {page.status}")
        # Any other error means that there are no rules.
        data = page.data[:_ROBOTS_BYTES] if page.status == 200 else b""
        return Protego.parse(data.decode("utf-8-sig", "replace"))

    def _ask(self, address: Address) -> Page:
        wait = self.ready_at(address.host) - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        try:
            return self._answer(address, resolved(address))
        except ssl.SSLCertVerificationError as error:
            message = f"the certificate of {address.host} is not valid: {error.verify_message}"
            raise UnreachableError(message) from error
        except TimeoutError as error:
            message = f"{address.host} doesn't answer in time"
            raise UnreachableError(message) from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            message = f"the connection to {address.host} failed ({error or type(error).__name__})"
            raise UnreachableError(message) from error
        finally:
            self._last[address.host] = time.monotonic()

    def _answer(self, address: Address, ips: Iterable[str]) -> Page:
        """Send one request to the first of the addresses that takes it."""
        with closing(_Connection(ips, address.port, self.limits)) as connection:
            headers = {
                "Host": address.origin.partition("://")[2],
                "User-Agent": user_agent(),
                "Accept": "text/html,application/xhtml+xml,text/plain;q=0.8",
                "Accept-Encoding": "gzip, deflate",
                "Connection": "close",
            }
            exchange = http.client.HTTPConnection(address.host, address.port)
            try:
                if address.scheme == "https":
                    connection.encrypt(self._context, address.host)
                exchange.sock = connection.socket
                exchange.request("GET", address.target, headers=headers)
                with exchange.getresponse() as answer:
                    found = {name.lower(): value for name, value in answer.getheaders()}
                    moved = answer.status in _REDIRECTS and "location" in found
                    data = b"" if moved else self._body(answer, found)
            except (OSError, ValueError, http.client.HTTPException, RetrievalError):
                connection.require_time()
                raise
            connection.require_time()
        return Page(str(address), answer.status, found, unpacked(data, found, self.limits.unpacked))

    def _body(self, answer: http.client.HTTPResponse, headers: Mapping[str, str]) -> bytes:
        parts: list[bytes] = []
        size = 0
        promised = headers.get("content-length", "")
        while part := answer.read(_STEP):
            parts.append(part)
            size += len(part)
            if size > self.limits.sent:
                message = f"the page has more than {self.limits.sent / 10**6:g} MB"
                raise RetrievalError(message)
        if promised.isdecimal() and size < int(promised):
            message = f"the connection was interrupted after {size:,} of {int(promised):,} bytes"
            raise UnreachableError(message)
        return b"".join(parts)


class _Connection:
    """A connection to one of several addresses, which ends when its time is over, whatever the server does."""

    def __init__(self, ips: Iterable[str], port: int, limits: Limits) -> None:
        self._limits = limits
        self._over = threading.Event()
        self._timer = threading.Timer(limits.seconds, self._end)
        self._timer.daemon = True
        self._timer.start()
        failure: OSError | None = None
        for ip in ips:
            try:
                self.require_time()
                self.socket = socket.create_connection((ip, port), limits.silence)
            except OSError as error:
                failure = error
            else:
                return
        self._timer.cancel()
        raise failure or OSError("no address")

    def encrypt(self, context: ssl.SSLContext, host: str) -> None:
        """Begin TLS, with the certificate of the host checked."""
        self.socket = context.wrap_socket(self.socket, server_hostname=host, do_handshake_on_connect=False)
        self.socket.do_handshake()

    def _end(self) -> None:
        self._over.set()
        with suppress(OSError, AttributeError):
            self.socket.shutdown(socket.SHUT_RDWR)

    def require_time(self) -> None:
        """Raise an error if the time was over."""
        if self._over.is_set():
            message = f"more than {self._limits.seconds:g} seconds"
            raise TimeoutError(message)

    def close(self) -> None:
        """End the connection."""
        self._timer.cancel()
        self.socket.close()


def unpacked(data: bytes, headers: Mapping[str, str], most: int) -> bytes:
    """Return what a server sent without the compression that its headers name.

    Raises
    ------
    RetrievalError
        It unpacks to more, is damaged, or is compressed in a way that nobody asked for.

    Examples
    --------
    >>> import zlib
    >>> unpacked(zlib.compress(b"Marek called."), {"content-encoding": "deflate"}, 100)
    b'Marek called.'
    """
    names = [name.strip().lower() for name in headers.get("content-encoding", "").split(",")]
    for name in reversed([name for name in names if name not in {"", "identity", "none"}]):
        if name not in {"gzip", "x-gzip", "deflate"}:
            message = f"the page is compressed with {name}, which nobody asked for"
            raise RetrievalError(message)
        if name != "deflate" and not data.startswith(b"\x1f\x8b"):
            # Some servers say so of pages that aren't packed.
            continue
        data = _inflated(data, name, most)
    return data


def _inflated(data: bytes, name: str, most: int) -> bytes:
    bits = 31 if name != "deflate" else zlib.MAX_WBITS if data[:1] and data[0] & 15 == 8 else -zlib.MAX_WBITS
    parts = []
    left = most + 1
    try:
        # A gzip file may have several members.
        while data and left > 0:
            inflate = zlib.decompressobj(bits)
            parts.append(inflate.decompress(data, left))
            left -= len(parts[-1])
            if left > 0 and not inflate.eof:
                message = "the page is cut off within its compressed data"
                raise RetrievalError(message)
            data = inflate.unused_data if inflate.unused_data.startswith(b"\x1f\x8b") and bits == 31 else b""
    except zlib.error as error:
        message = "the compressed data of the page is damaged"
        raise RetrievalError(message) from error
    if left <= 0:
        message = f"the page unpacks to more than {most / 10**6:g} MB"
        raise RetrievalError(message)
    return b"".join(parts)


def _target(page: Page) -> str | None:
    """Return where a page sends its readers, by its status or by an element at its beginning; None if it doesn't."""
    if page.status in _REDIRECTS:
        target = page.headers.get("location", "")
        with suppress(UnicodeError):
            # The library reads headers as Latin-1.
            target = target.encode("latin-1").decode("utf-8")
        return target or None
    if page.status != 200:
        return None
    elements = _META.findall(_WITHOUT_SCRIPTS.sub(b"", page.data[:_HEAD]))
    found = (_SENT_TO.search(element) for element in elements if _REFRESH.search(element))
    return next((unescape(each[1].decode("utf-8", "replace")) for each in found if each is not None), None)
