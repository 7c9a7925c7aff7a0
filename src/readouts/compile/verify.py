"""Holding the annotations against the texts: every anchor, every edge, and every summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.annotations.summaries import copied_summaries
from readouts.annotations.tree import TreeFile, read_file
from readouts.corpus_schema.incident_codes import incident
from readouts.datapackage.incident import Incident, Source
from readouts.datapackage.scripts import UNSPACED
from readouts.text.fingerprint import Fingerprint, fingerprint, hash_text
from readouts.text.problem import TextProblem
from readouts.text.quotation import edges_hold
from readouts.text.skeleton import word_count

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from readouts.annotations.records import Reading, Record
    from readouts.text.skeleton import Skeleton
    from readouts.text.sources import TextFolder

__all__ = ["verify_texts"]

_UNSPACED_LANGUAGES = frozenset({"bo", "dz", "ja", "km", "lo", "my", "th", "zh"})


def verify_texts(files: Iterable[TreeFile], folder: TextFolder) -> list[Incident]:
    """Hold every article's annotation against its text.

    Returns
    -------
    list
        A finding for each text that is missing, unreadable or another than the one annotated, each span whose
        fingerprint or edges don't hold, and each summary that copies its source.
    """
    found: list[Incident] = []
    for file in files:
        if file.kind == "article":
            found += _verify_article(file, folder)
    return found


def _verify_article(file: TreeFile, folder: TextFolder) -> list[Incident]:
    reading = read_file(file)
    article = reading.of("articles")[0]
    at = Source(file.name, article.lines.get("sha256_raw", article.line))
    try:
        text = folder.find(file.id, article.cells.get("sha256_raw"), [])
        skeleton = text.skeleton
    except TextProblem as problem:
        return [incident(problem.code, str(problem), table="articles", key=(file.id,), source=at)]
    expected = article.cells.get("sha256_raw")
    if text.sha256 != expected:
        message = f"Expected a text with the SHA-256 {expected}; {text.path.name} has {text.sha256}."
        return [incident("text-differs", message, table="articles", key=(file.id,), source=at)]
    return [*_counts(article, skeleton, file), *_spans(reading, skeleton), *copied_summaries(reading, skeleton.text)]


def _counts(article: Record, text: Skeleton, file: TreeFile) -> Iterator[Incident]:
    words = word_count(text.text)
    facts = {
        "character_count": str(len(text.text)),
        "word_count": None if words is None else str(words),
        "sha256_skeleton": hash_text(text.letters),
    }
    for column, value in facts.items():
        if article.cells.get(column) != value:
            expected, found = value or "nothing", article.cells.get(column) or "nothing"
            message = f"Expected {expected} for '{column}', as the text has it; found {found}."
            place = Source(file.name, article.lines.get(column, article.line))
            yield incident("text-differs", message, table="articles", field=column, source=place)
    language = article.cells.get("language") or ""
    unspaced = language.partition("-")[0] in _UNSPACED_LANGUAGES
    if (words is None and not unspaced) or (unspaced and not UNSPACED.search(text.text)):
        script = "without spaces between words" if words is None else "with spaces between words"
        message = f"Expected a language that is written {script}, as the text is; found '{language}' for 'language'."
        hint = "Write the language of the text, or use the text that was annotated."
        place = Source(file.name, article.lines.get("language", article.line))
        yield incident("text-differs", message, table="articles", field="language", hint=hint, source=place)


def _spans(reading: Reading, text: Skeleton) -> Iterator[Incident]:
    for record in reading.of("spans"):
        cells = record.cells
        start, end = int(cells["start"] or 0), int(cells["end"] or 0)
        length = int(cells["skeleton_length"] or 0)
        names = ("skeleton_sha256", "prefix_sha256", "suffix_sha256")
        whole, before, after = (cells[name] or "" for name in names)
        place = Source(reading.file, record.line)
        key = (cells["span_id"] or "",)
        if fingerprint(text, start, end) != Fingerprint(whole, length, before, after):
            message = f"The text at [{start}, {end}] is not what {cells['span_id']} was anchored to."
            yield incident("fingerprint-differs", message, table="spans", key=key, source=place)
        elif not edges_hold(text.text, start, end):
            message = f"The span [{start}, {end}] must begin and end on a letter, a digit or a quotation mark."
            yield incident("span-edge", message, table="spans", key=key, source=place)
