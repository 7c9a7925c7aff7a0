"""The sample package of the engine: its examples need a package without any fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.datapackage.canonical_form import not_canonical
from readouts.datapackage.package.package import open_package
from readouts.datapackage.sample import sample_package

if TYPE_CHECKING:
    from tests.conftest import Run


def test_the_sample_is_valid(run: Run) -> None:
    done = run("validate", sample_package())
    assert (done.returncode, done.stderr) == (0, "")
    assert "lakes 1.0.0 is valid" in done.stdout


def test_the_sample_is_in_canonical_form() -> None:
    assert list(not_canonical(open_package(sample_package()))) == []
