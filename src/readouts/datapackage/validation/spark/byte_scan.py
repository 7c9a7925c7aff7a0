"""What the driver sees of a file that Spark reads: NUL, bytes that can't be decoded, carriage returns."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from readouts.datapackage.table.csv_header import ByteStream

__all__ = ["ByteScan"]


@dataclass
class ByteScan:
    """What the driver sees in the bytes of a file while it hashes them, for Spark doesn't tell."""

    nul: bool = False
    undecodable: bool = False
    returns: bool = False

    def read(self, stream: ByteStream, begun: bytes) -> None:
        """Look at what was read of a stream, and at the rest of it."""
        decoder = codecs.getincrementaldecoder("utf-8")()
        data = begun
        while data or (data := stream.read(2**20)):
            self.nul = self.nul or b"\0" in data
            self.returns = self.returns or b"\r" in data
            if not self.undecodable:
                try:
                    decoder.decode(data)
                except UnicodeDecodeError:
                    self.undecodable = True
            data = b""
        if not self.undecodable:
            try:
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                self.undecodable = True

    @property
    def texts(self) -> dict[str, str]:
        """Codes of findings, by the text that a cell then has; Spark puts U+FFFD for what it can't decode."""
        return ({"\0": "null-byte"} if self.nul else {}) | ({"\ufffd": "encoding-error"} if self.undecodable else {})
