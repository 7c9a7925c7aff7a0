"""What every command shares: consoles, exit codes, errors in a sentence, `--quiet` and `--verbose`, and progress.

Exit codes: 0 clean, 1 findings or differences, 2 could not run, or could not check everything. Results go to standard
output, everything else to standard error.
"""

from __future__ import annotations

import functools
import inspect
import io
import os
import re
import sys
import threading
import time
import traceback
from contextlib import contextmanager, nullcontext, suppress
from contextvars import ContextVar, copy_context
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from typer.models import OptionInfo

from readouts.commands.parsing import SETTINGS, Command, failed
from readouts.commands.progress_bar import BAR, ProgressBar, color_system, hide_bar
from readouts.datapackage.errors import ArgumentError, ReadoutsError
from readouts.datapackage.optional import install_hint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from rich.console import Console

    from readouts.datapackage.incident import Incident

__all__ = [
    "NEAREST",
    "SIDE",
    "STANDARD_OUTPUT",
    "AnnotationsPath",
    "CorpusPath",
    "Form",
    "Limit",
    "MemorySize",
    "PackagePath",
    "SchemaPath",
    "SchemasPath",
    "TextsPath",
    "command",
    "console",
    "finish",
    "import_meanwhile",
    "incident_documents",
    "is_quiet",
    "note",
    "noting_what_is_logged",
    "progress",
    "report",
    "run",
    "say",
    "write_bytes",
    "write_text",
]

NEAREST = "the nearest datapackage.json, here or in a folder above"
_STORED = "git:REVISION, or the version of a release in releases/"
_PACKAGE = f"A package: a folder, a datapackage.json or .yaml, a ZIP archive, {_STORED}. Default: {NEAREST}"
SIDE = f"a folder, a datapackage.json or .yaml, a ZIP archive, a CSV file, - for standard input, {_STORED}"
"""What a package, or a single table, may be called."""
PackagePath = Annotated[str | None, typer.Argument(help=f"A package or table: {SIDE}. Default: {NEAREST}.")]
CorpusPath = Annotated[str | None, typer.Argument(help=f"{_PACKAGE}, else the bundled release.")]

SchemaPath = Annotated[
    Path | None,
    typer.Option("--schema", help="Table Schema of a CSV file. Default: it is inferred, and the output says so."),
]

AnnotationsPath = Annotated[Path, typer.Option("--annotations", help="Folder of annotations.")]
SchemasPath = Annotated[
    Path | None,
    typer.Option(
        "--schemas", help="Folder with local copies of schemas and profiles that the descriptor names by URL."
    ),
]
MemorySize = Annotated[
    str | None,
    typer.Option(
        "--memory",
        metavar="SIZE",
        help="Memory that the command may take, such as 500MB or 2GB, at least 100MB; the rest goes to a temporary "
        "file. Default: half of the memory that is available.",
    ),
]
TextsPath = Annotated[Path, typer.Option("--texts", help="Folder with the articles' texts, one UTF-8 file each.")]
Limit = Annotated[int, typer.Option("--limit", min=1, help="Findings shown per code.")]
Form = Annotated[Literal["terminal", "json"], typer.Option("--format", help="Output format.")]
_Quiet = Annotated[
    bool,
    typer.Option("--quiet", "-q", help="Print only results and errors; print nothing if there is nothing to report."),
]
_Verbose = Annotated[
    bool, typer.Option("--verbose", "-v", help="Show how long each step takes, and where an error occurred.")
]

STANDARD_OUTPUT = Path("-")

_LOUDNESS: ContextVar[int] = ContextVar("loudness", default=0)
"""-1 with `--quiet`, 1 with `--verbose`."""


def console() -> Console:
    """Return the console of standard output, where results go."""
    from rich.console import Console

    hide_bar()
    if isinstance(sys.stdout, io.TextIOWrapper) and "utf" not in sys.stdout.encoding.lower():
        sys.stdout.reconfigure(errors="backslashreplace")
    width = None if sys.stdout.isatty() else 100

    class _Output(Console):
        def on_broken_pipe(self) -> None:
            _stop_printing()

    return _Output(highlight=False, soft_wrap=False, width=width, color_system=color_system())


def say(text: str) -> None:
    """Print a line to standard error."""
    bar = BAR.get()
    with nullcontext() if bar is None else bar.aside():
        print(text, file=sys.stderr)


def is_quiet() -> bool:
    """Return whether the user asked for results and errors only."""
    return _LOUDNESS.get() < 0


def note(text: str) -> None:
    """Print a line that nobody needs to standard error, unless the user asked for quiet."""
    if not is_quiet():
        say(f"readouts: {text}")


def report(
    form: str, document: Mapping[str, Any], text: str | Callable[[], None], *, result: bool | Iterable[Any] = ()
) -> None:
    """Print the result of a command: as JSON, or as a text, or by what prints it.

    Whether it is the result, or only says that all went well, decides whether a user who asked for quiet reads it.
    """
    if form == "json":
        from readouts.datapackage.render.json_text import json_text

        write_text(json_text(document), None)
    elif is_quiet() and not result:
        return
    elif callable(text):
        text()
    else:
        write_text(f"{text}\n", None)


def incident_documents(incidents: Iterable[Incident]) -> list[dict[str, Any]]:
    """Return findings as JSON has them."""
    from readouts.datapackage.render.report.json import incident_document

    return [incident_document(each) for each in incidents]


def write_text(text: str, path: Path | None) -> None:
    """Write a result to a file, or to standard output, which is also called `-`."""
    if path is not None and path != STANDARD_OUTPUT:
        path.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
        return
    hide_bar()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        sys.stdout.write(text)
    except BrokenPipeError:
        _stop_printing()


