"""What a person does at the desk, as changes of an annotation file's data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from readouts.annotations.forms import ALIGNMENT, ARTICLE, EVENT, RELATION, STATEMENT
from readouts.datapackage.errors import ReadoutsError
from readouts.desk.editing import Rows, data_of, span_items
from readouts.desk.rows import as_mapping, confirm_row, next_name, put_values, row_of, rows_below

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from readouts.desk.editing import Data
    from readouts.desk.view import ArticleView

__all__ = ["change_article", "change_event"]

Asked = dict[str, Any]
_ROLES = ("content", "quoted")


def change_article(view: ArticleView, asked: Asked, person: str) -> Rows:
    """Return the data of an article's file after one act.

    Parameters
    ----------
    view
        The file as it is.
    asked
        The act: its name in `do`, and what it needs.
    person
        Who acts: the reviewer of what is confirmed.

    Raises
    ------
    ReadoutsError
        The file can't be read, or the act doesn't fit what is in it.
    """
    if view.root is None:
        message = "The file can't be read as it is: correct it in an editor first."
        raise ReadoutsError(message)
    data = data_of(view.root)
    assert isinstance(data, dict)  # noqa: S101 - the root is a mapping
    _known(_ARTICLE, asked)(_Article(view, data, person), asked)
    return data


def change_event(data: Rows, asked: Asked, person: str) -> Rows:
    """Return the data of an event's file after one act.

    Raises
    ------
    ReadoutsError
        The act doesn't fit what is in the file.

    Examples
    --------
    >>> change_event({"kind": "call"}, {"do": "set", "values": {"kind": "visit"}}, "Ada Example")
    {'kind': 'visit'}
    """
    _known(_EVENT, asked)(_Event(data, person), asked)
    return data


def _known(acts: Mapping[str, Callable[[Any, Asked], None]], asked: Asked) -> Callable[[Any, Asked], None]:
    act = acts.get(str(asked.get("do")))
    if act is None:
        message = f"Unknown act '{asked.get('do')}'; expected one of {', '.join(acts)}."
        raise ReadoutsError(message)
    return act


def _places(places: Sequence[Sequence[int]]) -> Data:
    return [[str(int(start)), str(int(end))] for start, end in places]


class _Article:
    """An article's data, with where everything in it is."""

    def __init__(self, view: ArticleView, data: Rows, person: str) -> None:
        self.data = data
        self.person = person
        self.view = view
        self.defaults = as_mapping(data.get("defaults"))
        self.known = view.document

    def seen(self, name: str) -> dict[str, Any]:
        """Return a statement as it is shown."""
        return next(each for each in self.known["statements"] if each["name"] == name)

    def statement(self, asked: Asked) -> tuple[str, Rows]:
        name = str(asked.get("name"))
        return name, row_of(self.data, "statements", name)

    def add_statement(self, asked: Asked) -> None:
        """Add a statement after the one that its content follows in the text."""
        made: Asked = asked["statement"]
        rows = rows_below(self.data, "statements")
        name = str(made.get("name") or next_name("s", rows))
        if name in rows:
            message = f"'{name}' already exists."
            raise ReadoutsError(message)
        row: Rows = {}
        labels = {key: value for key, value in made.get("labels", {}).items() if value != self.defaults.get(key)}
        put_values(row, {key: labels[key] for key in STATEMENT.names if key in labels}, STATEMENT.names, self.defaults)
        for role in _ROLES:
            if made.get(role):
                row[role] = _places(made[role])
        if "addressees" in made:
            self.address(row, made["addressees"])
        row["sources"] = self.steps(made.get("chain", []), None, [])
        start = min((place[0] for place in made.get("content", [])), default=0)
        before = [
            each["name"] for each in self.known["statements"] if each["content"] and each["content"][0][0] <= start
        ]
        place = list(rows).index(before[-1]) + 1 if before and before[-1] in rows else len(rows)
        entries = [*rows.items()]
        entries.insert(place, (name, row))
        self.data["statements"] = dict(entries)

    def remove_statement(self, asked: Asked) -> None:
        name, _ = self.statement(asked)
        rows_below(self.data, "statements").pop(name)
        for relation in self.relations_of(name):
            rows_below(self.data, "relations").pop(relation)

    def relations_of(self, statement: str) -> dict[str, Rows]:
        """Return the relations that a statement asserts, by name."""
        rows = as_mapping(self.data.get("relations")).items()
        return {
            name: row
            for name, row in rows
            if isinstance(row, dict) and str(row.get("statement")).rpartition(".")[2] == statement
        }

    def set_labels(self, asked: Asked) -> None:
        _, row = self.statement(asked)
        put_values(row, asked["values"], STATEMENT.names, self.defaults)

    def set_spans(self, asked: Asked) -> None:
        """Give a statement other places; its other spans stay where they are, wherever its words are then looked up."""
        name, row = self.statement(asked)
        role = asked["role"]
        if role not in _ROLES:
            message = f"Unknown role '{role}'."
            raise ReadoutsError(message)
        if role == "content":
            seen = self.seen(name)
            if seen["quoted"]:
                row["quoted"] = _places(seen["quoted"])
            if any(each["at"] for each in seen["addressees"]):
                self.address(row, seen["addressees"])
            if "sources" in row:
                row["sources"] = self.steps(seen["chain"], seen["chain"], self.named(row["sources"]))
            self.pin_relations(name)
        if asked["places"]:
            row[role] = _places(asked["places"])
        else:
            row.pop(role, None)

    def pin_relations(self, statement: str) -> None:
        """Write where the relations of a statement are: their words are looked up next to its content."""
        for name, row in self.relations_of(statement).items():
            places = next((each["at"] for each in self.known["relations"] if each["name"] == name), None)
            if places:
                row["at"] = _places(places)

    def set_chain(self, asked: Asked) -> None:
        name, row = self.statement(asked)
        row["sources"] = self.steps(asked["chain"], self.seen(name)["chain"], self.named(row.get("sources")))

    def take(self, asked: Asked) -> None:
        """Give a statement several parts of another annotation at once, since one without the other doesn't fit."""
        parts = asked["parts"]
        for role in _ROLES:
            if role in parts:
                self.set_spans({"name": asked["name"], "role": role, "places": parts[role]})
        if "chain" in parts:
            self.set_chain({"name": asked["name"], "chain": parts["chain"]})

    def set_addressees(self, asked: Asked) -> None:
        _, row = self.statement(asked)
        self.address(row, asked["addressees"])

    def address(self, row: Rows, addressees: list[Asked]) -> None:
        """Write to whom a statement was said: one, or several, each with the words that name it."""
        entities = [each.get("entity") for each in addressees]
        if len(set(entities)) < len(entities):
            message = "An addressee is named once, with all the words that name it."
            raise ReadoutsError(message)
        if len(entities) > 1 and None in entities:
            message = "Several addressees are entities of the registry each."
            raise ReadoutsError(message)
        one = addressees[0] if len(addressees) == 1 else {}
        put_values(row, {"addressee": one.get("entity")}, STATEMENT.names, self.defaults)
        for key in ("addressee_at", "addressees"):
            row.pop(key, None)
        if one.get("at"):
            row["addressee_at"] = _places(one["at"])
        if len(addressees) > 1:
            row["addressees"] = {str(each["entity"]): _places(each.get("at", ())) or None for each in addressees}

    def named(self, sources: Data) -> list[tuple[str, int]]:
        """Return the named chains that a chain begins with, each with how many steps it is."""
        found = []
        for item in sources if isinstance(sources, list) else [sources]:
            if not isinstance(item, str):
                break
            found.append((item, self.length(item)))
        return found

    def length(self, name: str) -> int:
        steps = as_mapping(self.data.get("chains")).get(name)
        items = steps if isinstance(steps, list) else [steps]
        return sum(self.length(item) if isinstance(item, str) else 1 for item in items)

    def steps(self, chain: list[Asked], old: list[Asked] | None, named: list[tuple[str, int]]) -> Data:
        """Return a chain as it is written: a named one that it still begins with keeps its name."""
        written: list[Data] = []
        done = 0
        for name, length in named:
            if old is None or chain[done : done + length] != old[done : done + length]:
                break
            written.append(name)
            done += length
        for step in chain[done:]:
            sources = [self.source(source) for source in step["sources"]]
            if step.get("cue") and sources:
                sources[0]["cue"] = _places(step["cue"])
            written.append(sources[0] if len(sources) == 1 else list(sources))
        return written

    @staticmethod
    def source(source: Asked) -> Rows:
        row: Rows = {key: str(source[key]) for key in ("entity", "label", "account") if source.get(key)}
        if source.get("at"):
            row["at"] = _places(source["at"])
        return row

    def add_mention(self, asked: Asked) -> None:
        rows = rows_below(self.data, "mentions")
        rows[asked["entity"]] = [*span_items(rows.get(asked["entity"])), _places([asked["place"]])[0]]  # type: ignore[index]

    def remove_mention(self, asked: Asked) -> None:
        rows, entity = rows_below(self.data, "mentions"), asked["entity"]
        found = [
            span for span in self.view.reading.spans if span.role == "mention" and span.owner["entity_id"] == entity
        ]
        places = [[span.start, span.end] for span in found]
        if asked["place"] not in places:
            message = "This mention no longer exists."
            raise ReadoutsError(message)
        left = span_items(rows.get(entity))
        del left[places.index(asked["place"])]
        rows[entity] = left
        if not left:
            rows.pop(entity)

    def add_region(self, asked: Asked) -> None:
        rows = self.data.get("regions")
        row: Rows = {"role": asked["role"]}
        if asked.get("account"):
            row["account"] = asked["account"]
        row["at"] = _places([asked["place"]])
        self.data["regions"] = [*(rows if isinstance(rows, list) else []), row]

    def remove_region(self, asked: Asked) -> None:
        rows = self.data.get("regions")
        if not isinstance(rows, list) or not 0 <= asked["number"] < len(rows):
            message = "This region no longer exists."
            raise ReadoutsError(message)
        self.data["regions"] = [row for number, row in enumerate(rows) if number != asked["number"]]
        if not self.data["regions"]:
            self.data.pop("regions")

    def add_relation(self, asked: Asked) -> None:
        """Add a relation, or write the one that is named again."""
        rows = rows_below(self.data, "relations")
        defaults = as_mapping(self.defaults.get("relations"))
        row: Rows = {}
        put_values(row, {**dict.fromkeys(defaults), **asked["values"]}, RELATION.names, defaults)
        row["at"] = _places(asked["at"])
        rows[str(asked.get("name") or next_name("r", rows))] = row

    def remove_relation(self, asked: Asked) -> None:
        if rows_below(self.data, "relations").pop(str(asked.get("name")), None) is None:
            message = "This relation no longer exists."
            raise ReadoutsError(message)

    def set_article(self, asked: Asked) -> None:
        allowed = {key.name: key for key in ARTICLE.keys if key.column or key.name in {"made_by", "carries"}}
        put_values(self.data, asked["values"], allowed, {})

    def confirm(self, asked: Asked) -> None:
        """Note that a person has read a statement, or all of the article."""
        on = bool(asked.get("on", True))
        if asked.get("name") is not None:
            _, row = self.statement(asked)
            confirm_row(row, self.person, on=on)
            return
        confirm_row(self.data, self.person, on=on)
        for each in as_mapping(self.data.get("statements")).values() if on else ():
            if isinstance(each, dict) and "review" in each:
                confirm_row(each, self.person, on=True)


