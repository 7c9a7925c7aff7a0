"""Carrying a package from one release to the other by a delta.

The base, every old value and every byte of the result are checked; nothing is left behind when one is wrong.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from readouts.datapackage.delta.format import LINES, DeltaError, Release, file_of, opened_delta, read_part
from readouts.datapackage.package.files import (
    chunks,
    content_of,
    contents,
    gathered,
    new_folder,
    package_files,
    write_new,
)
from readouts.datapackage.package.locate import PackageLike, located
from readouts.datapackage.table.canonical_csv import csv_line
from readouts.datapackage.table.canonical_records import cells_of, read_records

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Mapping

    from readouts.datapackage.delta.format import Delta, TableDelta
    from readouts.datapackage.package.files import Content
    from readouts.datapackage.package.package import DataPackage

__all__ = ["apply_delta", "check_delta", "revert_delta"]


def apply_delta(base: PackageLike, delta: str | os.PathLike[str], output: str | os.PathLike[str]) -> Release:
    """Make the new release from the old one.

    Parameters
    ----------
    base
        The old release. Nothing in it is touched.
    delta
        File of the delta.
    output
        A folder that is new or empty, outside the base. It appears whole or not at all.

    Returns
    -------
    Release
        The release that was made.

    Raises
    ------
    DeltaError
        The delta was damaged, or the base is not, byte for byte, the release that it was made for.
    PackageError
        There is something at `output`.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from readouts.datapackage.delta.create import create_delta
    >>> from readouts.datapackage.sample import sample_package
    >>> with TemporaryDirectory() as folder:
    ...     _ = create_delta(sample_package(), sample_package(), f"{folder}/nothing.delta")
    ...     apply_delta(sample_package(), f"{folder}/nothing.delta", f"{folder}/made").version
    '1.0.0'
    """
    with located(base) as (_, found):
        return _carry(found, Path(delta), Path(output), back=False)


def revert_delta(base: PackageLike, delta: str | os.PathLike[str], output: str | os.PathLike[str]) -> Release:
    """Make the old release from the new one; otherwise as `apply_delta`."""
    with located(base) as (_, found):
        return _carry(found, Path(delta), Path(output), back=True)


def _carry(base: DataPackage, path: Path, output: Path, *, back: bool) -> Release:
    with opened_delta(path) as delta:
        files = package_files(base)
        _verify(base, contents(files), delta, back=back)
        with new_folder(output, base.root) as folder:
            target = delta.old if back else delta.new
            for name, data in _made(delta, files, back=back):
                _expect(name, write_new(folder, name, data), target)
        return target


def check_delta(path: Path, old: Mapping[str, Path], new: Mapping[str, Path]) -> None:
    """Prove that a delta carries the one release to the other and back, without writing either.

    Raises
    ------
    DeltaError
        It doesn't.
    """
    with opened_delta(path) as delta:
        for files, target, back in ((old, delta.new, False), (new, delta.old, True)):
            for name, data in _made(delta, files, back=back):
                _expect(name, content_of(data), target)


def _verify(base: DataPackage, found: Mapping[str, Content], delta: Delta, *, back: bool) -> None:
    """Raise unless a base is, byte for byte, the release that a delta begins with."""
    expected, other = (delta.new, delta.old) if back else (delta.old, delta.new)
    if found == expected.files:
        return
    if found == other.files:
        done, instead = ("reverted", "apply") if back else ("applied", "revert")
        message = f"{base.root} is {other} already: the delta is {done}. Did you mean `readouts delta {instead}`?"
        raise DeltaError(message)
    wrong = sorted(name for name in {*found, *expected.files} if found.get(name) != expected.files.get(name))
    name = wrong[0]
    if name not in found:
        what = f"it has no file {name}"
    elif name not in expected.files:
        what = f"it has the file {name}, which the release lacks"
    else:
        what = f"{name} has sha256:{found[name].sha256}, expected sha256:{expected.files[name].sha256}"
    left = len(wrong) - 1
    more = "" if not left else ", and 1 more file differs" if left == 1 else f", and {left:,} more files differ"
    message = (
        f"{base.root} is not the {expected} that the delta was made for: {what}{more}. Take that release as it is."
    )
    raise DeltaError(message)


def _expect(name: str, found: Content, target: Release) -> None:
    if found != target.files[name]:
        message = (
            f"The delta doesn't reproduce {name} of {target}: expected sha256:{target.files[name].sha256}, found "
            f"sha256:{found.sha256}. Nothing was written; make the delta again."
        )
        raise DeltaError(message)


def _made(delta: Delta, files: Mapping[str, Path], *, back: bool) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Yield the files of the other release by path."""
    source, target = (delta.new, delta.old) if back else (delta.old, delta.new)
    there = {content.sha256: files[name] for name, content in source.files.items()}
    views = [_view(table, back=back) for table in delta.tables]
    tables = {view.target_path: view for view in views if view.target_path is not None}
    texts = _texts(delta, back=back)
    for name, content in target.files.items():
        whole = delta.package.root / file_of(content.sha256)
        if content.sha256 in there:
            yield name, chunks(there[content.sha256])
        elif whole.is_file():
            yield name, chunks(whole)
        elif name in tables:
            view = tables[name]
            records = iter([""]) if view.source_path is None else read_records(files[view.source_path])
            yield name, gathered(_records(delta, view, records))
        else:
            dropped, inserted = texts.get(name, ([], []))
            segments = files[name].read_bytes().decode().split("\n") if name in source.files else []
            spliced = _spliced(name, segments, iter(dropped), iter(inserted))
            yield name, gathered(("\n" if out > 1 else "") + text for _, out, text in spliced)


