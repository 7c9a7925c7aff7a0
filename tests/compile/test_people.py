"""Several addressees, reviewers, unknown dates and the sides of events go from the annotations into the tables."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest

import readouts

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run

HERALD, CALL = "annotations/articles/herald-2031-05-02.yaml", "annotations/events/call-2031-05-01.yaml"
MEETING = "annotations/events/meeting-port-sarn.yaml"
TWO = "addressees: {jana-marek: [[469, 474]], sarnia: }"


def edit(corpus: Path, name: str, old: str, new: str) -> None:
    path = corpus / name
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1, old
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def rows(corpus: Path, table: str) -> list[dict[str, str]]:
    with (corpus / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def to_two(corpus: Path) -> None:
    """Let a statement be said to two: one whom the text names, and one whom it doesn't."""
    edit(corpus, HERALD, "    addressee: jana-marek\n", "")
    edit(corpus, HERALD, "addressee_at: [[469, 474]]", TWO)


def test_a_statement_to_several_has_a_row_for_each_and_all_their_names(corpus: Path, run: Run) -> None:
    to_two(corpus)
    ended = run("rebuild", cwd=corpus)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert [row["entity_id"] for row in rows(corpus, "addressees")] == ["jana-marek", "sarnia"]
    [said] = [row for row in rows(corpus, "statements_wide") if row["statement_id"] == "herald-2031-05-02.s05"]
    assert (said["addressee_id"], said["addressee_name"]) == ("", "Jana Marek + Sarnia")
    spans = [row for row in rows(corpus, "spans") if row["role"] == "addressee"]
    assert [(row["entity_id"], row["start"]) for row in spans] == [("jana-marek", "469")]
    assert run("validate", cwd=corpus).returncode == 0
    told = readouts.open(corpus)
    for entity in ("jana-marek", "sarnia"):
        assert "herald-2031-05-02.s05" in set(told.who_said_what(addressee=entity)["statement_id"])
    assert run("site", "--output", corpus / "site", cwd=corpus).returncode == 0
    page = (corpus / "site" / "statements" / "herald-2031-05-02.s05.html").read_text(encoding="utf-8")
    assert all(f'entities/{entity}.html"><bdi>' in page for entity in ("jana-marek", "sarnia"))
    assert "herald-2031-05-02.s05" in (corpus / "site" / "entities" / "sarnia.html").read_text(encoding="utf-8")
    assert run("export", "--to", "jsonld", "--output", corpus / "out", cwd=corpus).returncode == 0
    [file] = (corpus / "out").rglob("*.jsonld")
    nodes = json.loads(file.read_text(encoding="utf-8"))["@graph"]
    [claim] = [node for node in nodes if node["@id"].endswith("herald-2031-05-02.s05")]
    assert [each["@id"].rpartition("/")[2] for each in claim["addressee"]] == ["jana-marek", "sarnia"]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("addressees: {jana-marek: }", "found one in 'addressees'"),
        ("addressee: jana-marek\n    addressees: {jana-marek: , sarnia: }", "found both keys"),
        ("addressees: {jana-marek: , nobody: }", "no file defines 'nobody'"),
        ("addressees: [jana-marek, sarnia]", "Expected a mapping of addressees"),
    ],
)
def test_addressees_are_two_or_more_that_are_known(corpus: Path, run: Run, written: str, said: str) -> None:
    edit(corpus, HERALD, "    addressee: jana-marek\n", "")
    edit(corpus, HERALD, "addressee_at: [[469, 474]]", written)
    ended = run("rebuild", cwd=corpus)
    assert ended.returncode == 1
    assert said in " ".join(ended.stdout.split())


