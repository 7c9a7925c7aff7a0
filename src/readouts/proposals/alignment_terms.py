"""The terms by which statements are compared: stems of English words, parts of foreign ones, and concepts."""

from __future__ import annotations

import re
from functools import lru_cache

from readouts.proposals.lexicon import FOLDER, normalised

__all__ = ["concepts_of", "foreign_terms", "stems"]

# fmt: off
_STOP = frozenset([
    "a", "about", "all", "also", "an", "and", "any", "are", "as", "at", "be", "been", "between", "both", "but", "by",
    "can", "each", "for", "from", "had", "has", "have", "he", "her", "his", "if", "in", "into", "is", "it", "its",
    "more", "not", "of", "on", "or", "other", "our", "said", "say", "says", "she", "should", "such", "than", "that",
    "the", "their", "these", "they", "this", "those", "to", "was", "we", "were", "which", "who", "will", "with",
    "would",
])
# fmt: on
_ENDINGS = ("ingly", "ations", "ments", "ation", "ings", "ment", "ies", "ied", "ing", "ed", "es", "ly", "s")
_STEM, _RUSSIAN_STEM, _GRAMS = 7, 5, (2, 3, 4)


def stems(text: str) -> list[str]:
    """Return the stems of the English words of a text that mean something.

    Examples
    --------
    >>> stems("The tolls hurt Sarnia’s farmers")
    ['toll', 'hurt', 'sarnia', 'farmer']
    """
    found = []
    for word in re.findall(r"[a-z]{2,}", normalised(text).replace("'s", "")):
        if word not in _STOP:
            ending = next((each for each in _ENDINGS if word.endswith(each) and len(word) - len(each) > 2), "")
            found.append(word[: len(word) - len(ending)][:_STEM])
    return found


def foreign_terms(text: str, language: str) -> set[str]:
    """Return what a Chinese or Russian text is translated by: two to four characters in a row, or beginnings of words.

    Examples
    --------
    >>> sorted(foreign_terms("修桥铺路", "zh"))
    ['修桥', '修桥铺', '修桥铺路', '桥铺', '桥铺路', '铺路']
    >>> foreign_terms("мостами", "ru")
    {'моста'}
    """
    if language == "zh":
        return {
            run[start : start + size]
            for run in re.findall(r"[\u3400-\u9fff]+", text)
            for size in _GRAMS
            for start in range(len(run) - size + 1)
        }
    return {word[:_RUSSIAN_STEM] for word in re.findall("[а-я]{3,}", normalised(text))}


@lru_cache(maxsize=1)
def _concepts() -> dict[str, dict[str, list[str]]]:
    import yaml

    found: dict[str, dict[str, list[str]]] = yaml.safe_load((FOLDER / "concepts.yaml").read_text("utf-8"))
    return found


@lru_cache(maxsize=8)
def _concept_patterns(language: str) -> dict[str, re.Pattern[str]]:
    """Return the words of each concept in a language as a pattern: beginnings of words, but short words whole."""
    patterns = {}
    for concept, words in _concepts().items():
        forms = [
            re.escape(word) if language == "zh" else rf"\b{re.escape(word)}" + (r"\b" if len(word) <= 3 else "")
            for word in words.get(language, ())
        ]
        if forms:
            patterns[concept] = re.compile("|".join(forms))
    return patterns


def concepts_of(text: str, language: str) -> frozenset[str]:
    """Return the concepts that a text names, by the words of `lexicons/concepts.yaml`.

    Examples
    --------
    >>> sorted(concepts_of("lower tariffs", "en") & concepts_of("降低关税", "zh"))
    ['sanctions', 'trade']
    """
    words = normalised(text)
    return frozenset(concept for concept, form in _concept_patterns(language).items() if form.search(words))
