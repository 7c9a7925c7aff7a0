"""Rules that a schema states of whole tables: keys, unique values and references."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import polars as pl

from readouts.quality.rules.rule import Frames, Rule, Verdict, beside, shown

if TYPE_CHECKING:
    from readouts.datapackage.schema.model import ForeignKey, Table

__all__ = ["key_rules", "reference_rules"]


def _joined(columns: tuple[str, ...]) -> pl.Expr:
    """Return the values of columns as one text."""
    return pl.concat_str([pl.col(name).cast(pl.String).fill_null("") for name in columns], separator=", ")


def _once(frames: Frames, table: str, columns: tuple[str, ...], *, nulls: bool) -> Verdict:
    """Hold that values occur once; `nulls` says whether a row that lacks one of them is let pass."""
    values = pl.struct(columns)
    lacking = pl.any_horizontal(pl.col(name).is_null() for name in columns)
    first = values.is_first_distinct()
    message = pl.format(f"Expected each value of {', '.join(columns)} once; '{{}}' is a duplicate.", _joined(columns))
    return Verdict(frames[table], first | lacking if nulls else first, message, _joined(columns))


def _refers(frames: Frames, table: str, key: ForeignKey) -> Verdict:
    on = dict(zip(key.fields, key.target_fields, strict=True))
    view = beside(frames[table], frames[key.table], on, found=pl.lit(True))
    lacking = pl.any_horizontal(pl.col(name).is_null() for name in key.fields)
    message = pl.format(f"Expected a key of {key.table}; found {{}}.", shown(_joined(key.fields)))
    return Verdict(view, lacking | pl.col("found").is_not_null(), message, _joined(key.fields))


def key_rules(table: Table) -> tuple[Rule, ...]:
    """Return the rules of a table's primary key, unique keys and unique fields.

    Examples
    --------
    >>> from readouts.corpus_schema.tables import tables
    >>> [(rule.code, rule.summary) for rule in key_rules(tables()["alignments"])]
    [('primary-key', 'Each alignment_id occurs once.'), ('unique-error', 'Each statement_a, statement_b, relation \
occurs once.')]
    """
    keys = [("primary-key", table.primary_key, False)]
    keys += [("unique-error", key, False) for key in table.unique_keys]
    keys += [("unique-error", (name,), True) for name in table.unique_fields]
    return tuple(
        Rule(
            code=code,
            table=table.name,
            field=columns[0],
            needs={table.name: columns},
            judge=partial(_once, table=table.name, columns=columns, nulls=nulls),
            name=f"each_{'_'.join(columns)}_once",
            summary=f"Each {', '.join(columns)} occurs once.",
        )
        for code, columns, nulls in keys
    )


def reference_rules(table: Table) -> tuple[Rule, ...]:
    """Return the rules of a table's references.

    Examples
    --------
    >>> from readouts.corpus_schema.tables import tables
    >>> [rule.summary for rule in reference_rules(tables()["carriages"])]
    ['Each account_id is a key of accounts.', 'Each article_id is a key of articles.']
    """
    rules = []
    for key in table.foreign_keys:
        needs = {table.name: key.fields}
        needs[key.table] = (*needs.get(key.table, ()), *key.target_fields)
        name, columns = f"{'_'.join(key.fields)}_refers_to_{key.table}", ", ".join(key.fields)
        rules.append(
            Rule(
                code="foreign-key",
                table=table.name,
                field=key.fields[0],
                needs=needs,
                judge=partial(_refers, table=table.name, key=key),
                name=name,
                summary=f"Each {columns} is a key of {key.table}.",
            )
        )
    return tuple(rules)
