"""A language model's answer as the nodes of an article's file, which the readers of annotations check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from readouts.annotations.values import Line, Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from readouts.annotations.values import Node

__all__ = ["MADE_BY", "AnswerNodes", "Way"]

Way = tuple[str | int, ...]
"""The way to a place in an answer: names of properties, and positions in lists from 0."""
MADE_BY = "language-model"


class AnswerNodes:
    """The nodes of an article's file that an answer stands for, each of which knows its way in the answer."""

    def __init__(self) -> None:
        self.ways: list[Way] = []

    def root(self, parts: dict[Way, Any]) -> Mapping:
        """Return the mapping of the file that holds the parts of an answer, each by its way."""
        regions = self._sequence(("regions",), [])
        statements, mentions, relations = (
            self._mapping((name,), {}) for name in ("statements", "mentions", "relations")
        )
        places: dict[str, list[Node]] = {}
        for way, part in parts.items():
            if way[0] == "regions":
                regions.items.append(self._object(way, part))
            elif way[0] == "statements":
                self._put(statements, part["name"], self._statement(way, part), (*way, "name"))
            elif way[0] == "relations":
                self._put(relations, f"r{len(relations.items) + 1:02}", self._object(way, part), way)
            else:
                entity, place = part
                if entity not in places:
                    places[entity] = []
                    self._put(mentions, entity, self._sequence(way, places[entity]), (*way[:2], "entity"))
                places[entity].append(self._span(way, place))
        made: dict[str, Node] = {"made_by": self._scalar((), MADE_BY), "review": self._scalar((), "machine")}
        made |= {"regions": regions, "statements": statements, "mentions": mentions, "relations": relations}
        return self._mapping((), made)

    def _statement(self, way: Way, part: dict[str, Any]) -> Mapping:
        """Return the mapping of a statement, with `addressee` for one addressee and `addressees` for several."""
        addressees = part.get("addressees") or []
        node = self._object(way, {key: value for key, value in part.items() if key not in {"name", "addressees"}})
        place = (*way, "addressees")
        if len(addressees) == 1:
            only = (*place, 0)
            self._put(node, "addressee", self._scalar((*only, "entity"), addressees[0]["entity"]), only)
            self._put(node, "addressee_at", self._spans((*only, "at"), addressees[0].get("at") or []), only)
        elif addressees:
            several = self._mapping(place, {})
            for index, each in enumerate(addressees):
                spans = self._spans((*place, index, "at"), each.get("at") or [])
                self._put(several, each["entity"], spans, (*place, index, "entity"))
            self._put(node, "addressees", several, place)
        return node

    def _object(self, way: Way, part: dict[str, Any]) -> Mapping:
        return self._mapping(way, {key: self._value((*way, key), value) for key, value in part.items()})

    def _value(self, way: Way, value: Any) -> Node:
        """Return the node of a value: a text, places, a list of labels, or the steps of sources."""
        if way[-1] in {"at", "cue", "content", "quoted"} and value is not None:
            return self._spans(way, value)
        if isinstance(value, list):
            return self._sequence(way, [self._value((*way, index), each) for index, each in enumerate(value)])
        return self._object(way, value) if isinstance(value, dict) else self._scalar(way, value)

    def _spans(self, way: Way, places: list[Any]) -> Sequence:
        return self._sequence(way, [self._span((*way, index), place) for index, place in enumerate(places)])

    def _span(self, way: Way, place: Any) -> Mapping:
        words = {"quote": place} if isinstance(place, str) else place
        return self._mapping(way, {key: self._scalar((*way, key), value) for key, value in words.items()})

    def _scalar(self, way: Way, value: Any) -> Scalar:
        number = isinstance(value, float) and value.is_integer()
        shown = None if value is None else str(int(value) if number else value)
        mark = self._mark(way)
        return Scalar(shown, mark, mark)

    def _sequence(self, way: Way, items: list[Any]) -> Sequence:
        mark = self._mark(way)
        return Sequence(items, mark, mark.index)

    def _mapping(self, way: Way, items: dict[str, Node]) -> Mapping:
        mark = self._mark(way)
        return Mapping(items, {key: self._scalar((*way, key), key) for key in items}, mark, mark.index)

    def _put(self, node: Mapping, key: str, value: Node, way: Way) -> None:
        node.items[key] = value
        node.keys[key] = self._scalar(way, key)

    def _mark(self, way: Way) -> Line:
        self.ways.append(way)
        return Line(len(self.ways) - 1, len(self.ways) - 1)
