"""The pages of statements: what is said, through whom, where it stands, and how it compares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from readouts.charts.reading import counted
from readouts.site import address
from readouts.site.page import Page
from readouts.site.paging import leaves
from readouts.site.said import weight
from readouts.site.wording import dated, meaning, relation_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from readouts.package.reading import Row
    from readouts.site.said import Said
    from readouts.site.world import Span, World

__all__ = ["pages"]

CONVERSE = {
    "same_claim": "says the same as",
    "contradicts": "contradicts",
    "in_tension": "is in tension with",
    "translation_variant": "translates the same words differently from",
}
"""Relations that read the same from both ends."""
ACTIVE = {
    **CONVERSE,
    "quotes_verbatim": "quotes word for word",
    "quotes_altered": "quotes with changes",
    "paraphrase": "puts in other words",
    "weaker": "says less than",
    "stronger": "says more than",
    "supports": "gives grounds for",
}
PASSIVE = {
    **CONVERSE,
    "quotes_verbatim": "is quoted word for word by",
    "quotes_altered": "is quoted with changes by",
    "paraphrase": "is put in other words by",
    "weaker": "says more than",
    "stronger": "says less than",
    "supports": "is grounded on",
}
EVIDENCE = {
    "content": "What is said",
    "quoted": "Inside quotation marks",
    "cue": "Words that attribute it",
    "source": "Words that name a source",
    "addressee": "Words that name the addressee",
}
CODES = ("act", "topic", "form", "medium", "polarity", "certainty", "modality", "review")


def pages(world: World) -> Iterator[Page]:
    """Yield a page for each statement, and the list of them."""
    for name in world.statements:
        yield _statement(world, name)
    yield from _list(world)


def _statement(world: World, name: str) -> Page:
    row, said = world.statements[name], world.said[name]
    article = world.articles.get(said.article, {})
    parent = row["parent_statement_id"]
    length = max(int(article.get("character_count") or 0), 1)
    start = min(100 * said.start / length, 99.6)
    return Page(
        address.place("statements", name),
        "statement.html",
        {
            "title": said.summary,
            "description": f"{' > '.join(' + '.join(each for each, _ in step) for step in said.chain)}. {said.outlet}.",
            "section": "statements",
            "trail": _trail(said),
            "row": row,
            "said": said,
            "accounts": _accounts(world, name),
            "speaker": (world.name(row["speaker_id"]), row["speaker_id"]) if row["speaker_id"] else None,
            "addressee": (world.name(row["addressee_id"]), row["addressee_id"]) if row["addressee_id"] else None,
            "article": article,
            "published": dated(article.get("published_on")),
            "place": (f"{said.start:,}", f"{said.end:,}", f"{length:,}"),
            "bar": (round(start, 2), round(max(min(100 * (said.end - said.start) / length, 100 - start), 0.4), 2)),
            "codes": [
                (code, (row[code] or "").replace("_", " "), meaning("statements", code, row[code])) for code in CODES
            ],
            "claims": _compared(world, name, "claim"),
            "wording": _compared(world, name, "wording"),
            "parent": world.said[parent] if parent is not None and parent in world.statements else None,
            "children": world.said.of(
                each["statement_id"] or "" for each in world.of("statements", "parent_statement_id", name)
            ),
            "relations": relation_rows(world, world.of("relations", "statement_id", name)),
            "evidence": _evidence(world, name),
        },
    )


def _trail(said: Said) -> list[tuple[str, str]]:
    if said.event_title:
        return [("Events", address.listing("events")), (said.event_title, address.place("events", said.event))]
    return [("Statements", address.listing("statements"))]


def _accounts(world: World, name: str) -> list[tuple[str, str, str]]:
    """Return the documents that the steps of a chain speak through: issuer, id, place."""
    found = {step["account_id"] for step in world.of("attributions", "statement_id", name) if step["account_id"]}
    accounts = world.by_id("accounts")
    return [
        (world.name(accounts[each]["issuer_id"]), each, world.place_of("accounts", each) or "")
        for each in sorted(found)
        if each in accounts
    ]


def _compared(world: World, name: str, aspect: str) -> list[dict[str, Any]]:
    """Return what a statement is compared with: in words, the other statement, why, and where the row can be linked."""
    found = []
    for column, other_column, words in (
        ("statement_a", "statement_b", ACTIVE),
        ("statement_b", "statement_a", PASSIVE),
    ):
        for row in world.of("alignments", column, name):
            other = row[other_column]
            if row["aspect"] == aspect and other in world.statements:
                found.append(_alignment(world, row, other or "", words, linked=column == "statement_a"))
    return found


def _alignment(world: World, row: Row, other: str, words: dict[str, str], *, linked: bool) -> dict[str, Any]:
    relation = row["relation"] or ""
    return {
        "fragment": address.fragment(row["alignment_id"] or "") if linked else "",
        "relation": relation,
        "words": words.get(relation, relation),
        "said": world.said[other],
        "rationale": row["rationale"] or "",
    }


def _evidence(world: World, name: str) -> list[tuple[str, str, str, Span]]:
    order = {role: place for place, role in enumerate(EVIDENCE)}
    spans = [span for span in world.evidence(name) if span.role in order]
    spans.sort(key=lambda span: (order[span.role], span.start, span.id))
    return [(EVIDENCE[span.role], f"{span.start:,}", f"{span.end:,}", span) for span in spans]


def _list(world: World) -> Iterator[Page]:
    names = sorted(world.statements, key=lambda name: (world.said[name].article, world.said[name].start, name))
    found = leaves(names, lambda name: weight(world.said[name]), budget=150_000)
    for leaf in found:
        articles: dict[str, list[Said]] = {}
        for name in leaf.items:
            articles.setdefault(world.said[name].article, []).append(world.said[name])
        yield Page(
            address.listing("statements", leaf.number),
            "statements.html",
            {
                "title": "Statements",
                "description": f"{counted(leaf.total, 'statement')}, article by article.",
                "section": "statements",
                "leaf": leaf,
                "place_of_page": lambda number: address.listing("statements", number),
                "groups": [
                    (name, world.articles.get(name, {}).get("title") or name, said) for name, said in articles.items()
                ],
            },
        )
