"""The constructs of the standard, judged by `readouts validate` and by frictionless: the table of docs/conformance.md.

`python docs/constructs.py` has both judge the packages of `constructs.yaml`, and writes `constructs.json`.
"""

from __future__ import annotations

import json
import sys
import tempfile
import warnings
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from readouts.datapackage import api
from readouts.datapackage.errors import PackageError
from readouts.datapackage.incident import Severity
from readouts.datapackage.validation import frictionless
from tests.frictionless_server import FrictionlessServer

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["RESULTS", "Construct", "Sample", "constructs", "constructs_table", "judged", "ours", "theirs"]

RESULTS = Path(__file__).with_name("constructs.json")
_GOOD = "as the standard"
_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_FIELDS = [{"name": "no", "type": "integer"}, {"name": "kind", "type": "string"}]
_ROWS = "no,kind\n1,oak\n2,elm\n"

Judge: TypeAlias = "Callable[[Path], set[str]]"
"""Gives the codes of what is wrong with a package, or could not be checked in it; none if it is valid."""


@dataclass(frozen=True)
class Sample:
    """One package: what its table, its descriptor and its files have besides what all of them have."""

    resource: dict[str, Any] = field(default_factory=dict)
    package: dict[str, Any] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    written_in: str = "utf-8"

    def write(self, folder: Path) -> Path:
        """Write the package into a folder."""
        table = {"name": "t", "type": "table", "path": "t.csv", "schema": {"fields": _FIELDS}, **self.resource}
        table = {name: value for name, value in table.items() if value is not None}
        descriptor = {"$schema": _PROFILE, "name": "trees", "resources": [table], **self.package}
        for name, text in {"t.csv": _ROWS, **self.files, "datapackage.json": json.dumps(descriptor)}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode(self.written_in))
        return folder


@dataclass(frozen=True)
class Construct:
    """One construct of the standard: where it is, its words, and packages that it allows and doesn't allow."""

    section: str
    says: str
    good: tuple[Sample, ...]
    bad: tuple[Sample, ...]


def constructs() -> list[Construct]:
    """Return the constructs that `constructs.yaml` lists."""
    return [_construct(**entry) for entry in yaml.safe_load(RESULTS.with_suffix(".yaml").read_text(encoding="utf-8"))]


def _construct(
    section: str, says: str, good: list[Any], bad: list[Any] | None = None, field: dict[str, Any] | None = None
) -> Construct:
    if field is None:
        samples = [tuple(Sample(**each) for each in some or ()) for some in (good, bad)]
    else:
        samples = [(_column(field, good),), tuple(_column(field, [cell]) for cell in bad or ())]
    return Construct(section, says, *samples)


def _column(written: dict[str, Any], cells: list[str]) -> Sample:
    """Return a table of one field."""
    rows = ["a", *(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in cells), ""]
    return Sample({"schema": {"fields": [{"name": "a", **written}]}}, files={"t.csv": "\n".join(rows)})


def judged(construct: Construct, judge: Judge) -> str:
    """Return what a checker makes of a construct, as text."""
    with tempfile.TemporaryDirectory() as folder:
        good, bad = (
            [judge(sample.write(Path(folder, f"{kind}-{number}"))) for number, sample in enumerate(samples)]
            for kind, samples in (("good", construct.good), ("bad", construct.bad))
        )
    refused, taken = sorted(set().union(*good)), sum(not codes for codes in bad)
    if refused == ["unsupported-feature"]:
        return "not supported, and says so"
    parts = [f"refuses what is valid: {', '.join(refused)}"] if refused else []
    parts += [f"takes what is not valid ({taken} of {len(bad)})"] if taken else []
    return "; ".join(parts) or _GOOD


def ours(root: Path) -> set[str]:
    """Judge a package by `readouts validate`."""
    try:
        report = api.validate(root)
    except PackageError:
        return {"not a package"}
    return {found.code for found in report.incidents if found.severity is not Severity.WARNING}


def theirs(root: Path) -> set[str]:
    """Judge a package by frictionless, which reads no more than the package."""
    from frictionless import FrictionlessException, Package  # noqa: PLC0415 - importing it takes seconds

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            report = Package(str(root / "datapackage.json")).validate()
        except FrictionlessException as refused:
            return {error.type for error in refused.reasons or [refused.error]}
        except Exception as crash:
            return {f"crash ({type(crash).__name__})"}
    return {error.type for found in (report, *report.tasks) for error in found.errors}


def constructs_table() -> str:
    """Return the constructs with what both make of them, as a Markdown table."""
    written = json.loads(RESULTS.read_text(encoding="utf-8"))
    results, checkers = written["constructs"], ("readouts", "frictionless")
    rows = []
    for construct in constructs():
        cells = [construct.section, f"\u201c{construct.says}\u201d"]
        cells += [_shown(results[construct.section][checker]) for checker in checkers]
        rows.append(f"| {' | '.join(cells)} |".replace("<", "&lt;"))
    ours, theirs = (sum(result[checker] == _GOOD for result in results.values()) for checker in checkers)
    peer = f"frictionless {written['frictionless']}"
    return (
        f"\nOf {len(rows)} constructs, readouts judges {ours} as the standard does, and {peer} {theirs}.\n\n"
        f"| construct | the standard says | readouts | {peer} |\n|---|---|---|---|\n" + "\n".join(rows) + "\n\n"
    )


def _shown(result: str) -> str:
    return result if result == _GOOD else f"**{result}**"


def main() -> None:
    """Have both judge every construct, and write what they say."""
    server = FrictionlessServer()
    # Its process is started once, rather than for each package.
    vars(frictionless)["subprocess"] = server.subprocess
    results = {
        construct.section: {"readouts": judged(construct, ours), "frictionless": judged(construct, theirs)}
        for construct in constructs()
    }
    written = {"frictionless": version("frictionless"), "constructs": results}
    server.close()
    RESULTS.write_text(json.dumps(written, indent=1, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")


def _refuse(event: str, _arguments: object) -> None:
    if event == "socket.connect":
        message = "packages are judged without the network"
        raise OSError(message)


if __name__ == "__main__":
    sys.addaudithook(_refuse)
    main()
