"""Names of entities in English and Russian, and plain names in any script with spaces between words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from readouts.proposals.entity_names import EntityNames, Hit, any_of, overlaps

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from readouts.proposals.proposal import Place

__all__ = ["AlphabeticNames", "RussianNames"]

_NEAR = 120
"""Characters before a name that its titles are looked for in."""


@dataclass(frozen=True)
class AlphabeticNames(EntityNames):
    """Names in English, and plain names in any script with spaces."""

    def form(self, name: str) -> str:
        """Return a pattern for a name or title."""
        return re.escape(name)

    def one_of(self, names: Iterable[str]) -> str:
        """Return a pattern for any of several names."""
        return any_of(tuple(self.form(name) for name in names))

    @cached_property
    def states(self) -> str:
        """A pattern for the states and places."""
        return self.one_of(self.of_kind("state", "place"))

    @cached_property
    def titles_alone(self) -> str:
        """A pattern for titles of one person, leaders' in small letters too."""
        return self.one_of([*self.titles, *(title.lower() for title in self.listed("leaders"))])

    joint = " of "
    """The words after a title that isn't alone."""

    @cached_property
    def of(self) -> str:
        """A pattern for a country after a title."""
        return rf" of (?:the )?(?P<of>{self.states})"

    def named(self, words: str) -> str:
        """Return the name that words of the text are a form of."""
        return words

    def hits(self) -> Iterator[Hit]:
        """Yield names of entities, names of states with a word for their government, and titles."""
        persons: dict[str, list[Hit]] = {}
        inside = re.compile(rf"(?:-\w+)?(?: [A-Z][\w-]*){{0,4}} (?:{self.one_of(self.listed('inside'))})(?!\w)")
        for found in re.finditer(rf"(?<!\w)(?:{self.one_of(self.names)})(?!\w)", self.text):
            name = self.named(found.group())
            entities = self.names[name]
            if self.kind(entities[0]) == "person":
                persons.setdefault(entities[0], []).append(self.person(found.span(), entities[0], self.rule(name)))
            elif not self.blocked(name, found.start()) and inside.match(self.text, found.end()) is None:
                yield self.hit(found.span(), self.meant(entities, found.start()), self.rule(name))
        # A surname alone names a person only where a fuller name does so too.
        named = [
            hit
            for person, hits in persons.items()
            for hit in hits
            if person in self.principals or any(self.text[slice(*each.place)] not in self.surnames for each in hits)
        ]
        yield from named
        yield from self.governments()
        yield from self.holders([hit.place for hit in named])

    def hit(self, place: Place, entity: str, rule: str) -> Hit:
        """Return a hit that ends with a letter or digit."""
        start, end = place
        return Hit((start, start + len(self.text[start:end].rstrip(". "))), entity, rule)

    def meant(self, entities: tuple[str, ...], start: int) -> str:
        """Return which of several entities with one name is meant: a city can be a place, or its state's government."""
        kinds = {self.kind(entity): entity for entity in reversed(entities)}
        if {"place", "government"} <= kinds.keys():
            before = re.search(r"(\w+) $", self.text[max(0, start - _NEAR) : start])
            return kinds["place" if before is not None and before[1] in self.listed("places") else "government"]
        return entities[0]

    def person(self, place: Place, entity: str, rule: str) -> Hit:
        """Return a person's name with first name, initials, title and what follows the name."""
        start, end = place
        given = {
            name.split()[0] for name in map(self.without_title, self.registry.entities[entity].names) if " " in name
        }
        head = rf"(?:(?:{self.one_of(self.titles)})(?:{self.of})? )*(?:(?:{self.one_of(given)}) (?:[A-Z]\. ?)*)?"
        near = self.text[max(0, start - _NEAR) : start]
        before = re.search(rf"(?<!\w){head}$", near) if given or self.titles else None
        if before is not None and before.group():
            start -= len(before.group())
            rule = "mention.titled"
        after = re.compile(rf",? (?:{self.one_of(self.listed('suffixes'))})(?!\w)").match(self.text, end)
        return self.hit((start, end if after is None else after.end()), entity, rule)

    def governments(self) -> Iterator[Hit]:
        """Yield names of states with a word for their government."""
        words = self.one_of(self.listed("government"))
        pattern = (
            rf"(?<![\w-])(?:(?P<a>{self.states})(?:'s)? (?:{words})|(?:{words}) of (?:the )?(?P<b>{self.states}))(?!\w)"
        )
        for found in re.finditer(pattern, self.text):
            country = self.home(self.names[self.named(found["a"] or found["b"])][0])
            for entity in self.registry.entities.values():
                if entity.kind == "government" and self.home(entity.id) == country is not None:
                    yield self.hit(found.span(), entity.id, "mention.government")
                    break

    def holders(self, persons: list[Place]) -> Iterator[Hit]:
        """Yield titles that stand alone."""
        leaders = self.listed("leaders")
        title = rf"(?P<title>{self.titles_alone})"
        country = rf"(?:(?P<before>{self.states}) )?"
        for found in re.finditer(rf"(?<!\w){country}{title}(?:{self.of}(?! [A-Z])|(?!{self.joint}))(?!\w)", self.text):
            place = (found.start("title"), found.end())
            if overlaps(place, persons):
                continue
            state = found["of"] or found["before"]
            plain = self.titled(found["title"])
            if plain not in self.titles:
                plain = next((each for each in leaders if each.lower() == plain), plain)
                if state is None:
                    continue
            if plain not in leaders and " " not in plain:
                continue
            entity = self.holder(plain, None if state is None else self.names[self.named(state)][0])
            if entity is not None:
                yield self.hit(place, entity, "mention.title")

    def titled(self, words: str) -> str:
        """Return the title that words of the text are a form of."""
        return words


@dataclass(frozen=True)
class RussianNames(AlphabeticNames):
    """Names in Russian, in any case form (8.21)."""

    joint = "(?!)"

    def form(self, name: str) -> str:
        """Return a pattern for the case forms of a name or title."""
        return " ".join(self.word(part) for part in name.split(" "))

    def word(self, word: str) -> str:
        """Return a pattern for the case forms of a word."""
        if len(word) > 2 and re.search("[а-яё]$", word):
            stem = re.sub("(?:[ыио]й|[ая]я|[оеыи]е|[аяоеийьуыюё])$", "", word)
            return rf"{re.escape(stem)}(?:{any_of(self.listed('endings'))})?"
        return re.escape(word)

    @cached_property
    def titles_alone(self) -> str:
        """A pattern for titles of one person."""
        plural = rf"(?!\w+(?:{any_of(self.listed('plural'))})(?!\w))"
        return rf"{plural}(?:{super().titles_alone})"

    @cached_property
    def of(self) -> str:
        """A pattern for a country after a title."""
        return rf" (?P<of>{self.states})"

    def named(self, words: str) -> str:
        """Return the name that words of the text are a form of."""
        if words in self.names:
            return words
        fitting = [name for name in self.names if re.fullmatch(self.form(name), words)]
        return max(fitting, key=lambda name: (len(name), name))

    def titled(self, words: str) -> str:
        """Return the title that words of the text are a form of."""
        return next((title for title in self.titles if re.fullmatch(self.form(title), words)), words)
