"""The work tree that a release is made from, as git sees it. Nothing in it, or in the repository, is changed."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from readouts.datapackage.errors import PackageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

__all__ = ["annotation_files", "uncommitted"]


def _git(root: Path, *arguments: str) -> str:
    command = ["git", "-C", str(root), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL)  # noqa: S603
    except FileNotFoundError as error:
        message = "A release is made from a git work tree, and git is not installed."
        raise PackageError(message) from error
    if done.returncode:
        reason = done.stderr.decode("utf-8", "replace").strip().removeprefix("fatal: ")
        message = f"A release is made from a git work tree: expected {root} to be one; git says '{reason}'."
        raise PackageError(message)
    return done.stdout.decode("utf-8", "surrogateescape")


def uncommitted(root: Path, own: Iterable[str] = ()) -> list[str]:
    """Return what is changed or new in a work tree, as git's two letters and the path.

    Parameters
    ----------
    root
        The project.
    own
        Folders below it that a release writes to: what is new in them is not a change of the project.
    """
    prefix = _git(root, "rev-parse", "--show-prefix").strip()
    entries = iter(_git(root, "status", "--porcelain=v1", "-z", "--untracked-files=all", "--", ".").split("\0"))
    folders = tuple(f"{folder.strip('/')}/" for folder in own)
    found = []
    for entry in entries:
        if not entry:
            continue
        state, path = entry[:2], entry[3:].removeprefix(prefix)
        if "R" in state or "C" in state:
            # The path before a rename is an entry of its own.
            next(entries, None)
        if state == "??" and folders and path.startswith(folders):
            continue
        found.append(f"{state} {path}")
    return sorted(found, key=lambda line: line[3:])


def _parts(root: Path, name: str) -> Iterator[Path]:
    """Yield a file and the folders that it lies in, up to the project's."""
    path = root / name
    while path != root:
        yield path
        path = path.parent


def annotation_files(root: Path, *, untracked: bool = False) -> dict[str, bytes]:
    """Return the files of the annotations that git has, by their path; if `untracked`, untracked ones too."""
    which = ("--cached", "--others", "--exclude-standard") if untracked else ("--cached",)
    names = sorted(set(_git(root, "ls-files", "-z", *which, "--", "annotations").split("\0")) - {""})
    if links := [name for name in names if any(part.is_symlink() for part in _parts(root, name))]:
        message = (
            f"{links[0]} is a symbolic link, and its target is not committed: replace it with the file itself before "
            "you make a release."
        )
        raise PackageError(message)
    found = {name: (root / name).read_bytes() for name in names if (root / name).is_file()}
    if "annotations/corpus.yaml" not in found:
        message = f"{root} has no annotations that git knows: expected annotations/corpus.yaml. Commit it first."
        raise PackageError(message)
    return found
