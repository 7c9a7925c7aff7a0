"""Summaries checked against the text: none may copy it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from readouts.corpus_schema.incident_codes import incident
from readouts.datapackage.incident import Incident, Source
from readouts.datapackage.scripts import UNSPACED, UNSPACED_CHARACTER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from readouts.annotations.records import Reading

__all__ = ["copied_run", "copied_summaries"]

_SPACED = rf"(?:(?!{UNSPACED_CHARACTER})[^\W_])+"
_WORD = re.compile(f"{UNSPACED_CHARACTER}|{_SPACED}")
_BETWEEN = re.compile(rf"(?<={UNSPACED_CHARACTER}) (?={UNSPACED_CHARACTER})")
_RUN = re.compile(f"{UNSPACED.pattern}|{_SPACED}")
_LONGEST_RUN = 6


def _words(text: str) -> list[str]:
    """Return the words of a text; in a script without spaces between words, every character counts as one."""
    return [word.casefold() for word in _WORD.findall(text)]


@lru_cache(maxsize=4)
def _runs(text: str) -> tuple[list[str], dict[tuple[str, ...], list[int]]]:
    """Return the words of a text, and where each run of as many as are too many begins: one for all its summaries."""
    words, least = _words(text), _LONGEST_RUN + 1
    places: dict[tuple[str, ...], list[int]] = {}
    for start in range(len(words) - least + 1):
        places.setdefault(tuple(words[start : start + least]), []).append(start)
    return words, places


@lru_cache(maxsize=4)
def _uncounted(names: frozenset[str]) -> re.Pattern[str] | None:
    """Return what finds the words of names in a run; None where there are none."""
    parts = {part for name in names for part in _parts_of(name)}
    spelled = "|".join(map(re.escape, sorted(parts, key=lambda part: (-len(part), part))))
    return re.compile(f"(?<= )(?:{spelled})(?= )") if spelled else None


def copied_run(summary: str, text: str, names: Iterable[str]) -> str | None:
    """Return the first run of more than six words, names not counted, that a summary shares with a text.

    A Han character counts as a word, as does one of any other script without spaces between words.

    Parameters
    ----------
    summary, text
        What was written, and the source.
    names
        Names whose words don't count; in a script without spaces only the whole name doesn't.

    Examples
    --------
    >>> text = "She said that both of the ministers would meet again in June."
    >>> copied_run("Both of the ministers would meet again soon.", text, [])
    'both of the ministers would meet again'
    >>> copied_run("The ministers plan another meeting in June.", text, []) is None
    True
    >>> copied_run("It says 两国外长将会晤.", "声明称两国外长将会晤。", [])
    '两国外长将会晤'
    """
    named = _uncounted(frozenset(names))
    ours, (theirs, places) = _words(summary), _runs(text)
    least = _LONGEST_RUN + 1
    for start in range(len(ours) - least + 1):
        for place in places.get(tuple(ours[start : start + least]), ()):
            if start and place and ours[start - 1] == theirs[place - 1]:
                # Part of a longer run, which may begin with a name.
                continue
            end = start + least
            while end < len(ours) and place + end - start < len(theirs) and ours[end] == theirs[place + end - start]:
                end += 1
            run = f" {' '.join(ours[start:end])} "
            if len((named.sub("", run) if named else run).split()) > _LONGEST_RUN:
                return _BETWEEN.sub("", run.strip())
    return None


def _parts_of(name: str) -> Iterator[str]:
    """Yield what of a name doesn't count: each word, and each run of characters without spaces as a whole."""
    for part in _RUN.findall(name):
        yield " ".join(_words(part))


def copied_summaries(reading: Reading, text: str) -> Iterator[Incident]:
    """Yield a finding for each summary of an article that copies its text, whose spans have been placed."""
    names = {text[span.start : span.end] for span in reading.spans if span.role == "mention"}
    for record in reading.of("statements"):
        run: str | None = copied_run(record.cells.get("summary") or "", text, names)
        if run is not None:
            what = "characters" if UNSPACED.fullmatch(run) else "words"
            message = f"The summary shares a run of {len(_words(run))} {what} with the article."
            key = (record.cells["statement_id"] or "",)
            place = Source(reading.file, record.lines.get("summary", record.line))
            yield incident("summary-copies-source", message, table="statements", field="summary", key=key, source=place)
