"""The annotations of a tool turned into a proposal: what fits is kept, everything else is a finding."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from readouts.annotations.forms import REGION_ROLES, column
from readouts.corpus_schema.incident_codes import incident
from readouts.datapackage.incident import Source, sorted_incidents
from readouts.datapackage.suggest import did_you_mean
from readouts.proposals.draft_text import statement_names
from readouts.proposals.formats.items import KINDS, OWNED, is_step
from readouts.proposals.proposal import (
    MentionProposal,
    Origin,
    Proposal,
    RegionProposal,
    RelationProposal,
    SourceProposal,
    StatementProposal,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from readouts.datapackage.incident import Incident
    from readouts.proposals.formats.items import About, Item
    from readouts.proposals.proposal import Place

__all__ = ["proposal_of_items"]

_NAME = re.compile("[a-z0-9]+")


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
    >>> from readouts.proposals.formats.items import About, Item
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
        for item in self.kept.values():
            for role, _ in item.links:
                if ("chain" if is_step(role) else role) not in KINDS[item.kind].links:
                    self.add("unknown-key", item, f"has a link in the role '{role}', which it doesn't take.")
            if item.kind in OWNED and item.id not in reached:
                self.add("span-owner-missing", item, "belongs to nothing: no annotation is linked to it.")

    def parents(self, statements: list[Item]) -> dict[str, Item]:
        """Return the parent of each statement that has one; those in a circle have none."""
        found = {item.id: parent for item in statements if (parent := self.one(item, "parent")) is not None}
        circles = {name for name in found if name in _above(name, found)}
        for name in circles:
            self.add("parent-cycle", self.all[name], "is its own parent, or a parent of its parents: it has none now.")
        return {name: parent for name, parent in found.items() if name not in circles}

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
        labels = _labels("Statement", item.values)
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
        values = dict(item.values)
        subject, predicate, other = values.pop("subject"), values.pop("predicate"), values.pop("object", None)
        name = None if statement is None else self.names[statement.id]
        labels = _labels("Relation", values)
        return RelationProposal(subject, predicate, self.origin, other, name, labels, item.places)


def _labels(kind: str, values: Mapping[str, str]) -> dict[str, str]:
    columns = KINDS[kind].values
    return {made.name: value for name, value in values.items() if (made := columns[name]) is not None}


def _above(name: str, parents: Mapping[str, Item]) -> set[str]:
    """Return the ids of a statement's parent, and of all above it."""
    found: set[str] = set()
    while name in parents and (name := parents[name].id) not in found:
        found.add(name)
    return found
