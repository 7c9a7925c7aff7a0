"""JSON that is whole in UTF-8 and acts on no terminal, and the schemas that describe what is published as JSON."""

from __future__ import annotations

import json
import re
from typing import Any

__all__ = ["json_text", "published_schema"]

_ON_ONE_LINE = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
_UNSAFE = re.compile("[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


def json_text(document: Any) -> str:
    r"""Return a document as JSON that is whole in UTF-8 and has no character that could act on a terminal.

    Every member of an object has a line of its own, and so has every item of a list of objects or lists, whole: they
    can be counted, and one that changes changes a line. Lone surrogates stay what they are, as escapes; a value that
    came from undecodable bytes can be told from others.

    Examples
    --------
    >>> print(json_text({"è": "\x9b1m\ud800", "rows": [{"key": ["a"]}, {"key": ["b"]}]}), end="")
    {
      "è": "\u009b1m\ud800",
      "rows": [
        {"key": ["a"]},
        {"key": ["b"]}
      ]
    }
    """
    text = _indented(document, "\n")
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text) + "\n"


def _indented(value: Any, line_end: str) -> str:
    """Return a value as JSON; `line_end` is what ends a line, with the indentation of the next one."""
    inner = f"{line_end}  "
    if isinstance(value, dict) and value:
        members = [f"{_ON_ONE_LINE(name)}: {_indented(part, inner)}" for name, part in value.items()]
        return f"{{{inner}{f',{inner}'.join(members)}{line_end}}}"
    if isinstance(value, list | tuple) and any(isinstance(item, dict | list | tuple) for item in value):
        return f"[{inner}{f',{inner}'.join(map(_ON_ONE_LINE, value))}{line_end}]"
    return _ON_ONE_LINE(value)


def published_schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) that describes the JSON of a report or a difference.

    Examples
    --------
    >>> published_schema("report")["$schema"]
    'https://json-schema.org/draft/2020-12/schema'
    """
    from importlib.resources import files

    text = (files("readouts.datapackage.render") / f"{name}.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema
