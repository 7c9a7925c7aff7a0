"""Names of entities in Chinese."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from readouts.proposals.entity_names import EntityNames, Hit, any_of, any_word, overlaps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from readouts.proposals.proposal import Place

__all__ = ["ChineseNames"]


@dataclass(frozen=True)
class ChineseNames(EntityNames):
    """Names in Chinese."""

    gap = ""

    def hits(self) -> Iterator[Hit]:
        """Yield names of entities, of one character too, and titles."""
        persons: list[Place] = []
        titles = any_word(self.titles)
        governments = {
            self.home(entity.id): entity.id for entity in self.registry.entities.values() if entity.kind == "government"
        }
        inside = re.compile(rf"(?:{any_of(tuple(self.single))})*(?:{any_of(self.listed('inside'))})")
        longer = re.compile(any_word(name for name in self.names if len(name) > 1))
        first_names = re.compile(rf"(?:^|[^\u3400-\u9fff]|{titles})([\u3400-\u9fff]{{1,5}}·(?:[A-Z]·)*)$")
        position = 0
        while position < len(self.text):
            found = longer.match(self.text, position)
            if found is None or self.blocked(found.group(), position):
                if self.stands_alone(position) and not inside.match(self.text, position + 1):
                    yield Hit((position, position + 1), self.single[self.text[position]], "mention.character")
                position += 1
                continue
            name, (start, end) = found.group(), found.span()
            position, entity, rule = end, self.names[name][0], self.rule(name)
            edges = self.text[max(0, start - 1) : start], self.text[end : end + 1]
            if name.isascii() and any(edge.isascii() and edge.isalnum() for edge in edges):
                continue
            if self.kind(entity) == "person":
                start -= len(given[1]) if (given := first_names.search(self.text, max(0, start - 16), start)) else 0
                if (title := re.search(rf"(?:{titles})+$", self.text[max(0, start - 16) : start])) is not None:
                    start, rule = start - len(title.group()), "mention.titled"
                elif (title := re.compile(rf"(?:{titles})+").match(self.text, end)) is not None:
                    position = end = title.end()
                    rule = "mention.titled"
                persons.append((start, end))
            elif inside.match(self.text, end) or self.term(start, end) or self.titled(start, end):
                continue
            elif self.kind(entity) == "state" and (country := self.home(entity)) in governments:
                for word in self.listed("government"):
                    if self.text.startswith(word, end):
                        position, entity, rule = end + len(word), governments[country], "mention.government"
            yield Hit((start, position), entity, rule)
        yield from self.meetings()
        yield from self.holders(persons)

    @cached_property
    def single(self) -> dict[str, str]:
        """Names of states and places of one character."""
        return {
            name: entities[0]
            for name, entities in self.names.items()
            if len(name) == 1 and self.kind(entities[0]) in {"state", "place"}
        }

    def term(self, start: int, end: int) -> bool:
        """Return whether a place is in a term of a few characters between quotation marks (8.15)."""
        opened = re.search(r"[“「『]([^“”「」『』，。]*)$", self.text[max(0, start - 6) : start])
        closed = re.compile(r"([^“”「」『』，。]*)[”」』]").match(self.text, end)
        return opened is not None and closed is not None and len(opened[1]) + end - start + len(closed[1]) <= 6

    def titled(self, start: int, end: int) -> bool:
        """Return whether a place is part of the title of a document (8.10)."""
        opened = re.search(r"《([^《》]*)$", self.text[max(0, start - 30) : start])
        return opened is not None and (opened[1] != "" or self.text[end : end + 1] != "》")

    def stands_alone(self, position: int) -> bool:
        """Return whether the character at a place is a name of its own (8.11)."""
        character = self.text[position]
        if character not in self.single or self.blocked(character, position) or self.term(position, position + 1):
            return False
        left, right = self.text[max(0, position - 1) : position], self.text[position + 1 : position + 2]
        needed = self.words.get("only", {}).get(character)
        if needed is not None:
            return (left != "" and left in needed) or (right != "" and right in needed)
        paired = any(each in self.single and each not in self.words.get("only", {}) for each in (left, right))
        after = any(self.text.startswith(word, position + 1) for word in self.listed("after"))
        return paired or after or left in self.listed("before")

    def meetings(self) -> Iterator[Hit]:
        """Yield the first characters of two leaders' names before a word for a meeting."""
        first = {
            name[0]: person
            for person in self.principals
            if person in self.registry.entities
            for name in map(self.without_title, self.registry.entities[person].names)
            if re.match(r"[\u3400-\u9fff]", name)
        }
        for found in re.finditer(rf"(?=([{''.join(first)}])([{''.join(first)}])[会會])", self.text) if first else ():
            for group in (1, 2):
                yield Hit(found.span(group), first[found[group]], "mention.character")

    def holders(self, persons: list[Place]) -> Iterator[Hit]:
        """Yield titles that stand alone."""
        states = any_word(name for name in self.of_kind("state") if len(name) > 1)
        several = any_of(self.listed("several"))
        for found in re.finditer(any_word(self.titles), self.text):
            place = found.span()
            if overlaps(place, persons):
                continue
            before = self.text[max(0, place[0] - 12) : place[0]]
            entity = None
            if (state := re.search(rf"(?:{states})$", before)) is not None:
                entity = self.holder(found.group(), self.names[state.group()][0])
            elif found.group() in self.listed("leaders") and not re.search(rf"(?:{several})$", before):
                entity = self.addressed()
            if entity is not None:
                yield Hit(place, entity, "mention.title")

    def addressed(self) -> str | None:
        """Return the leader whom the issuer's side addresses with a title alone."""
        country = self.home(self.issuer)
        others = [person for person in self.principals if self.home(person) not in {None, country}]
        return others[0] if country is not None and len(others) == 1 else None
