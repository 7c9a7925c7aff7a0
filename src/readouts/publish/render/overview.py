"""Claims counted over all events, as terminal text, JSON or CSV."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from readouts.analysis.overview import Overview
from readouts.analysis.overview_columns import ACCOUNTS, MET
from readouts.datapackage.words import counted, joined
from readouts.publish.words import of_all, topic_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from rich.console import Console

    from readouts.analysis.overview import Value

    Row = Mapping[str, Value]

__all__ = ["FORMATS", "print_overview"]

_ISSUERS = 4
"""How many issuers are next to each other."""
_GROUP_HEADINGS = {
    "contradicted": "contra-\ndicted",
    "in_tension": "in\ntension",
    "both": "both\nsay",
    "partly": "one says\nmore",
    "third": "others\nsay",
}


def _json(found: Overview) -> str:
    document = {"by": found.by, "events": dict(found.events), "rows": [dict(row) for row in found.rows]}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


FORMATS: dict[str, Callable[[Overview], str]] = {"json": _json, "csv": Overview.to_csv}
"""The formats other than the terminal's: a function from an overview to text each."""


def print_overview(console: Console, found: Overview) -> None:
    """Print an overview, with the events that it leaves out."""
    _PRINTED[found.by](console, found)
    for line in _notes(found):
        console.print(line, markup=False)


def _notes(found: Overview) -> list[str]:
    """Return which events are counted, and which are not."""
    first = f"Counted: {counted(found.events['in_full'], 'event')} in which {ACCOUNTS['in_full']}."
    left = [f"{counted(number, 'event')} in which {ACCOUNTS[state]}" for state, number in _others(found)]
    return [first, *([f"Not counted: {'; '.join(left)}."] if left else [])]


def _others(found: Overview) -> list[tuple[str, int]]:
    return [(state, number) for state, number in found.events.items() if number and state != "in_full"]


def _number(row: Row, name: str) -> int:
    value = row[name]
    return value if isinstance(value, int) else 0


def _text(row: Row, name: str) -> str:
    return str(row[name] or "")


def _table(
    console: Console, title: str, headings: Sequence[str], rows: Sequence[Sequence[str]], texts: int = 1
) -> None:
    """Print a table whose first columns hold texts, and the others numbers."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 2, 0, 0))
    for place, heading in enumerate(headings):
        whole = place == 0 and texts == 1 and not any("\n" in row[0] for row in rows)
        table.add_column(Text(heading), justify="left" if place < texts else "right", overflow="fold", no_wrap=whole)
    for row in rows:
        table.add_row(*map(Text, row))
    if table.row_count:
        console.print(Text(title, style="bold"))
        console.print(table)
        console.print()


def _met(row: Row, *more: str) -> list[str]:
    return [f"{_number(row, name):,}" for name in (*MET, *more)]


_MET_HEADINGS = [_GROUP_HEADINGS[name] for name in MET]


def _print_events(console: Console, found: Overview) -> None:
    rows = []
    for row in found.rows:
        if row["accounts"] in {"in_full", "in_part"}:
            parts = "" if row["accounts"] == "in_full" else "\n(accounts in part, not counted elsewhere)"
            alone = [
                f"{_text(row, f'side_{side}') or f'side {side}'} {_number(row, f'only_{side}'):,}" for side in "ab"
            ]
            event = f"{_text(row, 'title')}\n{_text(row, 'event_id')}\nalone: {', '.join(alone)}{parts}"
            rows.append([event, *_met(row, "third")])
    headings = ["event, and what one side alone says", *_MET_HEADINGS, _GROUP_HEADINGS["third"]]
    _table(console, "Claims by event and group", headings, rows, 1)


def _print_years(console: Console, found: Overview) -> None:
    rows = [
        [_text(row, "year") or "no date", f"{_number(row, 'events'):,}", *_met(row, "only_one", "third", "claims")]
        for row in found.rows
    ]
    headings = ["year", "events", *_MET_HEADINGS, "one side\nalone", _GROUP_HEADINGS["third"], "all of a\nside"]
    _table(console, "Claims by year and group", headings, rows)


def _print_pairs(console: Console, found: Overview) -> None:
    rows = []
    for row in found.rows:
        sides = [(_text(row, place), place, other) for place, other in (("first", "second"), ("second", "first"))]
        alone = [f"{name} {_number(row, f'only_{place}'):,}" for name, place, _ in sides]
        left = [
            f"{name} {of_all(_number(row, f'left_out_by_{place}'), _number(row, f'claims_of_{other}'))}"
            for name, place, other in sides
        ]
        rows.append(["\n".join(alone), "\n".join(left), f"{_number(row, 'events'):,}", *_met(row, "third")])
    headings = ["one side alone", "leaves out of the other's", "events", *_MET_HEADINGS, _GROUP_HEADINGS["third"]]
    _table(console, "Claims by pair of governments and group", headings, rows, 2)


def _print_topics(console: Console, found: Overview) -> None:
    for pair in dict.fromkeys(_text(row, "pair") for row in found.rows):
        of_pair = [row for row in found.rows if row["pair"] == pair]
        first, second = _text(of_pair[0], "first"), _text(of_pair[0], "second")
        raised = ("raised_by_both", "raised_by_first_only", "raised_by_second_only")
        rows = [[topic_name(_text(row, "topic")), *_met(row, "only_first", "only_second", *raised)] for row in of_pair]
        headings = ["topic", *_MET_HEADINGS, f"{first}\nalone", f"{second}\nalone"]
        headings += ["raised\nby both", f"only by\n{first}", f"only by\n{second}"]
        _table(console, f"{pair}: claims by topic and group, and events in which a topic is raised", headings, rows)
        for place in ("first", "second"):
            alone = [topic_name(_text(row, "topic")) for row in of_pair if row["raised_by"] == place]
            if alone:
                console.print(f"Raised by {_text(of_pair[0], place)} alone: {joined(alone)}.\n", markup=False)


def _print_issuers(console: Console, found: Overview) -> None:
    issuers = list(dict.fromkeys((_text(row, "issuer_id"), _text(row, "issuer")) for row in found.rows))
    title = "What each issuer’s accounts leave out of the claims of the other side’s accounts"
    for start in range(0, len(issuers), _ISSUERS):
        shown = issuers[start : start + _ISSUERS]
        of_shown = [row for row in found.rows if row["issuer_id"] in {known for known, _ in shown}]
        others = sorted({_text(row, "other") for row in of_shown})
        totals = Counter[str]()
        for row in of_shown:
            totals[_text(row, "topic")] += _number(row, "claims_of_other")
        topics = sorted(totals, key=lambda each: (-totals[each], each))
        lines: list[tuple[str, dict[str, str]]] = [("all claims", {})]
        lines += [(f"  of {other}", {"other": other}) for other in others]
        lines += [(topic_name(topic), {"topic": topic}) for topic in topics]
        rows = [[label, *(_left_out(of_shown, issuer_id=known, **same) for known, _ in shown)] for label, same in lines]
        _table(console, title, ["left out", *(name for _, name in shown)], rows)


def _left_out(rows: Iterable[Row], **same: str) -> str:
    kept = [row for row in rows if all(row[name] == value for name, value in same.items())]
    return of_all(sum(_number(row, "left_out") for row in kept), sum(_number(row, "claims_of_other") for row in kept))


_PRINTED: dict[str, Callable[[Console, Overview], Any]] = {
    "event": _print_events,
    "issuer": _print_issuers,
    "topic": _print_topics,
    "year": _print_years,
    "pair": _print_pairs,
}
