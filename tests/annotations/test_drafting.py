"""`readouts anchor`: quotations become offsets, spans get ids that they keep, and nothing else of a file changes."""

from __future__ import annotations

import csv
import io
import json
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from readouts.annotations.drafting import Anchored, anchor_article
from readouts.annotations.tree import TreeFile, annotation_tree
from readouts.cli import app
from readouts.compile.compiler import compile_tree
from readouts.compile.store import Store
from readouts.text.quotation import edges_hold
from readouts.text.sources import TextFolder
from tests.conftest import INVENTED
from tests.properties import examples

HERALD, COURIER = "herald-2031-05-02", "courier-2031-05-02"


def file_of(folder: Path, article: str = HERALD) -> TreeFile:
    return next(file for file in annotation_tree(folder / "annotations")[0] if file.id == article)


def tried(folder: Path, article: str = HERALD, *, texts: bool = True) -> Anchored:
    return anchor_article(file_of(folder, article), TextFolder(folder / "texts") if texts else None)


def anchored(folder: Path, article: str = HERALD, *, texts: bool = True) -> Anchored:
    """Anchor an article and write what comes out."""
    result = tried(folder, article, texts=texts)
    assert result.reading.incidents == []
    file = file_of(folder, article)
    assert file.anchors is not None
    file.anchors.parent.mkdir(exist_ok=True)
    file.anchors.write_bytes(result.anchors.encode())
    file.path.write_bytes(result.article.encode())
    return result


def edit(folder: Path, old: str, new: str, article: str = HERALD) -> None:
    path = file_of(folder, article).path
    text = path.read_bytes().decode()
    assert text.count(old) == 1
    path.write_bytes(text.replace(old, new).encode())


def ids(folder: Path, article: str = HERALD) -> dict[tuple[str, ...], str]:
    """Return the id of each span, by what identifies it."""
    file = file_of(folder, article)
    assert file.anchors is not None
    rows = csv.reader(io.StringIO(file.anchors.read_text(encoding="utf-8"), newline=""))
    return {tuple(filter(None, row[1:9])): row[0].rpartition(".")[2] for row in list(rows)[1:]}


def codes(folder: Path) -> list[str]:
    return [finding.code for finding in compile_tree(folder / "annotations", Store(None)).incidents]


@pytest.mark.parametrize("article", [HERALD, COURIER])
def test_anchoring_a_draft_gives_the_annotation_and_the_anchors_to_the_byte(drafted: Path, article: str) -> None:
    result = tried(drafted, article)
    assert result.reading.incidents == []
    assert result.article.encode() == (INVENTED / f"annotations/articles/{article}.yaml").read_bytes()
    assert result.anchors.encode() == (INVENTED / f"annotations/anchors/{article}.csv").read_bytes()


