"""The charts in the documentation."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_pages_show_the_charts_of_this_corpus() -> None:
    specification = importlib.util.spec_from_file_location("pictures", ROOT / "docs" / "pictures.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    for name, drawn in module.pictures().items():
        assert (ROOT / "docs" / "images" / name).read_text(encoding="utf-8") == drawn, f"{name}: run `make docs`"


def test_every_picture_of_the_page_is_there() -> None:
    shown = re.findall(r"!\[[^]]+\]\((images/[^)]+)\)", (ROOT / "docs" / "charts.md").read_text(encoding="utf-8"))
    assert sorted(shown) == sorted(f"images/{path.name}" for path in (ROOT / "docs" / "images").glob("*.svg"))
