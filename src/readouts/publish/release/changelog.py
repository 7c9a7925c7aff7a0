"""The changelog section of a release: where it is in CHANGELOG.md, and putting it there.

Between the heading of a version and the generated part, people may write what they like; it stays as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from readouts.datapackage.versioning import version_of

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["END", "START", "generated_part", "with_section"]

START = "<!-- generated: changes -->\n"
END = "<!-- end -->\n"
_DATA = re.compile(r"^## Data\n", re.MULTILINE)
_NEXT = re.compile(r"^## ", re.MULTILINE)
_HEADING = re.compile(r"^### \[([^\]\n]+)\].*\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Section:
    """The place of a version's section: of its heading's first, and of its own last character."""

    version: str
    start: int
    body: int
    end: int


def _sections(text: str) -> list[_Section]:
    """Return the sections of the data's versions, in order."""
    data = _DATA.search(text)
    if data is None:
        return []
    following = _NEXT.search(text, data.end())
    end = len(text) if following is None else following.start()
    headings = list(_HEADING.finditer(text, data.end(), end))
    ends = [*(heading.start() for heading in headings[1:]), end]
    # Without any heading, one end is left over.
    pairs = zip(headings, ends, strict=False)
    return [_Section(heading[1], heading.start(), heading.end(), stop) for heading, stop in pairs]


def generated_part(text: str, version: str, released: str) -> str | None:
    r"""Return the generated part of a version's section; None if there is no such section, or none with that date.

    Examples
    --------
    >>> text = with_section("", "1.0.1", "2031-07-01", "- A row is new.\n", ())
    >>> generated_part(text, "1.0.1", "2031-07-01")
    '- A row is new.\n'
    >>> generated_part(text, "1.0.1", "2031-07-02") is None
    True
    """
    for section in _sections(text):
        if section.version == version and text[section.start : section.body] == _heading(version, released):
            _, start, rest = text[section.body : section.end].partition(START)
            part, end, _ = rest.partition(END)
            return part if start and end else None
    return None


def _heading(version: str, released: str) -> str:
    return f"### [{version}] - {released}\n"


def with_section(text: str, version: str, released: str, part: str, known: Collection[str]) -> str:
    """Return a changelog with the section of a release in it.

    A section of that version is brought up to date. Else one of a version that was never released, such as
    `[unreleased]`, becomes it. Else it comes first.
    """
    text = text or "# Changelog\n"
    if _DATA.search(text) is None:
        text = f"{text.rstrip()}\n\n## Data\n"
    found = _sections(text)
    section = next((entry for entry in found if entry.version == version), None)
    if section is None:
        last = max((version_of(each) or () for each in known), default=())
        open_ = (entry for entry in found if entry.version not in known)
        # An older one describes something else.
        section = next((entry for entry in open_ if (version_of(entry.version) or last) >= last), None)
    data = _DATA.search(text)
    begin = 0 if data is None else data.end()
    if section is None:
        before, own, after = text[:begin], "", text[begin:]
    else:
        before, own, after = text[: section.start], text[section.body : section.end], text[section.end :]
    first, start, rest = own.partition(START)
    _, _, behind = rest.partition(END) if start else ("", "", "")
    parts = [_heading(version, released), first.strip("\n"), f"{START}{part}{END}", behind.strip("\n")]
    body = "\n\n".join(piece.strip("\n") for piece in parts if piece.strip("\n"))
    tail = after.lstrip("\n")
    return f"{before.rstrip()}\n\n{body}\n" + (f"\n{tail}" if tail else "")
