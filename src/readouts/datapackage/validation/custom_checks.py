"""Custom checks: functions over the tables of a package, whose findings become incidents."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from readouts.datapackage.errors import ArgumentError, PackageError
from readouts.datapackage.incident import CODES, Code, Incident, Severity, incident
from readouts.datapackage.suggest import did_you_mean
from readouts.datapackage.table.typed_frame import ROW, TypedTable, typed_table
from readouts.datapackage.validation.severities import unreliable
from readouts.datapackage.words import listed, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import polars as pl

    from readouts.datapackage.findings import Findings
    from readouts.datapackage.package.package import DataPackage

__all__ = ["COLLECTED", "CustomCheck", "Finding", "Tables", "check", "codes_of", "run_checks"]

COLLECTED: ContextVar[tuple[str, list[CustomCheck]]] = ContextVar("COLLECTED", default=("", []))
"""The module of the file that is being loaded, and the checks that it has made so far."""
_CORRECT = "Correct the check: nobody knows what it would have found."
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found, where it is not a row of its first table that fails.

    Attributes
    ----------
    message
        What was expected and what was found; by default what the docstring of the check expects.
    table
        The table; the first one of the check by default.
    row
        The value of `_row` in the row concerned; None if it is about the whole table.
    field
        The column; that of the check by default.
    value
        The offending value; by default the text of the cell.
    hint
        How to fix it; that of the check by default.
    """

    message: str | None = None
    table: str | None = None
    row: int | None = None
    field: str | None = None
    value: str | None = None
    hint: str | None = None


@dataclass(frozen=True)
class CustomCheck:
    """A custom check, as `check` makes it. Calling it calls its function.

    Attributes
    ----------
    function
        What is checked: a function of frames, or a schema of pandera.
    tables
        The tables that it is given.
    code
        What findings are called, how bad they are, what they mean and how to fix them.
    field, message
        The column, and the message, of findings that say nothing else.
    """

    function: Any
    tables: tuple[str, ...]
    code: Code
    field: str | None = None
    message: str | None = None

    def __call__(self, *frames: Any) -> Any:
        """Return what the function returns for frames."""
        return self.function(*frames)

    def run(self, tables: Tables, findings: Findings) -> None:
        """Add what the check finds in a package; an error in it is a finding too."""
        first, rows = tables[self.tables[0]], _Rows(self, tables, findings)
        what = f"The check {quoted(self.code.name)}"
        with findings.outlasting(what, within=_source(self.function), hint=_CORRECT, table=self.tables[0]):
            if hasattr(self.function, "validate"):
                from readouts.datapackage.validation.pandera_schemas import failures

                for message, field, failing in failures(self.function, first.frame):
                    for row in failing:
                        rows.add(Finding(self.message or message, row=row, field=field))
            else:
                self._judge(self.function(*(tables[name].frame for name in self.tables)), first, rows)
        rows.settle()

    def _judge(self, result: Any, table: TypedTable, rows: _Rows) -> None:
        """Read what the function returned."""
        import narwhals as nw
        import polars as pl

        field = self.field
        result = nw.to_native(result, pass_through=True)
        if isinstance(result, pl.Expr):
            names = set(result.meta.root_names())
            field = field or (next(iter(names)) if len(names) == 1 else None)
        if isinstance(result, pl.Expr | nw.Expr):
            frame: Any = table.frame if isinstance(result, pl.Expr) else nw.from_native(table.frame)
            result = nw.to_native(frame.select(result.alias(ROW)), pass_through=True)[ROW]
            if len(result) == 1 != table.frame.height:
                # An expression of the whole table.
                result = result.item()
        elif isinstance(result, pl.LazyFrame):
            result = result.collect()
        if result is None:
            return
        if isinstance(result, bool | np.bool_):
            if not result:
                rows.add(Finding(self.message, field=field))
            return
        if isinstance(result, str | dict) or not isinstance(result, Iterable):
            raise TypeError(f"it returned {result!r:.80}: expected {_EXPECTED}")
        native = nw.from_native(result, allow_series=True, pass_through=True)
        if isinstance(native, nw.DataFrame):
            if ROW not in native.columns:
                raise TypeError(f"it returned a frame without the column {ROW}, which says which rows fail: keep it")
            rows.add_frame(native.to_polars(), field)
        elif isinstance(native, nw.Series):
            passed = native.to_polars()
            if passed.dtype != pl.Boolean or len(passed) != table.frame.height:
                found = f"{len(passed):,} of {passed.dtype}"
                raise TypeError(f"it returned a series of {found}: expected {table.frame.height:,} of Boolean")
            rows.add_frame(table.frame.filter(~passed.fill_null(value=True)), field)
        else:
            for each in result:
                if not isinstance(each, Finding):
                    raise TypeError(f"it gave {each!r:.80}: expected {_EXPECTED}")
                rows.add(each)


