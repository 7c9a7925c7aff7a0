"""Candidates for alignments: what two statements share, in one language and across languages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readouts.annotations.nodes import Mapping, parse
from readouts.datapackage.errors import ReadoutsError
from readouts.proposals.alignment import (
    BILINGUAL,
    Candidate,
    Said,
    alignments_text,
    candidates,
    rankings,
    read_bilingual,
    said_in,
)
from readouts.proposals.alignment_learning import Accounts, learn_from, learned_text, partner_ranks
from readouts.proposals.alignment_terms import concepts_of, foreign_terms, stems
from readouts.proposals.lexicon import FOLDER
from readouts.proposals.proposal import MentionProposal, Origin, Proposal, SourceProposal, StatementProposal

if TYPE_CHECKING:
    from pathlib import Path

ORIGIN = Origin("rule")
ENGLISH = [
    Said("herald.s01", "the two spoke for 50 minutes", "en", {"topic": "call"}),
    Said(
        "herald.s02",
        "the toll on Sarnia's grain must be lifted",
        "en",
        {"topic": "economy"},
        entities=frozenset(["sarnia"]),
    ),
    Said("herald.s03", "their militaries should talk again", "en", {"topic": "military"}),
]
CHINESE = [
    Said("daily.s01", "两人通话50分钟", "zh-Hans", {"topic": "call"}),
    Said("daily.s02", "两军应恢复对话", "zh-Hans", {"topic": "military"}),
    Said("daily.s03", "萨尼亚要求取消粮食关税", "zh-Hans", {"topic": "economy"}, entities=frozenset(["sarnia"])),
]
RUSSIAN = [
    Said("vestnik.s01", "военные возобновят контакты", "ru", {"topic": "military"}),
    Said("vestnik.s02", "разговор длился 50 минут", "ru", {"topic": "call"}),
    Said("vestnik.s03", "пошлины на зерно будут сняты", "ru", {"topic": "economy"}),
]


def best(a: list[Said], b: list[Said]) -> dict[str, str]:
    """Return the likeliest partner of each statement of a."""
    ranked = rankings(a, b)
    return {said.id: ranked[said.id][0].b for said in a}


@pytest.mark.parametrize(
    ("a", "b", "partners"),
    [
        (ENGLISH, CHINESE, ["daily.s01", "daily.s03", "daily.s02"]),
        (ENGLISH, RUSSIAN, ["vestnik.s02", "vestnik.s03", "vestnik.s01"]),
        (CHINESE, RUSSIAN, ["vestnik.s02", "vestnik.s01", "vestnik.s03"]),
    ],
)
def test_the_statement_on_the_same_thing_comes_first_across_languages(
    a: list[Said], b: list[Said], partners: list[str]
) -> None:
    assert list(best(a, b).values()) == partners


def test_words_alone_are_enough_where_there_are_no_labels() -> None:
    bare = [[Said(said.id, said.text, said.language) for said in account] for account in (ENGLISH, CHINESE)]
    assert list(best(*bare).values()) == ["daily.s01", "daily.s03", "daily.s02"]


def test_a_summary_makes_the_likeness_larger() -> None:
    ours, theirs = Said("a.s01", "the ferry will sail", "en"), Said("b.s01", "会开", "zh-Hans")
    summed = Said("b.s01", "会开", "zh-Hans", summary="Marek says the ferry will sail.")
    assert candidates([ours], [summed])[0].score > candidates([ours], [theirs])[0].score


def test_each_statement_of_either_account_has_its_candidates_once() -> None:
    found = candidates(ENGLISH, CHINESE, most=1)
    assert {each.a for each in found} == {said.id for said in ENGLISH}
    assert {each.b for each in found} == {said.id for said in CHINESE}
    assert len({(each.a, each.b) for each in found}) == len(found)
    assert candidates(ENGLISH, CHINESE, most=9) == candidates(ENGLISH, CHINESE, most=3)


@pytest.mark.parametrize(("a", "b"), [([], []), (ENGLISH, []), ([], CHINESE)])
def test_an_account_without_statements_has_no_candidates(a: list[Said], b: list[Said]) -> None:
    assert candidates(a, b) == []


def test_a_statement_is_no_candidate_for_itself() -> None:
    assert [(each.a, each.b) for each in candidates(ENGLISH[:1], ENGLISH[:1])] == []


def test_a_statement_without_words_is_judged_by_the_rest() -> None:
    found = candidates([Said("a.s01", "", "en")], [Said("b.s01", "…", "zh-Hans"), Said("b.s02", "", "de")])
    assert len(found) == 2
    assert all(0 <= each.score <= 1 and each.reasons == () for each in found)


def test_one_speaker_in_both_accounts_counts() -> None:
    by = [
        Said(f"{name}.s01", "the ferry", "en", speakers=frozenset([who]))
        for name, who in (("a", "jana-marek"), ("b", "jana-marek"), ("c", "ilya-ostrova"))
    ]
    [same], [other] = candidates(by[:1], by[1:2]), candidates(by[:1], by[2:])
    assert same.score > other.score
    assert "said by jana-marek" in same.reasons


def test_reasons_name_what_is_shared() -> None:
    found = {(each.a, each.b): each.reasons for each in candidates(ENGLISH, CHINESE)}
    toll = found["herald.s02", "daily.s03"]
    assert toll[0] == "names sarnia"
    assert any(reason.startswith("concepts ") and "food" in reason for reason in toll)
    assert "topic economy" in toll
    assert "numbers 50" in found["herald.s01", "daily.s01"]


def test_statements_are_taken_from_a_proposal_with_their_mentions() -> None:
    text = "Marek and Ostrova say Sarnia is near"
    joint = (SourceProposal("jana-marek"), SourceProposal("ilya-ostrova"))
    statement = StatementProposal(((22, 36),), (joint,), ORIGIN, {"act": "say", "summary": "Both say so."}, name="s01")
    proposal = Proposal(
        statements=(statement, StatementProposal(((0, 5),), ((),), ORIGIN)),
        mentions=(MentionProposal("jana-marek", (0, 5), ORIGIN), MentionProposal("sarnia", (22, 28), ORIGIN)),
    )
    [said] = said_in("herald", text, "en", proposal)
    assert (said.id, said.text, said.summary) == ("herald.s01", "Sarnia is near", "Both say so.")
    assert said.entities == {"sarnia"}
    assert said.speakers == {"jana-marek", "ilya-ostrova"}
    assert said_in("herald", text, "en", proposal, summaries=False)[0].summary == ""


def test_a_summary_yet_to_be_written_does_not_count() -> None:
    labels = {"summary": "To be written: Jana Marek says something about economy."}
    proposal = Proposal(statements=(StatementProposal(((0, 4),), ((),), ORIGIN, labels, name="s01"),))
    assert said_in("herald", "toll", "en", proposal)[0].summary == ""


def test_candidates_are_written_as_yaml() -> None:
    found = candidates(ENGLISH, CHINESE)
    text = alignments_text("call-2031-05-01", found)
    root = parse(text, "drafts/call-2031-05-01.yaml")
    entries = root.items["alignments"]
    assert isinstance(entries, Mapping)
    assert len(entries.items) == len(found)
    assert all(line.strip() == line.rstrip()[2:] or line[0] in "#a" for line in text.splitlines())
    assert alignments_text("call-2031-05-01", []).endswith("alignments: {}\n")
    assert "nothing in common that is known" in alignments_text("e", [Candidate("a.s01", "b.s01", 0.1)])


LACKING = '{"weights": {}, "topics": {}, "rarity": {}, "concepts": {}, "words": {}}'


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"weights": {}}', LACKING])
def test_a_lexicon_that_is_not_one_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "bilingual.json"
    path.write_text(content)
    with pytest.raises(ReadoutsError, match="bilingual"):
        read_bilingual(path)


def test_a_missing_lexicon_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadoutsError, match="can't be read"):
        read_bilingual(tmp_path / "none.json")


def test_what_is_shipped_has_only_short_terms() -> None:
    lexicon = read_bilingual()
    assert BILINGUAL.stat().st_size < 300_000
    for language, longest in (("zh", 4), ("ru", 5)):
        assert all(2 <= len(term) <= longest for term in lexicon["words"][language])
    assert all(stem.isascii() and len(stem) <= 7 for stem in lexicon["rarity"])
    assert learned_text(lexicon) == BILINGUAL.read_text("utf-8")


def test_concepts_have_words_in_every_language() -> None:
    import yaml

    for concept, words in yaml.safe_load((FOLDER / "concepts.yaml").read_text("utf-8")).items():
        assert set(words) == {"en", "zh", "ru"}, concept
        for language, some in words.items():
            assert len(set(some)) == len(some), (concept, language)
            assert all(concept in concepts_of(word, language) for word in some), (concept, language)


def learning() -> tuple[list[Accounts], dict[str, list[Said]]]:
    """Return accounts of five invented events, each with the same two things said in English and Chinese."""
    accounts: list[Accounts] = []
    said: dict[str, list[Said]] = {}
    for number in range(5):
        ours = [
            Said(f"en{number}.s01", "the ferry sails again", "en", {"topic": "economy"}),
            Said(f"en{number}.s02", "the lighthouse is dark", "en", {"topic": "security"}),
        ]
        theirs = [
            Said(f"zh{number}.s01", "灯塔不亮", "zh-Hans", {"topic": "security"}, summary="The lighthouse is dark."),
            Said(f"zh{number}.s02", "渡船复航", "zh-Hans", {"topic": "economy"}, summary="The ferry sails again."),
        ]
        pairs = frozenset([(ours[0].id, theirs[1].id), (ours[1].id, theirs[0].id)])
        accounts.append(Accounts(f"call-{number}", tuple(ours), tuple(theirs), pairs))
        said |= {f"en{number}": ours, f"zh{number}": theirs}
    return accounts, said


def test_translations_are_learned_from_summaries() -> None:
    accounts, said = learning()
    lexicon = learn_from(accounts, said, {name: (f"call-{name[-1]}",) for name in said})
    assert "ferry" in lexicon["words"]["zh"]["渡船"]
    assert "ferry" not in lexicon["words"]["zh"].get("灯塔", {})
    ours, theirs = (
        [Said("a.s01", "a ferry", "en")],
        [Said("b.s01", "灯塔", "zh-Hans"), Said("b.s02", "渡船", "zh-Hans")],
    )
    assert rankings(ours, theirs, lexicon)["a.s01"][0].b == "b.s02"
    assert partner_ranks(accounts[0], lexicon) == {"en0.s01": 0, "en0.s02": 0, "zh0.s01": 0, "zh0.s02": 0}
    assert json.loads(learned_text(lexicon)) == lexicon


def test_nothing_is_learned_from_nothing() -> None:
    lexicon = learn_from([], {}, {})
    assert lexicon["words"] == {}
    assert len(rankings(ENGLISH, CHINESE, lexicon)["herald.s01"]) == len(CHINESE)


def test_what_is_learned_does_not_depend_on_the_order() -> None:
    accounts, said = learning()
    events = {name: (f"call-{name[-1]}",) for name in said}
    turned = learn_from(accounts[::-1], dict(reversed(said.items())), events)
    assert turned["words"] == learn_from(accounts, said, events)["words"]


@given(st.text(max_size=40))
def test_any_text_has_terms(text: str) -> None:
    assert all(stem.isascii() for stem in stems(text))
    assert all(2 <= len(term) <= 4 for term in foreign_terms(text, "zh"))
    assert all(len(term) <= 5 for term in foreign_terms(text, "ru"))
    assert concepts_of(text, "de") == frozenset()


TEXTS = st.lists(st.text("会谈关税 toll нато50", max_size=8), max_size=4)


@given(TEXTS, TEXTS, st.sampled_from(["en", "zh-Hans", "ru"]), st.integers(0, 3))
def test_candidates_join_the_two_accounts(ours: list[str], theirs: list[str], language: str, most: int) -> None:
    a = [Said(f"a.s{number}", text, "en") for number, text in enumerate(ours)]
    b = [Said(f"b.s{number}", text, language) for number, text in enumerate(theirs)]
    found = candidates(a, b, most=most)
    assert all(each.a.startswith("a.") and each.b.startswith("b.") and 0 <= each.score <= 1 for each in found)
    for said in (*a, *b):
        assert sum(said.id in {each.a, each.b} for each in found) >= min(most, len(b if said in a else a))
