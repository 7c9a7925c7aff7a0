"""The chart of what each issuer's accounts leave out of the claims of the other side's accounts, by topic."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from readouts.analysis.overview import overview
from readouts.corpus_schema.naming import id_of
from readouts.datapackage.words import counted, joined, printable
from readouts.publish.charts.canvas import GAP, MARGIN, UNIT, Canvas, meaning_of
from readouts.publish.charts.data import NothingToDrawError, event_title, source_of
from readouts.publish.charts.palette import BODY, INK, MUTED, RULE
from readouts.publish.charts.text_layout import fit, width_of, wrap
from readouts.publish.words import of_all, topic_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from readouts.analysis.overview import Value
    from readouts.publish.charts.canvas import Unit
    from readouts.publish.charts.chart import Chart
    from readouts.publish.charts.data import CorpusTexts

__all__ = ["omissions"]

WIDTH = 620.0
WIDEST_TOPIC = 100.0
ROW = 21.0
NARROWEST = 30.0
"""Room for the squares or bars of an issuer."""
TITLE = "What each side leaves out"


@dataclass(frozen=True, slots=True)
class _Issuer:
    """An issuer: the claims of the other sides' accounts by topic, and which of them its accounts leave out."""

    name: str
    others: tuple[str, ...]
    claims: Mapping[str, tuple[str, ...]]
    left_out: Mapping[str, tuple[str, ...]]

    def counts(self, topic: str) -> tuple[int, int]:
        return len(self.left_out.get(topic, ())), len(self.claims.get(topic, ()))

    @property
    def total(self) -> tuple[int, int]:
        return sum(map(len, self.left_out.values())), sum(map(len, self.claims.values()))


def omissions(corpus: CorpusTexts, event: str | None = None, *, limit: int = 4) -> Chart:
    """Draw what each issuer's accounts leave out of the claims of the other side's accounts, by topic.

    `Plots.omissions` describes the parameters and the errors.

    Returns
    -------
    Chart
        A square for each claim of the other side's accounts, solid where the issuer's own account leaves it out. `rows`
        has a row for each issuer and topic, with none left out.

    Examples
    --------
    >>> import readouts
    >>> omissions(readouts.load(), "call-2014-03-06").rows[0]["issuer"]
    'Kremlin'
    """
    event = None if event is None else id_of("event", event, corpus.texts)
    title = TITLE if event is None else event_title(corpus, event)
    issuers = _issuers(overview(corpus.texts, "issuer", event).rows)
    if not issuers:
        where = "No event" if event is None else f"The event '{event}' is not one"
        message = (
            f"{where} in which an article carries an account of each side in full, with claims of its own: of parts of "
            "an account, what it leaves out can't be known. The command `readouts overview` lists what is there."
        )
        raise NothingToDrawError(message)
    topics = _topics(issuers)
    room = min(WIDEST_TOPIC, max(width_of(topic_name(topic), BODY) for topic in topics)) + 14
    label = max(width_of(_of(issuer.counts(topic)), BODY, True) for issuer in issuers for topic in topics) + 14
    narrowest = max(label + NARROWEST, *(width_of(of_all(*issuer.total), BODY, True) + 8 for issuer in issuers))
    shown = issuers[: max(1, min(limit, int((WIDTH - 2 * MARGIN - room) / narrowest)))]
    topics = _topics(shown)
    wide = (WIDTH - 2 * MARGIN - room) / len(shown)
    starts = [MARGIN + room + wide * place for place in range(len(shown))]
    # Each issuer has a scale of its own: the other sides' accounts may be ten times as long.
    steps = [min(UNIT + GAP, (wide - label) / max(issuer.counts(topic)[1] for topic in topics)) for issuer in shown]
    scale = " Each column has its own scale." if len(set(steps)) > 1 else ""
    meaning = (
        f"{meaning_of(min(steps), 'claim')} of the other side’s account. Solid: left out of the issuer’s own.{scale}"
    )
    sheet = Canvas(WIDTH)
    y = sheet.heading(title, meaning if event is None else f"{TITLE}, by topic. {meaning}")
    legend: list[tuple[Unit, str]] = [
        (("missing", False, ""), "left out"),
        (("third", False, ""), "made as well, in part, contradicted or in tension"),
    ]
    y = sheet.legend(legend, y)
    y = _headings(sheet, shown, starts, wide - 8, y)
    words = {row["statement_id"]: row["summary"] or "" for row in corpus.texts("statements")}
    for row, topic in enumerate(topics):
        low = y + row * ROW
        base = low + UNIT - 2
        if row:
            sheet.curve([(MARGIN, low - 5), (sheet.width - MARGIN, low - 5)], RULE, 0.5)
        sheet.label((MARGIN, base), fit(topic_name(topic), room - 14, BODY), tip=topic_name(topic))
        for issuer, start, step in zip(shown, starts, steps, strict=True):
            units = _units(issuer, topic, words)
            sheet.units((start, low), units, step)
            if units:
                sheet.label((start + step * len(units) + 3, base), _of(issuer.counts(topic)), bold=True)
    left = len(issuers) - len(shown)
    return sheet.finish(
        y + len(topics) * ROW + 6,
        name="omissions",
        title=TITLE if event is None else f"{TITLE}: {title}",
        description=_description(title, issuers),
        rows=_rows(issuers),
        source=source_of(
            corpus,
            f"{counted(sum(issuer.total[1] for issuer in shown), 'claim')} of the other side’s accounts",
            f"{counted(left, 'issuer')} with fewer claims not drawn" if left else "",
        ),
    )


