from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readouts.compile.compiler import compile_tree
from readouts.compile.rebuild import write_package
from readouts.compile.store import Store
from readouts.datapackage.package.package import open_package
from readouts.proposals.evaluation import ERRORS, evaluate, matched_rules
from readouts.proposals.proposal import MentionProposal, Origin, Proposal, SourceProposal, StatementProposal
from readouts.proposals.published import published_proposals, rows_of
from tests.conftest import INVENTED

if TYPE_CHECKING:
    from readouts.analysis.sides import Row, Rows
    from readouts.proposals.evaluation import Evaluation

ARTICLE = "herald-2031-05-02"
MAREK = SourceProposal("jana-marek", at=((0, 5),), cue=((6, 10),))
OSTROVA = SourceProposal("ilya-ostrova", at=((0, 5),))
ISSUER = SourceProposal("presidency", account="presidency-2031-05-01")


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    folder = tmp_path_factory.mktemp("invented")
    write_package(compile_tree(INVENTED / "annotations", Store(None)), folder)
    return open_package(folder).rows


def statement(
    *content: tuple[int, int], chain: tuple[tuple[SourceProposal, ...], ...] = ((MAREK,),)
) -> StatementProposal:
    return StatementProposal(content, chain, Origin("invented"))


def package(*statements: StatementProposal, mentions: tuple[MentionProposal, ...] = ()) -> Rows:
    """The tables of one article with these statements as published."""
    articles = [{"article_id": ARTICLE, "language": "en"}]
    one = Proposal(statements=statements, mentions=mentions)
    made = rows_of(lambda name: articles if name == "articles" else [], {ARTICLE: one})
    empty = dict.fromkeys(("account_id", "object_id"))

    def tables(name: str) -> list[Row]:
        found: list[Row] = [{**empty, "depth": None, **row} for row in made(name)]
        if name == "spans":
            for number, each in enumerate(made("statements")):
                for depth, step in enumerate(statements[number].chain):
                    for source in step:
                        owner = {"statement_id": each["statement_id"], "depth": str(depth), "article_id": ARTICLE}
                        cue = [{"role": "cue", "entity_id": None, **place(at), **owner} for at in source.cue]
                        at = [{"role": "source", "entity_id": source.entity, **place(at), **owner} for at in source.at]
                        found += [*cue, *at]
        return found

    return tables


def place(at: tuple[int, int]) -> dict[str, str]:
    return {"start": str(at[0]), "end": str(at[1])}


def held(published: list[StatementProposal], *proposed: StatementProposal) -> Evaluation:
    return evaluate(package(*published), {ARTICLE: Proposal(statements=proposed)})


def errors(evaluation: Evaluation) -> dict[str, int]:
    return {kind: count for kind, count in evaluation.errors.items() if count}


def test_published_annotations_are_perfect_proposals(rows: Rows) -> None:
    evaluation = evaluate(rows, published_proposals(rows))
    assert {score.f1 for score in (*evaluation.agreement.scores.values(), *evaluation.scores.values())} == {1.0}
    assert {equal for _, equal, _ in evaluation.agreement.labels.values()} == {1.0}
    assert errors(evaluation) == {}
    assert evaluation.documents == 2


def test_only_the_articles_of_the_proposals_count(rows: Rows) -> None:
    evaluation = evaluate(rows, published_proposals(rows, [ARTICLE]))
    assert evaluation.documents == 1
    assert evaluation.score("statements").first < len(rows("statements"))


def test_the_origin_and_the_names_of_statements_make_no_difference(rows: Rows) -> None:
    published = published_proposals(rows)
    renamed = {
        article: replace(
            proposal,
            statements=tuple(replace(each, name=None, origin=Origin("en.rule")) for each in proposal.statements[::-1]),
        )
        for article, proposal in published.items()
    }
    assert evaluate(rows, renamed).score("chains").f1 == 1.0


def test_a_document_without_proposals_has_no_recall_and_says_what_was_missed(rows: Rows) -> None:
    evaluation = evaluate(rows, {ARTICLE: Proposal()})
    assert evaluation.score("statements").f1 == 0
    missed = evaluation.errors["missed: its cue was not found"] + evaluation.errors["missed: it has no cue"]
    assert missed == evaluation.score("statements").first > 0


PUBLISHED = [statement((20, 60)), statement((60, 100))]


