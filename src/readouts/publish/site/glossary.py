"""What every label means, in the words of the package's own schemas: the page of it, and where each is explained."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from readouts.corpus_schema.tables import tables
from readouts.datapackage.words import singular
from readouts.publish.site import address
from readouts.publish.site.page import Page
from readouts.publish.site.statement_view import STANDING, WORDING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from readouts.datapackage.package.package import DataPackage
    from readouts.datapackage.schema.model import Field, Table
    from readouts.publish.site.context import SiteContext

__all__ = ["Glossary", "GlossaryEntry", "GlossarySection", "pages"]

_SHOWN = {"group": STANDING, "relation": WORDING}
"""Labels that pages put into other words than their own."""
_FIRST = ("statements", "claims", "alignments", "relations")
_UNLABELLED = {"attributions": ("depth",), "statements": ("made_by", "summary")}
"""Columns without labels that pages show, by their table."""
_JOINED = "_wide"
"""Ends the names of tables that join others, and so repeat their columns."""
_ONE_ROW = re.compile("^(Derived: )?[Oo]ne row is ")


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """A label or a term: its place on the page of the glossary, what it is called, and what it means.

    Attributes
    ----------
    column
        The title of the column of a label; a term has none.
    shown
        What pages call it, where they don't use its own words.
    """

    anchor: str
    value: str
    words: str
    meaning: str
    column: str = ""
    shown: str = ""

    @property
    def place(self) -> str:
        """Where in the site it is explained."""
        return f"{address.GLOSSARY}#{self.anchor}"

    @property
    def tip(self) -> str:
        """What it means, where it stands alone."""
        return f"{self.column}: {self.meaning}" if self.column else self.meaning


@dataclass(frozen=True, slots=True)
class GlossarySection:
    """The labels of one column; `name` is what links and templates call it, such as `act` or `span-role`."""

    name: str
    anchor: str
    title: str
    description: str
    entries: tuple[GlossaryEntry, ...]

    @property
    def term(self) -> GlossaryEntry:
        """What the column says, whatever its label."""
        return GlossaryEntry(self.anchor, self.name, self.title, self.description)


class Glossary:
    """The labels of a package, by their columns.

    A column that several tables have is one section, unless they mean different things by it: then each has its own,
    named after its table (`article-kind`, `span-role`).

    Examples
    --------
    >>> from readouts.corpus_schema.bundled import bundled_package
    >>> from readouts.datapackage.package.package import open_package
    >>> glossary = Glossary(open_package(bundled_package()))
    >>> glossary.entry("act", "urge").meaning, glossary.entry("span-role", "cue").place
    ('Presses the addressee to act.', 'glossary.html#span-role-cue')
    """

    def __init__(self, package: DataPackage) -> None:
        found = {name: resource.table for name, resource in package.resources.items()}
        # What readers meet first comes first; then the tables in the order of the package.
        order = sorted(found, key=lambda name: _FIRST.index(name) if name in _FIRST else len(_FIRST))
        self._tables: dict[str, Table] = {name: table for name in order if (table := found[name]) is not None}
        self._anchors: set[str] = set()

    @cached_property
    def terms(self) -> tuple[GlossaryEntry, ...]:
        """What the rows of each table are, and the columns without labels that pages show."""
        terms = [
            (singular(name), _meaning(singular(name), table.description))
            for name, table in self._tables.items()
            if not name.endswith(_JOINED)
        ]
        terms += [
            (field.name, field.description)
            for name, columns in _UNLABELLED.items()
            for field in (self._tables[name].fields if name in self._tables else ())
            if field.name in columns and not field.categories
        ]
        return tuple(
            GlossaryEntry(self._anchor(name), name, name.replace("_", " "), _sentence(meaning))
            for name, meaning in terms
            if meaning
        )

    @cached_property
    def sections(self) -> tuple[GlossarySection, ...]:
        """The labelled columns."""
        _ = self.terms  # They have the first choice of anchors.
        return tuple(self._section(name, field, labels) for name, field, labels in self._columns())

    def section(self, name: str) -> GlossarySection | None:
        """Return the labels of a column; None where the package has none."""
        return next((section for section in self.sections if section.name == name), None)

    def entry(self, column: str, value: str | None) -> GlossaryEntry | None:
        """Return what a label of a column means, or without one a term; None where the package doesn't say."""
        name = value or ""
        # Where only one table has such a column, its section isn't named after the table.
        return self._entries.get((column, name)) or self._entries.get((column.rpartition("-")[2], name))

    def meaning(self, column: str, value: str | None) -> str:
        """Return the words of the schema on a label; nothing where it has none."""
        found = self.entry(column, value)
        return found.meaning if found else ""

    @cached_property
    def _entries(self) -> Mapping[tuple[str, str], GlossaryEntry]:
        found = {("", section.name): section.term for section in self.sections}
        found |= {("", entry.value): entry for entry in self.terms}
        return found | {(section.name, entry.value): entry for section in self.sections for entry in section.entries}

    def _columns(self) -> Iterator[tuple[str, Field, dict[str, str]]]:
        """Yield the name of each section, its column, and its labels."""
        # The site groups claims itself, also those of a release that hasn't a table of them.
        grouped = {"claims": tables()["claims"]} if "alignments" in self._tables else {}
        named: dict[str, dict[str, Field]] = {}
        for table, schema in {**self._tables, **grouped, **self._tables}.items():
            for field in schema.fields:
                if field.categories:
                    named.setdefault(field.name.removesuffix("_a").removesuffix("_b"), {})[table] = field
        for name, fields in named.items():
            own = [field for table, field in fields.items() if not table.endswith(_JOINED)] or [*fields.values()]
            first = _labels(own[0])
            if all(first.items() & _labels(field).items() for field in own):
                labels = dict(first)
                for field in (*own, *fields.values()):
                    labels = labels | _labels(field) | labels
                yield name, own[0], labels
            else:
                for table, field in fields.items():
                    if not table.endswith(_JOINED):
                        yield f"{singular(table)}-{name}", field, _labels(field)

    def _section(self, name: str, field: Field, labels: Mapping[str, str]) -> GlossarySection:
        table, shown = name.rpartition("-")[0], _SHOWN.get(name, {})
        title = field.title or field.name
        title = f"{title} of {'an' if table[:1] in 'aeiou' else 'a'} {table}" if table else title
        anchor = self._anchor(name, f"{name}-labels")
        entries = tuple(
            GlossaryEntry(
                anchor=self._anchor(f"{name}-{value}"),
                value=value,
                words=value.replace("_", " "),
                meaning=meaning.replace("`", ""),
                column=title,
                shown=shown.get(value, ""),
            )
            for value, meaning in labels.items()
        )
        return GlossarySection(name, anchor, title, field.description, entries)

    def _anchor(self, *names: str) -> str:
        """Return an id that nothing else on the page has: the first of the names that is free."""
        free = [anchor for anchor in map(address.anchor, names) if anchor not in self._anchors]
        anchor = free[0] if free else address.safe(f"~{names[-1]}~{len(self._anchors)}")
        self._anchors.add(anchor)
        return anchor


def _meaning(name: str, description: str) -> str:
    """Return what a row of a table is; where its description defines the word itself, as of a claim, that."""
    start = description.find(f"A {name} is ")
    return _ONE_ROW.sub("", description[max(start, 0) :])


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:].replace("`", "")


def _labels(field: Field) -> dict[str, str]:
    return {str(category.value): category.label for category in field.categories}


def pages(site: SiteContext) -> Iterator[Page]:
    """Yield the page of the glossary."""
    values = {
        "title": "Glossary",
        "description": "What every label of the annotation means, in the words of the schemas.",
        "section": "about",
        "trail": [("About", address.ABOUT)],
        "terms": site.glossary.terms,
        "sections": site.glossary.sections,
    }
    yield Page(address.GLOSSARY, "glossary.html", values)
