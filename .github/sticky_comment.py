"""Write a report as one comment on a pull request: the first run adds it, later runs bring it up to date.

It runs on CI with the standard library alone, and reads everything from its environment:

REPORT              the Markdown file
VALID               `true` when the package is valid: then no comment is added, only one that is there is changed
TOKEN               a token that may write comments on pull requests
PULL_REQUEST        the number; or, where the event doesn't tell it (a fork's), these three:
HEAD_REPOSITORY     owner/name that the changes come from
HEAD_BRANCH         their branch
HEAD_SHA            their commit; a pull request that has moved on is left to the run of its newer commit
GITHUB_REPOSITORY, GITHUB_API_URL
"""

from __future__ import annotations

import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

MARK = "<!-- readouts-validate -->"
LONGEST = 60_000
"""Characters of a comment; the service takes 65,536. A report has fewer than 50,000."""
PAGES = 30


def call(method: str, path: str, body: dict[str, Any] | None = None, **query: str | int) -> Any:
    """Call the service and return what it answers."""
    url = f"{os.environ['GITHUB_API_URL']}/repos/{os.environ['GITHUB_REPOSITORY']}/{path}"
    if query:
        url += "?" + urllib.parse.urlencode(query)
    if not url.startswith(("https://", "http://")):
        raise SystemExit(f"GITHUB_API_URL: expected an address of the web; found {url!r}.")
    headers = {"Authorization": f"Bearer {os.environ['TOKEN']}", "Accept": "application/vnd.github+json"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, headers, method=method)  # noqa: S310 - of the web, see above
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
        return json.load(answer)


def pull_request() -> int | None:
    """Return the number of the open pull request, None when its newest commit is another."""
    if os.environ.get("PULL_REQUEST"):
        return int(os.environ["PULL_REQUEST"])
    owner = os.environ["HEAD_REPOSITORY"].partition("/")[0]
    found = call("GET", "pulls", state="open", head=f"{owner}:{os.environ['HEAD_BRANCH']}", per_page=100)
    for entry in found:
        if entry["head"]["sha"] == os.environ["HEAD_SHA"]:
            return int(entry["number"])
    return None


def own_comment(number: int) -> int | None:
    """Return the comment of an earlier run. A person's that begins with the same mark is not ours to change."""
    for page in range(1, PAGES + 1):
        comments = call("GET", f"issues/{number}/comments", per_page=100, page=page)
        for comment in comments:
            if comment["user"]["type"] == "Bot" and comment["body"].startswith(MARK):
                return int(comment["id"])
        if len(comments) < 100:
            break
    return None


def main() -> str:
    """Write the comment, and return what was done."""
    report = Path(os.environ["REPORT"]).read_text(encoding="utf-8")
    number = pull_request()
    if number is None:
        return "No open pull request has this commit as its newest: nothing to comment on."
    body = {"body": f"{MARK}\n{report}"[:LONGEST]}
    comment = own_comment(number)
    if comment is not None:
        call("PATCH", f"issues/comments/{comment}", body)
        return f"Brought the comment on pull request {number} up to date."
    if os.environ.get("VALID") == "true":
        return "The package is valid, and there is no earlier comment to correct: nothing to say."
    call("POST", f"issues/{number}/comments", body)
    return f"Commented on pull request {number}."


if __name__ == "__main__":
    try:
        print(main())
    except urllib.error.HTTPError as error:
        if error.code != 403:
            raise
        # The token of a pull request from a fork may only read; annotations and summary are there all the same.
        print("::warning title=readouts::This token may not comment on pull requests. The report is in the summary.")
        sys.exit(0)
