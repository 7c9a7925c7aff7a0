"""The fragments of all files, in a database: kept from one build to the next, and read in order of their keys.

The store is a cache: it may be deleted at any time. A fragment is used again when neither its file nor anything that
makes fragments has changed since.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING

from readouts.compile.digest import compiler_digest
from readouts.compile.fragment import Fragment
from readouts.compile.statements_wide import Block, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from readouts.compile.fragment import Packed

__all__ = ["Store"]

_TABLES = """
CREATE TABLE IF NOT EXISTS fragment (
    file TEXT PRIMARY KEY, digest TEXT NOT NULL, summary TEXT NOT NULL, state TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS block (
    file TEXT NOT NULL, name TEXT NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL, count INTEGER NOT NULL,
    text BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS block_of_file ON block (file, name);
CREATE INDEX IF NOT EXISTS block_in_order ON block (name, first);
CREATE TABLE IF NOT EXISTS joined (file TEXT PRIMARY KEY, digest TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS total (name TEXT PRIMARY KEY, rows INTEGER, size INTEGER, sha256 TEXT);
CREATE TABLE IF NOT EXISTS written (path TEXT PRIMARY KEY, state TEXT NOT NULL, sha256 TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS unjudged (
    file TEXT NOT NULL, name TEXT NOT NULL, first TEXT NOT NULL, PRIMARY KEY (file, name, first)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS judged (digest TEXT NOT NULL, columns TEXT NOT NULL);
"""
_LAYOUT = 6
"""Number of the layout of these tables. A database with another one is made again."""
_DERIVED = "('alignments_wide', 'claims', 'statements_wide')"
"""The tables that are joined from others, as a list in SQL."""
Row = tuple[str, str, str, int, bytes]
"""A block as it is kept: table, first and last key, number of rows, and their text."""

_CACHE_KIB = 128 * 1024
"""Memory for pages of the database: blocks are put by file and read by key, so that neither order is local."""


def _state(path: Path) -> str:
    """Return what changes whenever the file is written to."""
    found = path.stat()
    return f"{found.st_size} {found.st_mtime_ns}"


def _sealed(path: Path) -> bool:
    """Return whether the file is as it was when it was last closed, and not as a kill or somebody else left it."""
    try:
        return path.with_suffix(".seal").read_text(encoding="ascii") == _state(path)
    except (OSError, UnicodeDecodeError):
        return False


def _connect(path: Path | None) -> sqlite3.Connection:
    if path is not None:
        with suppress(sqlite3.Error, OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            whole = not path.exists() or _sealed(path)
            connection = sqlite3.connect(path, timeout=0, isolation_level=None)
            try:
                # The spans of an article fill dozens of pages of the usual size.
                connection.execute("PRAGMA page_size = 32768")
                connection.execute("PRAGMA synchronous = OFF")
                connection.execute("PRAGMA journal_mode = MEMORY")
                connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
                connection.execute("BEGIN EXCLUSIVE")
                known = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] > 0
                whole = whole and (not known or connection.execute("PRAGMA user_version").fetchone()[0] == _LAYOUT)
                for statement in filter(str.strip, _TABLES.split(";")):
                    connection.execute(statement)
                if not known:
                    connection.execute(f"PRAGMA user_version = {_LAYOUT}")
                if not whole:
                    message = "The file is not the one that was last closed, or has another layout."
                    raise sqlite3.DatabaseError(message)
            except (sqlite3.Error, UnicodeDecodeError) as error:
                # The error of a damaged file may quote bytes of it.
                connection.close()
                if isinstance(error, sqlite3.OperationalError):
                    raise
                # The file is damaged, most likely by a kill: it holds nothing that can't be made again.
                path.unlink()
                return _connect(path)
            return connection
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("BEGIN")
    for statement in filter(str.strip, _TABLES.split(";")):
        connection.execute(statement)
    return connection


class Store:
    """The fragments of one annotation tree.

    Parameters
    ----------
    path
        The database file; None keeps everything in memory. A file that can't be written, or is in use by another
        process, is passed over: the build is then as slow as the first one.
    """

    def __init__(self, path: Path | None) -> None:
        self._connection = _connect(path)
        self._path = path if self._connection.execute("PRAGMA database_list").fetchone()[2] else None
        self._untotalled: set[str] = set()
        self._judged = self._last_judgement()

    def close(self) -> None:
        """Keep what was put, and let go of the database."""
        kept = False
        with suppress(sqlite3.Error):
            self._connection.execute("COMMIT")
            kept = self._connection.total_changes > 0
        self._connection.close()
        if kept and self._path is not None:
            with suppress(OSError):
                self._path.with_suffix(".seal").write_text(_state(self._path), encoding="ascii")

    def discard(self) -> None:
        """Let go of the database and keep nothing: the next process makes it again."""
        with suppress(sqlite3.Error):
            self._connection.close()
        if self._path is not None:
            with suppress(OSError):
                self._path.with_suffix(".seal").unlink(missing_ok=True)

    def digests(self) -> dict[str, str]:
        """Return, for each file that has a fragment, the hash of what it was made from."""
        return dict(self._connection.execute("SELECT file, digest FROM fragment"))

    def states(self) -> dict[str, str]:
        """Return, for each file that has a fragment, the state in which it was last seen to have its hash."""
        return dict(self._connection.execute("SELECT file, state FROM fragment"))

    def saw(self, states: Mapping[str, str]) -> None:
        """Remember the states in which files were seen to have the hashes that are kept."""
        rows = [(state, file) for file, state in states.items()]
        self._connection.executemany("UPDATE fragment SET state = ? WHERE file = ?", rows)

    def joined(self) -> dict[str, str]:
        """Return, for each file whose joined rows are kept, the hash of the registry they were joined with."""
        return dict(self._connection.execute("SELECT file, digest FROM joined"))

    def remove(self, files: Iterable[str]) -> None:
        """Forget the fragments of files."""
        for file in files:
            for joined in (False, True):
                self._replace_blocks(file, [], joined=joined, fresh=False)
            self._connection.execute("DELETE FROM fragment WHERE file = ?", (file,))
            self._connection.execute("DELETE FROM joined WHERE file = ?", (file,))

    def put(self, packed: Packed, *, fresh: bool) -> None:
        """Keep a fragment in place of the file's earlier one; `fresh` says that there is none."""
        row = (packed.file, packed.digest, packed.summary)
        self._connection.execute("INSERT OR REPLACE INTO fragment VALUES (?, ?, ?, '')", row)
        self._replace_blocks(packed.file, packed.blocks, joined=False, fresh=fresh)
        if packed.registry is not None:
            joined = [] if packed.joined is None else [packed.joined]
            self.put_joined(packed.file, joined, packed.registry, fresh=fresh)
        elif not fresh:
            self._connection.execute("DELETE FROM joined WHERE file = ?", (packed.file,))

    def put_joined(self, file: str, blocks: Iterable[Block], digest: str, *, fresh: bool = False) -> None:
        """Keep the joined rows of a file, or of all; `fresh` says that these are the first."""
        self._replace_blocks(file, blocks, joined=True, fresh=fresh)
        self._connection.execute("INSERT OR REPLACE INTO joined VALUES (?, ?)", (file, digest))

    def _replace_blocks(self, file: str, blocks: Iterable[Block], *, joined: bool, fresh: bool) -> None:
        """Put blocks in place of a file's earlier ones: the joined table's, or those of the others."""
        # Facts about a table as a whole are forgotten only when its rows change.
        columns = "name, first, last, count, text"
        which = f"file = ? AND name {'IN' if joined else 'NOT IN'} {_DERIVED}"
        execute = self._connection.execute
        old = set() if fresh else set(execute(f"SELECT {columns} FROM block WHERE {which}", (file,)))  # noqa: S608
        new = {(block.table, block.first, block.last, block.count, block.text) for block in blocks}
        if old == new:
            return
        if old:
            execute(f"DELETE FROM block WHERE {which}", (file,))  # noqa: S608 - own text
        rows = [(file, *row) for row in sorted(new)]
        self._connection.executemany("INSERT INTO block VALUES (?, ?, ?, ?, ?, ?)", rows)
        changed = old ^ new
        names = {row[0] for row in changed}
        for name in sorted(names - self._untotalled):
            execute("DELETE FROM total WHERE name = ?", (name,))
        self._untotalled |= names
        if not joined:
            # Of a new file one line says it all.
            marks = [(file, "", "")]
            if old:
                shown = {name for name in names if self._shows(name, old - new, new - old)}
                marks = sorted({(file, *row[:2]) for row in changed if row[0] in shown})
            self._connection.executemany("INSERT OR IGNORE INTO unjudged VALUES (?, ?, ?)", marks)

    def total(self, table: str) -> tuple[int, int, str] | None:
        """Return rows, bytes and SHA-256 of a table as a whole, if they are known and its rows are still the same."""
        query = "SELECT rows, size, sha256 FROM total WHERE name = ?"
        row: tuple[int, int, str] | None = self._connection.execute(query, (table,)).fetchone()
        return row

    def put_total(self, table: str, rows: int, size: int, sha256: str) -> None:
        """Keep rows, bytes and SHA-256 of a table as a whole."""
        self._untotalled.discard(table)
        self._connection.execute("INSERT OR REPLACE INTO total VALUES (?, ?, ?, ?)", (table, rows, size, sha256))

    def file_hash(self, path: str, state: str) -> str | None:
        """Return the hash that a file of a package had in a state; None where it isn't known."""
        query = "SELECT sha256 FROM written WHERE path = ? AND state = ?"
        found: tuple[str] | None = self._connection.execute(query, (path, state)).fetchone()
        return None if found is None else found[0]

    def put_file_hash(self, path: str, state: str, sha256: str) -> None:
        """Keep the hash that a file of a package has in a state."""
        self._connection.execute("INSERT OR REPLACE INTO written VALUES (?, ?, ?)", (path, state, sha256))

    def summaries(self) -> Iterator[Fragment]:
        """Yield every fragment without its rows."""
        for file, text in self._connection.execute("SELECT file, summary FROM fragment ORDER BY file"):
            summary = json.loads(text)
            yield Fragment(file, summary["ids"], summary["references"], summary["unique"])

    def rows(self, table: str, files: Iterable[str] | None = None) -> bytes:
        """Return all rows of a table, or those that some files give, in no order."""
        query, execute = "SELECT text FROM block WHERE name = ?", self._connection.execute
        if files is None:
            return b"".join(text for (text,) in execute(query, (table,)))
        return b"".join(text for file in files for (text,) in execute(f"{query} AND file = ?", (table, file)))

    def rows_of(self, file: str) -> Iterator[tuple[str, bytes]]:
        """Yield the rows that a file gives: names of tables, and text. A table may come several times."""
        query = f"SELECT name, text FROM block WHERE file = ? AND name NOT IN {_DERIVED}"  # noqa: S608 - own text
        yield from self._connection.execute(query, (file,))

    def _last_judgement(self) -> dict[str, list[str]] | None:
        """Return the columns that the rules read; None when they were other rules, or were never kept."""
        found = self._connection.execute("SELECT columns FROM judged WHERE digest = ?", (compiler_digest(),)).fetchone()
        return None if found is None else dict(json.loads(found[0]))

    def unjudged(self) -> list[tuple[str, str, str]]:
        """Return what has changed since the rules were last found to be kept.

        Returns
        -------
        list
            File, table and first key of each block; table and key are empty where all of a file has to be judged.
        """
        if self._judged is None:
            return [(file, "", "") for (file,) in self._connection.execute("SELECT file FROM fragment ORDER BY file")]
        return list(self._connection.execute("SELECT file, name, first FROM unjudged ORDER BY file, name, first"))

    def judged(self, columns: Mapping[str, Iterable[str]]) -> None:
        """Remember that everything keeps the rules as it is, and which columns these read, by table."""
        self._connection.execute("DELETE FROM unjudged")
        if self._judged is None:
            self._judged = {name: list(names) for name, names in columns.items()}
            self._connection.execute("DELETE FROM judged")
            self._connection.execute(
                "INSERT INTO judged VALUES (?, ?)", (compiler_digest(), json.dumps(self._judged, sort_keys=True))
            )

    def _shows(self, table: str, old: Iterable[Row], new: Iterable[Row]) -> bool:
        """Return whether a change of a table's blocks can be seen in the columns that the rules read."""
        if self._judged is None:
            return True
        columns = self._judged.get(table, ())

        def seen(blocks: Iterable[Row]) -> list[list[str]]:
            rows = [cells for block in blocks if block[0] == table for cells in rows_of(table, block[4])]
            return sorted([cells[column] or "" for column in columns] for cells in rows)

        return seen(old) != seen(new)

    def blocks(self, table: str) -> Iterator[Block]:
        """Yield the blocks of a table in the order of their first keys."""
        query = "SELECT name, first, last, count, text FROM block WHERE name = ? ORDER BY first, last"
        for row in self._connection.execute(query, (table,)):
            yield Block(*row)
