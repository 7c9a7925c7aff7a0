"""Documents of the package as parts of pages: its datasheet and its guideline, in Markdown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from posixpath import normpath
from typing import TYPE_CHECKING

from readouts.corpus_schema.bundled import bundled_package
from readouts.datapackage.errors import PackageError
from readouts.datapackage.package.package import open_package
from readouts.datapackage.package.paths import inside
from readouts.publish.site import address

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from markdown_it import MarkdownIt
    from markdown_it.token import Token
    from markupsafe import Markup

    from readouts.datapackage.package.package import DataPackage

__all__ = ["DOCUMENTS", "Document", "documents_of"]

DOCUMENTS = {address.DATASHEET: "docs/datasheet.md", address.GUIDELINE: "docs/annotating.md"}
"""The pages that are documents of the package, each with its file there."""
_PLACES = {
    **{path: page for page, path in DOCUMENTS.items()},
    "data/README.md": address.listing("tables"),
    "CONTRIBUTING.md": f"{address.ABOUT}#corrections",
    "docs/why-standoff.md": f"{address.ABOUT}#no-text",
    "docs/annotation-files.md": address.GLOSSARY,
}
"""What the site has of the files that documents link to."""
_MOST_BYTES = 200_000
"""A document of more isn't shown, since its page would be too large."""


@dataclass(frozen=True)
class Document:
    r"""A document in Markdown, of which pages show all or a section.

    Attributes
    ----------
    page
        Its own page in the site.
    text
        Its Markdown.
    pages
        The documents that the site has, itself among them: links to other files are shown as text.

    Examples
    --------
    >>> document = Document("lakes.html", "# Lakes\n\n## Como\n\nDeep.\n\n## Garda\n\nWide.")
    >>> document.title, document.section("garda")
    ('Lakes', Markup('<p>Wide.</p>\n'))
    """

    page: str
    text: str
    pages: Collection[str] = ()

    @cached_property
    def _tokens(self) -> list[Token]:
        tokens = _markdown().parse(self.text)
        seen = {"content"}
        for token, after in zip(tokens, [*tokens[1:], None], strict=True):
            if token.type == "heading_open" and after is not None:
                slug = re.sub(r"[^\w -]", "", after.content.lower()).replace(" ", "-")
                while slug in seen or not slug:
                    slug += "-1"
                seen.add(slug)
                token.attrSet("id", slug)
            elif token.attrGet("style"):
                # No page may have styles inside it.
                token.attrs = {"class": "number"} if "right" in str(token.attrGet("style")) else {}
            if token.children:
                token.children = self._linked(token.children)
        return tokens

    def _linked(self, tokens: Sequence[Token]) -> list[Token]:
        """Return the tokens of a line with links that hold in the site; those that don't are text."""
        kept: list[Token] = []
        held: list[bool] = []
        for token in tokens:
            if token.type == "link_open":
                target = self._target(str(token.attrGet("href")))
                held.append(target is not None)
                token.attrs = {"href": target or ""}
            if token.type == "image":
                kept += token.children or ()
            elif not token.type.startswith("link_") or (held[-1] if token.type == "link_open" else held.pop()):
                kept.append(token)
        return kept

    def _target(self, target: str) -> str | None:
        if target.startswith(("https://", "http://")):
            return target
        path, _, place = target.partition("#")
        if not path:
            return f"{self.page}#{place}"
        found = _PLACES.get(normpath(f"docs/{path}"))
        if found in self.pages:
            return f"{found}#{place}" if place else found
        return None if found in DOCUMENTS else found

    @property
    def title(self) -> str:
        """Its first heading; nothing where it doesn't begin with one."""
        return self._tokens[1].content if self._has_title else ""

    @property
    def _has_title(self) -> bool:
        return bool(self._tokens) and self._tokens[0].type == "heading_open"

    @property
    def body(self) -> Markup:
        """All of it but its title, as HTML."""
        return self._html(self._tokens[3 if self._has_title else 0 :])

    def section(self, name: str) -> Markup | None:
        """Return what is under a heading, by the id of it: HTML without the heading; None where there is none."""
        for start, token in enumerate(self._tokens):
            if token.type == "heading_open" and token.attrGet("id") == name:
                rest = self._tokens[start + 3 :]
                ends = (at for at, each in enumerate(rest) if each.type == "heading_open" and each.tag <= token.tag)
                return self._html(rest[: next(ends, len(rest))])
        return None

    def _html(self, tokens: Sequence[Token]) -> Markup:
        from markupsafe import Markup

        markdown = _markdown()
        # The renderer escapes every text, and passes no HTML on.
        return Markup(markdown.renderer.render(tokens, markdown.options, {}))  # noqa: S704


@cache
def _markdown() -> MarkdownIt:
    """Return what reads and renders Markdown: comments are left out, other HTML is shown as text."""
    from markdown_it import MarkdownIt
    from markdown_it.common.utils import escapeHtml

    def html(renderer: object, tokens: Sequence[Token], index: int, options: object, env: object) -> str:
        del renderer, options, env
        text = re.sub(r"<!--.*?-->", "", tokens[index].content, flags=re.DOTALL)
        return escapeHtml(text) if text.strip() else ""

    def table(renderer: object, tokens: Sequence[Token], index: int, options: object, env: dict[str, int]) -> str:
        del renderer, tokens, options
        env["tables"] = index
        return f'<div class="scroll" role="region" aria-label="Table {index}" tabindex="0"><table class="plain">'

    markdown = MarkdownIt("commonmark").enable("table")
    for name in ("html_block", "html_inline"):
        markdown.add_render_rule(name, html)
    markdown.add_render_rule("table_open", table)
    markdown.add_render_rule("table_close", lambda *_: "</table></div>\n")
    return markdown


def documents_of(package: DataPackage) -> Mapping[str, Document]:
    """Return the documents of a package by their pages: those in it, else those that came with the same release.

    The documents of this installation describe the release that it came with: they are shown with no other data.

    Raises
    ------
    PackageError
        A document isn't UTF-8, or lies outside the package.

    Examples
    --------
    >>> import readouts
    >>> sorted(documents_of(readouts.load().package)), sorted(documents_of(readouts.load("1.1.0").package))
    (['datasheet.html', 'guideline.html'], [])
    """
    found = {page: inside(package.root, path) for page, path in DOCUMENTS.items() if (package.root / path).is_file()}
    if not found and _hashes(package) == _hashes(open_package(bundled_package())):
        found = {page: bundled_package() / path for page, path in DOCUMENTS.items()}
    texts = {}
    for page, path in found.items():
        if path.is_file() and path.stat().st_size <= _MOST_BYTES:
            try:
                texts[page] = path.read_text(encoding="utf-8")
            except UnicodeDecodeError as error:
                message = f"{path} is not UTF-8 text: {error.reason} at byte {error.start}."
                raise PackageError(message) from error
    return {page: Document(page, text, tuple(texts)) for page, text in texts.items()}


def _hashes(package: DataPackage) -> dict[str, object]:
    return {name: resource.descriptor.get("hash") for name, resource in package.resources.items()}
