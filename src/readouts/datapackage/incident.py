"""One finding of one checker, whatever it checked: code, place, message, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

__all__ = ["CODES", "Code", "Incident", "Severity", "Source", "incident", "sorted_incidents"]


class Severity(StrEnum):
    """How bad a finding is: an error fails a run, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of finding: its stable name, what it means, and how it is mended."""

    name: str
    meaning: str
    mend: str
    severity: Severity = Severity.ERROR


def _codes(*codes: Code) -> dict[str, Code]:
    return {code.name: code for code in codes}


CODES = _codes(
    Code(
        "yaml-unreadable",
        "The file is not the YAML that annotations are written in: not UTF-8, not well formed, or not a mapping.",
        "Mend the place that the message names; docs/annotating.md shows every form.",
    ),
    Code(
        "yaml-limit",
        "The file is larger or deeper than an annotation may be, or uses anchors, aliases or tags.",
        "Write every value out; split a file that is too large.",
    ),
    Code("duplicate-key", "A mapping has the same key twice.", "Keep one of the two."),
    Code(
        "unknown-key",
        "A mapping has a key that this place doesn't take.",
        "Use the key that the message suggests, or take it out.",
    ),
    Code("missing-key", "A mapping lacks a key that this place needs.", "Add the key."),
    Code(
        "wrong-shape",
        "A value has the wrong shape: a list where a text belongs, a text where a mapping belongs.",
        "Write it in the shape that the message names.",
    ),
    Code(
        "type-error",
        "A value can't be read as the type of its field.",
        "Write the value in the form that the message names.",
    ),
    Code(
        "constraint-error",
        "A value breaks a constraint of its field: its list of values, pattern, length or bounds.",
        "Use a value that the schema allows.",
    ),
    Code(
        "foreign-key",
        "A reference points to an id that isn't there.",
        "Correct the id, or add what it should point to.",
    ),
    Code(
        "primary-key",
        "Two rows have the same key.",
        "Give one of them an id of its own. Of two rows of an anchors file, take one out and run `readouts anchor`.",
    ),
    Code("unique-error", "Two rows have the same value where each must have its own.", "Correct one of the two."),
    Code(
        "file-name",
        "The name of the file is no id, or two files give the same.",
        "Name the file after the id: lower-case letters and digits, joined by '-', '_' or '.'.",
    ),
    Code(
        "quote-left",
        "A span is still a draft: it has a quotation instead of offsets. No text of an article is ever committed.",
        "Run `readouts anchor ARTICLE --texts DIR`; it replaces each quotation by its offsets.",
    ),
    Code(
        "not-anchored",
        "A span, or the whole article, has no fingerprint in annotations/anchors/.",
        "Run `readouts anchor ARTICLE --texts DIR`.",
    ),
    Code(
        "anchor-unused",
        "annotations/anchors/ has a fingerprint of a span that no annotation has any more.",
        "Run `readouts anchor ARTICLE`.",
    ),
    Code(
        "anchor-broken",
        "A file of annotations/anchors/ is not what `readouts anchor` writes.",
        "Restore the file; or delete it and run `readouts anchor ARTICLE --texts DIR`, which gives new ids.",
    ),
    Code("duplicate-span", "The same span is annotated twice for the same owner.", "Take one of the two out."),
    Code(
        "span-outside-article",
        "A span ends before it begins, or lies outside its article's text.",
        "Correct the offsets, or put the quotation back and run `readouts anchor`.",
    ),
    Code(
        "span-edge",
        "A span begins or ends on something other than a letter, a digit or a quotation mark.",
        "Move the span's edge.",
    ),
    Code(
        "quote-not-found",
        "The quotation of a draft is not in the article's text.",
        "Copy it from the text again.",
    ),
    Code(
        "quote-ambiguous",
        "The quotation of a draft is in the article's text more than once.",
        "Add `within:` with more of the sentence, enough to be found once.",
    ),
    Code(
        "text-missing",
        "The folder of texts has no text of an article.",
        "Put it there as <article_id>.txt, in UTF-8.",
    ),
    Code(
        "text-ambiguous",
        "More than one file of the folder of texts could be the text of an article.",
        "Name the right one <article_id>.txt.",
    ),
    Code("text-unreadable", "A text is not UTF-8.", "Save it as UTF-8, without changing it otherwise."),
    Code(
        "text-differs",
        "The text is not the one that was annotated: its fingerprint is another.",
        "Use the text as it was annotated. `readouts hydrate` finds the spans in other versions of it.",
    ),
    Code(
        "fingerprint-differs",
        "The text at a span's place doesn't have the fingerprint recorded for it.",
        "Put the quotation back into the annotation and run `readouts anchor`.",
    ),
    Code(
        "summary-copies-source",
        "A summary shares a run of more than six words with the article, names excepted.",
        "Put it in other words.",
    ),
    Code(
        "mode-misfit",
        "The mode of a relation is none of those that PLOVER gives its event.",
        "Use a mode of the event, or leave it out.",
    ),
    Code(
        "recipient-missing",
        "The PLOVER event needs a recipient, and the relation has no object.",
        "Add the object.",
    ),
    Code(
        "context-unknown",
        "A relation has a context that is none of PLOVER's.",
        "Use a context that the message lists, or take it out.",
    ),
    Code(
        "span-owner-missing",
        "A span lacks what its role needs: a statement, the depth of a step, an entity, a relation or an account.",
        "Add what the message names, or correct the role.",
    ),
    Code(
        "span-step-missing",
        "A cue or source has a depth at which the chain of its statement has no step.",
        "Correct the depth, or add the step to the chain.",
    ),
    Code(
        "boilerplate-annotated",
        "A span overlaps a region of boilerplate, in which nothing is annotated.",
        "Take the span out, or correct the edges of the region.",
    ),
    Code(
        "article-differs",
        "Two rows that belong together are in different articles: a span and its statement, a child and its parent.",
        "Correct the article of the one, or what it belongs to.",
    ),
    Code(
        "id-prefix",
        "The id of a statement or span doesn't begin with that of its article.",
        "Name it after its article: the article's id, a dot, and a part of its own.",
    ),
    Code(
        "content-missing",
        "A statement has no span of the role content.",
        "Add the words that say what is stated, or take the statement out.",
    ),
    Code(
        "extent-differs",
        "The start and end of a statement, or of a carriage, are not those of the spans that they sum up.",
        "Correct start and end, or the spans; in annotations only the spans are written.",
    ),
    Code(
        "parent-uncovered",
        "The content of a parent statement doesn't cover that of its child.",
        "Extend the content of the parent, or give the child another parent or none.",
    ),
    Code(
        "parent-cycle",
        "A row is its own parent, or the parents that it leads to never end.",
        "Take out the parent that closes the circle.",
    ),
    Code(
        "chain-broken",
        "The source chain of a statement has no step, or lacks one between two that it has.",
        "Add the step, or count depth and seq from 0 without a gap.",
    ),
    Code(
        "step-unnamed",
        "A step of a source chain has neither an entity nor a label, or has both.",
        "Keep the entity; give a label where the source is unnamed.",
    ),
    Code(
        "speaker-differs",
        "The speaker of a statement is not the deepest step of its chain.",
        "Correct the speaker or the chain; there is no speaker where the deepest step is joint or unnamed.",
    ),
    Code(
        "own-outlet",
        "The article's own outlet is a step of a chain. That the outlet says it goes for everything in the article.",
        "Take the step out.",
    ),
    Code(
        "account-issuer",
        "A step of a chain speaks through an account that somebody else issued.",
        "Correct the account or the entity of the step.",
    ),
    Code(
        "account-not-carried",
        "An article has a source or region of an account that it isn't listed to carry.",
        "Add the account to what the article carries, or correct the account.",
    ),
    Code(
        "dates-reversed",
        "A day lies before another that it can't come before.",
        "Correct one of the two.",
    ),
    Code(
        "alignment-order",
        "An alignment joins a statement with itself, or says the same both ways and has the larger id first.",
        "Put the smaller id first, or name another statement.",
    ),
    Code(
        "event-differs",
        "Two statements make the same claim, or contradict each other, and don't speak of one event.",
        "Correct the event of one of them, or the relation of the alignment.",
    ),
    Code(
        "entity-kind",
        "A reference needs an entity of one kind and has one of another: an outlet must be an outlet, a place a place.",
        "Correct the reference, or the kind of the entity.",
    ),
    Code(
        "wikidata-status",
        "The status of a Wikidata id doesn't fit: no status for an id, one without id, or verified without a source.",
        "Say where the id was verified, or make it a candidate; without an id the status is none.",
    ),
    Code(
        "lineage-broken",
        "A change of an id lacks the new id, or removes the old one and has a new one all the same.",
        "Give the new id, unless the operation is 'removed'.",
    ),
    Code(
        "stale-package",
        "The package is not what the annotations give.",
        "Run `readouts rebuild` and commit what it writes.",
    ),
    Code("package-error", "The descriptor is not a valid Data Package.", "Mend the property that the message names."),
    Code("resource-error", "A resource of the descriptor is not valid.", "Mend the property that the message names."),
    Code("schema-error", "A Table Schema of the descriptor is not valid.", "Mend the property that the message names."),
    Code("scheme-error", "A file of the package can't be opened.", "Put the file where the descriptor says it is."),
    Code("encoding-error", "A file is not in the encoding that its descriptor names.", "Save it in that encoding."),
    Code("format-error", "A file is not in the format that its descriptor names.", "Mend the file."),
    Code("source-error", "A file has nothing that could be read as a table.", "Mend the file."),
    Code("hash-count", "A file is not the one that the descriptor was written for: its hash is another.",
         "Restore the file, or rebuild the package."),
    Code("byte-count", "A file is not the one that the descriptor was written for: its size is another.",
         "Restore the file, or rebuild the package."),
    Code("duplicate-label", "Two columns have the same name.", "Take one of them out."),
    Code("blank-label", "A column has no name.", "Name the column as the schema does."),
    Code("incorrect-label", "A column is not the one that the schema has in its place.",
         "Order and name the columns as the schema does."),
    Code("extra-label", "A column is not in the schema.", "Take the column out, or add it to the schema."),
    Code("missing-label", "A column of the schema is not there.", "Add the column."),
    Code("blank-row", "A row is empty.", "Take the row out."),
    Code("extra-cell", "A row has more cells than there are columns.", "Take the extra cells out."),
    Code("missing-cell", "A row has fewer cells than there are columns.", "Add the missing cells."),
    Code("null-byte", "A cell has a NUL character, which many readers take for the end of it.", "Take it out."),
    Code("stray-quote", "A quote stands inside a cell without being doubled, or text follows a closing quote.",
         'Put the whole cell in quotes, and double those within it: "a ""b"" c".'),
    Code("unterminated-quote", "A quoted cell is never closed: most readers would take the rest of the file for it.",
         "Close the quote, or double it if it belongs to the text."),
    Code("line-ending", "A carriage return stands alone: some readers end the row there, others don't.",
         "End every line with LF or CRLF; put a cell that has line ends in quotes."),
    Code("byte-order-mark", "The file begins with a byte order mark, which many readers take for a part of the first "
         "column's name.", "Save it as UTF-8 without a byte order mark, or set `encoding` to utf-8-sig.",
         Severity.WARNING),
    Code("unsupported-feature", "The descriptor asks for something that is not checked here.",
         "Express it in another way, or check it with another tool."),
    Code("profile-unknown", "The descriptor is made for a profile that is not known here; it was held to the official "
         "ones.", "Check it with the tool of that profile.", Severity.WARNING),
    Code("resource-limit", "A file is larger, or unpacks to more, than is read.",
         "Split the file, or give it uncompressed."),
    Code("peer-failed", "The other checker of descriptors broke off. That is no verdict on the package, which was "
         "checked without it.",
         "Look at the property that its message is about: often it is one that the standard doesn't have.",
         Severity.WARNING),
    Code("release-gate",
         "A measure of the release is further from the older release's than is allowed.",
         "Find out what was lost or shifted and mend it; where it is meant, let a person decide to release it."),
    Code("gate-note",
         "A measure of the release could not be compared with the older release's, or stands out without refusing it.",
         "Look at the measure that the message names.", Severity.WARNING),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """A place that a person looks at: a file, its line, and its column, both counted from 1."""

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)


@dataclass(frozen=True, slots=True)
class Incident:
    """One finding.

    Attributes
    ----------
    code
        Stable name of the kind of finding; a key of `CODES`.
    message
        What was expected and what was found.
    hint
        How to mend it.
    severity
        Whether it fails a run.
    table, field
        The table and column concerned.
    row, line
        The row (1 is the first below the header) and the physical line of the table's file.
    key
        The primary key of the row.
    value
        The offending value as text.
    source
        The place that is to be looked at: in the annotations, which are edited, or in a file that is made of them.
    """

    code: str
    message: str
    hint: str = ""
    severity: Severity = Severity.ERROR
    table: str | None = None
    field: str | None = None
    row: int | None = None
    line: int | None = None
    key: tuple[str, ...] | None = None
    value: str | None = None
    source: Source | None = None

    def at(self, source: Source) -> Incident:
        """Return the same finding with the place that has to be edited."""
        return replace(self, source=source)

    def place(self) -> str:
        """Return where it is, most useful first: the place to edit, else the table's row and field.

        Examples
        --------
        >>> incident("foreign-key", "No such entity.", table="events", row=3, line=4, field="place_id").place()
        'events row 3 (line 4) place_id'
        """
        if self.source is not None:
            return str(self.source)
        parts = [self.table or ""]
        if self.row is not None:
            parts.append(f"row {self.row}")
        elif self.key is not None:
            parts.append(f"key {', '.join(self.key)}")
        if self.line is not None:
            parts.append(f"(line {self.line})")
        if self.field is not None:
            parts.append(self.field)
        return " ".join(part for part in parts if part)


def incident(code: str, message: str, *, hint: str | None = None, **place: Any) -> Incident:
    """Make a finding; severity and, unless another is given, the hint come from its code's entry in `CODES`.

    Raises
    ------
    KeyError
        There is no such code.

    Examples
    --------
    >>> incident("duplicate-key", "The key 'a' is here twice.").hint
    'Keep one of the two.'
    """
    entry = CODES[code]
    return Incident(code, message, entry.mend if hint is None else hint, entry.severity, **place)


def sorted_incidents(incidents: list[Incident]) -> list[Incident]:
    """Return the findings in the order of their places: by file and line, else by table and row.

    Examples
    --------
    >>> late = incident("unknown-key", "b", source=Source("a.yaml", 9))
    >>> early = incident("unknown-key", "a", source=Source("a.yaml", 2))
    >>> [finding.message for finding in sorted_incidents([late, early])]
    ['a', 'b']
    """

    def place(finding: Incident) -> tuple[Any, ...]:
        source = finding.source or Source("")
        return (
            source.file,
            source.line or 0,
            source.column or 0,
            finding.table or "",
            finding.row or 0,
            finding.field or "",
            finding.code,
            finding.message,
        )

    return sorted(incidents, key=place)
