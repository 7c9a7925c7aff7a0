"""A site that follows what it is made of: built again when a file changes, and shown again by the browser."""

from __future__ import annotations

import json
import os
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from readouts.compile.build import rebuild
from readouts.datapackage.errors import ArgumentError, ReadoutsError
from readouts.datapackage.package.package import open_package
from readouts.datapackage.words import printable
from readouts.loaders import Corpus
from readouts.publish.site.building import build_site
from readouts.publish.site.fingerprint import files_of
from readouts.publish.site.serving import PORT, Handler, address_of, server

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from readouts.compile.build import Build

__all__ = ["watch_site"]

_SCRIPT, _WAIT = "/~watch.js", "/~wait.js"
"""What a browser asks for besides pages: no page of a site has such a name, since only hashes follow the `~`."""
_INTERVAL = 0.4
"""Seconds between two looks at the files; a build begins when they were the same twice."""
_PATIENCE = 20.0
"""Seconds that a browser is kept waiting for the next build, before it asks again."""
_MOST_SHOWN = 20


@dataclass
class _Progress:
    """The build that a browser can see, and the error that keeps the next one from it."""

    built: int = 0
    trouble: str = ""
    state: int = 0
    changed: threading.Condition = field(default_factory=threading.Condition)

    def tell(self, built: int, trouble: str) -> None:
        """Wake the browsers that wait, where there is something new."""
        with self.changed:
            if (built, trouble) != (self.built, self.trouble):
                self.built, self.trouble, self.state = built, trouble, self.state + 1
                self.changed.notify_all()

    def script(self, seen: str) -> bytes:
        """Return the script that says what there is, once that isn't what a browser has seen."""
        with self.changed:
            self.changed.wait_for(lambda: self._name(self.state) != seen, _PATIENCE)
            told = [self._name(self.state), self._name(self.built), self.trouble]
        return f"readoutsWatch(...{json.dumps(told)});\n".encode()

    @property
    def tag(self) -> bytes:
        """The tag that lets a page wait for the next build."""
        return f'<script src="{_SCRIPT}?built={self._name(self.built)}"></script>\n'.encode()

    @staticmethod
    def _name(number: int) -> str:
        """Return a number as browsers get it: two servers, which both count from 0, never give the same."""
        return f"{os.getpid()}.{number}"


class _Handler(Handler):
    def __init__(self, progress: _Progress, *arguments: Any, directory: str) -> None:
        self._progress = progress
        super().__init__(*arguments, directory=directory)

    def respond(self) -> bool:
        """Answer a request for a page, or for a script of the watch; return whether it was one."""
        # By its date, a page counts as the same within a second.
        del self.headers["If-Modified-Since"]
        asked = urlsplit(self.path)
        if asked.path == _SCRIPT:
            self.answer(HTTPStatus.OK, (files("readouts.publish.site") / "watch.js").read_bytes(), ".js")
        elif asked.path == _WAIT:
            seen = parse_qs(asked.query).get("state", [""])[0]
            self.answer(HTTPStatus.OK, self._progress.script(seen), ".js")
        else:
            page = Path(self.translate_path(f"{asked.path}index.html" if asked.path.endswith("/") else asked.path))
            if page.suffix != ".html" or not page.is_file():
                return False
            self.answer(HTTPStatus.OK, page.read_bytes(), ".html")
        return True

    def answer(self, code: int, data: bytes, suffix: str) -> None:
        """Send an answer as a whole; a page with the script that waits for the next build."""
        super().answer(code, data + self._progress.tag if suffix == ".html" else data, suffix)


