"""The build of a release, as a process: `python -m readouts.publish.release.building FOLDER`.

It makes what `readouts rebuild` makes, and holds it to no rules: `readouts release` does, once; and a release of the
past is built as it was, however strict the rules have become since.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from readouts.datapackage.errors import ReadoutsError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]

_SHOWN = 5


def main(arguments: Sequence[str]) -> int:
    """Build the package of the annotations in a folder; return the exit code."""
    from readouts.compile.compiler import compile_tree
    from readouts.compile.rebuild import write_package
    from readouts.compile.store import Store
    from readouts.datapackage.package.transaction import locked

    root = Path(arguments[0])
    store = Store(None)
    try:
        compilation = compile_tree(root / "annotations", store)
        if compilation.incidents:
            for finding in compilation.incidents[:_SHOWN]:
                where = "" if finding.source is None else f"{finding.source}: "
                sys.stderr.write(f"{where}{finding.message}\n")
            if len(compilation.incidents) > _SHOWN:
                sys.stderr.write(f"and {len(compilation.incidents) - _SHOWN:,} more: see `readouts rebuild`.\n")
            return 1
        with locked(root):
            write_package(compilation, root)
    except ReadoutsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    finally:
        store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
