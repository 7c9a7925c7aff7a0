"""Unpacking the archive of a release into a temporary folder, whatever somebody put into it."""

from __future__ import annotations

import tempfile
import zipfile
import zlib
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from readouts.datapackage.errors import PackageError
from readouts.datapackage.package.package import DESCRIPTOR, descriptor_in
from readouts.datapackage.package.paths import inside
from readouts.datapackage.table.decompression import is_clutter
from readouts.datapackage.table.file_kind import file_fault
from readouts.datapackage.table.limits import MOST_RATIO, RATIO_FROM
from readouts.datapackage.words import listed

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
    # Of names that are not text, or empty, and of places before the file's beginning.
    ValueError,
    IndexError,
)
"""What reading a broken archive may end in."""
_OFFICE = ("[Content_Types].xml", "mimetype")
_STEP = 2**20


@contextmanager
def unpacked(archive: Path) -> Iterator[Path]:
    """Unpack an archive, and give the folder of its package until the end of the block.

    Parameters
    ----------
    archive
        A ZIP file with a descriptor at its top, or in the one folder at its top. What macOS and Windows add is passed
        over.

    Raises
    ------
    PackageError
        It is not such an archive, has names that leave it, or unpacks to more than the limit: 10,000 files, 4 GiB, or
        250 times its size.

    Examples
    --------
    >>> with unpacked(Path("nothing.zip")) as folder:
    ...     print(folder)
    Traceback (most recent call last):
    readouts.datapackage.errors.PackageError: nothing.zip can't be read as a ZIP archive: No such file or directory.
    """
    with tempfile.TemporaryDirectory(prefix="readouts-", ignore_cleanup_errors=True) as folder:
        try:
            with zipfile.ZipFile(archive) as opened:
                _unpack(opened, archive, Path(folder))
        except _UNREADABLE as error:
            raise PackageError(_unreadable(archive, error)) from error
        found = [place for place in (Path(folder), *sorted(Path(folder).iterdir())) if descriptor_in(place).is_file()]
        if len(found) > 1:
            names = ", ".join(place.name if place != Path(folder) else "its top" for place in found[:3])
            message = f"{archive} has {len(found)} packages ({names}); expected one. Unpack it, and name a folder."
            raise PackageError(message)
        if not found:
            if any((Path(folder) / name).is_file() for name in _OFFICE):
                message = f"{archive} is an office document, not a data package. Export its tables as CSV."
                raise PackageError(message)
            content = listed(sorted(path.name for path in Path(folder).iterdir())) or "no file"
            message = (
                f"{archive} is not the archive of a data package: expected {DESCRIPTOR} at its top or in the one "
                f"folder there, found {content}. Unpack it, and name the folder of the package."
            )
            raise PackageError(message)
        yield found[0]


def _unreadable(archive: Path, error: Exception) -> str:
    """Return why an archive can't be read, and what to do."""
    reason, hint = str(getattr(error, "strerror", None) or error).rstrip("."), ""
    if isinstance(error, zipfile.BadZipFile) and not zipfile.is_zipfile(archive):
        with archive.open("rb") as stream:
            head = stream.read(_STEP)
        fault = None if head.startswith(b"PK") else file_fault(head, "a ZIP archive", doubtful=False)
        reason = "the file is empty, cut off, or something else" if fault is None else str(fault).rstrip(".")
        hint = " Fetch it again." if fault is None else f" {fault.hint}"
    return f"{archive} can't be read as a ZIP archive: {reason}.{hint}"


def _unpack(opened: zipfile.ZipFile, archive: Path, folder: Path) -> None:
    entries = [entry for entry in opened.infolist() if not entry.is_dir() and not is_clutter(entry.filename)]
    if len(entries) > MOST_FILES:
        message = f"{archive} has {len(entries):,} files; at most {MOST_FILES:,} are taken."
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
                        f"{archive} unpacks to more than {MOST_BYTES // 2**30} GiB or {MOST_RATIO} times its size."
                    )
                    raise PackageError(message)
                copy.write(part)
