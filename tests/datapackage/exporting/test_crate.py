"""The real validator of RO-Crates, from an environment of its own: its dependencies don't go with the toolkit's."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

VALIDATOR = os.environ.get("READOUTS_CRATE_PYTHON")
CONTEXT = Path(os.environ.get("READOUTS_NODE_MODULES", ".venv/outside/node_modules")) / "ro-crate/lib/context.json"

pytestmark = [
    pytest.mark.skipif(
        not VALIDATOR, reason="READOUTS_CRATE_PYTHON names no Python with roc-validator: run `make outside`"
    ),
    pytest.mark.skipif(not CONTEXT.is_file(), reason=f"{CONTEXT} is not there: run `make outside`"),
]


def _report(crate: Path, report: Path) -> dict[str, Any]:
    program = Path(__file__).with_name("crate_validator.py")
    command = [str(VALIDATOR), str(program), str(CONTEXT), str(crate), str(report)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert report.is_file(), done.stderr
    found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return found


@pytest.mark.slow
def test_the_crate_passes_everything_that_is_required(exported: Path, tmp_path: Path) -> None:
    report = _report(exported, tmp_path / "report.json")
    assert report["issues"] == []
    assert report["passed"] is True
    # Without its context, the validator would have passed over nearly every check.
    assert report["statistics"]["total_checks"] > 40
    assert report["skipped_checks"] < 10


@pytest.mark.slow
def test_a_crate_without_its_date_does_not_pass(exported: Path, tmp_path: Path) -> None:
    shutil.copytree(exported, tmp_path / "crate")
    described = tmp_path / "crate" / "ro-crate-metadata.json"
    text = described.read_text(encoding="utf-8").replace('"datePublished"', '"published"')
    described.write_text(text, encoding="utf-8")
    assert _report(tmp_path / "crate", tmp_path / "report.json")["passed"] is False