class _Event:
    """An event's data."""

    def __init__(self, data: Rows, person: str) -> None:
        self.data = data
        self.person = person

    def set_event(self, asked: Asked) -> None:
        allowed = {key.name: key for key in EVENT.keys if key.column or key.name == "made_by"}
        put_values(self.data, asked["values"], allowed, {})

    def set_rows(self, asked: Asked) -> None:
        """Set, or with None remove, participants or accounts."""
        key = asked["key"]
        if key not in {"participants", "accounts"}:
            message = f"Unknown key '{key}'."
            raise ReadoutsError(message)
        rows = rows_below(self.data, key)
        for name, row in asked["rows"].items():
            if row is None:
                rows.pop(name, None)
            else:
                rows[name] = {cell: str(value) for cell, value in row.items() if value not in (None, "")}

    def align(self, asked: Asked) -> None:
        """Add an alignment, or change the one that is named."""
        rows, values = rows_below(self.data, "alignments"), asked["values"]
        name = str(asked.get("name") or next_name("a", rows))
        row = rows[name] = as_mapping(rows.get(name))
        put_values(row, {key: values[key] for key in ALIGNMENT.names if key in values}, ALIGNMENT.names, {})

    def remove_alignment(self, asked: Asked) -> None:
        name = str(asked.get("name"))
        row_of(self.data, "alignments", name)
        rows_below(self.data, "alignments").pop(name)

    def confirm(self, asked: Asked) -> None:
        name, on = asked.get("name"), bool(asked.get("on", True))
        confirm_row(self.data if name is None else row_of(self.data, "alignments", str(name)), self.person, on=on)


_ARTICLE: dict[str, Callable[[_Article, Asked], None]] = {
    "add-statement": _Article.add_statement,
    "remove-statement": _Article.remove_statement,
    "set": _Article.set_labels,
    "spans": _Article.set_spans,
    "chain": _Article.set_chain,
    "addressees": _Article.set_addressees,
    "take": _Article.take,
    "add-mention": _Article.add_mention,
    "remove-mention": _Article.remove_mention,
    "add-region": _Article.add_region,
    "remove-region": _Article.remove_region,
    "add-relation": _Article.add_relation,
    "remove-relation": _Article.remove_relation,
    "article": _Article.set_article,
    "confirm": _Article.confirm,
}
_EVENT: dict[str, Callable[[_Event, Asked], None]] = {
    "set": _Event.set_event,
    "rows": _Event.set_rows,
    "align": _Event.align,
    "remove-alignment": _Event.remove_alignment,
    "confirm": _Event.confirm,
}
