"""The folders that the blocks of the pages are run in."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

from readouts.annotations.drafts import article_file
from readouts.compile.compiler import compile_tree
from readouts.compile.rebuild import write_package
from readouts.compile.store import Store
from readouts.datapackage.sample import sample_package
from readouts.proposals.answers import answer_of
from readouts.proposals.draft_text import proposal_of
from readouts.text.sources import TextFolder
from tests.docs.blocks import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["PLACES"]

_IDENTITY = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "A reader"), ("EMAIL", "reader@example.org"), ("DATE", "2031-05-01T00:00:00Z"))
}


def corpus(folder: Path) -> None:
    """Make a clone of the project, as far as commands read it: in git, with one older release of the data as well."""
    for name in ("annotations", "data", "releases", "schemas"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("datapackage.json", "CITATION.cff", "LICENSE-DATA", "CHANGELOG.md", ".gitattributes", ".gitignore"):
        shutil.copy(ROOT / name, folder / name)
    _git(folder, "init", "--quiet", "--initial-branch=main")
    _git(folder, "add", "--all")
    _git(folder, "commit", "--quiet", "--message", "The corpus")
    _git(folder, "update-ref", "refs/remotes/origin/main", "HEAD")


def invented(folder: Path) -> None:
    """Make the invented corpus, anchored and built, with its texts in `texts/`."""
    for name in ("annotations", "texts"):
        shutil.copytree(ROOT / "tests" / "invented" / name, folder / name)
    _built(folder)


def fresh(folder: Path) -> None:
    """Make the invented corpus without one of its articles and without its call: both are about to be annotated."""
    invented(folder)
    for path in ("articles/herald-2031-05-02.yaml", "anchors/herald-2031-05-02.csv", "events/call-2031-05-01.yaml"):
        (folder / "annotations" / path).unlink()


def drafted(folder: Path) -> None:
    """Make the invented corpus with one article that is a draft, filled in and not yet anchored."""
    invented(folder)
    draft = ROOT / "tests" / "invented" / "drafts" / "articles" / "herald-2031-05-02.yaml"
    shutil.copy(draft, folder / "annotations" / "articles")
    (folder / "annotations" / "anchors" / "herald-2031-05-02.csv").unlink()


def answered(folder: Path) -> None:
    """Make the invented corpus, and next to it the answer of a language model that says what one article has."""
    invented(folder)
    article = article_file("herald-2031-05-02", folder / "annotations")
    text = TextFolder(folder / "texts").find(article.id, None, []).skeleton
    (folder / "answer.json").write_text(answer_of(proposal_of(article), article.id, text), encoding="utf-8")


def two_passes(folder: Path) -> None:
    """Make two annotations of the same texts, built: `A` and `B`."""
    for name, tree in (("A", "first"), ("B", "second")):
        shutil.copytree(ROOT / "docs" / "agreement" / "1.0" / tree / "annotations", folder / name / "annotations")
        _built(folder / name)


def lakes(folder: Path) -> None:
    """Make two releases of a small table in canonical form, `old` and `new`, and a package in no such form."""
    from tests.datapackage.delta.release_pairs import lakes as write_lakes

    write_lakes(folder / "old", "1.0.0", [("Como", "410"), ("Long", "7"), ("Ness", "230")])
    write_lakes(folder / "new", "1.1.0", [("Bala", "42"), ("Como", "425"), ("Ness", "230")])
    write_lakes(folder / "unsorted", "2.0.0", [("Ness", "230"), ("Como", "410")])


def three_sides(folder: Path) -> None:
    """Make what a merge is made of: three versions of a table, of an annotation, and of folders."""
    events = (ROOT / "tests" / "invented" / "annotations" / "events" / "call-2031-05-01.yaml").read_text("utf-8")
    for name, kind in (("base", "call"), ("ours", "call"), ("theirs", "meeting")):
        shutil.copytree(ROOT / "tests" / "invented" / "annotations", folder / name / "annotations")
        _built(folder / name)
        (folder / f"{name}.yaml").write_text(events.replace("kind: call\n", f"kind: {kind}\n"), "utf-8")
        table = (folder / name / "data" / "events.csv").read_text("utf-8").replace(",call,", f",{kind},")
        (folder / f"{name}.csv").write_text(table, "utf-8")
    shutil.copytree(ROOT / "schemas", folder / "schemas")


def bare(folder: Path) -> None:
    """Make three CSV files without a descriptor, and an older state of one of them."""
    for path in sorted((sample_package() / "data").glob("*.csv")):
        shutil.copy(path, folder)
    (folder / "old").mkdir()
    text = (folder / "lakes.csv").read_text("utf-8")
    (folder / "old" / "lakes.csv").write_text(text.replace(",668", ",702"), "utf-8")


def empty(folder: Path) -> None:
    """Make nothing."""


def _built(folder: Path) -> None:
    store = Store(None)
    write_package(compile_tree(folder / "annotations", store), folder)
    store.close()


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True, env={**os.environ, **_IDENTITY}, capture_output=True)


PLACES: dict[str, Callable[[Path], None]] = {
    make.__name__.replace("_", "-"): make
    for make in (corpus, invented, fresh, drafted, answered, two_passes, lakes, three_sides, bare, empty)
}
"""The places by the name that a comment above a block gives them."""
