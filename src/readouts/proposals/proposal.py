"""A proposed annotation of a text: places, labels, and where each comes from."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = [
    "MentionProposal",
    "Origin",
    "Place",
    "Proposal",
    "RegionProposal",
    "RelationProposal",
    "SourceProposal",
    "StatementProposal",
]

Place = tuple[int, int]
"""Start and end in characters of the text as it is; the end is not included."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a proposal comes from.

    Attributes
    ----------
    rule
        Name of the rule, such as `en.subject-cue`, or of the tool that a file was imported from.
    confidence
        The share of what this rule proposes that is right, as measured on the corpus (0 to 1); None if unknown.
    """

    rule: str
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class SourceProposal:
    """One source of a step: an entity of the registry, or a label, with its words and the words that attribute."""

    entity: str | None = None
    label: str | None = None
    account: str | None = None
    at: tuple[Place, ...] = ()
    cue: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class StatementProposal:
    """A statement: its content, its chain and its labels.

    Attributes
    ----------
    content
        Places of its words, in reading order.
    chain
        Steps, the outermost first; the sources of a step are joint.
    origin
        Where it comes from.
    labels
        Values by column of `statements`: `form`, `medium`, `act`, `topic`, `polarity`, `certainty`, `modality`,
        `event_id`, `addressee_id`, `summary`; a column that is not there is not proposed.
    quoted
        Places between quotation marks.
    addressee
        Places of the words that name who is addressed.
    addressees
        Where several are addressed: each entity, with the places of the words that name it.
    name
        Local id, such as `s01`, where one is known.
    parent
        Local id of the statement that it is part of.
    """

    content: tuple[Place, ...]
    chain: tuple[tuple[SourceProposal, ...], ...]
    origin: Origin
    labels: dict[str, str] = field(default_factory=dict)
    quoted: tuple[Place, ...] = ()
    addressee: tuple[Place, ...] = ()
    addressees: tuple[tuple[str, tuple[Place, ...]], ...] = ()
    name: str | None = None
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class MentionProposal:
    """A name of an entity in the text."""

    entity: str
    place: Place
    origin: Origin


@dataclass(frozen=True, slots=True)
class RegionProposal:
    """A part of the text with a role: `headline`, `readout`, `caption` or `boilerplate`."""

    role: str
    place: Place
    origin: Origin
    account: str | None = None


@dataclass(frozen=True, slots=True)
class RelationProposal:
    """Who did what to whom, for formats that carry relations; its local name, where one is known, isn't compared."""

    subject: str
    predicate: str
    origin: Origin
    object: str | None = None
    statement: str | None = None
    labels: dict[str, str] = field(default_factory=dict)
    at: tuple[Place, ...] = ()
    name: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Everything proposed for one text, in reading order."""

    regions: tuple[RegionProposal, ...] = ()
    statements: tuple[StatementProposal, ...] = ()
    mentions: tuple[MentionProposal, ...] = ()
    relations: tuple[RelationProposal, ...] = ()
