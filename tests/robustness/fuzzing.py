"""Runs every command that reads files on files to which something happened, and tells what it shouldn't have done.

`python -m tests.robustness.fuzzing --seconds 600` tries for ten minutes; `--case 17` repeats one case. A command ends
with 0, 1 or 2, without a traceback, changes nothing but what it was asked to write, and leaves no temporary file.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Annotated

import typer

from tests.command_line import ended_command
from tests.packages import write_release
from tests.robustness.mutations import befall

__all__ = ["COMMANDS", "Call", "failures", "prepare", "state_of", "try_case"]

ROOT = Path(__file__).resolve().parents[2]
INVENTED = ROOT / "tests" / "invented"
HERALD, COURIER, EVENT = "herald-2031-05-02", "courier-2031-05-02", "call-2031-05-01"

_LONGEST = 120
"""Seconds after which a command counts as one that never ends."""


@dataclass(frozen=True)
class Call:
    """A command, the files that something happens to, and what it may write.

    Attributes
    ----------
    words
        The command line; `OUT` is a path outside the folder that it runs in.
    reads
        Patterns of the files that it reads.
    writes
        Beginnings of the paths in its folder that it may change.
    """

    words: str
    reads: tuple[str, ...]
    writes: tuple[str, ...] = ()


_PACKAGE = ("datapackage.json", "data/*.csv")
_TREE = ("annotations/**/*.yaml", "annotations/**/*.csv", "annotations/anchors/*")
_HIDDEN = ".readouts"

COMMANDS = (
    Call(f"compare {EVENT} .", _PACKAGE),
    Call(f"compare {EVENT} . --wording --format markdown", _PACKAGE),
    Call("overview --by issuer .", _PACKAGE),
    Call("info . --format json", _PACKAGE),
    Call(f"show {HERALD} . --texts texts --html OUT.html", (*_PACKAGE, "texts/*")),
    Call("hydrate . --texts texts --output OUT", (*_PACKAGE, "texts/*")),
    Call(f"plot sides . --event {EVENT} --output OUT.svg", _PACKAGE),
    Call("plot coverage . --output OUT.svg", _PACKAGE),
    Call("site . --output OUT", _PACKAGE),
    Call("site . --texts texts --output OUT", (*_PACKAGE, "texts/*")),
    Call("texts --package . --output OUT --dry-run", _PACKAGE),
    Call(
        "describe data/statements.csv data/entities.csv --format report --check",
        ("data/statements.csv", "data/entities.csv"),
    ),
    Call("describe foreign/rows.csv.gz foreign/notes.csv --output OUT.json", ("foreign/*",)),
    Call("validate .", (*_PACKAGE, *_TREE)),
    Call("validate . --format sarif --limit 0", (*_PACKAGE, *_TREE)),
    Call("validate foreign --format json", ("foreign/*",)),
    Call("validate release.zip --format junit", ("release.zip",)),
    Call("validate data/entities.csv --schema foreign/schema.json", ("data/entities.csv", "foreign/schema.json")),
    Call(
        "validate later --level release --against release.zip",
        ("release.zip", "later/datapackage.json", "later/data/*"),
    ),
    Call("diff release.zip later --format markdown", ("release.zip", "later/datapackage.json", "later/data/*")),
    Call("diff . later --stream --format json", (*_PACKAGE, "later/data/*")),
    Call("diff foreign/old.csv foreign/notes.csv --key id --format html --output OUT.html", ("foreign/*",)),
    Call("merge foreign/old.csv foreign/notes.csv foreign/theirs.csv --output OUT.csv", ("foreign/*",)),
    Call(
        "merge release.zip . later --output OUT", ("release.zip", *_PACKAGE, "later/data/*", "later/datapackage.json")
    ),
    Call("merge annotations annotations theirs --output OUT", (*_TREE, "theirs/**/*.yaml")),
    Call("export . --to all --output OUT", _PACKAGE),
    Call("export foreign --to all --output OUT", ("foreign/*",)),
    Call("canonicalise foreign --output OUT", ("foreign/*",)),
    Call("canonicalise . --output OUT", _PACKAGE),
    Call("delta create release.zip later --output OUT.zip", ("release.zip", "later/datapackage.json", "later/data/*")),
    Call("delta apply release.zip change.zip --output OUT", ("release.zip", "change.zip")),
    Call("delta revert later change.zip --output OUT", ("change.zip", "later/data/*", "later/datapackage.json")),
    Call(
        f"import answer.json --texts texts --replace --article {HERALD}",
        ("answer.json", "texts/*", *_TREE),
        ("drafts/",),
    ),
    Call(f"import brat/{HERALD}.ann --texts texts --replace", ("brat/*", "texts/*"), ("drafts/",)),
    Call(f"import web/{HERALD}.jsonld --texts texts --replace", ("web/*", "texts/*"), ("drafts/",)),
    Call(f"import inception/{HERALD}.zip --texts texts --replace", ("inception/*", "texts/*"), ("drafts/",)),
    Call(f"anchor {HERALD} --texts texts --annotations drafted", ("drafted/**/*.yaml", "texts/*"), ("drafted/",)),
    Call(f"propose {HERALD} --texts texts --replace", ("texts/*", *_TREE), ("drafts/", "annotations/events/")),
    Call(f"propose {HERALD} --texts texts --prompt --with-text", ("texts/*", *_TREE)),
    Call(f"draft {HERALD} --texts texts", ("texts/*", *_TREE), ("drafts/",)),
    Call(f"draft {HERALD} --texts texts --to brat --output OUT", ("texts/*", *_TREE)),
    Call("rebuild", (*_TREE, *_PACKAGE), ("data/", "datapackage.json")),
    Call("rebuild --check --texts texts", (*_TREE, *_PACKAGE, "texts/*")),
    Call("agreement release.zip later --format json", ("release.zip", "later/datapackage.json", "later/data/*")),
    Call(
        "new entity tarnia --kind state --name Tarnia",
        ("annotations/entities.yaml", "annotations/corpus.yaml"),
        ("annotations/entities.yaml",),
    ),
    Call("release --dry-run", (*_TREE, *_PACKAGE, "CHANGELOG.md", "CITATION.cff"), (".git/",)),
)
"""Each of them succeeds, or finds something, where nothing happened to the files: a test runs them so."""


def prepare(world: Path) -> None:
    """Write the files that the commands read."""

    def run(words: str, cwd: Path = world) -> None:
        ended = ended_command(*words.split(), cwd=cwd)
        if ended.returncode not in (0, 1):
            raise RuntimeError(f"readouts {words}: {ended.stderr}")

    world.mkdir(parents=True)
    for part in ("annotations", "texts"):
        shutil.copytree(INVENTED / part, world / part)
    run("rebuild")
    shutil.copytree(world / "annotations", world / "later" / "annotations")
    for name, before, after in (
        ("entities.yaml", "Jana Marek", "Jana Mareková"),
        ("corpus.yaml", "version: 0.3.1", "version: 0.4.0"),
    ):
        path = world / "later" / "annotations" / name
        path.write_text(path.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    run("rebuild", world / "later")
    (world / "later" / "annotations").rename(world / "theirs")
    shutil.copytree(world / "annotations", world / "drafted")
    for folder in ("articles", "anchors"):
        shutil.rmtree(world / "drafted" / folder)
    shutil.copytree(INVENTED / "drafts" / "articles", world / "drafted" / "articles")
    from readouts.datapackage.package.package import open_package

    write_release(open_package(world), world / "released")
    next((world / "released").glob("*.zip")).rename(world / "release.zip")
    shutil.rmtree(world / "released")
    run("delta create release.zip later --output change.zip")
    for tool in ("brat", "inception", "web-annotation"):
        run(f"draft {HERALD} --texts texts --to {tool} --output {tool.partition('-')[0]}")
    run(f"propose {HERALD} --texts texts --prompt")
    _answer(world)
    _foreign(world / "foreign")
    (world / "CHANGELOG.md").write_text(
        "# Changelog\n\n## Data\n\n### [0.3.1] - 2031-06-01\n\nFirst.\n", encoding="utf-8"
    )
    citation = 'cff-version: 1.2.0\ntype: dataset\nversion: 0.3.1\ndate-released: "2031-06-01"\n'
    (world / "CITATION.cff").write_text(citation, encoding="utf-8")
    (world / ".gitignore").write_text(".readouts/\ntexts/\ndrafts/\n", encoding="utf-8")
    identity = ["-c", "user.name=A person", "-c", "user.email=person@example.org"]
    for words in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message", "All"]):
        subprocess.run(["git", "-C", str(world), *identity, *words], check=True, capture_output=True)


def _answer(world: Path) -> None:
    """Write the invented annotation as a language model would answer it."""
    from readouts.annotations.tree import annotation_tree
    from readouts.proposals.answers import answer_of
    from readouts.proposals.draft_text import proposal_of
    from readouts.text.sources import TextFolder

    file = next(file for file in annotation_tree(world / "annotations")[0] if file.id == HERALD)
    answer = answer_of(proposal_of(file), HERALD, TextFolder(world / "texts").find(HERALD, None, []).skeleton)
    (world / "answer.json").write_text(answer, encoding="utf-8")


def _foreign(folder: Path) -> None:
    """Write a package of somebody else: other dialects, compression, JSON rows, keys of two columns."""
    import gzip

    folder.mkdir()
    rows = "".join(f"{number};{number / 8:.3f};2031-05-{number % 28 + 1:02};row {number}\n" for number in range(60))
    (folder / "rows.csv.gz").write_bytes(gzip.compress(f"id;size;on;words\n{rows}".encode(), mtime=0))
    notes = [f"{number},{number % 7},{'true' if number % 2 else 'false'},a note\n" for number in range(40)]
    (folder / "notes.csv").write_text("id,row,good,note\n" + "".join(notes), encoding="utf-8")
    (folder / "old.csv").write_text("id,row,good,note\n" + "".join(notes[3:]), encoding="utf-8")
    (folder / "theirs.csv").write_text("id,row,good,note\n" + "".join(notes[:30]), encoding="utf-8")
    (folder / "items.json").write_text(
        json.dumps([{"id": n, "place": [n, 1.5], "more": {"a": n}} for n in range(9)]), encoding="utf-8"
    )

    def fields(**types: str) -> list[dict[str, object]]:
        return [{"name": name, "type": type_} for name, type_ in types.items()]

    entities = ("entity_id", "kind", "name", "aliases", "country", "parent_id", "wikidata_id")
    (folder / "schema.json").write_text(
        json.dumps({"fields": fields(**dict.fromkeys(entities, "string"))}), encoding="utf-8"
    )
    resources = [
        {
            "name": "rows",
            "path": "rows.csv.gz",
            "dialect": {"delimiter": ";"},
            "schema": {"fields": fields(id="integer", size="number", on="date", words="string"), "primaryKey": "id"},
        },
        {
            "name": "notes",
            "path": ["notes.csv"],
            "schema": {
                "fields": fields(id="integer", row="integer", good="boolean", note="string"),
                "primaryKey": ["id", "row"],
                "uniqueKeys": [["id"]],
                "foreignKeys": [{"fields": "row", "reference": {"resource": "rows", "fields": "id"}}],
            },
        },
        {
            "name": "items",
            "path": "items.json",
            "format": "json",
            "schema": {"fields": fields(id="integer", place="geopoint", more="object")},
        },
    ]
    descriptor = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "foreign",
        "resources": resources,
    }
    (folder / "datapackage.json").write_text(json.dumps(descriptor, indent=2), encoding="utf-8")


def state_of(folder: Path, skipped: tuple[str, ...] = ()) -> dict[str, str]:
    """Return what a folder holds: a hash for each file."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not name.startswith(skipped) and path.is_file() and "__pycache__" not in name:
            found[name] = blake2b(path.read_bytes(), digest_size=8).hexdigest()
    return found


