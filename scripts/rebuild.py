#!/usr/bin/env python3
"""Turn annotations into the package: the same as `readouts rebuild`."""

from readouts.commands import rebuild
from readouts.commands.shell import run

if __name__ == "__main__":
    run(rebuild.main)
