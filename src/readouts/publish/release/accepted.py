"""The accepted findings of the release gates that a release may have: those of its comparison with the last one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.publish.release.problem import Problem
from readouts.quality.gates import acceptances

if TYPE_CHECKING:
    from collections.abc import Iterator

    from readouts.datapackage.package.package import DataPackage

__all__ = ["FILE", "outdated_problems"]

FILE = "annotations/corpus.yaml"


def outdated_problems(package: DataPackage, last: DataPackage | None) -> Iterator[Problem]:
    """Report the findings accepted against another release than the last one."""
    version = "" if last is None else last.version
    lines = [
        f"{entry.gate}: against {entry.against}"
        for entry in acceptances(package.descriptor)
        if entry.against != version
    ]
    if lines:
        expected = f"findings of the comparison with {version}" if version else "none in a first release"
        yield Problem(
            f"{FILE} accepts findings of another comparison: expected {expected}, found {len(lines):,} others.",
            "Remove the entries; the release that they were accepted for keeps them:",
            tuple(lines),
        )
