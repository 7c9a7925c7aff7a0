"""`readouts canonicalise`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from readouts.commands.package import package_path
from readouts.commands.shell import NEAREST, SIDE, command, console

__all__ = ["main"]


@command
def main(
    output: Annotated[Path, typer.Option("--output", help="Folder to write: new or empty, outside the package.")],
    package: Annotated[str | None, typer.Argument(help=f"A package: {SIDE}. Default: {NEAREST}.")] = None,
) -> None:
    """Write a package in canonical form: UTF-8, LF, quotes where needed, columns as in the schema, rows by key.

    Every cell stays as it is, and so does the package.

    Example: readouts canonicalise downloaded/datapackage.json --output canonical
    """
    from readouts.publish.packages import canonicalise

    written = canonicalise(package or package_path(None), output)
    console().print(f"{output}: {len(written)} files", soft_wrap=True, markup=False)
