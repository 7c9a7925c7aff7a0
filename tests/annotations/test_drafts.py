"""`readouts draft`: quotations in place of offsets, and `anchor` turns them into the same offsets again."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readouts.annotations.drafting import Anchored, anchor
from readouts.annotations.drafts import Drafted, article_file, draft, draft_article
from readouts.datapackage.errors import ReadoutsError
from readouts.text.quotation import edges_hold
from readouts.text.sources import TextFolder
from tests.annotations.test_drafting import TEXTS
from tests.conftest import INVENTED, ROOT
from tests.properties import examples

HERALD, COURIER = "herald-2031-05-02", "courier-2031-05-02"
LANGUAGES = ROOT / "tests" / "languages"


def drafted(folder: Path, article: str = HERALD) -> Drafted:
    result = draft(article, folder / "annotations", folder / "texts")
    assert result.reading.incidents == []
    return result


def anchored(folder: Path, article: str = HERALD) -> Anchored:
    return anchor(article, folder / "annotations", folder / "texts")


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in (folder / "annotations").rglob("*") if path.is_file()}


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_bytes().decode()
    assert text.count(old) == 1
    path.write_bytes(text.replace(old, new).encode())


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
@pytest.mark.parametrize("article", [HERALD, COURIER])
def test_drafting_and_anchoring_gives_the_same_bytes(corpus: Path, article: str, newline: bytes) -> None:
    file = article_file(article, corpus / "annotations")
    file.path.write_bytes(file.path.read_bytes().replace(b"\n", newline))
    before = contents(corpus)
    path = drafted(corpus, article).path
    assert ": [[" not in path.read_text(encoding="utf-8")
    # With a change that is none, every quotation is looked up.
    path.write_bytes(path.read_bytes().replace(b"\nlanguage: en", b"\nlanguage:  en"))
    result = anchored(corpus, article)
    assert (result.reading.incidents, result.new) == ([], 0)
    edit(file.path, "language:  en", "language: en")
    assert contents(corpus) == before
    assert not path.exists()


def test_quotations_in_chinese_and_russian_lead_back_to_their_places(tmp_path: Path) -> None:
    for part in ("annotations", "texts"):
        shutil.copytree(LANGUAGES / part, tmp_path / part)
    articles = sorted(path.stem for path in (tmp_path / "annotations/articles").glob("*.yaml"))
    for article in articles:
        assert anchored(tmp_path, article).reading.incidents == []
    before = contents(tmp_path)
    for article in articles:
        path = drafted(tmp_path, article).path
        path.write_bytes(path.read_bytes() + b"# read\n")
        assert anchored(tmp_path, article).new == 0
        file = tmp_path / f"annotations/articles/{article}.yaml"
        file.write_bytes(file.read_bytes().removesuffix(b"# read\n"))
    assert contents(tmp_path) == before


def test_an_unchanged_draft_leaves_offsets_as_they_were_written(corpus: Path) -> None:
    file = article_file(HERALD, corpus / "annotations")
    edit(file.path, "lake-town: [[756, 765]]", "lake-town: [ [756,765] ]  # once")
    before = contents(corpus)
    drafted(corpus)
    anchored(corpus)
    assert contents(corpus) == before


def test_git_ignores_the_folder_of_drafts(corpus: Path) -> None:
    path = drafted(corpus).path
    assert path == corpus.resolve() / "drafts" / f"{HERALD}.yaml"
    assert (path.parent / ".gitignore").read_text(encoding="utf-8") == "*\n"


def test_a_corrected_quotation_leaves_the_ids_of_all_spans(corpus: Path) -> None:
    path = drafted(corpus).path
    edit(path, '"observers be let in"', '"that observers be let in"')
    result = anchored(corpus)
    assert (result.kept, result.new) == (65, 0)
    assert "content: [[371, 395]]" in result.article


def test_a_draft_of_an_article_that_has_changed_since_is_refused_and_stays(corpus: Path) -> None:
    path = drafted(corpus).path
    edit(path, "language: en", "language: en-GB")
    edit(article_file(HERALD, corpus / "annotations").path, "language: en", "language: en-US")
    before, ours = contents(corpus), path.read_bytes()
    with pytest.raises(ReadoutsError, match="was made from another state"):
        anchored(corpus)
    with pytest.raises(ReadoutsError, match="already exists"):
        drafted(corpus)
    assert (contents(corpus), path.read_bytes()) == (before, ours)


def test_a_kill_before_the_draft_is_removed_is_made_good_by_the_next_run(corpus: Path) -> None:
    path = drafted(corpus).path
    edit(path, "language: en", "language: en-GB")
    ours = path.read_bytes()
    anchored(corpus)
    after = contents(corpus)
    path.write_bytes(ours)
    assert anchored(corpus).reading.incidents == []
    assert (contents(corpus), path.exists()) == (after, False)


def test_a_mistake_in_a_draft_is_shown_on_its_line_and_loses_nothing(corpus: Path) -> None:
    path = drafted(corpus).path
    edit(path, '"observers be let in"', '"observers be sent in"')
    before, ours = contents(corpus), path.read_bytes()
    (found,) = anchored(corpus).reading.incidents
    line = ours.decode().partition("observers be sent in")[0].count("\n") + 1
    assert found.source is not None
    assert (found.code, found.source.file, found.source.line) == ("quote-not-found", f"drafts/{HERALD}.yaml", line)
    assert (contents(corpus), path.read_bytes()) == (before, ours)


def test_a_copied_summary_is_found_when_the_article_is_anchored(corpus: Path) -> None:
    words = (corpus / "texts" / f"{HERALD}.txt").read_text(encoding="utf-8").split("truce", 1)[1].split()[:9]
    path = drafted(corpus).path
    summary = next(line for line in path.read_text(encoding="utf-8").splitlines() if "summary:" in line)
    edit(path, summary, f'    summary: "{" ".join(words).replace(chr(34), "")}"')
    assert [finding.code for finding in anchored(corpus).reading.incidents] == ["summary-copies-source"]


@given(text=TEXTS, data=st.data())
@settings(max_examples=examples(100), deadline=None)
def test_any_spans_lead_back_to_themselves(text: str, data: st.DataObject) -> None:
    pairs = st.tuples(st.integers(0, len(text) - 1), st.integers(1, len(text))).filter(lambda pair: pair[0] < pair[1])
    spans = st.lists(pairs.filter(lambda pair: edges_hold(text, *pair)), max_size=6, unique=True)
    mentions, content, cue = data.draw(spans), data.draw(spans), data.draw(spans)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(INVENTED / "annotations", folder / "annotations")
        (folder / "texts").mkdir()
        (folder / "texts" / f"{HERALD}.txt").write_bytes(text.encode())
        file = article_file(HERALD, folder / "annotations")
        assert file.anchors is not None
        file.anchors.unlink()
        head = file.path.read_text(encoding="utf-8").partition("\ntext:")[0]
        lists = (str([list(pair) for pair in pairs]) for pairs in (content or [(0, 1)], cue, mentions))
        statement = (
            "\nstatements:\n  s01: {{form: indirect, medium: speech, act: assert, topic: war, polarity: positive, "
            "certainty: certain, modality: asserted, summary: x, content: {}, sources: [{{label: y, cue: {}}}]}}"
            "\nmentions:\n  lakes: {}\n"
        )
        file.path.write_text(head + statement.format(*lists), encoding="utf-8")
        if anchor(HERALD, folder / "annotations", folder / "texts").reading.incidents:
            return
        before = contents(folder)
        path = drafted(folder).path
        assert path.read_text(encoding="utf-8") == draft_article(file, TextFolder(folder / "texts")).text
        path.write_bytes(path.read_bytes() + b"# read\n")
        assert anchored(folder).reading.incidents == []
        file.path.write_bytes(file.path.read_bytes().removesuffix(b"# read\n"))
        assert contents(folder) == before
