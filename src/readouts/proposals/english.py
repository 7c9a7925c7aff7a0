"""Statements of an English text: subjects, cues and contents, by the rules of the guideline for annotators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.proposals.english_reader import Reader
from readouts.proposals.english_statements import in_sentence

if TYPE_CHECKING:
    from readouts.proposals.context import Context
    from readouts.proposals.proposal import StatementProposal

__all__ = ["statements"]


def statements(text: str, context: Context) -> list[StatementProposal]:
    """Find the statements of an English text.

    Parameters
    ----------
    text
        The text.
    context
        What is known of it: its lexicon, names and regions above all.

    Returns
    -------
    list[StatementProposal]
        The statements in reading order.

    Examples
    --------
    >>> from readouts.proposals.context import Context
    >>> from readouts.proposals.lexicon import load_lexicon
    >>> from readouts.proposals.proposal import MentionProposal, Origin
    >>> text = "President Marek stressed that the bridge is open. The harvest was discussed."
    >>> marek = MentionProposal("jana-marek", (0, 15), Origin("name"))
    >>> known = Context("readout", "en", load_lexicon("en"), "presidency", "presidency-2031-05-01", mentions=(marek,))
    >>> for found in statements(text, known):
    ...     print([source.entity for step in found.chain for source in step], text[slice(*found.content[0])])
    ['presidency', 'jana-marek'] the bridge is open
    ['presidency'] The harvest was discussed
    """
    reader = Reader(text, context)
    return [found for place in reader.read() for found in in_sentence(reader, *place)]
