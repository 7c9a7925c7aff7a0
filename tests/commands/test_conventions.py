"""What all commands have in common: their help, names of options, errors of one form, JSON, quiet, and progress."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import typer

from readouts.cli import ALIASES, COMMANDS, app
from readouts.datapackage.sample import sample_package
from tests.command_line import ended_script, in_terminal

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run

NAMES = [words for each in COMMANDS.values() for words in each]
WIDTH = {"COLUMNS": "80"}
FINDING = "kind: persona"


def command_of(words: str) -> Any:
    """Return a command by its words."""
    command: Any = typer.main.get_command(app())
    for word in words.split():
        command = command.commands[word]
    return command


def options_of(words: str) -> dict[str, list[str]]:
    return {each.name: each.opts for each in command_of(words).params if each.param_type_name == "option"}


@pytest.mark.parametrize("words", ["", *NAMES, "delta", "new"])
def test_the_short_and_the_long_option_show_the_same_help_in_80_columns(words: str, run: Run) -> None:
    shown, short = (run(*words.split(), option, env=WIDTH) for option in ("--help", "-h"))
    assert (shown.returncode, shown.stdout) == (0, short.stdout)
    assert max(map(len, shown.stdout.splitlines())) <= 80
    assert not re.search(r"[a-z]\.\.\.", shown.stdout), "the help is cut"


@pytest.mark.parametrize("words", NAMES)
def test_what_a_command_does_fits_a_line_of_the_list(words: str) -> None:
    group = words.rpartition(" ")[0]
    names = [each.rpartition(" ")[2] for each in NAMES if each.rpartition(" ")[0] == group]
    text = command_of(words).get_short_help_str()
    assert text.endswith(".")
    assert "'" not in text, "zsh loses it"
    assert 2 + max(map(len, [*names, "canonicalise"])) + 2 + len(text) <= 78


def test_the_help_lists_the_commands_in_their_groups_and_order(run: Run) -> None:
    shown = run("--help", env=WIDTH).stdout
    assert re.findall(r"^(\w+):$", shown, re.MULTILINE) == ["Options", *COMMANDS]
    for panel, commands in COMMANDS.items():
        section = shown.partition(f"\n{panel}:\n")[2].partition("\n\n")[0]
        listed = [line.split()[0] for line in section.splitlines()]
        assert listed == list(dict.fromkeys(words.split()[0] for words in commands))


@pytest.mark.parametrize("words", NAMES)
def test_arguments_are_in_capitals(words: str, run: Run) -> None:
    shown = run(*words.split(), "--help", env={"COLUMNS": "200"}).stdout
    usage = shown.splitlines()[0].partition("[OPTIONS]")[2]
    assert re.fullmatch(r"( \[?[A-Z_]+(\.\.\.)?\]?)*", usage)
    assert "<" not in shown.partition("Options:")[2]


@pytest.mark.parametrize("words", NAMES)
def test_an_option_that_commands_share_has_the_same_names_in_each(words: str) -> None:
    options = options_of(words)
    assert options["quiet"] == ["--quiet", "-q"]
    assert options["verbose"] == ["--verbose", "-v"]
    assert options.get("output", ["--output", "-o"]) == ["--output", "-o"]
    assert options.get("form", ["--format"]) == ["--format"]


def test_a_script_takes_the_same_options_as_its_command() -> None:
    shown = ended_script("diff", "-h")
    assert shown.returncode == 0
    assert "OLD [NEW]" in shown.stdout
    assert "-q, --quiet" in shown.stdout


@pytest.mark.parametrize(("alias", "command"), ALIASES.items())
def test_an_alias_runs_its_command_and_is_not_listed(alias: str, command: str, tmp_path: Path, run: Run) -> None:
    package = tmp_path / "knots"
    package.mkdir()
    (package / "knots.csv").write_text("knot\nreef\nbowline\n", encoding="utf-8")
    resource = {"name": "knots", "path": "knots.csv", "schema": {"fields": [{"name": "knot"}], "primaryKey": "knot"}}
    (package / "datapackage.json").write_text(json.dumps({"name": "knots", "resources": [resource]}), encoding="utf-8")
    done = run(alias, str(package), "-o", str(tmp_path / "canonical"))
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "canonical" / "knots.csv").read_text(encoding="utf-8") == "knot\nbowline\nreef\n"
    assert alias in command_of(command).help
    assert f"\n  {alias} " not in run("--help").stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("info", "--sizes"), "No such option: --sizes. See: readouts info -h"),
        (("validate", "--formt", "json"), "No such option: --formt. Did you mean --format? See: readouts validate -h"),
        (("compare",), "Missing argument 'EVENT'. See: readouts compare -h"),
        (("export", "-o", "x"), "Missing option '--to'. See: readouts export -h"),
        (("merge", "a", "b", "c", "d"), "Got unexpected extra argument(s) (d). See: readouts merge -h"),
        (("overview", "--by", "day"), "Invalid value for '--by': 'day' is not one of 'event', 'issuer', 'topic'"),
        (("plot", "pie", "-o", "x.svg"), "Invalid value for 'NAME': 'pie' is not one of 'sides', 'agreement'"),
        (("validate", "--limit", "many"), "Invalid value for '--limit': Input should be a valid integer"),
        (("validate", "--limit"), "Option '--limit' requires an argument. See: readouts"),
        (("delta", "creat"), "No such command 'creat'. Did you mean 'create'? See: readouts delta -h"),
        (("valdate",), "No such command 'valdate'. Did you mean 'validate'? See: readouts -h"),
        (("info", "nowhere"), "'nowhere' is not a data package: there is no such file or folder."),
        (("info", "-q", "-v"), "--quiet and --verbose exclude each other."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_an_error_is_one_sentence_that_names_the_program(arguments: tuple[str, ...], message: str, run: Run) -> None:
    ended = run(*arguments)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith(f"readouts: {message}")
    assert ended.stderr.count("\n") == 1
    assert "Value error" not in ended.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("validate", "--engine", "spark", "--memory", "1GB"), "settings of its own for memory: leave out --memory."),
        (("diff", ".", ".", "--engine", "spark", "--memory", "1GB"), "doesn't take --memory: leave out either it or "),
        (("diff", ".", ".", "--stream", "--ignore-trailing-spaces"), "--tolerance and --ignore-trailing-spaces."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_an_error_names_options_as_they_are_typed(arguments: tuple[str, ...], message: str, run: Run) -> None:
    ended = run(*arguments)
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)
    assert message in ended.stderr
    assert "`" not in ended.stderr


def test_an_error_shows_where_it_arose_if_that_is_asked_for(run: Run) -> None:
    ended = run("info", "nowhere", "--verbose")
    assert ended.returncode == 2
    assert ended.stderr.startswith("Traceback")
    assert ended.stderr.splitlines()[-1].startswith("readouts: 'nowhere' is not a data package")


@pytest.fixture
def project(invented_package: Path, corpus: Path) -> Path:
    """The invented corpus, annotated and built, with its texts; to be written to."""
    shutil.copytree(invented_package, corpus, dirs_exist_ok=True)
    return corpus


REPORTING = {
    "info": ("version", "tables"),
    "show herald-2031-05-02": ("article_id", "notes"),
    "overview": (),
    "validate": ("valid", "incidents"),
    "describe data/events.csv": ("descriptor", "tables"),
    "diff . .": ("bump", "tables"),
    "rebuild": ("written", "incidents"),
    "rebuild --check": ("written", "incidents"),
    "anchor herald-2031-05-02 --texts texts": ("placed", "incidents"),
    "draft herald-2031-05-02 --texts texts": ("path", "quoted"),
    "propose herald-2031-05-02 --texts texts --replace": ("path", "statements", "notes"),
    "hydrate --texts texts -o ../hydrated": ("complete", "articles"),
    "canonicalise -o ../canonical": ("files",),
    "export --to jsonl -o ../exports": ("files", "left_out"),
    "delta create . . -o ../delta.zip": ("output", "bytes"),
    "merge . . .": ("merged", "conflicts"),
    "site -o ../pages": ("files", "written"),
}


@pytest.mark.parametrize(("words", "members"), REPORTING.items())
def test_a_command_that_reports_does_so_in_json(words: str, members: tuple[str, ...], project: Path, run: Run) -> None:
    ended = run(*words.split(), "--format", "json", "--quiet", cwd=project)
    assert (ended.returncode, ended.stderr) == (0, "")
    document = json.loads(ended.stdout)
    assert set(members) <= set(document)


def test_findings_are_in_the_json_and_in_the_exit_code(project: Path, run: Run) -> None:
    path = project / "annotations" / "entities.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("kind: person", FINDING, 1), encoding="utf-8")
    ended = run("rebuild", "--format", "json", cwd=project)
    assert (ended.returncode, ended.stderr) == (1, "")
    document = json.loads(ended.stdout)
    assert document["written"] is None
    assert [each["code"] for each in document["incidents"]] == ["constraint-error"]
    assert document["incidents"][0]["source"]["file"] == "annotations/entities.yaml"


@pytest.mark.parametrize(
    "words",
    ["validate", "diff . .", "rebuild --check", "canonicalise -o ../canonical", "plot coverage -o ../chart.svg"],
)
def test_quiet_prints_nothing_when_all_is_well(words: str, project: Path, run: Run) -> None:
    loud = run(*words.replace("..", "../loud").split(), cwd=project)
    assert loud.stdout + loud.stderr != ""
    ended = run(*words.split(), "-q", cwd=project)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


def test_quiet_leaves_results_findings_and_errors(project: Path, run: Run) -> None:
    assert run("info", "-q", cwd=project).stdout == run("info", cwd=project).stdout
    inside = project / "annotations"
    assert "Using " in run("info", cwd=inside).stderr
    assert run("info", "-q", cwd=inside).stderr == ""
    table = project / "data" / "events.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("call", "cell"), encoding="utf-8")
    ended = run("validate", "-q", "datapackage.json", "--annotations", "annotations", cwd=project)
    assert ended.returncode == 1
    assert "hash" in ended.stdout


def test_an_example_can_be_copied_though_it_is_long(run: Run) -> None:
    shown = run("show", "--help", env=WIDTH).stdout
    example = shown.partition("Example: ")[2].partition("\n\n")[0]
    copied = example.replace("\\\n", " ")
    assert " ".join(copied.split()) == "readouts show new-daily-2014-03-28 --texts texts --html ../new-daily.html"


@pytest.mark.parametrize("words", ["validate", "diff . . --format markdown", "merge {0} {0} {0}"])
def test_a_dash_is_standard_output(words: str, project: Path, run: Run) -> None:
    arguments = words.format("data/events.csv").split()
    shown = [re.sub(r"\d+\.\d s", "", run(*arguments, *more, cwd=project).stdout) for more in ((), ("-o", "-"))]
    assert shown[0] == shown[1] != ""
    assert not (project / "-").exists()


def test_verbose_says_how_long_each_step_takes(project: Path, run: Run) -> None:
    ended = run("validate", "-v", cwd=project)
    assert ended.returncode == 0
    assert re.findall(r"readouts: (.+): \d+\.\d s\n", ended.stderr) == [
        "Reading annotations",
        "Checking the package",
        "validate",
    ]


SLOW = """
import time
import typer
from readouts.commands import progress_bar, shell

