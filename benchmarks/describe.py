"""How fast `describe` is compared with reading the same file: a table of many rows, described and read, in turn.

Each figure is the median of several runs in one process, without what imports take. Processor time is compared, since
wall time tells more of what else the machine does. `python benchmarks/describe.py --rows 1000000`
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import pandas as pd
import polars as pl
import typer

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.measure import machine
from readouts.datapackage import describe
from readouts.datapackage import open as open_package

if TYPE_CHECKING:
    from collections.abc import Callable

AIM = 2.0
"""How many times what reading the file takes a description may take."""


def write_orders(path: Path, rows: int) -> None:
    """Write a table with columns of all usual types."""
    chosen = random.Random(18)
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write("order_id,customer_id,product_code,quantity,price,ordered_on,shipped_at,paid,remark,postcode\n")
        for number in range(1, rows + 1):
            day = f"2031-{chosen.randrange(1, 13):02}-{chosen.randrange(1, 29):02}"
            quantity = chosen.choice(("NA", *map(str, range(1, 40))))
            stream.write(
                f"{number},c{chosen.randrange(50_000):05},P-{chosen.randrange(2000)},{quantity},"
                f"{chosen.randrange(1, 9999) / 100},{day},{day}T{chosen.randrange(24):02}:15:00Z,"
                f"{chosen.choice(('true', 'false'))},remark {chosen.randrange(1000)},{chosen.randrange(100_000):05}\n"
            )


def main(
    rows: Annotated[int, typer.Option(min=1, help="Rows of the table.")] = 1_000_000,
    runs: Annotated[int, typer.Option(min=1, help="Runs of each.")] = 5,
) -> None:
    """Describe a table and read it, and compare the two."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders.csv"
        write_orders(path, rows)
        resource = open_package(describe(path).package).resource("orders")
        works: dict[str, Callable[[], object]] = {
            "readouts: describe": lambda: describe(path),
            "readouts: read as texts": resource.text_table,
            "Polars: read as texts": lambda: pl.read_csv(path, infer_schema=False),
            "Polars: read, types from 100 rows": lambda: pl.read_csv(path, null_values="NA"),
            "pandas: read, types from all rows": lambda: pd.read_csv(path),
        }
        taken: dict[str, list[float]] = {name: [] for name in works}
        for _ in range(runs):
            for name, work in works.items():
                started = time.process_time()
                work()
                taken[name].append(time.process_time() - started)
        size = path.stat().st_size / 2**20
    described = statistics.median(taken["readouts: describe"])
    print(machine(("readouts", "polars", "pandas", "clevercsv")))
    print(f"{rows:,} rows, {size:.0f} MiB; processor seconds, median of {runs}")
    for name, seconds in taken.items():
        middle = statistics.median(seconds)
        print(f"{name:36}{middle:8.2f}   describe takes {described / middle:.2f} times as long")
    if described > AIM * statistics.median(taken["readouts: read as texts"]):
        print(f"The aim is {AIM} times the time of reading.")
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
