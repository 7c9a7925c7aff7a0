"""A proposal written as the draft of an article, and read back from an article's file."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from readouts.annotations.article import read_article
from readouts.annotations.drafts import quotations
from readouts.annotations.forms import DEFAULTS, REGION_ROLES, RELATION, STATEMENT
from readouts.annotations.nodes import Scalar, decode, parse
from readouts.annotations.placing import article_text, edit_nodes, place_spans
from readouts.annotations.records import Reading
from readouts.annotations.values import double_quoted
from readouts.datapackage.errors import ReadoutsError
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
    from collections.abc import Iterable, Mapping, Sequence

    from readouts.annotations.forms import Form
    from readouts.annotations.records import Cells
    from readouts.annotations.tree import TreeFile
    from readouts.proposals.proposal import Place
    from readouts.text.skeleton import Skeleton
    from readouts.text.sources import TextFolder

__all__ = ["draft_text", "form_cells", "proposal_of", "reading_proposal", "relation_names", "statement_names"]

_NO_LABELS = frozenset(
    ["parent_statement_id", "made_by", "review", "reviewed_by", "subject_id", "predicate", "object_id", "statement_id"]
)
_LABELS = [key.column for key in STATEMENT.keys if key.column and key.column not in _NO_LABELS]
_RELATION_LABELS = [key.column for key in RELATION.keys if key.column and key.column not in _NO_LABELS]
_PLAIN = re.compile(r"[a-z0-9][a-z0-9._-]*", re.ASCII)
_MOST = 0.5
"""The share of statements beyond which a label becomes the default."""


def draft_text(proposal: Proposal, head: str = "", text: Skeleton | None = None) -> str:
    r"""Write a proposal as the YAML of an article's draft, as `anchor` reads it.

    Parameters
    ----------
    proposal
        What is proposed.
    head
        The lines above the proposal: the article's metadata, from `title` to `carries`.
    text
        The text, whose words are then written in place of offsets wherever they lead back to the very place.

    Returns
    -------
    str
        The draft. After each statement, mention, region and relation a comment names its rule and confidence.

    Examples
    --------
    >>> from readouts.text.skeleton import Skeleton
    >>> marek = SourceProposal("jana-marek", at=((0, 5),), cue=((6, 10),))
    >>> statement = StatementProposal(((16, 34),), ((marek,),), Origin("en.subject-cue", 0.91), {"act": "say"})
    >>> text = Skeleton("Marek said that the bridge is open.")
    >>> print(draft_text(Proposal(statements=(statement,)), "title: A bridge\n", text), end="")
    title: A bridge
    defaults:
      act: say
    statements:
      s01:  # en.subject-cue 0.91
        content: "the bridge is open"
        sources:
          - {entity: jana-marek, at: "Marek", cue: "said"}
    """
    source = head + "".join(_lines(proposal))
    if text is None:
        return source
    root = parse(source, "draft")
    # Errors in a proposal are reported when the draft is anchored.
    reading = Reading("draft")
    read_article(root, "draft", reading)
    place_spans(reading, root, text)
    return edit_nodes(source, quotations(reading, root, text))


def statement_names(statements: Iterable[StatementProposal], taken: Iterable[str] = ()) -> list[str]:
    """Return the local name of each statement: its own, else the next `s01`, `s02`, ... that nothing has.

    Examples
    --------
    >>> one = StatementProposal(((0, 5),), (), Origin("en"))
    >>> statement_names([one, one], taken=["s01"])
    ['s02', 's03']
    """
    return _names(list(statements), "s", taken)


def relation_names(proposal: Proposal, old: Sequence[RelationProposal]) -> Proposal:
    """Give a relation the name of the old one that says the same of the same words; no other takes an old name."""
    free = [(_said(each), each.name) for each in old]
    named = []
    for relation in proposal.relations:
        name = next((name for said, name in free if said == _said(relation)), None)
        free = [(said, other) for said, other in free if other != name]
        named.append(replace(relation, name=name))
    names = _names(named, "r", [each.name for each in old if each.name is not None])
    relations = tuple(replace(each, name=name) for each, name in zip(named, names, strict=True))
    return replace(proposal, relations=relations)


def _said(relation: RelationProposal) -> tuple[object, ...]:
    return relation.subject, relation.predicate, relation.object, relation.at


def _names(
    items: Sequence[StatementProposal] | Sequence[RelationProposal], letter: str, taken: Iterable[str] = ()
) -> list[str]:
    used = {*taken, *(each.name for each in items)}
    fresh = (name for number in range(1, len(items) + len(used) + 1) if (name := f"{letter}{number:02}") not in used)
    return [each.name or next(fresh) for each in items]


def _lines(proposal: Proposal) -> Iterable[str]:
    if proposal.regions:
        yield "regions:\n"
        for region in proposal.regions:
            cells = {"role": region.role, "account": region.account, "at": _places([region.place], several=True)}
            yield f"  - {_flow(cells)}{_comment(region.origin)}\n"
    defaults = _defaults(proposal.statements)
    if defaults:
        yield "defaults:\n"
        yield from (f"  {key}: {_plain(value)}\n" for key, value in defaults.items())
    chains = _chains(proposal.statements)
    if chains:
        yield "chains:\n"
        yield from (f"  {name}: {_source(source)}\n" for source, name in chains.items())
    if proposal.statements:
        yield "statements:\n"
    for name, statement in zip(statement_names(proposal.statements), proposal.statements, strict=True):
        yield f"  {name}:{_comment(statement.origin)}\n"
        yield from _statement(statement, defaults, chains)
    yield from _mentions(proposal.mentions)
    if proposal.relations:
        yield "relations:\n"
    for name, relation in zip(_names(proposal.relations, "r"), proposal.relations, strict=True):
        yield f"  {name}:{_comment(relation.origin)}\n"
        named = {"subject_id": relation.subject, "predicate": relation.predicate, "object_id": relation.object}
        cells = {**relation.labels, **named, "statement_id": relation.statement}
        written = form_cells(RELATION, cells)
        if "contexts" in written:
            written["contexts"] = f"[{written['contexts'].replace('|', ', ')}]"
        yield from (f"    {key}: {value}\n" for key, value in written.items())
        yield f"    at: {_places(relation.at)}\n"


def _statement(
    statement: StatementProposal, defaults: Mapping[str, str], chains: Mapping[SourceProposal, str]
) -> Iterable[str]:
    labels = form_cells(STATEMENT, {**statement.labels, "parent_statement_id": statement.parent})
    # A default that the statement doesn't have is taken back.
    labels = {**{key: "" for key in defaults if key not in labels}, **labels}
    for key, value in labels.items():
        if value != (defaults.get(key) or None):
            yield f"    {key}: {_plain(value)}".rstrip() + "\n"
    for key, places in (
        ("content", statement.content),
        ("quoted", statement.quoted),
        ("addressee_at", statement.addressee),
    ):
        if places:
            yield f"    {key}: {_places(places)}\n"
    if statement.addressees:
        named = {entity: _places(places) if places else "" for entity, places in statement.addressees}
        yield f"    addressees: {_flow(named)}\n"
    yield "    sources:\n"
    for step in statement.chain:
        if len(step) == 1 and step[0] in chains:
            yield f"      - {chains[step[0]]}\n"
        elif len(step) == 1:
            yield f"      - {_source(step[0])}\n"
        else:
            yield "".join(
                f"      {'- ' if number == 0 else '  '}- {_source(source)}\n" for number, source in enumerate(step)
            )


def _mentions(mentions: Sequence[MentionProposal]) -> Iterable[str]:
    by_entity: dict[str, list[MentionProposal]] = {}
    for mention in mentions:
        by_entity.setdefault(mention.entity, []).append(mention)
    if by_entity:
        yield "mentions:\n"
    for entity, found in by_entity.items():
        yield f"  {entity}:\n"
        yield from (f"    - {_places([each.place])}{_comment(each.origin)}\n" for each in found)


def _defaults(statements: Sequence[StatementProposal]) -> dict[str, str]:
    """Return the labels that most statements have, but for those that speak of one statement alone."""
    counts = Counter(
        (key, value)
        for statement in statements
        for key, value in form_cells(DEFAULTS, statement.labels).items()
        if key != "addressee"
    )
    most = {key: value for (key, value), count in counts.items() if count > _MOST * len(statements)}
    return {key: most[key] for key in DEFAULTS.names if key in most}


def _chains(statements: Sequence[StatementProposal]) -> dict[SourceProposal, str]:
    """Return a name for each source that several statements come from as a whole: the issuers of documents."""
    first = (statement.chain[0] for statement in statements if statement.chain)
    counts = Counter(step[0] for step in first if len(step) == 1 and not step[0].at and not step[0].cue)
    shared = [source for source, count in counts.items() if count > 1]
    return {source: "issuer" if number == 1 else f"issuer{number}" for number, source in enumerate(shared, 1)}


def form_cells(form: Form, cells: Mapping[str, str | None]) -> dict[str, str]:
    """Return cells by the key that a form has for their column, in the form's order."""
    filled = ((key.name, cells.get(key.column or "")) for key in form.keys)
    return {key: value for key, value in filled if value is not None}


