"""A reader of a site: a page of a real browser that notes everything that goes wrong on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

__all__ = ["Reading"]


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
        self.page.goto("about:blank")
        self.page.goto(self.home + path)
        return self.page

    @property
    def place(self) -> str:
        """Where the reader is, from the folder of the site."""
        return self.page.url.removeprefix(self.home)

    def watch(self, context: BrowserContext) -> None:
        def asked(request: Request) -> None:
            if not request.url.startswith((self.home, "about:", "blob:")):
                self.foreign.append(request.url)

        def said(message: ConsoleMessage) -> None:
            if message.type in {"error", "warning"}:
                self.errors.append(message.text)

        context.on("request", asked)
        context.on("console", said)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))