progress_bar._PATIENCE = {patience}

@shell.command
def main() -> None:
    with shell.progress("Counting sheep") as update:
        for each in range(30):
            if update is not None:
                update(each, 30)
            if each == {noted}:
                shell.note("One is black.")
            time.sleep(0.02)
    shell.report("terminal", {{}}, "Asleep.")

shell.run(main)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="this system has no such terminals")
@pytest.mark.parametrize(("patience", "option", "shown"), [(0.05, "", True), (60, "", False), (0.05, "-q", False)])
def test_a_bar_appears_in_a_terminal_when_work_takes_long(
    tmp_path: Path, patience: float, option: str, shown: bool
) -> None:
    program = [sys.executable, "-c", SLOW.format(patience=patience, noted=-1), *option.split()]
    status, text = in_terminal(program, tmp_path)
    assert status == 0
    assert ("Counting sheep" in text) is shown
    assert ("Asleep." in text) is not bool(option)
    if shown:
        after = text[text.rindex("Counting sheep") :]
        assert "\x1b[2K" in after, "the bar is left behind"
        assert "Asleep." in after


@pytest.mark.skipif(sys.platform == "win32", reason="this system has no such terminals")
@pytest.mark.parametrize("noted", [0, 15])
def test_a_note_stands_above_the_bar_which_goes_on(tmp_path: Path, noted: int) -> None:
    status, text = in_terminal([sys.executable, "-c", SLOW.format(patience=0.2, noted=noted)], tmp_path)
    assert status == 0
    before, _, after = text.partition("readouts: One is black.")
    assert ("Counting sheep" in before) is bool(noted)
    assert "Counting sheep" in after
    assert "Asleep." in after


