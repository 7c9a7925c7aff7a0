"""The contracts that a user calls: on frames as they have them, everything at once, and nothing taken on trust."""

from __future__ import annotations

import os
import subprocess
import sys
from random import Random
from typing import TYPE_CHECKING, Any

import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import readouts
from readouts import contracts
from readouts.corpus_schema.tables import tables
from readouts.datapackage.errors import ContractError, ReadoutsError
from tests.conftest import ROOT
from tests.properties import examples

if TYPE_CHECKING:
    from collections.abc import Callable

    from readouts.datapackage.incident import Incident

CORPUS = readouts.load()
TABLES = sorted(CORPUS.tables)
Frames = dict[str, pl.DataFrame]


def as_text(name: str) -> pl.DataFrame:
    return pl.read_csv(ROOT / "data" / f"{name}.csv", infer_schema=False)


def as_polars(name: str) -> pl.DataFrame:
    """Return a table with Polars's own types."""
    dtypes = {"integer": pl.Int32, "boolean": pl.Boolean, "date": pl.Date}
    frame = pl.read_csv(
        ROOT / "data" / f"{name}.csv",
        schema={field.name: dtypes.get(field.type, pl.String) for field in tables()[name].fields},
    )
    lists = [field for field in tables()[name].fields if field.type == "list"]
    enums = [field for field in tables()[name].fields if field.constraints.enum]
    return frame.with_columns(
        *(pl.col(field.name).str.split(field.delimiter) for field in lists),
        *(pl.col(field.name).cast(pl.Enum(list(field.constraints.enum or ()))) for field in enums),
    )


TEXTS: Frames = {name: as_text(name) for name in TABLES}
KINDS: dict[str, Callable[[str], Any]] = {
    "pandas, typed": CORPUS.table,
    "pandas, read plainly": lambda name: pd.read_csv(ROOT / "data" / f"{name}.csv"),
    "pandas, texts": lambda name: pd.read_csv(ROOT / "data" / f"{name}.csv", dtype=str),
    "polars, texts": as_text,
    "polars, lazy": lambda name: as_text(name).lazy(),
    "polars, typed": as_polars,
}


def findings(name: str, frame: Any) -> tuple[Incident, ...]:
    with pytest.raises(ContractError) as caught:
        getattr(contracts, name).validate(frame)
    return caught.value.incidents


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", TABLES)
def test_every_table_of_the_release_holds_its_contract_in_every_kind_of_frame(name: str, kind: str) -> None:
    frame = KINDS[kind](name)
    assert getattr(contracts, name).validate(frame) is frame


def test_the_release_as_a_whole_holds_its_contracts() -> None:
    assert contracts.validate(CORPUS) is CORPUS
    assert contracts.validate(TEXTS) is TEXTS


def test_there_is_a_contract_for_each_table_and_dir_lists_them() -> None:
    assert set(TABLES) <= set(dir(contracts))
    for name in TABLES:
        assert getattr(contracts, name).table is tables()[name]
    with pytest.raises(AttributeError, match="Did you mean 'statements'"):
        _ = contracts.statement
    with pytest.raises(AttributeError):
        _ = contracts._private
    with pytest.raises(ContractError, match="Did you mean 'spans'"):
        contracts.validate({"span": TEXTS["spans"]})


def test_the_schema_of_pandera_has_what_the_table_s_schema_says() -> None:
    for name in TABLES:
        table, schema = tables()[name], getattr(contracts, name).schema
        assert tuple(schema.columns) == table.field_names
        assert (schema.strict, schema.ordered) == (True, True)
        for field in table.fields:
            column = schema.columns[field.name]
            limits = field.constraints
            assert column.nullable == (not limits.required)
            checks = {check.name for check in column.checks}
            expected = {
                "isin": limits.enum is not None,
                "str_matches": limits.pattern is not None,
                "str_length": limits.min_length is not None or limits.max_length is not None,
                "greater_than_or_equal_to": limits.minimum is not None,
                "less_than_or_equal_to": limits.maximum is not None,
                "items": field.type == "list",
                "format_uri": field.format == "uri",
            }
            assert checks == {name for name, there in expected.items() if there}, field.name
        assert any("occurs once" in check.description for check in schema.checks)
    assert contracts.spans.schema.validate(
        as_polars("spans").cast(
            {
                "role": pl.String,
                "start": pl.Int64,
                "end": pl.Int64,
                "seq": pl.Int64,
                "depth": pl.Int64,
                "skeleton_length": pl.Int64,
            }
        )
    ).height == len(CORPUS.spans)


