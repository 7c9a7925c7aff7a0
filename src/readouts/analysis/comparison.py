"""Laying the accounts of one event side by side: what both say, what they contest, what only one of them says.

All of it is derived from statements, chains and alignments; none of it is stored.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from readouts.analysis.claims import DECIDING, GROUP_TITLES, GROUPS, claims_of
from readouts.analysis.frames import frame_of
from readouts.analysis.sides import SIDES, Parties, chain_text, events_of, steps_by_statement
from readouts.corpus_schema.naming import id_of
from readouts.datapackage.render.notebook import notebook_html
from readouts.datapackage.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import pandas as pd

    from readouts.analysis.sides import Row, Rows

__all__ = ["Claim", "Comparison", "Pair", "Side", "Voice", "Wording", "all_voices", "compare"]

COLUMNS = (
    "group", "claim_id", "side", "side_name", "statement_id", "summary", "chain", "outlet", "article_id", "topic",
    "act", "modality", "certainty",
)  # fmt: skip
"""The columns of a row on a statement of a comparison."""
_OF_VOICES = tuple(
    f"{name}_{side}" for side in SIDES for name in ("statement", "summary", "side", "side_name", "outlet")
)
WORDING_COLUMNS = ("relation", "scope", *_OF_VOICES, "rationale")
"""The columns of a row on two statements whose wording is compared."""
_SHOWN = 12
"""How many rows a notebook shows."""
MOST_TELLING = ("quotes_altered", "translation_variant", "quotes_verbatim", "paraphrase")
"""The relations of wording, the most telling first."""


@dataclass(frozen=True, slots=True, repr=False)
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

    def __repr__(self) -> str:
        return f"<Voice {self.statement_id}, side {self.side}: {self.summary}>"

    def cells(self, letter: str, side_name: str | None) -> dict[str, str | None]:
        """Return its cells in a row, as the first (`a`) or second (`b`) of two statements."""
        found = {"statement": self.statement_id, "summary": self.summary, "side": self.side, "side_name": side_name}
        return {f"{name}_{letter}": value for name, value in {**found, "outlet": self.outlet}.items()}


@dataclass(frozen=True, slots=True, repr=False)
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

    def __repr__(self) -> str:
        return f"<Claim {self.claim_id}, {self.group}: {counted(len(self.voices), 'statement')}>"

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


@dataclass(frozen=True, slots=True, repr=False)
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

    def __repr__(self) -> str:
        a, b = (side.name for side in self.sides)
        counts = ", ".join(f"{name} {count}" for name, count in self.counts.items() if count)
        return f"<Comparison of {self.event_id}: {a} (a) and {b} (b), {counted(len(self.claims), 'claim')}: {counts}>"

    def _repr_html_(self) -> str:
        names = self.side_names
        titles = {group: GROUP_TITLES[group].format(**names) for group in GROUPS}
        met = [(pair.group, pair.first, pair.second) for pair in self.pairs]
        met += [(group, claim, claim) for group in ("both", "only_a", "only_b", "third") for claim in self.group(group)]
        rows = [
            [titles[group], one.topic, "\n".join(_summaries(one, "a")), "\n".join(_summaries(other, "b"))]
            for group, one, other in met[:_SHOWN]
        ]
        notes = ["; ".join(f"{titles[group]}: {count}" for group, count in self.counts.items())]
        notes += [f"{len(rows)} of {len(met)} rows; to_frame() has every claim."] if len(rows) < len(met) else []
        return notebook_html(self.title or self.event_id, notes, ["group", "topic", names["a"], names["b"]], rows)

    @property
    def side_names(self) -> dict[str, str]:
        """What the sides `a`, `b` and `both` are called; `third` has no name."""
        a, b = self.sides
        return {"a": a.name, "b": b.name, "both": f"{a.name} + {b.name}"}

    def records(self) -> Iterator[dict[str, str | None]]:
        """Yield a row for each statement, with the group and the id of its claim; claims in the order of the groups."""
        for group in GROUPS:
            for claim in self.group(group):
                for voice in claim.voices:
                    row = {"group": group, "claim_id": claim.claim_id, "side_name": self.side_names.get(voice.side)}
                    row |= asdict(voice)
                    yield {name: row[name] for name in COLUMNS}

    def wording_records(self) -> Iterator[dict[str, str | None]]:
        """Yield a row for each pair of statements whose wording is compared."""
        for wording in self.wordings:
            row: dict[str, str | None] = {"relation": wording.relation, "scope": wording.scope}
            for letter, voice in (("a", wording.first), ("b", wording.second)):
                row |= voice.cells(letter, self.side_names.get(voice.side))
            yield {**row, "rationale": wording.rationale}

    def to_frame(self) -> pd.DataFrame:
        """Return a row for each statement, with the group and the id of its claim.

        Examples
        --------
        >>> import readouts
        >>> readouts.load().compare("call-2014-03-28").to_frame().columns[:5].to_list()
        ['group', 'claim_id', 'side', 'side_name', 'statement_id']
        """
        return self.to_frames()["statements"]

    def to_frames(self) -> dict[str, pd.DataFrame]:
        """Return `statements`, `claims`, `pairs` and `wordings`, a frame each.

        Examples
        --------
        >>> import readouts
        >>> sorted(readouts.load().compare("call-2014-03-28").to_frames())
        ['claims', 'pairs', 'statements', 'wordings']
        """
        claims = (
            {
                **{name: getattr(claim, name) for name in ("claim_id", "group", "topic", "articles")},
                "statements": [voice.statement_id for voice in claim.voices],
                **{f"summary_{side}": " | ".join(_summaries(claim, side)) or None for side in SIDES},
            }
            for claim in self.claims
        )
        pairs = ({**asdict(pair), "first": pair.first.claim_id, "second": pair.second.claim_id} for pair in self.pairs)
        lists = {"group": GROUPS, "side": (*SIDES, "both", "third")}
        of_claims = dict.fromkeys(["claim_id", "group", "topic", "summary_a", "summary_b"], "text")
        return {
            "statements": frame_of(self.records(), dict.fromkeys(COLUMNS, "text"), lists),
            "claims": frame_of(claims, {**of_claims, "articles": "list", "statements": "list"}, {"group": GROUPS}),
            "pairs": frame_of(pairs, dict.fromkeys(["relation", "first", "second", "rationale"], "text")),
            "wordings": frame_of(self.wording_records(), dict.fromkeys(WORDING_COLUMNS, "text")),
        }

    def pairs_of(self, group: str) -> tuple[Pair, ...]:
        """Return the pairs whose relation gives a group; a weightier one may have put a claim of them into another."""
        return tuple(pair for pair in self.pairs if pair.group == group)


def compare(event_id: str, rows: Rows, parties: Parties | None = None) -> Comparison:
    """Compare the accounts of one event.

    Parameters
    ----------
    event_id
        The event, by its id or its title.
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
        event_id = id_of("event", event_id, lambda _: list(parties.events.values()))
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


def _summaries(claim: Claim, side: str) -> Iterable[str]:
    """Return what one side says in a claim, each sentence once."""
    return dict.fromkeys(voice.summary for voice in claim.of(side))


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
