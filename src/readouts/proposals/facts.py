"""Known facts about an article before it is read, from the annotations or the list of texts."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from readouts.annotations.tree import annotation_tree, read_file
from readouts.datapackage.errors import ReadoutsError
from readouts.proposals.registry import Registry, registry_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from readouts.annotations.records import Reading
    from readouts.annotations.tree import TreeFile

__all__ = ["EventFacts", "Facts", "Tree", "facts_of", "index_rows", "read_tree"]

_CARRIED = re.compile(r"(?P<issuer>.+?),? as carried by (?P<outlet>.+?)(?: \([^()]*\))?")
_DATED = re.compile(r"(?P<kind>[a-z]+)-(?P<who>.+)-(?P<date>\d{4}-\d{2}-\d{2})")


@dataclass(frozen=True, slots=True)
class EventFacts:
    """Known facts about an event.

    Attributes
    ----------
    accounts
        Ids of its accounts by the entity that issued them.
    principals
        Ids of the leaders who take part, side a's first.
    states
        Ids of what its sides stand for, side a's first.
    participants
        Ids of all who take part.
    sides
        The side of each account, by its id.
    """

    id: str
    kind: str
    date: str | None = None
    accounts: Mapping[str, str] = field(default_factory=dict)
    principals: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    participants: frozenset[str] = frozenset()
    sides: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Facts:
    """Known facts about an article.

    Attributes
    ----------
    issuer, account
        Entity and account that an official document speaks for.
    carries
        Ids of the accounts that it prints in full.
    """

    article: str
    kind: str
    language: str
    title: str
    event: EventFacts | None = None
    issuer: str | None = None
    account: str | None = None
    carries: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tree:
    """The annotations of a corpus, as far as proposals need them."""

    folder: Path
    registry: Registry
    events: Mapping[str, EventFacts]
    articles: Mapping[str, TreeFile]
    event_files: Mapping[str, TreeFile]


def read_tree(annotations: Path) -> Tree:
    """Read the registry and the events of a tree of annotations; `validate` reports their errors."""
    files = annotation_tree(annotations)[0]
    registry = next((registry_of(read_file(file)) for file in files if file.kind == "entities"), Registry())
    event_files = {file.id: file for file in files if file.kind == "event"}
    events = {name: _event_facts(name, read_file(file)) for name, file in event_files.items()}
    articles = {file.id: file for file in files if file.kind == "article"}
    return Tree(annotations, registry, events, articles, event_files)


def _event_facts(name: str, reading: Reading) -> EventFacts:
    cells = next((record.cells for record in reading.of("events")), {})
    parties = [record.cells for record in reading.of("participants")]
    parties.sort(key=lambda party: party.get("side") or "")
    issued = [record.cells for record in reading.of("accounts")]
    return EventFacts(
        name,
        cells.get("kind") or "",
        cells.get("date"),
        {each.get("issuer_id") or "": each.get("account_id") or "" for each in issued},
        tuple(each["entity_id"] or "" for each in parties if each.get("role") == "principal"),
        tuple(state for side in ("side_a_id", "side_b_id") if (state := cells.get(side)) is not None),
        frozenset(each["entity_id"] or "" for each in parties),
        {each.get("account_id") or "": each.get("side") or "" for each in issued},
    )


def facts_of(article: str, reading: Reading, tree: Tree, event: str | None = None) -> Facts:
    """Return the facts in an article's file.

    Parameters
    ----------
    article
        Its id.
    reading
        Its file, read.
    tree
        The annotations.
    event
        The event, where the file itself names none: else that of its statements, or of the account that it carries.

    Raises
    ------
    ReadoutsError
        The file can't be read as far as the article itself.
    """
    cells = next((record.cells for record in reading.of("articles")), None)
    if cells is None:
        reason = next((f" {each.message}" for each in reading.incidents), "")
        message = f"The file of {article} can't be read as an article.{reason}"
        raise ReadoutsError(message)
    carried = [record.cells for record in reading.of("carriages")]
    named = Counter(record.cells.get("event_id") for record in reading.of("statements"))
    of_account = {account: each.id for each in tree.events.values() for account in each.accounts.values()}
    candidates = [
        event,
        *(name for name, _ in named.most_common()),
        *(of_account.get(each.get("account_id") or "") for each in carried),
    ]
    found = next((tree.events[name] for name in candidates if name is not None and name in tree.events), None)
    issuers = {account: issuer for issuer, account in ({} if found is None else found.accounts).items()}
    full = tuple(
        each.get("account_id") or "" for each in carried if each.get("completeness") in {"verbatim", "excerpt"}
    )
    kind = cells.get("kind") or ""
    official = kind == "readout" or (kind == "repost" and len(full) == 1)
    own = next((account for account in full if account in issuers), None) if official else None
    return Facts(
        article,
        kind,
        cells.get("language") or "",
        cells.get("title") or "",
        found,
        None if own is None else issuers[own],
        own,
        full,
    )


def index_rows(texts: Path) -> dict[str, dict[str, str]]:
    """Return the rows of the list of texts, `index.csv` in their folder, by article; none where there is no list."""
    path = texts / "index.csv"
    if not path.is_file():
        return {}
    rows = csv.DictReader(io.StringIO(path.read_text("utf-8-sig")))
    return {row["article_id"]: row for row in rows if row.get("article_id")}


def issuer_and_outlet(words: str) -> tuple[str, str | None]:
    """Return the issuer that a list of texts names, and the outlet that carries it, if one does.

    Examples
    --------
    >>> issuer_and_outlet("Government of Veldania, as carried by VTV (Evening News)")
    ('Government of Veldania', 'VTV')
    """
    match = _CARRIED.fullmatch(words)
    return (words, None) if match is None else (match["issuer"], match["outlet"])


def entity_named(name: str | None, registry: Registry) -> str | None:
    """Return the id of the entity that has a name, an alias or an id, regardless of case."""
    wanted = (name or "").casefold()
    found = [each.id for each in registry.entities.values() if wanted in {each.id, *map(str.casefold, each.names)}]
    return found[0] if wanted and len(found) == 1 else None


def event_named(
    event: str, rows: Mapping[str, Mapping[str, str]], registry: Registry, known: Mapping[str, EventFacts]
) -> EventFacts | None:
    """Return the facts in an event's id, the list of texts and known events; None where a file needs more.

    An id such as `call-marek-ostrova-2031-05-01` names the kind, the leaders and the day.
    """
    match = _DATED.fullmatch(event)
    if match is None:
        return None
    people = [_person(word, registry) for word in match["who"].split("-")]
    principals = [person for person in people if person is not None]
    states = {person: _state(person, registry) for person in principals}
    if len(principals) != 2 or len(principals) != len(people) or None in states.values():
        return None
    issued: dict[str, tuple[str, str]] = {}
    for row in rows.values():
        issuer = entity_named(issuer_and_outlet(row.get("issuer") or "")[0], registry)
        if row.get("event") == event and row.get("kind") != "press" and issuer is not None:
            issued.setdefault(issuer, (row.get("published_on") or "", row.get("language") or ""))

    def first(person: str) -> tuple[str, str]:
        days = [day for issuer, (day, _) in issued.items() if _state(issuer, registry) == states[person]]
        return min(days, default="9999"), registry.entities[states[person] or ""].name

    principals.sort(key=first)
    earlier = [each.states for each in known.values() if set(each.states) == set(states.values())]
    if earlier:
        # Two states keep their sides in all events of a corpus (6.8).
        principals.sort(key=lambda person: earlier[0].index(states[person] or ""))
    accounts = {issuer: f"{issuer}-{day}" for issuer, (day, _) in issued.items() if day}
    ordered = tuple(states[person] or "" for person in principals)
    facts = EventFacts(event, match["kind"], match["date"], accounts, tuple(principals), ordered)
    return replace(facts, participants=frozenset(principals))


def _person(word: str, registry: Registry) -> str | None:
    """Return the one person whose name has a word."""
    persons = [each for each in registry.entities.values() if each.kind == "person"]
    found = [each.id for each in persons if word in each.id.split("-")]
    return found[0] if len(found) == 1 else None


def _state(entity: str, registry: Registry) -> str | None:
    """Return the state of an entity's country."""
    home = registry.homes.get(entity)
    states = [each.id for each in registry.entities.values() if each.kind == "state"]
    return next((state for state in states if home is not None and registry.homes.get(state) == home), None)
