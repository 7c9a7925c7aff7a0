"""How a statement is shown wherever it is shown: what, by whom, through whom, where, and with what marks."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from readouts.datapackage.words import joined, printable, shortened
from readouts.publish.site import address
from readouts.publish.site.labels import date_text
from readouts.publish.site.pagination import encoded_length, paginate
from readouts.publish.words import topic_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from readouts.analysis.comparison import Comparison
    from readouts.publish.site.data import SiteData
    from readouts.publish.site.pagination import PageSlice

__all__ = [
    "STANDING",
    "WORDING",
    "Mark",
    "StatementView",
    "StatementViews",
    "estimated_bytes",
    "parties",
    "side_names",
]

WORDING = {
    "quotes_verbatim": "quoted word for word",
    "quotes_altered": "quotation altered",
    "translation_variant": "translated differently",
}
"""How an article's wording relates to that of another text, where it quotes: what is marked on a statement."""
STANDING = {
    "both": "both say it",
    "contradicted": "contradicted",
    "in_tension": "in tension",
    "partly": "one side says more",
    "only_a": "one side only",
    "only_b": "one side only",
}

_LONGEST_CITATION = 400
"""Letters of how the release is cited, which is next to each statement."""

_UNNAMED = {"a": ("side a",), "b": ("side b",), "both": ("both sides",), "third": ("Neither side",)}
"""How sides are called outside events."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A comparison of a statement's wording: how it is worded, compared with which other statement, and why."""

    relation: str
    words: str
    other: str
    outlet: str
    rationale: str


@dataclass(frozen=True, slots=True)
class StatementView:
    """One statement, as pages show it.

    Attributes
    ----------
    id, summary, quotation
        The statement; the quotation is empty on a site without texts.
    side, side_names
        `a`, `b`, `both` or `third`, and what the side is called in its event; `both` has two names.
    chain
        Its sources from the outermost inwards; each step has joint sources as (name, entity or nothing).
    article, outlet, start, end
        Where it is, in Unicode code points; `article_page` is the page of the article that shows it.
    event, event_title
        The event that it speaks of, else the one whose account it comes through; no title where that isn't known.
    standing
        The group of its claim in its event; empty outside events.
    release, article_title, published, url
        What a citation of it names: the release, as it is cited, and the article, with its address if it has one.
    language
        Of its article, and so of the quotation, where it isn't the language of the pages.
    """

    id: str
    summary: str
    quotation: str
    side: str
    side_names: tuple[str, ...]
    chain: tuple[tuple[tuple[str, str], ...], ...]
    article: str
    outlet: str
    start: int
    end: int
    event: str
    event_title: str
    topic: str
    act: str
    form: str
    certainty: str
    modality: str
    standing: str
    marks: tuple[Mark, ...]
    release: str
    article_title: str
    published: str
    url: str
    language: str = ""
    article_page: int = 1

    @property
    def fragment(self) -> str:
        """Its place on a page."""
        return address.fragment(self.id)

    @property
    def side_name(self) -> str:
        """What its side is called."""
        return joined(list(self.side_names))

    @property
    def speaks_for_itself(self) -> bool:
        """Whether its only source is what its side is called, so that naming both would say it twice."""
        return len(self.chain) == 1 and [name for name, _ in self.chain[0]] == [self.side_name]

    @property
    def topic_name(self) -> str:
        """Its topic as words."""
        return topic_name(self.topic)

    @property
    def standing_words(self) -> str:
        """What the accounts make of it, as words."""
        return STANDING.get(self.standing, "")


def parties(comparison: Comparison) -> dict[str, tuple[str, ...]]:
    """Return the names of the sides of an event: two for both, apart, since each may run in its own direction."""
    a, b = (printable(side.name) for side in comparison.sides)
    return {"a": (a,), "b": (b,), "both": (a, b), "third": ("Neither side",)}


def side_names(comparison: Comparison) -> dict[str, str]:
    """Return what the sides of an event are called, for where there can be no markup.

    Examples
    --------
    >>> import readouts
    >>> side_names(readouts.load().compare("call-2014-03-06"))["b"]
    'Russia'
    """
    return {side: joined(list(names)) for side, names in parties(comparison).items()}


