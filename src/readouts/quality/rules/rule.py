"""What a rule is: one function that holds every row of a table against what belongs to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

__all__ = ["Frames", "Rule", "Verdict", "beside", "part_of", "rule", "shown"]

Frames = Mapping[str, pl.LazyFrame]
"""Tables by name, typed as the schemas say; only the columns that the given rules need must be there."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule says about a table.

    Attributes
    ----------
    view
        The rows of the table, all of them and in their order, with what they are checked against.
    holds
        Whether a row keeps the rule. Null, where something that another check reports isn't known, counts as kept.
    message
        For a row that breaks it: what was expected and what was found.
    value
        For a row that breaks it: the offending value as text.
    """

    view: pl.LazyFrame
    holds: pl.Expr
    message: pl.Expr
    value: pl.Expr


@dataclass(frozen=True)
class Rule:
    """One rule.

    Attributes
    ----------
    code
        Code of its incidents.
    table, field
        The table whose rows are judged, and the column that has to be fixed.
    needs
        The columns that it reads, by table.
    judge
        The function; the first line of its docstring says what must hold.
    """

    code: str
    table: str
    field: str
    needs: Mapping[str, tuple[str, ...]]
    judge: Callable[[Frames], Verdict]
    name: str
    summary: str

    @property
    def alone(self) -> bool:
        """Whether it needs no other table than its own."""
        return set(self.needs) == {self.table}

    def possible(self, columns: Mapping[str, set[str]]) -> bool:
        """Return whether all columns that it needs are there."""
        return all(columns.get(table, set()).issuperset(names) for table, names in self.needs.items())


def rule(code: str, field: str, **needs: str) -> Callable[[Callable[[Frames], Verdict]], Rule]:
    """Make a function a rule of the first table that is named.

    Parameters
    ----------
    code
        Code of its incidents.
    field
        The column that has to be fixed.
    **needs
        For each table that it reads, the columns, separated by blanks.

    Examples
    --------
    >>> @rule("lineage-broken", "new_id", id_changes="operation new_id")
    ... def every_change_has_a_new_id(frames: Frames) -> Verdict:
    ...     \"\"\"Every change has a new id.\"\"\"
    ...     new = pl.col("new_id")
    ...     return Verdict(frames["id_changes"], new.is_not_null(), pl.lit("There is none."), new)
    >>> every_change_has_a_new_id.table, every_change_has_a_new_id.alone
    ('id_changes', True)
    """

    def make(judge: Callable[[Frames], Verdict]) -> Rule:
        summary = (judge.__doc__ or "").strip().partition("\n")[0]
        columns = {table: tuple(names.split()) for table, names in needs.items()}
        return Rule(code, next(iter(columns)), field, columns, judge, judge.__name__, summary)

    return make


def shown(column: str | pl.Expr) -> pl.Expr:
    """Return a value as messages show it: quoted, or the word nothing where there is none.

    Examples
    --------
    >>> pl.select(shown(pl.lit("a")), shown(pl.lit(None)).alias("none")).row(0)
    ("'a'", 'nothing')
    """
    values = pl.col(column) if isinstance(column, str) else column
    return pl.format("'{}'", values.cast(pl.String)).fill_null("nothing")


def part_of(column: str, owner: str) -> pl.Expr:
    """Return whether an id is that of its owner, a dot, and a part of its own.

    Examples
    --------
    >>> ids = pl.DataFrame({"article_id": ["a", "a"], "statement_id": ["a.s01", "b.s01"]})
    >>> ids.select(part_of("statement_id", "article_id"))["statement_id"].to_list()
    [True, False]
    """
    prefix = pl.col(owner) + "."
    identifier = pl.col(column)
    return identifier.str.starts_with(prefix) & identifier.str.strip_prefix(prefix).str.contains("^[a-z0-9]+$")


def beside(rows: pl.LazyFrame, other: pl.LazyFrame, on: Mapping[str, str], **columns: str | pl.Expr) -> pl.LazyFrame:
    """Return rows, as many as before and in the same order, each with columns of the row of another table it names.

    Parameters
    ----------
    rows
        The rows.
    other
        The other table. Of rows with the same key, which the check of keys reports, the first one counts.
    on
        The columns that name the other row, and those of the other table that they name.
    **columns
        The columns to put next to them, by the names that they get; null where there is no such row.

    Examples
    --------
    >>> events = pl.LazyFrame({"event_id": ["e1", "e2"], "place_id": ["p", None]})
    >>> entities = pl.LazyFrame({"entity_id": ["p"], "kind": ["place"]})
    >>> beside(events, entities, {"place_id": "entity_id"}, place_kind="kind").collect()["place_kind"].to_list()
    ['place', None]
    """
    values = {name: pl.col(column) if isinstance(column, str) else column for name, column in columns.items()}
    named = other.select([pl.col(there).alias(here) for here, there in on.items()], **values)
    keys = list(on)
    return rows.join(named.drop_nulls(keys).unique(keys, keep="first"), on=keys, how="left", maintain_order="left")
