"""All tables of a corpus by name, each read when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

from readouts.datapackage.suggest import did_you_mean

__all__ = ["Tables"]

T = TypeVar("T")


class Tables(Mapping[str, T]):
    """A mapping from the names of tables to the tables in one library's form.

    Examples
    --------
    >>> tables = Tables(["accounts", "events"], lambda name: f"<{name}>")
    >>> tables
    <Tables: accounts, events>
    >>> tables["events"]
    '<events>'
    """

    def __init__(self, names: Sequence[str], read: Callable[[str], T]) -> None:
        self._names = tuple(names)
        self._read = read
        self._kept: dict[str, T] = {}

    def __getitem__(self, name: str) -> T:
        if name not in self._names:
            message = f"The corpus has no table '{name}'. {did_you_mean(name, self._names)}"
            raise KeyError(message)
        if name not in self._kept:
            self._kept[name] = self._read(name)
        return self._kept[name]

    def __contains__(self, name: object) -> bool:
        # Mapping's own would read the table to find out.
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __repr__(self) -> str:
        return f"<Tables: {', '.join(self._names)}>"
