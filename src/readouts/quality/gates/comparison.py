"""Comparing two releases: what can be measured in both, what is allowed, and what Great Expectations found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from readouts.corpus_schema.incident_codes import incident
from readouts.datapackage.errors import PackageError
from readouts.datapackage.incident import Incident, Severity
from readouts.datapackage.package.package import open_package
from readouts.quality.gates.accepting import accepted_gates, stale_acceptances
from readouts.quality.gates.bounds import row_bounds, share_allowance, slack, spread, variation_allowance
from readouts.quality.gates.columns import Release, needs
from readouts.quality.gates.gate_text import distribution_gate, lost_gate, message, not_compared, rows_gate, share_gate
from readouts.quality.gates.plan import measures
from readouts.quality.gates.running import run_checkpoint

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    import pandas as pd

    from readouts.datapackage.report import Gate
    from readouts.quality.gates.accepting import Acceptance
    from readouts.quality.gates.plan import Measure
    from readouts.quality.gates.running import Outcome

__all__ = ["gates_of"]

_ROUNDING = 1e-9
"""What a bound gives for the rounding of a division."""


@dataclass(frozen=True)
class _Bounds:
    """What a measure was in the older release, and what is allowed in the new one."""

    old: int  # rows, of all or of those that count
    least: float  # a count, a share or a distance, as `most`
    most: float
    old_rows: int
    new_rows: int
    parts: Mapping[str, float]


def gates_of(new: Path, old: Path, accepted: Collection[Acceptance] = ()) -> tuple[list[Incident], tuple[Gate, ...]]:
    """Compare a release with an older one.

    Returns
    -------
    tuple
        The findings: a `release-gate` for each measure that is further from the older release's than is allowed, a
        `gate-note` for what could not be compared, or is further and refuses nothing; an `accepted-gate` in place of
        either for what is accepted, and a `stale-acceptance` for what is accepted and was not found. And all gates,
        in the order of the checkpoint.

    Raises
    ------
    PackageError
        One of the two is not a package, a table of it can't be read, or there is nothing to compare.
    """
    present, past = Release(open_package(new)), Release(open_package(old))
    gates: dict[str, Gate] = {}
    bounds: dict[str, _Bounds] = {}
    evaluated = []
    shared: dict[str, int] = {}
    for measure in measures():
        new_gap, old_gap = _gap(measure, present), _gap(measure, past)
        if measure.optional and new_gap and old_gap:
            continue
        if new_gap or old_gap:
            gates[measure.name] = _unmeasured(measure, present, new_gap, old_gap)
            continue
        if measure.table not in shared:
            shared[measure.table] = _shared(measure.table, present, past)
        found = _bounds(measure, present, past, shared[measure.table])
        if isinstance(found, _Bounds):
            bounds[measure.name] = found
            evaluated.append(measure)
        else:
            gates[measure.name] = found
    if not evaluated:
        text = (
            f"{present.package.root} can't be compared with {past.package.root}: the two share no table that a gate "
            "measures. Release gates are for releases of the corpus; check other packages without --against."
        )
        raise PackageError(text)
    outcomes = run_checkpoint(_frames(present, evaluated), list(bounds), _parameters(evaluated, bounds))
    broken = []
    for measure in evaluated:
        outcome = outcomes.get(measure.name)
        if outcome is None or outcome.error:
            reason = "it gave no result" if outcome is None else outcome.error
            text = f"Great Expectations can't evaluate the gate '{measure.name}': {reason}"
            broken.append(incident("release-gate", text, table=measure.table))
        else:
            gates[measure.name] = _gate(measure, bounds[measure.name], outcome)
    measured = [measure for measure in measures() if measure.name in gates]
    shown = accepted_gates((gates[measure.name] for measure in measured), accepted)
    ordered = list(zip(measured, shown, strict=True))
    return [*broken, *_refusals(ordered), *_remarks(ordered), *stale_acceptances(shown, accepted)], shown


def _gap(measure: Measure, release: Release) -> str:
    """Return what a release lacks of what a measure looks at; empty where it lacks nothing."""
    return next((gap for gap in map(release.lacks, needs(measure)) if gap is not None), "")


def _unmeasured(measure: Measure, present: Release, new_gap: str, old_gap: str) -> Gate:
    """Return the gate of a measure that one of the releases doesn't have."""
    # The gate that counts rows reports that a whole table is gone; no other does.
    said = measure.column is not None and measure.table not in present.package.resources
    if not (old_gap or measure.optional or said):
        return lost_gate(measure, new_gap)
    which = (
        "both releases have" if new_gap and old_gap else "the new release has" if new_gap else "the older release has"
    )
    reason = f"{which} {new_gap or old_gap}"
    return not_compared(measure, old_gap or "measured", new_gap or "measured", reason)


