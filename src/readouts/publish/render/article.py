"""An annotated article in the terminal, and as one local HTML file."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from readouts.datapackage.scripts import UNSPACED_CHARACTER
from readouts.datapackage.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rich.console import Console
    from rich.text import Text

    from readouts.analysis.annotated import AnnotatedArticle, Note, Paragraph, Segment
    from readouts.analysis.marks import Mark

__all__ = ["article_html", "print_article"]

_COLOURS = {"a": "blue", "b": "red", "both": "magenta", "third": "yellow"}
_SIGNS = {
    "content": ("=", "="),
    "quoted": ('"', '"'),
    "source": ("s", "-"),
    "cue": ("c", "-"),
    "addressee": ("a", "-"),
    "mention": ("m", "-"),
    "relation": ("r", "-"),
    "uncovered": ("?", "?"),
    "unmentioned": ("!", "!"),
}
"""How spans of a role are drawn under the text: the first cell, and the others."""
_LEGEND = '= content  " quoted  s source  c cue  a addressee  m mention  r relation  ? no span  ! no mention'
_REGIONS = ("headline", "caption", "readout", "boilerplate")
_ROWS = {
    "mention": "mention",
    **{role: role for role in _REGIONS},
    "uncovered": "no span",
    "unmentioned": "no mention",
}
"""What the rows of spans that belong to no statement or relation are called, in their order."""
_ROW_STYLES = {"uncovered": "bold", "unmentioned": "bold"}
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")

_OPENING = "“‘„«‹「『《〈（【(["
# Text that stays on one line: a word, or a character of a script without spaces, with the marks next to it.
_UNIT = re.compile(
    rf"[{re.escape(_OPENING)}]*(?:{UNSPACED_CHARACTER}[^\w\s{re.escape(_OPENING)}]*|(?:(?!{UNSPACED_CHARACTER})\S)+)?\s*"
)


def _breaks(text: str, width: int) -> Iterator[int]:
    """Yield where the lines of a text begin after the first."""
    from rich.cells import cell_len, chop_cells

    used = 0
    for unit in _UNIT.finditer(text):
        place, length = unit.start(), cell_len(unit[0].rstrip())
        if length and used and used + length > width:
            yield place
            used = 0
        if length > width:
            *full, rest = chop_cells(unit[0].rstrip(), width)
            for part in full:
                place += len(part)
                yield place
            used = cell_len(rest) + cell_len(unit[0]) - length
        else:
            used += cell_len(unit[0])


def _style(segment: Segment) -> str:
    parts = []
    if segment.sides:
        parts.append(_COLOURS[segment.sides[0]] if len(segment.sides) == 1 else "magenta")
    if "mention" in segment.roles:
        parts.append("underline")
    if "cue" in segment.roles:
        parts.append("italic bold")
    if "headline" in segment.roles:
        parts.append("bold")
    if "boilerplate" in segment.roles:
        parts.append("dim")
    return " ".join(parts)


def print_article(console: Console, article: AnnotatedArticle) -> None:
    """Print an annotated article: its text, under each line what covers it, and its statements with their labels."""
    from rich.text import Text

    _print(console, Text(f"{article.title} ({article.article_id})", style="bold"))
    if article.paragraphs:
        _print(console, Text("This output holds text of the article: it must stay local."))
        _print(console, Text(_LEGEND, style="dim"))
    else:
        _print(console, Text("Spans are characters of the text, from and to. Give --texts DIR to see the words."))
    for paragraph in article.paragraphs:
        console.print()
        _print_text(console, article, paragraph)
        _print_notes(console, article, paragraph.notes, paragraph.marks)
    if not article.paragraphs:
        _print_notes(console, article, article.notes, article.marks)
    _print_gaps(console, article)


def _print(console: Console, text: Text, indent: int = 0, further: int = 0) -> None:
    """Print a text, wrapped between words, and anywhere in a script without spaces; later lines go in further."""
    width = max(8, console.width - indent - further)
    for number, line in enumerate(text.divide(_breaks(text.plain, width))):
        line.rstrip()
        line.pad_left(indent + (further if number else 0))
        console.print(line, no_wrap=True, overflow="ignore", crop=False)


def _print_text(console: Console, article: AnnotatedArticle, paragraph: Paragraph) -> None:
    """Print one line of the text as wide as the console, and under it a row for each statement and kind of span."""
    from rich.cells import cell_len
    from rich.text import Text

    text = Text()
    for segment in paragraph.segments:
        text.append(_UNPRINTABLE.sub(" ", segment.text), style=_style(segment))
    order = {note.number: place for place, note in enumerate(article.notes)}
    owners = sorted({mark.owner for mark in paragraph.marks}, key=lambda owner: _place(owner, order))
    colours = {note.number: _COLOURS[note.side] for note in article.notes}
    gutter = max(len(_ROWS.get(owner, owner)) for owner in [*owners, "content"]) + 2
    start, shown_line = paragraph.start, f"{paragraph.line}:"
    for line in text.divide(_breaks(text.plain, max(8, console.width - gutter))):
        end = start + len(line.plain)
        plain = line.plain
        line.rstrip()
        console.print(
            Text.assemble((shown_line.ljust(gutter), "dim"), line), no_wrap=True, overflow="ignore", crop=False
        )
        for owner in owners:
            row = [" "] * cell_len(plain)
            for mark in sorted(paragraph.marks, key=lambda mark: mark.start - mark.end):
                if mark.owner == owner and mark.start < end and mark.end > start:
                    low, high = (
                        cell_len(plain[: edge - start]) for edge in (max(start, mark.start), min(end, mark.end))
                    )
                    first, rest = _SIGNS.get(mark.role, ("-", "-"))
                    row[low:high] = (first if mark.start >= start else rest) + rest * (high - low - 1)
            if drawn := "".join(row[: cell_len(line.plain)]).rstrip():
                style = colours.get(owner, _ROW_STYLES.get(owner, "dim"))
                head = _ROWS.get(owner, owner).ljust(gutter)
                console.print(Text.assemble((head + drawn, style)), no_wrap=True, overflow="ignore", crop=False)
        start, shown_line = end, ""


def _place(owner: str, statements: Mapping[str, int]) -> tuple[int, int, str]:
    """Return where the row of an owner is: statements, relations, mentions, regions, what is missing."""
    if owner in statements:
        return 0, statements[owner], owner
    return (list(_ROWS).index(owner) + 2 if owner in _ROWS else 1), 0, owner


def _print_notes(console: Console, article: AnnotatedArticle, notes: Iterable[Note], marks: Sequence[Mark]) -> None:
    """Print statements with all their properties, then what relations and mentions stand for."""
    from rich.text import Text

    if notes:
        console.print()
    for note in notes:
        side = f"{note.side} ({note.side_name})" if note.side_name else note.side
        _print(console, Text.assemble((f"{note.number}  {side}: {note.chain}", f"bold {_COLOURS[note.side]}")), 2, 4)
        _print(console, Text(note.summary), 6)
        for line in _lines(note):
            _print(console, Text(line, style="dim"), 6, 2)
        if not article.paragraphs:
            _print(console, Text(_offsets(mark for mark in marks if mark.statement_id == note.statement_id)), 6, 2)
    roles = ("relation", "mention") if article.paragraphs else ("relation", "mention", *_REGIONS)
    for role in roles:
        for head, of in groupby(sorted((mark for mark in marks if mark.role == role), key=_headed), key=_headed):
            owned = list(of)
            where = _words(owned) if article.paragraphs else ", ".join(f"{mark.start}-{mark.end}" for mark in owned)
            _print(console, Text(f"{head}: {where}", style="dim"), 2, 4)


def _headed(mark: Mark) -> str:
    """Return what a mark is, and what it stands for."""
    entity = f"({mark.entity_id})" if mark.entity_id else ""
    return " ".join(filter(None, (mark.owner, mark.label, entity)))


def _words(marks: Iterable[Mark]) -> str:
    return ", ".join(dict.fromkeys(" ".join(_UNPRINTABLE.sub(" ", mark.words).split()) for mark in marks))


def _offsets(marks: Iterable[Mark]) -> str:
    """Return roles of spans with their places."""
    by_role: dict[str, list[str]] = {}
    for mark in marks:
        label = f" ({mark.label})" if mark.label and mark.role in {"source", "cue", "addressee"} else ""
        by_role.setdefault(mark.role, []).append(f"{mark.start}-{mark.end}{label}")
    return "; ".join(f"{role} {', '.join(places)}" for role, places in by_role.items())


def _lines(note: Note) -> list[str]:
    """Return a statement's properties besides its summary and chain, one per line: labels, event, alignments."""
    lines = [", ".join(f"{name} {value}" for name, value in note.labels.items() if value)]
    if note.event:
        lines.append(f"event {note.event}")
    if note.addressees:
        lines.append(f"addressed to {', '.join(note.addressees)}")
    if note.parent_statement_id:
        lines.append(f"part of {note.parent_statement_id}")
    lines += [f"{each.a} {each.relation} {each.b} ({each.scope}): {each.summary}" for each in note.alignments]
    return lines


