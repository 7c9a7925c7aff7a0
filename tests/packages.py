"""Packages written for tests."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["PROFILE", "write_package_of"]

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"


def write_package_of(root: Path, files: dict[str, bytes | str], resources: list[dict[str, Any]], **more: Any) -> Path:
    """Write a package from its files and resources, which need no schema; return its folder."""
    root.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    descriptor = {"$schema": PROFILE, "name": "invented", "resources": resources, **more}
    (root / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    return root
