"""Sides, topics and relations of the corpus as text."""

from __future__ import annotations

from readouts.analysis.claims import GROUP_TITLES

__all__ = [
    "GROUP_TITLES",
    "PAIR_WORDS",
    "WORDING_WORDS",
    "language_name",
    "of_all",
    "predicate_text",
    "relation_text",
    "share_of",
    "topic_name",
]

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

_LEAST_SHARE = 20
"""Of fewer claims, only counts are shown: one claim more or less would move a share by more than five points."""


def of_all(part: int, whole: int) -> str:
    """Return a count as part of a whole, with the share where the whole is large enough.

    Only all is 100 per cent, and only nothing is 0.

    Examples
    --------
    >>> of_all(2, 5), of_all(12, 48), of_all(299, 300), of_all(0, 0)
    ('2 of 5', '12 of 48 (25%)', '299 of 300 (99%)', '')
    """
    if not whole:
        return ""
    share = share_of(part, whole)
    return f"{part:,} of {whole:,}" + (f" ({share})" if share else "")


def share_of(part: int, whole: int) -> str:
    """Return the share of a part, where the whole is large enough for one.

    Examples
    --------
    >>> share_of(12, 48), share_of(2, 5)
    ('25%', '')
    """
    if whole < _LEAST_SHARE:
        return ""
    return f"{min(max(round(100 * part / whole), int(part > 0)), 100 if part == whole else 99)}%"


_LANGUAGES = {"en": "English", "ru": "Russian", "uk": "Ukrainian", "zh": "Chinese"}


def language_name(tag: str) -> str:
    """Return a language as words; its tag where its name isn't known.

    Examples
    --------
    >>> language_name("zh-Hans"), language_name("kk")
    ('Chinese', 'kk')
    """
    return _LANGUAGES.get(tag.partition("-")[0], tag) or "no language given"


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


_RELATIONS = {
    "AGREE": "agreed with",
    "CONSULT": "talked with",
    "CONSULT phone": "spoke on the phone with",
    "CONSULT visit": "visited",
    "SUPPORT": "supported",
    "COOPERATE": "cooperated with",
    "AID": "aided",
    "REQUEST": "asked or urged",
    "REQUEST meet": "asked for talks with",
    "REQUEST assist": "asked for help from",
    "ACCUSE": "accused or criticised",
    "ACCUSE disapprove": "disapproved of",
    "ACCUSE allege": "alleged wrongdoing by",
    "THREATEN": "threatened or warned",
    "SANCTION": "imposed sanctions on",
    "holds_office": "holds the office of",
    "part_of": "is part of",
    "member_of": "is a member of",
    "represents": "represents",
}


def relation_text(predicate: str | None, mode: str | None) -> str:
    """Return a predicate and its mode as words for a place between two names.

    Examples
    --------
    >>> relation_text("CONSULT", "phone"), relation_text("AGREE", None), relation_text("SANCTION", "expel")
    ('spoke on the phone with', 'agreed with', 'imposed sanctions on (expel)')
    """
    whole = _RELATIONS.get(f"{predicate} {mode}") if mode else None
    words = whole or _RELATIONS.get(predicate or "") or predicate_text(predicate)
    return words if whole or not mode else f"{words} ({mode})"
