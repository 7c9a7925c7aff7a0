"""A small data package about lakes, for examples: three tables with keys, a reference, an enum, dates and numbers."""

from pathlib import Path

__all__ = ["sample_package"]


def sample_package() -> Path:
    """Return the folder of the sample package. It is part of the installation: copy it before changing it.

    Examples
    --------
    >>> sorted(path.name for path in (sample_package() / "data").iterdir())
    ['countries.csv', 'lakes.csv', 'measurements.csv']
    """
    return Path(__file__).resolve().parent
