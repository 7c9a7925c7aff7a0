#!/usr/bin/env python3
"""Check the package and its annotations: the same as `readouts validate`."""

from readouts.commands import validate
from readouts.commands.shell import run

if __name__ == "__main__":
    run(validate.main)
