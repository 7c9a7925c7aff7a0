from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings

from readouts.datapackage.render.report.github import render
from tests.datapackage.render.made import HOSTILE, NOTE, PACKAGE, PART, REFERENCE, TYPE, report_of, reports
from tests.properties import examples

if TYPE_CHECKING:
    from readouts.datapackage.report import ReportData


@dataclass(frozen=True)
class Command:
    name: str
    properties: dict[str, str]
    message: str


def read(line: str) -> Command:
    """Read a workflow command as a runner does."""
    assert line.startswith("::")
    head, _, message = line[2:].partition("::")
    name, _, rest = head.partition(" ")
    properties = {}
    for part in rest.split(",") if rest else []:
        key, _, value = part.partition("=")
        properties[key] = back(value.replace("%3A", ":").replace("%2C", ","))
    return Command(name, properties, back(message))


def back(text: str) -> str:
    return text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")


def test_a_finding_names_the_annotation_to_edit() -> None:
    command = read(render(report_of(REFERENCE)).splitlines()[0])
    assert command == Command(
        "error",
        {"file": "annotations/events/landing.yaml", "line": "12", "col": "8", "title": "foreign-key"},
        "events.place_id is 'nowhere', but places has no such place_id.\n"
        "Correct the id, or add what it should point to.",
    )


def test_a_finding_without_an_annotation_names_the_line_of_the_table() -> None:
    command = read(render(report_of(TYPE)).splitlines()[0])
    assert command.properties == {"file": "data/places.csv", "line": "9", "title": "type-error"}
    assert command.message.startswith("places row 7 (line 9) people:\n'1_000' is not an integer.\n")


def test_a_finding_in_a_table_of_several_files_names_the_file_and_the_line_in_it() -> None:
    command = read(render(report_of(PART, path="lakes/datapackage.json")).splitlines()[0])
    assert command.properties == {"file": "lakes/data/depths-2.csv", "line": "2", "title": "blank-row"}
    assert command.message.startswith("depths row 7 (data/depths-2.csv, line 2):\n")


@pytest.mark.parametrize(
    ("path", "file"),
    [
        (".", "data/places.csv"),
        ("datapackage.json", "data/places.csv"),
        ("some/package", "some/package/data/places.csv"),
        ("./some/datapackage.json", "some/data/places.csv"),
        ("/srv/some", "/srv/some/data/places.csv"),
        ("a/../b", "b/data/places.csv"),
    ],
)
def test_files_are_named_from_the_folder_in_which_the_command_ran(path: str, file: str) -> None:
    assert read(render(report_of(TYPE, path=path)).splitlines()[0]).properties["file"] == file


def test_a_finding_of_no_file_has_none_and_a_warning_is_one() -> None:
    error, warning, notice = map(read, render(report_of(PACKAGE, NOTE)).splitlines())
    assert (error.name, error.properties) == ("error", {"title": "package-error"})
    assert (warning.name, warning.properties) == ("warning", {"title": "gate-note"})
    assert notice.message == "voyages 2.0.0 is not valid: 2 findings (., 1,204 rows)."


def test_what_ends_a_command_or_a_property_is_escaped() -> None:
    odd = replace(TYPE, table="a,b:c%", message="50 % of\nit", source=None)
    report = replace(report_of(odd), files={"a,b:c%": "data/a,b:c%.csv"})
    line = render(report).splitlines()[0]
    assert line.startswith("::error file=data/a%2Cb%3Ac%25.csv,line=9,title=type-error::")
    assert "50 %25 of\\nit" in line
    assert read(line).properties["file"] == "data/a,b:c%.csv"


@settings(max_examples=examples(50))
@given(reports())
def test_every_line_is_one_command_of_ours(report: ReportData) -> None:
    commands = [read(line) for line in render(report).split("\n")[:-1]]
    assert len(commands) == len(report.incidents) + 1
    assert {command.name for command in commands} <= {"error", "warning", "notice"}
    assert all(set(command.properties) <= {"file", "line", "col", "title"} for command in commands)
    assert sorted(command.properties["title"] for command in commands[:-1]) == sorted(
        finding.code for finding in report.incidents
    )


def test_a_value_cannot_be_a_command_of_its_own() -> None:
    for text in HOSTILE:
        written = render(report_of(replace(PACKAGE, message=text)))
        assert len(written.splitlines()) == 2
        assert all(line.startswith(("::error title=", "::notice title=")) for line in written.splitlines())
