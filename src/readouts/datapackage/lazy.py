"""Names that are imported when they are first used, so that importing what offers them stays light."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from readouts.datapackage.optional import MissingDependencyError

__all__ = ["later", "lazy_names"]


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
    >>> get("read")("[1]"), "read" in names()
    ([1], True)
    """

    def get(name: str) -> Any:
        if name not in homes:
            message = f"module '{package}' has no attribute '{name}'"
            raise AttributeError(message)
        from readouts.datapackage.optional import MissingDependencyError, requires_extra

        module, _, attribute = homes[name].partition(":")
        try:
            with requires_extra(f"{name}()"):
                value = getattr(import_module(module), attribute or name)
        except MissingDependencyError as error:
            return _missing(error)
        setattr(sys.modules[package], name, value)
        return value

    return get, lambda: sorted({*homes, *sys.modules[package].__all__})


def _missing(error: MissingDependencyError) -> Callable[..., NoReturn]:
    """Return what stands for a function that can't be imported: it says so when it is called."""

    def function(*_: Any, **__: Any) -> NoReturn:
        raise error

    return function


def later(module: str, name: str) -> Callable[..., Any]:
    """Return a function that stands for the one of that name in a module, which is imported at the first call.

    Examples
    --------
    >>> later("json", "loads")("[1]")
    [1]
    """

    def function(*values: Any) -> Any:
        return getattr(import_module(module), name)(*values)

    return function
