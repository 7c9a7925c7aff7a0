"""Pages made of the texts of the published corpus: the article is found in them, and nothing else is taken for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from readouts.corpus_schema.bundled import bundled_package
from readouts.datapackage.package.package import open_package
from readouts.text.anchoring import Status
from readouts.text.hydration import anchor_of
from readouts.text.problem import TextProblem
from readouts.text.retrieval.reading import Article
from readouts.text.retrieval.web import Page
from readouts.text.skeleton import Skeleton, skeleton
from readouts.text.sources import TextFolder
from tests.text.edited_text import paragraphs
from tests.text.retrieval.site import page

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.slow
@pytest.mark.parametrize("body", ["paragraphs", "advertisements between", "subheadings", "table"])
def test_in_pages_of_the_texts_of_the_corpus_next_to_no_content_is_lost_and_none_is_in_a_wrong_place(
    body: str, source_texts: Path
) -> None:
    package, folder = open_package(bundled_package()), TextFolder(source_texts)
    spans = package.rows("spans")
    total, lost, wrong = 0, [], []
    for row in package.rows("articles"):
        name, title = str(row["article_id"]), str(row["title"])
        own = [span for span in spans if span["article_id"] == name]
        try:
            text = folder.find(name, row["sha256_raw"], []).skeleton.text
        except TextProblem:
            continue
        if title not in (text[start:end] for start, end in paragraphs(text)):
            continue
        anchors = [anchor_of(span) for span in own]
        contents = {str(span["span_id"]) for span in own if span["role"] == "content"}
        source = page(text, title, str(row["language"]), body)
        found = Article(row, anchors, contents).read(Page("http://a/", 200, {}, source.encode()))
        total += len(contents)
        new = Skeleton(found.text)
        for anchor in anchors:
            place = found.places[anchor.span_id]
            if place.start is None or place.end is None:
                lost += [anchor.span_id] if anchor.span_id in contents else []
            elif place.status is not Status.DRIFTED:
                # It stands where its whole paragraph does.
                start, end = next(part for part in paragraphs(text) if part[0] <= anchor.start < part[1])
                before = skeleton(text[start : anchor.start])
                whole = re.escape(skeleton(text[start : max(end, anchor.end)]))
                starts = {match.start() + len(before) for match in re.finditer(whole, new.letters)}
                first, last = new.inside(place.start, place.end)
                if first not in starts or new.letters[first:last] != skeleton(text[anchor.start : anchor.end]):
                    wrong.append(anchor.span_id)
    if total == 0:
        pytest.skip(f"no text of an article of the corpus is in {source_texts}")
    assert wrong == []
    assert 100 * len(lost) <= total, lost
