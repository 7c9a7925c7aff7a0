"""`readouts show`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from readouts.commands.package import corpus_package
from readouts.commands.shell import CorpusPath, Form, command, console, note, report

__all__ = ["main"]


@command
def main(
    target: Annotated[
        str, typer.Argument(metavar="ID", help="Id of an article, statement or span, or the title of an article.")
    ],
    package: CorpusPath = None,
    texts: Annotated[
        Path | None,
        typer.Option(
            "--texts",
            help="Folder with the articles' texts, one UTF-8 file each. Default: show offsets instead of words.",
        ),
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", help="Also write one HTML file; never inside the package.")
    ] = None,
    form: Form = "terminal",
) -> None:
    """Show an article with its annotations laid over it. The result holds article text: keep it to yourself.

    Rows under each line of the text show which statements, relations and kinds of spans cover it, and what no span
    covers; the labels of the statements that begin there follow. Sentences without a statement and names without a
    mention come last. Without --texts, it shows labels, chains, offsets and alignments.

    Example: readouts show new-daily-2014-03-28 --texts texts --html ../new-daily.html
    """
    from readouts.analysis.annotated import annotate
    from readouts.datapackage.errors import PackageError
    from readouts.datapackage.package.transaction import replace_file
    from readouts.publish.render.article import article_html, print_article
    from readouts.text.sources import text_folder

    opened = corpus_package(package)
    article = annotate(
        target,
        # Releases before 2.0 lack a table.
        lambda table: opened.rows(table) if table in opened.resources else [],
        None if texts is None else text_folder(texts),
    )
    report(form, asdict(article), lambda: print_article(console(), article), result=True)
    if html is not None:
        if html.resolve().is_relative_to(opened.root.resolve()):
            message = (
                f"{html} is inside the package: choose a place outside {opened.root}, since it holds article text."
            )
            raise PackageError(message)
        replace_file(html, article_html(article).encode())
        note(f"Wrote {html}." + (" It holds text of the article: it must stay local." if article.paragraphs else ""))
