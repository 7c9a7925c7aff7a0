"""One article's file: its metadata, regions, statements, mentions and relations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.annotations.form_reader import FormReader
from readouts.annotations.forms import (
    ARTICLE,
    CARRIAGE,
    DEFAULTS,
    REGION,
    REGION_ROLES,
    RELATION,
    RELATION_DEFAULTS,
    STATEMENT,
    STEP,
    TEXT,
)
from readouts.annotations.nodes import Mapping, Node, Scalar, Sequence, describe
from readouts.annotations.records import Cells, Reading, Record
from readouts.corpus_schema.plover import load_plover
from readouts.corpus_schema.tables import tables
from readouts.datapackage.suggest import did_you_mean

if TYPE_CHECKING:
    from readouts.annotations.records import Span

__all__ = ["read_article"]


def read_article(root: Mapping, article_id: str, reading: Reading) -> Record:
    """Read an article's file into records and spans."""
    return _ArticleReader(root, article_id, reading).read()


class _ArticleReader(FormReader):
    def __init__(self, root: Mapping, article_id: str, reading: Reading) -> None:
        super().__init__(reading, article_id)
        self.root = root
        for table in ("statements", "relations"):
            node = root.items.get(table)
            self.local[table] = set(node.items) if isinstance(node, Mapping) else set()
        self.made: Cells = {}
        self.defaults: dict[str, Node] = {}
        self.relation_defaults: dict[str, Node] = {}
        self.chains: dict[str, list[Node]] = {}

    def read(self) -> Record:
        record, rest = self.record(self.root, ARTICLE, {"article_id": self.file_id})
        self.made = self.making("statements", rest)
        self.read_defaults(rest.get("defaults"))
        for name, key, node in self.entries(rest.get("chains"), "chains"):
            self.chain(name, key, node)
        if "text" in rest:
            entries = self.fill(record, self.mapping(rest["text"], TEXT), TEXT)
            self.allotted(entries.get("spans_allotted"))
        for node in self.items(rest.get("regions"), "regions"):
            self.region(node)
        for account, key, node in self.entries(rest.get("carries"), "accounts"):
            self.carriage(account, key, node)
        for name, key, node in self.entries(rest.get("statements"), "statements"):
            if self.local_name(key, "a statement") is not None:
                self.statement(f"{self.file_id}.{name}", node)
        for entity, key, node in self.entries(rest.get("mentions"), "entities"):
            self.check("spans", "entity_id", entity, key)
            self.spans(node, "mention", {"entity_id": entity}, parts=False)
        for name, key, node in self.entries(rest.get("relations"), "relations"):
            if self.local_name(key, "a relation") is not None:
                self.relation(f"{self.file_id}.{name}", node)
        return record

    def read_defaults(self, node: Node | None) -> None:
        """Read what statements and relations have that don't say otherwise, and check it once."""
        if node is None:
            return
        self.defaults = self.mapping(node, DEFAULTS)
        self.fill(Record("statements", {}, node.line), self.defaults, DEFAULTS)
        relations = self.defaults.pop("relations", None)
        if relations is not None:
            self.relation_defaults = self.mapping(relations, RELATION_DEFAULTS)
            self.fill(Record("relations", {}, relations.line), self.relation_defaults, RELATION_DEFAULTS)

    def chain(self, name: str, key: Scalar, node: Node) -> None:
        """Read a named chain; its steps are read where a statement uses them, and checked here if none does."""
        self.local_name(key, "a chain")
        steps = self.steps(node)
        self.chains[name] = steps
        for step in steps:
            for source in step.items if isinstance(step, Sequence) else [step]:
                self.fill(Record("attributions", {}, source.line), self.mapping(source, STEP), STEP)

    def steps(self, node: Node | None) -> list[Node]:
        """Return the steps of a chain: a list of steps and names of chains, or one of either without a list."""
        found: list[Node] = []
        for item in node.items if isinstance(node, Sequence) else [] if node is None else [node]:
            if isinstance(item, Scalar):
                found += self.named(item)
            else:
                found.append(item)
        return found

    def named(self, node: Scalar) -> list[Node]:
        """Return the steps of the chain that a text names."""
        name = node.value or ""
        if name not in self.chains:
            message = f"Expected a chain of 'chains' above; found {describe(node)}. {did_you_mean(name, self.chains)}"
            # A chain of an unknown name is one finding, however many statements use it.
            if self.missed.isdisjoint((f"chain {name}", "chains")):
                self.reading.add("unknown-chain", message, node, table="attributions", value=node.value)
            self.missed.add(f"chain {name}")
        return self.chains.get(name, [])

    def allotted(self, node: Node | None) -> None:
        if node is not None:
            text = self.text(node, "'spans_allotted'")
            if text is not None:
                self.check("articles", "word_count", text, node)

    def carriage(self, account: str, key: Scalar, node: Node) -> None:
        self.check("carriages", "account_id", account, key)
        record, _ = self.record(node, CARRIAGE, {"account_id": account, "article_id": self.file_id})
        record.lines["account_id"] = key.line
        reprint = [
            span for span in self.reading.spans if span.role == "readout" and span.owner["account_id"] == account
        ]
        if len(reprint) == 1 and reprint[0].quote is None:
            self.extent(record, reprint)

    def region(self, node: Node) -> None:
        entries = self.mapping(node, REGION)
        record = Record("spans", {}, node.line)
        rest = self.fill(record, entries, REGION)
        role = record.cells.get("role")
        if role is None:
            return
        if role not in REGION_ROLES:
            if tables()["spans"].field("role").problem(role) is not None:
                return
            message = f"Expected the role of a region; found '{role}'. {did_you_mean(role, REGION_ROLES)}"
            self.reading.add("constraint-error", message, entries["role"], table="spans", field="role", value=role)
            return
        if (role == "readout") != (record.cells.get("account_id") is not None):
            message = "Expected the key 'account' in a region of role readout, and in no other."
            self.reading.add("missing-key", message, node, table="spans", field="account_id")
        owner: Cells = {"account_id": record.cells.get("account_id")}
        self.spans(rest.get("at"), role, owner, parts=False)

    def statement(self, statement_id: str, node: Node) -> None:
        base: Cells = {"statement_id": statement_id, "article_id": self.file_id, **self.made}
        record, rest = self.record(node, STATEMENT, base, self.defaults)
        self.require_making(record, node, "article")
        owner: Cells = {"statement_id": statement_id}
        content = self.spans(rest.get("content"), "content", owner, parts=True)
        if content and all(span.quote is None for span in content):
            self.extent(record, content)
        self.spans(rest.get("quoted"), "quoted", owner, parts=True)
        addressee = {**owner, "entity_id": record.cells.get("addressee_id")}
        self.spans(rest.get("addressee_at"), "addressee", addressee, parts=True)
        self.addressees(record, rest.get("addressees"), owner)
        steps = self.steps(rest.get("sources"))
        for depth, step in enumerate(steps):
            sources = self.step(statement_id, depth, step)
            if depth == len(steps) - 1 and len(sources) == 1:
                record.cells["speaker_id"] = sources[0].cells.get("entity_id")
                record.lines["speaker_id"] = sources[0].lines.get("entity_id", sources[0].line)

    def addressees(self, statement: Record, node: Node | None, owner: Cells) -> None:
        """Read several addressees: a mapping from each to where the text names it, if it does."""
        found = list(self.entries(node, "addressees"))
        if node is not None and (len(found) == 1 or statement.cells.get("addressee_id") is not None):
            message = "Expected 'addressees' for two or more, and 'addressee' for one; found "
            message += "both keys." if statement.cells.get("addressee_id") is not None else "one in 'addressees'."
            self.reading.add("wrong-shape", message, node, table="addressees", field="entity_id")
        for entity, key, places in found:
            self.check("addressees", "entity_id", entity, key)
            record = Record("addressees", {**owner, "entity_id": entity}, key.line, {"entity_id": key.line})
            self.reading.records.append(record)
            if not isinstance(places, Scalar) or places.value is not None:
                self.spans(places, "addressee", {**owner, "entity_id": entity}, parts=True)

    def step(self, statement_id: str, depth: int, node: Node) -> list[Record]:
        """Read one step of a source chain: one source, or a list of joint ones."""
        joint = node.items if isinstance(node, Sequence) else [node]
        if not joint:
            message = "Expected a source, or a list of joint ones; found an empty list."
            self.reading.add("missing-key", message, node, table="attributions", field="entity_id")
        owner: Cells = {"statement_id": statement_id, "depth": str(depth)}
        cues: list[Span] = []
        records = []
        for seq, source in enumerate(joint):
            record, rest = self.record(source, STEP, {**owner, "seq": str(seq)})
            records.append(record)
            if (record.cells.get("entity_id") is None) == (record.cells.get("label") is None):
                message = "Expected either an 'entity' or, for an unnamed source, a 'label'."
                self.reading.add("missing-key", message, source, table="attributions", field="entity_id")
            named = {**owner, "entity_id": record.cells.get("entity_id"), "account_id": record.cells.get("account_id")}
            self.spans(rest.get("at"), "source", named, parts=True)
            for item in self.span_items(rest.get("cue")):
                cue = self.span(item, "cue", owner, len(cues))
                if cue is not None:
                    cue.shared = seq > 0
                    cues.append(cue)
        self.reading.spans += cues
        return records

    def relation(self, relation_id: str, node: Node) -> None:
        base: Cells = {"relation_id": relation_id, "article_id": self.file_id}
        record, rest = self.record(node, RELATION, base, self.relation_defaults)
        self.spans(rest.get("at"), "relation", {"relation_id": relation_id}, parts=True)
        plover = load_plover()
        cells = record.cells
        predicate, mode = cells.get("predicate") or "", cells.get("mode")
        place = {"table": "relations"}
        fields = tables()["relations"]
        modes = plover.modes.get(predicate, ())
        if (
            mode is not None
            and mode not in modes
            and fields.field("mode").problem(mode) is None
            and fields.field("predicate").problem(predicate) is None
        ):
            message = f"Expected a mode of {predicate}; found '{mode}'. " + (
                did_you_mean(mode, modes) if modes else f"{predicate} has none."
            )
            self.reading.add("mode-misfit", message, record.lines["mode"], field="mode", value=mode, **place)
        if predicate in plover.recipient_required and cells.get("object_id") is None:
            message = f"{predicate} needs a recipient, and there is no 'object'."
            self.reading.add("recipient-missing", message, node, field="object_id", **place)
        contexts = cells.get("contexts")
        for context in contexts.split("|") if contexts else ():
            if context not in plover.contexts:
                message = f"Expected a PLOVER context; found '{context}'. {did_you_mean(context, plover.contexts)}"
                line = record.lines["contexts"]
                self.reading.add("constraint-error", message, line, field="contexts", value=context, **place)

    @staticmethod
    def extent(record: Record, spans: list[Span]) -> None:
        """Set start and end of a record to the extent of its spans."""
        record.cells["start"] = str(min(span.start for span in spans if span.start is not None))
        record.cells["end"] = str(max(span.end for span in spans if span.end is not None))
        record.lines["start"] = record.lines["end"] = spans[0].node.line
