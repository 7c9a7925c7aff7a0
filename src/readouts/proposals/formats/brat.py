"""brat standoff: the text, an `.ann` file with the annotations of it, and `annotation.conf` with the labels.

https://brat.nlplab.org/standoff.html. Offsets are Unicode code points. An annotation of brat lies within lines, so that
a span over a line break is written as one piece per line; its note shows which pieces are one span.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from readouts.corpus_schema.incident_codes import incident
from readouts.datapackage.errors import ReadoutsError
from readouts.datapackage.incident import Incident, Source
from readouts.proposals.formats.items import (
    KINDS,
    MOST_STEPS,
    About,
    Item,
    is_step,
    items_of,
    values_of,
)
from readouts.proposals.formats.reading_items import proposal_of_items

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from readouts.proposals.proposal import Place, Proposal

__all__ = ["read_brat", "write_brat"]

_BREAKS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
"""What Python's `splitlines`, by which brat reads its files, takes for the end of a line."""
_LINE = re.compile(f"[^{_BREAKS}]+")
_WORD = re.compile(r"[A-Za-z0-9._-]+")
_STEP = re.compile(r"Step([0-9]{1,2})")
_TEXT_BOUND = re.compile(r"(T[^\t]+)\t(\S+) ([0-9]{1,12} [0-9]{1,12}(?:;[0-9]{1,12} [0-9]{1,12})*)\t(.*)", re.DOTALL)
_ATTRIBUTE = re.compile(r"([AM][^\t]+)\t(\S+) (\S+)(?: (\S+))?\s*", re.DOTALL)
_RELATION = re.compile(r"(R[^\t]+)\t(\S+) Arg1:(\S+) Arg2:(\S+)\s*", re.DOTALL)
_NOTE = re.compile(r"(#[^\t]+)\tAnnotatorNotes (\S+)\t(.*)", re.DOTALL)
_ESCAPES = str.maketrans({mark: f"\\u{ord(mark):04x}" for mark in f"\\|\t{_BREAKS}"})
_EDGE = re.compile(r"\A\s|\s\Z")
_ESCAPED = re.compile(r"\\u([0-9a-f]{4})")
IMPLICIT = "Implicit"
"""The attribute of an annotation that the text has no words for."""


def write_brat(proposal: Proposal, text: str, about: About) -> dict[str, bytes]:
    r"""Write a proposal as brat's files.

    Parameters
    ----------
    proposal
        What is proposed.
    text
        The text.
    about
        The article, and what its annotations may name.

    Returns
    -------
    dict
        The text, the annotations and brat's configuration, by the name of the file.

    Raises
    ------
    ReadoutsError
        A span begins or ends at a line break, or overlaps another of the same annotation, which brat can't hold.

    Examples
    --------
    >>> from readouts.proposals.proposal import MentionProposal, Origin, Proposal
    >>> proposal = Proposal(mentions=(MentionProposal("jana-marek", (0, 5), Origin("en")),))
    >>> files = write_brat(proposal, "Marek called.", About("herald"))
    >>> sorted(files), files["herald.ann"].decode().splitlines()
    (['annotation.conf', 'herald.ann', 'herald.txt'], ['T1\tMention 0 5\tMarek', 'A1\tentity T1 jana-marek'])
    """
    items = items_of(proposal)
    ids = {item.id: f"T{number}" for number, item in enumerate(items, 1)}
    lines: dict[str, list[str]] = {mark: [] for mark in "TAR#"}

    def add(mark: str, rest: str) -> None:
        lines[mark].append(f"{mark}{len(lines[mark]) + 1}\t{rest}\n")

    for item in items:
        name, note = ids[item.id], dict[str, str]()
        pieces = [_pieces(text, place, item) for place in item.places or [item.near or _somewhere(text)]]
        flat = [place for some in pieces for place in some]
        ends = sorted(flat)
        if any(before[1] > after[0] for before, after in itertools.pairwise(ends)):
            message = f"{item.id} marks the same words twice, which brat can't hold: make it two annotations."
            raise ReadoutsError(message)
        where = ";".join(f"{start} {end}" for start, end in flat)
        add("T", f"{item.kind} {where}\t{' '.join(text[start:end] for start, end in flat)}")
        if not item.places:
            add("A", f"{IMPLICIT} {name}")
        counts = [len(some) for some in pieces]
        if item.places and counts != [len(some) for some in _joined(text, flat)]:
            note["pieces"] = ",".join(map(str, counts))
        for key, value in item.values.items():
            if _is_chosen(item.kind, key) and _WORD.fullmatch(value):
                add("A", f"{key} {name} {value}")
            else:
                note[key] = value
        for role, target in item.links:
            add("R", f"{f'Step{role}' if is_step(role) else role} Arg1:{name} Arg2:{ids.get(target, target)}")
        if note:
            said = " | ".join(f"{key}={_escaped(value)}" for key, value in note.items())
            add("#", f"AnnotatorNotes {name}\t{said}")
    return {
        f"{about.article}.txt": text.encode(),
        f"{about.article}.ann": "".join(line for some in lines.values() for line in some).encode(),
        "annotation.conf": _configuration(items, about).encode(),
    }


