"""`readouts import`: what a language model or an annotation tool made of a text, as the draft of its article."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from readouts.annotations.drafting import anchor_article
from readouts.annotations.drafts import article_file, draft_file, first_line, write_draft
from readouts.annotations.forms import column
from readouts.annotations.nodes import Limits, parse
from readouts.annotations.placing import article_text
from readouts.annotations.tree import annotation_tree, read_file
from readouts.compile.build import rule_findings
from readouts.compile.compiler import compile_tree
from readouts.compile.link import KnownIds
from readouts.compile.store import Store
from readouts.datapackage.errors import ReadoutsError
from readouts.datapackage.incident import Incident, Severity, Source
from readouts.datapackage.package.transaction import locked
from readouts.datapackage.words import quoted
from readouts.proposals.answers import article_of, read_answer
from readouts.proposals.draft_text import draft_text, reading_proposal, relation_names
from readouts.proposals.facts import facts_of, read_tree
from readouts.proposals.formats.registry import format_of, read_annotations
from readouts.proposals.formats.writing import about_of
from readouts.proposals.propose import contents_of, draft_head, with_old_names
from readouts.text.sources import text_folder

if TYPE_CHECKING:
    import os

    from readouts.annotations.tree import TreeFile
    from readouts.proposals.proposal import Proposal
    from readouts.text.sources import TextFolder

__all__ = ["MADE_BY", "Imported", "draft_findings", "import_annotations"]

MADE_BY = "language-model"
"""The value of `made_by` for an imported annotation."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What importing a file gives.

    Attributes
    ----------
    article
        Id of the article.
    proposal
        What was kept.
    path
        Where the draft lies; None where nothing was kept or the draft was only asked for.
    text
        The draft; empty where nothing was kept.
    refused
        What doesn't fit, with its place in the file; a warning keeps nothing out.
    found
        Findings of `anchor`, `rebuild` and `validate` in the draft, with their place in it.
    """

    article: str
    proposal: Proposal
    path: Path | None
    text: str
    refused: tuple[Incident, ...]
    found: tuple[Incident, ...]

    @property
    def clean(self) -> bool:
        """Whether everything was kept and nothing is left to correct."""
        return not self.found and all(each.severity is Severity.WARNING for each in self.refused)


def import_annotations(
    file: str | os.PathLike[str] | bytes,
    annotations: str | os.PathLike[str] = "annotations",
    texts: str | os.PathLike[str] = "texts",
    *,
    article: str | None = None,
    made_by: str | None = None,
    replace: bool = False,
    write: bool = True,
) -> Imported:
    """Write the draft of an article with the annotations in a file.

    A statement or relation with the words of one that the article has keeps that one's name: alignments with it hold.

    Parameters
    ----------
    file
        The file of an annotation tool; or the answer of a language model, or what is in it.
    annotations
        Folder of annotations; `drafts` lies next to it.
    texts
        Folder of the articles' texts.
    article
        Id of the article. Default: the one that the answer names; for a tool's file, its name without the ending.
    made_by
        Who or what made the annotation. Default: `language-model`; for a tool's file, who made the article's statements
        before, else the tool.
    replace
        Whether an existing draft is overwritten.
    write
        Whether the draft is written to the folder of drafts.

    Returns
    -------
    Imported
        What was kept, what was refused and why, and what is to be corrected in the draft.

    Raises
    ------
    UnknownIdError
        No article has this id.
    ReadoutsError
        The file can't be read, its article's text isn't there, or there is a draft already.
    """
    path = None if isinstance(file, bytes) else Path(file)
    tool = None if path is None else format_of(path)
    data = file if isinstance(file, bytes) else b"" if tool is not None else _start(Path(file))
    name = article or (article_of(data) if path is None or tool is None else path.stem)
    if name is None:
        message = "The file doesn't say which article it is about: name it with --article."
        raise ReadoutsError(message)
    if made_by is not None and (problem := column("statements", "made_by").problem(made_by)) is not None:
        message = f"Expected {problem[1].removesuffix('.')} in --made-by; found {quoted(made_by)}."
        raise ReadoutsError(message)
    folder, sources = Path(annotations), text_folder(Path(texts))
    home = article_file(name, folder)
    with locked(folder.resolve().parent):
        reading = read_file(home)
        annotated = reading.of("statements")
        draft = draft_file(home)
        if write and draft.path.exists() and not replace:
            message = (
                f"{draft.name} already exists; nothing was written. Take it over with `readouts anchor {home.id}`, "
                f"or overwrite it with --replace."
            )
            raise ReadoutsError(message)
        raw = next((each.cells.get("sha256_raw") for each in reading.of("articles")), None)
        text = article_text(home, sources, raw, reading)
        if text is None:
            raise ReadoutsError(reading.incidents[-1].message)
        tree = read_tree(folder.resolve())
        if path is not None and tool is not None:
            proposal, refused = read_annotations(path, text.skeleton.text, about_of(home.id, folder))
            made_by = made_by or next((each.cells.get("made_by") for each in annotated), None) or tool
        else:
            known = KnownIds(each for each in annotation_tree(folder)[0] if each.kind in {"entities", "event"})
            proposal, refused = read_answer(data, home.id, text.skeleton, known)
        if not (proposal.statements or proposal.mentions or proposal.regions or proposal.relations):
            return Imported(home.id, proposal, None, "", tuple(refused), ())
        if annotated:
            proposal = with_old_names(proposal, contents_of(reading.spans, home.id))
        proposal = relation_names(proposal, reading_proposal(reading, MADE_BY).relations)
        head = draft_head(home, facts_of(home.id, reading, tree), made_by or MADE_BY)
        drafted = draft_text(proposal, head.replace("\r\n", "\n"), text.skeleton)
        made = f"{first_line(home)}\n{drafted}"
        made = made.replace("\n", "\r\n") if "\r\n" in head else made
        found = draft_findings(made, home, sources)
        if write:
            write_draft(draft.path, made.encode())
    return Imported(home.id, proposal, draft.path if write else None, made, tuple(refused), tuple(found))


def _start(path: Path) -> bytes:
    """Return what is in a file; of one that is too large to be an answer, enough to tell that."""
    with path.open("rb") as stream:
        return stream.read(Limits().size + 1)


def draft_findings(draft: str, file: TreeFile, folder: TextFolder) -> list[Incident]:
    """Return the findings of `anchor`, `rebuild` and `validate` in the draft of an article, with their place in it.

    A copy of the annotations is anchored and compiled with the draft; the annotations stay as they are.

    Parameters
    ----------
    draft
        The draft.
    file
        The article's file.
    folder
        The texts.
    """
    with TemporaryDirectory() as scratch:
        tree = Path(scratch, file.path.parents[1].name)
        shutil.copytree(file.path.parents[1], tree)
        copy = article_file(file.id, tree)
        copy.path.write_bytes(draft.encode())
        if copy.anchors is not None:
            copy.anchors.unlink(missing_ok=True)
        anchored = anchor_article(copy, folder)
        lines = draft.count("\n")
        if anchored.reading.incidents:
            return _in_draft(anchored.reading.incidents, file, lines, lines, 1)
        copy.path.write_bytes(anchored.article.encode())
        if copy.anchors is not None:
            copy.anchors.parent.mkdir(exist_ok=True)
            copy.anchors.write_bytes(anchored.anchors.encode())
        compilation = compile_tree(tree, Store(None))
        found = [each for each in compilation.incidents if each.source and each.source.file == copy.name]
        orphaned = [each for each in compilation.incidents if (each.value or "").startswith(f"{file.id}.")]
        if not found and all(each.code == "foreign-key" for each in compilation.incidents):
            # Alignments with statements that are no more keep no rule from being looked at.
            found = [each for each in rule_findings(compilation, tree) if each.source and each.source.file == copy.name]
        block = parse(anchored.article, copy.name).keys["text"].line
        moved = _in_draft(found, file, lines, anchored.article.count("\n"), block)
        return moved + [each for each in orphaned if each not in found]


def _in_draft(found: list[Incident], file: TreeFile, lines: int, anchored: int, block: int) -> list[Incident]:
    """Return findings in an anchored article at their lines in its draft, which has other lines in the block `text`."""
    moved = []
    for each in found:
        line = each.source.line if each.source is not None else None
        after = line is not None and line > block
        moved.append(each.at(Source(draft_file(file).name, line - (anchored - lines) if line and after else line)))
    return moved
