"""Charts of a corpus: as SVG for pages, as PNG for slides, with the same content as text for those who can't see them.

>>> import readouts
>>> chart = sides(readouts.load(), "call-2014-03-06")
>>> chart.title
'Statements by side and topic: Call between Obama and Putin, 6 March 2014'

`chart.save("sides.svg")` writes it; in a notebook it is displayed; `pandas.DataFrame(chart.rows)` has its figures.
"""

from __future__ import annotations

from readouts.publish.charts.agreement_of_accounts import agreement
from readouts.publish.charts.catalogue import CHARTS, ChartKind, plot
from readouts.publish.charts.chart import Chart
from readouts.publish.charts.claims_left_out import omissions
from readouts.publish.charts.coverage_by_outlet import coverage
from readouts.publish.charts.data import NothingToDrawError
from readouts.publish.charts.entity_graph import entities
from readouts.publish.charts.statements_by_side import sides

__all__ = [
    "CHARTS",
    "Chart",
    "ChartKind",
    "NothingToDrawError",
    "agreement",
    "coverage",
    "entities",
    "omissions",
    "plot",
    "sides",
]
