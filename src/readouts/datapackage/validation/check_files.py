"""Custom checks, from files and from the entry points of installed packages."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from traceback import extract_tb
from types import ModuleType
from typing import TYPE_CHECKING, Any

from readouts.datapackage.errors import ArgumentError
from readouts.datapackage.suggest import did_you_mean
from readouts.datapackage.validation.custom_checks import COLLECTED, CustomCheck
from readouts.datapackage.validation.import_guard import without
from readouts.datapackage.words import quoted

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable

__all__ = ["GROUP", "checks_of"]

GROUP = "readouts.checks"
"""The entry points that name checks."""


def checks_of(source: str | os.PathLike[str], called: str) -> list[CustomCheck]:
    """Return the checks of a file of Python, or of an entry point of the group `readouts.checks`.

    Raises
    ------
    ArgumentError
        There is no such file or entry point, it can't be loaded, or it has no check.
    """
    path = Path(source)
    if path.suffix == ".py":
        if not path.is_file():
            message = f"There is no file of checks {quoted(called)}."
            raise ArgumentError(message)
        return _collected(called, lambda: _executed(path), path)
    points = {point.name: point for point in entry_points(group=GROUP)}
    if called not in points:
        message = (
            f"Expected a file of checks (.py) or an entry point of the group {GROUP}; found {quoted(called)}. "
            f"{did_you_mean(called, points)}"
        )
        raise ArgumentError(message)
    return _collected(called, lambda: _members(points[called].load()), None)


def _module(path: Path) -> str:
    return f"checks of {path.resolve()}"


def _executed(path: Path) -> Iterable[Any]:
    """Run a file as a module, and leave no compiled copy of it among the data."""
    module = ModuleType(_module(path))
    module.__file__ = str(path)
    # Where libraries look up the types that its texts name.
    sys.modules[module.__name__] = module
    code = path.read_bytes()
    if b"pandera" in code and find_spec("pandera") is not None:
        with without("pyspark"):
            import_module("pandera.polars")
    exec(compile(code, str(path), "exec"), vars(module))  # noqa: S102 - the user named it
    return list(vars(module).values())


def _members(loaded: Any) -> Iterable[Any]:
    if isinstance(loaded, CustomCheck):
        return [loaded]
    return loaded if isinstance(loaded, list | tuple) else vars(loaded).values()


def _collected(source: str, load: Callable[[], Iterable[Any]], path: Path | None) -> list[CustomCheck]:
    """Return the checks that were made meanwhile, and those among what was loaded."""
    made: list[CustomCheck] = []
    token = COLLECTED.set((_module(path) if path else "", made))
    try:
        members = list(load())
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        lines = [call.lineno for call in extract_tb(error.__traceback__) if call.filename == str(path)]
        line = error.lineno if isinstance(error, SyntaxError) else next(reversed(lines), None)
        where = f", line {line}" if line else ""
        message = f"The checks of {source} can't be loaded{where}: {type(error).__name__}: {str(error)[:300]}".rstrip(
            " :."
        )
        raise ArgumentError(f"{message}.") from error
    finally:
        COLLECTED.reset(token)
    found = {id(each): each for each in [*made, *members] if isinstance(each, CustomCheck)}
    if not found:
        message = f'{source} has no check: make one of a function with `@check("TABLE")` of `readouts.datapackage`.'
        raise ArgumentError(message)
    return list(found.values())
