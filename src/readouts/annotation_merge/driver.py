"""Making git merge with `readouts merge`: the driver that .gitattributes names, put into a clone's configuration."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

from readouts.datapackage.merging.conflict import MergeError

__all__ = ["install"]


def _git(folder: Path, *arguments: str) -> None:
    try:
        done = subprocess.run(  # noqa: S603 - the arguments are ours
            ["git", *arguments],  # noqa: S607 - whichever git the user has is the one to configure
            cwd=folder,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
    except FileNotFoundError:
        message = "git was not found. Install it, then run the command again."
        raise MergeError(message) from None
    if done.returncode:
        message = f"`git {' '.join(arguments)}` failed in {folder}: {done.stderr.strip()}"
        raise MergeError(message)


def install(folder: Path) -> str:
    """Write the driver into the configuration of the repository that a folder is in.

    Returns
    -------
    str
        The command that git will run.

    Raises
    ------
    MergeError
        There is no git, or the folder is not in a repository.
    """
    # The interpreter by its path: users who merge need not have activated its environment.
    python = shlex.quote(Path(sys.executable).as_posix())
    command = f"{python} -m readouts merge --driver --path %P --output %A %O %A %B"
    _git(folder, "rev-parse", "--git-dir")
    _git(folder, "config", "merge.readouts.name", "merge by key")
    _git(folder, "config", "merge.readouts.driver", command)
    return command