def _source(source: SourceProposal) -> str:
    return _flow(
        {
            "entity": source.entity,
            "label": None if source.label is None else _plain(source.label),
            "account": source.account,
            "at": _places(source.at) if source.at else None,
            "cue": _places(source.cue) if source.cue else None,
        }
    )


def _flow(cells: Mapping[str, str | None]) -> str:
    return f"{{{', '.join(f'{key}: {value}' for key, value in cells.items() if value is not None)}}}"


def _places(places: Sequence[Place], *, several: bool = False) -> str:
    written = ", ".join(f"[{start}, {end}]" for start, end in places)
    return f"[{written}]" if several or len(places) != 1 else written


def _plain(value: str) -> str:
    """Return a label or an id as it is, and any other text in quotation marks; nothing stands for no value."""
    plain = _PLAIN.fullmatch(value) is not None and value != "null"
    return value if plain or not value else double_quoted(value)


def _comment(origin: Origin) -> str:
    return f"  # {origin.rule}" + ("" if origin.confidence is None else f" {origin.confidence:.2f}")


def proposal_of(file: TreeFile, folder: TextFolder | None = None) -> Proposal:
    """Read an article's file as a proposal.

    Parameters
    ----------
    file
        The article's file.
    folder
        The texts, for a file with quotations that haven't been anchored.

    Returns
    -------
    Proposal
        What the file says, in its order; the origin of a statement is who made it.

    Raises
    ------
    ReadoutsError
        Something is wrong with the file.
    """
    reading = Reading(file.name)
    root = parse(decode(file.path, file.name), file.name)
    article = read_article(root, file.id, reading)
    text = None
    if folder is not None and not reading.incidents:
        text = article_text(file, folder, article.cells.get("sha256_raw"), reading)
    if text is not None:
        place_spans(reading, root, text.skeleton)
    if not reading.incidents and any(span.end is None for span in reading.spans):
        message = f"{file.name} has quotations, which have no place without the article's text."
        raise ReadoutsError(message)
    if reading.incidents:
        first = reading.incidents[0]
        message = f"{first.place()}: {first.message}"
        raise ReadoutsError(message)
    maker = root.items.get("made_by")
    return reading_proposal(reading, (maker.value if isinstance(maker, Scalar) else None) or "file")


