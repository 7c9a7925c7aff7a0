"""`readouts info`."""

from __future__ import annotations

from readouts.commands.package import corpus_package
from readouts.commands.shell import CorpusPath, Form, command, console, report
from readouts.corpus_schema.bundled import bundled_package

__all__ = ["main"]


@command
def main(package: CorpusPath = None, form: Form = "terminal") -> None:
    """Show the version of a package and the rows of each table.

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
    version, bundled = version_label(opened), opened.root == bundled_package()
    tables = [{"name": name, "rows": rows, "row": sentence} for name, (rows, sentence) in counts.items()]
    title = f"{opened.name} {version}{' (bundled)' if bundled else ''}"
    report(
        form,
        {"name": opened.name, "version": version, "bundled": bundled, "tables": tables},
        lambda: print_counts(console(), title, counts),
        result=True,
    )
