"""The smallest version that a difference allows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readouts.datapackage.difference.result import Change, Lineage, Match, ReferenceChange, RowChange, TableDiff
from readouts.datapackage.difference.version_bump import bump, raised
from readouts.datapackage.versioning import RULES, Level, version_of


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
