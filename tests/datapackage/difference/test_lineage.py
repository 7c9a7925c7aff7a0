"""Ids: what `id_changes` says of them, what vanished without a word, and what was used again."""

from __future__ import annotations

import polars as pl
import pytest

from readouts.corpus_schema.tables import tables
from readouts.datapackage.difference.lineage import (
    Reused,
    contradictions,
    declared_lineage,
    has_ids,
    lineage_row,
    rename_candidates,
    renamed,
    renamed_columns,
    reused_ids,
    undeclared_removals,
)
from readouts.datapackage.difference.result import Lineage, Suggestion
from readouts.datapackage.errors import PackageError


def row(table: str, old: str, operation: str, new: str = "", reason: str = "why") -> dict[str, str]:
    return {"table": table, "old_id": old, "operation": operation, "new_id": new, "reason": reason}


def test_only_rows_that_are_new_are_told() -> None:
    before = [row("events", "a", "removed")]
    found = declared_lineage([*before, row("events", "b", "renamed", "c")], before, tables())
    assert found == [Lineage("events", "renamed", ("b",), ("c",), "why")]
    assert renamed(found, "events") == {("b",): ("c",)}
    assert renamed(found, "articles") == {}


def test_a_key_of_two_columns_is_written_with_a_slash() -> None:
    (entry,) = declared_lineage([row("participants", "call/ann", "renamed", "call/anna")], [], tables())
    assert (entry.old, entry.new) == (("call", "ann"), ("call", "anna"))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (row("events", "a", "lost"), "unknown operation 'lost'; expected renamed, merged, split, removed"),
        (row("events", "a", "removed", "b"), "'removed' of 'a' needs no new_id"),
        (row("events", "a", "merged"), "'merged' of 'a' needs a new_id"),
        (row("participants", "call", "removed"), "expected the 2 parts of a key of participants, joined by '/'"),
        ({"table": "events", "old_id": "a", "operation": "removed"}, "has no column 'new_id'"),
    ],
)
def test_a_row_that_cannot_be_meant_is_refused(wrong: dict[str, str], message: str) -> None:
    with pytest.raises(PackageError, match=message):
        declared_lineage([wrong], [], tables())


def test_ids_are_keys_of_one_column_that_refer_to_nothing() -> None:
    assert {name for name, table in tables().items() if has_ids(table)} >= {"articles", "statements", "spans", "events"}
    assert not has_ids(tables()["attributions"])


def test_what_no_row_speaks_of_has_vanished() -> None:
    told = [Lineage("events", "removed", ("a",), ()), Lineage("articles", "removed", ("b",), ())]
    assert undeclared_removals([("b",), ("a",)], told, "events") == [("b",)]


BEFORE = {"lakes": {("como",), ("garda",), ("iseo",)}}


@pytest.mark.parametrize(
    ("told", "after", "wrong"),
    [
        ([("como", "renamed", "como")], ["garda", "iseo"], "'como' is not there"),
        ([("como", "renamed", "lario"), ("lario", "renamed", "como")], ["garda", "iseo"], "'lario' is not there"),
        (
            [("como", "renamed", "lario"), ("como", "removed", "")],
            ["lario", "garda", "iseo"],
            "2 rows are about 'como'",
        ),
        ([("como", "split", "lario"), ("como", "merged", "iseo")], ["lario", "garda", "iseo"], "2 rows are about"),
        ([("como", "renamed", "iseo")], ["garda", "iseo"], "'iseo' existed before"),
        ([("como", "renamed", "a"), ("garda", "renamed", "a")], ["a", "iseo"], "other rows are renamed to 'a' too"),
        ([("como", "merged", "lario")], ["garda", "iseo"], "'lario' is not there"),
    ],
)
def test_rows_that_the_tables_or_others_contradict_are_not_believed(
    told: list[tuple[str, str, str]], after: list[str], wrong: str
) -> None:
    lineage = declared_lineage([row("lakes", *each) for each in told], [], {})
    found = contradictions(lineage, BEFORE, {"lakes": {(name,) for name in after}})
    assert wrong in found[lineage[0]]


