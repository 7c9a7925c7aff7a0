"""How much memory a command may take: a given size, or a share of the memory that is available; and giving it back."""

from __future__ import annotations

import ctypes
import os
import re
from contextlib import suppress
from pathlib import Path

from readouts.datapackage.errors import ArgumentError
from readouts.datapackage.words import quoted

__all__ = ["LEAST", "memory_bound", "return_freed_memory", "size_text"]

_SIZE = re.compile(r"([0-9]{1,18}(?:\.[0-9]+)?) ?([KMGT]?)(i?)B?", re.IGNORECASE)
_POWERS = " KMGT"
_SHARE = 0.5
_SYSTEM, _GROUPS = Path("/proc"), Path("/sys/fs/cgroup")
_UNKNOWN = 4 * 2**30
"""Bytes that a system has which doesn't say."""
LEAST = 100 * 10**6
"""Bytes that the program itself takes: with less for the data, the work would be slow and take as much."""
_MMAP_THRESHOLD, _LARGE = -3, 2**20
"""`M_MMAP_THRESHOLD` of mallopt(3), and the bytes that it is set to."""


def memory_bound(memory: int | str | None = None) -> int:
    """Return a bound in bytes, of a given size never less than `LEAST`.

    Parameters
    ----------
    memory
        Bytes, or a text such as `1GB`, `500 MB` or `2GiB`; None for half of the memory that is
        available, to this process's control group if that is less.

    Raises
    ------
    ArgumentError
        It is not a size.

    Examples
    --------
    >>> memory_bound("1.5GB"), memory_bound("2GiB"), memory_bound(1)
    (1500000000, 2147483648, 100000000)
    >>> memory_bound("much")
    Traceback (most recent call last):
    readouts.datapackage.errors.ArgumentError: Expected a size such as 500MB or 2GB; found 'much'.
    """
    if memory is None:
        return int(_SHARE * _available())
    found = _SIZE.fullmatch(str(memory).strip())
    size = 0
    if found is not None:
        number, unit, binary = found.groups()
        size = round(float(number) * (1024 if binary else 1000) ** _POWERS.index(unit.upper() or " "))
    if size <= 0:
        message = f"Expected a size such as 500MB or 2GB; found {quoted(str(memory))}."
        raise ArgumentError(message)
    return max(size, LEAST)


def size_text(size: int) -> str:
    """Return a number of bytes in the unit that suits it.

    Examples
    --------
    >>> size_text(342), size_text(172557), size_text(2_500_000), size_text(999_960_000)
    ('342 bytes', '173 kB', '2.5 MB', '1.0 GB')
    """
    if size < 1000:
        return f"{size} bytes"
    if size < 999_500:
        return f"{size / 1e3:.0f} kB"
    return f"{size / 1e6:.1f} MB" if size < 999_950_000 else f"{size / 1e9:.1f} GB"


def return_freed_memory() -> None:
    """Make the C library return large pieces of memory to the system as soon as they are freed; glibc keeps many.

    It does so for the rest of the process, at some cost in time: for work on more data than its memory takes.
    """
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, _LARGE)


def _available() -> int:
    """Return the bytes that this process may still take; where the system doesn't say, those of a small machine."""
    found: list[int] = []
    with suppress(OSError, ValueError, IndexError):
        lines = (_SYSTEM / "meminfo").read_text(encoding="ascii").splitlines()
        found += [int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")]
    with suppress(OSError, ValueError):
        for line in (_SYSTEM / "self" / "cgroup").read_text(encoding="utf-8").splitlines():
            number, controllers, group = line.split(":", 2)
            if number == "0" or "memory" in controllers.split(","):
                found += _of_group("" if number == "0" else "memory", group)
    if not found:
        with suppress(OSError, ValueError, AttributeError):
            found.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    return min(found, default=_UNKNOWN)


def _of_group(hierarchy: str, group: str) -> list[int]:
    """Return the bytes that a control group, and those that it is in, have left; nothing where they have no limit."""
    root = _GROUPS / hierarchy
    names = ("memory.limit_in_bytes", "memory.usage_in_bytes") if hierarchy else ("memory.max", "memory.current")
    left: list[int] = []
    place = root / group.lstrip("/")
    for folder in (place, *place.parents):
        with suppress(OSError, ValueError):
            # In a container, the group's own folder is the root of what is mounted.
            most, used = (int((folder / name).read_text(encoding="ascii")) for name in names)
            left.append(max(0, most - used + min(used, _cached(folder, "total_" if hierarchy else ""))))
        if folder == root:
            break
    return left


def _cached(folder: Path, prefix: str) -> int:
    """Return the bytes of a control group that hold files which it lets go of when memory is wanted."""
    with suppress(OSError, ValueError):
        for line in (folder / "memory.stat").read_text(encoding="ascii").splitlines():
            name, _, size = line.partition(" ")
            if name == f"{prefix}inactive_file":
                return int(size)
    return 0
