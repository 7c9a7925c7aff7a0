"""A Spark session, and the one step that everything on it is made of: tasks whose results are parted by number."""

from __future__ import annotations

import logging
import os
import sys
import warnings
from contextlib import contextmanager, suppress
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any

from readouts.datapackage.errors import ReadoutsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

__all__ = ["EngineError", "Exchange", "range_size", "reason_of", "session", "spark_errors"]

_OPTIONS = {
    "spark.log.level": "OFF",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    # There are as many tasks at once as cores, so that each needs only one.
    "spark.executorEnv.POLARS_MAX_THREADS": "1",
    # Java only passes bytes on: to start fast is worth more to it than to run fast.
    "spark.driver.defaultJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}
_LOCAL_OPTIONS = {
    # A master in this process listens to nobody else.
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
}
_LARGEST, _SMALLEST = "spark.sql.files.maxPartitionBytes", "spark.sql.files.openCostInBytes"
_ROUNDS = 2
"""How many tasks each core gets at least, of files that are large enough."""


class EngineError(ReadoutsError):
    """Spark could not be started or reached."""


@contextmanager
def session(master: str | None) -> Iterator[Any]:
    """Give a quiet Spark context that ends with the block.

    Parameters
    ----------
    master
        Where Spark runs, such as `local[*]` or `spark://host:7077`; None for what `spark-submit` or the settings of
        Spark say, or else all cores of this machine.

    Raises
    ------
    EngineError
        It could not be started.
    ModuleNotFoundError
        PySpark is not installed.
    """
    from pyspark import SparkConf, SparkContext, java_gateway

    launch: Any = java_gateway.launch_gateway
    with TemporaryFile() as said, warnings.catch_warnings():
        # PySpark imports pandas, which is not used here, and warns of versions that it doesn't know.
        warnings.filterwarnings("ignore", message="PySpark does not yet", category=FutureWarning)
        context = None
        called = master or "local[*]"
        try:
            # What the Java process says goes into a file: a report on standard output must stay one.
            first = SparkConf(loadDefaults=False).setAll(list(_OPTIONS.items()))
            if master is not None:
                first.setMaster(master)
            if SparkContext._gateway is None:
                SparkContext._gateway = launch(first, {"stdout": said, "stderr": said})
                SparkContext._jvm = SparkContext._gateway.jvm
            configuration = SparkConf().setAppName("readouts").setAll(list(_OPTIONS.items()))
            called = master or configuration.get("spark.master", "local[*]") or "local[*]"
            configuration.setMaster(called)
            if called.startswith("local"):
                configuration.setAll(list(_LOCAL_OPTIONS.items()))
            context = SparkContext(conf=configuration)
        except Exception as error:
            said.seek(0)
            if context is not None:
                context.stop()
            raise EngineError(_not_started(called, error, said.read().decode("utf-8", "replace"))) from error
        if "PYSPARK_PYTHON" not in os.environ:
            context.pythonExec = context.getConf().get("spark.pyspark.python", sys.executable)
        logging.getLogger().addFilter(_is_not_py4j)
        try:
            yield context
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
    >>> reason_of(RuntimeError("Traceback (most recent call last):\n  File x\nKeyError: 'a'\n\tat x"))
    "KeyError: 'a'"
    """
    _, of_worker, calls = str(error).rpartition("Traceback (most recent call last):\n")
    if of_worker:
        return next((line for line in calls.splitlines() if not line.startswith((" ", "\t"))), of_worker)[:300]
    lines = [line.strip() for line in str(error).splitlines()]
    causes = [line for line in lines if line.startswith("Caused by: ")]
    if causes:
        return causes[-1].removeprefix("Caused by: ")[:300]
    plain = [line for line in lines if line and not line.startswith(("at ", "An error occurred"))]
    return (plain[0].removeprefix(": ") if plain else type(error).__name__)[:300]


def spark_errors() -> tuple[type[Exception], ...]:
    """Return the errors of Spark itself; the last is what is left of a Java process that has died."""
    from importlib import import_module

    from pyspark.errors import PySparkException

    return PySparkException, import_module("py4j.protocol").Py4JError, ConnectionError


def range_size(context: Any, size: int) -> int:
    """Return how many bytes of files of a size one task reads at most: by the settings that Spark has for it."""
    conf = context.getConf()
    most, least = (
        int(context._jvm.org.apache.spark.network.util.JavaUtils.byteStringAsBytes(conf.get(name, usual)))
        for name, usual in ((_LARGEST, "128m"), (_SMALLEST, "4m"))
    )
    found: int = max(1, min(most, max(least, size // (_ROUNDS * context.defaultParallelism))))
    return found


class Exchange:
    """Results of tasks, by the number of the part that each belongs to; they are on the disks of the workers.

    Parameters
    ----------
    context
        The Spark context.
    parts
        How many parts there are; one more is for what the driver is to know of each task.
    """

    def __init__(self, context: Any, parts: int) -> None:
        self._context, self.parts = context, parts
        self._results: Any = None

    def run(self, tasks: Sequence[Any], work: Callable[[Any], Iterable[tuple[int, Any]]]) -> list[Any]:
        """Run tasks that yield results, each with the number of its part, and return those of the additional one."""
        if not tasks:
            return []
        results = self._context.parallelize(tasks, len(tasks)).flatMap(work).partitionBy(self.parts + 1, _same)
        found = self._context.runJob(results, _values, [self.parts])
        self._results = results if self._results is None else self._results.union(results)
        return list(found)

    def each_part(self, work: Callable[[Iterable[Any]], Iterable[Any]]) -> list[Any]:
        """Return what is made of the results of each part."""
        if self._results is None:
            return []
        return list(self._context.runJob(self._results, _OfValues(work), [*range(self.parts)]))

    def map(self, tasks: Sequence[Any], work: Callable[[Any], Any]) -> list[Any]:
        """Return the result of each of some tasks."""
        return list(self._context.parallelize(tasks, len(tasks)).map(work).collect()) if tasks else []


class _OfValues:
    """A function of results, for those that still have the numbers of their parts."""

    def __init__(self, work: Callable[[Iterable[Any]], Iterable[Any]]) -> None:
        self._work = work

    def __call__(self, numbered: Iterable[tuple[int, Any]]) -> Iterable[Any]:
        return self._work(_values(numbered))


def _same(number: int) -> int:
    return number


def _values(numbered: Iterable[tuple[int, Any]]) -> Iterator[Any]:
    return (value for _, value in numbered)
