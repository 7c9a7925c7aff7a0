"""`readouts draft`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from readouts.commands.shell import AnnotationsPath, Limit, command, console, finish

__all__ = ["main"]


@command
def main(
    article: Annotated[str, typer.Argument(help="Id of the article, or path of its file.")],
    texts: Annotated[Path, typer.Option("--texts", help="Folder with the articles' texts, one UTF-8 file each.")],
    annotations: AnnotationsPath = Path("annotations"),
    limit: Limit = 20,
) -> None:
    """Write an article's file with quotations in place of offsets, into a folder that Git ignores; `anchor` reads it.

    Example: readouts draft herald-2031-05-02 --texts texts
    """
    from readouts.annotations.drafts import draft

    out = console()
    drafted = draft(article, annotations, texts)
    if drafted.reading.incidents:
        from readouts.datapackage.render.report.terminal import print_incidents

        print_incidents(out, drafted.reading.incidents, limit)
        out.print("Nothing was written.")
        finish(clean=False)
    out.print(f"drafts/{drafted.path.name}: {drafted.quoted} places with their words.")
    out.print(f"Correct them, then run `readouts anchor {drafted.path.stem} --texts DIR`.")
