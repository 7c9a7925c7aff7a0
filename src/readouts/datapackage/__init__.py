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
        Report,
        open,  # noqa: A004 - `datapackage.open`, as one opens a file
        validate,
    )
    from readouts.datapackage.canonical_form import canonicalise
    from readouts.datapackage.delta.apply import apply_delta, revert_delta
    from readouts.datapackage.delta.create import create_delta
    from readouts.datapackage.describe_api import Description, describe
    from readouts.datapackage.diff_api import PackageDiff, diff
    from readouts.datapackage.exporting.formats import export, not_mapped
    from readouts.datapackage.merging.packages import merge
    from readouts.datapackage.package.locate import find_package
    from readouts.datapackage.validation.custom_checks import CustomCheck, Finding, check

__all__ = [
    "CustomCheck",
    "Description",
    "Finding",
    "PackageDiff",
    "Report",
    "apply_delta",
    "canonicalise",
    "check",
    "create_delta",
    "describe",
    "diff",
    "export",
    "find_package",
    "merge",
    "not_mapped",
    "open",
    "revert_delta",
    "validate",
]

_HOMES = {
    "Description": f"{__name__}.describe_api",
    "CustomCheck": f"{__name__}.validation.custom_checks",
    "Finding": f"{__name__}.validation.custom_checks",
    "PackageDiff": f"{__name__}.diff_api",
    "Report": f"{__name__}.api",
    "apply_delta": f"{__name__}.delta.apply",
    "canonicalise": f"{__name__}.canonical_form",
    "check": f"{__name__}.validation.custom_checks",
    "create_delta": f"{__name__}.delta.create",
    "describe": f"{__name__}.describe_api",
    "diff": f"{__name__}.diff_api",
    "export": f"{__name__}.exporting.formats",
    "find_package": f"{__name__}.package.locate",
    "merge": f"{__name__}.merging.packages",
    "not_mapped": f"{__name__}.exporting.formats",
    "open": f"{__name__}.api",
    "revert_delta": f"{__name__}.delta.apply",
    "validate": f"{__name__}.api",
}

__getattr__, __dir__ = lazy_names(__name__, _HOMES)
