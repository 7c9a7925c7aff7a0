"""What keeps a package from being exported."""

from __future__ import annotations

from readouts.datapackage.errors import ReadoutsError

__all__ = ["ExportError"]


class ExportError(ReadoutsError):
    """A package can't be put into a format; the message says which table, and what to do instead."""
