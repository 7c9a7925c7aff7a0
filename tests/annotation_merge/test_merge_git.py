"""git merges through the driver, in scratch repositories: what merges, what is shown, what git alone makes of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from readouts.annotation_merge.node_kinds import plain
from readouts.annotations.nodes import parse
from tests.conftest import INVENTED, ROOT

HERALD = "annotations/articles/herald-2031-05-02.yaml"
CALL = "annotations/events/call-2031-05-01.yaml"
ANCHORS = "annotations/anchors/herald-2031-05-02.csv"
CHANGES = "annotations/id_changes.csv"
PEOPLE = "data/people.csv"

Run = Callable[..., subprocess.CompletedProcess[str]]
Edit = Callable[[Path], None]

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


@dataclass(frozen=True)
class Repository:
    """A scratch repository with the invented corpus and a small package."""

    root: Path

    def git(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["git", *arguments],
            cwd=self.root,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=300,
        )

    def commit(self, edit: Edit) -> None:
        edit(self.root)
        assert self.git("add", "--all").returncode == 0
        done = self.git("commit", "--quiet", "--message", "edit")
        assert done.returncode == 0, done.stdout + done.stderr

    def merge(self, ours: Edit, theirs: Edit) -> subprocess.CompletedProcess[str]:
        """Let both sides edit the same start on branches of their own, and merge theirs into ours."""
        self.git("checkout", "--quiet", "-b", "theirs")
        self.commit(theirs)
        self.git("checkout", "--quiet", "-b", "ours", "main")
        self.commit(ours)
        return self.git("merge", "--no-edit", "theirs")

    def text(self, name: str) -> str:
        return (self.root / name).read_bytes().decode()


DESCRIPTOR = """{
  "name": "people",
  "resources": [
    {
      "name": "people",
      "path": "data/people.csv",
      "hash": "sha256:%s",
      "schema": {
        "primaryKey": ["id"],
        "foreignKeys": [{"fields": ["boss"], "reference": {"resource": "", "fields": ["id"]}}],
        "fields": [
          {"name": "id", "type": "string"}, {"name": "name", "type": "string"},
          {"name": "age", "type": "integer"}, {"name": "boss", "type": "string"}
        ]
      }
    }
  ]
}
"""
TABLE = "id,name,age,boss\na,Ann,40,\nb,Bo,50,a\nc,Cy,60,a\n"


def _start(root: Path, run: Run) -> Repository:
    repository = Repository(root)
    shutil.copytree(INVENTED / "annotations", root / "annotations")
    (root / "data").mkdir()
    (root / PEOPLE).write_bytes(TABLE.encode())
    (root / "datapackage.json").write_bytes((DESCRIPTOR % ("0" * 64)).encode())
    shutil.copy(ROOT / ".gitattributes", root / ".gitattributes")
    for arguments in (
        ("init", "--quiet", "--initial-branch=main"),
        ("config", "user.name", "A Contributor"),
        ("config", "user.email", "contributor@example.org"),
        ("config", "core.autocrlf", "false"),
    ):
        assert repository.git(*arguments).returncode == 0
    repository.commit(lambda _: None)
    return repository


@pytest.fixture
def repository(tmp_path: Path, run: Run) -> Repository:
    """A repository in which the driver is installed."""
    made = _start(tmp_path, run)
    done = run("merge", "--install", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    return made


@pytest.fixture
def without_driver(tmp_path: Path, run: Run) -> Repository:
    """A repository whose git merges by line."""
    return _start(tmp_path, run)


def edits(name: str, *replacements: tuple[str, str]) -> Edit:
    """Return an edit that replaces texts of a file, each of which occurs once."""

    def edit(root: Path) -> None:
        text = (root / name).read_bytes().decode()
        for old, new in replacements:
            assert text.count(old) == 1, (old, text.count(old))
            text = text.replace(old, new)
        (root / name).write_bytes(text.encode())

    return edit


def test_two_cells_of_one_row_merge(repository: Repository) -> None:
    done = repository.merge(edits(PEOPLE, ("b,Bo,50,a", "b,Bob,50,a")), edits(PEOPLE, ("b,Bo,50,a", "b,Bo,51,a")))
    assert done.returncode == 0, done.stdout + done.stderr
    assert repository.text(PEOPLE) == TABLE.replace("b,Bo,50,a", "b,Bob,51,a")


def test_two_cells_of_one_row_are_a_conflict_for_git_alone(without_driver: Repository) -> None:
    done = without_driver.merge(edits(PEOPLE, ("b,Bo,50,a", "b,Bob,50,a")), edits(PEOPLE, ("b,Bo,50,a", "b,Bo,51,a")))
    assert done.returncode == 1
    assert "CONFLICT" in done.stdout


def test_the_same_change_on_both_sides_is_no_conflict(repository: Repository) -> None:
    done = repository.merge(
        edits(PEOPLE, ("b,Bo,50,a", "b,Bob,50,a"), ("a,Ann,40,", "a,Anna,40,")),
        edits(PEOPLE, ("b,Bo,50,a", "b,Bob,50,a")),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "b,Bob,50,a\n" in repository.text(PEOPLE)


def test_the_same_cell_changed_to_two_values_is_shown(repository: Repository) -> None:
    done = repository.merge(edits(PEOPLE, ("Bo,50,a", "Bob,52,a")), edits(PEOPLE, ("Bo,50,a", "Bo,51,c")))
    assert done.returncode == 1
    assert repository.text(PEOPLE) == (
        "id,name,age,boss\na,Ann,40,\n<<<<<<< ours\nb,Bob,52,c\n=======\nb,Bob,51,c\n>>>>>>> theirs\nc,Cy,60,a\n"
    )
    assert "data/people.csv" in repository.git("diff", "--name-only", "--diff-filter=U").stdout
    assert "it was '50', ours is '52', theirs is '51'" in done.stderr
    assert "people b: age (cell)" in done.stderr


def test_delete_against_edit_is_shown_for_a_row(repository: Repository) -> None:
    done = repository.merge(edits(PEOPLE, ("c,Cy,60,a\n", "")), edits(PEOPLE, ("c,Cy,60,a", "c,Cy,61,a")))
    assert done.returncode == 1
    assert repository.text(PEOPLE).endswith("<<<<<<< ours\n=======\nc,Cy,61,a\n>>>>>>> theirs\n")
    assert "was deleted by ours and changed by theirs: age" in done.stderr


def test_the_same_new_id_for_two_rows_is_shown(repository: Repository) -> None:
    done = repository.merge(edits(PEOPLE, ("c,Cy", "bb,Di,20,\nc,Cy")), edits(PEOPLE, ("a,Ann", "bb,Ed,30,\na,Ann")))
    assert done.returncode == 1
    assert "<<<<<<< ours\nbb,Di,20,\n=======\nbb,Ed,30,\n>>>>>>> theirs\n" in repository.text(PEOPLE)
    assert "Both sides added the row bb" in done.stderr


def test_the_same_new_id_for_two_rows_is_merged_wrongly_by_git_alone(without_driver: Repository) -> None:
    done = without_driver.merge(
        edits(PEOPLE, ("c,Cy,60,a\n", "c,Cy,60,a\nbb,Di,20,\n")), edits(PEOPLE, ("a,Ann", "bb,Ed,30,\na,Ann"))
    )
    assert done.returncode == 0
    assert without_driver.text(PEOPLE).count("\nbb,") == 2


def test_a_deleted_parent_with_a_new_reference_is_shown_within_a_table(repository: Repository) -> None:
    done = repository.merge(edits(PEOPLE, ("c,Cy,60,a\n", "")), edits(PEOPLE, ("b,Bo,50,a", "b,Bo,50,c")))
    assert done.returncode == 1
    assert repository.text(PEOPLE).endswith("<<<<<<< ours\n=======\nc,Cy,60,a\n>>>>>>> theirs\n")
    assert "The row c of people was deleted by ours, and b of people, as theirs has it, refers to it." in done.stderr


def test_a_deleted_parent_is_lost_by_git_alone(without_driver: Repository) -> None:
    table = "".join(f"p{number:02},Name,30,\n" for number in range(10))
    without_driver.commit(edits(PEOPLE, ("c,Cy", f"{table}c,Cy")))
    without_driver.git("branch", "--force", "main")
    done = without_driver.merge(edits(PEOPLE, ("c,Cy,60,a\n", "")), edits(PEOPLE, ("b,Bo,50,a", "b,Bo,50,c")))
    assert done.returncode == 0
    assert "\nc," not in without_driver.text(PEOPLE)
    assert "b,Bo,50,c" in without_driver.text(PEOPLE)


def test_line_ends_and_a_byte_order_mark_are_no_conflict(repository: Repository) -> None:
    def windows(root: Path) -> None:
        data = (root / PEOPLE).read_bytes().replace(b"Bo,50", b"Bo,51").replace(b"\n", b"\r\n")
        (root / PEOPLE).write_bytes(b"\xef\xbb\xbf" + data)

    repository.git("config", "core.safecrlf", "false")
    done = repository.merge(windows, edits(PEOPLE, ("a,Ann", "a,Anna")))
    assert done.returncode == 0, done.stdout + done.stderr
    assert repository.text(PEOPLE) == "\ufeff" + TABLE.replace("Bo,50", "Bo,51").replace("Ann", "Anna")


def test_a_table_in_no_order_of_its_keys_keeps_the_lines_of_ours(repository: Repository) -> None:
    """Integer keys in the order of a file of another program, with its quotes, line ends and unended last line."""
    start = '"id","name","age","boss"\r\n"1","Ann","40",""\r\n"2","Bo","50","1"\r\n"10","Cy","60","1"\r\n'
    start += '"100","Di","70","1"'

    def begin(root: Path) -> None:
        (root / ".gitattributes").write_text("data/*.csv -text merge=readouts\n")
        (root / PEOPLE).write_bytes(start.encode())
        descriptor = (root / "datapackage.json").read_text()
        (root / "datapackage.json").write_text(descriptor.replace('"id", "type": "string"', '"id", "type": "integer"'))

    repository.commit(begin)
    ours = edits(PEOPLE, ('"2","Bo","50"', '"2","Bob","50"'))
    theirs = edits(PEOPLE, ('"2","Bo","50"', '"2","Bo","51"'), ('"100"', '"20","Ed","30","1"\r\n"100"'))
    done = repository.merge(ours, theirs)
    assert done.returncode == 0, done.stdout + done.stderr
    expected = start.replace('"Bo","50"', '"Bob","51"').replace('"100"', '"20","Ed","30","1"\r\n"100"')
    assert repository.text(PEOPLE) == expected
    changed = repository.git("diff", "--numstat", "HEAD~1", "--", PEOPLE).stdout.split()
    assert changed[:2] == ["2", "1"]


def test_hashes_of_the_descriptor_wait_for_a_rebuild(repository: Repository) -> None:
    done = repository.merge(
        edits("datapackage.json", ("0" * 64, "1" * 64)), edits("datapackage.json", ("0" * 64, "2" * 64))
    )
    assert done.returncode == 1
    assert "run `readouts rebuild`" in done.stderr


def test_two_cells_of_a_statement_merge_on_neighbouring_lines(repository: Repository) -> None:
    statement = "    act: propose\n    topic: military\n"
    done = repository.merge(
        edits(HERALD, (statement, "    act: urge\n    topic: military\n")),
        edits(HERALD, (statement, "    act: propose\n    topic: security\n")),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    before = (INVENTED / HERALD).read_bytes().decode()
    assert repository.text(HERALD) == before.replace(statement, "    act: urge\n    topic: security\n")


def test_neighbouring_cells_of_a_statement_are_a_conflict_for_git_alone(without_driver: Repository) -> None:
    statement = "    act: propose\n    topic: military\n"
    done = without_driver.merge(
        edits(HERALD, (statement, "    act: urge\n    topic: military\n")),
        edits(HERALD, (statement, "    act: propose\n    topic: security\n")),
    )
    assert done.returncode == 1


def test_cells_in_one_line_of_a_flow_mapping_merge(repository: Repository) -> None:
    line = "jana-marek: {role: principal, side: a}"
    done = repository.merge(
        edits(CALL, (line, "jana-marek: {role: host, side: a}")),
        edits(CALL, (line, "jana-marek: {role: principal, side: b}")),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    before = (INVENTED / CALL).read_bytes().decode()
    assert repository.text(CALL) == before.replace(line, "jana-marek: {role: host, side: b}")


def test_a_statement_that_each_side_adds_at_the_end_merges_with_its_comments(repository: Repository) -> None:
    def added(name: str) -> Edit:
        row = f"  # From {name}.\n  {name}: {{a: x.s01, b: y.s01, rationale: it is {name}}}  # so\nmade_by:"
        return edits(CALL, ("made_by:", row))

    done = repository.merge(added("a06"), added("a07"))
    assert done.returncode == 0, done.stdout + done.stderr
    text = repository.text(CALL)
    for name in ("a06", "a07"):
        assert f"  # From {name}.\n  {name}: {{a: x.s01, b: y.s01, rationale: it is {name}}}  # so\n" in text
    assert set(plain(parse(text, "x"))["alignments"]) >= {"a01", "a05", "a06", "a07"}


def test_the_same_new_statement_id_with_another_content_is_shown(repository: Repository) -> None:
    def added(rationale: str) -> Edit:
        return edits(CALL, ("made_by:", f"  a06: {{a: x.s01, b: y.s01, rationale: {rationale}}}\nmade_by:"))

    done = repository.merge(added("one"), added("two"))
    assert done.returncode == 1
    assert (
        "<<<<<<< ours\n  a06: {a: x.s01, b: y.s01, rationale: one}\n=======\n"
        "  a06: {a: x.s01, b: y.s01, rationale: two}\n>>>>>>> theirs\nmade_by:"
    ) in repository.text(CALL)
    assert "Both sides added the row of call-2031-05-01.a06, and not the same." in done.stderr


def test_the_same_cell_of_an_annotation_changed_to_two_values_is_shown(repository: Repository) -> None:
    done = repository.merge(
        edits(CALL, ("date_precision: day", "date_precision: month")),
        edits(CALL, ("date_precision: day", "date_precision: year")),
    )
    assert done.returncode == 1
    marked = "<<<<<<< ours\ndate_precision: month\n=======\ndate_precision: year\n>>>>>>> theirs\n"
    assert marked in repository.text(CALL)
    assert f"{CALL}:5: Both sides changed 'date_precision' of call-2031-05-01" in done.stderr


def test_delete_against_edit_is_shown_for_an_entry_of_an_annotation(repository: Repository) -> None:
    entry = "  chancellery-2031-05-01: {issuer: chancellery, side: b, kind: statement, original_language: de}\n"
    done = repository.merge(edits(CALL, (entry, "")), edits(CALL, ("original_language: de", "original_language: fr")))
    assert done.returncode == 1
    assert f"<<<<<<< ours\n=======\n{entry.replace('de}', 'fr}')}>>>>>>> theirs\n" in repository.text(CALL)
    assert "was deleted by ours and changed by theirs" in done.stderr


def test_a_deleted_parent_with_a_new_reference_is_shown_within_an_annotation(repository: Repository) -> None:
    def without_s04(root: Path) -> None:
        text = (root / HERALD).read_bytes().decode()
        start, end = text.index("  s04:\n"), text.index("  s05:\n")
        (root / HERALD).write_bytes((text[:start] + text[end:]).encode())

    statement = "    act: propose\n    topic: military\n"
    done = repository.merge(without_s04, edits(HERALD, (statement, statement + "    parent: s04\n")))
    assert done.returncode == 1
    assert "<<<<<<< ours\n=======\n  s04:\n    event: call-2031-05-01\n" in repository.text(HERALD)
    assert "'herald-2031-05-02.s04' of statements was deleted by ours" in done.stderr
    assert "herald-2031-05-02.s03 of statements, as theirs has it, refers to it" in done.stderr


def _anchor(number: int, start: int, entity: str) -> str:
    prints = f"{'a' * 64},5,{'b' * 64},{'c' * 64}"
    return f"herald-2031-05-02.x{number:04},mention,{start},{start + 5},,,,,{entity},{prints}\n"


def _append(name: str, line: str) -> Edit:
    def edit(root: Path) -> None:
        with (root / name).open("ab") as stream:
            stream.write(line.encode())

    return edit


def test_a_span_id_allotted_twice_in_parallel_is_shown(repository: Repository) -> None:
    done = repository.merge(
        _append(ANCHORS, _anchor(66, 300, "sarnia")), _append(ANCHORS, _anchor(66, 400, "veldania"))
    )
    assert done.returncode == 1
    assert "readouts anchor herald-2031-05-02 --texts DIR" in done.stderr
    assert repository.text(ANCHORS).count("x0066") == 2
    assert "<<<<<<< ours\n" in repository.text(ANCHORS)


def test_spans_anchored_in_parallel_are_mended_as_the_message_says(repository: Repository, run: Run) -> None:
    texts = INVENTED / "texts"

    def anchored(old: str, new: str) -> Edit:
        def edit(root: Path) -> None:
            edits(HERALD, (old, new))(root)
            done = run("anchor", "herald-2031-05-02", "--texts", texts, cwd=root)
            assert done.returncode == 0, done.stdout + done.stderr

        return edit

    edits_of = (
        anchored("[456, 463]]\n", "[456, 463], {quote: the chancellor considers}]\n"),
        anchored("    - [469, 474]\n", "    - [469, 474]\n    - {quote: the two agreed}\n"),
    )
    done = repository.merge(*edits_of)
    assert done.returncode == 1
    assert repository.git("diff", "--name-only", "--diff-filter=U").stdout.split() == [ANCHORS]
    theirs = repository.git("show", f"theirs:{ANCHORS}").stdout

    repository.git("checkout", "--theirs", ANCHORS)
    done = run("anchor", "herald-2031-05-02", "--texts", texts, cwd=repository.root)
    assert done.returncode == 0, done.stdout + done.stderr
    after = repository.text(ANCHORS)
    assert set(theirs.splitlines()) < set(after.splitlines())
    assert after.count(".x0066,") == after.count(".x0067,") == 1
    assert run("rebuild", cwd=repository.root).returncode == 0


def test_one_span_with_two_ids_is_shown(repository: Repository) -> None:
    done = repository.merge(_append(ANCHORS, _anchor(66, 300, "sarnia")), _append(ANCHORS, _anchor(67, 300, "sarnia")))
    assert done.returncode == 1
    assert "have the same role, start, end" in done.stderr


def test_lineage_rows_merge_by_their_id(repository: Repository) -> None:
    row = "change-000{},statements,herald-2031-05-02.s9{},unreleased,removed,,It was none.\n"
    done = repository.merge(_append(CHANGES, row.format(3, 7)), _append(CHANGES, row.format(2, 8)))
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line.partition(",")[0] for line in repository.text(CHANGES).splitlines()[1:]] == [
        "change-0001", "change-0002", "change-0003",
    ]  # fmt: skip


def test_what_cannot_be_read_is_merged_by_line_and_left_unresolved(repository: Repository) -> None:
    done = repository.merge(
        edits(CALL, ("kind: call\n", "kind: [call\n")), edits(CALL, ("date_precision: day", "date_precision: month"))
    )
    assert done.returncode == 1
    assert CALL in repository.git("diff", "--name-only", "--diff-filter=U").stdout
    assert "kind: [call" in repository.text(CALL)
    assert "date_precision: month" in repository.text(CALL)
    assert "merged by line instead" in done.stderr


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="the workflow runs on Linux")
@pytest.mark.parametrize(("precision", "passes"), [("month", True), ("year", False)])
def test_the_workflow_fails_on_conflicts_but_not_on_those_of_generated_files(
    without_driver: Repository, tmp_path_factory: pytest.TempPathFactory, precision: str, passes: bool
) -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/contributions.yml").read_text("utf-8"))
    [step] = [step for step in workflow["jobs"]["merge"]["steps"] if step.get("name") == "Merge"]
    programs = tmp_path_factory.mktemp("programs")
    (programs / "readouts").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m readouts "$@"\n', encoding="utf-8")
    (programs / "readouts").chmod(0o755)
    repository = without_driver
    repository.git("checkout", "--quiet", "-b", "theirs")
    repository.commit(edits("datapackage.json", ("0" * 64, "1" * 64)))
    repository.commit(edits(CALL, ("date_precision: day", "date_precision: month")))
    repository.git("checkout", "--quiet", "-b", "ours", "main")
    repository.commit(edits("datapackage.json", ("0" * 64, "2" * 64)))
    repository.commit(edits(CALL, ("date_precision: day", f"date_precision: {precision}")))
    done = subprocess.run(
        ["bash", "-e", "-c", step["run"]],
        cwd=repository.root,
        env={**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "BASE": "theirs"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert (done.returncode == 0) is passes, done.stdout + done.stderr
    assert ("::error::" in done.stdout) is not passes
    assert "datapackage.json" in repository.git("diff", "--name-only", "--diff-filter=U").stdout
