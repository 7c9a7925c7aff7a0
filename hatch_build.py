"""What the build adds to the wheel: the hash of every release, so that each can be fetched and checked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ReleaseHashes(BuildHookInterface):  # type: ignore[type-arg]
    """Puts every `releases/<version>/release.json` into the wheel; a list of them would be forgotten by a release."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the entries of all releases, unless the install is an editable one, which reads the checkout."""
        if version == "editable":
            return
        root = Path(self.root)
        entries = sorted(root.glob("releases/*/release.json"))
        if not entries:
            message = f"{root / 'releases'} has no release.json: the wheel would know no release."
            raise FileNotFoundError(message)
        for path in entries:
            place = path.relative_to(root).as_posix()
            build_data["force_include"][str(path)] = f"readouts/bundled/{place}"
