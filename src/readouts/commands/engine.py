"""The options that say what checks or compares rows, and where."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from readouts.datapackage.errors import ReadoutsError

__all__ = ["EngineName", "SparkMaster", "require_engine"]

EngineName = Annotated[
    Literal["polars", "spark"],
    typer.Option("--engine", help="What reads the rows: polars, or spark for data that exceeds one machine."),
]
SparkMaster = Annotated[
    str | None,
    typer.Option(
        "--master",
        help="Spark master, for --engine spark: local[*], spark://host:7077 or similar. Default: that of "
        "`spark-submit` or of Spark's settings, else local[*].",
    ),
]


def require_engine(engine: str, master: str | None) -> None:
    """Raise if a master is given for an engine that has none."""
    if master is not None and engine != "spark":
        message = "--master requires --engine spark."
        raise ReadoutsError(message)
