"""What is derived of a statement: its side, and its source chain in words."""

from __future__ import annotations

import pytest

from readouts.analysis.sides import chain_text, side_of

ACCOUNTS = {"presidency-1": "a", "chancellery-1": "b", "mediator-1": "third"}
PARTICIPANTS = {("call", "marek"): "a", ("call", "ostrova"): "b", ("visit", "marek"): "b", ("call", "envoy"): "third"}


def side(*steps: tuple[int, str | None], event: str | None = "call", speaker: str | None = None) -> str:
    rows: list[dict[str, str | None]] = [
        {"depth": str(depth), "seq": str(seq), "account_id": account} for seq, (depth, account) in enumerate(steps)
    ]
    return side_of({"event_id": event, "speaker_id": speaker}, rows, ACCOUNTS, PARTICIPANTS)


@pytest.mark.parametrize(("account", "expected"), ACCOUNTS.items())
def test_the_side_is_that_of_the_account_at_depth_0(account: str, expected: str) -> None:
    assert side((0, account)) == expected


def test_the_account_comes_before_the_speaker() -> None:
    assert side((0, "presidency-1"), (1, None), speaker="ostrova") == "a"


def test_an_account_at_another_depth_does_not_count() -> None:
    assert side((0, None), (1, "presidency-1")) == "third"
    assert side((0, None), (10, "presidency-1"), speaker="ostrova") == "b"


def test_joint_accounts_of_both_sides_give_both() -> None:
    assert side((0, "presidency-1"), (0, "chancellery-1")) == "both"
    assert side((0, "presidency-1"), (0, "chancellery-1"), (0, "mediator-1")) == "both"


def test_a_joint_source_without_an_account_does_not_change_the_side() -> None:
    assert side((0, None), (0, "chancellery-1")) == "b"


def test_without_an_account_it_is_that_of_the_speaker_as_participant_of_the_event() -> None:
    assert side((0, None), speaker="marek") == "a"
    assert side((0, None), speaker="marek", event="visit") == "b"
    assert side((0, None), speaker="envoy") == "third"


def test_anything_else_is_third() -> None:
    assert side((0, None)) == "third"
    assert side((0, None), speaker="marek", event="meeting") == "third"
    assert side((0, None), speaker="marek", event=None) == "third"
    assert side() == "third"


def step(depth: int, seq: int, entity: str | None, label: str | None = None) -> dict[str, str | None]:
    return {"depth": str(depth), "seq": str(seq), "entity_id": entity, "label": label}


def test_a_chain_reads_from_the_outermost_source_inwards_whatever_the_order_of_its_rows() -> None:
    names = {"office": "Office", "marek": "Jana Marek", "envoy": "Envoy"}
    steps = [step(depth, 0, name) for depth, name in ((10, "envoy"), (2, "marek"), (0, "office"))]
    assert chain_text(steps, names) == "Office > Jana Marek > Envoy"


def test_joint_sources_are_in_their_own_order() -> None:
    steps = [step(0, 10, "c"), step(0, 2, "b"), step(0, 0, None, "officials"), step(1, 0, "d")]
    assert chain_text(steps, {"b": "B", "c": "C", "d": "D"}) == "officials + B + C > D"


def test_an_entity_without_a_name_stands_as_its_id() -> None:
    assert chain_text([step(0, 0, "office")], {}) == "office"
