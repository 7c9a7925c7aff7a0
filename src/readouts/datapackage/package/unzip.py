"""Unpacking the archive of a release into a temporary folder, whatever somebody put into it."""

from __future__ import annotations

import tempfile
import zipfile
import zlib
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from readouts.datapackage.errors import PackageError
from readouts.datapackage.package.package import DESCRIPTOR
from readouts.datapackage.package.paths import inside
from readouts.datapackage.table.limits import MOST_RATIO, RATIO_FROM

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["unpacked"]

MOST_FILES = 10_000
MOST_BYTES = 4 * 2**30
_UNREADABLE = (
    OSError,
    zipfile.BadZipFile,
    zlib.error,
    RuntimeError,
    NotImplementedError,
    EOFError,
    # Of names that are no text, or none at all, and of places before the file's beginning.
    ValueError,
    IndexError,
)
"""What reading a broken archive may end in."""
_STEP = 2**20


@contextmanager
def unpacked(archive: Path) -> Iterator[Path]:
    """Unpack an archive, and give the folder of its package until the end of the block.

    Parameters
    ----------
    archive
        A ZIP file with a descriptor at its top, or in the one folder at its top.

    Raises
    ------
    PackageError
        It is no such archive, has names that leave it, or unpacks to more than is taken: 10,000 files, 4 GiB, or 250
        times its size.

    Examples
    --------
    >>> with unpacked(Path("nothing.zip")) as folder:
    ...     print(folder)
    Traceback (most recent call last):
    readouts.datapackage.errors.PackageError: nothing.zip can't be read as an archive: No such file or directory.
    """
    with tempfile.TemporaryDirectory(prefix="readouts-", ignore_cleanup_errors=True) as folder:
        try:
            with zipfile.ZipFile(archive) as opened:
                _unpack(opened, archive, Path(folder))
        except _UNREADABLE as error:
            reason = getattr(error, "strerror", None) or error
            message = f"{archive} can't be read as an archive: {reason}."
            raise PackageError(message) from error
        found = [place for place in (Path(folder), *sorted(Path(folder).iterdir())) if (place / DESCRIPTOR).is_file()]
        if len(found) > 1:
            names = ", ".join(place.name if place != Path(folder) else "its top" for place in found[:3])
            message = f"{archive} holds {len(found)} packages ({names}): expected one. Unpack it, and name a folder."
            raise PackageError(message)
        if not found:
            message = f"{archive} holds no package: expected {DESCRIPTOR} at its top, or in the one folder there."
            raise PackageError(message)
        yield found[0]


def _unpack(opened: zipfile.ZipFile, archive: Path, folder: Path) -> None:
    entries = [entry for entry in opened.infolist() if not entry.is_dir()]
    if len(entries) > MOST_FILES:
        message = f"{archive} has {len(entries):,} files: at most {MOST_FILES:,} are taken."
        raise PackageError(message)
    total = 0
    for entry in entries:
        target = inside(folder, entry.filename)
        target.parent.mkdir(parents=True, exist_ok=True)
        with opened.open(entry) as source, target.open("xb") as copy:
            while part := source.read(_STEP):
                total += len(part)
                if total > MOST_BYTES or (total > RATIO_FROM and total > archive.stat().st_size * MOST_RATIO):
                    message = (
                        f"{archive} unpacks to more than is taken: {MOST_BYTES // 2**30} GiB, or {MOST_RATIO} times."
                    )
                    raise PackageError(message)
                copy.write(part)
