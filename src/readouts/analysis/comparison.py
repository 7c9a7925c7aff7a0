"""Laying the accounts of one event side by side: what both say, what they contest, what only one of them says.

All of it is derived from statements, chains and alignments; none of it is stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from readouts.analysis.claims import DECIDING, GROUPS, claims_of
from readouts.analysis.sides import SIDES, Parties, chain_text, events_of, steps_by_statement
from readouts.datapackage.errors import UnknownIdError
from readouts.datapackage.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from readouts.analysis.sides import Row, Rows

__all__ = ["Claim", "Comparison", "Pair", "Side", "Voice", "Wording", "all_voices", "compare"]

MOST_TELLING = ("quotes_altered", "translation_variant", "quotes_verbatim", "paraphrase")
"""The relations of wording, the most telling first."""


@dataclass(frozen=True, slots=True)
class Voice:
    """One statement, as it counts in a comparison: who says it, through whom, in which article.

    `outlet` is the name of what published the article: its outlet, or the issuer of an account that has none.
    """

    statement_id: str
    summary: str
    side: str
    chain: str
    article_id: str
    outlet: str
    topic: str
    act: str
    modality: str
    certainty: str


@dataclass(frozen=True, slots=True)
class Claim:
    """Statements that say the same.

    Attributes
    ----------
    claim_id
        The smallest id of its statements.
    group
        How the accounts of the two sides meet in it: one of `readouts.analysis.claims.GROUPS`.
    topic
        The most frequent topic of its statements.
    voices
        Its statements.
    """

    claim_id: str
    group: str
    topic: str
    voices: tuple[Voice, ...]

    @property
    def articles(self) -> tuple[str, ...]:
        """The articles that carry it, in alphabetical order."""
        return tuple(sorted({voice.article_id for voice in self.voices}))

    def of(self, side: str) -> tuple[Voice, ...]:
        """Return the statements of one side; those of both sides at once are of each."""
        return tuple(voice for voice in self.voices if voice.side == side or (voice.side == "both" and side in SIDES))


@dataclass(frozen=True, slots=True)
class Pair:
    """Two claims of opposite sides, and the relation between them that puts them into their groups.

    Attributes
    ----------
    relation
        `contradicts`, `in_tension`, `weaker` or `stronger`: read "first RELATION second".
    first, second
        Side a makes the first, side b the second; a claim that both make can be on either side.
    rationale
        Why, in our own words.
    """

    relation: str
    first: Claim
    second: Claim
    rationale: str

    @property
    def group(self) -> str:
        """The group that the relation alone would give."""
        return DECIDING[self.relation]


@dataclass(frozen=True, slots=True)
class Wording:
    """How the wording of one statement relates to that of another: read "first RELATION second"."""

    relation: str
    scope: str
    first: Voice
    second: Voice
    rationale: str


@dataclass(frozen=True, slots=True)
class Side:
    """One side of an event: what it is called, its principals, its accounts, and the articles that carry them."""

    key: str
    name: str
    names: tuple[str, ...]
    accounts: tuple[str, ...]
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The accounts of one event, side by side.

    Attributes
    ----------
    event_id, title, date
        The event; its date is empty where it isn't known.
    sides
        Sides a and b.
    claims
        Every claim of the event, by its id; each has exactly one group.
    pairs
        The relations between claims of opposite sides: contradictions first, then tensions, then weaker and stronger.
    wordings
        How the wording of statements relates to that of others.
    """

    event_id: str
    title: str
    date: str
    sides: tuple[Side, Side]
    claims: tuple[Claim, ...]
    pairs: tuple[Pair, ...]
    wordings: tuple[Wording, ...]

    def group(self, name: str) -> tuple[Claim, ...]:
        """Return the claims of one group."""
        return tuple(claim for claim in self.claims if claim.group == name)

    @property
    def counts(self) -> dict[str, int]:
        """Number of claims by group, in the order of the groups."""
        return {name: len(self.group(name)) for name in GROUPS}

    def pairs_of(self, group: str) -> tuple[Pair, ...]:
        """Return the pairs whose relation gives a group; a weightier one may have put a claim of them into another."""
        return tuple(pair for pair in self.pairs if pair.group == group)


