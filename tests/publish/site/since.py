"""What the corpus changed since its first release, as the pages say it."""

from __future__ import annotations

from functools import cache

import readouts
from readouts.corpus_schema.bundled import bundled_package
from tests.conftest import ROOT

__all__ = ["changed_since_the_first_release"]


@cache
def changed_since_the_first_release() -> tuple[str, str]:
    """Return how many rows are new and how many cells changed, in tables that aren't derived."""
    found = readouts.diff(ROOT / "releases" / "1.0.0" / "readouts-1.0.0.zip", bundled_package())
    own = [table for table in found.tables if not table.derived]
    rows, cells = sum(table.rows_added for table in own), sum(table.cells_changed for table in own)
    return f"{rows} rows new", f"{cells} cells changed"
