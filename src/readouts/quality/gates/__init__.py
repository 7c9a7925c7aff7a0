"""Release gates: how a release is like the last one, through Great Expectations."""

from readouts.quality.gates.accepting import STALE, acceptances, to_paste
from readouts.quality.gates.comparison import gates_of
from readouts.quality.gates.plan import measures_table

__all__ = ["STALE", "acceptances", "gates_of", "measures_table", "to_paste"]
