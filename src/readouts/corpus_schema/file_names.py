"""Which ids can name a file: on every system, and in no other folder than the one that is meant."""

from __future__ import annotations

import re

__all__ = ["can_name_file"]

_ID = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*", re.ASCII)
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.ASCII)
"""Names that no file of Windows can have, whatever their ending."""
_LONGEST = 120


def can_name_file(name: str) -> bool:
    """Return whether a name is an id as the schemas want it, and none that a system has for itself.

    Examples
    --------
    >>> [can_name_file(each) for each in ("herald-2031-05-02", "../herald", "con")]
    [True, False, False]
    """
    return len(name) <= _LONGEST and _ID.fullmatch(name) is not None and not _RESERVED.fullmatch(name)
