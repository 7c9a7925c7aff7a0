"""Packages for tests of the site: the bundled release or an invented one, with rows changed, and hashes that fit."""

from __future__ import annotations

import json
import shutil
import tempfile
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from readouts.compile.compiler import compile_tree
from readouts.compile.rebuild import write_package
from readouts.compile.store import Store
from readouts.datapackage.package.package import open_package
from readouts.datapackage.table.canonical_csv import csv_line, descriptor_bytes
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from readouts.datapackage.package.package import Row

    Change = Callable[[list[Row]], list[Row]]

__all__ = ["altered", "small_package"]

_KEPT: list[tempfile.TemporaryDirectory[str]] = []


@cache
def small_package() -> Path:
    """Return a package of three articles of the corpus and what they speak of: a site of it is built in a second."""
    _KEPT.append(tempfile.TemporaryDirectory())
    folder = Path(_KEPT[-1].name)
    shutil.copytree(ROOT / "annotations", folder / "annotations", ignore=_others)
    compilation = compile_tree(folder / "annotations", Store(None))
    assert not compilation.incidents
    return write_package(compilation, folder / "package").root


def _others(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if Path(folder).name in {"articles", "anchors", "events"} and "-2014-" not in name]


def altered(source: Path, folder: Path, changes: Mapping[str, Change]) -> Path:
    """Write a package whose tables are those of another one, some of them with changed rows; return its folder."""
    package = open_package(source)
    descriptor = json.loads(json.dumps(package.descriptor))
    for resource in descriptor["resources"]:
        name = resource["name"]
        data = package.read_bytes(name)
        if name in changes:
            labels = [field["name"] for field in resource["schema"]["fields"]]
            rows = changes[name](package.rows(name))
            data = "".join([csv_line(labels), *(csv_line(map(row.get, labels)) for row in rows)]).encode()
        resource |= {"bytes": len(data), "hash": f"sha256:{sha256(data).hexdigest()}"}
        path = folder / resource["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (folder / "datapackage.json").write_bytes(descriptor_bytes(descriptor))
    return folder
