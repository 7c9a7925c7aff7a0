"""The index that the search page searches: scripts that a browser also loads from the local disk.

A browser that reads a site from disk neither fetches files nor loads modules, so the index is classic scripts, and only
those that a question needs are loaded: of the words, the file or two in whose range the question's words fall; of the
entries, those that are shown. A label, such as `act:urge`, is a word with `=` before it, which no word of a text has.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

from readouts.datapackage.scripts import UNSPACED, UNSPACED_CHARACTER
from readouts.text.skeleton import skeleton

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["LONGEST", "Entry", "File", "index_files", "phrase", "words"]

FOLDER = "search"
MOST_BYTES = 200_000
"""Of a file of the index."""
LONGEST = 400
"""Characters of a title or a note that a result shows."""
_MOST_POSTINGS = 20_000
"""Of one word in one row; a word of more entries has several rows."""
_BETWEEN_WORDS = re.compile(r"[\W_]+")
_RUN = re.compile(f"{UNSPACED.pattern}|(?:(?!{UNSPACED_CHARACTER}).)+")
"""Words of scripts without spaces, and of others. `search.js` has the same."""
_STROKES = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"}
)
"""Letters that people type without their stroke, and that Unicode doesn't decompose. `search.js` has the same."""
_IDLE = frozenset({"a", "an", "the", "of", "by", "is", "are", "was", "were"})
"""Words that a phrase means the same without. `search_index.js` has the same, and the endings below."""
_CYRILLIC_ENDINGS = re.compile(
    r"(?<=[\u0400-\u04ff]{3})(?:иями|ями|ами|иеи|иям|ием|иях|ого|его|ому|ему|ыми|ими|ови|еві|ові|ях|ах|ов|ев|еи|ои|ыи|ии|"
    r"ая|яя|ое|ее|ые|ие|ую|юю|ом|ем|ам|ям|ым|им|ых|их|ою|ею|ию|ью|ия|ья|ів|а|я|о|е|ы|и|у|ю|ь|і)$"
)
"""Endings of Russian and Ukrainian, as `words` folds them."""
_ENDINGS = (re.compile(r"(?<=[a-z]{4})(?:ions?|ings?|ed|es|e|s)$"), _CYRILLIC_ENDINGS, _CYRILLIC_ENDINGS)
"""Endings to take from a word, in turn: twice in Cyrillic, since a name in `-ов` has endings after that."""


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
    labels
        Labels that it has, such as `act:urge`: a question for one finds all that have it.
    phrases, stands_for
        Phrases that mean this entry, and what else they find: labels, or names that something has in its text.
    lists
        The label that an entry about a label is about: its result leads to all that have it.
    group
        The kind of things that it is one of, by which results are filtered.
    """

    kind: str
    title: str
    detail: str
    address: str
    names: tuple[str, ...]
    text: str = ""
    labels: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    stands_for: tuple[str, ...] = ()
    lists: str = ""
    group: str = "pages"


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


def phrase(found: Iterable[str]) -> str:
    """Return words as phrases are compared: without their endings, and without words that change nothing.

    Examples
    --------
    >>> phrase(["left", "out", "by", "the", "white", "house"]), phrase(["contradictions"]), phrase(["островои"])
    ('left out whit hous', 'contradict', 'остр')
    """
    return " ".join(_stem(word) for word in found if word not in _IDLE)


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        word = ending.sub("", word)
    return word


def _pairs(run: str) -> Iterable[str]:
    return (run[place : place + 2] for place in range(len(run))) if UNSPACED.match(run) else (run,)


@lru_cache(maxsize=50_000)
def _folded(part: str) -> str:
    return skeleton(part).lower().translate(_STROKES)


def _coded(numbers: Sequence[int]) -> str:
    """Return rising numbers as their differences, in base 36, with equal ones counted: `1*k` is twenty in a row."""
    gaps = [number - before for before, number in zip((0, *numbers), numbers, strict=False)]
    runs = ((gap, sum(1 for _ in run)) for gap, run in groupby(gaps))
    return " ".join(_base36(gap) if count == 1 else f"{_base36(gap)}*{_base36(count)}" for gap, count in runs)


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
        for label in entry.labels:
            told[f"={label}"].append(number)
    # By UTF-16 units, as the script compares texts.
    for word in sorted(named.keys() | told.keys(), key=_utf16):
        first, second = named.get(word, []), told.get(word, [])
        for start in range(0, max(len(first), len(second)), _MOST_POSTINGS):
            stretch = slice(start, start + _MOST_POSTINGS)
            yield word, _coded(first[stretch]), _coded(second[stretch])


def _utf16(word: str) -> bytes:
    return word.encode("utf-16-be", "surrogatepass")


def _phrase_rows(entries: Sequence[Entry]) -> Iterator[tuple[str, str, list[str]]]:
    """Yield each phrase with the entries that it means, and what it stands for, in the order of the phrases."""
    meant: dict[str, list[int]] = defaultdict(list)
    for number, entry in enumerate(entries):
        for each in {phrase(words(each)) for each in entry.phrases} - {""}:
            meant[each].append(number)
    for each in sorted(meant, key=_utf16):
        found = [word for number in meant[each] for word in entries[number].stands_for]
        yield each, _coded(meant[each]), list(dict.fromkeys(found))


def _spelling(rows: Iterable[tuple[str, str, str]]) -> str:
    """Return words from which the nearest to a misspelt one is taken: as many as a file holds, the most frequent."""
    weights: dict[str, int] = defaultdict(int)
    for word, named, told in rows:
        if not word.startswith("=") and len(word) > 2 and not word.isdecimal() and not UNSPACED.match(word):
            weights[word] += 3 * len(named) + len(told)
    kept: list[str] = []
    room = MOST_BYTES
    for word in sorted(weights, key=lambda word: (-weights[word], word)):
        room -= len(_dump(word).encode("utf-8", "surrogatepass")) + 1
        if room < 0:
            break
        kept.append(word)
    return _dump(" ".join(kept))


def index_files(entries: Sequence[Entry]) -> Iterator[File]:
    """Yield the files of the index.

    Parameters
    ----------
    entries
        What can be found; of equally good matches, the earlier one is shown first.

    Examples
    --------
    >>> entry = Entry("person", "Ana Lou", "", "entities/ana-lou.html", ("Ana Lou",), phrases=("安娜",))
    >>> [file.path for file in index_files([entry])]
    ['search/words-1.js', 'search/phrases-1.js', 'search/spelling-1.js', 'search/entries-1.js', 'search/index.js']
    """
    kinds = list(dict.fromkeys(entry.kind for entry in entries))
    rows = list(_word_rows(entries))
    starts: dict[str, list[Any]] = {}
    for part, sorted_rows in (("words", rows), ("phrases", _phrase_rows(entries))):
        starts[part] = []
        for number, (packed, text) in enumerate(_packed(sorted_rows), 1):
            starts[part].append(packed[0][0])
            yield _file(part, number, f"[\n{text}\n]")
    yield _file("spelling", 1, _spelling(rows))
    starts["entries"] = []
    start = 0
    shown = ((kinds.index(each.kind), each.title, each.detail, each.address, each.lists) for each in entries)
    for number, (packed, text) in enumerate(_packed(shown), 1):
        starts["entries"].append(start)
        start += len(packed)
        yield _file("entries", number, f"[\n{text}\n]")
    groups = [(group, next(run)[0]) for group, run in groupby(enumerate(entries), lambda pair: pair[1].group)]
    yield _file("index", 0, _dump({"number": len(entries), "kinds": kinds, "groups": groups, **starts}))


def _file(part: str, number: int, content: str) -> File:
    name = f"{part}-{number}" if number else part
    return File(f"{FOLDER}/{name}.js", f"readoutsSearch('{part}',{number},{content});\n")