_EXPECTED = (
    "None, a boolean, a column of booleans (true where a row passes), a frame of the rows that fail, or findings "
    "(`Finding`)"
)


class Tables:
    """The tables of a package as frames, each read when a check first asks for it."""

    def __init__(self, package: DataPackage) -> None:
        self.package = package
        self._read: dict[str, TypedTable] = {}

    def __getitem__(self, name: str) -> TypedTable:
        if name not in self._read:
            self._read[name] = typed_table(self.package.resource(name))
        return self._read[name]


class _Rows:
    """What one check finds, while it becomes incidents."""

    def __init__(self, made: CustomCheck, tables: Tables, findings: Findings) -> None:
        self.check, self.tables, self.findings = made, tables, findings
        self.count = 0
        self.kept: list[Incident] = []

    def add_frame(self, frame: pl.DataFrame, field: str | None) -> None:
        """Add a finding per row of a frame."""
        template, limit = self.check.message, self.findings.limit
        shown = frame if limit is None else frame.head(max(0, limit - len(self.kept)))
        self.count += frame.height - shown.height
        for row in shown.iter_rows(named=True):
            values = {name: "no value" if value is None else value for name, value in row.items()}
            message = None if template is None else template.format_map(values)
            self.add(Finding(message, row=row[ROW], field=field))

    def add(self, found: Finding) -> None:
        """Add one finding, with the place of its row."""
        code, name = self.check.code, found.table or self.check.tables[0]
        if name not in self.check.tables:
            known = did_you_mean(name, self.check.tables)
            raise ValueError(f"it gave a finding in {quoted(name)}, which is not among its tables. {known}")
        field = found.field or self.check.field
        place = {} if found.row is None else self.tables[name].place(found.row, field)
        self.count += 1
        if self.findings.limit is not None and len(self.kept) >= self.findings.limit:
            return
        if found.value is not None:
            place["value"] = str(found.value)
        message = found.message
        if message is None:
            cell = (
                "" if field is None or not place else f" Found {quoted(place['value']) if place['value'] else 'none'}."
            )
            message = f"Expected: {code.meaning.rstrip('.')}.{cell}"
        hint = code.fix if found.hint is None else found.hint
        self.kept.append(Incident(code.name, message, hint, code.severity, table=name, field=field, **place))

    def settle(self) -> None:
        """Hand over what was found."""
        if self.count:
            self.findings.merge({self.check.code.name: self.count}, self.kept)


