"""Labels as the search finds them: values of closed lists, relations, groups of claims, and who says what alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from readouts.datapackage.render.escaping import visible
from readouts.datapackage.words import counted, singular
from readouts.publish.site import address
from readouts.publish.site.alignments import ACTIVE, PASSIVE
from readouts.publish.site.search_index import LONGEST, Entry
from readouts.publish.site.statement_view import STANDING, WORDING
from readouts.publish.site.statements import CODES
from readouts.publish.words import GROUP_TITLES, PAIR_WORDS, WORDING_WORDS, language_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from readouts.publish.site.data import SiteData
    from readouts.publish.site.glossary import Glossary, GlossaryEntry

    Thing = tuple[str, str]  # table and id

__all__ = ["Labels", "label", "names_of"]

_OF_THINGS = {
    "statements": CODES,
    "events": ("kind",),
    "entities": ("kind",),
    "accounts": ("kind",),
    "articles": ("kind", "language"),
}
"""Columns of closed lists, which label the thing of their row."""
_OF_RELATIONS = ("predicate", "mode", "status")
_WHAT = {
    "relation": "Relation between statements",
    "predicate": "Relation between entities",
    "mode": "Mode of a relation between entities",
    "status": "Status of a relation between entities",
    "group": "Group of claims",
    "only": "Group of claims",
    "left_out": "Group of claims",
}
"""The kind of a label, where its column alone doesn't say it."""
_ALSO = {
    "quotes_altered": ("altered", "altered quotation"),
    "quotes_verbatim": ("quoted verbatim",),
    "translation_variant": ("translated otherwise", "different translation"),
    "contradicts": ("contradiction", "contradict each other"),
    "in_tension": ("tension",),
    "both": ("both", "both sides", "said by both"),
    "third": ("neither side", "neither side says"),
    "presupposed": ("presupposition",),
}
"""Further phrases that people ask for a value by."""
_BY_SIDE = {
    "only": ("only {}", "{} only", "{} alone", "only {} says", "only said by {}"),
    "left_out": ("left out by {}", "{} leaves out", "{} omits", "omitted by {}", "not mentioned by {}"),
}
"""Phrases for claims of one side, with any of its names."""


def label(column: str, value: str) -> str:
    """Return a label as a question for it is written: its column and its value.

    Examples
    --------
    >>> label("modality", "presupposed"), label("predicate", "CONSULT"), label("kind", "odd one")
    ('modality:presupposed', 'predicate:consult', 'kind:odd_one')
    """
    return f"{column}:{'_'.join(value.lower().split())}"


@dataclass
class _Label:
    """A label: its table, column and value where it was first met, and how many things of which kind have it."""

    table: str
    column: str
    value: str
    things: Counter[str] = field(default_factory=Counter)