def _escaped(value: str) -> str:
    """Return a value as it is written in a note."""
    return _EDGE.sub(lambda space: f"\\u{ord(space[0]):04x}", value.translate(_ESCAPES))


def _is_chosen(kind: str, key: str) -> bool:
    """Return whether a value is chosen from a list in brat, rather than written into a note."""
    made = KINDS[kind].values.get(key)
    return made is not None and bool(made.field.constraints.enum or made.target)


def _somewhere(text: str) -> Place:
    """Return the first character that brat can mark, for what has no place at all."""
    found = _LINE.search(text)
    if found is None:
        message = "The text is empty: brat has nothing to mark."
        raise ReadoutsError(message)
    return found.start(), found.start() + 1


def _pieces(text: str, place: Place, item: Item) -> list[Place]:
    """Cut a place where lines end."""
    found = [match.span() for match in _LINE.finditer(text, *place)]
    if not found or (found[0][0], found[-1][1]) != place:
        message = (
            f"{item.id} has the span {[*place]}, which is empty or has the end of a line at its edge: move its edge."
        )
        raise ReadoutsError(message)
    return found


def _joined(text: str, pieces: Sequence[Place]) -> list[list[Place]]:
    """Join the pieces between which there is nothing but the end of a line."""
    groups: list[list[Place]] = []
    for piece in pieces:
        gap = text[groups[-1][-1][1] : piece[0]] if groups else ""
        if gap and not gap.strip(_BREAKS):
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return groups


def _configuration(items: Sequence[Item], about: About) -> str:
    """Return `annotation.conf`: every kind, link and list of labels, with the ids that there are or that are used."""
    lines = ["[entities]", *KINDS, "", "[relations]", "<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>"]
    for name, kind in KINDS.items():
        for role, target in kind.links.items():
            roles = [f"Step{number}" for number in range(1, MOST_STEPS + 1)] if role == "chain" else [role]
            lines += [f"{each}\tArg1:{name}, Arg2:{target}" for each in roles]
    lines += ["", "[events]", "", "[attributes]", f"{IMPLICIT}\tArg:Source|Addressee|Relation"]
    attributes = dict.fromkeys(key for kind in KINDS for key in KINDS[kind].values if _is_chosen(kind, key))
    for key in attributes:
        kinds = [kind for kind in KINDS if key in KINDS[kind].values]
        listed = dict.fromkeys(value for kind in kinds for value in values_of(KINDS[kind].values[key], about))
        used = sorted({item.values[key] for item in items if item.kind in kinds and key in item.values})
        values = [*dict.fromkeys([*listed, *(value for value in used if _WORD.fullmatch(value))])]
        if values:
            lines.append(f"{key}\tArg:{'|'.join(kinds)}, Value:{'|'.join(values)}")
    return "\n".join(lines) + "\n"


