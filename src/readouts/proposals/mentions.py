"""Names of the registry's entities in a text: the longest name that fits, with its title."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from readouts.proposals.alphabetic_names import AlphabeticNames, RussianNames
from readouts.proposals.chinese_names import ChineseNames
from readouts.proposals.entity_names import LOOK_ALIKES, overlaps
from readouts.proposals.lexicon import FOLDER
from readouts.proposals.proposal import MentionProposal, Origin

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from readouts.proposals.entity_names import Hit
    from readouts.proposals.proposal import Place
    from readouts.proposals.registry import Registry

__all__ = ["mentions", "sure_names"]

CONFIDENCE = {
    "mention.name": 0.98,
    "mention.titled": 0.99,
    "mention.title": 0.98,
    "mention.learned": 0.95,
    "mention.character": 0.98,
    "mention.government": 0.9,
}
"""The share of what each rule finds in the corpus that is right, without the names learned of the same event."""


def mentions(
    text: str,
    registry: Registry,
    language: str,
    *,
    learned: Mapping[str, str] | None = None,
    principals: Sequence[str] = (),
    issuer: str | None = None,
    day: str | None = None,
    excluded: Iterable[Place] = (),
) -> list[MentionProposal]:
    """Find the names of a registry's entities in a text, as section 8 of the guideline rules.

    Parameters
    ----------
    text
        The text.
    registry
        The entities and who holds which office.
    language
        BCP 47 tag of the text. English, Chinese and Russian have rules for titles; in another language only names are
        found.
    learned
        Further names, each with the id of its entity.
    principals
        Ids of the leaders who take part in the event: a title alone names one of them before anybody else.
    issuer
        Entity that the document speaks for: a title alone without a country is that of its country's leader.
    day
        Day of the event (ISO 8601): it decides who was in office.
    excluded
        Places in which nothing is looked for, such as regions of the role `boilerplate`.

    Returns
    -------
    list[MentionProposal]
        The mentions in reading order. No two overlap.

    Examples
    --------
    >>> from readouts.proposals.registry import Entity, Registry
    >>> marek = Entity("jana-marek", "person", "Jana Marek", "VD")
    >>> veldania = Entity("veldania", "state", "Veldania", "VD")
    >>> registry = Registry({entity.id: entity for entity in (marek, veldania)})
    >>> text = "President Marek of Veldania wrote to Sarnia."
    >>> [(found.entity, text[slice(*found.place)]) for found in mentions(text, registry, "en")]
    [('jana-marek', 'President Marek'), ('veldania', 'Veldania')]
    """
    code = language.partition("-")[0].casefold()
    names = {"zh": ChineseNames, "ru": RussianNames}.get(code, AlphabeticNames)
    known = {name.translate(LOOK_ALIKES): entity for name, entity in (learned or {}).items()}
    finder = names(text.translate(LOOK_ALIKES), registry, _words(code), known, tuple(principals), issuer, day)
    closed = sorted(excluded)
    return [
        MentionProposal(hit.entity, hit.place, Origin(hit.rule, CONFIDENCE[hit.rule]))
        for hit in _apart(finder.hits())
        if not overlaps(hit.place, closed)
    ]


def sure_names(counts: Mapping[str, Mapping[str, int]], share: float = 0.8) -> dict[str, str]:
    """Return the names that mostly mean one entity, each with that entity.

    Parameters
    ----------
    counts
        How often each name means each entity.
    share
        How often it must mean this one, of all times.

    Examples
    --------
    >>> sure_names({"the Sarnians": {"sarnia": 9, "government-of-sarnia": 1}, "Sarn": {"sarn": 1, "sarnia": 1}})
    {'the Sarnians': 'sarnia'}
    """
    sure = {}
    for name, entities in counts.items():
        entity = max(sorted(entities), key=lambda each: entities[each], default=None)
        if entity is not None and entities[entity] >= share * sum(entities.values()):
            sure[name] = entity
    return sure


@lru_cache(maxsize=8)
def _words(language: str) -> dict[str, Any]:
    """Return the words around names in a language; none for a language without a file."""
    import yaml

    file = FOLDER / "names" / f"{language}.yaml"
    return yaml.safe_load(file.read_text("utf-8")) if file.is_file() else {}


def _apart(hits: Iterable[Hit]) -> list[Hit]:
    """Return the hits in reading order; of two that overlap, the longer one."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.place[0] - hit.place[1], hit)):
        if not overlaps(hit.place, (other.place for other in kept)):
            kept.append(hit)
    return sorted(kept)
