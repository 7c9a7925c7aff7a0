from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readouts.datapackage.errors import ReadoutsError
from readouts.proposals.lexicon import FOLDER, load_lexicon, normalised, read_learned, read_lexicon, terms, topic_of

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """\
language: en
source: Invented for a test.
cues:
  say: [said, told]
  stress: [made clear]
words:
  further: [also]
  marks: [also, further]
wishes: [hopes]
pronouns: [she]
labels: {expert: an expert}
"""
LEARNED: dict[str, Any] = {
    "source": "Invented for a test.",
    "cues": {"en": {"said": {"say": 3}}, "ru": {"сказал": {"say": 1}}},
    "topics": {"en": {"priors": {"economy": -1.0, "security": -0.5}, "weights": {"toll": {"economy": 2.0}}}},
    "mentions": {},
    "confidence": {"en": {"official": {"en.subject-cue": 0.9}}},
}


def written(folder: Path, text: str, name: str = "en.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_lexicon_gives_its_words_by_section_and_label(tmp_path: Path) -> None:
    lexicon = read_lexicon(written(tmp_path, GOOD))
    assert lexicon["cues"] == {"say": ("said", "told"), "stress": ("made clear",)}
    assert lexicon["words"]["marks"] == ("also", "further")
    assert lexicon["wishes"] == ("hopes",)
    assert lexicon["labels"] == {"expert": "an expert"}
    assert lexicon["topics"] == {}


def test_a_lexicon_is_found_by_the_first_part_of_the_tag_and_has_what_was_learned_of_its_language(
    tmp_path: Path,
) -> None:
    written(tmp_path, GOOD)
    lexicon = load_lexicon("en-GB", learned=LEARNED, folder=tmp_path)
    assert lexicon["learned"]["cues"] == {"said": {"say": 3}}
    assert lexicon["learned"]["mentions"] == {}
    assert lexicon["learned"]["confidence"]["official"]["en.subject-cue"] == 0.9


def test_what_was_learned_is_read_from_the_folder_unless_it_is_given(tmp_path: Path) -> None:
    written(tmp_path, GOOD)
    written(tmp_path, json.dumps(LEARNED), "learned.json")
    assert load_lexicon("en", folder=tmp_path)["learned"]["cues"] == {"said": {"say": 3}}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("cues:", "cue:", "en.yaml:3:1: Unknown section 'cue'. Did you mean 'cues'?"),
        ("stress:", "stres:", "en.yaml:5:3: 'stres' is not a value of 'act'. Did you mean 'stress'?"),
        ("[made clear]", "[made  Clear, SAID]", "en.yaml:5:25: Duplicate word 'SAID' in 'cues' (first on line 4)."),
        ("[also, further]", "[also, also]", "en.yaml:8:17: Duplicate word 'also' in 'words' (first on line 8)."),
        ("[said, told]", "['', told]", "en.yaml:4:9: Expected a word in 'cues', found ''."),
        ("[said, told]", "said", "en.yaml:4:8: Expected a list of words, found 'said'."),
        ("language: en", "language: fr", "en.yaml:1:11: Expected the language that the file is named for, 'en'"),
        ("source: Invented for a test.\n", "", "en.yaml:1:1: Expected the key 'source' with a text"),
        ("  stress:", "  say:", "en.yaml:5:3: Duplicate key 'say' (first defined on line 4)."),
        ("words:", "words: *all", "en.yaml:6"),
    ],
)  # fmt: skip
def test_a_lexicon_that_is_not_as_it_should_be_is_refused_with_file_and_line(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    assert old in GOOD
    with pytest.raises(ReadoutsError) as refused:
        read_lexicon(written(tmp_path, GOOD.replace(old, new)))
    assert message in str(refused.value)


def test_every_finding_of_a_lexicon_is_in_the_message(tmp_path: Path) -> None:
    bad = GOOD.replace("stress:", "stres:").replace("language: en", "language: fr")
    with pytest.raises(ReadoutsError) as refused:
        read_lexicon(written(tmp_path, bad))
    assert len(str(refused.value).splitlines()) == 2


def test_a_language_without_a_lexicon_is_named_with_those_that_have_one(tmp_path: Path) -> None:
    written(tmp_path, GOOD)
    with pytest.raises(ReadoutsError, match=r"^The language 'fr-CA' lacks a lexicon; .* in en\.$"):
        load_lexicon("fr-CA", learned=LEARNED, folder=tmp_path)
    with pytest.raises(ReadoutsError, match=r"^The article lacks its `language`; .* in en\.$"):
        load_lexicon("", learned=LEARNED, folder=tmp_path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "learned.json, line 1: not JSON"),
        ('{"cues": {},\n "cues": {}}', "learned.json, line 2: Duplicate key 'cues' on line 2"),
        ('{"cues": {}}', "expected an object with the keys source, cues, topics, mentions, confidence; found cues"),
        ("[]", "found list"),
        ('{"cues": NaN}', "not JSON: NaN is not JSON"),
    ],
)
def test_a_file_of_learned_words_that_is_not_as_it_should_be_is_refused(
    tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(ReadoutsError) as refused:
        read_learned(written(tmp_path, text, "learned.json"))
    assert message in str(refused.value)


def test_a_missing_file_of_learned_words_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(ReadoutsError, match=r"learn_proposals\.py"):
        read_learned(tmp_path / "learned.json")


LANGUAGES = sorted(path.stem for path in FOLDER.glob("??.yaml"))


def test_there_is_a_lexicon_of_each_language_that_rules_are_written_for() -> None:
    assert LANGUAGES == ["en", "ru", "zh"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_section_of_a_lexicon_is_looked_up_by_a_rule(language: str) -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in FOLDER.parent.glob("*.py"))
    lexicon = load_lexicon(language)
    assert lexicon["language"] == language
    assert [name for name in lexicon if f'"{name}"' not in code] == []


def test_the_topic_is_the_one_with_the_largest_sum_of_weights(tmp_path: Path) -> None:
    written(tmp_path, GOOD)
    lexicon = load_lexicon("en", learned=LEARNED, folder=tmp_path)
    assert topic_of("the toll of the bridge", lexicon) == "economy"
    assert topic_of("the bridge", lexicon) == "security"
    assert topic_of("the bridge", {"learned": {"topics": {}}}) is None


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)


@given(st.text(alphabet="ab 中国桥-，.Ё'"))
def test_no_term_is_longer_than_a_word_or_two_han_characters(text: str) -> None:
    for term in terms(text):
        assert " " not in term
        assert term.isalpha() is False or not any("\u3400" <= each <= "\u9fff" for each in term) or len(term) <= 2
