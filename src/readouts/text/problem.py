"""What keeps a text, or a quotation in it, from being found."""

from __future__ import annotations

__all__ = ["TextProblem"]


class TextProblem(Exception):  # noqa: N818 - it becomes an incident, and is not one of the package's errors
    """A text or a quotation can't be had; `code` is the incident's, and the message says what was found.

    Examples
    --------
    >>> TextProblem("text-missing", "No text of herald is in texts.").code
    'text-missing'
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
