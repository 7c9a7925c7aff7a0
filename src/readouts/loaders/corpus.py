"""The class that `load()` and `open()` give: a release of the corpus, and what it can be asked."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

from readouts.analysis.comparison import Comparison, compare
from readouts.datapackage.optional import requires_extra
from readouts.datapackage.suggest import did_you_mean
from readouts.loaders.repr import as_html, as_text
from readouts.loaders.schema_guard import question
from readouts.loaders.table_access import TableAccess

if TYPE_CHECKING:
    import os
    from collections.abc import Collection

    import networkx as nx
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from readouts.analysis.overview import OverviewBy
    from readouts.datapackage.diff_api import PackageDiff
    from readouts.datapackage.package.package import DataPackage
    from readouts.loaders.citation import Citation
    from readouts.publish.charts.accessor import Plots
    from readouts.text.hydration import ArticleReport

__all__ = ["Corpus"]

_PLOTS = "readouts.publish.charts.accessor"
"""Where `corpus.plot` is: charts lie above the loaders."""


class Corpus(TableAccess):
    """A release of the corpus: one attribute a table, read when it is first asked for.

    Parameters
    ----------
    package
        The package on disk.

    Examples
    --------
    >>> import readouts
    >>> corpus = readouts.load()
    >>> sorted(corpus.tables)[:3]
    ['accounts', 'addressees', 'alignments']
    >>> corpus.events.loc[0, "kind"] in {"call", "meeting", "visit", "session", "decision", "letter", "statement"}
    True
    """

    def __repr__(self) -> str:
        return as_text(self._package, self.version, self._quoted())

    def _repr_html_(self) -> str:
        return as_html(self._package, self.version, self._quoted())

    def _quoted(self) -> str:
        found = [report.problem is None for report in self.hydration]
        return f", with the quotations of {sum(found)} of {len(found)} articles: not for publication" if found else ""

    def cite(self) -> Citation:
        """Return how this release is cited: `print(corpus.cite())`, and `.bibtex` for BibTeX.

        Examples
        --------
        >>> import readouts
        >>> readouts.load().cite().text.startswith("The readouts contributors (2026).")
        True
        >>> print(readouts.load("1.0.0").cite().bibtex.partition(",")[0])
        @misc{readouts-1.0.0
        """
        from readouts.loaders.citation import citation

        return citation({**self._package.descriptor, "version": self.version})

    @question
    def compare(self, event: str) -> Comparison:
        """Lay the accounts of one event side by side.

        Parameters
        ----------
        event
            Id of the event.

        Returns
        -------
        Comparison
            What both sides say, contest, and say alone, with the articles that carry each.

        Raises
        ------
        UnknownIdError
            The corpus doesn't have the event.

        Examples
        --------
        >>> import readouts
        >>> readouts.load().compare("call-2014-03-28").sides[0].names
        ('Barack Obama',)
        """
        return compare(event, self.texts)

    @overload
    def overview(self, by: OverviewBy = ..., *, to: Literal["pandas"] = ...) -> pd.DataFrame: ...
    @overload
    def overview(self, by: OverviewBy = ..., *, to: Literal["polars"]) -> pl.DataFrame: ...
    @overload
    def overview(self, by: OverviewBy = ..., *, to: Literal["arrow"]) -> pa.Table: ...
    def overview(self, by: OverviewBy = "event", *, to: Literal["pandas", "polars", "arrow"] = "pandas") -> Any:
        """Count the claims of all events: by group, and what each account leaves out of the other side's claims.

        Parameters
        ----------
        by
            `event`: a row per event, with its claims by group. `issuer`: a row per issuer, other side and topic, with
            what the issuer's accounts do with the claims of the other side's. `topic`: a row per topic and pair of
            governments, with who raises it. `year` and `pair`: claims by group again.
        to
            The library of the frame: `pandas`, `polars` or `arrow`.

        Returns
        -------
        pandas.DataFrame, polars.DataFrame or pyarrow.Table
            The page on questions across events documents the columns. `claim_keys` lists the claims that a row counts,
            each as `event_id/claim_id`. All but `event` count only events in which an article carries an account of
            each side in full (`accounts` is `in_full`): what an account leaves out can't be known from parts of it.

        Raises
        ------
        ArgumentError
            `by` or `to` is not one of these values.

        Examples
        --------
        >>> import readouts
        >>> counts = readouts.load().overview().set_index("event_id")
        >>> int(counts.loc["call-2014-03-06", "both"]) == readouts.load().compare("call-2014-03-06").counts["both"]
        True
        >>> "Kremlin" in set(readouts.load().overview("issuer")["issuer"])
        True
        """
        from readouts.loaders.questions import overview_frame

        return overview_frame(self, by, to)

    @question
    def statements_with_names(self) -> pd.DataFrame:
        """Return the statements with everything joined that says who, where and when.

        Returns
        -------
        pandas.DataFrame
            One row per statement: the columns of `statements`, and `side` (`a`, `b`, `both` or `third`), `side_name`,
            `chain` (the sources from the outermost inwards, in words), `speaker_name`, `addressee_name`,
            `event_title`, `event_date`, `article_title`, `outlet_name` and `published_on`.

        Examples
        --------
        >>> import readouts
        >>> statements = readouts.load().statements_with_names().set_index("statement_id")
        >>> statements.loc["kremlin-2022-02-25.s04", "chain"]
        'Kremlin > Xi Jinping'
        """
        from readouts.loaders.questions import statements_with_names

        return statements_with_names(self)

    @question
    def source_chain(self, statement: str) -> pd.DataFrame:
        """Return the sources that a statement came through, the outermost first.

        Parameters
        ----------
        statement
            Id of the statement.

        Returns
        -------
        pandas.DataFrame
            One row a step: `depth` (0 is the outermost), `seq` (joint sources share a depth), `source` (name of the
            entity, or how an unnamed source is called), `entity_id`, and `account_id`, the document that the step
            speaks through.

        Raises
        ------
        UnknownIdError
            There is no such statement.

        Examples
        --------
        >>> import readouts
        >>> readouts.load().source_chain("moscow-times-2014-03-07.s07")["source"].to_list()
        ['White House', 'Barack Obama']
        """
        from readouts.loaders.questions import source_chain

        return source_chain(self, statement)

    @question
    def quotations(self, event: str | None = None) -> pd.DataFrame:
        """Return how the wordings of statements compare: which quotations were altered, and which kept.

        Parameters
        ----------
        event
            Id of an event; None for all.

        Returns
        -------
        pandas.DataFrame
            A row for each pair of statements whose wording is compared, the most telling relation first: `relation`
            (`quotes_altered`, `translation_variant`, `quotes_verbatim`, `paraphrase`), `event_id`, `scope`,
            `rationale`, and for each statement, a and b, its id, `summary`, `side` and `outlet`.

        Raises
        ------
        UnknownIdError
            The corpus doesn't have the event.

        Examples
        --------
        >>> import readouts
        >>> wording = readouts.load().quotations("call-2014-03-06")
        >>> print(wording["statement_a"][wording["relation"] == "quotes_altered"].to_list())
        ['moscow-times-2014-03-07.s07']
        """
        from readouts.loaders.questions import quotations

        return quotations(self, event)

    @question
    def who_said_what(
        self, *, speaker: str | None = None, addressee: str | None = None, event: str | None = None
    ) -> pd.DataFrame:
        """Return who said what to whom, according to whom.

        Parameters
        ----------
        speaker
            Id of an entity: only what it said, alone or together with others.
        addressee
            Id of an entity: only what was said to it.
        event
            Id of an event: only statements that speak of it.

        Returns
        -------
        pandas.DataFrame
            One row a statement: `speaker` (innermost source; joint ones are joined by '+'), `act`, `addressee`,
            `summary`, `topic`, `chain` (all sources, in words), `side`, `outlet`, `event_date`, and the ids of
            statement, speaker (missing where it is joint or unnamed), addressee, event and article.

        Raises
        ------
        UnknownIdError
            There is no such entity or event.

        Examples
        --------
        >>> import readouts
        >>> said = readouts.load().who_said_what(speaker="vladimir-putin", addressee="barack-obama")
        >>> said["side"].unique().tolist()
        ['b']
        """
        from readouts.loaders.questions import who_said_what

        return who_said_what(self, speaker, addressee, event)

    @question
    def graph(self, of: Literal["entities", "statements"] = "entities") -> nx.MultiDiGraph[str]:
        """Return the corpus as a directed graph of networkx.

        Parameters
        ----------
        of
            `entities`: entities, joined by the relations from subject to object, with the relation's id as the key of
            the edge. Relations without an object have no edge: `graph.graph["without_object"]` has their ids, joined
            by '|'. `statements`: accounts and statements (attribute `node`), joined by edges (attribute `edge`)
            `through`, from a statement to the account that a step of its chain speaks through; `parent`, to the
            statement that it is part of; and `alignment`, from a to b of "a RELATION b".

        Returns
        -------
        networkx.MultiDiGraph
            Nodes and edges have the other columns of their rows as attributes, as far as they have a value; dates are
            texts, lists are joined by '|', so that every format of graph files can hold them.

        Raises
        ------
        MissingDependencyError
            networkx is not installed: `pip install 'readouts[graph]'`.

        Examples
        --------
        >>> import readouts
        >>> readouts.load().graph().nodes["barack-obama"]["kind"]
        'person'
        >>> graph = readouts.load().graph("statements")
        >>> sorted({edge for _, _, edge in graph.edges(data="edge")})
        ['alignment', 'parent', 'through']
        """
        from readouts.loaders.graphs import entity_graph, statement_graph

        kinds = {"entities": entity_graph, "statements": statement_graph}
        if of not in kinds:
            message = f"There is no graph of '{of}'. {did_you_mean(of, kinds)}"
            raise ValueError(message)
        return kinds[of](self)

    @property
    def plot(self) -> Plots:
        """The charts, such as `plot.sides(EVENT)`, `plot.agreement()` and `plot.omissions()`.

        Examples
        --------
        >>> import readouts
        >>> readouts.load().plot.coverage()
        <readouts chart 'coverage': What each outlet carries>
        """
        plots: Plots = import_module(_PLOTS).Plots(self)
        return plots

    def changes(
        self,
        since: str | Corpus,
        *,
        ids: Collection[str] | None = None,
        registry: str | os.PathLike[str] | None = None,
    ) -> PackageDiff:
        """Return what changed since another release.

        Parameters
        ----------
        since
            Version of the other release, which is taken as `load()` takes it; or another corpus.
        ids
            Ids, of any table, that the answer is to be about; None for everything.
        registry
            Where releases lie, as for `load()`.

        Returns
        -------
        PackageDiff
            What `readouts diff` shows: changed cells, added and removed rows, and what became of each id (`asked`).

        Raises
        ------
        MissingDependencyError
            What compares is not installed: `pip install 'readouts[toolkit]'`.
        UnknownIdError, FetchError
            The other release is not known, or can't be had.

        Examples
        --------
        >>> import readouts
        >>> found = readouts.load("1.1.0").changes("1.0.0", ids=["new-daily-2014-03-28.s20", "kremlin-2014-03-06"])
        >>> [(each.id, each.status) for each in found.asked]
        [('new-daily-2014-03-28.s20', 'added'), ('kremlin-2014-03-06', 'unchanged')]
        """
        from readouts.loaders.changes import diff
        from readouts.loaders.opening import opened_release

        with requires_extra("changes()", "toolkit"):
            import_module("readouts.datapackage.difference.compare")
        if isinstance(since, Corpus):
            return diff(since.package, self.package, ids=ids, limit=None)
        return diff(opened_release(since, registry), self.package, ids=ids, limit=None)

    def fetch_texts(
        self, output: str | os.PathLike[str], articles: Collection[str] = (), *, refresh: bool = False
    ) -> pd.DataFrame:
        """Fetch the texts of articles from their addresses into a folder, for your own use; don't pass them on.

        Rights and terms of each document are printed to standard error before the first request. See `readouts texts`
        on the command line for what is asked and what is left out.

        Parameters
        ----------
        output
            The folder, which git must not track: `<article_id>.txt` for each text. `hydrate()` reads it.
        articles
            Ids of the articles; none means all.
        refresh
            Whether texts that are there, and pages in the cache, are fetched anew.

        Returns
        -------
        pandas.DataFrame
            One row per article: `article_id`, `status` (`fetched`, `there`, `left out`, `failed`), `reason` (missing
            where the text is there), `address`, `file`, and how many spans were found `exact`, `moved` or `drifted`
            or not at all (`orphan`).

        Raises
        ------
        MissingDependencyError
            What reads pages is not installed: `pip install 'readouts[texts]'`.
        UnknownIdError
            The corpus doesn't have one of the articles.
        ReadoutsError
            Git tracks the folder.

        Examples
        --------
        >>> import readouts
        >>> found = readouts.load("1.1.0").fetch_texts("texts", ["new-daily-2014-03-28"])
        >>> print(found.loc[0, "reason"])
        the corpus has no address of it
        """
        from readouts.loaders.texts import fetch_texts, texts_frame

        return texts_frame(fetch_texts(self.package, Path(output), articles, refresh=refresh))

    @question
    def hydrate(self, texts: str | os.PathLike[str]) -> Corpus:
        """Return the corpus with the quotations put back, for those who lawfully have the texts.

        Parameters
        ----------
        texts
            Folder with the texts, one UTF-8 file an article, named `<article_id>.txt`.

        Returns
        -------
        Corpus
            `statements` gains `content`, the words of the statement; `spans` gains `text`, `found_start` and
            `found_end` (Unicode code points) and `found`: `exact`, `moved`, `drifted` or `orphan`. They are missing
            where an article has no text; `hydration` tells how each was found. Nothing is written: the result holds
            text of the articles and must not be published.

        Raises
        ------
        ReadoutsError
            There is no such folder, or no text in it is one of the corpus.

        Examples
        --------
        >>> import readouts
        >>> readouts.load().hydrate("nowhere")
        Traceback (most recent call last):
        readouts.datapackage.errors.ReadoutsError: nowhere is no folder: expected the folder with the articles' texts, \
one UTF-8 .txt file each.
        """
        from readouts.loaders.quotations import hydrated

        made = Corpus(hydrated(self._package, Path(texts)))
        # The files of an archive live as long as the corpus that was opened from it.
        made._kept = self
        return made

    @property
    def hydration(self) -> tuple[ArticleReport, ...]:
        """How the text of each article was found; empty for a corpus without quotations."""
        return getattr(self._package, "reports", ())

    @property
    def package(self) -> DataPackage:
        """The package on disk that this was loaded from, without quotations."""
        return self._kept.package if self._kept is not None else self._package

    _kept: Corpus | None = None
