"""What would be released from a work tree, and every reason for not releasing it."""

from __future__ import annotations

import re
import zipfile
import zlib
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from readouts.corpus_schema.bundled import EXTRA_FILES, bundled_schemas
from readouts.corpus_schema.tables import derived_tables
from readouts.datapackage.difference.compare import compare
from readouts.datapackage.difference.version_bump import raised
from readouts.datapackage.errors import PackageError
from readouts.datapackage.package.locate import released
from readouts.datapackage.package.package import PackageVersion, open_package
from readouts.datapackage.package.unzip import unpacked
from readouts.datapackage.versioning import RULES, Level, Reason, version_of
from readouts.loaders.registry import release_entry
from readouts.publish.release.accepted import outdated_problems
from readouts.publish.release.archive import STORED, archive_bytes, contents, current_compression
from readouts.publish.release.changelog import generated_part
from readouts.publish.release.changelog_text import section
from readouts.publish.release.ids import contradicted_problems, lineage_problems, reuse_problems, vanished_problems
from readouts.publish.release.problem import Problem
from readouts.publish.release.source import SOURCE, built, source_bytes, source_files

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from readouts.datapackage.difference.result import PackageDiffData
    from readouts.datapackage.package.package import DataPackage

__all__ = [
    "CHANGELOG",
    "CITATION",
    "Candidate",
    "Past",
    "candidate",
    "difference_to",
    "page_text",
    "past",
    "problems_of",
    "shortened",
    "smallest",
    "sources_of",
]

CHANGELOG = "CHANGELOG.md"
CITATION = "CITATION.cff"
PREPARE = "Run `readouts release --prepare`, look at what it wrote, and commit it."
_FIRST = {"TZ": "UTC", "LC_ALL": "C", "PYTHONHASHSEED": "0"}
_SECOND = {"TZ": "Pacific/Chatham", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "PYTHONHASHSEED": "4711"}
_ELSEWHERE = "another place/with a longer näme"
_SHOWN = 20


@dataclass(frozen=True)
class Past:
    """The releases before one."""

    releases: tuple[tuple[str, Path, DataPackage], ...]  # version, archive and package of each, oldest first

    @property
    def last(self) -> DataPackage | None:
        """The last one; None before the first."""
        return self.releases[-1][2] if self.releases else None

    @property
    def last_archive(self) -> Path | None:
        """Its archive."""
        return self.releases[-1][1] if self.releases else None

    @property
    def packages(self) -> list[tuple[str, DataPackage]]:
        """Their versions and packages."""
        return [(version, package) for version, _, package in self.releases]


@dataclass(frozen=True)
class Candidate:
    """What would be released."""

    package: DataPackage
    archive: bytes
    source: bytes  # the archive of what it was built from
    compression: str  # of both
    past: Past
    difference: PackageDiffData | None  # from the last release, if there is one
    problems: tuple[Problem, ...]


