"""Schemas: what Table Schema says of types, fields, keys and references, and the tables of the corpus."""

from readouts.schema.corpus import load_tables, tables
from readouts.schema.model import Category, Constraints, Field, ForeignKey, Table
from readouts.schema.types import TYPES, Mismatch

__all__ = [
    "TYPES",
    "Category",
    "Constraints",
    "Field",
    "ForeignKey",
    "Mismatch",
    "Table",
    "load_tables",
    "tables",
]
