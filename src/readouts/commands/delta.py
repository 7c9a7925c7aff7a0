"""`readouts delta create`, `delta apply` and `delta revert`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from readouts.commands.shell import SIDE, Form, command, report

__all__ = ["apply", "create", "revert"]

_Side = typer.Argument(help=f"A release: {SIDE}.")
_Delta = Annotated[Path, typer.Argument(metavar="FILE", help="The delta.")]
_Folder = Annotated[Path, typer.Option("--output", "-o", help="Folder to write: new or empty, outside the release.")]


@command
def create(
    old: Annotated[str, _Side],
    new: Annotated[str, _Side],
    output: Annotated[Path, typer.Option("--output", "-o", help="File to write, a ZIP archive.")],
    form: Form = "terminal",
) -> None:
    """Write a delta that turns one release into another and back.

    A delta contains the rows, cells, columns and files that differ.

    Example: readouts delta create 1.0.0 . --output readouts-delta.zip
    """
    from readouts.publish.packages import create_delta

    size = create_delta(old, new, output)
    report(form, {"output": str(output), "bytes": size}, f"{output}: {size:,} bytes")


@command
def apply(base: Annotated[str, _Side], delta: _Delta, output: _Folder, form: Form = "terminal") -> None:
    """Make the new release from the old one, byte for byte.

    Example: readouts delta apply 1.0.0 readouts-delta.zip --output newer
    """
    _carry(base, delta, output, form, back=False)


@command
def revert(base: Annotated[str, _Side], delta: _Delta, output: _Folder, form: Form = "terminal") -> None:
    """Make the old release from the new one, byte for byte.

    Example: readouts delta revert . readouts-delta.zip --output older
    """
    _carry(base, delta, output, form, back=True)


def _carry(base: str, delta: Path, output: Path, form: str, *, back: bool) -> None:
    from readouts.publish.packages import apply_delta, revert_delta

    made = (revert_delta if back else apply_delta)(base, delta, output)
    document = {"output": str(output), "name": made.name, "version": made.version, "files": sorted(made.files)}
    report(form, document, f"{output}: {made}, {len(made.files)} files")
