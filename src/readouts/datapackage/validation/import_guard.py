"""Importing a library as if another one weren't installed."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["without"]


@contextmanager
def without(name: str) -> Iterator[None]:
    """Let a module that is not imported yet be missing until the end of the block.

    For libraries that look for others they could work with: PySpark, where it is found, takes seconds to import, warns
    of the pandas next to it, and may even end the process when something of its own is missing.

    Examples
    --------
    >>> with without("antigravity"):
    ...     import antigravity
    Traceback (most recent call last):
    ModuleNotFoundError: import of antigravity halted; None in sys.modules
    """
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[name]
