"""`readouts site`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from readouts.commands.package import corpus_package
from readouts.commands.shell import CorpusPath, Form, command, note, report, write_text
from readouts.datapackage.errors import ArgumentError

__all__ = ["main"]


@command
def main(
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder to write to: a new one, or one with a site.")],
    package: CorpusPath = None,
    texts: Annotated[
        Path | None,
        typer.Option("--texts", help="Folder with the articles' texts: adds the quotations, for local use only."),
    ] = None,
    serve: Annotated[bool, typer.Option("--serve", help="Show the site in a browser, until Ctrl-C.")] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="As --serve, and build and show it again whenever its files change.")
    ] = False,
    form: Form = "terminal",
) -> None:
    """Write a release as a website of static pages.

    Its pages show events with their accounts side by side, statements, entities, articles and tables.

    Example: readouts site --output build/site --serve
    """
    from readouts.loaders import Corpus
    from readouts.publish.site.building import build_site

    opened, processes = corpus_package(package), os.cpu_count() or 1
    if watch:
        if form == "json":
            message = "--watch has no --format json: it goes on until Ctrl-C."
            raise ArgumentError(message)
        folder = opened.root if package is None else Path(package)
        if opened.root.resolve() not in {folder.resolve(), folder.resolve().parent}:
            message = f"{package} doesn't change: --watch takes the folder of a package, or its descriptor."
            raise ArgumentError(message)
        if texts is not None:
            note("The pages hold text of articles: they must stay local.")
        from readouts.publish.site.watching import watch_site

        watch_site(folder, output, texts, processes=processes, announce=lambda line: write_text(f"{line}\n", None))
        return
    done = build_site(Corpus(opened), output, texts, processes=processes)
    document = {"output": str(output), "files": done.files, "written": done.written, "removed": done.removed}
    report(form, document, done.text(output))
    if texts is not None:
        note("The pages hold text of articles: they must stay local.")
    if serve:
        from readouts.publish.site.serving import serve as serve_folder

        serve_folder(output)
    else:
        note(f"Open {output / 'index.html'} in a browser.")
