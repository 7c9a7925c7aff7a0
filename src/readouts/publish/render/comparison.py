"""A comparison as terminal text, JSON, CSV or Markdown."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from readouts.analysis.comparison import Claim
from readouts.datapackage.table.canonical_csv import csv_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console

    from readouts.analysis.comparison import Comparison, Contest, Side, Voice

__all__ = ["FORMATS", "comparison_records", "print_comparison"]

_CSV_COLUMNS = (
    "group", "claim", "relation", "side", "statement_id", "summary", "chain", "outlet", "article_id", "topic", "act",
    "modality", "certainty",
)  # fmt: skip
_CONTEST_WORDS = {"contradicts": "contradicts", "in_tension": "is in tension with"}


def _groups(comparison: Comparison) -> list[tuple[str, str, tuple[Claim, ...]]]:
    a, b = (_name(side) for side in comparison.sides)
    return [
        ("both", "Both say", comparison.both),
        ("only_a", f"Only {a} says", comparison.only_a),
        ("only_b", f"Only {b} says", comparison.only_b),
        ("third", "Others say", comparison.third),
    ]


def _name(side: Side) -> str:
    return " and ".join(side.names) or f"side {side.key}"


def _claim(claim: Claim) -> dict[str, Any]:
    return {"articles": list(claim.articles), "statements": [asdict(voice) for voice in claim.voices]}


def _voices(claim: Claim, side: str) -> dict[str, Any]:
    return _claim(Claim(claim.of(side)))


def _contest(contest: Contest) -> dict[str, Any]:
    return {
        "relation": contest.relation,
        "rationale": contest.rationale,
        "a": _voices(contest.first, "a"),
        "b": _voices(contest.second, "b"),
    }


def _json(comparison: Comparison) -> str:
    document = {
        "event": {"event_id": comparison.event_id, "title": comparison.title, "date": comparison.date},
        "sides": {
            side.key: {name: value for name, value in asdict(side).items() if name != "key"}
            for side in comparison.sides
        },
        "both": [_claim(claim) for claim in comparison.both],
        "contested": [_contest(contest) for contest in comparison.contested],
        **{group: [_claim(claim) for claim in claims] for group, _, claims in _groups(comparison)[1:]},
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def comparison_records(comparison: Comparison) -> Iterator[dict[str, str]]:
    """Yield one row a statement: its group, the number of its claim, the relation that contests it, and itself.

    The claims of a contested pair have the same number.
    """
    number = 0

    def row(group: str, relation: str, voice: Voice) -> dict[str, str]:
        return {"group": group, "claim": str(number), "relation": relation, **asdict(voice)}

    for contest in comparison.contested:
        number += 1
        for voice in (*contest.first.of("a"), *contest.second.of("b")):
            yield row("contested", contest.relation, voice)
    for group, _, claims in _groups(comparison):
        for claim in claims:
            number += 1
            for voice in claim.voices:
                yield row(group, "", voice)


def _csv(comparison: Comparison) -> str:
    lines = [csv_line(_CSV_COLUMNS)]
    lines += [csv_line(row[name] for name in _CSV_COLUMNS) for row in comparison_records(comparison)]
    return "".join(lines)


def _cell(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")


def _markdown_voice(voice: Voice) -> str:
    return f"{_cell(voice.summary)} ({_cell(voice.chain)}; *{_cell(voice.outlet)}*, `{voice.statement_id}`)"


def _markdown(comparison: Comparison) -> str:
    a, b = comparison.sides
    lines = [f"# {_cell(comparison.title)}, {comparison.date}", ""]
    for side in comparison.sides:
        accounts = ", ".join(f"`{account}`" for account in side.accounts) or "none"
        articles = ", ".join(f"`{article}`" for article in side.articles) or "no article"
        lines.append(f"- Side {side.key}, {_cell(_name(side))}: accounts {accounts}, carried by {articles}")
    two = f"| {_cell(_name(a))} | {_cell(_name(b))} |\n|---|---|"
    lines += ["", f"## Both say ({len(comparison.both)})", "", two]
    for claim in comparison.both:
        cells = ["<br>".join(map(_markdown_voice, claim.of(side.key))) for side in comparison.sides]
        lines.append(f"| {cells[0]} | {cells[1]} |")
    lines += ["", f"## Contested ({len(comparison.contested)})", "", two]
    for contest in comparison.contested:
        first = "<br>".join(map(_markdown_voice, contest.first.of("a")))
        second = "<br>".join(map(_markdown_voice, contest.second.of("b")))
        lines.append(f"| {first} | **{_CONTEST_WORDS[contest.relation]}**: {second} |")
    for _, title, claims in _groups(comparison)[1:]:
        lines += ["", f"## {_cell(title)} ({len(claims)})", ""]
        lines += [f"- {'<br>'.join(map(_markdown_voice, claim.voices))}" for claim in claims]
    return "\n".join(lines) + "\n"


FORMATS: dict[str, Callable[[Comparison], str]] = {"json": _json, "csv": _csv, "markdown": _markdown}
"""The formats other than the terminal's: a function from a comparison to text each."""


def print_comparison(console: Console, comparison: Comparison) -> None:
    """Print a comparison: two columns, one a side; what is in both columns is said by both."""
    from rich import box
    from rich.console import Group
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    def voice_text(voice: Voice) -> Group:
        where = Text(f"{voice.chain}\n{voice.outlet}  {voice.statement_id}", style="dim")
        return Group(Text(voice.summary), Padding(where, (0, 0, 0, 2)))

    def cell(voices: tuple[Voice, ...]) -> Group:
        return Group(*map(voice_text, voices))

    def two_columns() -> Table:
        table = Table(box=box.SIMPLE_HEAD, show_lines=True, expand=True, padding=(0, 1))
        for side in comparison.sides:
            table.add_column(Text(_name(side)), ratio=1, overflow="fold")
        return table

    def heading(title: str, count: int) -> None:
        console.print(Text(f"{title} ({count})", style="bold"))

    console.print(Text(f"{comparison.title}, {comparison.date}", style="bold underline"))
    for side in comparison.sides:
        accounts = ", ".join(side.accounts) or "no account"
        articles = ", ".join(side.articles) or "no article"
        console.print(Text(f"  {_name(side)}: {accounts}, carried by {articles}"))
    console.print()
    heading("Both say", len(comparison.both))
    if comparison.both:
        table = two_columns()
        for claim in comparison.both:
            table.add_row(cell(claim.of("a")), cell(claim.of("b")))
        console.print(table)
    heading("Contested", len(comparison.contested))
    if comparison.contested:
        table = two_columns()
        for contest in comparison.contested:
            against = Text(f"({_CONTEST_WORDS[contest.relation]} the left)", style="italic")
            table.add_row(cell(contest.first.of("a")), Group(against, cell(contest.second.of("b"))))
        console.print(table)
    a, b = comparison.only_a, comparison.only_b
    heading("Only one side says", len(a) + len(b))
    if a or b:
        table = two_columns()
        for number in range(max(len(a), len(b))):
            left = cell(a[number].voices) if number < len(a) else Text("")
            right = cell(b[number].voices) if number < len(b) else Text("")
            table.add_row(left, right)
        console.print(table)
    if comparison.third:
        heading("Others say", len(comparison.third))
        table = Table(box=None, show_header=False, padding=(0, 1))
        for claim in comparison.third:
            table.add_row(cell(claim.voices))
        console.print(table)