CORRUPTIONS: dict[str, tuple[str, str, str | None, str]] = {
    # what is corrupted: table, column, the new text (None: missing), the code
    "a missing required value": ("statements", "act", None, "constraint-error"),
    "a value outside its list": ("statements", "act", "sing", "constraint-error"),
    "a text of another form": ("statements", "event_id", "Not A Slug", "constraint-error"),
    "a text that is too long": ("statements", "summary", "x" * 201, "constraint-error"),
    "an id with a line end": ("statements", "event_id", "call-2014-03-01\n", "constraint-error"),
    "a number below its bound": ("spans", "end", "-4", "constraint-error"),
    "a number above its bound": ("spans", "depth", "10", "constraint-error"),
    "a number in other words": ("spans", "start", "07", "type-error"),
    "a day that isn't in the calendar": ("events", "date", "2014-02-30", "type-error"),
    "a truth in other words": ("carriages", "is_translation", "yes", "type-error"),
    "an address without a scheme": ("articles", "url", "example.org", "type-error"),
    "a list with an empty item": ("entities", "aliases", "a||b", "type-error"),
    "an end before the start": ("statements", "start", "99999", "extent-differs"),
    "a status without an id": ("entities", "wikidata_status", "candidate", "wikidata-status"),
    "a mode of another event": ("relations", "mode", "curfew", "mode-misfit"),
    "a span without its owner": ("spans", "role", "readout", "span-owner-missing"),
}


@settings(max_examples=examples(40))
@given(st.sampled_from(sorted(CORRUPTIONS)), st.data())
def test_a_single_corruption_is_caught_wherever_it_is(what: str, data: st.DataObject) -> None:
    table, column, value, code = CORRUPTIONS[what]
    frame = TEXTS[table]
    possible = pl.Series(range(frame.height)).filter(frame[column].is_not_null())
    if what == "a span without its owner":
        possible = possible.filter(frame["account_id"].is_null().gather(possible))
    row = data.draw(st.sampled_from(possible.to_list()))
    corrupt = frame.with_columns(
        pl.when(pl.int_range(pl.len()) == row).then(pl.lit(value, pl.String)).otherwise(column).alias(column)
    )
    found = findings(table, corrupt)
    here = [finding for finding in found if finding.code == code]
    assert [finding.row for finding in here] == [row + 1]
    assert here[0].table == table
    assert here[0].key == tuple(frame.select(tables()[table].primary_key).row(row))


