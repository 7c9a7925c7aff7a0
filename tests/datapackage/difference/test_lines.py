"""What is found by lines is what is found by reading both tables whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from readouts.datapackage.difference.line_pairing import by_lines, pair_tables
from readouts.datapackage.difference.row_pairing import pair
from readouts.datapackage.table.errors import TableError
from tests.datapackage.difference.folders import package
from tests.properties import examples

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from readouts.datapackage.difference.row_pairing import RowPairing
    from readouts.datapackage.package.package import DataPackage

LABELS = ("id", "part", "name", "depth")
FIELDS = dict.fromkeys(LABELS, "string")
HEADER = "id,part,name,depth"
KEYS = [("id",), ("part",), ("id", "part"), ("name", "id"), ("depth", "id")]

CELLS = [
    "",
    "a",
    " a",
    "NA",
    "é",
    "日本",
    "\U0001f30a",
    "\uff5e",
    "\ufeff",
    "\u2028",
    '""',
    '"a, b"',
    '"say ""é"""',
    '"é,"',
]
NO_CELLS = ['a"b', '"a"b', '"a', "a\0", "a\rb", '"a\nb"', "a,b"]
FIRST = st.sampled_from(["", "k", "é", "日本", "\U0001f30a", "\ufeff"])
"""What a cell of a key begins with; what follows is its own."""


@st.composite
def lines(draw: st.DrawFn, numbers: range) -> str:
    """A line of four cells, most of them with a key of their own; one in a while is no row."""
    number = draw(st.sampled_from(numbers))
    cells = [draw(FIRST) + str(number) for _ in LABELS[:2]] + [draw(st.sampled_from(CELLS)) for _ in LABELS[2:]]
    unusual = draw(st.integers(0, 120))
    if unusual == 120:
        cells[draw(st.integers(0, 3))] = draw(st.sampled_from(NO_CELLS))
    elif unusual == 119:
        cells.pop()
    elif unusual in {117, 118}:
        cells[draw(st.integers(0, 1))] = draw(st.sampled_from(CELLS))
    return ",".join(cells)


STAY = st.lists(lines(range(100)), min_size=4, max_size=16, unique_by=lambda line: line.split(",")[0][-2:])
MORE = st.lists(lines(range(90, 120)), max_size=3)


@st.composite
def files(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """Two files that share most of their lines, in another order."""
    stay, end = draw(STAY), draw(st.sampled_from(["", "\n"]))
    old, new = [*stay, *draw(MORE)], draw(st.permutations([*stay, *draw(MORE)]))
    return ("\n".join([HEADER, *old]) + end).encode(), ("\n".join([HEADER, *new]) + end).encode()


def told(find: Callable[[], RowPairing]) -> Any:
    """What is found, or what is wrong."""
    try:
        found = find()
    except TableError as error:
        return str(error)
    rows = [sorted(each.rows()) for each in (found.added, found.removed, found.cells)]
    return rows, found.rows_old, found.rows_new, found.rows_changed


def whole(old: DataPackage, new: DataPackage, key: tuple[str, ...]) -> RowPairing:
    return pair(old.resource("lakes").text_table(), new.resource("lakes").text_table(), key)


@settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=examples(200))
@given(files(), st.sampled_from(KEYS))
def test_looking_at_lines_first_finds_the_same_and_refuses_the_same(
    tmp_path: Path, sides: tuple[bytes, bytes], key: tuple[str, ...]
) -> None:
    missing = {"missingValues": ["", "NA", "é1", "日本2"]}
    old, new = (
        package(tmp_path / name, data, FIELDS, key, schema=missing)
        for name, data in zip(("old", "new"), sides, strict=True)
    )
    found = told(lambda: pair_tables(old.resource("lakes"), new.resource("lakes"), key).pairing)
    assert found == told(lambda: whole(old, new, key))


