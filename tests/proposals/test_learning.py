from __future__ import annotations

import json
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from readouts.compile.compiler import compile_tree
from readouts.compile.rebuild import write_package
from readouts.compile.store import Store
from readouts.datapackage.errors import ReadoutsError
from readouts.datapackage.package.package import DataPackage, open_package
from readouts.proposals.learning import article_events, article_texts, confidence, cross_proposals, learn, learned_text
from readouts.proposals.lexicon import LEARNED, read_learned, topic_of
from readouts.proposals.proposal import Proposal
from readouts.proposals.published import published_proposals
from readouts.text.sources import text_folder
from tests.command_line import ended_script
from tests.conftest import INVENTED, ROOT

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = text_folder(INVENTED / "texts")
CALL = "call-2031-05-01"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> DataPackage:
    folder = tmp_path_factory.mktemp("invented")
    write_package(compile_tree(INVENTED / "annotations", Store(None)), folder)
    return open_package(folder)


def test_cues_are_counted_by_the_act_of_the_innermost_step(package: DataPackage) -> None:
    cues = learn(package, TEXTS)["cues"]["en"]
    assert cues["agreed"] == {"agree": 2}
    assert cues["suggested"] == {"propose": 2}
    assert cues["said"]["relay"] > 0


def test_mentions_are_counted_by_entity_as_they_are_written(package: DataPackage) -> None:
    mentions = learn(package, TEXTS)["mentions"]["en"]
    assert mentions["President Jana Marek"] == {"jana-marek": 1}
    assert set(mentions["Marek"]) == {"jana-marek"}


def test_the_topic_of_a_content_is_told_by_its_words(package: DataPackage) -> None:
    topics = learn(package, TEXTS)["topics"]["en"]
    assert all(weight > 0 for weights in topics["weights"].values() for weight in weights.values())
    assert topic_of("armed bands in the villages", {"learned": {"topics": topics}}) == "security"


def test_only_short_sequences_of_words_are_kept(package: DataPackage) -> None:
    learned = learn(package, TEXTS)
    assert all(len(cue.split()) <= 3 for cue in learned["cues"]["en"])
    assert all(" " not in term for term in learned["topics"]["en"]["weights"])


def test_nothing_is_learned_from_an_article_with_a_statement_about_an_event_that_is_left_out(
    package: DataPackage,
) -> None:
    learned = learn(package, TEXTS, without_events=[CALL])
    assert learned["cues"] == learned["topics"] == learned["mentions"] == {}
    assert learn(package, TEXTS, without_events=["another-call"]) == learn(package, TEXTS)


def test_the_main_event_of_an_article_is_that_of_the_accounts_it_carries(package: DataPackage) -> None:
    events = article_events(package.rows)
    assert {article: found[0] for article, found in events.items()} == dict.fromkeys(events, CALL)


def test_what_was_learned_is_written_sorted_and_read_back(package: DataPackage, tmp_path: Path) -> None:
    learned = learn(package, TEXTS)
    text = learned_text(learned)
    assert text == learned_text(json.loads(text))
    path = tmp_path / "learned.json"
    path.write_text(text, encoding="utf-8")
    assert read_learned(path) == learned


def test_the_confidence_of_a_rule_is_the_share_of_its_proposals_that_are_published(package: DataPackage) -> None:
    published = published_proposals(package.rows)
    article = "herald-2031-05-02"
    wrong = replace(published[article].statements[0], content=((0, 13),), name=None)
    more = replace(published[article], statements=(*published[article].statements, *[wrong] * 2))
    shares = confidence(package.rows, {article: more})
    assert shares == {"en": {"press": {"published": round(1 - 2 / (len(more.statements) + len(more.mentions)), 2)}}}


def test_a_rule_that_proposed_next_to_nothing_has_no_confidence(package: DataPackage) -> None:
    one = Proposal(statements=published_proposals(package.rows)["herald-2031-05-02"].statements[:2])
    assert confidence(package.rows, {"herald-2031-05-02": one}) == {"en": {"press": {}}}


def test_each_article_is_proposed_with_what_was_learned_without_its_event(package: DataPackage) -> None:
    proposals = cross_proposals(package, TEXTS, INVENTED / "annotations")
    assert proposals.keys() == {"courier-2031-05-02", "herald-2031-05-02"}
    assert all(proposal.statements for proposal in proposals.values())


def test_a_text_that_was_changed_after_it_was_annotated_is_refused(package: DataPackage, tmp_path: Path) -> None:
    shutil.copytree(INVENTED / "texts", tmp_path / "texts")
    path = tmp_path / "texts" / "herald-2031-05-02.txt"
    path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(ReadoutsError, match=r"herald-2031-05-02\.txt isn't the text that .* was annotated from"):
        learn(package, text_folder(tmp_path / "texts"))


def test_a_missing_text_is_named(package: DataPackage, tmp_path: Path) -> None:
    shutil.copy(INVENTED / "texts" / "herald-2031-05-02.txt", tmp_path)
    with pytest.raises(ReadoutsError, match="No text of courier-2031-05-02"):
        article_texts(package.rows, text_folder(tmp_path))


def test_the_script_writes_what_was_learned_and_checks_it(package: DataPackage, tmp_path: Path) -> None:
    output = tmp_path / "learned.json"
    texts, annotations = str(INVENTED / "texts"), str(INVENTED / "annotations")
    arguments = [str(package.root), "--texts", texts, "--annotations", annotations, "--output", str(output)]
    assert ended_script("learn_proposals", *arguments, "--check").returncode == 1
    assert ended_script("learn_proposals", *arguments).returncode == 0
    learned = read_learned(output)
    assert {**learned, "confidence": {}} == learn(package, TEXTS)
    assert learned["confidence"]["en"].keys() == {"official", "press"}
    assert ended_script("learn_proposals", *arguments, "--check").returncode == 0
    output.write_text("{}", encoding="utf-8")
    stale = ended_script("learn_proposals", *arguments, "--check")
    assert stale.returncode == 1
    assert "isn't what the corpus teaches" in stale.stderr


@pytest.mark.slow
def test_the_file_of_learned_words_is_what_the_corpus_teaches(source_texts: Path) -> None:
    arguments = ["--annotations", str(ROOT / "annotations"), "--texts", str(source_texts), "--check"]
    checked = ended_script("learn_proposals", str(ROOT), *arguments)
    assert checked.returncode == 0, checked.stderr


def test_the_file_of_learned_words_stays_small_and_holds_no_long_sequence() -> None:
    assert LEARNED.stat().st_size < 300_000
    learned = read_learned()
    for cues in learned["cues"].values():
        for cue in cues:
            assert len(cue.split()) <= 3
            assert sum("\u3400" <= character <= "\u9fff" for character in cue) <= 4
    for topics in learned["topics"].values():
        assert all(len(term.split()) == 1 for term in topics["weights"])