def test_no_bar_goes_into_a_pipe() -> None:
    program = [sys.executable, "-c", SLOW.format(patience=0, noted=-1)]
    ended = subprocess.run(program, capture_output=True, text=True, check=False, timeout=60)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "Asleep.\n", "")


@pytest.mark.parametrize(
    "command",
    ["validate {0} --format json --output {1}", "diff {0} {0} --ignore area --output {1}", "info {0}", "--version"],
)
def test_no_command_that_reads_a_package_waits_for_what_others_need(command: str, tmp_path: Path) -> None:
    code = (
        "import sys, readouts.cli as cli\n"
        "cli.end = lambda code: print(code, sorted({'pydantic', 'narwhals', 'pandas', 'ssl'} & {*sys.modules}))\n"
        "cli.main()"
    )
    options = command.format(sample_package(), tmp_path / "result").split()
    done = subprocess.run([sys.executable, "-c", code, *options], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "0 []", done.stderr


@pytest.mark.parametrize(
    ("options", "said"), [("--format csv", "'csv'"), ("--limit many", "integer"), ("--limit=-1", "0")]
)
def test_a_value_that_a_command_does_not_take_is_named(options: str, said: str, run: Run) -> None:
    ended = run("diff", str(sample_package()), *options.split())
    assert ended.returncode == 2
    assert said in ended.stderr
