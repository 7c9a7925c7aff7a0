"""Comparing two packages, as a function of the public Python API."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Literal, TypedDict, Unpack

from readouts.datapackage.api import framed, require_count, require_one_of
from readouts.datapackage.difference.result import PackageDiffData
from readouts.datapackage.errors import ArgumentError
from readouts.datapackage.memory import memory_bound
from readouts.datapackage.optional import requires_extra
from readouts.datapackage.package.locate import PackageLike, located_sides
from readouts.datapackage.versioning import Level
from readouts.datapackage.words import counted

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Collection, Mapping
    from decimal import Decimal

    import pandas as pd

    from readouts.datapackage.package.bare import SchemaLike
    from readouts.datapackage.package.package import DataPackage, PackageVersion

__all__ = ["DiffOptions", "PackageDiff", "diff"]

_COUNTS = (
    "name", "status", "derived", "rows_old", "rows_new", "rows_added", "rows_removed", "rows_changed", "rows_renamed",
    "cells_changed",
)  # fmt: skip
_STREAM_STEP = 2**20
"""Bytes that are hashed at once while a comparison in one pass stays within its memory."""


class DiffOptions(TypedDict, total=False):
    """Options of `diff` that those who extend it pass on."""

    ids: Collection[str] | str | None
    limit: int | None
    stream: bool
    labels: tuple[str, str] | None
    key: Collection[str] | str | None
    ignore: Collection[str] | str
    tolerance: Mapping[str, Decimal | float | str] | None
    ignore_trailing_spaces: bool
    schema: SchemaLike | None
    schemas: str | os.PathLike[str] | None
    memory: int | str | None
    engine: Literal["polars", "spark"]
    master: str | None


class _TableOptions(TypedDict):
    """Options of `compare_by_table`."""

    sides: tuple[PackageVersion, PackageVersion]
    limit: int | None
    derived: Collection[str]


class PackageDiff(PackageDiffData):
    """How two packages differ, as `diff` returns it. A notebook shows it as a page.

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
        tables = f"{counted(changed, 'table')} changed, a {self.bump.level.word} change"
        if self.bump.level is Level.UNKNOWN:
            tables = f"{counted(changed, 'table')} changed, {counted(self.hidden, 'change')} hidden"
        return f"<PackageDiff of {names}: {'no differences' if self.same and not self.hidden else tables}>"

    def to_frame(self) -> pd.DataFrame:
        """Return a frame of pandas with a row for each table: its status, its rows, and how many changed.

        Examples
        --------
        >>> from readouts.datapackage import diff
        >>> from readouts.datapackage.sample import sample_package
        >>> diff(sample_package(), sample_package()).to_frame()["status"].to_list()
        ['same', 'same', 'same']
        """
        import pandas as pd

        return pd.DataFrame([[getattr(table, name) for name in _COUNTS] for table in self.tables], columns=[*_COUNTS])

    def to_json(self) -> str:
        """Return the differences as JSON, which `difference.schema.json` describes."""
        return self._in("json")

    def to_markdown(self, links: Mapping[str, str] | None = None) -> str:
        """Return the differences as Markdown, with links to the whole of them by their names."""
        return self._in("markdown", links)

    def to_html(self) -> str:
        """Return the differences as one HTML page that needs no other file."""
        return self._in("html")

    @requires_extra("The page of a comparison")
    def _in(self, form: str, links: Mapping[str, str] | None = None) -> str:
        from readouts.datapackage.render.difference.formats import render

        return render(self, form, links)

    def _repr_html_(self) -> str:
        return framed(self.to_html())


