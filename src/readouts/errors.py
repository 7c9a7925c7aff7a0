"""The errors that this package raises: few, typed, and each with a message that can be acted on."""

from __future__ import annotations

__all__ = ["LockedError", "PackageError", "ReadoutsError", "SchemaError", "UnknownIdError"]


class ReadoutsError(Exception):
    """Something could not be done; the message says what was expected, what was found, and what to do."""


class SchemaError(ReadoutsError):
    """A schema file is not one that this package understands."""


class PackageError(ReadoutsError):
    """A data package can't be read or written as it stands."""


class LockedError(PackageError):
    """Another process is writing the same package."""


class UnknownIdError(ReadoutsError, KeyError):
    """An id was asked for that is not in the corpus."""

    def __str__(self) -> str:
        return str(self.args[0])
