"""A real browser, and a reader of a site in it: a page that notes everything that goes wrong on it."""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.publish.site.browser.screens import DESKTOP

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Request

__all__ = ["Chromium", "Reading"]


@dataclass
class Reading:
    """A reader of a site: a page of the browser, and what it must never do.

    Attributes
    ----------
    home
        Address of the site's folder.
    errors
        What the console said, and what scripts threw.
    foreign
        Requests that left the site.
    """

    page: Page
    home: str
    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Open a page of the site as if for the first time."""
        address = self.home + path
        if self.page.url.partition("#")[0] == address.partition("#")[0]:
            # Another place on the page that is open would not load it again.
            self.page.goto("about:blank")
        self.page.goto(address)
        return self.page

    @property
    def place(self) -> str:
        """Where the reader is, from the folder of the site."""
        return self.page.url.removeprefix(self.home)

    def watch(self) -> None:
        """Note what goes wrong from now on."""
        context = self.page.context

        def asked(request: Request) -> None:
            if not request.url.startswith((self.home, "about:", "blob:")):
                self.foreign.append(request.url)

        def said(message: ConsoleMessage) -> None:
            if message.type in {"error", "warning"}:
                self.errors.append(message.text)

        context.on("request", asked)
        context.on("console", said)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))


class Chromium:
    """Chromium, started by its first reader. Readers with the usual screen come one after the other to one page."""

    def __init__(self) -> None:
        self.program = os.environ.get("READOUTS_CHROMIUM") or shutil.which("chromium")
        self._running = ExitStack()
        self._browser: Browser | None = None
        self._usual: Reading | None = None
        self._taken = False

    def reading(self, home: str, **how: Any) -> Reading:
        """Return a reader of a site: the usual one, or another if it isn't to be as usual or that one is taken."""
        if how or self._taken:
            return self._new(home, **how)
        if self._usual is None:
            self._usual = self._new(home)
        self._usual.home, self._taken = home, True
        self._usual.errors.clear()
        self._usual.foreign.clear()
        return self._usual

    def leave(self, reading: Reading) -> None:
        """Close a reader's page, or empty the usual one: nothing that was stored or chosen is left for the next."""
        page = reading.page
        if reading is not self._usual:
            page.context.close()
            return
        if not page.url.startswith("about:"):
            page.evaluate("localStorage.clear(); sessionStorage.clear()")
        page.goto("about:blank")
        page.mouse.move(0, 0)
        page.emulate_media(media="null", color_scheme="null")
        self._taken = False

    def close(self) -> None:
        """End the browser, if it runs."""
        self._running.close()
        self._browser = self._usual = None
        self._taken = False

    def _new(self, home: str, **how: Any) -> Reading:
        if self._browser is None:
            from playwright.sync_api import sync_playwright

            playwright = self._running.enter_context(sync_playwright())
            # Chromium's own sandbox doesn't work for root, as which tests run in containers.
            self._browser = playwright.chromium.launch(executable_path=self.program, args=["--no-sandbox"])
            self._running.callback(self._browser.close)
        context = self._browser.new_context(**{"viewport": DESKTOP, **how})
        context.set_default_timeout(30_000)
        reading = Reading(context.new_page(), home)
        reading.watch()
        return reading
