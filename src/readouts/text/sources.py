"""The folder of texts: which file holds the text of which article."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING

from readouts.datapackage.errors import ReadoutsError
from readouts.text.anchoring import Anchor, Status, locate
from readouts.text.problem import TextProblem
from readouts.text.skeleton import Skeleton

if TYPE_CHECKING:
    from collections.abc import Container, Sequence
    from pathlib import Path

__all__ = ["Text", "TextFolder", "text_folder"]


@dataclass(frozen=True)
class Text:
    """One file of the folder: its bytes, decoded as they are."""

    path: Path
    data: bytes

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the bytes."""
        return sha256(self.data).hexdigest()

    @cached_property
    def skeleton(self) -> Skeleton:
        """The text with its skeleton.

        Raises
        ------
        TextProblem
            The file is not UTF-8.
        """
        try:
            return Skeleton(self.data.decode("utf-8"))
        except UnicodeDecodeError as error:
            message = f"{self.path.name} is not UTF-8: byte {error.start} is 0x{self.data[error.start]:02x}."
            raise TextProblem("text-unreadable", message) from error


class TextFolder:
    """A folder with one UTF-8 text per article.

    A text is known by its name, `<article_id>.txt`; else by its hash; else by holding at least half of the anchors
    of an article, and twice as many as any other file. A file that is named for another article is that one's.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "herald.txt").write_bytes(b"Marek called.")
    >>> TextFolder(folder).find("herald", None, []).skeleton.text
    'Marek called.'
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def _paths(self) -> list[Path]:
        return sorted(path for path in self.folder.glob("*.txt") if path.is_file())

    @cached_property
    def _texts(self) -> list[Text]:
        return [Text(path, path.read_bytes()) for path in self._paths]

    @cached_property
    def _by_hash(self) -> dict[str, Text]:
        return {text.sha256: text for text in reversed(self._texts)}

    def find(
        self,
        article_id: str,
        raw_sha256: str | None,
        anchors: Sequence[Anchor],
        known: Container[str] = frozenset(),
    ) -> Text:
        """Return the text of an article.

        Parameters
        ----------
        article_id
            The article.
        raw_sha256
            SHA-256 of the annotated text, or None while the article has not been anchored.
        anchors
            The spans of the article.
        known
            Ids of the articles of the corpus: two of them may carry the same account, to the letter.

        Raises
        ------
        TextProblem
            The folder lacks the text, several files could be it, or it is not UTF-8.
        """
        named = self.folder / f"{article_id}.txt"
        if named.is_file():
            return Text(named, named.read_bytes())
        if raw_sha256 is not None and raw_sha256 in self._by_hash:
            return self._by_hash[raw_sha256]
        scores = [0 if text.path.stem in known else self._score(text, anchors) for text in self._texts]
        return self.choose(article_id, scores, len(anchors))

    def choose(self, article_id: str, scores: Sequence[int], total: int) -> Text:
        """Return the file whose score is at least half of the total and twice that of any other.

        Parameters
        ----------
        article_id
            The article, for the message.
        scores
            For each file of the folder in the order of its name, how much of the article it holds.
        total
            How much there is of the article.

        Raises
        ------
        TextProblem
            No file has such a score.
        """
        ranked = sorted(range(len(scores)), key=lambda index: -scores[index])
        if ranked and scores[ranked[0]] > 0 and 2 * scores[ranked[0]] >= total:
            if len(ranked) == 1 or scores[ranked[0]] >= 2 * scores[ranked[1]]:
                return self._texts[ranked[0]]
            likely = " and ".join(self._texts[index].path.name for index in ranked[:2])
            message = f"Both {likely} could be the text of {article_id}."
            raise TextProblem("text-ambiguous", message)
        message = (
            f"No text of {article_id} is in {self.folder}: expected {article_id}.txt, or a file with its hash, or one "
            f"that holds half of its spans; found {len(self._paths)} files, none of them it."
        )
        raise TextProblem("text-missing", message)

    def texts(self) -> list[Text]:
        """Return every file of the folder, by name."""
        return list(self._texts)

    @staticmethod
    def _score(text: Text, anchors: Sequence[Anchor]) -> int:
        try:
            places = locate(text.skeleton, anchors, same_text=False)
        except TextProblem:
            return 0
        return sum(place.status is not Status.ORPHAN for place in places.values())


def text_folder(folder: Path) -> TextFolder:
    """Return the folder of texts that a user names.

    Raises
    ------
    ReadoutsError
        It is not a folder, or no text is in it.
    """
    if not folder.is_dir():
        message = f"{folder} is not a folder: expected the folder with the articles' texts, one UTF-8 .txt file each."
        raise ReadoutsError(message)
    texts = TextFolder(folder)
    if not texts.texts():
        message = f"{folder} has no text in it: expected one UTF-8 .txt file for each article."
        raise ReadoutsError(message)
    return texts
