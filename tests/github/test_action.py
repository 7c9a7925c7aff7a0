"""The Action, run as a runner runs it: its own shell steps, by bash, with everything handed over in the environment."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from jsonschema import Draft7Validator

from tests.conftest import INVENTED, ROOT, Run
from tests.packages import write_package_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

BASH = shutil.which("bash")
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
WORKFLOWS = {
    path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / ".github" / "workflows").glob("*.yml"))
}
HOOKS = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
EXPRESSION = re.compile(r"\$\{\{\s*([a-z_.-]+)\s*\}\}")

needs_bash = pytest.mark.skipif(BASH is None, reason="the steps of the Action are scripts for bash, which is not here")


def steps(document: Any) -> Iterator[dict[str, Any]]:
    """Yield every step of an action or a workflow."""
    if isinstance(document, dict):
        if isinstance(document.get("run", document.get("uses")), str):
            yield document
        for part in document.values():
            yield from steps(part)
    elif isinstance(document, list):
        for part in document:
            yield from steps(part)


class Runner:
    """The part of a runner that steps see: contexts, a folder for temporary files, and the files they write to."""

    def __init__(self, folder: Path, **inputs: str) -> None:
        self.folder = folder
        folder.mkdir()
        given = {name: str(entry.get("default", "")) for name, entry in ACTION["inputs"].items()}
        self.contexts = {f"inputs.{name}": value for name, value in (given | inputs).items()}

    def run(self, name: str, cwd: Path, extra: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        assert BASH is not None
        step = next(step for step in ACTION["runs"]["steps"] if step.get("name") == name)
        script = self.folder / "script.sh"
        script.write_text(step["run"], encoding="utf-8", newline="\n")
        environment = {
            **os.environ,
            **{key: EXPRESSION.sub(lambda found: self.contexts[found[1]], text) for key, text in step["env"].items()},
            "RUNNER_TEMP": str(self.folder),
            "GITHUB_OUTPUT": str(self.folder / "output"),
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary"),
            "GITHUB_ACTION_PATH": str(ROOT),
            **(extra or {}),
        }
        ended = subprocess.run(
            [BASH, "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=cwd, env=environment, capture_output=True, encoding="utf-8", check=False, timeout=300,
        )  # fmt: skip
        for line in self.written("output").splitlines():
            key, _, value = line.partition("=")
            self.contexts[f"steps.{step['id']}.outputs.{key}"] = value
        return ended

    def written(self, name: str) -> str:
        path = self.folder / name
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def validate(self, cwd: Path) -> subprocess.CompletedProcess[str]:
        self.contexts["steps.install.outputs.bin"] = str(Path(sys.executable).parent)
        return self.run("Validate", cwd)

    def output(self, name: str) -> str:
        return EXPRESSION.sub(lambda found: self.contexts.get(found[1], ""), ACTION["outputs"][name]["value"])


@pytest.fixture(scope="session")
def once_built(tmp_path_factory: pytest.TempPathFactory, run: Run) -> Path:
    folder = tmp_path_factory.mktemp("action") / "corpus"
    shutil.copytree(INVENTED / "annotations", folder / "annotations")
    assert run("rebuild", cwd=folder).returncode == 0
    return folder


@pytest.fixture
def built(once_built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(once_built, tmp_path / "corpus"))


def break_reference(corpus: Path) -> str:
    """Make an annotation refer to an entity that isn't there; return its file and line as an annotation names them."""
    for path in sorted((corpus / "annotations" / "events").glob("*.yaml")):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        for number, line in enumerate(lines, 1):
            if line.startswith("place: "):
                lines[number - 1] = "place: atlantis\n"
                path.write_text("".join(lines), encoding="utf-8", newline="\n")
                return f"file=annotations/events/{path.name},line={number}"
    raise AssertionError("no event of the invented corpus has a place")


@pytest.mark.slow
@needs_bash
def test_a_broken_reference_ends_red_and_names_the_annotation_as_the_command_does(
    built: Path, tmp_path: Path, run: Run
) -> None:
    place = break_reference(built)
    runner = Runner(tmp_path / "runner")
    ended = runner.validate(built)
    assert ended.returncode == 1
    first = ended.stdout.splitlines()[0]
    assert first.startswith(f"::error {place},")
    assert "title=foreign-key::" in first
    assert "atlantis" in first
    assert first == run("validate", ".", "--format", "github", cwd=built).stdout.splitlines()[0]
    assert (runner.output("valid"), runner.output("state")) == ("false", "not valid")
    report = Path(runner.output("report")).read_text(encoding="utf-8")
    assert "is not valid: 1 finding" in report
    assert runner.written("summary") == report


@pytest.mark.slow
@needs_bash
def test_a_valid_package_ends_green_with_a_summary(built: Path, tmp_path: Path) -> None:
    runner = Runner(tmp_path / "runner")
    ended = runner.validate(built)
    assert (ended.returncode, runner.output("valid"), runner.output("state")) == (0, "true", "valid")
    assert "::error" not in ended.stdout
    assert "is valid\n" in runner.written("summary")


