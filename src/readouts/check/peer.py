"""Checking a package through frictionless: descriptor, types, constraints, keys and references."""

from __future__ import annotations

import csv
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from readouts.errors import PackageError
from readouts.incident import CODES, Incident, incident
from readouts.package.paths import inside

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["check_package"]


_SAME_AS = {"field-error": "schema-error", "dialect-error": "resource-error", "metadata-error": "package-error"}
"""Names that frictionless has for parts of what we call by the name of the whole."""
_UNREADABLE = frozenset(["scheme-error", "source-error", "encoding-error", "format-error"])
_NO_LIMIT = 2**62


def check_package(root: Path, descriptor: dict[str, Any]) -> list[Incident]:
    """Check a package with frictionless (https://framework.frictionlessdata.io).

    Parameters
    ----------
    root
        Folder of the package.
    descriptor
        Its descriptor.

    Returns
    -------
    list
        Findings under the codes of frictionless; rows are counted from 1 below the header, lines are physical. What
        only follows from another finding is left out: the keys of a blank row, the references into a table that
        can't be read.
    """
    outside = _outside(root, descriptor)
    if outside:
        return outside
    try:
        return _explained(_findings(root, descriptor), descriptor)
    except ModuleNotFoundError:
        raise
    except Exception as error:
        # Whatever it fails on: a crash of the checker is no verdict on the package.
        message = f"frictionless can't check this package: {type(error).__name__}: {error}"
        return [incident("check-error", message)]


def _findings(root: Path, descriptor: dict[str, Any]) -> list[Incident]:
    from frictionless import FrictionlessException, Package

    try:
        package = Package.from_descriptor(descriptor, basepath=str(root))
        report = package.validate(limit_errors=_NO_LIMIT)
        schemas = {resource.name: resource.schema for resource in package.resources}
    except FrictionlessException as error:
        return _in_resources(root, descriptor) or [
            _incident(reason, None, {}) for reason in error.reasons or [error.error]
        ]
    found = [_incident(problem, None, {}) for problem in report.errors]
    if found:
        return _in_resources(root, descriptor) or found
    for task in report.tasks:
        lines = _physical_lines(root, descriptor, task.name) if task.errors else {}
        keys = list(schemas[task.name].primary_key) if task.name in schemas else []
        labels = task.labels or []
        places = [labels.index(name) for name in keys if name in labels]
        for problem in task.errors:
            finding = _incident(problem, task.name, lines)
            cells = getattr(problem, "cells", None)
            if cells and keys and len(places) == len(keys) and max(places) < len(cells):
                finding = replace(finding, key=tuple(str(cells[place]) for place in places))
            if finding.code == "primary-key" and finding.key is not None:
                finding = replace(finding, field=", ".join(keys), value=", ".join(finding.key))
            found.append(finding)
    return found


def _in_resources(root: Path, descriptor: dict[str, Any]) -> list[Incident]:
    """Return what is wrong with each resource of a descriptor on its own, with its name."""
    from frictionless import FrictionlessException, Resource

    found = []
    for resource in descriptor["resources"]:
        try:
            # The schema is resolved when it is asked for.
            _ = Resource.from_descriptor(resource, basepath=str(root)).schema
        except FrictionlessException as error:
            found += [_incident(reason, resource["name"], {}) for reason in error.reasons or [error.error]]
    return found


def _explained(found: list[Incident], descriptor: dict[str, Any]) -> list[Incident]:
    """Leave out the findings that another finding explains."""
    targets = {resource["name"]: _targets(resource) for resource in descriptor["resources"]}
    unreadable = {(finding.table, finding.code, finding.message) for finding in found if finding.code in _UNREADABLE}
    broken = {table for table, _, _ in unreadable}
    blank = {(finding.table, finding.row) for finding in found if finding.code == "blank-row"}
    missing = {(finding.table, finding.row, finding.field) for finding in found if finding.code == "missing-cell"}

    def follows(finding: Incident) -> bool:
        referred = targets.get(finding.table or "", {})
        if finding.code in _UNREADABLE:
            # Frictionless reports a table that can't be opened for every table that refers to it as well.
            return any((name, finding.code, finding.message) in unreadable for name in referred.values())
        if finding.code == "foreign-key" and finding.field is not None:
            return referred.get(finding.field) in broken
        if finding.code == "constraint-error":
            place = (finding.table, finding.row, finding.field)
            return place in missing or (finding.table, finding.row) in blank
        return finding.code == "primary-key" and (finding.table, finding.row) in blank

    return [finding for finding in found if not follows(finding)]


def _targets(resource: dict[str, Any]) -> dict[str, str]:
    """Return the other tables that a resource refers to, by the columns that do."""
    schema = resource.get("schema")
    keys = schema.get("foreignKeys") if isinstance(schema, dict) else None
    found = {}
    for key in keys if isinstance(keys, list) else ():
        reference = key.get("reference") if isinstance(key, dict) else None
        if isinstance(reference, dict):
            fields, target = key.get("fields"), reference.get("resource") or resource["name"]
            if target != resource["name"]:
                found[fields if isinstance(fields, str) else ", ".join(map(str, fields or ()))] = str(target)
    return found


def _outside(root: Path, descriptor: dict[str, Any]) -> list[Incident]:
    """Return a finding for each path that leaves the package; nothing is read when there is one.

    Frictionless would fetch a profile, schema or dialect that is given by its address.
    """
    found = []
    for table, part in ((None, descriptor), *((entry["name"], entry) for entry in descriptor["resources"])):
        for field in ("path", "extrapaths", "profile", "schema", "dialect"):
            value = part.get(field)
            for name in value if isinstance(value, list) else [value]:
                if name is None or (field in {"schema", "dialect"} and not isinstance(name, str)):
                    continue
                try:
                    inside(root, str(name))
                except PackageError as error:
                    code = "package-error" if table is None else "resource-error"
                    found.append(incident(code, str(error), table=table, field=field))
    return found


def _physical_lines(root: Path, descriptor: dict[str, Any], name: str) -> dict[int, int]:
    """Return the physical line on which each row of a CSV file begins, by row number."""
    resource = next(entry for entry in descriptor["resources"] if entry["name"] == name)
    path = resource.get("path")
    if not isinstance(path, str) or resource.get("format", "csv") != "csv":
        return {}
    lines: dict[int, int] = {}
    try:
        with inside(root, path).open(encoding="utf-8", newline="") as stream:
            reader = csv.reader(stream)
            end = 0
            for row, _ in enumerate(reader):
                lines[row] = end + 1
                end = reader.line_num
    except (OSError, UnicodeDecodeError, csv.Error):
        return lines
    return lines


def _incident(error: Any, table: str | None, lines: dict[int, int]) -> Incident:
    code = _SAME_AS.get(error.type, error.type)
    known = code in CODES
    number = getattr(error, "row_number", None)
    # Frictionless counts the header as row 1.
    row = None if number is None else number - 1
    field, cell = getattr(error, "field_name", None), getattr(error, "cell", None)
    if error.type == "foreign-key":
        field, cell = ", ".join(error.field_names), ", ".join(error.field_cells)
    return incident(
        code if known else "check-error",
        error.message if known else f"{error.type}: {error.message}",
        table=table,
        field=field or None,
        row=row,
        line=None if row is None else lines.get(row, number),
        value=None if cell is None else str(cell),
    )