def test_a_reviewer_is_a_contributor_of_the_corpus(corpus: Path, run: Run) -> None:
    edit(corpus, CALL, "review: machine", "review: one_human\nreviewed_by: [Nobody Known]")
    ended = run("rebuild", cwd=corpus)
    assert ended.returncode == 1
    assert "Expected a contributor of corpus.yaml; it has none of the title 'Nobody Known'." in " ".join(
        ended.stdout.split()
    )
    edit(corpus, CALL, "Nobody Known", "The readouts contributors")
    assert run("rebuild", cwd=corpus).returncode == 0
    assert {row["reviewed_by"] for row in rows(corpus, "alignments")} == {"The readouts contributors"}
    assert {row["reviewed_by"] for row in rows(corpus, "alignments_wide")} == {"The readouts contributors"}


@pytest.mark.parametrize("review", ["one_human", "two_humans"])
def test_a_review_needs_as_many_reviewers_as_it_says(corpus: Path, run: Run, review: str) -> None:
    edit(corpus, CALL, "review: machine", f"review: {review}")
    ended = run("rebuild", cwd=corpus)
    assert (ended.returncode, "reviewer-missing" in ended.stdout) == (1, True)


def test_a_reviewer_of_the_whole_file_is_not_one_of_what_only_a_machine_has_read(corpus: Path, run: Run) -> None:
    edit(corpus, CALL, "review: machine", "review: one_human\nreviewed_by: [The readouts contributors]")
    edit(corpus, CALL, "rationale: Two renderings of one sentence.", "rationale: Two renderings.\n    review: machine")
    assert run("rebuild", cwd=corpus).returncode == 0
    reviewed = {row["alignment_id"][-3:]: row["reviewed_by"] for row in rows(corpus, "alignments")}
    assert [name for name, people in reviewed.items() if not people] == ["a03"]


@pytest.mark.parametrize("left", ["date: 2031-05-01\n", "date_precision: month\n"])
def test_a_date_and_its_precision_are_given_together(corpus: Path, run: Run, left: str) -> None:
    edit(corpus, MEETING, left, "")
    ended = run("rebuild", cwd=corpus)
    assert ended.returncode == 1
    assert f"Expected the key '{left.partition(':')[0]}'" in ended.stdout


def test_an_event_that_no_document_dates_is_built_shown_and_compared(corpus: Path, run: Run) -> None:
    for line in ("date: 2031-05-01\n", "date_precision: day\n"):
        edit(corpus, CALL, line, "")
    assert run("rebuild", cwd=corpus).returncode == 0
    assert run("validate", cwd=corpus).returncode == 0
    assert run("compare", "call-2031-05-01", cwd=corpus).stdout.startswith("Call between Marek and Ostrova\n")
    assert run("site", "--output", corpus / "site", cwd=corpus).returncode == 0
    assert run("plot", "agreement", "--output", corpus / "agreement.svg", cwd=corpus).returncode == 0


def test_claims_are_those_that_compare_prints(corpus: Path, run: Run) -> None:
    assert run("rebuild", cwd=corpus).returncode == 0
    shown = csv.DictReader(run("compare", "call-2031-05-01", "--format", "csv", cwd=corpus).stdout.splitlines())
    compared = {(row["claim_id"], row["statement_id"], row["group"]) for row in shown}
    claims = [row for row in rows(corpus, "claims") if row["event_id"] == "call-2031-05-01"]
    assert {(row["claim_id"], row["statement_id"], row["group"]) for row in claims} == compared
    wide = {row["alignment_id"]: row for row in rows(corpus, "alignments_wide")}
    assert wide.keys() == {row["alignment_id"] for row in rows(corpus, "alignments")}
    groups = {(row["statement_id"], row["group"]) for row in claims}
    assert all((row["statement_a"], row["group_a"]) in groups for row in wide.values())


def test_claims_follow_a_change_of_one_alignment(corpus: Path, run: Run) -> None:
    assert run("rebuild", cwd=corpus).returncode == 0
    before = rows(corpus, "claims")
    edit(corpus, CALL, "relation: contradicts", "relation: in_tension")
    assert run("rebuild", cwd=corpus).returncode == 0
    after = rows(corpus, "claims")
    assert {row["group"] for row in before} - {row["group"] for row in after} == {"contradicted"}
    assert run("rebuild", "--check", cwd=corpus).returncode == 0
