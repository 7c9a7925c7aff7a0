"""Statements proposed from Chinese: official accounts, and what press articles attribute.

Written for the kinds of text of the corpus: an account that its issuer publishes or an outlet carries, an article that
prints one in full, and an article that reports what accounts and people say.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from readouts.proposals.chinese_account import Account
from readouts.proposals.chinese_press import reported
from readouts.proposals.chinese_reader import Reader

if TYPE_CHECKING:
    from readouts.proposals.context import Context
    from readouts.proposals.proposal import Place, StatementProposal

__all__ = ["statements"]


def statements(text: str, context: Context) -> list[StatementProposal]:
    """Propose the statements of a Chinese text, in simplified or traditional characters.

    Parameters
    ----------
    text
        The text as it is.
    context
        What is known of it.

    Returns
    -------
    list of StatementProposal
        In reading order.

    Examples
    --------
    >>> from readouts.proposals.context import Context
    >>> from readouts.proposals.proposal import MentionProposal, Origin
    >>> text = "马雷克指出，大桥关闭给农民带来损失。"
    >>> lexicon = {"cues": {"say": ["指出"]}, "words": {"preposition": ["给"], "verb": ["带来"]}}
    >>> marek = MentionProposal("jana-marek", (0, 3), Origin("alias"))
    >>> context = Context("readout", "zh", lexicon, "presidency", principals=("jana-marek",), mentions=(marek,))
    >>> [(item.content, item.chain[-1][0].entity) for item in statements(text, context)]
    [(((6, 17),), 'jana-marek')]
    """
    reader = Reader(text, context)
    paragraphs = reader.paragraphs()
    printed = _printed(reader, paragraphs)
    found: list[StatementProposal] = []
    if context.kind != "press" and len(printed) < 2:
        found.extend(Account(reader).statements(paragraphs, titled=True))
    else:
        covered = {place for places in printed.values() for place in places}
        outlet = Reader(text, replace(context, issuer=None, account=None))
        found.extend(reported(outlet, [place for place in paragraphs if place not in covered]))
        for issuer, places in printed.items():
            part = Reader(text, replace(context, issuer=issuer, account=context.accounts.get(issuer)))
            found.extend(Account(part).statements(places, titled=False))
    return sorted(found, key=lambda item: item.content)


def _printed(reader: Reader, paragraphs: list[Place]) -> dict[str, list[Place]]:
    """Return the paragraphs of accounts that the text prints in full, by their issuer."""
    context = reader.context
    issuers = {account: issuer for issuer, account in context.accounts.items()}
    printed: dict[str, list[Place]] = {}
    for region in context.regions:
        if region.role == "readout" and region.account in issuers:
            start, end = region.place
            printed[issuers[region.account]] = [place for place in paragraphs if start <= place[0] < end]
    if printed:
        return printed
    issuer = None
    for start, end in paragraphs:
        if any(word in reader.text[start:end] for word in reader.words.lexicon.get("reprints", ())):
            issuer = next((entity for entity in reader.issuers(start, end) if entity in context.accounts), None)
        elif not any(character.isalnum() for character in reader.text[start:end]):
            issuer = None
        elif issuer is not None:
            printed.setdefault(issuer, []).append((start, end))
    return printed
