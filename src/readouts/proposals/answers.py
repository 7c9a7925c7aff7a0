"""The answer of a language model: read, checked against schema and text, and every part that doesn't fit listed.

Each statement, region, mention and relation is judged by itself. An answer holds what the forms of annotation files
take: the same reader checks it, and the same search finds its quotations, as when an article is anchored.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from readouts.annotations.article import read_article
from readouts.annotations.forms import RELATION, STATEMENT
from readouts.annotations.nodes import Limits
from readouts.annotations.placing import place_spans
from readouts.annotations.records import Reading
from readouts.annotations.summaries import copied_summaries
from readouts.corpus_schema.incident_codes import incident
from readouts.datapackage.errors import ReadoutsError
from readouts.datapackage.incident import Source
from readouts.datapackage.json_schema_text import JsonSchema, found_text
from readouts.datapackage.suggest import did_you_mean, nearest
from readouts.datapackage.words import quoted
from readouts.proposals.answer_json import ASK_AGAIN, DoubledKeys, value_of
from readouts.proposals.answer_nodes import MADE_BY, AnswerNodes
from readouts.proposals.answer_schema import PARTS, answer_types, known_labels, part_schema
from readouts.proposals.draft_text import form_cells, reading_proposal, statement_names
from readouts.text.quotation import edges_hold, quote_places

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from readouts.compile.link import KnownIds
    from readouts.datapackage.incident import Incident
    from readouts.proposals.answer_nodes import Way
    from readouts.proposals.proposal import Place, Proposal
    from readouts.text.skeleton import Skeleton

__all__ = ["answer_of", "article_of", "read_answer"]

_Finding = tuple["Way", "Incident"]

_TYPES = {**PARTS, "sources": "source", "addressees": "addressee"}
"""Types of what the lists of an answer hold; any other list of objects holds words."""
_NO_DOCUMENTS: dict[str, Any] = {}
_MOST_DEPTH, _MOST_VALUES = Limits().depth, 50_000


def read_answer(answer: str | bytes, article: str, text: Skeleton, known: KnownIds) -> tuple[Proposal, list[Incident]]:
    r"""Read a language model's answer about a text.

    Parameters
    ----------
    answer
        What the model wrote: JSON as `answer_schema` describes it, alone, in a code block or between other words.
    article
        Id of the article.
    text
        Its text.
    known
        The ids that the answer may use.

    Returns
    -------
    tuple
        What fits; and for each part that doesn't, what is wrong, with its place in the answer as file of its source.
        A warning keeps nothing out.

    Raises
    ------
    ReadoutsError
        There is no answer in it: not UTF-8, not JSON, several objects, or about another article.

    Examples
    --------
    >>> from readouts.compile.link import KnownIds
    >>> from readouts.text.skeleton import Skeleton
    >>> regions = [{"role": "headline", "at": ["A call"]}, {"role": "title", "at": ["A call"]}]
    >>> answer = json.dumps({"statements": [], "regions": regions})
    >>> proposal, found = read_answer(answer, "herald", Skeleton("A call\nMarek rang."), KnownIds([]))
    >>> proposal.regions[0].place, [str(each.source) for each in found]
    ((0, 6), ['regions[1].role'])
    """
    value, warnings = value_of(answer)
    if not isinstance(value, dict):
        message = f"Expected an object with `statements` in the answer; found {found_text(value)}. {ASK_AGAIN}"
        raise ReadoutsError(message)
    named = value.get("article")
    if named is not None and named != article:
        message = f"The answer is about the article {quoted(str(named))}, not '{article}': import it for that one."
        raise ReadoutsError(message)
    found: list[_Finding] = [((), each) for each in warnings]
    parts, wrong = _fitting(value)
    names = _names(value)
    while True:
        parts, orphaned = _left(parts, {_unit(way) for way, _ in wrong}, names)
        found += [*wrong, *orphaned]
        wrong, proposal = _judged(parts, article, text, known, names)
        if not wrong:
            break
    found.sort(key=lambda each: [part if isinstance(part, str) else f"{part:09}" for part in each[0]])
    return proposal, [each.at(Source(_written(way))) for way, each in found]


def article_of(answer: str | bytes) -> str | None:
    """Return the id of the article that an answer is about, as it says.

    Examples
    --------
    >>> article_of('Here you are: {"article": "herald-2031-05-02", "statements": []}')
    'herald-2031-05-02'
    """
    value = value_of(answer)[0]
    named = value.get("article") if isinstance(value, dict) else None
    return named if isinstance(named, str) else None


def _fitting(value: dict[str, Any]) -> tuple[dict[Way, Any], list[_Finding]]:
    """Return the parts of an answer that fit the schema, and what is wrong with the others.

    A mention of several places is several parts.
    """
    parts: dict[Way, Any] = {}
    found: list[_Finding] = list(_unreadable(value))
    broken = {way[:2] for way, _ in found}
    known = ("article", *PARTS)
    if isinstance(value, DoubledKeys):
        again = " and ".join(f"'{key}'" for key in value.keys_again)
        message = f"The answer is ambiguous: it has {again} twice. {ASK_AGAIN}"
        raise ReadoutsError(message)
    for name in value.keys() - {*known}:
        message = f"Unknown property {quoted(name)}. {did_you_mean(name, known)}"
        found.append(((name,), incident("unknown-key", message, hint="Leave it out.")))
    if "statements" not in value:
        message = f"Expected `statements` in the answer; found {found_text(value)}. {ASK_AGAIN}"
        raise ReadoutsError(message)
    for name, kind in PARTS.items():
        items = [] if value.get(name) is None else value[name]
        if not isinstance(items, list):
            found.append(((name,), incident("wrong-shape", f"Expected a list of {name}; found {found_text(items)}.")))
            continue
        schema = JsonSchema(part_schema(kind), _NO_DOCUMENTS.__getitem__)
        for index, part in enumerate(items):
            way = (name, index)
            if way in broken:
                continue
            wrong = [each for place, said in schema.problems(part) for each in _misfits((*way, *place), said, part)]
            found += wrong
            if not wrong and name == "mentions":
                parts |= {(*way, "at", at): (part["entity"], place) for at, place in enumerate(part["at"])}
            elif not wrong:
                parts[way] = part
    return parts, found + list(_doubled(parts, _names(value)))


def _unreadable(value: dict[str, Any]) -> Iterator[_Finding]:
    """Yield what no part of an annotation can hold: keys twice, half a character, and what is nested too deep."""
    left: list[tuple[Way, Any]] = [((name,), each) for name, each in value.items()]
    count = 0
    while left:
        way, each = left.pop()
        count += 1
        if count > _MOST_VALUES:
            message = f"The answer has more than {_MOST_VALUES:,} values, which no article takes. {ASK_AGAIN}"
            raise ReadoutsError(message)
        if len(way) > _MOST_DEPTH:
            yield way[:2], incident("wrong-shape", f"Values are nested more than {_MOST_DEPTH} deep.")
            continue
        if isinstance(each, DoubledKeys):
            again = " and ".join(quoted(key) for key in each.keys_again)
            yield way, incident("duplicate-key", f"Duplicate key {again}: its value is ambiguous.")
        if isinstance(each, str) and not each.isascii() and re.search("[\ud800-\udfff]", each):
            message = f"Expected a text; found half of a character in {quoted(each)}."
            yield way, incident("type-error", message)
        if isinstance(each, dict):
            left += (((*way, key), inner) for key, inner in each.items())
        elif isinstance(each, list):
            left += (((*way, index), inner) for index, inner in enumerate(each))


def _misfits(way: Way, sentence: str, part: Any) -> Iterator[_Finding]:
    """Yield what the schema finds wrong at a place in a part, with the key or label that may be meant."""
    value: Any = part
    for name in way[2:]:
        value = value[name]
    column = next(name for name in reversed(way) if isinstance(name, str))
    known = answer_types()[_TYPES.get(column, "words")]
    keys = known["properties"] if "properties" in known else known["anyOf"][1]["properties"]
    unknown = [key for key in value if key not in keys] if isinstance(value, dict) else []
    if unknown and sentence.startswith("expected an object without"):
        for key in unknown:
            message = f"Unknown property {quoted(key)}. {did_you_mean(key, keys)}"
            yield (*way, key), incident("unknown-key", message)
        return
    message = f"{sentence[:1].upper()}{sentence[1:].removesuffix('.')}."
    labels = known_labels().get(column, ())
    if labels and isinstance(value, str):
        message += f" {did_you_mean(value, labels)}" if nearest(value, labels) else ""
        yield way, incident("constraint-error", message)
    else:
        yield way, incident("wrong-shape", message)


def _names(value: dict[str, Any]) -> dict[str, list[int]]:
    """Return where the names of an answer's statements are, whether or not these fit."""
    found: dict[str, list[int]] = {}
    for index, each in enumerate(value["statements"] if isinstance(value["statements"], list) else []):
        if isinstance(each, dict) and "name" in each:
            found.setdefault(str(each["name"]), []).append(index)
    return found


