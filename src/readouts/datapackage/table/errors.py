"""Errors for tables that can't be read."""

from __future__ import annotations

from readouts.datapackage.errors import PackageError

__all__ = ["TableError"]


class TableError(PackageError):
    """A table can't be read, or its rows can't be told apart; the message names the table and, if known, the line."""
