"""Making a delta from two releases: what each has alone, and what differs in what both have."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import polars as pl

from readouts.datapackage.canonical_form import require_canonical, tables_of
from readouts.datapackage.delta.apply import check_delta
from readouts.datapackage.delta.format import Release, TableDelta
from readouts.datapackage.delta.write import delta_bytes
from readouts.datapackage.difference.row_pairing import COUNT, FIELD, NEW, OLD, pair
from readouts.datapackage.errors import PackageError
from readouts.datapackage.package.files import package_files
from readouts.datapackage.package.locate import PackageLike, label_of, located
from readouts.datapackage.package.transaction import replace_file
from readouts.datapackage.text_diff import matching_lines

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Mapping

    from readouts.datapackage.package.package import DataPackage
    from readouts.datapackage.table.resource import Resource
    from readouts.datapackage.table.text_frame import TextTable

__all__ = ["create_delta"]

_NUMBER, _TIMES = "\0number", "\0times"
_LARGEST_TEXT = 16 * 2**20
_RENAMED_SHARE = 0.5
"""How much of a column must be the same under another name for the delta to say that it was renamed."""


def create_delta(
    old: PackageLike, new: PackageLike, output: str | os.PathLike[str], names: tuple[str, str] | None = None
) -> int:
    """Write a delta that turns one release into another and back, and prove that it does.

    Parameters
    ----------
    old, new
        The releases, both in canonical form. Nothing in them is touched.
    output
        The file to write.
    names
        What messages call the releases. Default: as they were given.

    Returns
    -------
    int
        Bytes of the delta.

    Raises
    ------
    PackageError
        A release is not in canonical form, or `output` is one of its files.
    TableError
        A table can't be read, or a key is empty.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from readouts.datapackage.sample import sample_package
    >>> with TemporaryDirectory() as folder:
    ...     create_delta(sample_package(), sample_package(), f"{folder}/nothing.delta") > 0
    True
    """
    with located(old) as (_, before), located(new) as (_, after):
        return _create(before, after, Path(output), names or (label_of(old), label_of(new)))


def _create(old: DataPackage, new: DataPackage, output: Path, called: tuple[str, str]) -> int:
    before = Release(old.name, old.version, require_canonical(old, called[0]))
    after = Release(new.name, new.version, require_canonical(new, called[1]))
    files = package_files(old), package_files(new)
    if any(output.resolve() == path.resolve() for each in files for path in each.values()):
        message = f"{output} is a file of one of the releases: expected another place for the delta."
        raise PackageError(message)
    tables = list(_tables(old, new, before, after))
    data = delta_bytes(before, after, tables, *_others(tables, before, after, *files))
    # It is proven before it has its name.
    with tempfile.TemporaryDirectory(prefix="readouts-", ignore_cleanup_errors=True) as folder:
        trial = Path(folder) / "delta.zip"
        trial.write_bytes(data)
        check_delta(trial, *files)
    replace_file(output, data)
    return len(data)


Line = tuple[str, str, int, str]
Rows = dict[str, "Iterable[tuple[object, ...]]"]


def _hashes(release: Release) -> set[str]:
    return {content.sha256 for content in release.files.values()}


def _others(
    tables: Iterable[tuple[TableDelta, Rows]],
    before: Release,
    after: Release,
    old_files: Mapping[str, Path],
    new_files: Mapping[str, Path],
) -> tuple[list[Line], dict[str, bytes]]:
    """Return the lines of texts that differ, and the files that are carried whole."""
    old_done, new_done = {table.old_path for table, _ in tables}, {table.new_path for table, _ in tables}
    old_hashes, new_hashes = _hashes(before), _hashes(after)
    lines: list[Line] = []
    whole: dict[str, bytes] = {}
    for name in sorted({*old_files, *new_files}):
        needed = [
            (content.sha256, files[name])
            for files, content, done, elsewhere in (
                (old_files, before.files.get(name), old_done, new_hashes),
                (new_files, after.files.get(name), new_done, old_hashes),
            )
            if content is not None and name not in done and content.sha256 not in elsewhere
        ]
        texts = _segments(old_files.get(name)), _segments(new_files.get(name))
        if not needed:
            continue
        if texts[0] is None or texts[1] is None or name in old_done | new_done:
            whole.update((hash_, path.read_bytes()) for hash_, path in needed)
        else:
            lines += _lines(name, texts[0], texts[1])
    return lines, whole


def _segments(path: Path | None) -> list[str] | None:
    """Return a text as what is between its line feeds; None if it is none, or a large one."""
    if path is None:
        return []
    if path.stat().st_size > _LARGEST_TEXT:
        return None
    data = path.read_bytes()
    try:
        return None if b"\0" in data else data.decode().split("\n")
    except UnicodeDecodeError:
        return None


def _lines(name: str, old: list[str], new: list[str]) -> Iterator[Line]:
    both = matching_lines(old, new)
    for side, texts, place in (("old", old, 0), ("new", new, 1)):
        stay = {pair_[place] for pair_ in both}
        for number, text in enumerate(texts):
            if number not in stay:
                yield name, side, number + 1, text


def _tables(old: DataPackage, new: DataPackage, before: Release, after: Release) -> Iterator[tuple[TableDelta, Rows]]:
    """Yield the tables whose files differ, with their rows, columns and cells."""
    olds, news = tables_of(old), tables_of(new)
    old_hashes, new_hashes = _hashes(before), _hashes(after)
    by_path = {resource.files[0]: name for name, resource in olds.items()}
    left = dict(olds)
    seen: set[str] = set()
    for name, resource in news.items():
        partner = name if name in olds else by_path.get(resource.files[0])
        if partner is None or (partner in news and partner != name):
            partner = None
        else:
            left.pop(partner, None)
        path = _path(resource)
        changed = after.files[path].sha256 not in old_hashes
        if partner is not None:
            changed |= before.files[_path(olds[partner])].sha256 not in new_hashes
        if changed and path not in seen:
            seen.add(path)
            there = resource.text_table()
            if partner is None:
                yield _whole_table(name, None, None, there, path)
            else:
                yield _table(name, olds[partner].text_table(), _path(olds[partner]), there, path)
    for name, resource in left.items():
        if before.files[_path(resource)].sha256 not in new_hashes:
            yield _whole_table(name, resource.text_table(), _path(resource), None, None)


def _path(resource: Resource) -> str:
    return PurePosixPath(resource.files[0]).as_posix()


def _whole_table(
    name: str, old: TextTable | None, old_path: str | None, new: TextTable | None, new_path: str | None
) -> tuple[TableDelta, Rows]:
    """Return a table none of whose rows is the same on both sides, or is taken for it."""
    rows: Rows = {}
    for part, sheet in (("removed", old), ("added", new)):
        if sheet is not None and sheet.frame.height:
            rows[part] = sheet.frame.with_row_index(_NUMBER, 1).iter_rows()
    old_fields, new_fields = (() if sheet is None else sheet.labels for sheet in (old, new))
    return TableDelta(name, old_path, new_path, old_fields, new_fields), rows


def _table(name: str, old: TextTable, old_path: str, new: TextTable, new_path: str) -> tuple[TableDelta, Rows]:
    """Return how a table that both releases have differs."""
    renamed = _renamed_keys(old, new)
    old_key = tuple(renamed.get(column, column) for column in old.table.primary_key)
    nothing = not old.frame.height or not new.frame.height
    if nothing or old_key != new.table.primary_key or (not old_key and old.labels != new.labels):
        # There is nothing to pair, rows can't be matched, or they are in another order.
        return _whole_table(name, old, old_path, new, new_path)
    aligned = _align(_renaming(old, renamed), new, old_key)
    if old_key:
        more = _renamed_columns(aligned)
        if more:
            renamed |= more
            aligned = _align(_renaming(old, renamed), new, old_key)
    table = TableDelta(name, old_path, new_path, old.labels, new.labels, renamed)
    both = aligned.old.columns
    rows: Rows = {
        "removed": _with_number(old.frame, aligned.removed).iter_rows(),
        "added": _with_number(new.frame, aligned.added).iter_rows(),
        "changed": aligned.cells.iter_rows(),
        "lost": aligned.old.select(name for name in both if name not in new.labels).iter_rows(),
        "gained": aligned.new.select(name for name in aligned.new.columns if name not in both).iter_rows(),
    }
    heights = {
        "removed": len(aligned.removed),
        "added": len(aligned.added),
        "changed": aligned.cells.height,
        "lost": aligned.old.height if table.lost else 0,
        "gained": aligned.new.height if table.gained else 0,
    }
    return table, {part: rows[part] for part, height in heights.items() if height}


@dataclass(frozen=True)
class _Aligned:
    """Two sheets, row by row."""

    old: pl.DataFrame  # rows that both have, in their order
    new: pl.DataFrame
    removed: pl.Series  # numbers of rows, from 0
    added: pl.Series
    cells: pl.DataFrame  # field, number of the row in the old sheet from 1, old and new text


def _renaming(sheet: TextTable, renamed: Mapping[str, str]) -> TextTable:
    """Return a sheet whose columns are called what they are called in the other one."""
    labels = tuple(renamed.get(label, label) for label in sheet.labels)
    return replace(sheet, labels=labels, frame=sheet.frame.rename(dict(renamed)))


def _align(old: TextTable, new: TextTable, key: tuple[str, ...]) -> _Aligned:
    found = pair(old, new, key or None)
    if key:
        removed, added = _numbers_of(old, found.removed, key), _numbers_of(new, found.added, key)
        rows = old.frame.select(key).with_row_index(_NUMBER, 1)
        cells = found.cells.join(rows, on=list(key), how="left", maintain_order="left")
        cells = cells.select(FIELD, _NUMBER, OLD, NEW).sort(FIELD, _NUMBER)
    else:
        removed, added = _numbers_of_multiset(old, found.removed), _numbers_of_multiset(new, found.added)
        cells = found.cells.select(FIELD, pl.lit(0).alias(_NUMBER), OLD, NEW)
    return _Aligned(_without(old.frame, removed), _without(new.frame, added), removed, added, cells)


def _numbers_of(sheet: TextTable, rows: pl.DataFrame, key: tuple[str, ...]) -> pl.Series:
    keys = sheet.frame.select(key).with_row_index(_NUMBER)
    return keys.join(rows.select(key), on=list(key), how="semi")[_NUMBER].sort()


def _numbers_of_multiset(sheet: TextTable, rows: pl.DataFrame) -> pl.Series:
    """Return the numbers of as many rows of each kind as there are more of it than on the other side."""
    labels = list(sheet.labels)
    numbered = sheet.frame.with_row_index(_NUMBER).with_columns(pl.int_range(pl.len()).over(labels).alias(_TIMES))
    found = numbered.join(rows.select(*labels, COUNT), on=labels, how="inner").filter(pl.col(_TIMES) < pl.col(COUNT))
    return found[_NUMBER].sort()


def _without(frame: pl.DataFrame, numbers: pl.Series) -> pl.DataFrame:
    if not numbers.len():
        return frame
    return frame.with_row_index(_NUMBER).filter(~pl.col(_NUMBER).is_in(numbers.implode())).drop(_NUMBER)


def _with_number(frame: pl.DataFrame, numbers: pl.Series) -> pl.DataFrame:
    return frame[numbers].insert_column(0, (numbers + 1).alias(_NUMBER))


def _renamed_keys(old: TextTable, new: TextTable) -> dict[str, str]:
    """Return columns of the key that replace a removed one in the same place."""
    before, after = old.table.primary_key, new.table.primary_key
    if len(before) != len(after):
        return {}
    pairs = zip(before, after, strict=True)
    return {here: there for here, there in pairs if here not in new.labels and there not in old.labels}


def _renamed_columns(aligned: _Aligned) -> dict[str, str]:
    """Return columns whose cells are mostly those of a column that is gone, which makes the delta small."""
    lost = [name for name in aligned.old.columns if name not in aligned.new.columns]
    gained = [name for name in aligned.new.columns if name not in aligned.old.columns]
    found = {}
    for here in lost:
        shares = [(int((aligned.old[here] == aligned.new[there]).sum()), there) for there in gained]
        best = max(shares, key=lambda share: share[0], default=(0, ""))
        if best[0] > aligned.old.height * _RENAMED_SHARE:
            found[here] = best[1]
            gained.remove(best[1])
    return found
