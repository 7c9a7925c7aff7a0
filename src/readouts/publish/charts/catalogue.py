"""The charts there are: what each shows, and the function that draws it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from readouts.datapackage.errors import UnknownIdError
from readouts.datapackage.suggest import did_you_mean
from readouts.publish.charts.agreement_of_accounts import agreement
from readouts.publish.charts.claims_left_out import omissions
from readouts.publish.charts.coverage_by_outlet import coverage
from readouts.publish.charts.data import NothingToDrawError
from readouts.publish.charts.entity_graph import entities
from readouts.publish.charts.statements_by_side import sides

if TYPE_CHECKING:
    from collections.abc import Callable

    from readouts.publish.charts.chart import Chart
    from readouts.publish.charts.data import CorpusTexts

__all__ = ["CHARTS", "ChartKind", "plot"]


@dataclass(frozen=True, slots=True)
class ChartKind:
    """A kind of chart."""

    shows: str
    draw: Callable[[CorpusTexts, str | None], Chart]
    of_events_only: bool = False


def _sides(corpus: CorpusTexts, event: str | None) -> Chart:
    if event is None:
        told = sorted({row["event_id"] or "" for row in corpus.texts("accounts")})
        known = f"Events with accounts: {', '.join(told[:12])}{', …' if len(told) > 12 else ''}." if told else ""
        message = f"The chart 'sides' is of one event: expected its id (--event). {known}".rstrip()
        raise NothingToDrawError(message)
    return sides(corpus, event)


CHARTS = {
    "sides": ChartKind("The statements of an event, by side and topic.", _sides, of_events_only=True),
    "agreement": ChartKind(
        "What the accounts of both sides say, contest, and say alone: by topic for an event, else by event.", agreement
    ),
    "omissions": ChartKind("What each issuer's accounts leave out of the other side's claims, by topic.", omissions),
    "coverage": ChartKind("What each outlet carries: statements by side, and the accounts.", coverage),
    "entities": ChartKind("Who did what to whom, as a graph of entities and relations.", entities),
}
"""Every kind of chart, by its name."""


def plot(corpus: CorpusTexts, name: str, event: str | None = None) -> Chart:
    """Draw a chart by its name.

    Parameters
    ----------
    corpus
        The corpus.
    name
        One of `CHARTS`.
    event
        Id or title of an event; None for the whole corpus.

    Raises
    ------
    UnknownIdError
        There is no such chart, or no such event.
    NothingToDrawError
        There is nothing to draw, or the chart needs an event.
    MissingDependencyError
        Matplotlib is not installed: `pip install 'readouts[charts]'`.

    Examples
    --------
    >>> import readouts
    >>> plot(readouts.load(), "coverage")
    <readouts chart 'coverage': What each outlet carries>
    """
    if name not in CHARTS:
        message = f"Unknown chart '{name}'. {did_you_mean(name, CHARTS)}"
        raise UnknownIdError(message)
    return CHARTS[name].draw(corpus, event)