class Labels:
    """The labels of all things of a release."""

    def __init__(self, data: SiteData, glossary: Glossary) -> None:
        self._data, self._glossary = data, glossary
        self._known: dict[str, _Label] = {}
        self._found: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        self._names: dict[str, dict[str, None]] = defaultdict(dict)
        for table, columns in _OF_THINGS.items():
            for name, row in data.by_id(table).items():
                self._mark(table, row, columns, (table, name))
        for name, row in data.statements.items():
            article = data.articles.get(row["article_id"] or "", {})
            self._mark("articles", article, ("language",), ("statements", name))
        self._relations()
        for event in data.events:
            self._groups(event)

    def of(self, table: str, name: str) -> tuple[str, ...]:
        """Return the labels of a thing."""
        return tuple(self._found.get((table, name), ()))

    def entries(self) -> Iterator[Entry]:
        """Yield what each label means, with the phrases that it is asked for by."""
        for key, found in self._known.items():
            title, what, explained, phrases = self._told(found)
            counts = ", ".join(counted(number, singular(table)) for table, number in sorted(found.things.items()))
            detail = f"{visible(what, LONGEST)}. {visible(explained, LONGEST)} In this release: {counts}."
            text = f"{title} {what} {' '.join(phrases)}"
            yield Entry(
                "label",
                visible(title, LONGEST),
                " ".join(detail.split()),
                self._place(found, key),
                (),
                text,
                phrases=phrases,
                stands_for=(f"={key}",),
                lists=key,
                group="labels",
            )

    def _mark(
        self, table: str, row: Mapping[str, str | None], columns: Iterable[str], *things: tuple[str, str]
    ) -> None:
        for column in columns:
            if value := row.get(column):
                self._add(table, column, value.partition("-")[0] if column == "language" else value, things)

    def _add(self, table: str, column: str, value: str, things: Iterable[Thing]) -> None:
        key = label(column, value)
        known = self._known.setdefault(key, _Label(table, column, value))
        for thing in things:
            if key not in self._found[thing]:
                self._found[thing][key] = None
                known.things[thing[0]] += 1

    def _relations(self) -> None:
        data = self._data
        for row in data.rows("alignments"):
            ends = [row["statement_a"] or "", row["statement_b"] or ""]
            things = [("statements", name) for name in ends if name in data.statements]
            events = {data.statements[name]["event_id"] or "" for _, name in things} & data.events.keys()
            self._mark("alignments", row, ("relation",), *things, *(("events", name) for name in sorted(events)))
        for row in data.rows("relations"):
            things = [("entities", row["subject_id"] or "")]
            if (statement := row["statement_id"]) in data.statements:
                things.append(("statements", statement or ""))
            self._mark("relations", row, _OF_RELATIONS, *things)

    def _groups(self, event: str) -> None:
        data, comparison = self._data, self._data.comparisons[event]
        governments = {side: data.parties.government(event, side) or "" for side in "ab"}
        for row in data.of("accounts", "event_id", event):
            government, issuer = governments.get(row["side"] or "", ""), row["issuer_id"] or ""
            # An office speaks for a government for good; a person does for a time.
            person = data.entities.get(issuer, {}).get("kind") == "person"
            sources = [government] if person else [government, issuer]
            self._names[government] |= dict.fromkeys(name for each in sources for name in names_of(data, each))
        for claim in comparison.claims:
            things = [("events", event), *(("statements", voice.statement_id) for voice in claim.voices)]
            own, other = {"only_a": ("a", "b"), "only_b": ("b", "a")}.get(claim.group, ("", ""))
            if not own:
                self._add("claims", "group", claim.group, things)
            for column, side in (("only", own), ("left_out", other)):
                if government := governments.get(side, ""):
                    self._add("claims", column, government, things)

    def _told(self, found: _Label) -> tuple[str, str, str, tuple[str, ...]]:
        """Return the title of a label, what it is one of, what it means, and the phrases that it is asked for by."""
        column, value = found.column, found.value
        what = _WHAT.get(column, f"{column.capitalize()} of {singular(found.table)}")
        if column in _BY_SIDE:
            name = self._data.name(value)
            phrases = [form.format(each) for form in _BY_SIDE[column] for each in self._names[value] or {name: None}]
            if column == "only":
                return f"{name} alone", what, "Claims that this side makes and the other doesn't.", tuple(phrases)
            omitted = "Claims of the other side that this side's accounts leave out."
            return f"left out by {name}", what, omitted, tuple(phrases)
        if column == "language":
            name = language_name(value)
            return name, "Language of an article", f"Articles in {name}, and what they say.", (name, value)
        plain = value.replace("_", " ").lower()
        known: list[dict[str, str]] = []
        if column == "relation":
            known = [ACTIVE, PASSIVE, WORDING, WORDING_WORDS, PAIR_WORDS]
        elif column == "group":
            known = [GROUP_TITLES, STANDING]
        worded = [words[value] for words in known if value in words]
        phrases = [*worded, plain, f"{column} {plain}", *_ALSO.get(value, ())]
        title = (worded or [plain])[0]
        explained = self._explained(found)
        told = explained.meaning if explained is not None else ""
        return title[:1].lower() + title[1:], what, told, tuple(dict.fromkeys(phrases))

    def _explained(self, found: _Label) -> GlossaryEntry | None:
        column, value = {"only": ("group", "only_a"), "left_out": ("group", "only_b")}.get(
            found.column, (found.column, found.value)
        )
        return self._glossary.entry(f"{singular(found.table)}-{column}", value)

    def _place(self, found: _Label, key: str) -> str:
        explained = self._explained(found)
        return explained.place if explained is not None else f"{address.SEARCH}#q={key}"


def names_of(data: SiteData, entity: str) -> list[str]:
    """Return what an entity is called: its name, and its aliases.

    Examples
    --------
    >>> import readouts
    >>> from readouts.publish.site.context import open_site
    >>> names_of(open_site(readouts.load("1.1.0")).data, "barack-obama")
    ['Barack Obama', 'Obama', 'President Obama', 'President Barack Obama']
    """
    row = data.entities.get(entity, {})
    return [name for name in (row.get("name") or entity, *(row.get("aliases") or "").split("|")) if name]
