"""The charts in the documentation."""

from __future__ import annotations

import re

from docs.pictures import pictures
from tests.conftest import ROOT


def test_the_pages_show_the_charts_of_this_corpus() -> None:
    for name, drawn in pictures().items():
        assert (ROOT / "docs" / "images" / name).read_text(encoding="utf-8") == drawn, f"{name}: run `make docs`"


def test_every_picture_of_the_page_is_there() -> None:
    shown = re.findall(r"!\[[^]]+\]\((images/[^)]+)\)", (ROOT / "docs" / "chart-kinds.md").read_text(encoding="utf-8"))
    assert sorted(shown) == sorted(f"images/{path.name}" for path in (ROOT / "docs" / "images").glob("*.svg"))
