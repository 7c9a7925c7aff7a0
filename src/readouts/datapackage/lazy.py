"""Public names of a package that are imported when they are first used, so that importing the package stays light."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

from readouts.datapackage.optional import requires_extra

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["lazy_names"]


def lazy_names(package: str, homes: Mapping[str, str]) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Return `__getattr__` and `__dir__` of a package (PEP 562) whose names are in other modules.

    Parameters
    ----------
    package
        Name of the package.
    homes
        For each public name, where it is: `module:name`, or the module alone where the name is the same.

    Examples
    --------
    >>> get, names = lazy_names("json", {"load": "json", "read": "json:loads"})
    >>> get("read")("[1]")
    [1]
    """

    def get(name: str) -> Any:
        if name not in homes:
            message = f"module '{package}' has no attribute '{name}'"
            raise AttributeError(message)
        module, _, attribute = homes[name].partition(":")
        with requires_extra(f"{name}()", "toolkit"):
            value = getattr(import_module(module), attribute or name)
        setattr(sys.modules[package], name, value)
        return value

    return get, lambda: sorted({*vars(sys.modules[package]), *homes})
