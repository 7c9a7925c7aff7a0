"""Every test that is written is collected: a folder's name, a missing fixture or a typing error hides none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.conftest import COLLECTED, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import pytest


def _expected(start: Path) -> Iterator[Path]:
    """Yield the files below a folder, or the file itself, that have tests or doctests by the look of them."""
    for path in [start] if start.is_file() else sorted(start.rglob("*.py")):
        if ROOT / "tests" in path.parents:
            if path.name.startswith("test_"):
                yield path
        elif ">>> " in path.read_text(encoding="utf-8"):
            yield path


def uncollected(starts: Iterable[Path], collected: set[Path]) -> list[str]:
    """Return the files below some folders that should have contributed a test and did not."""
    return sorted(
        {str(path.relative_to(ROOT)) for start in starts for path in _expected(start)}
        - {str(path.relative_to(ROOT)) for path in collected}
    )


def test_every_test_file_and_every_doctest_is_collected(request: pytest.FixtureRequest) -> None:
    whole = [argument for argument in request.config.args if "::" not in argument]
    starts = [(request.config.invocation_params.dir / argument).resolve() for argument in whole]
    assert uncollected(starts, request.config.stash[COLLECTED]) == []


def test_a_test_file_that_is_not_collected_is_named(request: pytest.FixtureRequest) -> None:
    collected = request.config.stash[COLLECTED] - {request.path}
    assert uncollected([ROOT / "tests" / "test_collection.py"], collected) == ["tests/test_collection.py"]
    assert uncollected([ROOT / "src" / "readouts" / "analysis" / "sides.py"], set()) == [
        "src/readouts/analysis/sides.py"
    ]
