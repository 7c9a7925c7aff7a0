"""What a release changed, as the pages say it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import readouts
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["changed"]


@cache
def changed(old: str, new: str | None = None) -> tuple[str, str]:
    """Return how many rows are new and how many cells changed since a release, in tables that aren't derived.

    The newer side is another release, or the data of the checkout.
    """
    found = readouts.diff(_archive(old), ROOT if new is None else _archive(new))
    own = [table for table in found.tables if not table.derived]
    rows, cells = sum(table.rows_added for table in own), sum(table.cells_changed for table in own)
    return f"{rows} rows new", f"{cells} cells changed"


def _archive(version: str) -> Path:
    return ROOT / "releases" / version / f"readouts-{version}.zip"
