"""The version numbers on the pages: `make docs` brings them up to date, and a test finds those that are not."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from readouts.datapackage.package.locate import released
from readouts.datapackage.package.package import open_package

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["HISTORICAL", "corpus_version", "package_version", "stale", "up_to_date", "versioned_pages"]

ROOT = Path(__file__).resolve().parents[1]
_FIRST_RELEASES = r"1\.[01]\.0"
HISTORICAL = {
    "README.md": (_FIRST_RELEASES,),
    "docs/comparing.md": (_FIRST_RELEASES,),
    "docs/datasheet.md": (_FIRST_RELEASES,),
    "docs/delta-form.md": (_FIRST_RELEASES,),
    "docs/deltas.md": (_FIRST_RELEASES,),
    "docs/first-article.md": (r"(?:bridge-calls|version:) 0\.1\.0",),
    "docs/first-package.md": (_FIRST_RELEASES,),
    "docs/index.md": (_FIRST_RELEASES,),
    "docs/loading.md": (_FIRST_RELEASES,),
    # Measurements, and the versions of the libraries that were measured.
    "docs/performance.md": (r"\d+\.\d+\.\d+",),
    "docs/reference/api.md": (_FIRST_RELEASES,),
    "docs/reference/cli.md": (_FIRST_RELEASES,),
    "docs/release-gates.md": (_FIRST_RELEASES,),
    "docs/releasing.md": (_FIRST_RELEASES,),
    # What differs from one release to the next.
    "docs/upgrading.md": (r"\d+\.\d+\.\d+",),
    # The smallest version after the first release, whatever the latest is.
    "docs/using-python.md": (_FIRST_RELEASES, r"'major', '2\.0\.0'"),
    "docs/versioning.md": (_FIRST_RELEASES,),
}
"""Where a version other than the latest is meant, by page: patterns of the version, with what is around it."""


@cache
def corpus_version() -> str:
    """Return the version of the data."""
    return open_package(ROOT).version


@cache
def package_version() -> str:
    """Return the version of the Python package, which `pyproject.toml` alone says."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])


def versioned_pages() -> list[str]:
    """Return the pages and notebooks in which version numbers are looked for."""
    pages = [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        *(ROOT / "docs").rglob("*.md"),
        *ROOT.glob("notebooks/*.ipynb"),
    ]
    return sorted(path.relative_to(ROOT).as_posix() for path in pages)


def stale(page: str, text: str) -> Iterator[tuple[int, str, str]]:
    """Yield line, version and latest version of each mention of another one that isn't declared `HISTORICAL`."""
    for number, line in enumerate(text.splitlines(), 1):
        for match, latest in _outdated(page, line):
            yield number, match["version"], latest


def up_to_date(page: str, text: str) -> str:
    """Return a page with the latest version wherever another one isn't declared `HISTORICAL`."""
    lines = []
    for line in text.splitlines(keepends=True):
        fresh = line
        for match, latest in reversed([*_outdated(page, line)]):
            fresh = fresh[: match.start("version")] + latest + fresh[match.end("version") :]
        lines.append(fresh)
    return "".join(lines)


def _outdated(page: str, line: str) -> Iterator[tuple[re.Match[str], str]]:
    kept = [match.span() for pattern in HISTORICAL.get(page, ()) for match in re.finditer(pattern, line)]
    older = "|".join(map(re.escape, sorted({*released(ROOT)} - {corpus_version()})))
    patterns = {corpus_version(): rf"(?<![\w.])(?P<version>{older})(?![\w.]\d)"} if older else {}
    patterns[package_version()] = r"\b[Rr]eadouts(?: |-|==)(?P<version>\d+\.\d+\.\d+)(?![\w.]\d)(?!\.zip)"
    found = [(match, latest) for latest, pattern in patterns.items() for match in re.finditer(pattern, line)]
    for match, latest in sorted(found, key=lambda each: each[0].start("version")):
        mention = match["version"]
        inside = any(start <= match.start("version") and match.end("version") <= end for start, end in kept)
        if not inside and mention not in {latest, corpus_version()}:
            yield match, latest
