"""The CSV files open correctly in the tools of others, as docs/formats.md says."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import duckdb
import pandas as pd
import polars as pl
import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from readouts.datapackage.exporting.source import Dataset, TableSource

RSCRIPT = shutil.which("Rscript")
# Every cell as text between characters that no table has; a missing one as a character of its own.
_R = r"""
arguments <- commandArgs(trailingOnly = TRUE)
for (path in arguments[-1]) {
  if (arguments[1] == "base") {
    typed <- read.csv(path, na.strings = "", encoding = "UTF-8", stringsAsFactors = FALSE)
    table <- read.csv(path, na.strings = "", encoding = "UTF-8", colClasses = "character", check.names = FALSE)
  } else {
    typed <- readr::read_csv(path, na = "", show_col_types = FALSE)
    table <- readr::read_csv(path, na = "", col_types = readr::cols(.default = "c"))
  }
  stopifnot(nrow(typed) == nrow(table), ncol(typed) == ncol(table))
  for (name in intersect(c("start", "end", "seq"), names(typed))) stopifnot(is.numeric(typed[[name]]))
  if (arguments[1] == "readr" && "event_date" %in% names(typed)) stopifnot(inherits(typed$event_date, "Date"))
  cells <- t(as.matrix(table))
  cells[is.na(cells)] <- "\u0003"
  cat(paste0(enc2utf8(c(names(table), as.vector(cells))), "\u0001"), "\u0002", sep = "")
}
"""


def _path(table: TableSource) -> Path:
    return table.resource.paths[0]


@pytest.mark.skipif(RSCRIPT is None, reason="R is not installed: apt install r-base-core r-cran-readr")
@pytest.mark.parametrize("reader", ["base", "readr"])
def test_r_reads_every_cell(dataset: Dataset, tmp_path: Path, reader: str) -> None:
    script = tmp_path / "read.R"
    script.write_text(_R, encoding="utf-8")
    if reader == "readr":
        probe = [str(RSCRIPT), "-e", "quit(status = !requireNamespace('readr', quietly = TRUE))"]
        if subprocess.run(probe, capture_output=True, check=False).returncode:
            pytest.skip("readr is not installed: apt install r-cran-readr")
    command = [
        str(RSCRIPT),
        "--vanilla",
        str(script),
        reader,
        *(str(_path(table)) for table in dataset.tables.values()),
    ]
    env = {**os.environ, "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, capture_output=True, env=env, check=False, timeout=300)
    assert done.returncode == 0, done.stderr.decode()
    for table, text in zip(dataset.tables.values(), done.stdout.decode().split("\x02"), strict=False):
        found = text.split("\x01")[:-1]
        expected = [*table.schema.field_names]
        expected += [cell or "\x03" for row in table.cells() for cell in row]
        assert found == expected, table.name


def test_pandas_polars_and_duckdb_read_every_cell(dataset: Dataset) -> None:
    for table in dataset.tables.values():
        path = _path(table)
        expected = [list(row) for row in table.cells()]
        in_pandas = pd.read_csv(path, keep_default_na=False, na_values=[""], dtype=object)
        rows = in_pandas.astype(object).where(in_pandas.notna(), None).values.tolist()
        assert [[None if cell is None else str(cell) for cell in row] for row in rows] == expected, table.name
        assert [list(row) for row in pl.read_csv(path, infer_schema=False).rows()] == expected, table.name
        query = "SELECT * FROM read_csv(?, nullstr = '', all_varchar = true, header = true)"
        assert [list(row) for row in duckdb.connect().execute(query, [str(path)]).fetchall()] == expected, table.name
