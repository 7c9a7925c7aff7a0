"""Questions to a corpus raise a clear error where the tables are not those of the corpus."""

from __future__ import annotations

import re
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, Protocol, TypeVar

from readouts.datapackage.errors import PackageError, UnknownIdError

if TYPE_CHECKING:
    from collections.abc import Callable

    from readouts.datapackage.package.package import DataPackage

__all__ = ["question"]


class _HasPackage(Protocol):
    _package: DataPackage


S = TypeVar("S", bound=_HasPackage)
P = ParamSpec("P")
R = TypeVar("R")


def question(method: Callable[Concatenate[S, P], R]) -> Callable[Concatenate[S, P], R]:
    """Make a method say which column it misses, since any package can be opened.

    Raises
    ------
    PackageError
        A table of the package lacks a column that the method reads.
    """

    @wraps(method)
    def guarded(self: S, /, *arguments: P.args, **named: P.kwargs) -> R:
        try:
            return method(self, *arguments, **named)
        except UnknownIdError:
            raise
        except KeyError as error:
            # pandas says it in a sentence, a row of texts by the name alone.
            found = re.search(r"'([^']+)'", str(error))
            column = found[1] if found else str(error)
            message = (
                f"{self._package.root} has a table without the column '{column}', which {method.__name__}() reads: "
                "expected the tables of the corpus, with their columns. `readouts.load().codebook(TABLE)` has them."
            )
            raise PackageError(message) from error

    return guarded
