"""The progress bar of a command: it appears after a while, and makes way for whatever is printed."""

from __future__ import annotations

import os
import threading
import time
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import Progress

__all__ = ["BAR", "ProgressBar", "color_system", "hide_bar"]

BAR: ContextVar[ProgressBar | None] = ContextVar("bar", default=None)
"""The progress bar of the command that runs."""
_PATIENCE = 2.0
"""Seconds of work after which a progress bar appears."""


def color_system() -> Literal["auto"] | None:
    """Return how much style a console may use: none at all where the user asks for no colours."""
    return None if os.environ.get("NO_COLOR") else "auto"


class ProgressBar:
    """A progress bar on standard error: it appears after a while, and makes way for whatever is printed."""

    def __init__(self, what: str) -> None:
        self._step: dict[str, Any] = {"description": what, "total": None, "completed": 0}
        self._lock = threading.RLock()
        self._shown: Progress | None = None
        self._due = time.monotonic() + _PATIENCE
        self._timer = threading.Timer(_PATIENCE, self._appear)
        self._timer.daemon = True
        self._timer.start()

    def _appear(self) -> None:
        with self._lock:
            if not self._timer.finished.is_set():
                self._show()

    def _show(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        columns = TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn()
        console = Console(stderr=True, color_system=color_system())
        self._shown = Progress(*columns, console=console, transient=True)
        self._shown.add_task(**self._step)
        self._shown.start()

    def update(self, **changes: Any) -> None:
        """Show how far the work is; a bar that made way appears again."""
        with self._lock:
            self._step |= changes
            if self._shown is not None:
                self._shown.update(self._shown.task_ids[0], **changes)
            elif time.monotonic() >= self._due:
                self._show()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Make way for a line."""
        with self._lock:
            shown, self._shown = self._shown, None
            if shown is not None:
                shown.stop()
            yield
            if shown is not None:
                self._show()

    def hide(self) -> None:
        """Make way for the result, or for the end."""
        with self._lock:
            self._timer.cancel()
            if self._shown is not None:
                self._shown.stop()
                self._shown = None


def hide_bar() -> None:
    """Let the bar of the command that runs, if it has one, make way for good."""
    bar = BAR.get()
    if bar is not None:
        bar.hide()
