#!/usr/bin/env python3
"""The steps of `.github/workflows/publish.yml`, each of which runs anywhere: `make publish` runs all that stay local.

A tag `v2.0.0` publishes a release of the corpus, with the package that ships it; `package-v0.2.0` the package alone.
"""

# ruff: noqa: PLC0415 - a wheel is tried where nothing but Typer is installed.

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
import venv
from html import escape
from pathlib import Path
from typing import Annotated

import typer

ROOT = Path(__file__).resolve().parents[1]
TESTS = ("tests/analysis", "tests/loaders", "tests/commands", "tests/quality/rules", "tests/text")
"""The tests that need what is installed, and nothing of `src/`."""
_TAG = re.compile(r"(?P<package>package-)?v(?P<version>[0-9]+\.[0-9]+\.[0-9]+)")
_SMOKE = """
import readouts
from readouts.datapackage.sample import sample_package
corpus = readouts.load()
event = corpus.accounts["event_id"].iloc[0]
comparison = corpus.compare(event)
assert len(comparison.to_frame()) > 0, event
assert len(corpus.overview()) > 0
print(readouts.__file__)
print(corpus)
print(comparison)
"""

app = typer.Typer(help="Steps of publishing.", rich_markup_mode=None, no_args_is_help=True, add_completion=False)


def _run(*command: str | Path, cwd: Path = ROOT) -> None:
    """Run a program; its failure ends this one."""
    # The installed package is tested: nothing of the checkout may come before it.
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run([*map(str, command)], cwd=cwd, env=env, check=False)  # noqa: S603 - our own commands
    if done.returncode:
        raise typer.Exit(done.returncode)


def _package_version(text: str) -> str:
    return str(tomllib.loads(text)["project"]["version"])


def problems_of(tag: str, root: Path = ROOT) -> list[str]:
    """Return why nothing may be published under a tag."""
    from readouts.datapackage.package.package import open_package

    match = _TAG.fullmatch(tag)
    if match is None:
        return [f"The tag '{tag}' is not one of a release: expected v2.0.0 (corpus) or package-v0.2.0 (package)."]
    package = _package_version((root / "pyproject.toml").read_text(encoding="utf-8"))
    file, known = ("pyproject.toml", package) if match["package"] else ("datapackage.json", open_package(root).version)
    problems = []
    if known != match["version"]:
        problems.append(f"The tag says {match['version']}, and {file} {known}: expected one version.")
    if not match["package"] and not (root / "releases" / match["version"] / "release.json").is_file():
        problems.append(f"releases/{match['version']}/ is not committed: expected what `readouts release` writes.")
    taken = [name for name in _tags(root) if name != tag and _package_version(_shown(root, name)) == package]
    problems += [
        f"The package {package} was published with {name}: raise `version` in pyproject.toml, since a version can be "
        "published once."
        for name in taken
    ]
    return problems


def _tags(root: Path) -> list[str]:
    """Return the tags of releases that have a package."""
    done = subprocess.run(["git", "tag", "--list", "*v[0-9]*"], cwd=root, capture_output=True, text=True, check=True)  # noqa: S607
    return [tag for tag in done.stdout.split() if _TAG.fullmatch(tag) and _shown(root, tag)]


def _shown(root: Path, tag: str) -> str:
    command = ["git", "show", f"{tag}:pyproject.toml"]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False).stdout  # noqa: S603


@app.command()
def check(tag: Annotated[str, typer.Argument(help="The tag.")]) -> None:
    """Refuse a tag that doesn't fit what it would publish; build its release of the corpus again."""
    problems = problems_of(tag)
    for problem in problems:
        typer.echo(f"publish: {problem}", err=True)
    if problems:
        raise typer.Exit(1)
    if not tag.startswith("package-"):
        _run(sys.executable, "-m", "readouts", "release", "--verify", tag)


@app.command()
def build(output: Annotated[Path, typer.Option("--output", "-o")] = Path("dist/package")) -> None:
    """Build the sdist, and the wheel from what is in it."""
    output = output.resolve()
    shutil.rmtree(output, ignore_errors=True)
    _run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", output)
    sdist = next(output.glob("*.tar.gz"))
    unpacked = output / "unpacked"
    shutil.unpack_archive(sdist, unpacked, filter="data")
    # From the sdist: who installs from it gets the same.
    source = next(unpacked.iterdir())
    _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", output, cwd=source)
    shutil.rmtree(unpacked)
    for path in sorted(output.iterdir()):
        typer.echo(f"{path.name}  {path.stat().st_size:,} bytes")


