"""`readouts rebuild`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from readouts.commands.shell import Limit, command, console, finish
from readouts.commands.tree import AnnotationsPath, compiled

if TYPE_CHECKING:
    from readouts.build.compiler import Compilation
    from readouts.incident import Incident

__all__ = ["main"]


@command
def main(
    annotations: AnnotationsPath = Path("annotations"),
    output: Annotated[
        Path | None, typer.Option("--output", help="Folder of the package. Default: the one above the annotations.")
    ] = None,
    texts: Annotated[
        Path | None, typer.Option("--texts", help="Folder of the articles' texts: verify every anchor against them.")
    ] = None,
    check: Annotated[
        bool,
        typer.Option("--check", help="Write nothing; exit 1 and show what differs from the package that is there."),
    ] = False,
    limit: Limit = 20,
) -> None:
    """Turn annotations into the package: data/ and datapackage.json.

    Example: readouts rebuild --check
    """
    from readouts.build.compiler import table_names
    from readouts.build.rebuild import stale, write_package
    from readouts.package.swap import locked, settle
    from readouts.render.incidents import print_incidents

    root = (annotations.resolve().parent if output is None else output).resolve()
    out = console()
    with compiled(annotations) as compilation:
        incidents = _findings(compilation, texts)
        if incidents or check:
            if not incidents:
                settle(root)
                incidents = stale(compilation, root)
            if incidents:
                print_incidents(out, incidents, limit)
            else:
                out.print(f"{root.name}: the package is what the annotations give.")
            finish(clean=not incidents)
            return
        root.mkdir(parents=True, exist_ok=True)
        with locked(root):
            package = write_package(compilation, root)
        rows = sum(package.resources[name]["rowCount"] for name in table_names())
        read = len(compilation.compiled)
        out.print(
            f"{package.name} {package.version}: {len(table_names())} tables, {rows:,} rows, from "
            f"{len(compilation.files):,} annotation files ({read:,} read, {len(compilation.files) - read:,} unchanged)."
        )


def _findings(compilation: Compilation, texts: Path | None) -> list[Incident]:
    if compilation.incidents or texts is None:
        return compilation.incidents
    from readouts.build.verify import verify_texts
    from readouts.commands.texts import text_folder

    return verify_texts(compilation.files.values(), text_folder(texts))
