"""`readouts import`, and `propose --schema` and `--prompt` before it: from a model's answer to a valid corpus."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from readouts.annotations.summaries import copied_run
from readouts.annotations.tree import annotation_tree
from readouts.proposals.answer_schema import answer_schema
from readouts.proposals.answers import answer_of
from readouts.proposals.draft_text import proposal_of
from readouts.text.sources import TextFolder
from tests.conftest import INVENTED

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run

HERALD = "herald-2031-05-02"
SCAFFOLD = """\
title: Marek and Ostrova speak by phone over the Lakes
outlet: morning-herald
kind: press
published_on: 2031-05-02
language: en
rights: no_redistribution
made_by:  # Who or what made the annotation.
review: machine
carries:
  presidency-2031-05-01: {completeness: reported, is_translation: false}
  chancellery-2031-05-01: {completeness: reported, is_translation: true}
regions:
  ## role: headline, caption, readout, boilerplate
defaults:
  event: call-2031-05-01
statements:
"""


@cache
def _answered() -> str:
    file = next(file for file in annotation_tree(INVENTED / "annotations")[0] if file.id == HERALD)
    return answer_of(proposal_of(file), HERALD, TextFolder(INVENTED / "texts").find(HERALD, None, []).skeleton)


def answer(folder: Path, **changes: Any) -> dict[str, Any]:
    """Write a good answer about the article next to the annotations, with changes of its first statement."""
    made: dict[str, Any] = json.loads(_answered())
    made["statements"][0] |= changes
    (folder / "answer.json").write_text(json.dumps(made), encoding="utf-8")
    return made


@pytest.fixture
def fresh(corpus: Path) -> Path:
    """The invented corpus with one article that is only a scaffold."""
    (corpus / "annotations" / "anchors" / f"{HERALD}.csv").unlink()
    (corpus / "annotations" / "articles" / f"{HERALD}.yaml").write_text(SCAFFOLD, encoding="utf-8")
    answer(corpus)
    return corpus


def draft(folder: Path) -> Path:
    return folder / "drafts" / f"{HERALD}.yaml"


def test_a_good_answer_becomes_a_valid_corpus(fresh: Path, run: Run) -> None:
    done = run("import", "answer.json", "--texts", "texts", "--made-by", "some-model", cwd=fresh)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        f"drafts/{HERALD}.yaml: 8 statements, 16 mentions, 3 regions and 2 relations.\n"
        f"Read the draft, then run `readouts anchor {HERALD} --texts DIR`.\n"
    )
    assert "made_by: some-model\n" in draft(fresh).read_text(encoding="utf-8")
    for words in (["anchor", HERALD, "--texts", "texts"], ["rebuild"], ["rebuild", "--check", "--texts", "texts"]):
        assert run(*words, cwd=fresh).returncode == 0
    published = proposal_of(next(each for each in annotation_tree(INVENTED / "annotations")[0] if each.id == HERALD))
    made = proposal_of(next(each for each in annotation_tree(fresh / "annotations")[0] if each.id == HERALD))
    assert [(each.content, each.chain, each.labels) for each in made.statements] == [
        (each.content, each.chain, each.labels) for each in published.statements
    ]


def test_what_is_refused_is_listed_with_its_place_and_the_rest_is_kept(fresh: Path, run: Run) -> None:
    answer(fresh, act="says")
    done = run("import", "answer.json", "--texts", "texts", cwd=fresh)
    assert done.returncode == 1
    assert f"drafts/{HERALD}.yaml: 7 statements" in done.stdout
    assert "statements[0].act: Expected one of" in done.stdout
    assert "Did you mean 'say'?" in done.stdout
    text = draft(fresh).read_text(encoding="utf-8")
    assert "  s02:" in text
    assert "  s01:" not in text


def test_what_rebuild_would_refuse_is_said_with_its_line_in_the_draft(fresh: Path, run: Run) -> None:
    answer(fresh, form="direct")
    done = run("import", "answer.json", "--texts", "texts", "--format", "json", cwd=fresh)
    assert done.returncode == 1
    document = json.loads(done.stdout)
    assert document["kept"] == {"statements": 8, "mentions": 16, "regions": 3, "relations": 2}
    assert document["refused"] == []
    (found,) = [each for each in document["found"] if each["code"] == "form-differs"]
    assert found["source"]["file"] == f"drafts/{HERALD}.yaml"
    line = draft(fresh).read_text(encoding="utf-8").splitlines()[found["source"]["line"] - 1]
    assert line == "    form: direct"


def test_an_account_that_the_article_does_not_carry_is_said(fresh: Path, run: Run) -> None:
    path = fresh / "annotations" / "articles" / f"{HERALD}.yaml"
    path.write_text(path.read_text("utf-8").replace("  chancellery-2031-05-01: {c", "  # {c"), encoding="utf-8")
    done = run("import", "answer.json", "--texts", "texts", "--format", "json", cwd=fresh)
    assert {each["code"] for each in json.loads(done.stdout)["found"]} == {"account-not-carried"}


def test_alignments_with_a_statement_that_is_no_more_are_said_and_the_others_hold(corpus: Path, run: Run) -> None:
    answer(corpus, act="says")
    events = (corpus / "annotations" / "events" / "call-2031-05-01.yaml").read_bytes()
    document = json.loads(run("import", "answer.json", "--texts", "texts", "--format", "json", cwd=corpus).stdout)
    assert [each["value"] for each in document["found"]] == [f"{HERALD}.s01"]
    assert (corpus / "annotations" / "events" / "call-2031-05-01.yaml").read_bytes() == events


def test_a_statement_or_relation_keeps_the_name_of_the_one_with_its_words(corpus: Path, run: Run) -> None:
    made = answer(corpus)
    made["statements"].reverse()
    made["relations"].reverse()
    for number, statement in enumerate(made["statements"], 1):
        statement["name"] = f"n{number}"
    for relation, name in zip(made["relations"], ("n7", "n8"), strict=True):
        relation["statement"] = name
    (corpus / "answer.json").write_text(json.dumps(made), encoding="utf-8")
    assert run("import", "answer.json", "--texts", "texts", cwd=corpus).returncode == 0
    assert run("anchor", HERALD, "--texts", "texts", cwd=corpus).returncode == 0
    file = next(each for each in annotation_tree(corpus / "annotations")[0] if each.id == HERALD)
    assert [each.name for each in proposal_of(file).statements] == [f"s0{number}" for number in range(8, 0, -1)]
    assert [(each.name, each.statement) for each in proposal_of(file).relations] == [("r02", "s02"), ("r01", "s01")]
    assert run("rebuild", cwd=corpus).returncode == 0


@pytest.mark.parametrize("text", ["Sorry.", '{"statements": [', '{"article": "courier-2031-05-02", "statements": []}'])
def test_an_answer_that_cannot_be_read_ends_with_two_and_writes_nothing(fresh: Path, run: Run, text: str) -> None:
    (fresh / "answer.json").write_text(text, encoding="utf-8")
    done = run("import", "answer.json", "--texts", "texts", "--article", HERALD, cwd=fresh)
    assert done.returncode == 2
    assert done.stderr.startswith("readouts: The answer")
    assert not draft(fresh).exists()


def test_an_answer_of_which_nothing_fits_writes_nothing(fresh: Path, run: Run) -> None:
    (fresh / "answer.json").write_text(json.dumps({"article": HERALD, "statements": [{}]}), encoding="utf-8")
    done = run("import", "answer.json", "--texts", "texts", cwd=fresh)
    assert done.returncode == 1
    assert done.stdout.startswith("Nothing was kept, so nothing was written.\n")
    assert "Read the draft" not in done.stdout
    assert not draft(fresh).exists()
    assert run("import", "answer.json", "--texts", "texts", "-o", "../draft.yaml", cwd=fresh).returncode == 1
    assert not (fresh.parent / "draft.yaml").exists()


def test_an_answer_may_come_from_standard_input(fresh: Path) -> None:
    command = [sys.executable, "-m", "readouts", "import", "-", "--texts", "texts"]
    done = subprocess.run(command, cwd=fresh, input=_answered(), encoding="utf-8", capture_output=True, check=False)
    assert (done.returncode, draft(fresh).exists()) == (0, True)


def test_an_answer_that_names_no_article_needs_its_name(fresh: Path, run: Run) -> None:
    made = json.loads(_answered())
    del made["article"]
    (fresh / "answer.json").write_text(json.dumps(made), encoding="utf-8")
    done = run("import", "answer.json", "--texts", "texts", cwd=fresh)
    assert (done.returncode, "--article" in done.stderr) == (2, True)
    assert run("import", "answer.json", "--texts", "texts", "--article", HERALD, cwd=fresh).returncode == 0


def test_a_draft_that_is_there_is_not_overwritten_unless_that_is_asked_for(fresh: Path, run: Run) -> None:
    draft(fresh).parent.mkdir()
    draft(fresh).write_text("mine", encoding="utf-8")
    done = run("import", "answer.json", "--texts", "texts", cwd=fresh)
    assert (done.returncode, draft(fresh).read_text(encoding="utf-8")) == (2, "mine")
    assert "--replace" in done.stderr
    assert run("import", "answer.json", "--texts", "texts", "--replace", cwd=fresh).returncode == 0
    assert draft(fresh).read_text(encoding="utf-8") != "mine"


def test_a_draft_is_written_elsewhere_only_where_git_does_not_track_it(fresh: Path, run: Run) -> None:
    shown = run("import", "answer.json", "--texts", "texts", "-o", "-", cwd=fresh)
    assert shown.returncode == 0
    assert shown.stdout.startswith("# Draft of annotations/articles/")
    assert not draft(fresh).exists()
    assert run("import", "answer.json", "--texts", "texts", "-o", "../draft.yaml", cwd=fresh).returncode == 0
    assert (fresh.parent / "draft.yaml").read_text(encoding="utf-8") == shown.stdout
    subprocess.run(["git", "init", "--quiet"], cwd=fresh, check=True)
    refused = run("import", "answer.json", "--texts", "texts", "-o", "draft.yaml", cwd=fresh)
    assert (refused.returncode, (fresh / "draft.yaml").exists()) == (2, False)


def test_made_by_must_be_a_name(fresh: Path, run: Run) -> None:
    done = run("import", "answer.json", "--texts", "texts", "--made-by", "A Model!", cwd=fresh)
    assert done.returncode == 2
    assert "--made-by; found 'A Model!'" in done.stderr


def test_the_schema_is_printed_without_an_article(run: Run, tmp_path: Path) -> None:
    assert run("propose", "--schema", cwd=tmp_path).stdout == answer_schema()


def test_the_prompt_has_the_guideline_the_event_the_ids_and_the_schema_but_not_the_text(fresh: Path, run: Run) -> None:
    done = run("propose", HERALD, "--prompt", "--texts", "texts", cwd=fresh)
    assert done.returncode == 0
    prompt = done.stdout
    for part in (
        f"- id: {HERALD}",
        "- carries: chancellery-2031-05-01 (reported)",
        "# The event call-2031-05-01",
        "- participant entity jana-marek, role principal, side a",
        "- account chancellery-2031-05-01: issuer chancellery, side b, kind statement, original_language de",
        "- lakes (place): The Lakes",
        "- CONSULT: visit, third-party, multilateral, phone",
        "## 2. One statement, one proposition",
        "## 12. A worked example",
        json.dumps(json.loads(answer_schema()), ensure_ascii=False),
        "<Put the text here, whole and unchanged.>",
    ):
        assert part in prompt
    for part in ("## 10. Alignments", "## 11. Review", "](", "- courier ("):
        assert part not in prompt
    text = (fresh / "texts" / f"{HERALD}.txt").read_text(encoding="utf-8")
    title = "Marek and Ostrova speak by phone over the Lakes"
    assert copied_run(prompt, text.replace(title, ""), []) is None


def test_without_texts_the_prompt_lists_the_whole_registry(fresh: Path, run: Run) -> None:
    prompt = run("propose", HERALD, "--prompt", "--texts", "nowhere", cwd=fresh).stdout
    assert "- courier (outlet): Courier" in prompt


def test_a_prompt_with_the_text_ends_with_it_and_goes_nowhere_that_git_tracks(fresh: Path, run: Run) -> None:
    done = run("propose", HERALD, "--prompt", "--with-text", "--texts", "texts", cwd=fresh)
    text = (fresh / "texts" / f"{HERALD}.txt").read_text(encoding="utf-8")
    assert done.stdout.endswith(text.rstrip("\n") + "\n")
    assert "keep it local" in done.stderr
    subprocess.run(["git", "init", "--quiet"], cwd=fresh, check=True)
    refused = run("propose", HERALD, "--prompt", "--with-text", "--texts", "texts", "-o", "prompt.md", cwd=fresh)
    assert (refused.returncode, (fresh / "prompt.md").exists()) == (2, False)
    assert run("propose", HERALD, "--prompt", "--texts", "texts", "-o", "prompt.md", cwd=fresh).returncode == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "Name the article."),
        (["--prompt"], "--prompt requires an article."),
        ([HERALD, "--with-text"], "--with-text requires --prompt."),
        (["herald", "--prompt"], "annotations has no article 'herald'."),
        ([HERALD, "--prompt", "--with-text", "--texts", "nowhere"], "nowhere is not a folder"),
    ],
)
def test_what_goes_together_is_said(fresh: Path, run: Run, words: list[str], said: str) -> None:
    done = run("propose", *words, cwd=fresh)
    assert done.returncode == 2
    assert said in done.stderr


def test_a_prompt_needs_an_event(fresh: Path, run: Run) -> None:
    path = fresh / "annotations" / "articles" / f"{HERALD}.yaml"
    path.write_text(SCAFFOLD.partition("carries:")[0], encoding="utf-8")
    done = run("propose", HERALD, "--prompt", "--texts", "texts", cwd=fresh)
    assert done.returncode == 2
    assert "names no event" in done.stderr
