"""The fenced blocks of the pages: what language they are in, and how they are run.

A comment directly above a block says what its text can't:

`<!-- not run: REASON -->`
    It isn't run, and why. Commands of ours in it are parsed all the same.
`<!-- run in: PLACE; NAME=VALUE ...; exit CODE; file PATH; append PATH -->`
    The folder that it is run in (see `places.py`), what placeholders stand for, the exit code that is right, and the
    file there that the block is written to, or added to. Each of them may be left out.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["PAGES", "ROOT", "Block", "Command", "blocks_of", "commands_of", "same_output"]

ROOT = Path(__file__).resolve().parents[2]
PAGES = tuple(
    sorted(
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md"))
    )
)
_FENCE = re.compile(r"^(?P<indent> *)```(?P<language>[\w-]*) *$")
_COMMENT = re.compile(r"^ *<!-- (?P<what>not run|run in|run with): (?P<value>.+?) -->$")
_ELLIPSIS = re.compile(r"^ *\.\.\. *$")


@dataclass(frozen=True)
class Block:
    """One fenced block.

    Attributes
    ----------
    page, line
        Where it stands; the line is that of its fence.
    reason
        Why it isn't run; None if it is.
    file, append
        The file of its place that it is written to, for the blocks that follow, or None; whether it is added to it.
    output
        The block in the language `text` that follows it directly, or after a line that ends in a colon: what it prints.
    """

    page: str
    line: int
    language: str
    text: str
    reason: str | None = None
    place: str = "corpus"
    names: dict[str, str] = field(default_factory=dict)
    exit: int = 0
    file: str | None = None
    append: bool = False
    output: str | None = None

    @property
    def where(self) -> str:
        return f"{self.page}:{self.line}"


@dataclass(frozen=True)
class Command:
    """One command of a console block, and what the page shows of its output (None: nothing)."""

    line: int
    text: str
    output: str | None


def blocks_of(page: str) -> list[Block]:
    """Return the fenced blocks of a page in their order."""
    lines = (ROOT / page).read_text(encoding="utf-8").splitlines()
    blocks: list[Block] = []
    number, said = 0, ""
    while number < len(lines):
        opening = _FENCE.match(lines[number])
        if opening is None:
            # A comment holds for the block that follows it; blank lines in between don't matter.
            if lines[number].strip():
                said = lines[number]
            number += 1
            continue
        start = number + 1
        end = next((at for at in range(start, len(lines)) if lines[at].strip() == "```"), None)
        if end is None:
            message = f"{page}:{start}: this block has no end"
            raise AssertionError(message)
        text = "\n".join(line.removeprefix(opening["indent"]) for line in lines[start:end])
        block = _block(page, start, opening["language"], text, _COMMENT.match(said))
        if block.language == "text" and blocks and said == f"end {blocks[-1].where}":
            blocks[-1] = Block(**{**vars(blocks[-1]), "output": text})
        blocks.append(block)
        number, said = end + 1, f"end {block.where}"
    return blocks


def _block(page: str, line: int, language: str, text: str, comment: re.Match[str] | None) -> Block:
    if comment is None:
        return Block(page, line, language, text)
    if comment["what"] == "not run":
        return Block(page, line, language, text, reason=comment["value"])
    place, names, code = "corpus", {}, 0
    verb, file = "", None
    for part in map(str.strip, comment["value"].split(";")):
        if part.startswith("exit "):
            code = int(part.removeprefix("exit "))
        elif part.startswith(("file ", "append ")):
            verb, file = part.split(" ", 1)
        elif "=" in part:
            names = dict(pair.split("=", 1) for pair in part.split())
        else:
            place = part
    return Block(page, line, language, text, place=place, names=names, exit=code, file=file, append=verb == "append")


def commands_of(block: Block) -> list[Command]:
    """Return the commands of a console block: what stands behind `$ `, and the lines up to the next one."""
    found: list[Command] = []
    output: list[str] = []
    text = block.text.replace("\\\n", "")
    for number, line in enumerate(text.splitlines(), block.line + 1):
        if line.startswith("$ "):
            _close(found, output)
            found.append(Command(number, line.removeprefix("$ "), None))
            output = []
        else:
            output.append(line)
    _close(found, output)
    return found


def _close(found: list[Command], output: list[str]) -> None:
    if not found and any(output):
        message = f"a console block begins with a command, behind '$ ': found '{output[0]}'"
        raise AssertionError(message)
    if found and output:
        found[-1] = Command(found[-1].line, found[-1].text, "\n".join(output))


def same_output(shown: str, real: str) -> bool:
    """Tell whether a page shows what was printed; a line of three dots stands for any lines."""
    wanted, printed = (text.rstrip().splitlines() for text in (shown, real))
    wanted, printed = ([line.rstrip() for line in lines] for lines in (wanted, printed))
    wanted, printed = (list(itertools.dropwhile(lambda line: not line, lines)) for lines in (wanted, printed))
    parts: list[list[str]] = [[]]
    for line in wanted:
        if _ELLIPSIS.match(line):
            parts.append([])
        else:
            parts[-1].append(line)
    if len(parts) == 1:
        return wanted == printed
    first, *middle, last = parts
    if printed[: len(first)] != first or (last and printed[len(first) :][-len(last) :] != last):
        return False
    at = len(first)
    for part in middle:
        places = range(at, len(printed) - len(part) + 1)
        found = next((place for place in places if printed[place : place + len(part)] == part), None)
        if found is None:
            return False
        at = found + len(part)
    return len(printed) - at >= len(last)