@pytest.mark.parametrize(
    ("proposed", "expected"),
    [
        ([statement((20, 100))], {"split too coarsely": 1}),
        ([statement((20, 60)), statement((60, 75)), statement((80, 95))], {"other bounds": 0, "split too finely": 1}),
        ([statement((20, 60)), statement((90, 140))], {"other bounds": 1}),
        ([statement((20, 60))], {"missed: nothing proposed there": 1}),
        ([*PUBLISHED, statement((200, 260))], {"proposed where nothing is published": 1}),
        (PUBLISHED, {}),
    ],
)
def test_statements_that_differ_are_counted_by_what_went_wrong(
    proposed: list[StatementProposal], expected: dict[str, int]
) -> None:
    found = errors(held(PUBLISHED, *proposed))
    assert found == {kind: count for kind, count in expected.items() if count}


def test_a_statement_split_where_both_are_covered_is_split_too_coarsely_for_both() -> None:
    whole = [statement((0, 30)), statement((30, 60)), statement((60, 90))]
    assert errors(held(whole, statement((0, 90)))) == {"split too coarsely": 3}


def test_a_missed_statement_whose_cue_nobody_found_is_told_from_one_without_a_cue() -> None:
    silent = statement((20, 60), chain=((ISSUER,),))
    assert errors(held([statement((20, 60))])) == {"missed: its cue was not found": 1}
    assert errors(held([silent])) == {"missed: it has no cue": 1}


@pytest.mark.parametrize(
    ("chain", "error"),
    [
        (((ISSUER,),), "chain: a step is missing"),
        (((ISSUER,), (MAREK,), (OSTROVA,)), "chain: a step too many"),
        (((ISSUER,), (MAREK, OSTROVA)), "chain: joint sources"),
        (((ISSUER,), (OSTROVA,)), "chain: another speaker"),
        (((replace(ISSUER, entity="chancellery"),), (MAREK,)), "chain: another outer source"),
    ],
)
def test_chains_that_differ_are_counted_by_what_went_wrong(
    chain: tuple[tuple[SourceProposal, ...], ...], error: str
) -> None:
    published = [statement((20, 60), chain=((ISSUER,), (MAREK,)))]
    evaluation = held(published, statement((20, 60), chain=chain))
    assert errors(evaluation) == {error: 1}
    assert evaluation.score("chains").shared == 0


def test_sources_and_cues_are_compared_on_matched_statements_by_step() -> None:
    published = [statement((20, 60), chain=((ISSUER,), (MAREK,)))]
    other_cue = replace(MAREK, cue=((11, 15),))
    evaluation = held(published, statement((20, 60), chain=((ISSUER,), (other_cue,))), statement((200, 240)))
    assert (evaluation.score("sources").first, evaluation.score("sources").second) == (2, 2)
    assert evaluation.score("source words").f1 == 1.0
    assert evaluation.score("cues").f1 == 0.0


def test_unnamed_sources_are_the_same_whatever_their_label() -> None:
    analyst, expert = (SourceProposal(label=label, at=((0, 5),)) for label in ("an analyst", "an expert"))
    evaluation = held([statement((20, 60), chain=((analyst,),))], statement((20, 60), chain=((expert,),)))
    assert evaluation.score("chains").f1 == 1.0


def test_a_rule_is_right_as_often_as_what_it_proposes_is_published() -> None:
    right, wrong = statement((20, 60)), replace(statement((200, 260)), origin=Origin("another"))
    mentions = (MentionProposal("jana-marek", (0, 5), Origin("names")),)
    proposed = Proposal(
        statements=(right, wrong, replace(right, content=((400, 440),))),
        mentions=(*mentions, MentionProposal("ilya-ostrova", (0, 5), Origin("names"))),
    )
    found = matched_rules(package(right, mentions=mentions), {ARTICLE: proposed})
    assert found == {"another": (0, 1), "invented": (1, 2), "names": (1, 2)}


PLACES = st.tuples(st.integers(0, 200), st.integers(1, 60)).map(lambda pair: (pair[0], sum(pair)))


@given(st.lists(PLACES, max_size=6), st.lists(PLACES, max_size=6))
def test_every_unmatched_published_statement_has_one_error(
    first: list[tuple[int, int]], second: list[tuple[int, int]]
) -> None:
    evaluation = held([statement(at) for at in first], *(statement(at) for at in second))
    statements = evaluation.score("statements")
    missed = [count for kind, count in evaluation.errors.items() if kind in ERRORS[:6]]
    assert sum(missed) == statements.first - statements.shared
    assert evaluation.errors["proposed where nothing is published"] <= statements.second - statements.shared


@given(st.lists(PLACES, max_size=6))
def test_any_statements_are_perfect_proposals_of_themselves(places: list[tuple[int, int]]) -> None:
    statements = [statement(at) for at in places]
    evaluation = held(statements, *statements)
    assert evaluation.score("statements").f1 == evaluation.score("chains").f1 == 1.0
    assert errors(evaluation) == {}
