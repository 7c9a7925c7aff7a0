"""What the build adds to the wheel: every release, with its hash, so that each is there offline."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Releases(BuildHookInterface):  # type: ignore[type-arg]
    """Puts every `releases/<version>/` into the wheel, entry and archive; a list would be forgotten by a release."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add entry and archive of every release, unless the install is an editable one, which reads the checkout."""
        if version == "editable":
            return
        root = Path(self.root)
        entries = sorted(root.glob("releases/*/release.json"))
        if not entries:
            message = f"{root / 'releases'} has no release.json: the wheel would know no release."
            raise FileNotFoundError(message)
        for entry in entries:
            # What a release is built from, `source.zip`, stays in the repository.
            for path in (entry, entry.with_name(json.loads(entry.read_text(encoding="utf-8"))["archive"])):
                place = path.relative_to(root).as_posix()
                build_data["force_include"][str(path)] = f"readouts/bundled/{place}"
