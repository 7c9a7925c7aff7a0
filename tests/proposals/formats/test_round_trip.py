from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readouts.annotations.tree import annotation_tree
from readouts.proposals.draft_text import proposal_of
from readouts.proposals.formats.items import About
from readouts.proposals.formats.registry import FORMATS, annotation_files, read_annotations
from readouts.proposals.proposal import Proposal
from readouts.text.sources import text_folder
from tests.conftest import INVENTED, ROOT
from tests.proposals.strategies import made_by, proposals, texts

if TYPE_CHECKING:
    from pathlib import Path

ABOUT = About("herald")


@pytest.mark.parametrize("name", FORMATS)
@given(st.data())
def test_a_proposal_comes_back_from_a_tool_as_it_was(name: str, data: st.DataObject) -> None:
    text, words = data.draw(texts())
    proposal = data.draw(proposals(words))
    files = FORMATS[name].write(proposal, text, ABOUT)
    back, incidents = FORMATS[name].read(files, text, ABOUT)
    assert incidents == []
    assert back == made_by(proposal, name)
    assert FORMATS[name].write(back, text, ABOUT) == files


@pytest.mark.slow
@given(st.data())
def test_inceptions_json_says_the_same_as_its_archive(data: st.DataObject) -> None:
    text, words = data.draw(texts())
    proposal = data.draw(proposals(words))
    files = FORMATS["inception"].write(proposal, text, ABOUT)
    back, incidents = FORMATS["inception"].read({"herald.json": files["herald.json"]}, text, ABOUT)
    assert (back, incidents) == (made_by(proposal, "inception"), [])


ARTICLES = sorted(path.stem for path in (ROOT / "annotations" / "articles").glob("*.yaml"))


@pytest.mark.sample(12)
@pytest.mark.parametrize("article", ARTICLES)
def test_every_published_article_comes_back_from_every_tool(article: str, source_texts: Path, tmp_path: Path) -> None:
    _assert_comes_back(article, ROOT, source_texts, tmp_path)


@pytest.mark.parametrize(
    "article", sorted(path.stem for path in (INVENTED / "annotations" / "articles").glob("*.yaml"))
)
def test_every_invented_article_comes_back_from_every_tool(article: str, tmp_path: Path) -> None:
    _assert_comes_back(article, INVENTED, INVENTED / "texts", tmp_path)


def _assert_comes_back(article: str, root: Path, texts: Path, folder: Path) -> None:
    files = {file.id: file for file in annotation_tree(root / "annotations")[0] if file.kind == "article"}
    text = text_folder(texts).find(article, None, []).skeleton.text
    proposal = proposal_of(files[article])
    assert proposal != Proposal()
    for name, each in FORMATS.items():
        target = folder / name
        target.mkdir()
        for file, data in each.write(proposal, text, About(article)).items():
            (target / file).write_bytes(data)
        (path,) = annotation_files(target)
        assert read_annotations(path, text, About(article)) == (made_by(proposal, name), [])
