"""What a type of Table Schema is: how a cell's text becomes a value, and what a text is that doesn't become one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from readouts.datapackage.schema.model import Field

__all__ = ["BOUNDS", "Mismatch", "TooLarge", "Type", "matched"]

BOUNDS = frozenset(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"])


class Mismatch(ValueError):  # noqa: N818 - it is a finding about a cell, not a failure of the program
    """A text is not a value of a type; the message says what was expected, and `code` is that of the finding."""

    code = "type-error"


class TooLarge(Mismatch):
    """A text may be a value of a type, but of more than is read here."""

    code = "resource-limit"


@dataclass(frozen=True, slots=True)
class Type:
    """One type: its formats, how a cell is read, and what its constraints may be.

    Attributes
    ----------
    read
        Gives the value of a cell's text, or raises `Mismatch`.
    surely
        Gives a regular expression for whole cells that are certainly good; None if that would be too long.
    formats
        The formats it has; one with `%` is a pattern of strptime where `patterns` says so.
    constraints
        The constraints that apply to it, besides `required`, `unique` and `enum`.
    ordered
        Whether good cells that match `surely` sort as their values do.
    """

    read: Callable[[Field, str], Any]
    surely: Callable[[Field], str | None] = lambda _field: None
    formats: tuple[str, ...] = ("default",)
    patterns: bool = False
    constraints: frozenset[str] = frozenset()
    ordered: bool = False


def matched(pattern: str, text: str) -> bool:
    """Return whether a pattern matches the whole of a text."""
    return re.fullmatch(pattern, text, re.ASCII) is not None
