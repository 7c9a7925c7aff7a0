"""Spark (https://spark.apache.org/docs/latest/sql-data-sources-csv.html) as a reader of tables: session and frames."""

from __future__ import annotations

import codecs
import json
import logging
import re
import warnings
from contextlib import contextmanager, suppress
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any

from readouts.datapackage.errors import ReadoutsError
from readouts.datapackage.validation.keys import POSITION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from readouts.datapackage.table.resource import Resource
    from readouts.datapackage.table.table_files import TableFiles

__all__ = [
    "RAW",
    "EngineError",
    "frame_of_files",
    "frame_of_rows",
    "kept",
    "reason_of",
    "rows_of",
    "session",
    "unreadable",
]

RAW = "raw"
"""The column with the text of a row that has another number of cells than there are columns."""
_OPTIONS = {
    "spark.log.level": "OFF",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.legacy.javaCharsets": "true",
    # Spark must read every cell of a row to notice that there are too few or too many.
    "spark.sql.csv.parser.columnPruning.enabled": "false",
    "spark.sql.csv.filterPushdown.enabled": "false",
    # A table that is sent to all workers passes through the driver, whose memory is small by default.
    "spark.sql.autoBroadcastJoinThreshold": "-1",
    # A reader of kept rows would otherwise hold on to the last hundred blocks of them.
    "spark.serializer.objectStreamReset": "1",
}
_LOCAL_OPTIONS = {
    # A master in this process listens to nobody else, and a few cores need few partitions.
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.shuffle.partitions": "4",
}
_PACKED = frozenset(["gz", "bz2", "deflate", "lz4", "snappy", "zst"])
_ROWS = 10_000
_PART, _ROW = 2**18, 64
"""Bytes that come back to this process at a time, and those that a row takes besides its cells.

Spark hands a result of more than a megabyte on through its store of blocks, and loses it where that has no room.
"""


class EngineError(ReadoutsError):
    """Spark could not be started or reached."""


@contextmanager
def session(master: str) -> Iterator[Any]:
    """Give a quiet Spark session that ends with the block.

    Parameters
    ----------
    master
        Where Spark runs, such as `local[*]` or `spark://host:7077`.

    Raises
    ------
    EngineError
        It could not be started.
    ModuleNotFoundError
        PySpark is not installed.
    """
    from pyspark import SparkConf, SparkContext, java_gateway
    from pyspark.sql import SparkSession

    launch: Any = java_gateway.launch_gateway
    settings = _OPTIONS | (_LOCAL_OPTIONS if master.startswith("local") else {})
    configuration = SparkConf().setMaster(master).setAppName("readouts").setAll(list(settings.items()))
    with TemporaryFile() as said:
        context = None
        try:
            # What the Java process says goes into a file: a report on standard output must stay one.
            started = SparkContext._gateway is not None
            with warnings.catch_warnings():
                # PySpark imports pandas, which is not used here, and warns of versions that it doesn't know.
                warnings.filterwarnings("ignore", message="PySpark does not yet", category=FutureWarning)
                gateway = None if started else launch(configuration, {"stdout": said, "stderr": said})
                context = SparkContext(conf=configuration, gateway=gateway)
                spark = SparkSession(context)
        except Exception as error:
            said.seek(0)
            if context is not None:
                context.stop()
            raise EngineError(_not_started(master, error, said.read().decode("utf-8", "replace"))) from error
        logging.getLogger().addFilter(_is_not_py4j)
        try:
            yield spark
        finally:
            logging.getLogger().removeFilter(_is_not_py4j)
            # A dead process can't be stopped.
            with suppress(Exception):
                context.stop()


def _is_not_py4j(record: logging.LogRecord) -> bool:
    """Return whether a message is not one of those about the way to Java, which repeat what the report has."""
    return "py4j" not in record.pathname


def _not_started(master: str, error: Exception, said: str) -> str:
    told = [line.strip() for line in said.splitlines() if line.strip()]
    reason = next((line for line in told if "java" in line.lower() or "error" in line.lower()), "") or reason_of(error)
    return (
        f"Expected to start Spark with the master '{master}'; it didn't: {reason[:300]}. Spark 4 needs Java 17 or "
        "later (set JAVA_HOME), and a master such as local[*] or spark://host:7077."
    )


def reason_of(error: Exception) -> str:
    r"""Return what went wrong in Spark, without the places in its code.

    Examples
    --------
    >>> reason_of(RuntimeError("An error occurred while calling o1.count.\n: java.io.IOException: No disk\n\tat x"))
    'java.io.IOException: No disk'
    """
    lines = [line.strip() for line in str(error).splitlines()]
    causes = [line for line in lines if line.startswith("Caused by: ")]
    if causes:
        return causes[-1].removeprefix("Caused by: ")[:300]
    plain = [line for line in lines if line and not line.startswith(("at ", "An error occurred"))]
    return (plain[0].removeprefix(": ") if plain else type(error).__name__)[:300]


