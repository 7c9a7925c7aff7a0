"""Claims counted over all events, on a few invented rows per rule."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readouts.analysis.overview import overview
from readouts.analysis.overview_columns import ACCOUNTS, COLUMNS, FATES, MEANINGS
from readouts.datapackage.errors import ArgumentError, PackageError
from tests.properties import examples

Row = dict[str, str | None]


@dataclass
class World:
    """Talks of Lakeland (side a, through its court) and Fenland (side b, through its senate), and who says what."""

    tables: dict[str, list[Row]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("fenland", "lakeland", "court", "senate", "ministry"):
            self.add("entities", entity_id=name, name=name.title(), kind="state", country=None)

    def add(self, table: str, **row: str | None) -> None:
        self.tables.setdefault(table, []).append(row)

    def event(self, name: str, date: str | None = "2031-05-01", a: str = "lakeland", b: str = "fenland") -> None:
        self.add("events", event_id=name, title=name, date=date, kind="call", side_a_id=a, side_b_id=b)
        self.add("participants", event_id=name, entity_id="queen", side="a", role="principal")

    def account(self, event: str, issuer: str, side: str, carried: str | None = "verbatim") -> str:
        name = f"{issuer}.{event}"
        self.add("accounts", account_id=name, event_id=event, issuer_id=issuer, side=side)
        if carried:
            self.add("carriages", account_id=name, article_id=name, completeness=carried)
        return name

    def talks(self, name: str = "talks", date: str | None = "2031-05-01", *, flipped: bool = False) -> tuple[str, str]:
        """Add talks with an account of each side in full; return Lakeland's and Fenland's."""
        a, b = ("fenland", "lakeland") if flipped else ("lakeland", "fenland")
        self.event(name, date, a, b)
        sides = ("b", "a") if flipped else ("a", "b")
        return self.account(name, "court", sides[0]), self.account(name, "senate", sides[1])

    def says(self, *accounts: str, topic: str = "talks", event: str = "talks", speaker: str | None = None) -> str:
        name = f"s{len(self.tables.get('statements', [])) + 1:02}"
        self.add("statements", statement_id=name, event_id=event, topic=topic, speaker_id=speaker)
        for seq, account in enumerate(accounts):
            self.add("attributions", statement_id=name, depth="0", seq=str(seq), account_id=account)
        return name

    def relate(self, first: str, relation: str, second: str) -> None:
        name = f"a{len(self.tables.get('alignments', []))}"
        self.add("alignments", alignment_id=name, statement_a=first, statement_b=second, relation=relation)

    def rows(self, table: str) -> list[Row]:
        return self.tables.get(table, [])

    def fates(self, issuer: str) -> dict[str, int]:
        """Return what an issuer does with the other side's claims, all topics together."""
        found = [row for row in overview(self.rows, "issuer").rows if row["issuer_id"] == issuer]
        counts = {fate: sum(int(str(row[fate])) for row in found) for fate in FATES}
        assert sum(counts.values()) == sum(int(str(row["claims_of_other"])) for row in found)
        return {fate: number for fate, number in counts.items() if number}


def test_a_claim_of_the_other_account_is_left_out_unless_the_own_account_makes_or_answers_it() -> None:
    world = World()
    court, senate = world.talks()
    alone = world.says(senate)
    for relation in ("same_claim", "contradicts", "in_tension", "weaker"):
        world.relate(world.says(senate), relation, world.says(court))
    assert world.fates("court") == dict.fromkeys(FATES, 1)
    left_out = [row["left_out_keys"] for row in overview(world.rows, "issuer").rows if row["issuer_id"] == "court"]
    assert left_out == [(f"talks/{alone}",)]
    # What the senate's account has of the court's is the same but for what it leaves out: nothing.
    assert world.fates("senate") == dict.fromkeys(FATES[:-1], 1)


def test_a_joint_statement_of_both_accounts_is_left_out_by_none() -> None:
    world = World()
    court, senate = world.talks()
    world.says(court, senate)
    assert world.fates("court") == world.fates("senate") == {"both": 1}


def test_the_same_claim_counts_through_a_third_statement() -> None:
    world = World()
    court, senate = world.talks()
    between = world.says()
    world.relate(world.says(court), "same_claim", between)
    world.relate(between, "same_claim", world.says(senate))
    assert world.fates("court") == {"both": 1}


def test_what_a_leader_says_in_the_press_alone_is_not_in_the_account() -> None:
    world = World()
    court, senate = world.talks()
    world.says(court)
    world.relate(world.says(senate), "same_claim", world.says(speaker="queen"))
    (row,) = overview(world.rows, "event").rows
    assert (row["both"], row["only_a"], row["only_b"]) == (1, 1, 0)
    assert (row["left_out_by_a"], row["claims_of_b"]) == (1, 1)
    assert world.fates("court") == {"left_out": 1}


