"""The command line: help, exit codes, results, and what is said when something is not there."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import pytest
import typer

import readouts
from readouts.analysis.claims import GROUPS
from readouts.analysis.overview_columns import ACCOUNTS, COLUMNS
from readouts.cli import app
from readouts.corpus_schema.tables import tables
from tests.command_line import ended_script
from tests.conftest import INVENTED, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Run

EVENT = "call-2031-05-01"
Contents = dict[str, bytes]


def command_paths(command: object, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the words of every command, such as `new article`."""
    subcommands = getattr(command, "commands", None)
    if subcommands is None:
        yield path
        return
    for name, inner in subcommands.items():
        yield from command_paths(inner, (*path, name))


COMMANDS = sorted(command_paths(typer.main.get_command(app())))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, run: Run) -> Path:
    """The invented corpus with its package; not to be written to."""
    folder = tmp_path_factory.mktemp("built") / "corpus"
    for part in ("annotations", "texts"):
        shutil.copytree(INVENTED / part, folder / part)
    assert run("rebuild", cwd=folder).returncode == 0
    return folder


@pytest.fixture
def project(built: Path, tmp_path: Path) -> Path:
    """The same, to be written to."""
    folder = tmp_path / "corpus"
    shutil.copytree(built, folder)
    return folder


def contents(folder: Path) -> Contents:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".readouts" not in path.parts
    }


def break_entity(folder: Path) -> None:
    path = folder / "annotations" / "entities.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("kind: person", "kind: persona", 1), encoding="utf-8")


def test_the_commands_are_those_of_the_guide() -> None:
    needed = {("rebuild",), ("validate",), ("anchor",), ("hydrate",), ("compare",), ("info",), ("new", "article")}
    assert needed < set(COMMANDS)


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_the_help_of_a_command_has_an_example_of_it(path: tuple[str, ...], run: Run) -> None:
    shown = run(*path, "--help")
    assert (shown.returncode, shown.stderr) == (0, "")
    example = re.search(r"Example: (readouts .+)", shown.stdout)
    assert example is not None
    assert example[1].split()[1:][: len(path)] == list(path)


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_the_example_of_a_command_has_only_options_that_it_takes(path: tuple[str, ...], run: Run) -> None:
    shown = run(*path, "--help").stdout
    example = re.search(r"Example: (readouts .+(?:\n +.+)?)\n\n", shown)
    assert example is not None
    used = set(re.findall(r"--[a-z-]+", example[1]))
    assert used <= set(re.findall(r"--[a-z-]+", shown.replace(example[0], "")))


@pytest.mark.parametrize("arguments", [(), ("--help",), ("new", "--help")])
def test_the_help_names_every_command(arguments: tuple[str, ...], run: Run) -> None:
    shown = run(*arguments)
    text = shown.stdout + shown.stderr
    assert "Traceback" not in text
    names = {path[0] for path in COMMANDS} if "new" not in arguments else {"article", "event"}
    for name in names:
        assert f"\n  {name} " in text


