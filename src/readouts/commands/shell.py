"""What every command shares: consoles, exit codes, and errors said in a sentence.

Exit codes: 0 clean, 1 findings or differences, 2 could not run, or could not check everything. Results go to standard
output, everything else to standard error.
"""

from __future__ import annotations

import functools
import io
import os
import sys
import traceback
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, ParamSpec

import typer

from readouts.datapackage.errors import ReadoutsError
from readouts.datapackage.optional import install_hint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console

__all__ = [
    "NEAREST",
    "SIDE",
    "AnnotationsPath",
    "CorpusPath",
    "Limit",
    "PackagePath",
    "TextsPath",
    "command",
    "console",
    "finish",
    "import_meanwhile",
    "progress",
    "run",
    "say",
    "write_text",
]

Parameters = ParamSpec("Parameters")

NEAREST = "the nearest datapackage.json, here or in a folder above"
SIDE = "a folder, a datapackage.json, a ZIP archive, git:REVISION, or the version of a release in releases/"
"""What a package may be called."""
_PACKAGE = f"A package: {SIDE}. Default: {NEAREST}"
PackagePath = Annotated[str | None, typer.Argument(help=f"{_PACKAGE}.")]
CorpusPath = Annotated[str | None, typer.Argument(help=f"{_PACKAGE}, else the bundled release.")]

AnnotationsPath = Annotated[Path, typer.Option("--annotations", help="Folder of annotations.")]
TextsPath = Annotated[Path, typer.Option("--texts", help="Folder with the articles' texts, one UTF-8 file each.")]
Limit = Annotated[int, typer.Option("--limit", min=1, help="How many findings of each code are shown.")]


def console() -> Console:
    """Return the console of standard output."""
    from rich.console import Console

    if isinstance(sys.stdout, io.TextIOWrapper) and "utf" not in sys.stdout.encoding.lower():
        sys.stdout.reconfigure(errors="backslashreplace")
    width = None if sys.stdout.isatty() else 100

    class _Output(Console):
        def on_broken_pipe(self) -> None:
            _stop_printing()

    return _Output(highlight=False, soft_wrap=False, width=width, color_system=_colors())


def _colors() -> Literal["auto"] | None:
    """Return how much style a console may use: none at all where the user asks for no colours."""
    return None if os.environ.get("NO_COLOR") else "auto"


def say(text: str) -> None:
    """Print a line to standard error."""
    print(text, file=sys.stderr)


def write_text(text: str, path: Path | None) -> None:
    """Write a result to a file, or to standard output."""
    if path is not None:
        path.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
        return
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        sys.stdout.write(text)
    except BrokenPipeError:
        _stop_printing()


def _stop_printing() -> None:
    """Print to nowhere from now on: the reader has seen enough, and the exit code is still to tell the verdict."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def finish(*, clean: bool, checked: bool = True) -> None:
    """End the command: exit code 2 if something could not be checked, 0 when clean, else 1."""
    if not checked or not clean:
        raise typer.Exit(1 if checked else 2)


def command(main: Callable[Parameters, None]) -> Callable[Parameters, None]:
    """Make errors of a command one sentence on standard error, and exit code 2."""

    @functools.wraps(main)
    def guarded(*args: Parameters.args, **kwargs: Parameters.kwargs) -> None:
        try:
            main(*args, **kwargs)
        except (typer.Exit, typer.Abort, typer.BadParameter, SystemExit, KeyboardInterrupt):
            raise
        except BaseException as error:
            if isinstance(error, BrokenPipeError) and _reader_is_gone():
                _stop_printing()
                raise typer.Exit(0) from None
            say(f"readouts: {_sentence(error)}")
            raise typer.Exit(2) from None

    return guarded


def _sentence(error: BaseException) -> str:
    """Return what went wrong, as one sentence; a fault of the program comes with its traceback."""
    hint = install_hint(error, "this command") if isinstance(error, ImportError) else None
    if hint is not None or isinstance(error, ReadoutsError):
        return hint or str(error)
    if isinstance(error, OSError):
        where = f" ({error.filename})" if error.filename else ""
        return f"{error.strerror or error}{where}. What was there before is untouched."
    # Left to Python, it would end with 1, which says that something was found.
    traceback.print_exception(error)
    return "The command broke off, which says nothing of the data. Please report the lines above."


def _reader_is_gone() -> bool:
    """Tell whether it is the reader of standard output that a broken pipe led to."""
    try:
        # What could not be written is forgotten: only something new shows.
        print(flush=True)
    except BrokenPipeError:
        return True
    return False


@contextmanager
def progress(what: str, at_least: int = 64) -> Iterator[Callable[[int, int], None] | None]:
    """Show a progress bar on standard error, if that is a terminal and the work has `at_least` so many parts."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True, color_system=_colors()), transient=True) as bar:
        task = bar.add_task(what, total=None, visible=False)

        def update(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, visible=total >= at_least)

        yield update


def import_meanwhile(*modules: str) -> None:
    """Import modules in a thread, while this one waits for work that other cores do."""
    import threading
    from importlib import import_module

    threading.Thread(target=lambda: [import_module(name) for name in modules], daemon=True).start()


def run(main: Callable[..., None]) -> None:
    """Run one command as a program of its own, as the files in `scripts/` do."""
    app = typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)
    app.command()(main)
    with suppress(BrokenPipeError):
        app()
