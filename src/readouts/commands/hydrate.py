"""`readouts hydrate`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from readouts.commands.package import corpus_package
from readouts.commands.shell import CorpusPath, Form, TextsPath, command, console, finish, report

if TYPE_CHECKING:
    from rich.console import Console

    from readouts.text.hydration import ArticleReport

__all__ = ["main"]


@command
def main(
    texts: TextsPath,
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder to write to; never inside the package.")],
    package: CorpusPath = None,
    form: Form = "terminal",
) -> None:
    """Write the tables with the quotations in them. The result holds article text: keep it to yourself.

    Example: readouts hydrate --texts texts --output ../hydrated
    """
    from readouts.text.anchoring import Status
    from readouts.text.hydrated_package import write_hydrated
    from readouts.text.hydration import hydrate
    from readouts.text.sources import text_folder

    opened = corpus_package(package)
    folder = text_folder(texts)
    spans, statements = opened.rows("spans"), opened.rows("statements")
    result = hydrate(opened.rows("articles"), spans, statements, folder)
    write_hydrated(opened, output, {"spans": result.spans, "statements": result.statements})
    complete = all(each.problem is None and each.counts.get(Status.ORPHAN, 0) == 0 for each in result.articles)
    articles = [
        {
            "article": each.article_id,
            "file": each.file,
            "same_text": each.same_text,
            "spans": {status.value: each.counts.get(status, 0) for status in Status},
            "problem": None if each.problem is None else dict(zip(("code", "message"), each.problem, strict=True)),
        }
        for each in result.articles
    ]
    document = {"output": str(output), "complete": complete, "articles": articles}
    report(form, document, lambda: _print(console(), result.articles), result=not complete)
    finish(clean=complete)


def _print(out: Console, reports: list[ArticleReport]) -> None:
    from rich.table import Table

    from readouts.text.anchoring import Status

    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("article", style="cyan", no_wrap=True)
    table.add_column("text", overflow="fold")
    for status in Status:
        table.add_column(status.value, justify="right")
    for each in reports:
        if each.problem is not None:
            table.add_row(each.article_id, f"[red]{each.problem[0]}[/]", *("" for _ in Status))
            continue
        name = f"{each.file} ({'as annotated' if each.same_text else 'another version'})"
        table.add_row(each.article_id, name, *(str(each.counts.get(status, 0)) for status in Status))
    out.print(table)
    for each in reports:
        if each.problem is not None:
            out.print(each.problem[1], soft_wrap=True, markup=False)
    out.print("The result holds text of the articles: it must not be published.")
