"""Packages made to do harm: an incident or exit 2 within seconds and bounded memory, and nothing outside is touched.

Each is validated by the command in a process that has little memory, and that notes every file it opens and every
address it asks for.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests.datapackage.validation.planting import check
from tests.packages import PROFILE, write_package_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytest.importorskip("resource", reason="memory is limited as on Unix")

MEMORY = 3 * 2**30
"""Bytes of address space; the libraries alone reserve most of one."""
SECONDS = 120
_PROGRAM = """
import json, os, resource, sys, time
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]),) * 2)
seen = []
def watch(event, arguments):
    if event == "open" and isinstance(arguments[0], str):
        seen.append(os.path.realpath(arguments[0]))
    elif event in {"socket.connect", "socket.getaddrinfo", "urllib.Request"}:
        seen.append(event)
sys.addaudithook(watch)
from pathlib import Path
from readouts.datapackage.findings import Findings
from readouts.datapackage.validation.start import begin
from readouts.datapackage.validation.validator import check_package
from readouts.cli import app
from readouts.datapackage.errors import ReadoutsError
from readouts.datapackage.package.package import open_package
from typer.testing import CliRunner

def command(root):
    ended = CliRunner().invoke(app(), ["validate", root, "--format", "json", "--limit", "20"])
    error = ended.exception
    failure = None if error is None or isinstance(error, SystemExit) else repr(error)[:500]
    if "Traceback" in ended.stdout:
        failure = ended.stdout
    counts = json.loads(ended.stdout)["counts"] if ended.exit_code in {0, 1} and not failure else {}
    return ended.exit_code, counts, failure

def core(root):
    findings = Findings(20)
    try:
        check_package(begin(open_package(Path(root)), ask_frictionless=False), findings)
    except ReadoutsError:
        return 2, {}, None
    return int(bool(findings.counts)), findings.counts, None

for root in sys.argv[3:]:
    seen.clear()
    started = time.process_time()
    status, counts, failure = {"command": command, "core": core}[sys.argv[2]](root)
    spent = time.process_time() - started
    print(json.dumps({"status": status, "error": failure, "codes": list(counts), "seen": seen, "seconds": spent}))
