"""Which addresses may be asked."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readouts.text.retrieval.address import is_public, parsed, resolved
from readouts.text.retrieval.problem import RetrievalError, UnreachableError
from tests.properties import examples

NOT_PUBLIC = [
    "0.0.0.0", "0.1.2.3", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.9.9.9", "169.254.169.254", "172.16.0.1",
    "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.51.100.1",
    "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:93.184.216.34", "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::",
    "2002:a00:1::1", "3fff::1", "5f00::1", "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1",
    "ff0e::1",
]  # fmt: skip
PUBLIC = ["1.1.1.1", "93.184.216.34", "172.32.0.1", "2606:2800:220:1::1", "2a00:1450::1", "64:ff9b::101:101"]


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_an_address_of_this_machine_its_network_or_no_machine_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@settings(max_examples=examples(500))
@given(st.ip_addresses(v=4))
def test_an_address_that_stands_for_one_that_is_not_public_is_not_public_either(address: IPv4Address) -> None:
    standing = [
        f"::{address}",
        f"::ffff:{address}",
        f"64:ff9b::{address}",
        str(IPv6Address(0x2002 << 112 | int(address) << 80)),
    ]
    assert is_public(standing[2]) == is_public(str(address))
    assert not is_public(standing[0])
    assert not is_public(standing[1])
    assert is_public(str(address)) or not is_public(standing[3])


@pytest.mark.parametrize(
    "address",
    [
        "ftp://example.org/", "file:///etc/passwd", "javascript:alert(1)", "data:text/html,x", "//example.org/",
        "example.org", "", "http://", "http:///path", "https://?q", "http://a b/", "http://me@example.org/",
        "http://me:pw@example.org/", "http://example.org:99999/", "http://example.org:x/", "http://[::1/",
        "http://a%00b/", "http://exa\u0000mple.org/", "http://example.org\\@10.0.0.1/", "gopher://example.org/",
        "http://" + "ü" * 70 + ".org/",
    ],
)  # fmt: skip
def test_what_is_not_an_address_of_http_or_https_is_refused(address: str) -> None:
    with pytest.raises(RetrievalError):
        parsed(address)


@pytest.mark.parametrize(
    ("address", "read"),
    [
        ("https://Example.org", "https://example.org/"),
        (" http://example.org/a\n", "http://example.org/a"),
        ("http://example.org:8080/a?b=c&d#e", "http://example.org:8080/a?b=c&d"),
        ("https://bücher.example/straße?ü", "https://xn--bcher-kva.example/stra%C3%9Fe?%C3%BC"),
        ("http://example.org/a%20b/%E4?c=%26", "http://example.org/a%20b/%E4?c=%26"),
        (
            "http://web.archive.org/web/2014/http://example.org/?a=1",
            "http://web.archive.org/web/2014/http://example.org/?a=1",
        ),
        ("http://[2606:2800::1]:81/", "http://[2606:2800::1]:81/"),
        ("http://example.org/a\r\nHost: other", "http://example.org/aHost:%20other"),
    ],
)
def test_an_address_is_read_as_browsers_read_it(address: str, read: str) -> None:
    assert str(parsed(address)) == read


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1", "0x7f.0.0.1", "2130706433", "0177.0.0.1", "[::1]", "localhost", "0"]
)
def test_this_machine_is_refused_however_it_is_written(host: str) -> None:
    with pytest.raises(RetrievalError, match="not an address of the public internet"):
        resolved(parsed(f"http://{host}/"))


def test_a_host_that_cant_be_found_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> object:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(UnreachableError, match=r"the host herald\.example can't be found"):
        resolved(parsed("http://herald.example/"))
