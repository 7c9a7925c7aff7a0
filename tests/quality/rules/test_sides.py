"""The side that rules see of a statement is the one that `side_of` gives."""

from __future__ import annotations

from itertools import groupby

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readouts.analysis.sides import side_of
from readouts.quality.rules.relations import scope_agrees_with_the_sides
from readouts.quality.rules.sides import sides
from tests.properties import examples

ACCOUNTS = {"account-a": "a", "account-b": "b", "account-third": "third"}
PARTICIPANTS = {("call", "marek"): "a", ("call", "ostrova"): "b", ("visit", "marek"): "b", ("call", "envoy"): "third"}
TEXT = pl.String
STATEMENTS = st.lists(
    st.tuples(
        st.sampled_from([None, "call", "visit"]),
        st.sampled_from([None, "marek", "ostrova", "envoy", "nobody"]),
        st.lists(st.sampled_from([None, *ACCOUNTS]), min_size=1, max_size=4),
        st.lists(st.sampled_from([None, *ACCOUNTS]), max_size=2),
    ),
    max_size=8,
)


@settings(max_examples=examples(200))
@given(STATEMENTS)
def test_all_at_once_have_the_sides_that_each_has(
    drawn: list[tuple[str | None, str | None, list[str | None], list[str | None]]],
) -> None:
    statements = [
        {"statement_id": f"s{number}", "event_id": event, "speaker_id": speaker}
        for number, (event, speaker, _, _) in enumerate(drawn)
    ]
    steps = [
        {"statement_id": f"s{number}", "depth": str(depth), "account_id": account}
        for number, (_, _, *chain) in enumerate(drawn)
        for depth, accounts in enumerate(chain)
        for account in accounts
    ]
    chains = {name: list(rows) for name, rows in groupby(steps, lambda step: step["statement_id"])}
    expected = [
        (row["statement_id"], side_of(row, chains[row["statement_id"]], ACCOUNTS, PARTICIPANTS)) for row in statements
    ]
    participants = [(event, entity, side) for (event, entity), side in PARTICIPANTS.items()]
    frames = {
        "statements": pl.LazyFrame(statements, {"statement_id": TEXT, "event_id": TEXT, "speaker_id": TEXT}),
        "attributions": pl.LazyFrame(steps, {"statement_id": TEXT, "depth": TEXT, "account_id": TEXT}).with_columns(
            pl.col("depth").cast(pl.Int64)
        ),
        "accounts": pl.LazyFrame(list(ACCOUNTS.items()), {"account_id": TEXT, "side": TEXT}, orient="row"),
        "participants": pl.LazyFrame(participants, {"event_id": TEXT, "entity_id": TEXT, "side": TEXT}, orient="row"),
    }
    assert sides(frames).collect().rows() == expected


@pytest.mark.parametrize(
    ("scope", "said"),
    [("same_side", []), ("cross_side", ["Expected statements of opposite sides for cross_side; found sides a and b."])],
)
def test_sides_of_two_events_are_compared_by_the_governments_they_stand_for(scope: str, said: list[str]) -> None:
    """Lakeland is side a of the call and side b of the visit; a statement through the account of each is aligned."""
    frames = {
        "alignments": pl.LazyFrame({"statement_a": ["s1"], "statement_b": ["s2"], "scope": [scope]}),
        "statements": pl.LazyFrame(
            {"statement_id": ["s1", "s2"], "event_id": ["call", "call"], "speaker_id": [None, None]},
            {"statement_id": TEXT, "event_id": TEXT, "speaker_id": TEXT},
        ),
        "attributions": pl.LazyFrame(
            {"statement_id": ["s1", "s2"], "depth": [0, 0], "account_id": ["on-call", "on-visit"]}
        ),
        "accounts": pl.LazyFrame(
            {"account_id": ["on-call", "on-visit"], "event_id": ["call", "visit"], "side": ["a", "b"]}
        ),
        "participants": pl.LazyFrame([], {"event_id": TEXT, "entity_id": TEXT, "side": TEXT}),
        "events": pl.LazyFrame(
            {
                "event_id": ["call", "visit"],
                "side_a_id": ["lakeland", "hillmark"],
                "side_b_id": ["hillmark", "lakeland"],
            }
        ),
    }
    verdict = scope_agrees_with_the_sides.judge(frames)
    found = verdict.view.filter(~verdict.holds).select(verdict.message.alias("message")).collect()
    assert found["message"].to_list() == said
