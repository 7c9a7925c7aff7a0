"""Any Data Package: opened, validated, compared, merged and exported.

>>> from readouts import datapackage
>>> from readouts.datapackage.sample import sample_package
>>> datapackage.validate(sample_package()).valid
True
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.datapackage.lazy import lazy_names

if TYPE_CHECKING:
    from readouts.datapackage.api import (
        PackageDiff,
        Report,
        apply_delta,
        canonicalise,
        create_delta,
        diff,
        export,
        merge,
        open,  # noqa: A004 - `datapackage.open`, as one opens a file
        revert_delta,
        validate,
    )

__all__ = [
    "PackageDiff",
    "Report",
    "apply_delta",
    "canonicalise",
    "create_delta",
    "diff",
    "export",
    "merge",
    "open",
    "revert_delta",
    "validate",
]

__getattr__, __dir__ = lazy_names(__name__, dict.fromkeys(__all__, "readouts.datapackage.api"))
