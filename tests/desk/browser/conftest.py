"""What tests of the desk in a real browser share: a desk that runs as the command does, and a page that is watched."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.desk.conftest import PERSON
from tests.publish.site.browser.browsing import Chromium, Reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

CHROMIUM = Chromium()
HERE = Path(__file__).parent


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> None:
    """Close the browser behind the tests of this folder: while it runs, no other test could use asyncio."""
    if nextitem is None or HERE not in nextitem.path.parents:
        CHROMIUM.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Chromium]:
    """Chromium, without a window."""
    pytest.importorskip("playwright.sync_api", reason="Playwright is not here: pip install playwright")
    if CHROMIUM.program is None:
        pytest.skip("Chromium is not here: install it, or set READOUTS_CHROMIUM to the program")
    yield CHROMIUM
    CHROMIUM.close()


@dataclass
class Served:
    """A desk that runs in a process of its own."""

    project: Path
    more: tuple[str, ...] = ()
    port: int = 0
    address: str = ""
    process: subprocess.Popen[str] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start the desk; the second time it gets the port that it had."""
        command = ["desk", "--texts", "texts", "--as", PERSON, "--port", str(self.port), *self.more]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "readouts", *command], cwd=self.project, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().strip()
        self.port = int(self.address.split(":")[2].partition("/")[0])

    @property
    def home(self) -> str:
        """The address without the token."""
        return self.address.partition("#")[0]

    def kill(self) -> None:
        """End the desk as a crash would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            if self.process.stdout is not None:
                self.process.stdout.close()
        self.process = None


@pytest.fixture
def serve(project: Path) -> Iterator[Callable[..., Served]]:
    """Start a desk on the invented corpus: `serve("--against", "other")`."""
    running: list[Served] = []

    def start(*more: str) -> Served:
        served = Served(project, more)
        running.append(served)
        served.start()
        return served

    yield start
    for served in running:
        served.kill()


@pytest.fixture
def visit(browser: Chromium) -> Iterator[Callable[..., Page]]:
    """Open a view of a desk: `visit(served, "article/herald")`. In the end nothing went wrong or left the desk.

    With `fails`, requests of the page are meant to fail.
    """
    readings: list[Reading] = []
    failing: list[Reading] = []

    def visited(served: Served, view: str = "", *, fails: bool = False, **how: Any) -> Page:
        reading = browser.reading(served.home, **{"viewport": {"width": 1024, "height": 768}, **how})
        (failing if fails else readings).append(reading)
        reading.page.goto(f"{served.address}{view}")
        reading.page.locator("h1, .text").first.wait_for()
        return reading.page

    yield visited
    for reading in failing:
        browser.leave(reading)
    for reading in readings:
        browser.leave(reading)
        assert reading.errors == []
        assert reading.foreign == []


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core, as the distribution axe-playwright-python has it."""
    pytest.importorskip("axe_playwright_python", reason="axe is not here: pip install axe-playwright-python")
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
