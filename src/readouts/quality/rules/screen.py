"""Whether tables keep the rules, by their expressions alone.

Importing pandera takes longer than a small corpus takes to build. Only where something is broken is it asked what, row
by row, by the same rules (`tables.examine`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from readouts.corpus_schema.tables import tables
from readouts.quality.rules.frames import lenient
from readouts.quality.rules.rules import BINDING, needed

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["keeps_rules", "readable"]


def readable(frames: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Return the columns that the rules read, typed; a cell that is not a value of its field is missing."""
    read = {}
    for name, wanted in needed().items():
        if name in frames:
            table, frame = tables()[name], frames[name]
            read[name] = lenient(table, frame, [column for column in wanted if column in frame.columns]).collect()
    return read


def keeps_rules(frames: Mapping[str, pl.DataFrame]) -> bool:
    """Return whether no row breaks a rule beyond Table Schema whose findings are errors.

    Parameters
    ----------
    frames
        Tables of the corpus by name, every column `String` as it is in the CSV file.

    Examples
    --------
    >>> events = pl.DataFrame({"event_id": ["talks"], "place_id": ["marek"]})
    >>> keeps_rules({"events": events, "entities": pl.DataFrame({"entity_id": ["marek"], "kind": ["person"]})})
    False
    """
    read = readable(frames)
    lazy = {name: frame.lazy() for name, frame in read.items()}
    columns = {name: set(frame.columns) for name, frame in read.items()}
    verdicts = [rule.judge(lazy) for rule in BINDING if rule.possible(columns)]
    asked = [verdict.view.select(verdict.holds.fill_null(value=True).all()) for verdict in verdicts]
    return all(answer.item() for answer in pl.collect_all(asked))
