"""What something is called: an id, or any name that leads to one id alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from readouts.datapackage.errors import UnknownIdError
from readouts.datapackage.suggest import did_you_mean, looks_of
from readouts.datapackage.words import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    Rows = Callable[[str], Sequence[Mapping[str, str | None]]]

__all__ = ["chosen", "id_of"]

_MOST = 6
"""How many things of one name a message lists."""
_NAMED = {
    "entity": ("entities", "entity_id", ("name", "aliases")),
    "event": ("events", "event_id", ("title",)),
    "article": ("articles", "article_id", ("title",)),
    "statement": ("statements", "statement_id", ()),
}
"""The table that has things of a kind, and its columns with their ids and their names."""


def id_of(kind: Literal["entity", "event", "article", "statement"], wanted: str, rows: Rows) -> str:
    """Return the id of what is asked for by its id, its name, an alias or its title, in upper or lower case.

    Parameters
    ----------
    kind
        What it is.
    wanted
        What it is called.
    rows
        Gives the rows of a table by its name, such as `corpus.texts`.

    Raises
    ------
    UnknownIdError
        Nothing, or more than one thing, is called that.

    Examples
    --------
    >>> import readouts
    >>> rows = readouts.load().texts
    >>> id_of("entity", "putin", rows), id_of("event", "Call between Obama and Putin, 6 March 2014", rows)
    ('vladimir-putin', 'call-2014-03-06')
    """
    table, key, columns = _NAMED[kind]
    known = {row[key] or "": [row.get(column) or "" for column in columns] for row in rows(table)}
    if kind == "entity":
        known = {name: [each for text in called for each in text.split("|")] for name, called in known.items()}
    return chosen(wanted, kind, known)


def chosen(wanted: str, what: str, known: Mapping[str, Iterable[str]], where: str = "The corpus") -> str:
    """Return the id of what is asked for by its id or one of its names.

    Parameters
    ----------
    wanted
        What it is called.
    what
        What it is, for the message.
    known
        The names of each id.
    where
        Where it is looked for, for the message.

    Raises
    ------
    UnknownIdError
        Nothing, or more than one thing, is called that; the message lists those, or the nearest name.

    Examples
    --------
    >>> known = {"jana-marek": ["Jana Marek", "Marek"], "tom-marek": ["Tom Marek", "Marek"]}
    >>> chosen("jana marek", "entity", known)
    'jana-marek'
    >>> chosen("Marek", "entity", known)
    Traceback (most recent call last):
    readouts.datapackage.errors.UnknownIdError: The corpus has more than one entity named 'Marek': \
'jana-marek' (Jana Marek), 'tom-marek' (Tom Marek). Give one of these ids.
    """
    if wanted in known:
        return wanted
    names = {each: [name for name in called if name] for each, called in known.items()}
    plain = _plain(wanted)
    found = [each for each, called in names.items() if plain and plain in map(_plain, called)]
    if len(found) == 1:
        return found[0]
    if found:
        message = f"{where} has more than one {what} named '{wanted}': {_listed(found, names)}. Give one of these ids."
        raise UnknownIdError(message)
    message = f"{where} has no {what} '{wanted}'. {_hint(wanted, names)}"
    raise UnknownIdError(message)


def _hint(wanted: str, names: Mapping[str, list[str]]) -> str:
    """Return a sentence on what may be meant: those whose name has every word of it, else the nearest id or name."""
    words = set(_plain(wanted).split())
    having = [
        each for each, called in names.items() if any(words and words <= {*_plain(name).split()} for name in called)
    ]
    if 0 < len(having) <= _MOST:
        return f"Did you mean {_listed(having, names, ' or ')}?"
    called = {name for each in names.values() for name in each}
    sentence = did_you_mean(wanted, {*names, *called} if called else names)
    # Without a likeness, ids are listed: they say more in less room.
    return sentence if sentence.startswith("Did") else did_you_mean(wanted, names)


def _listed(ids: Iterable[str], names: Mapping[str, list[str]], between: str = ", ") -> str:
    """Return ids with the first name of each, as many as a message has room for."""
    each = [printable(f"'{name}' ({names[name][0]})") for name in ids]
    return between.join(each[:_MOST]) + (f" and {len(each) - _MOST} more" if len(each) > _MOST else "")


def _plain(text: str) -> str:
    """Return a text as it is compared: without what can't be seen, in one case, with single blanks."""
    return " ".join(looks_of(text).casefold().replace(",", " ").split())