def unreadable(resource: Resource, spark: Any) -> str | None:
    """Return what Spark doesn't read of a resource's files as the standard has it; None if it reads them."""
    dialect = resource.dialect
    if not resource.paths:
        return "a text in the descriptor"
    if dialect.header and dialect.header_rows != (1,):
        return "a header that is not the first row alone"
    if not dialect.plain:
        return "a dialect with escapes, comments, blanks before cells, undoubled quotes or lines that end in CR"
    if resource.compression == "zip":
        return "a ZIP archive"
    for path in resource.paths:
        if path.name.startswith((".", "_")):
            return "a file whose name begins with a dot or a low line"
        if (path.suffix[1:].lower() in _PACKED) != (resource.compression == "gz"):
            return "a file whose name doesn't end as its compression has it"
    charset = codecs.lookup(resource.encoding).name
    if not spark.sparkContext._jvm.java.nio.charset.Charset.isSupported(_java_name(charset)):
        return f"the encoding {resource.encoding}"
    return None


def _java_name(encoding: str) -> str:
    return "utf-8" if encoding == "utf-8-sig" else encoding


def _address(path: Path) -> str:
    """Return the address of a file, in which no character stands for others."""
    return "file://" + re.sub(r"([\\{}\[\]*?])", r"\\\1", path.resolve().as_posix())


def frame_of_files(spark: Any, resource: Resource, width: int, files: TableFiles) -> Any:
    """Return the rows of a resource's files as texts.

    Parameters
    ----------
    spark
        The session.
    resource
        A resource whose files Spark reads.
    width
        Number of columns.
    files
        Its files, of which the driver has seen whether they begin with the header.

    Returns
    -------
    DataFrame
        Columns `0`, `1`, ... of texts, null where a cell is empty or not there; `RAW`, null for a row that has
        as many cells as there are columns; and `POSITION`, by which the rows are in the order of the files.
    """
    from pyspark.sql import functions
    from pyspark.sql.types import StringType, StructField, StructType

    dialect = resource.dialect
    schema = StructType([StructField(name, StringType()) for name in [*map(str, range(width)), RAW]])
    quote = dialect.quote_char or "\0"
    reader = spark.read.schema(schema).options(
        sep=dialect.delimiter,
        quote=quote,
        escape=quote,
        encoding=_java_name(codecs.lookup(resource.encoding).name),
        mode="PERMISSIVE",
        columnNameOfCorruptRecord=RAW,
        multiLine=True,
        # Left to itself, Spark takes the first line's end for the end of all, and rewrites those within quotes.
        lineSep="\n",
        maxColumns=max(20_480, 2 * width),
    )
    whole = None
    for place, path in enumerate(resource.paths):
        part = reader.option("header", dialect.header and (place == 0 or files.repeats(place))).csv(_address(path))
        whole = part if whole is None else whole.union(part)
    if whole is None:
        message = f"The resource {resource.name} has no files."
        raise EngineError(message)
    # A file is read as one partition, and a union keeps the order of its parts.
    ordered = whole.withColumn(POSITION, functions.monotonically_increasing_id())
    return ordered.repartition(spark.sparkContext.defaultParallelism)


def kept(frame: Any) -> Any:
    """Return a frame whose rows are computed once and kept on the disks of the workers, not in their memory."""
    from pyspark import StorageLevel

    return frame.persist(StorageLevel.DISK_ONLY)


def rows_of(frame: Any) -> Iterator[Any]:
    """Yield the rows of a frame in no order, in parts so small that no worker and no driver has to hold many.

    All rows that come back from Spark come through this function.
    """
    from pyspark.sql import functions

    rows = kept(frame)
    try:
        cells = (functions.octet_length(functions.col(name).cast("string")) for name in rows.columns)
        sizes = (functions.coalesce(cell, functions.lit(0)) for cell in cells)
        total = rows.select(functions.sum(sum(sizes, functions.lit(_ROW)))).first()[0] or 0
        yield from rows.repartition(1 + int(total) // _PART).toLocalIterator()
    finally:
        rows.unpersist()


def frame_of_rows(spark: Any, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Any:
    """Return rows that are known here as a frame: of texts, except for the numbers of `POSITION`.

    The rows travel as a JSON text, so that no Python is needed where Spark runs.
    """
    from pyspark.sql import functions

    fields = ", ".join(f"`{name}`: {'bigint' if name == POSITION else 'string'}" for name in columns)
    listed = list(rows)
    frame = None
    for start in range(0, max(len(listed), 1), _ROWS):
        part = [dict(zip(columns, row, strict=True)) for row in listed[start : start + _ROWS]]
        made = functions.from_json(functions.lit(json.dumps(part)), f"array<struct<{fields}>>")
        one = spark.range(1).select(functions.inline(made))
        frame = one if frame is None else frame.union(one)
    return frame
