"""Two accounts side by side: what both say, what they contest, what only one of them says."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readouts.analysis.claims import GROUPS
from readouts.analysis.comparison import Claim, Comparison, compare
from readouts.datapackage.errors import UnknownIdError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tests.conftest import Run

Row = dict[str, str | None]


@dataclass
class Tables:
    """A corpus of one call, with the statements and alignments that a test adds.

    `governments` has the sides of each event, as releases since 2.0 do, and `countries` those of entities.
    """

    governments: dict[str, tuple[str | None, str | None]] = field(default_factory=dict)
    countries: dict[str, str] = field(default_factory=dict)
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
            {
                "statement_a": first,
                "relation": relation,
                "statement_b": second,
                "scope": "cross_side",
                "rationale": rationale,
            }
        )
        return self

    def sides_of(self, event: str) -> Row:
        """Return the cells of an event that name its sides, if it has such columns."""
        return dict(zip(("side_a_id", "side_b_id"), self.governments.get(event, ()), strict=False))

    def rows(self, name: str) -> list[Row]:
        fixed: dict[str, list[Row]] = {
            "events": [
                {"event_id": name, "title": name.capitalize(), "date": date, **self.sides_of(name)}
                for name, date in (("call", "2031-05-01"), ("meeting", "2031-06-01"))
            ],
            "entities": [
                {"entity_id": name, "name": called, "kind": kind, "country": self.countries.get(name)}
                for name, called, kind in (
                    ("marek", "Jana Marek", "person"),
                    ("ostrova", "Ilya Ostrova", "person"),
                    ("presidency", "Presidency", "office"),
                    ("chancellery", "Chancellery", "office"),
                    ("paper", "The Herald", "outlet"),
                    ("hillmark", "Hillmark", "state"),
                    ("lakeland", "Lakeland", "state"),
                )
            ],
            "accounts": [
                {"account_id": "pa", "event_id": "call", "side": "a", "issuer_id": "presidency"},
                {"account_id": "cb", "event_id": "call", "side": "b", "issuer_id": "chancellery"},
                {"account_id": "other", "event_id": "meeting", "side": "a", "issuer_id": "presidency"},
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
    """Return the claims of each group that has some."""
    return {name: ids(found.group(name)) for name in GROUPS if found.group(name)}


def test_what_one_account_says_alone_is_its_sides_alone() -> None:
    found = Tables().say("s1", "pa").say("s2", "cb").say("s3", None).compare()
    assert groups(found) == {"only_a": [["s1"]], "only_b": [["s2"]], "third": [["s3"]]}
    assert found.pairs == ()


def test_what_both_sides_say_is_one_claim() -> None:
    found = Tables().say("s1", "pa").say("s2", "cb").align("s1", "same_claim", "s2").compare()
    assert groups(found) == {"both": [["s1", "s2"]]}


def test_the_same_claim_of_one_side_twice_is_one_claim_of_that_side() -> None:
    found = Tables().say("s1", "pa").say("s2", "pa").align("s2", "same_claim", "s1").compare()
    assert groups(found) == {"only_a": [["s1", "s2"]]}


def test_what_a_side_and_others_say_is_not_said_by_others_only() -> None:
    found = Tables().say("s1", None).say("s2", "cb").align("s1", "same_claim", "s2").compare()
    assert groups(found) == {"only_b": [["s1", "s2"]]}


def test_same_claim_is_closed_transitively() -> None:
    tables = Tables().say("s1", "pa").say("s2", None).say("s3", None).say("s4", "cb")
    for first, second in (("s3", "s4"), ("s1", "s2"), ("s2", "s3")):
        tables.align(first, "same_claim", second)
    assert groups(tables.compare()) == {"both": [["s1", "s2", "s3", "s4"]]}


@pytest.mark.parametrize("relation", ["paraphrase", "supports", "quotes_altered", "translation_variant"])
def test_relations_of_wording_and_support_change_no_group(relation: str) -> None:
    found = Tables().say("s1", "pa").say("s2", "cb").align("s1", relation, "s2").compare()
    assert groups(found) == {"only_a": [["s1"]], "only_b": [["s2"]]}
    assert found.pairs == ()


@pytest.mark.parametrize(
    ("first", "relation", "second", "read"),
    [("s1", "weaker", "s2", "weaker"), ("s1", "stronger", "s2", "stronger"),
     ("s2", "weaker", "s1", "stronger"), ("s2", "stronger", "s1", "weaker")],
)  # fmt: skip
def test_a_claim_of_which_the_other_side_says_more_or_less_is_partly_shared(
    first: str, relation: str, second: str, read: str
) -> None:
    found = Tables().say("s1", "pa").say("s2", "cb").align(first, relation, second).compare()
    assert groups(found) == {"partly": [["s1"], ["s2"]]}
    assert [(pair.relation, pair.first.claim_id, pair.second.claim_id) for pair in found.pairs] == [(read, "s1", "s2")]


def test_a_claim_that_both_make_is_theirs_though_one_of_them_says_more_elsewhere() -> None:
    tables = Tables().say("s1", "pa", "cb").say("s2", "cb").align("s2", "stronger", "s1")
    assert groups(tables.compare()) == {"both": [["s1"]], "partly": [["s2"]]}


def test_a_statement_from_joint_accounts_is_said_by_both() -> None:
    found = Tables().say("s1", "pa", "cb").compare()
    (claim,) = found.group("both")
    assert claim.of("a") == claim.of("b") == claim.voices
    assert claim.of("third") == ()
    assert claim.voices[0].chain == "Presidency + Chancellery"


def test_what_opposite_sides_contradict_is_not_repeated_as_said_by_one_side() -> None:
    found = Tables().say("s1", "pa").say("s2", "cb").align("s2", "contradicts", "s1", "Who rang?").compare()
    (pair,) = found.pairs
    assert (pair.relation, pair.rationale, pair.group) == ("contradicts", "Who rang?", "contradicted")
    assert (ids([pair.first]), ids([pair.second])) == ([["s1"]], [["s2"]])
    assert groups(found) == {"contradicted": [["s1"], ["s2"]]}


def test_a_pair_takes_in_all_that_say_the_same_and_puts_side_a_first() -> None:
    tables = Tables().say("s9", "pa").say("s8", "pa").say("s1", "cb").say("s2", None)
    tables.align("s8", "same_claim", "s9").align("s1", "same_claim", "s2").align("s1", "in_tension", "s9")
    (pair,) = tables.compare().pairs
    assert (ids([pair.first]), ids([pair.second])) == ([["s8", "s9"]], [["s1", "s2"]])


def test_two_claims_are_a_pair_once_and_a_contradiction_outweighs_a_tension() -> None:
    tables = Tables().say("s1", "pa").say("s2", "cb").say("s3", "cb").align("s2", "same_claim", "s3")
    tables.align("s1", "in_tension", "s2", "mild").align("s1", "contradicts", "s3", "strong")
    tables.align("s2", "in_tension", "s1", "mild again").align("s1", "weaker", "s2", "less")
    found = tables.compare()
    assert [(pair.relation, pair.rationale) for pair in found.pairs] == [("contradicts", "strong")]
    assert groups(found) == {"contradicted": [["s1"], ["s2", "s3"]]}


def test_a_claim_that_is_contradicted_by_one_and_in_tension_with_another_is_contradicted() -> None:
    tables = Tables().say("s1", "pa").say("s2", "cb").say("s3", "cb")
    tables.align("s1", "in_tension", "s2").align("s1", "contradicts", "s3")
    found = tables.compare()
    assert groups(found) == {"contradicted": [["s1"], ["s3"]], "in_tension": [["s2"]]}
    assert [pair.relation for pair in found.pairs] == ["contradicts", "in_tension"]


def test_relations_within_a_side_within_a_claim_and_with_others_change_no_group() -> None:
    tables = Tables().say("s1", "pa").say("s2", "pa").say("s3", None).say("s4", "cb").say("s5", "cb")
    tables.align("s1", "contradicts", "s2").align("s1", "contradicts", "s3").align("s3", "in_tension", "s4")
    tables.align("s4", "same_claim", "s5").align("s4", "contradicts", "s5")
    found = tables.compare()
    assert found.pairs == ()
    assert groups(found) == {"only_a": [["s1"], ["s2"]], "only_b": [["s4", "s5"]], "third": [["s3"]]}


def test_a_claim_that_both_make_and_one_is_in_tension_with_is_in_tension() -> None:
    tables = Tables().say("s1", "pa", "cb").say("s2", "cb").align("s1", "in_tension", "s2")
    found = tables.compare()
    assert groups(found) == {"in_tension": [["s1"], ["s2"]]}
    (pair,) = found.pairs
    assert (ids([pair.first]), ids([pair.second])) == ([["s1"]], [["s2"]])


def test_statements_of_another_event_are_left_out_unless_they_come_through_an_account_of_this_one() -> None:
    tables = Tables().say("s1", "pa", event="meeting").say("s2", "other", event="meeting").say("s3", "cb")
    tables.align("s2", "same_claim", "s3").align("s1", "same_claim", "s2")
    assert groups(tables.compare()) == {"only_a": [["s1"]], "only_b": [["s3"]]}


def test_an_account_further_in_does_not_bring_a_statement_into_its_event() -> None:
    tables = Tables().say("s1", None, event="meeting")
    inner = {"statement_id": "s1", "depth": "1", "seq": "0", "entity_id": "presidency", "label": None}
    tables.attributions.append({**inner, "account_id": "pa"})
    assert groups(tables.compare()) == {}


@pytest.mark.parametrize(("government", "group"), [("lakeland", "only_b"), ("hillmark", "only_a"), (None, "third")])
def test_an_account_of_another_event_counts_for_the_side_of_the_same_government(
    government: str | None, group: str
) -> None:
    tables = Tables({"call": ("hillmark", "lakeland"), "meeting": (government, None)}).say("s1", "other")
    assert groups(tables.compare()) == {group: [["s1"]]}


def test_a_statement_through_an_account_of_another_event_keeps_the_side_of_its_speaker() -> None:
    assert groups(Tables().say("s1", "other", speaker="ostrova").compare()) == {"only_b": [["s1"]]}


def test_sides_are_named_after_governments_or_countries_and_else_after_who_issued_their_accounts() -> None:
    named = Tables({"call": ("hillmark", "lakeland"), "meeting": (None, None)}).compare()
    assert [side.name for side in named.sides] == ["Hillmark", "Lakeland"]
    assert [side.name for side in Tables().compare().sides] == ["Presidency", "Chancellery"]
    older = Tables(countries={"marek": "HM", "ostrova": "LL", "hillmark": "HM", "lakeland": "LL"}).compare()
    assert [side.name for side in older.sides] == ["Hillmark", "Lakeland"]


def test_wordings_are_listed_the_most_telling_first() -> None:
    tables = Tables().say("s1", "pa").say("c1", "pa").say("c2", "cb").say("s2", "cb")
    tables.align("c1", "paraphrase", "s2").align("c1", "quotes_altered", "s1", "One word is left out.")
    found = tables.align("c2", "translation_variant", "s2").compare().wordings
    assert [wording.relation for wording in found] == ["quotes_altered", "translation_variant", "paraphrase"]
    assert (found[0].first.statement_id, found[0].second.statement_id) == ("c1", "s1")
    assert found[0].rationale == "One word is left out."


def test_a_speaker_without_an_account_stands_on_the_side_of_the_participant() -> None:
    found = Tables().say("s1", None, speaker="ostrova").compare()
    assert groups(found) == {"only_b": [["s1"]]}


def test_the_sides_name_their_principals_their_accounts_and_the_articles_that_carry_them() -> None:
    a, b = Tables().compare().sides
    assert (a.key, a.names, a.accounts, a.articles) == ("a", ("Jana Marek",), ("pa",), ("herald",))
    assert (b.key, b.names, b.accounts, b.articles) == ("b", ("Ilya Ostrova",), ("cb",), ("courier", "herald"))


def test_a_claim_knows_its_articles_and_a_voice_its_outlet_or_else_who_issued_it() -> None:
    found = Tables().say("s1", "pa").say("c1", "cb").align("s1", "same_claim", "c1").compare()
    (claim,) = found.group("both")
    assert claim.articles == ("courier", "herald")
    assert [voice.outlet for voice in claim.voices] == ["Chancellery", "The Herald"]


def test_an_unknown_event_is_answered_with_the_nearest_one() -> None:
    with pytest.raises(UnknownIdError) as caught:
        compare("cal", Tables().rows)
    assert str(caught.value) == "The corpus has no event 'cal'. Did you mean 'call'?"


NAMES = [f"s{number}" for number in range(6)]
relations = st.sampled_from(["same_claim", "contradicts", "in_tension", "weaker", "stronger", "supports"])


@given(
    st.lists(st.sampled_from([("pa",), ("cb",), ("pa", "cb"), (None,)]), min_size=6, max_size=6),
    st.lists(st.tuples(st.sampled_from(NAMES), relations, st.sampled_from(NAMES)), max_size=8),
)
def test_every_statement_is_in_one_claim_and_every_claim_in_one_group_whatever_the_order_of_rows(
    accounts: list[tuple[str | None, ...]], links: list[tuple[str, str, str]]
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
    said = [voice.statement_id for claim in found.claims for voice in claim.voices]
    assert sorted(said) == NAMES
    grouped = [claim.claim_id for group in GROUPS for claim in found.group(group)]
    assert sorted(grouped) == sorted(claim.claim_id for claim in found.claims)
    assert sum(found.counts.values()) == len(found.claims)
    assert all(claim.claim_id == claim.voices[0].statement_id for claim in found.claims)
    for claim in found.claims:
        sides = {side for side in ("a", "b") if claim.of(side)}
        related = {pair.group for pair in found.pairs if claim.claim_id in {pair.first.claim_id, pair.second.claim_id}}
        assert (claim.group in related) or claim.group == (
            "both" if len(sides) == 2 else f"only_{min(sides)}" if sides else "third"
        )
    assert all(pair.first.of("a") and pair.second.of("b") for pair in found.pairs)


def test_the_command_shows_the_invented_call_as_it_is_annotated(corpus: Path, run: Run) -> None:
    assert run("rebuild", cwd=corpus).returncode == 0
    shown = run("compare", "call-2031-05-01", "--format", "json", cwd=corpus)
    assert shown.returncode == 0, shown.stderr
    document = json.loads(shown.stdout)
    both = [claim for claim in document["claims"] if claim["group"] == "both"]
    assert "herald-2031-05-02.s02" in json.dumps(both)
    assert {pair["relation"] for pair in document["pairs"]} == {"contradicts", "in_tension"}
    unknown = run("compare", "call-2031-05-02", cwd=corpus)
    assert unknown.returncode == 2
    assert "Did you mean 'call-2031-05-01'?" in unknown.stderr
