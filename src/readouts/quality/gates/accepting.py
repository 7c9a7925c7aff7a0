"""Findings of the gates that people accept, each with its reason, for the comparison that it was found in."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from readouts.corpus_schema.incident_codes import incident
from readouts.datapackage.suggest import did_you_mean
from readouts.quality.gates.plan import measures

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from readouts.datapackage.incident import Incident
    from readouts.datapackage.report import Gate

__all__ = ["STALE", "Acceptance", "acceptances", "accepted_gates", "stale_acceptances", "to_paste"]

_PROPERTY = "acceptedFindings"
"""The property of a package's descriptor with the accepted findings."""
STALE = "stale-acceptance"
"""The code of what is accepted and was not found."""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """One accepted finding: the gate, the older release's version, what was found, and why it is accepted."""

    gate: str
    against: str
    found: str
    reason: str


def acceptances(descriptor: Mapping[str, Any], against: str | None = None) -> tuple[Acceptance, ...]:
    """Return the accepted findings of a descriptor: all, or those of the comparison with one older release.

    Examples
    --------
    >>> entry = {"gate": "events-rows", "against": "1.0.0", "found": "9", "reason": "The corpus was cut to one year."}
    >>> acceptances({"acceptedFindings": [entry]}, "1.1.0")
    ()
    >>> acceptances({"acceptedFindings": [entry]}, "1.0.0")[0].found
    '9'
    """
    entries = descriptor.get(_PROPERTY)
    found = []
    for entry in entries if isinstance(entries, list) else ():
        values = [entry.get(name) if isinstance(entry, dict) else None for name in Acceptance.__slots__]
        # In a descriptor that no annotations gave, an entry may lack something: then it accepts nothing.
        if all(isinstance(value, str) and value.strip() for value in values):
            found.append(Acceptance(*map(str, values)))
    return tuple(entry for entry in found if against in {None, entry.against})


def accepted_gates(gates: Iterable[Gate], entries: Iterable[Acceptance]) -> tuple[Gate, ...]:
    """Return the gates, with the reason for each that isn't passed and whose finding is accepted just as it is."""
    reasons = {(entry.gate, entry.found): entry.reason for entry in entries}
    return tuple(
        gate if gate.passed else replace(gate, accepted=reasons.get((gate.name, gate.new), "")) for gate in gates
    )


def stale_acceptances(gates: Iterable[Gate], entries: Iterable[Acceptance]) -> Iterator[Incident]:
    """Yield a finding for each accepted finding that was not found."""
    known = {gate.name: gate for gate in gates}
    for entry in entries:
        gate = known.get(entry.gate)
        if gate is not None and gate.accepted and gate.new == entry.found:
            continue
        if gate is None:
            names = [measure.name for measure in measures()]
            why = (
                "it was not measured"
                if entry.gate in names
                else f"no gate is called that. {did_you_mean(entry.gate, names)}"
            )
        elif not gate.compared:
            why = f"it was {gate.allowed}"
        elif gate.passed:
            why = f"it is passed, with '{gate.new}'"
        else:
            why = f"found is '{gate.new}' now"
        message = f"The gate '{entry.gate}' is accepted with '{entry.found}' against {entry.against}, but {why}"
        yield incident(STALE, message if message.endswith("?") else f"{message.rstrip('.')}.", value=entry.gate)


def to_paste(gate: Gate, against: str) -> tuple[str, ...]:
    """Return the lines of `corpus.yaml` that accept a gate's finding, but for the reason.

    Examples
    --------
    >>> from readouts.datapackage.report import Gate
    >>> gate = Gate("events-rows", "Rows of events", "rows", passed=False, old="18", new="9", allowed="17 to 180")
    >>> to_paste(gate, "1.0.0")
    ('  - gate: events-rows', '    against: 1.0.0', '    found: "9"', '    reason: WHY')
    """
    found = json.dumps(gate.new, ensure_ascii=False)
    return (f"  - gate: {gate.name}", f"    against: {against}", f"    found: {found}", "    reason: WHY")
