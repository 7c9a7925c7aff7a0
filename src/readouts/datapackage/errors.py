"""The errors that this package raises: few, typed, and each with a message that can be acted on."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from readouts.datapackage.incident import Incident

__all__ = [
    "ArgumentError",
    "ContractError",
    "LockedError",
    "PackageError",
    "ReadoutsError",
    "SchemaError",
    "UnknownIdError",
    "is_absence",
]

_ABSENCES = frozenset([errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.EINVAL])


class ReadoutsError(Exception):
    """Something could not be done; the message says what was expected, what was found, and what to do."""


class ArgumentError(ReadoutsError, ValueError):
    """An argument of a function has a value that it doesn't take, or doesn't fit the others."""


class SchemaError(ReadoutsError):
    """A schema file is not one that this package understands."""


class PackageError(ReadoutsError):
    """A data package can't be read or written as it is."""


class LockedError(PackageError):
    """Another process is writing the same package."""


class ContractError(ReadoutsError):
    """Frames don't hold what the contracts of their tables say; `incidents` has every finding."""

    def __init__(self, message: str, incidents: Iterable[Incident] = ()) -> None:
        super().__init__(message)
        self.incidents = tuple(incidents)


class UnknownIdError(ReadoutsError, KeyError):
    """An id was asked for that is not in the package."""

    def __str__(self) -> str:
        return str(self.args[0])


def is_absence(error: OSError) -> bool:
    """Return whether a system error means that the file doesn't exist; with any other error it may.

    Examples
    --------
    >>> is_absence(FileNotFoundError(errno.ENOENT, "")), is_absence(PermissionError(errno.EACCES, ""))
    (True, False)
    """
    return error.errno in _ABSENCES
