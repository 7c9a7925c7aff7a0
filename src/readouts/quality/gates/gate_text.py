"""How a measure reads: as a gate, and as a finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.datapackage.report import Gate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from readouts.quality.gates.plan import Measure

__all__ = ["distribution_gate", "lost_gate", "message", "not_compared", "percent", "rows_gate", "share_gate"]

_SHOWN = 3
"""Parts of a distribution that a message names."""


def percent(share: float) -> str:
    """Return a share as a percentage with one decimal.

    Examples
    --------
    >>> percent(0.8484)
    '84.8 %'
    """
    return f"{100 * share:.1f} %"


def rows_gate(measure: Measure, old: int, new: int, least: int, most: int, *, passed: bool) -> Gate:
    """Return the gate of a count of rows."""
    return Gate(
        name=measure.name,
        title=measure.title,
        expectation=measure.expectation,
        passed=passed,
        old=f"{old:,}",
        new=f"{new:,}",
        allowed=f"{least:,} to {most:,}",
        severity=measure.severity,
        figures=(old, new, least, most),
    )


def share_gate(
    measure: Measure, old: tuple[int, int], new: tuple[int, int], least: float, most: float, *, passed: bool
) -> Gate:
    """Return the gate of a share, given as how many rows of how many."""
    return Gate(
        name=measure.name,
        title=measure.title,
        expectation=measure.expectation,
        passed=passed,
        old=_share(*old),
        new=_share(*new),
        allowed=f"at least {percent(least)}" if "fall" in measure.settings else f"at most {percent(most)}",
        severity=measure.severity,
        figures=(old[0] / old[1], new[0] / new[1], least, most),
    )


def distribution_gate(
    measure: Measure, old: Mapping[str, float], new: Mapping[str, float], moved: float, most: float, *, passed: bool
) -> Gate:
    """Return the gate of a distribution; its parts are in the order of their settings, else the largest first."""
    parts = sorted({*old, *new}, key=lambda part: (-old.get(part, 0.0), -new.get(part, 0.0), part))
    if "edges" in measure.settings:
        parts.sort(key=lambda part: _first_number(part, measure.settings["edges"]))
    return Gate(
        name=measure.name,
        title=measure.title,
        expectation=measure.expectation,
        passed=passed,
        old=_largest(old),
        new=f"{_largest(new)}; {percent(moved)} distributed otherwise",
        allowed=f"at most {percent(most)} distributed otherwise",
        distribution=tuple((part, old.get(part, 0.0), new.get(part, 0.0)) for part in parts),
        severity=measure.severity,
        figures=(0.0, moved, 0.0, most),
    )


def lost_gate(measure: Measure, reason: str) -> Gate:
    """Return the gate of a measure that the older release had and the new one can't have, such as a table gone."""
    return Gate(
        name=measure.name,
        title=measure.title,
        expectation=measure.expectation,
        passed=False,
        old="measured",
        new=reason,
        allowed="a measurable value, as before",
        severity=measure.severity,
    )


def not_compared(measure: Measure, old: str, new: str, reason: str) -> Gate:
    """Return the gate of a measure that can't be compared, with the reason."""
    return Gate(
        name=measure.name,
        title=measure.title,
        expectation=measure.expectation,
        passed=True,
        old=old,
        new=new,
        allowed=f"not compared: {reason}",
        severity=measure.severity,
        compared=False,
    )


def message(gate: Gate) -> str:
    """Return what a finding says about a gate that isn't passed.

    Examples
    --------
    >>> figures = (18, 9, 17, 180)
    >>> message(Gate("events-rows", "Rows of events", "rows", False, "18", "9", "17 to 180", figures=figures))
    'Rows of events: allowed is 17 to 180, as the older release has 18; found 9.'
    """
    accepted = f" Accepted: {gate.accepted}" if gate.accepted else ""
    if gate.figures is None:
        return f"{gate.title}: the older release has it, the new one can't: it has {gate.new}.{accepted}"
    allowed = f"allowed is {gate.allowed}, as the older release has {gate.old}"
    return f"{gate.title}: {allowed}; found {gate.new}.{_shifted(gate.distribution)}{accepted}"


def _share(part: int, whole: int) -> str:
    return f"{percent(part / whole)} ({part:,} of {whole:,})"


def _largest(weights: Mapping[str, float]) -> str:
    """Return the largest parts of a distribution as text."""
    parts = sorted(weights.items(), key=lambda entry: (-entry[1], entry[0]))
    return _listed((f"{part} {percent(share)}" for part, share in parts[:_SHOWN]), len(parts))


def _shifted(distribution: Iterable[tuple[str, float, float]]) -> str:
    """Return the parts that changed most as text, as a sentence of its own."""
    changed = [part for part in distribution if part[1] != part[2]]
    changed.sort(key=lambda part: (-abs(part[2] - part[1]), part[0]))
    if not changed:
        return ""
    shown = (f"{part} from {percent(old)} to {percent(new)}" for part, old, new in changed[:_SHOWN])
    return f" Most changed: {_listed(shown, len(changed))}."


def _listed(shown: Iterable[str], total: int) -> str:
    more = total - _SHOWN
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def _first_number(label: str, edges: Iterable[int]) -> int:
    """Return the place of a bin's label among the bins."""
    numbers = [int(word) for word in label.split() if word.isdigit()]
    if label.startswith("under") or not numbers:
        return -1
    return list(edges).index(numbers[0])
