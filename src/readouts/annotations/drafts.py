"""`readouts draft`: the quotations of an anchored article, written back where its offsets are.

A draft holds words of a text that nobody may pass on. It lies in a folder of its own, `drafts/` next to the
annotations, which Git ignores; `readouts anchor` reads it and removes it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from readouts.annotations.article import read_article
from readouts.annotations.nodes import YamlError, decode, parse
from readouts.annotations.placing import Sentences, article_text, edit_nodes, place_spans
from readouts.annotations.records import Reading
from readouts.annotations.tree import annotation_tree
from readouts.annotations.values import double_quoted
from readouts.datapackage.errors import ReadoutsError, UnknownIdError
from readouts.datapackage.package.transaction import locked, replace_file
from readouts.datapackage.suggest import did_you_mean
from readouts.text.problem import TextProblem
from readouts.text.quotation import find_quote, quote_places
from readouts.text.sources import text_folder

if TYPE_CHECKING:
    import os

    from readouts.annotations.nodes import Mapping, Node
    from readouts.annotations.records import Span
    from readouts.annotations.tree import TreeFile
    from readouts.text.skeleton import Skeleton
    from readouts.text.sources import TextFolder

__all__ = ["Drafted", "article_file", "draft", "draft_article", "draft_file", "first_line", "quotations", "write_draft"]

FOLDER = "drafts"


@dataclass(frozen=True, slots=True)
class Drafted:
    """What drafting an article gives.

    Attributes
    ----------
    reading
        The reading of the article's file, with what is wrong. When anything is, nothing is to be written.
    path
        Where the draft lies.
    text
        The draft.
    quoted
        Places that got their words back.
    """

    reading: Reading
    path: Path
    text: str = ""
    quoted: int = 0


def article_file(article: str, annotations: Path) -> TreeFile:
    """Return the file of an article that is named by its id or its path.

    Raises
    ------
    UnknownIdError
        No article has this id.
    """
    articles = {file.id: file for file in annotation_tree(annotations.resolve())[0] if file.kind == "article"}
    name = Path(article).stem if article.endswith(".yaml") else article
    if name not in articles:
        message = f"{annotations} has no article '{name}'. {did_you_mean(name, articles)}"
        raise UnknownIdError(message)
    return articles[name]


def draft_file(file: TreeFile) -> TreeFile:
    """Return where the draft of an article lies, whether or not there is one."""
    path = file.path.parents[2] / FOLDER / file.path.name
    return replace(file, path=path, name=f"{FOLDER}/{path.name}")


def first_line(file: TreeFile) -> str:
    """Return the first line of a draft: it says which state of the article's file it was made from."""
    state = sha256(file.path.read_bytes()).hexdigest()
    return f"# Draft of {file.name} with SHA-256 {state}. Leave this line as it is."


def draft_article(file: TreeFile, folder: TextFolder) -> Drafted:
    """Write the words of an article's spans in place of their offsets.

    Raises
    ------
    OSError
        A file can't be read.
    """
    reading = Reading(file.name)
    path = draft_file(file).path
    try:
        source = decode(file.path, file.name)
        root = parse(source, file.name)
    except YamlError as error:
        reading.incidents.append(error.finding)
        return Drafted(reading, path)
    article = read_article(root, file.id, reading)
    if reading.incidents:
        return Drafted(reading, path)
    text = article_text(file, folder, article.cells.get("sha256_raw"), reading)
    if text is not None:
        place_spans(reading, root, text.skeleton)
    if text is None or reading.incidents:
        return Drafted(reading, path)
    edits = quotations(reading, root, text.skeleton)
    newline = "\r\n" if "\r\n" in source else "\n"
    drafted = f"{first_line(file)}{newline}{edit_nodes(source, edits)}"
    return Drafted(reading, path, drafted, len({node.start for node, _ in edits}))


def quotations(reading: Reading, root: Mapping, text: Skeleton) -> list[tuple[Node, str]]:
    """Return the spans of an article that have offsets, each with words that lead back to its place, where any do.

    The spans must have been placed.
    """
    sentences = Sentences(reading, root, text)
    anchored = (span for span in reading.spans if span.quote is None)
    found = ((span.node, _words(span, text, sentences.near(span))) for span in anchored)
    return [(node, words) for node, words in found if words is not None]


def _words(span: Span, text: Skeleton, nearby: list[tuple[int, int]]) -> str | None:
    """Return a draft of a span that leads back to its very place; None where no words do."""
    place = (span.start or 0, span.end or 0)
    quote = text.text[slice(*place)]
    try:
        if find_quote(text, quote, nearby=nearby) == place:
            return f"{{quote: {_scalar(quote)}}}" if quote.isdecimal() else _scalar(quote)
    except TextProblem:
        pass
    places = quote_places(text, quote)
    return f"{{quote: {_scalar(quote)}, occurrence: {places.index(place) + 1}}}" if place in places else None


def _scalar(text: str) -> str:
    """Return a text as a YAML scalar in quotation marks, on one line."""
    if '"' in text and text.isprintable():
        doubled = text.replace("'", "''")
        return f"'{doubled}'"
    return double_quoted(text)


def draft(
    article: str, annotations: str | os.PathLike[str] = "annotations", texts: str | os.PathLike[str] = "texts"
) -> Drafted:
    """Write a draft of an article: its file with quotations in place of offsets, in the folder `drafts`.

    `anchor` reads the draft, turns its quotations into offsets again, and keeps all ids of spans.

    Parameters
    ----------
    article
        Id of the article, or path of its file.
    annotations
        Folder of annotations; `drafts` lies next to it.
    texts
        Folder of the articles' texts.

    Returns
    -------
    Drafted
        Where the draft lies. With findings in `reading.incidents`, nothing was written.

    Raises
    ------
    UnknownIdError
        No article has this id.
    ReadoutsError
        There is a draft already, and it isn't what would be written.
    """
    file = article_file(article, Path(annotations))
    with locked(Path(annotations).resolve().parent):
        drafted = draft_article(file, text_folder(Path(texts)))
        if drafted.reading.incidents:
            return drafted
        data, path = drafted.text.encode(), drafted.path
        if path.exists() and path.read_bytes() != data:
            message = (
                f"{FOLDER}/{path.name} already exists, with changes of yours or from another state of the article. "
                f"Run `readouts anchor {file.id}` to take them over, or delete the draft."
            )
            raise ReadoutsError(message)
        write_draft(path, data)
    return drafted


def write_draft(path: Path, data: bytes) -> None:
    """Write a draft into the folder of drafts, with a `.gitignore` for the whole folder."""
    path.parent.mkdir(exist_ok=True)
    ignore = path.parent / ".gitignore"
    if not ignore.exists():
        replace_file(ignore, b"*\n")
    replace_file(path, data)
