"""Names of the registry's entities in a text: the longest name that fits, with its title."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from readouts.proposals.proposal import MentionProposal, Origin
from readouts.proposals.registry import Entity, Registry, read_registry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from readouts.proposals.proposal import Place

__all__ = ["Entity", "Registry", "mentions", "read_registry", "sure_names"]

CONFIDENCE = {
    "mention.name": 0.98,
    "mention.titled": 0.99,
    "mention.title": 0.98,
    "mention.learned": 0.95,
    "mention.character": 0.98,
    "mention.government": 0.9,
}
"""The share of what each rule finds in the corpus that is right, without the names learned of the same event."""

SURNAME_FIRST = frozenset({"CN", "HK", "JP", "KP", "KR", "TW", "VN", "HU"})
"""Countries whose names begin with the surname."""

_NEAR = 120
"""Characters before a name that its titles are looked for in."""
_SAME = str.maketrans(
    {**dict.fromkeys("’‘ʼ", "'"), **dict.fromkeys("‑–", "-"), **dict.fromkeys("\u00a0\n\r\t\u3000", " ")}
)
"""Characters that don't tell two names apart; a text keeps its length."""


def mentions(
    text: str,
    registry: Registry,
    language: str,
    *,
    learned: Mapping[str, str] | None = None,
    principals: Sequence[str] = (),
    issuer: str | None = None,
    day: str | None = None,
    excluded: Iterable[Place] = (),
) -> list[MentionProposal]:
    """Find the names of a registry's entities in a text, as section 8 of the guideline rules.

    Parameters
    ----------
    text
        The text.
    registry
        The entities and who holds which office.
    language
        BCP 47 tag of the text. English, Chinese and Russian have rules for titles; in another language only names are
        found.
    learned
        Further names, each with the id of its entity.
    principals
        Ids of the leaders who take part in the event: a title alone names one of them before anybody else.
    issuer
        Entity that the document speaks for: a title alone without a country is that of its country's leader.
    day
        Day of the event (ISO 8601): it decides who was in office.
    excluded
        Places in which nothing is looked for, such as regions of the role `boilerplate`.

    Returns
    -------
    list[MentionProposal]
        The mentions in reading order. No two overlap.

    Examples
    --------
    >>> marek = Entity("jana-marek", "person", "Jana Marek", "VD")
    >>> veldania = Entity("veldania", "state", "Veldania", "VD")
    >>> registry = Registry({entity.id: entity for entity in (marek, veldania)})
    >>> text = "President Marek of Veldania wrote to Sarnia."
    >>> [(found.entity, text[slice(*found.place)]) for found in mentions(text, registry, "en")]
    [('jana-marek', 'President Marek'), ('veldania', 'Veldania')]
    """
    code = language.partition("-")[0].casefold()
    finder = {"zh": _Han, "ru": _Cyrillic}.get(code, _Latin)(
        text=text.translate(_SAME),
        registry=registry,
        words=_words(code),
        learned={name.translate(_SAME): entity for name, entity in (learned or {}).items()},
        principals=tuple(principals),
        issuer=issuer,
        day=day,
    )
    closed = sorted(excluded)
    return [
        MentionProposal(hit.entity, hit.place, Origin(hit.rule, CONFIDENCE[hit.rule]))
        for hit in _apart(finder.hits())
        if not any(start < hit.place[1] and hit.place[0] < end for start, end in closed)
    ]


def sure_names(counts: Mapping[str, Mapping[str, int]], share: float = 0.8) -> dict[str, str]:
    """Return the names that mostly mean one entity, each with that entity.

    Parameters
    ----------
    counts
        How often each name means each entity.
    share
        How often it must mean this one, of all times.

    Examples
    --------
    >>> sure_names({"the Sarnians": {"sarnia": 9, "government-of-sarnia": 1}, "Sarn": {"sarn": 1, "sarnia": 1}})
    {'the Sarnians': 'sarnia'}
    """
    sure = {}
    for name, entities in counts.items():
        entity = max(sorted(entities), key=lambda each: entities[each], default=None)
        if entity is not None and entities[entity] >= share * sum(entities.values()):
            sure[name] = entity
    return sure


