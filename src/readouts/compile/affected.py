"""Which rows a change can have brought to break a rule, so that the others needn't be looked at again.

Rules join rows by ids. Within an article they join whatever its file gives. Beyond it they look up what the file refers
to: rows of the registry, and now and then statements of another article. So a row of an unchanged file can begin to
break a rule only when the file refers to something that changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from readouts.compile.compiler import Compilation

__all__ = ["REGISTRY", "suspects"]

REGISTRY = frozenset(["entities", "events", "participants", "accounts", "alignments", "id_changes"])
"""Tables that are small, and always looked at as a whole."""
_MANY = 500
"""How many articles are checked together at most, besides those that they belong with."""

_OF_ARTICLES = ("articles", "statements", "relations")
"""The tables whose ids articles define."""

Id = tuple[str, str]


def _changes(compilation: Compilation) -> tuple[set[str], dict[str, set[str]]]:
    """Return the files that changed since the rules were last kept, and the ids whose rows did, by table."""
    files: set[str] = set()
    ids: dict[str, set[str]] = {}
    for name, table, first in compilation.store.unjudged():
        files.add(name)
        file, fragment = compilation.files.get(name), compilation.fragments.get(name)
        if table == "relations" and file is not None and file.kind == "entities":
            # A speaker may stand for a party through them, and no article names them.
            files.update(compilation.fragments)
        if table == "participants" and file is not None:
            ids.setdefault("events", set()).add(file.id)
        elif table:
            ids.setdefault(table, set()).add(first)
        if fragment is not None and (not table or file is None or file.kind == "article"):
            for target, values in fragment.ids.items():
                ids.setdefault(target, set()).update(values)
    return files, ids


def suspects(compilation: Compilation) -> Iterator[tuple[list[str], set[str] | None]]:
    """Yield the names of article files whose rows must be checked against the rules, in lots to be judged one by one.

    The registry goes with every lot as a whole. Where only it changed, there is one lot, which may be empty; where
    nothing did, there is none.

    Yields
    ------
    tuple
        The names, and the tables of which a rule must read one to be broken there; None where any rule may be.
    """
    changed, ids = _changes(compilation)
    if not changed:
        return
    fragments = compilation.fragments
    every = changed.issuperset(fragments)

    def refers(name: str, tables: Iterable[str]) -> bool:
        wanted = fragments[name].references
        return any(not ids[table].isdisjoint(wanted.get(table, ())) for table in tables)

    found = {name for name in fragments if every or name in changed or refers(name, ids)}
    # Accounts and participants say on which side a statement is, and alignments of any file read that.
    sides = ids.keys() & {"accounts", "events"}
    sided = {value for name in found if refers(name, sides) for value in fragments[name].ids.get("statements", ())}
    found |= {name for name in fragments if not sided.isdisjoint(fragments[name].references.get("statements", ()))}
    names = sorted(found)
    articles = [name for name in names if compilation.files[name].kind == "article"]
    others = [name for name in names if compilation.files[name].kind != "article"]
    home = _homes(compilation, names)
    seen: list[set[str]] = []
    for group in (articles, others):
        for start in range(0, len(group), _MANY):
            chunk = group[start : start + _MANY]
            lot = {name for name in chunk if group is articles}
            for place in _elsewhere(compilation, chunk):
                lot.add(home[place])
            if lot and not any(map(lot.issubset, seen)):
                seen.append(lot)
                # What only rows of articles can break shows in the lots of the articles.
                yield sorted(lot), None if group is articles else {*REGISTRY, "relations"}
    if not seen:
        yield [], None


def _elsewhere(compilation: Compilation, names: Iterable[str]) -> Iterator[Id]:
    """Yield the ids that articles define and files refer to."""
    for name in names:
        references = compilation.fragments[name].references
        for table in _OF_ARTICLES:
            for value in references.get(table, ()):
                yield table, value


def _homes(compilation: Compilation, names: Iterable[str]) -> dict[Id, str]:
    """Return the articles that define what files refer to."""
    wanted = set(_elsewhere(compilation, names))
    home: dict[Id, str] = {}
    for name, fragment in compilation.fragments.items() if wanted else ():
        for table in _OF_ARTICLES:
            home.update(((table, value), name) for value in fragment.ids.get(table, ()) if (table, value) in wanted)
    return home
