"""Known facts about a text, for the search for its statements."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from readouts.proposals.proposal import MentionProposal, RegionProposal

__all__ = ["Context"]


@dataclass(frozen=True)
class Context:
    """Known facts about a text, for the search for its statements.

    Attributes
    ----------
    kind
        `readout`, `repost` or `press`.
    language
        BCP 47 tag of the text.
    lexicon
        The words that its language's rules look for.
    issuer, account
        Entity and account that an official document speaks for; None for a press article.
    accounts
        Ids of the event's accounts by the entity that issued them.
    event
        Id of the event that most of its statements are about.
    principals
        Ids of the leaders who take part, side a's first.
    states
        Ids of the two governments' states, side a's first.
    mentions
        Names found in the text, in reading order.
    regions
        Its headline and other parts, in reading order.
    """

    kind: str
    language: str
    lexicon: Mapping[str, Any]
    issuer: str | None = None
    account: str | None = None
    accounts: Mapping[str, str] = field(default_factory=dict)
    event: str | None = None
    principals: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    mentions: tuple[MentionProposal, ...] = ()
    regions: tuple[RegionProposal, ...] = ()
