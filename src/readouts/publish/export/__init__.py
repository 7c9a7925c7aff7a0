"""A package in the formats of others: one module a format, and one table that lists them."""

from __future__ import annotations

from readouts.datapackage.exporting.errors import ExportError
from readouts.publish.export.formats import FORMATS, Format, export, export_all

__all__ = ["FORMATS", "ExportError", "Format", "export", "export_all"]