@settings(max_examples=examples(25))
@given(st.sampled_from(TABLES), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(name: str, chance: Any) -> None:
    order = list(range(TEXTS[name].height))
    chance.shuffle(order)
    frame = TEXTS[name][order]
    assert getattr(contracts, name).validate(frame) is frame


@pytest.mark.slow
@settings(max_examples=examples(5))
@given(st.integers(0, 2**32))
def test_the_order_of_rows_does_not_matter_to_the_corpus_as_a_whole(seed: int) -> None:
    chance = Random(seed)
    frames = {}
    for name, frame in TEXTS.items():
        order = list(range(frame.height))
        chance.shuffle(order)
        frames[name] = frame[order]
    assert contracts.validate(frames) is frames


EXAMPLES = {
    "id_changes": ["c", "spans", "x", "unreleased", "removed", None, "No span."],
    "addressees": ["moscow-times-2014-03-07.s01", "kremlin"],
}
"""A row of each table that has none yet."""


@pytest.mark.parametrize("name", TABLES)
def test_a_row_that_is_there_twice_breaks_the_key(name: str) -> None:
    frame = TEXTS[name]
    if frame.is_empty():
        frame = pl.DataFrame([EXAMPLES[name]], frame.schema, orient="row")
    found = findings(name, pl.concat([frame, frame.head(1)]))
    assert ("primary-key", frame.height + 1) in {(finding.code, finding.row) for finding in found}


def test_a_unique_value_may_be_missing_more_than_once_and_be_there_once() -> None:
    entities = CORPUS.entities.head(4).assign(wikidata_status="none", wikidata_id=None)
    assert contracts.entities.validate(entities) is entities
    twice = entities.assign(wikidata_status="candidate", wikidata_id=["Q1", "Q2", "Q1", "Q3"])
    found = findings("entities", twice)
    assert [(finding.code, finding.row, finding.value) for finding in found] == [("unique-error", 3, "Q1")]


def test_all_mistakes_are_reported_at_once_and_the_message_lists_the_first() -> None:
    rows = pl.int_range(pl.len())
    frame = TEXTS["statements"].with_columns(
        act=pl.when(rows == 3).then(pl.lit("sing")).otherwise("act"),
        start=pl.when(rows == 5).then(pl.lit("early")).otherwise("start"),
        summary=pl.when(rows >= 60).then(pl.lit("")).otherwise("summary"),
    )
    with pytest.raises(ReadoutsError) as caught:
        contracts.statements.validate(frame)
    assert isinstance(caught.value, ContractError)
    found = caught.value.incidents
    late = [(row + 1, "summary") for row in range(60, frame.height)]
    assert [(finding.row, finding.field) for finding in found] == [(4, "act"), (6, "start"), *late]
    text = str(caught.value)
    assert f"{len(found):,} findings in statements." in text
    assert "statements row 4 act: Expected one of the values of its list. " in text
    assert f"and {len(found) - 5:,} more" in text


def test_the_columns_are_those_of_the_schema_in_its_order() -> None:
    accounts = TEXTS["accounts"]
    assert [(f.code, f.field) for f in findings("accounts", accounts.drop("side"))] == [("missing-label", "side")]
    extra = findings("accounts", accounts.with_columns(sides=pl.lit("a")))
    assert [(finding.code, finding.field) for finding in extra] == [("extra-label", "sides")]
    assert "Did you mean 'side'" in extra[0].message
    turned = findings("accounts", accounts.select("event_id", "account_id", *accounts.columns[2:]))
    assert [finding.code for finding in turned] == ["incorrect-label"]
    both = findings("accounts", accounts.drop("side").with_columns(kind=pl.lit("song")))
    assert {finding.code for finding in both} == {"missing-label", "constraint-error"}


def test_a_column_in_the_index_of_pandas_is_said_to_be_there() -> None:
    found = findings("accounts", CORPUS.accounts.set_index("account_id"))
    assert [finding.code for finding in found] == ["missing-label"]
    assert "reset_index()" in found[0].hint


@pytest.mark.parametrize(
    ("at", "values", "bad", "expected"),
    [
        (("spans", "start"), [0.0, 3.5], [2], "Expected a whole number for 'start'; found '3.5'."),
        (("spans", "start"), [0, True], [2], "Expected a whole number for 'start'; found 'true'."),
        (("spans", "start"), [False, True], [1, 2], "Expected a whole number for 'start'; found 'false'."),
        (("spans", "role"), [7, 8], [1, 2], "Expected a text for 'role'; found '7'."),
        (
            ("events", "date"),
            [pd.Timestamp("2014-03-01T12:00"), pd.Timestamp("2014-03-01")],
            [1],
            "a day without a time",
        ),
        (("entities", "aliases"), [["a"], ["a", 5]], [2], "a list of texts"),
        (("entities", "aliases"), [["a"], ["a", ""]], [2], "items separated by '|', none of them empty"),
        (("entities", "aliases"), [["a"], ["a|b"]], [2], "items without '|'"),
    ],
)
@pytest.mark.parametrize("kind", ["pandas", "polars"])
def test_what_cannot_be_converted_is_said_by_row(
    kind: str, at: tuple[str, str], values: list[Any], bad: list[int], expected: str
) -> None:
    table, column = at
    frame = CORPUS.table(table).head(2).copy()
    frame[column] = pd.Series(values, dtype=object, index=frame.index)
    given_frame: Any = frame
    if kind == "polars":
        data = {name: frame[name].astype(object).where(frame[name].notna(), None).tolist() for name in frame.columns}
        given_frame = pl.DataFrame(
            {name: pl.Series(name, cells, dtype=pl.Object if name == column else None) for name, cells in data.items()}
        )
    found = [finding for finding in findings(table, given_frame) if finding.field == column]
    assert [(finding.code, finding.row) for finding in found] == [("type-error", row) for row in bad]
    assert expected in found[0].message


def test_what_is_no_frame_is_refused() -> None:
    for thing in ([{"a": 1}], None, "data/events.csv"):
        with pytest.raises(ContractError, match="Expected a frame of pandas or Polars"):
            contracts.events.validate(thing)
    twice = pd.concat([CORPUS.events, CORPUS.events[["title"]]], axis=1)
    with pytest.raises(ContractError, match="'title' more than once"):
        contracts.events.validate(twice)


def test_references_and_rules_that_join_tables_are_checked_across_and_only_where_the_tables_are() -> None:
    some = CORPUS.participants.assign(entity_id="nobody").head(1)
    assert contracts.participants.validate(some) is some
    assert contracts.validate({"participants": some})
    with pytest.raises(ContractError) as caught:
        contracts.validate({"participants": some, "entities": CORPUS.entities})
    assert [(finding.code, finding.field) for finding in caught.value.incidents] == [("foreign-key", "entity_id")]
    with pytest.raises(ContractError) as caught:
        contracts.validate({"events": CORPUS.events.assign(place_id="barack-obama"), "entities": CORPUS.entities})
    assert {finding.code for finding in caught.value.incidents} == {"entity-kind"}


@pytest.mark.slow
def test_a_frame_without_rows_holds_and_so_do_columns_without_values() -> None:
    for name in TABLES:
        assert getattr(contracts, name).validate(TEXTS[name].clear()).is_empty()
        assert getattr(contracts, name).validate(CORPUS.table(name).head(0)).empty


@pytest.mark.slow
def test_the_environment_cannot_turn_the_contracts_off() -> None:
    code = (
        "import polars as pl; from readouts import contracts\n"
        "frame = pl.DataFrame({'event_id': ['e'], 'entity_id': ['x'], 'role': ['guest'], 'side': ['a']})\n"
        "try: contracts.participants.validate(frame)\n"
        "except Exception as error: print(type(error).__name__)\n"
    )
    for setting in ({"PANDERA_VALIDATION_ENABLED": "False"}, {"PANDERA_VALIDATION_DEPTH": "SCHEMA_ONLY"}):
        done = subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, **setting}, capture_output=True, text=True, check=True
        )
        assert done.stdout.split() == ["ContractError"], setting


def test_importing_the_package_or_the_contracts_imports_no_checker() -> None:
    code = (
        "import sys, readouts, readouts.contracts as c; dir(c); c.spans\n"
        "print(sorted({'polars', 'pandera', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
