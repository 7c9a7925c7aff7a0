"""What the page of an event shows: claims with those that they meet, and quotations with what they quote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from readouts.corpus_schema.tables import tables
from readouts.publish.site import address
from readouts.publish.site.pagination import encoded_length
from readouts.publish.site.statement_view import WORDING, estimated_bytes
from readouts.publish.words import PAIR_WORDS, topic_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from readouts.analysis.comparison import Claim, Comparison, Pair
    from readouts.publish.site.context import SiteContext
    from readouts.publish.site.statement_view import StatementView

__all__ = ["CONTESTED", "PAIRED", "WORDING_SECTION", "Line", "WordingView", "lines", "ranks", "wordings"]

CONTESTED = {"contradicted": "Contradicted", "in_tension": "In tension"}
"""The groups of claims that the page of an event begins with, and their headings."""
PAIRED = (*CONTESTED, "partly")
"""The groups of claims that meet claims of the other side."""
WORDING_SECTION = ("wording", "Quotations altered or retranslated")
_WORDED = {name: WORDING[name] for name in ("quotes_altered", "translation_variant")}
"""The relations of wording that change what is quoted, as words between the two statements."""


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim on one side: the statements that make it, the most telling first; `again` if it appeared above."""

    statements: tuple[StatementView, ...]
    again: bool


@dataclass(frozen=True, slots=True)
class PairView:
    """How a claim of side a relates to one of side b, and the claim of side b."""

    relation: str
    rationale: str
    claim: ClaimView

    @property
    def words(self) -> str:
        """How the claims relate."""
        return PAIR_WORDS[self.relation]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the comparison: a claim, with the claims of the other side that it meets.

    Attributes
    ----------
    kind
        The group of the claim; of one that meets others, the weightiest relation to them.
    topic
        The topic that it is under.
    left, right, middle
        Claims of side a, of side b, and those of neither side or of both at once.
    pairs
        For a claim of side a that is contradicted, in tension, or says more or less: the claims of side b.
    """

    kind: str
    topic: str
    left: ClaimView
    right: ClaimView
    middle: ClaimView
    pairs: tuple[PairView, ...] = ()

    @property
    def section(self) -> tuple[str, str]:
        """Id and heading of what it is under: its group, if it is contested, else its topic."""
        if self.kind in CONTESTED:
            return self.kind, CONTESTED[self.kind]
        return f"topic-{address.fragment(self.topic)}", topic_name(self.topic)

    def statements(self) -> Iterator[StatementView]:
        """Yield its statements."""
        for claim in (self.left, self.right, self.middle, *(pair.claim for pair in self.pairs)):
            yield from claim.statements

    @property
    def weight(self) -> int:
        """About how many bytes it takes on a page."""
        rationales = encoded_length(*(pair.rationale for pair in self.pairs))
        return (
            400
            + 250 * len(self.pairs)
            + rationales
            + sum(estimated_bytes(said, cited=True) for said in self.statements())
        )


@dataclass(frozen=True, slots=True)
class WordingView:
    """A quotation that differs from what it quotes, or words translated in two ways: the two statements, and why."""

    relation: str
    words: str
    rationale: str
    first: StatementView
    second: StatementView

    @property
    def section(self) -> tuple[str, str]:
        """Id and heading of what it is under."""
        return WORDING_SECTION

    @property
    def weight(self) -> int:
        """About how many bytes it takes on a page."""
        return 400 + encoded_length(self.rationale) + estimated_bytes(self.first) + estimated_bytes(self.second)


class _AccountView:
    """Lays out claims, and knows which statements were on the page already."""

    def __init__(self, site: SiteContext, reprints: Sequence[tuple[str, int, int]]) -> None:
        self._site = site
        self._reprints = reprints
        self._seen: set[str] = set()

    def order(self, names: Sequence[str]) -> list[StatementView]:
        """Return statements, first those in an account that is reprinted in full, and last what is presupposed."""

        def rank(said: StatementView) -> tuple[bool, bool, str, int, str]:
            inside = any(
                said.article == article and start <= said.start and said.end <= end
                for article, start, end in self._reprints
            )
            return not inside, said.modality == "presupposed", said.article, said.start, said.id

        return sorted(self._site.views.of(names), key=rank)

    def topic(self, claim: Claim) -> str:
        """Return the topic that a claim is under."""
        return self.order([voice.statement_id for voice in claim.voices])[0].topic

    def view(self, claim: Claim, *sides: str) -> ClaimView:
        """Return the statements of a claim that come from some sides; one alone, if it was on the page already."""
        names = [voice.statement_id for voice in claim.voices if voice.side in sides]
        ordered = self.order(names)
        again = bool(ordered) and ordered[0].id in self._seen
        self._seen.update(names)
        return ClaimView(tuple(ordered[:1] if again else ordered), again)


NOTHING = ClaimView((), again=False)


def lines(site: SiteContext, comparison: Comparison) -> list[Line]:
    """Return the lines of a comparison: contradictions, tensions, then topic by topic what both say and the rest."""
    reprints = [
        (row["article_id"] or "", int(row["start"]), int(row["end"]))
        for row in site.data.event_carriages(comparison.event_id)
        if row["completeness"] != "reported" and row["start"] and row["end"]
    ]
    accounts = _AccountView(site, reprints)
    pairs: dict[Claim, list[Pair]] = {}
    for pair in comparison.pairs:
        pairs.setdefault(pair.first, []).append(pair)
    alone = ("only_a", "only_b", "third")
    claims = [("both", claim) for claim in comparison.group("both")]
    claims += [(found[0].group, claim) for claim, found in pairs.items()]
    claims += [(group, claim) for group in alone for claim in comparison.group(group)]
    drafts = [(kind, accounts.topic(claim), claim) for kind, claim in claims]
    topics, groups = ranks("topic"), list(CONTESTED)
    drafts.sort(
        key=lambda draft: (
            groups.index(draft[0]) if draft[0] in CONTESTED else len(groups),
            topics.get(draft[1], len(topics)),
            draft[1],
        )
    )
    return [
        _line(accounts, kind, topic, claim, pairs[claim] if kind in PAIRED else ()) for kind, topic, claim in drafts
    ]


def _line(accounts: _AccountView, kind: str, topic: str, claim: Claim, pairs: Iterable[Pair]) -> Line:
    if kind in PAIRED:
        left = accounts.view(claim, "a", "both")
        views = tuple(
            PairView(pair.relation, pair.rationale, accounts.view(pair.second, "b", "both")) for pair in pairs
        )
        return Line(kind, topic, left, NOTHING, NOTHING, views)
    left, right = accounts.view(claim, "a"), accounts.view(claim, "b")
    return Line(kind, topic, left, right, accounts.view(claim, "both", "third"))


def wordings(site: SiteContext, comparison: Comparison) -> list[WordingView]:
    """Return the quotations of an event that were altered, and the words that were translated in two ways."""
    return [
        WordingView(
            found.relation,
            _WORDED[found.relation],
            found.rationale,
            site.views[found.first.statement_id],
            site.views[found.second.statement_id],
        )
        for found in comparison.wordings
        if found.relation in _WORDED
    ]


def ranks(column: str) -> dict[str, int]:
    """Return the values of a closed list of `statements` with their places in it; nothing for another column."""
    listed = {field.name: field.constraints.enum or () for field in tables()["statements"].fields}
    return {value: place for place, value in enumerate(listed.get(column, ()))}
