"""What the commands that read texts share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.errors import ReadoutsError
from readouts.text.sources import TextFolder

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["text_folder"]


def text_folder(folder: Path) -> TextFolder:
    """Return the folder of texts.

    Raises
    ------
    ReadoutsError
        It is no folder, or no text is in it.
    """
    if not folder.is_dir():
        message = f"{folder} is no folder: expected the folder with the articles' texts, one UTF-8 .txt file each."
        raise ReadoutsError(message)
    texts = TextFolder(folder)
    if not texts.texts():
        message = f"{folder} has no text in it: expected one UTF-8 .txt file for each article."
        raise ReadoutsError(message)
    return texts
