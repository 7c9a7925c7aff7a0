"""A part of the corpus, for tests that need its form and not its size."""

from __future__ import annotations

import shutil
import tempfile
from functools import cache
from pathlib import Path

from readouts.compile.compiler import compile_tree
from readouts.compile.rebuild import write_package
from readouts.compile.store import Store

__all__ = ["small_package"]

_ANNOTATIONS = Path(__file__).resolve().parents[1] / "annotations"
_KEPT: list[tempfile.TemporaryDirectory[str]] = []


@cache
def small_package() -> Path:
    """Return a package of three articles of the corpus and what they speak of."""
    _KEPT.append(tempfile.TemporaryDirectory())
    folder = Path(_KEPT[-1].name)
    shutil.copytree(_ANNOTATIONS, folder / "annotations", ignore=_others)
    compilation = compile_tree(folder / "annotations", Store(None))
    assert not compilation.incidents
    return write_package(compilation, folder / "package").root


def _others(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if Path(folder).name in {"articles", "anchors", "events"} and "-2014-" not in name]
