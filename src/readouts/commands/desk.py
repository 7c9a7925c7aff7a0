"""`readouts desk`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from readouts.commands.shell import AnnotationsPath, TextsPath, command, note, write_text

__all__ = ["main"]


@command
def main(
    article: Annotated[
        str | None, typer.Argument(help="Id of the article to open first. Default: a list of all.")
    ] = None,
    *,
    texts: TextsPath,
    person: Annotated[str, typer.Option("--as", help="Your name, as in `contributors` of corpus.yaml.")],
    annotations: AnnotationsPath = Path("annotations"),
    against: Annotated[
        Path | None,
        typer.Option("--against", help="Folder of another annotation of the texts, to curate both into one."),
    ] = None,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Port to listen on; if it is in use, another one is chosen.")
    ] = 8322,
) -> None:
    """Annotate, align, curate and confirm in the browser.

    The page writes drafts into a folder that Git ignores; nothing leaves the computer.

    Example: readouts desk herald-2031-05-02 --texts texts --as "Ada Example"
    """
    from readouts.annotations.drafts import article_file
    from readouts.desk.desk import Desk
    from readouts.desk.proposing import proposer
    from readouts.desk.serving import serve

    view = "article" if against is None else "curate"
    path = "" if article is None else f"{view}/{article_file(article, annotations).id}"
    desk = Desk(annotations, texts, person, other=against, proposer=proposer(annotations, texts))
    if person not in desk.session.annotated.contributors():
        note(f"'{person}' is not in the contributors of corpus.yaml: you can annotate, and can't confirm.")
    note("Open this address in a browser; Ctrl-C ends the desk. Drafts are in the folder drafts.")
    serve(desk, path, port, lambda address: write_text(f"{address}\n", None))