def try_case(number: int, world: Path, place: Path, *, untouched: bool = False) -> tuple[str, list[str]]:
    """Run one command on changed files; return what was done, and what is wrong about how it went."""
    chance = random.Random(number)
    call = COMMANDS[number % len(COMMANDS)]
    shutil.rmtree(place, ignore_errors=True)
    box, temporary = place / "box", place / "tmp"
    shutil.copytree(world, box)
    temporary.mkdir()
    happened = []
    if not untouched:
        files = sorted({path for pattern in call.reads for path in box.glob(pattern) if path.is_file()})
        happened = [befall(chance.choice(files), chance) for _ in range(chance.choice((1, 1, 1, 2, 4)))]
    before = state_of(place)
    words = call.words.replace("OUT", str(place / "out")).split()
    env = {
        "TMPDIR": str(temporary),
        "HOME": str(place / "home"),
        "XDG_CACHE_HOME": str(place / "home"),
        "GIT_CONFIG_NOSYSTEM": "1",
    }
    ended = ended_command(*words, cwd=box, env=env)
    after = state_of(place)
    allowed = (
        "out",
        "home",
        *(f"box/{name}" for name in (*call.writes, _HIDDEN, f"later/{_HIDDEN}", f"foreign/{_HIDDEN}")),
    )
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    strange = sorted(name for name in changed if not name.startswith(allowed))
    wrong = []
    if ended.returncode not in (0, 1, 2):
        wrong.append(f"exit code {ended.returncode}")
    if "Traceback" in ended.stderr or "The command crashed" in ended.stderr:
        wrong.append("traceback: " + ended.stderr.strip()[-1500:])
    if strange:
        wrong.append(f"wrote {', '.join(strange)}")
    if ended.returncode == 2 and not ended.stderr.strip() and not ended.stdout.strip():
        wrong.append("said nothing")
    return f"readouts {call.words} [{'; '.join(happened)}] -> {ended.returncode}", wrong


