"""Which addresses may be asked: http and https, and only machines of the public internet.

An address of a corpus, or a redirect of a server, could point to the user's own machine or network. So a name is
resolved here, every address that it has is judged, and the connection is made to an address that was judged: a name
that resolves otherwise a moment later connects nowhere else.
"""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from readouts.text.retrieval.problem import RetrievalError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Address", "is_public", "parsed", "resolved"]

_PORTS = {"http": 80, "https": 443}
_GLOBAL = ip_network("2000::/3")
_NAT64 = ip_network("64:ff9b::/96")
_SPECIAL = tuple(map(ip_network, ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2001:db8::/32", "3fff::/20")))
"""Networks of the IANA registries of special purposes that not every Python knows."""
_TEST_SERVER = "_READOUTS_TEST_SERVER"
"""Private: `address:port` of the servers of a test, with commas between them, which may be on this machine."""


@dataclass(frozen=True, slots=True)
class Address:
    """An address on the web, in parts: the host in ASCII, and what is asked of it, percent-encoded."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def origin(self) -> str:
        """Scheme, host and port: what a robots.txt holds for."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == _PORTS[self.scheme] else f":{self.port}")

    def __str__(self) -> str:
        return self.origin + self.target


def parsed(address: str) -> Address:
    """Take an address apart.

    Raises
    ------
    RetrievalError
        It is not one of http or https, has no host, or holds a password.

    Examples
    --------
    >>> str(parsed("HTTP://Example.org:80/a b?c=ü#part"))
    'http://example.org/a%20b?c=%C3%BC'
    """
    try:
        parts = urlsplit(address.strip())
        host, port = parts.hostname or "", parts.port
        if parts.scheme not in _PORTS:
            message = f"the address {address} is not one of http or https"
            raise RetrievalError(message)
        if parts.username is not None or parts.password is not None:
            message = f"the address of {host} holds a user name or password"
            raise RetrievalError(message)
        host = host if host.isascii() else host.encode("idna").decode("ascii")
    except ValueError as error:
        message = f"the address {address!r} can't be read: {error}"
        raise RetrievalError(message) from error
    if not host or any(letter in " %/\\@" or not letter.isprintable() for letter in host):
        message = f"the address {address!r} names no host"
        raise RetrievalError(message)
    target = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    if parts.query:
        target += "?" + quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    return Address(parts.scheme, host, _PORTS[parts.scheme] if port is None else port, target)


def is_public(text: str) -> bool:
    """Return whether an IP address is one of the public internet, and what it stands for too.

    Examples
    --------
    >>> [is_public(each) for each in ("93.184.216.34", "2606:2800:220:1::1", "10.0.0.1", "::ffff:127.0.0.1", "fe80::1")]
    [True, True, False, False, False]
    """
    address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv6Address):
        if address in _NAT64:
            return is_public(str(IPv4Address(int(address) & 0xFFFFFFFF)))
        if address.sixtofour is not None:
            return is_public(str(address.sixtofour))
        if address not in _GLOBAL:
            return False
    usable = address.is_global and not (address.is_multicast or address.is_reserved)
    return usable and not any(address in network for network in _SPECIAL if network.version == address.version)


def resolved(address: Address) -> Sequence[str]:
    """Return the IP addresses of a host, each of them public.

    Raises
    ------
    UnreachableError
        The name can't be resolved.
    RetrievalError
        One of them is not public.
    """
    try:
        entries = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        message = f"the host {address.host} can't be found"
        raise UnreachableError(message) from error
    found = list(dict.fromkeys(str(entry[4][0]) for entry in entries))
    for ip in found:
        if not is_public(ip) and f"{ip}:{address.port}" not in os.environ.get(_TEST_SERVER, "").split(","):
            message = f"{address.host} leads to {ip}, which is not an address of the public internet"
            raise RetrievalError(message)
    return found
