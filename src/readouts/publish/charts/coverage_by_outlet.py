"""The chart of what each outlet carries: statements by side, and accounts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from readouts.analysis.comparison import all_voices, compare
from readouts.datapackage.words import counted, joined, printable
from readouts.publish.charts.canvas import GAP, MARGIN, UNIT, Canvas, meaning_of
from readouts.publish.charts.data import NothingToDrawError, names_in, names_of_sides, source_of, voices_of
from readouts.publish.charts.palette import BODY, INK, MUTED, RULE, SIDE_TEXT, SMALL
from readouts.publish.charts.text_layout import fit, width_of, wrap

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from readouts.analysis.comparison import Voice
    from readouts.publish.charts.chart import Chart
    from readouts.publish.charts.data import CorpusTexts

__all__ = ["coverage"]

WIDTH = 620.0
COUNT = 26.0
WIDEST_LABEL = 130.0
ACCOUNTS = 92.0
"""Width of the column that says how the accounts of one side are carried."""
ORDER = ("a", "both", "b", "third")
LINE = 12.0


@dataclass(frozen=True, slots=True)
class _Outlet:
    """What one outlet carries: its statements, their articles, and how each side's accounts are carried."""

    name: str
    articles: int
    voices: tuple[Voice, ...]
    carried: Mapping[str, Counter[str]]

    def counts(self) -> dict[str, int]:
        counts = Counter(voice.side for voice in self.voices)
        return {side: counts[side] for side in ORDER}


@dataclass(frozen=True, slots=True)
class _Layout:
    """Layout: the room for names, where squares begin, each side's column, and a square with its gap."""

    room: float
    begin: float
    columns: Mapping[str, float]
    step: float


def coverage(corpus: CorpusTexts, event: str | None = None, *, limit: int = 30) -> Chart:
    """Draw what each outlet carries: statements by side, and the accounts.

    `Plots.coverage` describes the parameters and the errors.

    Returns
    -------
    Chart
        A square for each statement. `rows` has a row for each outlet, with none left out.

    Examples
    --------
    >>> import readouts
    >>> corpus = readouts.load()
    >>> sum(row["statements"] for row in coverage(corpus).rows) == len(corpus.statements)
    True
    """
    if event is None:
        voices, names, title = all_voices(corpus.texts), names_of_sides(corpus), "What each outlet carries"
        accounts = {row["account_id"]: row["side"] or "third" for row in corpus.texts("accounts")}
        about = "the corpus"
    else:
        comparison = compare(event, corpus.texts)
        event = comparison.event_id
        voices = voices_of(comparison)
        names = names_in(comparison)
        title, about = printable(comparison.title or event), f"the event '{event}'"
        accounts = {
            row["account_id"]: row["side"] or "third" for row in corpus.texts("accounts") if row["event_id"] == event
        }
    if not voices:
        message = (
            f"No article has a statement on {about}: expected at least one in the table `statements`. "
            "Without an event, the chart shows the whole corpus."
        )
        raise NothingToDrawError(message)
    outlets = _outlets(corpus, voices, accounts)
    issuers = _issuers(corpus, accounts, names)
    shown = outlets if len(outlets) <= limit else [*outlets[:limit], _merged(outlets[limit:])]
    sheet = Canvas(WIDTH)
    layout = _layout_of(shown)
    about = "" if event is None else "What each outlet carries. "
    y = sheet.heading(title, f"{about}{meaning_of(layout.step, 'statement')}. The colour shows the side.")
    called = {**names, "third": "others", "both": "both at once"}
    present = {voice.side for outlet in shown for voice in outlet.voices}
    y = sheet.legend([((side, False, ""), called[side]) for side in ORDER if side in present], y)
    y = _table(sheet, shown, issuers, layout, y)
    articles = len({voice.article_id for voice in voices})
    left_out = f"the {len(outlets) - limit:,} outlets with fewest statements share a line" if shown != outlets else ""
    counts = f"{counted(len(voices), 'statement')} in {counted(articles, 'article')}"
    return sheet.finish(
        y,
        name="coverage",
        title=title if event is None else f"What each outlet carries: {title}",
        description=_description(title, outlets, names, issuers),
        rows=[_row(outlet) for outlet in outlets],
        source=source_of(corpus, "; ".join(filter(None, [counts, left_out]))),
    )


def _issuers(corpus: CorpusTexts, accounts: Mapping[str | None, str], names: Mapping[str, str]) -> dict[str, str]:
    """Return who issues the accounts of each side: by name where it is always the same, else as the side is called."""
    called = {row["entity_id"]: row["name"] or "" for row in corpus.texts("entities")}
    found: dict[str, set[str]] = {"a": set(), "b": set()}
    for row in corpus.texts("accounts"):
        side = accounts.get(row["account_id"])
        if side in found:
            found[side].add(called.get(row["issuer_id"], ""))
    return {
        side: printable(issuers.pop()) or names[side] if len(issuers) == 1 else names[side]
        for side, issuers in found.items()
    }


