"""`readouts archive`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from readouts.commands.package import chosen_package
from readouts.commands.shell import PackagePath, command, console

__all__ = ["main"]


@command
def main(
    package: PackagePath = None,
    output: Annotated[
        Path | None, typer.Option("--output", help="Folder to write to. Default: releases/<version> in the package.")
    ] = None,
) -> None:
    """Write the package as one reproducible archive, with its registry entry.

    Example: readouts archive
    """
    from readouts.release.archive import write_release

    opened = chosen_package(package)
    folder = opened.root / "releases" / opened.version if output is None else output
    entry = write_release(opened, folder)
    console().print(f"{folder / entry.archive}: {entry.bytes:,} bytes, SHA-256 {entry.sha256}", soft_wrap=True)
