"""spaCy's Matcher with verbs of speech, on a pipeline without a trained model: what follows a verb is said.

Reads texts, each with its language, from the JSON file of the first argument; prints what was found of each.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import spacy  # type: ignore[import-not-found,unused-ignore]
from spacy.matcher import Matcher  # type: ignore[import-not-found,unused-ignore]

VERBS = json.loads(Path(__file__).with_name("verbs_of_speech.json").read_text(encoding="utf-8"))
STOPS = {"en": ["."], "ru": ["."], "zh": ["。", "！", "？"]}
INTRODUCES = {"that", "что", ",", ":", "：", "，", "to"}


def pipeline(language: str) -> Any:
    """Return tokens, sentences and, but for Chinese, lemmas looked up in a table."""
    nlp = spacy.blank(language)
    nlp.add_pipe("sentencizer", config={"punct_chars": [*STOPS[language], "!", "?", "…"]})
    if language != "zh":
        nlp.add_pipe("lemmatizer", config={"mode": "lookup"})
        nlp.initialize()
    return nlp


def matcher(nlp: Any, language: str) -> Matcher:
    """Return a matcher of verbs of speech: by lemma, and in Chinese by their characters."""
    found = Matcher(nlp.vocab)
    if language == "zh":
        found.add("verb", [[{"ORTH": character} for character in verb] for verb in VERBS["zh"]], greedy="LONGEST")
    else:
        found.add("verb", [[{"LEMMA": {"IN": VERBS[language]}}]])
    return found


def statements(doc: Any, verbs: Matcher) -> list[dict[str, list[list[int]]]]:
    """Return the first verb of each sentence as cue, what is before it as source, and what follows as content."""
    found = []
    for sentence in doc.sents:
        matches = sorted((start, end) for _, start, end in verbs(sentence))
        for start, end in matches[:1]:
            cue, source, content = sentence[start:end], sentence[:start], sentence[end:]
            while len(content) and (content[0].lower_ in INTRODUCES or content[0].is_space):
                content = content[1:]
            while len(content) and (content[-1].is_punct or content[-1].is_space):
                content = content[:-1]
            if len(content) > 1:
                parts = {"content": content, "cue": cue, "source": source}
                found.append({name: [[part.start_char, part.end_char]] for name, part in parts.items() if len(part)})
    return found


def main() -> None:
    """Print the statements of all texts."""
    texts = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    found = {}
    for language in sorted({text["language"] for text in texts.values()} & set(VERBS)):
        nlp = pipeline(language)
        verbs = matcher(nlp, language)
        for name, text in texts.items():
            if text["language"] == language:
                found[name] = statements(nlp(text["text"]), verbs)
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
