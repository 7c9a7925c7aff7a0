"""datacompy, comparing two CSV files by a key through Polars, all columns as strings; prints what it counted."""

from __future__ import annotations

import json
import sys

import polars as pl
from datacompy import PolarsCompare  # type: ignore[import-not-found,unused-ignore]


def main() -> None:
    """Compare the files of the first two arguments by the column of the third."""
    old, new, key = sys.argv[1:]
    frames = [pl.read_csv(path, infer_schema=False).fill_null("") for path in (old, new)]
    found = PolarsCompare(frames[0], frames[1], join_columns=[key])
    counts = {
        "rows_added": len(found.df2_unq_rows),
        "rows_removed": len(found.df1_unq_rows),
        "cells_changed": sum(column["unequal_cnt"] for column in found.column_stats),
    }
    sys.stdout.write(json.dumps(counts) + "\n")


if __name__ == "__main__":
    main()
