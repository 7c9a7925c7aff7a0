"""Running the command line on Spark, whose settings are read from a folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

__all__ = ["CUT", "needs_spark", "run"]

needs_spark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_spec("pyspark") is None, reason="PySpark is not installed (the extra 'spark')"),
    pytest.mark.skipif(
        shutil.which("java") is None and "JAVA_HOME" not in os.environ, reason="there is no Java, which Spark runs on"
    ),
]
CUT = "spark.sql.files.maxPartitionBytes {0}\nspark.sql.files.openCostInBytes {0}\n"
"""Settings for ranges of so many bytes."""


def run(
    folder: Path,
    *arguments: str | Path,
    settings: str = "",
    program: tuple[str | Path, ...] = (Path(sys.executable).with_name("readouts"),),
) -> subprocess.CompletedProcess[str]:
    """Run a command with settings of Spark in a folder of their own."""
    folder.mkdir(exist_ok=True)
    (folder / "spark-defaults.conf").write_text(settings, encoding="utf-8")
    return subprocess.run(
        [*program, *arguments],
        env=os.environ | {"SPARK_CONF_DIR": str(folder)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=600,
    )