"""


@dataclass(frozen=True)
class Outcome:
    """What became of validating one package."""

    status: int
    codes: set[str]
    seen: list[str]
    seconds: float


def validated(*roots: Path, by: str = "core") -> list[Outcome]:
    """Validate packages one after the other in one process of little memory; `by` the whole command, or the core."""
    script = [sys.executable, "-W", "ignore", "-c", _PROGRAM, str(MEMORY), by, *map(str, roots)]
    environment = {**os.environ, "POLARS_MAX_THREADS": "2"}
    done = subprocess.run(script, capture_output=True, text=True, timeout=SECONDS, check=False, env=environment)
    assert done.returncode == 0, done.stderr[-2000:]
    outcomes = []
    for line in done.stdout.splitlines():
        told = json.loads(line)
        assert told.pop("error") is None
        outcomes.append(Outcome(told["status"], set(told["codes"]), told["seen"], told["seconds"]))
    assert len(outcomes) == len(roots)
    return outcomes


SCHEMA = {"fields": [{"name": "a", "type": "string"}, {"name": "b", "type": "string"}]}


def table(**properties: Any) -> dict[str, Any]:
    return {"name": "t", "type": "table", "path": "t.csv", "schema": SCHEMA, **properties}


def of_fields(*fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    return table(schema={"fields": list(fields), **more})


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Path]:
    """Write a package in a folder of its own, whose one table has two cells unless other content is given."""
    count = 0

    def write(resource: dict[str, Any], content: bytes | str = "a,b\n1,2\n", **more: Any) -> Path:
        nonlocal count
        count += 1
        return write_package_of(tmp_path / f"package-{count}", {"t.csv": content}, [resource], **more)

    return write


LEAVING = [
    *("../canary.json", "{outside}", "C:\\canary.json", "..\\canary.json", "file://{outside}", "a/../../canary.json"),
    *("http://127.0.0.1:9/canary.json", "link.json", "linked/canary.json", ""),
]


@pytest.mark.slow
def test_no_path_leads_out_of_the_package(make: Callable[..., Path], tmp_path: Path) -> None:
    canary = tmp_path / "canary.json"
    canary.write_text(json.dumps({"fields": [{"name": "a"}, {"name": "b"}]}), encoding="utf-8")
    roots = []
    for written in LEAVING:
        way = written.replace("{outside}", str(canary))
        foreign_key = {"fields": ["a"], "reference": {"resource": way, "fields": ["a"]}}
        resources = [
            table(path=way),
            table(path=["t.csv", way]),
            table(schema=way),
            table(dialect=way),
            table(extrapaths=[way]),
            table(**{"$schema": way or "x"}),
            table(profile=way or "x"),
            table(schema={**SCHEMA, "$schema": way or "x"}),
            table(dialect={"$schema": way or "x"}),
            table(schema={**SCHEMA, "foreignKeys": [foreign_key]}),
            table(schema={"fields": [{"$ref": way}]}),
        ]
        # A foreign key to a resource without a name is one to its own table.
        roots += [make(resource) for resource in resources if way or "foreignKeys" not in resource["schema"]]
    roots += [make(table(), profile=str(canary)), make(table(), **{"$schema": str(canary)})]
    for root in roots:
        (root / "link.json").symlink_to(canary)
        (root / "linked").symlink_to(tmp_path)
    for outcome in [*validated(*roots), *validated(*roots[::40], roots[-1], by="command")]:
        assert outcome.status == 1 or outcome.codes == {"profile-unknown"}
        assert str(canary) not in outcome.seen
        assert not {"socket.connect", "socket.getaddrinfo", "urllib.Request"} & set(outcome.seen)


def test_a_link_in_the_folder_of_an_interrupted_write_moves_no_file_from_outside(
    make: Callable[..., Path], tmp_path: Path
) -> None:
    secret = tmp_path / "home" / "secret.txt"
    secret.parent.mkdir()
    secret.write_text("secret", encoding="utf-8")
    root = make(table())
    (root / ".readouts").mkdir()
    (root / ".readouts" / "staged").symlink_to(secret.parent)
    (root / ".readouts" / "journal.json").write_text('{"put": ["secret.txt"], "remove": []}', encoding="utf-8")
    [outcome] = validated(root, by="command")
    assert outcome.status == 2
    assert secret.read_text(encoding="utf-8") == "secret"
    assert not (root / "secret.txt").exists()


def test_a_pipe_device_or_folder_in_the_place_of_a_file_is_not_waited_for(
    make: Callable[..., Path], tmp_path: Path
) -> None:
    roots = [make(table(path="odd")), make(table(schema="odd")), make(table(dialect="odd"))]
    for root in roots:
        os.mkfifo(root / "odd")
    folders = [make(table(path="odd")), make(table(schema="odd")), make(table(dialect="odd"))]
    for root in folders:
        (root / "odd").mkdir()
    for outcome in validated(*roots, *folders):
        assert outcome.status == 1
        assert outcome.codes & {"scheme-error", "resource-error"}
    piped = tmp_path / "piped"
    piped.mkdir()
    os.mkfifo(piped / "datapackage.json")
    endless = tmp_path / "endless"
    endless.mkdir()
    (endless / "datapackage.json").symlink_to("/dev/zero")
    assert [outcome.status for outcome in validated(piped, endless, by="command")] == [2, 2]


def zipped(content: bytes, name: str = "t.csv") -> bytes:
    import io

    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr(name, content)
    return stream.getvalue()


@pytest.mark.slow
def test_bombs_are_not_unpacked_to_their_end(tmp_path: Path) -> None:
    much = b"a,b\n" + b"0" * (100 * 2**20)
    files = {
        "bomb.csv.gz": gzip.compress(much),
        "bomb.csv.zip": zipped(much),
        "twice.csv.gz": gzip.compress(gzip.compress(much)),
    }
    roots = [write_package_of(tmp_path / name, {name: content}, [table(path=name)]) for name, content in files.items()]
    plain = write_package_of(
        tmp_path / "plain", {"x.bin.gz": files["bomb.csv.gz"]}, [{"name": "x", "path": "x.bin.gz"}]
    )
    bombs = validated(*roots, plain)
    assert [outcome.codes for outcome in bombs[:2]] == [{"resource-limit"}] * 2
    assert bombs[2].status == 1
    assert bombs[3].status == 0, "a file that is no table is not unpacked at all"


BROKEN_ARCHIVES = {
    "its first bytes": b"\x1f\x8b",
    "none at all": b"no gzip",
    "cut off": gzip.compress(b"a,b\n1,2\n" * 99, mtime=0)[:-20],
    "empty": b"",
}


@pytest.mark.parametrize("data", BROKEN_ARCHIVES.values(), ids=BROKEN_ARCHIVES)
def test_a_broken_archive_is_a_finding(tmp_path: Path, data: bytes) -> None:
    for name in ("t.csv.gz", "t.csv.zip"):
        found = check(write_package_of(tmp_path / name, {name: data}, [table(path=name)]))
        assert {finding.code for finding in found} <= {"scheme-error", "source-error", "format-error"}
        assert found


PATTERNS = [
    "(a+)+$",
    "(a|a)*b",
    "(.*a){25}",
    "((a{1,100}){1,100}){1,100}",
    "a{100000}",
    "(?=a)a",
    "[",
    "(a)\\1",
    "x" * 100_000,
]


def test_no_pattern_takes_for_ever(make: Callable[..., Path]) -> None:
    rows = "a,b\n" + ("a" * 50_000 + "!,1\n") * 20
    strings = [
        make(of_fields({"name": "a", "type": "string", "constraints": {"pattern": p}}, {"name": "b"}), rows)
        for p in PATTERNS
    ]
    objects = [
        make(
            of_fields({"name": "a", "type": "array", "constraints": {"jsonSchema": {"items": {"pattern": pattern}}}}),
            'a\n"[""' + "a" * 30_000 + '!""]"\n',
        )
        for pattern in ("(a+)+$", "(a|a)*b$", "(.*a){25}$")
    ]
    for outcome in validated(*strings, *objects):
        assert outcome.status == 1
        assert outcome.seconds < 30


def test_a_schema_that_refers_to_elsewhere_is_said_to_be_unsupported(make: Callable[..., Path]) -> None:
    for reference in ("http://127.0.0.1:9/x.json", "file:///etc/hostname", "../canary.json"):
        field = {"name": "a", "type": "object", "constraints": {"jsonSchema": {"$ref": reference}}}
        found = check(make(of_fields(field), 'a\n"{""x"": 1}"\n'))
        assert {finding.code for finding in found} <= {"unsupported-feature", "schema-error"}
        assert found
    endless = {"name": "a", "type": "object", "constraints": {"jsonSchema": {"$ref": "#"}}}
    [outcome] = validated(make(of_fields(endless), 'a\n"{""x"": 1}"\n'))
    assert outcome.status in {0, 1}


DEEP = "[" * 100_000 + "]" * 100_000


@pytest.mark.slow
def test_deep_json_is_not_judged(make: Callable[..., Path], tmp_path: Path) -> None:
    kinds = ["array", "object", "geojson", "geopoint"]
    deep_object = '{""a"":' * 5000 + "1" + "}" * 5000
    collection = '{""type"":""GeometryCollection"",""geometries"":[' * 90 + "]}" * 90
    lines = [f'"{DEEP}"', f'"{deep_object}"', f'"{collection}"']
    roots = [
        make(
            of_fields({"name": "a", "type": kind, **({"format": "array"} if kind == "geopoint" else {})}),
            "a\n" + "\n".join(lines) + "\n",
        )
        for kind in kinds
    ]
    for outcome in validated(*roots):
        assert outcome.codes == {"resource-limit"}
    descriptor = tmp_path / "deep"
    descriptor.mkdir()
    (descriptor / "datapackage.json").write_text('{"resources":' + DEEP + "}", encoding="utf-8")
    inner = make(table(schema="s.json"))
    (inner / "s.json").write_text(DEEP, encoding="utf-8")
    described = make(table(description=json.loads("[" * 400 + "]" * 400)))
    statuses = [outcome.status for outcome in validated(descriptor, inner, described, by="command")]
    assert statuses[0] == 2
    assert statuses[1:] == [2, 1]


def test_a_schema_that_is_the_descriptor_itself_is_no_schema(make: Callable[..., Path]) -> None:
    for part in ("schema", "dialect"):
        assert check(make(table(**{part: "datapackage.json"})))
    assert check(make(table(path="datapackage.json", format="csv")))


def test_huge_numbers_neither_fail_nor_take_for_ever(make: Callable[..., Path]) -> None:
    numbers = [
        "9" * 1_000_000,
        "1e999999999",
        "1e-999999999",
        "-1e99999999999999999999",
        "0." + "1" * 1_000_000,
        "NaN",
        "INF",
    ]
    fields = [
        {"name": "a", "type": "number", "constraints": {"unique": True, "minimum": 0, "maximum": 10}},
        {"name": "a", "type": "integer", "constraints": {"unique": True, "minimum": 0, "enum": [1, 2]}},
        {"name": "a", "type": "list", "itemType": "number", "constraints": {"unique": True}},
        {"name": "a", "type": "duration", "constraints": {"unique": True}},
        {"name": "a", "type": "year", "constraints": {"unique": True}},
    ]
    numbers += [f"P{digits}Y" for digits in ("9" * 300, "1" * 5000)]
    roots = [
        make(of_fields(field, primaryKey=["a"]), "a\n" + "\n".join([*numbers, *numbers]) + "\n") for field in fields
    ]
    for outcome in validated(*roots):
        assert "primary-key" in outcome.codes or "unique-error" in outcome.codes
        assert outcome.seconds < 30


@pytest.mark.parametrize("kind", ["integer", "number", "date", "time", "datetime", "year", "yearmonth", "duration"])
@pytest.mark.parametrize(
    "bound", [[], {}, True, "NaN", float("nan"), float("inf"), 10**400, "x", "", "9999-99-99", None]
)
def test_a_bound_of_any_kind_is_answered_in_findings(make: Callable[..., Path], kind: str, bound: Any) -> None:
    constraints = {"minimum": bound, "exclusiveMaximum": bound, "enum": [bound]}
    field = {"name": "a", "type": kind, "constraints": constraints}
    found = check(make(of_fields(field), "a\n1\n2020-01-01\n10:00:00\n2020-01\nNaN\nP1D\n0000\n0000-00-00\n"))
    assert {finding.code for finding in found} <= {"schema-error", "type-error", "constraint-error"}
    assert found


@pytest.mark.parametrize("kind", ["date", "datetime", "yearmonth", "year", "time"])
def test_days_before_the_calendar_and_behind_its_end_are_answered(make: Callable[..., Path], kind: str) -> None:
    cells = ["0000-01-01", "0001-01-01T00:00:00+14:00", "9999-12-31T24:00:00", "9999-12-31T23:59:59-14:00"]
    cells += ["0000", "0000-01", "99999999999", "24:00:00", "-0001-01", "9999-12-31"]
    for form in ("default", "any", "%Y", "%", "%Y %Y", "%Q", "%j%U%V%G"):
        field = {"name": "a", "type": kind, "format": form, "constraints": {"unique": True}}
        if kind in {"year", "yearmonth"}:
            del field["format"]
        found = check(make(of_fields(field, primaryKey=["a"]), "a\n" + "\n".join([*cells, *cells]) + "\n"))
        assert found


def test_digits_in_the_place_of_separators_are_no_trap(make: Callable[..., Path]) -> None:
    odd = ({"groupChar": "0"}, {"decimalChar": "1"}, {"groupChar": "-"}, {"groupChar": ",", "decimalChar": ","})
    cells = "a\n" + "0" * 50_000 + "x1\n" + "." * 50_000 + "\n"
    fields = [{"name": "a", "type": "number", "bareNumber": False, **properties} for properties in odd]
    for outcome in validated(*(make(of_fields(field), cells) for field in fields)):
        assert outcome.status == 1
        assert outcome.seconds < 20


@pytest.mark.slow
def test_enormous_cells_and_many_columns_end_within_seconds(make: Callable[..., Path], tmp_path: Path) -> None:
    size = 12 * 2**20
    contents = [
        b"a,b\n1," + b"x" * size + b"\n3,4\n",
        b'a,b\n1,"' + b"x" * size + b'"\n3,4\n',
        b"a,b\n1," + b'"' * size + b"\n",
        b"a,b\n1," + b"\0" * size,
        b"a,b\n" + b"," * (size // 10),
        b"a" * size,
        b'"' * (size + 1),
    ]
    outcomes = validated(*(make(table(), content) for content in contents))
    assert [outcome.status for outcome in outcomes] == [0, 0, 0, 1, 1, 1, 1]
    names = [f"c{number}" for number in range(10_000)]
    wide = make(
        of_fields(*({"name": name, "type": "integer"} for name in names)),
        ",".join(names) + "\n" + ",".join("1" for _ in names) + "\n" + ",".join("x" for _ in names) + "\n",
    )
    narrow = make(of_fields({"name": "a"}), ",".join(names) + "\n")
    [first, second] = validated(wide, narrow)
    assert (first.codes, second.status) == ({"type-error"}, 1)


def test_tables_of_the_same_name_are_a_finding(tmp_path: Path) -> None:
    root = write_package_of(tmp_path / "p", {"t.csv": "a,b\n1,2\n"}, [table(), table()])
    assert [(finding.code, finding.table) for finding in check(root)] == [("package-error", "t")]


@pytest.mark.parametrize(
    "descriptor",
    [
        {"resources": [{"name": "x"}]},
        {"resources": []},
        {"resources": [{"name": "x", "path": 5}]},
        {"resources": [{"name": "x", "path": []}]},
        {"resources": [{"name": "x", "path": [[]]}]},
        {"resources": [{"name": "x", "data": "a;b", "format": "csv", "schema": SCHEMA}]},
        {"resources": [{"name": "x", "data": [[]], "schema": SCHEMA}]},
        {"resources": [{"name": "x", "data": [{}, []], "schema": SCHEMA}]},
        {"resources": [{"name": "x", "data": [[1], [[2], {"a": 1}, None]], "schema": SCHEMA}]},
        {"resources": [table(schema={"fields": [None, 5, [], {"name": 7}]})]},
        {"resources": [table(schema={"fields": {"a": 1}})]},
        {"resources": [table(schema=5)]},
        {"resources": [table(dialect=5)]},
        {"resources": [table(schema={**SCHEMA, "foreignKeys": 5, "uniqueKeys": 5, "primaryKey": 5})]},
        {"resources": [table(schema={**SCHEMA, "foreignKeys": [{"fields": [[]], "reference": {"fields": {}}}]})]},
        {"resources": [table(schema={**SCHEMA, "missingValues": {"a": []}, "fieldsMatch": []})]},
        {"resources": [table(schema={**SCHEMA, "fieldsMatch": {}, "missingValues": [[]]})]},
        {"resources": [of_fields({"name": "a", "type": []}, {"name": "b", "type": {}, "format": []})]},
        {"resources": [of_fields({"name": "a", "type": "string", "constraints": {"enum": [], "pattern": 5}})]},
        {"resources": [of_fields({"name": "a", "type": "list", "itemType": [], "delimiter": {}})]},
        {"resources": [of_fields({"name": "a", "type": "number", "decimalChar": [], "groupChar": {}})]},
        {"resources": [of_fields({"name": "a", "type": "boolean", "trueValues": [[]], "falseValues": 5})]},
        {"resources": [of_fields({"name": "a", "type": "string", "categories": [{"x": 1}], "missingValues": 5})]},
        {"resources": [of_fields({"name": "a", "type": "array", "constraints": {"jsonSchema": {"type": 5}}})]},
        {"resources": [table(encoding="no-such")]},
        {"resources": [table(encoding="base64")]},
        {"resources": [table(encoding=5, compression=5, format=5, innerpath=5, hash=5, bytes="x")]},
        {"resources": [table(hash="crc:00"), {"name": "u", "path": "t.csv", "hash": "md5:00", "bytes": -1}]},
        {"resources": [table(dialect={"delimiter": "", "quoteChar": "ab", "escapeChar": 5, "headerRows": [0, "a"]})]},
        {"resources": [table(dialect={"delimiter": "\n"})]},
        {"resources": [table(dialect={"quoteChar": ",", "delimiter": ","})]},
        {"resources": [table(dialect={"headerRows": [3, 1_000_000]})]},
        {"resources": [table(dialect={"commentChar": "a", "lineTerminator": "x", "escapeChar": "ab"})]},
        {"resources": "x"},
        {"resources": [5]},
        [],
    ],
    ids=lambda descriptor: json.dumps(descriptor)[:60],
)
def test_whatever_a_descriptor_holds_it_is_answered(tmp_path: Path, descriptor: Any) -> None:
    from readouts.datapackage.errors import PackageError

    (tmp_path / "t.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    if isinstance(descriptor, dict):
        descriptor = {"$schema": PROFILE, "name": "x", **descriptor}
    (tmp_path / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    try:
        found = check(tmp_path)
    except PackageError:
        return
    assert found