def test_the_command_writes_what_anchoring_gives(drafted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(drafted)
    done = CliRunner().invoke(app(), ["anchor", "annotations/articles/herald-2031-05-02.yaml", "--texts", "texts"])
    assert (done.exit_code, done.output) == (0, f"{HERALD}: 66 quotations placed; 65 spans, 65 of them new.\n")
    for name in (f"articles/{HERALD}.yaml", f"anchors/{HERALD}.csv"):
        assert (drafted / "annotations" / name).read_bytes() == (INVENTED / "annotations" / name).read_bytes()
    assert not list(drafted.rglob("*.tmp"))


def test_an_article_that_is_not_there_is_named_with_the_nearest_one(
    drafted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(drafted)
    done = CliRunner().invoke(app(), ["anchor", "herald-2031-05-20", "--texts", "texts"])
    assert done.exit_code == 2
    assert f"Did you mean '{HERALD}'?" in done.stderr


@pytest.mark.parametrize("texts", [True, False])
@pytest.mark.parametrize("article", [HERALD, COURIER])
def test_a_second_run_changes_nothing(corpus: Path, article: str, texts: bool) -> None:
    result = tried(corpus, article, texts=texts)
    file = file_of(corpus, article)
    assert file.contents() == (result.article.encode(), result.anchors.encode())
    assert (result.placed, result.new) == (0, 0)


def test_a_kill_between_the_two_files_is_made_good_by_the_next_run(drafted: Path) -> None:
    wanted = tried(drafted)
    file = file_of(drafted)
    assert file.anchors is not None
    file.anchors.parent.mkdir()
    file.anchors.write_bytes(wanted.anchors.encode())
    again = anchored(drafted)
    assert (again.article, again.anchors, again.new) == (wanted.article, wanted.anchors, 0)


def test_only_the_drafts_and_the_block_of_the_text_change(drafted: Path) -> None:
    edit(drafted, "statements:\n", "\n# what follows is\n#  ours\nstatements:   # eight\n")
    edit(drafted, "language: en\n", "language:   'en'   # of the article\n\n")
    edit(drafted, "carries:\n", "# of the parties\n# which article\ncarries:\n")
    before = file_of(drafted).path.read_text(encoding="utf-8").splitlines()
    after = anchored(drafted).article.splitlines()
    start = after.index("text:")
    assert (
        after[start - 1 : start + 8 : 8]
        == ["review: machine", "  spans_allotted: 65"][:1] + after[start + 7 : start + 8]
    )
    assert after[start + 7] == "# of the parties"
    del after[start : start + 7]
    assert len(after) == len(before)
    for old, new in zip(before, after, strict=True):
        assert old == new or "quote:" in old
    assert sum(old != new for old, new in zip(before, after, strict=True)) == sum("quote:" in line for line in before)


@pytest.mark.parametrize(
    ("draft", "after"),
    [
        (' [{quote: "the truce would last"}]  # sure\n', " [[701, 721]]  # sure\n"),
        (
            " [{quote: the truce would last, # one\n       within: that the truce would last # two\n    }]  # three\n",
            " [[701, 721]]  # three  # one  # two\n",
        ),
        ("\n      - quote: the truce would last  # one\n", "\n      - [701, 721]  # one\n"),
        (
            "\n      - quote: the truce would last  # one\n        # two\n        within: that the truce would last\n",
            "\n      - [701, 721]  # one  # two\n",
        ),
        (
            "\n      - quote: >-  # folded\n          the truce\n          would last\n",
            "\n      - [701, 721]  # folded\n",
        ),
        (
            "\n      - quote: |\n          the truce would last\n\n      # next\n",
            "\n      - [701, 721]\n\n      # next\n",
        ),
        (" [{quote: 'the truce would last', within: \"that the truce # would last\"}]\n", " [[701, 721]]\n"),
    ],
)
def test_comments_inside_a_draft_survive_it(drafted: Path, draft: str, after: str) -> None:
    edit(drafted, " [{quote: the truce would last}]\n", draft)
    result = anchored(drafted)
    assert f"content:{after}    sources:" in result.article
    assert anchored(drafted).new == 0
    assert ids(drafted)["content", "701", "721", f"{HERALD}.s08"]


def test_a_comment_that_has_no_place_left_stops_the_anchoring(drafted: Path) -> None:
    edit(
        drafted,
        "{label: unnamed analysts, at: [{quote: Analysts}],",
        '{at: [{quote: Analysts  # who\n       }], label: "unnamed\n         analysts",',
    )
    assert [finding.code for finding in tried(drafted).reading.incidents] == ["wrong-shape"]


@pytest.mark.parametrize("tail", ["", "\n", "  # the end", "\n...\n", "\n# the end\n"])
def test_an_article_with_nothing_annotated_gets_its_text_as_well(corpus: Path, tail: str) -> None:
    file = file_of(corpus)
    head = file.path.read_text(encoding="utf-8").partition("\ntext:")[0]
    file.path.write_text(head + tail, encoding="utf-8")
    result = anchored(corpus)
    assert "\ntext:\n  character_count: 825\n" in result.article
    assert result.article.startswith(head)
    assert all(line in result.article for line in tail.split("\n"))
    assert (anchored(corpus).article, result.anchors.count("\n")) == (result.article, 1)


@pytest.mark.parametrize("article", [HERALD, COURIER])
def test_a_file_with_crlf_keeps_it_and_gets_the_same_offsets(drafted: Path, article: str) -> None:
    path = file_of(drafted, article).path
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    result = anchored(drafted, article)
    expected = (INVENTED / f"annotations/articles/{article}.yaml").read_bytes()
    assert path.read_bytes() == expected.replace(b"\n", b"\r\n")
    assert result.anchors.encode() == (INVENTED / f"annotations/anchors/{article}.csv").read_bytes()


def test_mixed_line_ends_do_not_misplace_the_text(drafted: Path) -> None:
    edit(drafted, "title: Marek", "title: >-\r\n  Marek")
    result = anchored(drafted)
    assert "review: machine\ntext:\r\n" in result.article


def test_a_text_with_crlf_is_counted_as_it_is(drafted: Path) -> None:
    path = drafted / "texts" / f"{HERALD}.txt"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    result = anchored(drafted)
    text = path.read_bytes().decode()
    assert f"character_count: {len(text)}\n" in result.article
    start = text.index("Lake Town")
    assert f"lake-town: [[{start}, {start + 9}]]" in result.article


def test_a_quotation_is_found_regardless_of_its_typography(drafted: Path) -> None:
    edit(
        drafted,
        '[{quote: "both armies “pull back ten kilometres”"}]',
        "[{quote: BOTH armies - 'pull back ten\xa0kilometres'}]",
    )
    assert "content: [[328, 366]]" in anchored(drafted).article


def test_a_context_tells_which_of_two_places_is_meant(drafted: Path) -> None:
    edit(
        drafted,
        "{quote: Lakes, within: phone over the Lakes}, {quote: Lakes, within: truce in the Lakes}",
        "{quote: Lakes, within: in the Lakes}",
    )
    assert "lakes: [[166, 171]]" in anchored(drafted).article


def test_a_cue_that_joint_sources_share_is_one_span(drafted: Path) -> None:
    anchored(drafted)
    cues = [key for key in ids(drafted) if key[0] == "cue" and f"{HERALD}.s01" in key]
    assert cues == [("cue", "281", "284", f"{HERALD}.s01", "0")]


def test_the_text_of_a_draft_is_known_by_its_quotations(drafted: Path) -> None:
    (drafted / "texts" / f"{HERALD}.txt").rename(drafted / "texts" / "downloaded.txt")
    result = anchored(drafted)
    assert result.article.encode() == (INVENTED / f"annotations/articles/{HERALD}.yaml").read_bytes()


def test_the_text_of_an_anchored_article_is_known_by_its_hash(corpus: Path) -> None:
    (corpus / "texts" / f"{HERALD}.txt").rename(corpus / "texts" / "downloaded.txt")
    edit(corpus, "lake-town: [[756, 765]]", "lake-town: [{quote: Lake Town}]")
    assert anchored(corpus).new == 0


@pytest.mark.parametrize("texts", [True, False])
def test_a_span_keeps_its_id_when_its_owner_changes(corpus: Path, texts: bool) -> None:
    before = ids(corpus)
    edit(corpus, "  veldania: [[88, 96]]", "  sarnia: [[88, 96]]")
    assert codes(corpus) == ["not-anchored"]
    assert anchored(corpus, texts=texts).new == 0
    after = ids(corpus)
    assert after["mention", "88", "96", "sarnia"] == before["mention", "88", "96", "veldania"]
    assert set(after.values()) == set(before.values())
    assert codes(corpus) == []


@pytest.mark.parametrize("texts", [True, False])
def test_all_spans_of_a_statement_keep_their_ids_when_it_is_renamed(corpus: Path, texts: bool) -> None:
    before = ids(corpus)
    edit(corpus, "  s08:\n", "  s18:\n")
    assert anchored(corpus, texts=texts).new == 0
    renamed = {tuple(part.replace(".s08", ".s18") for part in key): name for key, name in before.items()}
    assert ids(corpus) == renamed
    assert codes(corpus) == []


def test_spans_that_share_a_place_keep_their_ids_when_their_owners_change_places(corpus: Path) -> None:
    before = ids(corpus)
    path = file_of(corpus).path
    text = path.read_text(encoding="utf-8")
    third, fourth, fifth = (text.index(f"  s0{number}:\n") for number in (3, 4, 5))
    path.write_text(text[:third] + text[fourth:fifth] + text[third:fourth] + text[fifth:], encoding="utf-8")
    result = anchored(corpus)
    assert (result.kept, result.new) == (65, 0)
    assert ids(corpus) == before


def test_a_span_keeps_its_id_when_its_edges_are_corrected(corpus: Path) -> None:
    before = ids(corpus)
    edit(corpus, "content: [[376, 395]]", "content: [{quote: that observers be let in}]")
    assert anchored(corpus).new == 0
    after = ids(corpus)
    key = f"{HERALD}.s04"
    assert after["content", "371", "395", key] == before["content", "376", "395", key]
    assert codes(corpus) == []


def test_a_span_keeps_its_id_when_its_offsets_are_corrected_by_hand(corpus: Path) -> None:
    before = ids(corpus)
    edit(corpus, "lake-town: [[756, 765]]", "lake-town: [[756, 760]]")
    assert [finding.code for finding in tried(corpus, texts=False).reading.incidents] == ["text-missing"]
    anchored(corpus)
    assert ids(corpus)["mention", "756", "760", "lake-town"] == before["mention", "756", "765", "lake-town"]


def test_an_inserted_span_gets_the_next_id_and_the_others_keep_theirs(corpus: Path) -> None:
    before = ids(corpus)
    edit(corpus, "    - [15, 20]\n", "    - {quote: President, within: President Jana}\n    - [15, 20]\n")
    result = anchored(corpus)
    assert (result.placed, result.kept, result.new) == (1, 65, 1)
    after = ids(corpus)
    assert after.pop(("mention", "64", "73", "jana-marek")) == "x0066"
    assert after == before
    assert "spans_allotted: 66\n" in result.article


@pytest.mark.parametrize("texts", [True, False])
def test_the_id_of_a_span_that_was_removed_is_never_given_again(corpus: Path, texts: bool) -> None:
    relation = (
        "  r02: {subject: sarnia, predicate: AGREE, object: veldania, contexts: [diplomatic], status: future, "
        "event: meeting-port-sarn,\n        statement: s02, at: [[197, 231]], fit: approximate}\n"
    )
    edit(corpus, relation, "")
    assert codes(corpus) == ["anchor-unused"]
    anchored(corpus, texts=texts)
    assert max(ids(corpus).values()) == "x0064"
    edit(corpus, "  veldania: [[88, 96]]", "  veldania: [[88, 96]]\n  sarnia: [[88, 96]]")
    anchored(corpus, texts=texts)
    assert ids(corpus)["mention", "88", "96", "sarnia"] == "x0066"
    edit(corpus, "\n  sarnia: [[88, 96]]", "")
    anchored(corpus, texts=texts)
    edit(corpus, "  veldania: [[88, 96]]", "  veldania: [[88, 96]]\n  courier: [[88, 96]]")
    anchored(corpus, texts=texts)
    assert ids(corpus)["mention", "88", "96", "courier"] == "x0067"
    assert codes(corpus) == []


def test_without_texts_a_new_place_is_not_taken_on_trust(corpus: Path) -> None:
    edit(corpus, "lake-town: [[756, 765]]", "lake-town: [[756, 765], [0, 9]]")
    (found,) = tried(corpus, texts=False).reading.incidents
    assert found.code == "text-missing"
    assert found.message.startswith("1 span needs the article's text")
    assert "--texts" in found.hint


def test_all_quotations_that_are_wrong_are_reported_at_once(drafted: Path) -> None:
    edit(drafted, "{quote: Lake Town}", "{quote: Lake City}")
    edit(drafted, "{quote: Veldania}", "{quote: Marek}")
    edit(drafted, "{quote: observers be let in}", '{quote: "observers be let in."}')
    found = tried(drafted)
    assert sorted(finding.code for finding in found.reading.incidents) == [
        "quote-ambiguous",
        "quote-not-found",
        "span-edge",
    ]
    assert (found.article, found.anchors) == ("", "")


WORDS = st.sampled_from(
    [
        "Marek",
        "marek",
        "said",
        "the",
        "“truce”",
        "l'état",
        "Straße",
        "𝔐𝔞𝔯𝔢𝔨",
        "😀",
        "ﬁn",
        "e\u0301",
        "42",
        "—",
        "\n\n",
        "\r\n",
        '"so"',
        "a",
        "#",
        "{x: 1}",
        "\x85",
    ]
)
TEXTS = st.lists(WORDS, min_size=1, max_size=25).map(" ".join)


def occurrences(text: str, words: str) -> int:
    return sum(text.startswith(words, start) for start in range(len(text)))


def quoted(text: str) -> str:
    """Return a text as a double-quoted YAML scalar."""
    escaped = json.dumps(text, ensure_ascii=False)
    return "".join(mark if mark.isprintable() else f"\\U{ord(mark):08x}" for mark in escaped)


@given(text=TEXTS, data=st.data())
@settings(max_examples=examples(150), deadline=None)
def test_any_stretch_quoted_with_enough_context_is_anchored_to_its_own_offsets(text: str, data: st.DataObject) -> None:
    starts = st.integers(0, len(text) - 1)
    start = data.draw(starts)
    end = data.draw(st.integers(start + 1, len(text)))
    before, after = data.draw(st.integers(0, start)), data.draw(st.integers(end, len(text)))
    quote, context = text[start:end], text[before:after]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(INVENTED / "annotations", folder / "annotations")
        (folder / "texts").mkdir()
        (folder / "texts" / f"{HERALD}.txt").write_bytes(text.encode())
        file = file_of(folder)
        assert file.anchors is not None
        file.anchors.unlink()
        head = file.path.read_text(encoding="utf-8").partition("\ntext:")[0]
        draft = f"{{quote: {quoted(quote)}, within: {quoted(context)}}}"
        file.path.write_text(f"{head}\nmentions:\n  lakes: [{draft}]\n", encoding="utf-8")
        result = tried(folder)
    found = [finding.code for finding in result.reading.incidents]
    if occurrences(text, context) > 1 or occurrences(context, quote) > 1:
        assert found == ["quote-ambiguous"]
    elif not edges_hold(text, start, end):
        assert found == ["span-edge"]
    else:
        assert found == []
        assert f"\n  lakes: [[{start}, {end}]]\n" in result.article
        assert result.anchors.splitlines()[1].startswith(f"{HERALD}.x0001,mention,{start},{end},,,,,lakes,")
