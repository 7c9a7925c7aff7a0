from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from readouts.datapackage.difference.row_pairing import pair, table_difference
from readouts.datapackage.difference.sorted_merge import compare_stream
from readouts.datapackage.schema.model import Field, Table
from readouts.datapackage.table.errors import TableError
from tests.datapackage.difference.folders import package
from tests.packages import table_text
from tests.properties import examples

if TYPE_CHECKING:
    from pathlib import Path

LABELS = ("id", "part", "name", "depth")
TYPES = dict(zip(LABELS, ("string", "string", "string", "integer"), strict=True))
LAKES = Table("lakes", fields=tuple(Field(name, type=kind) for name, kind in TYPES.items()), primary_key=("id", "part"))
KEY = st.sampled_from(["a", "ab", "b", "d,e", 'f"', "\U0001f30a", "\uff5e", "g\nh", " "])
NAME = st.sampled_from(["", "a", "A ", 'say "c"', "d, e", "f\ng", "i\rj", "\U0001f30a"])
ROWS = st.lists(
    st.tuples(KEY, KEY, NAME, st.sampled_from(["", "7", "007", "8", "x"])), max_size=10, unique_by=lambda row: row[:2]
)
Row = tuple[str, str, str, str]


def text(rows: list[Row]) -> bytes:
    return table_text(LAKES, [dict(zip(LABELS, row, strict=True)) for row in rows]).encode()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=examples(80))
@given(ROWS, ROWS, st.sampled_from([None, 0, 2]))
def test_one_pass_gives_what_pairing_gives(tmp_path: Path, old: list[Row], new: list[Row], limit: int | None) -> None:
    sides = [package(tmp_path / name, text(rows), TYPES, ("id", "part")) for name, rows in (("o", old), ("n", new))]
    before, after = (side.resource("lakes").text_table() for side in sides)
    expected = table_difference(pair(before, after, ("id", "part")), before.table, after.table, limit)
    paths = [side.root / "lakes.csv" for side in sides]
    assert compare_stream(paths[0], paths[1], before.table, after.table, limit) == expected


def files(folder: Path, old: bytes, new: bytes) -> tuple[Path, Path]:
    for name, data in (("old.csv", old), ("new.csv", new)):
        (folder / name).write_bytes(data)
    return folder / "old.csv", folder / "new.csv"


GOOD = b"id,part,name,depth\na,1,Long,7\nb,1,Como,8\n"


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (b"id,part,name,depth\nb,1,Como,8\na,1,Long,7\n", "new table 'lakes', line 3: expected rows sorted"),
        (b"id,part,name,depth\na,1,Long,7\na,1,Como,8\n", "line 3: expected each primary key once"),
        (b"id,part,name,depth\na,1,Long,7\nb,,Como,8\n", "line 3: expected a primary key"),
        (b"id,part,name,depth\na,1,Long,7\nb,1,Como\n", "line 3: expected 4 cells; found 3"),
        (b"id,part,name,depth\na,1,Long,7\n\nb,1,Como,8\n", "line 3: expected 4 cells; found 0"),
        (b"id,part,name,depth\na,1,Long,7\r\nb,1,Como,8\r\n", "line 2: expected a row in canonical form"),
        (b'id,part,name,depth\na,1,"Long",7\n', "line 2: expected a row in canonical form"),
        (b'id,part,name,depth\na,1,"Lo\nng, 1",7\nb,1,"Como,8\n', "line 4: expected the quoted cell"),
        (b"id,part,name,depth\na,1,Lo\0ng,7\n", "line 2: expected one row of CSV in UTF-8; found a NUL"),
        (b"id,part,name,depth\na,1,L\xe9man,7\n", "line 2: expected one row of CSV in UTF-8; found bytes"),
        (b'id,part,name,depth\na,1,L"o"ng,7\n', "line 2: expected one row of CSV|canonical form"),
        (b"\xef\xbb\xbfid,part,name,depth\na,1,Long,7\n", "line 1: expected a row in canonical form"),
        (b"id,name,name,depth\na,1,Long,7\n", "line 1: expected each column once"),
        (b"id,name,depth\na,Long,7\n", "line 1: expected the column 'part'"),
        (b"id,part,depth,name\na,1,7,Long\n", "line 1: expected columns in the order of the schema: id, part, name"),
        (b"", "line 1: expected a header"),
    ],
)
@pytest.mark.parametrize("both", [False, True], ids=["new", "both"])
def test_what_is_not_in_canonical_form_is_refused_with_its_line(
    tmp_path: Path, bad: bytes, message: str, both: bool
) -> None:
    if both:
        message = message.replace("new table", "old table")
    with pytest.raises(TableError, match=message):
        compare_stream(*files(tmp_path, bad if both else GOOD, bad), LAKES, LAKES)


def test_tables_of_different_keys_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="the same primary key on both sides"):
        compare_stream(*files(tmp_path, GOOD, GOOD), LAKES, replace(LAKES, primary_key=("id",)))


def test_other_columns_are_left_out_of_the_comparison(tmp_path: Path) -> None:
    wider = b"id,part,more,name,depth\na,1,x,Long,7\nb,1,y,Como,9\n"
    found = compare_stream(*files(tmp_path, GOOD, wider), LAKES, LAKES)
    assert (found.cells_changed, found.fields) == (1, {"depth": 1})


SCRIPT = """
import sys
from pathlib import Path
from readouts.datapackage.difference.sorted_merge import compare_stream
from readouts.datapackage.schema.model import Field, Table
table = Table("lakes", fields=tuple(Field(name) for name in ("id", "name")), primary_key=("id",))
found = compare_stream(Path(sys.argv[1]), Path(sys.argv[2]), table, table, 20)
assert (found.rows_old, found.cells_changed) == (400_000, 4_000), found
lines = Path("/proc/self/status").read_text().splitlines()
print(next(line.split()[1] for line in lines if line.startswith("VmHWM:")))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the peak of the memory is told in /proc")
def test_memory_stays_small_whatever_the_size(tmp_path: Path) -> None:
    paths = []
    for side in ("old", "new"):
        lines = (f"{number:08},{'x' * 200}{side if number % 100 == 0 else ''}\n" for number in range(400_000))
        (tmp_path / side).write_text("id,name\n" + "".join(lines), encoding="utf-8", newline="\n")
        paths.append(str(tmp_path / side))
    done = subprocess.run([sys.executable, "-c", SCRIPT, *paths], check=True, capture_output=True, text=True)
    assert int(done.stdout) * 1024 < 100e6
