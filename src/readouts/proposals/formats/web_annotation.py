"""W3C Web Annotation: a collection in JSON-LD, with the places of each annotation by position and by its words.

https://www.w3.org/TR/annotation-model/. Positions are Unicode code points. Unlike what a package is exported to, these
files hold words of the text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from readouts.corpus_schema.incident_codes import incident
from readouts.datapackage.exporting.metadata import json_bytes
from readouts.datapackage.incident import Incident, Source
from readouts.datapackage.strict_json import load_unique
from readouts.proposals.formats.items import KINDS, About, Item, items_of
from readouts.proposals.formats.reading_items import proposal_of_items

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from readouts.proposals.proposal import Place, Proposal

__all__ = ["read_web_annotation", "write_web_annotation"]

_CONTEXT = [
    "http://www.w3.org/ns/anno.jsonld",
    {
        "readouts": "urn:readouts:term:",
        "key": "readouts:key",
        "role": "readouts:role",
        # The vocabulary has it, the context hasn't.
        "List": "http://www.w3.org/ns/oa#List",
    },
]
_AROUND = 32
"""Characters before and after a place that its selector quotes."""
_LINKING, _CLASSIFYING = "linking", "classifying"


def write_web_annotation(proposal: Proposal, text: str, about: About) -> dict[str, bytes]:
    """Write a proposal as a collection of Web Annotations, next to the text.

    Parameters
    ----------
    proposal
        What is proposed.
    text
        The text.
    about
        The article.

    Returns
    -------
    dict
        The text, which the annotations point to, and the collection, by the name of the file.

    Examples
    --------
    >>> from readouts.proposals.proposal import MentionProposal, Origin, Proposal
    >>> proposal = Proposal(mentions=(MentionProposal("jana-marek", (0, 5), Origin("en")),))
    >>> files = write_web_annotation(proposal, "Marek called.", About("herald"))
    >>> load_unique(files["herald.jsonld"].decode())["first"]["items"][0]["target"]["selector"][0]
    {'type': 'TextPositionSelector', 'start': 0, 'end': 5}
    """
    items = [_annotation(item, text, f"{about.article}.txt") for item in items_of(proposal)]
    collection = {
        "@context": _CONTEXT,
        "id": "#annotations",
        "type": "AnnotationCollection",
        "label": f"Annotations of {about.article}",
        "total": len(items),
        "first": {"id": "#annotations/1", "type": "AnnotationPage", "startIndex": 0, "items": items},
    }
    return {f"{about.article}.txt": text.encode(), f"{about.article}.jsonld": json_bytes(collection)}


def _annotation(item: Item, text: str, source: str) -> dict[str, Any]:
    columns = KINDS[item.kind].values
    bodies: list[dict[str, str]] = [{"type": "TextualBody", "purpose": _CLASSIFYING, "value": item.kind}]
    for key, value in item.values.items():
        made = columns[key]
        purpose = "identifying" if made is not None and made.target else "tagging"
        bodies.append({"type": "TextualBody", "purpose": purpose, "key": key, "value": value})
    for role, target in item.links:
        bodies.append({"type": "SpecificResource", "purpose": _LINKING, "role": role, "source": f"#{target}"})
    targets = [_target(text, place, source) for place in item.places]
    where: Any = source
    if targets:
        # Words that aren't together are one target, in their order.
        where = targets[0] if len(targets) == 1 else {"type": "List", "items": targets}
    motivation = _CLASSIFYING if item.kind in {"Region", "Cue", "Quoted"} else "describing"
    return {"id": f"#{item.id}", "type": "Annotation", "motivation": motivation, "body": bodies, "target": where}


def _target(text: str, place: Place, source: str) -> dict[str, Any]:
    start, end = place
    quote = {
        "type": "TextQuoteSelector",
        "exact": text[start:end],
        "prefix": text[max(0, start - _AROUND) : start],
        "suffix": text[end : end + _AROUND],
    }
    position = {"type": "TextPositionSelector", "start": start, "end": end}
    return {"type": "SpecificResource", "source": source, "selector": [position, quote]}


def read_web_annotation(files: Mapping[str, bytes], text: str, about: About) -> tuple[Proposal, list[Incident]]:
    """Read Web Annotations of a text.

    Parameters
    ----------
    files
        The collection, page, list or single annotation, by the name of its file.
    text
        The article's text.
    about
        What the annotations may name.

    Returns
    -------
    tuple
        What fits, and a finding for everything that doesn't. A place without a position is found by its words and
        those before and after them.

    Examples
    --------
    >>> body = [{"purpose": "classifying", "value": "Mention"}, {"key": "entity", "value": "jana-marek"}]
    >>> selector = {"type": "TextQuoteSelector", "exact": "Marek"}
    >>> note = {"id": "#m", "type": "Annotation", "body": body, "target": {"selector": selector}}
    >>> proposal, incidents = read_web_annotation({"a.jsonld": json_bytes(note)}, "Marek called.", About("herald"))
    >>> proposal.mentions[0].place, incidents
    ((0, 5), [])
    """
    name = next(name for name in files if not name.endswith(".txt"))
    beside = next((data for other, data in files.items() if other.endswith(".txt")), None)
    reader = _Reader(name, text)
    try:
        document = load_unique(files[name].decode("utf-8"))
    except (ValueError, RecursionError) as error:
        reader.add("format-error", f"{name} is not JSON in UTF-8: {error}")
        document = []
    items = [item for number, each in enumerate(_listed(document), 1) if (item := reader.item(number, each))]
    own = None if beside is None else beside.decode("utf-8", errors="replace")
    proposal, incidents = proposal_of_items(items, text, about, "web-annotation", own)
    return proposal, [*reader.incidents, *incidents]


def _listed(document: Any) -> list[Any]:
    """Return the annotations of a collection, a page, a list, or a single annotation."""
    while isinstance(document, dict) and "body" not in document and "target" not in document:
        document = document.get("first") or document.get("items") or []
    return document if isinstance(document, list) else [document]


def _several(value: Any) -> list[Any]:
    """Return the items of a list, and anything else as the only one."""
    return value if isinstance(value, list) else [] if value is None else [value]


class _Reader:
    def __init__(self, file: str, text: str) -> None:
        self.file, self.text = file, text
        self.incidents: list[Incident] = []

    def add(self, code: str, message: str) -> None:
        self.incidents.append(incident(code, message, hint="", source=Source(self.file)))

    def item(self, number: int, annotation: Any) -> Item | None:
        """Read one annotation."""
        if not isinstance(annotation, dict):
            self.add("wrong-shape", f"Annotation {number} is not an object: it is left out.")
            return None
        name = _fragment(annotation.get("id")) or f"annotation {number}"
        kind, values, links = "", dict[str, str](), list[tuple[str, str]]()
        for body in _several(annotation.get("body")):
            said = body if isinstance(body, dict) else {"value": body}
            value, key, role = said.get("value"), said.get("key"), said.get("role")
            if said.get("purpose") == _LINKING and isinstance(role, str) and isinstance(said.get("source"), str):
                links.append((role, _fragment(said["source"])))
            elif said.get("purpose") == _CLASSIFYING and isinstance(value, str) and not kind:
                kind = value
            elif isinstance(key, str) and isinstance(value, str) and key not in values:
                values[key] = value
            else:
                self.add("wrong-shape", f"{name} has a body that says nothing readouts knows: it is left out.")
        target = annotation.get("target")
        if isinstance(target, dict) and target.get("type") == "List":
            target = target.get("items")
        found = [self.place(name, each) for each in _several(target) if isinstance(each, dict) and "selector" in each]
        placed = [each for each in found if each is not None]
        if len(placed) < len(found) and not placed:
            return None
        places, words = tuple(place for place, _ in placed), tuple(said for _, said in placed)
        return Item(name, kind, places, values, tuple(links), None, words, Source(self.file))

    def place(self, name: str, target: Mapping[str, Any]) -> tuple[Place, str] | None:
        """Return the place of a target, and the words that it has there."""
        several = [each for each in _several(target["selector"]) if isinstance(each, dict)]
        selectors = {each["type"]: each for each in several if isinstance(each.get("type"), str)}
        position, quote = selectors.get("TextPositionSelector"), selectors.get("TextQuoteSelector") or {}
        exact, prefix, suffix = (quote.get(key, "") for key in ("exact", "prefix", "suffix"))
        if not all(isinstance(each, str) for each in (exact, prefix, suffix)):
            exact = prefix = suffix = ""
        if position is not None:
            start, end = position.get("start"), position.get("end")
            if type(start) is int and type(end) is int:
                return (start, end), exact or self.text[max(0, start) : max(0, end)]
        if position is not None or not exact:
            self.add("wrong-shape", f"{name} has a target without a start and an end, or words: it is left out.")
            return None
        found = [*self.found(prefix, exact, suffix)]
        if len(found) != 1:
            code, what = ("quote-ambiguous", f"{len(found)} times") if found else ("quote-not-found", "not")
            self.add(code, f"{name} has a target whose words, with those around them, are {what} in the text.")
            return None
        return (found[0], found[0] + len(exact)), exact

    def found(self, prefix: str, exact: str, suffix: str) -> Iterator[int]:
        """Yield where words begin that are between others."""
        for match in re.finditer(f"(?={re.escape(prefix + exact + suffix)})", self.text):
            yield match.start() + len(prefix)


def _fragment(identifier: Any) -> str:
    """Return the part of an id after its `#`, or all of it."""
    return identifier.rpartition("#")[2] if isinstance(identifier, str) else ""
