"""The formats that a package is exported to: each is an entry of one table, which others may add to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from readouts.datapackage.exporting.citation import write_citation, write_zenodo
from readouts.datapackage.exporting.croissant import write_croissant
from readouts.datapackage.exporting.data_contract import data_contract, write_data_contract
from readouts.datapackage.exporting.datasette import write_database
from readouts.datapackage.exporting.dbt import dbt_sources, write_dbt
from readouts.datapackage.exporting.errors import ExportError
from readouts.datapackage.exporting.huggingface import write_card
from readouts.datapackage.exporting.json_schema import json_schemas, write_json_schemas
from readouts.datapackage.exporting.jsonl import write_jsonl
from readouts.datapackage.exporting.mapping import Mapped
from readouts.datapackage.exporting.parquet import write_parquet
from readouts.datapackage.exporting.rocrate import crate_refusal, write_crate
from readouts.datapackage.exporting.source import Conventions, Dataset, dataset_of
from readouts.datapackage.exporting.workbook import write_workbook
from readouts.datapackage.package.files import staged_folder
from readouts.datapackage.package.locate import PackageLike, located
from readouts.datapackage.processes import Progress, no_progress
from readouts.datapackage.suggest import did_you_mean

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable

    from readouts.datapackage.package.bare import SchemaLike
    from readouts.datapackage.package.package import DataPackage

__all__ = ["FORMATS", "Format", "export", "formats_refused", "left_out", "not_mapped", "register_format"]


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
    mapped
        Maps the schemas of a package, where it is these that the format has, and says what it can't express.
    """

    title: str
    write: Callable[[Dataset, Path], list[Path]]
    refusal: Callable[[Dataset], str | None] = lambda _: None
    mapped: Callable[[Dataset], Mapped] = lambda _: Mapped()


FORMATS: dict[str, Format] = {
    "parquet": Format("Parquet, one file per table", write_parquet),
    "sqlite": Format("SQLite, with metadata for Datasette", write_database),
    "xlsx": Format("Excel workbook with the codebook", write_workbook),
    "jsonl": Format("JSON Lines, one file per table", write_jsonl),
    "croissant": Format("Croissant 1.1, next to the CSV files", write_croissant),
    "ro-crate": Format("RO-Crate 1.2, with the CSV files", write_crate, crate_refusal),
    "huggingface": Format("Hugging Face dataset: card and Parquet", write_card),
    "json-schema": Format("JSON Schema of the rows of each table", write_json_schemas, mapped=json_schemas),
    "odcs": Format("Open Data Contract Standard 3", write_data_contract, mapped=data_contract),
    "dbt": Format("dbt sources with their tests", write_dbt, mapped=dbt_sources),
    "citation": Format("CITATION.cff", write_citation),
    "zenodo": Format(".zenodo.json", write_zenodo),
}


def register_format(name: str, format: Format) -> None:  # noqa: A002 - it is one
    """Add a format, or replace the one of that name."""
    FORMATS[name] = format


def export(
    package: PackageLike,
    formats: str | Iterable[str],
    output: str | os.PathLike[str],
    *,
    overwrite: bool = False,
    conventions: Conventions | None = None,
    schema: SchemaLike | None = None,
    schemas: str | os.PathLike[str] | None = None,
    progress: Progress = no_progress,
) -> list[Path]:
    """Write a package in other formats: all of their files, or none.

    Parameters
    ----------
    package
        The package; it is only read.
    formats
        Name of a format, or several; `all` stands for every format that the package can be put into.
    output
        Folder to write to; it may hold other files.
    overwrite
        Whether files with other content are replaced.
    conventions
        What packages of this kind have in common that no descriptor says, such as units.
    schema
        The Table Schema of a single table: its file, or what that holds. Default: it is inferred.
    schemas
        A folder with copies of schemas that the descriptor names by address, as `validate` takes it.
    progress
        Shows progress.

    Returns
    -------
    list of Path
        The files, in the order of the formats.

    Raises
    ------
    ExportError
        There is no such format, the package can't be put into it, or a file with other content exists.
    PackageError
        A table is not what its schema says.

    Examples
    --------
    >>> from readouts.datapackage.sample import sample_package
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [path.name for path in export(sample_package(), ["zenodo", "sqlite"], folder)]
    ['.zenodo.json', 'lakes.sqlite', 'datasette.json']
    """
    wanted = dict.fromkeys([formats] if isinstance(formats, str) else formats)
    for name in wanted:
        if name not in FORMATS and name != "all":
            message = f"Unknown format '{name}'. {did_you_mean(name, FORMATS)} Formats: {', '.join(FORMATS)}."
            raise ExportError(message)
    with located(package, schema=schema) as (_, found):
        dataset = dataset_of(found.with_copies(schemas), conventions)
        if "all" in wanted:
            wanted = dict.fromkeys(name for name in FORMATS if name not in _refused(dataset))
        return _written(dataset, list(wanted), Path(output), overwrite, progress)