def _work(folder: Path, numbers: range, deadline: float) -> None:
    """Try cases one after the other; `current` says which it is, and `log.jsonl` what came of it."""
    for number in numbers:
        if time.time() > deadline:
            return
        (folder / "current").write_text(str(number), encoding="ascii")
        done, wrong = try_case(number, folder / "world", folder / "run")
        with (folder / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps({"case": number, "done": done, "wrong": wrong}) + "\n")


def failures(folder: Path, numbers: range, seconds: float = 3600, workers: int = 2) -> tuple[int, list[str]]:
    """Try cases in several processes, for a while at most; return how many there were, and what was wrong."""
    deadline = time.time() + seconds
    running: dict[int, subprocess.Popen[bytes]] = {}
    wrong: list[str] = []
    for worker in range(workers):
        own = folder / str(worker)
        prepare(own / "world")
        running[worker] = _start(own, numbers[worker::workers], deadline)
    while running:
        time.sleep(0.2)
        for worker, process in list(running.items()):
            own = folder / str(worker)
            current = own / "current"
            stuck = current.exists() and time.time() - current.stat().st_mtime > _LONGEST
            if stuck:
                process.kill()
            if process.poll() is None and not stuck:
                continue
            del running[worker]
            if process.wait() != 0:
                number = int(current.read_text(encoding="ascii"))
                call = COMMANDS[number % len(COMMANDS)].words
                wrong.append(
                    f"case {number}: readouts {call}: {'did not end' if stuck else f'died with {process.returncode}'}"
                )
                running[worker] = _start(own, range(number + workers, numbers.stop, workers), deadline)
    lines = [
        json.loads(line) for log in sorted(folder.glob("*/log.jsonl")) for line in log.read_text("utf-8").splitlines()
    ]
    for line in lines:
        wrong += [f"case {line['case']}: {line['done']}: {each}" for each in line["wrong"]]
    return len(lines), wrong