def reading_proposal(reading: Reading, made_by: str) -> Proposal:
    """Return what a reading of an article says, whose spans have been placed, as a proposal."""
    spans: dict[tuple[str | None, ...], list[Place]] = {}
    for span in reading.spans:
        if not span.shared:
            spans.setdefault(_owner(span.role, span.owner), []).append((span.start or 0, span.end or 0))

    def places(role: str, **owner: str | None) -> tuple[Place, ...]:
        return tuple(spans.get(_owner(role, owner), ()))

    steps: dict[str | None, dict[str | None, list[SourceProposal]]] = {}
    for row in reading.of("attributions"):
        cells = row.cells
        owner = {name: cells.get(name) for name in ("statement_id", "depth", "entity_id", "account_id")}
        step = steps.setdefault(cells["statement_id"], {}).setdefault(cells["depth"], [])
        cue = () if step else places("cue", statement_id=cells["statement_id"], depth=cells["depth"])
        entity, label, account = (cells.get(name) for name in ("entity_id", "label", "account_id"))
        step.append(SourceProposal(entity, label, account, places("source", **owner), cue))
    further: dict[str | None, list[tuple[str, tuple[Place, ...]]]] = {}
    for row in reading.of("addressees"):
        statement, entity = row.cells["statement_id"], row.cells["entity_id"]
        found = places("addressee", statement_id=statement, entity_id=entity)
        further.setdefault(statement, []).append((entity or "", found))
    statements = []
    for row in reading.of("statements"):
        cells, name = row.cells, row.cells["statement_id"]
        statements.append(
            StatementProposal(
                content=places("content", statement_id=name),
                chain=tuple(tuple(step) for step in steps.get(name, {}).values()),
                origin=Origin(cells.get("made_by") or made_by),
                labels={key: value for key in _LABELS if (value := cells.get(key)) is not None},
                quoted=places("quoted", statement_id=name),
                addressee=places("addressee", statement_id=name, entity_id=cells.get("addressee_id")),
                addressees=tuple(further.get(name, ())),
                name=_local(name),
                parent=_local(cells.get("parent_statement_id")),
            )
        )
    relations = []
    for row in reading.of("relations"):
        cells = row.cells
        relations.append(
            RelationProposal(
                subject=cells.get("subject_id") or "",
                predicate=cells.get("predicate") or "",
                origin=Origin(made_by),
                object=cells.get("object_id"),
                statement=_local(cells.get("statement_id")),
                labels={key: value for key in _RELATION_LABELS if (value := cells.get(key)) is not None},
                at=places("relation", relation_id=cells["relation_id"]),
                name=_local(cells["relation_id"]),
            )
        )
    regions, mentions = [], []
    for span in reading.spans:
        place = span.start or 0, span.end or 0
        if span.role in REGION_ROLES:
            regions.append(RegionProposal(span.role, place, Origin(made_by), span.owner.get("account_id")))
        elif span.role == "mention":
            mentions.append(MentionProposal(span.owner["entity_id"] or "", place, Origin(made_by)))
    mentions.sort(key=lambda mention: mention.place)
    return Proposal(tuple(regions), tuple(statements), tuple(mentions), tuple(relations))


def _owner(role: str, owner: Cells) -> tuple[str | None, ...]:
    """Return what tells the spans of one owner from all others."""
    return (role, *(owner.get(name) for name in ("statement_id", "depth", "entity_id", "account_id", "relation_id")))


def _local(name: str | None) -> str | None:
    """Return the local name of a statement."""
    return None if name is None else name.rpartition(".")[2]