def _bounds(measure: Measure, present: Release, past: Release, shared: int) -> _Bounds | Gate:
    """Return what is allowed for a measure that both releases have, or its gate where nothing can be compared."""
    old, new = len(past.frame(measure.table)), len(present.frame(measure.table))
    settings = measure.settings
    if measure.kind == "rows":
        allowed = row_bounds(old, loss=settings["loss"], growth=settings["growth"], headroom=settings["headroom"])
        return _Bounds(old, *allowed, old, new, {})
    if not old or not new:
        which = "the new release has" if old else "the older release has" if new else "both releases have"
        reason = f"{which} no row in '{measure.table}'"
        return not_compared(measure, f"{old:,} rows", f"{new:,} rows", reason)
    scatter = spread(old, new, shared)
    chance = settings["chance"]
    if measure.kind == "share":
        return _share_bounds(measure, past, old, new, share_allowance(scatter, chance))
    before = _weights(past.column(measure))
    parts = {*before, *_weights(present.column(measure))}
    most = slack(settings["tolerance"], settings["rows"], new) + variation_allowance(scatter, len(parts), chance)
    if most >= 1:
        return not_compared(measure, f"{old:,} rows", f"{new:,} rows", _FEW)
    return _Bounds(0, 0.0, most, old, new, before)


_FEW = "the releases have too few rows in common to tell a shift from chance"


def _share_bounds(measure: Measure, past: Release, old: int, new: int, allowance: float) -> _Bounds | Gate:
    counted = int(past.column(measure).notna().sum())
    share = counted / old
    falling = "fall" in measure.settings
    tolerance = measure.settings["fall" if falling else "rise"]
    allowance += slack(tolerance, measure.settings["rows"], new)
    least, most = (share - allowance, 1.0) if falling else (0.0, share + allowance)
    if (falling and share > 0 >= least) or (not falling and most >= 1):
        return not_compared(measure, f"{old:,} rows", f"{new:,} rows", _FEW)
    return _Bounds(counted, max(least, 0.0), most, old, new, {})


def _shared(table: str, present: Release, past: Release) -> int:
    """Return how many rows are in both releases, by their keys; without keys all are, which allows least."""
    new, old = present.keys(table), past.keys(table)
    if new is None or old is None or present.key(table) != past.key(table):
        return min(len(present.frame(table)), len(past.frame(table)))
    return len(new & old)


def _weights(cells: pd.Series[str]) -> dict[str, float]:
    """Return the share of each value."""
    counts = cells.value_counts()
    return {
        str(value): int(count) / len(cells) for value, count in sorted(counts.items(), key=lambda pair: str(pair[0]))
    }


def _frames(release: Release, evaluated: Iterable[Measure]) -> dict[str, pd.DataFrame]:
    """Return the measured columns of each table."""
    import pandas as pd

    columns: dict[str, dict[str, pd.Series[str]]] = {}
    for measure in evaluated:
        table = columns.setdefault(measure.table, {})
        if measure.column is not None:
            table[measure.column] = release.column(measure)
    return {name: pd.DataFrame(cells, index=release.frame(name).index) for name, cells in columns.items()}


def _parameters(evaluated: Iterable[Measure], bounds: Mapping[str, _Bounds]) -> dict[str, Any]:
    """Return the values of the suites' `$PARAMETER`s."""
    found: dict[str, Any] = {}
    for measure in evaluated:
        bound = bounds[measure.name]
        rounding = 0 if measure.kind == "rows" else _ROUNDING
        found[f"{measure.parameter}_least"] = bound.least - rounding
        found[f"{measure.parameter}_most"] = bound.most + rounding
        found[f"{measure.parameter}_old"] = {"values": list(bound.parts), "weights": list(bound.parts.values())}
    return found


def _gate(measure: Measure, bounds: _Bounds, outcome: Outcome) -> Gate:
    if measure.kind == "rows":
        least, most = int(bounds.least), int(bounds.most)
        return rows_gate(measure, bounds.old, int(outcome.observed), least, most, passed=outcome.passed)
    if measure.kind == "share":
        counted = round(outcome.observed * bounds.new_rows)
        old, new = (bounds.old, bounds.old_rows), (counted, bounds.new_rows)
        return share_gate(measure, old, new, bounds.least, bounds.most, passed=outcome.passed)
    return distribution_gate(measure, bounds.parts, outcome.parts, outcome.observed, bounds.most, passed=outcome.passed)


def _refusals(gates: Iterable[tuple[Measure, Gate]]) -> list[Incident]:
    """Return a finding for each gate that isn't passed."""
    return [
        incident(
            "accepted-gate" if gate.accepted else "release-gate" if gate.severity is Severity.ERROR else "gate-note",
            message(gate),
            table=measure.table,
            field=measure.field,
            value=gate.new,
        )
        for measure, gate in gates
        if not gate.passed
    ]


def _remarks(gates: Iterable[tuple[Measure, Gate]]) -> list[Incident]:
    """Return a finding for each reason for which gates could not be compared, with the names of the gates."""
    reasons: dict[tuple[str, str], list[str]] = {}
    for measure, gate in gates:
        if not gate.compared:
            reasons.setdefault((measure.table, gate.allowed), []).append(gate.name)
    return [
        incident("gate-note", f"{', '.join(names)}: {reason}.", table=table)
        for (table, reason), names in reasons.items()
    ]
