"""Annotations as tools know them: marked places with values and links, which a proposal is turned into and back."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING

from readouts.annotations.forms import REGION, REGION_ROLES, RELATION, STATEMENT, STEP, Column, Form, column
from readouts.corpus_schema.incident_codes import incident
from readouts.datapackage.incident import Incident, Source, sorted_incidents
from readouts.datapackage.suggest import did_you_mean
from readouts.proposals.draft_text import statement_names
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

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

__all__ = ["KINDS", "MOST_STEPS", "About", "Item", "Kind", "is_step", "items_of", "proposal_of_items", "values_of"]

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


_NAME = re.compile("[a-z0-9]+")
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
        number = self.counts[kind] = self.counts.get(kind, 0) + 1
        said = {name: value for name, value in values.items() if value}
        self.items.append(Item(f"{kind.lower()}-{number}", kind, places, said, tuple(links), near))
        return self.items[-1].id

    def share(
        self,
        kind: str,
        places: tuple[Place, ...],
        values: Mapping[str, str | None],
        links: Sequence[tuple[str, str]] = (),
        near: Place | None = None,
    ) -> str:
        """Return the item that is the same as one that is there, or add it."""
        key = (kind, places, tuple(values.items()), tuple(links))
        return self.known.get(key) or self.known.setdefault(key, self.add(kind, places, values, links, near))

    def statement(self, statement: StatementProposal) -> None:
        """Add a statement with all that it is linked to."""
        at = len(self.items)
        near = statement.content[0] if statement.content else None
        labels = dict(statement.labels)
        addressee = labels.pop("addressee_id", None)
        links: list[tuple[str, str]] = []
        for number, step in enumerate(statement.chain, 1):
            for source in step:
                cue = [("cue", self.share("Cue", source.cue, {}))] if source.cue else []
                values = {"entity": source.entity, "label": source.label, "account": source.account}
                links.append((str(number), self.share("Source", source.at, values, cue, near)))
        if statement.quoted:
            links.append(("quoted", self.share("Quoted", statement.quoted, {})))
        if addressee or statement.addressee:
            links.append(("addressee", self.share("Addressee", statement.addressee, {"entity": addressee}, near=near)))
        for entity, places in statement.addressees:
            links.append(("addressee", self.share("Addressee", places, {"entity": entity}, near=near)))
        links += self.to("parent", statement.parent)
        values = {"name": statement.name, **{_keys("Statement")[name]: value for name, value in labels.items()}}
        self.add("Statement", statement.content, values, links)
        # A statement comes before the items it is linked to.
        self.items.insert(at, self.items.pop())


def proposal_of_items(
    items: Iterable[Item], text: str, about: About, tool: str, own_text: str | None = None
) -> tuple[Proposal, list[Incident]]:
    """Turn the annotations of a tool into a proposal.

    Parameters
    ----------
    items
        The annotations, in the order in which the proposal is to have them.
    text
        The article's text.
    about
        What they may name.
    tool
        Where they come from, for the origin of each part.
    own_text
        The text as the tool's file has it.

    Returns
    -------
    tuple
        What fits, and a finding for everything that doesn't.

    Examples
    --------
    >>> item = Item("T1", "Mention", ((0, 99),), {"entity": "jana-marek"}, source=Source("herald.ann", 1))
    >>> proposal, (incident,) = proposal_of_items([item], "Marek called.", About("herald"), "brat")
    >>> proposal.mentions, incident.place(), incident.message
    ((), 'herald.ann:1', 'T1 (Mention) is at [0, 99], outside the text of 13 characters.')
    """
    reader = _Reader([*items], text, about, Origin(tool))
    if own_text is not None and own_text != text:
        message = (
            "The text in the tool's files isn't the article's: annotations whose words are elsewhere are left out."
        )
        source = next((Source(item.source.file) for item in reader.all.values()), None)
        reader.incidents.insert(0, incident("text-differs", message, source=source))
    return reader.proposal(), sorted_incidents(reader.incidents)


class _Reader:
    def __init__(self, items: list[Item], text: str, about: About, origin: Origin) -> None:
        self.text, self.about, self.origin = text, about, origin
        self.incidents: list[Incident] = []
        self.all: dict[str, Item] = {}
        for item in items:
            if self.all.setdefault(item.id, item) is not item:
                self.add("primary-key", item, "has an id that another annotation has: it is left out.")
        self.kept = {item.id: kept for item in self.all.values() if (kept := self.checked(item)) is not None}
        self.names: dict[str, str] = {}

    def add(self, code: str, item: Item, message: str) -> None:
        self.incidents.append(incident(code, f"{item.id} ({item.kind}) {message}", hint="", source=item.source))

    def checked(self, item: Item) -> Item | None:
        """Return an item with what fits of it; None if it can't stay."""
        kind = KINDS.get(item.kind)
        if kind is None:
            self.add("unknown-key", item, f"is of a kind that isn't known. {did_you_mean(item.kind, KINDS)}".rstrip())
            return None
        words = item.words or (None,) * len(item.places)
        places = tuple(place for place, said in zip(item.places, words, strict=True) if self.fits(item, place, said))
        if not places and (item.places or kind.placed):
            if not item.places:
                self.add("content-missing", item, "marks no words.")
            return None
        values = {name: value for name, value in item.values.items() if value and self.allowed(item, name, value)}
        lacking = [name for name in kind.needed if name not in values]
        if item.kind == "Source" and not values.keys() & {"entity", "label"}:
            lacking = ["entity' or 'label"]
        for name in lacking:
            self.add("missing-key", item, f"has no '{name}' that is known: it is left out.")
        return None if lacking else replace(item, places=places, values=values)

    def fits(self, item: Item, place: Place, words: str | None) -> bool:
        """Return whether a place is in the text, with the words that the tool has there."""
        start, end = place
        if not 0 <= start < end <= len(self.text):
            what = f"is at [{start}, {end}], outside the text of {len(self.text)} characters."
            self.add("span-outside-article", item, what)
            return False
        if words is not None and self.text[start:end] != words:
            self.add("text-differs", item, f"is at [{start}, {end}], where the article's text has other words.")
            return False
        return True

    def allowed(self, item: Item, name: str, value: str) -> bool:
        """Return whether a value is one that its column takes."""
        known = KINDS[item.kind].values
        if name not in known:
            self.add("unknown-key", item, f"has '{name}', which it doesn't take. {did_you_mean(name, known)}".rstrip())
            return False
        made = known[name]
        if made is None:
            problem = None if _NAME.fullmatch(value) else ("constraint-error", "a local name, such as 's01'")
        else:
            problem = made.problem(value)
            if made == column("spans", "role") and value not in REGION_ROLES:
                problem = "constraint-error", f"the role of a region. {did_you_mean(value, REGION_ROLES)}".rstrip()
            ids = self.about.known(made.target or "")
            if ids is not None and value not in ids:
                problem = "foreign-key", f"the id of one of the {made.target}. {did_you_mean(value, ids)}".rstrip()
        if problem is not None:
            code, expected = problem
            first, dot, rest = expected.removesuffix(".").partition(". ")
            self.add(code, item, f"has '{value}' for '{name}'; expected {first}.{f' {rest}' if dot else ''}")
        return problem is None

    def linked(self, item: Item, wanted: str) -> tuple[list[tuple[str, Item]], bool]:
        """Return the items that one is linked to, with their roles, and whether every link of it led somewhere."""
        found, whole = [], True
        for role, target in item.links:
            name = "chain" if is_step(role) else role
            if name != wanted:
                continue
            expected, other = KINDS[item.kind].links[name], self.all.get(target)
            if other is None:
                self.add("foreign-key", item, f"is linked as '{role}' to {target}, which isn't there.")
            elif other.kind != expected:
                self.add(
                    "wrong-shape", item, f"is linked as '{role}' to {target}, a {other.kind}; expected a {expected}."
                )
            elif target not in self.kept:
                self.add("foreign-key", item, f"is linked as '{role}' to {target}, which is left out.")
            else:
                found.append((role, self.kept[target]))
                continue
            whole = False
        return found, whole

    def one(self, item: Item, role: str) -> Item | None:
        """Return the only item that one is linked to in a role."""
        found, _ = self.linked(item, role)
        if len(found) > 1:
            self.add("wrong-shape", item, f"is linked as '{role}' to {len(found)} annotations; expected one.")
        return found[0][1] if len(found) == 1 else None

    def proposal(self) -> Proposal:
        self.unlinked()
        of = {kind: [item for item in self.kept.values() if item.kind == kind] for kind in KINDS}
        parents = self.parents(of["Statement"])
        relations = [(item, self.one(item, "statement")) for item in of["Relation"]]
        named = [*parents.values(), *(other for _, other in relations if other is not None)]
        self.name(of["Statement"], {other.id for other in named})
        origin = self.origin
        return Proposal(
            tuple(
                RegionProposal(item.values["role"], place, origin, item.values.get("account"))
                for item in of["Region"]
                for place in item.places
            ),
            tuple(self.statement(item, parents.get(item.id)) for item in of["Statement"]),
            tuple(
                MentionProposal(item.values["entity"], place, origin) for item in of["Mention"] for place in item.places
            ),
            tuple(self.relation(item, other) for item, other in relations),
        )

    def unlinked(self) -> None:
        """Find links of a role that there isn't, and annotations that belong to others and to which none leads."""
        reached = {target for item in self.all.values() for _, target in item.links}
        owned = {kind for each in KINDS.values() for kind in each.links.values()} - {"Statement"}
        for item in self.kept.values():
            for role, _ in item.links:
                if ("chain" if is_step(role) else role) not in KINDS[item.kind].links:
                    self.add("unknown-key", item, f"has a link in the role '{role}', which it doesn't take.")
            if item.kind in owned and item.id not in reached:
                self.add("span-owner-missing", item, "belongs to nothing: no annotation is linked to it.")

    def parents(self, statements: list[Item]) -> dict[str, Item]:
        """Return the parent of each statement that has one; those in a circle have none."""
        found = {item.id: parent for item in statements if (parent := self.one(item, "parent")) is not None}
        circles = {item.id for item in statements if self.is_own_parent(item.id, found)}
        for name in circles:
            self.add("parent-cycle", self.all[name], "is its own parent, or a parent of its parents: it has none now.")
        return {name: parent for name, parent in found.items() if name not in circles}

    @staticmethod
    def is_own_parent(name: str, parents: Mapping[str, Item]) -> bool:
        seen: set[str] = set()
        at = name
        while at in parents and at not in seen:
            seen.add(at)
            at = parents[at].id
            if at == name:
                return True
        return False

    def name(self, statements: list[Item], needed: set[str]) -> None:
        """Give every statement its local name, and one to those that others refer to."""
        taken: set[str] = set()
        for item in statements:
            name = item.values.get("name")
            if name in taken:
                self.add("primary-key", item, f"has the name '{name}', which another statement has.")
            elif name is not None:
                self.names[item.id] = name
                taken.add(name)
        bare = [item.id for item in statements if item.id in needed and item.id not in self.names]
        blank = StatementProposal((), (), self.origin)
        self.names.update(zip(bare, statement_names([blank] * len(bare), taken), strict=True))

    def statement(self, item: Item, parent: Item | None) -> StatementProposal:
        columns = KINDS["Statement"].values
        labels = {made.name: value for name, value in item.values.items() if (made := columns[name]) is not None}
        to = [other for _, other in self.linked(item, "addressee")[0]]
        addressee: tuple[Place, ...] = ()
        if len(to) == 1:
            addressee = to[0].places
            if "entity" in to[0].values:
                labels["addressee_id"] = to[0].values["entity"]
        for other in to if len(to) > 1 else ():
            if "entity" not in other.values:
                self.add("missing-key", other, "has no 'entity', and several are addressed: it is left out.")
        return StatementProposal(
            content=item.places,
            chain=self.chain(item),
            origin=self.origin,
            labels=labels,
            quoted=tuple(place for _, other in self.linked(item, "quoted")[0] for place in other.places),
            addressee=addressee,
            addressees=tuple(
                (other.values["entity"], other.places) for other in to if len(to) > 1 and "entity" in other.values
            ),
            name=self.names.get(item.id),
            parent=None if parent is None else self.names[parent.id],
        )

    def chain(self, item: Item) -> tuple[tuple[SourceProposal, ...], ...]:
        """Return the chain of a statement; none if a step is missing, since what is left would say something else."""
        found, whole = self.linked(item, "chain")
        steps: dict[int, list[SourceProposal]] = {}
        for role, source in found:
            whole = whole and is_step(role)
            cues, led = self.linked(source, "cue")
            whole = whole and led
            cue = tuple(place for _, other in cues for place in other.places)
            said = source.values
            made = SourceProposal(said.get("entity"), said.get("label"), said.get("account"), source.places, cue)
            steps.setdefault(int(role) if is_step(role) else 0, []).append(made)
        if not whole or sorted(steps) != [*range(1, len(steps) + 1)]:
            numbers = ", ".join(map(str, sorted(steps))) or "none"
            self.add(
                "chain-broken", item, f"has a chain with a hole (steps that are whole: {numbers}): it is left out."
            )
            return ()
        return tuple(tuple(steps[number]) for number in sorted(steps))

    def relation(self, item: Item, statement: Item | None) -> RelationProposal:
        columns, values = KINDS["Relation"].values, dict(item.values)
        subject, predicate, other = values.pop("subject"), values.pop("predicate"), values.pop("object", None)
        labels = {made.name: value for name, value in values.items() if (made := columns[name]) is not None}
        name = None if statement is None else self.names[statement.id]
        return RelationProposal(subject, predicate, self.origin, other, name, labels, item.places)
