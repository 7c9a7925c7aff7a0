"""What the base install lacks, and the one sentence that says how to fix it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from readouts.datapackage.errors import ReadoutsError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["OPTIONAL", "MissingDependencyError", "install_hint", "requires_extra"]

OPTIONAL = {
    "chardet": ("chardet", "toolkit"),
    "clevercsv": ("clevercsv", "toolkit"),
    "yaml": ("pyyaml", "toolkit"),
    "frictionless": ("frictionless", "toolkit"),
    "deflate": ("deflate", "toolkit"),
    "jinja2": ("jinja2", "toolkit"),
    "polars": ("polars", "toolkit"),
    "narwhals": ("narwhals", "toolkit"),
    "numpy": ("numpy", "toolkit"),
    "jsonschema_rs": ("jsonschema-rs", "toolkit"),
    "dplib": ("dplib-py", "toolkit"),
    "pandera": ("pandera", "toolkit"),
    "great_expectations": ("great-expectations", "toolkit"),
    "dateutil": ("python-dateutil", "toolkit"),
    "pyspark": ("pyspark", "spark"),
    "pyarrow": ("pyarrow", "arrow"),
    "duckdb": ("duckdb", "duckdb"),
    "networkx": ("networkx", "graph"),
    "xlsxwriter": ("xlsxwriter", "formats"),
    "open_data_contract_standard": ("open-data-contract-standard", "formats"),
    "matplotlib": ("matplotlib", "charts"),
    "sentencex": ("sentencex", "propose"),
    "textblob": ("textblob", "propose"),
    "protego": ("protego", "texts"),
    "starlette": ("starlette", "desk"),
    "uvicorn": ("uvicorn", "desk"),
    "lxml": ("lxml", "texts"),
    "trafilatura": ("trafilatura", "texts"),
    "cassis": ("dkpro-cassis", "formats"),
}
"""Modules that the base install lacks: the distribution that has each, and the extra that brings it."""


class MissingDependencyError(ReadoutsError, ImportError):
    """Something needs a library that the base install lacks; the message names the extra that brings it."""


def install_hint(error: ImportError, what: str, extra: str | None = None) -> str | None:
    """Say what is missing and how it is installed; None for a module that no extra brings.

    Parameters
    ----------
    error
        What the import raised.
    what
        What needed it, as the beginning of a sentence.
    extra
        The extra that brings all that `what` needs; None takes that of the module.

    Examples
    --------
    >>> install_hint(ModuleNotFoundError(name="duckdb.typing"), "duckdb()")
    "duckdb() needs duckdb, which is not installed. Run: pip install 'readouts[duckdb]'"
    """
    known = OPTIONAL.get((error.name or "").partition(".")[0])
    if known is None:
        return None
    distribution, usual = known
    return f"{what} needs {distribution}, which is not installed. Run: pip install 'readouts[{extra or usual}]'"


@contextmanager
def requires_extra(what: str, extra: str | None = None) -> Iterator[None]:
    """Turn a failed import inside the block into an error that names the extra to install.

    Parameters
    ----------
    what
        What needs the import, as the beginning of a sentence.
    extra
        The extra that brings all that `what` needs; None takes that of the module.

    Raises
    ------
    MissingDependencyError
        A module is missing that an extra brings.

    Examples
    --------
    >>> with requires_extra("to_polars()", "polars"):
    ...     raise ModuleNotFoundError(name="polars")
    Traceback (most recent call last):
    readouts.datapackage.optional.MissingDependencyError: to_polars() needs polars, which is not installed. \
Run: pip install 'readouts[polars]'
    """
    try:
        yield
    except ModuleNotFoundError as error:
        message = install_hint(error, what, extra)
        if message is None:
            raise
        raise MissingDependencyError(message, name=error.name) from error
