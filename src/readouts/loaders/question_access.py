"""Questions about several tables of a corpus at once, each answer a frame or a graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, overload

from readouts.datapackage.suggest import did_you_mean
from readouts.loaders.schema_guard import question
from readouts.loaders.table_access import TableAccess

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from readouts.analysis.overview import OverviewBy

__all__ = ["QuestionAccess"]


class QuestionAccess(TableAccess):
    """The questions to a corpus that join its tables."""

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
            `chain` (the sources from the outermost inwards, as text), `speaker_name`, `addressee_name`,
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
            One row per step: `depth` (0 is the outermost), `seq` (joint sources share a depth), `source` (name of the
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
            Id or title of an event; None for all.

        Returns
        -------
        pandas.DataFrame
            A row for each pair of statements whose wording is compared, the most telling relation first: `relation`
            (`quotes_altered`, `translation_variant`, `quotes_verbatim`, `paraphrase`), `event_id`, `scope`,
            `rationale`, and for each statement, a and b, its id, `summary`, `side`, `side_name` and `outlet`.

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
        self, speaker: str | None = None, *, addressee: str | None = None, event: str | None = None
    ) -> pd.DataFrame:
        """Return who said what to whom, according to whom.

        Parameters
        ----------
        speaker
            Id, name or alias of an entity: only what it said, alone or together with others.
        addressee
            Id, name or alias of an entity: only what was said to it.
        event
            Id or title of an event: only statements about it.

        Returns
        -------
        pandas.DataFrame
            One row per statement: `speaker` (innermost source; joint ones are joined by '+'), `act`, `addressee`,
            `summary`, `topic`, `chain` (all sources, as text), `side`, `side_name`, `outlet`, `event_date`, and the ids
            of statement, speaker (missing where it is joint or unnamed), addressee, event and article.

        Raises
        ------
        UnknownIdError
            The entity or event is unknown, or several have that name.

        Examples
        --------
        >>> import readouts
        >>> said = readouts.load().who_said_what("Putin", addressee="Obama")
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
            message = f"Unknown graph '{of}'. {did_you_mean(of, kinds)}"
            raise ValueError(message)
        return kinds[of](self)
