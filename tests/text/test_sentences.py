"""The sentences that a stretch of a text lies in."""

from __future__ import annotations

import pytest

from readouts.text.sentences import sentence_extent


@pytest.mark.parametrize(
    ("text", "words", "sentence"),
    [
        ("She came. He left. Both slept.", "left", "He left."),
        ("It rained. “Stay here!” he said. They stayed.", "Stay", "“Stay here!” he said."),
        ("It rained. Mr. J. Sarn met U.S. envoys. They left.", "Sarn", "Mr. J. Sarn met U.S. envoys."),
        ("The talks\nwent on. Nobody slept.", "went", "The talks\nwent on."),
        ("A headline\n\nThe text begins.", "headline", "A headline"),
        ("A headline\r\n\r\nThe text begins.", "text", "The text begins."),
        ("Шёл дождь. В. Сарн приехал в г. Озёрск. Все ушли.", "приехал", "В. Сарн приехал в г. Озёрск."),
        ("下雨了。萨恩说：“我们会来。”大家走了。", "我们", "萨恩说：“我们会来。”"),
        ("It cost 3.5 million. All paid.", "cost", "It cost 3.5 million."),
        ("She came. He left. Both slept.", "came. He", "She came. He left."),
        ("No full stop", "stop", "No full stop"),
    ],
)
def test_a_sentence_is_found_around_its_words(text: str, words: str, sentence: str) -> None:
    start = text.index(words)
    first, last = sentence_extent(text, start, start + len(words))
    assert text[first:last].strip() == sentence
