"""A package as a git revision has it, read from the object store: nothing is checked out, no hook or filter runs."""

from __future__ import annotations

import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from readouts.datapackage.errors import PackageError
from readouts.datapackage.package.bare import is_table_name
from readouts.datapackage.package.package import DESCRIPTOR, DESCRIPTORS, descriptor_in, read_descriptor
from readouts.datapackage.package.paths import inside

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["UnknownRevisionError", "revision"]

_LINK = b"120000"


class UnknownRevisionError(PackageError):
    """The repository has no such revision."""


@dataclass(frozen=True, slots=True)
class _Store:
    """The object store of the repository that a folder lies in, and where in it the folder is."""

    folder: Path
    prefix: str

    def run(self, *arguments: str) -> bytes:
        """Run git, and return what it prints."""
        return _git(self.folder, *arguments)

    def find(self, tree: str, name: str) -> tuple[bytes, str] | None:
        """Return mode and object of a file in a tree; None if it has none of that name."""
        path = (PurePosixPath(self.prefix) / name).as_posix()
        listed = self.run("ls-tree", "-z", "--full-tree", tree, "--", path).split(b"\0")[0]
        if not listed:
            return None
        mode, _, rest = listed.partition(b" ")
        kind, _, object_ = rest.partition(b"\t")[0].partition(b" ")
        return (mode, object_.decode()) if kind == b"blob" else None

    def copy(self, tree: str, name: str, root: Path) -> bool:
        """Copy a file of a tree into a folder; return whether it is there."""
        target = inside(root, name)
        found = self.find(tree, name)
        if found is None:
            return False
        if found[0] == _LINK:
            message = f"{name} is a link in that revision: expected a file."
            raise PackageError(message)
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as stream:
            _git(self.folder, "cat-file", "blob", found[1], output=stream.fileno())
        return True


def _git(folder: Path, *arguments: str, output: int = subprocess.PIPE) -> bytes:
    command = ["git", "--literal-pathspecs", "-C", str(folder), *arguments]
    try:
        done = subprocess.run(command, stdout=output, stderr=subprocess.PIPE, check=False, stdin=subprocess.DEVNULL)  # noqa: S603
    except FileNotFoundError as error:
        message = "Reading a revision needs git, which is not installed."
        raise PackageError(message) from error
    if done.returncode:
        reason = done.stderr.decode("utf-8", "replace").strip().removeprefix("fatal: ")
        message = f"git {arguments[0]}: {reason or f'ended with {done.returncode}'}."
        raise PackageError(message)
    return done.stdout or b""


def _named(descriptor: Any) -> Iterator[str]:
    """Yield the files that a descriptor names."""
    for resource in descriptor.get("resources", ()) if isinstance(descriptor, dict) else ():
        if not isinstance(resource, dict):
            continue
        for name in ("path" if "path" in resource else "url", "extrapaths", "schema", "dialect"):
            value = resource.get(name)
            yield from (part for part in (value if isinstance(value, list) else [value]) if isinstance(part, str))


@contextmanager
def revision(name: str, folder: Path, extra_files: tuple[str, ...] = ()) -> Iterator[Path]:
    """Give a folder with the package of a revision until the end of the block.

    Parameters
    ----------
    name
        What git calls the revision: a tag, a branch, a commit, `HEAD~2`; with `:` and a path after it, where the
        package lies in the repository.
    folder
        A folder of the repository: the package lies there unless `name` says otherwise.
    extra_files
        Files that belong to the package, where they exist, though its descriptor doesn't name them.

    Raises
    ------
    UnknownRevisionError
        The repository has no such revision.
    PackageError
        The folder is not in a repository, or the revision has no package there.
    """
    commit, _, path = name.partition(":")
    prefix = _git(folder, "rev-parse", "--show-prefix").decode().strip()
    if commit.startswith("-") or not commit:
        message = f"'{commit}' is not a revision."
        raise UnknownRevisionError(message)
    try:
        tree = _git(folder, "rev-parse", "--verify", "--quiet", f"{commit}^{{tree}}").decode().strip()
    except PackageError as error:
        message = f"The repository has no revision '{commit}'. Fetch it, or name another one."
        raise UnknownRevisionError(message) from error
    place = PurePosixPath(path)
    table = place.name if is_table_name(place.name) else None
    if table or place.name in DESCRIPTORS:
        place = place.parent
    store = _Store(folder, place.as_posix() if path else prefix)
    with tempfile.TemporaryDirectory(prefix="readouts-", ignore_cleanup_errors=True) as temporary:
        root = Path(temporary)
        if table:
            if not store.copy(tree, table, root):
                message = f"The revision '{commit}' has no file {table} in '{store.prefix or '.'}'."
                raise PackageError(message)
            yield root / table
            return
        if not any(store.copy(tree, name, root) for name in DESCRIPTORS):
            message = f"The revision '{commit}' has no {DESCRIPTOR} in '{store.prefix or '.'}'."
            raise PackageError(message)
        try:
            descriptor, _ = read_descriptor(descriptor_in(root))
        except (ValueError, RecursionError):
            descriptor = {}
        for file in dict.fromkeys([*_named(descriptor), *extra_files]):
            # The reader reports files that are missing or lie outside.
            try:
                inside(root, file)
            except PackageError:
                continue
            store.copy(tree, file, root)
        yield root
