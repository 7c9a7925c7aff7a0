"""`readouts hydrate`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from readouts.commands.package import corpus_package
from readouts.commands.shell import CorpusPath, TextsPath, command, console, finish

if TYPE_CHECKING:
    from rich.console import Console

    from readouts.text.hydration import ArticleReport

__all__ = ["main"]


@command
def main(
    texts: TextsPath,
    output: Annotated[Path, typer.Option("--output", help="Folder to write to; never inside the package.")],
    package: CorpusPath = None,
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
    _print(console(), result.articles)
    complete = all(report.problem is None and report.counts.get(Status.ORPHAN, 0) == 0 for report in result.articles)
    finish(clean=complete)


def _print(out: Console, reports: list[ArticleReport]) -> None:
    from rich.table import Table

    from readouts.text.anchoring import Status

    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("article", style="cyan", no_wrap=True)
    table.add_column("text", overflow="fold")
    for status in Status:
        table.add_column(status.value, justify="right")
    for report in reports:
        if report.problem is not None:
            table.add_row(report.article_id, f"[red]{report.problem[0]}[/]", *("" for _ in Status))
            continue
        name = f"{report.file} ({'as annotated' if report.same_text else 'another version'})"
        table.add_row(report.article_id, name, *(str(report.counts.get(status, 0)) for status in Status))
    out.print(table)
    for report in reports:
        if report.problem is not None:
            out.print(report.problem[1], soft_wrap=True, markup=False)
    out.print("The result holds text of the articles: it must not be published.")
