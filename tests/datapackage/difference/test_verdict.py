"""The smallest version that a difference allows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readouts.datapackage.difference.result import Change, Lineage, Match, ReferenceChange, RowChange, TableDiff
from readouts.datapackage.difference.version_bump import bump, raised
from readouts.datapackage.versioning import RULES, Level, Reason, version_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def table(**counts: object) -> TableDiff:
    return TableDiff("lakes", Match.KEY, ("name",), status="changed", **counts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (bump(("1.2.3", "1.2.3"), [], [], [], {}, []), ("1.2.3", True, [])),
        (
            bump(("1.2.3", "1.2.4"), [], [table(cells_changed=2, kinds={"value": 2})], [], {}, []),
            ("1.2.4", True, ["cell-value"]),
        ),
        (bump(("1.2.3", "1.2.4"), [], [table(rows_added=1)], [], {}, []), ("1.3.0", False, ["row-added"])),
        (bump(("1.2.3", "1.3.0"), [], [table(rows_removed=1)], [], {}, []), ("1.3.0", True, ["row-removed"])),
        (
            bump(("1.2.3", "1.9.0"), [], [table(rows_removed=1, has_ids=True)], [], {"lakes": [("como",)]}, []),
            ("2.0.0", False, ["id-removed"]),
        ),
        (
            bump(("1.2.3", "2.0.0"), [], [], [Lineage("lakes", "merged", ("a",), ("b",))], {}, []),
            ("2.0.0", True, ["id-merged"]),
        ),
        (
            bump(("1.2.3", "2.0.0"), [Change("resource-removed", "lakes")], [table(rows_added=1)], [], {}, []),
            ("2.0.0", True, ["resource-removed", "row-added"]),
        ),
        (
            bump(("0.3.1", ""), [], [], [], {}, [ReferenceChange("a", ("b",), "c", "dangling", 1)]),
            ("1.0.0", None, ["reference-dangling"]),
        ),
        (
            bump(("0.3.1", "0.3.1"), [], [], [], {}, [ReferenceChange("a", ("b",), "c", "repointed", 1)]),
            ("0.3.1", True, []),
        ),
        (bump(("spring", "summer"), [], [table(rows_added=1)], [], {}, []), ("", None, ["row-added"])),
    ],
)
def test_the_smallest_version_follows_from_the_strongest_reason(
    found: object, expected: tuple[str, bool | None, list[str]]
) -> None:
    assert (found.smallest, found.enough, [reason.rule for reason in found.reasons]) == expected  # type: ignore[attr-defined]


def test_rows_of_a_derived_table_are_no_reason() -> None:
    derived = table(rows_added=1, rows_removed=1, cells_changed=1, kinds={"value": 1}, derived=True)
    assert bump(("1.0.0", "1.0.0"), [], [derived], [], {}, []).level is Level.NONE


def test_an_id_that_is_split_counts_once_and_reasons_name_ids() -> None:
    split = [Lineage("lakes", "split", ("a",), (new,)) for new in ("b", "c")]
    (reason,) = bump(("1.0.0", "2.0.0"), [], [], split, {}, []).reasons
    assert (reason.rule, reason.count, reason.samples) == ("id-split", 1, ("a",))


def test_reasons_show_a_few_of_the_rows_they_are_about() -> None:
    rows = tuple(RowChange((str(number),), {}) for number in range(9))
    (reason,) = bump(("1.0.0", "1.1.0"), [], [table(rows_added=9, added=rows)], [], {}, []).reasons
    assert reason.samples == ("0", "1", "2", "3", "4")


def reasons(
    changes: Sequence[Change] = (),
    *,
    tables: Sequence[TableDiff] = (),
    lineage: Sequence[Lineage] = (),
    vanished: Mapping[str, Sequence[tuple[str, ...]]] | None = None,
    references: Sequence[ReferenceChange] = (),
    counts: Mapping[str, int] | None = None,
) -> list[Reason]:
    return list(bump(("1.0.0", "1.0.0"), changes, tables, lineage, vanished or {}, references, counts).reasons)


def test_changes_of_one_kind_in_one_table_are_one_reason() -> None:
    found = reasons(
        [
            Change("constraint-tightened", "lakes", "depth", "maximum", 9, 8),
            Change("constraint-tightened", "lakes", "depth", "minimum", 1, 2),
            Change("constraint-tightened", "lakes", "depth", "minimum", 1, 2),
            Change("constraint-tightened", "seas", "depth", "pattern"),
            Change("constraint-tightened", "seas", "name", "pattern"),
        ]
    )
    assert found == [
        Reason("constraint-tightened", 3, "lakes", "depth", ("depth.maximum", "depth.minimum")),
        Reason("constraint-tightened", 2, "seas", None, ("depth.pattern", "name.pattern")),
    ]


@pytest.mark.parametrize(
    ("change", "sample"),
    [
        (Change("enum-value-added", "lakes", "kind", "enum", None, "salt"), "kind: salt"),
        (Change("enum-value-removed", "lakes", "kind", "enum", "salt", None), "kind: salt"),
        (Change("field-removed", "lakes", "kind"), "kind"),
        (Change("licence-changed", what="licenses"), "licenses"),
    ],
)
def test_a_reason_shows_what_changed(change: Change, sample: str) -> None:
    (reason,) = reasons([change])
    assert (reason.samples, reason.field) == ((sample,), change.field)


def test_no_reason_shows_more_than_five_samples() -> None:
    many = [(str(number),) for number in range(7)]
    found = reasons(
        [Change("field-removed", "a", str(number)) for number in range(7)],
        tables=[table(rows_removed=7, removed=tuple(RowChange(key, {}) for key in many))],
        lineage=[Lineage("b", "renamed", key, ("x",)) for key in many],
        vanished={"c": many},
        references=[ReferenceChange("d", ("e",), "f", "dangling", 7, tuple((key, (), ()) for key in many))],
    )
    assert [(reason.rule, reason.count, reason.samples) for reason in found] == [
        (rule, 7, ("0", "1", "2", "3", "4"))
        for rule in ("field-removed", "id-renamed", "id-removed", "reference-dangling", "row-removed")
    ]


def test_ids_that_are_gone_count_once_though_only_some_are_known() -> None:
    gone = {"lakes": [("a", "b")]}
    assert reasons(vanished=gone) == [Reason("id-removed", 1, "lakes", None, ("a/b",))]
    assert reasons(vanished=gone, counts={"lakes": 3}) == [Reason("id-removed", 3, "lakes", None, ("a/b",))]
    assert reasons(vanished=gone, counts={"lakes": 1}) == [Reason("id-removed", 1, "lakes", None, ("a/b",))]
    assert reasons(vanished=gone, counts={"lakes": 0}) == [Reason("id-removed", 1, "lakes", None, ("a/b",))]
    assert reasons(counts={"seas": 1}) == [Reason("id-removed", 1, "seas")]
    assert reasons(counts={"seas": 0}) == []
    assert reasons(lineage=[Lineage("lakes", "removed", ("z",), ())]) == [
        Reason("id-removed", 1, "lakes", None, ("z",))
    ]
    told = [Lineage("lakes", "removed", ("z",), ()), Lineage("lakes", "merged", ("y",), ("x",))]
    assert reasons(lineage=told, vanished=gone, counts={"lakes": 3}) == [
        Reason("id-merged", 1, "lakes", None, ("y",)),
        Reason("id-removed", 4, "lakes", None, ("z", "a/b")),
    ]


def test_only_what_changed_in_a_table_is_a_reason() -> None:
    full = {
        "rows_added": 2,
        "rows_removed": 3,
        "kinds": {"value": 4, "format": 0, "to-null": 1},
        "added": (RowChange(("a", "b"), {}),),
        "removed": (RowChange(("c",), {}),),
    }
    cells = [Reason("cell-to-null", 1, "lakes"), Reason("cell-value", 4, "lakes")]
    added = Reason("row-added", 2, "lakes", None, ("a/b",))
    assert reasons(tables=[table(**full)]) == [added, Reason("row-removed", 3, "lakes", None, ("c",)), *cells]
    others = [TableDiff("seas", Match.KEY), table(rows_added=1, derived=True), table(**full)]
    assert reasons(tables=others) == reasons(tables=[table(**full)])
    # Ids that are gone are reasons of their own.
    assert reasons(tables=[table(**full, has_ids=True)]) == [added, *cells]
    for status in ("added", "removed", "same"):
        assert reasons(tables=[replace(table(**full), status=status)]) == []


def test_a_reference_is_a_reason_where_it_points_to_nothing() -> None:
    samples = ((("a", "b"), ("c",), ()),)
    found = reasons(
        references=[
            ReferenceChange("lakes", ("sea",), "seas", "dangling", 2, samples),
            ReferenceChange("rivers", ("from", "to"), "seas", "dangling", 1),
            ReferenceChange("rivers", ("sea",), "seas", "parent-changed", 1),
            ReferenceChange("lakes", ("ocean",), "oceans", "dangling", 3),
        ]
    )
    assert found == [
        Reason("reference-dangling", 3, "lakes", "ocean"),
        Reason("reference-dangling", 2, "lakes", "sea", ("a/b",)),
        Reason("reference-dangling", 1, "rivers"),
    ]


def test_reasons_are_sorted_by_level_then_table_rule_and_field() -> None:
    changes = [
        Change("metadata-changed"),
        Change("row-added", "b"),
        Change("row-removed", "a"),
        Change("row-added", "a", "y"),
        Change("field-removed", "z"),
        Change("package-renamed"),
    ]
    assert [(reason.rule, reason.table, reason.level.word) for reason in reasons(changes)] == [
        ("package-renamed", None, "major"),
        ("field-removed", "z", "major"),
        ("row-added", "a", "minor"),
        ("row-removed", "a", "minor"),
        ("row-added", "b", "minor"),
        ("metadata-changed", None, "patch"),
    ]


def test_a_version_is_enough_where_it_is_at_least_the_smallest() -> None:
    change = [Change("row-added", "a")]
    found = {
        new: bump(("1.2.3", new), change, [], [], {}, []).enough
        for new in ("1.2.9", "1.3.0", "1.3.1", "2.0.0", "0.9.0", "x")
    }
    assert found == {"1.2.9": False, "1.3.0": True, "1.3.1": True, "2.0.0": True, "0.9.0": False, "x": None}
    assert bump(("x", "1.3.0"), change, [], [], {}, []).enough is None


def test_levels_are_five_in_order() -> None:
    assert [(level.word, level.value) for level in Level] == [
        ("none", 0),
        ("patch", 1),
        ("minor", 2),
        ("major", 3),
        ("unknown", 4),
    ]


def test_a_version_is_three_numbers() -> None:
    assert version_of("1.20.300") == (1, 20, 300)
    assert version_of("0.0.0") == (0, 0, 0)
    found = [raised("1.2.3", level) for level in Level]
    assert found == ["1.2.3", "1.2.4", "1.3.0", "2.0.0", ""]


VERSIONS = st.tuples(*[st.integers(0, 10**6)] * 3)


def test_an_unknown_level_raises_no_version() -> None:
    assert not raised("1.0.0", Level.UNKNOWN)
    assert all(rule.level < Level.UNKNOWN for rule in RULES.values())


@given(VERSIONS, st.sampled_from([level for level in Level if level is not Level.UNKNOWN]))
def test_a_raised_version_is_larger_and_the_smallest_of_its_level(version: tuple[int, int, int], level: Level) -> None:
    found = version_of(raised(".".join(map(str, version)), level))
    assert found is not None
    assert (found > version) == (level is not Level.NONE)
    part = {Level.NONE: 3, Level.PATCH: 2, Level.MINOR: 1, Level.MAJOR: 0}[level]
    assert found[:part] == version[:part]
    assert all(number == 0 for number in found[part + 1 :])


@given(st.sets(st.sampled_from(sorted(RULES))))
def test_more_reasons_never_need_a_smaller_version(rules: set[str]) -> None:
    changes = [Change(rule) for rule in sorted(rules)]
    whole = bump(("1.0.0", "1.0.0"), changes, [], [], {}, [])
    part = bump(("1.0.0", "1.0.0"), changes[1:], [], [], {}, [])
    assert whole.level >= part.level
    assert whole.level == max((RULES[rule].level for rule in rules), default=Level.NONE)


@pytest.mark.parametrize("text", ["1.0", "01.0.0", "1.0.0-rc.1", "", "1.0.0\n", "١.0.0"])
def test_what_is_no_version_is_not_taken_for_one(text: str) -> None:
    assert version_of(text) is None
