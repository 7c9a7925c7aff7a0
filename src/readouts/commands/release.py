"""`readouts release`."""

from __future__ import annotations

import re
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from readouts.commands.shell import command, console, finish, say
from readouts.datapackage.errors import ReadoutsError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

    from readouts.publish.release.candidate import Candidate
    from readouts.publish.release.problem import Problem

__all__ = ["main"]

_FINDINGS = 20
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@command
def main(
    prepare: Annotated[
        bool,
        typer.Option(
            "--prepare",
            help="Write what a release needs into the work tree: version, date, lineage, citation, changelog, package.",
        ),
    ] = False,
    version: Annotated[
        str | None, typer.Option("--version", help="Version, for --prepare. Default: the smallest that is enough.")
    ] = None,
    date: Annotated[
        str | None,
        typer.Option("--date", help="Date of the release, for --prepare. Default: today, in UTC."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Write nothing; say what would be written, or why nothing would.")
    ] = False,
    output: Annotated[Path, typer.Option("--output", help="Folder for what is published.")] = Path("dist"),
    verify: Annotated[
        str | None,
        typer.Option("--verify", help="Version of a release: build it again from its source, and compare the bytes."),
    ] = None,
) -> None:
    """Make a release of the corpus from a clean git work tree, in the project's folder.

    Exit code 0: it is made, or would be; 1: it is refused, for the reasons that are shown; 2: it could not be tried.

    Example: readouts release --dry-run
    """
    root = Path.cwd()
    if sum([prepare, dry_run, verify is not None]) > 1:
        message = "--prepare, --dry-run and --verify are three things to do: expected at most one of them."
        raise ReadoutsError(message)
    if not prepare and (version is not None or date is not None):
        message = "--version and --date belong to --prepare: what is committed tells the version of a release."
        raise ReadoutsError(message)
    if verify is not None:
        _verify(root, verify)
    elif not (root / "annotations" / "corpus.yaml").is_file():
        message = f"{root} is no project: expected annotations/corpus.yaml there. Change to the project's folder."
        raise ReadoutsError(message)
    elif prepare:
        _prepare(root, version, date)
    else:
        _release(root, output, dry_run=dry_run)


def _verify(root: Path, version: str) -> None:
    from readouts.datapackage.package.locate import released
    from readouts.datapackage.suggest import did_you_mean
    from readouts.publish.release.source import verify

    known = released(root)
    archive = known.get(version.removeprefix("v"))
    if archive is None:
        message = f"releases/ has no release '{version}'. {did_you_mean(version, known)}"
        raise ReadoutsError(message)
    entry = verify(archive.parent)
    console().print(
        f"{entry['name']} {entry['version']}: {archive.parent.relative_to(root).as_posix()}/source.zip gives "
        f"{archive.name}, byte for byte (SHA-256 {entry['sha256']}).",
        soft_wrap=True,
    )


def _prepare(root: Path, version: str | None, date: str | None) -> None:
    from datetime import UTC, datetime

    from readouts.publish.release.preparing import prepare
    from readouts.publish.release.worktree import annotation_files

    if date is None:
        # The one place that asks the clock: what it says is written down, and committed.
        date = datetime.now(UTC).date().isoformat()
    elif _DATE.fullmatch(date) is None:
        message = f"--date '{date}' is no date: expected YYYY-MM-DD."
        raise ReadoutsError(message)
    out = console()
    found = prepare(root, annotation_files(root, untracked=True), version, date)
    if found.problems:
        _refuse(out, f"{found.version} can't be prepared, and nothing was written", found.problems)
        return
    if not found.written:
        out.print(f"{found.version}: everything is as a release needs it.")
    else:
        out.print(f"{found.version}: prepared. Written:")
        _lines(out, found.written)
    if found.mentions:
        out.print("The last version stands in these places too; change it where the latest is meant:", soft_wrap=True)
        _lines(out, found.mentions)
    out.print("Look at it, add words of your own above the generated part of CHANGELOG.md, and commit:", soft_wrap=True)
    _lines(out, ["git diff", f'git add --all && git commit -m "Prepare release {found.version}"', "readouts release"])


def _release(root: Path, output: Path, *, dry_run: bool) -> None:
    from readouts.publish.release.candidate import candidate, shortened
    from readouts.publish.release.problem import Problem
    from readouts.publish.release.worktree import annotation_files, uncommitted

    out = console()
    with ExitStack() as stack:
        made = stack.enter_context(candidate(root, annotation_files(root)))
        record = f"releases/{made.package.version}"
        own = [record]
        if output.resolve().is_relative_to(root) and output.resolve() != root:
            own.append(output.resolve().relative_to(root).as_posix())
        changed = uncommitted(root, own)
        problems = list(made.problems)
        if changed:
            problems.insert(
                0,
                Problem(
                    "The work tree is not clean: expected everything committed, found "
                    f"{len(changed):,} {'file that is' if len(changed) == 1 else 'files that are'} not.",
                    "Commit or stash it: a release is made from what is committed, and nothing else.",
                    shortened(changed),
                ),
            )
        problems += _findings(out, made)
        _summary(out, made)
        if problems:
            _refuse(out, f"{made.package.version} is refused", problems)
            return
        files = _published(made)
        if dry_run:
            names = ", ".join(_recorded(made, files))
            out.print(f"Would write {names} into {record}/, and into {output.as_posix()}/:", soft_wrap=True)
            _lines(out, [f"{name}  {len(data):,} bytes" for name, data in sorted(files.items())])
            return
        _write(root / record, _recorded(made, files))
        _write(output, files)
        from readouts.publish.export import export_all

        others = export_all(made.package, output / "formats", overwrite=True)
        out.print(f"Written: {record}/, and in {output.as_posix()}/:", soft_wrap=True)
        _lines(out, [f"{name}  {len(data):,} bytes" for name, data in sorted(files.items())])
        _lines(out, [f"formats/  {len(others):,} files"])
        tag = f"v{made.package.version}"
        name = f"Release {made.package.version} of the corpus"
        out.print("What is left is yours to do:")
        _lines(
            out,
            [
                f"git add {record}",
                f'git commit -m "{name}"',
                f'git tag -s {tag} -m "{name}"',
                f"git push origin HEAD {tag}",
            ],
        )


def _findings(out: Console, made: Candidate) -> list[Problem]:
    """Validate the package at release level, print what is found, and return whether that refuses the release."""
    from readouts.commands.validate import Level, report_of
    from readouts.datapackage.render.report.terminal import print_incidents
    from readouts.publish.release.problem import Problem

    against = made.past.last_archive
    level = Level.CONTENT if against is None else Level.RELEASE
    report = report_of(made.package.root, level, None if against is None else str(against), None, _FINDINGS, spark=None)
    if report.incidents:
        print_incidents(out, list(report.incidents), _FINDINGS)
    if report.valid:
        return []
    beside = "" if against is None else f" --level release --against releases/{against.parent.name}"
    fix = f"Mend what is shown above; `readouts validate{beside}` shows it again."
    return [Problem("The package has findings.", fix)]


def _summary(out: Console, made: Candidate) -> None:
    from readouts.publish.release.candidate import smallest

    package, difference = made.package, made.difference
    rows = sum(resource.get("rowCount", 0) for resource in package.resources.values())
    out.print(f"{package.name} {package.version}: {len(package.resources)} tables, {rows:,} rows.")
    if difference is None:
        out.print("It is the first release.")
        return
    level, last, least = difference.bump.level, difference.old.version, smallest(difference)
    changed = [table for table in difference.tables if not table.derived]
    out.print(
        f"Beside {last}: rows added {sum(table.rows_added for table in changed):,}, "
        f"removed {sum(table.rows_removed for table in changed):,}, "
        f"cells changed {sum(table.cells_changed for table in changed):,}; smallest version {least} ({level.word}).",
        soft_wrap=True,
    )


def _refuse(out: Console, what: str, problems: Iterable[Problem]) -> None:
    """Print why something is refused, and end with exit code 1. Lines to paste stand at the margin, in one piece."""
    found = list(problems)
    out.print(f"{what}: {len(found)} {'reason' if len(found) == 1 else 'reasons'}.")
    for number, problem in enumerate(found, 1):
        out.print(f"\n{number}. {problem.what}", markup=False, soft_wrap=True)
        out.print(f"   {problem.fix}", markup=False, soft_wrap=True)
        for line in problem.lines:
            out.print(line, markup=False, soft_wrap=True)
    say(f"readouts: {what}.")
    finish(clean=False)


def _lines(out: Console, lines: Iterable[str]) -> None:
    for line in lines:
        out.print(f"  {line}", markup=False, soft_wrap=True)


def _published(made: Candidate) -> dict[str, bytes]:
    """Return what is published of a release, by file name."""
    from readouts.publish.release.archive import REGISTRY, checksums, registry_entry

    package, last = made.package, made.past.last
    entry = registry_entry(package, made.archive)
    stem = f"{package.name}-{package.version}"
    files = {entry.archive: made.archive, REGISTRY: entry.text().encode(), f"{stem}-source.zip": made.source}
    if last is not None and made.difference is not None:
        from readouts.datapackage.delta.create import create_delta
        from readouts.datapackage.render.difference.formats import render

        step = f"{package.name}-{last.version}-to-{package.version}"
        with TemporaryDirectory(prefix="readouts-") as folder:
            path = Path(folder) / f"{step}.delta"
            create_delta(last, package, path, (last.version, package.version))
            files[path.name] = path.read_bytes()
        files[f"{step}.html"] = render(made.difference, "html").encode()
    return files | {"SHA256SUMS": checksums(files)}


def _recorded(made: Candidate, files: dict[str, bytes]) -> dict[str, bytes]:
    """Return what the repository keeps of a release, by file name."""
    from readouts.publish.release.archive import REGISTRY, registry_entry
    from readouts.publish.release.source import SOURCE

    entry = registry_entry(made.package, made.archive)
    return {entry.archive: files[entry.archive], REGISTRY: files[REGISTRY], SOURCE: made.source}


def _write(folder: Path, files: dict[str, bytes]) -> None:
    """Write files; what is there just so stays as it is, to its time."""
    from readouts.datapackage.package.transaction import replace_file

    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(".*.tmp"):
        # Of a release that was interrupted.
        left.unlink()
    for name, data in sorted(files.items()):
        if not (folder / name).is_file() or (folder / name).read_bytes() != data:
            replace_file(folder / name, data)