@pytest.mark.parametrize(
    ("told", "after"),
    [
        ([("como", "renamed", "lario"), ("lario", "renamed", "larius")], ["larius", "garda", "iseo"]),
        ([("como", "renamed", "lario"), ("lario", "removed", "")], ["garda", "iseo"]),
        ([("como", "split", "a"), ("como", "split", "b")], ["a", "b", "garda", "iseo"]),
        ([("como", "merged", "iseo"), ("garda", "merged", "iseo")], ["iseo"]),
        ([("como", "renamed", "garda"), ("garda", "renamed", "benaco")], ["garda", "benaco", "iseo"]),
    ],
)
def test_rows_that_the_tables_bear_out_are_believed(told: list[tuple[str, str, str]], after: list[str]) -> None:
    lineage = declared_lineage([row("lakes", *each) for each in told], [], {})
    assert contradictions(lineage, BEFORE, {"lakes": {(name,) for name in after}}) == {}


def test_the_row_to_add_can_be_pasted() -> None:
    assert lineage_row(12, "events", ("a,b",)) == 'change-0012,events,"a,b",unreleased,removed,,WHY'
    assert lineage_row(1, "events", ("a",), ("b",)) == "change-0001,events,a,unreleased,renamed,b,WHY"


def frame(*rows: tuple[str, str, str]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["id", "name", "depth"], orient="row")


def test_a_row_that_is_gone_and_one_that_came_with_the_same_cells_are_suggested() -> None:
    found = rename_candidates(
        "lakes", ["id"], frame(("a", "Como", "425"), ("x", "Iseo", "1")), frame(("b", "Como", "425"))
    )
    assert found == [Suggestion("row", "lakes", ("a",), ("b",))]


@pytest.mark.parametrize(
    ("removed", "added"),
    [
        (frame(("a", "Como", "1"), ("b", "Como", "1")), frame(("c", "Como", "1"))),
        (frame(("a", "Como", "1")), frame(("b", "Como", "1"), ("c", "Como", "1"))),
        (frame(("a", "", "")), frame(("b", "", ""))),
        (frame(("a", "Como", "1")), frame(("b", "Como", "2"))),
        (frame(("a", "Como", "1")).select("id"), frame(("b", "Como", "1")).select("id")),
    ],
)
def test_nothing_is_suggested_where_the_content_does_not_tell(removed: pl.DataFrame, added: pl.DataFrame) -> None:
    assert rename_candidates("lakes", ["id"], removed, added) == []


def test_a_column_with_the_same_cells_under_another_name_is_suggested() -> None:
    old, new = frame(("a", "Como", "1")), frame(("a", "Como", "1")).rename({"depth": "metres"})
    assert renamed_columns("lakes", old, new, ["id"], ["depth"], ["metres"]) == [
        Suggestion("field", "lakes", ("depth",), ("metres",))
    ]
    assert renamed_columns("lakes", old, new.with_columns(metres=pl.lit("2")), ["id"], ["depth"], ["metres"]) == []
    assert (
        renamed_columns(
            "lakes", frame(("a", "b", "")), frame(("a", "b", "")).rename({"depth": "m"}), ["id"], ["depth"], ["m"]
        )
        == []
    )


def test_an_id_of_an_earlier_release_is_never_used_again() -> None:
    earlier = [
        ("1.0.0", {"lakes": {"como", "garda", "iseo"}}),
        ("1.1.0", {"lakes": {"como", "garda"}}),
        ("2.0.0", {"lakes": {"como"}}),
    ]
    assert reused_ids({"lakes": {"como", "garda", "iseo", "orta"}}, earlier) == [
        Reused("lakes", "garda", "1.1.0"),
        Reused("lakes", "iseo", "1.0.0"),
    ]
    assert reused_ids({"lakes": {"como", "orta"}}, earlier) == []


def test_an_id_of_a_table_that_was_gone_meanwhile_is_used_again() -> None:
    earlier: list[tuple[str, dict[str, set[str]]]] = [("1.0.0", {"lakes": {"como"}}), ("2.0.0", {})]
    assert reused_ids({"lakes": {"como"}}, earlier) == [Reused("lakes", "como", "1.0.0")]


def test_an_id_that_id_changes_gives_up_must_not_be_there() -> None:
    changes = [{**row("lakes", "como", "renamed", "lario"), "version": "1.1.0"}]
    assert reused_ids({"lakes": {"como", "lario"}}, [], changes) == [Reused("lakes", "como", "1.1.0")]
