"""The data of a site: one release, read once, and lookups over its rows."""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from readouts.analysis.comparison import all_voices, compare
from readouts.analysis.sides import Parties, addressees_of, grouped
from readouts.loaders.registry import known_releases

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from readouts.analysis.comparison import Comparison, Voice
    from readouts.datapackage.package.package import DataPackage, Row
    from readouts.loaders import Corpus
    from readouts.loaders.registry import Release

__all__ = ["KEYS", "SiteData", "Span"]

KEYS = {
    "events": "event_id",
    "statements": "statement_id",
    "entities": "entity_id",
    "articles": "article_id",
    "accounts": "account_id",
    "alignments": "alignment_id",
    "relations": "relation_id",
}
LARGE = frozenset({"spans", "statements_wide"})
"""Tables that take as much memory as all others together, and that pages go through once or twice."""
LANGUAGE = "en"
"""Of the pages."""
_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,6}", re.ASCII)
REGIONS = frozenset({"headline", "caption", "boilerplate"})


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of an article, as far as pages show it: a row of `spans` without its fingerprints."""

    id: str
    role: str
    start: int
    end: int
    depth: str
    text: str


@dataclass(frozen=True, slots=True)
class _Spans:
    """The spans of each statement, the regions and the mentions of each article."""

    statements: Mapping[str, Sequence[Span]]
    regions: Mapping[str, Sequence[Span]]
    mentions: Mapping[str, Sequence[tuple[int, int, str]]]


class SiteData:
    """The rows of one release, and lookups over them: each is made when it is first needed, and then kept.

    Parameters
    ----------
    corpus
        The corpus; with quotations, if the site is to show them.
    """

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self._by_id: dict[str, dict[str, Row]] = {}
        self._groups: dict[tuple[str, str], dict[str, list[Row]]] = {}

    @property
    def package(self) -> DataPackage:
        """The package on disk, without quotations."""
        return self.corpus.package

    @property
    def quoted(self) -> bool:
        """Whether the pages hold text of articles, and so must not be published."""
        return bool(self.corpus.hydration)

    def rows(self, table: str) -> list[Row]:
        """Return the rows of a table, as texts; none where the package has no such table."""
        return self.corpus.texts(table) if table in self.corpus.tables else []

    def each_row(self, table: str) -> Iterator[Row]:
        """Yield the rows of a table, to go through them once: a large one isn't kept in memory."""
        if table in LARGE and table in self.corpus.tables and not self.quoted:
            return self.package.each_row(table)
        return iter(self.rows(table))

    def count(self, table: str) -> int:
        """Return how many rows a table has."""
        resource = self.package.resources.get(table)
        count = None if resource is None else resource.descriptor.get("rowCount")
        return count if isinstance(count, int) else len(self.rows(table))

    def by_id(self, table: str) -> Mapping[str, Row]:
        """Return the rows of a table by their id, in the order of the table."""
        if table not in self._by_id:
            self._by_id[table] = {row[KEYS[table]] or "": row for row in self.rows(table)}
        return self._by_id[table]

    @property
    def events(self) -> Mapping[str, Row]:
        """The events by their ids."""
        return self.by_id("events")

    @property
    def statements(self) -> Mapping[str, Row]:
        """The statements by their ids."""
        return self.by_id("statements")

    @property
    def entities(self) -> Mapping[str, Row]:
        """The entities by their ids."""
        return self.by_id("entities")

    @property
    def articles(self) -> Mapping[str, Row]:
        """The articles by their ids."""
        return self.by_id("articles")

    def of(self, table: str, column: str, value: str) -> Sequence[Row]:
        """Return the rows of a table that have a value in a column."""
        key = table, column
        if key not in self._groups:
            self._groups[key] = grouped(self.rows(table), column)
        return self._groups[key].get(value, ())

    def name(self, entity: str | None) -> str:
        """Return what an entity is called; its id where it has no name."""
        row = self.entities.get(entity or "", {})
        return row.get("name") or entity or ""

    def outlet(self, article: str | None) -> str:
        """Return who published an article; its title where that isn't known."""
        row = self.articles.get(article or "", {})
        return self.name(row.get("outlet_id")) or row.get("title") or article or ""

    def language(self, article: str | None) -> str:
        """Return the language of an article, where it differs from that of the pages and is a tag that HTML knows."""
        found = self.articles.get(article or "", {}).get("language") or ""
        return found if found != LANGUAGE and _TAG.fullmatch(found) else ""

    @cached_property
    def voices(self) -> Mapping[str, Voice]:
        """Every statement with its side and its chain as text, by its id."""
        return {voice.statement_id: voice for voice in all_voices(self.corpus.texts)}

    @cached_property
    def through_accounts(self) -> Mapping[str, frozenset[str]]:
        """Ids of the statements whose outermost source speaks through an account of an event, by event."""
        events = {name: row["event_id"] or "" for name, row in self.by_id("accounts").items()}
        found: dict[str, set[str]] = defaultdict(set)
        for step in self.rows("attributions"):
            if step["account_id"] in events and step["depth"] == "0":
                found[events[step["account_id"] or ""]].add(step["statement_id"] or "")
        return {event: frozenset(names) for event, names in found.items()}

    def event_statements(self, event: str) -> list[Row]:
        """Return the statements that speak of an event or come through one of its accounts, by their ids."""
        names = {row["statement_id"] or "" for row in self.of("statements", "event_id", event)}
        names |= self.through_accounts.get(event, frozenset())
        return [self.statements[name] for name in sorted(names) if name in self.statements]

    def event_carriages(self, event: str) -> list[Row]:
        """Return how articles carry the accounts of an event."""
        accounts = [row["account_id"] or "" for row in self.of("accounts", "event_id", event)]
        return [row for account in accounts for row in self.of("carriages", "account_id", account)]

    @cached_property
    def parties(self) -> Parties:
        """Whom the statements come from, and what the sides of events are called."""
        return Parties.of(self.rows)

    @cached_property
    def addressees(self) -> Mapping[str, tuple[str, ...]]:
        """To whom each statement was said, by its id."""
        return addressees_of(self.rows("statements"), self.rows("addressees"))

    @cached_property
    def addressed(self) -> Mapping[str, Sequence[str]]:
        """The statements that were said to each entity."""
        found: dict[str, list[str]] = defaultdict(list)
        for name, entities in self.addressees.items():
            for entity in entities:
                found[entity].append(name)
        return found

    @cached_property
    def comparisons(self) -> Mapping[str, Comparison]:
        """The accounts of each event, side by side."""
        return {event: self._comparison(event) for event in self.events}

    def _comparison(self, event: str) -> Comparison:
        """Compare the accounts of one event, over the rows that bear on it: the whole tables would take minutes."""
        statements = self.event_statements(event)
        names = [row["statement_id"] or "" for row in statements]
        kept: dict[str, Sequence[Row]] = {
            "statements": statements,
            "attributions": [step for name in names for step in self.of("attributions", "statement_id", name)],
            "alignments": [row for name in names for row in self.of("alignments", "statement_a", name)],
        }
        articles = sorted({row["article_id"] or "" for row in statements})
        carried = [
            *self.event_carriages(event),
            *(row for name in articles for row in self.of("carriages", "article_id", name)),
        ]
        kept["carriages"] = list({(row["account_id"], row["article_id"]): row for row in carried}.values())
        kept["articles"] = [self.articles[name] for name in articles if name in self.articles]
        return compare(event, kept.__getitem__, self.parties)

    @cached_property
    def _spans(self) -> _Spans:
        """What spans tell, read in one go: the table is the largest."""
        statements: dict[str, list[Span]] = defaultdict(list)
        regions: dict[str, list[Span]] = defaultdict(list)
        mentions: dict[str, set[tuple[int, int, str]]] = defaultdict(set)
        for row in self.each_row("spans"):
            role, article = sys.intern(row["role"] or ""), row["article_id"] or ""
            start, end = int(row["start"] or 0), int(row["end"] or 0)
            if role == "mention" and row["entity_id"]:
                mentions[article].add((start, end, sys.intern(row["entity_id"])))
            elif row["statement_id"] is not None or role in REGIONS:
                text = " ".join((row.get("text") or "").split())
                span = Span(row["span_id"] or "", role, start, end, sys.intern(row["depth"] or ""), text)
                if row["statement_id"] is not None:
                    statements[row["statement_id"]].append(span)
                else:
                    regions[article].append(span)
        return _Spans(statements, regions, {article: sorted(places) for article, places in mentions.items()})

    def evidence(self, statement: str) -> Sequence[Span]:
        """Return the spans of a statement: the content, the named sources, and the cue."""
        return self._spans.statements.get(statement, ())

    def regions(self, article: str) -> Sequence[Span]:
        """Return the headlines, captions and furniture of an article."""
        return self._spans.regions.get(article, ())

    @property
    def mentions(self) -> Mapping[str, Sequence[tuple[int, int, str]]]:
        """Where each article names whom: start, end and entity, in the order of the text."""
        return self._spans.mentions

    @cached_property
    def _naming(self) -> dict[str, Counter[str]]:
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for article, named in self.mentions.items():
            for _, _, entity in named:
                found[entity][article] += 1
        return found

    def naming(self, entity: str) -> Counter[str]:
        """Return how often which articles name an entity."""
        return self._naming.get(entity, Counter())

    @cached_property
    def releases(self) -> Mapping[str, Release]:
        """The releases that lie next to the package, in `releases/`, by version, the oldest first."""
        return known_releases(self.package.root / "releases")