Numbered = tuple[int, str]


def _texts(delta: Delta, *, back: bool) -> dict[str, tuple[list[Numbered], list[Numbered]]]:
    """Return the lines to drop and those to insert, by file."""
    found: dict[str, tuple[list[Numbered], list[Numbered]]] = defaultdict(lambda: ([], []))
    for path, side, line, text in read_part(delta.package, LINES):
        found[path][(side == "new") != back].append((int(line), text))
    return found


def _spliced(
    name: str, source: Iterable[str], dropped: Iterator[Numbered], inserted: Iterator[Numbered]
) -> Iterator[tuple[int, int, str]]:
    """Yield what stays of a source, and what is new: its number in the source, or 0, that in the result, and itself."""
    number = out = 0
    drop, insert = next(dropped, None), next(inserted, None)
    for text in source:
        number += 1
        if drop is not None and drop[0] == number:
            if drop[1] != text:
                raise _otherwise(name, number, drop[1], text)
            drop = next(dropped, None)
            continue
        while insert is not None and insert[0] == out + 1:
            out += 1
            yield 0, out, insert[1]
            insert = next(inserted, None)
        out += 1
        yield number, out, text
    while insert is not None and insert[0] == out + 1:
        out += 1
        yield 0, out, insert[1]
        insert = next(inserted, None)
    if drop is not None or insert is not None:
        message = f"The delta has rows of {name} that have no place in it. Make the delta again."
        raise DeltaError(message)


def _otherwise(name: str, number: int, expected: str, found: str) -> DeltaError:
    return DeltaError(
        f"Row {number:,} of {name} is not what the delta replaces: expected {expected[:200]!r}, found {found[:200]!r}. "
        "Make the delta again."
    )


@dataclass(frozen=True, slots=True)
class _View:
    """A table's part of a delta, looked at in one direction: the names of its parts, and where columns are."""

    source_path: str | None
    target_path: str | None
    target_fields: tuple[str, ...]
    dropped: str | None  # rows that only the source has
    inserted: str | None  # rows that only the target has
    left: str | None  # cells of columns that only the source has
    left_places: list[int]
    taken: str | None  # cells of columns that only the target has
    origins: list[int | None]  # the place in the source of each column of the target
    places: dict[str, int]  # where a column, by its new name, is in the source
    changed: str | None
    back: bool  # whether the source is the new release

    @property
    def as_is(self) -> bool:
        """Whether the columns of source and target are the same."""
        return self.origins == list(range(len(self.origins))) and not self.left_places


def _view(table: TableDelta, *, back: bool) -> _View:
    shared, parts = table.shared, table.parts
    if back:
        before = {old: new for new, old in shared.items()}
        source, target = table.new_fields, table.old_fields
        left, taken, left_fields = parts.get("gained"), parts.get("lost"), table.gained
        dropped, inserted = parts.get("added"), parts.get("removed")
        places = {new: source.index(new) for new in shared}
    else:
        before = shared
        source, target = table.old_fields, table.new_fields
        left, taken, left_fields = parts.get("lost"), parts.get("gained"), table.lost
        dropped, inserted = parts.get("removed"), parts.get("added")
        places = {new: source.index(old) for new, old in shared.items()}
    return _View(
        source_path=table.new_path if back else table.old_path,
        target_path=table.old_path if back else table.new_path,
        target_fields=target,
        dropped=dropped,
        inserted=inserted,
        left=left,
        left_places=[source.index(name) for name in left_fields],
        taken=taken,
        origins=[source.index(before[name]) if name in before else None for name in target],
        places=places,
        changed=parts.get("changed"),
        back=back,
    )


def _numbered(rows: Iterator[list[str]]) -> Iterator[Numbered]:
    for row in rows:
        yield int(row[0]), csv_line(row[1:])


def _records(delta: Delta, view: _View, source: Iterator[str]) -> Iterator[str]:
    """Yield the records of a table of the other release, the header first."""
    package, name = delta.package, str(view.target_path)
    changes: dict[int, list[tuple[int, str, str]]] = defaultdict(list)
    for field, row, old, new in read_part(package, view.changed):
        before, after = (new, old) if view.back else (old, new)
        changes[int(row)].append((view.places[field], before, after))
    left, taken = read_part(package, view.left), read_part(package, view.taken)
    dropped, inserted = (_numbered(read_part(package, part)) for part in (view.dropped, view.inserted))
    next(source)
    yield csv_line(view.target_fields)
    as_is = view.as_is
    for number, out, record in _spliced(name, source, dropped, inserted):
        here = changes.pop(out if view.back else number, None) if number else None
        if not number or (here is None and as_is):
            yield record
            continue
        cells = cells_of(record)
        for place, before, after in here or ():
            if cells[place] != before:
                raise _otherwise(name, number, before, cells[place])
            cells[place] = after
        if not as_is:
            _check_left(name, number, cells, view, left)
            given = iter(next(taken, []))
            cells = [next(given) if origin is None else cells[origin] for origin in view.origins]
        yield csv_line(cells)
    if changes or next(chain(left, taken), None) is not None:
        message = f"The delta has cells of {name} that have no place in it. Make the delta again."
        raise DeltaError(message)


def _check_left(name: str, number: int, cells: list[str], view: _View, left: Iterator[list[str]]) -> None:
    """Raise unless the cells of columns that are left behind are those that the delta brings back."""
    if view.left is not None:
        expected, found = next(left, []), [cells[place] for place in view.left_places]
        if expected != found:
            raise _otherwise(name, number, csv_line(expected), csv_line(found))
