"""What the commands that read annotations share: where they are, and compiling them."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from readouts.commands.shell import progress

if TYPE_CHECKING:
    from collections.abc import Iterator

    from readouts.compile.compiler import Compilation

__all__ = ["AnnotationsPath", "compiled"]

AnnotationsPath = Annotated[Path, typer.Option("--annotations", help="Folder of annotations.")]


@contextmanager
def compiled(annotations: Path) -> Iterator[Compilation]:
    """Compile a tree of annotations, with the fragments of earlier builds kept beside it."""
    import sqlite3

    from readouts.compile.compiler import compile_tree
    from readouts.compile.store import Store
    from readouts.datapackage.package.transaction import HIDDEN

    store = Store(annotations.resolve().parent / HIDDEN / "fragments.sqlite3" if annotations.is_dir() else None)
    try:
        with progress("Reading annotations") as update:
            try:
                compilation = compile_tree(annotations.resolve(), store, update)
            except sqlite3.Error:
                # The disk is full, or the file is damaged. It is a cache: memory will do.
                store.discard()
                store = Store(None)
                compilation = compile_tree(annotations.resolve(), store, update)
        yield compilation
    finally:
        store.close()
