"""The agreement of two annotations as terminal text, JSON or Markdown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

    from readouts.analysis.agreement import Agreement

__all__ = ["FORMATS", "print_agreement"]

_SCORE_COLUMNS = ("compared", "first", "second", "shared", "F1")
_LABEL_COLUMNS = ("label of matched statements", "pairs", "equal", "alpha")


def _score_rows(agreement: Agreement) -> list[tuple[str, ...]]:
    return [
        (name, str(score.first), str(score.second), str(score.shared), f"{score.f1:.2f}")
        for name, score in agreement.scores.items()
    ]


def _label_rows(agreement: Agreement) -> list[tuple[str, ...]]:
    return [
        (name, str(pairs), f"{equal:.2f}", "one value" if alpha is None else f"{alpha:.2f}")
        for name, (pairs, equal, alpha) in agreement.labels.items()
    ]


def _json(agreement: Agreement) -> str:
    document = {
        "scores": {
            name: {"first": score.first, "second": score.second, "shared": score.shared, "f1": round(score.f1, 4)}
            for name, score in agreement.scores.items()
        },
        "labels": {
            name: {"pairs": pairs, "equal": round(equal, 4), "alpha": None if alpha is None else round(alpha, 4)}
            for name, (pairs, equal, alpha) in agreement.labels.items()
        },
        "matched": [list(pair) for pair in agreement.matched],
        "only_first": list(agreement.unmatched[0]),
        "only_second": list(agreement.unmatched[1]),
    }
    return json.dumps(document, indent=2) + "\n"


def _markdown_table(columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [columns, ("---", *("---:" for _ in columns[1:])), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _markdown(agreement: Agreement) -> str:
    scores = _markdown_table(_SCORE_COLUMNS, _score_rows(agreement))
    return f"{scores}\n{_markdown_table(_LABEL_COLUMNS, _label_rows(agreement))}"


FORMATS: dict[str, Callable[[Agreement], str]] = {"json": _json, "markdown": _markdown}
"""The formats other than the terminal's: a function from an agreement to text each."""


def print_agreement(console: Console, agreement: Agreement) -> None:
    """Print an agreement: sets by F1, labels by alpha, and the statements that only one annotation has."""
    from rich.table import Table

    for columns, rows in ((_SCORE_COLUMNS, _score_rows(agreement)), (_LABEL_COLUMNS, _label_rows(agreement))):
        table = Table(box=None, padding=(0, 2, 0, 0))
        for number, column in enumerate(columns):
            table.add_column(column, justify="left" if number == 0 else "right")
        for row in rows:
            table.add_row(*row)
        console.print(table)
        console.print()
    for which, names in zip(("first", "second"), agreement.unmatched, strict=True):
        if names:
            console.print(f"Only in the {which}: {', '.join(names)}")
