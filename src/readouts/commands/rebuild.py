"""`readouts rebuild`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from readouts.commands.shell import Limit, command, console, finish
from readouts.commands.tree import AnnotationsPath, compiled

if TYPE_CHECKING:
    from polars import DataFrame

    from readouts.compile.compiler import Compilation
    from readouts.datapackage.incident import Incident

__all__ = ["main"]

_MOST_FOUND = 1000
"""How many findings of a rule are looked up in the annotations."""


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
    from readouts.compile.compiler import table_names
    from readouts.compile.rebuild import stale, write_package
    from readouts.datapackage.package.transaction import locked, settle

    root = (annotations.resolve().parent if output is None else output).resolve()
    out = console()
    with compiled(annotations) as compilation:
        incidents = _findings(compilation, texts) or _broken_rules(compilation, annotations)
        if incidents or check:
            if not incidents:
                settle(root)
                incidents = stale(compilation, root)
            if incidents:
                from readouts.datapackage.render.report.terminal import print_incidents

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
    from readouts.compile.verify import verify_texts
    from readouts.loaders.quotations import text_folder

    return verify_texts(compilation.files.values(), text_folder(texts))


def _broken_rules(compilation: Compilation, annotations: Path) -> list[Incident]:
    """Hold the tables to the rules that join them; return what breaks one, with the place to mend.

    Only what a change can have brought to break a rule is looked at. Where something does, everything is: then all
    that is wrong is told at once.
    """
    from readouts.compile.affected import suspects

    looked = False
    for lot in suspects(compilation):
        looked = True
        if not _keep_rules(compilation, lot):
            break
    else:
        if looked:
            from readouts.quality.rules.rules import needed

            compilation.store.judged(needed())
        return []
    from readouts.compile.source_location import Origins
    from readouts.datapackage.incident import sorted_incidents
    from readouts.quality.rules.tables import examine

    found = examine(_frames(_whole(compilation)), _MOST_FOUND).incidents
    origins = Origins(annotations.resolve())
    located = []
    for finding in found:
        source = origins.find(finding.table, finding.key, finding.field)
        located.append(finding if source is None else finding.at(source))
    return sorted_incidents(located)


def _keep_rules(compilation: Compilation, lot: list[str]) -> bool:
    """Tell whether the rows of some articles, and the registry, keep the rules."""
    from readouts.compile.affected import REGISTRY
    from readouts.corpus_schema.tables import tables
    from readouts.datapackage.package.canonical_csv import header
    from readouts.quality.rules.rules import needed
    from readouts.quality.rules.screen import keeps_rules

    store = compilation.store
    parts = {name: [header(tables()[name]).encode()] for name in needed()}
    for name in REGISTRY.intersection(parts):
        parts[name].append(store.rows(name))
    # Standing relations are written in the registry, and are rows of a table that articles fill.
    registries = [name for name, file in compilation.files.items() if file.kind == "entities"]
    for file in (*registries, *lot):
        for name, text in store.rows_of(file):
            if name in parts and name not in REGISTRY:
                parts[name].append(text)
    return keeps_rules(_frames({name: b"".join(texts) for name, texts in parts.items()}))


def _whole(compilation: Compilation) -> dict[str, bytes]:
    """Return the tables that the rules read, as a whole."""
    from readouts.corpus_schema.tables import tables
    from readouts.quality.rules.rules import needed

    return {name: b"".join(data for _, data in compilation.table(tables()[name])) for name in needed()}


def _frames(texts: dict[str, bytes]) -> dict[str, DataFrame]:
    import polars as pl

    from readouts.quality.rules.rules import needed

    columns = needed()
    return {name: pl.read_csv(text, columns=list(columns[name]), infer_schema=False) for name, text in texts.items()}