def _doubled(parts: dict[Way, Any], names: dict[str, list[int]]) -> Iterator[_Finding]:
    """Yield what is there again: the name of a statement, what refers to such a name, and an addressee."""
    hint = "Give each statement a name of its own."
    for way, part in parts.items():
        first = names[part["name"]][0] if way[0] == "statements" else way[1]
        if way[1] != first:
            message = f"The name {quoted(part['name'])} is that of statements[{first}], too."
            yield (*way, "name"), incident("primary-key", message, hint=hint)
        for key in ("parent", "statement") if isinstance(part, dict) else ():
            if len(names.get(part.get(key), ())) > 1:
                message = f"Ambiguous reference: several statements have the name {quoted(part[key])}."
                yield (*way, key), incident("foreign-key", message, hint=hint)
        addressed = [each["entity"] for each in part.get("addressees") or ()] if way[0] == "statements" else []
        for entity, count in Counter(addressed).items():
            if count > 1:
                message = f"The addressee {quoted(entity)} occurs {count} times."
                yield (
                    (*way, "addressees"),
                    incident("duplicate-key", message, hint="Merge them into one, with all its places."),
                )


def _unit(way: Way) -> Way:
    """Return the part of an answer that is refused because of what is wrong at a place in it."""
    return way[:4] if way[0:1] == ("mentions",) and way[2:3] == ("at",) else way[:2]


