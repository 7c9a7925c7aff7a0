#!/usr/bin/env python3
"""Make a release of the corpus: the same as `readouts release`."""

from readouts.commands import release
from readouts.commands.shell import run

if __name__ == "__main__":
    run(release.main)
