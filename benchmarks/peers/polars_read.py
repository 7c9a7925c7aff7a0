"""The floor: read every file of a package with Polars, all columns as strings, and do nothing else."""

from __future__ import annotations

import sys

from benchmarks.peers.reading import read_strings, tables


def main() -> None:
    """Read the package whose descriptor is the argument."""
    frames = [read_strings(table) for table in tables(sys.argv[1])]
    sys.stdout.write(f"{sum(len(frame) for frame in frames)} rows\n")


if __name__ == "__main__":
    main()