@pytest.mark.slow
@needs_bash
def test_a_package_of_which_something_could_not_be_checked_ends_red_with_a_report(built: Path, tmp_path: Path) -> None:
    path = built / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    descriptor["resources"][0]["hash"] = "blake3:00"
    path.write_text(json.dumps(descriptor), encoding="utf-8")
    runner = Runner(tmp_path / "runner")
    ended = runner.validate(built)
    assert ended.returncode == 2
    assert "title=unsupported-feature::" in ended.stdout
    assert (runner.output("valid"), runner.output("state")) == ("false", "not checked")
    assert "is not fully checked: 1 part could not be checked" in runner.written("summary")
    assert Path(runner.output("report")).read_text(encoding="utf-8") == runner.written("summary")


@pytest.mark.slow
@needs_bash
def test_a_package_elsewhere_is_named_from_the_workspace(built: Path, tmp_path: Path) -> None:
    place = break_reference(built).replace("file=", f"file={built.name}/")
    assert Runner(tmp_path / "runner", package=built.name).validate(built.parent).stdout.startswith(f"::error {place},")


@needs_bash
def test_what_cannot_be_checked_ends_red_with_the_reason_where_no_command_is_read(tmp_path: Path) -> None:
    runner = Runner(tmp_path / "runner", package="no::error::package")
    ended = runner.validate(tmp_path)
    assert ended.returncode == 2
    assert (runner.output("valid"), runner.output("report")) == ("false", "")
    lines = ended.stdout.splitlines()
    assert lines[0].startswith("::error title=readouts::")
    assert lines[1].startswith("::stop-commands::")
    assert lines[-1] == f"::{lines[1].rpartition('::')[2]}::"
    assert any("no::error::package" in line for line in lines[2:-1])


@pytest.fixture
def fork(tmp_path: Path) -> Path:
    """A pull request from a fork: a package with an error that brings settings, and checks that leave a trace."""
    schema = {"fields": [{"name": "buoy", "type": "integer"}]}
    settings = {"ignore": ["type-error"], "warn": ["hash-count"], "checks": "checks.py"}
    resources = [{"name": "buoys", "path": "buoys.csv", "schema": schema}]
    checks = (
        "from pathlib import Path\nfrom readouts.datapackage import check\nPath('ran').touch()\n\n\n"
        "@check('buoys')\ndef moored(buoys):\n    return False\n"
    )
    files: dict[str, bytes | str] = {"buoys.csv": "buoy\nred\n", "checks.py": checks}
    return write_package_of(tmp_path / "fork", files, resources, readouts=settings)


@needs_bash
def test_a_pull_request_neither_turns_its_check_green_nor_runs_code_in_it(fork: Path, tmp_path: Path) -> None:
    runner = Runner(tmp_path / "runner")
    ended = runner.validate(fork)
    assert (ended.returncode, runner.output("state")) == (1, "not valid")
    assert "title=type-error::" in ended.stdout
    assert "not applied of the descriptor" in ended.stdout
    assert not list(tmp_path.rglob("ran"))


@needs_bash
def test_a_workflow_names_what_counts_and_what_runs(fork: Path, tmp_path: Path) -> None:
    runner = Runner(
        tmp_path / "runner", checks="checks.py\n", ignore="type-error  hash-count\nbyte-count", warn="moored"
    )
    assert runner.validate(fork).returncode == 0
    assert "type-error: 1 finding ignored, as the caller asked" in runner.written("summary")
    assert (fork / "ran").exists()


@needs_bash
def test_a_workflow_can_trust_a_package(fork: Path, tmp_path: Path) -> None:
    runner = Runner(tmp_path / "runner", **{"package-settings": "all"})
    ended = runner.validate(fork)
    assert ended.returncode == 1
    assert "title=moored::" in ended.stdout
    assert "title=type-error::" not in ended.stdout


def test_the_hook_applies_nothing_that_a_package_says_of_itself_unless_its_arguments_do(fork: Path, run: Run) -> None:
    ended = run(*hook_arguments("readouts-validate"), cwd=fork)
    assert ended.returncode == 1
    assert "type-error once" in ended.stdout
    assert not (fork / "ran").exists()
    entry = hook_arguments("readouts-validate")[:-1]
    assert "moored once" in run(*entry, "--package-settings", "all", "datapackage.json", cwd=fork).stdout
    assert (fork / "ran").exists()


@needs_bash
@pytest.mark.parametrize("name", ["package", "level", "against", "checks", "ignore", "warn", "package-settings"])
@pytest.mark.parametrize("text", ["$(touch pwned)", '"; touch pwned; "', "`touch pwned`", "--help"])
def test_an_input_is_never_read_as_a_script_or_an_option(tmp_path: Path, name: str, text: str) -> None:
    ended = Runner(tmp_path / "runner", **{name: text}).validate(tmp_path)
    assert ended.returncode == 2
    assert not list(tmp_path.rglob("pwned"))


