"""`readouts import`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from readouts.commands.shell import (
    STANDARD_OUTPUT,
    AnnotationsPath,
    Form,
    Limit,
    TextsPath,
    command,
    console,
    finish,
    incident_documents,
    report,
    say,
    write_text,
)
from readouts.datapackage.words import counted, joined

if TYPE_CHECKING:
    from readouts.proposals.importing import Imported

__all__ = ["main"]


@command
def main(
    file: Annotated[
        Path,
        typer.Argument(
            help="A language model's answer, - for standard input; or a file of an annotation tool (brat, "
            "INCEpTION, Web Annotation), or a folder of such files."
        ),
    ],
    texts: TextsPath,
    article: Annotated[
        str | None,
        typer.Option(help="Id of the article. Default: from the answer, or the name of the tool's file."),
    ] = None,
    annotations: AnnotationsPath = Path("annotations"),
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the draft there instead; - for standard output.")
    ] = None,
    made_by: Annotated[
        str | None, typer.Option(help="Who or what made the annotation, for `made_by`. Default: language-model.")
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Overwrite an existing draft.")] = False,
    limit: Limit = 20,
    form: Form = "terminal",
) -> None:
    """Turn the output of a model or an annotation tool into a draft.

    Parts that don't fit the schema, the text or the registry are listed, with their place in the file, and left out.
    Errors that `rebuild` would report are listed with their place in the draft.

    Example: readouts import answer.json --texts texts
    """
    import sys

    from readouts.datapackage.errors import ReadoutsError
    from readouts.proposals.formats.registry import annotation_files
    from readouts.proposals.importing import import_annotations
    from readouts.text.retrieval.private_folder import require_untracked

    folder = file.is_dir()
    if folder and (article is not None or output is not None):
        message = "--article and --output are for one file: leave them out, or name a file of the folder."
        raise typer.BadParameter(message)
    if output is not None and output != STANDARD_OUTPUT:
        require_untracked(output.resolve().parent, [output.name])
    sources: list[Path | bytes] = [sys.stdin.buffer.read() if file == STANDARD_OUTPUT else file]
    if folder:
        sources = [*annotation_files(file)]
        if not sources:
            message = f"No file of an annotation tool is in {file}."
            raise ReadoutsError(message)
    imported = [
        import_annotations(
            source, annotations, texts, article=article, made_by=made_by, replace=replace, write=output is None
        )
        for source in sources
    ]
    if output is not None and imported[0].text:
        write_text(imported[0].text, output)
    documents = [_document(each) for each in imported]
    clean = all(each.clean for each in imported)
    if output == STANDARD_OUTPUT:
        for finding in (*imported[0].refused, *imported[0].found):
            say(f"readouts: {finding.place()}: {finding.message}")
    else:
        document = {"imported": documents} if folder else documents[0]
        report(form, document, lambda: _print_all(imported, output, limit), result=not clean)
    finish(clean=clean)


def _document(imported: Imported) -> dict[str, Any]:
    return {
        "article": imported.article,
        "path": None if imported.path is None else str(imported.path),
        "kept": _counts(imported),
        "refused": incident_documents(imported.refused),
        "found": incident_documents(imported.found),
    }


def _print_all(imported: list[Imported], output: Path | None, limit: int) -> None:
    for each in imported:
        _print(each, output, limit)


def _counts(imported: Imported) -> dict[str, int]:
    proposal = imported.proposal
    return {name: len(getattr(proposal, name)) for name in ("statements", "mentions", "regions", "relations")}


def _print(imported: Imported, output: Path | None, limit: int) -> None:
    from readouts.datapackage.render.report.terminal import print_incidents

    out = console()
    kept = joined([counted(number, name.removesuffix("s")) for name, number in _counts(imported).items()])
    where = output or f"drafts/{imported.article}.yaml"
    if not imported.text:
        out.print("Nothing was kept, so nothing was written.", soft_wrap=True)
    else:
        out.print(f"{where}: {kept}.", soft_wrap=True, markup=False)
    if imported.refused:
        out.print("\nIn the file:", style="bold")
        print_incidents(out, imported.refused, limit)
    if imported.found:
        out.print("\nTo correct in the draft:", style="bold")
        print_incidents(out, imported.found, limit)
    if imported.text and output is None:
        out.print(f"Read the draft, then run `readouts anchor {imported.article} --texts DIR`.", soft_wrap=True)