class _Project:
    """A package, and the annotations that it is built from, if it is in the tree of a project."""

    def __init__(self, package: Path, output: Path, texts: Path | None) -> None:
        opened = open_package(package)
        self._descriptor, self._root = opened.root / opened.descriptor_file, opened.root
        self._annotations = self._root / "annotations"
        self._output, self._texts = output, texts
        self.folders = [*filter(None, (self._annotations, self._root / "releases", texts))]
        self._described: tuple[tuple[int, int] | None, Sequence[Path]] = (None, ())
        self._seen = self.files()
        self._stale = False

    def files(self) -> dict[Path, tuple[int, int]]:
        """Return all files that the site is made of, each with its time and its size."""
        paths = [self._descriptor, *self._named()]
        for folder in self.folders:
            # Unlike `rglob`, it passes over folders that vanish meanwhile.
            for place, _, names in os.walk(folder):
                paths += (Path(place, name) for name in names if not name.startswith("."))
        return {path: state for path in paths if (state := _state(path)) is not None}

    def _named(self) -> Sequence[Path]:
        """Return the files that are not in these folders, for which the descriptor is read when it changed."""
        state = _state(self._descriptor)
        if state != self._described[0]:
            # One that can't be read is being written, and changes again when it is there.
            with suppress(ReadoutsError):
                self._described = state, files_of(open_package(self._root))
        return self._described[1]

    def build(self, processes: int) -> tuple[bool, str]:
        """Build the site; return whether that changed it, and what was done."""
        done = build_site(Corpus(open_package(self._root)), self._output, self._texts, processes=processes)
        return bool(done.written or done.removed), done.text(self._output)

    def changed(self) -> bool:
        """Return whether files changed since the last call; where annotations did, the package is stale."""
        found = self.files()
        different = {path for path, _ in found.items() ^ self._seen.items()}
        self._seen = found
        self._stale |= any(path.is_relative_to(self._annotations) for path in different)
        return bool(different)

    def rebuild(self) -> Build | None:
        """Build the package, as `readouts rebuild` does, if its annotations changed."""
        if not self._stale:
            return None
        built = rebuild(self._annotations, self._root)
        self._stale = bool(built.incidents)
        return built


def _state(path: Path) -> tuple[int, int] | None:
    """Return time and size of a file; None if there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def _trouble(built: Build | None) -> str:
    """Return what the annotations lack, finding by finding."""
    found = () if built is None else built.incidents
    lines = [
        f"{each.source or each.table or each.code}: {printable(each.message)}{f' {each.hint}' if each.hint else ''}"
        for each in found[:_MOST_SHOWN]
    ]
    more = len(found) - len(lines)
    return "\n".join([*lines, *([f"… and {more:,} more."] if more > 0 else [])])


def watch_site(
    package: str | os.PathLike[str],
    output: Path,
    texts: Path | None = None,
    *,
    port: int = PORT,
    processes: int = 1,
    announce: Callable[[str], object] = print,
    stop: threading.Event | None = None,
) -> None:
    """Build a site and serve it; build it again whenever its files change, and let browsers that show it load it again.

    In the tree of a project, changed annotations are built into the package first, as `readouts rebuild` does. What
    they lack is announced, and shown on the page that is open; the site stays as it was until that is fixed.

    Parameters
    ----------
    package
        Folder of the package, or its descriptor.
    output, texts
        As for `build_site`.
    port
        The port to take; when something else has it, any free one is taken. 0 takes any.
    processes
        How many processes may write pages the first time; later builds, which make few, are made by this one.
    announce
        Called with each line of what happens.
    stop
        Ends it when it is set; else Ctrl-C does.

    Raises
    ------
    PackageError
        There is no package in the folder, or the site can't be written.
    ArgumentError
        The site would lie among the files that are watched.

    Examples
    --------
    >>> import tempfile, threading
    >>> from readouts.corpus_schema.bundled import bundled_package
    >>> output, stop = Path(tempfile.mkdtemp()), threading.Event()
    >>> stop.set()
    >>> watch_site(bundled_package(), output, port=0, announce=lambda line: None, stop=stop)
    >>> (output / "index.html").is_file()
    True
    """
    stop = threading.Event() if stop is None else stop
    project, progress = _Project(Path(package), output, texts), _Progress()
    place = output.resolve()
    within = any(place.is_relative_to(folder.resolve()) for folder in project.folders)
    if within or any(path.resolve().is_relative_to(place) for path in project.files()):
        how = "lies among" if within else "holds"
        message = f"{output} {how} files that are watched: choose another folder for the site."
        raise ArgumentError(message)
    announce(project.build(processes)[1])
    with server(output, port, partial(_Handler, progress)) as running:
        serving = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": _INTERVAL}, daemon=True)
        serving.start()
        announce(f"{output} is at {address_of(running)}, and follows its files. Ctrl-C ends it.")
        try:
            while not stop.wait(_INTERVAL):
                if project.changed():
                    while not stop.wait(_INTERVAL) and project.changed():
                        pass
                    _follow(project, progress, announce)
        except KeyboardInterrupt:
            announce("Ended.")
        finally:
            running.shutdown()


def _follow(project: _Project, progress: _Progress, announce: Callable[[str], object]) -> None:
    """Build package and site after a change, and say what came of it."""
    try:
        trouble = _trouble(project.rebuild())
        new, done = (False, "") if trouble else project.build(1)
    except (ReadoutsError, OSError) as error:
        trouble, new, done = str(error), False, ""
    if trouble != progress.trouble or new:
        announce(trouble or done)
    progress.tell(progress.built + new, trouble)
