"""Replacing the files of a package all at once: staged next to them, then swapped under a journal.

Every file is written to `.readouts/staged/` and flushed to disk. Then the journal is written, in one rename: from that
moment on the new release is in force, and the next process finishes the work, be it this one or a later command. A
process that dies before the journal leaves the old release; one that dies after it, the new one.
"""

from __future__ import annotations

import json
import os
import shutil
from contextlib import contextmanager, suppress
from glob import escape
from typing import TYPE_CHECKING

from readouts.datapackage.errors import LockedError, PackageError
from readouts.datapackage.package.paths import inside

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

__all__ = ["HIDDEN", "Staging", "locked", "replace_file", "settle", "staged_path", "staging"]

HIDDEN = ".readouts"
"""Folder next to the package that holds lock, journal, staged files and the build cache; never published."""


def _flush_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write(path: Path, chunks: Iterator[bytes]) -> None:
    with path.open("wb") as stream:
        for chunk in chunks:
            stream.write(chunk)
        stream.flush()
        os.fsync(stream.fileno())


def _is_running(process: str) -> bool:
    """Return whether a process is there; another system than POSIX is not asked, since asking would end it."""
    if os.name == "nt" or not process.isdecimal():
        return True
    try:
        os.kill(int(process), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


def staged_path(path: Path) -> Path:
    """Return where to write first what will be at a path: next to it. What killed processes left there is removed.

    Examples
    --------
    >>> from pathlib import Path
    >>> staged_path(Path("no-such-folder/a.yaml")).name == f".a.yaml.{os.getpid()}.tmp"
    True
    """
    for left in path.parent.glob(f".{escape(path.name)}.*.tmp"):
        if not _is_running(left.name.split(".")[-2]):
            with suppress(OSError):
                shutil.rmtree(left) if left.is_dir() else left.unlink()
    return path.with_name(f".{path.name}.{os.getpid()}.tmp")


def replace_file(path: Path, data: bytes) -> None:
    r"""Write a file so that it is there in full or as it was: temporary file next to it, flush, rename.

    Raises
    ------
    OSError
        It can't be written; the old file is untouched and no temporary file stays.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> path = Path(tempfile.mkdtemp()) / "a.yaml"
    >>> replace_file(path, b"title: x\n")
    >>> path.read_bytes()
    b'title: x\n'
    """
    temporary = staged_path(path)
    try:
        _write(temporary, iter([data]))
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    _flush_folder(path.parent)


def _holder(path: Path) -> str:
    with suppress(OSError, ValueError):
        return f" by process {int(path.read_text(encoding='ascii'))}"
    return ""


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Hold the package's lock, so that one process writes at a time. The system frees it when a process dies.

    Raises
    ------
    LockedError
        Another process holds it; the message names the lock.
    """
    from filelock import FileLock, Timeout

    hidden = root / HIDDEN
    hidden.mkdir(parents=True, exist_ok=True)
    lock = FileLock(hidden / "lock", timeout=0)
    pid = hidden / "lock.pid"
    try:
        lock.acquire()
    except Timeout:
        message = (
            f"{root} is being written{_holder(pid)}: the lock {hidden / 'lock'} is held. Wait until it is "
            "done, then run the command again."
        )
        raise LockedError(message) from None
    try:
        pid.write_text(str(os.getpid()), encoding="ascii")
        yield
    finally:
        with suppress(OSError):
            pid.unlink(missing_ok=True)
        lock.release()


def _plan(journal: Path) -> tuple[list[str], list[str]]:
    """Read a journal: the files to put in place, and those to remove."""
    try:
        plan = json.loads(journal.read_text(encoding="utf-8"))
        put, remove = plan["put"], plan["remove"]
        if all(isinstance(name, str) for names in (put, remove) for name in names):
            return put, remove
        problem = "a name in it is not a text"
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        problem = str(error) or type(error).__name__
    message = f"{journal} is not the journal of a write: {problem}. Delete it, then build the package again."
    raise PackageError(message)


def _complete(root: Path) -> None:
    """Do what the journal says: move what is staged, remove what is obsolete. Doing it twice does no harm."""
    # A stranger's package may have links there that lead out of it.
    journal, staged = inside(root, f"{HIDDEN}/journal.json"), inside(root, f"{HIDDEN}/staged")
    put, remove = _plan(journal)
    for name in put:
        source, target = inside(staged, name), inside(root, name)
        if source.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            source.replace(target)
    for name in remove:
        inside(root, name).unlink(missing_ok=True)
    for folder in sorted({inside(root, name).parent for name in put}):
        _flush_folder(folder)
    journal.unlink()
    shutil.rmtree(staged, ignore_errors=True)


def settle(root: Path) -> None:
    """Complete or undo a write that was interrupted; do nothing where none was.

    Parameters
    ----------
    root
        Folder of the package.

    Raises
    ------
    LockedError
        The write is still going on.
    PackageError
        The package can't be written to, so that the interrupted write can't be completed.
    """
    hidden = root / HIDDEN
    if not (hidden / "journal.json").exists():
        return
    try:
        with locked(root):
            if (hidden / "journal.json").exists():
                _complete(root)
    except OSError as error:
        raise _incomplete(root, error) from error


def _incomplete(root: Path, error: OSError) -> PackageError:
    return PackageError(
        f"The new release of {root} is in force, but not all of its files could be moved to their place: "
        f"{error.strerror} ({error.filename}). Make the folder writable and run the command again to complete it."
    )


class Staging:
    """The files of the next release, while they are being written."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._folder = root / HIDDEN / "staged"
        self._names: list[str] = []

    def write(self, name: str, chunks: Iterator[bytes]) -> None:
        """Stage a file, given as chunks of bytes; it is flushed to disk.

        Raises
        ------
        PackageError
            The file would leave the package, or something else than a file is in its place.
        """
        target = inside(self.root, name)
        for place, taken in ((target, target.is_dir()), (target.parent, target.parent.is_file())):
            if taken:
                message = f"{place} is in the way: expected {target.relative_to(self.root)} to be a file, or nothing."
                raise PackageError(message)
        path = inside(self._folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, chunks)
        self._names.append(name)

    def commit(self, obsolete: Sequence[str] = ()) -> None:
        """Put everything staged in force, and remove the files of the old release that the new one doesn't have."""
        for folder in sorted({inside(self._folder, name).parent for name in self._names}):
            _flush_folder(folder)
        plan = {"put": self._names, "remove": [name for name in obsolete if self._removable(name)]}
        replace_file(self.root / HIDDEN / "journal.json", json.dumps(plan).encode())
        try:
            _complete(self.root)
        except OSError as error:
            raise _incomplete(self.root, error) from error

    def _removable(self, name: str) -> bool:
        """Return whether a file that the old release lists is one of the package, and none of the new release's."""
        try:
            path = inside(self.root, name)
        except PackageError:
            return False
        return path.is_file() and path not in {inside(self.root, ours) for ours in self._names}


@contextmanager
def staging(root: Path) -> Iterator[Staging]:
    """Stage the files of a package; the caller holds the lock. Anything not committed at the end is dropped."""
    if (root / HIDDEN / "journal.json").exists():
        _complete(root)
    folder = root / HIDDEN / "staged"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield Staging(root)
    finally:
        if not (root / HIDDEN / "journal.json").exists():
            shutil.rmtree(folder, ignore_errors=True)
