"""The server that `readouts site --serve` runs."""

from __future__ import annotations

import http.client
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from readouts.datapackage.errors import ReadoutsError
from readouts.publish.site.serving import HEADERS, address_of, server
from tests.publish.site.browser.screens import site_at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a few files of a site, and something beside it."""
    site = tmp_path / "site"
    (site / "events").mkdir(parents=True)
    (site / "index.html").write_text("<p>Élysée", encoding="utf-8")
    (site / "events" / "call.html").write_text("<p>call", encoding="utf-8")
    (site / "a.csv").write_bytes(b"a,b\n1,2\n")
    (site / "a.js").write_text("'use strict';", encoding="utf-8")
    (site / "a.bin").write_bytes(b"\0")
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (site / "out.txt").symlink_to(tmp_path / "secret.txt")
    return site


@pytest.fixture
def address(folder: Path) -> Iterator[str]:
    with site_at(folder, "http") as found:
        yield found


def asked(address: str, path: str, **headers: str) -> tuple[int, Message, bytes]:
    """Ask for a path as it is written: no client tidies it up."""
    place = urlsplit(address)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=10)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/events/call.html?q=1", "text/html; charset=utf-8"),
        ("/a.csv", "text/csv; charset=utf-8; header=present"),
        ("/a.js", "text/javascript; charset=utf-8"),
        ("/a.bin", "application/octet-stream"),
    ],
)
def test_files_come_with_their_type_and_with_security_headers(address: str, path: str, kind: str) -> None:
    status, headers, _ = asked(address, path)
    assert status == 200
    assert headers["Content-Type"] == kind
    assert HEADERS.items() <= dict(headers).items()


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/events/..%2f..%2fsecret.txt",
        "/out.txt",
        "/events",
        "/events/",
        "/no.html",
    ],
)
def test_nothing_but_files_of_the_folder_is_served(address: str, path: str) -> None:
    status, headers, data = asked(address, path)
    if status == 301:
        status, headers, data = asked(address, urlsplit(headers["Location"]).path)
    assert status == 404
    assert b"secret<" not in data
    assert data != b"secret"
    assert HEADERS.items() <= dict(headers).items()


def test_a_name_that_somebody_else_gave_this_computer_is_refused(address: str) -> None:
    assert asked(address, "/", Host="evil.example")[0] == 403
    assert asked(address, "/", Host=f"localhost:{urlsplit(address).port}")[0] == 200


def test_only_this_computer_is_served(folder: Path) -> None:
    with server(folder, 0) as running:
        assert running.server_address[0] == "127.0.0.1"


def test_a_free_port_is_taken_when_the_asked_one_is_not_free(folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        with server(folder, taken) as running:
            assert running.server_port != taken
            assert address_of(running) == f"http://127.0.0.1:{running.server_port}/"


def test_a_folder_without_a_front_page_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadoutsError, match=r"has no index\.html: expected the folder of a built site"):
        server(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT to send to another process")
def test_ctrl_c_ends_it_cleanly(folder: Path) -> None:
    module = "readouts.publish.site.serving"
    code = f"import sys; from pathlib import Path; from {module} import serve; serve(Path(sys.argv[1]), 0)"
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", code, str(folder)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    address = line.split(" is at ")[1].split(". ")[0]
    assert asked(address, "/")[2] == "<p>Élysée".encode()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (0, "Ended.\n", "")
