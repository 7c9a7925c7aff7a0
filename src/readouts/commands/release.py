"""`readouts release`."""

from __future__ import annotations

import functools
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from readouts.commands.shell import Form, command, console, finish, incident_documents, report, say
from readouts.datapackage.errors import ReadoutsError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

    from readouts.publish.release.deposits import Deposit
    from readouts.publish.release.making import ReleaseResult
    from readouts.publish.release.preparing import Prepared
    from readouts.publish.release.problem import Problem

__all__ = ["main"]


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
        str | None, typer.Option("--version", help="Version, for --prepare. Default: the smallest sufficient one.")
    ] = None,
    date: Annotated[
        str | None,
        typer.Option("--date", help="Date of the release, for --prepare. Default: today, in UTC."),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run", help="Write nothing; show what would be written, or why the release would be refused."
        ),
    ] = False,
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for what is published.")] = Path("dist"),
    verify: Annotated[
        str | None,
        typer.Option("--verify", help="Version of a release: build it again from its source, and compare the bytes."),
    ] = None,
    deposits: Annotated[
        bool,
        typer.Option(
            "--deposits",
            help="Check what of the release in --output would be sent to Zenodo and Hugging Face, and show the "
            "commands; send nothing.",
        ),
    ] = False,
    form: Form = "terminal",
) -> None:
    """Make a release of the corpus from a clean git work tree.

    Run it in the project's folder.

    Exit code 0: made, or would be; 1: refused, with all reasons; 2: could not be tried.

    Example: readouts release --dry-run
    """
    root = Path.cwd()
    if sum([prepare, dry_run, deposits, verify is not None]) > 1:
        message = "--prepare, --dry-run, --verify and --deposits exclude each other: expected at most one of them."
        raise ReadoutsError(message)
    if not prepare and (version is not None or date is not None):
        message = "--version and --date require --prepare: the committed package already has a version."
        raise ReadoutsError(message)
    if verify is not None:
        from readouts.publish.release.making import verify_release

        entry = verify_release(verify)
        source = f"releases/{entry['version']}/source.zip gives {entry['archive']}"
        text = f"{entry['name']} {entry['version']}: {source}, byte for byte (SHA-256 {entry['sha256']})."
        report(form, dict(entry), text)
    elif deposits:
        from readouts.publish.release.deposits import plan_deposits

        planned = plan_deposits(output)
        problems = [problem for each in planned for problem in each.problems]
        found = {"deposits": [asdict(each) for each in planned]}
        report(form, found, lambda: _print_deposits(console(), planned), result=problems)
        finish(clean=not problems)
    elif prepare:
        from readouts.publish.release.making import prepare_release

        prepared = prepare_release(root, version=version, date=date)
        report(form, asdict(prepared), lambda: _print_prepared(console(), prepared), result=prepared.problems)
        finish(clean=not prepared.problems)
    else:
        from readouts.publish.release.making import release

        made = release(root, output, dry_run=dry_run)
        printed = functools.partial(_print_release, console(), made, output, dry_run=dry_run)
        report(form, _document(made, dry_run=dry_run), printed, result=made.problems or made.report.incidents)
        finish(clean=not made.problems)


def _document(made: ReleaseResult, *, dry_run: bool) -> dict[str, Any]:
    """Return what a release holds, or why it is refused, for JSON."""
    parts = ("name", "version", "tables", "rows", "smallest", "record", "recorded", "exports")
    return {name: getattr(made, name) for name in parts} | {
        "written": not dry_run and not made.problems,
        "problems": [asdict(each) for each in made.problems],
        "incidents": incident_documents(made.report.incidents),
        "published": dict(made.published),
    }


