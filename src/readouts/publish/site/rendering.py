"""Turning pages into HTML: the templates, and what every page shows."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Any

from readouts.datapackage.render.escaping import visible
from readouts.datapackage.render.page import templates_of
from readouts.publish.site import address
from readouts.publish.site.documents import DOCUMENTS
from readouts.publish.site.fingerprint import code_digest, key_of
from readouts.publish.site.page import LISTS

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from jinja2 import Environment
    from markupsafe import Markup

    from readouts.publish.site.context import SiteContext
    from readouts.publish.site.fingerprint import Seen
    from readouts.publish.site.glossary import Glossary
    from readouts.publish.site.page import Page

__all__ = ["Renderer"]

_NAVIGATION = (*LISTS.items(), ("search", "Search"), ("about", "About"))
"""What every page leads to, with its title."""

_SHARED = frozenset({"site", "to", "href", "here"})
"""What all pages of a site are given alike, and functions that depend on nothing but it, the path and what they get."""
_UNBOUNDED = 10**9
_OPTIONAL: dict[str, Any] = {"description": "", "made": "", "section": "", "trail": (), "scripts": (), "redirect": None}
"""What a page may leave out, and what holds then."""


def _escaped_page(page: str) -> str:
    """Return a page in which no text of unknown origin can hide anything or turn the rest around."""
    # Of the whole page at once, where it is plain, else line by line: of each value, it would take many times as long.
    if page.isascii() and page.replace("\n", "").isprintable():
        return page
    return "\n".join([visible(line, _UNBOUNDED) for line in page.split("\n")])


@cache
def _templates() -> Environment:
    """Return the templates of the site, compiled once."""
    environment = templates_of("readouts.publish.site")
    # Otherwise the file of each template is checked again for each page.
    environment.auto_reload = False
    # An `import` in each template would be carried out again for each page.
    for name in ("parts", "pictures", "across_parts"):
        environment.globals[name] = environment.get_template(f"{name}.html").module
    return environment


class _Depth:
    """What pages at one depth of the site have in common, each made once: links from there, and shared parts."""

    def __init__(self, source: str, site: dict[str, Any], glossary: Glossary) -> None:
        self._site = site
        self._parts: dict[tuple[str, Hashable], Markup] = {}
        self.to = cache(partial(address.link, source))
        """Return the link to a path of the site."""
        self.href = cache(lambda *place: address.link(source, address.place(*place)))
        """Return the link to the page of a thing, by its kind, its name, and the number of the page."""
        self.glossary = glossary
        self._frame = cache(self._rendered_frame)

    def part(self, name: str, key: Hashable, *values: Any) -> Markup:
        """Return what a macro of `parts.html` makes, called once for each key that it is asked for."""
        made = self._parts.get((name, key))
        if made is None:
            macro = getattr(_templates().globals["parts"], name)
            made = self._parts[name, key] = macro(*values, self)
        return made

    def term(self, column: str, value: str | None, words: str, kind: str = "") -> Markup:
        """Return a label with its meaning and a link to the glossary."""
        return self.part("term", (column, value, words, kind), column, value, words, kind)

    def each(self, name: str, entries: Sequence[tuple[Hashable, ...]]) -> Markup:
        """Return what a macro makes of each entry, one after the other."""
        from markupsafe import Markup

        # What macros return is escaped already.
        return Markup("\n".join([self.part(name, entry, *entry) for entry in entries]))  # noqa: S704

    def frame(self, template: str, section: str, path: str) -> Markup:
        """Return the head or the foot of a page."""
        # It differs on the pages that it leads to itself.
        own = path if path == address.HOME or path in {target for _, _, target in self._site["navigation"]} else ""
        return self._frame(template, section, own)

    def _rendered_frame(self, template: str, section: str, own: str) -> Markup:
        from markupsafe import Markup

        values = {"site": self._site, "to": self.to, "home": address.HOME, "section": section, "path": own}
        # A template of ours, in which everything was escaped.
        return Markup(_templates().get_template(template).render(values))  # noqa: S704


class Renderer:
    """The templates, and what all pages of one site show."""

    def __init__(self, site: SiteContext) -> None:
        descriptor, citation = site.data.package.descriptor, site.data.corpus.cite()
        self._site = {
            "name": site.data.corpus.name,
            "title": str(descriptor.get("title") or site.data.corpus.name),
            "version": site.data.corpus.version,
            "description": str(descriptor.get("description") or ""),
            "licences": _licences(descriptor.get("licenses")),
            "citation": citation.text,
            "bibtex": citation.bibtex,
            "quoted": site.data.quoted,
            "made": site.made,
            "documents": [page for page in DOCUMENTS if page in site.documents],
            "navigation": [(key, label, address.listing(key)) for key, label in _NAVIGATION],
        }
        self._glossary = site.glossary
        self._base = key_of(code_digest(), self._site, site.glossary.terms, site.glossary.sections)
        self._seen: Seen = {}
        self._depths: dict[int, _Depth] = {}

    def forget(self) -> None:
        """Let go of what pages of one kind have in common, before those of another kind come."""
        self._depths.clear()

    def key(self, *values: object) -> str:
        """Return the digest of values, with what every page of the site is made of."""
        return key_of(self._base, *values, seen=self._seen) if self._base else ""

    def context(self, page: Page) -> dict[str, Any]:
        """Return all that the template of a page is given."""
        level = page.path.count("/")
        depth = self._depths.get(level)
        if depth is None:
            depth = self._depths[level] = _Depth(page.path, self._site, self._glossary)
        values = {**_OPTIONAL, **page.values}
        section = values["section"]
        shared = {
            "site": self._site,
            "path": page.path,
            "home": address.HOME,
            "to": depth.to,
            "href": depth.href,
            "here": depth,
            "head": depth.frame("masthead.html", section, page.path),
            "foot": depth.frame("footer.html", "", ""),
        }
        return {**values, **shared}

    def page_key(self, page: Page, context: Mapping[str, Any]) -> str:
        """Return the digest of what makes a page: where what a template is given is the same, so is the page."""
        shown = {name: value for name, value in context.items() if name not in _SHARED}
        return self.key(page.path, page.template, shown)

    @staticmethod
    def render(page: Page, context: Mapping[str, Any]) -> bytes:
        """Return a page as HTML in UTF-8."""
        text = _templates().get_template(page.template).render(context)
        return (_escaped_page(text) + "\n").encode("utf-8", "backslashreplace")


def _licences(found: Any) -> list[dict[str, str]]:
    """Return name and address of each licence; an address that isn't one of the web is left out."""
    licences = []
    for each in found if isinstance(found, list) else []:
        if isinstance(each, dict):
            path = str(each.get("path") or "")
            licences.append(
                {
                    "name": str(each.get("title") or each.get("name") or path),
                    "path": path if path.startswith(("https://", "http://")) else "",
                }
            )
    return licences
