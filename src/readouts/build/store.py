"""The fragments of all files, in a database: kept from one build to the next, and read in order of their keys.

The store is a cache: it may be deleted at any time. A fragment is used again when neither its file nor anything that
makes fragments has changed since.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from readouts.build.fragment import Block, Fragment
from readouts.resources import bundled_schemas

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Store", "compiler_digest"]

_TABLES = """
CREATE TABLE IF NOT EXISTS fragment (
    file TEXT PRIMARY KEY, digest TEXT NOT NULL, summary TEXT NOT NULL, extra TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS block (
    file TEXT NOT NULL, name TEXT NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL, count INTEGER NOT NULL,
    text BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS block_of_file ON block (file);
CREATE INDEX IF NOT EXISTS block_in_order ON block (name, first);
CREATE TABLE IF NOT EXISTS joined (file TEXT PRIMARY KEY, digest TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS total (name TEXT PRIMARY KEY, rows INTEGER, size INTEGER, sha256 TEXT);
"""


_CACHE_KIB = 128 * 1024
"""Memory for pages of the database: blocks are put by file and read by key, so that neither order is local."""


@cache
def compiler_digest() -> str:
    """Return a hash of everything that turns files into fragments: this package's code, and the schemas."""
    digest = sha256()
    sources = sorted(Path(__file__).resolve().parents[1].rglob("*.py"))
    for path in [*sources, *sorted(bundled_schemas().glob("*.json"))]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _state(path: Path) -> str:
    """Return what changes whenever the file is written to."""
    found = path.stat()
    return f"{found.st_size} {found.st_mtime_ns}"


def _sealed(path: Path) -> bool:
    """Tell whether the file is as it was when it was last closed, and not as a kill or somebody else left it."""
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
                connection.execute("PRAGMA synchronous = OFF")
                connection.execute("PRAGMA journal_mode = MEMORY")
                connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
                connection.execute("BEGIN EXCLUSIVE")
                for statement in filter(str.strip, _TABLES.split(";")):
                    connection.execute(statement)
                if not whole:
                    message = "The file is not the one that was last closed."
                    raise sqlite3.DatabaseError(message)
            except sqlite3.Error as error:
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

    def joined(self) -> dict[str, str]:
        """Return, for each file whose joined rows are kept, the hash of the registry they were joined with."""
        return dict(self._connection.execute("SELECT file, digest FROM joined"))

    def remove(self, files: Iterable[str]) -> None:
        """Forget the fragments of files."""
        for file in files:
            self._replace_blocks(file, [], joined=None)
            self._connection.execute("DELETE FROM fragment WHERE file = ?", (file,))
            self._connection.execute("DELETE FROM joined WHERE file = ?", (file,))

    def put(self, fragment: Fragment, digest: str) -> None:
        """Keep a fragment in place of the file's earlier one."""
        self._connection.execute("DELETE FROM joined WHERE file = ?", (fragment.file,))
        summary = {"ids": fragment.ids, "references": fragment.references, "unique": fragment.unique}
        row = (fragment.file, digest, json.dumps(summary), json.dumps(fragment.extra))
        self._connection.execute("INSERT OR REPLACE INTO fragment VALUES (?, ?, ?, ?)", row)
        self._replace_blocks(fragment.file, fragment.blocks, joined=False)

    def put_joined(self, file: str, block: Block | None, digest: str) -> None:
        """Keep the joined rows of a file."""
        self._replace_blocks(file, [] if block is None else [block], joined=True)
        self._connection.execute("INSERT OR REPLACE INTO joined VALUES (?, ?)", (file, digest))

    def _replace_blocks(self, file: str, blocks: Iterable[Block], *, joined: bool | None) -> None:
        """Put blocks in place of a file's earlier ones: the joined table's, those of the others, or (None) all.

        What is known of a table as a whole is forgotten only when its rows change.
        """
        columns = "name, first, last, count, text"
        which = {True: " AND name = 'statements_wide'", False: " AND name != 'statements_wide'", None: ""}[joined]
        old = set(self._connection.execute(f"SELECT {columns} FROM block WHERE file = ?{which}", (file,)))  # noqa: S608
        new = {(block.table, block.first, block.last, block.count, block.text) for block in blocks}
        if old == new:
            return
        self._connection.execute(f"DELETE FROM block WHERE file = ?{which}", (file,))  # noqa: S608 - own text
        rows = [(file, *row) for row in sorted(new)]
        self._connection.executemany("INSERT INTO block VALUES (?, ?, ?, ?, ?, ?)", rows)
        names = {(row[0],) for row in old ^ new}
        self._connection.executemany("DELETE FROM total WHERE name = ?", sorted(names))

    def total(self, table: str) -> tuple[int, int, str] | None:
        """Return rows, bytes and SHA-256 of a table as a whole, if they are known and its rows are still the same."""
        query = "SELECT rows, size, sha256 FROM total WHERE name = ?"
        row: tuple[int, int, str] | None = self._connection.execute(query, (table,)).fetchone()
        return row

    def put_total(self, table: str, rows: int, size: int, sha256: str) -> None:
        """Keep rows, bytes and SHA-256 of a table as a whole."""
        self._connection.execute("INSERT OR REPLACE INTO total VALUES (?, ?, ?, ?)", (table, rows, size, sha256))

    def summaries(self) -> Iterator[Fragment]:
        """Yield every fragment without its rows."""
        for file, text in self._connection.execute("SELECT file, summary FROM fragment ORDER BY file"):
            summary = json.loads(text)
            yield Fragment(file, summary["ids"], summary["references"], summary["unique"])

    def extra(self, file: str) -> dict[str, Any]:
        """Return what the joined table needs of a file."""
        row = self._connection.execute("SELECT extra FROM fragment WHERE file = ?", (file,)).fetchone()
        return {} if row is None else dict(json.loads(row[0]))

    def blocks(self, table: str) -> Iterator[Block]:
        """Yield the blocks of a table in the order of their first keys."""
        query = "SELECT name, first, last, count, text FROM block WHERE name = ? ORDER BY first, last"
        for row in self._connection.execute(query, (table,)):
            yield Block(*row)