def test_what_only_the_press_or_only_a_leader_claims_is_not_a_claim_of_an_account() -> None:
    world = World()
    world.talks()
    world.says()
    world.says(speaker="queen")
    (row,) = overview(world.rows, "event").rows
    assert (row["third"], row["only_a"], row["claims"]) == (1, 1, 1)
    assert (row["claims_of_a"], row["left_out_by_b"]) == (0, 0)
    assert overview(world.rows, "issuer").rows == ()


@pytest.mark.parametrize(
    ("carried", "state"), [("excerpt", "in_part"), ("reported", "in_part"), (None, "in_part"), ("verbatim", "in_full")]
)
def test_nothing_counts_as_left_out_of_an_account_that_is_not_there_in_full(carried: str | None, state: str) -> None:
    world = World()
    world.event("talks")
    world.account("talks", "court", "a", carried)
    world.says(world.account("talks", "senate", "b"))
    (row,) = overview(world.rows, "event").rows
    assert row["accounts"] == state
    assert row["left_out_by_a"] == (1 if state == "in_full" else None)
    for by in ("issuer", "topic", "year", "pair"):
        assert bool(overview(world.rows, by).rows) is (state == "in_full")


@pytest.mark.parametrize(("sides", "state"), [("a", "one_side"), ("b", "one_side"), ("", "none")])
def test_an_event_with_one_account_leaves_nothing_out(sides: str, state: str) -> None:
    world = World()
    world.event("talks")
    for side in sides:
        world.says(world.account("talks", "court", side))
    world.says()
    found = overview(world.rows, "event")
    assert found.rows[0]["accounts"] == state
    assert found.events == {**dict.fromkeys(ACCOUNTS, 0), state: 1}
    assert overview(world.rows, "issuer").rows == overview(world.rows, "pair").rows == ()


def test_each_issuer_of_a_side_answers_for_its_own_accounts() -> None:
    world = World()
    court, senate = world.talks()
    ministry = world.account("talks", "ministry", "a")
    world.relate(world.says(senate), "same_claim", world.says(court))
    world.relate(world.says(senate), "same_claim", world.says(ministry))
    world.says(senate)
    assert world.fates("court") == world.fates("ministry") == {"both": 1, "left_out": 2}
    (row,) = overview(world.rows, "event").rows
    assert (row["left_out_by_a"], row["claims_of_b"]) == (1, 3)


def test_an_issuer_whose_account_is_only_reported_has_no_row_next_to_one_in_full() -> None:
    world = World()
    _, senate = world.talks()
    world.account("talks", "ministry", "a", "reported")
    world.says(senate)
    assert [row["issuer_id"] for row in overview(world.rows, "issuer").rows] == ["court"]


def test_several_accounts_of_one_issuer_count_as_one() -> None:
    world = World()
    court, senate = world.talks()
    world.add("accounts", account_id="court.later", event_id="talks", issuer_id="court", side="a")
    world.relate(world.says(senate), "same_claim", world.says(court))
    world.relate(world.says(senate), "contradicts", world.says("court.later"))
    assert world.fates("court") == {"both": 1, "contradicted": 1}


def test_an_account_of_another_event_is_not_one_of_this_event() -> None:
    world = World()
    court, _ = world.talks()
    _, later = world.talks("later", "2032-01-01")
    world.says(court)
    world.relate(world.says(court), "same_claim", world.says(later, event="talks"))
    assert world.fates("senate") == {"left_out": 2}


def test_a_topic_is_raised_by_the_accounts_that_make_a_claim_of_it() -> None:
    world = World()
    for name, flipped in (("talks", False), ("later", True)):
        court, senate = world.talks(name, flipped=flipped)
        world.says(court, topic="trade", event=name)
        world.says(senate, topic="trade", event=name)
        world.says(senate, topic="rights", event=name)
    world.says(court, topic="rights", event="later")
    world.says(senate, topic="media", event="later")
    world.says(topic="media", event="talks")
    rows = {row["topic"]: row for row in overview(world.rows, "topic").rows}
    raised = ("raised_by", "raised_by_both", "raised_by_first_only", "raised_by_second_only")
    assert {topic: tuple(row[name] for name in raised) for topic, row in rows.items()} == {
        "media": ("first", 0, 1, 0),
        "rights": ("both", 1, 1, 0),
        "trade": ("both", 2, 0, 0),
    }
    assert {(row["first"], row["second"]) for row in rows.values()} == {("Fenland", "Lakeland")}
    assert (rows["trade"]["only_first"], rows["trade"]["only_second"], rows["trade"]["events"]) == (2, 2, 2)


def test_a_topic_that_only_the_press_raises_is_raised_by_neither_side() -> None:
    world = World()
    world.talks()
    world.says(topic="media")
    (row,) = overview(world.rows, "topic").rows
    assert (row["raised_by"], row["third"], row["claims"]) == (None, 1, 0)


def test_a_pair_of_governments_is_the_same_whichever_is_side_a() -> None:
    world = World()
    for name, flipped in (("talks", False), ("later", True)):
        court, senate = world.talks(name, flipped=flipped)
        world.says(court, event=name)
        world.says(senate, event=name)
        world.says(senate, event=name)
    (row,) = overview(world.rows, "pair").rows
    assert (row["pair"], row["events"]) == ("Fenland and Lakeland", 2)
    assert (row["only_first"], row["only_second"]) == (4, 2)
    assert (row["claims_of_first"], row["left_out_by_second"]) == (4, 4)
    assert (row["claims_of_second"], row["left_out_by_first"]) == (2, 2)


