"""`readouts propose`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from readouts.commands.shell import (
    STANDARD_OUTPUT,
    AnnotationsPath,
    Form,
    TextsPath,
    command,
    note,
    report,
    write_text,
)
from readouts.datapackage.errors import ArgumentError

__all__ = ["main"]


@command
def main(
    article: Annotated[
        str | None, typer.Argument(help="Id of the article, or path of its file; not with --schema.")
    ] = None,
    texts: TextsPath = Path("texts"),
    annotations: AnnotationsPath = Path("annotations"),
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace the article's statements with the proposed ones.")
    ] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the draft here as well; - for standard output.")
    ] = None,
    prompt: Annotated[
        bool, typer.Option("--prompt", help="Print a prompt for a language model instead; `import` reads the answer.")
    ] = False,
    with_text: Annotated[
        bool, typer.Option("--with-text", help="With --prompt: append the text. Such a prompt must stay local.")
    ] = False,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema of a language model's answer instead.")
    ] = False,
    form: Form = "terminal",
) -> None:
    """Draft the annotation of an article by rules.

    The file goes into a folder that Git ignores; `anchor` reads it.

    Example: readouts propose herald-2031-05-02 --texts texts --replace
    """
    if schema or prompt:
        write_text(_for_models(article, annotations, texts, output, schema=schema, with_text=with_text), output)
        return
    if with_text or article is None:
        message = "--with-text requires --prompt." if with_text else "Name the article."
        raise ArgumentError(message)
    from readouts.proposals.propose import propose, proposed_document

    proposed = propose(article, annotations, texts, replace=replace)
    for line in proposed.notes:
        note(line)
    if output is not None:
        write_text(proposed.text, output)
    found = proposed.proposal
    text = (
        f"drafts/{proposed.path.name}: {len(found.statements)} statements, {len(found.mentions)} mentions.\n"
        f"Correct them, then run `readouts anchor {proposed.path.stem} --texts DIR`."
    )
    if output is None or str(output) != "-":
        report(form, proposed_document(proposed), text)


def _for_models(
    article: str | None, annotations: Path, texts: Path, output: Path | None, *, schema: bool, with_text: bool
) -> str:
    """Return the schema, or the prompt about an article, which goes nowhere that git tracks if it holds the text."""
    if schema:
        from readouts.proposals.answer_schema import answer_schema

        return answer_schema()
    if article is None:
        message = "--prompt requires an article."
        raise ArgumentError(message)
    from readouts.proposals.prompts import prompt

    if with_text:
        from readouts.text.retrieval.private_folder import require_untracked

        if output is not None and output != STANDARD_OUTPUT:
            require_untracked(output.resolve().parent, [output.name])
        note("The prompt holds the text of the article: keep it local unless licence and service allow to send it.")
    return prompt(article, annotations, texts if with_text or texts.is_dir() else None, with_text=with_text)