class StatementViews:
    """All statements of a release as they are shown, each made when it is first asked for."""

    def __init__(self, data: SiteData) -> None:
        self._data = data
        self._made: dict[str, StatementView] = {}
        self._release = shortened(data.corpus.cite().text, _LONGEST_CITATION)
        self._sides = {event: parties(found) for event, found in data.comparisons.items()}
        self._standing = {
            event: {voice.statement_id: claim.group for claim in found.claims for voice in claim.voices}
            for event, found in data.comparisons.items()
        }
        self._home = {
            name: event
            for event, names in sorted(data.through_accounts.items(), reverse=True)
            for name in sorted(names)
        }
        self._marks = _marks(data)

    def __getitem__(self, name: str) -> StatementView:
        if name not in self._made:
            for leaf in self.in_article(self._data.statements[name]["article_id"] or ""):
                self._made.update({said.id: said for said in leaf.items})
        return self._made[name]

    def in_article(self, article: str) -> list[PageSlice[StatementView]]:
        """Return the statements of an article, in the order of its text, on the pages that they take."""
        rows = self._data.of("statements", "article_id", article)
        made = [self._make(row["statement_id"] or "") for row in rows]
        # Each is in the list and on the strip above it.
        found = paginate(
            sorted(made, key=lambda said: (said.start, said.end, said.id)),
            lambda said: estimated_bytes(said, cited=True) + 300 + 2 * encoded_length(said.summary),
        )
        return [
            replace(leaf, items=tuple(replace(said, article_page=leaf.number) for said in leaf.items))
            if leaf.number > 1
            else leaf
            for leaf in found
        ]

    def of(self, names: Iterable[str]) -> list[StatementView]:
        """Return statements by their ids."""
        return [self[name] for name in names]

    def _make(self, name: str) -> StatementView:
        data = self._data
        row, voice = data.statements[name], data.voices[name]
        article = data.articles.get(voice.article_id, {})
        event = row["event_id"] or self._home.get(name, "")
        names = self._sides.get(self._home.get(name, event), _UNNAMED)
        return StatementView(
            id=name,
            summary=voice.summary or name,
            quotation=" ".join((row.get("content") or "").split()),
            side=voice.side,
            side_names=names[voice.side],
            chain=_chain(data, name),
            article=voice.article_id,
            outlet=voice.outlet,
            start=int(row["start"] or 0),
            end=int(row["end"] or 0),
            event=event,
            event_title=(data.events[event]["title"] or event) if event in data.events else "",
            topic=voice.topic,
            act=voice.act,
            form=row["form"] or "",
            certainty=voice.certainty,
            modality=voice.modality,
            standing=self._standing.get(event, {}).get(name, ""),
            marks=tuple(self._marks.get(name, ())),
            release=self._release,
            article_title=article.get("title") or voice.article_id,
            published=date_text(article.get("published_on")),
            url=address.web(article.get("url")),
            language=data.language(voice.article_id),
        )


def _chain(data: SiteData, name: str) -> tuple[tuple[tuple[str, str], ...], ...]:
    steps: dict[int, list[tuple[int, str, str]]] = {}
    for row in data.of("attributions", "statement_id", name):
        entity = row["entity_id"]
        known = entity if entity in data.entities else ""
        source = (int(row["seq"] or 0), data.name(entity) if entity else row["label"] or "unnamed", known or "")
        steps.setdefault(int(row["depth"] or 0), []).append(source)
    return tuple(tuple((text, entity) for _, text, entity in sorted(steps[depth])) for depth in sorted(steps))


def _marks(data: SiteData) -> Mapping[str, Sequence[Mark]]:
    """Return the marks of wording by statement: on the one that quotes, and on both that translate the same words."""
    found: dict[str, list[Mark]] = defaultdict(list)
    for row in data.rows("alignments"):
        relation = row["relation"] or ""
        if relation not in WORDING:
            continue
        first, second = row["statement_a"] or "", row["statement_b"] or ""
        pairs = [(first, second), (second, first)] if relation == "translation_variant" else [(first, second)]
        for name, other in pairs:
            if name in data.statements and other in data.statements:
                outlet = data.outlet(data.statements[other]["article_id"])
                found[name].append(Mark(relation, WORDING[relation], other, outlet, row["rationale"] or ""))
    return found


def estimated_bytes(said: StatementView, *, cited: bool = False) -> int:
    """Return about how many bytes a statement takes on a page, with its citation or without."""
    texts = [said.summary, said.quotation, said.outlet, said.side_name, *(mark.rationale for mark in said.marks)]
    names = [name for step in said.chain for name, _ in step]
    citation = [said.release, said.article_title, said.url, said.url, said.summary] if cited else []
    return 1400 + 200 * cited + 6 * len(said.id) + 2 * encoded_length(*texts, *names) + encoded_length(*citation)
