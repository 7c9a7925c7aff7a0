"""The JSON of a language model's answer, alone, in a code block or between other words."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any, NoReturn

from readouts.annotations.nodes import Limits
from readouts.corpus_schema.incident_codes import incident
from readouts.datapackage.errors import ReadoutsError
from readouts.datapackage.incident import Severity

if TYPE_CHECKING:
    from readouts.datapackage.incident import Incident

__all__ = ["ASK_AGAIN", "DoubledKeys", "value_of"]

ASK_AGAIN = "Ask the model for the whole answer again, as JSON alone."
_FENCE = re.compile(r"^[ \t]*(```+|~~~+)[^\n]*\n(.*?)^[ \t]*\1[ \t]*$", re.MULTILINE | re.DOTALL)
_MOST_BYTES, _MOST_DIGITS = Limits().size, 100
_MOST_TRIED = 20
"""Brackets after an answer at which another value may begin."""


class DoubledKeys(dict[str, Any]):
    """An object that has a key twice."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.keys_again = [key for key, count in Counter(key for key, _ in pairs).items() if count > 1]


def value_of(answer: str | bytes) -> tuple[Any, list[Incident]]:
    """Return the one value in JSON that an answer holds, and a warning of what else there is.

    Raises
    ------
    ReadoutsError
        It is too large, not UTF-8, not JSON, or holds several values.
    """
    if len(answer) > _MOST_BYTES:
        message = f"The answer is larger than {_MOST_BYTES:,} bytes, the most that an annotation may be."
        raise ReadoutsError(message)
    if isinstance(answer, bytes):
        answer = _decoded_text(answer)
    start = len(answer) - len(answer.lstrip())
    besides = ""
    if answer[start : start + 1] not in {"{", "["}:
        blocks = list(_FENCE.finditer(answer))
        if len(blocks) > 1:
            message = f"The answer has {len(blocks)} code blocks: expected one, with the JSON. {ASK_AGAIN}"
            raise ReadoutsError(message)
        start = blocks[0].start(2) if blocks else answer.find("{")
        besides = "a code block around it" if blocks else "words before it"
        if start < 0:
            message = f"The answer has no JSON in it: expected an object with `statements`. {ASK_AGAIN}"
            raise ReadoutsError(message)
    value, end = _decoded(answer, start)
    rest = answer[end:].strip()
    if rest and not besides.startswith("a code"):
        if _starts_value(rest):
            line = answer.count("\n", 0, end + answer[end:].find(rest[0])) + 1
            message = f"The answer has a second value in JSON, in line {line}: expected one object. {ASK_AGAIN}"
            raise ReadoutsError(message)
        besides = f"{besides} and words after it" if besides else "words after it"
    if not besides:
        return value, []
    message = f"Expected JSON alone; found {besides}. The JSON was read, the rest ignored."
    warned = replace(incident("format-error", message, hint="Nothing needs to be done."), severity=Severity.WARNING)
    return value, [warned]


def _decoded_text(answer: bytes) -> str:
    try:
        return answer.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = answer[: error.start].count(b"\n") + 1
        message = f"Expected an answer in UTF-8; found the byte 0x{answer[error.start]:02x} in line {line}."
        raise ReadoutsError(message) from error


def _decoded(answer: str, start: int) -> tuple[Any, int]:
    """Return the value in JSON that begins at a place, and where it ends."""
    decoder = json.JSONDecoder(
        object_pairs_hook=_pairs, parse_constant=_refuse, parse_float=_finite, parse_int=_whole_number
    )
    begins = len(answer) - len(answer[start:].lstrip())
    try:
        return decoder.raw_decode(answer, begins)
    except json.JSONDecodeError as error:
        cut = " The answer may have been cut off." if not answer[error.pos :].strip("`~ \n") else ""
        unclosed = " The answer may have been cut off." if error.msg.startswith("Unterminated") else cut
        problem = f"{error.msg[:1].lower()}{error.msg[1:]}".removesuffix(":")
        message = (
            f"The answer is not JSON: {problem}, in line {error.lineno}, column {error.colno}.{unclosed} {ASK_AGAIN}"
        )
    except RecursionError:
        message = f"The JSON of the answer is nested too deep to be read. {ASK_AGAIN}"
    except ValueError as error:
        message = f"The answer is not JSON that can be read: {error}. {ASK_AGAIN}"
    raise ReadoutsError(message)


def _starts_value(rest: str) -> bool:
    """Return whether there is one more object or list, and not only words."""
    for opening in islice(re.finditer(r"[{\[]", rest), _MOST_TRIED):
        try:
            json.JSONDecoder().raw_decode(rest, opening.start())
        except (ValueError, RecursionError):
            continue
        return True
    return False


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else DoubledKeys(pairs)


def _refuse(name: str) -> NoReturn:
    message = f"it has {name}, which isn't a number of JSON"
    raise ValueError(message)


def _whole_number(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        message = f"it has a whole number of {len(digits):,} digits"
        raise ValueError(message)
    return int(digits)


def _finite(digits: str) -> float:
    value = float(digits)
    if math.isinf(value):
        message = f"it has the number {digits[:20]}, which is too large"
        raise ValueError(message)
    return value