@lru_cache(maxsize=8)
def _words(language: str) -> dict[str, Any]:
    """Return the words around names in a language; none for a language without a file."""
    import yaml

    file = files("readouts.proposals") / "lexicons" / "names" / f"{language}.yaml"
    return yaml.safe_load(file.read_text("utf-8")) if file.is_file() else {}


@lru_cache(maxsize=64)
def _any_of(patterns: tuple[str, ...]) -> str:
    """Return a pattern for any of several, the longest first; one that never matches for none."""
    return "|".join(sorted(dict.fromkeys(patterns), key=lambda each: (-len(each), each))) or r"(?!)"


@dataclass(frozen=True, slots=True, order=True)
class _Hit:
    """A name that was found."""

    place: Place
    entity: str
    rule: str


def _apart(hits: Iterable[_Hit]) -> list[_Hit]:
    """Return the hits in reading order; of two that overlap, the longer one."""
    kept: list[_Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.place[0] - hit.place[1], hit)):
        if all(hit.place[1] <= other.place[0] or other.place[1] <= hit.place[0] for other in kept):
            kept.append(hit)
    return sorted(kept)


@dataclass(frozen=True)
class _Finder:
    """The search for names in one text, in which look-alike characters are the same."""

    text: str
    registry: Registry
    words: Mapping[str, Any]
    learned: Mapping[str, str]
    principals: tuple[str, ...]
    issuer: str | None
    day: str | None

    def hits(self) -> Iterator[_Hit]:
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
            plain = name.translate(_SAME).strip()
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
            name.translate(_SAME).strip() for entity in self.registry.entities.values() for name in entity.names
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
        return re.compile(rf"(?i:{_any_of(tuple(map(re.escape, self.listed('leaders'))))})(?: of |$)")

    @cached_property
    def title_first(self) -> re.Pattern[str]:
        """The titles before a name."""
        return re.compile(rf"(?:(?:{_any_of(tuple(map(re.escape, self.titles)))}){self.gap})+(?=.)")

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


@dataclass(frozen=True)
class _Latin(_Finder):
    """Names in English, and plain names in any script with spaces."""

    def form(self, name: str) -> str:
        """Return a pattern for a name or title."""
        return re.escape(name)

    def one_of(self, names: Iterable[str]) -> str:
        """Return a pattern for any of several names."""
        return _any_of(tuple(self.form(name) for name in names))

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

    def hits(self) -> Iterator[_Hit]:
        persons: dict[str, list[_Hit]] = {}
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

    def hit(self, place: Place, entity: str, rule: str) -> _Hit:
        """Return a hit that ends with a letter or digit."""
        start, end = place
        return _Hit((start, start + len(self.text[start:end].rstrip(". "))), entity, rule)

    def meant(self, entities: tuple[str, ...], start: int) -> str:
        """Return which of several entities with one name is meant: a city can be a place, or its state's government."""
        kinds = {self.kind(entity): entity for entity in reversed(entities)}
        if {"place", "government"} <= kinds.keys():
            before = re.search(r"(\w+) $", self.text[max(0, start - _NEAR) : start])
            return kinds["place" if before is not None and before[1] in self.listed("places") else "government"]
        return entities[0]

    def person(self, place: Place, entity: str, rule: str) -> _Hit:
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

    def governments(self) -> Iterator[_Hit]:
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

    def holders(self, persons: list[Place]) -> Iterator[_Hit]:
        """Yield titles that stand alone."""
        leaders = self.listed("leaders")
        title = rf"(?P<title>{self.titles_alone})"
        country = rf"(?:(?P<before>{self.states}) )?"
        for found in re.finditer(rf"(?<!\w){country}{title}(?:{self.of}(?! [A-Z])|(?!{self.joint}))(?!\w)", self.text):
            place = (found.start("title"), found.end())
            if any(start < place[1] and place[0] < end for start, end in persons):
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
class _Cyrillic(_Latin):
    """Names in Russian, in any case form (8.21)."""

    joint = "(?!)"

    def form(self, name: str) -> str:
        return " ".join(self.word(part) for part in name.split(" "))

    def word(self, word: str) -> str:
        """Return a pattern for the case forms of a word."""
        if len(word) > 2 and re.search("[а-яё]$", word):
            stem = re.sub("(?:[ыио]й|[ая]я|[оеыи]е|[аяоеийьуыюё])$", "", word)
            return rf"{re.escape(stem)}(?:{_any_of(self.listed('endings'))})?"
        return re.escape(word)

    @cached_property
    def titles_alone(self) -> str:
        plural = rf"(?!\w+(?:{_any_of(self.listed('plural'))})(?!\w))"
        return rf"{plural}(?:{super().titles_alone})"

    @cached_property
    def of(self) -> str:
        return rf" (?P<of>{self.states})"

    def named(self, words: str) -> str:
        if words in self.names:
            return words
        fitting = [name for name in self.names if re.fullmatch(self.form(name), words)]
        return max(fitting, key=lambda name: (len(name), name))

    def titled(self, words: str) -> str:
        return next((title for title in self.titles if re.fullmatch(self.form(title), words)), words)