def two(folder: Path, old: str, new: str, key: tuple[str, ...], missing: tuple[str, ...] = ("",)) -> list[DataPackage]:
    """Two packages with many rows that stay, so that it pays to look at lines, and some more."""
    stays = "".join(f'{number},1,"a, b",7\n' for number in range(9))
    schema = {"missingValues": list(missing)}
    return [
        package(folder / name, f"{HEADER}\n{first}{stays}".encode(), FIELDS, key, schema=schema)
        for name, first in (("old", old), ("new", new))
    ]


def test_lines_are_looked_at_first_where_they_are_rows(tmp_path: Path) -> None:
    packages = two(tmp_path, "x,1,old,7\n", "x,1,new,7\n", ("id", "part"))
    found = by_lines(packages[0].resource("lakes"), packages[1].resource("lakes"), ("id", "part"), {})
    assert found is not None
    assert found.pairing.cells.rows() == [("x", "1", "name", "old", "new")]
    assert (found.pairing.rows_old, found.pairing.rows_new) == (10, 10)


@pytest.mark.parametrize("id_", ["x", "é", "日本", "\U0001f30a", '"x, y"', '"é"'])
def test_a_row_that_is_new_and_has_the_key_of_one_that_stays_is_told(tmp_path: Path, id_: str) -> None:
    packages = two(tmp_path, f"{id_},1,a,7\n", f"{id_},1,a,7\n{id_},2,b,8\n", ("id",))
    with pytest.raises(TableError, match=r"The new table 'lakes' has the key .* twice, in rows 1 and 2"):
        pair_tables(packages[0].resource("lakes"), packages[1].resource("lakes"), ("id",))


def test_a_row_that_was_renamed_to_the_key_of_one_that_stays_is_told(tmp_path: Path) -> None:
    packages = two(tmp_path, "x,1,a,7\ny,1,b,7\n", "x,1,a,7\nx,1,c,7\n", ("id",))
    with pytest.raises(TableError, match=r"The new table 'lakes' has the key .* twice, in rows 1 and 2"):
        pair_tables(packages[0].resource("lakes"), packages[1].resource("lakes"), ("id",), {("y",): ("x",)})


@pytest.mark.parametrize("id_", ["", "NA", "ø", "日本"])
def test_a_row_that_stays_without_a_key_is_told(tmp_path: Path, id_: str) -> None:
    row = f"{id_},1,a,7\n"
    packages = two(tmp_path, row, row, ("id",), ("", "NA", "ø", "日本"))
    with pytest.raises(TableError, match="no value of the key column 'id' in row 1"):
        pair_tables(packages[0].resource("lakes"), packages[1].resource("lakes"), ("id",))


def test_what_looks_like_the_mark_of_a_file_is_a_cell_after_the_header(tmp_path: Path) -> None:
    packages = two(tmp_path, "\ufeffx,1,a,7\n", "x,1,a,7\n", ("id",))
    found = pair_tables(packages[0].resource("lakes"), packages[1].resource("lakes"), ("id",)).pairing
    assert (found.added["id"].to_list(), found.removed["id"].to_list()) == (["x"], ["\ufeffx"])


NO_ROWS = [
    b"0,1,a\n",
    b"0,1,a,7,8\n",
    b'0,1,"a,7\n',
    b"0,1,a\0,7\n",
    b'0,1,a"b,7\n',
    b"\n",
    b",1,a,7\n",
    b"1,1,again,7\n",
]


@pytest.mark.parametrize("sides", [("old",), ("new",), ("old", "new")])
@pytest.mark.parametrize("row", NO_ROWS)
def test_a_line_that_is_no_row_is_told_whichever_side_has_it(
    tmp_path: Path, row: bytes, sides: tuple[str, ...]
) -> None:
    data = HEADER.encode() + b"\n" + b"".join(b"%d,1,a,7\n" % number for number in range(1, 9))
    packages = [
        package(tmp_path / name, data + (row if name in sides else b""), FIELDS, ("id", "part"))
        for name in ("old", "new")
    ]
    with pytest.raises(TableError, match=r"line 10|row 9|rows 1 and 9"):
        pair_tables(packages[0].resource("lakes"), packages[1].resource("lakes"), ("id", "part"))
