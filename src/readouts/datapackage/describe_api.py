"""Describing bare files, as a function of the public Python API."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from readouts.datapackage.api import validate
from readouts.datapackage.errors import ArgumentError, PackageError
from readouts.datapackage.optional import requires_extra
from readouts.datapackage.package.package import DESCRIPTOR, DataPackage
from readouts.datapackage.table.canonical_csv import descriptor_bytes
from readouts.datapackage.words import counted

if TYPE_CHECKING:
    from readouts.datapackage.api import Report
    from readouts.datapackage.inference.inferred import DescribedTable

__all__ = ["Description", "describe"]


@dataclass(frozen=True)
class Description:
    """A descriptor of bare files, and what it was inferred from, as `describe` returns it.

    Attributes
    ----------
    root
        The folder that paths in the descriptor start from.
    descriptor
        What a `datapackage.json` in it would hold.
    tables
        What was inferred of each file, and why.
    report
        What validating the files by the descriptor found, if that was asked for.

    Examples
    --------
    >>> from readouts.datapackage.sample import sample_package
    >>> describe(sample_package() / "data" / "lakes.csv").tables[0].fields[0].reason
    "texts such as 'balaton'"
    """

    root: Path
    descriptor: dict[str, Any]
    tables: tuple[DescribedTable, ...]
    report: Report | None = None

    def __repr__(self) -> str:
        rows = counted(sum(table.rows for table in self.tables), "row")
        return f"<Description of {self.descriptor['name']}: {counted(len(self.tables), 'table')}, {rows}>"

    @property
    def package(self) -> DataPackage:
        """The files as a package, for functions that take one."""
        return DataPackage(self.root, self.descriptor, descriptor_file="")

    def to_descriptor(self) -> str:
        """Return the descriptor as JSON, as a `datapackage.json` has it."""
        return descriptor_bytes(self.descriptor).decode()

    def to_json(self) -> str:
        """Return the descriptor and what it was inferred from as JSON."""
        tables = [asdict(each) for each in self.tables]
        return descriptor_bytes({"descriptor": self.descriptor, "tables": tables}).decode()

    def write(self, output: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
        """Write the descriptor.

        Parameters
        ----------
        output
            The file, in the folder that the paths of the descriptor start from.
        overwrite
            Whether a file with other content is replaced.

        Raises
        ------
        PackageError
            A file with other content exists, or the folder is a different one.
        """
        path, text = Path(output), self.to_descriptor().encode()
        if path.parent.resolve() != self.root.resolve():
            message = f"{path} would not be in {self.root}, where the paths of the descriptor start."
            raise PackageError(message)
        if os.path.lexists(path) and not overwrite and not (path.is_file() and path.read_bytes() == text):
            message = (
                f"{path} already exists with other content: choose another file, or allow it to be replaced "
                "with --overwrite. Nothing was written."
            )
            raise PackageError(message)
        from readouts.datapackage.package.transaction import replace_file

        replace_file(path, text)
        return path


@requires_extra("describe()")
def describe(
    *files: str | os.PathLike[str],
    output: str | os.PathLike[str] | None = None,
    overwrite: bool = False,
    check: bool = False,
) -> Description:
    """Describe bare CSV and TSV files: propose a descriptor that makes them the tables of a package.

    Delimiter, quotes and encoding are detected. The type of a column is the narrowest that all of its cells have, keys
    and references are those that the data allows and names suggest: proposals, each with its evidence in `tables`.

    Parameters
    ----------
    files
        The files, plain or compressed with gzip.
    output
        File to write the descriptor to, such as `datapackage.json`. Its paths start from the folder of that file;
        without one from the current folder, or from the folder that all files are in, if that is elsewhere.
    overwrite
        Whether a file with other content is replaced.
    check
        Whether the files are validated by the descriptor at once.

    Returns
    -------
    Description
        The descriptor, and what it was inferred from.

    Raises
    ------
    PackageError
        A file is not a table, or the file to write holds something else.

    Examples
    --------
    >>> from readouts.datapackage.sample import sample_package
    >>> found = describe(*sorted((sample_package() / "data").glob("*.csv")), check=True)
    >>> [table.name for table in found.tables], found.report.valid
    (['countries', 'lakes', 'measurements'], True)
    >>> [key["reference"] for key in found.descriptor["resources"][1]["schema"]["foreignKeys"]]
    [{'resource': 'countries', 'fields': ['country_id']}]
    """
    from readouts.datapackage.inference.description import described_files

    if not files:
        message = "Expected at least one file to describe."
        raise ArgumentError(message)
    if "-" in map(str, files):
        message = "Standard input can't be described: a descriptor names the paths of its tables. Save it to a file."
        raise ArgumentError(message)
    paths = [*dict.fromkeys(map(Path, files))]
    root = _root(paths) if output is None else Path(output).parent
    description = Description(root, *described_files(paths, root))
    if output is not None:
        if (target := Path(output)).name.endswith((".yaml", ".yml")):
            message = f"{target} would be YAML, which is only read: name a file such as {DESCRIPTOR}."
            raise ArgumentError(message)
        description.write(target, overwrite=overwrite)
    if not check:
        return description
    return replace(description, report=validate(description.package, label=str(output or root)))


def _root(paths: list[Path]) -> Path:
    """Return the current folder, if all files are in it, else the one that they are all in."""
    folders = [path.parent.resolve() for path in paths]
    if all(folder.is_relative_to(Path.cwd()) for folder in folders):
        return Path()
    try:
        return Path(os.path.commonpath(folders))
    except ValueError:
        message = "The files are on different drives: a package has all of its files in one folder."
        raise PackageError(message) from None
