"""The pages of events: the accounts side by side, topic by topic, with what the press says between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from readouts.corpus_schema.tables import tables
from readouts.datapackage.words import counted
from readouts.publish.site import address
from readouts.publish.site.drawings import balance
from readouts.publish.site.labels import date_text, relation_rows, relation_weight
from readouts.publish.site.page import Page, list_page, page_of
from readouts.publish.site.pagination import encoded_length, paginate
from readouts.publish.site.statement_view import estimated_bytes, parties, side_names
from readouts.publish.words import PAIR_WORDS, topic_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from readouts.analysis.comparison import Claim, Comparison, Pair
    from readouts.publish.site.context import SiteContext
    from readouts.publish.site.data import SiteData
    from readouts.publish.site.pagination import PageSlice
    from readouts.publish.site.statement_view import StatementView

__all__ = ["Line", "pages"]


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim on one side: the statements that make it, the most telling first; `again` if it was there before."""

    statements: tuple[StatementView, ...]
    again: bool


@dataclass(frozen=True, slots=True)
class PairView:
    """How a claim of side a relates to one of side b, and the claim of side b."""

    relation: str
    rationale: str
    claim: ClaimView

    @property
    def words(self) -> str:
        """How the claims relate."""
        return PAIR_WORDS[self.relation]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the comparison: a claim, with the claims of the other side that it meets.

    Attributes
    ----------
    kind
        The group of the claim; of one that meets others, the weightiest relation to them.
    topic
        The topic that it is under.
    left, right, middle
        Claims of side a, of side b, and those of neither side or of both at once.
    pairs
        For a claim of side a that is contradicted, in tension, or says more or less: the claims of side b.
    """

    kind: str
    topic: str
    left: ClaimView
    right: ClaimView
    middle: ClaimView
    pairs: tuple[PairView, ...] = ()


class _AccountView:
    """Lays out claims, and knows which statements were on the page already."""

    def __init__(self, site: SiteContext, reprints: Sequence[tuple[str, int, int]]) -> None:
        self._site = site
        self._reprints = reprints
        self._seen: set[str] = set()

    def order(self, names: Sequence[str]) -> list[StatementView]:
        """Return statements, first those in an account that is reprinted in full, and last what is presupposed."""

        def rank(said: StatementView) -> tuple[bool, bool, str, int, str]:
            inside = any(
                said.article == article and start <= said.start and said.end <= end
                for article, start, end in self._reprints
            )
            return not inside, said.modality == "presupposed", said.article, said.start, said.id

        return sorted(self._site.views.of(names), key=rank)

    def topic(self, claim: Claim) -> str:
        """Return the topic that a claim is under."""
        return self.order([voice.statement_id for voice in claim.voices])[0].topic

    def view(self, claim: Claim, *sides: str) -> ClaimView:
        """Return the statements of a claim that come from some sides; one alone, if it was on the page already."""
        names = [voice.statement_id for voice in claim.voices if voice.side in sides]
        ordered = self.order(names)
        again = bool(ordered) and ordered[0].id in self._seen
        self._seen.update(names)
        return ClaimView(tuple(ordered[:1] if again else ordered), again)


NOTHING = ClaimView((), again=False)


def lines(site: SiteContext, comparison: Comparison) -> list[Line]:
    """Return the lines of a comparison: topic by topic, and there what both say, what is contested, then the rest."""
    reprints = [
        (row["article_id"] or "", int(row["start"]), int(row["end"]))
        for row in site.data.event_carriages(comparison.event_id)
        if row["completeness"] != "reported" and row["start"] and row["end"]
    ]
    accounts = _AccountView(site, reprints)
    pairs: dict[Claim, list[Pair]] = {}
    for pair in comparison.pairs:
        pairs.setdefault(pair.first, []).append(pair)
    alone = ("only_a", "only_b", "third")
    claims = [("both", claim) for claim in comparison.group("both")]
    claims += [(found[0].group, claim) for claim, found in pairs.items()]
    claims += [(group, claim) for group in alone for claim in comparison.group(group)]
    drafts = [(kind, accounts.topic(claim), claim) for kind, claim in claims]
    topics = _ranks("topic")
    drafts.sort(key=lambda draft: (topics.get(draft[1], len(topics)), draft[1]))
    return [
        _line(accounts, kind, topic, claim, pairs[claim] if kind in PAIRED else ()) for kind, topic, claim in drafts
    ]


PAIRED = ("contradicted", "in_tension", "partly")
"""The groups of claims that meet claims of the other side."""


def _line(accounts: _AccountView, kind: str, topic: str, claim: Claim, pairs: Iterable[Pair]) -> Line:
    if kind in PAIRED:
        left = accounts.view(claim, "a", "both")
        views = tuple(
            PairView(pair.relation, pair.rationale, accounts.view(pair.second, "b", "both")) for pair in pairs
        )
        return Line(kind, topic, left, NOTHING, NOTHING, views)
    left, right = accounts.view(claim, "a"), accounts.view(claim, "b")
    return Line(kind, topic, left, right, accounts.view(claim, "both", "third"))


def _weight(line: Line) -> int:
    rationales = encoded_length(*(pair.rationale for pair in line.pairs))
    return 400 + 250 * len(line.pairs) + rationales + sum(map(estimated_bytes, _statements(line)))


def _statements(line: Line) -> Iterator[StatementView]:
    for claim in (line.left, line.right, line.middle, *(pair.claim for pair in line.pairs)):
        yield from claim.statements


def _ranks(column: str) -> dict[str, int]:
    """Return the values of a closed list of `statements` with their places in it; nothing for another column."""
    listed = {field.name: field.constraints.enum or () for field in tables()["statements"].fields}
    return {value: place for place, value in enumerate(listed.get(column, ()))}


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that statements can be filtered by, on how many it holds, and on which pages of the event they are."""

    value: str
    words: str
    count: int
    pages: tuple[int, ...]


