"""The columns of keys, in memory or in a file: the same rows are found, and each is shown as the table has it."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from readouts.datapackage.findings import Places
from readouts.datapackage.schema.model import Field, Table
from readouts.datapackage.validation.key_columns import TEXT, KeyColumns, KeyMemory, dangling_rows, repeated_rows
from readouts.datapackage.validation.keys import FIRST, POSITION

if TYPE_CHECKING:
    from collections.abc import Iterator

TABLE = Table("t", fields=(Field("a", type="integer"), Field("b")), primary_key=("a", "b"))
BLOCKS: list[list[tuple[Any, str | None, str | None]]] = [
    # The value of a, what b has, and a as it is written where that differs.
    [(1, "x", None), (2, "y", "02"), (None, "z", None), (1, "x", "+1")],
    [(3, None, None), (2, "y", None)],
    [],
    [(1, "x", "001"), (4, "w", None)],
]
KEYS, B = ("a", "b"), ("b",)


def columns(memory: KeyMemory, blocks: list[list[Any]], table: Table = TABLE) -> KeyColumns:
    keys = KeyColumns(table, ["a", "b"], [KEYS, B], memory)
    start = 0
    for block in blocks:
        values = {
            "a": pl.Series([row[0] for row in block], dtype=pl.Int64),
            "b": pl.Series([row[1] for row in block], dtype=pl.String),
        }
        odd = [(start + number, row[2]) for number, row in enumerate(block) if row[2] is not None]
        others = pl.DataFrame(odd, {POSITION: pl.UInt32, TEXT: pl.String}, orient="row")
        keys.add(start, len(block), values, {"a": others} if odd else {})
        start += len(block)
    assert not keys.complete
    keys.finish()
    return keys


@pytest.fixture(params=[10**10, 1], ids=["in memory", "in a file"])
def memory(request: pytest.FixtureRequest) -> Iterator[KeyMemory]:
    with KeyMemory(request.param, 1000) as found:
        yield found


def rows(frame: pl.DataFrame) -> list[tuple[int, int | None]]:
    return list(zip(frame[POSITION].to_list(), frame[FIRST].to_list(), strict=True))


@pytest.mark.parametrize(("limit", "shown"), [(None, 3), (3, 3), (2, 2), (0, 0)])
def test_rows_with_a_key_of_a_row_before_are_counted_and_the_first_of_them_found(
    memory: KeyMemory, limit: int | None, shown: int
) -> None:
    keys = columns(memory, BLOCKS)
    assert bool(keys.parts) == memory.spilling == (memory.bound == 1)
    count, found = repeated_rows(keys, KEYS, limit)
    assert (count, rows(found)) == (3, [(3, 0), (5, 1), (6, 0)][:shown])


def test_no_row_is_found_where_none_is_repeated(memory: KeyMemory) -> None:
    count, found = repeated_rows(columns(memory, BLOCKS[1:2]), KEYS, None)
    assert (count, rows(found)) == (0, [])


def test_a_row_is_shown_as_it_is_written_and_its_key_by_its_values(memory: KeyMemory) -> None:
    keys = columns(memory, BLOCKS)
    places = [7, 1, 3, 0, 6, 5, 4, 2]
    assert keys.texts(["a"], places) == ["4", "02", "+1", "1", "001", "2", "3", "None"]
    assert keys.texts(KEYS, [1, 5]) == ["02, y", "2, y"]
    assert keys.keys([1, 5, 4, 2, 7]) == [("2", "y"), ("2", "y"), ("3", ""), ("", "z"), ("4", "w")]


def test_a_row_has_no_key_to_be_shown_where_its_table_has_none_or_was_not_read_to_its_end(memory: KeyMemory) -> None:
    assert columns(memory, BLOCKS, Table("t")).keys([0, 1]) == [None, None]
    keys = columns(memory, BLOCKS)
    assert (keys.has(KEYS), keys.has(B), keys.has(["a", "c"])) == (True, True, False)
    keys.complete = False
    assert (keys.has(KEYS), keys.keys([0])) == (False, [None])


@pytest.mark.parametrize(("limit", "shown"), [(None, 2), (1, 1)])
def test_rows_that_refer_to_no_row_are_found(memory: KeyMemory, limit: int | None, shown: int) -> None:
    keys, target = columns(memory, BLOCKS), columns(memory, [[(2, "y", None)], [(4, "w", "04"), (1, "q", None)]])
    (whole, part) = dangling_rows([(keys, KEYS, target, KEYS), (keys, B, target, B)], [limit, None])
    # A row that lacks a part of a key refers to nothing.
    assert (whole[0], rows(whole[1])) == (3, [(0, None), (3, None), (6, None)][: 3 if limit is None else shown])
    assert (part[0], rows(part[1])) == (4, [(0, None), (2, None), (3, None), (6, None)])


def test_all_rows_refer_to_nothing_where_the_other_table_is_empty(memory: KeyMemory) -> None:
    keys, target = columns(memory, BLOCKS[:1]), columns(memory, [])
    ((count, found),) = dangling_rows([(keys, B, target, B)], [None])
    assert (count, rows(found)) == (4, [(number, None) for number in range(4)])


def test_a_table_in_memory_goes_to_the_file_of_the_one_that_it_refers_to() -> None:
    with KeyMemory(10**10, 1000) as memory:
        keys, target = columns(memory, BLOCKS), columns(memory, BLOCKS[:1])
        keys.spill()
        assert (bool(keys.parts), bool(target.parts)) == (True, False)
        ((count, found),) = dangling_rows([(keys, KEYS, target, KEYS)], [None])
        assert (count, rows(found)) == (1, [(7, None)])
        assert target.parts
        assert keys.texts(["a"], [6]) == ["001"]


def test_numbers_become_texts_where_another_block_could_not_be_read_as_numbers(memory: KeyMemory) -> None:
    keys = KeyColumns(Table("t", primary_key=("a",)), ["a"], [("a",)], memory)
    keys.add(0, 2, {"a": pl.Series([7, 8])}, {})
    keys.add(2, 2, {"a": pl.Series(["x", "7"])}, {})
    keys.finish()
    count, found = repeated_rows(keys, ("a",), None)
    assert (count, rows(found)) == (1, [(3, 0)])


def test_keys_take_a_third_of_what_the_rest_of_the_program_leaves_and_never_less_than_a_third_of_an_eighth() -> None:
    gigabyte = 10**9
    for bound, most in ((8 * gigabyte, 2_500_000_000), (gigabyte, 166_666_666), (4 * 10**8, 16_666_666), (100, 4)):
        memory = KeyMemory(bound, 0)
        assert (memory.most, memory.buffered, memory.compared) == (most, min(most, bound // 20), bound // 12)


RETURNED = """
import ctypes
from readouts.datapackage.validation.key_columns import KeyMemory