def _print_gaps(console: Console, article: AnnotatedArticle) -> None:
    """Print how much no span covers, the sentences without a statement, and names without a mention."""
    from rich.text import Text

    if article.uncovered_share is not None:
        pieces = counted(len(article.uncovered), "piece")
        console.print()
        _print(console, Text(counted(len(article.notes), "statement")))
        _print(console, Text(f"Covered by no span: {pieces} of text, {article.uncovered_share:.1%} of its letters"))
        for title, marks in (
            ("Sentences without a statement", article.unstated),
            ("Names without a mention", article.unmentioned),
        ):
            _print(console, Text(f"{title}: {len(marks)}", style="bold" if marks else ""))
            for mark in marks:
                label = f" = {mark.label}" if mark.label else ""
                _print(console, Text(f"line {mark.line}: {_words([mark])}{label}"), 2, 2)
    if article.orphans:
        _print(console, Text(f"Not found in this text: {', '.join(article.orphans)}"))


def article_html(article: AnnotatedArticle) -> str:
    """Return an annotated article as one HTML page, with nothing fetched from elsewhere."""
    from jinja2 import Environment, PackageLoader

    environment = Environment(loader=PackageLoader("readouts.publish.render"), autoescape=True)
    return (
        environment.get_template("article.html").render(article=article, lines=_lines, headed=_headed, counted=counted)
        + "\n"
    )