def _written(dataset: Dataset, wanted: list[str], folder: Path, overwrite: bool, progress: Progress) -> list[Path]:
    for name in wanted:
        refusal = FORMATS[name].refusal(dataset)
        if refusal is not None:
            message = (
                f"{dataset.package.root} can't be put into the format {name}: {refusal}. Any package can be exported "
                "to parquet, sqlite, xlsx and jsonl."
            )
            raise ExportError(message)
    folder.mkdir(parents=True, exist_ok=True)
    # On the same file system as the folder, so that each file moves to its place in one step.
    with staged_folder(folder / "export") as stage:
        written = []
        for name in wanted:
            with progress(f"Writing {name}"):
                written += FORMATS[name].write(dataset, stage)
        files = list(dict.fromkeys(path.relative_to(stage) for path in written))
        if not overwrite:
            _hold_others(stage, folder, files)
        for file in files:
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (stage / file).replace(folder / file)
    return [folder / file for file in files]


def left_out(package: DataPackage) -> dict[str, str]:
    """Return the resources of a package that no tabular format has, each with the reason."""
    return dataset_of(package).left_out


def _refused(dataset: Dataset) -> dict[str, str]:
    reasons = {name: each.refusal(dataset) for name, each in FORMATS.items()}
    return {name: reason for name, reason in reasons.items() if reason is not None}


def formats_refused(package: DataPackage) -> dict[str, str]:
    """Return the formats that a package can't be put into, which `all` leaves out, each with the reason.

    Examples
    --------
    >>> from readouts.datapackage.sample import sample_package
    >>> from readouts.datapackage.package.package import open_package
    >>> from dataclasses import replace
    >>> package = open_package(sample_package())
    >>> formats_refused(replace(package, descriptor={**package.descriptor, "created": ""}))["ro-crate"]
    'expected `created` in its descriptor, found none'
    """
    return _refused(dataset_of(package))


def not_mapped(package: PackageLike, formats: str | Iterable[str]) -> dict[str, list[str]]:
    """Return what schemas say that some formats can't express.

    Parameters
    ----------
    package
        The package.
    formats
        Name of a format, or several; `all` stands for every format.

    Returns
    -------
    dict
        For each of the formats that has schemas rather than rows, where something is left out, and what it is.

    Examples
    --------
    >>> from readouts.datapackage.sample import sample_package
    >>> not_mapped(sample_package(), "dbt")["dbt"][0]
    'countries.country_id: pattern ^[a-z]+(-[a-z]+)*$'
    """
    names = [formats] if isinstance(formats, str) else list(formats)
    with located(package) as (_, found):
        dataset = dataset_of(found)
        lost = {name: FORMATS[name].mapped(dataset).lost for name in (FORMATS if "all" in names else names)}
    return {name: each for name, each in lost.items() if each}


def _hold_others(stage: Path, folder: Path, files: list[Path]) -> None:
    """Refuse to replace what is there and isn't the same."""
    for file in files:
        target = folder / file
        if target.is_symlink() or (target.exists() and not _same(stage / file, target)):
            message = (
                f"{target} already exists with other content: choose another folder, or allow it to be "
                "replaced with --overwrite. Nothing was written."
            )
            raise ExportError(message)


def _same(one: Path, other: Path) -> bool:
    return other.is_file() and one.read_bytes() == other.read_bytes()
