"""`readouts anchor`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from readouts.commands.shell import AnnotationsPath, Limit, command, console, finish

__all__ = ["main"]


@command
def main(
    article: Annotated[str, typer.Argument(help="Id of the article, or path of its file.")],
    annotations: AnnotationsPath = Path("annotations"),
    texts: Annotated[
        Path | None, typer.Option("--texts", help="Folder with the articles' texts, one UTF-8 file each.")
    ] = None,
    limit: Limit = 20,
) -> None:
    """Replace the quotations of an article's drafts by offsets, and write its spans' ids and fingerprints.

    Example: readouts anchor herald-2031-05-02 --texts texts
    """
    from readouts.annotations.drafting import anchor

    out = console()
    anchored = anchor(article, annotations, texts)
    if anchored.reading.incidents:
        from readouts.datapackage.render.report.terminal import print_incidents

        print_incidents(out, anchored.reading.incidents, limit)
        out.print("Nothing was written.")
        finish(clean=False)
    out.print(
        f"{Path(article).stem if article.endswith('.yaml') else article}: {anchored.placed} quotations placed; "
        f"{anchored.kept + anchored.new} spans, {anchored.new} of them new."
    )
