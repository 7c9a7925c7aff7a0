"""The context of a site's pages: the data of one release, and the views that pages share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from readouts.publish.site import address
from readouts.publish.site.across import Across
from readouts.publish.site.alignments import Alignments
from readouts.publish.site.changes import changes
from readouts.publish.site.claim_lists import ClaimLines
from readouts.publish.site.data import KEYS, SiteData
from readouts.publish.site.documents import documents_of
from readouts.publish.site.glossary import Glossary
from readouts.publish.site.issuers import Issuers
from readouts.publish.site.lineage import former_fragments
from readouts.publish.site.patterns import Patterns
from readouts.publish.site.reviews import made_and_reviewed
from readouts.publish.site.search_labels import Labels
from readouts.publish.site.statement_view import StatementViews

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from readouts.loaders import Corpus
    from readouts.publish.site.changes import ReleaseChanges
    from readouts.publish.site.documents import Document

__all__ = ["SiteContext", "open_site"]


@dataclass(frozen=True)
class SiteContext:
    """The data of a release, and views over it: each is made when it is first needed, and then kept."""

    data: SiteData

    @cached_property
    def views(self) -> StatementViews:
        """Every statement as pages show it."""
        return StatementViews(self.data)

    @cached_property
    def alignments(self) -> Alignments:
        """What each statement is compared with."""
        return Alignments(self.data)

    @cached_property
    def glossary(self) -> Glossary:
        """What every label means."""
        return Glossary(self.data.package)

    @cached_property
    def documents(self) -> Mapping[str, Document]:
        """The datasheet and the guideline, by their pages, as far as there are any."""
        return documents_of(self.data.package)

    @cached_property
    def made(self) -> str:
        """Who made the annotation and who has reviewed it."""
        return made_and_reviewed(
            {"statement": self.data.rows("statements"), "comparison": self.data.rows("alignments")}
        )

    @cached_property
    def across(self) -> Across:
        """Sides, talks and claims across all events."""
        return Across(self.data)

    @cached_property
    def lines(self) -> ClaimLines:
        """Claims as lines of lists."""
        return ClaimLines(self)

    @cached_property
    def patterns(self) -> Patterns:
        """What each side leaves out, and what pairs of sides contest."""
        return Patterns(self)

    @cached_property
    def issuers(self) -> Issuers:
        """The issuers of accounts."""
        return Issuers(self)

    @cached_property
    def labels(self) -> Labels:
        """The labels of all things, as the search finds them."""
        return Labels(self.data, self.glossary)

    @cached_property
    def former_accounts(self) -> Mapping[str, Sequence[str]]:
        """The fragments of the ids that accounts had in the past, by the id of today."""
        return former_fragments(self.data, "accounts")

    @cached_property
    def changes(self) -> Mapping[str, ReleaseChanges]:
        """What each release changed, by version, the oldest first; of those that can be compared."""
        return dict(changes(self.data))

    def place_of(self, table: str, name: str) -> str | None:
        """Return where in the site a thing is shown, by its table and its id; None if it has no place of its own."""
        row = self.data.by_id(table).get(name) if table in KEYS else None
        if row is None:
            return None
        if table in address.KINDS:
            return address.place(table, name)
        if table == "accounts":
            return f"{address.place('events', row['event_id'] or '')}#{address.fragment(name)}"
        if table == "alignments":
            page = address.place("statements", row["statement_a"] or "", self.alignments.pages.get(name, 1))
            return f"{page}#{address.fragment(name)}"
        return address.place("entities", row["subject_id"] or "")


def open_site(corpus: Corpus, texts: Path | None = None) -> SiteContext:
    """Return the context of the pages of a corpus.

    Parameters
    ----------
    corpus
        The corpus.
    texts
        Folder with the articles' texts, for a site with quotations that must not be published.

    Raises
    ------
    ReadoutsError
        There is no such folder, or no text in it is one of the corpus.

    Examples
    --------
    >>> import readouts
    >>> site = open_site(readouts.load())
    >>> site.data.name("barack-obama"), site.place_of("accounts", "kremlin-2014-03-06")
    ('Barack Obama', 'events/call-2014-03-06.html#kremlin-2014-03-06')
    """
    return SiteContext(SiteData(corpus if texts is None else corpus.hydrate(texts)))