def test_years_are_in_order_and_an_event_without_a_date_is_kept_last() -> None:
    world = World()
    for name, date in (("undated", None), ("late", "2032-01-01"), ("early", "2030-12-31"), ("later", "2032-06-01")):
        world.says(world.talks(name, date)[0], event=name)
    assert [(row["year"], row["events"], row["only_one"]) for row in overview(world.rows, "year").rows] == [
        (2030, 1, 1),
        (2032, 2, 2),
        (None, 1, 1),
    ]
    assert [row["event_id"] for row in overview(world.rows, "event").rows] == ["early", "late", "later", "undated"]


def test_a_date_that_is_not_one_is_refused_with_its_event() -> None:
    world = World()
    world.says(world.talks(date="spring 2031")[0])
    with pytest.raises(PackageError, match="The event 'talks' has the date 'spring 2031'"):
        overview(world.rows, "year")


def test_an_unknown_overview_is_answered_with_the_nearest() -> None:
    with pytest.raises(ArgumentError, match=r"Unknown overview 'isuer'\. Did you mean 'issuer'"):
        overview(World().rows, "isuer")


@pytest.mark.parametrize("by", COLUMNS)
def test_an_empty_corpus_has_an_empty_overview(by: str) -> None:
    found = overview(World().rows, by)
    assert found.rows == ()
    assert found.to_csv() == ",".join(COLUMNS[by]) + "\n"


@pytest.mark.parametrize("by", COLUMNS)
def test_every_column_has_a_meaning(by: str) -> None:
    assert [field["name"] for field in overview(World().rows, by).fields] == list(COLUMNS[by])
    assert all(field["description"] for field in overview(World().rows, by).fields)
    assert set(MEANINGS) == {name for names in COLUMNS.values() for name in names}


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Up to three talks with two issuers on side a, statements of any of the accounts, and any alignments."""
    world = World()
    for name in ("talks", "later", "last")[: draw(st.integers(1, 3))]:
        accounts = [*world.talks(name, flipped=draw(st.booleans()))]
        if not draw(st.booleans()):
            accounts.append(world.account(name, "ministry", "a", draw(st.sampled_from(["verbatim", "reported"]))))
        made = [
            world.says(*draw(st.lists(st.sampled_from(accounts), max_size=2, unique=True)), event=name, topic=topic)
            for topic in draw(st.lists(st.sampled_from(["trade", "rights"]), max_size=7))
        ]
        for first, second in combinations(made, 2):
            relation = draw(
                st.sampled_from(["", "", "", "same_claim", "contradicts", "in_tension", "weaker", "supports"])
            )
            if relation:
                world.relate(first, relation, second)
    return world


def by_hand(world: World) -> Counter[tuple[str, str]]:
    """Count what every issuer does with the other side's claims, by plain loops over the tables."""
    said: dict[str, set[str]] = {}
    for row in world.rows("attributions"):
        said.setdefault(str(row["statement_id"]), set()).add(str(row["account_id"]))
    claim = {str(row["statement_id"]): {str(row["statement_id"])} for row in world.rows("statements")}
    for row in world.rows("alignments"):
        if row["relation"] == "same_claim":
            merged = claim[str(row["statement_a"])] | claim[str(row["statement_b"])]
            claim.update(dict.fromkeys(merged, merged))
    found: Counter[tuple[str, str]] = Counter()
    for account in world.rows("accounts"):
        name, event = str(account["account_id"]), account["event_id"]
        if not any(row["account_id"] == name and row["completeness"] == "verbatim" for row in world.rows("carriages")):
            continue
        theirs = {
            str(row["account_id"])
            for row in world.rows("accounts")
            if row["event_id"] == event and row["side"] != account["side"]
        }
        for members in {frozenset(each) for each in claim.values()}:
            if not any(said.get(each, set()) & theirs for each in members):
                continue
            reached = {"both"} if any(name in said.get(each, ()) for each in members) else set()
            for row in world.rows("alignments"):
                ends = {str(row["statement_a"]), str(row["statement_b"])}
                if len(ends & members) == 1 and any(name in said.get(each, ()) for each in claim[min(ends - members)]):
                    reached.add(
                        {"weaker": "partly", "contradicts": "contradicted"}.get(
                            str(row["relation"]), str(row["relation"])
                        )
                    )
            found[str(account["issuer_id"]), next((fate for fate in FATES if fate in reached), "left_out")] += 1
    return found


@settings(max_examples=examples(60))
@given(worlds())
def test_what_issuers_leave_out_is_what_plain_loops_count(world: World) -> None:
    found: Counter[tuple[str, str]] = Counter()
    for row in overview(world.rows, "issuer").rows:
        for fate in FATES:
            found[str(row["issuer_id"]), fate] += int(str(row[fate]))
    assert found == by_hand(world)
