"""The public Python API of the engine: what the command line does with any Data Package, as functions.

A package is given as its folder, the path of its descriptor, a ZIP archive, `git:REVISION`, the version of a release in
`releases/`, or as what `open` returned. The functions that write packages are in the folders of what they do.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias, TypedDict

from readouts.datapackage.errors import ArgumentError
from readouts.datapackage.memory import memory_bound
from readouts.datapackage.optional import requires_extra
from readouts.datapackage.package.locate import PackageLike, located, opened
from readouts.datapackage.processes import Progress, no_progress
from readouts.datapackage.report import Check, ReportData

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from readouts.datapackage.findings import Findings
    from readouts.datapackage.package.bare import SchemaLike
    from readouts.datapackage.package.package import DataPackage
    from readouts.datapackage.validation.custom_checks import CustomCheck

__all__ = [
    "Report",
    "ValidateOptions",
    "framed",
    "listed_checks",
    "open",
    "require_count",
    "require_one_of",
    "validate",
]

PackageCheck: TypeAlias = "Callable[[DataPackage, Findings], Iterable[Check] | None]"
"""A check handed to `validate`: it adds what it finds, and returns what it did."""
CheckSource: TypeAlias = "str | os.PathLike[str] | CustomCheck | PackageCheck"
"""A file of checks, an entry point, or a check."""


class ValidateOptions(TypedDict, total=False):
    """Options of `validate` that those who extend it pass on."""

    engine: Literal["polars", "spark"]
    master: str | None
    limit: int | None
    label: str | None
    schema: SchemaLike | None
    ignore: Sequence[str]
    warn: Sequence[str]
    package_settings: Literal["severities", "all", "none"]
    schemas: str | os.PathLike[str] | None
    memory: int | str | None


class Report(ReportData):
    """What `validate` checked and found. A notebook shows it as a page.

    Examples
    --------
    >>> from readouts.datapackage import validate
    >>> from readouts.datapackage.sample import sample_package
    >>> validate(sample_package())
    <Report of lakes 1.0.0: valid, 0 findings in 13 rows>
    """

    def __repr__(self) -> str:
        found = f"{self.total:,} {'finding' if self.total == 1 else 'findings'}"
        name = f"{self.name} {self.version}".strip() or self.path
        return f"<Report of {name}: {self.state}, {found} in {self.rows:,} rows>"

    def to_json(self) -> str:
        """Return the report as JSON, which `report.schema.json` describes."""
        return self._in("json")

    def to_markdown(self) -> str:
        """Return the report as Markdown, short enough for a comment on a pull request."""
        return self._in("markdown")

    def to_html(self) -> str:
        """Return the report as one HTML page that needs no other file."""
        return self._in("html")

    @requires_extra("The page of a report")
    def _in(self, form: str) -> str:
        from readouts.datapackage.render.report.formats import FORMATS

        return FORMATS[form](self)

    def _repr_html_(self) -> str:
        return framed(self.to_html())


def framed(page: str) -> str:
    """Return a page for a notebook, in a frame that keeps its styles to itself."""
    from html import escape

    return f'<iframe srcdoc="{escape(page)}" sandbox width="100%" height="480" style="border: 0"></iframe>'


def open(  # noqa: A001 - `readouts.datapackage.open`
    package: PackageLike,
    *,
    extra_files: tuple[str, ...] = (),
    schema: SchemaLike | None = None,
    schemas: str | os.PathLike[str] | None = None,
) -> DataPackage:
    """Open a package.

    Parameters
    ----------
    package
        Its folder, its `datapackage.json` or `datapackage.yaml`, a ZIP archive of it, `git:REVISION`, the version of a
        release in `releases/`, a single CSV or TSV file, which becomes a package of one table, or `-` for standard
        input. Unpacked files lie in a temporary folder that lasts as long as the package, or a resource of it.
    extra_files
        Paths of files that belong to the package, where they exist, though its descriptor doesn't name them, such as a
        licence: canonical form and deltas keep them.
    schema
        The Table Schema of a single table: its file, or what that holds. Default: it is inferred, as `describe` does.
    schemas
        A folder with copies of schemas and profiles that its descriptor names by address.

    Raises
    ------
    PackageError
        It is not a package, or the archive is unsafe to unpack.
    ArgumentError
        The folder doesn't exist.

    Examples
    --------
    >>> from readouts import datapackage
    >>> from readouts.datapackage.sample import sample_package
    >>> list(datapackage.open(sample_package()).resources)
    ['countries', 'lakes', 'measurements']
    """
    return opened(package, extra_files, schema).with_copies(schemas)


@requires_extra("validate()")
def validate(
    package: PackageLike,
    *,
    level: Literal["structure", "content"] = "content",
    engine: Literal["polars", "spark"] = "polars",
    master: str | None = None,
    limit: int | None = 1000,
    checks: CheckSource | Iterable[CheckSource] = (),
    ignore: Sequence[str] = (),
    warn: Sequence[str] = (),
    package_settings: Literal["severities", "all", "none"] = "severities",
    schemas: str | os.PathLike[str] | None = None,
    label: str | None = None,
    schema: SchemaLike | None = None,
    memory: int | str | None = None,
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
        Where Spark runs: `local[*]`, `spark://host:7077` or similar. Default: what `spark-submit` or the settings of
        Spark say, or else this machine.
    limit
        How many findings of each code become incidents; None for all. Counts are exact whatever the limit.
    checks
        Custom checks: what `check` makes, a file of them (`checks.py`), or an entry point of the group
        `readouts.checks`; one or several. A function of the package and of `Findings`, to which it adds what it finds,
        is a check too; it returns a `Check` for each thing that it looked at.
    ignore, warn
        Codes of findings that are ignored, or count as warnings; the report says how many there were. Findings that
        keep others from being found, such as a missing column, stay as they are.
    package_settings
        Which settings in the property `readouts` of the descriptor are applied: `severities` (its `ignore` and `warn`),
        `all` (its `checks` too, which are code of the package that is run), or `none`.
    schemas
        A folder with copies of schemas and profiles that the descriptor names by address, since nothing is fetched. A
        file is the copy of an address if its `$id` is that address, or if it has none and its path in the folder is the
        end of the address.
    label
        How the report names the package. Default: as it was given.
    schema
        The Table Schema of a single table: its file, or what that holds. Default: it is inferred from the table, and
        the report says so.
    memory
        How much memory the check of a package may take: bytes, or a text such as `1GB`. Keys and references that
        don't fit are compared in a temporary file, with the same findings. Default: half of the memory that is
        available. Custom checks get whole tables, whatever the bound.
    progress
        Shows progress.

    Returns
    -------
    Report
        What was checked and found. `state` is the verdict: `valid`, `not valid`, or `not checked` if something could
        not be checked. A check that crashes is a finding (`check-failed`), and the others go on.

    Raises
    ------
    PackageError
        There is no package, or its descriptor can't be read.
    ArgumentError
        The level, the engine or a code is unknown; Spark or custom checks are combined with `structure`, or Spark
        with `memory`; checks can't be loaded, or there is no folder of copies.
    ReadoutsError
        The disk is too full for the temporary file.

    Examples
    --------
    >>> from readouts.datapackage.sample import sample_package
    >>> report = validate(sample_package() / "datapackage.json")
    >>> report.valid, report.counts, report.rows
    (True, {}, 13)
    """
    require_one_of("level", level, ("structure", "content"))
    require_one_of("engine", engine, ("polars", "spark"))
    if engine == "spark" and level == "structure":
        message = "The engine 'spark' checks the values of cells: for the level 'structure', use 'polars'."
        raise ArgumentError(message)
    if engine == "spark" and memory is not None:
        message = "The engine 'spark' has settings of its own for memory: leave out `memory`."
        raise ArgumentError(message)
    bound = memory_bound(memory)
    require_count(limit)
    require_one_of("package_settings", package_settings, ("severities", "all", "none"))
    from time import perf_counter

    from readouts.datapackage.validation.start import begin

    started = perf_counter()
    with located(package, label, duplicates=True, schema=schema) as (called, opened_package):
        found = opened_package.with_copies(schemas)
        # Before anything heavy is imported, so that frictionless works meanwhile.
        beginning = begin(found)
        from readouts.datapackage.findings import Findings
        from readouts.datapackage.incident import CODES, sorted_incidents
        from readouts.datapackage.validation.descriptor import Checked
        from readouts.datapackage.validation.settings import Settings

        findings = Findings(limit)
        checked = Checked()
        further: list[Check] = []
        settings = Settings(found, package_settings, level)
        functions = settings.take_checks(listed_checks(checks))
        settings.take_severities(ignore, warn, findings)
        for each in functions:
            with findings.outlasting(f"The check {getattr(each, '__name__', each)!r}"):
                further += each(found, findings) or ()
        unknown = next((code for code in findings.counts if code not in CODES), None)
        if unknown is not None:
            message = f"A check found '{unknown}', which is not a known code: register it with `register_codes` first."
            raise ArgumentError(message)
        with progress("Checking the package") as update, findings.outlasting("The check of the package"):
            if engine == "polars":
                from readouts.datapackage.validation.validator import check_package

                content = level == "content"
                checked = check_package(beginning, findings, content=content, memory=bound, progress=update)
            else:
                from readouts.datapackage.validation.spark.validator import check_package_on_spark

                checked = check_package_on_spark(beginning, findings, master)
        further += settings.run_checks(findings)
        done = settings.apply(findings)
        return Report(
            name=found.name,
            version=found.version,
            path=label or (Path(called.label) if isinstance(package, str | os.PathLike) else found.root).as_posix(),
            level=level,
            checks=(*(Check("schema", "readouts", note) for note in found.notes), *checked.checks, *further),
            incidents=tuple(sorted_incidents(findings.incidents)),
            counts=dict(sorted(findings.counts.items())),
            rows=sum(checked.rows.values()),
            seconds=perf_counter() - started,
            files=checked.files,
            settings=done,
            not_applied=settings.not_applied,
            codes={code: entry for code, entry in settings.codes.items() if code in findings.counts},
        )


def listed_checks(checks: CheckSource | Iterable[CheckSource]) -> list[CheckSource]:
    """Return checks as a list, whether one or several were given."""
    if isinstance(checks, str | os.PathLike) or callable(checks):
        return [checks]
    return list(checks)


def require_one_of(what: str, given: object, known: tuple[str, ...]) -> None:
    """Raise unless an argument is one of the values that it may have."""
    if given not in known:
        message = f"Unknown {what} {given!r}: expected {' or '.join(map(repr, known))}."
        raise ArgumentError(message)


def require_count(limit: object) -> None:
    """Raise unless a limit is a number of findings or rows, or None."""
    if limit is not None and (not isinstance(limit, int) or limit < 0):
        message = f"The limit is {limit!r}: expected how many to show, 0 for none of them, or None for all."
        raise ArgumentError(message)