@requires_extra("diff()")
def diff(
    old: PackageLike,
    new: PackageLike,
    *,
    ids: Collection[str] | str | None = None,
    limit: int | None = 1000,
    stream: bool = False,
    derived: Collection[str] | Callable[[DataPackage, DataPackage], Collection[str]] = (),
    labels: tuple[str, str] | None = None,
    key: Collection[str] | str | None = None,
    ignore: Collection[str] | str = (),
    tolerance: Mapping[str, Decimal | float | str] | None = None,
    ignore_trailing_spaces: bool = False,
    schema: SchemaLike | None = None,
    schemas: str | os.PathLike[str] | None = None,
    memory: int | str | None = None,
    engine: Literal["polars", "spark"] = "polars",
    master: str | None = None,
) -> PackageDiff:
    """Compare two packages cell by cell, and compute the version that the changes need.

    Parameters
    ----------
    old, new
        The packages, or two states of a single table. Keys, types and references come from their descriptors.
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
    key
        Columns that rows are paired by instead of the primary key, each as `COLUMN`, or `TABLE.COLUMN` where several
        tables have it; in one text, they are separated by commas.
    ignore
        Columns, named in the same way, whose cells and schema may differ.
    tolerance
        How much the numbers of a column may differ, by its name. They are compared exactly, as decimal numbers.
    ignore_trailing_spaces
        Whether spaces at the end of cells don't count, those of keys included.
    schema
        The Table Schema of two single tables: its file, or what that holds. Default: one is inferred that holds for
        both, and the notes say so.
    schemas
        A folder with copies of schemas that the descriptors name by address, as `validate` takes it.
    memory
        How much memory the comparison may take: bytes, or a text such as `1GB`. Rows that don't fit are compared in a
        temporary file, with the same result; the differences are in memory. Default: half of the memory that is
        available.
    engine, master
        What compares the rows, and where Spark runs, as `validate` has them. Spark needs the same primary key on both
        sides; it follows no references and no `id_changes`, and suggests no renames, which the notes say.

    Returns
    -------
    PackageDiff
        What changed in `tables`, `changes`, `references` and `lineage`, and the version it needs in `bump`. `settings`
        has the key, the ignored columns and so on, and how many changes each hid; if one hid any, or rows were paired
        by another key, the level of `bump` is `UNKNOWN`.

    Raises
    ------
    PackageError
        A package, or a table of it, can't be read, or its rows can't be told apart by their key.
    ArgumentError
        `ids`, or something to overlook, are given for a comparison in one pass or on Spark; or a column is unknown.
    ReadoutsError
        The disk is too full for the temporary file.

    Examples
    --------
    >>> from readouts.datapackage.sample import sample_package
    >>> found = diff(sample_package(), sample_package())
    >>> found.same, found.bump.level.word
    (True, 'none')
    >>> diff(sample_package(), sample_package(), ignore="lakes.depth", tolerance={"area": 0.1}).settings[0].columns
    ('depth',)
    """
    require_count(limit)
    require_one_of("engine", engine, ("polars", "spark"))
    if engine == "spark":
        _require_plain(stream=stream, memory=memory, ids=ids, settings=(key, ignore, tolerance, ignore_trailing_spaces))
    bound = memory_bound(memory)
    if isinstance(ids, str):
        ids = [ids]
    if stream and ids is not None:
        message = "A comparison in one pass can't look ids up: leave out either `stream` or `ids`."
        raise ArgumentError(message)
    settings = None
    if key or ignore or tolerance or ignore_trailing_spaces:
        from readouts.datapackage.difference.settings import read_settings

        settings = read_settings(key, ignore, tolerance, spaces=ignore_trailing_spaces)
        if stream:
            message = (
                "A comparison in one pass goes by the primary key and counts every change: leave out either `stream`, "
                "or `key`, `ignore`, `tolerance` and `ignore_trailing_spaces`."
            )
            raise ArgumentError(message)
    with located_sides(old, new, labels=labels or (None, None), schema=schema) as (
        (called_old, before),
        (called_new, after),
    ):
        from readouts.datapackage.package.integrity import AT_ONCE, false_claims_meanwhile

        before, after = before.with_copies(schemas), after.with_copies(schemas)  # noqa: PLW2901
        sides = called_old, called_new
        repeating = derived(before, after) if callable(derived) else derived
        claimed = ((before, called_old.label), (after, called_new.label))
        with false_claims_meanwhile(*claimed, at_once=_STREAM_STEP if stream else AT_ONCE) as claims:
            if engine == "spark":
                found = _on_spark(before, after, master, sides=sides, limit=limit, derived=repeating)
            elif stream:
                from readouts.datapackage.difference.sorted_compare import compare_in_stream

                found = compare_in_stream(before, after, sides=sides, limit=limit, derived=repeating)
            else:
                from readouts.datapackage.difference.compare import compare

                found = compare(
                    before, after, sides=sides, limit=limit, ids=ids, derived=repeating, settings=settings, memory=bound
                )
            parts = {each.name: getattr(found, each.name) for each in fields(PackageDiffData)}
            return PackageDiff(**parts | {"notes": (*before.notes, *claims(), *found.notes)})


def _require_plain(*, stream: bool, memory: object, ids: object, settings: tuple[object, ...]) -> None:
    """Raise if a comparison on Spark is to do what it can't."""
    given = {"stream": stream, "memory": memory is not None, "ids": ids is not None}
    if wrong := next((name for name, value in given.items() if value), None):
        message = f"A comparison on Spark doesn't take `{wrong}`: leave out either it or `engine`."
        raise ArgumentError(message)
    if any(settings):
        message = (
            "A comparison on Spark goes by the primary key and counts every change: leave out either `engine`, or "
            "`key`, `ignore`, `tolerance` and `ignore_trailing_spaces`."
        )
        raise ArgumentError(message)


def _on_spark(
    before: DataPackage, after: DataPackage, master: str | None, **options: Unpack[_TableOptions]
) -> PackageDiffData:
    """Compare two packages on Spark."""
    from readouts.datapackage.difference.sorted_compare import compare_by_table
    from readouts.datapackage.difference.spark_compare import SparkComparison
    from readouts.datapackage.validation.spark.session import EngineError, reason_of, session, spark_errors

    with session(master) as context:
        try:
            return compare_by_table(before, after, how=SparkComparison(context), **options)
        except spark_errors() as error:
            message = f"Spark could not compare the packages: {reason_of(error)}. Compare them with the engine polars."
            raise EngineError(message) from error
