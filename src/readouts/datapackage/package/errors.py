"""What is raised where two tables can't be compared."""

from __future__ import annotations

from readouts.datapackage.errors import ReadoutsError

__all__ = ["DiffError"]


class DiffError(ReadoutsError):
    """Two tables can't be compared: one of them can't be read, or its rows can't be told apart."""
