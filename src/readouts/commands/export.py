"""`readouts export`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from readouts.commands.package import package_path
from readouts.commands.shell import Form, PackagePath, SchemaPath, SchemasPath, command, note, progress, report, say

__all__ = ["main"]

_SHOWN = 10


def _names() -> list[str]:
    from readouts.publish.export import FORMATS

    return ["all", *FORMATS]


@command
def main(
    to: Annotated[
        list[str],
        typer.Option(
            "--to",
            metavar="FORMAT",
            autocompletion=_names,
            help="Format: parquet, sqlite, xlsx, jsonl, jsonld, annotations, croissant, ro-crate, huggingface, "
            "json-schema, odcs, dbt, citation, zenodo; `all` is every format that the package fits. Repeatable.",
        ),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder to write to.")],
    package: PackagePath = None,
    schema: SchemaPath = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace existing files with other content.")] = False,
    schemas: SchemasPath = None,
    form: Form = "terminal",
) -> None:
    """Write a package in other formats, such as Parquet or Excel.

    All formats but jsonld and annotations take any package of tables. Standard error names what a format leaves out.

    Example: readouts export --to sqlite --to xlsx --output exports
    """
    from readouts.datapackage.package.locate import located
    from readouts.publish.export import export, formats_refused, left_out, not_mapped

    with located(package_path(package), schema=schema) as (_, opened):
        found = opened.with_copies(schemas)
        for remark in found.notes:
            note(f"{remark}.")
        written = export(found, to, output, overwrite=overwrite, progress=progress)
        refused = formats_refused(found) if "all" in to else {}
        for name, reason in refused.items():
            note(f"The format {name} is left out: {reason}.")
        omitted = left_out(found)
        for name, reason in omitted.items():
            say(f"readouts: '{name}' is left out: {reason}.")
        unmapped = not_mapped(found, to)
        for name, places in unmapped.items():
            for place in places[:_SHOWN]:
                note(f"{name} can't express {place}.")
            if len(places) > _SHOWN:
                note(f"{name} can't express {len(places) - _SHOWN:,} more, which its files list.")
    files = [str(path) for path in written]
    report(
        form,
        {"files": files, "formats_refused": refused, "left_out": omitted, "not_mapped": unmapped},
        "\n".join(files),
    )
