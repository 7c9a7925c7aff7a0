"""Schemas and rules as contracts of pandera: pure functions from `Table` and `Rule` to its objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from readouts.datapackage.schema.types import TYPES, Mismatch
from readouts.quality.rules.engine import pa
from readouts.quality.rules.frames import DTYPES
from readouts.quality.rules.rules import rules_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pandera.api.polars.types import PolarsData

    from readouts.datapackage.schema.model import Field, Table
    from readouts.quality.rules.rule import Frames, Rule

__all__ = ["column", "dataframe_schema"]

_SHOWN = 10
"""Failure cases that pandera keeps of a check for its own report. All are taken from what the check gives back."""


def _reads(field: Field) -> pa.Check:
    """Return the check that every text has the format of its field."""
    surely = TYPES[field.type].surely(field)

    def is_value(text: str) -> bool:
        try:
            field.read(text)
        except Mismatch:
            return False
        return True

    def check(data: PolarsData) -> pl.LazyFrame:
        texts = data.lazyframe.select(data.key).collect(engine="in-memory").to_series()
        good = texts.is_null() if surely is None else texts.str.contains(f"^(?:{surely})$").fill_null(value=True)
        rest = [is_value(texts[row]) for row in (~good).arg_true().to_list()]
        return pl.LazyFrame({data.key: good.scatter((~good).arg_true(), rest)})

    return pa.Check(check, name=f"format_{field.format}", n_failure_cases=_SHOWN)


def _items(field: Field) -> pa.Check:
    """Return the check that no item of a list is empty, or would be two in a CSV file."""

    def check(data: PolarsData) -> pl.LazyFrame:
        item = pl.element()
        good = (item.str.len_chars() > 0).fill_null(value=False) & ~item.str.contains(field.delimiter, literal=True)
        return data.lazyframe.select(pl.col(data.key).list.eval(good).list.all())

    return pa.Check(check, name="items", n_failure_cases=_SHOWN)


def _checks(field: Field) -> list[pa.Check]:
    limits = field.constraints
    options: dict[str, Any] = {"n_failure_cases": _SHOWN}
    checks = []
    if field.type == "string" and field.format != "default":
        checks.append(_reads(field))
    if field.type == "list":
        checks.append(_items(field))
    if limits.enum is not None:
        checks.append(pa.Check.isin(list(limits.enum), **options))
    if limits.pattern is not None:
        checks.append(pa.Check.str_matches(f"^(?:{limits.pattern})$", **options))
    if limits.min_length is not None or limits.max_length is not None:
        checks.append(pa.Check.str_length(limits.min_length, limits.max_length, **options))
    if limits.minimum is not None:
        checks.append(pa.Check.ge(field.value(limits.minimum), **options))
    if limits.maximum is not None:
        checks.append(pa.Check.le(field.value(limits.maximum), **options))
    return checks


def column(table: Table, field: Field) -> pa.Column:
    """Return a field as a column of pandera: its type, whether it may be missing, and its constraints.

    Examples
    --------
    >>> from readouts.corpus_schema.tables import tables
    >>> spans = tables()["spans"]
    >>> found = column(spans, spans.field("end"))
    >>> found.nullable, str(found.dtype), [check.name for check in found.checks]
    (False, 'Int64', ['greater_than_or_equal_to'])
    """
    return pa.Column(
        DTYPES[field.type],
        checks=_checks(field),
        nullable=not (field.constraints.required or field.name in table.primary_key),
        name=field.name,
        title=field.title,
        description=field.description,
    )


def _rule_check(rule: Rule, others: Frames) -> pa.Check:
    """Return a rule as a check of a whole frame; what other tables it reads are given with it."""

    def check(data: PolarsData) -> pl.LazyFrame:
        verdict = rule.judge({**others, rule.table: data.lazyframe})
        return verdict.view.select(verdict.holds)

    return pa.Check(check, name=rule.name, error=rule.code, description=rule.summary, n_failure_cases=_SHOWN)


def dataframe_schema(
    table: Table,
    columns: Iterable[str] | None = None,
    rules: Sequence[Rule] | None = None,
    others: Frames | None = None,
) -> pa.DataFrameSchema:
    """Return a table as a schema of pandera.

    Parameters
    ----------
    table
        The table.
    columns
        Its columns that are to be checked; None takes all of them, in their order.
    rules
        The rules that its rows are to be checked against; None takes those that need no other table.
    others
        The other tables that these rules read.

    Examples
    --------
    >>> from readouts.corpus_schema.tables import tables
    >>> contract = dataframe_schema(tables()["participants"])
    >>> list(contract.columns), [check.description for check in contract.checks]
    (['event_id', 'entity_id', 'role', 'side'], ['Each event_id, entity_id occurs once.'])
    """
    names = table.field_names if columns is None else tuple(columns)
    if rules is None:
        rules = [rule for rule in rules_of(table.name, schema=True) if rule.alone and rule.code != "foreign-key"]
    return pa.DataFrameSchema(
        {name: column(table, table.field(name)) for name in names},
        checks=[_rule_check(rule, others or {}) for rule in rules],
        strict=columns is None,
        ordered=columns is None,
        name=table.name,
        title=table.title,
        description=table.description,
    )
