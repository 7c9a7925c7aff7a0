"""The acts on one annotation file: undone, done again, and merged with what others changed meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from readouts.annotation_merge.annotations import File
from readouts.datapackage.errors import ReadoutsError
from readouts.desk.editing import merged

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from readouts.datapackage.merging.conflict import Conflict

__all__ = ["ChangedMeanwhileError", "History", "version_of"]

_REMEMBERED = 500


class ChangedMeanwhileError(ReadoutsError):
    """A file was changed by somebody else meanwhile, and at the same place."""

    def __init__(self, message: str, conflicts: Sequence[Conflict] = ()) -> None:
        super().__init__(message)
        self.conflicts = [
            {"message": each.message, "before": each.base, "theirs": each.ours, "yours": each.theirs}
            for each in conflicts
        ]


def version_of(text: str) -> str:
    """Return what changes whenever a text does.

    Examples
    --------
    >>> version_of("title: A bridge") == version_of("title: A toll")
    False
    """
    return sha256(text.encode()).hexdigest()


@dataclass
class History:
    """The acts on one file: its texts before and after each, those that were undone, and the texts that a page knows.

    Its methods raise `ChangedMeanwhileError` where somebody else has changed the same.
    """

    file: File
    done: list[tuple[str, str]] = field(default_factory=list)
    undone: list[tuple[str, str]] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)

    def remember(self, text: str) -> str:
        """Keep a text that a page may know; return its version."""
        version = version_of(text)
        self.known.pop(version, None)
        self.known[version] = text
        while len(self.known) > _REMEMBERED:
            del self.known[next(iter(self.known))]
        return version

    def change(
        self, now: str, version: str, act: Callable[[str], str], save: Callable[[str], None], *, mine: bool
    ) -> None:
        """Do an act to the version that a page knows, and save the text; where both changed the same, `mine` counts."""
        text = self._merged(now, version, act, mine=mine)
        if text != now:
            save(text)
            self.done.append((now, text))
            self.undone.clear()

    def step(self, now: str, save: Callable[[str], None], *, back: bool) -> None:
        """Undo the last act, or do again what was undone; what others changed meanwhile stays."""
        here, there = (self.done, self.undone) if back else (self.undone, self.done)
        if not here:
            message = f"There is nothing to {'undo' if back else 'do again'}."
            raise ReadoutsError(message)
        wanted, last = here[-1] if back else here[-1][::-1]
        file = File(self.file.kind, self.file.id, self.file.id)
        text, conflicts = (wanted, ()) if now == last else merged(file, last, now, wanted)
        if conflicts:
            message = "Somebody else has changed the same since."
            raise ChangedMeanwhileError(message, conflicts)
        save(text)
        there.append(here.pop())

    def _merged(self, now: str, version: str, act: Callable[[str], str], *, mine: bool) -> str:
        """Return the text after an act on a version of it, merged with what was changed since."""
        if version == version_of(now):
            return act(now)
        base = self.known.get(version)
        if base is None:
            if mine:
                return act(now)
            message = f"{self.file.name} was changed meanwhile, and the desk no longer knows the version that you see."
            raise ChangedMeanwhileError(message)
        after = act(base)
        text, conflicts = merged(self.file, base, now, after)
        if conflicts and mine:
            text, conflicts = merged(self.file, base, after, now)[0], ()
        if conflicts:
            message = f"{self.file.name} was changed meanwhile, at the same place."
            raise ChangedMeanwhileError(message, conflicts)
        return text
