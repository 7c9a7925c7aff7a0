"""The wheel, installed out of reach of the checkout."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import venv
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from readouts.datapackage.package.package import open_package
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def site(wheel: Path) -> Path:
    target = wheel.parent / "site"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(target)]
    subprocess.run([*install, str(wheel)], check=True, capture_output=True)
    return target


@pytest.fixture(scope="module")
def empty(wheel: Path) -> Path:
    """The Python of a new environment: the wheel, and what it asks for without any extra, down to the last."""
    folder = wheel.parent / "environment"
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    purelib = "import sysconfig; print(sysconfig.get_path('purelib'))"
    done = subprocess.run([python, "-I", "-c", purelib], check=True, capture_output=True, text=True)
    target = Path(done.stdout.strip())
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*install, str(wheel)], check=True, capture_output=True)
    asked = next(target.glob("readouts-*.dist-info/METADATA")).read_text(encoding="utf-8")
    wanted = [Requirement(line) for line in re.findall(r"^Requires-Dist: (.+)$", asked, re.MULTILINE)]
    seen: set[str] = set()
    while wanted:
        requirement = wanted.pop()
        if requirement.name in seen or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        seen.add(requirement.name)
        found = distribution(requirement.name)
        wanted += [Requirement(line) for line in found.requires or ()]
        for file in found.files or ():
            # Programs lie outside, and nobody calls them here.
            if ".." not in file.parts:
                _place(Path(str(found.locate_file(file))), target / file)
    return python


def _place(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        if source.is_file():
            shutil.copy2(source, target)


def _alone(python: Path, code: str, **env: str) -> str:
    """Run code in the empty environment, from a folder outside the checkout."""
    done = subprocess.run(
        [python, "-I", "-c", code],
        cwd=python.parent,
        env={**os.environ, "READOUTS_REGISTRY": "", **env},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_lines_of_the_readme_run_in_an_empty_environment(empty: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    code = re.search(r"## In Python\n\n```python\n(.*?)```", readme, re.DOTALL)
    assert code is not None
    assert len(code[1].splitlines()) == 6
    out = _alone(empty, code[1] + "print(readouts.__file__, corpus.statements.shape, sep='\\n')")
    place, shape = out.splitlines()[-2:]
    assert Path(place).is_relative_to(empty.parent.parent)
    statements = open_package(ROOT).resources["statements"].descriptor
    assert shape == f"({statements['rowCount']}, {len(statements['schema']['fields'])})"


def test_an_empty_environment_lacks_every_extra(empty: Path) -> None:
    code = "import importlib.util; print([name for name in {!r} if importlib.util.find_spec(name)])"
    extras = ["polars", "pyarrow", "duckdb", "networkx", "yaml", "jinja2", "pandera", "frictionless"]
    assert _alone(empty, code.format(extras)) == "[]"
    asked = (
        "import readouts\ntry: readouts.load().graph()\nexcept readouts.MissingDependencyError as error: print(error)"
    )
    assert _alone(empty, asked).endswith("pip install 'readouts[graph]'")


def test_importing_computes_for_less_than_three_tenths_of_a_second(empty: Path) -> None:
    code = "import time; begin = time.process_time(); import readouts; print(time.process_time() - begin)"
    times = [float(_alone(empty, code)) for _ in range(5)]
    print(f"import readouts: {min(times):.3f} s at best, {max(times):.3f} s at worst")
    assert min(times) < 0.3


def test_the_package_takes_less_than_20_megabytes_and_its_environment_less_than_210(empty: Path) -> None:
    root = empty.parent.parent
    # As pip leaves it: with the bytecode of every module, whether or not it is there where the tests run.
    subprocess.run([empty, "-m", "compileall", "-q", str(root)], check=True, capture_output=True)
    sizes: dict[str, int] = {}
    for path in (path for path in root.rglob("*") if path.is_file() and not path.is_symlink()):
        parts = path.relative_to(root).parts
        name = parts[parts.index("site-packages") + 1] if "site-packages" in parts else parts[0]
        sizes[name] = sizes.get(name, 0) + path.stat().st_size
    largest = sorted(sizes.items(), key=lambda item: -item[1])[:5]
    told = ", ".join(f"{name} {size / 1e6:.0f}" for name, size in largest)
    bytecode = sum(path.stat().st_size for path in root.rglob("*.pyc"))
    print(f"environment: {sum(sizes.values()) / 1e6:.0f} MB ({told}), {bytecode / 1e6:.0f} of it bytecode")
    assert sizes["readouts"] < 20e6, told
    assert sum(sizes.values()) < 210e6, told


def test_the_wheel_has_every_release_and_fetches_nothing(empty: Path, tmp_path: Path) -> None:
    releases = ROOT / "releases"
    versions = sorted(path.parent.name for path in releases.glob("*/release.json"))
    known = "from readouts.loaders.registry import known_releases; print(sorted(known_releases()))"
    assert _alone(empty, known) == str(versions)
    old = next(version for version in versions if version != open_package(ROOT).version)
    for registry in ("", f", registry={str(releases)!r}"):
        code = f"import readouts; print(readouts.load({old!r}{registry}).version)"
        assert _alone(empty, code, READOUTS_CACHE=str(tmp_path / "cache")) == old
    assert not (tmp_path / "cache").exists()


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


def test_the_wheel_has_the_guideline_that_prompts_are_made_of(site: Path) -> None:
    for name in ("docs/annotating.md", "docs/datasheet.md"):
        assert (site / "readouts" / "bundled" / name).read_bytes() == (ROOT / name).read_bytes()


def test_the_installed_package_loads_the_bundled_release(site: Path) -> None:
    place = _python(site, "import readouts; print(readouts.__file__)")
    assert Path(place).is_relative_to(site)
    package = open_package(ROOT)
    rows = _python(site, "import readouts; print(len(readouts.load().statements))", without="yaml frictionless")
    assert rows == str(package.resources["statements"].descriptor["rowCount"])
    version = _python(site, f"import readouts; print(readouts.load({package.version!r}).version)")
    assert version == package.version


def test_importing_the_package_imports_nothing_heavy(site: Path) -> None:
    code = "import sys, readouts, readouts.cli; print([name for name in {!r} if name in sys.modules])"
    heavy = ["pandas", "numpy", "frictionless", "yaml", "jinja2", "jsonschema", "polars", "narwhals", "pandera"]
    heavy += ["great_expectations", "jsonschema_rs", "pyspark", "pooch", "requests", "pyarrow", "duckdb", "networkx"]
    assert _python(site, code.format(heavy)) == "[]"


def test_the_command_line_reads_no_package_before_a_command_needs_one(site: Path) -> None:
    code = "import sys, readouts.commands.{}; print([name for name in sys.modules if 'datapackage.package' in name])"
    assert [_python(site, code.format(command)) for command in ("validate", "diff", "export", "site")] == ["[]"] * 4


def test_the_types_are_published(site: Path) -> None:
    assert all((site / "readouts" / name).is_file() for name in ("py.typed", "loaders/rows.pyi"))


def test_the_sample_package_is_installed(site: Path) -> None:
    code = "from readouts.datapackage.sample import sample_package as s; print(len([*s().glob('data/*.csv')]))"
    assert _python(site, code) == "3"
