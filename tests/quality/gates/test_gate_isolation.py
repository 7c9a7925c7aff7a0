"""Great Expectations runs without a trace: no network, no file outside the temporary folder, no word to the user."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from readouts.quality.gates import measures_table
from readouts.quality.gates.plan import PROJECT, measures
from readouts.quality.gates.running import _context, _quiet
from tests.conftest import ROOT

WATCHED = """
import json, os, sys, warnings
warnings.simplefilter("error")
from pathlib import Path
seen = {"network": [], "written": []}
def watch(event, args):
    if event.startswith("socket."):
        seen["network"].append(event)
        raise OSError("there is no network")
    if event == "open" and isinstance(args[0], str) and (args[2] or 0) & (os.O_WRONLY | os.O_RDWR):
        seen["written"].append(args[0])
    if event in ("os.mkdir", "os.rename", "os.link", "os.symlink"):
        seen["written"].append(os.fspath(args[0]))
sys.addaudithook(watch)
from readouts.quality.gates import gates_of
incidents, gates = gates_of(Path(sys.argv[1]), Path(sys.argv[1]))
seen["passed"] = [gate.passed for gate in gates]
print(json.dumps(seen))
"""


@pytest.mark.slow
def test_a_run_reaches_no_network_and_writes_into_its_temporary_folder_only(tmp_path: Path) -> None:
    home, temporary, work = (tmp_path / name for name in ("home", "temporary", "work"))
    for folder in (home, temporary, work):
        folder.mkdir()
    environment = {
        **os.environ,
        "HOME": str(home),
        "TMPDIR": str(temporary),
        "GX_ANALYTICS_ENABLED": "true",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, str(ROOT)],
        cwd=work,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    seen = json.loads(done.stdout)
    assert seen["passed"]
    assert all(seen["passed"])
    # Creating a socket is refused like the rest; urllib3 tries one when it is imported, to learn whether there is IPv6.
    assert set(seen["network"]) <= {"socket.__new__"}
    outside = [name for name in seen["written"] if name != os.devnull and not Path(name).is_relative_to(temporary)]
    assert outside == []
    assert any("readouts-gates-" in name for name in seen["written"])
    assert [path for folder in (home, temporary, work) for path in folder.iterdir()] == []


def test_the_gates_are_named_without_importing_great_expectations() -> None:
    code = (
        "import sys; from readouts.quality.gates import measures_table; measures_table(); "
        "import readouts.publish.render.gates; "
        "print([name for name in ('great_expectations', 'pandas', 'jinja2') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"


@pytest.fixture
def context(tmp_path: Path) -> Any:
    """The project as Great Expectations loads it."""
    project = tmp_path / "gx"
    shutil.copytree(PROJECT, project)
    (project / "data").mkdir()
    with _quiet():
        return _context(project)


def test_the_project_is_what_great_expectations_itself_would_write(context: Any) -> None:
    def stored(folder: str, name: str) -> Any:
        return json.loads((PROJECT / folder / f"{name}.json").read_text(encoding="utf-8"))

    checkpoint = context.checkpoints.get("release")
    assert json.loads(checkpoint.json()) == stored("checkpoints", "release")
    for definition in checkpoint.validation_definitions:
        assert json.loads(definition.json(models_as_dict=False)) == stored("validation_definitions", definition.name)
        assert json.loads(json.dumps(definition.suite.to_json_dict())) == stored("expectations", definition.name)
    names = {path.stem for path in (PROJECT / "expectations").iterdir()}
    assert names == {definition.name for definition in checkpoint.validation_definitions}


def test_every_bound_is_a_parameter_that_the_older_release_gives(context: Any) -> None:
    for suite in context.suites.all():
        for expectation in suite.expectations:
            name = expectation.meta["gate"].replace("-", "_")
            options = set(expectation.suite_parameter_options)
            assert options
            assert options <= {f"{name}_least", f"{name}_most", f"{name}_old"}


def test_every_gate_has_a_name_of_its_own_and_an_entry_in_the_documentation() -> None:
    names = [measure.name for measure in measures()]
    assert len(set(names)) == len(names)
    page = (ROOT / "docs" / "release-gates.md").read_text(encoding="utf-8")
    assert page.split("<!-- generated: gates -->\n")[1].split("<!-- end -->")[0] == measures_table()
