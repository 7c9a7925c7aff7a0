"""A package in the formats of others: one module a format, and one table that lists them."""

from __future__ import annotations

from readouts.export.formats import FORMATS, Format, export, export_all
from readouts.export.problem import ExportError

__all__ = ["FORMATS", "ExportError", "Format", "export", "export_all"]
