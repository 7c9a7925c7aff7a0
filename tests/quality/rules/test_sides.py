"""The side that rules see of a statement is the one that `side_of` gives."""

from __future__ import annotations

from itertools import groupby

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from readouts.analysis.sides import side_of
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
