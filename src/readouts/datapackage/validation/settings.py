"""What one run of `validate` was asked for: custom checks, and which findings count."""

from __future__ import annotations

import os
from types import FunctionType, MethodType
from typing import TYPE_CHECKING, Any

from readouts.datapackage.errors import ArgumentError
from readouts.datapackage.package.paths import inside
from readouts.datapackage.report import Check, Setting
from readouts.datapackage.validation.severities import Severities, require_settings, setting_fault, settings_of
from readouts.datapackage.words import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from readouts.datapackage.findings import Findings
    from readouts.datapackage.incident import Code
    from readouts.datapackage.package.package import DataPackage
    from readouts.datapackage.validation.custom_checks import CustomCheck

__all__ = ["Settings"]


class Settings:
    """What the caller asks for, and the descriptor as far as the caller allows it.

    Attributes
    ----------
    codes
        The codes of custom checks.
    not_applied
        Settings of the descriptor that are not applied.
    """

    def __init__(self, package: DataPackage, use: str, level: str) -> None:
        """Read the settings of a package, and of them use the `severities`, `all`, or `none`."""
        self.package, self.level = package, level
        self.own = settings_of(package.descriptor)
        self.codes: dict[str, Code] = {}
        self._severities = Severities()
        self._groups: dict[str, list[CustomCheck]] = {}
        self._loaded: set[str] = set()
        unused = {"none": ("ignore", "warn", "checks"), "severities": ("checks",), "all": ()}[use]
        self.not_applied = tuple(name for name in self.own.names if name in unused)
        self._counts = use != "none"

    def take_checks(self, checks: Iterable[Any]) -> list[Callable[..., Iterable[Check] | None]]:
        """Take custom checks; return those that are functions of the package and of findings."""
        functions: list[Callable[..., Iterable[Check] | None]] = []
        for each in checks:
            if isinstance(each, FunctionType | MethodType):
                functions.append(each)
            elif isinstance(each, str | os.PathLike):
                self._load(str(each), each)
            elif _is_custom(each):
                self._groups.setdefault("the caller", []).append(each)
            elif hasattr(each, "validate"):
                message = (
                    f"A schema doesn't say which table it is for: give `check(TABLE)(schema)` instead of {each!r:.80}."
                )
                raise ArgumentError(message)
            elif callable(each):
                functions.append(each)
            else:
                message = f"Expected a check, a file of checks or an entry point; found {each!r:.80}."
                raise ArgumentError(message)
        if self._groups and self.level == "structure":
            message = "Custom checks read the values of cells: use the level 'content'."
            raise ArgumentError(message)
        if "checks" not in self.not_applied and self.level != "structure":
            for name in self.own.checks:
                self._load(name, inside(self.package.root, name) if name.endswith(".py") else name)
        if self._groups:
            from readouts.datapackage.validation.custom_checks import codes_of

            self.codes = codes_of(each for group in self._groups.values() for each in group)
        return functions

    def _load(self, name: str, source: str | os.PathLike[str]) -> None:
        """Load the checks of a file or an entry point, once if caller and descriptor name it."""
        from readouts.datapackage.validation.check_files import checks_of

        place = os.path.realpath(source) if isinstance(source, os.PathLike) or name.endswith(".py") else name
        if place not in self._loaded:
            self._loaded.add(place)
            self._groups[name] = checks_of(source, name)

    def take_severities(self, ignore: Sequence[str], warn: Sequence[str], findings: Findings) -> None:
        """Take what counts, first by the caller and then by the descriptor, whose faults are findings."""
        for name, codes in (("ignore", ignore), ("warn", warn)):
            if isinstance(codes, str):
                message = f"`{name}` is a list of codes; found the text {quoted(codes)}."
                raise ArgumentError(message)
        require_settings(self._severities, {"ignore": ignore, "warn": warn}, self.codes)
        if self._counts:
            findings.extend(self.own.incidents)
            known = None if "checks" in self.not_applied else self.codes
            for fault in self._severities.ask(self.own.codes, "descriptor", known):
                findings.add(setting_fault(*fault.split(": ", 1)))

    def run_checks(self, findings: Findings) -> Iterator[Check]:
        """Run the custom checks, and say what each group of them looked at."""
        if not self._groups:
            return
        from readouts.datapackage.validation.custom_checks import run_checks

        for source, subject in run_checks(self._groups, self.package, findings):
            yield Check("own checks", source, subject)

    def apply(self, findings: Findings) -> tuple[Setting, ...]:
        """Let findings count as was asked for, and return what was done."""
        return self._severities.applied(findings, {code: entry.severity for code, entry in self.codes.items()})


def _is_custom(given: Any) -> bool:
    from readouts.datapackage.validation.custom_checks import CustomCheck

    return isinstance(given, CustomCheck)
