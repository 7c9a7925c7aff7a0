"""The side of each statement, for rules: what `readouts.analysis.sides.side_of` gives for one, for all at once."""

from __future__ import annotations

import polars as pl

from readouts.quality.rules.rule import Frames, beside

__all__ = ["parties", "sides"]


def sides(frames: Frames) -> pl.LazyFrame:
    """Return the side of each statement: null where its outermost source is unknown, which another check reports.

    Examples
    --------
    >>> frames = {
    ...     "statements": pl.LazyFrame({"statement_id": ["s1", "s2"], "event_id": ["e", "e"], "speaker_id": ["", "p"]}),
    ...     "attributions": pl.LazyFrame({"statement_id": ["s1", "s2"], "depth": [0, 0], "account_id": ["x", None]}),
    ...     "accounts": pl.LazyFrame({"account_id": ["x"], "side": ["a"]}),
    ...     "participants": pl.LazyFrame({"event_id": ["e"], "entity_id": ["p"], "side": ["b"]}),
    ... }
    >>> sides(frames).collect().rows()
    [('s1', 'a'), ('s2', 'b')]
    """
    account, stated = pl.col("account_id"), pl.col("stated")
    outer = frames["attributions"].filter((pl.col("depth") == 0) | pl.col("depth").is_null())
    side = pl.col("side").fill_null("third")
    chains = (
        beside(outer, frames["accounts"], {"account_id": "account_id"}, account_side=side)
        .group_by("statement_id")
        .agg(
            stated=pl.col("account_side").filter(account.is_not_null()).unique(),
            known=(pl.col("depth").is_not_null() & (account.is_null() | pl.col("account_side").is_not_null())).all(),
        )
    )
    view = frames["statements"].select("statement_id", "event_id", "speaker_id")
    view = beside(view, chains, {"statement_id": "statement_id"}, stated="stated", known="known")
    view = beside(view, frames["participants"], {"event_id": "event_id", "speaker_id": "entity_id"}, taken="side")
    side = (
        pl.when(stated.list.contains("a") & stated.list.contains("b"))
        .then(pl.lit("both"))
        .when(stated.list.len() == 1)
        .then(stated.list.first())
        .otherwise(pl.col("taken").fill_null("third"))
    )
    return view.select("statement_id", side=pl.when("known").then(side))


def parties(frames: Frames) -> pl.LazyFrame:
    """Return the side of each statement, and the governments that it stands for in the event that gives it its side.

    A side whose government isn't named stands for itself: `a` or `b`.

    Examples
    --------
    >>> frames = {
    ...     "statements": pl.LazyFrame({"statement_id": ["s1"], "event_id": ["e"], "speaker_id": [""]}),
    ...     "attributions": pl.LazyFrame({"statement_id": ["s1"], "depth": [0], "account_id": ["x"]}),
    ...     "accounts": pl.LazyFrame({"account_id": ["x"], "side": ["a"], "event_id": ["f"]}),
    ...     "participants": pl.LazyFrame({"event_id": ["e"], "entity_id": ["p"], "side": ["b"]}),
    ...     "events": pl.LazyFrame({"event_id": ["e", "f"], "side_a_id": ["x", "y"], "side_b_id": ["y", "x"]}),
    ... }
    >>> parties(frames).collect().rows()
    [('s1', 'a', ['y'])]
    """
    outer = frames["attributions"].filter(pl.col("depth") == 0)
    homes = beside(outer, frames["accounts"], {"account_id": "account_id"}, home="event_id")
    homes = homes.filter(pl.col("home").is_not_null())
    view = beside(frames["statements"], sides(frames), {"statement_id": "statement_id"}, side="side")
    view = beside(view, homes, {"statement_id": "statement_id"}, home="home")
    view = view.with_columns(home=pl.col("home").fill_null(pl.col("event_id")))
    view = beside(view, frames["events"], {"home": "event_id"}, a="side_a_id", b="side_b_id")
    governments = [
        pl.when(pl.col("side").is_in([side, "both"])).then(pl.col(side).fill_null(pl.lit(side))) for side in ("a", "b")
    ]
    return view.select("statement_id", "side", parties=pl.concat_list(governments).list.drop_nulls())