def _left(parts: dict[Way, Any], refused: set[Way], names: Iterable[str]) -> tuple[dict[Way, Any], list[_Finding]]:
    """Return the parts that are kept; those that depend on a refused statement are findings."""
    found: list[_Finding] = []
    while True:
        parts = {way: part for way, part in parts.items() if way[:2] not in refused and way[:4] not in refused}
        kept = {part["name"] for way, part in parts.items() if way[0] == "statements"}
        hanging = [
            ((*way, key), name)
            for way, part in parts.items()
            for key in ("parent", "statement")
            if isinstance(part, dict) and (name := part.get(key)) is not None and name in names and name not in kept
        ]
        if not hanging:
            return parts, found
        for way, name in hanging:
            message = f"The statement {quoted(name)} is refused, so this is refused too."
            found.append((way, incident("foreign-key", message, hint="Correct that statement.")))
        refused = {way[:2] for way, _ in hanging}


def _judged(
    parts: dict[Way, Any], article: str, text: Skeleton, known: KnownIds, names: Iterable[str]
) -> tuple[list[_Finding], Proposal]:
    """Return what is wrong with parts as those of an article, and what they propose."""
    tree = AnswerNodes()
    root = tree.root(parts)
    reading = Reading("answer")
    read_article(root, article, reading)
    place_spans(reading, root, text)
    placed = [span for span in reading.spans if span.end is not None]
    reading.incidents += copied_summaries(Reading(reading.file, reading.records, placed), text.text)
    reading.incidents += known.unknown(reading)
    if len(placed) == len(reading.spans):
        # Duplicate spans become findings.
        list(reading.distinct_spans())
    found: dict[tuple[Way, str], Incident] = {}
    for each in reading.incidents:
        way = tree.ways[(each.source.line or 1) - 1] if each.source is not None else ()
        if each.code == "foreign-key" and way[:1] == ("mentions",):
            way = (*way[:2], "entity")
        message = each.message
        if each.code == "foreign-key" and each.field in {"parent_statement_id", "statement_id"}:
            name = str(each.value).rpartition(".")[2]
            message = f"No statement of the answer has the name {quoted(name)}. {did_you_mean(name, names)}"
        if way:
            # What an article's file has besides isn't asked of an answer.
            found.setdefault((way, message), replace(each, message=message))
    # Without its number a place is ambiguous: only the number is reported.
    unnumbered = {way[:-1] for (way, _), each in found.items() if each.code == "type-error"}
    wrong = [(way, each) for (way, _), each in found.items() if way not in unnumbered]
    return wrong, reading_proposal(reading, MADE_BY)


