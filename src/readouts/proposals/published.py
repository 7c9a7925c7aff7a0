"""Published annotations as proposals, and proposals as rows of the tables that annotations are published in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.analysis.sides import grouped
from readouts.proposals.proposal import (
    MentionProposal,
    Origin,
    Proposal,
    RegionProposal,
    RelationProposal,
    SourceProposal,
    StatementProposal,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from readouts.analysis.sides import Row, Rows
    from readouts.proposals.proposal import Place

__all__ = ["local_names", "published_proposals", "rows_of"]

_PUBLISHED = Origin("published")
_LABELS = ("event_id", "addressee_id", "form", "medium", "act", "topic", "polarity", "certainty", "modality", "summary")
_REGIONS = frozenset({"headline", "caption", "readout", "boilerplate"})


def local_names(statements: Sequence[StatementProposal]) -> list[str]:
    """Return the local name of each statement: its own, or one of its place that no other has."""
    given = {statement.name for statement in statements}
    fresh = (f"p{number:03d}" for number in range(2 * len(statements)))
    free = (name for name in fresh if name not in given)
    return [statement.name or next(free) for statement in statements]


def rows_of(rows: Rows, proposals: Mapping[str, Proposal]) -> Rows:
    """Return proposals as tables, as far as `agree` compares them.

    Parameters
    ----------
    rows
        Gives the rows of a table of the package that the articles are in.
    proposals
        What is proposed, by article.

    Returns
    -------
    callable
        Gives the rows of a table by its name. The articles are those of the proposals, and no statements are aligned.
    """
    made: dict[str, list[Row]] = {name: [] for name in ("statements", "spans", "attributions", "relations")}
    made["articles"] = [row for row in rows("articles") if row["article_id"] in proposals]
    for article, proposal in proposals.items():
        for name, statement in zip(local_names(proposal.statements), proposal.statements, strict=True):
            _statement_rows(article, f"{article}.{name}", statement, made)
        for number, mention in enumerate(proposal.mentions):
            cells = _span(article, "mention", mention.place, entity_id=mention.entity)
            made["spans"].append({**cells, "span_id": f"{article}.m{number:04d}"})
        for relation in proposal.relations:
            cells = {"subject_id": relation.subject, "predicate": relation.predicate, "object_id": relation.object}
            made["relations"].append({"article_id": article, **cells})
    return lambda name: made.get(name, [])


def _statement_rows(article: str, name: str, statement: StatementProposal, made: dict[str, list[Row]]) -> None:
    innermost = statement.chain[-1] if statement.chain else ()
    speaker = innermost[0].entity if len(innermost) == 1 else None
    labels = {column: statement.labels.get(column) for column in _LABELS}
    made["statements"].append({"statement_id": name, "article_id": article, "speaker_id": speaker, **labels})
    for place in statement.content:
        made["spans"].append(_span(article, "content", place, statement_id=name))
    for depth, step in enumerate(statement.chain):
        for seq, source in enumerate(step):
            cells = {"entity_id": source.entity, "label": source.label, "account_id": source.account}
            made["attributions"].append({"statement_id": name, "depth": str(depth), "seq": str(seq), **cells})


def _span(article: str, role: str, place: Place, **owner: str | None) -> dict[str, str | None]:
    cells = dict.fromkeys(("span_id", "statement_id", "entity_id"))
    return {**cells, "article_id": article, "role": role, "start": str(place[0]), "end": str(place[1]), **owner}


def published_proposals(rows: Rows, articles: Collection[str] | None = None) -> dict[str, Proposal]:
    """Return the annotations of a package as proposals, by article.

    Parameters
    ----------
    rows
        Gives the rows of a table by its name.
    articles
        Only these; all of them without it.

    Returns
    -------
    dict
        In the order of the tables. The origin of everything is `published`.

    Examples
    --------
    >>> from readouts.corpus_schema.bundled import bundled_package
    >>> from readouts.datapackage.package.package import open_package
    >>> published = published_proposals(open_package(bundled_package()).rows, ["zero-hedge-2014-03-06"])
    >>> len(published["zero-hedge-2014-03-06"].statements)
    25
    """
    kept = [name for row in rows("articles") if (name := row["article_id"] or "") in (articles or {name})]
    all_spans = list(rows("spans"))
    spans, of_statement = grouped(all_spans, "article_id"), grouped(all_spans, "statement_id")
    steps = grouped(rows("attributions"), "statement_id")
    statements, relations = (grouped(rows(table), "article_id") for table in ("statements", "relations"))
    return {
        name: Proposal(
            regions=tuple(
                RegionProposal(span["role"] or "", _place(span), _PUBLISHED, span["account_id"])
                for span in spans.get(name, ())
                if span["role"] in _REGIONS
            ),
            statements=tuple(
                _statement(row, steps.get(key, ()), of_statement.get(key, ()))
                for row in statements.get(name, ())
                for key in [row["statement_id"] or ""]
            ),
            mentions=tuple(
                MentionProposal(span["entity_id"] or "", _place(span), _PUBLISHED)
                for span in spans.get(name, ())
                if span["role"] == "mention"
            ),
            relations=tuple(map(_relation, relations.get(name, ()))),
        )
        for name in kept
    }


def _place(span: Row) -> Place:
    return int(span["start"] or 0), int(span["end"] or 0)


def _relation(row: Row) -> RelationProposal:
    subject, predicate = row["subject_id"] or "", row["predicate"] or ""
    return RelationProposal(subject, predicate, _PUBLISHED, row["object_id"], row["statement_id"])


def _statement(row: Row, steps: Sequence[Row], spans: Sequence[Row]) -> StatementProposal:
    def places(role: str, depth: int | None = None) -> tuple[Place, ...]:
        named = [span for span in spans if span["role"] == role and depth in (None, int(span["depth"] or -1))]
        return tuple(dict.fromkeys(sorted(map(_place, named))))

    chain: list[tuple[SourceProposal, ...]] = []
    for depth in range(1 + max((int(step["depth"] or 0) for step in steps), default=-1)):
        joint = sorted((step for step in steps if step["depth"] == str(depth)), key=lambda step: int(step["seq"] or 0))
        sources = []
        for seq, step in enumerate(joint):
            named = ("source", str(depth), step["entity_id"])
            at = tuple(_place(span) for span in spans if (span["role"], span["depth"], span["entity_id"]) == named)
            cue = places("cue", depth) if seq == 0 else ()
            sources.append(SourceProposal(step["entity_id"], step["label"], step["account_id"], at, cue))
        chain.append(tuple(sources))
    name = (row["statement_id"] or "").removeprefix(f"{row['article_id']}.")
    labels = {column: value for column in _LABELS if (value := row[column]) is not None}
    return StatementProposal(
        content=places("content"),
        chain=tuple(chain),
        origin=_PUBLISHED,
        labels=labels,
        quoted=places("quoted"),
        addressee=places("addressee"),
        name=name,
    )