def write_bytes(data: bytes) -> None:
    """Write a result to standard output as it is."""
    hide_bar()
    sys.stdout.flush()
    sys.stdout.buffer.write(data)


def _stop_printing() -> None:
    """Print to nowhere from now on: the reader has seen enough, and the exit code is still to tell the verdict."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def finish(*, clean: bool, checked: bool = True) -> None:
    """End the command: exit code 2 if something could not be checked, 0 when clean, else 1."""
    if not checked or not clean:
        raise typer.Exit(1 if checked else 2)


def command(main: Callable[..., None]) -> Callable[..., None]:
    """Make errors of a command one sentence on standard error, and exit code 2; add `--quiet` and `--verbose`."""
    signature = inspect.signature(main, eval_str=True)
    options = _options(signature)
    more = {"quiet": _Quiet, "verbose": _Verbose}
    added = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=False, annotation=more[name]) for name in more
    ]

    @functools.wraps(main)
    def guarded(*args: Any, quiet: bool = False, verbose: bool = False, **kwargs: Any) -> None:
        if quiet and verbose:
            failed("--quiet and --verbose exclude each other.")
            raise typer.Exit(2)
        name = main.__module__.rpartition(".")[2]
        bar = ProgressBar(name) if sys.stderr.isatty() and not quiet else None
        loudness, shown = _LOUDNESS.set(verbose - quiet), BAR.set(bar)
        try:
            with _timed(name):
                main(*args, **kwargs)
        except (typer.Exit, typer.Abort, typer.BadParameter, SystemExit, KeyboardInterrupt):
            raise
        except BaseException as error:
            if isinstance(error, BrokenPipeError) and _reader_is_gone():
                _stop_printing()
                raise typer.Exit(0) from None
            sentence = _sentence(error)
            if sentence is not None and isinstance(error, ArgumentError):
                sentence = re.sub("`([a-z_]+)`", lambda found: options.get(found[1], found[0]), sentence)
            hide_bar()
            if sentence is None or verbose:
                traceback.print_exception(error)
            # Left to Python, a fault of the program would end with 1, which says that something was found.
            failed(sentence or "The command crashed, which says nothing about the data. Please report the lines above.")
            raise typer.Exit(2) from None
        finally:
            hide_bar()
            _LOUDNESS.reset(loudness)
            BAR.reset(shown)

    guarded.__signature__ = signature.replace(parameters=[*signature.parameters.values(), *added])  # type: ignore[attr-defined]
    guarded.__annotations__ = {each.name: each.annotation for each in guarded.__signature__.parameters.values()}  # type: ignore[attr-defined]
    return guarded


def _options(signature: inspect.Signature) -> dict[str, str]:
    """Return the options of a command, by the names that arguments of functions have for the same."""
    found = {}
    for name, parameter in signature.parameters.items():
        for info in getattr(parameter.annotation, "__metadata__", ()):
            if isinstance(info, OptionInfo):
                # Typer takes the first name that is given for a default, until it looks at the annotation as a whole.
                given = map(str, (info.default, *(info.param_decls or ())))
                flag = next((each for each in given if each.startswith("--")), f"--{name}")
                found[flag.removeprefix("--").replace("-", "_")] = flag.replace("_", "-")
    return found


@contextmanager
def noting_what_is_logged() -> Iterator[None]:
    """Print what the package logs, in whichever thread, as notes."""
    import logging

    context = copy_context()

    class Notes(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            context.run(note, record.getMessage())

    notes = Notes()
    logger = logging.getLogger("readouts")
    logger.addHandler(notes)
    try:
        yield
    finally:
        logger.removeHandler(notes)


def _sentence(error: BaseException) -> str | None:
    """Return what went wrong, as one sentence; None for a fault of the program."""
    hint = install_hint(error, "this command") if isinstance(error, ImportError) else None
    if hint is not None or isinstance(error, ReadoutsError):
        return hint or str(error)
    if isinstance(error, OSError):
        where = f" ({error.filename})" if error.filename else ""
        return f"{error.strerror or error}{where}. The previous content is unchanged."
    return None


def _reader_is_gone() -> bool:
    """Return whether it is the reader of standard output that a broken pipe led to."""
    try:
        # What could not be written is forgotten: only something new shows.
        print(flush=True)
    except BrokenPipeError:
        return True
    return False


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None] | None]:
    """Show on the progress bar, if there is one, what is being done; with `--verbose`, say how long it took."""
    bar = BAR.get()
    with _timed(what):
        if bar is None:
            yield None
        else:
            bar.update(description=what, total=None, completed=0)
            yield lambda finished, total: bar.update(completed=finished, total=total)


@contextmanager
def _timed(what: str) -> Iterator[None]:
    """Say how long a step took, if the user asked for that."""
    started = time.perf_counter()
    try:
        yield
    finally:
        if _LOUDNESS.get() > 0 and sys.exc_info()[0] in {None, typer.Exit}:
            say(f"readouts: {what}: {time.perf_counter() - started:.1f} s")


def import_meanwhile(*modules: str) -> None:
    """Import modules in a thread, while this one waits for work that other cores do."""
    threading.Thread(target=lambda: [import_module(name) for name in modules], daemon=True).start()


def run(main: Callable[..., None]) -> None:
    """Run one command as a program of its own, as the files in `scripts/` do."""
    app = typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)
    app.command(cls=Command, context_settings=SETTINGS)(main)
    with suppress(BrokenPipeError):
        app()
