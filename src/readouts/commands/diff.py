"""`readouts diff`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from readouts.commands.engine import EngineName, SparkMaster, require_engine
from readouts.commands.package import package_path
from readouts.commands.shell import (
    NEAREST,
    SIDE,
    MemorySize,
    SchemaPath,
    SchemasPath,
    command,
    console,
    finish,
    import_meanwhile,
    is_quiet,
    noting_what_is_logged,
    write_text,
)
from readouts.datapackage.errors import ReadoutsError

__all__ = ["main"]


_SHOWN = {"terminal": 10, "markdown": 100}
_SHOWN_ELSEWHERE = 1000


@command
def main(
    old: Annotated[str, typer.Argument(help=f"The older package: {SIDE}.")],
    new: Annotated[
        str | None, typer.Argument(help=f"The newer package, in any of the same forms. Default: {NEAREST}.")
    ] = None,
    form: Annotated[
        Literal["terminal", "json", "markdown", "html"], typer.Option("--format", help="Format of the result.")
    ] = "terminal",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File for the result. Default: the terminal.")
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit",
            min=0,
            help="Added rows, removed rows and changed cells shown per table; 0 shows all. Counts are always exact. "
            "Default: 10 in the terminal, 100 in Markdown, else 1,000.",
        ),
    ] = None,
    ids: Annotated[
        Path | None,
        typer.Option("--ids", help="File with ids, one per line: show only what changed for these."),
    ] = None,
    schema: SchemaPath = None,
    schemas: SchemasPath = None,
    stream: Annotated[
        bool,
        typer.Option(
            "--stream", help="Read both sides in one pass, with little memory; needs packages in canonical form."
        ),
    ] = False,
    key: Annotated[
        list[str] | None,
        typer.Option(
            "--key",
            metavar="COLUMN,...",
            help="Columns to pair rows by, instead of the primary key. Here and below, TABLE.COLUMN is a column of one "
            "of several tables.",
        ),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option("--ignore", metavar="COLUMN,...", help="Columns that may differ; repeatable."),
    ] = None,
    tolerance: Annotated[
        list[str] | None,
        typer.Option(
            "--tolerance",
            metavar="COLUMN=NUMBER",
            help="Largest difference allowed between the numbers of a column, such as depth=0.01 or depth=1e-9.",
        ),
    ] = None,
    spaces: Annotated[
        bool, typer.Option("--ignore-trailing-spaces", help="Ignore spaces at the end of cells, keys included.")
    ] = False,
    memory: MemorySize = None,
    engine: EngineName = "polars",
    master: SparkMaster = None,
    link: Annotated[
        str | None, typer.Option("--link", help="Address of the full result, for --format markdown to link to.")
    ] = None,
) -> None:
    """Compare two packages, cell by cell.

    The result names the smallest version that the changes allow.

    The result counts the changes that --ignore, --tolerance and --ignore-trailing-spaces hide. If they hide any, or
    --key pairs the rows, it names no version.

    Exit code 0: no differences, or only hidden ones; 1: differences; 2: could not compare.

    Example: readouts diff git:v1.0.0 . --format markdown
    """
    require_engine(engine, master)
    from readouts.corpus_schema.bundled import EXTRA_FILES
    from readouts.datapackage.package.files import package_files
    from readouts.datapackage.package.locate import located_sides
    from readouts.loaders.changes import diff

    shown = _SHOWN.get(form, _SHOWN_ELSEWHERE) if limit is None else (limit or None)
    if form == "terminal":
        # What compares comes first: the rest is imported while it works.
        first = () if stream else ("readouts.datapackage.difference.compare",)
        import_meanwhile(*first, "rich.console", "rich.table", "readouts.datapackage.render.difference.terminal")
    # Revisions and releases of the other side are those of the package that is found.
    folder = None
    if new is None:
        new = package_path(None)
        folder = Path(new).parent
    sides = located_sides(old, new, EXTRA_FILES, folder, schema=schema)
    with noting_what_is_logged(), sides as ((_, before), (_, after)):
        for package in (before, after):
            if output is not None and output.resolve() in {path.resolve() for path in package_files(package).values()}:
                message = (
                    f"{output} is a file of {package.root}, which is compared: choose another file for the result."
                )
                raise ReadoutsError(message)
        wanted = None
        if ids is not None:
            from readouts.datapackage.difference.id_query import read_ids

            wanted = read_ids(ids)
        found = diff(
            before,
            after,
            ids=wanted,
            limit=shown,
            stream=stream,
            labels=(old, new),
            key=",".join(key or ()),
            ignore=",".join(ignore or ()),
            tolerance=_tolerances(tolerance),
            ignore_trailing_spaces=spaces,
            schemas=schemas,
            memory=memory,
            engine=engine,
            master=master,
        )
    if form == "terminal" and output is None:
        from readouts.datapackage.render.difference.terminal import print_difference

        if ids or not (found.same and is_quiet()):
            print_difference(console(), found)
    else:
        from readouts.datapackage.render.difference.formats import render

        write_text(render(found, form, None if link is None else {"The whole difference": link}), output)
    finish(clean=all(each.status in {"unchanged", "unknown"} for each in found.asked) if ids else found.same)


def _tolerances(given: list[str] | None) -> dict[str, str]:
    """Return tolerances by column."""
    pairs = [each.rpartition("=") for each in given or ()]
    if wrong := next((most for name, _, most in pairs if not name), None):
        message = f"Expected --tolerance COLUMN=NUMBER, such as depth=0.01; found '{wrong}'."
        raise ReadoutsError(message)
    return {name.strip(): most for name, _, most in pairs}