@app.command("test")
def try_wheel(
    wheel: Annotated[Path, typer.Argument(help="The wheel, or the folder it is in.")] = Path("dist/package"),
    locked: Annotated[bool, typer.Option("--locked", help="Also run the tests, with the locked dependencies.")] = False,
    folder: Annotated[Path, typer.Option(help="Where the environments are made.")] = Path("build/publish"),
) -> None:
    """Install the wheel in new environments, and use it from outside the checkout."""
    wheel = (next(wheel.glob("*.whl")) if wheel.is_dir() else wheel).resolve()
    folder = folder.resolve()
    base = _environment(folder / "base")
    _run(base, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel)
    outside = folder / "outside"
    outside.mkdir(exist_ok=True)
    _run(base, "-I", "-c", _SMOKE, cwd=outside)
    _run(base, "-I", "-m", "readouts", "--version", cwd=outside)
    if not locked:
        return
    full = _environment(folder / "full")
    pip = (full, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    _run(*pip, "--require-hashes", "--requirement", "requirements.lock")
    _run(*pip, "--no-deps", "--no-index", wheel)
    _run(full, "-I", "-m", "readouts", "validate", ROOT, "--package-settings", "none", cwd=outside)
    _run(full, "-m", "pytest", "-q", "-p", "no:cacheprovider", *TESTS)


def _environment(folder: Path) -> Path:
    """Make a new environment, and return its Python."""
    shutil.rmtree(folder, ignore_errors=True)
    venv.create(folder, with_pip=True, symlinks=os.name != "nt")
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


@app.command()
def site(output: Annotated[Path, typer.Option("--output", "-o")] = Path("build/pages")) -> None:
    """Make one site: the documentation in `docs/`, the reading room in `reading-room/`."""
    from docs.site_pages import build as build_docs
    from readouts.datapackage.package.package import open_package

    output = output.resolve()
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir(parents=True)
    _run(sys.executable, "-m", "readouts", "site", "--output", output / "reading-room")
    shutil.copytree(build_docs(ROOT / "build" / "docs"), output / "docs")
    title = escape(str(open_package(ROOT).descriptor["title"]))
    page = (
        '<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><meta name="viewport" '
        'content="width=device-width"><meta name="color-scheme" content="light dark">'
        f'<title>{title}</title></head>\n<body>\n<h1>{title}</h1>\n<p><a href="reading-room/index.html">Reading room'
        '</a></p>\n<p><a href="docs/index.html">Documentation</a></p>\n</body>\n</html>\n'
    )
    (output / "index.html").write_text(page, encoding="utf-8", newline="\n")
    # Pages would otherwise leave out what begins with an underscore.
    (output / ".nojekyll").touch()


@app.command()
def files(
    package: Annotated[Path, typer.Option(help="Folder with wheel and sdist.")] = Path("dist/package"),
    corpus: Annotated[Path | None, typer.Option(help="Folder that `readouts release` wrote.")] = None,
    output: Annotated[Path, typer.Option("--output", "-o")] = Path("dist/files"),
) -> None:
    """Put together what a release on GitHub has: files of package and corpus, and the checksums of all."""
    from readouts.publish.release.archive import checksums, current_compression, zipped

    found = {path.name: path.read_bytes() for path in package.iterdir() if path.suffix in {".whl", ".gz"}}
    if corpus is not None:
        found |= {path.name: path.read_bytes() for path in corpus.iterdir() if path.is_file()}
        formats = {
            path.relative_to(corpus).as_posix(): path.read_bytes()
            for path in sorted((corpus / "formats").rglob("*"))
            if path.is_file()
        }
        if formats:
            stem = next(name for name in found if name.endswith("-source.zip")).removesuffix("-source.zip")
            found[f"{stem}-formats.zip"] = zipped(formats, stem, current_compression())
    found["SHA256SUMS"] = checksums({name: data for name, data in found.items() if name != "SHA256SUMS"})
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir(parents=True)
    for name, data in sorted(found.items()):
        (output / name).write_bytes(data)
        typer.echo(f"{name}  {len(data):,} bytes")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    app()