def _print_prepared(out: Console, found: Prepared) -> None:
    if found.problems:
        _refuse(out, f"{found.version} can't be prepared, and nothing was written", found.problems)
        return
    if not found.written:
        out.print(f"{found.version}: ready for a release.")
    else:
        out.print(f"{found.version}: prepared. Written:")
        _lines(out, found.written)
    if found.mentions:
        out.print("The last version appears in these places too; change it where the latest is meant:", soft_wrap=True)
        _lines(out, found.mentions)
    out.print("Look at it, add words of your own above the generated part of CHANGELOG.md, and commit:", soft_wrap=True)
    _lines(out, ["git diff", f'git add --all && git commit -m "Prepare release {found.version}"', "readouts release"])


def _print_release(out: Console, made: ReleaseResult, output: Path, *, dry_run: bool) -> None:
    if made.report.incidents:
        from readouts.datapackage.render.report.terminal import print_incidents

        print_incidents(out, list(made.report.incidents), len(made.report.incidents))
    _summary(out, made)
    if made.problems:
        _refuse(out, f"{made.version} is refused", made.problems)
        return
    sizes = [f"{name}  {size:,} bytes" for name, size in sorted(made.published.items())]
    if dry_run:
        names = ", ".join(made.recorded)
        out.print(f"Would write {names} into {made.record}/, and into {output.as_posix()}/:", soft_wrap=True)
        _lines(out, sizes)
        return
    out.print(f"Written: {made.record}/, and in {output.as_posix()}/:", soft_wrap=True)
    _lines(out, [*sizes, f"formats/  {made.exports:,} files"])
    tag, name = f"v{made.version}", f"Release {made.version} of the corpus"
    out.print("Left for you to do:")
    _lines(
        out,
        [
            f"git add {made.record}",
            f'git commit -m "{name}"',
            f'git tag -s {tag} -m "{name}"',
            f"git push origin HEAD {tag}",
        ],
    )
    from readouts.publish.release.deposits import ZENODO_METADATA, deposit_commands

    sent = sorted(made.published.keys() - {ZENODO_METADATA})
    for service, commands in deposit_commands(made.name, made.version, output, sent).items():
        out.print(
            f"To deposit it with {service} (`readouts release --deposits` checks what would be sent):", markup=False
        )
        _lines(out, commands)


def _print_deposits(out: Console, planned: Iterable[Deposit]) -> None:
    for each in planned:
        size = sum(file.size for file in each.files.values())
        out.print(f"{each.service}: {len(each.files)} files, {size:,} bytes.")
        _lines(out, [f"{name}  {file.size:,} bytes  {file.sha256}" for name, file in each.files.items()])
        if each.problems:
            _refuse(out, f"{each.service} should not be sent this", each.problems)
        else:
            out.print("All of it is as it should be. The commands:")
            _lines(out, each.commands)


def _summary(out: Console, made: ReleaseResult) -> None:
    out.print(f"{made.name} {made.version}: {made.tables} tables, {made.rows:,} rows.")
    difference = made.difference
    if difference is None:
        out.print("It is the first release.")
        return
    changed = [table for table in difference.tables if not table.derived]
    out.print(
        f"Compared with {difference.old.version}: rows added {sum(table.rows_added for table in changed):,}, "
        f"removed {sum(table.rows_removed for table in changed):,}, "
        f"cells changed {sum(table.cells_changed for table in changed):,}; smallest version {made.smallest} "
        f"({difference.bump.level.word}).",
        soft_wrap=True,
    )


def _refuse(out: Console, what: str, problems: Iterable[Problem]) -> None:
    """Print why something is refused. Lines to paste are at the margin, in one piece."""
    found = list(problems)
    out.print(f"{what}: {len(found)} {'reason' if len(found) == 1 else 'reasons'}.")
    for number, problem in enumerate(found, 1):
        out.print(f"\n{number}. {problem.what}", markup=False, soft_wrap=True)
        out.print(f"   {problem.fix}", markup=False, soft_wrap=True)
        for line in problem.lines:
            out.print(line, markup=False, soft_wrap=True)
    say(f"readouts: {what}.")


def _lines(out: Console, lines: Iterable[str]) -> None:
    for line in lines:
        out.print(f"  {line}", markup=False, soft_wrap=True)
