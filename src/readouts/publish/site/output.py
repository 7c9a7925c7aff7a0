"""The folder of a site: only what changed is written, and only what an earlier build wrote is removed."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from readouts.datapackage.errors import PackageError
from readouts.datapackage.package.paths import inside
from readouts.datapackage.package.transaction import replace_file

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["MANIFEST", "Folder", "Written", "open_folder"]

MANIFEST = ".readouts-site.json"
"""Lists every file of the site, so that the next build knows what is its own."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a build did to the folder: files in the site, how many were written, how many removed."""

    files: int
    written: int
    removed: int


@dataclass
class Folder:
    """A folder that a site is being written into."""

    root: Path
    known: frozenset[str]
    finished: bool = True
    _paths: set[str] = field(default_factory=set)
    _folders: set[str] = field(default_factory=set)
    _written: int = 0

    def write(self, path: str, data: bytes) -> None:
        """Write a file unless it is there as it should be.

        Raises
        ------
        PackageError
            Two pages want to lie at the same place, or a file is there that no build wrote.
        """
        self._take(path)
        folder = path.rpartition("/")[0]
        if folder not in self._folders:
            (inside(self.root, folder) if folder else self.root).mkdir(parents=True, exist_ok=True)
            self._folders.add(folder)
        self._written += self._write(path, data)

    def _take(self, path: str) -> None:
        if path in self._paths:
            message = f"Two pages of the site want to lie at '{path}': two things have the same id. See `validate`."
            raise PackageError(message)
        self._paths.add(path)

    def part(self) -> Folder:
        """Return the same folder without what was written so far: another process can write a part of the site."""
        return Folder(self.root, self.known, self.finished)

    def join(self, part: Folder) -> None:
        """Take what was written as a part of the site for written here.

        Raises
        ------
        PackageError
            Two pages want to lie at the same place.
        """
        for path in sorted(part._paths):
            self._take(path)
        self._written += part._written

    def _write(self, path: str, data: bytes) -> bool:
        """Write a file, and return whether that was needed."""
        target = self.root / path
        # Without a flush to disk: what a crash leaves behind is fixed by the next build, which compares the bytes.
        try:
            with target.open("xb") as stream:
                stream.write(data)
        except FileExistsError:
            if target.is_symlink():
                target.unlink()
            elif target.read_bytes() == data:
                return False
            elif self.finished and path not in self.known:
                message = f"{target} is there and isn't part of the site: move it, or choose another folder."
                raise PackageError(message) from None
            target.write_bytes(data)
        return True

    def finish(self) -> Written:
        """Remove what the last build wrote and this one didn't, and write the list of files."""
        gone = sorted(self.known - self._paths)
        for path in gone:
            target = inside(self.root, path)
            target.unlink(missing_ok=True)
            for folder in target.relative_to(self.root).parents:
                # A folder that still holds something stays.
                with suppress(OSError):
                    (self.root / folder).rmdir()
        self._list(self._paths, finished=True)
        return Written(len(self._paths), self._written, len(gone))

    def claim(self) -> None:
        """Say in the folder that a site is being written, before its first page: an interrupted build can go on."""
        self._list(self.known, finished=False)

    def _list(self, paths: set[str] | frozenset[str], *, finished: bool) -> None:
        data = (json.dumps({"finished": finished, "files": sorted(paths)}, indent=0) + "\n").encode()
        manifest = self.root / MANIFEST
        if not manifest.is_file() or manifest.read_bytes() != data:
            replace_file(manifest, data)


def open_folder(root: Path) -> Folder:
    """Open a folder for a site: a new one, an empty one, or one that a site was written into before.

    Raises
    ------
    PackageError
        It has other files, or its list of files is not valid.
    """
    if root.exists() and not root.is_dir():
        message = f"{root} is not a folder: expected a new folder for the site, an empty one, or one with a site."
        raise PackageError(message)
    manifest = root / MANIFEST
    if not manifest.is_file():
        found = sorted(path.name for path in root.iterdir())[:3] if root.is_dir() else []
        if found:
            message = (
                f"{root} has other files ({', '.join(found)}): expected a new folder, an empty one, or one that "
                f"`readouts site` wrote before. Nothing was written."
            )
            raise PackageError(message)
        root.mkdir(parents=True, exist_ok=True)
        return Folder(root, frozenset())
    try:
        listed = json.loads(manifest.read_text(encoding="utf-8"))
        # Each is checked against the folder when it is removed.
        files = [path + "" for path in listed["files"]]
        finished = listed["finished"] is True
    except (OSError, ValueError, LookupError, TypeError) as error:
        message = f"{manifest} is not the list of a site's files: {error}. Choose another folder, or remove this one."
        raise PackageError(message) from error
    return Folder(root, frozenset(files), finished)
