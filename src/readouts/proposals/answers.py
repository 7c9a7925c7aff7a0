"""The answer of a language model: read, checked against schema and text, and every part that doesn't fit listed.

Each statement, region, mention and relation is judged by itself. An answer holds what the forms of annotation files
take: the same reader checks it, and the same search finds its quotations, as when an article is anchored.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any, NoReturn

from readouts.annotations.article import read_article
from readouts.annotations.forms import RELATION, STATEMENT
from readouts.annotations.nodes import Limits, Mapping, Scalar, Sequence
from readouts.annotations.placing import place_spans
from readouts.annotations.records import Reading
from readouts.annotations.summaries import copied_summaries
from readouts.corpus_schema.incident_codes import incident
from readouts.datapackage.errors import ReadoutsError
from readouts.datapackage.incident import Severity, Source
from readouts.datapackage.json_schema_text import JsonSchema, found_text
from readouts.datapackage.suggest import did_you_mean, nearest
from readouts.datapackage.words import quoted
from readouts.proposals.answer_schema import PARTS, answer_types, known_labels, part_schema
from readouts.proposals.draft_text import form_cells, reading_proposal, statement_names
from readouts.text.problem import TextProblem
from readouts.text.quotation import find_quote, quote_places

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from readouts.annotations.nodes import Node
    from readouts.compile.link import KnownIds
    from readouts.datapackage.incident import Incident
    from readouts.proposals.proposal import Place, Proposal
    from readouts.text.skeleton import Skeleton

__all__ = ["answer_of", "article_of", "read_answer"]

_Way = tuple[str | int, ...]
"""The way to a place in an answer: names of properties, and positions in lists from 0."""
_Finding = tuple[_Way, "Incident"]

_FENCE = re.compile(r"^[ \t]*(```+|~~~+)[^\n]*\n(.*?)^[ \t]*\1[ \t]*$", re.MULTILINE | re.DOTALL)
_LIMITS = Limits()
_TYPES = {**PARTS, "sources": "source", "addressees": "addressee"}
"""Types of what the lists of an answer hold; any other list of objects holds words."""
_MOST_DIGITS, _MOST_VALUES = 100, 50_000
_MOST_TRIED = 20
"""Brackets after an answer at which another value may begin."""
_MADE_BY = "language-model"
_AGAIN = "Ask the model for the whole answer again, as JSON alone."


class _Doubled(dict[str, Any]):
    """An object that has a key twice."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.keys_again = [key for key, count in Counter(key for key, _ in pairs).items() if count > 1]


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
    value, found = _value_of(answer)
    if not isinstance(value, dict):
        message = f"Expected an object with `statements` in the answer; found {found_text(value)}. {_AGAIN}"
        raise ReadoutsError(message)
    named = value.get("article")
    if named is not None and named != article:
        message = f"The answer is about the article {quoted(str(named))}, not '{article}': import it for that one."
        raise ReadoutsError(message)
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
    value = _value_of(answer)[0]
    named = value.get("article") if isinstance(value, dict) else None
    return named if isinstance(named, str) else None


def _value_of(answer: str | bytes) -> tuple[Any, list[_Finding]]:
    """Return the one value in JSON that an answer holds, and warnings of what else there is."""
    if len(answer) > _LIMITS.size:
        message = f"The answer is larger than {_LIMITS.size:,} bytes, the most that an annotation may be."
        raise ReadoutsError(message)
    if isinstance(answer, bytes):
        answer = _decoded_text(answer)
    start = len(answer) - len(answer.lstrip())
    besides = ""
    if answer[start : start + 1] not in {"{", "["}:
        blocks = list(_FENCE.finditer(answer))
        if len(blocks) > 1:
            message = f"The answer has {len(blocks)} code blocks: expected one, with the JSON. {_AGAIN}"
            raise ReadoutsError(message)
        start = blocks[0].start(2) if blocks else answer.find("{")
        besides = "a code block around it" if blocks else "words before it"
        if start < 0:
            message = f"The answer has no JSON in it: expected an object with `statements`. {_AGAIN}"
            raise ReadoutsError(message)
    value, end = _decoded(answer, start)
    rest = answer[end:].strip()
    if rest and not besides.startswith("a code"):
        if _starts_value(rest):
            line = answer.count("\n", 0, end + answer[end:].find(rest[0])) + 1
            message = f"The answer has a second value in JSON, in line {line}: expected one object. {_AGAIN}"
            raise ReadoutsError(message)
        besides = f"{besides} and words after it" if besides else "words after it"
    if not besides:
        return value, []
    message = f"Expected JSON alone; found {besides}. The JSON was read, the rest ignored."
    warned = replace(incident("format-error", message, hint="Nothing needs to be done."), severity=Severity.WARNING)
    return value, [((), warned)]


def _decoded_text(answer: bytes) -> str:
    try:
        return answer.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = answer[: error.start].count(b"\n") + 1
        message = f"Expected an answer in UTF-8; found the byte 0x{answer[error.start]:02x} in line {line}."
        raise ReadoutsError(message) from error


