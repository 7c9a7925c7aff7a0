"""The chart of how the claims of both sides meet: alone, in part, said by both, in tension, contradicted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from readouts.analysis.comparison import compare
from readouts.datapackage.words import counted, joined, printable
from readouts.publish.charts.canvas import GAP, MARGIN, UNIT, Canvas, meaning_of
from readouts.publish.charts.data import NothingToDrawError, event_title, names_in, names_of_sides, source_of
from readouts.publish.charts.palette import BODY, INK, MUTED, RULE, SIDE_TEXT
from readouts.publish.charts.text_layout import fit, width_of, wrap
from readouts.publish.words import topic_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from readouts.analysis.comparison import Claim, Comparison
    from readouts.publish.charts.canvas import Unit
    from readouts.publish.charts.chart import Chart
    from readouts.publish.charts.data import CorpusTexts

__all__ = ["agreement"]

WIDTH = 620.0
COUNT = 24.0
"""Room for the number after the squares."""
NARROWEST = 70.0
"""Room for the heading of a column."""
WIDEST_LABEL = 130.0
LINE = 12.0
KINDS = ("only_a", "partly", "both", "in_tension", "contradicted", "only_b")
"""The groups that a claim of side a or b can be in, from the left to the right."""
RARE = frozenset(["partly"])
"""Columns that are there only if they have a claim."""

CONTESTED = "Hatched: a claim of the other side contradicts it, or pulls the other way."


@dataclass(frozen=True, slots=True)
class _ClaimCell:
    """A claim: its group, its sides, its topic, and its words."""

    kind: str
    side: str
    topic: str
    tip: str

    @property
    def unit(self) -> Unit:
        """The square that stands for it."""
        return self.side, self.kind in {"in_tension", "contradicted"}, self.tip


@dataclass(frozen=True, slots=True)
class _Layout:
    """Layout: the room for labels, where each column begins, and a square with its gap."""

    room: float
    starts: Mapping[str, float]
    step: float


def agreement(corpus: CorpusTexts, event: str | None = None) -> Chart:
    """Draw what the accounts of both sides say, contest, and say alone.

    `Plots.agreement` describes the parameters and the errors.

    Returns
    -------
    Chart
        A square for each claim of side a or b. Statements that say the same are one claim, and each claim is in one
        group. `rows` has a row for each topic, or event, with the number of claims in each group.

    Examples
    --------
    >>> import readouts
    >>> chart = agreement(readouts.load(), "call-2014-03-06")
    >>> sum(row["both"] for row in chart.rows) == readouts.load().compare("call-2014-03-06").counts["both"]
    True
    """
    if event is None:
        told = sorted({row["event_id"] or "" for row in corpus.texts("accounts")})
        compared = sorted((compare(name, corpus.texts) for name in told), key=lambda each: (each.date, each.event_id))
        found = {(each.event_id, event_title(corpus, each.event_id)): _claims(each) for each in compared}
        names, key = names_of_sides(corpus), "event_id"
        title, where = "Where the two accounts meet", "the corpus"
        subtitle = "The events that have accounts."
    else:
        comparison = compare(event, corpus.texts)
        claims = _claims(comparison)
        counts = Counter(claim.topic for claim in claims)
        topics = sorted(counts, key=lambda topic: (-counts[topic], topic))
        found = {(topic, topic_name(topic)): [claim for claim in claims if claim.topic == topic] for topic in topics}
        names, key = names_in(comparison), "topic"
        title, where = printable(comparison.title), f"the event '{event}'"
        subtitle = "Where the two accounts meet, by topic."
    found = {label: claims for label, claims in found.items() if claims}
    if not found:
        message = (
            f"Neither side of {where} makes a claim: expected a statement that comes through an account, or from a "
            "participant, of side a or b. The command `readouts plot coverage` shows where statements are."
        )
        raise NothingToDrawError(message)
    total = Counter(claim.kind for claims in found.values() for claim in claims)
    sheet = Canvas(WIDTH)
    shown = {label: claims for (_, label), claims in found.items()}
    layout = _layout_of(shown)
    y = sheet.heading(title, f"{subtitle} {meaning_of(layout.step, 'claim')}. {CONTESTED}")
    y = _table(sheet, shown, names, layout, y + 8)
    return sheet.finish(
        y,
        name="agreement",
        title=title if event is None else f"Where the two accounts meet: {title}",
        description=_description(title, shown, names),
        rows=[{key: name, **_counts(claims)} for (name, _), claims in found.items()],
        source=source_of(corpus, counted(total.total(), "claim")),
    )


def _claims(comparison: Comparison) -> list[_ClaimCell]:
    """Return the claims of sides a and b, each once, in a stable order."""
    found = []
    for claim in comparison.claims:
        sides = [side for side in ("a", "b") if claim.of(side)]
        if claim.group in KINDS:
            side = sides[0] if len(sides) == 1 else "both"
            found.append(_ClaimCell(claim.group, side, claim.topic, _tip(claim)))
    return found


def _tip(claim: Claim) -> str:
    outlets = sorted({voice.outlet for voice in claim.voices})
    return printable(f"{claim.voices[0].summary} {joined(outlets)}")


def _counts(claims: Sequence[_ClaimCell]) -> dict[str, int]:
    counts = Counter(claim.kind for claim in claims)
    return {kind: counts[kind] for kind in KINDS}


def _shown(rows: Mapping[str, Sequence[_ClaimCell]]) -> list[str]:
    """Return the columns."""
    present = {claim.kind for claims in rows.values() for claim in claims}
    return [kind for kind in KINDS if kind not in RARE or kind in present]


def _layout_of(rows: Mapping[str, Sequence[_ClaimCell]]) -> _Layout:
    room = min(WIDEST_LABEL, max(width_of(label, BODY) for label in rows) + 2)
    begin = MARGIN + room + 16
    field = WIDTH - MARGIN - begin
    kinds = _shown(rows)
    most = {kind: max(_counts(claims)[kind] for claims in rows.values()) for kind in kinds}
    step = UNIT + GAP
    while sum(widths := [max(step * most[kind] + COUNT, NARROWEST) for kind in kinds]) > field:
        # It ends: all columns at their narrowest fit next to the widest labels.
        step *= 0.97
    spare = (field - sum(widths)) / len(kinds)
    starts = {kind: begin + sum(widths[:place]) + spare * place for place, kind in enumerate(kinds)}
    return _Layout(room, starts, step)


def _table(
    sheet: Canvas, rows: Mapping[str, Sequence[_ClaimCell]], names: Mapping[str, str], layout: _Layout, y: float
) -> float:
    """Draw a line for each row and a column for each way to meet; return how far down they go."""
    starts, step = layout.starts, layout.step
    y = _headings(sheet, rows, names, starts, y)
    for number, (label, claims) in enumerate(rows.items()):
        lines = wrap(label, layout.room, BODY)
        height = max(UNIT, len(lines) * LINE - 2)
        if number:
            sheet.curve([(MARGIN, y - 5), (sheet.width - MARGIN, y - 5)], RULE, 0.5)
        low = y + (height - UNIT) / 2
        base = low + UNIT - 2 - (len(lines) - 1) * LINE / 2
        for place, line in enumerate(lines):
            sheet.label((MARGIN, base + place * LINE), line)
        for kind in starts:
            units = [claim.unit for claim in sorted(claims, key=_by_side) if claim.kind == kind]
            sheet.units((starts[kind], low), units, step)
            if units:
                colour = SIDE_TEXT.get(kind.removeprefix("only_"), INK)
                end = (starts[kind] + step * len(units) + 3, low + UNIT - 2)
                sheet.label(end, f"{len(units):,}", colour=colour, bold=True)
        y += height + 10
    return y + 6


def _headings(
    sheet: Canvas,
    rows: Mapping[str, Sequence[_ClaimCell]],
    names: Mapping[str, str],
    starts: Mapping[str, float],
    y: float,
) -> float:
    """Draw what the columns are, with their totals; return how far down that goes."""
    ends = [*list(starts.values())[1:], sheet.width - MARGIN]
    titles = {
        kind: wrap(GROUP_HEADINGS[kind].format(**names), end - starts[kind] - 8, BODY, bold=True, lines=2)
        for kind, end in zip(starts, ends, strict=True)
    }
    baseline = y + BODY + (max(map(len, titles.values())) - 1) * BODY * 1.35
    total = Counter(claim.kind for claims in rows.values() for claim in claims)
    for kind, end in zip(starts, ends, strict=True):
        colour = SIDE_TEXT.get(kind.removeprefix("only_"), INK)
        first = baseline - (len(titles[kind]) - 1) * BODY * 1.35
        sheet.lines((starts[kind], first), titles[kind], BODY, colour=colour, bold=True)
        meaning = {"both": "say so", "only_a": "alone", "only_b": "alone"}.get(kind, "")
        text = fit(f"{total[kind]:,} {meaning}".rstrip(), end - starts[kind] - 8, BODY)
        sheet.label((starts[kind], baseline + UNIT + 4), text, colour=MUTED)
    y = baseline + UNIT + 14
    sheet.curve([(MARGIN, y), (sheet.width - MARGIN, y)], INK, 0.8)
    return y + 8


GROUP_HEADINGS = {
    "only_a": "{a}",
    "partly": "One says more",
    "both": "Both",
    "in_tension": "In tension",
    "contradicted": "Contradicted",
    "only_b": "{b}",
}


def _by_side(claim: _ClaimCell) -> str:
    return claim.side


def _description(title: str, rows: Mapping[str, Sequence[_ClaimCell]], names: Mapping[str, str]) -> str:
    sentences = []
    for label, claims in rows.items():
        counts = _counts(claims)
        parts = [f"{counts[kind]} {_MEANINGS[kind].format(**names)}" for kind in KINDS if counts[kind]]
        sentences.append(f"{label}: {joined(parts)}")
    return f"{title}: how the claims of both sides meet. {'; '.join(sentences)}."


_MEANINGS = {
    "only_a": "by {a} alone",
    "partly": "of which one side says more",
    "both": "by both",
    "in_tension": "in tension",
    "contradicted": "contradicted",
    "only_b": "by {b} alone",
}
