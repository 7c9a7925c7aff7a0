"""Reading nodes by forms: every mapping checked for its keys, every cell against its field."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from readouts.annotations.forms import QUOTE, Column, Form, column
from readouts.annotations.nodes import Mapping, Node, NumberLists, Numbers, Scalar, Sequence, describe, is_offsets
from readouts.annotations.records import Cells, Reading, Record, Span
from readouts.corpus_schema.tables import tables
from readouts.datapackage.suggest import did_you_mean, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["FormReader"]


_NO_DEFAULTS: dict[str, Node] = {}
_EDGE = re.compile(r"\s*(?P<subject>\S+)\s+(?P<predicate>[^\s/]+)(?:/(?P<mode>\S+))?(?:\s+(?P<object>\S+))?\s*")


class FormReader:
    """Reads the nodes of one file; faults are added to the reading, and reading goes on."""

    def __init__(self, reading: Reading, file_id: str = "") -> None:
        self.reading = reading
        self.file_id = file_id
        self.local: dict[str, set[str]] = {}
        self.missed: set[str | None] = set()

    def mapping(self, node: Node, form: Form, defaults: dict[str, Node] = _NO_DEFAULTS) -> dict[str, Node]:
        """Return the entries of a mapping that the form knows and that have a value, its own or a default."""
        if not isinstance(node, Mapping):
            self.reading.add("wrong-shape", f"Expected {form.what} as a mapping, found {describe(node)}.", node)
            return {}
        items = node.items
        meant: set[str | None] = set()
        if "edge" in items:
            meant.add("edge")
            items = self._edge(items, form) if "edge" in form.names else items
        if defaults:
            items = {**defaults, **items}
        if not items.keys() <= form.names.keys():
            for name, key in node.keys.items():
                if name not in form.names:
                    meant.add(nearest(name, form.names))
                    message = f"Unknown key '{name}' in {form.what}. {did_you_mean(name, form.names)}"
                    self.reading.add("unknown-key", message, key, value=name)
            items = {name: entry for name, entry in items.items() if name in form.names}
            self.missed |= meant
        if "edge" in meant:
            meant.update(_EDGE.groupindex)
        for key_form in form.required:
            given = items.get(key_form.name)
            # Nearly all are there.
            if (type(given) is Scalar and given.value is not None) or not _empty(given):
                continue
            # A misspelling here or in the defaults above is one finding.
            if key_form.name not in meant and self.missed.isdisjoint((key_form.name, "defaults")):
                message = f"Expected the key '{key_form.name}' in {form.what}; it isn't there, or has no value."
                self.reading.add("missing-key", message, node, field=key_form.column, table=form.table or None)
        return {name: entry for name, entry in items.items() if type(entry) is not Scalar or entry.value is not None}

    def _edge(self, items: dict[str, Node], form: Form) -> dict[str, Node]:
        """Return the entries of a relation, with those that its edge stands for: subject, predicate, mode, object."""
        node = items["edge"]
        parts = _EDGE.fullmatch(node.value or "") if isinstance(node, Scalar) else None
        twice = [name for name in _EDGE.groupindex if name in items]
        if parts is None or twice:
            found = f"'{twice[0]}' as well" if twice else describe(node)
            message = f"Expected 'edge' as SUBJECT PREDICATE/MODE OBJECT, in place of the four keys; found {found}."
            self.reading.add("wrong-shape", message, node)
        made: dict[str, Node] = {}
        if parts is not None and isinstance(node, Scalar):
            made = {name: node.part(*parts.span(name)) for name in _EDGE.groupindex if parts[name]}
        if "mode" in made and "mode" not in form.names:
            self.reading.add("wrong-shape", f"Expected no mode in {form.what}; found {describe(node)}.", node)
            del made["mode"]
        return {**made, **{name: entry for name, entry in items.items() if name != "edge"}}

    def entries(self, node: Node | None, what: str) -> Iterator[tuple[str, Scalar, Node]]:
        """Yield the entries of a mapping whose keys are ids or local names: key, its node, and the value."""
        if node is None:
            return
        if not isinstance(node, Mapping):
            self.reading.add("wrong-shape", f"Expected a mapping of {what}, found {describe(node)}.", node)
            return
        for name, entry in node.items.items():
            yield name, node.keys[name], entry

    def items(self, node: Node | None, what: str) -> list[Node]:
        """Return the items of a list."""
        if node is None:
            return []
        if not isinstance(node, Sequence):
            self.reading.add("wrong-shape", f"Expected a list of {what}, found {describe(node)}.", node)
            return []
        return node.items

    def text(self, node: Node, what: str, *, lines: bool = False) -> str | None:
        """Return the text of a scalar: one line, unless `lines` allows several."""
        if isinstance(node, Scalar):
            value = node.value
            # Nearly every text is printable: that is checked at once.
            if lines or value is None or value.isprintable():
                return value
            value = value.removesuffix("\n")
            if _CONTROL.search(value):
                message = f"Expected {what} on one line, without control characters; found {value!r}."
                self.reading.add("type-error", message, node, value=value)
            return value
        self.reading.add("wrong-shape", f"Expected {what} as a text, found {describe(node)}.", node)
        return None

    def record(
        self, node: Node, form: Form, cells: Cells, defaults: dict[str, Node] = _NO_DEFAULTS
    ) -> tuple[Record, dict[str, Node]]:
        """Read a mapping as a row of the form's table.

        Parameters
        ----------
        node
            The mapping.
        form
            Its keys; those with a column become cells.
        cells
            Cells that come from elsewhere: ids, and values that the mapping may overwrite.
        defaults
            Entries that hold where the mapping has none of their name; a name with nothing after it has no value.

        Returns
        -------
        tuple
            The record, which is added to the reading, and the entries that fill no column.
        """
        record = Record(form.table, dict(cells), node.line)
        entries = self.mapping(node, form, defaults)
        rest = self.fill(record, entries, form)
        self.reading.records.append(record)
        return record, rest

    def fill(self, record: Record, entries: dict[str, Node], form: Form) -> dict[str, Node]:
        """Put the entries that have a column into a record; return the others."""
        rest = {}
        columns, cells, lines = form.columns, record.cells, record.lines
        for name, entry in entries.items():
            filled = columns[name]
            if filled is None:
                rest[name] = entry
            else:
                target = filled.name
                # Nearly every value was found to be good before.
                if type(entry) is Scalar and entry.value in filled.known and filled.target not in self.local:
                    cells[target] = entry.value
                else:
                    cells[target] = self._cell(filled, entry)
                lines[target] = entry.line
        return rest

    def making(self, table: str, entries: dict[str, Node]) -> Cells:
        """Return what a file says for all its statements or alignments: by whom they were made and reviewed."""
        fields = tables()[table].field_names
        return {
            name: self.cell(table, name, entries[name])
            for name in ("made_by", "review", "reviewed_by")
            if name in entries and name in fields
        }

    def require_making(self, record: Record, node: Node, what: str) -> None:
        """Add a finding unless a statement or alignment says by whom it was made and reviewed."""
        cells, table = record.cells, record.table
        for needed in ("made_by", "review"):
            if cells.get(needed) is None and needed not in self.missed:
                # What a file lacks, or has under a misspelt key, all its statements lack.
                self.missed.add(needed)
                message = f"Expected the key '{needed}', here or for the whole {what}; it isn't there."
                self.reading.add("missing-key", message, node, table=table, field=needed)
        by, review = cells.get("reviewed_by"), cells.get("review")
        if review == "machine" and by is not None and "reviewed_by" not in record.lines:
            # What the file says for all of them speaks of those that a person has read.
            del cells["reviewed_by"]

    def cell(self, table: str, name: str, node: Node) -> str | None:
        """Return a value as a cell of a column, checked against its field."""
        return self._cell(column(table, name), node)

    def _cell(self, filled: Column, node: Node) -> str | None:
        field = filled.field
        if field.type == "list":
            items = [self.text(item, "an item") or "" for item in self.items(node, "texts")]
            value = field.delimiter.join(items) or None
            if any(field.delimiter in item for item in items):
                message = f"Expected items without '{field.delimiter}', which separates them in the table."
                self.reading.add("type-error", message, node, table=filled.table, field=filled.name, value=value)
        else:
            value = self.text(node, f"'{filled.name}'")
            if value is not None and filled.target in self.local:
                value = self.full_id(filled.target, value)
        if value is not None and value not in filled.known:
            self._check(filled, value, node)
        return value

    def check(self, table: str, name: str, value: str, node: Node) -> bool:
        """Check a text against a field; a finding is added at the node."""
        filled = column(table, name)
        return value in filled.known or self._check(filled, value, node)

    def _check(self, filled: Column, value: str, node: Node) -> bool:
        problem = filled.problem(value)
        # An id of something else that isn't of the form of ids is unknown, which `link` finds.
        if problem is None or filled.target:
            return True
        code, expected = problem
        message = f"Expected {expected.removesuffix('.')}; found {describe(node)} for '{filled.name}'."
        if ". " in expected:
            first, rest = expected.split(". ", 1)
            message = f"Expected {first}; found {describe(node)} for '{filled.name}'. {rest}"
        self.reading.add(code, message, node, table=filled.table, field=filled.name, value=value)
        return False

    def full_id(self, table: str, name: str) -> str:
        """Return the id that a local name means; a name that isn't local is returned as it is."""
        return f"{self.file_id}.{name}" if name in self.local[table] else name

    def local_name(self, key: Scalar, what: str) -> str | None:
        """Return the key of a statement, relation or alignment, if it can be one."""
        name = key.value or ""
        if name.isascii() and name.isalnum() and name == name.lower():
            return name
        message = f"Expected {what} to have a name of lower-case letters and digits, such as 's01'; found '{name}'."
        self.reading.add("constraint-error", message, key, value=name)
        return None

    def spans(self, node: Node | None, role: str, owner: Cells, *, parts: bool) -> list[Span]:
        """Read a list of spans, anchored or draft.

        Parameters
        ----------
        node
            The list.
        role
            What the spans are.
        owner
            Whose they are: cells of the columns that name statement, depth, relation, account and entity.
        parts
            Whether they are parts of one thing, counted by `seq`, or each a thing of its own.
        """
        found: list[Span] = []
        for item in self.span_items(node):
            span = self.span(item, role, owner, len(found) if parts else 0)
            if span is not None:
                found.append(span)
        self.reading.spans += found
        return found

    def span_items(self, node: Node | None) -> list[Node]:
        """Return the nodes of spans: a list has several, or is one of two offsets; a text or a mapping is one."""
        if type(node) is NumberLists:
            return node.items
        if node is None or _missing(node):
            return []
        return node.items if isinstance(node, Sequence) and not is_offsets(node) else [node]

    def span(self, node: Node, role: str, owner: Cells, seq: int) -> Span | None:
        """Read one span."""
        if type(node) is Numbers:
            start, end = map(int, node.texts)
            # Of numbers in digits, nearly all are large enough, which is all that is asked of them.
            if (start >= _LEAST_START or self.check("spans", "start", node.texts[0], node.items[0])) and (
                end >= _LEAST_END or self.check("spans", "end", node.texts[1], node.items[1])
            ):
                return Span(role, owner, seq, node, start, end)
            return None
        if isinstance(node, Mapping):
            entries = self.mapping(node, QUOTE)
            if "quote" not in entries:
                return None
            quote = self.text(entries["quote"], "a quotation", lines=True)
            within = self.text(entries["within"], "a context", lines=True) if "within" in entries else None
            occurrence = self._occurrence(entries.get("occurrence"))
            return None if quote is None else Span(role, owner, seq, node, None, None, quote, within, occurrence)
        if isinstance(node, Scalar) and node.value is not None and not node.value.isdecimal():
            quote = self.text(node, "a quotation", lines=True)
            return None if quote is None else Span(role, owner, seq, node, quote=quote)
        if isinstance(node, Sequence) and len(node.items) == 2:
            offsets = []
            for item, column in zip(node.items, ("start", "end"), strict=True):
                text = self.text(item, "an offset")
                if text is None or not self.check("spans", column, text, item):
                    return None
                offsets.append(int(text))
            return Span(role, owner, seq, node, start=offsets[0], end=offsets[1])
        message = f"Expected a span as [start, end], words of the text or {{quote: ...}}; found {describe(node)}."
        self.reading.add("wrong-shape", message, node)
        return None

    def _occurrence(self, node: Node | None) -> int | None:
        """Return which of several places a quotation means, counted from 1."""
        text = None if node is None else self.text(node, "an occurrence")
        if node is None or text is None:
            return None
        if _COUNTED.fullmatch(text):
            return int(text)
        message = f"Expected 'occurrence' as a number from 1; found {describe(node)}."
        self.reading.add("type-error", message, node, value=text)
        return None


_COUNTED = re.compile("[1-9][0-9]{0,8}")
_LEAST_START, _LEAST_END = (column("spans", name).field.constraints.minimum for name in ("start", "end"))
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def _missing(node: Node | None) -> bool:
    return node is None or (type(node) is Scalar and node.value is None)


def _empty(node: Node | None) -> bool:
    # A list of numbers isn't empty, and is read only when it is asked for.
    return _missing(node) or (type(node) is Sequence and not node.items)
