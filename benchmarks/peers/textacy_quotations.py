"""textacy's direct quotations, with the trained model of spaCy's that is named; without one, what it would choose from.

Reads texts, each with its language, from the JSON file of the first argument; the second is the name of a model for
English, or `-`. Prints the findings for each text. Without a model there are no verbs and no subjects: every quotation
that textacy would look at is then printed, which is as much as it can find with any model.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import spacy  # type: ignore[import-not-found,unused-ignore]
import textacy.extract  # type: ignore[import-not-found,unused-ignore]


def trained(doc: Any) -> list[dict[str, list[list[int]]]]:
    """Return the direct quotations; none of a text with an unclosed one, at which textacy stops."""
    found = []
    try:
        quotations = list(textacy.extract.direct_quotations(doc))
    except ValueError:
        return []
    for quotation in quotations:
        parts = {"content": quotation.content[1:-1], "cue": quotation.cue, "source": quotation.speaker}
        found.append({name: [[part[0].idx, part[-1].idx + len(part[-1])]] for name, part in parts.items()})
    return found


def candidates(doc: Any) -> list[dict[str, list[list[int]]]]:
    """Return every quotation that textacy would look for a speaker of."""
    marks = [token.i for token in doc if token.is_quote]
    if len(marks) % 2:
        return []
    found = []
    for start, end in zip(marks[::2], marks[1::2], strict=True):
        content = doc[start : end + 1]
        words = [token for token in content if not (token.is_punct or token.is_stop)]
        if len(content) >= 4 and not all(token.is_title for token in words):
            found.append({"content": [[content[1].idx, content[-2].idx + len(content[-2])]]})
    return found


def main() -> None:
    """Print the quotations of the English texts."""
    texts = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    model = sys.argv[2]
    nlp = spacy.blank("en") if model == "-" else spacy.load(model)
    find = candidates if model == "-" else trained
    found = {name: find(nlp(text["text"])) for name, text in texts.items() if text["language"] == "en"}
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