def _written(way: Way) -> str:
    """Return a way as it is written in code: `statements[3].content[0]`."""
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in way]
    return "".join(parts).removeprefix(".") or "answer"


def answer_of(proposal: Proposal, article: str, text: Skeleton) -> str:
    """Return the answer that says what a proposal says: the inverse of `read_answer`.

    Parameters
    ----------
    proposal
        What is proposed.
    article
        Id of the article.
    text
        Its text.

    Examples
    --------
    >>> from readouts.proposals.proposal import MentionProposal, Origin, Proposal
    >>> from readouts.text.skeleton import Skeleton
    >>> mention = MentionProposal("jana-marek", (12, 17), Origin("en"))
    >>> answer = answer_of(Proposal(mentions=(mention,)), "herald", Skeleton("Marek rang. Marek called."))
    >>> json.loads(answer)["mentions"]
    [{'entity': 'jana-marek', 'at': [{'quote': 'Marek', 'within': None, 'occurrence': 2}]}]
    """

    def spans(places: Iterable[Place]) -> list[Any]:
        return [_words_at(text, place) for place in places]

    mentions: dict[str, list[Place]] = {}
    for mention in proposal.mentions:
        mentions.setdefault(mention.entity, []).append(mention.place)
    statements = []
    for name, each in zip(statement_names(proposal.statements), proposal.statements, strict=True):
        labels = form_cells(STATEMENT, {**each.labels, "parent_statement_id": each.parent})
        addressee = labels.pop("addressee", None)
        addressees = each.addressees if addressee is None else ((addressee, each.addressee),)
        chain = [
            [
                {"entity": source.entity, "label": source.label, "account": source.account, "at": spans(source.at),
                 "cue": spans(source.cue)}
                for source in step
            ]
            for step in each.chain
        ]  # fmt: skip
        statements.append({
            "name": name, "event": None, **labels, "parent": labels.get("parent"), "content": spans(each.content),
            "quoted": spans(each.quoted),
            "addressees": [{"entity": entity, "at": spans(places)} for entity, places in addressees], "sources": chain,
        })  # fmt: skip
    relations = []
    for relation in proposal.relations:
        ends = {"subject_id": relation.subject, "predicate": relation.predicate, "object_id": relation.object}
        cells = form_cells(RELATION, {**relation.labels, **ends, "statement_id": relation.statement})
        empty = dict.fromkeys(("mode", "object", "event", "statement", "valid_from", "valid_to"))
        contexts = (relation.labels.get("contexts") or "").split("|")
        relations.append({**empty, **cells, "contexts": [each for each in contexts if each], "at": spans(relation.at)})
    answer = {
        "article": article,
        "regions": [
            {"role": each.role, "account": each.account, "at": spans([each.place])} for each in proposal.regions
        ],
        "statements": statements,
        "mentions": [{"entity": entity, "at": spans(places)} for entity, places in mentions.items()],
        "relations": relations,
    }
    return json.dumps(answer, indent=1, ensure_ascii=False) + "\n"


def _words_at(text: Skeleton, place: Place) -> Any:
    """Return the words of a place, with the number of the place where they are in the text several times."""
    quote = text.text[slice(*place)]
    places = quote_places(text, quote)
    if places == [place] and edges_hold(text.text, *place):
        return quote
    return {"quote": quote, "within": None, "occurrence": places.index(place) + 1}
