"""Sides, topics and relations of the corpus in words."""

from __future__ import annotations

__all__ = ["GROUP_TITLES", "PAIR_WORDS", "WORDING_WORDS", "predicate_text", "topic_name"]

GROUP_TITLES = {
    "contradicted": "Contradicted",
    "in_tension": "In tension",
    "both": "Both say",
    "partly": "One says more than the other",
    "only_a": "{a} alone",
    "only_b": "{b} alone",
    "third": "Others say",
}
"""Titles of the groups of claims; `a` and `b` stand for the names of the sides."""
PAIR_WORDS = {
    "contradicts": "contradicted by",
    "in_tension": "in tension with",
    "weaker": "says less than",
    "stronger": "says more than",
}
"""How a claim of side a, on the left, relates to one of side b, on the right."""
WORDING_WORDS = {
    "quotes_altered": "Quotation altered",
    "translation_variant": "Translated differently",
    "quotes_verbatim": "Quoted word for word",
    "paraphrase": "Put in other words",
}


def topic_name(topic: str) -> str:
    """Return a topic as words.

    Examples
    --------
    >>> topic_name("domestic_politics")
    'domestic politics'
    """
    return topic.replace("_", " ") or "no topic"


def predicate_text(predicate: str | None) -> str:
    """Return the predicate of a relation as words.

    Examples
    --------
    >>> predicate_text("CONSULT"), predicate_text("holds_office")
    ('consult', 'holds office')
    """
    return (predicate or "").replace("_", " ").lower()
