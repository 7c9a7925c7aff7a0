"""Why a release is refused."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Problem"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason for not making a release.

    Attributes
    ----------
    what
        What was expected, what was found, and where.
    fix
        What to do about it.
    lines
        Lines that belong to `what` or `fix`, to be shown as they are: files, reasons, or rows to paste.
    """

    what: str
    fix: str
    lines: tuple[str, ...] = ()
