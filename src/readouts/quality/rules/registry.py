"""Rules of the registry: entities of the kind that a reference needs, Wikidata ids with a source, lineage."""

# ruff: noqa: D401 - the first line of a rule says what must hold, and is in the documentation

from __future__ import annotations

import polars as pl

from readouts.corpus_schema.tables import tables
from readouts.quality.rules.rule import Frames, Verdict, beside, rule, shown


def _of_kind(frames: Frames, table: str, column: str, kind: str) -> Verdict:
    view = beside(frames[table], frames["entities"], {column: "entity_id"}, entity_kind="kind")
    found = pl.col("entity_kind")
    message = pl.format(f"Expected an entity of the kind {kind}; {{}} is of the kind {{}}.", shown(column), found)
    return Verdict(view, found == kind, message, pl.col(column))


@rule("entity-kind", "outlet_id", articles="outlet_id", entities="entity_id kind")
def outlet_is_an_outlet(frames: Frames) -> Verdict:
    """The outlet of an article is an entity of the kind outlet."""
    return _of_kind(frames, "articles", "outlet_id", "outlet")


@rule("outlet-misfit", "outlet_id", articles="kind outlet_id")
def document_of_its_issuer_has_no_outlet(frames: Frames) -> Verdict:
    """An official document that its issuer published has no outlet; what others carry has one."""
    own, outlet = pl.col("kind") == "readout", pl.col("outlet_id")
    expected = pl.when(own).then(pl.lit("no outlet")).otherwise(pl.lit("an outlet"))
    message = pl.format("Expected {} for the kind {}; found {}.", expected, shown("kind"), shown(outlet))
    return Verdict(frames["articles"], own == outlet.is_null(), message, outlet)


@rule("entity-kind", "place_id", events="place_id", entities="entity_id kind")
def place_is_a_place(frames: Frames) -> Verdict:
    """The place of an event is an entity of the kind place."""
    return _of_kind(frames, "events", "place_id", "place")


_REFERRING = {
    name: tuple(column for key in table.foreign_keys if key.table == "entities" for column in key.fields)
    for name, table in tables().items()
    if not table.derived
}
"""The columns that refer to entities, by table."""


@rule(
    "entity-unused",
    "entity_id",
    entities="entity_id",
    **{name: " ".join(columns) for name, columns in _REFERRING.items() if columns},
)
def entity_is_referred_to(frames: Frames) -> Verdict:
    """Something refers to an entity."""
    columns = [(name, column) for name, columns in _REFERRING.items() for column in columns]
    used = [frames[name].select(entity_id=pl.col(column)).drop_nulls().unique() for name, column in columns]
    view = beside(frames["entities"], pl.concat(used), {"entity_id": "entity_id"}, used=pl.lit(True))
    entity = pl.col("entity_id")
    message = pl.format("Expected something that refers to {}; found nothing.", shown(entity))
    return Verdict(view, entity.is_null() | pl.col("used").is_not_null(), message, entity)


@rule("wikidata-status", "wikidata_status", entities="wikidata_id wikidata_status")
def wikidata_status_fits_the_id(frames: Frames) -> Verdict:
    """An entity has an id of Wikidata unless the status is none."""
    identifier, status = pl.col("wikidata_id"), pl.col("wikidata_status")
    expected = (
        pl.when(identifier.is_null())
        .then(pl.lit("none, for there is no id"))
        .otherwise(pl.format("verified or candidate for {}", shown(identifier)))
    )
    message = pl.format("Expected the status {}; found {}.", expected, shown(status))
    return Verdict(frames["entities"], identifier.is_null() == (status == "none"), message, status)


@rule("wikidata-status", "wikidata_source", entities="wikidata_id wikidata_status wikidata_source")
def verified_id_has_a_source(frames: Frames) -> Verdict:
    """A verified id of Wikidata has a source."""
    identifier, verified = pl.col("wikidata_id"), pl.col("wikidata_status") == "verified"
    message = pl.format("Expected a source for {}, which is verified; found none.", shown(identifier))
    missing = identifier.is_not_null() & pl.col("wikidata_source").is_null()
    return Verdict(frames["entities"], ~(verified & missing), message, identifier)


@rule("lineage-broken", "new_id", id_changes="operation new_id")
def change_has_a_new_id_unless_it_removes(frames: Frames) -> Verdict:
    """A change of an id has a new id, unless it removes the old one."""
    operation, new = pl.col("operation"), pl.col("new_id")
    message = (
        pl.when(operation == "removed")
        .then(pl.format("Expected no new id for 'removed'; found {}.", shown(new)))
        .otherwise(pl.format("Expected a new id for {}; found none.", shown(operation)))
    )
    return Verdict(frames["id_changes"], (operation == "removed") == new.is_null(), message, new)
