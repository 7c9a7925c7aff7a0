"""Contracts run by pandera, and its failure cases as incidents."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import polars as pl

from readouts.corpus_schema.incident_codes import incident
from readouts.quality.rules.compiler import dataframe_schema
from readouts.quality.rules.engine import (
    CHECK_OUTPUT_KEY,
    SchemaErrorReason,
    SchemaErrors,
    ValidationDepth,
    config_context,
    pa,
)
from readouts.quality.rules.frames import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pandera.errors import SchemaError

    from readouts.datapackage.incident import Incident
    from readouts.datapackage.schema.model import Table
    from readouts.quality.rules.rule import Frames, Rule

__all__ = ["Found", "Subject", "judge"]

_MARK = "\ufffe"
"""Prefix of the row's number in a view. No column is named like that."""


@dataclass
class Found:
    """The findings, and how many of them are kept.

    Attributes
    ----------
    limit
        How many findings of each code are kept; None keeps all.
    incidents
        The findings that are kept.
    counts
        How many there are of each code, kept or not.
    """

    limit: int | None = None
    incidents: list[Incident] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def room(self, code: str, count: int) -> int:
        """Count findings of a code; return how many of them are to be kept."""
        before = self.counts.get(code, 0)
        if count:
            self.counts[code] = before + count
        return count if self.limit is None else max(0, min(count, self.limit - before))


@dataclass(frozen=True)
class Subject:
    """A table on trial.

    Attributes
    ----------
    table
        The table as its schema tells it.
    frame
        Its rows, with the types of the schema.
    others
        The other tables, as far as its rules read them.
    key
        Gives the primary key of a row, counted from 0.
    unread
        By column, the rows whose value could not be read and is reported already; None leaves types and constraints of
        columns alone.
    """

    table: Table
    frame: pl.DataFrame
    others: Frames
    key: Callable[[int], tuple[str, ...] | None]
    unread: Mapping[str, set[int]] | None = None


def judge(subject: Subject, rules: Sequence[Rule], found: Found) -> None:
    """Hold a table to rules and, where its unread cells are given, to the types and constraints of its columns."""
    names = [name for name in subject.table.field_names if name in subject.frame.columns]
    schema = dataframe_schema(subject.table, [] if subject.unread is None else names, rules, subject.others)
    for error in _errors(schema, subject.frame):
        if isinstance(error.schema, pa.DataFrameSchema):
            _broken(rules[error.check_index], subject, error, found)
        else:
            _cells(subject, error, found)


def _errors(schema: pa.DataFrameSchema, frame: pl.DataFrame) -> list[SchemaError]:
    """Run a schema of pandera on a frame; return everything that it finds."""
    # The environment can turn pandera off, or have it look at types only: a contract that nobody checks holds nothing.
    with config_context(validation_enabled=True, validation_depth=ValidationDepth.SCHEMA_AND_DATA):
        try:
            schema.validate(frame, lazy=True)
        except SchemaErrors as errors:
            for error in errors.schema_errors:
                if error.reason_code is SchemaErrorReason.CHECK_ERROR or error.check_output is None:
                    # A check that fails by itself says nothing of the data.
                    raise RuntimeError(str(error)) from errors
            return list(errors.schema_errors)
    return []


def _rows(error: SchemaError) -> pl.Series:
    """Return the numbers of the rows that failed a check, counted from 0."""
    kept: pl.Series = error.check_output[CHECK_OUTPUT_KEY].fill_null(value=True)
    return (~kept).arg_true()


def _broken(rule: Rule, subject: Subject, error: SchemaError, found: Found) -> None:
    """Report for each row that breaks a rule what was expected and what was found."""
    rows = _rows(error)
    room = found.room(rule.code, len(rows))
    if not room:
        return
    verdict = rule.judge({**subject.others, rule.table: subject.frame.lazy()})
    evidence = (
        verdict.view.with_row_index(_MARK)
        .filter(pl.col(_MARK).is_in(rows.head(room).implode()))
        .select(_MARK, value=verdict.value.cast(pl.String), message=verdict.message.fill_null(rule.summary))
        .collect(engine="in-memory")
    )
    for row, value, message in evidence.iter_rows():
        place: dict[str, Any] = {"table": rule.table, "field": rule.field, "row": row + 1, "key": subject.key(row)}
        found.incidents.append(incident(rule.code, message, value=value, **place))


def _cells(subject: Subject, error: SchemaError, found: Found) -> None:
    """Report for each cell that breaks a constraint what was expected of it, in the words of its field."""
    field = subject.table.field(str(error.schema.name))
    values = subject.frame[field.name]
    unread = (subject.unread or {}).get(field.name, set())
    for row in _rows(error).to_list():
        if row in unread:
            continue
        value = values[row]
        text = None if value is None else text_of(field, value)
        if text is None:
            code, expected = "constraint-error", "a value"
        else:
            # A list whose item holds the delimiter reads well as a text, and would be another list.
            code, expected = field.problem(text) or ("type-error", f"items without '{field.delimiter}' in them")
        if not found.room(code, 1):
            continue
        shown = "none" if text is None else f"'{text}'"
        message = f"Expected {expected} for '{field.name}'; found {shown}."
        place: dict[str, Any] = {"table": subject.table.name, "field": field.name, "row": row + 1}
        found.incidents.append(incident(code, message, value=text, key=subject.key(row), **place))
