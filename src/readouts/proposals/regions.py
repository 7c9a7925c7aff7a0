"""Parts of a text with a role: its headline, what belongs to the page rather than the text, and printed accounts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from readouts.proposals.proposal import Origin, RegionProposal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from readouts.proposals.proposal import Place

__all__ = ["regions"]

_TAG = re.compile(r"[\[【]([^\]】\n]{1,12})[\]】]")
_AGENCY = re.compile(r"(?:央视网消息|新华社[^（(：:\n]{0,20}电|本报讯)\s*(?:[（(][^）)\n]{1,20}[）)])?\s*[：:]?")
_LETTERS = re.compile(r"[^\W_]+")
_NONE: dict[str, Sequence[str]] = {}
_INTRODUCES = re.compile(r"(?i)\b(?:statement|version|readout|account|text)\b[^\n]*[:.]$|:$")
_HEAD = 5
"""Lines at the top in which a headline is looked for."""
_LONGEST = 250


def regions(
    text: str,
    title: str,
    lexicon: Mapping[str, Any],
    accounts: Mapping[str, Sequence[str]] = _NONE,
    *,
    carried: bool = False,
) -> list[RegionProposal]:
    r"""Find the headline, the boilerplate and the printed account of a text.

    Parameters
    ----------
    text
        The text.
    title
        The article's title as published.
    lexicon
        The words of its language; `boilerplate` are those that a page's own lines begin with.
    accounts
        For each account that the text prints in full, the names of its issuer: it begins after the line that names it.
    carried
        Whether the text is that of the accounts, so that a single one is all that is left.

    Returns
    -------
    list[RegionProposal]
        The regions in reading order.

    Examples
    --------
    >>> text = "Leaders speak\n\nMarek called Ostrova.\n\nSign up for our letter."
    >>> lexicon = {"boilerplate": ["sign up"]}
    >>> [(each.role, text[slice(*each.place)]) for each in regions(text, "Leaders speak", lexicon)]
    [('headline', 'Leaders speak'), ('boilerplate', 'Sign up for our letter')]
    """
    found = [*_headlines(text, title), *_boilerplate(text, lexicon)]
    found.sort(key=lambda region: region.place)
    start = max((each.place[1] for each in found if each.place[0] < len(text) // 3), default=0)
    end = min((each.place[0] for each in found if each.place[0] > start), default=len(text))
    return sorted([*found, *_printed(text, start, end, accounts, carried=carried)], key=lambda region: region.place)


def _printed(
    text: str, start: int, end: int, accounts: Mapping[str, Sequence[str]], *, carried: bool
) -> Iterator[RegionProposal]:
    """Yield where each account is printed; the words between them and after the last are the outlet's."""
    if len(accounts) == 1 and carried:
        place = _trimmed(text, start, end)
        if place is not None:
            yield RegionProposal("readout", place, Origin("region.account"), next(iter(accounts)))
        return
    lines = [match.span() for match in re.finditer(r"[^\n]+", text[:end]) if match.start() >= start]
    introduced: list[tuple[int, int, str]] = []
    for line in lines:
        words = text[slice(*line)].strip()
        named = [account for account, names in accounts.items() if any(name in words for name in names)]
        if _INTRODUCES.search(words) and len(named) == 1:
            introduced.append((*line, named[0]))
    for number, (_, begin, account) in enumerate(introduced):
        until = introduced[number + 1][0] if number + 1 < len(introduced) else end
        place = _trimmed(text, begin, until)
        if place is not None:
            yield RegionProposal("readout", place, Origin("region.introduced"), account)


def _headlines(text: str, title: str) -> Iterator[RegionProposal]:
    wanted = _letters(_TAG.sub("", title))
    lines = [match.span() for match in re.finditer(r"[^\n]+", text)][:_HEAD]
    named = [line for line in lines if wanted and _letters(_TAG.sub("", text[slice(*line)])).startswith(wanted)]
    first = [line for line in lines[:1] if line[1] - line[0] <= _LONGEST and len(lines) > 1]
    for start, end in named or first:
        begin, until = start, end
        tag = _TAG.match(text, start)
        if tag is not None and _TAG.sub("", text[start:end]).strip():
            yield RegionProposal("boilerplate", tag.span(1), Origin("region.tag"))
            begin = tag.end()
        if until - begin > _LONGEST:
            # A page in one line: the headline is as much of it as the title.
            until = _cover(text, begin, wanted)
        place = _trimmed(text, begin, until)
        if place is not None:
            yield RegionProposal("headline", place, Origin("region.headline"))


def _boilerplate(text: str, lexicon: Mapping[str, Any]) -> Iterator[RegionProposal]:
    words = sorted(lexicon.get("boilerplate", ()))
    lines = [match.span() for match in re.finditer(r"[^\n]+", text)]
    for start, end in lines:
        agency = _AGENCY.match(text, start, end)
        place = None if agency is None else _trimmed(text, *agency.span())
        if place is not None and start < len(text) // 3:
            yield RegionProposal("boilerplate", place, Origin("region.agency"))
    opening = "|".join(re.escape(word) for word in words)
    if not opening:
        return
    marks = re.compile(rf"(?i)(?:^|(?<=\n)|(?<=[.!?] ))\W*(?:{opening})\b" if opening.isascii() else rf"(?:{opening})")
    for start, end in lines[:_HEAD]:
        if marks.match(text, start) and end - start < _LONGEST // 2 and start < len(text) // 2:
            place = _trimmed(text, start, end)
            if place is not None:
                yield RegionProposal("boilerplate", place, Origin("region.boilerplate"))
    last = next((mark for mark in marks.finditer(text, len(text) // 2)), None)
    if last is not None:
        place = _trimmed(text, last.start(), len(text))
        if place is not None:
            yield RegionProposal("boilerplate", place, Origin("region.boilerplate"))


def _letters(text: str) -> str:
    return "".join(_LETTERS.findall(text)).casefold()


def _cover(text: str, start: int, wanted: str) -> int:
    """Return where the words end that have the letters of a title."""
    end = start
    while end < len(text) and len(_letters(text[start:end])) < len(wanted):
        end += 1
    return end


def _trimmed(text: str, start: int, end: int) -> Place | None:
    """Leave out marks at both ends, since a span begins and ends on a letter or digit."""
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    return (start, end) if start < end else None
