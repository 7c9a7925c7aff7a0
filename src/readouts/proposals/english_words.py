"""Verbs and nouns of speech in English: a lexicon's words, found by their inflected forms."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from readouts.proposals.english_syntax import inflected

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Entry", "Lexicon"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A verb of speech as it is looked up: the words after its first, its act, and how the first is inflected."""

    rest: tuple[str, ...]
    act: str
    kind: str
    tag: str
    lemma: str


class Lexicon:
    """The words of a lexicon, as English rules look them up."""

    def __init__(self, lexicon: Mapping[str, Any]) -> None:
        lists: dict[str, list[str]] = defaultdict(list, lexicon["words"])
        irregular = lists["irregular"]
        self.words: dict[str, frozenset[str]] = defaultdict(frozenset)
        self.words.update({name: frozenset(map(str.casefold, words)) for name, words in lists.items()})
        self.nations = {line.split()[0]: line.split()[1] for line in lists["nations"]}
        self.nouns = {word: act for act, words in lexicon["nouns"].items() for word in words}
        cues = [(act, "cue", phrase) for act, phrases in lexicon["cues"].items() for phrase in phrases]
        cues += [("agree", "passive", phrase) for phrase in lists["reached"]]
        known = {phrase for _, _, phrase in cues}
        topics = [("report", "topic", phrase) for phrase in lists["topics"] if phrase not in known]
        self.by_first: dict[str, list[Entry]] = defaultdict(list)
        for act, kind, phrase in [*cues, *topics]:
            first, *rest = phrase.split()
            for form, tag in inflected(first, irregular).items():
                self.by_first[form].append(Entry(tuple(rest), act, kind, tag, phrase))
        for entries in self.by_first.values():
            entries.sort(key=lambda entry: -len(entry.rest))
        self.give: dict[str, str] = {}
        for verb in lists["give"]:
            self.give |= inflected(verb.split()[0], irregular)

    def has(self, name: str, word: str) -> bool:
        """Return whether a list of words has a word."""
        return word in self.words[name]

    def is_topic(self, word: str) -> bool:
        """Return whether a word can begin a verb that gives no proposition."""
        return any(entry.kind == "topic" for entry in self.by_first[word])
