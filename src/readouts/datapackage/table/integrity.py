"""Whether the files of a package are what its descriptor says of them: their size, and their hash."""

from __future__ import annotations

from contextlib import contextmanager
from mmap import ACCESS_READ, mmap
from typing import TYPE_CHECKING

from readouts.datapackage.package.dereference import dereferenced
from readouts.datapackage.package.resource import read_descriptors
from readouts.datapackage.table.byte_stream import Digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from readouts.datapackage.package.package import Package
    from readouts.datapackage.package.resource import Resource

__all__ = ["AT_ONCE", "false_claims", "false_claims_meanwhile"]

AT_ONCE = 2**26
"""Bytes of a file that are hashed at once, and in memory meanwhile."""


def false_claims(package: Package, label: str, at_once: int = AT_ONCE) -> list[str]:
    """Return a sentence for each resource whose files have another size or hash than the descriptor says.

    Parameters
    ----------
    package
        The package. A resource that has no files, or lacks one, is left to whoever reads it.
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
    found = read_descriptors(dereferenced(package.root, package.descriptor)).resources
    return [sentence for resource in found for sentence in _false(resource, label, at_once)]


def _false(resource: Resource, label: str, at_once: int) -> Iterator[str]:
    if not resource.paths or not all(path.is_file() for path in resource.paths):
        return
    size = sum(path.stat().st_size for path in resource.paths)
    if resource.expected_bytes is not None and resource.expected_bytes != size:
        # A file of another size has another hash too.
        yield _said(resource, label, f"{resource.expected_bytes:,} bytes", f"{size:,}")
    elif resource.expected_hash is not None:
        algorithm, expected = resource.expected_hash
        digest = Digest(algorithm)
        for path in resource.paths:
            _add(digest, path, at_once)
        if digest.hexadecimal != expected:
            yield _said(resource, label, f"{algorithm}:{expected}", f"{algorithm}:{digest.hexadecimal}")


def _add(digest: Digest, path: Path, at_once: int) -> None:
    """Add a file in few steps: between two, this thread waits for those that import modules."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        for start in range(0, size, at_once):
            with mmap(stream.fileno(), min(at_once, size - start), access=ACCESS_READ, offset=start) as part:
                digest.add(part)


def _said(resource: Resource, label: str, expected: str, found: str) -> str:
    files = ", ".join(resource.files[:3]) + (", ..." if len(resource.files) > 3 else "")
    return (
        f"{label}: {files} is not the file that the descriptor was written for: expected {expected}, found {found}. It "
        "was compared as it is."
    )


@contextmanager
def false_claims_meanwhile(*sides: tuple[Package, str], at_once: int = AT_ONCE) -> Iterator[Callable[[], list[str]]]:
    """Look for false claims of packages beside other work, and give a function that waits for what was found.

    Hashing lets other threads run, so that it costs little time beside the reading of the same files.

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