def _start(folder: Path, numbers: range, deadline: float) -> subprocess.Popen[bytes]:
    arguments = f"Path({str(folder)!r}), {numbers}, {deadline}"
    code = f"from pathlib import Path; from tests.robustness.fuzzing import _work; _work({arguments})"
    return subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.DEVNULL)


def main(
    seconds: Annotated[float, typer.Option(help="How long to try.")] = 600,
    first: Annotated[int, typer.Option(help="Number of the first case.")] = 0,
    case: Annotated[int | None, typer.Option(help="Try this one case, and show what it does.")] = None,
    folder: Annotated[Path | None, typer.Option(help="Where to work. Default: a temporary folder.")] = None,
) -> None:
    """Try commands on damaged files, and exit with 1 if one did what it must not."""
    import tempfile

    place = folder or Path(tempfile.mkdtemp(prefix="fuzzing-"))
    if case is not None:
        if not (place / "world").exists():
            prepare(place / "world")
        done, wrong = try_case(case, place / "world", place / "run")
        typer.echo("\n".join([done, *wrong, f"The files are in {place / 'run' / 'box'}."]))
        raise typer.Exit(bool(wrong))
    count, found = failures(place, range(first, 10**9), seconds, os.cpu_count() or 1)
    kinds = Counter(each.splitlines()[-1][:200] for each in found)
    typer.echo("\n\n".join(found))
    typer.echo(f"\n{count:,} cases in {seconds:.0f} s; {len(found)} failures of {len(kinds)} kinds")
    shutil.rmtree(place, ignore_errors=True)
    raise typer.Exit(bool(found))


if __name__ == "__main__":
    typer.run(main)
