#!/usr/bin/env python3
"""Compare two packages: the same as `readouts diff`."""

from readouts.commands import diff
from readouts.commands.shell import run

if __name__ == "__main__":
    run(diff.main)
