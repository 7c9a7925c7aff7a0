"""Compiling a tree of annotations: every file to a fragment, the fragments to tables."""

from __future__ import annotations

import csv
import gc
import io
import os
import pickle
import sqlite3
from collections import deque
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING

from readouts.annotations.corpus import Corpus, read_corpus
from readouts.annotations.records import Reading
from readouts.annotations.tree import TreeFile, annotation_tree, read_root
from readouts.compile.claim_tables import claim_blocks, files_of_events
from readouts.compile.digest import compiler_digest
from readouts.compile.fragment import SEPARATOR, Fragment, Packed, file_digest, file_state, pack_file, pack_files
from readouts.compile.link import link
from readouts.compile.statements_wide import JOINED, REGISTERED, Registry, join_statements, rows_of
from readouts.compile.store import Store
from readouts.compile.worker_process import Helper, HelperError
from readouts.corpus_schema.tables import tables
from readouts.datapackage.incident import Incident, sorted_incidents
from readouts.datapackage.package.transaction import HIDDEN
from readouts.datapackage.processes import Progress, no_progress
from readouts.datapackage.table.canonical_csv import csv_line, header

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from readouts.compile.rules_check import RulesCheck
    from readouts.datapackage.schema.model import Table

__all__ = ["Compilation", "compile_tree", "compiled", "table_names"]

_MANY_ARTICLES, _MANY_OTHERS = 64, 512
"""Files from which starting further processes costs less than it saves."""
_CHUNK = 32
"""Files that a process reads before it hands over what they give."""
_EVENTS = 20
"""Events whose claims are made at once, of rows that are in memory meanwhile."""


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
    store
        The fragments.
    compiled
        Names of the files that were read; the others were unchanged.
    fragments
        What links each file to the others, by name; those with findings aren't there.
    """

    corpus: Corpus | None
    files: dict[str, TreeFile]
    incidents: list[Incident]
    store: Store
    compiled: list[str] = field(default_factory=list)
    fragments: dict[str, Fragment] = field(default_factory=dict)

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


class _Readers:
    """Reads annotation files: one after the other, or many of them by several processes."""

    def __init__(
        self, articles: int, others: int, progress: Callable[[int, int], None] | None, helper: Helper | None
    ) -> None:
        self._count, self._done = articles + others, 0
        self._progress = progress
        self._busy: dict[Helper, list[TreeFile]] = {}
        self._started: list[Helper] = []
        self._helpers: list[Helper] = []
        # One changed file needs no further process.
        if articles >= _MANY_ARTICLES or others >= _MANY_OTHERS:
            # This process reads as well. Others start while the files of events are being read here.
            processes = min(os.cpu_count() or 1, 8) - 1
            given = [] if helper is None else [helper]
            self._started = [Helper(pack_files.__module__) for _ in range(processes - len(given))]
            self._helpers = given + self._started

    def close(self) -> None:
        """Let the processes end that were started here, and one whose answer nobody waits for."""
        for helper in {*self._started, *self._busy}:
            helper.close()

    def read(self, files: list[TreeFile], registry: Registry | None) -> Iterator[Packed]:
        """Yield the fragments of files, in no order."""
        many = _MANY_OTHERS if registry is None else _MANY_ARTICLES
        if len(files) < many:
            found: Iterator[Packed] = (pack_file(file, registry) for file in files)
        else:
            found = self._share(files, registry)
        for packed in found:
            self._done += 1
            if self._progress is not None:
                self._progress(self._done, self._count)
            yield packed

    def _share(self, files: list[TreeFile], registry: Registry | None) -> Iterator[Packed]:
        """Yield the fragments of files: other processes begin with the first, this one with the last."""
        known = None if registry is None else (registry.digest, pickle.dumps(registry))
        left, ready = deque(files), SimpleQueue[Helper]()

        def ask(helper: Helper) -> None:
            # Towards the end fewer files are given away: nobody is to wait for long.
            chunk = [left.popleft() for _ in range(min(_CHUNK, (len(left) + 3) // 4))]
            if chunk:
                self._busy[helper] = chunk
                # That the process has ended shows in its answer.
                with suppress(HelperError):
                    helper.ask(pack_files, chunk, compiler_digest(), known)
                # A thread that read the answer would wait for this one at each piece of it.
                Thread(target=lambda: ready.put(helper.waited()), daemon=True).start()

        for helper in self._helpers:
            ask(helper)
        while left or self._busy:
            while self._busy and not (left and ready.empty()):
                helper = ready.get()
                try:
                    found = helper.answer()
                except HelperError:
                    # This process reads them.
                    left.extend(self._busy.pop(helper))
                    continue
                del self._busy[helper]
                ask(helper)
                yield from found
            if left:
                yield pack_file(left.pop(), registry)


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
def compile_tree(
    folder: Path,
    store: Store,
    progress: Callable[[int, int], None] | None = None,
    rules: RulesCheck | None = None,
) -> Compilation:
    """Compile a tree of annotations.

    Parameters
    ----------
    folder
        The tree: a folder with `corpus.yaml`.
    store
        Fragments of earlier builds; those of unchanged files are used again.
    progress
        Called with the number of files read and to be read.
    rules
        Begins to judge once nothing was found, before the derived tables are made; its process helps to read before.

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
    # A file that nobody wrote to needn't be read; a new one is read anyway, and its reader gives the hash.
    states, known = {name: file_state(file) for name, file in files.items()}, store.states()
    digests = {
        name: kept[name] if states[name] and states[name] == known[name] else file_digest(file.contents())
        for name, file in files.items()
        if name in kept
    }
    store.remove(name for name in kept if name not in files)
    changed = [file for name, file in files.items() if name not in kept or digests[name] != kept[name]]
    broken: list[Fragment] = []

    def keep(found: Iterable[Packed]) -> None:
        for packed in found:
            if packed.broken is None:
                store.put(packed, fresh=packed.file not in kept)
            else:
                broken.append(packed.broken)
                store.remove([packed.file])

    articles = [file for file in changed if file.kind == "article"]
    others = [file for file in changed if file.kind != "article"]
    readers = _Readers(len(articles), len(others), progress, None if rules is None else rules.helper)
    try:
        keep(readers.read(others, None))
        registry = Registry.of({name: store.rows(name) for name in REGISTERED})
        keep(readers.read(articles, registry))
    finally:
        readers.close()
    store.saw({name: state for name, state in states.items() if state != known.get(name, "")})
    fragments = {fragment.file: fragment for fragment in store.summaries()}
    people = None if corpus is None else [str(person["title"]) for person in corpus.contributors]
    incidents += link([*fragments.values(), *broken], files, people)
    names = [file.name for file in changed]
    compilation = Compilation(corpus, files, sorted_incidents(incidents), store, names, fragments)
    if not incidents:
        if rules is not None:
            rules.begin(compilation)
        _join_statements(compilation, registry)
        _join_claims(compilation, registry, rules)
    return compilation