def test_the_versions_are_those_of_the_installed_package_and_of_its_corpus(run: Run) -> None:
    shown = run("--version")
    assert shown.returncode == 0
    first, second = shown.stdout.splitlines()
    assert first == f"readouts {version('readouts')}"
    assert second == f"corpus readouts {readouts.load().version}"


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("info",), 0),
        (("compare", EVENT), 0),
        (("overview",), 0),
        (("overview", "--by", "pair"), 0),
        (("validate",), 0),
        (("rebuild", "--check"), 0),
        (("rebuild", "--check", "--texts", "texts"), 0),
        (("info", "nowhere"), 2),
        (("validate", "nowhere"), 2),
        (("validate", "--annotations", "nowhere"), 2),
        (("compare", "no-such-event"), 2),
        (("rebuild", "--annotations", "nowhere"), 2),
        (("rebuild", "--texts", "nowhere"), 2),
        (("rebuild", "--texts", "annotations"), 2),
        (("anchor", "no-such-article"), 2),
        (("anchor", "herald-2031-05-02", "--texts", "nowhere"), 2),
        (("hydrate", "--texts", "nowhere", "--output", "../hydrated"), 2),
        (("hydrate", "--output", "../hydrated"), 2),
        (("hydrate", "--texts", "texts"), 2),
        (("new", "article", "No Id"), 2),
        (("new", "event", "../escape"), 2),
        (("new", "event", EVENT), 2),
        (("no-such-command",), 2),
        (("info", "--no-such-option"), 2),
        (("compare", EVENT, "--format", "no-such-format"), 2),
        (("overview", "--by", "no-such-thing"), 2),
        (("overview", "--format", "markdown"), 2),
        (("overview", "nowhere"), 2),
        (("validate", "--limit", "-1"), 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else str(value),
)
def test_the_exit_code_is_0_when_clean_and_2_when_a_command_cant_run(
    built: Path, run: Run, arguments: tuple[str, ...], status: int
) -> None:
    before = contents(built.parent)
    ended = run(*arguments, cwd=built)
    assert ended.returncode == status, ended.stderr
    if status == 0:
        assert ended.stdout != ""
        assert ended.stderr == ""
    else:
        assert ended.stdout == ""
        assert ended.stderr != ""
        assert "Traceback" not in ended.stderr
    assert contents(built.parent) == before


@pytest.mark.sample(3)
@pytest.mark.parametrize(
    ("arguments", "status"),
    [((), 2), (("--version",), 0), (("info",), 0), (("info", "nowhere"), 2), (("no-such-command",), 2)],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else str(value),
)
def test_a_process_ends_as_the_command_does_in_this_one(
    built: Path, run: Run, run_process: Run, arguments: tuple[str, ...], status: int
) -> None:
    ended, here = run_process(*arguments, cwd=built), run(*arguments, cwd=built)
    assert ended.returncode == here.returncode == status
    assert (ended.stdout, ended.stderr.replace("python -m readouts", "readouts")) == (here.stdout, here.stderr)


def test_a_process_that_finds_something_ends_with_1(project: Path, run: Run, run_process: Run) -> None:
    break_entity(project)
    ended, here = run_process("rebuild", cwd=project), run("rebuild", cwd=project)
    assert ended.returncode == here.returncode == 1
    assert (ended.stdout, ended.stderr) == (here.stdout, here.stderr) == (here.stdout, "")


@pytest.mark.parametrize("arguments", [("rebuild",), ("rebuild", "--check"), ("validate",)], ids=" ".join)
def test_the_exit_code_is_1_when_there_are_findings_which_go_to_standard_output(
    project: Path, run: Run, arguments: tuple[str, ...]
) -> None:
    break_entity(project)
    before = contents(project)
    ended = run(*arguments, cwd=project)
    assert (ended.returncode, ended.stderr) == (1, "")
    assert "constraint-error" in ended.stdout
    assert "annotations/entities.yaml:3" in ended.stdout
    assert contents(project) == before


def test_hydrating_with_a_text_missing_ends_with_1_and_names_it(project: Path, run: Run, tmp_path: Path) -> None:
    (project / "texts" / "courier-2031-05-02.txt").unlink()
    ended = run("hydrate", "--texts", "texts", "--output", tmp_path / "hydrated", cwd=project)
    assert ended.returncode == 1
    assert "text-missing" in ended.stdout
    assert "courier-2031-05-02.txt" in ended.stdout


def test_the_texts_that_are_there_are_verified_and_the_others_named(project: Path, run: Run) -> None:
    assert run("rebuild", "--texts", "texts", cwd=project).stderr == ""
    (project / "texts" / "courier-2031-05-02.txt").unlink()
    ended = run("rebuild", "--check", "--texts", "texts", cwd=project)
    assert ended.returncode == 0
    assert ended.stderr.splitlines() == [
        "readouts: texts lacks the texts of 1 article, which are not verified: courier-2031-05-02."
    ]
    ended = run("rebuild", "--check", "--texts", "texts", "--all-texts", cwd=project)
    assert ended.returncode == 1
    assert "text-missing" in ended.stdout


