"""`readouts merge`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from readouts.commands.shell import STANDARD_OUTPUT, Form, command, finish, note, report, say, write_bytes
from readouts.datapackage.errors import ReadoutsError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from readouts.datapackage.merging.conflict import Conflict

__all__ = ["main"]


@command
def main(
    base: Annotated[
        str | None,
        typer.Argument(
            help="The common ancestor of both versions: a file, a folder, a ZIP archive, git:REVISION, or the "
            "version of a release in releases/."
        ),
    ] = None,
    ours: Annotated[str | None, typer.Argument(help="Our version: its order, layout and comments are kept.")] = None,
    theirs: Annotated[str | None, typer.Argument(help="Their version.")] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="Where the result goes: a file, or a new folder. Default: standard output for a file; for folders, "
            "nothing is written, and only conflicts are shown.",
        ),
    ] = None,
    path: Annotated[
        str | None,
        typer.Option("--path", help="Path of the file in the repository, which identifies it. Default: that of OURS."),
    ] = None,
    schema: Annotated[
        Path | None, typer.Option("--schema", help="Table Schema of a CSV file whose path doesn't identify it.")
    ] = None,
    form: Form = "terminal",
    driver: Annotated[
        bool,
        typer.Option(
            "--driver",
            help="Run as git's merge driver: merge by line what can't be merged by key, and leave it unresolved.",
        ),
    ] = False,
    install: Annotated[
        bool, typer.Option("--install", help="Configure git in this repository to merge with this command, and exit.")
    ] = False,
) -> None:
    """Merge two versions of a table, an annotation or a package.

    Tables are merged by key and cell. A folder of these is merged file by file.

    Exit code 0: merged; 1: there are conflicts, marked in the result; 2: could not merge.

    Example: readouts merge base.csv ours.csv theirs.csv --schema schemas/events.schema.json --output merged.csv
    """
    if install:
        from readouts.annotation_merge.driver import install as install_driver

        note(f"git now merges the files that .gitattributes gives to it with: {install_driver(Path.cwd())}")
        return
    if base is None or ours is None or theirs is None:
        message = "Expected three versions to merge: readouts merge BASE OURS THEIRS, or --install."
        raise ReadoutsError(message)
    from readouts.annotation_merge.folders import merge
    from readouts.datapackage.merging.conflict import MergedFile

    output = None if output == STANDARD_OUTPUT else output
    merged = merge(base, ours, theirs, output, path=path, schema=schema, by_line=driver)
    if output is None and isinstance(merged, MergedFile) and form == "terminal":
        write_bytes(merged.data)
    _report(merged.conflicts, merged.notes, form)
    finish(clean=not merged.conflicts)


def _report(conflicts: Iterable[Conflict], notes: Iterable[str], form: str) -> None:
    found = list(conflicts)
    also = list(notes)
    document = {"merged": not found, "conflicts": [each.as_dict() for each in found], "notes": also}
    report(form, document, lambda: _print(found, also), result=True)


def _print(found: list[Conflict], notes: Iterable[str]) -> None:
    for each in found:
        where = each.file if each.line is None else f"{each.file}:{each.line}"
        say(f"{where}: {each.message}" if where else each.message)
        say(f"  {each.place or 'the whole file'} ({each.kind.value})")
        for side in ("base", "ours", "theirs"):
            value = getattr(each, side)
            if value is not None:
                say(f"  {side + ':':8}{value if len(value) <= 300 else value[:297] + '...'}")
        say(f"  To fix it: {each.fix}")
    for each_note in notes:
        say(f"note: {each_note}")
    if found:
        say(f"{len(found)} {'conflict' if len(found) == 1 else 'conflicts'}.")
