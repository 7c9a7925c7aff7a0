"""Whether the files of a package are what its descriptor says about them: their size, and their hash."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from readouts.datapackage.table.resource import AT_ONCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from readouts.datapackage.package.package import DataPackage
    from readouts.datapackage.table.resource import Resource

__all__ = ["AT_ONCE", "false_claims", "false_claims_meanwhile"]


def false_claims(package: DataPackage, label: str, at_once: int = AT_ONCE) -> list[str]:
    """Return a sentence for each resource whose files have a different size or hash than the descriptor says.

    Parameters
    ----------
    package
        The package. A resource that has no files, or lacks one, is left to the reader.
    label
        What the package is called in the sentences.
    at_once
        Bytes of a file that are hashed at once, and in memory meanwhile: a multiple of 64 KiB.

    Examples
    --------
    >>> from readouts.datapackage.package.package import open_package
    >>> from readouts.datapackage.sample import sample_package
    >>> false_claims(open_package(sample_package()), "the sample")
    []
    """
    claims = ((resource, resource.false_claim(at_once)) for resource in package.resources.values())
    return [_sentence(resource, label, *claim) for resource, claim in claims if claim is not None]


def _sentence(resource: Resource, label: str, expected: str, found: str) -> str:
    files = ", ".join(resource.files[:3]) + (", ..." if len(resource.files) > 3 else "")
    return (
        f"{label}: {files} is not the file that the descriptor was written for: expected {expected}, found {found}. It "
        "was compared as it is."
    )


@contextmanager
def false_claims_meanwhile(
    *sides: tuple[DataPackage, str], at_once: int = AT_ONCE
) -> Iterator[Callable[[], list[str]]]:
    """Look for false claims of packages during other work, and give a function that waits for what was found.

    Hashing lets other threads run, so that it costs little time besides reading the same files.

    Examples
    --------
    >>> from readouts.datapackage.package.package import open_package
    >>> from readouts.datapackage.sample import sample_package
    >>> package = open_package(sample_package())
    >>> with false_claims_meanwhile((package, "old"), (package, "new")) as claims:
    ...     print(claims())
    []
    """
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(max_workers=1) as pool:
        waiting = [pool.submit(false_claims, package, label, at_once) for package, label in sides]
        yield lambda: [sentence for each in waiting for sentence in each.result()]