@pytest.mark.slow
@needs_bash
def test_the_installation_has_an_environment_of_its_own(tmp_path: Path) -> None:
    wheel = tmp_path / "invented-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("invented.py", "place = 'Port Sarn'\n")
        archive.writestr("invented-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: invented\nVersion: 1.0\n")
        archive.writestr(
            "invented-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr("invented-1.0.dist-info/RECORD", "")
    runner = Runner(tmp_path / "runner", install=str(wheel))
    runner.contexts["steps.python.outputs.python-path"] = sys.executable
    ended = runner.run("Install readouts", tmp_path, {"PIP_NO_INDEX": "1"})
    assert ended.returncode == 0, ended.stderr
    python = Path(runner.contexts["steps.install.outputs.bin"]) / "python"
    shown = subprocess.run(
        [python, "-c", "import invented; print(invented.place)"], capture_output=True, text=True, check=True
    )
    assert shown.stdout == "Port Sarn\n"


def test_the_action_and_the_workflows_are_what_their_schemas_say() -> None:
    schemas = files("check_jsonschema") / "builtin_schemas" / "vendor"
    for name, documents in (("github-actions", [ACTION]), ("github-workflows", list(WORKFLOWS.values()))):
        schema = json.loads((schemas / f"{name}.json").read_text(encoding="utf-8"))
        for document in documents:
            # YAML 1.1 reads the key `on` as true.
            named = {"on" if key is True else key: value for key, value in document.items()}
            assert not list(Draft7Validator(schema).iter_errors(named))


def test_nothing_that_a_user_chooses_becomes_part_of_a_script() -> None:
    scripts = [step["run"] for document in (ACTION, *WORKFLOWS.values()) for step in steps(document) if "run" in step]
    interpolated = {name for script in scripts for name in re.findall(r"\$\{\{(.*?)\}\}", script)}
    assert len(scripts) > 5
    assert interpolated == set()


def test_every_input_and_output_is_used_and_described() -> None:
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    for name, entry in ACTION["inputs"].items():
        assert entry["description"]
        assert f"inputs.{name}" in text
    identifiers = {step.get("id") for step in ACTION["runs"]["steps"]}
    for entry in ACTION["outputs"].values():
        (name,) = EXPRESSION.findall(entry["value"])
        assert name.split(".")[1] in identifiers


def test_no_job_has_both_the_files_of_a_pull_request_and_a_token_that_writes() -> None:
    assert WORKFLOWS["contributions"]["permissions"] == {"contents": "read"}
    assert "permissions" not in WORKFLOWS["contributions"]["jobs"]["validate"]
    comment = WORKFLOWS["comment"]
    assert comment["permissions"] == {}
    writing = {name for name, job in comment["jobs"].items() if "write" in job["permissions"].values()}
    assert writing == {"comment"}
    assert comment["jobs"]["comment"]["permissions"] == {"contents": "read", "pull-requests": "write"}
    for step in steps(comment["jobs"]["comment"]):
        assert "ref" not in step.get("with", {})
        assert "repository" not in step.get("with", {})
    for workflow in ("contributions", "comment"):
        for step in steps(WORKFLOWS[workflow]):
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False


@pytest.mark.slow
@pytest.mark.parametrize("name", ["readouts-validate", "readouts-rebuild-check"])
def test_a_hook_passes_a_corpus_that_is_in_order_and_fails_one_that_is_not(name: str, built: Path, run: Run) -> None:
    assert run(*hook_arguments(name), cwd=built).returncode == 0
    break_reference(built)
    assert run(*hook_arguments(name), cwd=built).returncode == 1


def hook_arguments(name: str) -> list[str]:
    """What pre-commit gives to the command line for a hook."""
    program, *arguments = shlex.split(HOOKS[name]["entry"])
    assert program == "readouts"
    return arguments + list(HOOKS[name].get("args", ()))


@pytest.mark.parametrize("name", ["readouts-validate", "readouts-rebuild-check"])
def test_a_hook_runs_whatever_is_committed_and_shows_what_it_checked(name: str) -> None:
    # A table may be a file of any name.
    assert HOOKS[name]["always_run"] is HOOKS[name]["verbose"] is True
    assert "files" not in HOOKS[name]


@pytest.mark.parametrize("name", ["readouts-validate", "readouts-rebuild-check"])
def test_a_hook_fails_where_there_is_nothing_to_check(name: str, tmp_path: Path, run: Run) -> None:
    ended = run(*hook_arguments(name), cwd=tmp_path)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert str(tmp_path) in ended.stderr or "datapackage.json" in ended.stderr


def test_a_hook_takes_no_package_above_the_repository(once_built: Path, run: Run) -> None:
    (once_built / "within").mkdir(exist_ok=True)
    assert run(*hook_arguments("readouts-validate"), cwd=once_built / "within").returncode == 2


def test_a_hook_names_the_package_that_it_checked(built: Path, run: Run) -> None:
    assert "is valid (datapackage.json, " in run(*hook_arguments("readouts-validate"), cwd=built).stdout
