"""The index that the search page searches: scripts that a browser also loads from the local disk.

A browser that reads a site from disk neither fetches files nor loads modules, so the index is classic scripts, and only
those that a question needs are loaded: of the words, the file or two in whose range the question's words fall; of the
entries, those that are shown.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from readouts.datapackage.scripts import UNSPACED, UNSPACED_CHARACTER
from readouts.text.skeleton import skeleton

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["Entry", "File", "index_files", "words"]

FOLDER = "search"
MOST_BYTES = 200_000
"""Of a file of the index."""
_MOST_POSTINGS = 20_000
"""Of one word in one row; a word of more entries has several rows."""
_BETWEEN_WORDS = re.compile(r"[\W_]+")
_RUN = re.compile(f"{UNSPACED.pattern}|(?:(?!{UNSPACED_CHARACTER}).)+")
"""Words of scripts without spaces, and of others. `search.js` has the same."""
_STROKES = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"}
)
"""Letters that people type without their stroke, and that Unicode doesn't decompose. `search.js` has the same."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a search can find.

    Attributes
    ----------
    kind
        What it is, as the result says it.
    title, detail
        What the result shows.
    address
        Its page, from the root of the site.
    names
        What it is called: matches of these come first.
    text
        Further words that it is found by.
    """

    kind: str
    title: str
    detail: str
    address: str
    names: tuple[str, ...]
    text: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A file of the index: its path from the root of the site, and its text."""

    path: str
    text: str


def words(text: str) -> list[str]:
    """Return the words of a text as they are compared: without case, accents, strokes and punctuation.

    A script without spaces between words, such as Han, gives each pair of characters, and the last one, so that any
    part of a run is found by its own.

    Examples
    --------
    >>> words("Élysée: Łódź, Киев, ירושלים")
    ['elysee', 'lodz', 'киев', 'ירושלים']
    >>> words("马雷克 Marek")
    ['马雷', '雷克', '克', 'marek']
    """
    if not text.isascii():
        # A mark that stands alone is part of the word before it; `\W` would take it for its end.
        text = "".join(character for character in text if not unicodedata.category(character).startswith("M"))
    folded = (_folded(part) for part in _BETWEEN_WORDS.split(text))
    return [word for part in folded for run in _RUN.findall(part) for word in _pairs(run)]


def _pairs(run: str) -> Iterable[str]:
    return (run[place : place + 2] for place in range(len(run))) if UNSPACED.match(run) else (run,)


@lru_cache(maxsize=50_000)
def _folded(part: str) -> str:
    return skeleton(part).lower().translate(_STROKES)


def _coded(numbers: Sequence[int]) -> str:
    """Return rising numbers as their differences, in base 36: most are short then."""
    before = 0
    parts = []
    for number in numbers:
        parts.append(_base36(number - before))
        before = number
    return " ".join(parts)


def _base36(number: int) -> str:
    if number < 36:
        return "0123456789abcdefghijklmnopqrstuvwxyz"[number]
    head, tail = divmod(number, 36)
    return _base36(head) + _base36(tail)


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _packed(rows: Iterable[Any]) -> Iterator[tuple[list[Any], str]]:
    """Yield rows in groups that fit into a file, with the text of the group."""
    group: list[Any] = []
    texts: list[str] = []
    size = 0
    for row in rows:
        text = _dump(row)
        length = len(text.encode("utf-8", "surrogatepass")) + 2
        if group and size + length > MOST_BYTES:
            yield group, ",\n".join(texts)
            group, texts, size = [], [], 0
        group.append(row)
        texts.append(text)
        size += length
    if group:
        yield group, ",\n".join(texts)


def _word_rows(entries: Sequence[Entry]) -> Iterator[tuple[str, str, str]]:
    """Yield each word with the entries that are called so, and those whose text has it, in the order of the words."""
    named: dict[str, list[int]] = defaultdict(list)
    told: dict[str, list[int]] = defaultdict(list)
    for number, entry in enumerate(entries):
        names = {word for name in entry.names for word in words(name)}
        for word in names:
            named[word].append(number)
        for word in set(words(entry.text)) - names:
            told[word].append(number)
    # By UTF-16 units, as the script compares texts.
    for word in sorted(named.keys() | told.keys(), key=lambda word: word.encode("utf-16-be")):
        first, second = named.get(word, []), told.get(word, [])
        for start in range(0, max(len(first), len(second)), _MOST_POSTINGS):
            stretch = slice(start, start + _MOST_POSTINGS)
            yield word, _coded(first[stretch]), _coded(second[stretch])


def index_files(entries: Sequence[Entry]) -> Iterator[File]:
    """Yield the files of the index.

    Parameters
    ----------
    entries
        What can be found; of equally good matches, the earlier one is shown first.

    Examples
    --------
    >>> entry = Entry("person", "Ana Lou", "", "entities/ana-lou.html", ("Ana Lou",), "President")
    >>> [file.path for file in index_files([entry])]
    ['search/words-1.js', 'search/entries-1.js', 'search/index.js']
    """
    kinds = list(dict.fromkeys(entry.kind for entry in entries))
    first_words = []
    for number, (rows, text) in enumerate(_packed(_word_rows(entries)), 1):
        first_words.append(rows[0][0])
        yield File(f"{FOLDER}/words-{number}.js", f"readoutsSearch('words',{number},[\n{text}\n]);\n")
    starts = []
    start = 0
    shown = ((kinds.index(entry.kind), entry.title, entry.detail, entry.address) for entry in entries)
    for number, (rows, text) in enumerate(_packed(shown), 1):
        starts.append(start)
        start += len(rows)
        yield File(f"{FOLDER}/entries-{number}.js", f"readoutsSearch('entries',{number},[\n{text}\n]);\n")
    index = {"number": len(entries), "kinds": kinds, "words": first_words, "entries": starts}
    yield File(f"{FOLDER}/index.js", f"readoutsSearch('index',0,{_dump(index)});\n")
