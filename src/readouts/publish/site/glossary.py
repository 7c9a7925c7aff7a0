"""What every label means, in the words of the package's own schemas: the page of it, and where each is explained."""

from __future__ import annotations

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
_UNLABELLED = {"attributions": ("depth",), "statements": ("made_by", "summary", "start"), "relations": ("fit",)}
"""Columns without labels that pages show, by their table."""


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """A label or a term: its place on the page of the glossary, what it is called, and what it means."""

    anchor: str
    value: str
    words: str
    meaning: str
    shown: str = ""

    @property
    def place(self) -> str:
        """Where in the site it is explained."""
        return f"{address.GLOSSARY}#{self.anchor}"


@dataclass(frozen=True, slots=True)
class GlossarySection:
    """The labels of one column; `name` is what links and templates call it, such as `act` or `span-role`."""

    name: str
    anchor: str
    title: str
    description: str
    entries: tuple[GlossaryEntry, ...]


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
        self._tables: dict[str, Table] = {name: table for name, table in found.items() if table is not None}
        self._anchors: set[str] = set()

    @cached_property
    def terms(self) -> tuple[GlossaryEntry, ...]:
        """What the rows of each table are, and the columns without labels that pages show."""
        terms = [
            (singular(name), table.title.lower() or name, table.description) for name, table in self._tables.items()
        ]
        for name, columns in _UNLABELLED.items():
            for field in self._tables[name].fields if name in self._tables else ():
                if field.name in columns and not field.categories:
                    terms.append((field.name, (field.title or field.name).lower(), field.description))
        return tuple(
            GlossaryEntry(self._anchor(name), name, words, meaning) for name, words, meaning in terms if meaning
        )

    @cached_property
    def sections(self) -> tuple[GlossarySection, ...]:
        """The labelled columns."""
        _ = self.terms  # They have the first choice of anchors.
        return tuple(self._section(name, field, labels) for name, field, labels in self._columns())

    def entry(self, column: str, value: str | None) -> GlossaryEntry | None:
        """Return what a label means; None where the package doesn't say so."""
        return self._entries.get((column, value or ""))

    def meaning(self, column: str, value: str | None) -> str:
        """Return the words of the schema on a label; nothing where it has none."""
        found = self.entry(column, value)
        return found.meaning if found else ""

    @cached_property
    def _entries(self) -> Mapping[tuple[str, str], GlossaryEntry]:
        found = {(section.name, entry.value): entry for section in self.sections for entry in section.entries}
        return {("", entry.value): entry for entry in self.terms} | found

    def _columns(self) -> Iterator[tuple[str, Field, dict[str, str]]]:
        """Yield the name of each section, its column, and its labels."""
        named: dict[str, dict[str, Field]] = {}
        for name, table in self._tables.items():
            for field in table.fields:
                if field.categories:
                    named.setdefault(field.name.removesuffix("_a").removesuffix("_b"), {})[name] = field
        # The site groups claims itself, also those of a package that hasn't a table of them.
        named.setdefault("group", {"claims": tables()["claims"].field("group")})
        for name, fields in named.items():
            # Tables that join others repeat their columns.
            own = {table: field for table, field in fields.items() if not table.endswith("_wide")} or fields
            first = _labels(next(iter(own.values())))
            if all(first.items() & _labels(field).items() for field in own.values()):
                labels = dict(first)
                for field in (*own.values(), *fields.values()):
                    labels = labels | _labels(field) | labels
                yield name, next(iter(own.values())), labels
            else:
                for table, field in own.items():
                    yield f"{singular(table)}-{name}", field, _labels(field)

    def _section(self, name: str, field: Field, labels: Mapping[str, str]) -> GlossarySection:
        table, _, column = name.rpartition("-")
        title = field.title or column
        shown = _SHOWN.get(name, {})
        anchor = self._anchor(name)
        entries = [
            GlossaryEntry(
                self._anchor(f"{name}-{value}"), value, value.replace("_", " "), meaning, shown.get(value, "")
            )
            for value, meaning in labels.items()
        ]
        return GlossarySection(
            name, anchor, f"{title} of {table}" if table else title, field.description, tuple(entries)
        )

    def _anchor(self, name: str) -> str:
        """Return an id that no other entry of the page has: the name, wherever it can be."""
        anchor = address.anchor(name)
        while anchor in self._anchors:
            anchor = address.safe(f"~{anchor}")
        self._anchors.add(anchor)
        return anchor


def _labels(field: Field) -> dict[str, str]:
    return {str(category.value): category.label for category in field.categories}


def pages(site: SiteContext) -> Iterator[Page]:
    """Yield the page of the glossary."""
    values = {
        "title": "Glossary",
        "description": "What every label of the annotation means, in the words of the schemas.",
        "section": "about",
        "trail": [("About", address.ABOUT)],
        "glossary": site.glossary,
    }
    yield Page(address.GLOSSARY, "glossary.html", values)
