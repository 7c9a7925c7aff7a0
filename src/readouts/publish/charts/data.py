"""What charts read from a corpus: who the sides are, the statements with their sides, and how things are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.analysis.comparison import Voice
from readouts.analysis.sides import chain_text, side_of
from readouts.datapackage.errors import ReadoutsError, UnknownIdError
from readouts.datapackage.suggest import did_you_mean
from readouts.publish.charts.text_layout import clean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from readouts.analysis.comparison import Comparison
    from readouts.loaders import Corpus

__all__ = [
    "NothingToDrawError",
    "corpus_voices",
    "counted",
    "event_title",
    "joined",
    "names_of_sides",
    "party",
    "source_of",
    "topic_name",
    "voices_of",
]


class NothingToDrawError(ReadoutsError):
    """A chart was asked for of something that has no row to draw."""


def voices_of(comparison: Comparison) -> tuple[Voice, ...]:
    """Return every statement of a comparison once, in the order of their ids."""
    claims = [*comparison.both, *comparison.only_a, *comparison.only_b, *comparison.third]
    claims += [claim for contest in comparison.contested for claim in (contest.first, contest.second)]
    found = {voice.statement_id: voice for claim in claims for voice in claim.voices}
    return tuple(found[name] for name in sorted(found))


def corpus_voices(corpus: Corpus) -> tuple[Voice, ...]:
    """Return every statement of a corpus, in the order of their ids."""
    names = {row["entity_id"] or "": row["name"] or "" for row in corpus.texts("entities")}
    accounts = {row["account_id"] or "": row["side"] or "third" for row in corpus.texts("accounts")}
    participants = {
        (row["event_id"] or "", row["entity_id"] or ""): row["side"] or "third" for row in corpus.texts("participants")
    }
    outlets = {
        row["article_id"] or "": names.get(row["outlet_id"] or "", row["title"] or "")
        for row in corpus.texts("articles")
    }
    steps: dict[str, list[dict[str, str | None]]] = {}
    for step in corpus.texts("attributions"):
        steps.setdefault(step["statement_id"] or "", []).append(step)
    found = []
    for row in corpus.texts("statements"):
        name, article = row["statement_id"] or "", row["article_id"] or ""
        chain = steps.get(name, [])
        found.append(
            Voice(
                statement_id=name,
                summary=row["summary"] or "",
                side=side_of(row, chain, accounts, participants),
                chain=chain_text(chain, names),
                article_id=article,
                outlet=outlets.get(article, article),
                topic=row["topic"] or "",
                act=row["act"] or "",
                modality=row["modality"] or "",
                certainty=row["certainty"] or "",
            )
        )
    return tuple(sorted(found, key=lambda voice: voice.statement_id))


def party(names: Iterable[str], side: str) -> str:
    """Return how a side is called: by its principal participants, else by its letter.

    Examples
    --------
    >>> party(["Jana Marek", "Ilya Sokol"], "a")
    'Jana Marek and Ilya Sokol'
    >>> party([], "b")
    'side b'
    """
    known = [clean(name) for name in names]
    return joined(known) if known else f"side {side}"


def names_of_sides(corpus: Corpus) -> dict[str, str]:
    """Return what sides a and b are called in the whole corpus: by name where they are the same in every event told."""
    told = {row["event_id"] for row in corpus.texts("accounts")}
    names = {row["entity_id"] or "": row["name"] or "" for row in corpus.texts("entities")}
    called = {}
    for side in ("a", "b"):
        parties: dict[str | None, list[str]] = {event: [] for event in told}
        for row in corpus.texts("participants"):
            if row["event_id"] in told and row["side"] == side and row["role"] == "principal":
                parties[row["event_id"]].append(names.get(row["entity_id"] or "", row["entity_id"] or ""))
        different = {tuple(sorted(found)) for found in parties.values()}
        called[side] = party(different.pop() if len(different) == 1 else (), side)
    return called


def event_title(corpus: Corpus, event: str) -> str:
    """Return the title of an event.

    Raises
    ------
    UnknownIdError
        There is no such event.
    """
    titles = {row["event_id"] or "": row["title"] or row["event_id"] or "" for row in corpus.texts("events")}
    if event not in titles:
        message = f"No event '{event}' is in the corpus. {did_you_mean(event, titles)}"
        raise UnknownIdError(message)
    return clean(titles[event])


def topic_name(topic: str) -> str:
    """Return a topic as words.

    Examples
    --------
    >>> topic_name("domestic_politics")
    'domestic politics'
    """
    return topic.replace("_", " ") or "no topic"


def counted(number: int, what: str) -> str:
    """Return a number and what is counted.

    Examples
    --------
    >>> counted(1, "statement"), counted(3, "entity")
    ('1 statement', '3 entities')
    """
    plural = f"{what[:-1]}ies" if what.endswith("ty") else f"{what}s"
    return f"{number:,} {what if number == 1 else plural}"


def joined(parts: list[str]) -> str:
    """Return parts as a list in a sentence.

    Examples
    --------
    >>> joined(["one", "two", "three"])
    'one, two and three'
    """
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)


def source_of(corpus: Corpus, *more: str) -> str:
    """Return the line at the foot of a chart: where it comes from, and what it leaves out."""
    return ". ".join([f"Source: {corpus.name} {corpus.version}".rstrip(), *filter(None, more)]) + "."
