"""YAML read with limits, keeping the place of every value.

The files are hostile until shown otherwise: size, depth and number of values are limited, aliases, tags and repeated
keys are refused, and every scalar stays the text that was written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from readouts.annotations.usual import usual
from readouts.annotations.values import (
    Mapping,
    Node,
    NumberLists,
    Numbers,
    Scalar,
    Sequence,
    describe,
    is_offsets,
)
from readouts.corpus_schema.incident_codes import incident
from readouts.datapackage.errors import ReadoutsError
from readouts.datapackage.incident import Incident, Source
from readouts.datapackage.optional import requires_extra

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "Limits",
    "Mapping",
    "Node",
    "NumberLists",
    "Numbers",
    "Scalar",
    "Sequence",
    "YamlError",
    "decode",
    "describe",
    "is_offsets",
    "parse",
    "read_bytes",
]

_USUAL_SIZE = 128 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """How large an annotation file may be."""

    size: int = 2 * 1024 * 1024
    depth: int = 12
    values: int = 200_000


class YamlError(ReadoutsError):
    """A file can't be read as an annotation; it carries the finding that says why."""

    def __init__(self, finding: Incident) -> None:
        super().__init__(f"{finding.place()}: {finding.message}")
        self.finding = finding


def read_bytes(path: Path, limits: Limits | None = None) -> bytes:
    """Return what a file holds; of one that is larger than it may be, so much that this shows.

    Raises
    ------
    OSError
        The file can't be read.
    """
    most = (limits or Limits()).size + 1
    with open(path, "rb") as stream:  # noqa: PTH123 - of thousands of files, half the time is pathlib's
        # Room for the largest file would have to be made for every small one.
        data = stream.read(min(most, _USUAL_SIZE))
        return data + stream.read(most - len(data)) if len(data) == _USUAL_SIZE else data


def decode(source: Path | bytes, file: str, limits: Limits | None = None) -> str:
    """Read a file, or take what `read_bytes` gave of it, as UTF-8 within the limit of its size.

    Raises
    ------
    YamlError
        The file is too large or not UTF-8.
    OSError
        The file can't be read.
    """
    largest = (limits or Limits()).size
    data = source if isinstance(source, bytes) else read_bytes(source, limits)
    if len(data) > largest:
        message = f"The file is larger than {largest:,} bytes, the most that an annotation may be."
        raise YamlError(incident("yaml-limit", message, source=Source(file)))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        message = f"Expected UTF-8, found the byte 0x{data[error.start]:02x}."
        raise YamlError(incident("yaml-unreadable", message, source=Source(file, line))) from error


def parse(text: str, file: str, limits: Limits | None = None) -> Mapping:
    r"""Read a text as a YAML mapping.

    Returns
    -------
    Mapping
        Every scalar as the text that was written, with its place.

    Raises
    ------
    YamlError
        The text is not YAML, no mapping, over a limit, or uses an alias, an anchor, a tag or a key twice.

    Examples
    --------
    >>> node = parse("date: 2014-03-06\nquiet: no\n", "x.yaml")
    >>> node.items["quiet"].value, node.items["quiet"].line
    ('no', 2)
    """
    limits = limits or Limits()
    # Unusual text is read once more, by the one that can say what it is.
    found = usual(text, limits.depth, limits.values)
    if found is None:
        with requires_extra("Reading YAML"):
            from readouts.annotations.composer import composed
        found = composed(text, file, limits)
    return found
