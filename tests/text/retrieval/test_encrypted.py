"""Requests over https: the certificate has to be that of the host, whatever address it has."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
from typing import TYPE_CHECKING

import pytest

from readouts.text.retrieval.problem import UnreachableError
from readouts.text.retrieval.web import Limits, Web
from tests.text.retrieval.site import TEST_SERVER, Answer, Site, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OPENSSL = shutil.which("openssl")
pytestmark = pytest.mark.skipif(OPENSSL is None, reason="openssl, which makes the certificate, is not installed")
HOST = "herald.example"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of the host with its key, signed by itself."""
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    named = [
        "-subj",
        f"/CN={HOST}",
        "-addext",
        f"subjectAltName=DNS:{HOST}",
        "-keyout",
        str(path),
        "-out",
        f"{path}.crt",
    ]
    subprocess.run([str(OPENSSL), *made, *named], check=True, capture_output=True)
    path.write_text(path.read_text("ascii") + path.with_name("both.pem.crt").read_text("ascii"), "ascii")
    return path


@pytest.fixture
def site(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A server with that certificate, to which every name leads."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    real = socket.getaddrinfo
    with running(context) as site:
        monkeypatch.setenv(TEST_SERVER, f"127.0.0.1:{site.port}")
        monkeypatch.setattr(socket, "getaddrinfo", lambda _, *args, **more: real("127.0.0.1", *args, **more))
        site.answers["/"] = Answer(b"Marek called.")
        yield site


def test_a_page_comes_over_https_from_the_address_that_was_checked(
    site: Site, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    page = Web(0).page(f"https://{HOST}:{site.port}/")
    assert (page.data, page.address) == (b"Marek called.", f"https://{HOST}:{site.port}/")
    assert {sent["host"] for _, _, sent in site.asked} == {f"{HOST}:{site.port}"}


@pytest.mark.parametrize(("host", "trusted"), [(HOST, False), ("courier.example", True)])
def test_a_certificate_that_nobody_vouches_for_or_of_another_host_is_refused(
    host: str, trusted: bool, site: Site, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with pytest.raises(UnreachableError, match=rf"the certificate of {host} is not valid"):
        Web(0).page(f"https://{host}:{site.port}/")
    assert site.asked == []


def test_a_handshake_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    ended = threading.Event()

    def dribble(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection:
            # The beginning of a record of TLS, byte by byte.
            for byte in b"\x16\x03\x03\x3f\xff" + b"\x02" * 400:
                if ended.wait(0.02):
                    return
                try:
                    connection.sendall(bytes([byte]))
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=dribble, args=(server,))
        thread.start()
        port = server.getsockname()[1]
        monkeypatch.setenv(TEST_SERVER, f"127.0.0.1:{port}")
        with pytest.raises(UnreachableError, match="doesn't answer in time"):
            Web(0, Limits(seconds=0.4, silence=5)).page(f"https://127.0.0.1:{port}/")
        ended.set()
        thread.join()
