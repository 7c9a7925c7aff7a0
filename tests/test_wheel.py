"""The wheel, installed out of reach of the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT
from readouts.package.reading import open_package


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    wheel = next(folder.glob("*.whl"))
    target = folder / "site"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(target)]
    subprocess.run([*install, str(wheel)], check=True, capture_output=True)
    return target


def _python(site: Path, code: str, *, without: str = "") -> str:
    """Run code in a process that finds the installed package first, and can't import the modules `without`."""
    block = f"import sys; sys.modules.update(dict.fromkeys({without.split()!r}))\n"
    done = subprocess.run(
        [sys.executable, "-c", block + code],
        cwd=site,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_installed_package_loads_the_bundled_release(site: Path) -> None:
    place = _python(site, "import readouts; print(readouts.__file__)")
    assert Path(place).is_relative_to(site)
    package = open_package(ROOT)
    rows = _python(site, "import readouts; print(len(readouts.load().statements))", without="yaml frictionless")
    assert rows == str(package.resources["statements"]["rowCount"])
    version = _python(site, f"import readouts; print(readouts.load({package.version!r}).version)")
    assert version == package.version


def test_importing_the_package_imports_nothing_heavy(site: Path) -> None:
    code = "import sys, readouts, readouts.cli; print([name for name in {!r} if name in sys.modules])"
    heavy = ["pandas", "numpy", "frictionless", "yaml", "jinja2", "jsonschema", "polars", "narwhals", "pandera"]
    heavy += ["great_expectations", "jsonschema_rs", "pyspark"]
    assert _python(site, code.format(heavy)) == "[]"


def test_the_types_are_published(site: Path) -> None:
    assert (site / "readouts" / "py.typed").is_file()