def read_brat(files: Mapping[str, bytes], text: str, about: About) -> tuple[Proposal, list[Incident]]:
    r"""Read what brat has of a text.

    Parameters
    ----------
    files
        The `.ann` file, and the `.txt` file that brat shows with it, by name.
    text
        The article's text.
    about
        What the annotations may name.

    Returns
    -------
    tuple
        What fits, and a finding for everything that doesn't.

    Examples
    --------
    >>> files = {"herald.ann": b"T1\tMention 0 5\tMarek\nA1\tentity T1 jana-marek\n"}
    >>> proposal, incidents = read_brat(files, "Marek called.", About("herald"))
    >>> proposal.mentions[0].entity, incidents
    ('jana-marek', [])
    """
    name = next(name for name in files if name.endswith(".ann"))
    beside = files.get(f"{name.removesuffix('.ann')}.txt")
    own = None if beside is None else beside.decode("utf-8", errors="replace")
    reader = _Reader(name, text)
    try:
        lines = files[name].decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        reader.add("encoding-error", 1, f"{name} is not UTF-8: byte {error.start} can't be read.")
        lines = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            reader.line(number, line.removesuffix("\r"))
    proposal, incidents = proposal_of_items(reader.items(), text, about, "brat", own)
    return proposal, [*reader.incidents, *incidents]


class _Reader:
    def __init__(self, file: str, text: str) -> None:
        self.file, self.text = file, text
        self.incidents: list[Incident] = []
        self.marked: list[tuple[int, str, str, list[Place], str]] = []
        self.values: dict[str, dict[str, str]] = {}
        self.links: dict[str, list[tuple[str, str]]] = {}
        self.lines: dict[str, int] = {}

    def add(self, code: str, line: int, message: str) -> None:
        self.incidents.append(incident(code, message, hint="", source=Source(self.file, line)))

    def line(self, number: int, line: str) -> None:
        """Read one line."""
        if match := _TEXT_BOUND.fullmatch(line):
            name, kind, spans, words = match.groups()
            flat = [(int(start), int(end)) for start, end in (span.split(" ") for span in spans.split(";"))]
            self.marked.append((number, name, kind, flat, words))
        elif match := _ATTRIBUTE.fullmatch(line):
            _, key, target, value = match.groups()
            self.value(number, target, key, "yes" if value is None else value)
        elif match := _RELATION.fullmatch(line):
            _, role, first, second = match.groups()
            step = _STEP.fullmatch(role)
            self.links.setdefault(first, []).append((step[1] if step else role, second))
            self.lines.setdefault(first, number)
        elif match := _NOTE.fullmatch(line):
            _, target, note = match.groups()
            for part in note.strip().split(" | "):
                key, equals, value = part.partition("=")
                if equals:
                    self.value(number, target, key.strip(), _ESCAPED.sub(lambda code: chr(int(code[1], 16)), value))
                elif part:
                    what = f"The note on {target} has a part that isn't of the form 'name=value': it is left out."
                    self.add("wrong-shape", number, what)
        else:
            what = f"The line begins with '{line[:20]}'; expected a span (T), attribute (A), relation (R) or note (#)."
            self.add("wrong-shape", number, what)

    def value(self, line: int, target: str, key: str, value: str) -> None:
        """Keep one value of an annotation."""
        self.lines.setdefault(target, line)
        if self.values.setdefault(target, {}).setdefault(key, value) != value:
            self.add("duplicate-key", line, f"{target} has two values for '{key}': the second is left out.")

    def items(self) -> Iterator[Item]:
        """Yield the annotations."""
        names = {name for _, name, *_ in self.marked}
        for target, line in self.lines.items():
            if target not in names:
                self.add("foreign-key", line, f"The line belongs to {target}, which isn't there: it is left out.")
        for number, name, kind, flat, words in self.marked:
            values = dict(self.values.get(name, {}))
            implicit, counts = values.pop(IMPLICIT, None), values.pop("pieces", "")
            groups = _joined(self.text, flat)
            told = [int(count) for count in counts.split(",") if count.isdecimal()]
            if sum(told) == len(flat):
                rest = iter(flat)
                groups = [[next(rest) for _ in range(count)] for count in told if count]
            said = self.words(groups, words)
            places = tuple((some[0][0], some[-1][1]) for some in groups)
            links = tuple(self.links.get(name, ()))
            source = Source(self.file, number)
            yield Item(name, kind, () if implicit else places, values, links, None, None if implicit else said, source)

    def words(self, groups: Sequence[Sequence[Place]], words: str) -> tuple[str, ...]:
        """Return the words of each place, of which brat's have a space where a line ends."""
        found, at = [], 0
        for some in groups:
            whole, end = "", some[0][0]
            for start, stop in some:
                whole += self.text[end:start] + words[at : at + stop - start]
                at, end = at + stop - start + 1, stop
            found.append(whole)
        return tuple(found)
