"""The release gates as one HTML page that opens anywhere: nothing is fetched, and nothing runs."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from readouts.datapackage.incident import Severity
from readouts.datapackage.render.escaping import visible

if TYPE_CHECKING:
    from readouts.datapackage.report import Gate, ReportData

__all__ = ["render"]

_WIDTH = 1000
"""Width of a plot in its own units; the page stretches it."""
_LONGEST = 500
"""Characters of a text that are shown."""
_PARTS = 20
"""Parts of a distribution that are drawn one by one."""
_STATES = {
    "refused": ("\N{MULTIPLICATION X}", "not passed"),
    "accepted": ("!", "accepted"),
    "remarked": ("!", "stands out"),
    "open": ("?", "not compared"),
    "passed": ("\N{CHECK MARK}", "passed"),
}
_GROUPS = {
    "rows": ("How much there is", "Rows of each table."),
    "share": ("How complete it is", "Shares of rows."),
    "distribution": (
        "What it is like",
        "How rows are distributed. The measure is the share of rows that would have to change.",
    ),
}


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where the marks of one measure lie on its line, in the units of the plot."""

    old: float
    new: float
    allowed: float
    width: float


@dataclass(frozen=True, slots=True)
class _Bar:
    """One part of a distribution: its label, both shares as text, the lengths of the two bars, whether they differ."""

    label: str
    old: str
    new: str
    old_length: float
    new_length: float
    changed: bool


@dataclass(frozen=True, slots=True)
class _View:
    """One gate as the page shows it."""

    gate: Gate
    state: str
    sign: str
    word: str
    old: str
    new: str
    scale: _Scale | None
    bars: tuple[_Bar, ...]


def render(report: ReportData) -> str:
    """Return the gates of a report as a page of HTML: each measure in both releases, what was allowed, the outcome.

    Examples
    --------
    >>> from readouts.datapackage.report import ReportData
    >>> page = render(ReportData("readouts", "1.1.0", ".", "release", (), (), {}, 0, 0.0, against="1.0.0"))
    >>> "No gate was evaluated" in page
    True
    """
    from jinja2 import Environment, PackageLoader

    loader = PackageLoader("readouts.publish.render")
    environment = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, finalize=_visible)
    views = [_view(gate) for gate in report.gates]
    style = loader.get_source(environment, "gates.css")[0]
    groups = [
        (kind, title, about, [view for view in views if _kind(view.gate) == kind])
        for kind, (title, about) in _GROUPS.items()
    ]
    page = environment.get_template("gates.html").render(
        report=report,
        style=style,
        style_hash=base64.b64encode(sha256(f"\n{style}\n".encode()).digest()).decode(),
        groups=[group for group in groups if group[3]],
        refused=[view for view in views if view.state == "refused"],
        accepted=[view for view in views if view.state == "accepted"],
        remarked=[view for view in views if view.state == "remarked"],
        uncompared=[view for view in views if view.state == "open"],
        compared=sum(view.state != "open" for view in views),
        passed=sum(view.state == "passed" for view in views),
        width=_WIDTH,
    )
    return page + "\n"


def _visible(value: Any) -> Any:
    """Return a text without characters that act on a reader; markup is our own."""
    return visible(value, _LONGEST) if type(value) is str else value


def _kind(gate: Gate) -> str:
    if "total_variation" in gate.expectation:
        return "distribution"
    return "rows" if "row_count" in gate.expectation else "share"


def _view(gate: Gate) -> _View:
    if not gate.compared:
        state = "open"
    elif gate.outcome != "fails":
        state = "passed" if gate.passed else "accepted"
    else:
        state = "refused" if gate.severity is Severity.ERROR else "remarked"
    sign, word = _STATES[state]
    old, new = _together(gate.old), _together(gate.new)
    if gate.distribution and gate.figures is not None:
        # The bars show the parts; the text adds how far the new one is from the old.
        old, new = _percent(gate.figures[0]), _percent(gate.figures[1])
    return _View(gate, state, sign, word, old, new, _scale(gate), _bars(gate.distribution))


def _scale(gate: Gate) -> _Scale | None:
    if gate.figures is None:
        return None
    old, new, least, most = gate.figures
    # The upper bound of a count lies far out: its line ends soon after what was found.
    furthest = max(old, new, most if gate.distribution else least)
    end = 1.0 if _kind(gate) == "share" else 1.25 * furthest or 1.0
    start, stop = (_WIDTH * min(max(value / end, 0.0), 1.0) for value in (least, most))
    return _Scale(round(_WIDTH * old / end, 1), round(_WIDTH * new / end, 1), round(start, 1), round(stop - start, 1))


def _bars(distribution: tuple[tuple[str, float, float], ...]) -> tuple[_Bar, ...]:
    if not distribution:
        return ()
    if len(distribution) > _PARTS:
        largest = sorted(distribution, key=lambda part: (-max(part[1], part[2]), part[0]))[: _PARTS - 1]
        kept = {part[0] for part in largest}
        rest = [part for part in distribution if part[0] not in kept]
        label = f"{len(rest)} further values"
        folded = (label, sum(part[1] for part in rest), sum(part[2] for part in rest))
        distribution = (*(part for part in distribution if part[0] in kept), folded)
    longest = max(max(old, new) for _, old, new in distribution) or 1.0
    return tuple(_bar(part, longest) for part in distribution)


def _bar(part: tuple[str, float, float], longest: float) -> _Bar:
    label, old, new = part
    old_length, new_length = (round(_WIDTH * share / longest, 1) for share in (old, new))
    before, after = _percent(old), _percent(new)
    return _Bar(label.replace("_", " "), before, after, old_length, new_length, changed=before != after)


def _together(value: str) -> str:
    """Return a value that isn't broken between lines; long ones may be."""
    return value.replace(" ", "\N{NO-BREAK SPACE}") if len(value) < 32 else value


def _percent(share: float) -> str:
    return f"{100 * share:.1f}\N{NO-BREAK SPACE}%"