@dataclass(frozen=True)
class _Han(_Finder):
    """Names in Chinese."""

    gap = ""

    def hits(self) -> Iterator[_Hit]:
        persons: list[Place] = []
        titles = _any_of(tuple(map(re.escape, self.titles)))
        governments = {
            self.home(entity.id): entity.id for entity in self.registry.entities.values() if entity.kind == "government"
        }
        inside = re.compile(rf"(?:{_any_of(tuple(self.single))})*(?:{_any_of(self.listed('inside'))})")
        longer = re.compile(_any_of(tuple(re.escape(name) for name in self.names if len(name) > 1)))
        first_names = re.compile(rf"(?:^|[^\u3400-\u9fff]|{titles})([\u3400-\u9fff]{{1,5}}·(?:[A-Z]·)*)$")
        position = 0
        while position < len(self.text):
            found = longer.match(self.text, position)
            if found is None or self.blocked(found.group(), position):
                if self.stands_alone(position) and not inside.match(self.text, position + 1):
                    yield _Hit((position, position + 1), self.single[self.text[position]], "mention.character")
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
            yield _Hit((start, position), entity, rule)
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

    def meetings(self) -> Iterator[_Hit]:
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
                yield _Hit(found.span(group), first[found[group]], "mention.character")

    def holders(self, persons: list[Place]) -> Iterator[_Hit]:
        """Yield titles that stand alone."""
        states = _any_of(tuple(map(re.escape, (name for name in self.of_kind("state") if len(name) > 1))))
        several = _any_of(self.listed("several"))
        for found in re.finditer(_any_of(tuple(map(re.escape, self.titles))), self.text):
            place = found.span()
            if any(start < place[1] and place[0] < end for start, end in persons):
                continue
            before = self.text[max(0, place[0] - 12) : place[0]]
            state = re.search(rf"(?:{states})$", before)
            if state is not None:
                entity = self.holder(found.group(), self.names[state.group()][0])
            elif found.group() in self.listed("leaders") and not re.search(rf"(?:{several})$", before):
                entity = self.addressed()
            else:
                entity = None
            if entity is not None:
                yield _Hit(place, entity, "mention.title")

    def addressed(self) -> str | None:
        """Return the leader whom the issuer's side addresses with a title alone."""
        country = self.home(self.issuer)
        others = [person for person in self.principals if self.home(person) not in {None, country}]
        return others[0] if country is not None and len(others) == 1 else None
