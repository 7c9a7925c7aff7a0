"""Building the package from annotations: compiled, checked against texts and rules, then written in one step."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from readouts.compile.compiler import compiled
from readouts.compile.rebuild import stale, write_package
from readouts.datapackage.package.transaction import locked, settle
from readouts.datapackage.processes import Progress, no_progress

if TYPE_CHECKING:
    import os

    from polars import DataFrame

    from readouts.compile.compiler import Compilation
    from readouts.datapackage.incident import Incident
    from readouts.datapackage.package.package import DataPackage

__all__ = ["Build", "rebuild"]

_MOST_FOUND = 1000
"""How many findings of a rule are looked up in the annotations."""


@dataclass(frozen=True)
class Build:
    """What a build found and wrote.

    Attributes
    ----------
    incidents
        The findings; with any, nothing was written. With `check`, how the package differs from its annotations.
    package
        The package that was written, or None.
    files, read
        How many annotation files there are, and how many of them had changed and were read.
    """

    incidents: tuple[Incident, ...]
    package: DataPackage | None
    files: int
    read: int


def rebuild(
    annotations: str | os.PathLike[str] = "annotations",
    output: str | os.PathLike[str] | None = None,
    *,
    texts: str | os.PathLike[str] | None = None,
    check: bool = False,
    progress: Progress = no_progress,
) -> Build:
    """Turn annotations into the package: `data/` and `datapackage.json`, written in one step or not at all.

    Parameters
    ----------
    annotations
        Folder of annotations.
    output
        Folder of the package. Default: the one above the annotations.
    texts
        Folder of the articles' texts, to verify every anchor against them.
    check
        Write nothing, and find how the package that is there differs from what the annotations give.
    progress
        Shows progress.

    Returns
    -------
    Build
        The findings, or the package.

    Raises
    ------
    ReadoutsError
        There are no annotations, or another process is writing the package.

    Examples
    --------
    >>> import readouts
    >>> readouts.rebuild("annotations", check=True).incidents
    ()
    """
    tree = Path(annotations)
    root = (tree.resolve().parent if output is None else Path(output)).resolve()
    with compiled(tree, progress) as compilation:
        incidents = _findings(compilation, texts) or _broken_rules(compilation, tree)
        package = None
        if check and not incidents:
            settle(root)
            incidents = stale(compilation, root)
        elif not incidents:
            root.mkdir(parents=True, exist_ok=True)
            with locked(root):
                package = write_package(compilation, root)
        return Build(tuple(incidents), package, len(compilation.files), len(compilation.compiled))


def _findings(compilation: Compilation, texts: str | os.PathLike[str] | None) -> list[Incident]:
    if compilation.incidents or texts is None:
        return compilation.incidents
    from readouts.compile.verify import verify_texts
    from readouts.text.sources import text_folder

    return verify_texts(compilation.files.values(), text_folder(Path(texts)))


def _broken_rules(compilation: Compilation, annotations: Path) -> list[Incident]:
    """Hold the tables to the rules that join them; return what breaks one, with the place to fix.

    Only what a change can have brought to break a rule is looked at. Where something does, everything is: then
    all findings are shown at once.
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
    from readouts.datapackage.incident import Severity, sorted_incidents
    from readouts.quality.rules.tables import examine

    found = examine(_frames(_whole(compilation)), _MOST_FOUND).incidents
    # A warning, which `validate` reports, keeps nothing from being written.
    found = [finding for finding in found if finding.severity is Severity.ERROR]
    return sorted_incidents(Origins(annotations.resolve()).locate(found))


def _keep_rules(compilation: Compilation, lot: list[str]) -> bool:
    """Tell whether the rows of some articles, and the registry, keep the rules."""
    from readouts.compile.affected import REGISTRY
    from readouts.corpus_schema.tables import tables
    from readouts.datapackage.table.canonical_csv import header
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
