"""The pages of articles: their statements in order, and where each lies in the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.datapackage.words import counted
from readouts.publish.site import address
from readouts.publish.site.drawings import strip
from readouts.publish.site.labels import dated, meaning
from readouts.publish.site.page import Page
from readouts.publish.site.pagination import paginate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from readouts.publish.site.data import World

__all__ = ["pages"]


def pages(world: World) -> Iterator[Page]:
    """Yield the pages of every article, and the list of them."""
    for name in world.articles:
        yield from _article(world, name)
    yield from _list(world)


def _article(world: World, name: str) -> Iterator[Page]:
    row = world.articles[name]
    found = world.said.in_article(name)
    title = row["title"] or name
    url = row["url"] or ""
    accounts = world.by_id("accounts")
    carried = []
    for each in world.of("carriages", "article_id", name):
        account = accounts.get(each["account_id"] or "")
        if account is not None:
            carried.append(
                {
                    "account": each["account_id"],
                    "place": world.place_of("accounts", each["account_id"] or ""),
                    "issuer": world.name(account["issuer_id"]),
                    "side": account["side"] or "third",
                    "completeness": each["completeness"] or "",
                    "translated": each["is_translation"] == "true",
                }
            )
    for leaf in found:
        first = leaf.number == 1
        yield Page(
            address.place("articles", name, leaf.number),
            "article.html",
            {
                "title": title if first else f"{title} (page {leaf.number} of {leaf.count})",
                "description": f"{world.outlet(name)}, {dated(row['published_on'])}: "
                f"{counted(leaf.total, 'statement')}, each with its sources and its place in the text.",
                "section": "articles",
                "trail": [("Articles", address.listing("articles"))],
                "row": row,
                "name": name,
                "title_language": world.language(name),
                "outlet": (world.outlet(name), row["outlet_id"]) if row["outlet_id"] in world.entities else None,
                "published": dated(row["published_on"]),
                "url": url if url.startswith(("https://", "http://")) else "",
                "kind": meaning("articles", "kind", row["kind"]),
                "rights": meaning("articles", "rights", row["rights"]),
                "carried": carried,
                "leaf": leaf,
                "place_of_page": lambda number: address.place("articles", name, number),
                "strip": strip(world, name, leaf.items),
            },
        )


def _list(world: World) -> Iterator[Page]:
    names = sorted(world.articles, key=lambda name: (world.articles[name]["published_on"] or "", name))
    found = paginate(
        names, lambda name: 500 + 2 * len((world.articles[name]["title"] or name).encode()), budget=120_000
    )
    for leaf in found:
        yield Page(
            address.listing("articles", leaf.number),
            "articles.html",
            {
                "title": "Articles",
                "description": f"{counted(leaf.total, 'article')}, in the order of publication.",
                "section": "articles",
                "leaf": leaf,
                "place_of_page": lambda number: address.listing("articles", number),
                "articles": [
                    {
                        "name": name,
                        "title": world.articles[name]["title"] or name,
                        "language": world.language(name),
                        "outlet": world.outlet(name),
                        "date": dated(world.articles[name]["published_on"]),
                        "kind": world.articles[name]["kind"] or "",
                        "statements": len(world.of("statements", "article_id", name)),
                        "accounts": len(world.of("carriages", "article_id", name)),
                    }
                    for name in leaf.items
                ],
            },
        )
