"""Kills what writes at random moments, and tells what is torn or lost afterwards.

`python -m tests.robustness.kills --kills 1000` kills each of the writers in turn. Whatever is at an output's place is
whole, the old or the new; the same command then completes the work; and a change that the desk had acknowledged is in
the draft.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import tempfile
import time
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from readouts.cli import app
from tests.robustness.fuzzing import HERALD, prepare, state_of

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["OPERATIONS", "Killed", "kill_often"]

ROOT = Path(__file__).resolve().parents[2]
_HIDDEN = (".readouts", "later/.readouts", ".git/")
_SETTLING = 8
"""Every how many kills the command runs again, to its end."""


@dataclass(frozen=True)
class Operation:
    """Something that writes.

    Attributes
    ----------
    words
        The command line.
    change
        What is done to a fresh copy before.
    each
        Whether each of its files is whole for itself: others appear or change all at once.
    """

    words: str
    change: Callable[[Path], None] = lambda _: None
    each: bool = False


def _renamed(folder: Path) -> None:
    """Put the later annotations in place of the old ones."""
    shutil.rmtree(folder / "annotations")
    shutil.copytree(folder / "theirs", folder / "annotations")


OPERATIONS = {
    "rebuild": Operation("rebuild", _renamed),
    "release": Operation("release --output dist", each=True),
    "merge --output": Operation("merge release.zip . later --output out"),
    "delta apply": Operation("delta apply release.zip change.zip --output out"),
}


@dataclass
class Killed:
    """How often something was killed, how often it was still at work then, and what was wrong afterwards."""

    kills: int = 0
    at_work: int = 0
    wrong: list[str] = field(default_factory=list)


def _fork(work: Callable[[], object], delay: float | None = None) -> int:
    """Do work in a process of its own, killed after a while where that is asked for; return its exit status."""
    child = os.fork()
    if child == 0:
        os.setsid()
        status = 99
        try:
            with (
                Path(os.devnull).open("w", encoding="utf-8") as nowhere,
                redirect_stdout(nowhere),
                redirect_stderr(nowhere),
            ):
                work()
            status = 0
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 1
        finally:
            os._exit(status)
    if delay is not None:
        time.sleep(delay)
        os.killpg(child, signal.SIGKILL) if _begun(child) else os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _begun(child: int) -> bool:
    """Return whether a child has a process group of its own by now."""
    try:
        return os.getpgid(child) == child
    except ProcessLookupError:
        return False


def _command(words: str, folder: Path) -> None:
    os.chdir(folder)
    sys.argv = ["readouts", *words.split()]
    app(words.split(maxsplit=1)[0])(prog_name="readouts")


def _kill_command(name: str, world: Path, place: Path, times: int, chance: random.Random) -> Killed:
    operation, box = OPERATIONS[name], place / "box"

    def fresh() -> None:
        shutil.rmtree(box, ignore_errors=True)
        shutil.copytree(world, box)
        operation.change(box)

    def run(delay: float | None = None) -> int:
        return _fork(lambda: _command(operation.words, box), delay)

    fresh()
    old = state_of(box, _HIDDEN)
    begin = time.monotonic()
    if run() != 0:
        message = f"{name} doesn't run."
        raise RuntimeError(message)
    whole = time.monotonic() - begin
    new = state_of(box, _HIDDEN)
    found = Killed()
    for number in range(times):
        fresh()
        status = run(chance.uniform(0, whole))
        found.kills += 1
        found.at_work += status == -signal.SIGKILL
        # What was killed after the journal is completed by whichever command comes next.
        _fork(lambda: _command("info .", box))
        now = state_of(box, _HIDDEN)
        settled = {name: data for name, data in now.items() if ".tmp" not in name}
        torn = sorted(
            each for each in {*settled, *old, *new} if settled.get(each) not in (old.get(each), new.get(each))
        )
        if torn or (not operation.each and settled not in (old, new)):
            found.wrong.append(f"{name}, kill {number}: {', '.join(torn) or 'a mixture'}")
        if number % _SETTLING == 0 and now != new and (run() != 0 or state_of(box, _HIDDEN) != new):
            found.wrong.append(f"{name}, kill {number}: running it again doesn't complete it")
    return found


def _kill_desk(world: Path, place: Path, times: int, chance: random.Random) -> Killed:
    """Kill a desk that saves one change after the other; those that it had acknowledged must be there."""
    box, acknowledged = place / "box", place / "acknowledged"
    found = Killed()

    def work() -> None:
        from readouts.desk.desk import Desk

        desk = Desk(box / "annotations", box / "texts", "Ada Example")
        for number in range(10_000):
            version = desk.session.article(HERALD)["version"]
            desk.session.change(
                HERALD, version, {"do": "set", "name": "s01", "values": {"summary": f"Change {number}."}}
            )
            with acknowledged.open("a", encoding="ascii") as stream:
                stream.write(f"{number}\n")

    for number in range(times):
        shutil.rmtree(box, ignore_errors=True)
        shutil.copytree(world, box)
        acknowledged.write_text("", encoding="ascii")
        status = _fork(work, chance.uniform(0.2, 2.0))
        found.kills += 1
        found.at_work += status == -signal.SIGKILL
        lines = acknowledged.read_text(encoding="ascii").split("\n")[:-1]
        last = int(lines[-1]) if lines else -1
        draft = box / "drafts" / f"{HERALD}.yaml"
        text = draft.read_text(encoding="utf-8") if draft.exists() else ""
        if last >= 0 and not any(f"Change {each}." in text for each in (last, last + 1)):
            found.wrong.append(f"desk, kill {number}: change {last} is lost")
        if text and _fork(lambda: _command(f"anchor {HERALD} --texts texts", box)) not in (0, 1):
            found.wrong.append(f"desk, kill {number}: the draft is torn")
        changed = state_of(box, ("drafts/", "annotations/", *_HIDDEN))
        if changed != state_of(world, ("drafts/", "annotations/", *_HIDDEN)):
            found.wrong.append(f"desk, kill {number}: other files changed")
    return found


def kill_often(folder: Path, times: int, seed: int = 20310501) -> dict[str, Killed]:
    """Kill each writer so many times; return what came of it, by its name."""
    # All that is needed is imported before the first fork, and nothing has run: threads don't survive a fork.
    import frictionless  # noqa: F401
    import polars  # noqa: F401

    from readouts.desk import desk  # noqa: F401

    world = folder / "world"
    if _fork(lambda: prepare(world)) != 0:
        message = "The files to work on can't be made."
        raise RuntimeError(message)
    chance = random.Random(seed)
    found = {name: _kill_command(name, world, folder / "run", times, chance) for name in OPERATIONS}
    found["saves of the desk"] = _kill_desk(world, folder / "run", times, chance)
    return found


def main(
    kills: Annotated[int, typer.Option(help="How many kills, of all writers together.")] = 1000,
    seed: Annotated[int, typer.Option(help="Of the moments.")] = 20310501,
) -> None:
    """Kill writers at random moments, and exit with 1 if something was torn or lost."""
    with tempfile.TemporaryDirectory(prefix="kills-") as name:
        found = kill_often(Path(name), -(-kills // (len(OPERATIONS) + 1)), seed)
    for what, each in found.items():
        typer.echo(f"{what:20} {each.kills:5} kills, {each.at_work:5} at work, {len(each.wrong)} wrong")
        for line in each.wrong:
            typer.echo(f"  {line}")
    raise typer.Exit(any(each.wrong for each in found.values()))


if __name__ == "__main__":
    typer.run(main)
