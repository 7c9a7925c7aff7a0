"""`readouts texts`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from readouts.commands.package import corpus_package
from readouts.commands.shell import SIDE, Form, command, console, finish, note, progress, report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from readouts.loaders.texts import FetchedText

__all__ = ["main"]


@command
def main(
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder to write to; never one that git tracks.")],
    articles: Annotated[
        list[str] | None, typer.Argument(metavar="ARTICLE", help="Ids of articles. Default: all of them.")
    ] = None,
    package: Annotated[
        str | None, typer.Option("--package", help=f"The corpus: {SIDE}. Default: the nearest, else the bundled one.")
    ] = None,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Fetch texts and pages again that the folder or the cache already has.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show rights, terms and addresses; ask no server, write nothing.")
    ] = False,
    form: Form = "terminal",
) -> None:
    """Fetch the texts of articles from their publishers.

    The texts are for your own use only: don't pass them on. Rights and terms of each document are shown before the
    first request. Requests are sent one at a time, with pauses, as each host's robots.txt allows. A page that holds the
    article is written as <article>.txt; articles that can't be fetched are listed with the reason. `readouts hydrate`
    reads the folder.

    Example: readouts texts --output ../texts moscow-times-2014-03-07 --dry-run
    """
    from readouts.loaders.texts import fetch_texts, planned_texts

    opened = corpus_package(package)

    def announce(planned: Sequence[FetchedText]) -> None:
        if form == "json":
            for text in planned:
                note(f"{text.article_id}: {text.terms} ({', '.join(text.addresses) or 'no address'})")
        else:
            _print_terms(console(), planned)

    def document(texts: Sequence[FetchedText]) -> dict[str, Any]:
        return {"texts": [text.as_dict() for text in texts]}

    if dry_run:
        planned = planned_texts(opened, articles or ())
        report(form, document(planned), lambda: _print_terms(console(), planned), result=True)
        return
    with progress("Fetching") as update:
        texts = fetch_texts(opened, output, articles or (), refresh=refresh, announce=announce, progress=update)
    complete = all(text.complete for text in texts)
    report(form, document(texts), lambda: _print(console(), texts, output), result=not complete)
    asked = [text for text in texts if text.status in {"fetched", "failed"}]
    reached = not asked or not all(text.unreachable for text in asked)
    finish(clean=complete, checked=reached)


def _print_terms(out: Console, planned: Sequence[FetchedText]) -> None:
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("article", style="cyan", no_wrap=True)
    table.add_column("rights and terms", overflow="fold")
    table.add_column("address", overflow="fold")
    for text in planned:
        table.add_row(*map(escape, (text.article_id, text.terms, "\n".join(text.addresses) or "none")))
    out.print("For your own use: the terms of each publisher hold, and texts must not be passed on.")
    out.print(table)


def _print(out: Console, texts: Sequence[FetchedText], output: Path) -> None:
    from rich.markup import escape
    from rich.table import Table

    from readouts.text.anchoring import Status

    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("article", style="cyan", no_wrap=True)
    table.add_column("text")
    for status in Status:
        table.add_column(status.value, justify="right")
    for text in texts:
        counts = (str(text.spans.get(status, 0)) if text.file else "" for status in Status)
        table.add_row(escape(text.article_id), text.status if text.file else f"[red]{text.status}[/]", *counts)
    out.print(table)
    for text in texts:
        if text.reason is not None:
            out.print(f"{text.article_id}: {text.reason}.", soft_wrap=True, markup=False)
    if any(text.file for text in texts):
        out.print(f"Now run: readouts hydrate --texts {output} --output FOLDER", soft_wrap=True, markup=False)
