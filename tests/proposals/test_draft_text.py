"""Proposals as drafts: what is written, anchored and read again is what was proposed."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readouts.annotations.drafting import anchor_article
from readouts.annotations.drafts import article_file
from readouts.annotations.tree import annotation_tree
from readouts.corpus_schema.tables import tables
from readouts.datapackage.errors import ReadoutsError
from readouts.proposals.draft_text import draft_text, proposal_of, statement_names
from readouts.proposals.proposal import (
    MentionProposal,
    Origin,
    Place,
    Proposal,
    RegionProposal,
    RelationProposal,
    SourceProposal,
    StatementProposal,
)
from readouts.text.skeleton import Skeleton
from readouts.text.sources import TextFolder
from tests.conftest import INVENTED
from tests.properties import examples

TEXT = (
    "Marek speaks with Ostrova\n\nMarek said that the bridge, the toll and the bridge’s pier are one thing. "
    "“The bridge is open,” Ostrova said, and Marek said 12 and 12 more. 马雷克表示：大桥已开放，大桥已开放。\n"
)
HEAD = "title: A call\nkind: readout\nlanguage: en\nrights: public_domain\nmade_by: maker\nreview: machine\n"
RULE = Origin("maker")
WORDS = [(0, 5), (27, 32), (33, 37), (43, 53), (55, 63), (68, 80), (81, 85), (104, 117), (130, 137), (144, 149)]
WORDS = [place for place in WORDS if TEXT[place[0]].isalnum() and TEXT[place[1] - 1].isalnum()]
LABELS = ("form", "medium", "act", "topic", "polarity", "certainty", "modality")


def enumerated(column: str) -> st.SearchStrategy[str]:
    return st.sampled_from(sorted(tables()["statements"].field(column).constraints.enum or ()))


places = st.lists(st.sampled_from(WORDS), unique=True, max_size=3).map(lambda found: tuple(sorted(found)))
some = st.lists(st.sampled_from(WORDS), unique=True, min_size=1, max_size=2).map(lambda found: tuple(sorted(found)))
entities = st.sampled_from(["jana-marek", "ilya-ostrova", "veldania"])


@st.composite
def steps(draw: st.DrawFn) -> tuple[SourceProposal, ...]:
    who = draw(st.lists(entities | st.none(), unique=True, min_size=1, max_size=2))
    cue = draw(places)
    label = draw(st.sampled_from(["no", "null", "an official: one of # many", '"quoted"']))
    return tuple(
        SourceProposal(each, None if each else label, None, draw(places), cue if number == 0 else ())
        for number, each in enumerate(who)
    )


@st.composite
def statements(draw: st.DrawFn, name: str) -> StatementProposal:
    labels = {column: draw(enumerated(column)) for column in LABELS}
    labels |= {"summary": draw(st.sampled_from(["A: b", "null", "'", '"', "#1"]))}
    if draw(st.booleans()):
        labels["event_id"] = "call-2031-05-01"
    addressees: tuple[tuple[str, tuple[Place, ...]], ...] = ()
    addressee: tuple[Place, ...] = ()
    if draw(st.booleans()):
        addressees = (("jana-marek", draw(places)), ("ilya-ostrova", draw(places)))
    else:
        addressee = draw(places)
        labels["addressee_id"] = draw(entities)
    chain = tuple(draw(st.lists(steps(), min_size=1, max_size=2)))
    parent = draw(st.sampled_from([None, "s01"])) if name != "s01" else None
    return StatementProposal(draw(some), chain, RULE, labels, draw(places), addressee, addressees, name, parent)


@st.composite
def proposals(draw: st.DrawFn) -> Proposal:
    names = [f"s{number:02}" for number in range(1, draw(st.integers(1, 5)) + 1)]
    mentioned = draw(st.lists(st.tuples(entities, st.sampled_from(WORDS)), unique=True, max_size=4))
    relation = RelationProposal(
        "jana-marek",
        "CONSULT",
        RULE,
        "ilya-ostrova",
        draw(st.sampled_from([None, "s01"])),
        {"status": "actual", "fit": "exact", "contexts": "diplomatic|military", "mode": "phone"},
        draw(some),
    )
    return Proposal(
        tuple(
            RegionProposal("headline", place, RULE)
            for place in sorted(draw(st.lists(st.sampled_from(WORDS), unique=True, max_size=2)))
        ),
        tuple(draw(statements(name)) for name in names),
        tuple(MentionProposal(entity, place, RULE) for entity, place in sorted(mentioned, key=lambda each: each[::-1])),
        tuple([relation] * draw(st.integers(0, 2))),
    )


def again(proposal: Proposal, text: Skeleton | None) -> Proposal:
    """Write a proposal as a draft, anchor it, and read the anchored article."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "annotations" / "articles").mkdir(parents=True)
        (folder / "texts").mkdir()
        (folder / "annotations" / "corpus.yaml").write_text("name: a\n")
        (folder / "texts" / "call.txt").write_text(TEXT, encoding="utf-8")
        path = folder / "annotations" / "articles" / "call.yaml"
        path.write_text(draft_text(proposal, HEAD, text), encoding="utf-8")
        file = article_file("call", folder / "annotations")
        done = anchor_article(file, TextFolder(folder / "texts"))
        assert done.reading.incidents == []
        path.write_text(done.article, encoding="utf-8")
        return proposal_of(file)


