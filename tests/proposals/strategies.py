"""Texts and proposals to try formats and drafts with."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from readouts.corpus_schema.tables import tables
from readouts.proposals.proposal import (
    MentionProposal,
    Origin,
    Place,
    Proposal,
    RegionProposal,
    RelationProposal,
    SourceProposal,
    StatementProposal,
)

__all__ = ["ORIGIN", "Words", "made_by", "proposals", "texts"]

ORIGIN = Origin("test", 0.5)
Words = tuple[Place, ...]
"""Where each word of a text is."""

_WORDS = [
    "Marek",
    "said",
    "a",
    "Острова",
    "马雷克",
    "指出",
    "😀",
    "𝒜𝒷c",
    "e\u0301",
    "“yes”",
    "x\u0301\u0302y",
    "7",
    "韦方",
]
_BETWEEN = [" ", " ", " ", "", "\n", "\r\n", "\n\n", "\u2028", "\t", "，", ". ", " | "]
_ENTITIES = st.sampled_from(["jana-marek", "ilya-ostrova", "office-of-marek", "a.b_c"])
_FREE = st.text(st.sampled_from("ab =|\\;😀马\u0301\"'&<>\n\r\t\u2028.:#"), min_size=1, max_size=20)


@st.composite
def texts(draw: st.DrawFn) -> tuple[str, Words]:
    """Draw a text, and where its words are."""
    text, places = draw(st.sampled_from(["", "\ufeff", "\r\n", " "])), []
    for word in draw(st.lists(st.sampled_from(_WORDS), min_size=4, max_size=24)):
        places.append((len(text), len(text) + len(word)))
        text += word + draw(st.sampled_from(_BETWEEN))
    return text, tuple(places)


def _spans(words: Words, most: int = 3, least: int = 0) -> st.SearchStrategy[tuple[Place, ...]]:
    """Draw spans of whole words that don't overlap, in reading order."""

    def spans(edges: set[int]) -> tuple[Place, ...]:
        found = sorted(edges)
        pairs = zip(found[::2], found[1::2], strict=False)
        return tuple((words[first][0], words[last][1]) for first, last in pairs)

    every = st.sampled_from(range(len(words)))
    several = st.sets(every, min_size=2 * least, max_size=2 * min(most, len(words) // 2)).map(spans)
    one = every.map(lambda number: (words[number],))
    return st.one_of(one, several) if most else st.just(())


def _place(words: Words) -> st.SearchStrategy[Place]:
    return _spans(words, least=1).map(lambda spans: spans[0])


def _label(table: str, name: str) -> st.SearchStrategy[str]:
    return st.sampled_from(tables()[table].field(name).constraints.enum or ())


def _maybe(value: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | value


def _labels(**values: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries({}, optional=values)


def _sources(words: Words) -> st.SearchStrategy[SourceProposal]:
    named = st.one_of(
        _ENTITIES.map(lambda entity: {"entity": entity}),
        _FREE.map(lambda label: {"label": label}),
    )
    account = _maybe(st.sampled_from(["call-2031.a", "call-2031.b"]))
    return st.builds(
        lambda name, account, at, cue: SourceProposal(**name, account=account, at=at, cue=cue),
        named,
        account,
        _spans(words),
        _spans(words),
    )


@st.composite
def _statements(draw: st.DrawFn, words: Words, name: str | None, parents: list[str]) -> StatementProposal:
    columns = ("form", "medium", "act", "topic", "polarity", "certainty", "modality")
    enums = {column: _label("statements", column) for column in columns}
    labels = draw(_labels(**enums, event_id=st.sampled_from(["call-2031", "visit-2031"]), summary=_FREE))
    addressee: tuple[Place, ...] = ()
    addressees: tuple[tuple[str, tuple[Place, ...]], ...] = ()
    if draw(st.booleans()):
        addressee = draw(_spans(words))
        labels |= draw(_labels(addressee_id=_ENTITIES))
    elif draw(st.booleans()):
        found = st.lists(st.tuples(_ENTITIES, _spans(words)), min_size=2, max_size=3, unique_by=lambda each: each[0])
        addressees = tuple(draw(found))
    step = st.lists(_sources(words), min_size=1, max_size=2).map(tuple)
    return StatementProposal(
        content=draw(_spans(words, least=1)),
        chain=tuple(draw(st.lists(step, max_size=3))),
        origin=ORIGIN,
        labels=labels,
        quoted=draw(_spans(words)),
        addressee=addressee,
        addressees=addressees,
        name=name,
        parent=draw(_maybe(st.sampled_from(parents))) if parents else None,
    )


@st.composite
def proposals(draw: st.DrawFn, words: Words) -> Proposal:
    """Draw a proposal for a text: nested, equal and discontinuous spans, joint sources, parents."""
    names: list[str] = []
    statements = []
    for number in range(draw(st.integers(0, 4))):
        name = draw(_maybe(st.just(f"s{number + 1:02}")))
        statements.append(draw(_statements(words, name, names)))
        names += [name] if name else []
    regions = st.builds(
        lambda role, place, account: RegionProposal(role, place, ORIGIN, account),
        st.sampled_from(["headline", "caption", "readout", "boilerplate"]),
        _place(words),
        _maybe(st.just("call-2031.a")),
    )
    mentions = st.builds(lambda entity, place: MentionProposal(entity, place, ORIGIN), _ENTITIES, _place(words))
    relations = st.builds(
        lambda subject, predicate, other, statement, labels, at: RelationProposal(
            subject, predicate, ORIGIN, other, statement, labels, at
        ),
        _ENTITIES,
        _label("relations", "predicate"),
        _maybe(_ENTITIES),
        _maybe(st.sampled_from(names)) if names else st.none(),
        _labels(
            status=_label("relations", "status"),
            fit=_label("relations", "fit"),
            contexts=st.sampled_from(["diplomatic", "diplomatic|military"]),
            mode=_label("relations", "mode"),
            valid_from=st.just("2031-05-01"),
        ),
        _spans(words),
    )
    return Proposal(
        tuple(draw(st.lists(regions, max_size=3))),
        tuple(statements),
        tuple(draw(st.lists(mentions, max_size=4))),
        tuple(draw(st.lists(relations, max_size=2))),
    )


def made_by(proposal: Proposal, tool: str) -> Proposal:
    """Return a proposal as it comes back from a tool."""
    origin = Origin(tool)
    return Proposal(
        tuple(replace(each, origin=origin) for each in proposal.regions),
        tuple(replace(each, origin=origin) for each in proposal.statements),
        tuple(replace(each, origin=origin) for each in proposal.mentions),
        tuple(replace(each, origin=origin) for each in proposal.relations),
    )
