"""Rules of parties: the governments that the sides of an event stand for, and who speaks for a side."""

# ruff: noqa: D401 - the first line of a rule says what must hold, and is in the documentation

from __future__ import annotations

import polars as pl

from readouts.quality.rules.rule import Frames, Verdict, beside, rule, shown
from readouts.quality.rules.sides import sides

_STANDING = ("represents", "holds_office", "part_of")
"""Relations by which somebody stands for another."""


def _with_account(frames: Frames) -> pl.LazyFrame:
    """Return the events, each with an account of side a or b where it has one."""
    sided = frames["accounts"].filter(pl.col("side").is_in(["a", "b"]))
    return beside(frames["events"], sided, {"event_id": "event_id"}, account=pl.lit(True))


def _has_side(frames: Frames, side: str) -> Verdict:
    column = pl.col(f"side_{side}_id")
    message = pl.format(
        f"Expected the government or body that side {side} of {{}} stands for, since it has accounts; found none.",
        "event_id",
    )
    return Verdict(_with_account(frames), pl.col("account").is_null() | column.is_not_null(), message, column)


def _judged(frames: Frames) -> pl.LazyFrame:
    """Return the events whose sides are named, as far as they have to be."""
    named = pl.all_horizontal(pl.col(f"side_{side}_id").is_not_null() for side in ("a", "b"))
    return _with_account(frames).filter(pl.col("account").is_null() | named)


@rule("side-missing", "side_a_id", events="event_id side_a_id", accounts="event_id side")
def side_a_is_named_where_there_are_accounts(frames: Frames) -> Verdict:
    """An event with accounts of side a or b names the government or body that side a stands for."""
    return _has_side(frames, "a")


@rule("side-missing", "side_b_id", events="event_id side_b_id", accounts="event_id side")
def side_b_is_named_where_there_are_accounts(frames: Frames) -> Verdict:
    """An event with accounts of side a or b names the government or body that side b stands for."""
    return _has_side(frames, "b")


def _parties(frames: Frames, entities: pl.LazyFrame) -> pl.LazyFrame:
    """Return those entities of events that are a party to the event or a side of it, or stand for one that is."""
    named = [frames["participants"].select("event_id", "entity_id")]
    named += [frames["events"].select("event_id", entity_id=f"side_{side}_id") for side in ("a", "b")]
    counts = pl.col("predicate").is_in(list(_STANDING)) & pl.col("status").is_in(["actual", "historical"])
    steps = frames["relations"].filter(counts).select(up="subject_id", to="object_id").drop_nulls()
    parties, above = (each.unique().collect(engine="in-memory") for each in (pl.concat(named).drop_nulls(), steps))
    reached = seen = entities.drop_nulls().unique().collect(engine="in-memory").with_columns(up=pl.col("entity_id"))
    while reached.height:
        reached = reached.join(above, on="up").select("event_id", "entity_id", up="to").unique()
        reached = reached.join(seen, on=seen.columns, how="anti")
        seen = pl.concat([seen, reached])
    found = seen.join(parties, left_on=["event_id", "up"], right_on=["event_id", "entity_id"], how="semi")
    return found.lazy().select("event_id", "entity_id")


@rule(
    "party-unknown",
    "issuer_id",
    accounts="event_id issuer_id side",
    events="event_id side_a_id side_b_id",
    participants="event_id entity_id",
    relations="subject_id predicate object_id status",
)
def issuer_is_a_party(frames: Frames) -> Verdict:
    """The issuer of an account of side a or b is a party to the event, one of its sides, or stands for one."""
    accounts, on = frames["accounts"], {"event_id": "event_id", "issuer_id": "entity_id"}
    parties = _parties(frames, accounts.select("event_id", entity_id="issuer_id"))
    view = beside(accounts, _judged(frames), {"event_id": "event_id"}, known=pl.lit(True))
    view = beside(view, parties, on, party=pl.lit(True))
    judged = pl.col("side").is_in(["a", "b"]) & pl.col("issuer_id").is_not_null() & pl.col("known").is_not_null()
    message = pl.format(
        "Expected a party to {}, or somebody who stands for one; found {}.", "event_id", shown("issuer_id")
    )
    return Verdict(view, ~judged | pl.col("party").is_not_null(), message, pl.col("issuer_id"))


@rule(
    "party-unknown",
    "speaker_id",
    statements="statement_id event_id speaker_id",
    attributions="statement_id depth account_id",
    accounts="account_id event_id side",
    events="event_id side_a_id side_b_id",
    participants="event_id entity_id side",
    relations="subject_id predicate object_id status",
)
def speaker_is_a_party(frames: Frames) -> Verdict:
    """The speaker of a statement of side a or b is a party to its event, or its account's, or stands for one."""
    steps = frames["attributions"].filter(pl.col("depth") == 0)
    steps = beside(steps, frames["accounts"], {"account_id": "account_id"}, home="event_id").drop_nulls("home")
    view = beside(frames["statements"], sides(frames), {"statement_id": "statement_id"}, side="side")
    view = beside(view, steps, {"statement_id": "statement_id"}, home="home")
    speakers = [view.select(event_id=event, entity_id="speaker_id") for event in ("event_id", "home")]
    parties, speaker = _parties(frames, pl.concat(speakers)), pl.col("speaker_id")
    for event in ("event_id", "home"):
        view = beside(view, _judged(frames), {event: "event_id"}, **{f"{event}_known": pl.lit(True)})
        on = {event: "event_id", "speaker_id": "entity_id"}
        view = beside(view, parties, on, **{f"{event}_party": pl.lit(True)})
    events = ("event_id", "home")
    party = pl.any_horizontal(pl.col(f"{event}_party").is_not_null() for event in events)
    known = pl.all_horizontal(pl.col(event).is_null() | pl.col(f"{event}_known").is_not_null() for event in events)
    known &= pl.any_horizontal(pl.col(event).is_not_null() for event in events)
    judged = pl.col("side").is_in(["a", "b", "both"]) & speaker.is_not_null() & known
    meant = pl.coalesce("event_id", "home")
    message = pl.format("Expected a party to {}, or somebody who stands for one; found {}.", meant, shown(speaker))
    return Verdict(view, ~judged | party, message, speaker)