def test_a_text_that_is_there_is_verified_when_another_is_not(project: Path, run: Run) -> None:
    (project / "texts" / "courier-2031-05-02.txt").unlink()
    text = project / "texts" / "herald-2031-05-02.txt"
    text.write_text(text.read_text(encoding="utf-8") + "Advertising\n", encoding="utf-8")
    ended = run("rebuild", "--check", "--texts", "texts", cwd=project)
    assert ended.returncode == 1
    assert "text-differs" in ended.stdout
    assert "text-missing" not in ended.stdout
    assert "courier-2031-05-02" in ended.stderr


def test_a_folder_with_the_text_of_no_article_verifies_nothing(project: Path, run: Run) -> None:
    for path in (project / "texts").glob("*.txt"):
        path.unlink()
    (project / "texts" / "recipe.txt").write_text("Boil the beans.", encoding="utf-8")
    ended = run("rebuild", "--check", "--texts", "texts", cwd=project)
    assert ended.returncode == 2
    assert "No text in texts is the text of an article" in ended.stderr
    ended = run("rebuild", "--check", "--texts", "texts", "--all-texts", cwd=project)
    assert (ended.returncode, ended.stdout.count("No text of ")) == (1, 2)


def test_all_texts_are_asked_for_with_their_folder(project: Path, run: Run) -> None:
    ended = run("rebuild", "--all-texts", cwd=project)
    assert ended.returncode == 2
    assert "--all-texts requires --texts." in ended.stderr
    with pytest.raises(readouts.ArgumentError, match="requires `texts`"):
        readouts.rebuild(project / "annotations", all_texts=True)


def test_findings_that_are_held_back_are_counted(project: Path, run: Run) -> None:
    path = project / "annotations" / "entities.yaml"
    text = path.read_text(encoding="utf-8")
    count = text.count("kind: place")
    assert count == 3
    path.write_text(text.replace("kind: place", "kind: places"), encoding="utf-8")
    ended = run("rebuild", "--limit", "1", cwd=project)
    assert ended.returncode == 1
    assert ended.stdout.count("annotations/entities.yaml:") == 1
    assert "and 2 more of this code" in ended.stdout
    assert "3 findings" in ended.stdout


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("compare", "call-2031-05-10"), f"Did you mean '{EVENT}'?"),
        (("compare", "meeting-portsarn"), "Did you mean 'meeting-port-sarn'?"),
        (("compare", "zzz"), f"Known are: {EVENT}, meeting-port-sarn."),
        (("anchor", "herald-2031-05-20"), "Did you mean 'herald-2031-05-02'?"),
    ],
)
def test_an_unknown_id_is_answered_with_the_nearest_one(
    built: Path, run: Run, arguments: tuple[str, ...], hint: str
) -> None:
    ended = run(*arguments, cwd=built)
    assert ended.returncode == 2
    assert hint in ended.stderr
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize("option", [("rebuild",), ("anchor", "herald-2031-05-02")])
def test_a_folder_of_texts_that_is_not_there_or_empty_is_named(
    built: Path, run: Run, tmp_path: Path, option: tuple[str, ...]
) -> None:
    ended = run(*option, "--texts", "nowhere", cwd=built)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "nowhere is not a folder: expected the folder with the articles' texts" in ended.stderr
    (tmp_path / "empty").mkdir()
    ended = run(*option, "--texts", tmp_path / "empty", cwd=built)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "has no text in it" in ended.stderr


