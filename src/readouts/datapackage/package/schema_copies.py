"""Copies of schemas and profiles that descriptors name by their addresses: nothing is fetched."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from readouts.datapackage.errors import ArgumentError

if TYPE_CHECKING:
    import os

__all__ = ["SCHEMAS_HINT", "SchemaCopies"]

SCHEMAS_HINT = "Save a copy in a folder, and validate with `--schemas` and that folder."


class SchemaCopies:
    """The JSON files of a folder, found by the addresses that they are copies of.

    A file is the copy of an address if its `$id` (or, before draft 6, `id`) is that address, with `http` or `https`,
    or, where it has none, if its path in the folder is the end of the address: `schemas/lake.json`, or just
    `lake.json`, for `https://example.org/schemas/lake.json`. Of several the longest path counts.

    Attributes
    ----------
    used
        The files that were found, by address.
    missing
        Addresses in profiles of which there is no copy.
    """

    def __init__(self, folder: str | os.PathLike[str] | None) -> None:
        """Look at a folder; None has no copies."""
        self.folder = None if folder is None else Path(folder)
        self.used: dict[str, str] = {}
        self.missing: set[str] = set()
        if self.folder is not None and not self.folder.is_dir():
            message = f"{self.folder} is not a folder: expected one with copies of schemas and profiles."
            raise ArgumentError(message)

    @cached_property
    def _files(self) -> list[tuple[tuple[str, ...], Path]]:
        if self.folder is None:
            return []
        found = ((path.relative_to(self.folder).parts, path) for path in sorted(self.folder.rglob("*.json")))
        return sorted(found, key=lambda each: -len(each[0]))

    @cached_property
    def _named(self) -> dict[str, Path]:
        """The files by the address that they say they have."""
        named: dict[str, Path] = {}
        for _, path in self._files:
            address = _own_address(self._json(path, lenient=True))
            if address is not None and (first := named.setdefault(_without_scheme(address), path)) != path:
                message = f"{first} and {path} are both copies of {address}: remove one of them."
                raise ArgumentError(message)
        return named

    def find(self, address: str) -> Any:
        """Return what the copy of an address holds; None if there is none.

        Raises
        ------
        ArgumentError
            The copy can't be read as JSON.
        """
        address = _bare(address)
        path = self._named.get(_without_scheme(address))
        if path is None:
            parts = tuple(unquote(part) for part in urlsplit(address).path.split("/") if part)
            host = urlsplit(address).netloc
            others = set(self._named.values())
            ends = (path for ending, path in self._files if (host, *parts)[-len(ending) :] == ending)
            path = next((each for each in ends if each not in others), None)
        if path is None or self.folder is None:
            return None
        self.used[address] = path.relative_to(self.folder).as_posix()
        return self._json(path)

    def find_part(self, address: str) -> Any:
        """Return what the copy of a document holds that a profile refers to; without one, what takes everything."""
        held = self.find(address)
        if held is None:
            self.missing.add(address)
            return {}
        return held

    def _json(self, path: Path, *, lenient: bool = False) -> Any:
        try:
            return json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            if lenient:
                return None
            message = f"{path}, the copy of a schema, can't be read as JSON: {str(error)[:200]}."
            raise ArgumentError(message) from error


def _bare(address: str) -> str:
    """Return an address without an empty fragment."""
    return address.removesuffix("#")


def _without_scheme(address: str) -> str:
    """Return what `http` and `https` addresses of one document share."""
    return address.rpartition("://")[2]


def _own_address(held: Any) -> str | None:
    """Return the address that a schema says it has."""
    names = (held.get(name) for name in ("$id", "id")) if isinstance(held, dict) else ()
    return next((_bare(name) for name in names if isinstance(name, str) and "://" in name), None)
