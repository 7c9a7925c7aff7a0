"""Reading ahead: the next block is read, unpacked and hashed while the last one is checked."""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING

from readouts.check.blocks import SIZE

if TYPE_CHECKING:
    from readouts.check.blocks import Stream

__all__ = ["Ahead"]


class Ahead:
    """A stream that another thread reads, one block ahead; what goes wrong there is raised here."""

    def __init__(self, stream: Stream) -> None:
        """Begin to read."""
        self._stream = stream
        self._blocks: queue.Queue[bytes | BaseException] = queue.Queue(maxsize=1)
        self._stopped = threading.Event()
        self._ended = False
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        try:
            while True:
                data = self._stream.read(SIZE)
                self._put(data)
                if not data or self._stopped.is_set():
                    return
        except BaseException as error:  # noqa: BLE001 - it is raised where the block is asked for
            self._put(error)

    def _put(self, block: bytes | BaseException) -> None:
        while not self._stopped.is_set():
            try:
                self._blocks.put(block, timeout=0.2)
            except queue.Full:
                continue
            return

    def read(self, _size: int, /) -> bytes:
        """Return the next block, whatever its size; none at the end."""
        if self._ended:
            return b""
        block = self._blocks.get()
        if isinstance(block, BaseException):
            self._ended = True
            raise block
        self._ended = not block
        return block

    def close(self) -> None:
        """Stop reading."""
        self._stopped.set()
