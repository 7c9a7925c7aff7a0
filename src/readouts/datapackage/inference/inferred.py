"""The results of inference from files, each with the reason for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = ["Confidence", "DescribedField", "DescribedTable", "Inferred", "Proposal"]

Confidence: TypeAlias = Literal["high", "medium", "low"]


@dataclass(frozen=True, slots=True)
class Inferred:
    """One property of a file: its value, and the reason for it."""

    property: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class DescribedField:
    """One column.

    Attributes
    ----------
    type
        Its type in Table Schema, with the format in brackets where that isn't the default.
    reason
        What in the data led to it.
    missing
        Texts that stand for a missing value in it, besides the empty one.
    empty
        How many of its cells are missing.
    """

    name: str
    type: str
    reason: str
    missing: tuple[str, ...] = ()
    empty: int = 0


@dataclass(frozen=True, slots=True)
class Proposal:
    """A key or a reference.

    Attributes
    ----------
    kind
        `primary key`, `unique` for a column that could be one, `reference`, or `list of references`, which a foreign
        key can't express.
    resource, target
        The table that is referred to, and its columns.
    adopted
        Whether it is in the descriptor.
    """

    kind: Literal["primary key", "unique", "reference", "list of references"]
    fields: tuple[str, ...]
    reason: str
    confidence: Confidence
    resource: str = ""
    target: tuple[str, ...] = ()
    adopted: bool = True


@dataclass(frozen=True, slots=True)
class DescribedTable:
    """One file.

    Attributes
    ----------
    form
        How it is written: encoding, delimiter, header and so on.
    problems
        Problems of its rows, as sentences; these rows were skipped.
    """

    name: str
    path: str
    rows: int
    form: tuple[Inferred, ...]
    fields: tuple[DescribedField, ...]
    proposals: tuple[Proposal, ...] = ()
    problems: tuple[str, ...] = ()
