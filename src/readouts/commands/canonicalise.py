"""`readouts canonicalise`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from readouts.commands.package import package_path
from readouts.commands.shell import NEAREST, SIDE, Form, command, report

__all__ = ["main"]


@command
def main(
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder to write: new or empty, outside the package.")],
    package: Annotated[str | None, typer.Argument(help=f"A package: {SIDE}. Default: {NEAREST}.")] = None,
    form: Form = "terminal",
) -> None:
    """Write a package in canonical form.

    The copy is in UTF-8 with LF, quotes where needed, columns in the order of the schema, and rows sorted by key.
    Every cell stays as it is, and so does the package. `canonicalize` and `format` are aliases of this command.

    Example: readouts canonicalise downloaded/datapackage.json --output canonical
    """
    from readouts.publish.packages import canonicalise

    written = canonicalise(package or package_path(None), output)
    report(form, {"output": str(output), "files": written}, f"{output}: {len(written)} files")
