"""An annotated article in the terminal, and as one local HTML file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from readouts.datapackage.scripts import UNSPACED_CHARACTER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console, ConsoleOptions
    from rich.text import Text

    from readouts.analysis.annotated import AnnotatedArticle, Note, Segment

__all__ = ["article_html", "print_article"]

_COLOURS = {"a": "blue", "b": "red", "both": "magenta", "third": "yellow"}


_OPENING = "“‘„«‹「『《〈（【(["
# What stays on one line: a word, or a character of a script without spaces, with the marks next to it.
_UNIT = re.compile(
    rf"[{re.escape(_OPENING)}]*(?:{UNSPACED_CHARACTER}[^\w\s{re.escape(_OPENING)}]*|(?:(?!{UNSPACED_CHARACTER})\S)+)?\s*"
)


class _Wrapped:
    """A text that is wrapped between words, and anywhere in a script without spaces between them."""

    def __init__(self, text: Text) -> None:
        self.text = text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        for line in self.text.divide(_breaks(self.text.plain, options.max_width)):
            line.rstrip()
            yield line


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
    """Print an annotated article: text on the left, chain, act and summary of its statements in the margin.

    Where there is no colour, content stands between brackets.
    """
    from rich.table import Table
    from rich.text import Text

    def note_text(note: Note) -> Text:
        text = Text(note.statement_id.rpartition(".")[2], style=f"bold {_COLOURS[note.side]}")
        text.append(f" {note.side}, {note.act}: ", style="not bold default")
        text.append(note.chain, style="not bold default")
        text.append(f"\n{note.summary}\n", style="not bold dim")
        return text

    plain = console.color_system is None
    console.print(Text(f"{article.title} ({article.article_id})", style="bold"))
    console.print("This output holds text of the article: it must stay local.\n")
    table = Table(box=None, show_header=False, padding=(0, 2, 1, 0), expand=True)
    table.add_column(ratio=3)
    table.add_column(ratio=2, overflow="fold")
    for paragraph in article.paragraphs:
        text = Text()
        before: tuple[str, ...] = ()
        for segment in paragraph.segments:
            if plain and segment.statements != before:
                text.append("]" * len(set(before) - set(segment.statements)))
                text.append("[" * len(set(segment.statements) - set(before)))
            before = segment.statements
            text.append(segment.text, style=_style(segment))
        if plain:
            text.append("]" * len(before))
        table.add_row(_Wrapped(text), Text.assemble(*map(note_text, paragraph.notes)))
    console.print(table)
    if article.orphans:
        console.print(f"Not found in this text: {', '.join(article.orphans)}")


def article_html(article: AnnotatedArticle) -> str:
    """Return an annotated article as one HTML page, with nothing fetched from elsewhere."""
    from jinja2 import Environment, PackageLoader

    environment = Environment(loader=PackageLoader("readouts.publish.render"), autoescape=True)
    return environment.get_template("article.html").render(article=article) + "\n"
