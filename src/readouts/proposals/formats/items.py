"""Annotations as tools know them: marked places with values and links; and a proposal turned into them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from readouts.annotations.forms import REGION, REGION_ROLES, RELATION, STATEMENT, STEP, Column, Form, column
from readouts.datapackage.incident import Source

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from readouts.proposals.proposal import Place, Proposal, StatementProposal

__all__ = ["KINDS", "MOST_STEPS", "OWNED", "About", "Item", "Kind", "is_step", "items_of", "values_of"]

MOST_STEPS = 10
"""Steps that a chain has at most."""


@dataclass(frozen=True, slots=True)
class About:
    """The article of a tool's file, and the ids that its annotations may name.

    Attributes
    ----------
    article
        Id of the article.
    entities, accounts, events
        Ids that there are; None where any id will do.
    """

    article: str
    entities: frozenset[str] | None = None
    accounts: frozenset[str] | None = None
    events: frozenset[str] | None = None

    def known(self, table: str) -> frozenset[str] | None:
        """Return the ids of a table, None where any will do."""
        return {"entities": self.entities, "accounts": self.accounts, "events": self.events}.get(table)


@dataclass(frozen=True, slots=True)
class Item:
    """One annotation of a tool.

    Attributes
    ----------
    id
        What links call it.
    kind
        A key of `KINDS`.
    places
        Where it is, part by part; none where the text has no words for it.
    values
        What it says, by name.
    links
        Roles and ids of the items it is linked to. The role of a source is the number of its step, from 1.
    near
        Where a tool may show it that has no place for what has none.
    words
        The words at each of its places, where the tool's file has them.
    source
        Its place in the tool's file.
    """

    id: str
    kind: str
    places: tuple[Place, ...]
    values: Mapping[str, str] = field(default_factory=dict)
    links: tuple[tuple[str, str], ...] = ()
    near: Place | None = None
    words: tuple[str, ...] | None = None
    source: Source = field(default_factory=lambda: Source(""))


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of annotation: the columns that its values fill, what it may be linked to, and what it needs."""

    title: str
    values: Mapping[str, Column | None] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    needed: tuple[str, ...] = ()
    placed: bool = True


def _columns(form: Form, *left_out: str) -> dict[str, Column | None]:
    """Return the columns that the keys of a form fill, without those that links or places stand for."""
    return {name: made for name, made in form.columns.items() if made is not None and name not in left_out}


_MADE = ("made_by", "review", "reviewed_by")
_ENTITY = {"entity": column("attributions", "entity_id")}
_STATEMENT = _columns(STATEMENT, "parent", "addressee", *_MADE)
_RELATION = _columns(RELATION, "statement")

KINDS = {
    "Region": Kind("A part of the text with a role of its own.", _columns(REGION), needed=("role",)),
    "Statement": Kind(
        "The words of its content.",
        {"name": None, **_STATEMENT},
        {"chain": "Source", "quoted": "Quoted", "addressee": "Addressee", "parent": "Statement"},
    ),
    "Source": Kind("Words that name who says it.", _columns(STEP), {"cue": "Cue"}, placed=False),
    "Cue": Kind("Words that attribute."),
    "Quoted": Kind("Words between quotation marks."),
    "Addressee": Kind("Words that name who is addressed.", _ENTITY, placed=False),
    "Mention": Kind("A name of an entity.", _ENTITY, needed=("entity",)),
    "Relation": Kind(
        "Who did what to whom.", _RELATION, {"statement": "Statement"}, needed=("subject", "predicate"), placed=False
    ),
}
"""Every kind of annotation, by name."""
OWNED = frozenset(kind for each in KINDS.values() for kind in each.links.values()) - {"Statement"}
"""The kinds that belong to others: what is the same is one annotation that all are linked to."""

_STEP = re.compile("[1-9][0-9]?")


def is_step(role: str) -> bool:
    """Return whether the role of a link is the number of a step.

    Examples
    --------
    >>> is_step("1"), is_step("cue")
    (True, False)
    """
    return _STEP.fullmatch(role) is not None


@cache
def _keys(kind: str) -> dict[str, str]:
    """Return the key of each column of a kind."""
    return {made.name: name for name, made in KINDS[kind].values.items() if made is not None}


