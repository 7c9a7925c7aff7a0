"""`readouts rebuild`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from readouts.commands.shell import AnnotationsPath, Limit, command, console, finish, progress, say
from readouts.datapackage.errors import ArgumentError
from readouts.datapackage.words import counted, listed

__all__ = ["main"]


@command
def main(
    annotations: AnnotationsPath = Path("annotations"),
    output: Annotated[
        Path | None, typer.Option("--output", help="Folder of the package. Default: the one above the annotations.")
    ] = None,
    texts: Annotated[
        Path | None,
        typer.Option("--texts", help="Folder of the articles' texts: verify the anchors of those that are there."),
    ] = None,
    all_texts: Annotated[
        bool, typer.Option("--all-texts", help="With --texts: each text that is not there is a finding.")
    ] = False,
    check: Annotated[
        bool,
        typer.Option("--check", help="Write nothing; exit 1 and show what differs from the package that is there."),
    ] = False,
    limit: Limit = 20,
) -> None:
    """Turn annotations into the package: data/ and datapackage.json.

    Example: readouts rebuild --check
    """
    from readouts.compile.build import rebuild

    if all_texts and texts is None:
        message = "--all-texts requires --texts."
        raise ArgumentError(message)
    out = console()
    built = rebuild(annotations, output, texts=texts, all_texts=all_texts, check=check, progress=progress)
    if built.incidents:
        from readouts.datapackage.render.report.terminal import print_incidents

        print_incidents(out, list(built.incidents), limit)
    elif built.package is None:
        folder = annotations.resolve().parent if output is None else output.resolve()
        out.print(f"{folder.name}: the package is what the annotations give.")
    else:
        from readouts.loaders.released import version_label

        tables = built.package.resources.values()
        rows = sum(resource.descriptor["rowCount"] for resource in tables)
        out.print(
            f"{built.package.name} {version_label(built.package)}: {len(tables)} tables, {rows:,} rows, from "
            f"{built.files:,} annotation files ({built.read:,} read, {built.files - built.read:,} unchanged)."
        )
    if built.unverified and not all_texts:
        many = counted(len(built.unverified), "article")
        say(f"readouts: {texts} lacks the texts of {many}, which are not verified: {listed(built.unverified)}.")
    finish(clean=not built.incidents)
