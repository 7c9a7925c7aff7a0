"""`readouts info`."""

from __future__ import annotations

from readouts.commands.package import chosen_package
from readouts.commands.shell import PackagePath, command, console

__all__ = ["main"]


@command
def main(package: PackagePath = None) -> None:
    """Show what a package holds: its version, and the rows of each table.

    Example: readouts info
    """
    from readouts.datapackage.render.tables import print_counts

    opened = chosen_package(package)
    counts = {}
    for name, resource in opened.resources.items():
        rows = resource.descriptor.get("rowCount")
        sentence = str(resource.descriptor.get("description", "")).partition(". ")[0].removeprefix("One row is ")
        counts[name] = (rows if isinstance(rows, int) else len(opened.rows(name)), sentence.rstrip("."))
    print_counts(console(), f"{opened.name} {opened.version}", counts)