def _decoded(answer: str, start: int) -> tuple[Any, int]:
    """Return the value in JSON that begins at a place, and where it ends."""
    decoder = json.JSONDecoder(
        object_pairs_hook=_pairs, parse_constant=_refuse, parse_float=_finite, parse_int=_whole_number
    )
    begins = len(answer) - len(answer[start:].lstrip())
    try:
        return decoder.raw_decode(answer, begins)
    except json.JSONDecodeError as error:
        cut = " The answer may have been cut off." if not answer[error.pos :].strip("`~ \n") else ""
        unclosed = " The answer may have been cut off." if error.msg.startswith("Unterminated") else cut
        problem = f"{error.msg[:1].lower()}{error.msg[1:]}".removesuffix(":")
        message = f"The answer is not JSON: {problem}, in line {error.lineno}, column {error.colno}.{unclosed} {_AGAIN}"
    except RecursionError:
        message = f"The JSON of the answer is nested too deep to be read. {_AGAIN}"
    except ValueError as error:
        message = f"The answer is not JSON that can be read: {error}. {_AGAIN}"
    raise ReadoutsError(message)


def _starts_value(rest: str) -> bool:
    """Return whether there is one more object or list, and not only words."""
    for opening in islice(re.finditer(r"[{\[]", rest), _MOST_TRIED):
        try:
            json.JSONDecoder().raw_decode(rest, opening.start())
        except (ValueError, RecursionError):
            continue
        return True
    return False


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else _Doubled(pairs)


def _refuse(name: str) -> NoReturn:
    message = f"it has {name}, which isn't a number of JSON"
    raise ValueError(message)


def _whole_number(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        message = f"it has a whole number of {len(digits):,} digits"
        raise ValueError(message)
    return int(digits)


def _finite(digits: str) -> float:
    value = float(digits)
    if math.isinf(value):
        message = f"it has the number {digits[:20]}, which is too large"
        raise ValueError(message)
    return value


def _fitting(value: dict[str, Any]) -> tuple[dict[_Way, Any], list[_Finding]]:
    """Return the parts of an answer that fit the schema, and what is wrong with the others.

    A mention of several places is several parts.
    """
    parts: dict[_Way, Any] = {}
    found: list[_Finding] = list(_unreadable(value))
    broken = {way[:2] for way, _ in found}
    known = ("article", *PARTS)
    if isinstance(value, _Doubled):
        again = " and ".join(f"'{key}'" for key in value.keys_again)
        message = f"The answer is ambiguous: it has {again} twice. {_AGAIN}"
        raise ReadoutsError(message)
    for name in value.keys() - {*known}:
        message = f"Unknown property {quoted(name)}. {did_you_mean(name, known)}"
        found.append(((name,), incident("unknown-key", message, hint="Leave it out.")))
    if "statements" not in value:
        message = f"Expected `statements` in the answer; found {found_text(value)}. {_AGAIN}"
        raise ReadoutsError(message)
    for name, kind in PARTS.items():
        items = [] if value.get(name) is None else value[name]
        if not isinstance(items, list):
            found.append(((name,), incident("wrong-shape", f"Expected a list of {name}; found {found_text(items)}.")))
            continue
        schema = JsonSchema(part_schema(kind), _no_document)
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


def _no_document(address: str) -> NoReturn:
    raise KeyError(address)


def _unreadable(value: dict[str, Any]) -> Iterator[_Finding]:
    """Yield what no part of an annotation can hold: keys twice, half a character, and what is nested too deep."""
    left: list[tuple[_Way, Any]] = [((name,), each) for name, each in value.items()]
    count = 0
    while left:
        way, each = left.pop()
        count += 1
        if count > _MOST_VALUES:
            message = f"The answer has more than {_MOST_VALUES:,} values, which no article takes. {_AGAIN}"
            raise ReadoutsError(message)
        if len(way) > _LIMITS.depth:
            yield way[:2], incident("wrong-shape", f"Values are nested more than {_LIMITS.depth} deep.")
            continue
        if isinstance(each, _Doubled):
            again = " and ".join(quoted(key) for key in each.keys_again)
            yield way, incident("duplicate-key", f"Duplicate key {again}: its value is ambiguous.")
        if isinstance(each, str) and not each.isascii() and re.search("[\ud800-\udfff]", each):
            message = f"Expected a text; found half of a character in {quoted(each)}."
            yield way, incident("type-error", message)
        if isinstance(each, dict):
            left += (((*way, key), inner) for key, inner in each.items())
        elif isinstance(each, list):
            left += (((*way, index), inner) for index, inner in enumerate(each))


def _misfits(way: _Way, sentence: str, part: Any) -> Iterator[_Finding]:
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


def _doubled(parts: dict[_Way, Any], names: dict[str, list[int]]) -> Iterator[_Finding]:
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


def _unit(way: _Way) -> _Way:
    """Return the part of an answer that is refused because of what is wrong at a place in it."""
    return way[:4] if way[0:1] == ("mentions",) and way[2:3] == ("at",) else way[:2]


def _left(parts: dict[_Way, Any], refused: set[_Way], names: Iterable[str]) -> tuple[dict[_Way, Any], list[_Finding]]:
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
    parts: dict[_Way, Any], article: str, text: Skeleton, known: KnownIds, names: Iterable[str]
) -> tuple[list[_Finding], Proposal]:
    """Return what is wrong with parts as those of an article, and what they propose."""
    tree = _Tree()
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
    found: dict[tuple[_Way, str], Incident] = {}
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
    return wrong, reading_proposal(reading, _MADE_BY)


