"""Building the package from annotations: compiled, checked against texts and rules, then written in one step."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from readouts.compile.compiler import compiled
from readouts.compile.rebuild import Present, hand_edits, stale, write_package
from readouts.compile.rules_check import RulesCheck
from readouts.datapackage.errors import ArgumentError, ReadoutsError
from readouts.datapackage.optional import requires_extra
from readouts.datapackage.package.transaction import HIDDEN, locked, settle
from readouts.datapackage.processes import Progress, no_progress

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from polars import DataFrame

    from readouts.compile.compiler import Compilation
    from readouts.datapackage.incident import Incident
    from readouts.datapackage.package.package import DataPackage

__all__ = ["Build", "rebuild", "rule_findings"]

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
    unverified
        With `texts`, ids of the articles whose texts are not in the folder.
    replaced
        What was edited by hand in the tables, and is replaced by what the annotations give.
    """

    incidents: tuple[Incident, ...]
    package: DataPackage | None
    files: int
    read: int
    unverified: tuple[str, ...] = ()
    replaced: tuple[Incident, ...] = ()


@requires_extra("rebuild()")
def rebuild(
    annotations: str | os.PathLike[str] = "annotations",
    output: str | os.PathLike[str] | None = None,
    *,
    texts: str | os.PathLike[str] | None = None,
    all_texts: bool = False,
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
        Folder of the articles' texts, to verify the anchors of every article whose text is there.
    all_texts
        Each text that is not in the folder is a finding.
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
        The folder has no annotations, another process is writing the package, or no article has its text there.
    ArgumentError
        `all_texts` is given without `texts`.

    Examples
    --------
    >>> import readouts
    >>> readouts.rebuild("annotations", check=True).incidents
    ()
    """
    if all_texts and texts is None:
        message = "`all_texts` requires `texts`, the folder that they are in."
        raise ArgumentError(message)
    tree = Path(annotations)
    root = (tree.resolve().parent if output is None else Path(output)).resolve()
    with closing(RulesCheck()) as rules, compiled(tree, progress, rules) as compilation:
        rules.proceed_if_answered()
        incidents = compilation.incidents
        unverified: tuple[str, ...] = ()
        if not incidents and texts is not None:
            incidents, unverified = _verified(compilation, Path(texts), all_texts=all_texts)
        # Some rows alone can seem to break a rule that all rows together keep.
        broken = cache(lambda: [] if rules.kept() else rule_findings(compilation, tree))
        package = None
        replaced: list[Incident] = []
        if not incidents and not check:
            package, replaced = _written(compilation, root, broken)
        if not incidents and package is None:
            incidents = broken()
            if check and not incidents:
                settle(root)
                incidents = stale(compilation, root)
        files, read = len(compilation.files), len(compilation.compiled)
        return Build(tuple(incidents), package, files, read, unverified, tuple(replaced))


def _written(
    compilation: Compilation, root: Path, broken: Callable[[], list[Incident]]
) -> tuple[DataPackage | None, list[Incident]]:
    """Write the package, and return it with what was edited by hand; None where a rule is broken."""

    def require() -> None:
        if broken():
            message = "A rule is broken."
            raise ReadoutsError(message)

    try:
        if not (root / HIDDEN).is_dir():
            # Nothing is left where nothing was.
            require()
        root.mkdir(parents=True, exist_ok=True)
        with locked(root):
            present = Present(root, compilation.store)
            replaced = hand_edits(compilation, present)
            return write_package(compilation, root, present, require), replaced
    except (ReadoutsError, OSError):
        # Findings come first.
        if not broken():
            raise
        return None, []


def _verified(compilation: Compilation, folder: Path, *, all_texts: bool) -> tuple[list[Incident], tuple[str, ...]]:
    """Return the findings of the texts that are there, and the articles whose texts are not."""
    from readouts.compile.verify import verify_texts
    from readouts.text.sources import text_folder

    found = verify_texts(compilation.files.values(), text_folder(folder))
    missing = [finding for finding in found if finding.code == "text-missing"]
    articles = sum(file.kind == "article" for file in compilation.files.values())
    if not all_texts:
        if missing and len(missing) == articles:
            message = f"No text in {folder} is the text of an article: expected files named <article_id>.txt."
            raise ReadoutsError(message)
        found = [finding for finding in found if finding.code != "text-missing"]
    return found, tuple(finding.key[0] for finding in missing if finding.key)


def rule_findings(compilation: Compilation, annotations: Path) -> list[Incident]:
    """Return what of the tables of a compilation breaks the rules that join them, with the place to fix.

    Parameters
    ----------
    compilation
        What was compiled.
    annotations
        The folder of annotations.
    """
    from readouts.compile.source_location import Origins
    from readouts.datapackage.incident import Severity, sorted_incidents
    from readouts.quality.rules.tables import examine

    found = examine(_frames(_whole(compilation)), _MOST_FOUND).incidents
    # A warning, which `validate` reports, keeps nothing from being written.
    found = [finding for finding in found if finding.severity is Severity.ERROR]
    return sorted_incidents(Origins(annotations.resolve()).locate(found))


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
