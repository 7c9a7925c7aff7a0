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
    from collections.abc import Set as AbstractSet

__all__ = ["keeps_rules", "readable"]


def readable(frames: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Return the columns that the rules read, typed; a cell that is not a value of its field is missing."""
    read = {}
    for name, wanted in needed().items():
        if name in frames:
            table, frame = tables()[name], frames[name]
            read[name] = lenient(table, frame, [column for column in wanted if column in frame.columns]).collect(
                engine="in-memory"
            )
    return read


def keeps_rules(frames: Mapping[str, pl.DataFrame], changed: AbstractSet[str] | None = None) -> bool:
    """Return whether no row breaks a rule beyond Table Schema whose findings are errors.

    Parameters
    ----------
    frames
        Tables of the corpus by name, every column `String` as it is in the CSV file.
    changed
        The tables that have changed since all rules were kept: a rule that reads none of them is kept still. None where
        any may have.

    Examples
    --------
    >>> events = pl.DataFrame({"event_id": ["talks"], "place_id": ["marek"]})
    >>> frames = {"events": events, "entities": pl.DataFrame({"entity_id": ["marek"], "kind": ["person"]})}
    >>> keeps_rules(frames), keeps_rules(frames, {"spans"})
    (False, True)
    """
    read = readable(frames)
    lazy = {name: frame.lazy() for name, frame in read.items()}
    columns = {name: set(frame.columns) for name, frame in read.items()}
    asked_for = [rule for rule in BINDING if changed is None or not changed.isdisjoint(rule.needs)]
    verdicts = [rule.judge(lazy) for rule in asked_for if rule.possible(columns)]
    asked = [verdict.view.select(verdict.holds.fill_null(value=True).all()) for verdict in verdicts]
    return all(answer.item() for answer in pl.collect_all(asked, engine="in-memory"))
