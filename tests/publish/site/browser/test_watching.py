"""`readouts site --watch`: changed annotations come into the package, into the pages, and before the reader."""

from __future__ import annotations

import json
import re
import shutil
import threading
from typing import TYPE_CHECKING
from urllib.request import urlopen

import pytest

import readouts
from readouts.datapackage.errors import ArgumentError, ReadoutsError
from readouts.publish.site.building import build_site
from readouts.publish.site.watching import _Project, watch_site
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.conftest import Run
    from tests.publish.site.browser.browsing import Reading

TAG = re.compile(r'<script src="/~watch\.js\?built=([0-9.]+)"></script>\n\Z')
EVENT = "annotations/events/call-2031-05-01.yaml"


class Watched:
    """A project whose site is watched, and what was announced."""

    def __init__(self, root: Path, output: Path) -> None:
        self.root, self.said, self.stop = root, list[str](), threading.Event()
        self._served = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(output,))
        self._thread.start()
        assert self._served.wait(60)

    def _run(self, output: Path) -> None:
        watch_site(self.root, output, port=0, announce=self._announce, stop=self.stop)

    def _announce(self, line: str) -> None:
        self.said.append(line)
        if " is at " in line:
            self._served.set()

    @property
    def address(self) -> str:
        return next(line.split(" is at ")[1].partition(",")[0] for line in self.said if " is at " in line)

    def edit(self, path: str, old: str, new: str) -> None:
        file = self.root / path
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")

    def get(self, path: str) -> str:
        with urlopen(self.address + path, timeout=60) as answer:
            return str(answer.read().decode())

    def next(self, state: str) -> tuple[str, str, str]:
        """Return state, build and trouble, once the state isn't the given one."""
        found = state
        while found == state:
            told = self.get(f"~wait.js?state={state}").removeprefix("readoutsWatch(...").removesuffix(");\n")
            found, built, trouble = json.loads(told)
        return found, built, trouble

    def end(self) -> None:
        self.stop.set()
        self._thread.join(60)
        assert not self._thread.is_alive()


@pytest.fixture
def watched(invented_package: Path, tmp_path: Path) -> Iterator[Watched]:
    shutil.copytree(invented_package, tmp_path / "project")
    found = Watched(tmp_path / "project", tmp_path / "site")
    yield found
    found.end()


def test_a_changed_annotation_comes_into_the_page_and_an_error_is_told_until_it_is_fixed(
    watched: Watched, tmp_path: Path
) -> None:
    page = watched.get("events/call-2031-05-01.html")
    tag = TAG.search(page)
    assert tag is not None
    state, built, trouble = watched.next("")
    assert (built, trouble) == (tag[1], "")

    watched.edit(EVENT, "title: Call between", "title: Talk between")
    state, built, trouble = watched.next(state)
    assert built != tag[1]
    assert trouble == ""
    assert "Talk between Marek" in watched.get("events/call-2031-05-01.html")

    watched.edit(EVENT, "kind: call", "kind: cal")
    state, now, trouble = watched.next(state)
    assert now == built
    assert "call-2031-05-01.yaml" in trouble
    assert "cal" in watched.said[-1]
    assert "Talk between Marek" in watched.get("events/call-2031-05-01.html")

    watched.edit(EVENT, "kind: cal", "kind: call")
    state, now, trouble = watched.next(state)
    assert trouble == ""

    # What is written to be published has nothing of it, and is what a build from nothing gives.
    build_site(readouts.open(watched.root), tmp_path / "fresh")
    for path in sorted((tmp_path / "fresh").rglob("*")):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / "site" / path.relative_to(tmp_path / "fresh")).read_bytes()


def test_a_page_that_is_not_there_waits_too_and_the_wait_is_for_this_computer_only(watched: Watched) -> None:
    from tests.publish.site.browser.test_serving import asked

    status, _, data = asked(watched.address, "/events/none.html")
    assert status == 404
    assert TAG.search(data.decode())
    assert asked(watched.address, "/~wait.js?state=", Host="evil.example")[0] == 403
    assert (
        asked(watched.address, "/static/site.css", **{"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"})[0] == 200
    )


def test_what_cant_be_watched_is_refused(tmp_path: Path, run: Run) -> None:
    with pytest.raises(ReadoutsError, match="does not exist"):
        watch_site(tmp_path / "nowhere", tmp_path / "site")
    assert run("site", tmp_path / "nowhere", "--watch", "--output", tmp_path / "site").returncode == 2


@pytest.mark.parametrize("package", ["2.0.0", ROOT / "releases" / "2.0.0" / "readouts-2.0.0.zip"])
def test_a_release_is_not_watched(tmp_path: Path, run: Run, package: str | Path) -> None:
    ended = run("site", package, "--watch", "--output", tmp_path / "site", cwd=ROOT)
    assert ended.returncode == 2
    assert "doesn't change: --watch takes the folder of a package" in ended.stderr


def test_a_site_around_what_is_watched_is_refused(invented_package: Path) -> None:
    with pytest.raises(ArgumentError, match="holds files that are watched"):
        watch_site(invented_package, invented_package)


@pytest.mark.parametrize("folder", ["annotations/site", "releases/site", "releases", "docs/../releases/site"])
def test_a_site_among_what_is_watched_is_refused(invented_package: Path, folder: str) -> None:
    # It would be built for ever, since each build changes files that are watched.
    with pytest.raises(ArgumentError, match="lies among files that are watched"):
        watch_site(invented_package, invented_package / folder)


@pytest.mark.parametrize("path", ["docs/datasheet.md", "docs/annotating.md", "CITATION.cff", "releases/1.0.0/x.json"])
def test_a_file_that_comes_or_changes_is_noticed(invented_package: Path, tmp_path: Path, path: str) -> None:
    root = tmp_path / "project"
    shutil.copytree(invented_package, root)
    project = _Project(root, tmp_path / "site", None)
    assert not project.changed()
    for text in ("One.", "Two, longer."):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
        assert project.changed()
    assert not project.changed()


@pytest.mark.slow
def test_the_browser_shows_the_next_build_and_what_stands_in_its_way(
    watched: Watched, visit: Callable[..., Reading]
) -> None:
    page = visit(watched.address).open("events/call-2031-05-01.html")
    assert page.locator("h1").inner_text() == "Call between Marek and Ostrova"
    watched.edit(EVENT, "title: Call between", "title: Talk between")
    page.locator("h1", has_text="Talk between Marek and Ostrova").wait_for(timeout=60_000)
    watched.edit(EVENT, "kind: call", "kind: cal")
    page.locator("pre[role=alert]", has_text="call-2031-05-01.yaml").wait_for(timeout=60_000)
    watched.edit(EVENT, "kind: cal", "kind: call")
    page.locator("pre[role=alert]").wait_for(state="detached", timeout=60_000)
