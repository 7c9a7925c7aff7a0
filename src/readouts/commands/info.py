"""`readouts info`."""

from __future__ import annotations

from readouts.commands.package import corpus_package
from readouts.commands.shell import CorpusPath, command, console
from readouts.corpus_schema.bundled import bundled_package

__all__ = ["main"]


@command
def main(package: CorpusPath = None) -> None:
    """Show what a package holds: its version, and the rows of each table.

    Example: readouts info
    """
    from readouts.datapackage.render.tables import print_counts
    from readouts.loaders.released import version_label

    opened = corpus_package(package)
    counts = {}
    for name, resource in opened.resources.items():
        rows = resource.descriptor.get("rowCount")
        sentence = str(resource.descriptor.get("description", "")).partition(". ")[0].removeprefix("One row is ")
        counts[name] = (rows if isinstance(rows, int) else len(opened.rows(name)), sentence.rstrip("."))
    bundled = " (bundled)" if opened.root == bundled_package() else ""
    print_counts(console(), f"{opened.name} {version_label(opened)}{bundled}", counts)
