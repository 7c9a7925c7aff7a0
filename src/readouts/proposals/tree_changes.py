"""Changes that a proposal makes to the annotations around its article: events and articles from the list of texts."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from readouts.annotations.nodes import Mapping, Scalar, decode, parse
from readouts.annotations.scaffold import new_article
from readouts.annotations.values import double_quoted
from readouts.datapackage.errors import ReadoutsError
from readouts.datapackage.package.transaction import replace_file
from readouts.datapackage.suggest import did_you_mean
from readouts.datapackage.words import counted
from readouts.proposals.facts import (
    entity_named,
    event_named,
    issuer_and_outlet,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from readouts.proposals.facts import EventFacts, Tree

__all__ = ["MAKER", "new_article_of", "new_event_of", "without_alignments"]

MAKER = "readouts-propose"
"""The value of `made_by` for a proposed annotation."""


def new_event_of(article: str, tree: Tree, rows: dict[str, dict[str, str]], notes: list[str]) -> str | None:
    """Write the file of the event that the list of texts names for an article, where there is none."""
    event = (rows.get(article) or {}).get("event")
    if not event or event in tree.events or article in tree.articles:
        return None
    facts = event_named(event, rows, tree.registry, tree.events)
    if facts is None:
        kind = event.partition("-")[0]
        message = (
            f"The list of texts says that {article} is about '{event}', and events/{event}.yaml isn't there. What it "
            f"needs isn't known: run `readouts new event {event} --kind {kind}`, and give it its sides, "
            "participants and accounts."
        )
        raise ReadoutsError(message)
    path = tree.folder / "events" / f"{event}.yaml"
    path.parent.mkdir(exist_ok=True)
    replace_file(path, _event_text(facts, tree, rows).encode())
    notes.append(f"events/{event}.yaml was made from the list of texts. Check its sides, kind and languages.")
    return event


def _event_text(facts: EventFacts, tree: Tree, rows: dict[str, dict[str, str]]) -> str:
    entities = tree.registry.entities
    in_id = facts.id.split("-")
    names = [
        next(word for word in entities[person].name.split() if word.casefold() in in_id) for person in facts.principals
    ]
    held = date.fromisoformat(facts.date or "")
    title = f"{facts.kind.capitalize()} between {' and '.join(names)}, {held.day} {held:%B} {held.year}"
    lines = [f"kind: {facts.kind}\n", f"title: {double_quoted(title)}\n", f"date: {facts.date}\n"]
    lines += [
        "date_precision: day\n",
        *(f"side_{side}: {state}\n" for side, state in zip("ab", facts.states, strict=True)),
    ]
    lines.append("participants:\n")
    lines += [
        f"  {person}: {{role: principal, side: {side}}}\n" for person, side in zip(facts.principals, "ab", strict=True)
    ]
    lines.append("accounts:\n")
    for issuer, account in facts.accounts.items():
        home = tree.registry.homes.get(issuer)
        homes = [tree.registry.homes.get(state) for state in facts.states]
        side = "ab"[homes.index(home)] if home in homes else "third"
        day = account.removeprefix(f"{issuer}-")
        language = next(
            row.get("language") or "en"
            for row in rows.values()
            if row.get("event") == facts.id
            and entity_named(issuer_and_outlet(row.get("issuer") or "")[0], tree.registry) == issuer
        )
        cells = f"issuer: {issuer}, side: {side}, kind: readout, issued_on: {day}, original_language: {language}"
        lines.append(f"  {account}: {{{cells}}}\n")
    return "".join([*lines, f"made_by: {MAKER}\n", "review: machine\n"])


def new_article_of(article: str, tree: Tree, rows: dict[str, dict[str, str]], notes: list[str]) -> None:
    """Write the scaffold of an article that the list of texts describes."""
    row = rows.get(article)
    if row is None:
        message = (
            f"{tree.folder.name} has no article '{article}', and the list of texts doesn't have it either. "
            f"{did_you_mean(article, {*tree.articles, *rows})} Run `readouts new article {article}` first."
        )
        raise ReadoutsError(message)
    words, carrier = issuer_and_outlet(row.get("issuer") or "")
    issuer = entity_named(words, tree.registry)
    outlet = entity_named(carrier, tree.registry)
    kind = row.get("kind") or "readout"
    if kind == "press":
        outlet, issuer = entity_named(words, tree.registry), None
    elif carrier is not None:
        kind = "repost"
    if kind != "press" and issuer is None:
        message = (
            f"The issuer '{words}' of {article} is not an entity. Run `readouts new entity ID --name {words!r}` first."
        )
        raise ReadoutsError(message)
    event = tree.events.get(row.get("event") or "")
    values = {
        "title": row.get("title") or article,
        "kind": kind,
        "url": row.get("url") or "",
        "published_on": row.get("published_on") or "",
        "language": row.get("language") or "",
        "rights": row.get("rights") or "",
        "outlet": outlet or "",
        "event": "" if event is None else event.id,
    }
    path = new_article(tree.folder, article, **values)
    account = None if event is None or issuer is None else event.accounts.get(issuer)
    if account is not None:
        carried = f"carries:\n  {account}: {{completeness: verbatim, is_translation: false}}\n"
        scaffold = path.read_text("utf-8").replace("carries:\n", carried, 1)
        replace_file(path, scaffold.encode())
    elif kind != "press":
        notes.append(f"The event has no account of {issuer}: add it to its file, and to `carries` of the article.")
    notes.append(f"articles/{article}.yaml was made from the list of texts.")


def without_alignments(article: str, tree: Tree) -> Iterator[tuple[Path, bytes, str]]:
    """Yield the files of events without the alignments of an article's statements, and what was removed from each."""
    for event, file in sorted(tree.event_files.items()):
        source = decode(file.path, file.name)
        root = parse(source, file.name)
        node = root.items.get("alignments")
        if not isinstance(node, Mapping):
            continue
        named = [name for name, each in node.items.items() if _aligns(each, article)]
        if not named:
            continue
        starts = sorted(key.start for key in node.keys.values())
        whole = len(named) == len(node.items)
        for start in (
            [root.keys["alignments"].start]
            if whole
            else sorted((node.keys[name].start for name in named), reverse=True)
        ):
            following = None if whole else next((place for place in starts if place > start), None)
            end = _end_of(source, node.end) if following is None else source.rfind("\n", 0, following) + 1
            source = source[: source.rfind("\n", 0, start) + 1] + source[end:]
        note = f"events/{event}.yaml: {counted(len(named), 'alignment')} removed ({', '.join(named)})."
        yield file.path, source.encode(), note


def _end_of(source: str, place: int) -> int:
    """Return where the line ends that a node ends on."""
    place = len(source[:place].rstrip())
    end = source.find("\n", place)
    return len(source) if end < 0 else end + 1


def _aligns(node: object, article: str) -> bool:
    cells = node.items if isinstance(node, Mapping) else {}
    sides = (cells.get(side) for side in ("a", "b"))
    return any(isinstance(side, Scalar) and (side.value or "").startswith(f"{article}.") for side in sides)
