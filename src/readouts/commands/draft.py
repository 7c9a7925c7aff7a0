"""`readouts draft`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from readouts.commands.shell import AnnotationsPath, Form, Limit, command, console, finish, incident_documents, report

__all__ = ["main"]


@command
def main(
    article: Annotated[str, typer.Argument(help="Id of the article, or path of its file.")],
    texts: Annotated[Path, typer.Option("--texts", help="Folder with the articles' texts, one UTF-8 file each.")],
    annotations: AnnotationsPath = Path("annotations"),
    to: Annotated[
        Literal["brat", "inception", "web-annotation"] | None,
        typer.Option("--to", help="Write files for this annotation tool in place of a draft."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="With --to: folder to write to, which Git must not track."),
    ] = None,
    limit: Limit = 20,
    form: Form = "terminal",
) -> None:
    """Write an article with quotations in place of offsets.

    The file goes into a folder that Git ignores; `anchor` reads it. With --to, the article, or its draft if it has one,
    is written for an annotation tool; `import` reads the result.

    Example: readouts draft herald-2031-05-02 --texts texts
    """
    if (to is None) != (output is None):
        message = "Give --to and --output together: the format of an annotation tool, and the folder to write to."
        raise typer.BadParameter(message)
    if to is not None and output is not None:
        _write(article, to, output, annotations, texts, form)
        return
    from readouts.annotations.drafts import draft
    from readouts.datapackage.render.report.terminal import print_refusal

    drafted = draft(article, annotations, texts)
    incidents = drafted.reading.incidents
    document = {"path": str(drafted.path), "quoted": drafted.quoted, "incidents": incident_documents(incidents)}
    text = (
        f"drafts/{drafted.path.name}: {drafted.quoted} places with their words.\n"
        f"Correct them, then run `readouts anchor {drafted.path.stem} --texts DIR`."
    )
    printed = (lambda: print_refusal(console(), incidents, limit)) if incidents else text
    report(form, document, printed, result=incidents)
    finish(clean=not incidents)


def _write(article: str, to: str, output: Path, annotations: Path, texts: Path, form: str) -> None:
    from readouts.datapackage.words import counted, joined
    from readouts.proposals.formats.writing import write_annotations

    written = write_annotations(article, to, output, annotations, texts)
    proposal, paths = written.proposal, [str(path) for path in written.paths]
    parts = {
        "statements": len(proposal.statements),
        "mentions": len(proposal.mentions),
        "regions": len(proposal.regions),
        "relations": len(proposal.relations),
    }
    said = joined([counted(number, name.removesuffix("s")) for name, number in parts.items()])
    text = f"{written.source}: {said}.\nWritten: {', '.join(paths)}.\nThese files hold the text: keep them to yourself."
    report(form, {"source": written.source, **parts, "files": paths}, text)
