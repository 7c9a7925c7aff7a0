"""The pages of statements: what is said, through whom, where it stands, and how it compares."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from readouts.datapackage.words import counted
from readouts.publish.site import address
from readouts.publish.site.labels import dated, meaning, relation_rows, relation_weight
from readouts.publish.site.page import Page
from readouts.publish.site.pagination import paginate
from readouts.publish.site.statement_view import WORDING, estimated_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from readouts.datapackage.package.package import Row
    from readouts.publish.site.data import Span, World
    from readouts.publish.site.statement_view import StatementView

__all__ = ["alignment_pages", "pages"]

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


_MOST_EVIDENCE = 60
"""Spans of a statement that its page lists; the table of spans has them all."""


def pages(world: World) -> Iterator[Page]:
    """Yield the pages of each statement, and the list of them."""
    for name in world.statements:
        yield from _statement(world, name)
    yield from _list(world)


def _statement(world: World, name: str) -> Iterator[Page]:
    row, said = world.statements[name], world.said[name]
    sections: dict[str, Sequence[Any]] = {
        "compared": compared(world, name),
        "children": [each["statement_id"] or "" for each in world.of("statements", "parent_statement_id", name)],
        "relations": relation_rows(world, world.of("relations", "statement_id", name)),
    }
    found = paginate([(key, item) for key, items in sections.items() for item in items], partial(_weight, world))
    shared = {
        "section": "statements",
        "trail": _trail(said),
        "row": row,
        "said": said,
        "place_of_page": partial(address.place, "statements", name),
    }
    about = _described(world, said)
    for leaf in found:
        parts: dict[str, list[Any]] = {key: [item for kind, item in leaf.items if kind == key] for key in sections}
        first = leaf.number == 1
        yield Page(
            address.place("statements", name, leaf.number),
            "statement.html",
            {
                **shared,
                "title": said.summary if first else f"{said.summary} (page {leaf.number} of {leaf.count})",
                "description": about,
                "leaf": leaf,
                "claims": [_alignment(world, each) for each in parts["compared"] if not each.of_wording],
                "wording": [_alignment(world, each) for each in parts["compared"] if each.of_wording],
                "children": world.said.of(parts["children"]),
                "relations": parts["relations"],
                **(_about(world, row, said) if first else {}),
            },
        )


def _described(world: World, said: StatementView) -> str:
    """Return who says it, where and when, and of what event: what a preview of a link shows."""
    sources = " › ".join(" + ".join(each for each, _ in step) for step in said.chain)
    where = [sources, f"in {said.outlet}", dated(world.articles.get(said.article, {}).get("published_on"))]
    told = f"{', '.join(filter(None, where))}."
    event = world.events.get(said.event)
    if event is None:
        return told
    date = dated(event["date"], event["date_precision"])
    # Titles of events often end with their date.
    return f"{told} On: {said.event_title}{f', {date}' if date and date not in said.event_title else ''}."


def _about(world: World, row: Row, said: StatementView) -> dict[str, Any]:
    """Return what the first page of a statement shows of it alone."""
    article = world.articles.get(said.article, {})
    parent = row["parent_statement_id"]
    length = max(int(article.get("character_count") or 0), 1)
    start = min(100 * said.start / length, 99.6)
    evidence = _evidence(world, said.id)
    return {
        "accounts": _accounts(world, said.id),
        "speaker": (world.name(row["speaker_id"]), row["speaker_id"]) if row["speaker_id"] else None,
        "addressee": (world.name(row["addressee_id"]), row["addressee_id"]) if row["addressee_id"] else None,
        "article": article,
        "published": dated(article.get("published_on")),
        "place": (f"{said.start:,}", f"{said.end:,}", f"{length:,}"),
        "bar": (round(start, 2), round(max(min(100 * (said.end - said.start) / length, 100 - start), 0.4), 2)),
        "codes": [
            (code, (row[code] or "").replace("_", " "), meaning("statements", code, row[code])) for code in CODES
        ],
        "parent": world.said[parent] if parent is not None and parent in world.statements else None,
        "evidence": evidence[:_MOST_EVIDENCE],
        "more_evidence": max(len(evidence) - _MOST_EVIDENCE, 0),
    }


def _weight(world: World, entry: tuple[str, Any]) -> int:
    key, item = entry
    if key == "relations":
        return relation_weight(item)
    return estimated_bytes(world.said[item]) if key == "children" else _alignment_weight(world, item)


def _trail(said: StatementView) -> list[tuple[str, str]]:
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


@dataclass(frozen=True, slots=True)
class Compared:
    """A row of `alignments`, from one of its ends: in words, with the statement at the other end."""

    row: Row
    words: str
    other: str
    linked: bool

    @property
    def of_wording(self) -> bool:
        """Whether it tells how something is worded."""
        return self.row["aspect"] == "wording" or self.row["relation"] in WORDING


def compared(world: World, name: str) -> list[Compared]:
    """Return what a statement is compared with; a row can be linked to at its first end.

    Wording comes first: marks of it lead to the first page of the statement, which therefore has it.
    """
    found = []
    for column, other_column, words in (
        ("statement_a", "statement_b", ACTIVE),
        ("statement_b", "statement_a", PASSIVE),
    ):
        for row in world.of("alignments", column, name):
            other, relation = row[other_column], row["relation"] or ""
            if other in world.statements:
                found.append(Compared(row, words.get(relation, relation), other or "", column == "statement_a"))
    return sorted(found, key=lambda each: not each.of_wording)


def _alignment_weight(world: World, each: Compared) -> int:
    other = world.statements[each.other]
    former = world.former("alignments", each.row["alignment_id"] or "") if each.linked else ()
    # Each id of the past stands in a tag of its own.
    texts = [
        other["summary"],
        world.outlet(other["article_id"]),
        each.row["rationale"],
        *(f"{old:20}" for old in former),
    ]
    return 900 + 4 * len(each.other) + 2 * sum(len((text or "").encode("utf-8", "replace")) for text in texts)


def alignment_pages(world: World) -> dict[str, int]:
    """Return on which page of its statement an alignment stands, for those that don't stand on the first."""
    found: dict[str, int] = {}
    for name in world.statements:
        entries = compared(world, name)
        for leaf in paginate(entries, partial(_alignment_weight, world))[1:] if len(entries) > 1 else ():
            found.update({each.row["alignment_id"] or "": leaf.number for each in leaf.items if each.linked})
    return found


def _alignment(world: World, each: Compared) -> dict[str, Any]:
    return {
        "fragment": address.fragment(each.row["alignment_id"] or "") if each.linked else "",
        "former": world.former("alignments", each.row["alignment_id"] or "") if each.linked else (),
        "relation": each.row["relation"] or "",
        "words": each.words,
        "said": world.said[each.other],
        "rationale": each.row["rationale"] or "",
    }


def _evidence(world: World, name: str) -> list[tuple[str, str, str, Span]]:
    order = {role: place for place, role in enumerate(EVIDENCE)}
    spans = [span for span in world.evidence(name) if span.role in order]
    spans.sort(key=lambda span: (order[span.role], span.start, span.id))
    return [(EVIDENCE[span.role], f"{span.start:,}", f"{span.end:,}", span) for span in spans]


def _list(world: World) -> Iterator[Page]:
    names = sorted(world.statements, key=lambda name: (world.said[name].article, world.said[name].start, name))
    found = paginate(names, lambda name: estimated_bytes(world.said[name]), budget=150_000)
    for leaf in found:
        articles: dict[str, list[StatementView]] = {}
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
                    (name, world.articles.get(name, {}).get("title") or name, world.language(name), said)
                    for name, said in articles.items()
                ],
            },
        )
