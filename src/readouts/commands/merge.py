"""`readouts merge`."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from readouts.commands.shell import command, finish, say, write_text
from readouts.datapackage.errors import ReadoutsError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from readouts.datapackage.merging.conflict import Conflict, MergedFolder

__all__ = ["main"]


class ReportFormat(StrEnum):
    """The forms of a report."""

    TERMINAL = "terminal"
    JSON = "json"


@command
def main(
    base: Annotated[Path | None, typer.Argument(help="The version that both sides began with.")] = None,
    ours: Annotated[Path | None, typer.Argument(help="Our version: its layout and comments are kept.")] = None,
    theirs: Annotated[Path | None, typer.Argument(help="Their version.")] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            help="Where the result goes: a file, or a new folder. Default: standard output for a file; for folders, "
            "nothing is written, and only conflicts are shown.",
        ),
    ] = None,
    path: Annotated[
        str | None,
        typer.Option(
            "--path", help="Path of the file in the repository, which says what it is. Default: that of OURS."
        ),
    ] = None,
    schema: Annotated[
        Path | None, typer.Option("--schema", help="Table Schema of a CSV file whose path doesn't say what it is.")
    ] = None,
    form: Annotated[
        ReportFormat, typer.Option("--format", help="Form of the report; json goes to standard output.")
    ] = ReportFormat.TERMINAL,
    driver: Annotated[
        bool,
        typer.Option("--driver", help="As git calls it: what can't be merged by key is merged by line, unresolved."),
    ] = False,
    install: Annotated[
        bool, typer.Option("--install", help="Make git merge with this command in the repository here, and end.")
    ] = False,
) -> None:
    """Merge two versions of a table, an annotation, or a folder of these by key and cell.

    Exit code 0: merged; 1: there are conflicts, which the result has between markers; 2: could not merge.

    Example: readouts merge base.csv ours.csv theirs.csv --schema schemas/events.schema.json --output merged.csv
    """
    if install:
        from readouts.annotation_merge.driver import install as install_driver

        say(f"git now merges tables and annotations with: {install_driver(Path.cwd())}")
        return
    if base is None or ours is None or theirs is None:
        message = "Expected three versions to merge: readouts merge BASE OURS THEIRS, or --install."
        raise ReadoutsError(message)
    folders = [side.is_dir() for side in (base, ours, theirs)]
    if any(folders):
        if not all(folders):
            message = "Expected three files or three folders; found both."
            raise ReadoutsError(message)
        _folders(base, ours, theirs, output, form)
    else:
        _files((base, ours, theirs), output, path, schema, form, driver=driver)


def _folders(base: Path, ours: Path, theirs: Path, output: Path | None, form: ReportFormat) -> None:
    from readouts.annotation_merge.folders import merge_folders

    merged = merge_folders(base, ours, theirs)
    if output is not None:
        _write_folder(merged, output)
    _report(merged.conflicts, merged.notes, form)
    finish(clean=not merged.conflicts)


def _write_folder(merged: MergedFolder, output: Path) -> None:
    """Write a merged folder beside its place, then put it there whole."""
    import shutil
    import tempfile

    if output.is_dir():
        if any(output.iterdir()):
            message = f"{output} is not empty: expected a folder that is new or empty."
            raise ReadoutsError(message)
        output.rmdir()
    elif output.exists():
        message = f"{output} is a file: expected a folder that is new or empty."
        raise ReadoutsError(message)
    output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=output.parent, prefix=f".{output.name}.") as holder:
        made = Path(holder) / "merged"
        made.mkdir()
        for name, data in merged.files.items():
            target = made / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        shutil.move(made, output)


def _files(
    sides: tuple[Path, Path, Path],
    output: Path | None,
    path: str | None,
    schema: Path | None,
    form: ReportFormat,
    *,
    driver: bool,
) -> None:
    from readouts.annotation_merge.files import merge_file
    from readouts.datapackage.merging.conflict import MergeError
    from readouts.datapackage.merging.files import merge_by_line, read_table_schema
    from readouts.datapackage.package.transaction import replace_file

    base, ours, theirs = (side.read_bytes() for side in sides)
    root, name = (Path(), path) if path is not None else _named(sides[1])
    try:
        table = None if schema is None else read_table_schema(schema)
        merged = merge_file(base, ours, theirs, name, root=root, schema=table)
    except ReadoutsError as error:
        if driver and output is not None:
            # git takes what it finds for the result: it must not be our version, as if theirs had never been.
            replace_file(output, merge_by_line(base, ours, theirs))
            message = f"{error} It was merged by line instead: look through the whole file."
            raise MergeError(message) from error
        raise
    if output is not None:
        replace_file(output, merged.data)
    elif form is ReportFormat.TERMINAL:
        sys.stdout.flush()
        sys.stdout.buffer.write(merged.data)
    _report(merged.conflicts, merged.notes, form)
    finish(clean=not merged.conflicts)


def _named(file: Path) -> tuple[Path, str]:
    """Return the folder that a file's path is told from, and that path: three parts are enough to tell what it is."""
    resolved = file.resolve()
    root = resolved.parents[min(2, len(resolved.parents) - 1)]
    return root, resolved.relative_to(root).as_posix()


def _report(conflicts: Iterable[Conflict], notes: Iterable[str], form: ReportFormat) -> None:
    found = list(conflicts)
    if form is ReportFormat.JSON:
        report = {"merged": not found, "conflicts": [each.as_dict() for each in found], "notes": list(notes)}
        write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", None)
        return
    for each in found:
        where = each.file if each.line is None else f"{each.file}:{each.line}"
        say(f"{where}: {each.message}" if where else each.message)
        say(f"  {each.place or 'the whole file'} ({each.kind.value})")
        for side in ("base", "ours", "theirs"):
            value = getattr(each, side)
            if value is not None:
                say(f"  {side + ':':8}{value if len(value) <= 300 else value[:297] + '...'}")
        say(f"  To fix it: {each.fix}")
    for note in notes:
        say(f"note: {note}")
    if found:
        say(f"{len(found)} {'conflict' if len(found) == 1 else 'conflicts'}.")
