"""The formats that a package is exported to: each is an entry of one table, which others may add to."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from readouts.datapackage.exporting.citation import write_citation, write_zenodo
from readouts.datapackage.exporting.croissant import write_croissant
from readouts.datapackage.exporting.datasette import write_database
from readouts.datapackage.exporting.errors import ExportError
from readouts.datapackage.exporting.huggingface import write_card
from readouts.datapackage.exporting.jsonl import write_jsonl
from readouts.datapackage.exporting.parquet import write_parquet
from readouts.datapackage.exporting.rocrate import write_crate
from readouts.datapackage.exporting.source import Dataset, dataset_of
from readouts.datapackage.exporting.workbook import write_workbook
from readouts.datapackage.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from readouts.datapackage.package.package import Package

__all__ = ["FORMATS", "Format", "export", "export_all", "left_out", "register_format"]


@dataclass(frozen=True, slots=True)
class Format:
    """One format.

    Attributes
    ----------
    title
        What it is, in a few words.
    write
        Writes it into a folder, and returns the files.
    refusal
        Returns why a package can't be put into it; None if it can. Most formats take any package.
    """

    title: str
    write: Callable[[Dataset, Path], list[Path]]
    refusal: Callable[[Dataset], str | None] = lambda _: None


FORMATS: dict[str, Format] = {
    "parquet": Format("Parquet, one file a table", write_parquet),
    "sqlite": Format("SQLite, with metadata for Datasette", write_database),
    "xlsx": Format("Excel workbook with the codebook", write_workbook),
    "jsonl": Format("JSON Lines, one file a table", write_jsonl),
    "croissant": Format("Croissant 1.1, beside the CSV files", write_croissant),
    "ro-crate": Format("RO-Crate 1.2, with the CSV files", write_crate),
    "huggingface": Format("Hugging Face dataset: card and Parquet", write_card),
    "citation": Format("CITATION.cff", write_citation),
    "zenodo": Format(".zenodo.json", write_zenodo),
}


def register_format(name: str, format: Format) -> None:  # noqa: A002 - it is one
    """Add a format, or replace the one of that name."""
    FORMATS[name] = format


def export(package: Package, names: Iterable[str], folder: Path, *, overwrite: bool = False) -> list[Path]:
    """Write a package in some formats: all of their files, or none.

    Parameters
    ----------
    package
        The package; it is only read.
    names
        Names of formats.
    folder
        Where to. It may hold other files.
    overwrite
        Whether a file that is there with another content is replaced.

    Returns
    -------
    list of Path
        The files, in the order of the formats.

    Raises
    ------
    ExportError
        There is no such format, the package can't be put into it, or a file is there with another content.
    PackageError
        A table is not what its schema says.

    Examples
    --------
    >>> from readouts.datapackage.package.package import open_package
    >>> from readouts.datapackage.sample import sample_package
    >>> package = open_package(sample_package())
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [path.name for path in export(package, ["zenodo"], Path(folder))]
    ['.zenodo.json']
    """
    wanted = list(dict.fromkeys(names))
    for name in wanted:
        if name not in FORMATS:
            message = f"There is no format '{name}'. {did_you_mean(name, FORMATS)} Formats: {', '.join(FORMATS)}."
            raise ExportError(message)
    dataset = dataset_of(package)
    for name in wanted:
        refusal = FORMATS[name].refusal(dataset)
        if refusal is not None:
            message = (
                f"{package.root} can't be put into the format {name}: {refusal}. Any package can be exported to "
                "parquet, sqlite, xlsx and jsonl."
            )
            raise ExportError(message)
    folder.mkdir(parents=True, exist_ok=True)
    # On the same file system as the folder, so that each file moves to its place in one step.
    with tempfile.TemporaryDirectory(prefix=".export-", dir=folder) as temporary:
        stage = Path(temporary)
        written = [path for name in wanted for path in FORMATS[name].write(dataset, stage)]
        files = list(dict.fromkeys(path.relative_to(stage) for path in written))
        if not overwrite:
            _hold_others(stage, folder, files)
        for file in files:
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (stage / file).replace(folder / file)
    return [folder / file for file in files]


def export_all(package: Package, folder: Path, *, overwrite: bool = False) -> list[Path]:
    """Write a package in every format that it can be put into, as a release has them.

    Examples
    --------
    >>> from readouts.datapackage.package.package import open_package
    >>> from readouts.datapackage.sample import sample_package
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     files = export_all(open_package(sample_package()), Path(folder))
    ...     "lakes.xlsx" in {file.name for file in files}
    True
    """
    dataset = dataset_of(package)
    names = [name for name, each in FORMATS.items() if each.refusal(dataset) is None]
    return export(package, names, folder, overwrite=overwrite)


def left_out(package: Package) -> dict[str, str]:
    """Return the resources of a package that no tabular format has, each with the reason."""
    return dataset_of(package).left_out


def _hold_others(stage: Path, folder: Path, files: list[Path]) -> None:
    """Refuse to replace what is there and isn't the same."""
    for file in files:
        target = folder / file
        if target.is_symlink() or (target.exists() and not _same(stage / file, target)):
            message = (
                f"{target} is there already and holds something else: choose another folder, or allow it to be "
                "replaced with --overwrite. Nothing was written."
            )
            raise ExportError(message)


def _same(one: Path, other: Path) -> bool:
    return other.is_file() and one.read_bytes() == other.read_bytes()
