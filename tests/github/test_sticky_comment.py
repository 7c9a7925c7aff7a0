"""The comment on a pull request, written to a server that keeps comments as GitHub does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MARK = "<!-- readouts-validate -->"


class Service(ThreadingHTTPServer):
    """Pull requests and comments of one repository, behind the paths that the script calls."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.comments: list[dict[str, Any]] = []
        self.pulls: list[dict[str, Any]] = []
        self.may_write = True
        self.calls: list[str] = []

    def add(self, body: str, kind: str = "Bot") -> None:
        self.comments.append({"id": 100 + len(self.comments), "body": body, "user": {"type": kind}})


class Handler(BaseHTTPRequestHandler):
    server: Service

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass

    def answer(self, document: Any, status: int = 200) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def read(self) -> str:
        text = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["body"]
        assert isinstance(text, str)
        return text

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        assert self.headers["Authorization"] == "Bearer secret"
        if url.path == "/repos/owner/corpus/pulls":
            self.answer([entry for entry in self.server.pulls if entry["head"]["label"] == query["head"]])
        else:
            assert url.path == "/repos/owner/corpus/issues/7/comments"
            first = (int(query["page"]) - 1) * int(query["per_page"])
            self.answer(self.server.comments[first : first + int(query["per_page"])])

    def do_POST(self) -> None:
        self.write("POST", "/repos/owner/corpus/issues/7/comments")

    def do_PATCH(self) -> None:
        self.write("PATCH", "/repos/owner/corpus/issues/comments/")

    def write(self, method: str, path: str) -> None:
        text = self.read()
        assert self.path.startswith(path)
        self.server.calls.append(method)
        if not self.server.may_write:
            self.answer({"message": "Resource not accessible by integration"}, 403)
        elif method == "POST":
            self.server.add(text)
            self.answer({})
        else:
            (comment,) = [entry for entry in self.server.comments if self.path == f"{path}{entry['id']}"]
            comment["body"] = text
            self.answer({})


@pytest.fixture
def service() -> Iterator[Service]:
    with Service() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def comment(service: Service, folder: Path, report: str = "## not valid\n", **environment: str) -> str:
    path = folder / "report.md"
    path.write_text(report, encoding="utf-8")
    given = {"VALID": "false", "PULL_REQUEST": "7"} | environment
    known = {name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "HEAD_"))}
    address = f"http://127.0.0.1:{service.server_port}"
    script = ROOT / ".github" / "sticky_comment.py"
    ended = subprocess.run(
        [sys.executable, str(script)],
        env=known | {"REPORT": str(path), "TOKEN": "secret", "GITHUB_API_URL": address, "no_proxy": "127.0.0.1",
                     "GITHUB_REPOSITORY": "owner/corpus"} | given,
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_the_first_run_adds_one_comment_and_later_runs_change_it(service: Service, tmp_path: Path) -> None:
    service.add("Nice work!", "User")
    comment(service, tmp_path)
    comment(service, tmp_path, "## still not valid\n")
    comment(service, tmp_path, "## valid\n", VALID="true")
    assert service.calls == ["POST", "PATCH", "PATCH"]
    assert [entry["body"] for entry in service.comments] == ["Nice work!", f"{MARK}\n## valid\n"]


def test_a_valid_package_without_an_earlier_comment_gets_none(service: Service, tmp_path: Path) -> None:
    assert "nothing to say" in comment(service, tmp_path, VALID="true")
    assert service.calls == []


def test_a_comment_of_a_person_is_never_changed_whatever_it_begins_with(service: Service, tmp_path: Path) -> None:
    service.add(f"{MARK} mine", "User")
    comment(service, tmp_path)
    assert service.calls == ["POST"]
    assert service.comments[0]["body"] == f"{MARK} mine"


def test_the_comment_is_found_beyond_the_first_page(service: Service, tmp_path: Path) -> None:
    for number in range(250):
        service.add(f"{number}", "User")
    service.add(f"{MARK}\nold")
    comment(service, tmp_path)
    assert service.calls == ["PATCH"]


def test_a_pull_request_of_a_fork_is_found_by_branch_and_commit(service: Service, tmp_path: Path) -> None:
    service.pulls = [
        {"number": 6, "head": {"label": "fork:a b&c", "sha": "old"}},
        {"number": 7, "head": {"label": "fork:a b&c", "sha": "new"}},
    ]
    fork = {"PULL_REQUEST": "", "HEAD_REPOSITORY": "fork/corpus", "HEAD_BRANCH": "a b&c"}
    comment(service, tmp_path, **fork, HEAD_SHA="new")
    assert service.calls == ["POST"]
    assert "nothing to comment on" in comment(service, tmp_path, **fork, HEAD_SHA="older")
    assert service.calls == ["POST"]


def test_a_token_that_may_not_comment_is_a_warning(service: Service, tmp_path: Path) -> None:
    service.may_write = False
    assert comment(service, tmp_path).startswith("::warning title=readouts::")


def test_a_report_that_is_too_long_for_the_service_is_cut(service: Service, tmp_path: Path) -> None:
    comment(service, tmp_path, "x" * 100_000)
    assert len(service.comments[0]["body"]) == 60_000
