"""The registry of entities as proposals need it: names, countries, and who holds which office."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from readouts.annotations.records import Reading

__all__ = ["Entity", "Holding", "Registry", "registry_of"]


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity as the registry has it."""

    id: str
    kind: str
    name: str
    country: str | None = None
    aliases: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Its name and its aliases."""
        return (self.name, *self.aliases)


@dataclass(frozen=True, slots=True)
class Holding:
    """A person in an office, from one day (ISO 8601) to another; None where that isn't known."""

    person: str
    office: str
    since: str | None = None
    until: str | None = None

    def on(self, day: str | None) -> bool:
        """Return whether the person is in office on a day; without a day, whether nothing says when it ended.

        Examples
        --------
        >>> Holding("jana-marek", "president-of-veldania", "2030-01-20").on("2031-05-02")
        True
        """
        if day is None:
            return self.until is None
        return (self.since or "") <= day and (self.until is None or day < self.until)


@dataclass(frozen=True)
class Registry:
    """The registry's entities by id, and who holds which office."""

    entities: Mapping[str, Entity] = field(default_factory=dict)
    holdings: tuple[Holding, ...] = ()
    belongings: tuple[tuple[str, str], ...] = ()
    """Entities with what they are part of or represent."""

    @cached_property
    def homes(self) -> dict[str, str]:
        """The country of each entity, where it is known: its code, else the id of the state that it leads to.

        Examples
        --------
        >>> veldania, presidency = Entity("veldania", "state", "Veldania"), Entity("presidency", "office", "Presidency")
        >>> entities = {entity.id: entity for entity in (veldania, presidency)}
        >>> Registry(entities, belongings=(("presidency", "veldania"),)).homes
        {'veldania': 'veldania', 'presidency': 'veldania'}
        """
        homes = {
            entity.id: entity.country or entity.id
            for entity in self.entities.values()
            if entity.country or entity.kind == "state"
        }
        steps = [*self.belongings, *((held.person, held.office) for held in self.holdings)]
        while new := {lower: homes[upper] for lower, upper in steps if lower not in homes and upper in homes}:
            homes |= new
        return homes


def registry_of(reading: Reading) -> Registry:
    """Return the registry that a reading of `entities.yaml` gives."""
    entities = {}
    for record in reading.of("entities"):
        cells = record.cells
        if (name := cells.get("entity_id")) is not None:
            aliases = tuple(alias for alias in (cells.get("aliases") or "").split("|") if alias)
            entities[name] = Entity(
                name, cells.get("kind") or "", cells.get("name") or name, cells.get("country"), aliases
            )
    relations = [
        record.cells for record in reading.of("relations") if {"subject_id", "object_id"} <= record.cells.keys()
    ]
    holdings = tuple(
        Holding(cells["subject_id"] or "", cells["object_id"] or "", cells.get("valid_from"), cells.get("valid_to"))
        for cells in relations
        if cells.get("predicate") == "holds_office"
    )
    belongings = tuple(
        (cells["subject_id"] or "", cells["object_id"] or "")
        for cells in relations
        if cells.get("predicate") in {"part_of", "represents"}
    )
    return Registry(entities, holdings, belongings)