def sources_of(root: Path, annotations: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return what a release of a project is built from.

    Raises
    ------
    PackageError
        The project has other schemas than the ones that this installation works with.
    """
    schemas = bundled_schemas()
    own = {path.name: path.read_bytes() for path in (root / "schemas").glob("*.json")}
    if own and own != {path.name: path.read_bytes() for path in schemas.glob("*.json")}:
        message = (
            f"{root / 'schemas'} has other schemas than this installation of readouts, which has them in {schemas}: "
            "install readouts from this work tree (`pip install --editable .`), then run the command again."
        )
        raise PackageError(message)
    return source_files(root, annotations, schemas)


@contextmanager
def past(root: Path, package: DataPackage) -> Iterator[Past]:
    """Open the releases before a package.

    Its own version is not among them if it is released just as it is: then that release is made once more.
    """
    with ExitStack() as stack:
        found = []
        for version, path in released(root).items():
            if version != package.version or not _holds(path, package):
                found.append((version, path, open_package(stack.enter_context(unpacked(path)), EXTRA_FILES)))
        yield Past(tuple(found))


def _holds(archive: Path, package: DataPackage) -> bool:
    """Return whether an archive has just the files of a package, however they are compressed."""
    top = f"{package.name}-{package.version}"
    try:
        with zipfile.ZipFile(archive) as opened:
            found = {name: opened.read(name) for name in opened.namelist()}
    except (OSError, zipfile.BadZipFile, zlib.error, RuntimeError, ValueError):
        return False
    return found == {f"{top}/{name}": data for name, data in contents(package).items()}


def difference_to(old: DataPackage, new: DataPackage) -> PackageDiffData:
    """Return how a package differs from the last release, by their versions."""
    sides = (PackageVersion(old.version, old.name, old.version), PackageVersion(new.version, new.name, new.version))
    return compare(old, new, sides=sides, derived=derived_tables(old.resources, new.resources))


def smallest(difference: PackageDiffData) -> str:
    """Return the smallest version that may be released: always more than the last one's."""
    if difference.bump.level is Level.NONE:
        return raised(difference.old.version, Level.PATCH)
    return difference.bump.smallest


@contextmanager
def candidate(root: Path, annotations: Mapping[str, bytes]) -> Iterator[Candidate]:
    """Build a release of a project twice, in clean folders, and collect what speaks against it."""
    files = sources_of(root, annotations)
    with ExitStack() as stack:
        package = stack.enter_context(built(files, _FIRST))
        again = stack.enter_context(built(files, _SECOND, place=_ELSEWHERE))
        before = stack.enter_context(past(root, package))
        difference = None if before.last is None else difference_to(before.last, package)
        problems = [
            *_differing(contents(package), contents(again), "The build can't be reproduced", _NOT_REPRODUCIBLE),
            *_stale(root, package),
            *problems_of(package, before, difference),
            *_dates(root, package, before.last),
            *_changelog(root, package, before.last, difference),
        ]
        archives = _archives(root, package, files, before)
        yield Candidate(package, *archives, before, difference, tuple(problems))


def _archives(root: Path, package: DataPackage, files: Mapping[str, bytes], before: Past) -> tuple[bytes, bytes, str]:
    """Return archive, source archive and compression of a release: those recorded where it is made once more."""
    # A comment in the annotations, which the archive does not know, may have changed since, and the compressor.
    version = package.version
    compression = current_compression()
    recorded = released(root).get(version)
    if recorded is None or version in dict(before.packages):
        source = source_bytes(files, package.name, version, compression)
        return archive_bytes(package, compression), source, compression
    entry = release_entry(recorded.parent.parent, version)
    if entry is not None:
        compression = entry.compression
    elif recorded.read_bytes() == archive_bytes(package):
        compression = STORED
    path = recorded.parent / SOURCE
    source = path.read_bytes() if path.is_file() else source_bytes(files, package.name, version, compression)
    return recorded.read_bytes(), source, compression


_NOT_REPRODUCIBLE = (
    "Look for what depends on the folder, the time zone, the locale or the order of a set, and fix it: nobody could "
    "check such a release."
)


def problems_of(package: DataPackage, before: Past, difference: PackageDiffData | None) -> Iterator[Problem]:
    """Report the obstacles to a package as the next release: its version, and what became of ids."""
    if difference is not None:
        yield from _version(package, before, difference)
        yield from vanished_problems(difference, package)
    if before.last is not None:
        yield from contradicted_problems(package, before.last)
    yield from reuse_problems(package, before.packages)
    yield from lineage_problems(package, before.last)
    yield from outdated_problems(package, before.last)


def _differing(expected: Mapping[str, bytes], found: Mapping[str, bytes], what: str, fix: str) -> Iterator[Problem]:
    names = [name for name in sorted({*expected, *found}) if expected.get(name) != found.get(name)]
    if names:
        count = "1 file differs" if len(names) == 1 else f"{len(names):,} files differ"
        yield Problem(f"{what}: {count}.", fix, shortened(names))


def _stale(root: Path, package: DataPackage) -> Iterator[Problem]:
    """Hold the tree's package to what its annotations give."""
    expected = contents(package)
    found = {name: (root / name).read_bytes() for name in expected if (root / name).is_file()}
    strange = [path.relative_to(root).as_posix() for path in sorted((root / "data").glob("*.csv"))]
    found |= {name: b"" for name in strange if name not in expected}
    fix = "Run `readouts rebuild`, look at what it changed, and commit it."
    yield from _differing(expected, found, "The package in the work tree is not what its annotations give", fix)


def _version(package: DataPackage, before: Past, difference: PackageDiffData) -> Iterator[Problem]:
    last, least = difference.old.version, smallest(difference)
    wanted, given = version_of(least), version_of(package.version)
    if wanted is None or given is None or given >= wanted:
        return
    fix = f"Write `version: {least}` into annotations/corpus.yaml, or run `readouts release --prepare`, and commit."
    if package.version == last:
        fix += f" If {last} was never published, remove releases/{last} instead: it holds something else."
    reasons = [_reason(reason) for reason in difference.bump.reasons]
    yield Problem(
        f"The version is too small: expected at least {least} after {last}, found {package.version} in "
        "annotations/corpus.yaml.",
        fix,
        shortened(reasons or _others(package, before)),
    )


def _others(package: DataPackage, before: Past) -> list[str]:
    """Return the files that are not the last release's though no table and no descriptor differs."""
    now, then = contents(package), {} if before.last is None else contents(before.last)
    return [f"{name} is another file" for name in sorted({*now, *then}) if now.get(name) != then.get(name)]


def _reason(reason: Reason) -> str:
    where = ".".join(part for part in (reason.table, reason.field) if part)
    samples = f": {', '.join(reason.samples)}" if reason.samples else ""
    more = ", ..." if 0 < len(reason.samples) < reason.count else ""
    in_ = f" in {where}" if where else ""
    return f"{reason.level.word}: {RULES[reason.rule].title} ({reason.count:,}{in_}{samples}{more})"


def page_text(path: Path) -> str:
    """Return a page that people write.

    Raises
    ------
    PackageError
        It is not in UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        message = f"{path} can't be read: expected UTF-8, found other bytes ({error.reason} at byte {error.start:,})."
        raise PackageError(message) from error


def _dates(root: Path, package: DataPackage, last: DataPackage | None) -> Iterator[Problem]:
    released_on = str(package.descriptor.get("created", ""))[:10]
    before = "" if last is None else str(last.descriptor.get("created", ""))[:10]
    if released_on < before:
        yield Problem(
            f"The date is too early: expected {before}, that of the last release, or later; found {released_on} in "
            "annotations/corpus.yaml.",
            PREPARE,
        )
    if not (root / CITATION).is_file():
        return
    text = page_text(root / CITATION)
    for name, expected in (("version", package.version), ("date-released", released_on)):
        found = re.search(rf"^{name}:[ \t]*[\"']?([^\"'\s#]*)", text, re.MULTILINE)
        if found is None or found[1] != expected:
            has = "none" if found is None else found[1]
            yield Problem(f"{CITATION} has another {name}: expected {expected}, found {has}.", PREPARE)


def _changelog(
    root: Path, package: DataPackage, last: DataPackage | None, difference: PackageDiffData | None
) -> Iterator[Problem]:
    if last is None or difference is None:
        return
    released_on = str(package.descriptor.get("created", ""))[:10]
    path = root / CHANGELOG
    text = page_text(path) if path.is_file() else ""
    found = generated_part(text, package.version, released_on)
    if found == section(difference, last, package):
        return
    has = "no section with one" if found is None else "another one"
    yield Problem(
        f"{CHANGELOG} does not say what changed: expected the generated part of [{package.version}] - {released_on}, "
        f"found {has}.",
        PREPARE,
    )


def shortened(lines: Sequence[str]) -> tuple[str, ...]:
    """Return lines to be shown, and how many more there are."""
    if len(lines) <= _SHOWN:
        return tuple(lines)
    return (*lines[:_SHOWN], f"... and {len(lines) - _SHOWN:,} more")
