"""The corpus as graphs of networkx."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from readouts.datapackage.optional import requires_extra

if TYPE_CHECKING:
    from collections.abc import Mapping

    import networkx as nx

    from readouts.loaders.table_access import TableAccess

__all__ = ["entity_graph", "statement_graph"]


def _attributes(row: Mapping[str, Any], without: tuple[str, ...]) -> dict[str, Any]:
    """Return the cells of a row as graph files can hold them: nothing missing, dates and lists as text."""
    attributes = {}
    for name, value in row.items():
        if name in without or value is None or value == []:
            continue
        attributes[name] = (
            "|".join(value) if isinstance(value, list) else value.isoformat() if isinstance(value, date) else value
        )
    return attributes


def entity_graph(corpus: TableAccess) -> nx.MultiDiGraph[str]:
    """Return entities, joined by the relations between them; see `Corpus.graph`."""
    with requires_extra("graph()"):
        import networkx as nx

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(name=f"{corpus.name} {corpus.version}: entities")
    for row in corpus.rows("entities"):
        graph.add_node(row["entity_id"], **_attributes(row, ("entity_id",)))
    alone = []
    for relation in corpus.rows("relations"):
        if relation["object_id"] is None:
            alone.append(relation["relation_id"])
            continue
        graph.add_edge(
            relation["subject_id"],
            relation["object_id"],
            key=relation["relation_id"],
            **_attributes(relation, ("relation_id", "subject_id", "object_id")),
        )
    graph.graph["without_object"] = "|".join(alone)
    return graph


def statement_graph(corpus: TableAccess) -> nx.MultiDiGraph[str]:
    """Return accounts and statements, joined by what runs between them; see `Corpus.graph`."""
    with requires_extra("graph()"):
        import networkx as nx

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(name=f"{corpus.name} {corpus.version}: accounts and statements")
    for account in corpus.rows("accounts"):
        graph.add_node(account["account_id"], node="account", **_attributes(account, ("account_id",)))
    for statement in corpus.rows("statements"):
        graph.add_node(statement["statement_id"], node="statement", **_attributes(statement, ("statement_id",)))
    for step in corpus.rows("attributions"):
        if step["account_id"] is not None:
            key = f"{step['statement_id']}:{step['depth']}:{step['seq']}"
            graph.add_edge(step["statement_id"], step["account_id"], key=key, edge="through", depth=step["depth"])
    for statement in corpus.rows("statements"):
        if statement["parent_statement_id"] is not None:
            graph.add_edge(statement["statement_id"], statement["parent_statement_id"], key="parent", edge="parent")
    for alignment in corpus.rows("alignments"):
        graph.add_edge(
            alignment["statement_a"],
            alignment["statement_b"],
            key=alignment["alignment_id"],
            edge="alignment",
            **_attributes(alignment, ("alignment_id", "statement_a", "statement_b")),
        )
    return graph