def check(
    *tables: str,
    code: str | None = None,
    field: str | None = None,
    message: str | None = None,
    hint: str = "",
    severity: Literal["error", "warning"] = "error",
) -> Callable[[Any], CustomCheck]:
    """Make a check of a function over tables, or of a schema of pandera.

    The function is given a Polars frame per table, with the columns of the schema in their types and a column `_row`:
    the number of the row, 1 for the first below the header. A missing value is null, and so is one that can't be read
    as its type, which is a finding of its own. It returns one of these:

    - a column of booleans, or an expression for one: true where a row of the first table passes; null passes too;
    - a frame of the rows of the first table that fail, with their `_row`;
    - a boolean about the whole table;
    - `Finding`s, with the table and `_row` of each;
    - None if nothing was found.

    Columns and frames may be those of Polars, Narwhals or pandas.

    Parameters
    ----------
    tables
        Names of the tables that the function is given; findings are in the first one.
    code
        What its findings are called. Default: the name of the function, with hyphens.
    field
        The column that findings are about. Default: the only column that a returned expression reads.
    message
        The message, in which `{column}` is a value of the row. Default: the first line of the function's docstring.
    hint
        How to fix what it finds.
    severity
        Whether findings make the package not valid, or only warn.

    Returns
    -------
    Callable
        The decorator, which returns a `CustomCheck`: a function of frames as before.

    Raises
    ------
    ArgumentError
        No table is named, or the code is not in lower case with hyphens, or is that of a finding of readouts.

    Examples
    --------
    >>> import polars as pl
    >>> from readouts.datapackage import check, validate
    >>> from readouts.datapackage.sample import sample_package
    >>> @check("lakes", message="{name} has {area} square kilometres.", hint="Look the area up again.")
    ... def area_plausible(lakes):
    ...     return pl.col("area") < 6000
    >>> report = validate(sample_package(), checks=[area_plausible])
    >>> [(finding.place(), finding.message) for finding in report.incidents]
    [('lakes row 2 (line 3) area', 'Issyk-Kul has 6236.0 square kilometres.')]
    """
    if not tables or not all(isinstance(name, str) for name in tables):
        message = '`check` requires the names of the tables that it is given, such as @check("lakes").'
        raise ArgumentError(message)
    if severity not in {"error", "warning"}:
        raise ArgumentError(f"Unknown severity {severity!r}: expected 'error' or 'warning'.")

    caller = sys._getframe(1).f_globals.get("__name__")

    def made(function: Any) -> CustomCheck:
        called = getattr(function, "__name__", None) or getattr(function, "name", None) or "check"
        name = code or re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+", "-", str(called)).strip("-").lower()
        if not _CODE.fullmatch(name):
            raise ArgumentError(f"The code {quoted(name)} of a check: expected lower-case words joined by hyphens.")
        if name in CODES:
            raise ArgumentError(f"The code {quoted(name)} of a check is that of a finding of readouts: choose another.")
        own = inspect.isfunction(function) or inspect.isclass(function)
        summary = inspect.cleandoc((function.__doc__ if own else None) or "").partition("\n")[0]
        known = Code(name, "rules", summary or f"{name.replace('-', ' ')}.", hint, Severity(severity))
        custom = CustomCheck(function, tables, known, field, message)
        module, collected = COLLECTED.get()
        if module and module == caller:
            collected.append(custom)
        return custom

    return made


def _source(function: Any) -> tuple[str, int]:
    """Return the file of a function, and its first line."""
    inner = inspect.unwrap(function) if callable(function) else function
    code = getattr(inner, "__code__", None)
    return ("", 0) if code is None else (code.co_filename, code.co_firstlineno)


def codes_of(checks: Iterable[CustomCheck]) -> dict[str, Code]:
    """Return the codes of checks; raise an ArgumentError if two have the same."""
    codes: dict[str, Code] = {}
    for each in checks:
        if each.code.name in codes:
            raise ArgumentError(f"Two checks have the code {quoted(each.code.name)}: rename one of them.")
        codes[each.code.name] = each.code
    return codes


def run_checks(
    groups: Mapping[str, list[CustomCheck]], package: DataPackage, findings: Findings
) -> Iterator[tuple[str, str]]:
    """Run checks; yield for each group what it is called, and what was there to look at."""
    tables = Tables(package)
    for source, checks in groups.items():
        skipped = []
        for each in checks:
            what = f"The check {quoted(each.code.name)} was not run"
            absent = next((name for name in each.tables if name not in package.resources), None)
            if absent is not None:
                known = did_you_mean(absent, package.resources)
                message = f"{what}: the package has no table {quoted(absent)}. {known}"
                findings.add(incident("check-failed", message, hint=_CORRECT))
                continue
            try:
                for name in each.tables:
                    tables[name]
            except PackageError as error:
                skipped.append(each.code.name)
                if not any(map(unreliable, findings.counts)):
                    # Nothing else says so.
                    findings.add(incident("check-failed", f"{what}: {error}", hint=""))
            else:
                each.run(tables, findings)
        names = listed([each.code.name for each in checks])
        unread = f"; not run, since a table can't be read: {listed(skipped)}" if skipped else ""
        yield source, f"{names}{unread}"
