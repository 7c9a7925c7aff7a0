"""Lexicons: the words that the rules of a language look for, and what was learned of them from the corpus.

`lexicons/LANGUAGE.yaml` is written by people; `lexicons/learned.json` is written by `readouts.proposals.learning`. Both
hold single words, names and short word sequences, never a sentence of a source.
"""

from __future__ import annotations

import json
import re
import unicodedata
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from readouts.annotations.form_reader import FormReader
from readouts.annotations.nodes import Scalar, Sequence, describe
from readouts.annotations.records import Reading
from readouts.annotations.tree import read_root
from readouts.corpus_schema.tables import tables
from readouts.datapackage.errors import ReadoutsError
from readouts.datapackage.strict_json import DuplicateKeyError, load_unique
from readouts.datapackage.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from readouts.annotations.nodes import Node

__all__ = ["FOLDER", "LEARNED", "load_lexicon", "normalised", "read_learned", "read_lexicon", "terms", "topic_of"]

FOLDER = Path(__file__).parent / "lexicons"
"""Where the lexicons of this package are."""
LEARNED = FOLDER / "learned.json"
"""Words learned from the whole corpus."""


LABELLED = {
    "cues": "act",
    "nouns": "act",
    "topics": "topic",
    "modality": "modality",
    "certainty": "certainty",
    "polarity": "polarity",
}
"""The sections whose words are listed by label, each with the column of `statements` that has these labels."""

PARTS = ("cues", "topics", "mentions", "confidence")
"""The learned parts, each by language."""
_LEARNED_KEYS = ("source", *PARTS)
_MISSPELT = 0.8
"""How alike the name of a section must be to that of one of `LABELLED` to be a misspelling of it."""
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_BETWEEN = re.compile(r"[^\w'’]+")
_WRITTEN, _RARE = 2.0, -8.0
"""What a word of the lexicon's own counts, and what a topic begins with that the corpus doesn't have."""


def normalised(words: str) -> str:
    """Return words in the form in which they are compared: compatible characters, small letters, single spaces.

    Examples
    --------
    >>> normalised("Marek’s  READINESS")
    "marek's readiness"
    """
    folded = unicodedata.normalize("NFKC", words).casefold().replace("’", "'").replace("ё", "е")
    return " ".join(folded.split())


def terms(text: str) -> Iterator[str]:
    """Yield the terms of a text that indicate topics: its words, and for Han every two characters in a row.

    Examples
    --------
    >>> list(terms("The toll, 关税壁垒"))
    ['the', 'toll', '关税', '税壁', '壁垒']
    """
    for word in _WORD.finditer(normalised(text)):
        han = 0
        for run in _HAN.findall(word[0]):
            han += len(run)
            yield from (run[start : start + 2] for start in range(max(1, len(run) - 1)))
        if han == 0:
            yield word[0]


def topic_of(content: str, lexicon: Mapping[str, Any]) -> str | None:
    """Return the topic that learned weights and the lexicon's own words add up to; None where no weights were learned.

    Parameters
    ----------
    content
        The words of the content.
    lexicon
        What `load_lexicon` returns. Each word of its `topics` that a word of the content begins with, or that Chinese
        characters hold, counts like one that is seven times as frequent with the topic as elsewhere.

    Examples
    --------
    >>> learned = {"priors": {"economy": -0.7, "security": -0.7}, "weights": {"toll": {"economy": 1.2}}}
    >>> topic_of("the toll", {"learned": {"topics": learned}})
    'economy'
    >>> topic_of("an armed band", {"learned": {"topics": learned}, "topics": {"security": ("armed band",)}})
    'security'
    """
    model = lexicon.get("learned", {}).get("topics")
    if not model:
        return None
    scores: dict[str, float] = dict(model["priors"])
    for term in dict.fromkeys(terms(content)):
        for topic, weight in model["weights"].get(term, {}).items():
            scores[topic] = scores.get(topic, _RARE) + weight
    words = f" {' '.join(re.split(_BETWEEN, normalised(content)))}"
    for topic, known in lexicon.get("topics", {}).items():
        found = sum((word if _HAN.match(word) else f" {normalised(word)}") in words for word in known)
        if found:
            scores[topic] = scores.get(topic, _RARE) + _WRITTEN * found
    return max(sorted(scores), key=lambda topic: scores[topic])


def read_lexicon(path: Path) -> dict[str, Any]:
    """Read a lexicon.

    Returns
    -------
    dict
        `language`, `source` (where the words are from) and the sections: each a tuple of words, or a mapping of labels
        or names to tuples of words or to one text. A section of `LABELLED`, and `words`, is empty if it isn't written.

    Raises
    ------
    ReadoutsError
        The file isn't a lexicon; the message has every finding with its file and line.
    """
    reading = Reading(path.name)
    try:
        root = read_root(path, path.name, reading)
    except OSError as error:
        message = f"The lexicon {path} can't be read: {error.strerror or error}."
        raise ReadoutsError(message) from error
    found: dict[str, Any] = {name: {} for name in (*LABELLED, "words")}
    if root is not None:
        reader = _LexiconReader(reading)
        for name, node in root.items.items():
            found[name] = reader.section(name, root.keys[name], node)
        for name in ("language", "source"):
            if not isinstance(found.get(name), str):
                message = f"Expected the key '{name}' with a text; every lexicon says its language and its source."
                reading.add("missing-key", message, root)
        if isinstance(found.get("language"), str) and found["language"] != path.stem:
            message = f"Expected the language that the file is named for, '{path.stem}'; found '{found['language']}'."
            reading.add("constraint-error", message, root.items["language"])
    if reading.incidents:
        lines = [f"{each.source}: {each.message}" for each in reading.incidents]
        raise ReadoutsError("\n".join(lines))
    return found


