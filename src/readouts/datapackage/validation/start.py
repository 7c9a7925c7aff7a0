"""The beginning of a check: what can be asked before anything heavy is imported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from readouts.datapackage.validation.frictionless import FrictionlessCheck

if TYPE_CHECKING:
    from readouts.datapackage.package.dereference import Dereferenced
    from readouts.datapackage.package.package import DataPackage

__all__ = ["Beginning", "begin"]


@dataclass(frozen=True)
class Beginning:
    """A package whose descriptor is known to be safe or not, and frictionless while it thinks about it."""

    package: DataPackage
    inlined: Dereferenced
    authority: FrictionlessCheck | None


def begin(package: DataPackage, *, ask_frictionless: bool = True) -> Beginning:
    """Look at the descriptor of a package, and ask frictionless about it.

    Parameters
    ----------
    package
        The package.
    ask_frictionless
        Whether to ask; it takes a process of its own, which works while the engine is imported. Nobody is asked about
        a descriptor that points outside the package.
    """
    found = package.dereferenced
    asked = ask_frictionless and found.safe
    return Beginning(package, found, FrictionlessCheck(package.root, _shown(found)) if asked else None)


def _shown(found: Dereferenced) -> dict[str, Any]:
    """Return the descriptor, without the profiles that would ask for a schema that was there and can't be read."""
    resources = [
        {name: value for name, value in each.items() if name != "profile" or "schema" in each}
        if each["name"] in found.unchecked
        else each
        for each in found.descriptor["resources"]
    ]
    return {**found.descriptor, "resources": resources}
