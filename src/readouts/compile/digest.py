"""What a kept fragment depends on besides its file: the code and the schemas."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

from readouts.corpus_schema.bundled import bundled_schemas

__all__ = ["compiler_digest"]


@cache
def compiler_digest() -> str:
    """Return a hash of everything that turns files into fragments: this package's code, and the schemas."""
    digest = sha256()
    sources = sorted(Path(__file__).resolve().parents[1].rglob("*.py"))
    for path in [*sources, *sorted(bundled_schemas().glob("*.json"))]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
