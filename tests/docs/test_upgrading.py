"""The page on upgrading names places that exist now, and none that still work as they did."""

from __future__ import annotations

import importlib
import re
from typing import Any

import pytest

from tests.docs.blocks import ROOT

ROWS = re.findall(
    r"(?m)^\| `(readouts[\w.]+)` \| (.+) \|$", (ROOT / "docs" / "upgrading.md").read_text(encoding="utf-8")
)


def _found(name: str) -> Any:
    """Return a module or a name in one; None where there is no such thing."""
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        try:
            found: Any = importlib.import_module(".".join(parts[:end]))
        except ModuleNotFoundError:
            continue
        for part in parts[end:]:
            found = getattr(found, part, None)
        return found
    return None


@pytest.mark.parametrize("new", sorted({name for _, text in ROWS for name in re.findall(r"`(readouts[\w.]+)`", text)}))
def test_a_new_name_exists(new: str) -> None:
    assert _found(new) is not None


@pytest.mark.parametrize("old", sorted({old for old, _ in ROWS}))
def test_an_old_name_is_gone_or_is_a_function_now(old: str) -> None:
    found = _found(old)
    assert found is None or callable(found)
