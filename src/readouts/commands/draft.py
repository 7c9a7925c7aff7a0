"""`readouts draft`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from readouts.commands.shell import AnnotationsPath, Form, Limit, command, console, finish, incident_documents, report

__all__ = ["main"]


@command
def main(
    article: Annotated[str, typer.Argument(help="Id of the article, or path of its file.")],
    texts: Annotated[Path, typer.Option("--texts", help="Folder with the articles' texts, one UTF-8 file each.")],
    annotations: AnnotationsPath = Path("annotations"),
    limit: Limit = 20,
    form: Form = "terminal",
) -> None:
    """Write an article with quotations in place of offsets.

    The file goes into a folder that Git ignores; `anchor` reads it.

    Example: readouts draft herald-2031-05-02 --texts texts
    """
    from readouts.annotations.drafts import draft
    from readouts.datapackage.render.report.terminal import print_refusal

    drafted = draft(article, annotations, texts)
    incidents = drafted.reading.incidents
    document = {"path": str(drafted.path), "quoted": drafted.quoted, "incidents": incident_documents(incidents)}
    text = (
        f"drafts/{drafted.path.name}: {drafted.quoted} places with their words.\n"
        f"Correct them, then run `readouts anchor {drafted.path.stem} --texts DIR`."
    )
    printed = (lambda: print_refusal(console(), incidents, limit)) if incidents else text
    report(form, document, printed, result=incidents)
    finish(clean=not incidents)
