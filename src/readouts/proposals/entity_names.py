"""Names of the registry's entities as a text may have them: whom each means, and which titles go with it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from readouts.proposals.proposal import Place
    from readouts.proposals.registry import Registry

__all__ = ["LOOK_ALIKES", "EntityNames", "Hit", "any_of", "any_word", "overlaps"]

SURNAME_FIRST = frozenset({"CN", "HK", "JP", "KP", "KR", "TW", "VN", "HU"})
"""Countries whose names begin with the surname."""
LOOK_ALIKES = str.maketrans(
    {**dict.fromkeys("’‘ʼ", "'"), **dict.fromkeys("‑–", "-"), **dict.fromkeys("\u00a0\n\r\t\u3000", " ")}
)
"""Characters that don't tell two names apart; a text keeps its length."""


@lru_cache(maxsize=64)
def any_of(patterns: tuple[str, ...]) -> str:
    """Return a pattern for any of several, the longest first; one that never matches for none."""
    return "|".join(sorted(dict.fromkeys(patterns), key=lambda each: (-len(each), each))) or r"(?!)"


def any_word(words: Iterable[str]) -> str:
    """Return a pattern for any of several words, as they are written."""
    return any_of(tuple(map(re.escape, words)))


def overlaps(place: Place, others: Iterable[Place]) -> bool:
    """Return whether a place has a character in common with one of others."""
    return any(start < place[1] and place[0] < end for start, end in others)


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """A name that was found."""

    place: Place
    entity: str
    rule: str


@dataclass(frozen=True)
class EntityNames:
    """The search for names in one text, in which look-alike characters are the same."""

    text: str
    registry: Registry
    words: Mapping[str, Any]
    learned: Mapping[str, str]
    principals: tuple[str, ...]
    issuer: str | None
    day: str | None

    def hits(self) -> Iterator[Hit]:
        """Yield whatever names something; hits may overlap."""
        raise NotImplementedError

    def listed(self, name: str) -> tuple[str, ...]:
        """Return a list of words of the language."""
        return tuple(self.words.get(name, ()))

    @cached_property
    def titles(self) -> tuple[str, ...]:
        """All titles of the language."""
        return self.listed("leaders") + self.listed("titles")

    @cached_property
    def names(self) -> dict[str, tuple[str, ...]]:
        """Every name with the entities that have it: first those whose name it is, then those whose alias."""
        found: dict[str, dict[str, None]] = {}
        entities = self.registry.entities.values()
        names = [(each.name, each) for each in entities]
        names += [(alias, each) for each in entities for alias in each.aliases]
        for name, entity in names:
            plain = name.translate(LOOK_ALIKES).strip()
            found.setdefault(plain, {})[entity.id] = None
            if entity.kind != "outlet" and len(rest := plain.removeprefix("The ")) < len(plain):
                found.setdefault(rest, {})[entity.id] = None
            if entity.kind == "person" and (bare := self.without_title(plain)) != plain:
                found.setdefault(bare, {})[entity.id] = None
        for name, identifier in self.learned.items():
            found.setdefault(name, {identifier: None})
        for surname, person in self.surnames.items():
            found.setdefault(surname, {person: None})
        return {name: tuple(entities) for name, entities in found.items() if name and not self.leader_first.match(name)}

    @cached_property
    def registered(self) -> frozenset[str]:
        """The names of the registry."""
        return frozenset(
            name.translate(LOOK_ALIKES).strip() for entity in self.registry.entities.values() for name in entity.names
        )

    @cached_property
    def surnames(self) -> dict[str, str]:
        """Surnames that only one person has and that aren't in the registry, each with that person."""
        found: dict[str, list[str]] = {}
        for entity in self.registry.entities.values():
            if entity.kind == "person" and len(parts := self.without_title(entity.name).split()) > 1:
                found.setdefault(parts[0 if entity.country in SURNAME_FIRST else -1], []).append(entity.id)
        return {
            name: persons[0] for name, persons in found.items() if len(persons) == 1 and name not in self.registered
        }

    @cached_property
    def leader_first(self) -> re.Pattern[str]:
        """A name that is a leader's title: whom that means depends on the document."""
        return re.compile(rf"(?i:{any_word(self.listed('leaders'))})(?: of |$)")

    @cached_property
    def title_first(self) -> re.Pattern[str]:
        """The titles before a name."""
        return re.compile(rf"(?:(?:{any_word(self.titles)}){self.gap})+(?=.)")

    def without_title(self, name: str) -> str:
        """Return a person's name without the titles before it."""
        titles = self.title_first.match(name)
        return name if titles is None else name[titles.end() :]

    gap = " "
    """A pattern for the space between a title and a name."""

    def of_kind(self, *kinds: str) -> list[str]:
        """Return the names of entities of some kinds."""
        return [name for name, entities in self.names.items() if self.kind(entities[0]) in kinds]

    def kind(self, entity: str) -> str:
        """Return the kind of an entity; empty if the registry doesn't have it."""
        known = self.registry.entities.get(entity)
        return "" if known is None else known.kind

    def rule(self, name: str) -> str:
        """Return which rule finds a name as it is."""
        return "mention.learned" if name not in self.registered else "mention.name"

    @cached_property
    def closed(self) -> dict[str, list[Place]]:
        """Places of longer words in which a name isn't meant."""
        never: Mapping[str, list[str]] = self.words.get("never", {})
        return {
            name: [found.span() for pattern in patterns for found in re.finditer(pattern, self.text)]
            for name, patterns in never.items()
        }

    def blocked(self, name: str, start: int) -> bool:
        """Return whether a name is part of a longer word that isn't about it."""
        return any(place[0] <= start < place[1] for place in self.closed.get(name, ()))

    def home(self, entity: str | None) -> str | None:
        """Return the country of an entity."""
        return self.registry.homes.get(entity or "")

    def holder(self, title: str, state: str | None) -> str | None:
        """Return the person whom a title alone means, else the office; None where neither is known.

        Without a state it is a title of the issuer's country. One of the leaders who take part comes first.
        """
        country = self.home(state or self.issuer)
        if country is None:
            return None
        entities, lead = self.registry.entities, title in self.listed("leaders")
        if lead:
            for person in self.principals:
                if self.home(person) == country and self.kind(person) == "person":
                    return person
        called = self.words.get("offices", {}).get(title, title).casefold()
        home = [entity for entity in entities.values() if entity.kind == "office" and self.home(entity.id) == country]
        offices = [office for office in home if called in office.name.casefold()]
        offices.sort(key=lambda office: (not office.name.casefold().startswith(called), len(office.name)))
        if lead and not offices:
            offices = [office for office in home if re.match("Presiden|Chancell|Prime Minister", office.name)]
        for office in offices[:1]:
            held = [each.person for each in self.registry.holdings if each.office == office.id and each.on(self.day)]
            return held[-1] if held else office.id
        return None
