"""`readouts rebuild`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from readouts.commands.shell import (
    AnnotationsPath,
    Form,
    Limit,
    command,
    console,
    finish,
    incident_documents,
    progress,
    report,
    say,
)
from readouts.datapackage.errors import ArgumentError
from readouts.datapackage.words import counted, listed, printable

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["main"]


@command
def main(
    annotations: AnnotationsPath = Path("annotations"),
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Folder of the package. Default: the one above the annotations."),
    ] = None,
    texts: Annotated[
        Path | None,
        typer.Option("--texts", help="Folder with the articles' texts; verify the anchors of those that exist."),
    ] = None,
    all_texts: Annotated[
        bool, typer.Option("--all-texts", help="With --texts: report each missing text as a finding.")
    ] = False,
    check: Annotated[
        bool,
        typer.Option("--check", help="Write nothing; exit 1 and show what differs if the package is out of date."),
    ] = False,
    limit: Limit = 20,
    form: Form = "terminal",
) -> None:
    """Turn annotations into the package: data/, datapackage.json.

    Example: readouts rebuild --check
    """
    from readouts.compile.build import rebuild

    if all_texts and texts is None:
        message = "--all-texts requires --texts."
        raise ArgumentError(message)
    built = rebuild(annotations, output, texts=texts, all_texts=all_texts, check=check, progress=progress)
    folder = annotations.resolve().parent if output is None else output.resolve()
    written = None
    text: str | Callable[[], None] = f"{folder.name}: the package matches the annotations."
    if built.incidents:
        from readouts.datapackage.render.report.terminal import print_incidents

        text = lambda: print_incidents(console(), list(built.incidents), limit)  # noqa: E731
    elif built.package is not None:
        from readouts.loaders.released import version_label

        tables = built.package.descriptor["resources"]
        rows = sum(resource["rowCount"] for resource in tables)
        version = version_label(built.package)
        written = {"name": built.package.name, "version": version, "tables": len(tables), "rows": rows}
        text = (
            f"{built.package.name} {version}: {len(tables)} tables, {rows:,} rows, from {built.files:,} annotation "
            f"files ({built.read:,} read, {built.files - built.read:,} unchanged)."
        )
    document = {
        "folder": str(folder),
        "written": written,
        "annotation_files": {"total": built.files, "read": built.read},
        "incidents": incident_documents(built.incidents),
        "replaced": incident_documents(built.replaced),
        "unverified": list(built.unverified),
    }
    report(form, document, text, result=built.incidents)
    for edit in built.replaced[:limit]:
        say(f"readouts: replaced a hand edit of {edit.source}: {printable(edit.message)}")
    if len(built.replaced) > limit:
        say(f"readouts: {len(built.replaced) - limit:,} more hand edits of data/ are replaced.")
    if built.unverified and not all_texts:
        many = counted(len(built.unverified), "article")
        say(f"readouts: {texts} lacks the texts of {many}, which are not verified: {listed(built.unverified)}.")
    finish(clean=not built.incidents)
