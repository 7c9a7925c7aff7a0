"""Writing an article of a tree of annotations for an annotation tool, where nobody publishes it by mistake."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from readouts.annotations.drafts import article_file, draft_file
from readouts.annotations.placing import article_text
from readouts.annotations.records import Reading
from readouts.annotations.tree import annotation_tree, read_file
from readouts.corpus_schema.tables import tables
from readouts.datapackage.errors import ReadoutsError, UnknownIdError
from readouts.datapackage.package.transaction import replace_file
from readouts.datapackage.suggest import did_you_mean
from readouts.proposals.draft_text import proposal_of
from readouts.proposals.formats.items import About
from readouts.proposals.formats.registry import FORMATS
from readouts.text.retrieval.private_folder import require_untracked
from readouts.text.sources import text_folder

if TYPE_CHECKING:
    import os

    from readouts.proposals.proposal import Proposal

__all__ = ["Written", "about_of", "write_annotations"]

_PUBLISHED = ("annotations", "data", "releases")
_SHARED = ("annotation.conf", "layers.json")
"""Files that all articles of a folder share."""


@dataclass(frozen=True, slots=True)
class Written:
    """Files written for a tool, with the proposal and the file that it was read from."""

    proposal: Proposal
    source: str
    paths: tuple[Path, ...]


def about_of(article: str, annotations: Path) -> About:
    """Return what annotations of an article may name: the entities, accounts and events of its tree.

    Parameters
    ----------
    article
        Id of the article.
    annotations
        The folder of annotations.
    """
    ids: dict[str, set[str]] = {"entities": set(), "accounts": set(), "events": set()}
    for file in annotation_tree(annotations)[0]:
        for record in read_file(file).records if file.kind in {"entities", "event"} else ():
            if record.table in ids:
                ids[record.table].add(record.cells.get(tables()[record.table].primary_key[0]) or "")
    return About(article, *(frozenset(found) for found in ids.values()))


def write_annotations(
    article: str,
    name: str,
    output: str | os.PathLike[str],
    annotations: str | os.PathLike[str] = "annotations",
    texts: str | os.PathLike[str] = "texts",
) -> Written:
    """Write an article for an annotation tool: its draft if it has one, else its file.

    Parameters
    ----------
    article
        Id of the article, or path of its file.
    name
        The format: a key of `FORMATS`.
    output
        Folder to write to. It will hold the text: it can't be in the parts of a tree that are published, nor where git
        tracks it.
    annotations
        Folder of annotations.
    texts
        Folder of the articles' texts.

    Raises
    ------
    UnknownIdError
        No article has this id, or no format this name.
    ReadoutsError
        The folder is one that is published, or has other annotations of the article; or the article can't be read.
    """
    if name not in FORMATS:
        message = f"No format '{name}' is written for annotation tools. {did_you_mean(name, FORMATS)}"
        raise UnknownIdError(message)
    folder, target = Path(annotations), Path(output)
    file = article_file(article, folder)
    draft = draft_file(file)
    source = draft if draft.path.is_file() else file
    _require_private(folder, target)
    found = text_folder(Path(texts))
    reading = read_file(file, spans=False)
    cells = next((record.cells for record in reading.of("articles")), {})
    problems = Reading(file.name)
    text = article_text(file, found, cells.get("sha256_raw"), problems)
    if text is None:
        message = f"{problems.incidents[0].place()}: {problems.incidents[0].message}"
        raise ReadoutsError(message)
    proposal = proposal_of(source, found)
    files = FORMATS[name].write(proposal, text.skeleton.text, about_of(file.id, folder))
    require_untracked(target, [*files])
    for each, data in files.items():
        path = target / each
        if each not in _SHARED and path.exists() and path.read_bytes() != data:
            message = f"{path} already exists with other content: import it, or delete it."
            raise ReadoutsError(message)
    target.mkdir(parents=True, exist_ok=True)
    for each, data in files.items():
        replace_file(target / each, data)
    return Written(proposal, source.name, tuple(target / each for each in files))


def _require_private(annotations: Path, target: Path) -> None:
    """Raise an error if a folder lies in a part of a tree that is published."""
    root, there = annotations.resolve().parent, target.resolve()
    for part in {*_PUBLISHED, annotations.resolve().name}:
        if there == root / part or root / part in there.parents:
            message = f"{target} is in {part}/, which is published, and the files hold the text. Choose another folder."
            raise ReadoutsError(message)
