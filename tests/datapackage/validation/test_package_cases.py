"""Every kind of mistake in a package: `tests/cases/<code>/package.yaml` must trip its code and nothing else.

A case has the keys `about`, `edit` (a list of steps, see `apply`), `refresh` (false where the descriptor is left with
the size and hash of the file that was edited), `found` (where the finding is) and `says` (what its message has).
"""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from readouts.corpus_schema.incident_codes import CODES
from tests.conftest import ROOT
from tests.datapackage.validation.planting import build, check, edit_descriptor, plant_bytes, refresh

CASES = ROOT / "tests" / "cases"
ALL = {
    path.parent.name: case
    for path in sorted(CASES.glob("*/package.yaml"))
    if "by" not in (case := yaml.safe_load(path.read_text(encoding="utf-8")))
}
"""The cases of the core; one with the key `by` belongs to the room of `check/` that it names."""
PLACES = ("table", "field", "row", "line", "key", "value")


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("good"))


def planted(good: Path, root: Path, code: str) -> Path:
    """Copy the package, and plant the mistake of a case."""
    shutil.copytree(good, root)
    for step in ALL[code]["edit"]:
        apply(root, step, refreshing=ALL[code].get("refresh", True))
    return root


def set_property(descriptor: dict[str, Any], path: list[Any], value: Any) -> None:
    """Set a property; a resource is named by its name."""
    part: Any = descriptor
    for name in path[:-1]:
        named = part is descriptor.get("resources")
        part = next(entry for entry in part if entry["name"] == name) if named else part[name]
    part[path[-1]] = value


def without_property(descriptor: dict[str, Any], path: list[Any]) -> None:
    """Take a property out."""
    resource = next(entry for entry in descriptor[path[0]] if entry["name"] == path[1])
    del resource[path[2]]


def edited(data: bytes, step: dict[str, Any]) -> bytes:
    if "gzip" in step:
        return gzip.compress((step["gzip"] + step["then"] * step["times"]).encode(), compresslevel=9, mtime=0)
    if "text" in step:
        return str(step["text"]).encode()
    if "append" in step:
        return data + str(step["append"]).encode()
    old = str(step["replace"]).encode()
    assert data.count(old) == 1, f"{old!r} is not there once"
    return data.replace(old, bytes(step["bytes"]) if "bytes" in step else str(step["with"]).encode())


def apply(root: Path, step: dict[str, Any], *, refreshing: bool) -> None:
    if "remove" in step:
        (root / step["remove"]).unlink()
    elif "without" in step:
        edit_descriptor(root, lambda descriptor: without_property(descriptor, step["without"]))
    elif "descriptor" in step:
        edit_descriptor(root, lambda descriptor: set_property(descriptor, step["descriptor"], step["to"]))
    elif refreshing:
        plant_bytes(root, Path(step["file"]).stem, lambda data: edited(data, step))
    else:
        path = root / step["file"]
        path.write_bytes(edited(path.read_bytes() if path.is_file() else b"", step))


@pytest.mark.sample(3)
@pytest.mark.parametrize("code", ALL)
def test_a_mistake_in_a_package_is_found_where_it_is_and_nothing_else(code: str, good: Path, tmp_path: Path) -> None:
    root = planted(good, tmp_path / "package", code)
    # Where the descriptor is as it was, frictionless has nothing to say of it.
    found = check(root, ask=any("descriptor" in step for step in ALL[code]["edit"]))
    assert [finding.code for finding in found] == [code]
    expected = ALL[code].get("found", {})
    for name in PLACES:
        value = getattr(found[0], name)
        assert (list(value) if name == "key" and value else value) == expected.get(name), name
    for words in ALL[code]["says"]:
        assert words in found[0].message
    # What to do about a schema at an address is said where it is found.
    assert found[0].hint == CODES[code].fix or code == "unsupported-feature"


def test_every_code_of_the_list_has_a_case() -> None:
    assert {path.parent.name for path in CASES.glob("*/*.yaml")} == set(CODES)


def test_refreshing_leaves_an_untouched_package_as_it_is(good: Path, tmp_path: Path) -> None:
    root = tmp_path / "package"
    shutil.copytree(good, root)
    before = (root / "datapackage.json").read_bytes()
    refresh(root, "events")
    assert (root / "datapackage.json").read_bytes() == before
