"""The public Python API of the engine: what the command line does with any Data Package, as functions.

Each takes a package as a folder, the path of its descriptor, a ZIP archive, `git:REVISION`, the version of a release in
`releases/`, or what `open` returned.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from readouts.datapackage.difference.result import PackageDiffData
from readouts.datapackage.errors import ArgumentError
from readouts.datapackage.package.locate import opened
from readouts.datapackage.package.package import Package, PackageVersion, open_package
from readouts.datapackage.processes import Progress, no_progress
from readouts.datapackage.report import Check, ReportData

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from readouts.datapackage.delta.format import Release
    from readouts.datapackage.findings import Findings
    from readouts.datapackage.merging.conflict import MergedFile, MergedFolder
    from readouts.datapackage.merging.packages import MergeKinds

__all__ = [
    "PackageDiff",
    "PackageLike",
    "Report",
    "apply_delta",
    "canonicalise",
    "create_delta",
    "diff",
    "export",
    "merge",
    "open",
    "revert_delta",
    "validate",
]

PackageLike: TypeAlias = "str | os.PathLike[str] | Package"
PackageCheck: TypeAlias = "Callable[[Package, Findings], Iterable[Check]]"
"""A check handed to `validate`: it adds what it finds, and returns what it did."""

_STREAM_STEP = 2**20
"""Bytes that are hashed at once while a comparison in one pass stays within its memory."""


class Report(ReportData):
    """What `validate` checked and found; see `ReportData` for its attributes.

    Examples
    --------
    >>> from readouts.datapackage import validate
    >>> from readouts.datapackage.sample import sample_package
    >>> validate(sample_package())
    <Report of lakes 1.0.0: valid, 0 findings in 3 tables>
    """

    def __repr__(self) -> str:
        found = f"{self.total:,} {'finding' if self.total == 1 else 'findings'}"
        name = f"{self.name} {self.version}".strip() or self.path
        tables = f"{len(self.files):,} {'table' if len(self.files) == 1 else 'tables'}"
        return f"<Report of {name}: {'valid' if self.valid else 'not valid'}, {found} in {tables}>"

    def to_json(self) -> str:
        """Return the report as JSON, which `report.schema.json` describes."""
        return self._in("json")

    def to_markdown(self) -> str:
        """Return the report as Markdown, short enough for a comment on a pull request."""
        return self._in("markdown")

    def to_html(self) -> str:
        """Return the report as one HTML page that needs no other file."""
        return self._in("html")

    def _in(self, form: str) -> str:
        from readouts.datapackage.render.report.formats import FORMATS

        return FORMATS[form].render(self)

    def _repr_html_(self) -> str:
        return _framed(self.to_html())


class PackageDiff(PackageDiffData):
    """How two packages differ, as `diff` returns it; see `PackageDiffData` for its attributes.

    Examples
    --------
    >>> from readouts.datapackage import diff
    >>> from readouts.datapackage.sample import sample_package
    >>> diff(sample_package(), sample_package())
    <PackageDiff of lakes 1.0.0 and lakes 1.0.0: no differences>
    """

    def __repr__(self) -> str:
        names = " and ".join(f"{each.name} {each.version}".strip() or each.label for each in (self.old, self.new))
        changed = sum(table.status != "same" for table in self.tables)
        tables = f"{changed:,} {'table' if changed == 1 else 'tables'} changed, a {self.bump.level.word} change"
        return f"<PackageDiff of {names}: {'no differences' if self.same else tables}>"

    def to_json(self) -> str:
        """Return the differences as JSON, which `difference.schema.json` describes."""
        return self._in("json")

    def to_markdown(self, links: Mapping[str, str] | None = None) -> str:
        """Return the differences as Markdown, with links to the whole of them by their names."""
        return self._in("markdown", links)

    def to_html(self) -> str:
        """Return the differences as one HTML page that needs no other file."""
        return self._in("html")

    def _in(self, form: str, links: Mapping[str, str] | None = None) -> str:
        from readouts.datapackage.render.difference.formats import render

        return render(self, form, links)

    def _repr_html_(self) -> str:
        return _framed(self.to_html())


def _framed(page: str) -> str:
    """Return a page for a notebook, in a frame that keeps its styles to itself."""
    from html import escape

    return f'<iframe srcdoc="{escape(page)}" sandbox width="100%" height="480" style="border: 0"></iframe>'


def open(package: str | os.PathLike[str]) -> Package:  # noqa: A001 - `readouts.datapackage.open`
    """Open a package in a folder, given as the folder or the path of its descriptor.

    Raises
    ------
    PackageError
        There is no descriptor, or the file is not one.

    Examples
    --------
    >>> from readouts.datapackage.sample import sample_package
    >>> list(open(sample_package()).resources)
    ['countries', 'lakes', 'measurements']
    """
    return open_package(Path(package))


def label_of(package: PackageLike) -> str:
    """Return what a report calls a package: as it was given, or the version of an opened one, else its folder."""
    if isinstance(package, Package):
        return package.version or str(package.root)
    return os.fspath(package)


@contextmanager
def located(
    package: PackageLike, label: str | None = None, extra_files: tuple[str, ...] = ()
) -> Iterator[tuple[PackageVersion, Package]]:
    """Open a package, wherever it is, until the end of the block; with what it is called."""
    if isinstance(package, Package):
        found = replace(package, extra_files=(*package.extra_files, *extra_files))
        yield PackageVersion(label or label_of(package), package.name, package.version), found
        return
    with opened(os.fspath(package), extra_files=extra_files) as (called, found):
        yield called if label is None else PackageVersion(label, called.name, called.version), found


def validate(
    package: PackageLike,
    *,
    level: Literal["structure", "content"] = "content",
    engine: Literal["polars", "spark"] = "polars",
    master: str = "local[*]",
    limit: int | None = 1000,
    checks: Iterable[PackageCheck] = (),
    label: str | None = None,
    progress: Progress = no_progress,
) -> Report:
    """Validate a package: its descriptor and files, then types, constraints, keys and references.

    Parameters
    ----------
    package
        The package.
    level
        `structure` checks the descriptor and the form of the files, `content` every cell too.
    engine
        `polars`, or `spark` for data that exceeds one machine (`pip install 'readouts[spark]'`).
    master
        Where Spark runs: `local[*]`, `spark://host:7077` or the like.
    limit
        How many findings of each code become incidents; None for all. Counts are exact whatever the limit.
    checks
        Further checks: functions of the package and of `Findings`, to which they add what they find. They return a
        `Check` for each thing that they looked at.
    label
        How the report names the package. Default: as it was given.
    progress
        Shows progress.

    Returns
    -------
    Report
        What was checked and found; `valid` says whether nothing is an error.

    Raises
    ------
    PackageError
        There is no package, or its descriptor can't be read.
    ArgumentError
        The level or the engine is unknown, or Spark is asked for the structure alone.

    Examples
    --------
    >>> from readouts.datapackage.sample import sample_package
    >>> report = validate(sample_package() / "datapackage.json")
    >>> report.valid, report.counts, report.rows
    (True, {}, 13)
    """
    _known("level", level, ("structure", "content"))
    _known("engine", engine, ("polars", "spark"))
    if engine == "spark" and level == "structure":
        message = "Spark checks what cells hold: use engine='polars' for level='structure'."
        raise ArgumentError(message)
    from time import perf_counter

    from readouts.datapackage.validation.start import begin

    started = perf_counter()
    with located(package, label) as (called, found):
        # Before anything heavy is imported, so that frictionless works meanwhile.
        beginning = begin(found)
        from readouts.datapackage.findings import Findings
        from readouts.datapackage.incident import sorted_incidents

        findings = Findings(limit)
        further = [check for each in checks for check in each(found, findings)]
        with progress("Checking the package") as update:
            if engine == "polars":
                from readouts.datapackage.validation.validator import check_package

                checked = check_package(beginning, findings, content=level == "content", progress=update)
            else:
                from readouts.datapackage.validation.spark.validator import check_package_on_spark

                checked = check_package_on_spark(beginning, findings, master, progress=update)
        return Report(
            name=found.name,
            version=found.version,
            path=label or (found.root if isinstance(package, Package) else Path(called.label)).as_posix(),
            level=level,
            checks=(*checked.checks, *further),
            incidents=tuple(sorted_incidents(findings.incidents)),
            counts=dict(sorted(findings.counts.items())),
            rows=sum(checked.rows.values()),
            seconds=perf_counter() - started,
            files=checked.files,
        )


def _known(what: str, given: object, known: tuple[str, ...]) -> None:
    if given not in known:
        message = f"Unknown {what} {given!r}: expected {' or '.join(map(repr, known))}."
        raise ArgumentError(message)


def diff(
    old: PackageLike,
    new: PackageLike,
    *,
    ids: Collection[str] | None = None,
    limit: int | None = 1000,
    stream: bool = False,
    derived: Collection[str] | Callable[[Package, Package], Collection[str]] = (),
    labels: tuple[str, str] | None = None,
) -> PackageDiff:
    """Compare two packages cell by cell, and compute the version that the changes need.

    Parameters
    ----------
    old, new
        The packages. Keys, types and references come from their descriptors.
    ids
        Ids, of any table, that the result is to be about; None for everything.
    limit
        How many added rows, removed rows and changed cells of each table the result shows; None for all. Counts are
        exact whatever the limit.
    stream
        Read both packages in one pass and in little memory; they must be in canonical form.
    derived
        Names of tables that only repeat what others say, or a function of both packages that returns them: their rows
        don't count for the version.
    labels
        How the result names the packages. Default: as they were given.

    Returns
    -------
    PackageDiff
        What changed in `tables`, `changes`, `references` and `lineage`, and the version it needs in `bump`.

    Raises
    ------
    PackageError
        A package, or a table of it, can't be read, or its rows can't be told apart by their key.
    ArgumentError
        `ids` are given for a comparison in one pass.

    Examples
    --------
    >>> from readouts.datapackage.sample import sample_package
    >>> found = diff(sample_package(), sample_package())
    >>> found.same, found.bump.level.word
    (True, 'none')
    """
    if stream and ids is not None:
        message = "A comparison in one pass can't look ids up: leave out either `stream` or `ids`."
        raise ArgumentError(message)
    names = labels or (None, None)
    with located(old, names[0]) as (called_old, before), located(new, names[1]) as (called_new, after):
        from readouts.datapackage.table.integrity import AT_ONCE, false_claims_meanwhile

        sides = called_old, called_new
        repeating = derived(before, after) if callable(derived) else derived
        claimed = ((before, called_old.label), (after, called_new.label))
        with false_claims_meanwhile(*claimed, at_once=_STREAM_STEP if stream else AT_ONCE) as claims:
            if stream:
                from readouts.datapackage.difference.sorted_compare import compare_in_stream

                found = compare_in_stream(before, after, sides=sides, limit=limit, derived=repeating)
            else:
                from readouts.datapackage.difference.compare import compare

                found = compare(before, after, sides=sides, limit=limit, ids=ids, derived=repeating)
            parts = {each.name: getattr(found, each.name) for each in fields(PackageDiffData)}
            return PackageDiff(**parts | {"notes": (*claims(), *found.notes)})


def merge(
    base: str | os.PathLike[str],
    ours: str | os.PathLike[str],
    theirs: str | os.PathLike[str],
    *,
    output: str | os.PathLike[str] | None = None,
    path: str | None = None,
    schema: str | os.PathLike[str] | None = None,
    kinds: MergeKinds | None = None,
) -> MergedFile | MergedFolder:
    """Merge three versions of a package, or of one file of it, by key and cell.

    Parameters
    ----------
    base
        The version that both sides began with.
    ours, theirs
        The versions to merge; the layout of ours is kept.
    output
        Where the result is written: a file, or a folder that is new or empty. Default: nowhere.
    path
        For files: the path of the file in its package, which says what it is. Default: that of `ours`.
    schema
        For files: the Table Schema of a CSV file that no descriptor lists.
    kinds
        What is merged in a way of its own, for projects that hold more than packages.

    Returns
    -------
    MergedFolder or MergedFile
        The result, with every contradiction in `conflicts`; files have them between markers.

    Raises
    ------
    MergeError
        A version can't be read, has no keys to go by, or files and folders are mixed.
    PackageError
        The output exists and is not an empty folder.

    Examples
    --------
    >>> from readouts.datapackage.sample import sample_package
    >>> merged = merge(sample_package(), sample_package(), sample_package())
    >>> merged.conflicts
    ()
    """
    from readouts.datapackage.merging.packages import PACKAGE, merge_paths

    versions = Path(base), Path(ours), Path(theirs)
    named = None if schema is None else Path(schema)
    return merge_paths(
        versions, None if output is None else Path(output), path=path, schema=named, kinds=kinds or PACKAGE
    )


def canonicalise(
    package: PackageLike, output: str | os.PathLike[str], *, extra_files: tuple[str, ...] = ()
) -> list[str]:
    """Write a package in canonical form: UTF-8, LF, minimal quoting, columns as in the schema, rows by key.

    Parameters
    ----------
    package
        The package, which is only read.
    output
        A folder that is new or empty, outside the package.
    extra_files
        Paths of files that belong to the package, where they exist, though its descriptor doesn't name them.

    Returns
    -------
    list of str
        The files written, by path.

    Raises
    ------
    PackageError
        A table can't be read, has a key twice, or is not the file that the descriptor was written for.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from readouts.datapackage.sample import sample_package
    >>> with TemporaryDirectory() as folder:
    ...     "data/lakes.csv" in canonicalise(sample_package(), folder)
    True
    """
    from readouts.datapackage import canonical_form

    with located(package, extra_files=extra_files) as (_, found):
        return canonical_form.canonicalise(found, Path(output))


def create_delta(
    old: PackageLike, new: PackageLike, output: str | os.PathLike[str], *, extra_files: tuple[str, ...] = ()
) -> int:
    """Write what carries one canonical package to another and back.

    Parameters
    ----------
    old, new
        The packages, which are only read.
    output
        The file to write.
    extra_files
        Paths of files that belong to the packages, where they exist, though their descriptors don't name them.

    Returns
    -------
    int
        Size of the delta, in bytes.

    Raises
    ------
    PackageError
        A package is not in canonical form.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from readouts.datapackage.sample import sample_package
    >>> with TemporaryDirectory() as folder:
    ...     create_delta(sample_package(), sample_package(), f"{folder}/nothing.delta") > 0
    True
    """
    from readouts.datapackage.delta import create

    with (
        located(old, extra_files=extra_files) as (called_old, before),
        located(new, extra_files=extra_files) as (called_new, after),
    ):
        return create.create_delta(before, after, Path(output), (called_old.label, called_new.label))


def apply_delta(
    base: PackageLike,
    delta: str | os.PathLike[str],
    output: str | os.PathLike[str],
    *,
    extra_files: tuple[str, ...] = (),
) -> Release:
    """Make the newer package from the older one and a delta, byte for byte.

    Parameters
    ----------
    base
        The older package.
    delta
        What `create_delta` wrote.
    output
        A folder that is new or empty, outside the package.
    extra_files
        Paths of files that belong to the package, where they exist, though its descriptor doesn't name them.

    Returns
    -------
    Release
        Name, version and files of what was made.

    Raises
    ------
    DeltaError
        The delta is damaged, or belongs to another package.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from readouts.datapackage.sample import sample_package
    >>> with TemporaryDirectory() as folder:
    ...     _ = create_delta(sample_package(), sample_package(), f"{folder}/nothing.delta")
    ...     apply_delta(sample_package(), f"{folder}/nothing.delta", f"{folder}/made").version
    '1.0.0'
    """
    return _carried(base, delta, output, extra_files, back=False)


def revert_delta(
    base: PackageLike,
    delta: str | os.PathLike[str],
    output: str | os.PathLike[str],
    *,
    extra_files: tuple[str, ...] = (),
) -> Release:
    """Make the older package from the newer one and a delta, byte for byte; see `apply_delta`."""
    return _carried(base, delta, output, extra_files, back=True)


def _carried(base: PackageLike, delta: Any, output: Any, extra_files: tuple[str, ...], *, back: bool) -> Release:
    from readouts.datapackage.delta import apply

    with located(base, extra_files=extra_files) as (_, found):
        return (apply.revert_delta if back else apply.apply_delta)(found, Path(delta), Path(output))


def export(
    package: PackageLike,
    formats: str | Iterable[str],
    output: str | os.PathLike[str],
    *,
    overwrite: bool = False,
) -> list[Path]:
    """Write a package in other formats: all of their files, or none.

    Parameters
    ----------
    package
        The package, which is only read.
    formats
        Name of a format, or several: `parquet`, `sqlite`, `xlsx`, `jsonl`, ...; `all` stands for every one that the
        package can be put into.
    output
        Folder to write to; it may hold other files.
    overwrite
        Whether files with other content are replaced.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    ExportError
        There is no such format, the package can't be put into it, or a file with other content exists.
    PackageError
        A table is not what its schema says.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from readouts.datapackage.sample import sample_package
    >>> with TemporaryDirectory() as folder:
    ...     [path.name for path in export(sample_package(), "sqlite", folder)][0]
    'lakes.sqlite'
    """
    from readouts.datapackage.exporting import formats as known

    wanted = [formats] if isinstance(formats, str) else list(formats)
    with located(package) as (_, found):
        if "all" in wanted:
            return known.export_all(found, Path(output), overwrite=overwrite)
        return known.export(found, wanted, Path(output), overwrite=overwrite)
