"""`readouts anchor`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from readouts.commands.shell import AnnotationsPath, Form, Limit, command, console, finish, incident_documents, report

__all__ = ["main"]


@command
def main(
    article: Annotated[str, typer.Argument(help="Id of the article, or path of its file.")],
    annotations: AnnotationsPath = Path("annotations"),
    texts: Annotated[
        Path | None, typer.Option("--texts", help="Folder with the articles' texts, one UTF-8 file each.")
    ] = None,
    limit: Limit = 20,
    form: Form = "terminal",
) -> None:
    """Replace the quotations in drafts of an article by offsets.

    It also writes the ids and fingerprints of the article's spans.

    Example: readouts anchor herald-2031-05-02 --texts texts
    """
    from readouts.annotations.drafting import anchor
    from readouts.datapackage.render.report.terminal import print_refusal

    anchored = anchor(article, annotations, texts)
    incidents = anchored.reading.incidents
    name = Path(article).stem if article.endswith(".yaml") else article
    document = {
        "article": name,
        "placed": anchored.placed,
        "kept": anchored.kept,
        "new": anchored.new,
        "incidents": incident_documents(incidents),
    }
    spans = f"{anchored.kept + anchored.new} spans, {anchored.new} of them new"
    text = f"{name}: {anchored.placed} quotations placed; {spans}."
    printed = (lambda: print_refusal(console(), incidents, limit)) if incidents else text
    report(form, document, printed, result=incidents)
    finish(clean=not incidents)
