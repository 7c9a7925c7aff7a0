"""Checking a descriptor: the official profiles, then schemas and dialects, then what frictionless says about it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from readouts.datapackage.incident import Incident, incident
from readouts.datapackage.json_schema_text import place_in
from readouts.datapackage.package.profiles import VERSION, profile_errors, profile_problems
from readouts.datapackage.package.resource import claims_table, read_resources, sentence
from readouts.datapackage.package.schema_copies import SCHEMAS_HINT
from readouts.datapackage.report import Check
from readouts.datapackage.suggest import did_you_mean
from readouts.datapackage.validation.patterns import refusal
from readouts.datapackage.words import counted, quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from readouts.datapackage.findings import Findings
    from readouts.datapackage.json_schema_text import ValuePath
    from readouts.datapackage.package.dereference import Dereferenced
    from readouts.datapackage.table.resource import Resource
    from readouts.datapackage.validation.start import Beginning

__all__ = ["CONTENT", "Checked", "described", "read_descriptors"]

CONTENT = ", types, constraints, keys, references"
"""Checks of a table besides its structure."""


@dataclass
class Checked:
    """The subjects of checks: rows by table, files by table, and by whom."""

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
    resources, incidents = read_descriptors(beginning.inlined, read_resources(package.root, beginning.inlined))
    findings.extend(incidents)
    checked.checks.append(Check("descriptor", f"the official profiles of Data Package v{VERSION}", package.name))
    copies = beginning.inlined.copies
    checked.checks += [Check(f"copy of {address}", str(copies.folder), file) for address, file in copies.used.items()]
    yield resources
    if authority is not None:
        told_of = {"package-error", "resource-error", "schema-error"}
        tables = {found.table for found in incidents if found.code in told_of}
        fields = {(found.table, found.field) for found in incidents if found.field is not None}

        def told(found: Incident) -> bool:
            """Return whether a fault was found already, or what stopped frictionless."""
            same = found.table in tables or None in tables or (found.table, found.field) in fields
            return same or (bool(tables) and found.code == "peer-failed")

        answer = authority.answer()
        findings.extend(found for found in answer if not told(found))
        if all(found.code != "peer-failed" for found in answer):
            checked.checks.append(Check("descriptor", f"frictionless {authority.version}", package.name))


def read_descriptors(inlined: Dereferenced, resources: list[Resource]) -> tuple[list[Resource], list[Incident]]:
    """Check a package's descriptor, and return the resources that can be checked, and what is wrong with it.

    Parameters
    ----------
    inlined
        The descriptor, with everything in it that it refers to.
    resources
        What `read_resources` made of it.
    """
    descriptor, incidents = inlined.descriptor, [*inlined.incidents]
    names = [resource["name"] for resource in descriptor["resources"]]
    seen: set[tuple[str | None, str | None, str]] = set()
    unread = {(each.table, each.field) for each in inlined.incidents}
    for official, path, message in _profile_errors(inlined):
        table, column, way = _place(descriptor, path)
        if official and way and (table, way[0]) in unread and column is None:
            continue
        code = "package-error" if table is None else "schema-error" if "schema" in path else "resource-error"
        if official:
            seen.add((table, column, ".".join(part for part in way if isinstance(part, str))))
        incidents.append(incident(code, sentence(place_in(way), message), table=table, field=column))
    for address in sorted(inlined.copies.missing):
        message = f"A profile refers to {quoted(address)}, which is not fetched: what it says was not checked."
        incidents.append(incident("profile-unknown", message, hint=SCHEMAS_HINT))
    incidents += [
        incident("package-error", f"Two resources have the name {quoted(name)}.", table=name)
        for name in dict.fromkeys(name for name in names if names.count(name) > 1)
    ]
    checked: list[Resource] = []
    for resource in resources:
        # Earlier findings are not repeated.
        incidents += [
            problem
            for problem in resource.problems
            if problem not in inlined.incidents and (problem.code == "unsupported-feature" or not _said(problem, seen))
        ]
        if resource.readable:
            checked.append(_supported(resource, incidents))
    of_keys = {table for table, _, way in seen if table is not None and way.startswith("schema.foreignKeys")}
    incidents += _references(inlined, checked, of_keys)
    return checked, incidents


def _said(problem: Incident, seen: set[tuple[str | None, str | None, str]]) -> bool:
    """Return whether the official profile says something about the same place, about what it is in, or a part of it."""
    here = f"{problem.message.split('`')[1] if problem.message.startswith('`') else ''}."
    column = problem.field if problem.code == "schema-error" else None
    ways = [f"{way}." for table, other, way in seen if (table, other) == (problem.table, column)]
    return any(here.startswith(way) or way.startswith(here) for way in ways)


def _profile_errors(inlined: Dereferenced) -> Iterator[tuple[bool, ValuePath, str]]:
    """Yield where a descriptor departs from a profile, after whether that is the official one."""
    try:
        yield from ((True, *found) for found in profile_errors(inlined.descriptor))
    except ValueError as error:
        yield True, [], f"the descriptor can't be checked against the official profile: {str(error)[:200]}"
    for way, profile, written in inlined.profiles:
        try:
            found = profile_problems(profile, written, inlined.copies.find_part)
            yield from ((False, [*way, *path], message) for path, message in found)
        except ValueError as error:
            reason = str(error).partition("\n")[0]
            yield False, way, f"the profile can't be used as a JSON Schema: {reason[:200]}"


def _place(descriptor: dict[str, Any], path: ValuePath) -> tuple[str | None, str | None, ValuePath]:
    """Return the resource and the field that a place is in, and the way from the innermost of them to it."""
    if len(path) < 2 or path[0] != "resources" or not isinstance(path[1], int):
        return None, None, path
    resource = descriptor["resources"][path[1]]
    if path[2:4] == ["schema", "fields"] and len(path) > 4 and isinstance(path[4], int):
        column = resource["schema"]["fields"][path[4]]
        if isinstance(column, dict) and isinstance(column.get("name"), str):
            return resource["name"], column["name"], path[5:]
    return resource["name"], None, path[2:]


def _supported(resource: Resource, incidents: list[Incident]) -> Resource:
    """Return the resource without the patterns that no engine takes."""
    if resource.table is None:
        return resource
    fields = []
    for column in resource.table.fields:
        pattern = column.constraints.pattern
        reason = None if pattern is None else refusal(pattern)
        if reason is not None:
            message = f"The pattern {pattern!r:.200} is not supported: no engine supports it ({reason[:200]})."
            incidents.append(incident("unsupported-feature", message, table=resource.name, field=column.name))
            column = replace(column, constraints=replace(column.constraints, pattern=None))  # noqa: PLW2901
        fields.append(column)
    return replace(resource, schema=replace(resource.table, fields=tuple(fields)))


def _references(inlined: Dereferenced, resources: list[Resource], told: set[str]) -> Iterator[Incident]:
    """Yield which foreign keys can't be followed.

    Findings say already that some tables are unchecked, and that foreign keys of others are not well formed.
    """
    tables = {resource.name: resource.table for resource in resources}
    listed = {resource["name"]: resource for resource in inlined.descriptor["resources"]}
    for table in filter(None, tables.values()):
        for key in table.foreign_keys if table.name not in told else ():
            code, name, target = "schema-error", quoted(key.table), tables.get(key.table)
            missing = [each for each in key.target_fields if target is not None and each not in target.field_names]
            if key.table not in listed:
                message = f"expected the name of a resource; found {name}. {did_you_mean(key.table, listed)}"
            elif key.table in inlined.unchecked or not _names_fields(listed[key.table]):
                continue
            elif key.table in tables and target is None and not claims_table(listed[key.table]):
                message = f"expected a reference to a table; {name} is a file of another kind"
            elif target is None or not target.fields:
                code, reason = "unsupported-feature", "can't be read as a table" if target is None else "has no schema"
                message = f"the reference was not checked, since {name} {reason}"
            elif missing:
                known = did_you_mean(missing[0], target.field_names)
                message = f"expected fields of {name}; found {quoted(missing[0])}. {known}"
            else:
                continue
            text = sentence("`schema.foreignKeys`", message)
            yield incident(code, text, table=table.name, field=", ".join(key.fields))


def _names_fields(resource: dict[str, Any]) -> bool:
    """Return whether the schema of a resource, if it has one, names its fields, as the official profile asks for."""
    schema = resource.get("schema", {"fields": [{"name": ""}]})
    fields = schema.get("fields") if isinstance(schema, dict) else None
    if not isinstance(fields, list) or not fields:
        return False
    return all(isinstance(each, dict) and isinstance(each.get("name"), str) for each in fields)
