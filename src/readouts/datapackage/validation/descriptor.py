"""Checking a descriptor: the official profiles, then schemas and dialects, then what frictionless says of it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from readouts.datapackage.package.profiles import VERSION
from readouts.datapackage.package.resource import read_descriptors, read_resources
from readouts.datapackage.report import Check
from readouts.datapackage.words import counted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from readouts.datapackage.findings import Findings
    from readouts.datapackage.incident import Incident
    from readouts.datapackage.table.resource import Resource
    from readouts.datapackage.validation.start import Beginning

__all__ = ["CONTENT", "Checked", "described"]

CONTENT = ", types, constraints, keys, references"
"""What is checked of a table besides its structure."""


@dataclass
class Checked:
    """What was looked at: rows by table, files by table, and by whom."""

    rows: dict[str, int] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    checks: list[Check] = field(default_factory=list)

    def add_tables(self, structure: str, content: str, by: str, known: Collection[str]) -> None:
        """Note who looked at the structure of all tables, and at the content of those whose fields are known."""
        rest = self.rows.keys() - known
        for name, tables in ((f"{structure}{content}", known), (structure, rest)):
            if tables or (tables is known and not rest):
                rows = sum(self.rows[table] for table in tables)
                self.checks.append(Check(name, by, f"{counted(len(tables), 'table')}, {counted(rows, 'row')}"))


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
        tables = {
            found.table for found in read.incidents if found.code in {"package-error", "resource-error", "schema-error"}
        }
        fields = {(found.table, found.field) for found in read.incidents if found.field is not None}

        def told(found: Incident) -> bool:
            """Tell whether a fault was found already, or what stopped frictionless."""
            same = found.table in tables or None in tables or (found.table, found.field) in fields
            return same or (bool(tables) and found.code == "peer-failed")

        answer = authority.answer()
        findings.extend(found for found in answer if not told(found))
        if all(found.code != "peer-failed" for found in answer):
            checked.checks.append(Check("descriptor", f"frictionless {authority.version}", package.name))