def _join_statements(compilation: Compilation, registry: Registry) -> None:
    """Bring the rows of the joined table up to date with the registry."""
    store = compilation.store
    joined = store.joined()
    for name, file in compilation.files.items():
        if file.kind == "article" and joined.get(name) != registry.digest:
            rows = {table: rows_of(table, text) for table, text in store.rows_of(name) if table in JOINED}
            article, *parts = (rows.get(table, []) for table in JOINED)
            block = join_statements(registry, article[0], *parts)
            store.put_joined(name, [] if block is None else [block], registry.digest)


def _join_claims(compilation: Compilation, registry: Registry, rules: RulesCheck | None) -> None:
    """Bring the rows of each event in the tables of claims up to date with the files that they are made of."""
    store = compilation.store
    joined, digests = store.joined(), store.digests()
    files = files_of_events(compilation.fragments, compilation.files, registry.parties)
    wanted = {
        event: sha256(repr((registry.digest, [(name, digests[name]) for name in sorted(names)])).encode()).hexdigest()
        for event, names in files.items()
    }
    # A file's name never begins like this.
    store.remove(name for name in joined if name[0] == "/" and name[1:] not in wanted)
    stale = sorted(event for event, digest in wanted.items() if joined.get(f"/{event}") != digest)
    for start in range(0, len(stale), _EVENTS):
        events = set(stale[start : start + _EVENTS])
        sources = sorted(set().union(*(files[event] for event in events)))
        blocks = claim_blocks(partial(_rows, store, sources), registry.parties, events)
        for event in sorted(events):
            store.put_joined(f"/{event}", blocks.get(event, ()), wanted[event], fresh=f"/{event}" not in joined)
        if rules is not None:
            rules.proceed_if_answered()


def _rows(store: Store, files: list[str], table: str) -> list[dict[str, str | None]]:
    """Return the rows of a table that some files give."""
    return rows_of(table, store.rows(table, files))


def table_names() -> list[str]:
    """Return the tables in the order of the package: those of the corpus, then those derived from them."""
    return sorted(tables(), key=lambda name: (tables()[name].derived, name))


@contextmanager
def compiled(
    annotations: Path, progress: Progress = no_progress, rules: RulesCheck | None = None
) -> Iterator[Compilation]:
    """Compile a tree of annotations, with the fragments of earlier builds kept next to it."""
    store = Store(annotations.resolve().parent / HIDDEN / "fragments.sqlite3" if annotations.is_dir() else None)
    try:
        with progress("Reading annotations") as update:
            try:
                compilation = compile_tree(annotations.resolve(), store, update, rules)
            except sqlite3.Error:
                # The disk is full, or the file is damaged. It is a cache: memory will do.
                store.discard()
                store = Store(None)
                compilation = compile_tree(annotations.resolve(), store, update, rules)
        yield compilation
    finally:
        store.close()
