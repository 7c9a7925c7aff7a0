"""Two accounts side by side: what both say, what they contest, what only one of them says."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readouts.analysis.comparison import Claim, Comparison, compare
from readouts.datapackage.errors import UnknownIdError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tests.conftest import Run

Row = dict[str, str | None]


@dataclass
class Tables:
    """A corpus of one call, with the statements and alignments that a test adds."""

    statements: list[Row] = field(default_factory=list)
    attributions: list[Row] = field(default_factory=list)
    alignments: list[Row] = field(default_factory=list)

    def say(self, name: str, *accounts: str | None, event: str = "call", speaker: str | None = None) -> Tables:
        """Add a statement whose outermost sources speak through these accounts."""
        self.statements.append(
            {
                "statement_id": name,
                "article_id": "courier" if name.startswith("c") else "herald",
                "event_id": event,
                "speaker_id": speaker,
                "summary": f"Summary of {name}.",
                **dict.fromkeys(("topic", "act", "modality", "certainty"), "x"),
            }
        )
        for seq, account in enumerate(accounts):
            source = {"pa": "presidency", "cb": "chancellery"}.get(account or "")
            self.attributions.append(
                {
                    "statement_id": name,
                    "depth": "0",
                    "seq": str(seq),
                    "entity_id": source,
                    "label": None if source else "officials",
                    "account_id": account,
                }
            )
        return self

    def align(self, first: str, relation: str, second: str, rationale: str = "Because.") -> Tables:
        self.alignments.append(
            {"statement_a": first, "relation": relation, "statement_b": second, "rationale": rationale}
        )
        return self

    def rows(self, name: str) -> list[Row]:
        fixed: dict[str, list[Row]] = {
            "events": [
                {"event_id": "call", "title": "Call", "date": "2031-05-01"},
                {"event_id": "meeting", "title": "Meeting", "date": "2031-06-01"},
            ],
            "entities": [
                {"entity_id": "marek", "name": "Jana Marek"},
                {"entity_id": "ostrova", "name": "Ilya Ostrova"},
                {"entity_id": "presidency", "name": "Presidency"},
                {"entity_id": "chancellery", "name": "Chancellery"},
                {"entity_id": "paper", "name": "The Herald"},
            ],
            "accounts": [
                {"account_id": "pa", "event_id": "call", "side": "a"},
                {"account_id": "cb", "event_id": "call", "side": "b"},
                {"account_id": "other", "event_id": "meeting", "side": "a"},
            ],
            "participants": [
                {"event_id": "call", "entity_id": "marek", "side": "a", "role": "principal"},
                {"event_id": "call", "entity_id": "ostrova", "side": "b", "role": "principal"},
                {"event_id": "call", "entity_id": "presidency", "side": "a", "role": "host"},
                {"event_id": "meeting", "entity_id": "ostrova", "side": "a", "role": "principal"},
            ],
            "articles": [
                {"article_id": "herald", "outlet_id": "paper", "title": "Herald's title"},
                {"article_id": "courier", "outlet_id": None, "title": "Courier's title"},
            ],
            "carriages": [
                {"account_id": "pa", "article_id": "herald"},
                {"account_id": "cb", "article_id": "herald"},
                {"account_id": "cb", "article_id": "courier"},
            ],
        }
        return fixed[name] if name in fixed else list(getattr(self, name))

    def compare(self) -> Comparison:
        return compare("call", self.rows)


def ids(claims: Iterable[Claim]) -> list[list[str]]:
    return sorted([voice.statement_id for voice in claim.voices] for claim in claims)


def groups(found: Comparison) -> dict[str, list[list[str]]]:
    return {name: ids(getattr(found, name)) for name in ("both", "only_a", "only_b", "third")}


def test_what_one_account_says_alone_is_its_sides_alone() -> None:
    found = Tables().say("s1", "pa").say("s2", "cb").say("s3", None).compare()
    assert groups(found) == {"both": [], "only_a": [["s1"]], "only_b": [["s2"]], "third": [["s3"]]}
    assert found.contested == ()


def test_what_both_sides_say_is_one_claim() -> None:
    found = Tables().say("s1", "pa").say("s2", "cb").align("s1", "same_claim", "s2").compare()
    assert groups(found) == {"both": [["s1", "s2"]], "only_a": [], "only_b": [], "third": []}


def test_the_same_claim_of_one_side_twice_is_one_claim_of_that_side() -> None:
    found = Tables().say("s1", "pa").say("s2", "pa").align("s2", "same_claim", "s1").compare()
    assert groups(found)["only_a"] == [["s1", "s2"]]


def test_what_a_side_and_others_say_is_not_said_by_others_only() -> None:
    found = Tables().say("s1", None).say("s2", "cb").align("s1", "same_claim", "s2").compare()
    assert groups(found) == {"both": [], "only_a": [], "only_b": [["s1", "s2"]], "third": []}


def test_same_claim_is_closed_transitively() -> None:
    tables = Tables().say("s1", "pa").say("s2", None).say("s3", None).say("s4", "cb")
    for first, second in (("s3", "s4"), ("s1", "s2"), ("s2", "s3")):
        tables.align(first, "same_claim", second)
    assert groups(tables.compare())["both"] == [["s1", "s2", "s3", "s4"]]


@pytest.mark.parametrize("relation", ["paraphrase", "supports", "weaker", "stronger", "translation_variant"])
def test_other_relations_join_nothing(relation: str) -> None:
    found = Tables().say("s1", "pa").say("s2", "cb").align("s1", relation, "s2").compare()
    assert groups(found)["both"] == []
    assert found.contested == ()


def test_a_statement_from_joint_accounts_is_said_by_both() -> None:
    found = Tables().say("s1", "pa", "cb").compare()
    assert groups(found)["both"] == [["s1"]]
    (claim,) = found.both
    assert claim.of("a") == claim.of("b") == claim.voices
    assert claim.sides == {"a", "b"}
    assert claim.voices[0].chain == "Presidency + Chancellery"


def test_what_opposite_sides_contest_is_not_repeated_as_said_by_one_side() -> None:
    found = Tables().say("s1", "pa").say("s2", "cb").align("s2", "contradicts", "s1", "Who rang?").compare()
    (contest,) = found.contested
    assert (contest.relation, contest.rationale) == ("contradicts", "Who rang?")
    assert (ids([contest.first]), ids([contest.second])) == ([["s1"]], [["s2"]])
    assert groups(found) == {"both": [], "only_a": [], "only_b": [], "third": []}


def test_a_contest_takes_in_all_that_say_the_same_and_puts_side_a_first() -> None:
    tables = Tables().say("s9", "pa").say("s8", "pa").say("s1", "cb").say("s2", None)
    tables.align("s8", "same_claim", "s9").align("s1", "same_claim", "s2").align("s1", "in_tension", "s9")
    (contest,) = tables.compare().contested
    assert (ids([contest.first]), ids([contest.second])) == ([["s8", "s9"]], [["s1", "s2"]])


def test_a_pair_of_claims_is_contested_once_and_a_contradiction_outweighs_a_tension() -> None:
    tables = Tables().say("s1", "pa").say("s2", "cb").say("s3", "cb").align("s2", "same_claim", "s3")
    tables.align("s1", "in_tension", "s2", "mild").align("s1", "contradicts", "s3", "strong")
    tables.align("s2", "in_tension", "s1", "mild again")
    (contest,) = tables.compare().contested
    assert (contest.relation, contest.rationale) == ("contradicts", "strong")


def test_one_claim_can_be_contested_by_several() -> None:
    tables = Tables().say("s1", "pa").say("s2", "cb").say("s3", "cb")
    tables.align("s1", "contradicts", "s2").align("s1", "contradicts", "s3")
    assert [ids([contest.second]) for contest in tables.compare().contested] == [[["s2"]], [["s3"]]]


def test_what_one_side_or_others_contest_is_not_contested_between_the_sides() -> None:
    tables = Tables().say("s1", "pa").say("s2", "pa").say("s3", None)
    tables.align("s1", "contradicts", "s2").align("s1", "contradicts", "s3")
    found = tables.compare()
    assert found.contested == ()
    assert groups(found)["only_a"] == [["s1"], ["s2"]]


def test_a_claim_that_both_make_and_one_contests_stands_in_both_places() -> None:
    tables = Tables().say("s1", "pa", "cb").say("s2", "cb").align("s1", "in_tension", "s2")
    found = tables.compare()
    assert groups(found) == {"both": [["s1"]], "only_a": [], "only_b": [], "third": []}
    (contest,) = found.contested
    assert (ids([contest.first]), ids([contest.second])) == ([["s1"]], [["s2"]])


def test_statements_of_another_event_are_left_out_unless_they_come_through_an_account_of_this_one() -> None:
    tables = Tables().say("s1", "pa", event="meeting").say("s2", "other", event="meeting").say("s3", "cb")
    tables.align("s2", "same_claim", "s3").align("s1", "same_claim", "s2")
    assert groups(tables.compare()) == {"both": [], "only_a": [["s1"]], "only_b": [["s3"]], "third": []}


def test_a_speaker_without_an_account_stands_on_the_side_of_the_participant() -> None:
    found = Tables().say("s1", None, speaker="ostrova").compare()
    assert groups(found)["only_b"] == [["s1"]]


def test_the_sides_name_their_principals_their_accounts_and_the_articles_that_carry_them() -> None:
    a, b = Tables().compare().sides
    assert (a.key, a.names, a.accounts, a.articles) == ("a", ("Jana Marek",), ("pa",), ("herald",))
    assert (b.key, b.names, b.accounts, b.articles) == ("b", ("Ilya Ostrova",), ("cb",), ("courier", "herald"))


def test_a_claim_knows_its_articles_and_a_voice_its_outlet_or_else_its_title() -> None:
    found = Tables().say("s1", "pa").say("c1", "cb").align("s1", "same_claim", "c1").compare()
    (claim,) = found.both
    assert claim.articles == ("courier", "herald")
    assert [voice.outlet for voice in claim.voices] == ["Courier's title", "The Herald"]


def test_an_unknown_event_is_answered_with_the_nearest_one() -> None:
    with pytest.raises(UnknownIdError) as caught:
        compare("cal", Tables().rows)
    assert str(caught.value) == "No event 'cal' is in the corpus. Did you mean 'call'?"


NAMES = [f"s{number}" for number in range(6)]
relations = st.sampled_from(["same_claim", "contradicts", "in_tension", "supports"])


@given(
    st.lists(st.sampled_from([("pa",), ("cb",), ("pa", "cb"), (None,)]), min_size=6, max_size=6),
    st.lists(st.tuples(st.sampled_from(NAMES), relations, st.sampled_from(NAMES)), max_size=8),
    st.randoms(use_true_random=False),
)
def test_every_statement_stands_somewhere_and_the_order_of_rows_does_not_matter(
    accounts: list[tuple[str | None, ...]], links: list[tuple[str, str, str]], random: object
) -> None:
    tables, shuffled = Tables(), Tables()
    for name, sources in zip(NAMES, accounts, strict=True):
        tables.say(name, *sources)
    for name, sources in reversed(list(zip(NAMES, accounts, strict=True))):
        shuffled.say(name, *sources)
    for link in links:
        tables.align(*link)
    for link in reversed(links):
        shuffled.align(*link)
    found = tables.compare()
    assert groups(found) == groups(shuffled.compare())
    grouped = list(itertools.chain(found.both, found.only_a, found.only_b, found.third))
    told = [voice.statement_id for claim in grouped for voice in claim.voices]
    assert len(told) == len(set(told))
    contested = {
        voice.statement_id
        for contest in found.contested
        for claim in (contest.first, contest.second)
        for voice in claim.voices
    }
    assert set(told) | contested == set(NAMES)
    assert all({"a", "b"} <= claim.sides for claim in found.both)
    assert all("b" not in claim.sides for claim in found.only_a)
    assert all("a" not in claim.sides for claim in found.only_b)
    assert all(claim.sides == {"third"} for claim in found.third)
    assert all("a" in contest.first.sides and "b" in contest.second.sides for contest in found.contested)


def test_the_command_shows_the_invented_call_as_it_is_annotated(corpus: Path, run: Run) -> None:
    assert run("rebuild", cwd=corpus).returncode == 0
    shown = run("compare", "call-2031-05-01", "--format", "json", cwd=corpus)
    assert shown.returncode == 0, shown.stderr
    document = json.loads(shown.stdout)
    assert "herald-2031-05-02.s02" in json.dumps(document["both"])
    contests = {contest["relation"] for contest in document["contested"]}
    assert contests == {"contradicts", "in_tension"}
    unknown = run("compare", "call-2031-05-02", cwd=corpus)
    assert unknown.returncode == 2
    assert "Did you mean 'call-2031-05-01'?" in unknown.stderr