class Info(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in "arena ordblks smblks mapped".split() + [*"abcdef"]]

library = ctypes.CDLL(None)
library.mallinfo2.restype = Info
library.malloc.restype = ctypes.c_void_p
library.malloc.argtypes = [ctypes.c_size_t]
library.free.argtypes = [ctypes.c_void_p]
for size in (1000, 1001):
    KeyMemory(3000, size)
    # After a large piece was freed, glibc takes smaller ones from memory that it keeps.
    library.free(library.malloc(2**24))
    before = library.mallinfo2().mapped
    library.malloc(2**23)
    print(library.mallinfo2().mapped - before)
"""


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "mallinfo2"), reason="this C library keeps memory in another way")
def test_freed_memory_is_returned_as_soon_as_three_copies_of_the_files_outgrow_the_bound_and_not_before() -> None:
    done = subprocess.run([sys.executable, "-c", RETURNED], check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["0", "1"]


def test_keys_spill_as_soon_as_all_tables_together_outgrow_their_memory_and_not_before() -> None:
    memory = KeyMemory(2400, 0)
    memory.take(memory.most - 1)
    memory.take(1)
    assert not memory.spilling
    memory.take(1)
    assert memory.spilling


def test_a_table_that_fits_into_memory_stays_there_though_it_is_more_than_what_waits_for_the_file() -> None:
    with KeyMemory(600_000_000, 0) as memory:
        keys = KeyColumns(TABLE, ["a"], [("a",)], memory)
        height = memory.buffered // 8 + 1
        keys.add(0, height, {"a": pl.int_range(height, eager=True)}, {})
        keys.finish()
        assert (memory.spilling, keys.parts, keys.texts(["a"], [height - 1])) == (False, {}, [str(height - 1)])


def test_a_table_waits_until_it_has_enough_rows_for_the_file() -> None:
    with KeyMemory(2496, 0) as memory:
        memory.spilling = True
        keys = KeyColumns(TABLE, ["a"], [("a",)], memory)
        assert memory.buffered == 13 * 8
        for start, height, moved in ((0, 12, False), (12, 1, False), (13, 1, True)):
            keys.add(start, height, {"a": pl.Series(range(start, start + height))}, {})
            assert bool(keys.parts) == moved
        assert keys.texts(["a"], [0, 13]) == ["0", "13"]
        # One that is read to its end has no more to wait for.
        small = KeyColumns(TABLE, ["a"], [("a",)], memory)
        small.add(0, 1, {"a": pl.Series([7])}, {})
        assert not small.parts
        small.finish()
        assert (bool(small.parts), small.texts(["a"], [0])) == (True, ["7"])


def test_rows_are_counted_from_those_of_the_table_where_none_has_a_key() -> None:
    with KeyMemory(10**10, 0) as memory:
        places = Places()
        places.add(range(1, 4), None)
        keys = KeyColumns(TABLE, ["a"], [("a",)], memory, places)
        keys.finish()
        assert keys.frame(("a",)).columns == ["key 0", POSITION]
        assert keys.frame(("a",)).height == 0
