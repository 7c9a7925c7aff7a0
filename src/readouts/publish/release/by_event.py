"""A large difference for the changelog: by event, in sentences, with corrections by document."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from readouts.corpus_schema.tables import tables
from readouts.datapackage.versioning import RULES
from readouts.datapackage.words import counted, joined, listed
from readouts.publish.release.markup import code, count, plain
from readouts.publish.site.labels import date_text
from readouts.publish.words import language_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from readouts.datapackage.difference.result import Change, TableDiff
    from readouts.datapackage.package.package import DataPackage

__all__ = ["by_event", "by_rule"]

Row = dict[str, str]
_TABLES = (
    "articles", "statements", "entities", "events", "accounts", "carriages", "alignments", "spans", "relations",
)  # fmt: skip
_NEW = ("articles", "events", "accounts", "statements", "relations", "alignments", "entities")
"""Tables whose new rows the first sentence counts."""
_MOST_PLACES = 12
_REGISTRY = ("entities", "")


class _Corpus:
    """The rows of both packages: of a row that is in both, the new one."""

    def __init__(self, changed: Iterable[TableDiff], old: DataPackage, new: DataPackage) -> None:
        self._packages = (old, new)
        self.changed = {table.name: table for table in changed}
        self.added = {name: {row.key for row in table.added} for name, table in self.changed.items()}

    @cached_property
    def rows(self) -> dict[str, dict[tuple[str, ...], Row]]:
        """The rows of each table by key."""
        return {name: {**_rows(self._packages[0], name), **_rows(self._packages[1], name)} for name in _TABLES}

    def row(self, table: str, *key: str) -> Row:
        """Return a row; an empty one if there is none."""
        return self.rows[table].get(key, {})

    def new(self, table: str) -> Iterator[Row]:
        """Yield the rows of a table that are new, by key."""
        return (self.row(table, *key) for key in sorted(self.added.get(table, ())))

    def name(self, entity: str) -> str:
        """Return what an entity is called."""
        return plain(self.row("entities", entity).get("name") or entity)

    def languages(self, account: Row) -> list[str]:
        """Return the languages in which documents print an account; without any, that of its original."""
        carrying = (
            row["article_id"] for row in self.rows["carriages"].values() if row["account_id"] == account["account_id"]
        )
        articles = [self.row("articles", article) for article in carrying]
        tags = {row["language"] for row in articles if row and row["kind"] != "press"} or {account["original_language"]}
        return sorted({language_name(tag) for tag in tags})

    @cached_property
    def issued(self) -> dict[str, list[Row]]:
        """The new accounts by event, side a first."""
        found = defaultdict(list)
        for row in sorted(self.new("accounts"), key=lambda row: (row["side"], row["account_id"])):
            found[row["event_id"]].append(row)
        return found

    @cached_property
    def carried(self) -> dict[str, set[str]]:
        """The articles that carry an account of each event."""
        found = defaultdict(set)
        for row in self.rows["carriages"].values():
            found[self.row("accounts", row["account_id"]).get("event_id", "")].add(row["article_id"])
        return found

    @cached_property
    def said(self) -> dict[str, Counter[str]]:
        """How many statements about each event are new, by article."""
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for row in self.new("statements"):
            found[row["event_id"]][row["article_id"]] += 1
        return found

    @cached_property
    def compared(self) -> Counter[str]:
        """How many alignments of the two sides of each event are new."""
        return Counter(self.event_of(row) for row in self.new("alignments") if row["scope"] == "cross_side")

    @cached_property
    def claims(self) -> dict[str, Counter[str]]:
        """How many claims of each event are in each group."""
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for row in _rows(self._packages[1], "claims").values():
            found[row["event_id"]][row["claim_id"]] = row["group"]
        return {event: Counter(groups.values()) for event, groups in found.items()}

    def event_of(self, alignment: Row) -> str:
        """Return the event of an alignment."""
        return self.row("statements", alignment["statement_a"]).get("event_id", "")

    def owner(self, table: str, key: tuple[str, ...]) -> tuple[str, str]:
        """Return the article or event that a row belongs to, as table and id; else the registry of entities."""
        row = self.rows.get(table, {}).get(key) or dict(zip(tables()[table].primary_key, key, strict=False))
        if statement := row.get("statement_id"):
            row = {"article_id": self.row("statements", statement).get("article_id", ""), **row}
        if "statement_a" in row:
            return "events", self.event_of(row)
        for owner, column in (("articles", "article_id"), ("events", "event_id")):
            if row.get(column):
                return owner, row[column]
        return _REGISTRY


def _rows(package: DataPackage, name: str) -> dict[tuple[str, ...], Row]:
    if name not in package.resources:
        return {}
    key = tables()[name].primary_key
    read = [{column: value or "" for column, value in row.items()} for row in package.rows(name)]
    return {tuple(row.get(column, "") for column in key): row for row in read}


def by_event(changed: Iterable[TableDiff], old: DataPackage, new: DataPackage) -> dict[str, list[str]]:
    """Return what is new by event, and what is corrected by document, as lines of Markdown under their headings."""
    corpus = _Corpus(changed, old, new)
    return {
        "Added": [*_summary(corpus), *_events(corpus), *_others(corpus), *_entities(corpus)],
        "Corrected": list(_corrected(corpus)),
    }


def by_rule(changes: Iterable[Change]) -> Iterator[str]:
    """Yield what changed in the form of the tables and the package, each kind of change with its places."""
    places: dict[str, dict[str, None]] = defaultdict(dict)
    for change in changes:
        place = change.field or ("" if change.table and change.what in {"resources", "fields"} else change.what)
        places[change.rule][".".join(filter(None, [change.table, place]))] = None
    for rule, found in places.items():
        title = RULES[rule].title
        named = listed([code(place) for place in found if place], most=_MOST_PLACES)
        yield f"- {title[0].upper()}{title[1:]}{f': {named}' if named else ''}."


def _summary(corpus: _Corpus) -> Iterator[str]:
    """Yield a sentence with the number of new rows, and the line that parts it from the list."""
    counts = [count(len(corpus.added[name]), name) for name in _NEW if corpus.added.get(name)]
    if counts:
        yield f"{joined(counts)} {'is' if len(counts) == 1 and counts[0].startswith('1 ') else 'are'} new."
        yield ""


def _events(corpus: _Corpus) -> Iterator[str]:
    """Yield each event with new accounts or coverage of one, by date."""
    carrying = {event for event in corpus.carried if event}
    events = (carrying & {*corpus.said, *corpus.compared}) | corpus.issued.keys()
    for event in sorted(events, key=lambda event: (corpus.row("events", event).get("date", ""), event)):
        sentences = [*_accounts(corpus, event), *_coverage(corpus, event), *_statements(corpus, event)]
        yield f"- {_title(corpus, event)} {' '.join(sentences)}"


def _title(corpus: _Corpus, event: str) -> str:
    row = corpus.row("events", event)
    title = plain(row.get("title") or event)
    date = date_text(row.get("date") or None, row.get("date_precision") or None)
    return f"**{title}**." if not date or date[-4:] in title else f"**{title}** ({date})."


def _accounts(corpus: _Corpus, event: str) -> Iterator[str]:
    accounts = corpus.issued.get(event, [])
    if accounts:
        named = [f"{corpus.name(row['issuer_id'])} ({joined(corpus.languages(row))})" for row in accounts]
        yield f"{'Account' if len(named) == 1 else 'Accounts'} by {joined(list(dict.fromkeys(named)))}."


def _coverage(corpus: _Corpus, event: str) -> Iterator[str]:
    """Yield who prints the accounts of an event as they are, and who reports on it."""
    outlets: dict[str, list[str]] = {"repost": [], "press": []}
    for row in corpus.new("articles"):
        if row["article_id"] in corpus.said.get(event, {}) and row["kind"] in outlets:
            outlet = corpus.name(row["outlet_id"]) if row["outlet_id"] else plain(row["title"])
            outlets[row["kind"]].append(f"{outlet} ({language_name(row['language'])})")
    for kind, verb in (("repost", "Reposted"), ("press", "Covered")):
        if outlets[kind]:
            yield f"{verb} by {joined(list(dict.fromkeys(outlets[kind])))}."


def _statements(corpus: _Corpus, event: str) -> Iterator[str]:
    """Yield how many statements an event has, and how its sides compare."""
    said, compared = corpus.said.get(event, Counter[str]()).total(), corpus.compared[event]
    if said:
        older = (event,) not in corpus.added.get("events", ())
        parts = [f"{count(said, 'statements')}{' more' if older else ''} {'is' if said == 1 else 'are'} annotated"]
    else:
        parts = []
    if compared:
        verb = "compares" if compared == 1 else "compare"
        parts.append(f"{count(compared, 'alignments')} {verb} the two sides")
    if parts:
        yield f"{', and '.join(parts)}."
    if compared:
        groups = corpus.claims.get(event, Counter[str]())
        contradicted, tense = (_number_of(groups[group]) for group in ("contradicted", "in_tension"))
        yield f"Of their claims, {contradicted} contradicted and {tense} in tension."


def _number_of(claims: int) -> str:
    return f"{claims:,} {'is' if claims == 1 else 'are'}" if claims else "none is"


def _others(corpus: _Corpus) -> Iterator[str]:
    """Yield what is new of events that no account is of."""
    told = {event for event in corpus.carried if event} | corpus.issued.keys()
    said = {event: articles.total() for event, articles in corpus.said.items() if event not in told}
    general = said.pop("", 0)
    spoken_of = [key for key in corpus.added.get("events", ()) if key[0] not in told]
    if said:
        about = count(len(said), "events")
        yield f"- {count(sum(said.values()), 'statements')} about {about} without an account."
    if general:
        yield f"- {count(general, 'statements')} about no event."
    if spoken_of:
        yield f"- {count(len(spoken_of), 'events')} of which documents speak, without an account."


def _entities(corpus: _Corpus) -> Iterator[str]:
    kinds = Counter(row["kind"] for row in corpus.new("entities"))
    if kinds:
        yield f"- {count(kinds.total(), 'entities')}: {joined([counted(kinds[kind], kind) for kind in sorted(kinds)])}."


def _corrected(corpus: _Corpus) -> Iterator[str]:
    """Yield the corrections of older rows by document or event: how many values of which columns."""
    found: dict[tuple[str, str], dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    rows: dict[tuple[tuple[str, str], str], set[tuple[str, ...]]] = defaultdict(set)
    for name, table in corpus.changed.items():
        for cell in table.cells:
            owner = corpus.owner(name, cell.key)
            found[owner][name][cell.field] += 1
            rows[owner, name].add(cell.key)
    for owner in sorted(found):
        said = []
        for name, fields in sorted(found[owner].items()):
            number = len(rows[owner, name])
            said.append(f"{count(number, name)} ({_fields(fields, number)})")
        yield f"- {_owner(corpus, *owner)}: {joined(said)}."


def _owner(corpus: _Corpus, table: str, identifier: str) -> str:
    if (table, identifier) == _REGISTRY:
        return "The registry of entities"
    title = corpus.row(table, identifier).get("title")
    return f"{plain(title)} ({code(identifier)})" if title else code(identifier)


def _fields(fields: Mapping[str, int], rows: int) -> str:
    """Return which columns of so many rows were corrected, and in how many of them where not in all."""
    return ", ".join(
        code(name) if number == rows else f"{code(name)} of {number:,}" for name, number in sorted(fields.items())
    )
