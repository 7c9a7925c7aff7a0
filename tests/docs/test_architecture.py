"""The page on the architecture names folders, modules and functions that exist, and every folder of the sources."""

from __future__ import annotations

import re
from importlib import import_module

import pytest

from tests.docs.blocks import ROOT

TEXT = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
SOURCES = ROOT / "src" / "readouts"


def _calls() -> list[str]:
    """Return what the page names as `module:name`; `:name` is in the module named before it."""
    found, module = [], ""
    for written, name in re.findall(r"`([a-z_]+(?:\.[a-z_]+)*)?:(\w+)`", TEXT):
        module = written or module
        found.append(f"{module}:{name}")
    return sorted(set(found))


@pytest.mark.parametrize("call", _calls())
def test_a_function_that_the_page_names_exists(call: str) -> None:
    module, _, name = call.partition(":")
    assert hasattr(import_module(f"readouts.{module}"), name)


@pytest.mark.parametrize("place", ["", "datapackage"])
def test_every_folder_of_the_sources_is_in_the_tree(place: str) -> None:
    folders = {path.parent.name for path in (SOURCES / place).glob("*/__init__.py")}
    assert not {name for name in folders if f"| `{name}/`" not in TEXT and f", `{name}/`" not in TEXT}


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:[a-z_]+/)+(?:[a-z_]+\.py)?)`", TEXT))))
def test_a_path_that_the_page_names_exists(path: str) -> None:
    assert (ROOT / path).exists() or any(SOURCES.rglob(path))
