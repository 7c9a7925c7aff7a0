"""Scripts that are written without spaces between words: Han, Kana, Thai and others."""

from __future__ import annotations

import re

__all__ = ["UNSPACED", "UNSPACED_CHARACTER"]

UNSPACED_CHARACTER = (
    "[\u0e00-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\u1b00-\u1b7f\u3005-\u3007\u3031-\u312f\u31a0-\u31bf\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua980-\ua9ff\uaa60-\uaadf\uf900-\ufaff\uff66-\uff9f\U0001b000-\U0001b16f\U00020000-\U0003ffff]"
)
"""A pattern of one character of such a script."""
UNSPACED = re.compile(f"{UNSPACED_CHARACTER}+")
"""A run of characters of such scripts: a word or many."""
