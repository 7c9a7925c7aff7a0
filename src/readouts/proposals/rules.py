"""Everything that the rules of a language find in one text: regions, statements, mentions and relations."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from readouts.proposals.context import Context
from readouts.proposals.draft_text import (
    statement_names,
)
from readouts.proposals.lexicon import load_lexicon
from readouts.proposals.mentions import mentions, sure_names
from readouts.proposals.proposal import Origin, Proposal, RelationProposal
from readouts.proposals.regions import regions
from readouts.proposals.spans import anchorable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from collections.abc import Mapping as Shares

    from readouts.proposals.facts import (
        EventFacts,
        Facts,
    )
    from readouts.proposals.proposal import MentionProposal, Place, StatementProposal
    from readouts.proposals.registry import Registry

__all__ = ["proposal_for"]

_MODES = {"call": "phone", "visit": "visit"}


def proposal_for(facts: Facts, text: str, registry: Registry, *, learned: dict[str, Any] | None = None) -> Proposal:
    """Return everything that rules find in a text.

    Parameters
    ----------
    facts
        Known facts about the article.
    text
        Its text.
    registry
        The entities.
    learned
        What was learned from a corpus, in place of what comes with the package.

    Examples
    --------
    >>> from readouts.proposals.facts import EventFacts, Facts
    >>> from readouts.proposals.registry import Entity, Registry
    >>> marek = Entity("jana-marek", "person", "Jana Marek")
    >>> call = EventFacts("call-2031-05-01", "call", principals=("jana-marek",))
    >>> facts = Facts("marek-2031-05-01", "readout", "en", "A call", call, "presidency", "presidency-2031-05-01")
    >>> found = proposal_for(facts, "Jana Marek said that the bridge is open.", Registry({"jana-marek": marek}))
    >>> [(each.content, each.labels["act"]) for each in found.statements]
    [(((21, 39),), 'say')]
    """
    lexicon = load_lexicon(facts.language, learned=learned)
    event = facts.event
    accounts = {} if event is None else dict(event.accounts)
    principals = () if event is None else event.principals
    printed = {
        account: registry.entities[issuer].names if issuer in registry.entities else (issuer,)
        for issuer, account in accounts.items()
        if account in facts.carries and facts.kind != "readout"
    }
    found_regions = regions(text, facts.title, lexicon, printed, carried=facts.kind == "repost")
    found_mentions = mentions(
        text,
        registry,
        facts.language,
        learned=sure_names(lexicon["learned"]["mentions"]),
        principals=principals,
        issuer=facts.issuer,
        day=None if event is None else event.date,
        excluded=[region.place for region in found_regions if region.role == "boilerplate"],
    )
    context = Context(
        kind=facts.kind,
        language=facts.language,
        lexicon=lexicon,
        issuer=facts.issuer,
        account=facts.account,
        accounts=accounts,
        event=None if event is None else event.id,
        principals=principals,
        states=() if event is None else event.states,
        mentions=tuple(found_mentions),
        regions=tuple(found_regions),
    )
    read = (anchorable(text, each) for each in _reader(facts.language)(text, context))
    found = sorted((_labelled(context, each) for each in read if each.content), key=_place)
    known = lexicon["learned"]["confidence"].get("press" if facts.kind == "press" else "official", {})
    found_mentions = [replace(each, origin=_measured(each.origin, known)) for each in found_mentions]
    found = [replace(each, origin=_measured(each.origin, known)) for each in found]
    names = statement_names(found)
    statements = tuple(replace(each, name=name) for each, name in zip(found, names, strict=True))
    relations = tuple(_consultations(statements, found_mentions, event))
    return Proposal(tuple(found_regions), statements, tuple(found_mentions), relations)


def _reader(language: str) -> Callable[[str, Context], list[StatementProposal]]:
    """Return what finds the statements of a text in a language that there is a lexicon of."""
    from importlib import import_module

    modules = {"zh": "chinese", "ru": "russian"}
    module = import_module(f"readouts.proposals.{modules.get(language.partition('-')[0].casefold(), 'english')}")
    found: Callable[[str, Context], list[StatementProposal]] = module.statements
    return found


def _place(statement: StatementProposal) -> tuple[Place, ...]:
    return statement.content


def _measured(origin: Origin, known: Shares[str, float]) -> Origin:
    """Give a rule the confidence that was measured on the corpus."""
    return replace(origin, confidence=known.get(origin.rule, origin.confidence))


def _labelled(context: Context, statement: StatementProposal) -> StatementProposal:
    """Give a statement the labels that it must have and that no rule set, and the confidence of its rule."""
    words = statement.labels
    indirect = any(source.cue for step in statement.chain for source in step)
    labels = {
        "form": "indirect" if indirect else "free_indirect",
        "medium": "speech" if len(statement.chain) > 1 or indirect else "writing",
        "act": "say",
        "topic": "other",
        "polarity": "positive",
        "certainty": "certain",
        "modality": "asserted",
        **({} if context.event is None else {"event_id": context.event}),
        **words,
    }
    return replace(statement, labels=labels)


def _consultations(
    statements: Iterable[StatementProposal], found: Sequence[MentionProposal], event: EventFacts | None
) -> Iterator[RelationProposal]:
    """Yield the act between the leaders for each statement that reports the event and names them both (9.1, 9.2)."""
    if event is None or event.kind not in {"call", "meeting", "visit"} or len(event.principals) != 2:
        return
    first, second = sorted(event.principals)
    for statement in statements:
        if statement.labels.get("act") != "report" or statement.labels.get("topic") != "call":
            continue
        start, end = statement.content[0]
        named = [each for each in found if start <= each.place[0] and each.place[1] <= end]
        places = [next((each.place for each in named if each.entity == who), None) for who in (first, second)]
        if places[0] is None or places[1] is None:
            continue
        at = (min(places[0][0], places[1][0]), max(places[0][1], places[1][1]))
        labels = {"contexts": "diplomatic", "status": "actual", "event_id": event.id, "fit": "exact"}
        if event.kind in _MODES:
            labels["mode"] = _MODES[event.kind]
        origin = Origin("relation.event")
        yield RelationProposal(first, "CONSULT", origin, second, statement.name, labels, (at,))
        return