class _LexiconReader(FormReader):
    """Reads the sections of a lexicon."""

    def section(self, name: str, key: Node, node: Node) -> Any:
        """Return a text, a tuple of words, or a mapping."""
        near = () if name in LABELLED else get_close_matches(name, LABELLED, 1, _MISSPELT)
        if near:
            self.reading.add("unknown-key", f"Unknown section '{name}'. Did you mean '{near[0]}'?", key, value=name)
        if isinstance(node, Scalar):
            return self.text(node, f"'{name}'", lines=True)
        if isinstance(node, Sequence):
            return self.words(node, name, {})
        column, lines = LABELLED.get(name), dict[str, int]()
        labels = (tables()["statements"].field(column).constraints.enum or ()) if column else ()
        found: dict[str, Any] = {}
        for label, place, words in self.entries(node, f"words of '{name}'"):
            if column and label not in labels:
                message = f"'{label}' is not a value of '{column}'. {did_you_mean(label, labels)}"
                self.reading.add("constraint-error", message, place, value=label)
            if isinstance(words, Scalar) and not column:
                found[label] = self.text(words, f"'{label}'")
            else:
                # A word has one label, and may be in several of the lists that rules look up by name.
                found[label] = self.words(words, name, lines if column else {})
        return found

    def words(self, node: Node, name: str, lines: dict[str, int]) -> tuple[str, ...]:
        """Return the words of a list; one that is in `lines` already is a finding."""
        kept = []
        for item in self.items(node, "words"):
            word = self.text(item, "a word") or ""
            if not word.strip():
                self.reading.add("wrong-shape", f"Expected a word in '{name}', found {describe(item)}.", item)
            elif normalised(word) in lines:
                message = f"Duplicate word '{word}' in '{name}' (first on line {lines[normalised(word)]})."
                self.reading.add("duplicate-key", message, item, value=word)
            else:
                lines[normalised(word)] = item.line
                kept.append(word)
        return tuple(kept)


def read_learned(path: Path = LEARNED) -> dict[str, Any]:
    """Read what was learned from a corpus, as `readouts.proposals.learning.learn` returns it.

    Raises
    ------
    ReadoutsError
        The file can't be read, isn't JSON, has a key twice, or has another key than `learn` writes.
    """
    try:
        found = load_unique(path.read_text(encoding="utf-8"), constants=False)
    except DuplicateKeyError as error:
        message = f"{path.name}, line {error.line}: {error}"
        raise ReadoutsError(message) from error
    except json.JSONDecodeError as error:
        message = f"{path.name}, line {error.lineno}: not JSON: {error.msg}."
        raise ReadoutsError(message) from error
    except (OSError, ValueError, RecursionError) as error:
        message = f"The learned words can't be read from {path}: {error}. Run `python scripts/learn_proposals.py`."
        raise ReadoutsError(message) from error
    if not isinstance(found, dict) or set(found) != set(_LEARNED_KEYS):
        names = ", ".join(found) if isinstance(found, dict) else type(found).__name__
        message = f"{path.name}: expected an object with the keys {', '.join(_LEARNED_KEYS)}; found {names}."
        raise ReadoutsError(message)
    return found


def load_lexicon(language: str, *, learned: Mapping[str, Any] | None = None, folder: Path = FOLDER) -> dict[str, Any]:
    """Return the lexicon of a language, with what was learned of it: what `Context.lexicon` holds.

    Parameters
    ----------
    language
        BCP 47 tag of a text; its first part names the lexicon.
    learned
        What `learn` returned, in place of `learned.json`, such as for a corpus without the text's event.
    folder
        Where the lexicons are.

    Returns
    -------
    dict
        What `read_lexicon` returns, and `learned`: `cues` (word to counts by act), `topics` (see `topic_of`),
        `mentions` (words to counts by entity) and `confidence` (for `official` and `press` documents, rule to the
        share of its proposals that were right).

    Raises
    ------
    ReadoutsError
        There is no lexicon of the language, or one of the files isn't as it should be.
    """
    name = language.partition("-")[0].casefold()
    path = folder / f"{name}.yaml"
    if not path.is_file():
        known = ", ".join(sorted(each.stem for each in folder.glob("??.yaml"))) or "no language"
        reason = f"The language '{language}' lacks a lexicon" if language else "The article lacks its `language`"
        message = f"{reason}; statements can be proposed for texts in {known}."
        raise ReadoutsError(message)
    everything = read_learned(folder / LEARNED.name) if learned is None else learned
    return {**read_lexicon(path), "learned": {part: everything[part].get(name, {}) for part in PARTS}}
