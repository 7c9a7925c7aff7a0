"""A comparison as terminal text, JSON, CSV or Markdown; and how the accounts' wording compares."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from readouts.analysis.comparison import COLUMNS, WORDING_COLUMNS
from readouts.datapackage.table.canonical_csv import csv_line
from readouts.datapackage.words import counted, joined
from readouts.publish.words import GROUP_TITLES, PAIR_WORDS, WORDING_WORDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

    from readouts.analysis.comparison import Claim, Comparison, Pair, Side, Voice, Wording

__all__ = ["FORMATS", "WORDING_FORMATS", "print_comparison", "print_wording"]

_IN_PAIRS = ("contradicted", "in_tension", "partly")
"""Groups that a relation to a claim of the other side makes, and that are shown pair by pair."""


def _title(comparison: Comparison, group: str) -> str:
    return GROUP_TITLES[group].format(**comparison.side_names)


def _count(comparison: Comparison, group: str) -> str:
    claims = counted(comparison.counts[group], "claim")
    return f"{claims}, {counted(len(comparison.pairs_of(group)), 'pair')}" if group in _IN_PAIRS else claims


def _event(comparison: Comparison) -> str:
    return ", ".join(filter(None, [comparison.title, comparison.date]))


def _of_side(side: Side) -> str:
    principals = f" ({joined(list(side.names))})" if side.names and list(side.names) != [side.name] else ""
    return f"{side.name}{principals}"


def _json(comparison: Comparison) -> str:
    document = {
        "event": {"event_id": comparison.event_id, "title": comparison.title, "date": comparison.date or None},
        "sides": {
            side.key: {name: value for name, value in asdict(side).items() if name != "key"}
            for side in comparison.sides
        },
        "counts": comparison.counts,
        "claims": [
            {
                "claim_id": claim.claim_id,
                "group": claim.group,
                "topic": claim.topic,
                "articles": list(claim.articles),
                "statements": [asdict(voice) for voice in claim.voices],
            }
            for claim in comparison.claims
        ],
        "pairs": [
            {
                "relation": pair.relation,
                "first": pair.first.claim_id,
                "second": pair.second.claim_id,
                "rationale": pair.rationale,
            }
            for pair in comparison.pairs
        ],
        "wordings": list(comparison.wording_records()),
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _csv(comparison: Comparison) -> str:
    return "".join([csv_line(COLUMNS), *(csv_line(row.values()) for row in comparison.records())])


def _cell(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")


def _markdown_voice(voice: Voice) -> str:
    return f"{_cell(voice.summary)} ({_cell(voice.chain)}; *{_cell(voice.outlet)}*, `{voice.statement_id}`)"


def _markdown_voices(claim: Claim, side: str | None = None) -> str:
    return "<br>".join(map(_markdown_voice, claim.voices if side is None else claim.of(side)))


def _markdown(comparison: Comparison) -> str:
    a, b = comparison.sides
    lines = [f"# {_cell(_event(comparison))}", ""]
    for side in comparison.sides:
        accounts = ", ".join(f"`{account}`" for account in side.accounts) or "none"
        articles = ", ".join(f"`{article}`" for article in side.articles) or "no article"
        lines.append(f"- {_cell(_of_side(side))}: accounts {accounts}, carried by {articles}")
    two = f"| {_cell(a.name)} | {_cell(b.name)} |\n|---|---|"
    for group in comparison.counts:
        claims, pairs = comparison.group(group), comparison.pairs_of(group)
        lines += ["", f"## {_cell(_title(comparison, group))} ({_count(comparison, group)})", ""]
        if group in _IN_PAIRS and pairs:
            lines.append(two)
            lines += [
                f"| {_markdown_voices(pair.first, 'a')} | **{PAIR_WORDS[pair.relation]}** "
                f"{_markdown_voices(pair.second, 'b')} |"
                for pair in pairs
            ]
        elif group == "both" and claims:
            lines.append(two)
            lines += [f"| {_markdown_voices(claim, 'a')} | {_markdown_voices(claim, 'b')} |" for claim in claims]
        elif group not in _IN_PAIRS:
            lines += [f"- {_markdown_voices(claim)}" for claim in claims]
    return "\n".join(lines) + "\n"


def _wordings(comparison: Comparison) -> dict[str, list[Wording]]:
    found: dict[str, list[Wording]] = {}
    for wording in comparison.wordings:
        found.setdefault(wording.relation, []).append(wording)
    return found


def _wording_json(comparison: Comparison) -> str:
    rows = list(comparison.wording_records())
    return json.dumps({"event_id": comparison.event_id, "wordings": rows}, indent=2, ensure_ascii=False) + "\n"


def _wording_csv(comparison: Comparison) -> str:
    rows = (csv_line(row.values()) for row in comparison.wording_records())
    return "".join([csv_line(WORDING_COLUMNS), *rows])


def _wording_markdown(comparison: Comparison) -> str:
    lines = [f"# {_cell(_event(comparison))}: wording"]
    for relation, wordings in _wordings(comparison).items():
        lines += ["", f"## {WORDING_WORDS[relation]} ({len(wordings)})", ""]
        for wording in wordings:
            first, second = _markdown_voice(wording.first), _markdown_voice(wording.second)
            lines.append(f"- {first}<br>{second}<br>{_cell(wording.rationale)}")
    return "\n".join(lines) + "\n"


FORMATS: dict[str, Callable[[Comparison], str]] = {"json": _json, "csv": _csv, "markdown": _markdown}
"""The formats other than the terminal's: a function from a comparison to text each."""
WORDING_FORMATS: dict[str, Callable[[Comparison], str]] = {
    "json": _wording_json,
    "csv": _wording_csv,
    "markdown": _wording_markdown,
}
"""The same for how the wording compares."""


