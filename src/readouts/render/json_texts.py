"""JSON that is whole in UTF-8 and acts on no terminal, and the schemas that describe what is published as JSON."""

from __future__ import annotations

import json
import re
from typing import Any

__all__ = ["json_text", "published_schema"]

_UNSAFE = re.compile("[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


def json_text(document: Any) -> str:
    r"""Return a document as JSON that is whole in UTF-8 and has no character that could act on a terminal.

    Lone surrogates stay what they are, as escapes; a value that came from undecodable bytes can be told from others.

    Examples
    --------
    >>> print(json_text({"è": "\x9b1m\ud800"}), end="")
    {
      "è": "\u009b1m\ud800"
    }
    """
    text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text) + "\n"


def published_schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) that describes the JSON of a report or a difference.

    Examples
    --------
    >>> published_schema("report")["$schema"]
    'https://json-schema.org/draft/2020-12/schema'
    """
    from importlib.resources import files

    text = (files("readouts.render") / f"{name}.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema
