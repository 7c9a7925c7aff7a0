"""The benchmark of `readouts propose`: what it measures, and what it says of it."""

from __future__ import annotations

import doctest
import importlib
import json
import sys
from typing import TYPE_CHECKING

import pytest

from benchmarks import propose
from benchmarks.propose import Contender, documents, error_table, evaluations, peer_proposal, perfect, report
from readouts.compile.compiler import compile_tree
from readouts.compile.rebuild import write_package
from readouts.compile.store import Store
from readouts.datapackage.package.package import DataPackage, open_package
from readouts.proposals.evaluation import evaluate
from readouts.proposals.proposal import MentionProposal, Origin
from readouts.text.sources import text_folder
from tests.conftest import INVENTED

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = text_folder(INVENTED / "texts")


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> DataPackage:
    folder = tmp_path_factory.mktemp("invented")
    write_package(compile_tree(INVENTED / "annotations", Store(None)), folder)
    return open_package(folder)


def test_examples_hold() -> None:
    tried = doctest.testmod(importlib.import_module("benchmarks.propose"))
    assert tried.attempted > 0
    assert tried.failed == 0


def test_a_document_has_its_event_and_an_official_one_its_issuer(package: DataPackage) -> None:
    found = {document.id: document for document in documents(package, TEXTS)}
    assert {document.event for document in found.values()} == {"call-2031-05-01"}
    assert found["herald-2031-05-02"].group == "press, English"
    assert found["herald-2031-05-02"].issuer is None


def test_published_annotations_have_every_figure_1(package: DataPackage) -> None:
    found = documents(package, TEXTS)
    contender = perfect(package, found)
    measured = evaluations(package.rows, found, contender.proposals)
    for line in report({contender.title: (contender, measured)}).splitlines():
        if line.startswith("| published"):
            assert set(line.split("|")[4:-1]) == {" 1.00 "}
    assert error_table(measured).count("\n") == 1


def test_a_contender_that_could_not_be_run_is_in_the_notes(package: DataPackage) -> None:
    contender = Contender("Citron", note="not run: it isn't here")
    assert report({"Citron": (contender, {})}).endswith("- Citron: not run: it isn't here.")


def test_what_a_peer_finds_is_a_statement_of_the_entity_that_its_source_names(package: DataPackage) -> None:
    document = next(each for each in documents(package, TEXTS) if each.id == "herald-2031-05-02")
    start = document.text.index("Marek suggested")
    found = {"source": [[start, start + 5]], "cue": [[start + 6, start + 15]], "content": [[start + 21, start + 58]]}
    name = MentionProposal("jana-marek", (start, start + 5), Origin("names"))
    (statement,) = peer_proposal(document, [found], [name]).statements
    assert statement.content == ((start + 21, start + 58),)
    ((source,),) = statement.chain
    assert (source.entity, source.cue) == ("jana-marek", ((start + 6, start + 15),))


def test_without_an_environment_of_the_peers_only_sentences_are_compared(package: DataPackage) -> None:
    found = documents(package, TEXTS)
    contenders = propose.peers(None, found, {})
    assert [contender.title for contender in contenders] == ["every sentence", "peers"]
    assert "--peers-folder" in contenders[1].note
    assert evaluate(package.rows, contenders[0].proposals).score("statements").shared > 0


def test_a_peer_gets_texts_and_languages_and_answers_in_places(package: DataPackage, tmp_path: Path) -> None:
    script = tmp_path / "peer.py"
    script.write_text(
        "import json, sys\n"
        "texts = json.load(open(sys.argv[1], encoding='utf-8'))\n"
        "json.dump({name: [[0, len(text['text'])], text['language']] for name, text in texts.items()}, sys.stdout)\n",
        encoding="utf-8",
    )
    found = documents(package, TEXTS)
    answers = propose.run_peer([sys.executable, str(script), "{texts}"], found)
    assert answers == {document.id: [[0, len(document.text)], "en"] for document in found}


def test_the_verbs_of_speech_of_each_language_are_there_once() -> None:
    path = propose.ROOT / "benchmarks" / "peers" / "verbs_of_speech.json"
    for verbs in json.loads(path.read_text(encoding="utf-8")).values():
        assert len(verbs) == len(set(verbs))


def test_the_unseen_texts_are_annotated_without_a_mistake_and_nothing_of_their_build_is_left() -> None:
    tree = propose.ROOT / "benchmarks" / "unseen" / "annotations"
    assert not compile_tree(tree, Store(None)).incidents
    rows, found, contender = propose.unseen()
    assert {document.group for document in found} == set(propose.GROUPS)
    assert contender.proposals.keys() == {document.id for document in found}
    assert all(figures.score("statements").shared for figures in evaluations(rows, found, contender.proposals).values())