def print_comparison(console: Console, comparison: Comparison) -> None:
    """Print a comparison group by group, in two columns: one per side."""
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

    def related(pair: Pair) -> Group:
        return Group(Text(PAIR_WORDS[pair.relation], style="italic"), cell(pair.second.of("b")))

    def two_columns() -> Table:
        table = Table(box=box.SIMPLE_HEAD, show_lines=True, expand=True, padding=(0, 1))
        for side in comparison.sides:
            table.add_column(Text(side.name), ratio=1, overflow="fold")
        return table

    def heading(title: str, count: str) -> None:
        console.print(Text(f"{title} ({count})", style="bold"))

    console.print(Text(_event(comparison), style="bold underline"))
    for side in comparison.sides:
        accounts = ", ".join(side.accounts) or "no account"
        articles = ", ".join(side.articles) or "no article"
        console.print(Text(f"  {_of_side(side)}: {accounts}, carried by {articles}"))
    console.print()
    for group in ("contradicted", "in_tension", "both", "partly"):
        heading(_title(comparison, group), _count(comparison, group))
        table = two_columns()
        if group in _IN_PAIRS:
            for pair in comparison.pairs_of(group):
                table.add_row(cell(pair.first.of("a")), related(pair))
        else:
            for claim in comparison.group(group):
                table.add_row(cell(claim.of("a")), cell(claim.of("b")))
        if table.row_count:
            console.print(table)
    only = [comparison.group(f"only_{side.key}") for side in comparison.sides]
    said = zip(comparison.sides, only, strict=True)
    heading("Only one side says", ", ".join(f"{side.name}: {counted(len(found), 'claim')}" for side, found in said))
    table = two_columns()
    for number in range(max(map(len, only))):
        table.add_row(*(cell(found[number].voices) if number < len(found) else Text("") for found in only))
    if table.row_count:
        console.print(table)
    if third := comparison.group("third"):
        heading(_title(comparison, "third"), _count(comparison, "third"))
        table = Table(box=None, show_header=False, padding=(0, 1))
        table.add_column(overflow="fold")
        for claim in third:
            table.add_row(cell(claim.voices))
        console.print(table)


def print_wording(console: Console, comparison: Comparison) -> None:
    """Print which quotations were altered, translated differently, kept word for word or put in other words."""
    from rich.padding import Padding
    from rich.text import Text

    console.print(Text(f"{_event(comparison)}: wording", style="bold underline"))
    console.print()
    if not comparison.wordings:
        console.print(Text("No two statements of this event are compared in their wording."))
    for relation, wordings in _wordings(comparison).items():
        console.print(Text(f"{WORDING_WORDS[relation]} ({len(wordings)})", style="bold"))
        for wording in wordings:
            for voice in (wording.first, wording.second):
                where = f"{voice.outlet}  {voice.statement_id}"
                line = Text.assemble(voice.summary, "  ", (where, "dim"))
                console.print(Padding(line, (0, 0, 0, 2)))
            console.print(Padding(Text(wording.rationale, style="italic"), (0, 0, 1, 4)))
