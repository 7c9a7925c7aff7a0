"""Findings that are ignored or count as warnings, as the caller or the descriptor of the package asks.

A descriptor has its settings in the property `readouts`: `ignore` and `warn` are lists of codes, and `checks` names
files of checks and entry points.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from readouts.datapackage.errors import ArgumentError
from readouts.datapackage.incident import CODES, Incident, Severity, incident
from readouts.datapackage.json_schema_text import found_text
from readouts.datapackage.report import Setting
from readouts.datapackage.suggest import did_you_mean
from readouts.datapackage.words import quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from readouts.datapackage.findings import Findings

__all__ = ["PackageSettings", "Severities", "require_settings", "setting_fault", "settings_of", "unreliable"]

_PROPERTY = "readouts"
_UNRELIABLE = frozenset(["unchecked", "files", "structure"])
"""Families of findings that keep other things from being checked, or checked as they are meant."""
_HARMLESS = frozenset(["hash-count", "byte-count", "null-byte", "blank-row", "extra-label"])
"""Codes of these families, in spite of which everything else is checked as it is meant."""

Action = Literal["ignore", "warn"]


@dataclass(frozen=True)
class PackageSettings:
    """The settings of a descriptor.

    Attributes
    ----------
    codes
        For each action, the codes that it is for.
    checks
        Files of checks and entry points.
    incidents
        What is wrong with the settings; such a part has no effect.
    """

    codes: Mapping[Action, tuple[str, ...]] = field(default_factory=dict)
    checks: tuple[str, ...] = ()
    incidents: tuple[Incident, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the settings that there are."""
        return (*(name for name, codes in self.codes.items() if codes), *(["checks"] if self.checks else []))


def settings_of(descriptor: Mapping[str, Any]) -> PackageSettings:
    """Return the settings of a descriptor.

    Examples
    --------
    >>> settings_of({"readouts": {"ignore": ["blank-row"], "checks": "checks.py"}}).names
    ('ignore', 'checks')
    >>> settings_of({"readouts": {"ignores": []}}).incidents[0].message
    "`readouts`: unknown setting 'ignores'. Did you mean 'ignore'?"
    """
    section = descriptor.get(_PROPERTY, {})
    if not isinstance(section, dict):
        return PackageSettings(incidents=(setting_fault("", f"expected an object; found {found_text(section)}."),))
    found = [
        setting_fault("", f"unknown setting {quoted(name)}. {did_you_mean(name, ('checks', 'ignore', 'warn'))}")
        for name in section
        if name not in {"checks", "ignore", "warn"}
    ]
    lists: dict[str, tuple[str, ...]] = {}
    for name in ("ignore", "warn", "checks"):
        value = section.get(name, [])
        if name == "checks" and isinstance(value, str):
            value = [value]
        if isinstance(value, list) and all(isinstance(each, str) for each in value):
            lists[name] = tuple(value)
        else:
            lists[name] = ()
            found.append(setting_fault(name, f"expected a list of texts; found {found_text(value)}."))
    codes: dict[Action, tuple[str, ...]] = {"ignore": lists["ignore"], "warn": lists["warn"]}
    return PackageSettings(codes, lists["checks"], tuple(found))


def setting_fault(name: str, message: str) -> Incident:
    """Return the finding that a setting of a descriptor is wrong."""
    way = f"{_PROPERTY}.{name}" if name else _PROPERTY
    return incident("package-error", f"`{way}`: {message}")


@dataclass
class Severities:
    """The actions asked for by code, and by whom; the caller's word goes before the descriptor's."""

    actions: dict[str, tuple[Action, Literal["caller", "descriptor"]]] = field(default_factory=dict)

    def ask(
        self, codes: Mapping[Action, Iterable[str]], by: Literal["caller", "descriptor"], known: Collection[str] | None
    ) -> Iterator[str]:
        """Take what somebody asks for; yield what is wrong with it, by the action that it is asked with.

        Parameters
        ----------
        codes
            For each action, the codes that it is for.
        by
            Who asks.
        known
            The codes of custom checks; None if these aren't known, and so every code could be one of theirs.
        """
        names = {*CODES, *(known or ())}
        for action, listed in codes.items():
            for code in dict.fromkeys(listed):
                if code not in names and known is not None:
                    yield f"{action}: unknown code {quoted(code)}. {did_you_mean(code, names)}"
                elif self.actions.get(code, (action, by)) == (action, by):
                    self.actions[code] = action, by
                elif self.actions[code][1] == by:
                    yield f"{action}: {quoted(code)} can't be both ignored and a warning."

    def applied(self, findings: Findings, severities: Mapping[str, Severity]) -> tuple[Setting, ...]:
        """Apply what was asked for to what was found, which it changes, and return what was done."""
        settings = []
        for code, (action, by) in sorted(self.actions.items()):
            count = findings.counts.get(code, 0)
            severity = severities.get(code) or (CODES[code].severity if code in CODES else Severity.ERROR)
            if not count or (action == "warn" and severity is Severity.WARNING):
                continue
            kept = code in findings.unreliable or (severity is not Severity.WARNING and unreliable(code))
            settings.append(Setting(code, action, by, count, applied=not kept))
            if not kept and action == "ignore":
                findings.drop(code)
            elif not kept:
                findings.replace(code, lambda found: replace(found, severity=Severity.WARNING))
        return tuple(settings)


def unreliable(code: str) -> bool:
    """Return whether the rest of a package can't be relied on where there are findings of a code."""
    return code in CODES and CODES[code].family in _UNRELIABLE and code not in _HARMLESS


def require_settings(severities: Severities, codes: Mapping[Action, Iterable[str]], known: Collection[str]) -> None:
    """Take what the caller asks for; raise an ArgumentError if there is something wrong with it."""
    for fault in severities.ask(codes, "caller", known):
        raise ArgumentError(f"`{fault}".replace(":", "`:", 1))
