"""Release gates: how a release is like the last one, through Great Expectations."""

from readouts.check.gates.comparison import gates_of
from readouts.check.gates.plan import measures_table

__all__ = ["gates_of", "measures_table"]
