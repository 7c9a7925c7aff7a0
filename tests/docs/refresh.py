"""Bring what the pages show of outputs up to date: `python tests/docs/refresh.py [PAGE or NOTEBOOK ...]`.

After a release of the data, figures on the pages are other ones. Look at the difference before you commit it: the
sentences around an output are yours to change.
"""

from __future__ import annotations

import doctest
import json
import os
import sys
import tempfile
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.docs.blocks import PAGES, ROOT, same_output
from tests.docs.places import PLACES
from tests.docs.running import Checker, Runner

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.docs.blocks import Block

__all__ = ["Mend", "Mender", "refreshed"]


@dataclass(frozen=True, order=True)
class Mend:
    """Lines of a page, counted from 0, and those that are to stand in their place."""

    start: int
    end: int
    lines: tuple[str, ...]


class Mender(Runner):
    """Runs the blocks of a page, and collects what they print where that isn't what the page shows."""

    def __init__(self, place: Callable[[str], Path]) -> None:
        super().__init__(place)
        self.mends: list[Mend] = []

    def hold(self, block: Block, shown: str, real: str, told: str) -> None:
        if same_output(shown, real):
            return
        page = (ROOT / block.page).read_text(encoding="utf-8").splitlines()
        wanted = shown.splitlines()
        places = range(block.line, len(page))
        start = next((at for at in places if page[at : at + len(wanted)] == wanted), None)
        assert start is not None, f"{told}: its output isn't found on the page"
        self.mends.append(Mend(start, start + len(wanted), tuple(_tidy(real))))

    def doctests(self, block: Block, flags: int) -> doctest.DocTestRunner:
        return _Collector(block, self.mends, Checker(), optionflags=flags, verbose=False)


class _Collector(doctest.DocTestRunner):
    """Runs a session; what it prints otherwise than the page shows becomes a mend, and what it raises an error."""

    def __init__(self, block: Block, mends: list[Mend], *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._block, self._mends = block, mends

    def report_failure(self, out: Any, test: doctest.DocTest, example: doctest.Example, got: str) -> None:  # noqa: ARG002 - doctest's
        # The line of a block is that of its fence, counted from 1: the next one, counted from 0, is its first.
        start = self._block.line + example.lineno + example.source.count("\n")
        lines = tuple(line or "<BLANKLINE>" for line in _tidy(got))
        self._mends.append(Mend(start, start + example.want.count("\n"), lines))

    def run(self, *arguments: Any, **more: Any) -> doctest.TestResults:
        known = len(self._mends)
        found = super().run(*arguments, **more)
        return doctest.TestResults(found.failed - (len(self._mends) - known), found.attempted)


def _tidy(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip("\n").splitlines()]


def refreshed(page: str, place: Callable[[str], Path]) -> str:
    """Return a page with the outputs that are right."""
    runner = Mender(place)
    runner.page(page)
    lines = (ROOT / page).read_text(encoding="utf-8").splitlines()
    for mend in sorted(runner.mends, reverse=True):
        lines[mend.start : mend.end] = mend.lines
    return "\n".join(lines) + "\n"


def executed(notebook: str) -> str:
    """Return a notebook as it is after a run from its first cell to its last, in an empty folder."""
    import nbclient

    nbformat: Any = import_module("nbformat")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        ran = nbformat.read(ROOT / notebook, as_version=4)
        nbclient.NotebookClient(ran, timeout=120, resources={"metadata": {"path": folder}}).execute()
    for cell in ran.cells:
        # When each cell began and ended.
        cell.metadata.pop("execution", None)
    return json.dumps(json.loads(nbformat.writes(ran)), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def main(pages: list[str]) -> None:
    """Refresh pages and notebooks; without any, all pages but those that are generated whole."""
    for notebook in [page for page in pages if page.endswith(".ipynb")]:
        (ROOT / notebook).write_text(executed(notebook), encoding="utf-8", newline="\n")
        pages = [page for page in pages if page != notebook]
        if not pages:
            return
    for page in pages or [page for page in PAGES if not page.startswith("docs/reference/")]:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:

            def place(name: str, root: Path = Path(folder)) -> Path:
                made = root / name / "here"
                if not made.exists():
                    made.mkdir(parents=True)
                    PLACES[name](made)
                return made

            text = refreshed(page, place)
        if text != (ROOT / page).read_text(encoding="utf-8"):
            (ROOT / page).write_text(text, encoding="utf-8", newline="\n")
            print(page)


if __name__ == "__main__":
    os.environ["NO_COLOR"] = "1"
    main(sys.argv[1:])