def values_of(made: Column | None, about: About) -> list[str]:
    """Return the values that a column may have: those of its list, or the ids that there are; none if any text may be.

    Examples
    --------
    >>> values_of(KINDS["Statement"].values["polarity"], About("herald"))
    ['positive', 'negative', 'unclear']
    >>> values_of(KINDS["Mention"].values["entity"], About("herald", entities=frozenset({"jana-marek"})))
    ['jana-marek']
    """
    if made is None:
        return []
    if made == column("spans", "role"):
        return [*REGION_ROLES]
    return [*(made.field.constraints.enum or sorted(about.known(made.target or "") or ()))]


def items_of(proposal: Proposal) -> list[Item]:
    """Turn a proposal into the annotations of a tool.

    What statements share, such as their issuer or the words of one cue, is one annotation that all are linked to.

    Examples
    --------
    >>> from readouts.proposals.proposal import Origin, Proposal, SourceProposal, StatementProposal
    >>> marek = SourceProposal("jana-marek", at=((0, 5),), cue=((6, 10),))
    >>> statement = StatementProposal(((16, 34),), ((marek,),), Origin("en"), {"act": "say"})
    >>> for item in items_of(Proposal(statements=(statement,))):
    ...     print(item.id, item.places, item.values, item.links)
    statement-1 ((16, 34),) {'act': 'say'} (('1', 'source-1'),)
    cue-1 ((6, 10),) {} ()
    source-1 ((0, 5),) {'entity': 'jana-marek'} (('cue', 'cue-1'),)
    """
    maker = _Maker()
    for region in proposal.regions:
        maker.add("Region", (region.place,), {"role": region.role, "account": region.account})
    for number, statement in enumerate(proposal.statements, 1):
        if statement.name is not None:
            maker.statements[statement.name] = f"statement-{number}"
    for statement in proposal.statements:
        maker.statement(statement)
    for mention in proposal.mentions:
        maker.add("Mention", (mention.place,), {"entity": mention.entity})
    for relation in proposal.relations:
        labels = {_keys("Relation")[name]: value for name, value in relation.labels.items()}
        values = {"subject": relation.subject, "predicate": relation.predicate, "object": relation.object, **labels}
        maker.add("Relation", relation.at, values, maker.to("statement", relation.statement))
    return maker.items


class _Maker:
    def __init__(self) -> None:
        self.items: list[Item] = []
        self.statements: dict[str, str] = {}
        self.counts: dict[str, int] = {}
        self.known: dict[Hashable, str] = {}

    def to(self, role: str, name: str | None) -> list[tuple[str, str]]:
        """Return the link to a statement that is known by its local name."""
        return [] if name is None else [(role, self.statements.get(name, name))]

    def add(
        self,
        kind: str,
        places: tuple[Place, ...],
        values: Mapping[str, str | None],
        links: Sequence[tuple[str, str]] = (),
        near: Place | None = None,
    ) -> str:
        """Add an item, or find the one that says the same, and return its id."""
        said = {name: value for name, value in values.items() if value}
        key = (kind, places, tuple(values.items()), tuple(links))
        if kind in OWNED and key in self.known:
            return self.known[key]
        number = self.counts[kind] = self.counts.get(kind, 0) + 1
        self.known[key] = name = f"{kind.lower()}-{number}"
        self.items.append(Item(name, kind, places, said, tuple(links), near))
        return name

    def statement(self, statement: StatementProposal) -> None:
        """Add a statement with all that it is linked to."""
        at = len(self.items)
        near = statement.content[0] if statement.content else None
        labels = dict(statement.labels)
        addressee = labels.pop("addressee_id", None)
        links: list[tuple[str, str]] = []
        for number, step in enumerate(statement.chain, 1):
            for source in step:
                cue = [("cue", self.add("Cue", source.cue, {}))] if source.cue else []
                values = {"entity": source.entity, "label": source.label, "account": source.account}
                links.append((str(number), self.add("Source", source.at, values, cue, near)))
        if statement.quoted:
            links.append(("quoted", self.add("Quoted", statement.quoted, {})))
        if addressee or statement.addressee:
            links.append(("addressee", self.add("Addressee", statement.addressee, {"entity": addressee}, near=near)))
        for entity, places in statement.addressees:
            links.append(("addressee", self.add("Addressee", places, {"entity": entity}, near=near)))
        links += self.to("parent", statement.parent)
        values = {"name": statement.name, **{_keys("Statement")[name]: value for name, value in labels.items()}}
        self.add("Statement", statement.content, values, links)
        # A statement comes before the items it is linked to.
        self.items.insert(at, self.items.pop())
