"""A report as one Markdown comment of a pull request: losses first, within a budget, and inert whatever it quotes."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from readouts.datapackage.render.counting import checked, found, place, settings, title, verdict
from readouts.datapackage.render.escaping import cut, visible
from readouts.datapackage.render.report.families import by_loss, counts_by_loss
from readouts.datapackage.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from readouts.datapackage.incident import Incident
    from readouts.datapackage.report import ReportData

__all__ = ["LIMIT", "code_span", "prose", "render"]

LIMIT = 50_000
"""Characters of a comment at most; GitHub refuses one of more than 65,536."""
_SAMPLES = 10
"""Findings of each code that are shown."""
_ROWS = 100
_LINES = 20

_SYNTAX = re.compile(r"[\\`*_\[\]<>#|~&$@]")
_LINKED = re.compile(r"([@#:]|\bwww\.|\bGH-)(?=\S)", re.IGNORECASE)


def prose(text: str, limit: int = 400) -> str:
    """Return a text as one line of Markdown that says exactly that and does nothing.

    Punctuation that Markdown or HTML could read becomes a character reference. A zero-width space then keeps services
    from making links, mentions, references or emoji of the rest: ``@name``, ``#1``, ``://``, ``www.``, ``:name:``.

    Examples
    --------
    >>> prose("a|b")
    'a&#124;b'
    """
    parted = _LINKED.sub("\\1\u200b", visible(text, limit))
    return _SYNTAX.sub(lambda match: f"&#{ord(match[0])};", parted).replace("\u200b", "&#8203;")


def code_span(text: str, limit: int = 120) -> str:
    """Return a text as a code span, in which nothing is read as Markdown, HTML, a mention or a link.

    It isn't for cells of tables, which a pipe would end.

    Examples
    --------
    >>> code_span("a`b"), code_span("`")
    ('``a`b``', '`` ` ``')
    """
    shown = visible(text, limit)
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", shown)), default=0))
    # A span of nothing but spaces keeps them; else one is taken off each end, so one is added where that would show.
    pad = " " if shown[:1] in {"`", " "} or shown[-1:] in {"`", " "} else ""
    return f"{fence}{pad}{shown}{pad}{fence}" if shown.strip(" ") else f"`{shown or ' '}`"


def render(report: ReportData) -> str:
    """Return a report as Markdown of fewer than `LIMIT` characters."""
    head = "\n".join([*_verdict(report), *_counts(report), *_gates(report)])
    foot = "\n".join(_foot(report))
    chosen = _chosen(report)
    fitting = _fitting(report, chosen, LIMIT - len(head) - len(foot) - 400)
    left = report.total - len(fitting)
    parts = [head, *_samples(report, fitting)]
    if left > 0:
        what = "of which none is shown here" if not fitting else f"of which {left:,} are not shown here"
        parts.append(f"\n{counted(report.total, 'finding')} in all, {what}.")
    return "\n".join([*parts, foot]) + "\n"


def _verdict(report: ReportData) -> Iterator[str]:
    yield f"## {prose(title(report), 200)} is {verdict(report)}"
    yield ""
    against = f" against {code_span(report.against)}" if report.against else ""
    yield f"{code_span(report.path)}, {counted(report.rows, 'row')}, level {prose(report.level, 40)}{against}."
    if lines := settings(report):
        yield ""
        yield from (f"- {prose(line)}" for line in lines[:_LINES])
        if len(lines) > _LINES:
            yield f"- and {len(lines) - _LINES:,} further settings"


def _counts(report: ReportData) -> Iterator[str]:
    counts = counts_by_loss(report)
    if not counts:
        return
    yield from ("", "| finding | number | what it means |", "|---|---:|---|")
    for code, count in counts[:_ROWS]:
        yield f"| {prose(code, 80)} | {count:,} | {prose(report.code(code).meaning)} |"
    if len(counts) > _ROWS:
        rest = counts[_ROWS:]
        yield f"| {len(rest):,} further codes | {sum(count for _, count in rest):,} | |"


def _gates(report: ReportData) -> Iterator[str]:
    if not report.gates:
        return
    yield from ("", "| gate | before | now | allowed | |", "|---|---|---|---|---|")
    gates = report.gates_by_outcome
    for gate in gates[:_LINES]:
        cells = (prose(gate.title, 120), prose(gate.old, 60), prose(gate.new, 60), prose(gate.allowed, 120))
        outcome = "**fails**" if gate.outcome == "fails" else gate.outcome
        accepted = f": {prose(gate.accepted)}" if gate.accepted else ""
        yield f"| {' | '.join(cells)} | {outcome}{accepted} |"
    if len(gates) > _LINES:
        yield f"| {len(gates) - _LINES:,} further gates | | | | |"


def _chosen(report: ReportData) -> list[Incident]:
    """Return the samples in the order in which they are worth their room: one of every code, then a second."""
    chosen: list[tuple[int, Incident]] = []
    for _, group in groupby(by_loss(report.incidents), key=lambda finding: finding.code):
        chosen += [(number, finding) for number, finding in zip(range(_SAMPLES), group, strict=False)]
    return [finding for _, finding in sorted(chosen, key=lambda pair: pair[0])]


def _fitting(report: ReportData, chosen: list[Incident], budget: int) -> list[Incident]:
    """Return as many of the samples as fit, each with the heading of its file, which it may need."""
    fitting = []
    for finding in chosen:
        budget -= len(_sample(report, finding)) + len(_heading(report, finding, 99)) + 8
        if budget < 0:
            break
        fitting.append(finding)
    return fitting


def _samples(report: ReportData, findings: list[Incident]) -> Iterator[str]:
    """Yield the samples by file, the file with the worst loss first."""
    ordered = by_loss(findings)
    files: dict[str, list[Incident]] = {}
    for finding in ordered:
        files.setdefault(_file(report, finding), []).append(finding)
    for group in files.values():
        yield f"\n{_heading(report, group[0], len(group))}\n"
        yield from (_sample(report, finding) for finding in group)


def _file(report: ReportData, finding: Incident) -> str:
    where = place(report, finding)
    return where.file if where is not None else finding.table or ""


def _heading(report: ReportData, finding: Incident, number: int) -> str:
    file = _file(report, finding)
    return f"### {code_span(file, 200) if file else 'The package'} ({number:,})"


def _sample(report: ReportData, finding: Incident) -> str:
    where = place(report, finding)
    parts = [f"**{prose(finding.code, 80)}**"]
    if where is not None and where.line is not None:
        parts.append(f"line {where.line:,}")
    elif finding.row is not None:
        parts.append(f"row {finding.row:,}")
    if finding.field is not None:
        parts.append(code_span(finding.field, 80))
    if finding.key:
        parts.append("of " + code_span(", ".join(cut(part, 80) for part in finding.key)))
    line = f"- {' '.join(parts)}: {prose(finding.message)}"
    value = found(finding)
    return f"{line}<br>found {code_span(value)}" if value else line


def _foot(report: ReportData) -> Iterator[str]:
    hints = list(dict.fromkeys((finding.code, finding.hint) for finding in by_loss(report.incidents) if finding.hint))
    if hints:
        yield from ("", "<details><summary>How to fix it</summary>", "")
        yield from (f"- **{prose(code, 80)}**: {prose(hint, 300)}" for code, hint in hints[:_LINES])
        if len(hints) > _LINES:
            yield f"- and {len(hints) - _LINES:,} further hints"
        yield from ("", "</details>")
    lines = checked(report)
    if lines:
        yield from ("", "<details><summary>What was checked</summary>", "")
        yield from (f"- {prose(line, 300)}" for line in lines[:_LINES])
        if len(lines) > _LINES:
            yield f"- and {len(lines) - _LINES:,} further checks"
        yield from ("", "</details>")
