"""How many examples Hypothesis tries: few in the suite, and all that a test asks for in the long run.

Both give the same verdict every time; HYPOTHESIS_PROFILE=explore looks for new examples.
"""

from __future__ import annotations

import os

from hypothesis import settings

__all__ = ["PROFILE", "examples"]

FEW = 15
"""Examples of a property in the suite."""

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "suite")
"""`suite`, `full` or `explore`."""

settings.register_profile("suite", derandomize=True, deadline=None, max_examples=FEW)
settings.register_profile("full", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None)


def examples(number: int) -> int:
    """Return how many examples are tried of a property that gets so many in the long run."""
    return min(number, FEW) if PROFILE == "suite" else number
