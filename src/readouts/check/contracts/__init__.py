"""Contracts: the rules that the tables of the corpus keep beyond Table Schema, and schemas and rules on typed frames.

Everything here imports Polars and pandera; commands import it when they need it.
"""

from readouts.check.contracts.rules import RULES, needed, rules_table
from readouts.check.contracts.tables import check_frames, examine, findings

__all__ = ["RULES", "check_frames", "examine", "findings", "needed", "rules_table"]
