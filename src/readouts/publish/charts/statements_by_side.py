"""The chart of one event's statements, by side and topic."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from readouts.analysis.comparison import compare
from readouts.datapackage.words import counted, joined, printable
from readouts.publish.charts.canvas import GAP, MARGIN, UNIT, Canvas, meaning_of
from readouts.publish.charts.data import NothingToDrawError, names_in, source_of, voices_of
from readouts.publish.charts.palette import BODY, MUTED, RULE, SIDE_TEXT
from readouts.publish.charts.text_layout import fit, width_of, wrap
from readouts.publish.words import topic_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from readouts.analysis.comparison import Voice
    from readouts.publish.charts.canvas import Unit
    from readouts.publish.charts.chart import Chart
    from readouts.publish.charts.data import CorpusTexts
    from readouts.publish.charts.shapes import Anchor

__all__ = ["sides"]

WIDTH = 620.0
ROW = 21.0
COUNT = 24.0
"""Room for the number at the end of a bar."""
WIDEST_TOPIC = 120.0
SHOWN = {"a": ("both", "a"), "b": ("both", "b"), "third": ("third",)}
"""Which statements a column shows, from the inside out: what comes from both sides at once counts for each of them."""


@dataclass(frozen=True, slots=True)
class _Layout:
    """Layout: the room for topics, where each column begins and its room, and a square with its gap."""

    label_room: float
    starts: Mapping[str, float]
    rooms: Mapping[str, float]
    step: float


def sides(corpus: CorpusTexts, event: str) -> Chart:
    """Draw the statements of an event by side and topic.

    `Plots.sides` describes the parameters and the errors.

    Returns
    -------
    Chart
        A square for each statement that `corpus.compare(event)` counts: those that speak of the event or come through
        one of its accounts. `rows` has a row for each topic.

    Examples
    --------
    >>> import readouts
    >>> chart = sides(readouts.load(), "call-2014-03-28")
    >>> chart.rows[0]["topic"]
    'talks'
    >>> chart.svg().startswith("<?xml")
    True
    """
    comparison = compare(event, corpus.texts)
    voices = voices_of(comparison)
    if not voices:
        message = (
            f"The event '{event}' has no statement to draw: expected at least one that speaks of it, or that comes "
            "through one of its accounts. The command `readouts plot coverage` shows where statements are."
        )
        raise NothingToDrawError(message)
    names = names_in(comparison) | {"third": "Others"}
    topics = _topics(voices)
    columns = ["a", "b", *(["third"] if any(voice.side == "third" for voice in voices) else [])]
    found = {
        (topic, column): [voice for side in SHOWN[column] for voice in told if voice.side == side]
        for topic, told in topics.items()
        for column in columns
    }
    sheet = Canvas(WIDTH)
    layout = _layout_of(found)
    meaning = meaning_of(layout.step, "statement")
    y = sheet.heading(comparison.title, f"Statements by topic, and by the side that they come from. {meaning}.")
    if any(voice.side == "both" for voice in voices):
        y = sheet.legend([(("both", False, ""), "according to both sides at once, and so shown on each")], y)
    y = _columns(sheet, found, names, layout, y + 6)
    articles = len({voice.article_id for voice in voices})
    return sheet.finish(
        y,
        name="sides",
        title=f"Statements by side and topic: {printable(comparison.title)}",
        description=_description(comparison.title, topics, names),
        rows=_rows(topics),
        source=source_of(corpus, f"{counted(len(voices), 'statement')} in {counted(articles, 'article')}"),
    )


def _topics(voices: Sequence[Voice]) -> dict[str, list[Voice]]:
    """Return the statements by topic, the most frequent topic first."""
    counts = Counter(voice.topic for voice in voices)
    ordered = sorted(counts, key=lambda topic: (-counts[topic], topic))
    return {topic: [voice for voice in voices if voice.topic == topic] for topic in ordered}


def _layout_of(found: Mapping[tuple[str, str], Sequence[Voice]]) -> _Layout:
    topics = list(dict.fromkeys(topic for topic, _ in found))
    columns = list(dict.fromkeys(column for _, column in found))
    label_room = min(WIDEST_TOPIC, max(width_of(topic_name(topic), BODY) for topic in topics)) + 20
    most = {column: max(len(found[topic, column]) for topic in topics) for column in columns}
    inner = max(most["a"], most["b"], 1)
    field = WIDTH - 2 * MARGIN - label_room
    others = most.get("third", 0)
    step = min(UNIT + GAP, (field - COUNT * (3 if others else 2)) / (2 * inner + others))
    third_room = max(step * others + COUNT, 86.0) + 12 if others else 0.0
    side_room = (field - third_room) / 2
    step = min(step, (side_room - COUNT) / inner)
    left = MARGIN + side_room
    starts = {"a": left, "b": left + label_room, "third": left + label_room + side_room + 12}
    rooms = {"a": side_room, "b": side_room, "third": third_room - 12}
    return _Layout(label_room, starts, rooms, step)


def _columns(
    sheet: Canvas,
    found: Mapping[tuple[str, str], Sequence[Voice]],
    names: Mapping[str, str],
    layout: _Layout,
    y: float,
) -> float:
    """Draw side a leftwards, the topics, side b rightwards, and the others; return how far down it goes."""
    topics = list(dict.fromkeys(topic for topic, _ in found))
    columns = list(dict.fromkeys(column for _, column in found))
    starts, step = layout.starts, layout.step
    top = y
    for column in columns:
        anchor: Anchor = "right" if column == "a" else "left"
        title = wrap(names[column], layout.rooms[column] - 4, BODY + 1, bold=True)
        total = sum(len(found[topic, column]) for topic in topics)
        style = SIDE_TEXT[column]
        below = sheet.lines((starts[column], y + BODY), title, BODY + 1, colour=style, bold=True, anchor=anchor)
        below = sheet.lines((starts[column], below), [counted(total, "statement")], colour=MUTED, anchor=anchor)
        top = max(top, below)
    for row, topic in enumerate(topics):
        low = top + row * ROW
        base = low + UNIT - 2
        if row:
            sheet.curve([(MARGIN, low - 5), (sheet.width - MARGIN, low - 5)], RULE, 0.5)
        name = fit(topic_name(topic), layout.label_room - 16, BODY)
        sheet.label((starts["a"] + layout.label_room / 2, base), name, anchor="center", tip=topic_name(topic))
        for column in columns:
            leftwards = column == "a"
            shown = found[topic, column]
            units: list[Unit] = [(voice.side, False, _tip(voice)) for voice in shown]
            sheet.units((starts[column], low), units, step, leftwards=leftwards)
            end = starts[column] + (-1 if leftwards else 1) * (step * len(shown) + 3)
            colour = SIDE_TEXT[column] if shown else MUTED
            sheet.label(
                (end, base), f"{len(shown):,}", colour=colour, bold=bool(shown), anchor="right" if leftwards else "left"
            )
    return top + len(topics) * ROW + 6


def _tip(voice: Voice) -> str:
    chain = f" ({voice.chain})" if voice.chain else ""
    return printable(
        f"{voice.summary}{chain}. {voice.outlet}, {voice.statement_id}".replace(".. ", ". ").replace(".)", ")")
    )


def _rows(topics: Mapping[str, Sequence[Voice]]) -> list[dict[str, str | int]]:
    rows: list[dict[str, str | int]] = []
    for topic, told in topics.items():
        counts = Counter(voice.side for voice in told)
        rows.append({"topic": topic, **{side: counts[side] for side in ("a", "b", "both", "third")}})
    return rows


def _description(title: str, topics: Mapping[str, Sequence[Voice]], names: Mapping[str, str]) -> str:
    called = {"a": names["a"], "b": names["b"], "both": "both", "third": "others"}
    sentences = []
    for row in _rows(topics):
        parts = [f"{row[side]} from {name}" for side, name in called.items() if row[side]]
        sentences.append(f"{topic_name(str(row['topic']))}: {joined(parts)}")
    return f"Statements on {printable(title)}, by topic and side. {'; '.join(sentences)}."
