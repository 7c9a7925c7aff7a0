"""A folder for texts that nobody may pass on: one that git doesn't track."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from readouts.datapackage.errors import ReadoutsError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["require_untracked"]


def require_untracked(folder: Path, names: Sequence[str]) -> None:
    """Raise an error if git would track files of a folder, which need not be there yet.

    Raises
    ------
    ReadoutsError
        The folder is in a git work tree that doesn't ignore these files, or git can't tell.
    """
    target = Path(os.path.realpath(folder))
    there = next(place for place in (target, *target.parents) if place.is_dir())
    if not any((place / ".git").exists() or _is_repository(place) for place in (there, *there.parents)):
        return
    paths = [str(target / name) for name in names]
    tracked = _git(there, "--literal-pathspecs", "ls-files", "-z", "--", str(target))
    ignored = _git(there, "check-ignore", "--stdin", "-z", "--no-index", given="\0".join(paths))
    if tracked == "" and ignored is not None and set(paths) <= set(ignored.split("\0")):
        return
    message = (
        f"{folder} is in a git repository that doesn't ignore it, and texts of articles must not be published. "
        f"Choose a folder outside of the repository, or add it to .gitignore."
    )
    raise ReadoutsError(message)


def _is_repository(place: Path) -> bool:
    """Return whether a folder is a git directory itself, such as a bare repository or `.git`."""
    return (place / "HEAD").is_file() and (place / "objects").is_dir() and (place / "refs").is_dir()


def _git(folder: Path, *arguments: str, given: str = "") -> str | None:
    """Return what git answers; None where it can't be asked."""
    # Variables such as GIT_DIR would name another repository than the one that the folder is in.
    env = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    command = ["git", "-C", str(folder), *arguments]
    try:
        done = subprocess.run(command, input=os.fsencode(given), capture_output=True, check=False, env=env)  # noqa: S603
    except OSError:
        return None
    # `check-ignore` ends with 1 where it ignores none of the paths.
    return os.fsdecode(done.stdout) if done.returncode in {0, 1} else None
