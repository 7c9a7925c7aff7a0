"""`readouts validate`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from readouts.commands.package import chosen_package
from readouts.commands.shell import Limit, PackagePath, command, console, finish, progress
from readouts.commands.tree import compiled

if TYPE_CHECKING:
    from readouts.incident import Incident
    from readouts.package.reading import Package

__all__ = ["main"]


@command
def main(
    package: PackagePath = None,
    annotations: Annotated[
        Path | None,
        typer.Option(
            "--annotations", help="Folder of annotations. Default: the one beside the package, if there is one."
        ),
    ] = None,
    limit: Limit = 20,
) -> None:
    """Check a package, and the annotations that it is built from where there are any.

    Example: readouts validate
    """
    from readouts.render.incidents import print_incidents

    out = console()
    opened = chosen_package(package)
    tree = annotations or opened.root / "annotations"
    incidents: list[Incident] = []
    checked = []
    if annotations is not None or (tree / "corpus.yaml").is_file():
        found, count = _annotations(tree, opened)
        incidents += found
        checked.append(f"{count:,} annotation files")
    with progress("Checking the package"):
        incidents += _located(_package(opened), tree)
    counts = [resource.get("rowCount") for resource in opened.resources.values()]
    rows = sum(count for count in counts if isinstance(count, int))
    checked.append(f"{len(opened.resources)} tables, {rows:,} rows (frictionless)")
    if incidents:
        print_incidents(out, incidents, limit)
    else:
        out.print(f"{opened.name} {opened.version}: valid. Checked {', '.join(checked)}.")
    finish(clean=not incidents)


def _annotations(tree: Path, package: Package) -> tuple[list[Incident], int]:
    """Compile the annotations: their findings, or, without any, how the package differs from what they give."""
    from readouts.build.rebuild import stale

    with compiled(tree) as compilation:
        return compilation.incidents or stale(compilation, package.root), len(compilation.files)


def _package(package: Package) -> list[Incident]:
    from readouts.check.peer import check_package

    return check_package(package.root, package.descriptor)


def _located(incidents: list[Incident], tree: Path) -> list[Incident]:
    """Give findings in the tables the annotation file and line that they come from."""
    if not (tree / "corpus.yaml").is_file() or not any(finding.key for finding in incidents):
        return incidents
    from readouts.build.origin import Origins

    origins = Origins(tree.resolve())
    located = []
    for finding in incidents:
        source = origins.find(finding.table, finding.key, finding.field)
        located.append(finding if source is None else replace(finding, source=source))
    return located
