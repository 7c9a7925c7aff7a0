"""`readouts propose`: the draft of an article, what is made besides, and what is refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from readouts.annotations.drafting import anchor
from readouts.annotations.drafts import article_file
from readouts.annotations.tree import read_file
from readouts.compile.compiler import compile_tree
from readouts.compile.store import Store
from readouts.datapackage.errors import ReadoutsError
from readouts.proposals.draft_text import proposal_of
from readouts.proposals.facts import facts_of, read_tree
from readouts.proposals.proposal import Origin, SourceProposal, StatementProposal
from readouts.proposals.propose import Proposed, propose
from readouts.proposals.spans import anchorable
from readouts.text.sources import TextFolder

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run

ARTICLE, COURIER = "presidency-2031-05-01", "courier-2031-05-02"
TEXT = """Marek speaks with Ostrova

President Jana Marek spoke by phone with Chancellor Ilya Ostrova of Sarnia on Thursday. Marek stressed that the ferry \
must sail again and thanked Ostrova for the pilots. They agreed that their ministers would meet in Port Sarn.
"""
HEAD = "article_id,event,kind,issuer,title,url,published_on,language,rights\n"
ROW = f"{ARTICLE},call-2031-05-01,readout,Presidency,Marek speaks with Ostrova,,2031-05-01,en,public_domain\n"


def listed(corpus: Path, row: str = ROW, article: str = ARTICLE) -> Path:
    """Add a text and its row to the list of texts."""
    (corpus / "texts" / f"{article}.txt").write_text(TEXT, encoding="utf-8")
    (corpus / "texts" / "index.csv").write_text(HEAD + row, encoding="utf-8")
    return corpus


def proposed(corpus: Path, article: str = ARTICLE, *, replace: bool = False) -> Proposed:
    return propose(article, corpus / "annotations", corpus / "texts", replace=replace)


def anchored(corpus: Path, article: str = ARTICLE) -> None:
    assert anchor(article, corpus / "annotations", corpus / "texts").reading.incidents == []


def findings(corpus: Path) -> list[str]:
    store = Store(None)
    compiled = compile_tree(corpus / "annotations", store)
    store.close()
    return [f"{each.code}: {each.message}" for each in compiled.incidents if each.severity.value == "error"]


def contents(corpus: Path) -> dict[Path, bytes]:
    found = (path for path in corpus.rglob("*") if path.is_file() and ".readouts" not in path.parts)
    return {path: path.read_bytes() for path in found}


def refused(corpus: Path, match: str, article: str = ARTICLE, *, replace: bool = False) -> None:
    before = contents(corpus)
    with pytest.raises(ReadoutsError, match=match):
        proposed(corpus, article, replace=replace)
    assert contents(corpus) == before


def test_an_article_of_the_list_of_texts_is_proposed_anchored_and_built(corpus: Path) -> None:
    found = proposed(listed(corpus))
    assert found.path == corpus / "drafts" / f"{ARTICLE}.yaml"
    assert found.notes[0] == f"articles/{ARTICLE}.yaml was made from the list of texts."
    anchored(corpus)
    assert findings(corpus) == []
    article = proposal_of(article_file(ARTICLE, corpus / "annotations"))
    said = [(TEXT[slice(*each.content[0])], each.labels["act"], len(each.chain)) for each in article.statements]
    assert said == [
        ("Marek speaks with Ostrova", "report", 1),
        ("President Jana Marek spoke by phone with Chancellor Ilya Ostrova of Sarnia on Thursday", "report", 1),
        ("the ferry must sail again", "stress", 2),
        ("thanked", "express", 2),
        ("their ministers would meet in Port Sarn", "agree", 2),
    ]
    assert {each.chain[0][0].account for each in article.statements} == {ARTICLE}


def test_an_event_that_has_no_file_is_made_of_its_id_and_the_list_of_texts(corpus: Path) -> None:
    row = ROW.replace("call-2031-05-01", "call-marek-ostrova-2031-05-01")
    entities = corpus / "annotations" / "entities.yaml"
    relation = "{subject: ilya-ostrova, predicate: holds_office, object: chancellery, status: actual, fit: exact}"
    entities.write_text(entities.read_text("utf-8") + f"  ostrova-holds-chancellery: {relation}\n", encoding="utf-8")
    (corpus / "annotations" / "events" / "call-2031-05-01.yaml").unlink()
    for path in [*corpus.glob("annotations/articles/*"), *corpus.glob("annotations/anchors/*")]:
        path.unlink()
    (corpus / "annotations" / "events" / "meeting-port-sarn.yaml").unlink()
    found = proposed(listed(corpus, row))
    assert "events/call-marek-ostrova-2031-05-01.yaml was made from the list of texts." in found.notes[0]
    event = (corpus / "annotations" / "events" / "call-marek-ostrova-2031-05-01.yaml").read_text("utf-8")
    assert 'title: "Call between Marek and Ostrova, 1 May 2031"\n' in event
    assert "  jana-marek: {role: principal, side: a}\n  ilya-ostrova: {role: principal, side: b}\n" in event
    anchored(corpus)
    assert findings(corpus) == []


@pytest.mark.parametrize(
    ("old", "new", "match"),
    [
        ("call-2031-05-01", "talks-2031-05-01", "about 'talks-2031-05-01'.*readouts new event talks-2031-05-01"),
        ("Presidency", "Nobody", "The issuer 'Nobody' of .* is not an entity"),
        (",en,", ",fr,", "The language 'fr' lacks a lexicon; statements can be proposed for texts in en, ru, zh"),
        (",en,", ",,", "The article lacks its `language`; statements can be proposed for texts in en, ru, zh"),
    ],
)
def test_what_is_not_known_is_said_and_nothing_of_the_draft_is_written(
    corpus: Path, old: str, new: str, match: str
) -> None:
    listed(corpus, ROW.replace(old, new, 1))
    with pytest.raises(ReadoutsError, match=match):
        proposed(corpus)
    assert not (corpus / "drafts").exists()


def test_an_article_that_nobody_knows_is_refused(corpus: Path) -> None:
    refused(corpus, "annotations has no article 'herold'.*readouts new article herold", "herold")


@pytest.mark.parametrize("damage", ["- a list", "kind: [press"])
def test_an_article_whose_file_can_not_be_read_is_refused_with_the_reason(corpus: Path, damage: str) -> None:
    tree, file = read_tree(corpus / "annotations"), article_file(COURIER, corpus / "annotations")
    file.path.write_text(damage, encoding="utf-8")
    refused(corpus, f"{COURIER}.yaml:1:.*Correct the article", COURIER)
    with pytest.raises(ReadoutsError, match=f"The file of {COURIER} can't be read as an article. [A-Z]"):
        facts_of(COURIER, read_file(file), tree)


def test_an_annotated_article_is_refused_with_the_option_that_helps(corpus: Path) -> None:
    refused(corpus, r"courier-2031-05-02.yaml has 4 statements already.*--replace", COURIER)


def test_statements_of_the_other_sides_account_are_candidates_for_alignments(corpus: Path) -> None:
    found = proposed(listed(corpus))
    beside = corpus / "drafts" / f"{ARTICLE}.alignments.yaml"
    assert f"drafts/{beside.name} has {len(found.alignments)} candidates for alignments." in found.notes
    best = max(found.alignments, key=lambda candidate: candidate.score)
    assert (best.a, best.b) in {(f"{ARTICLE}.s01", f"{COURIER}.s01"), (f"{ARTICLE}.s05", f"{COURIER}.s03")}
    assert f"a: {best.a}, b: {best.b}" in beside.read_text("utf-8")


def test_a_draft_is_never_overwritten(corpus: Path) -> None:
    proposed(listed(corpus))
    refused(corpus, f"drafts/{ARTICLE}.yaml already exists")


def test_a_replaced_article_gives_up_its_alignments_and_builds(corpus: Path) -> None:
    found = proposed(corpus, COURIER, replace=True)
    assert found.notes[0] == "events/call-2031-05-01.yaml: 4 alignments removed (a01, a02, a03, a04)."
    event = (corpus / "annotations" / "events" / "call-2031-05-01.yaml").read_text("utf-8")
    assert COURIER not in event
    assert event.startswith("# The call itself.\n")
    assert event.endswith("side_b: sarnia\n")
    anchored(corpus, COURIER)
    assert findings(corpus) == []


def test_a_statement_with_the_same_content_keeps_its_id_and_no_other_id_is_used_again(corpus: Path) -> None:
    before = proposal_of(article_file(COURIER, corpus / "annotations"))
    found = proposed(corpus, COURIER, replace=True).proposal.statements
    old = {each.name: each.content for each in before.statements}
    kept = [each for each in found if each.name in old]
    assert kept
    assert all(each.content[0][0] < old[each.name][-1][1] for each in kept)
    assert len({each.name for each in found}) == len(found)


def test_windows_lines_stay_and_comments_above_the_lists_do_too(corpus: Path) -> None:
    path = corpus / "annotations" / "articles" / f"{COURIER}.yaml"
    text = path.read_text("utf-8").replace("kind: repost\n", "kind: repost  # as it was\n")
    path.write_bytes(text.replace("\n", "\r\n").encode())
    found = proposed(corpus, COURIER, replace=True)
    data = found.path.read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n")
    assert b"kind: repost  # as it was\r\n" in data
    anchored(corpus, COURIER)


def test_the_same_text_gives_the_same_draft(corpus: Path) -> None:
    first = proposed(listed(corpus))
    first.path.unlink()
    assert proposed(corpus).text == first.text


def test_summaries_are_placeholders_that_no_one_takes_for_a_summary(corpus: Path) -> None:
    summaries = [each.labels["summary"] for each in proposed(listed(corpus)).proposal.statements]
    assert all(re.fullmatch(r"To be written: .{,180}\.", each) for each in summaries)
    assert summaries[-1] == "To be written: Jana Marek and Ilya Ostrova agree to something about talks."


def test_a_speaker_who_does_not_take_part_is_named(corpus: Path) -> None:
    listed(corpus)
    text = TEXT.replace("Marek stressed", "Sarnia stressed")
    (corpus / "texts" / f"{ARTICLE}.txt").write_text(text, encoding="utf-8")
    event = corpus / "annotations" / "events" / "call-2031-05-01.yaml"
    event.write_text(event.read_text("utf-8").replace("side_b: sarnia\n", "side_b: chancellery\n"), encoding="utf-8")
    notes = proposed(corpus).notes
    assert "sarnia speaks and is not a participant of call-2031-05-01: add it to `participants`." in notes


def test_the_command_writes_the_draft_and_says_what_to_do(corpus: Path, run: Run) -> None:
    ended = run("propose", ARTICLE, "--texts", "texts", "-o", "-", cwd=listed(corpus))
    assert ended.returncode == 0
    assert ended.stdout == (corpus / "drafts" / f"{ARTICLE}.yaml").read_text("utf-8")
    assert f"readouts: articles/{ARTICLE}.yaml was made from the list of texts.\n" in ended.stderr


def test_texts_that_are_not_there_are_a_clear_message(corpus: Path) -> None:
    listed(corpus)
    (corpus / "texts" / f"{ARTICLE}.txt").unlink()
    with pytest.raises(ReadoutsError, match=f"No text of {ARTICLE}"):
        proposed(corpus)


def test_texts_are_read_from_the_folder_that_is_named(corpus: Path) -> None:
    assert TextFolder(listed(corpus) / "texts").find(ARTICLE, None, []).skeleton.text == TEXT


def test_spans_that_could_not_be_anchored_are_trimmed_and_a_cue_is_taken_out_of_its_content() -> None:
    text = "(Marek said, “it is open”, and so)"
    said = SourceProposal("jana-marek", at=((0, 6),), cue=((7, 12),))
    crude = StatementProposal(((7, 33),), ((said,),), Origin("en"), {"form": "direct"}, quoted=((12, 26),))
    found = anchorable(text, crude)
    assert [text[slice(*place)] for place in found.content] == ["“it is open”, and so"]
    assert [text[slice(*place)] for place in (*found.chain[0][0].at, *found.chain[0][0].cue)] == ["Marek", "said"]
    assert [text[slice(*place)] for place in found.quoted] == ["“it is open”"]
    assert found.labels["form"] == "mixed"