def _issuers(rows: Iterable[Mapping[str, Value]]) -> list[_Issuer]:
    """Return the issuers, the one with most claims of the other side first."""
    found: dict[str, list[Mapping[str, Value]]] = {}
    for row in rows:
        found.setdefault(str(row["issuer_id"]), []).append(row)
    made = [
        _Issuer(
            printable(str(of_issuer[0]["issuer"])),
            tuple(dict.fromkeys(printable(str(row["other"])) for row in of_issuer)),
            _by_topic(of_issuer, "claim_keys"),
            _by_topic(of_issuer, "left_out_keys"),
        )
        for of_issuer in found.values()
    ]
    return sorted(made, key=lambda issuer: (-issuer.total[1], issuer.name))


def _by_topic(rows: Iterable[Mapping[str, Value]], name: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for row in rows:
        topic, keys = str(row["topic"]), row[name]
        found[topic] = found.get(topic, ()) + (keys if isinstance(keys, tuple) else ())
    return found


def _topics(issuers: Iterable[_Issuer]) -> list[str]:
    """Return the topics, the one with most claims first."""
    totals: Counter[str] = Counter()
    for issuer in issuers:
        totals.update({topic: len(keys) for topic, keys in issuer.claims.items()})
    return sorted(totals, key=lambda topic: (-totals[topic], topic))


def _of(counts: tuple[int, int]) -> str:
    return f"{counts[0]:,} of {counts[1]:,}"


def _units(issuer: _Issuer, topic: str, words: Mapping[str | None, str]) -> list[Unit]:
    """Return a square for each claim, those left out first."""
    left_out = issuer.left_out.get(topic, ())
    others = [key for key in issuer.claims.get(topic, ()) if key not in left_out]
    shown = [*(("missing", key) for key in left_out), *(("third", key) for key in others)]
    return [(kind, False, printable(f"{words.get(key.partition('/')[2], '')} {key}")) for kind, key in shown]


def _headings(sheet: Canvas, issuers: Sequence[_Issuer], starts: Sequence[float], room: float, y: float) -> float:
    """Draw the issuers, whose claims they can leave out, and how many they do; return how far down that goes."""
    lowest = y
    for issuer, start in zip(issuers, starts, strict=True):
        below = sheet.lines((start, y + BODY), wrap(issuer.name, room, BODY, bold=True), bold=True)
        below = sheet.lines((start, below), wrap(f"claims of {joined(issuer.others)}", room, BODY), colour=MUTED)
        lowest = max(lowest, below)
    for issuer, start in zip(issuers, starts, strict=True):
        sheet.label((start, lowest), of_all(*issuer.total), bold=True)
    sheet.curve([(MARGIN, lowest + 7), (sheet.width - MARGIN, lowest + 7)], INK, 0.8)
    return lowest + 16


def _rows(issuers: Iterable[_Issuer]) -> list[dict[str, str | int]]:
    return [
        {"issuer": issuer.name, "topic": topic, "left_out": issuer.counts(topic)[0], "claims": issuer.counts(topic)[1]}
        for issuer in issuers
        for topic in _topics([issuer])
    ]


def _description(title: str, issuers: Iterable[_Issuer]) -> str:
    sentences = []
    for issuer in issuers:
        parts = [f"{_of(issuer.counts(topic))} on {topic_name(topic)}" for topic in _topics([issuer])]
        total = f"{of_all(*issuer.total)} claims of {joined(issuer.others)}"
        sentences.append(f"{issuer.name} leaves out {total}: {joined(parts)}")
    about = "" if title == TITLE else f": {TITLE.lower()}"
    return f"{printable(title)}{about}, by issuer and topic. {'. '.join(sentences)}."
