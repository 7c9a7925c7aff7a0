"""The page about the corpus and its method, and the documents of the package that it leads to."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from readouts.publish.site import address
from readouts.publish.site.documents import DOCUMENTS
from readouts.publish.site.page import Page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from readouts.publish.site.context import SiteContext
    from readouts.publish.site.data import SiteData

__all__ = ["pages"]

_SECTIONS = {
    "selection": ("How the documents were chosen", "selection-and-its-limits"),
    "annotation": ("How these were annotated, and how far two annotations agree", "annotation"),
    "limits": ("Uses and limits", "uses-and-limits"),
}
"""What the page takes from the datasheet: the id and the title of a section, and the id of the heading there."""


def pages(site: SiteContext) -> Iterator[Page]:
    """Yield the page about the corpus, and its documents."""
    data = site.data
    homepage = str(data.package.descriptor.get("homepage") or "")
    datasheet = site.documents.get(address.DATASHEET)
    quoted = {key: (title, datasheet and datasheet.section(slug)) for key, (title, slug) in _SECTIONS.items()}
    values = {
        "title": "About and method",
        "description": site.made,
        "section": "about",
        "documents": [(page, site.documents[page].title) for page in DOCUMENTS if page in site.documents],
        "sections": [(key, title, shown) for key, (title, shown) in quoted.items() if shown],
        "reviews": list(_reviews(data)),
        "rights": _rights(site),
        "homepage": homepage if homepage.startswith(("https://", "http://")) else "",
        "changed_ids": data.count("id_changes") if "id_changes" in data.corpus.tables else 0,
    }
    yield Page(address.ABOUT, "about.html", values)
    for page, document in site.documents.items():
        title = document.title or page.removesuffix(".html").title()
        shown = {"title": title, "section": "about", "trail": [("About", address.ABOUT)], "body": document.body}
        yield Page(page, "document.html", shown)


def _reviews(data: SiteData) -> Iterator[tuple[str, str, str, int]]:
    """Yield how many rows of which table were made by whom and reviewed how."""
    for table in ("statements", "alignments"):
        found = Counter((row.get("made_by") or "", row.get("review") or "") for row in data.rows(table))
        for (maker, review), count in sorted(found.items()):
            if maker or review:
                yield table, maker, review, count


def _rights(site: SiteContext) -> list[tuple[int, str]]:
    """Return on how many articles there are which rights."""
    found = Counter(row.get("rights") or "" for row in site.data.articles.values())
    return [(count, site.glossary.meaning("rights", right)) for right, count in found.most_common() if right]
