"""The corpus in every format, and a package that makes each of them hard."""

from __future__ import annotations

from tests.exporting import dataset, exported, hostile, package, run_export

__all__ = ["dataset", "exported", "hostile", "package", "run_export"]
