"""Making a release: everything that may refuse it is checked first, then its files are written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from readouts.compile.validation import validate
from readouts.datapackage.delta.create import create_delta
from readouts.datapackage.errors import ArgumentError, PackageError, ReadoutsError
from readouts.datapackage.incident import Severity
from readouts.datapackage.package.locate import released
from readouts.datapackage.package.transaction import replace_file
from readouts.datapackage.render.difference.formats import render
from readouts.datapackage.suggest import did_you_mean
from readouts.publish.export import export
from readouts.publish.release.accepted import FILE as ACCEPTED
from readouts.publish.release.archive import CHECKSUMS, REGISTRY, checksums, registry_entry
from readouts.publish.release.candidate import Candidate, candidate, shortened, smallest
from readouts.publish.release.deposits import ZENODO_METADATA, zenodo_metadata
from readouts.publish.release.preparing import Prepared, prepare
from readouts.publish.release.problem import Problem
from readouts.publish.release.source import SOURCE, verify
from readouts.publish.release.worktree import annotation_files, uncommitted
from readouts.quality.gates import to_paste

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from readouts.datapackage.api import Report
    from readouts.datapackage.difference.result import PackageDiffData

__all__ = ["ReleaseResult", "prepare_release", "release", "verify_release"]

_FINDINGS = 20
"""Findings of each code that the report of a release shows."""
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class ReleaseResult:
    """What a release holds, or why it is refused.

    Attributes
    ----------
    name, version
        Name and version of the package.
    tables, rows
        How many tables and rows it has.
    problems
        Why it is refused; with any, nothing was written.
    report
        What its validation found.
    difference, smallest
        How it differs from the last release, and the smallest version after that; None and empty for a first one.
    published
        Size in bytes of each file to publish.
    record
        The folder that the repository keeps, `releases/VERSION`.
    recorded
        The files in it.
    exports
        How many files of other formats were written.
    """

    name: str
    version: str
    tables: int
    rows: int
    problems: tuple[Problem, ...]
    report: Report
    difference: PackageDiffData | None
    smallest: str
    published: Mapping[str, int]
    record: str
    recorded: tuple[str, ...]
    exports: int


def _project(root: str | os.PathLike[str]) -> Path:
    folder = Path(root).resolve()
    if not (folder / "annotations" / "corpus.yaml").is_file():
        message = f"{folder} is not a project: expected annotations/corpus.yaml there. Change to the project's folder."
        raise ReadoutsError(message)
    return folder


def prepare_release(
    root: str | os.PathLike[str] = ".", *, version: str | None = None, date: str | None = None
) -> Prepared:
    """Write what a release needs into the work tree: version, date, lineage, citation, changelog, package.

    Parameters
    ----------
    root
        The project's folder.
    version
        The version. Default: the smallest that the changes allow.
    date
        The date of the release, `YYYY-MM-DD`. Default: today, in UTC.

    Returns
    -------
    Prepared
        What was written, or why nothing was.

    Raises
    ------
    ReadoutsError
        The folder is not a project, or git can't be asked.
    ArgumentError
        The date is not one.
    """
    folder = _project(root)
    if date is None:
        # The one place that asks the clock: what it says is written down, and committed.
        date = datetime.now(UTC).date().isoformat()
    elif _DATE.fullmatch(date) is None:
        message = f"'{date}' is not a date: expected YYYY-MM-DD."
        raise ArgumentError(message)
    return prepare(folder, annotation_files(folder, untracked=True), version, date)


def verify_release(version: str, root: str | os.PathLike[str] = ".") -> dict[str, Any]:
    """Build a release again from its source, and compare the bytes.

    Parameters
    ----------
    version
        Its version, with or without a leading `v`.
    root
        The project's folder.

    Returns
    -------
    dict
        The entry of the registry: `name`, `version`, `archive`, `sha256` and more.

    Raises
    ------
    PackageError
        There is no such release, or it is built into other bytes.
    """
    known = released(Path(root))
    archive = known.get(version.removeprefix("v"))
    if archive is None:
        message = f"releases/ has no release '{version}'. {did_you_mean(version, known)}"
        raise PackageError(message)
    return verify(archive.parent)


def release(
    root: str | os.PathLike[str] = ".", output: str | os.PathLike[str] = "dist", *, dry_run: bool = False
) -> ReleaseResult:
    """Make a release of the corpus from a clean git work tree.

    Parameters
    ----------
    root
        The project's folder.
    output
        Folder for what is published.
    dry_run
        Write nothing.

    Returns
    -------
    ReleaseResult
        What it holds; with `problems`, nothing was written.

    Raises
    ------
    ReadoutsError
        The folder is not a project, or git can't be asked.
    """
    folder, target = _project(root), Path(output)
    with candidate(folder, annotation_files(folder)) as made:
        record = f"releases/{made.package.version}"
        own = [record]
        if target.resolve().is_relative_to(folder) and target.resolve() != folder:
            own.append(target.resolve().relative_to(folder).as_posix())
        report, invalid = _validated(made)
        problems = (*_unclean(uncommitted(folder, own)), *made.problems, *invalid)
        files = {} if problems else _published(made)
        recorded = _recorded(made, files) if files else {}
        exports = 0
        if files and not dry_run:
            _write(folder / record, recorded)
            _write(target, files)
            exports = len(export(made.package, "all", target / "formats", overwrite=True))
        resources = made.package.resources
        return ReleaseResult(
            name=made.package.name,
            version=made.package.version,
            tables=len(resources),
            rows=sum(resource.descriptor.get("rowCount", 0) for resource in resources.values()),
            problems=problems,
            report=report,
            difference=made.difference,
            smallest="" if made.difference is None else smallest(made.difference),
            published={name: len(data) for name, data in files.items()},
            record=record,
            recorded=tuple(recorded),
            exports=exports,
        )


def _unclean(changed: list[str]) -> tuple[Problem, ...]:
    if not changed:
        return ()
    files = "file that is" if len(changed) == 1 else "files that are"
    problem = Problem(
        f"The work tree is not clean: expected everything committed, found {len(changed):,} {files} not.",
        "Commit or stash it: a release is made from what is committed, and nothing else.",
        shortened(changed),
    )
    return (problem,)


def _validated(made: Candidate) -> tuple[Report, tuple[Problem, ...]]:
    """Validate the package, at level `release` where there is an older one."""
    against = made.past.last_archive
    level: Any = {"level": "content"} if against is None else {"level": "release", "against": against}
    report = validate(made.package.root, limit=_FINDINGS, package_settings="none", **level)
    if report.valid:
        return report, ()
    options = "" if against is None else f" --level release --against releases/{against.parent.name}"
    fix = f"Fix what is shown above; `readouts validate{options}` shows it again."
    return report, (Problem("The package has findings.", fix), *_unaccepted(report, made))


def _unaccepted(report: Report, made: Candidate) -> tuple[Problem, ...]:
    """Say how the findings of the gates are accepted, where they are intended."""
    refused = [gate for gate in report.gates if gate.outcome == "fails" and gate.severity is Severity.ERROR]
    if not refused or made.past.last is None:
        return ()
    lines = [line for gate in refused for line in to_paste(gate, made.past.last.version)]
    gates = "1 release gate is" if len(refused) == 1 else f"{len(refused):,} release gates are"
    problem = Problem(
        f"{gates} not passed: expected what they allow, or a reason for each in {ACCEPTED}.",
        f"Fix what was lost or shifted. Where the difference is meant, put its entry under `accepted:` in {ACCEPTED}, "
        "in place of the one that its gate has, write the reason in place of WHY, then run `readouts release "
        "--prepare` and commit:",
        tuple(lines),
    )
    return (problem,)


def _published(made: Candidate) -> dict[str, bytes]:
    """Return what is published of a release, by file name."""
    package, last = made.package, made.past.last
    entry = registry_entry(package, made.archive, made.compression)
    stem = f"{package.name}-{package.version}"
    files = {entry.archive: made.archive, REGISTRY: entry.text().encode(), f"{stem}-source.zip": made.source}
    if last is not None and made.difference is not None:
        step = f"{package.name}-{last.version}-to-{package.version}"
        with TemporaryDirectory(prefix="readouts-") as folder:
            path = Path(folder) / f"{step}.delta"
            create_delta(last, package, path, (last.version, package.version))
            files[path.name] = path.read_bytes()
        files[f"{step}.html"] = render(made.difference, "html").encode()
    files[ZENODO_METADATA] = zenodo_metadata(package)
    return files | {CHECKSUMS: checksums(files)}


def _recorded(made: Candidate, files: dict[str, bytes]) -> dict[str, bytes]:
    """Return what the repository keeps of a release, by file name."""
    entry = registry_entry(made.package, made.archive, made.compression)
    return {entry.archive: files[entry.archive], REGISTRY: files[REGISTRY], SOURCE: made.source}


def _write(folder: Path, files: dict[str, bytes]) -> None:
    """Write files; an identical one stays as it is, with its time."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in sorted(files.items()):
        if not (folder / name).is_file() or (folder / name).read_bytes() != data:
            replace_file(folder / name, data)
