"""The tables of a corpus, each read when it is first asked for, in the library of one's choice."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, TypeVar, overload

from readouts.datapackage.suggest import did_you_mean
from readouts.loaders.lazy import Tables
from readouts.loaders.rows import TypedRows

if TYPE_CHECKING:
    from collections.abc import Callable

    import duckdb
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from readouts.datapackage.package.package import DataPackage, Row

__all__ = ["TableAccess"]

T = TypeVar("T")


class TableAccess(TypedRows):
    """The tables of a package: frames of pandas as attributes, and what other libraries make of them.

    Parameters
    ----------
    package
        The package on disk.
    """

    def __init__(self, package: DataPackage) -> None:
        self._package = package
        self._frames: dict[str, pd.DataFrame] = {}
        self._texts: dict[str, list[Row]] = {}

    @property
    def name(self) -> str:
        """Name of the corpus."""
        return self._package.name

    @cached_property
    def version(self) -> str:
        """Version of the release; `1.1.0+unreleased` where the tables differ from those of release 1.1.0."""
        from readouts.loaders.released import version_label

        return version_label(self.package)

    @property
    def package(self) -> DataPackage:
        """The package on disk."""
        return self._package

    @property
    def descriptor(self) -> dict[str, Any]:
        """The descriptor of the package (`datapackage.json`): licences, sources, and the schema of every table."""
        return self._package.descriptor

    @cached_property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables."""
        return tuple(name for name, resource in self._package.resources.items() if resource.schema is not None)

    if not TYPE_CHECKING:
        # A type checker knows the tables by name, and so finds one that is misspelt.
        def __getattr__(self, name: str) -> pd.DataFrame:
            if name.startswith("_"):
                raise AttributeError(name)
            if name not in self.tables:
                message = f"The corpus has no table '{name}'. {did_you_mean(name, self.tables)}"
                raise AttributeError(message)
            return self.table(name)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.tables]

    def table(self, name: str) -> pd.DataFrame:
        """Return a table as a frame of pandas; `corpus.events` is short for `corpus.table("events")`.

        Parameters
        ----------
        name
            Name of the table.

        Returns
        -------
        pandas.DataFrame
            Columns in the schema's order. Text is `str`; closed lists of values are categorical, with all their
            values; integers are `Int64`, booleans `boolean`, dates `datetime64[s]`, lists Python lists. Missing
            values are missing; a missing list is an empty one.

        Raises
        ------
        PackageError
            There is no such table, its file is not the one the descriptor was written for, or not what its schema says.

        Examples
        --------
        >>> import readouts
        >>> readouts.load().table("participants").dtypes["role"].name
        'category'
        """
        if name not in self._frames:
            from readouts.loaders.pandas_frames import pandas_frame

            self._frames[name] = pandas_frame(self._package, name)
        return self._frames[name]

    def to_frame(self) -> pd.DataFrame:
        """Return the tables as a frame of pandas: `table`, `rows`, and `row`, what one row is.

        Examples
        --------
        >>> import readouts
        >>> readouts.load("1.1.0").to_frame()["rows"].to_list()[:3]
        [4, 59, 3]
        """
        from readouts.analysis.frames import frame_of
        from readouts.loaders.repr import contents

        rows = (dict(zip(("table", "rows", "row"), found, strict=True)) for found in contents(self._package))
        return frame_of(rows, {"table": "text", "rows": "integer", "row": "text"})

    def to_frames(self) -> Tables[pd.DataFrame]:
        """Return every table as a frame of pandas by its name, each read when it is first asked for.

        Examples
        --------
        >>> import readouts
        >>> len(readouts.load("1.1.0").to_frames()["articles"])
        3
        """
        return Tables(self.tables, self.table)

    @overload
    def to_polars(self) -> Tables[pl.DataFrame]: ...
    @overload
    def to_polars(self, table: str) -> pl.DataFrame: ...
    def to_polars(self, table: str | None = None) -> Tables[pl.DataFrame] | pl.DataFrame:
        """Return a table as a frame of Polars, or all of them by name, each read when it is first asked for.

        Parameters
        ----------
        table
            Name of the table; None for all.

        Returns
        -------
        polars.DataFrame or Tables
            Text is `String`; closed lists of values are `Enum`; integers `Int64`, booleans `Boolean`, dates `Date`,
            lists `List(String)`, empty where they are missing.

        Raises
        ------
        MissingDependencyError
            Polars is not installed: `pip install 'readouts[polars]'`.
        PackageError
            There is no such table, or its file is not what its schema says.

        Examples
        --------
        >>> import readouts
        >>> readouts.load().to_polars("events").schema["date"]
        Date
        >>> sorted(readouts.load().to_polars())[:2]
        ['accounts', 'addressees']
        """
        from readouts.loaders.polars_frames import polars_frame

        return self._read(polars_frame, table)

    @overload
    def to_arrow(self) -> Tables[pa.Table]: ...
    @overload
    def to_arrow(self, table: str) -> pa.Table: ...
    def to_arrow(self, table: str | None = None) -> Tables[pa.Table] | pa.Table:
        """Return a table as a table of Arrow, or all of them by name, each read when it is first asked for.

        Parameters
        ----------
        table
            Name of the table; None for all.

        Returns
        -------
        pyarrow.Table or Tables
            Text is `string`; closed lists of values are dictionaries that hold all values; integers `int64`, booleans
            `bool`, dates `date32`, lists `list<string>`, empty where they are missing. A required field is not
            nullable, and has its description as metadata.

        Raises
        ------
        MissingDependencyError
            pyarrow is not installed: `pip install 'readouts[arrow]'`.
        PackageError
            There is no such table, or its file is not what its schema says.

        Examples
        --------
        >>> import readouts
        >>> readouts.load().to_arrow("events").schema.field("date").type
        DataType(date32[day])
        """
        from readouts.loaders.arrow_tables import arrow_table

        return self._read(arrow_table, table)

    def _read(self, read: Callable[[DataPackage, str], T], table: str | None) -> Tables[T] | T:
        """Return one table as `read` gives it, or all of them by name."""
        return Tables(self.tables, partial(read, self._package)) if table is None else read(self._package, table)

    def duckdb(self) -> duckdb.DuckDBPyConnection:
        """Return a connection to a new DuckDB database in memory with every table, its types and its keys.

        Returns
        -------
        duckdb.DuckDBPyConnection
            The tables are real ones rather than views, since views have no keys: `duckdb_constraints()` lists primary,
            unique and foreign keys, and a row that breaks one is refused. All tables are read at once, since a
            reference can only be checked against rows that are there. The database is yours; changes in it touch
            nothing else. Text is `VARCHAR`; closed lists of values are `ENUM`; integers `BIGINT`, booleans `BOOLEAN`,
            dates `DATE`, lists `VARCHAR[]`, empty where they are missing. Rows come in no promised order: use
            `ORDER BY`.

        Raises
        ------
        MissingDependencyError
            DuckDB is not installed: `pip install 'readouts[duckdb]'`.
        PackageError
            A table is not what its schema says: a value, a key or a reference is wrong.

        Examples
        --------
        >>> import readouts
        >>> connection = readouts.load().duckdb()
        >>> connection.execute("SELECT date FROM events WHERE event_id = 'call-2014-03-28'").fetchone()
        (datetime.date(2014, 3, 28),)
        """
        from readouts.loaders.database import database

        return database(self._package)

    def codebook(self, table: str) -> pd.DataFrame:
        """Return what the columns of a table mean.

        Parameters
        ----------
        table
            Name of the table.

        Returns
        -------
        pandas.DataFrame
            A row for each field: `field`, `type`, `required`, `key` (part of the primary key, or the field that it
            refers to), `description`, `values` (a dictionary from each value of a closed list to what it means, empty
            for an open one), and an invented `example`.

        Raises
        ------
        PackageError
            The corpus doesn't have the table.

        Examples
        --------
        >>> import readouts
        >>> book = readouts.load().codebook("statements").set_index("field")
        >>> book.loc["speaker_id", "key"]
        'entities.entity_id'
        >>> sorted(book.loc["polarity", "values"])
        ['negative', 'positive', 'unclear']
        """
        from readouts.loaders.codebook import codebook

        return codebook(self._package, table)

    def texts(self, table: str) -> list[Row]:
        """Return a table as in its file: rows of texts, and None for an empty cell.

        Examples
        --------
        >>> import readouts
        >>> [row["date"] for row in readouts.load().texts("events") if row["event_id"] == "call-2014-03-28"]
        ['2014-03-28']
        """
        if table not in self._texts:
            self._texts[table] = self._package.rows(table)
        return self._texts[table]