def compare(event_id: str, rows: Rows, parties: Parties | None = None) -> Comparison:
    """Compare the accounts of one event.

    Parameters
    ----------
    event_id
        The event.
    rows
        Gives the rows of a table by its name, as mappings of strings and None.
    parties
        Whom the statements of the corpus come from. Default: as the rows have it.

    Returns
    -------
    Comparison
        Over the statements that speak of the event or whose outermost source speaks through one of its accounts.
        `same_claim` is closed transitively within them.

    Raises
    ------
    UnknownIdError
        The corpus doesn't have the event; the message names the nearest one.

    Examples
    --------
    >>> from readouts.datapackage.package.package import open_package
    >>> from readouts.corpus_schema.bundled import bundled_package
    >>> compare("call-2014-03-28", open_package(bundled_package()).rows).date
    '2014-03-28'
    """
    parties = Parties.of(rows) if parties is None else parties
    if event_id not in parties.events:
        message = f"The corpus has no event '{event_id}'. {did_you_mean(event_id, parties.events)}"
        raise UnknownIdError(message)
    steps = steps_by_statement(rows("attributions"))
    statements = [
        row
        for row in rows("statements")
        if event_id in events_of(row, steps.get(row["statement_id"] or "", ()), parties.accounts)
    ]
    voices = {voice.statement_id: voice for voice in _voices(statements, rows, parties, steps, event_id)}
    alignments = [row for row in rows("alignments") if row["statement_a"] in voices and row["statement_b"] in voices]
    found = claims_of({name: (voice.side, voice.topic) for name, voice in voices.items()}, alignments)
    claims = {
        name: Claim(name, claim.group, claim.topic, tuple(voices[each] for each in claim.statements))
        for name, claim in found.claims.items()
    }
    pairs = []
    for (first, second), row in found.pairs.items():
        relation = row["relation"] or ""
        if relation in _TURNED and found.of[row["statement_a"] or ""] != first:
            relation = _TURNED[relation]
        pairs.append(Pair(relation, claims[first], claims[second], row["rationale"] or ""))
    event = parties.events[event_id]
    worded = [row for row in alignments if row["relation"] in MOST_TELLING]
    carried = rows("carriages")
    a, b = (_side(event_id, parties, carried, key) for key in SIDES)
    return Comparison(
        event_id=event_id,
        title=event["title"] or "",
        date=event["date"] or "",
        sides=(a, b),
        claims=tuple(claims.values()),
        pairs=tuple(sorted(pairs, key=lambda pair: GROUPS.index(pair.group))),
        wordings=tuple(
            Wording(
                row["relation"] or "",
                row["scope"] or "",
                voices[row["statement_a"] or ""],
                voices[row["statement_b"] or ""],
                row["rationale"] or "",
            )
            for row in sorted(worded, key=_telling)
        ),
    )


_TURNED = {"weaker": "stronger", "stronger": "weaker"}


def _telling(row: Row) -> tuple[int, str]:
    return MOST_TELLING.index(row["relation"] or ""), row.get("alignment_id") or ""


def all_voices(rows: Rows) -> tuple[Voice, ...]:
    """Return every statement of a corpus, in the order of their ids."""
    voices = _voices(rows("statements"), rows, Parties.of(rows), steps_by_statement(rows("attributions")))
    return tuple(sorted(voices, key=lambda voice: voice.statement_id))


def _voices(
    statements: Iterable[Row], rows: Rows, parties: Parties, steps: Mapping[str, list[Row]], event: str | None = None
) -> Iterator[Voice]:
    carried = {row["article_id"]: parties.issuers.get(row["account_id"] or "") for row in rows("carriages")}
    outlets = {
        row["article_id"] or "": parties.names.get(
            row["outlet_id"] or carried.get(row["article_id"]) or "", row["title"] or ""
        )
        for row in rows("articles")
    }
    for row in statements:
        name, article = row["statement_id"] or "", row["article_id"] or ""
        chain = steps.get(name, [])
        yield Voice(
            statement_id=name,
            summary=row["summary"] or "",
            side=parties.side(row, chain, event),
            chain=chain_text(chain, parties.names),
            article_id=article,
            outlet=outlets.get(article, article),
            topic=row["topic"] or "",
            act=row["act"] or "",
            modality=row["modality"] or "",
            certainty=row["certainty"] or "",
        )


def _side(event: str, parties: Parties, carried: Iterable[Row], key: str) -> Side:
    issued = tuple(sorted(name for name, place in parties.accounts.items() if place == (event, key)))
    principals = tuple(parties.names.get(name, name) for name in parties.principals.get((event, key), ()))
    carrying = {row["article_id"] or "" for row in carried if row["account_id"] in issued}
    name = parties.side_name(event, key) or f"side {key}"
    return Side(key, name, principals, issued, tuple(sorted(carrying)))
