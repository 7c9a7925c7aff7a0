"""The pages of articles: their statements in order, and where each lies in the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.datapackage.words import counted
from readouts.publish.site import address
from readouts.publish.site.drawings import strip
from readouts.publish.site.labels import date_text
from readouts.publish.site.page import Page, list_page, page_of
from readouts.publish.site.pagination import encoded_length, paginate
from readouts.publish.site.reviews import made_and_reviewed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from readouts.publish.site.context import SiteContext
    from readouts.publish.site.data import SiteData

__all__ = ["pages"]


def pages(site: SiteContext) -> Iterator[Page]:
    """Yield the pages of every article, and the list of them."""
    for name in site.data.articles:
        yield from _article(site, name)
    yield from _list(site.data)


def _article(site: SiteContext, name: str) -> Iterator[Page]:
    data = site.data
    row = data.articles[name]
    accounts = data.by_id("accounts")
    carried = []
    for each in data.of("carriages", "article_id", name):
        account = accounts.get(each["account_id"] or "")
        if account is not None:
            carried.append(
                {
                    "account": each["account_id"],
                    "place": site.place_of("accounts", each["account_id"] or ""),
                    "issuer": data.name(account["issuer_id"]),
                    "side": account["side"] or "third",
                    "completeness": each["completeness"] or "",
                    "translated": each["is_translation"] == "true",
                }
            )
    said = data.of("statements", "article_id", name)
    made = made_and_reviewed({"statement": said}, " of this article") if said else ""
    for leaf in site.views.in_article(name):
        values = {
            "description": f"{data.outlet(name)}, {date_text(row['published_on'])}: "
            f"{counted(leaf.total, 'statement')}, each with its sources and its place in the text.",
            "made": made,
            "row": row,
            "name": name,
            "title_language": data.language(name),
            "outlet": (data.outlet(name), row["outlet_id"]) if row["outlet_id"] in data.entities else None,
            "published": date_text(row["published_on"]),
            "url": address.web(row["url"]),
            "archived_url": address.web(row.get("archived_url")),
            "scripts": [address.asset("copy.js")],
            "kind": site.glossary.meaning("article-kind", row["kind"]),
            "rights": site.glossary.meaning("rights", row["rights"]),
            "carried": carried,
            "strip": strip(data, name, leaf.items),
        }
        yield page_of("articles", name, leaf, row["title"] or name, values)


def _list(data: SiteData) -> Iterator[Page]:
    names = sorted(data.articles, key=lambda name: (data.articles[name]["published_on"] or "", name))
    found = paginate(names, lambda name: 500 + 2 * encoded_length(data.articles[name]["title"] or name), budget=120_000)
    for leaf in found:
        shown = [
            {
                "name": name,
                "title": data.articles[name]["title"] or name,
                "language": data.language(name),
                "outlet": data.outlet(name),
                "date": date_text(data.articles[name]["published_on"]),
                "kind": data.articles[name]["kind"] or "",
                "statements": len(data.of("statements", "article_id", name)),
                "accounts": len(data.of("carriages", "article_id", name)),
            }
            for name in leaf.items
        ]
        description = f"{counted(leaf.total, 'article')}, in the order of publication."
        yield list_page("articles", leaf, description, {"articles": shown})
