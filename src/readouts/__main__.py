"""The program `readouts`, and `python -m readouts`."""

from __future__ import annotations

import os
import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line, after what goes on while it is imported has been started."""
    # Arrays are never multiplied here: the threads that would do it wait for that on every core.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if sys.argv[1:2] == ["validate"] and "--help" not in sys.argv:
        from readouts.datapackage.validation.frictionless_process import prepare

        prepare()
    if sys.argv[1:2] == ["rebuild"] and "--help" not in sys.argv:
        from readouts.compile.worker_process import prepare as prepare_helper

        prepare_helper()
    from readouts.cli import main as run

    run()


if __name__ == "__main__":
    main()