def test_a_fault_of_the_program_ends_with_2_and_shows_where_it_is(
    built: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("readouts.datapackage.package.locate.opened", broken)
    ended = run("info", cwd=built)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "in broken" in ended.stderr
    assert ended.stderr.endswith(
        "readouts: The command crashed, which says nothing about the data. Please report the lines above.\n"
    )


_WITHOUT = """
import sys
from collections import Counter
from importlib.metadata import version
sys.modules[sys.argv.pop(1)] = None
from readouts.cli import main
main()
"""


def run_without(module: str, arguments: tuple[str, ...], cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the command line where a module is not installed."""
    command = [sys.executable, "-c", _WITHOUT, module, *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.sample(2)
@pytest.mark.parametrize(
    ("module", "distribution", "arguments"),
    [
        ("yaml", "pyyaml", ("rebuild",)),
        ("yaml", "pyyaml", ("validate",)),
        ("yaml", "pyyaml", ("anchor", "herald-2031-05-02", "--texts", "texts")),
        ("frictionless", "frictionless", ("validate",)),
        ("polars", "polars", ("validate", "datapackage.json")),
    ],
)
def test_a_command_whose_extra_is_missing_says_what_to_install(
    project: Path, module: str, distribution: str, arguments: tuple[str, ...]
) -> None:
    for path in (project / "annotations").rglob("*.yaml"):
        # What is written as usual needs no parser of YAML.
        path.write_text("---\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    before = contents(project)
    ended = run_without(module, arguments, project)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == (
        f"readouts: this command needs {distribution}, which is not installed. Run: pip install 'readouts[toolkit]'\n"
    )
    assert contents(project) == before


@pytest.mark.sample(3)
@pytest.mark.parametrize("module", ["yaml", "frictionless"])
@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",),
        ("info",),
        ("compare", EVENT),
        ("overview", "--by", "issuer"),
        ("hydrate", "--texts", "texts", "--output", "../hydrated"),
        ("new", "event", "call-2031-06-01"),
        ("new", "article", "gazette-2031-06-02"),
    ],
    ids=" ".join,
)
def test_what_the_base_install_can_do_needs_no_extra(project: Path, module: str, arguments: tuple[str, ...]) -> None:
    ended = run_without(module, arguments, project)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_info_counts_the_rows_of_every_table(built: Path, run: Run) -> None:
    shown = run("info", cwd=built).stdout
    assert shown.splitlines()[0].rstrip() == "invented-calls 0.3.1"
    for name in tables():
        with (built / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            rows = len(list(csv.reader(stream))) - 1
        assert re.search(rf"^ *{name} +{rows} +\S", shown, re.MULTILINE), name


def test_info_counts_the_rows_itself_where_the_descriptor_doesnt(project: Path, run: Run) -> None:
    path = project / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    for resource in descriptor["resources"]:
        del resource["rowCount"]
    path.write_text(json.dumps(descriptor), encoding="utf-8")
    assert re.search(r"^ *statements +12 ", run("info", cwd=project).stdout, re.MULTILINE)


def test_a_package_can_be_named_by_folder_or_descriptor_or_be_the_current_one(built: Path, run: Run) -> None:
    shown = run("info", cwd=built).stdout
    assert run("info", built).stdout == shown
    assert run("info", built / "datapackage.json").stdout == shown


def test_without_a_package_at_hand_the_bundled_one_is_shown(run: Run, tmp_path: Path) -> None:
    assert run("info", cwd=tmp_path).stdout.startswith("readouts ")


def test_compare_as_json_can_be_parsed_and_has_every_group(built: Path, run: Run) -> None:
    found = json.loads(run("compare", EVENT, "--format", "json", cwd=built).stdout)
    assert found["event"]["event_id"] == EVENT
    assert set(found["sides"]) == {"a", "b"}
    assert found["sides"]["a"]["names"] == ["Jana Marek"]
    assert {pair["relation"] for pair in found["pairs"]} == {"contradicts", "in_tension"}
    claims = {claim["claim_id"]: claim for claim in found["claims"]}
    assert all(pair[which] in claims for pair in found["pairs"] for which in ("first", "second"))
    assert found["counts"] == dict.fromkeys(found["counts"], 0) | Counter(claim["group"] for claim in found["claims"])
    assert len({row["statement_id"] for claim in found["claims"] for row in claim["statements"]}) >= 11


def test_compare_as_csv_is_read_back_and_has_the_statements_of_the_json(built: Path, run: Run) -> None:
    text = run("compare", EVENT, "--format", "csv", cwd=built).stdout
    rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    assert {row["group"] for row in rows} <= set(GROUPS)
    assert all(None not in row and None not in row.values() for row in rows)
    found = json.loads(run("compare", EVENT, "--format", "json", cwd=built).stdout)
    grouped = {(claim["group"], row["statement_id"]) for claim in found["claims"] for row in claim["statements"]}
    assert {(row["group"], row["statement_id"]) for row in rows} == grouped
    with (built / "data" / "statements.csv").open(encoding="utf-8", newline="") as stream:
        summaries = {row["statement_id"]: row["summary"] for row in csv.DictReader(stream)}
    assert all(row["summary"] == summaries[row["statement_id"]] for row in rows)


def as_text(value: object) -> str:
    """Return a value of a JSON document as a cell of CSV has it."""
    return "|".join(value) if isinstance(value, list) else "" if value is None else str(value)


@pytest.mark.parametrize("by", COLUMNS)
def test_an_overview_as_json_and_as_csv_has_the_rows_of_the_frame(by: Any, run: Run, tmp_path: Path) -> None:
    found = json.loads(run("overview", "--by", by, "--format", "json", cwd=tmp_path).stdout)
    text = run("overview", "--by", by, "--format", "csv", cwd=tmp_path).stdout
    rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    assert found["by"] == by
    assert [{name: as_text(value) for name, value in row.items()} for row in found["rows"]] == rows
    frame = readouts.load().overview(by, to="arrow").to_pylist()
    assert [{name: as_text(value) for name, value in row.items()} for row in frame] == rows
    assert sum(found["events"].values()) == len(readouts.load().overview())


def test_an_overview_shows_counts_and_says_which_events_it_leaves_out(built: Path, run: Run, tmp_path: Path) -> None:
    shown = " ".join(run("overview", "--by", "issuer", cwd=tmp_path).stdout.split())
    frame = readouts.load().overview("issuer")
    for issuer, rows in frame.groupby("issuer"):
        assert set(str(issuer).split()) <= set(shown.split())
        assert f"{rows['left_out'].sum()} of {rows['claims_of_other'].sum()}" in shown.replace(",", "")
    invented = " ".join(run("overview", cwd=built).stdout.split())
    assert f"Counted: 0 events in which {ACCOUNTS['in_full']}." in invented
    assert f"Not counted: 1 event in which {ACCOUNTS['in_part']}; 1 event in which {ACCOUNTS['none']}." in invented
    assert EVENT in invented


def test_compare_as_markdown_is_made_of_whole_tables(built: Path, run: Run) -> None:
    lines = run("compare", EVENT, "--format", "markdown", cwd=built).stdout.splitlines()
    assert lines[0] == "# Call between Marek and Ostrova, 2031-05-01"
    assert lines.count("|---|---|") == 3
    table = [line for line in lines if line.startswith("|")]
    assert len(table) > 4
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in table} == {3}
    assert any(line.startswith("## Both say (") for line in lines)


@pytest.mark.parametrize("form", ["terminal", "json", "csv", "markdown"])
def test_compare_lists_how_quotations_were_treated(built: Path, run: Run, form: str) -> None:
    shown = run("compare", EVENT, "--wording", "--format", form, cwd=built)
    assert (shown.returncode, shown.stderr) == (0, "")
    words = "translation_variant" if form in {"json", "csv"} else "Translated differently (1)"
    assert words in shown.stdout
    with (built / "data" / "alignments.csv").open(encoding="utf-8", newline="") as stream:
        listed = [row for row in csv.DictReader(stream) if row["aspect"] == "wording"]
    assert listed
    assert all(row["statement_a"] in shown.stdout and row["statement_b"] in shown.stdout for row in listed)


def test_compare_in_the_terminal_shows_every_statement(built: Path, run: Run) -> None:
    shown = run("compare", EVENT, cwd=built).stdout
    text = run("compare", EVENT, "--format", "csv", cwd=built).stdout
    assert max(map(len, shown.splitlines())) <= 100
    for row in csv.DictReader(io.StringIO(text, newline="")):
        assert row["statement_id"] in shown


def test_hydrating_refuses_to_write_into_the_package(project: Path, run: Run) -> None:
    before = contents(project)
    for output in (".", "data", "hydrated", "texts/../deep/er", project):
        ended = run("hydrate", "--texts", "texts", "--output", output, cwd=project)
        assert (ended.returncode, ended.stdout) == (2, "")
        assert "lies inside the package" in ended.stderr
    assert contents(project) == before


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on this system")
def test_hydrating_refuses_to_write_into_the_package_through_a_link(project: Path, run: Run, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(project / "data", target_is_directory=True)
    before = contents(project)
    ended = run("hydrate", "--texts", "texts", "--output", tmp_path / "link", cwd=project)
    assert ended.returncode == 2
    assert contents(project) == before


def test_hydrating_refuses_to_write_over_another_package(project: Path, run: Run, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(project, other)
    before = contents(other)
    ended = run("hydrate", "--texts", "texts", "--output", other, cwd=project)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "holds another data package" in ended.stderr
    assert contents(other) == before


def test_hydrating_again_replaces_what_was_hydrated(project: Path, run: Run, tmp_path: Path) -> None:
    output = tmp_path / "hydrated"
    for _ in range(2):
        ended = run("hydrate", "--texts", "texts", "--output", output, cwd=project)
        assert (ended.returncode, ended.stderr) == (0, "")
        assert "must not be published" in ended.stdout
    assert run("validate", output).returncode == 0
    text = (output / "data" / "statements.csv").read_text(encoding="utf-8")
    assert "armed bands continue to terrorise villages" in text
    assert "armed bands" not in (project / "data" / "statements.csv").read_text(encoding="utf-8")


def test_a_new_event_and_a_new_article_are_written_once(project: Path, run: Run) -> None:
    for arguments, file in (
        (("new", "event", "call-2031-06-01", "--kind", "call", "--date", "2031-06-01"), "events/call-2031-06-01.yaml"),
        (("new", "article", "gazette-2031-06-02", "--title", 'A "title": x'), "articles/gazette-2031-06-02.yaml"),
    ):
        made = run(*arguments, cwd=project)
        assert (made.returncode, made.stderr) == (0, "")
        assert file in made.stdout.replace("\\", "/")
        before = contents(project)
        again = run(*arguments, cwd=project)
        assert (again.returncode, again.stdout) == (2, "")
        assert "already exists" in again.stderr
        assert contents(project) == before


@pytest.mark.parametrize("name", ["../escape", "a/b", "Capital", "-dash", "", "a b", "a" * 200, ".hidden", "a\\b"])
def test_a_new_file_is_named_by_an_id_and_lies_in_its_folder(project: Path, run: Run, name: str) -> None:
    before = contents(project.parent)
    for kind in ("event", "article"):
        ended = run("new", kind, "--", name, cwd=project)
        assert (ended.returncode, ended.stdout) == (2, "")
        assert "Traceback" not in ended.stderr
    assert contents(project.parent) == before


@pytest.mark.sample(3)
@pytest.mark.parametrize(
    ("script", "arguments", "status"),
    [
        ("validate", (), 0),
        ("validate", ("nowhere",), 2),
        ("rebuild", ("--check",), 0),
        ("rebuild", ("--annotations", "nowhere"), 2),
        ("rebuild", ("--no-such-option",), 2),
    ],
)
def test_a_script_does_what_the_command_does(
    built: Path, run: Run, script: str, arguments: tuple[str, ...], status: int
) -> None:
    ended = ended_script(script, *arguments, cwd=built)
    same = run(script, *arguments, cwd=built)
    assert ended.returncode == same.returncode == status
    took = re.compile(r"[0-9.]+ s\)")
    assert took.sub("s)", ended.stdout) == took.sub("s)", same.stdout)
    if "--no-such-option" not in arguments:
        assert ended.stderr == same.stderr


def test_the_script_that_rebuilds_writes_what_the_command_writes(project: Path, built: Path) -> None:
    shutil.rmtree(project / "data")
    (project / "datapackage.json").unlink()
    command = [sys.executable, str(ROOT / "scripts" / "rebuild.py")]
    assert subprocess.run(command, cwd=project, capture_output=True, check=False, timeout=60).returncode == 0
    assert contents(project) == contents(built)
    assert (
        subprocess.run([*command, "--annotations", "no"], cwd=project, capture_output=True, check=False).returncode == 2
    )


def test_a_script_that_finds_something_ends_with_1(project: Path) -> None:
    break_entity(project)
    for script in ("rebuild", "validate"):
        ended = ended_script(script, cwd=project)
        assert (ended.returncode, ended.stderr) == (1, "")
        assert "constraint-error" in ended.stdout
