"""`readouts anchor`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from readouts.commands.shell import Limit, command, console, finish
from readouts.commands.tree import AnnotationsPath

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
    from readouts.annotations.drafting import anchor_article
    from readouts.annotations.tree import annotation_tree
    from readouts.datapackage.errors import UnknownIdError
    from readouts.datapackage.package.transaction import locked, replace_file
    from readouts.datapackage.render.report.terminal import print_incidents
    from readouts.datapackage.suggest import did_you_mean
    from readouts.loaders.quotations import text_folder

    files, _ = annotation_tree(annotations.resolve())
    articles = {file.id: file for file in files if file.kind == "article"}
    name = Path(article).stem if article.endswith(".yaml") else article
    file = articles.get(name)
    if file is None or file.anchors is None:
        message = f"No article '{name}' is in {annotations}. {did_you_mean(name, articles)}"
        raise UnknownIdError(message)
    out = console()
    with locked(annotations.resolve().parent):
        anchored = anchor_article(file, None if texts is None else text_folder(texts))
        if anchored.reading.incidents:
            print_incidents(out, anchored.reading.incidents, limit)
            out.print("Nothing was written.")
            finish(clean=False)
        file.anchors.parent.mkdir(exist_ok=True)
        # Anchors first: spans whose ids are already known keep them when the command is run again after a kill.
        replace_file(file.anchors, anchored.anchors.encode())
        replace_file(file.path, anchored.article.encode())
    out.print(
        f"{file.id}: {anchored.placed} quotations placed; {anchored.kept + anchored.new} spans, "
        f"{anchored.new} of them new."
    )
