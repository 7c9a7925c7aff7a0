"""Working ahead: what comes next is made ready by another thread while the last is used."""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Ahead"]

Item = TypeVar("Item")
_PATIENCE = 0.2
"""Seconds after which a thread that waits looks whether it is still needed."""


class _End:
    """What comes after the last item."""


class Ahead(Generic[Item]):
    """An iterator that another thread runs, one item ahead; what goes wrong there is raised here.

    Examples
    --------
    >>> list(Ahead(iter("abc")))
    ['a', 'b', 'c']
    """

    def __init__(self, items: Iterator[Item]) -> None:
        """Begin."""
        self._items = items
        self._ready: queue.Queue[Item | BaseException | _End] = queue.Queue(maxsize=1)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            for item in self._items:
                self._put(item)
                if self._stopped.is_set():
                    return
            self._put(_End())
        except BaseException as error:
            self._put(error)

    def _put(self, item: Item | BaseException | _End) -> None:
        while not self._stopped.is_set():
            try:
                self._ready.put(item, timeout=_PATIENCE)
            except queue.Full:
                continue
            return

    def __iter__(self) -> Ahead[Item]:
        """Return itself."""
        return self

    def __next__(self) -> Item:
        """Return the next item."""
        if self._stopped.is_set():
            raise StopIteration
        item = self._ready.get()
        if isinstance(item, _End):
            self._stopped.set()
            raise StopIteration
        if isinstance(item, BaseException):
            self._stopped.set()
            raise item
        return item

    def close(self) -> None:
        """Stop, and wait until the thread has."""
        self._stopped.set()
        self._thread.join()
