"""Contracts: the rules that the tables of the corpus keep beyond Table Schema, and schemas and rules on typed frames.

Everything here imports Polars and pandera; commands import it when they need it.
"""

import warnings

with warnings.catch_warnings():
    # Where PySpark is installed, pandera imports it as well, and it warns of the pandas it finds. We use neither here.
    warnings.simplefilter("ignore", FutureWarning)
    import pandera.polars  # noqa: F401

from readouts.check.contracts.rules import RULES, needed, rules_table
from readouts.check.contracts.tables import check_frames, examine, findings

__all__ = ["RULES", "check_frames", "examine", "findings", "needed", "rules_table"]
