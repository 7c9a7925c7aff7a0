"""Checking a package through frictionless: descriptor, types, constraints, keys and references."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

from readouts.errors import PackageError
from readouts.incident import CODES, Incident, incident
from readouts.package.paths import inside

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["check_package"]


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
        Findings under the codes of frictionless; rows are counted from 1 below the header, lines are physical.
    """
    outside = _outside(root, descriptor)
    if outside:
        return outside
    from frictionless import FrictionlessException, Package

    try:
        package = Package.from_descriptor(descriptor, basepath=str(root))
        report = package.validate()
    except FrictionlessException as error:
        reasons = error.reasons or [error.error]
        return [_incident(reason, None, {}) for reason in reasons]
    found = [_incident(error, None, {}) for error in report.errors]
    schemas = {resource.name: resource.schema for resource in package.resources}
    for task in report.tasks:
        lines = _physical_lines(root, descriptor, task.name) if task.errors else {}
        keys = list(schemas[task.name].primary_key) if task.name in schemas else []
        labels = task.labels or []
        for error in task.errors:
            finding = _incident(error, task.name, lines)
            cells = getattr(error, "cells", None)
            if cells and keys and set(keys) <= set(labels) and len(cells) >= len(labels):
                key = tuple(str(cells[labels.index(name)]) for name in keys)
                finding = _with_key(finding, key)
            found.append(finding)
    return found


def _outside(root: Path, descriptor: dict[str, Any]) -> list[Incident]:
    """Return a finding for each path that leaves the package; nothing is read when there is one."""
    found = []
    for resource in descriptor["resources"]:
        path = resource.get("path")
        for name in path if isinstance(path, list) else [path]:
            if name is None:
                continue
            try:
                inside(root, str(name))
            except PackageError as error:
                found.append(incident("resource-error", str(error), table=resource["name"], field="path"))
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
    code = error.type if error.type in CODES else "check-error"
    number = getattr(error, "row_number", None)
    # Frictionless counts the header as row 1.
    row = None if number is None else number - 1
    cell = getattr(error, "cell", None)
    return incident(
        code,
        error.message if code == error.type else f"{error.type}: {error.message}",
        table=table,
        field=getattr(error, "field_name", None) or None,
        row=row,
        line=None if row is None else lines.get(row, number),
        value=None if cell is None else str(cell),
    )


def _with_key(finding: Incident, key: tuple[str, ...]) -> Incident:
    from dataclasses import replace

    return replace(finding, key=key)
