"""What a run of checks found: the one object that every renderer shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from readouts.datapackage.incident import CODES, Code, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from readouts.datapackage.incident import Incident

__all__ = ["Check", "Gate", "ReportData", "Setting"]


@dataclass(frozen=True, slots=True)
class Check:
    """One kind of check that was made.

    Attributes
    ----------
    name
        Name of the check, such as "structure, types, constraints, keys, references".
    by
        Who checked: this package, or another library, with its version.
    subject
        What was checked, such as "13 tables, 1,204 rows".
    """

    name: str
    by: str
    subject: str


@dataclass(frozen=True, slots=True)
class Gate:
    """How one measure of a release compares with that of an older one.

    Attributes
    ----------
    name
        Stable name, such as "row-count".
    title
        The measure as text.
    expectation
        The expectation that was evaluated, by the name it has in its suite.
    passed
        Whether the release passes.
    old, new
        Both values as text, with their units.
    allowed
        What would have passed, as text.
    distribution
        For a measure of many parts: the label of each, and its share (0 to 1) in the old and in the new release.
    severity
        Whether a release that doesn't pass is refused, or only gets a warning.
    compared
        Whether the two could be compared; where not, `allowed` says why, and a release that could not lose anything
        passes.
    figures
        The old and the new value, the least and the most that would have passed, as numbers: counts, or shares from 0
        to 1.
    accepted
        Why a gate that isn't passed is accepted anyway; empty where it isn't.
    """

    name: str
    title: str
    expectation: str
    passed: bool
    old: str
    new: str
    allowed: str
    distribution: tuple[tuple[str, float, float], ...] = ()
    severity: Severity = Severity.ERROR
    compared: bool = True
    figures: tuple[float, float, float, float] | None = None
    accepted: str = ""

    @property
    def outcome(self) -> Literal["passes", "accepted", "fails"]:
        """The outcome as one word."""
        return "passes" if self.passed else "accepted" if self.accepted else "fails"

    @property
    def words(self) -> str:
        """Both values and what was allowed, and why it is accepted where it is.

        Examples
        --------
        >>> Gate("rows", "Rows", "count", False, "3", "48", "2 to 30", accepted="Two archives joined.").words
        'Rows: 3 before, 48 now, allowed 2 to 30; accepted: Two archives joined.'
        """
        accepted = f"; accepted: {self.accepted}" if self.accepted else ""
        return f"{self.title}: {self.old} before, {self.new} now, allowed {self.allowed}{accepted}"


@dataclass(frozen=True, slots=True)
class Setting:
    """What a setting did to the findings of a code.

    Attributes
    ----------
    code
        The code.
    action
        What was asked for: to ignore its findings, or to count them as warnings.
    by
        Who asked: the caller, or the descriptor of the package.
    count
        How many findings it is about.
    applied
        Whether it was done; it isn't where other findings can't be relied on.
    """

    code: str
    action: Literal["ignore", "warn"]
    by: Literal["caller", "descriptor"]
    count: int
    applied: bool = True


@dataclass(frozen=True)
class ReportData:
    """The result of a validation: the checks, and the findings.

    Attributes
    ----------
    name, version
        Name and version of the package; empty where its descriptor has none.
    path
        The package as the user named it, or where it was found.
    level
        What was checked: `structure`, `content` or `release`.
    checks
        The checks that were made, in the order in which the report names them.
    incidents
        The findings that are shown, by place.
    counts
        How many findings there are of each code, shown or not.
    rows
        Rows that were read, of all tables.
    seconds
        How long it took.
    gates
        At level `release`: the measures compared with those of the older release.
    against
        At level `release`: the older release, as the user named it.
    files
        The file of each table that has one, relative to the package's folder, with forward slashes.
    settings
        What settings did to findings; `incidents` and `counts` are without those that are ignored.
    not_applied
        Settings of the package's descriptor that were not applied: `ignore`, `warn`, `checks`.
    codes
        The codes of custom checks.
    """

    name: str
    version: str
    path: str
    level: str
    checks: tuple[Check, ...]
    incidents: tuple[Incident, ...]
    counts: Mapping[str, int]
    rows: int
    seconds: float
    gates: tuple[Gate, ...] = ()
    against: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    settings: tuple[Setting, ...] = ()
    not_applied: tuple[str, ...] = ()
    codes: Mapping[str, Code] = field(default_factory=dict)
    _severities: Mapping[str, Severity] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Keep how bad codes are: a report may be read where what registered its codes was never imported."""
        warned = {each.code for each in self.settings if each.applied and each.action == "warn"}
        severities = {
            code: Severity.WARNING if code in warned else self.code(code).severity
            for code in {*self.counts, *(finding.code for finding in self.incidents)}
        }
        object.__setattr__(self, "_severities", severities)

    def code(self, name: str) -> Code:
        """Return the description of a code."""
        return self.codes.get(name) or CODES.get(name) or Code(name, "rules", "", "")

    def severity(self, code: str) -> Severity:
        """Return the severity of the findings of a code in this report."""
        return self._severities.get(code, Severity.ERROR)

    @property
    def ignored(self) -> int:
        """How many findings are ignored, as a setting asks."""
        return sum(each.count for each in self.settings if each.applied and each.action == "ignore")

    @property
    def state(self) -> Literal["valid", "not valid", "not checked"]:
        """The verdict: `not checked` if something could not be checked, whatever was found in the rest.

        Examples
        --------
        >>> ReportData("p", "", ".", "content", (), (), {"blank-row": 3, "resource-limit": 1}, 9, 0.1).state
        'not checked'
        """
        if not self.checked:
            return "not checked"
        return "not valid" if any(self.severity(code) is Severity.ERROR for code in self.counts) else "valid"

    @property
    def valid(self) -> bool:
        """Whether everything was checked, and nothing is an error; warnings leave a package valid."""
        return self.state == "valid"

    @property
    def checked(self) -> bool:
        """Whether everything was checked; a package that was not is neither valid nor not valid."""
        return self.unchecked == 0

    @property
    def unchecked(self) -> int:
        """How many findings say that something could not be checked."""
        return sum(count for code, count in self.counts.items() if self.severity(code) is Severity.UNCHECKED)

    @property
    def gates_by_outcome(self) -> list[Gate]:
        """The gates that fail, then those that are accepted, then those that pass."""
        return sorted(self.gates, key=lambda gate: ("fails", "accepted", "passes").index(gate.outcome))

    @property
    def total(self) -> int:
        """How many findings there are, shown or not."""
        return sum(self.counts.values())

    @property
    def held_back(self) -> dict[str, int]:
        """How many findings of each code are not shown, for the codes of which some are not.

        Examples
        --------
        >>> report = ReportData("p", "", ".", "content", (), (), {"blank-row": 3}, 9, 0.1)
        >>> report.held_back, report.valid
        ({'blank-row': 3}, False)
        """
        shown: dict[str, int] = {}
        for finding in self.incidents:
            shown[finding.code] = shown.get(finding.code, 0) + 1
        return {code: count - shown.get(code, 0) for code, count in self.counts.items() if count > shown.get(code, 0)}
