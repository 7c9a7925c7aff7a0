"""The charts of a corpus as methods: `corpus.plot.sides(EVENT)` is what `readouts plot sides --event EVENT` draws."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from readouts.loaders.schema_guard import question
from readouts.publish.charts.data import CorpusTexts

if TYPE_CHECKING:
    from readouts.datapackage.package.package import DataPackage
    from readouts.publish.charts.chart import Chart

__all__ = ["Plots"]


class _CorpusOnDisk(CorpusTexts, Protocol):
    @property
    def package(self) -> DataPackage: ...


class Plots:
    """The charts of a corpus. A chart at the end of a notebook cell is displayed; `.save("chart.svg")` writes it.

    Each needs Matplotlib, `pip install 'readouts[charts]'`, and raises `MissingDependencyError` without it.

    Parameters
    ----------
    corpus
        The corpus that is drawn.

    Examples
    --------
    >>> import readouts
    >>> readouts.load("1.0.0").plot
    <Plots of readouts 1.0.0: sides, agreement, omissions, coverage, entities>
    """

    def __init__(self, corpus: _CorpusOnDisk) -> None:
        self._corpus = corpus
        self._package = corpus.package

    def __repr__(self) -> str:
        from readouts.publish.charts import CHARTS

        return f"<Plots of {self._corpus.name} {self._corpus.version}: {', '.join(CHARTS)}>"

    @question
    def sides(self, event: str) -> Chart:
        """Draw the statements of an event by side and topic; see `readouts.publish.charts.sides`.

        Parameters
        ----------
        event
            Id or title of the event.

        Raises
        ------
        UnknownIdError
            The corpus doesn't have the event.
        NothingToDrawError
            Nobody says anything of it.

        Examples
        --------
        >>> import readouts
        >>> chart = readouts.load().plot.sides("call-2014-03-06")
        >>> chart.rows[0]["topic"]
        'call'
        """
        from readouts.publish.charts import sides

        return sides(self._corpus, event)

    @question
    def agreement(self, event: str | None = None) -> Chart:
        """Draw what the accounts of both sides say, contest, and say alone; see `readouts.publish.charts.agreement`.

        Parameters
        ----------
        event
            Id or title of an event, to see its claims by topic; None for all that have accounts, one below the other.

        Raises
        ------
        UnknownIdError
            The corpus doesn't have the event.
        NothingToDrawError
            Neither side makes a claim.

        Examples
        --------
        >>> import readouts
        >>> readouts.load().plot.agreement("call-2014-03-28").title
        'Where the two accounts meet: Call between Obama and Putin, 28 March 2014'
        """
        from readouts.publish.charts import agreement

        return agreement(self._corpus, event)

    @question
    def omissions(self, event: str | None = None, *, limit: int = 4) -> Chart:
        """Draw what each account leaves out of the other side's claims; see `readouts.publish.charts.omissions`.

        Parameters
        ----------
        event
            Id or title of an event; None for all in which an article carries an account of each side in full.
        limit
            How many issuers have a column: those with most claims of the other side.

        Raises
        ------
        UnknownIdError
            The corpus doesn't have the event.
        NothingToDrawError
            In no event, or not in this one, is an account of each side there in full.

        Examples
        --------
        >>> import readouts
        >>> readouts.load().plot.omissions()
        <readouts chart 'omissions': What each side leaves out>
        """
        from readouts.publish.charts import omissions

        return omissions(self._corpus, event, limit=limit)

    @question
    def coverage(self, event: str | None = None, *, limit: int = 30) -> Chart:
        """Draw what each outlet carries: statements by side, and the accounts; see `readouts.publish.charts.coverage`.

        Parameters
        ----------
        event
            Id or title of an event; None for everything.
        limit
            How many outlets have a line of their own; the last line is the rest.

        Raises
        ------
        UnknownIdError
            The corpus doesn't have the event.
        NothingToDrawError
            No article says anything of it.

        Examples
        --------
        >>> import readouts
        >>> [row["outlet"] for row in readouts.load().plot.coverage("call-2014-03-06").rows]
        ['Zero Hedge', 'The Moscow Times']
        """
        from readouts.publish.charts import coverage

        return coverage(self._corpus, event, limit=limit)

    @question
    def entities(self, event: str | None = None, *, limit: int = 60) -> Chart:
        """Draw the entities and who did what to whom; see `readouts.publish.charts.entities`.

        Parameters
        ----------
        event
            Id or title of an event; None for all relations.
        limit
            How many entities are drawn: those with most relations.

        Raises
        ------
        UnknownIdError
            The corpus doesn't have the event.
        NothingToDrawError
            No relation joins two entities.

        Examples
        --------
        >>> import readouts
        >>> readouts.load().plot.entities("call-2014-03-28").name
        'entities'
        """
        from readouts.publish.charts import entities

        return entities(self._corpus, event, limit=limit)
