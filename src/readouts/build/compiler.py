"""Compiling a tree of annotations: every file to a fragment, the fragments to tables."""

from __future__ import annotations

import csv
import gc
import io
import os
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from multiprocessing import get_context
from typing import TYPE_CHECKING

from readouts.annotations.corpus import Corpus, read_corpus
from readouts.annotations.records import Reading
from readouts.annotations.tree import TreeFile, annotation_tree, read_root
from readouts.build.fragment import SEPARATOR, Fragment, compile_file
from readouts.build.joined import Registry, join_statements
from readouts.build.link import link
from readouts.build.store import Store, compiler_digest
from readouts.incident import Incident, sorted_incidents
from readouts.package.canonical import csv_line, header
from readouts.schema import tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from readouts.schema import Table

__all__ = ["Compilation", "compile_tree", "table_names"]

_PARALLEL_FROM = 64
"""Files from which starting further processes costs less than it saves."""


@dataclass
class Compilation:
    """A tree of annotations, compiled: findings, or the tables.

    Attributes
    ----------
    corpus
        What `corpus.yaml` says; None when it is wrong.
    files
        The annotation files by name.
    incidents
        Everything that is wrong, in the order of its place. The tables are only whole without any.
    compiled
        Names of the files that were read; the others were unchanged.
    store
        The fragments.
    """

    corpus: Corpus | None
    files: dict[str, TreeFile]
    incidents: list[Incident]
    store: Store
    compiled: list[str] = field(default_factory=list)

    def table(self, table: Table) -> Iterator[tuple[int, bytes]]:
        """Yield the rows of a table in canonical form, as pieces of the file in the order of their keys.

        Yields
        ------
        tuple
            Number of rows, and their lines.
        """
        yield 0, header(table).encode()
        run: list[tuple[int, bytes]] = []
        reach = ""
        for block in self.store.blocks(table.name):
            if run and block.first > reach:
                yield from _merged(table, run)
                run = []
            run.append((block.count, block.text))
            reach = max(reach, block.last)
        yield from _merged(table, run)


def _merged(table: Table, run: list[tuple[int, bytes]]) -> Iterator[tuple[int, bytes]]:
    """Yield blocks as they are, or, where their keys overlap, their rows in order."""
    if len(run) < 2:
        yield from run
        return
    places = [table.field_names.index(name) for name in table.primary_key]
    rows = list(csv.reader(io.StringIO(b"".join(text for _, text in run).decode(), newline=""), strict=True))
    rows.sort(key=lambda cells: SEPARATOR.join(cells[place] for place in places))
    yield len(rows), "".join(csv_line(cell or None for cell in cells) for cells in rows).encode()


def _digest(file: TreeFile) -> str:
    digest = sha256(compiler_digest().encode())
    for data in file.contents():
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def _fragments(files: list[TreeFile], progress: Callable[[int, int], None] | None) -> Iterator[Fragment]:
    processes = min(os.cpu_count() or 1, 8)
    done = 0
    if len(files) < _PARALLEL_FROM or processes == 1:
        results: Iterator[Fragment] = map(compile_file, files)
        for fragment in results:
            done += 1
            if progress is not None:
                progress(done, len(files))
            yield fragment
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=gc.disable) as pool:
        for fragment in pool.map(compile_file, files, chunksize=16):
            done += 1
            if progress is not None:
                progress(done, len(files))
            yield fragment


@contextmanager
def _without_collection() -> Iterator[None]:
    """Let no cycles be looked for: what files are read into has none, and looking takes longer the more there is."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@_without_collection()
def compile_tree(folder: Path, store: Store, progress: Callable[[int, int], None] | None = None) -> Compilation:
    """Compile a tree of annotations.

    Parameters
    ----------
    folder
        The tree: a folder with `corpus.yaml`.
    store
        Fragments of earlier builds; those of unchanged files are used again.
    progress
        Called with the number of files read and to be read.

    Raises
    ------
    ReadoutsError
        There is no such tree.
    OSError
        A file can't be read.
    """
    listed, incidents = annotation_tree(folder)
    reading = Reading(f"{folder.name}/corpus.yaml")
    root = read_root(folder / "corpus.yaml", reading.file, reading)
    corpus = None if root is None else read_corpus(root, reading)
    incidents += reading.incidents
    files = {file.name: file for file in listed}
    kept = store.digests()
    digests = {name: _digest(file) for name, file in files.items()}
    store.remove(name for name in kept if name not in digests)
    changed = [file for name, file in files.items() if digests[name] != kept.get(name)]
    broken: list[Fragment] = []
    for fragment in _fragments(changed, progress):
        if fragment.incidents:
            broken.append(fragment)
            store.remove([fragment.file])
            incidents += fragment.incidents
        else:
            store.put(fragment, digests[fragment.file])
    incidents += link([*store.summaries(), *broken], files)
    compilation = Compilation(corpus, files, sorted_incidents(incidents), store, [file.name for file in changed])
    if not incidents:
        _join(compilation)
    return compilation


def _join(compilation: Compilation) -> None:
    """Bring the rows of the joined table up to date with the registry."""
    store = compilation.store
    others = [name for name, file in compilation.files.items() if file.kind in {"entities", "event"}]
    registry = Registry.of(store.extra(name) for name in others)
    digest = registry.digest()
    joined = store.joined()
    for name, file in compilation.files.items():
        if file.kind == "article" and joined.get(name) != digest:
            store.put_joined(name, join_statements(store.extra(name), registry), digest)


def table_names() -> list[str]:
    """Return the tables in the order of the package: those of the corpus, then those derived from them."""
    return sorted(tables(), key=lambda name: (tables()[name].derived, name))
