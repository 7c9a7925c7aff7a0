"""The table of rules: whatever the tables of the corpus must keep to beyond their schemas."""

from __future__ import annotations

from functools import cache

from readouts.corpus_schema.incident_codes import CODES
from readouts.corpus_schema.tables import tables
from readouts.datapackage.incident import Severity
from readouts.quality.rules import chains, parties, registry, relations, reviews, spans, statements
from readouts.quality.rules.keys import key_rules, reference_rules
from readouts.quality.rules.rule import Rule

__all__ = ["BINDING", "RULES", "needed", "rules_of", "rules_table"]

RULES = tuple(
    found
    for module in (statements, chains, spans, relations, parties, registry, reviews)
    for found in vars(module).values()
    if isinstance(found, Rule)
)
"""The rules beyond Table Schema."""
BINDING = tuple(rule for rule in RULES if CODES[rule.code].severity is Severity.ERROR)
"""Those whose findings are errors. What `rebuild` writes, and a contract allows, keeps them."""


@cache
def rules_of(table: str, *, schema: bool) -> tuple[Rule, ...]:
    """Return the rules that judge the rows of a table.

    Parameters
    ----------
    table
        Name of the table.
    schema
        Whether the rules that its schema states of keys and references are among them.
    """
    stated = (*key_rules(tables()[table]), *reference_rules(tables()[table])) if schema else ()
    return (*stated, *(rule for rule in BINDING if rule.table == table))


def needed() -> dict[str, tuple[str, ...]]:
    """Return the columns that the rules beyond Table Schema, and the keys of their incidents, read; by table.

    Examples
    --------
    >>> needed()["participants"]
    ('event_id', 'entity_id', 'side')
    """
    wanted: dict[str, set[str]] = {}
    for rule in RULES:
        for table, columns in rule.needs.items():
            wanted.setdefault(table, set(tables()[table].primary_key)).update(columns)
    return {
        name: tuple(column for column in tables()[name].field_names if column in columns)
        for name, columns in sorted(wanted.items())
    }


def rules_table() -> str:
    """Return the rules beyond Table Schema as a Markdown table, by the table whose rows they judge.

    Examples
    --------
    >>> print(rules_table().splitlines()[0])
    | table | what must hold | code | reads also |
    """
    lines = ["| table | what must hold | code | reads also |", "|---|---|---|---|"]
    for rule in sorted(RULES, key=lambda rule: rule.table):
        others = ", ".join(f"`{table}`" for table in rule.needs if table != rule.table)
        lines.append(f"| `{rule.table}` | {rule.summary} | [`{rule.code}`](incidents.md#{rule.code}) | {others} |")
    return "\n".join(lines) + "\n"