@dataclass(frozen=True, slots=True)
class _Mark:
    """A place in an answer, as nodes have it: the number of its way."""

    index: int
    line: int
    column: int = 0


class _Tree:
    """The nodes of an article's file that an answer stands for, each of which knows its way in the answer."""

    def __init__(self) -> None:
        self.ways: list[_Way] = []

    def root(self, parts: dict[_Way, Any]) -> Mapping:
        root = self.mapping((), {"made_by": self.scalar((), _MADE_BY), "review": self.scalar((), "machine")})
        regions = self.sequence(("regions",), [])
        held = {name: self.mapping((name,), {}) for name in ("statements", "mentions", "relations")}
        for way, part in parts.items():
            if way[0] == "regions":
                regions.items.append(self.object(way, part))
            elif way[0] == "statements":
                self.put(held["statements"], part["name"], self.statement(way, part), (*way, "name"))
            elif way[0] == "relations":
                number = len(held["relations"].items) + 1
                self.put(held["relations"], f"r{number:02}", self.object(way, part), way)
            else:
                entity, place = part
                if entity not in held["mentions"].items:
                    self.put(held["mentions"], entity, self.sequence(way, []), (*way[:2], "entity"))
                places = held["mentions"].items[entity]
                if isinstance(places, Sequence):
                    places.items.append(self.span(way, place))
        self.put(root, "regions", regions, ("regions",))
        for name, node in held.items():
            self.put(root, name, node, (name,))
        return root

    def statement(self, way: _Way, part: dict[str, Any]) -> Mapping:
        """Return the mapping of a statement, with `addressee` for one addressee and `addressees` for several."""
        addressees = part.get("addressees") or []
        node = self.object(way, {key: value for key, value in part.items() if key not in {"name", "addressees"}})
        place = (*way, "addressees")
        if len(addressees) == 1:
            only = (*place, 0)
            self.put(node, "addressee", self.scalar((*only, "entity"), addressees[0]["entity"]), only)
            self.put(node, "addressee_at", self.spans((*only, "at"), addressees[0].get("at") or []), only)
        elif addressees:
            several = self.mapping(place, {})
            for index, each in enumerate(addressees):
                where = (*place, index, "entity")
                spans = self.spans((*place, index, "at"), each.get("at") or [])
                self.put(several, each["entity"], spans, where)
            self.put(node, "addressees", several, place)
        return node

    def object(self, way: _Way, part: dict[str, Any]) -> Mapping:
        """Return the mapping of an object: texts, lists of labels, places, and steps of sources."""
        node = self.mapping(way, {})
        for key, value in part.items():
            place = (*way, key)
            if key in {"at", "cue", "content", "quoted"} and value is not None:
                made: Node = self.spans(place, value)
            elif key == "sources":
                steps = [
                    self.sequence(
                        (*place, step), [self.object((*place, step, at), each) for at, each in enumerate(joint)]
                    )
                    for step, joint in enumerate(value)
                ]
                made = self.sequence(place, steps)
            elif isinstance(value, list):
                made = self.sequence(place, [self.scalar((*place, at), each) for at, each in enumerate(value)])
            else:
                made = self.scalar(place, value)
            self.put(node, key, made, place)
        return node

    def spans(self, way: _Way, places: list[Any]) -> Sequence:
        return self.sequence(way, [self.span((*way, index), place) for index, place in enumerate(places)])

    def span(self, way: _Way, place: Any) -> Mapping:
        words = {"quote": place} if isinstance(place, str) else place
        return self.mapping(way, {key: self.scalar((*way, key), value) for key, value in words.items()})

    def scalar(self, way: _Way, value: Any) -> Scalar:
        number = isinstance(value, float) and value.is_integer()
        shown = None if value is None else str(int(value) if number else value)
        mark = self.mark(way)
        return Scalar(shown, mark, mark)

    def sequence(self, way: _Way, items: list[Any]) -> Sequence:
        mark = self.mark(way)
        return Sequence(items, mark, mark.index)

    def mapping(self, way: _Way, items: dict[str, Node]) -> Mapping:
        mark = self.mark(way)
        return Mapping(items, {key: self.scalar((*way, key), key) for key in items}, mark, mark.index)

    def put(self, node: Mapping, key: str, value: Node, way: _Way) -> None:
        node.items[key] = value
        node.keys[key] = self.scalar(way, key)

    def mark(self, way: _Way) -> _Mark:
        self.ways.append(way)
        return _Mark(len(self.ways) - 1, len(self.ways) - 1)


def _written(way: _Way) -> str:
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
    try:
        if find_quote(text, quote) == place:
            return quote
    except TextProblem:
        pass
    return {"quote": quote, "within": None, "occurrence": quote_places(text, quote).index(place) + 1}
