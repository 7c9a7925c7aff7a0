"""Checking a descriptor: the official profiles, then schemas and dialects, then what frictionless says of it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from readouts.datapackage.package.profiles import VERSION
from readouts.datapackage.package.resource import read_descriptors, read_resources
from readouts.datapackage.report import Check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from readouts.datapackage.findings import Findings
    from readouts.datapackage.table.resource import Resource
    from readouts.datapackage.validation.start import Beginning

__all__ = ["Checked", "described"]


@dataclass
class Checked:
    """What was looked at: rows by table, files by table, and by whom."""

    rows: dict[str, int] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    checks: list[Check] = field(default_factory=list)


@contextmanager
def described(beginning: Beginning, findings: Findings, checked: Checked) -> Iterator[list[Resource]]:
    """Check the descriptor of a package and give its resources; frictionless answers after they are checked.

    Parameters
    ----------
    beginning
        The package, as a check of it begins.
    findings
        Takes what is found.
    checked
        Takes who looked at the descriptor.
    """
    package, authority = beginning.package, beginning.authority
    read = read_descriptors(beginning.inlined, read_resources(package.root, beginning.inlined))
    findings.extend(read.incidents)
    checked.checks.append(Check("descriptor", f"the official profiles of Data Package v{VERSION}", package.name))
    yield read.resources
    if authority is not None:
        told = {
            found.table for found in read.incidents if found.code in {"package-error", "resource-error", "schema-error"}
        }
        findings.extend(found for found in authority.answer() if found.table not in told and None not in told)
        checked.checks.append(Check("descriptor", f"frictionless {authority.version}", package.name))