def _outlets(corpus: CorpusTexts, voices: Sequence[Voice], accounts: Mapping[str | None, str]) -> list[_Outlet]:
    """Return the outlets, the one with most statements first."""
    by_outlet: dict[str, list[Voice]] = {}
    for voice in voices:
        by_outlet.setdefault(printable(voice.outlet), []).append(voice)
    made = []
    for name, told in by_outlet.items():
        articles = {voice.article_id for voice in told}
        carried: dict[str, Counter[str]] = {"a": Counter(), "b": Counter()}
        for row in corpus.texts("carriages"):
            side = accounts.get(row["account_id"])
            if row["article_id"] in articles and side in carried:
                carried[side][row["completeness"] or "carried"] += 1
        ordered = sorted(told, key=lambda voice: (ORDER.index(voice.side), voice.statement_id))
        made.append(_Outlet(name, len(articles), tuple(ordered), carried))
    return sorted(made, key=lambda outlet: (-len(outlet.voices), outlet.name))


def _merged(outlets: Sequence[_Outlet]) -> _Outlet:
    """Return several outlets as one."""
    voices = [voice for outlet in outlets for voice in outlet.voices]
    carried = {side: sum((outlet.carried[side] for outlet in outlets), Counter[str]()) for side in ("a", "b")}
    ordered = sorted(voices, key=lambda voice: (ORDER.index(voice.side), voice.statement_id))
    return _Outlet(f"{len(outlets):,} others", sum(outlet.articles for outlet in outlets), tuple(ordered), carried)


def _layout_of(outlets: Sequence[_Outlet]) -> _Layout:
    room = min(WIDEST_LABEL, max(width_of(outlet.name, BODY, True) for outlet in outlets) + 2)
    room = max(room, 70.0)
    begin = MARGIN + room + 16
    columns = {"a": WIDTH - MARGIN - 2 * ACCOUNTS, "b": WIDTH - MARGIN - ACCOUNTS}
    field = columns["a"] - begin - 16
    step = min(UNIT + GAP, (field - COUNT) / max(len(outlet.voices) for outlet in outlets))
    return _Layout(room, begin, columns, step)


def _table(sheet: Canvas, outlets: Sequence[_Outlet], issuers: Mapping[str, str], layout: _Layout, y: float) -> float:
    """Draw a line for each outlet; return how far down they go."""
    begin, columns, step = layout.begin, layout.columns, layout.step
    y = _headings(sheet, begin, columns, issuers, y)
    for number, outlet in enumerate(outlets):
        lines = wrap(outlet.name, layout.room, BODY, bold=True, lines=2)
        carried = {side: _carried(outlet.carried[side]) for side in columns}
        height = max(len(lines) + 1, *map(len, carried.values())) * LINE
        if number:
            sheet.curve([(MARGIN, y - 5), (sheet.width - MARGIN, y - 5)], RULE, 0.5)
        below = sheet.lines((MARGIN, y + BODY), lines, bold=True)
        sheet.label((MARGIN, below), counted(outlet.articles, "article"), SMALL, colour=MUTED)
        sheet.units((begin, y), [(voice.side, False, _tip(voice)) for voice in outlet.voices], step)
        sheet.label((begin + step * len(outlet.voices) + 3, y + BODY), f"{len(outlet.voices):,}", bold=True)
        for side, x in columns.items():
            sheet.lines((x, y + BODY), carried[side], colour=INK if outlet.carried[side] else MUTED)
        y += height + 12
    return y + 4


def _headings(sheet: Canvas, begin: float, columns: Mapping[str, float], issuers: Mapping[str, str], y: float) -> float:
    titles = {side: ["Account:", *wrap(issuers[side], ACCOUNTS - 8, BODY, bold=True)] for side in columns}
    last = y + BODY + (max(map(len, titles.values())) - 1) * BODY * 1.35
    sheet.label((begin, last), "Statements", bold=True)
    for side, x in columns.items():
        first = last - (len(titles[side]) - 1) * BODY * 1.35
        sheet.lines((x, first), titles[side], colour=SIDE_TEXT[side], bold=True)
    sheet.curve([(MARGIN, last + 7), (sheet.width - MARGIN, last + 7)], INK, 0.8)
    return last + 16


def _carried(carried: Mapping[str, int]) -> list[str]:
    """Return how accounts are carried, the fullest way first."""
    order = ("verbatim", "excerpt", "reported")
    found = sorted(carried, key=lambda how: (order.index(how) if how in order else len(order), how))
    lines = [how if carried[how] == 1 else f"{how} ({carried[how]:,})" for how in found]
    return [fit(line, ACCOUNTS - 8, BODY) for line in lines] or ["not carried"]


def _tip(voice: Voice) -> str:
    return printable(f"{voice.summary} {voice.statement_id}")


def _row(outlet: _Outlet) -> dict[str, str | int]:
    return {
        "outlet": outlet.name,
        "articles": outlet.articles,
        "statements": len(outlet.voices),
        **outlet.counts(),
        **{f"account_{side}": ", ".join(_carried(outlet.carried[side])) for side in ("a", "b")},
    }


def _description(title: str, outlets: Sequence[_Outlet], names: Mapping[str, str], issuers: Mapping[str, str]) -> str:
    called = {"a": names["a"], "both": "both at once", "b": names["b"], "third": "others"}
    sentences = []
    for outlet in outlets:
        parts = [f"{number} from {called[side]}" for side, number in outlet.counts().items() if number]
        accounts = [f"account of {issuers[side]} {joined(_carried(outlet.carried[side]))}" for side in ("a", "b")]
        sentences.append(f"{outlet.name}: {joined(parts)}; {', '.join(accounts)}")
    return (
        f"{printable(title)}: statements by outlet and side, and how the accounts are carried. {'. '.join(sentences)}."
    )
