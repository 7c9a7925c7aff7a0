"""The folder of a site: only what changed is written, and only what an earlier build wrote is removed."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from readouts.datapackage.errors import PackageError
from readouts.datapackage.package.paths import inside
from readouts.datapackage.package.transaction import replace_file
from readouts.publish.site.fingerprint import digest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["MANIFEST", "Folder", "Written", "open_folder"]

MANIFEST = ".readouts-site.json"
"""Lists every file of the site with its digest and what it was made of: the next build keeps what would be the same."""

_BEGUN = ".readouts-site.begun"
"""Lists the files that a build has added, until it comes to its end: else nobody knew whose they are if it is ended."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a build did to the folder: files in the site, how many were written, how many removed."""

    files: int
    written: int
    removed: int

    def text(self, output: Path) -> str:
        """Return what the build did as a sentence.

        Examples
        --------
        >>> from pathlib import Path
        >>> Written(2_470, 14, 0).text(Path("site")), Written(2_470, 0, 0).text(Path("site"))
        ('Wrote 14 of 2,470 files to site.', 'Nothing changed: the 2,470 files in site are up to date.')
        """
        if not self.written and not self.removed:
            return f"Nothing changed: the {self.files:,} files in {output} are up to date."
        said = f"Wrote {self.written:,} of {self.files:,} files to {output}"
        return f"{said}, and removed {self.removed:,}." if self.removed else f"{said}."


@dataclass
class Folder:
    """A folder that a site is being written into.

    Attributes
    ----------
    root
        The folder.
    known
        The files that the last build wrote, each with a mark: its digest, and the key of what it was made of.
    inputs
        Digest of all that the last build was made of, if it came to its end.
    finished
        Whether it did.
    """

    root: Path
    known: Mapping[str, str]
    inputs: str = ""
    finished: bool = True
    _marks: dict[str, str] = field(default_factory=dict)
    _folders: set[str] = field(default_factory=set)
    _written: int = 0

    def unchanged(self, inputs: str) -> Written | None:
        """Return what a build does that has nothing to do: all was made of the same, and every file is as written."""
        if not (self.finished and inputs and inputs == self.inputs and all(map(self._as_written, self.known))):
            return None
        return Written(len(self.known), 0, 0)

    def keep(self, path: str, key: str) -> bool:
        """Keep a file, if it was made of what this key is of and is as it was written; return whether it is kept."""
        mark = self.known.get(path, "")
        if not key or mark.partition(" ")[2] != key or not self._as_written(path):
            return False
        self._take(path, mark)
        return True

    def keep_all(self, key: str) -> bool:
        """Keep all files that were made of what a key is of, if there are any and each is as it was written."""
        paths = self._by_key.get(key, ()) if key else ()
        if not paths or not all(map(self._as_written, paths)):
            return False
        for path in paths:
            self._take(path, self.known[path])
        return True

    @cached_property
    def _by_key(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path, mark in self.known.items():
            found.setdefault(mark.partition(" ")[2], []).append(path)
        return found

    def _as_written(self, path: str) -> bool:
        target = self.root / path
        try:
            return digest(target.read_bytes()) == self.known[path].partition(" ")[0] and not target.is_symlink()
        except OSError:
            return False

    def write(self, path: str, data: bytes, key: str = "") -> None:
        """Write a file unless it is there as it should be; the key is of what it was made of.

        Raises
        ------
        PackageError
            Two pages want to lie at the same place, or a file is there that no build wrote.
        """
        self._take(path, f"{digest(data)} {key}")
        folder = path.rpartition("/")[0]
        if folder not in self._folders:
            (inside(self.root, folder) if folder else self.root).mkdir(parents=True, exist_ok=True)
            self._folders.add(folder)
        self._written += self._write(path, data)

    def _take(self, path: str, mark: str) -> None:
        if path in self._marks:
            message = f"Two pages of the site want to lie at '{path}': two things have the same id. See `validate`."
            raise PackageError(message)
        self._marks[path] = mark

    def part(self) -> Folder:
        """Return the same folder without what was written so far: another process can write a part of the site."""
        return Folder(self.root, self.known, self.inputs, self.finished)

    def join(self, part: Folder) -> None:
        """Take what was written as a part of the site for written here.

        Raises
        ------
        PackageError
            Two pages want to lie at the same place.
        """
        for path, mark in part._marks.items():
            self._take(path, mark)
        self._written += part._written

    def _write(self, path: str, data: bytes) -> bool:
        """Write a file, and return whether that was needed."""
        target = self.root / path
        # Without a flush to disk: what a crash leaves behind is fixed by the next build, which compares the bytes.
        try:
            with target.open("xb") as stream:
                stream.write(data)
            if path not in self.known:
                with (self.root / _BEGUN).open("a", encoding="utf-8") as names:
                    names.write(f"{path}\n")
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

    def finish(self, inputs: str = "") -> Written:
        """Remove what the last build wrote and this one didn't, and list the files and what they are made of."""
        gone = sorted(self.known.keys() - self._marks.keys())
        for path in gone:
            target = inside(self.root, path)
            target.unlink(missing_ok=True)
            for folder in target.relative_to(self.root).parents:
                # A folder that still holds something stays.
                with suppress(OSError):
                    (self.root / folder).rmdir()
        self._list(self._marks, inputs, finished=True)
        (self.root / _BEGUN).unlink(missing_ok=True)
        return Written(len(self._marks), self._written, len(gone))

    def claim(self) -> None:
        """Say in the folder that a site is being written, before its first page: an interrupted build can go on."""
        self.root.mkdir(parents=True, exist_ok=True)
        self._list(self.known, "", finished=False)

    def _list(self, marks: Mapping[str, str], inputs: str, *, finished: bool) -> None:
        listed = {"finished": finished, "inputs": inputs, "files": dict(sorted(marks.items()))}
        data = (json.dumps(listed, indent=0) + "\n").encode()
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
        return Folder(root, {})
    try:
        listed = json.loads(manifest.read_text(encoding="utf-8"))
        # Each is checked against the folder when it is removed. A list without marks is of an earlier version.
        files = listed["files"]
        known = {path + "": str(files[path]) if isinstance(files, dict) else "" for path in files}
        finished = listed["finished"] is True
        if (begun := root / _BEGUN).is_file():
            known = dict.fromkeys(begun.read_text(encoding="utf-8").splitlines(), "") | known
    except (OSError, ValueError, LookupError, TypeError) as error:
        message = f"{manifest} is not the list of a site's files: {error}. Choose another folder, or remove this one."
        raise PackageError(message) from error
    return Folder(root, known, str(listed.get("inputs", "")), finished)