def in_order(proposal: Proposal) -> tuple[object, ...]:
    mentions = sorted((each.place, each.entity) for each in proposal.mentions)
    return proposal.regions, proposal.statements, mentions, proposal.relations


@settings(max_examples=examples(200))
@given(proposals(), st.booleans())
def test_a_draft_that_is_anchored_holds_what_was_proposed(proposal: Proposal, quoting: bool) -> None:
    assert in_order(again(proposal, Skeleton(TEXT) if quoting else None)) == in_order(proposal)


@pytest.mark.parametrize(
    "file",
    [file for file in annotation_tree(INVENTED / "annotations")[0] if file.kind == "article"],
    ids=lambda file: file.id,
)
def test_an_annotated_article_written_as_a_draft_is_the_same_annotation(file) -> None:  # type: ignore[no-untyped-def]
    proposal = proposal_of(file)
    written = draft_text(proposal, HEAD)
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "annotations", "articles", f"{file.id}.yaml")
        path.parent.mkdir(parents=True)
        path.parents[1].joinpath("corpus.yaml").write_text("name: a\n")
        path.write_text(written, encoding="utf-8")
        read = proposal_of(article_file(file.id, path.parents[1]))
    places = [(each.content, each.chain, each.labels, each.quoted, each.addressee) for each in proposal.statements]
    assert [(each.content, each.chain, each.labels, each.quoted, each.addressee) for each in read.statements] == places
    assert [(each.entity, each.place) for each in read.mentions] == [
        (each.entity, each.place) for each in proposal.mentions
    ]


def one(**labels: str) -> StatementProposal:
    return StatementProposal(
        ((0, 5),), ((SourceProposal("presidency", account="a"),),), Origin("en.cue", 0.912), labels
    )


def test_rule_and_confidence_stand_behind_each_statement_and_mention() -> None:
    mention = MentionProposal("jana-marek", (0, 5), Origin("mention.name"))
    written = draft_text(Proposal(statements=(one(act="say"),), mentions=(mention,)))
    assert "  s01:  # en.cue 0.91\n" in written
    assert "    - [0, 5]  # mention.name\n" in written


def test_what_most_statements_have_is_a_default_and_what_one_lacks_is_taken_back() -> None:
    written = draft_text(Proposal(statements=(one(act="say"), one(act="say"), one())))
    assert written.count("act: say\n") == 1
    assert written.count("    act:\n") == 1
    assert written.count("issuer: {entity: presidency, account: a}\n") == 1
    assert written.count("- issuer\n") == 3


def test_statements_get_names_that_nothing_has_had() -> None:
    assert statement_names([one(), one()], taken=["s01", "s03"]) == ["s02", "s04"]


def test_a_file_with_a_mistake_is_refused_with_its_place(corpus: Path) -> None:
    file = article_file("courier-2031-05-02", corpus / "annotations")
    file.path.write_text(file.path.read_text("utf-8").replace("act: accuse", "act: sing"), encoding="utf-8")
    with pytest.raises(ReadoutsError, match=r"annotations/articles/courier-2031-05-02.yaml:\d+:\d+: .*'sing'"):
        proposal_of(file)


def test_quotations_are_placed_with_the_text_and_refused_without(drafted: Path) -> None:
    file = article_file("courier-2031-05-02", drafted / "annotations")
    assert len(proposal_of(file, TextFolder(drafted / "texts")).statements) == 4
    with pytest.raises(ReadoutsError, match="without the article's text"):
        proposal_of(file)
