"""Validate a crate without a network: `crate_validator.py CONTEXT CRATE REPORT`, run by the validator's own Python.

The context is put into the validator's cache as if it had been fetched; without it, offline, nearly nothing is checked.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ADDRESS = "https://w3id.org/ro/crate/1.2/context"


def remember(context: Path, cache: Path) -> None:
    """Put a file into the cache as the answer to the context's address."""
    import requests
    from requests_cache import CachedSession
    from urllib3 import HTTPResponse

    class FromFile(requests.adapters.BaseAdapter):
        def send(self, request: Any, *_rest: Any, **_more: Any) -> Any:
            headers = {"Content-Type": "application/ld+json"}
            body = io.BytesIO(context.read_bytes())
            raw = HTTPResponse(body, headers=headers, status=200, preload_content=False)
            return requests.adapters.HTTPAdapter().build_response(request, raw)

        def close(self) -> None:
            pass

    session = CachedSession(cache_name=str(cache), backend="sqlite", expire_after=-1, allowable_methods=("GET",))
    session.mount("https://", FromFile())
    session.get(ADDRESS)


def main(context: str, crate: str, report: str) -> int:
    """Validate and write the report as JSON."""
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder) / "cache"
        remember(Path(context), cache)
        program = Path(sys.executable).with_name("rocrate-validator")
        arguments = ["--offline", "--cache-path", str(cache), "-p", "ro-crate-1.2", "-l", "required"]
        command = [str(program), "-y", "validate", "--no-paging", *arguments, "-f", "json", "-o", report, crate]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    print(done.stdout + done.stderr, file=sys.stderr)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