def _choices(
    places: dict[str, tuple[StatementView, set[int]]], names: dict[str, str]
) -> list[tuple[str, str, list[Choice]]]:
    """Return what the statements of an event can be filtered by: attribute, heading, and the values of it."""
    choices = []
    for attribute, heading in (("topic", "Topic"), ("side", "Side"), ("outlet", "Outlet"), ("certainty", "Certainty")):
        ranks = _ranks(attribute)
        held: dict[str, list[set[int]]] = {}
        for said, pages in places.values():
            held.setdefault(getattr(said, attribute), []).append(pages)
        ordered = sorted(held, key=lambda value: (ranks.get(value, len(ranks)), value))
        words = {value: topic_name(value) for value in ordered} if attribute == "topic" else names
        found = [
            Choice(value, words.get(value, value), len(held[value]), tuple(sorted(set().union(*held[value]))))
            for value in ordered
        ]
        choices.append((attribute, heading, found))
    return choices


def _places(found: Sequence[PageSlice[Any]]) -> dict[str, tuple[StatementView, set[int]]]:
    """Return each statement of an event with the pages that it is on."""
    places: dict[str, tuple[StatementView, set[int]]] = {}
    for leaf in found:
        for entry in leaf.items:
            for said in _statements(entry) if isinstance(entry, Line) else ():
                places.setdefault(said.id, (said, set()))[1].add(leaf.number)
    return places


def _accounts(site: SiteContext, event: str) -> list[dict[str, Any]]:
    data = site.data
    accounts = [(row["account_id"] or "", row) for row in data.of("accounts", "event_id", event)]
    return [
        {
            "row": row,
            "fragment": address.fragment(name),
            "former": site.former_accounts.get(name, ()),
            "issuer": (data.name(row["issuer_id"]), row["issuer_id"]),
            "carriages": [(each, data.outlet(each["article_id"])) for each in data.of("carriages", "account_id", name)],
        }
        for name, row in sorted(accounts, key=lambda account: (account[1]["side"] or "", account[0]))
    ]


def pages(site: SiteContext) -> Iterator[Page]:
    """Yield the pages of every event, and the list of them."""
    for name in site.data.events:
        yield from _event(site, name)
    yield from _list(site.data)


def _event(site: SiteContext, name: str) -> Iterator[Page]:
    data = site.data
    row, comparison = data.events[name], data.comparisons[name]
    names = side_names(comparison)
    counts, date = comparison.counts, date_text(row["date"], row["date_precision"])
    place = row["place_id"]
    participants = [
        (data.name(each["entity_id"]), each["entity_id"], each["role"] or "", each["side"] or "third")
        for each in data.of("participants", "event_id", name)
    ]
    shared: dict[str, Any] = {
        "description": _description(names, counts, date),
        "row": row,
        "name": name,
        "date": date,
        "place": (data.name(place), place) if place in data.entities else None,
        "parent": data.events.get(row["parent_event_id"] or ""),
        "names": names,
        "parties": parties(comparison),
        "counts": counts,
        "across": site.across.of_event(name),
        "any_statement": any(counts.values()),
        "scripts": [address.asset("filters.js")],
    }
    relations = relation_rows(data, data.of("relations", "event_id", name))
    entries: list[Line | dict[str, Any]] = [*lines(site, comparison), *relations]
    found = paginate(entries, lambda entry: _weight(entry) if isinstance(entry, Line) else relation_weight(entry))
    places = _places(found)
    shared["choices"] = _choices(places, names)
    for leaf in found:
        shown = [entry for entry in leaf.items if isinstance(entry, Line)]
        topics: dict[str, list[Line]] = {}
        for line in shown:
            topics.setdefault(line.topic, []).append(line)
        first = leaf.number == 1
        values = {
            **shared,
            "topics": [
                (
                    topic_name(topic),
                    [line for line in each if line.kind == "both" or line.kind in PAIRED],
                    [line for line in each if line.kind != "both" and line.kind not in PAIRED],
                )
                for topic, each in topics.items()
            ],
            "first_page": {view.id: min(places[view.id][1]) for line in shown for view in _statements(line)},
            "balance": balance(counts, names) if first else [],
            "participants": participants if first else [],
            "accounts": _accounts(site, name) if first else [],
            "relations": [entry for entry in leaf.items if not isinstance(entry, Line)],
        }
        yield page_of("events", name, leaf, row["title"] or name, values)


def _description(names: dict[str, str], counts: dict[str, int], date: str) -> str:
    if not any(counts.values()):
        return date
    return (
        f"{date}. What {names['a']} and {names['b']} both say ({counts['both']}), what is contradicted "
        f"({counts['contradicted']}) or in tension ({counts['in_tension']}), and what only one side says "
        f"({counts['only_a'] + counts['only_b']})."
    )


def _list(data: SiteData) -> Iterator[Page]:
    entries = sorted(data.events.items(), key=lambda entry: (entry[1]["date"] or "", entry[0]))
    found = paginate(entries, lambda entry: 900 + 2 * encoded_length(entry[1]["title"]), budget=120_000)
    for leaf in found:
        shown = [
            {
                "name": name,
                "title": row["title"] or name,
                "kind": row["kind"] or "",
                "date": date_text(row["date"], row["date_precision"]),
                "accounts": len(data.of("accounts", "event_id", name)),
                "statements": len(data.event_statements(name)),
                "counts": data.comparisons[name].counts,
            }
            for name, row in leaf.items
        ]
        description = f"{counted(leaf.total, 'event')} of {data.corpus.name}, in the order of time."
        yield list_page("events", leaf, description, {"events": shown})
