"""Fetching the texts of a corpus from their addresses, for the user's own use.

The corpus has no text, and its articles are where their publishers put them. Each fetched page is read against the
anchors of the article: it is written only if it is that article.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import dataclass, field, fields, replace
from hashlib import sha256
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from readouts.corpus_schema.file_names import can_name_file
from readouts.corpus_schema.naming import id_of
from readouts.datapackage.errors import ReadoutsError
from readouts.datapackage.optional import requires_extra
from readouts.datapackage.package.transaction import replace_file
from readouts.datapackage.words import printable, quoted
from readouts.loaders.registry import cache_folder
from readouts.text.anchoring import Status
from readouts.text.hydration import anchor_of
from readouts.text.problem import TextProblem
from readouts.text.retrieval.private_folder import require_untracked
from readouts.text.retrieval.problem import ForbiddenError, RetrievalError, UnreachableError
from readouts.text.retrieval.reading import Article
from readouts.text.retrieval.web import Limits, Page, Web
from readouts.text.sources import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from readouts.datapackage.package.package import DataPackage
    from readouts.text.anchoring import Anchor
    from readouts.text.retrieval.reading import Reading

__all__ = ["PAUSE", "TERMS", "FetchedText", "fetch_texts", "planned_texts", "texts_frame"]

PAUSE = 2.0
"""Seconds between two requests to one host."""
TERMS = {
    "public_domain": "public domain: free to use",
    "cc_by": "CC BY: free to use, if the author is named",
    "cc_by_sa": "CC BY-SA: free to use under the same licence, if the author is named",
    "no_redistribution": "copyright: for your own use only",
}
"""For each value of `rights`, what may be done with the text. Under rights that aren't listed, nothing is fetched."""

_UNNAMED = "its id can't name a file"
_NO_ADDRESS = "the corpus has no address of it"


@dataclass(frozen=True)
class FetchedText:
    """What became of the text of one article.

    Attributes
    ----------
    article_id, rights
        As in `articles`.
    terms
        What the rights allow, in a sentence.
    addresses
        Where the article is: its address, and the archived one, as far as the corpus has them.
    status
        `planned`, before the first request; `fetched`; `there`, where the folder had the text; `left out`, where
        something forbids it or there is no address; `failed`.
    reason
        Why there is no text, or None.
    address
        Where the text came from, after redirects.
    file
        Name of the file that holds the text.
    spans
        How many spans of the article were found in which way.
    unreachable
        Whether no server answered, so that another attempt may succeed.
    """

    article_id: str
    rights: str
    terms: str
    addresses: tuple[str, ...]
    status: Literal["planned", "fetched", "there", "left out", "failed"] = "planned"
    reason: str | None = None
    address: str | None = None
    file: str | None = None
    spans: Mapping[Status, int] = field(default_factory=dict)
    unreachable: bool = False

    @property
    def complete(self) -> bool:
        """Whether the text is there and has every span."""
        return self.file is not None and self.reason is None and not self.spans.get(Status.ORPHAN, 0)

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON has it: the spans by how they were found, None where there is no text."""
        spans = {status.value: self.spans.get(status, 0) for status in Status} if self.file else None
        return {**{each.name: getattr(self, each.name) for each in fields(self)}, "spans": spans}


def _show_terms(planned: Sequence[FetchedText]) -> None:
    """Print rights and terms of every document that is to be fetched to standard error, one per line."""
    for text in planned:
        if text.status == "planned":
            print(f"{text.article_id}: {text.terms} ({text.addresses[0]})", file=sys.stderr)


def planned_texts(package: DataPackage, articles: Collection[str] = ()) -> list[FetchedText]:
    """Return what `fetch_texts` would ask for, with rights, terms and addresses, and what it leaves out.

    Raises
    ------
    UnknownIdError
        The corpus doesn't have one of the articles.

    Examples
    --------
    >>> import readouts
    >>> planned_texts(readouts.load("1.1.0").package, ["new-daily-2014-03-28"])[0].reason
    'the corpus has no address of it'
    """
    return [_planned(article.row) for article in _chosen(package, articles).values()]


def fetch_texts(
    package: DataPackage,
    output: Path,
    articles: Collection[str] = (),
    *,
    refresh: bool = False,
    announce: Callable[[Sequence[FetchedText]], None] = _show_terms,
    progress: Callable[[int, int], None] | None = None,
    limits: Limits | None = None,
) -> list[FetchedText]:
    """Fetch the texts of articles into a folder, for the user's own use.

    Hosts are asked one at a time, with a pause between requests to the same host, as their robots.txt allows. A text
    that the folder has is not fetched again, and a page in the cache is not asked for again.

    Parameters
    ----------
    package
        The corpus.
    output
        The folder: `<article_id>.txt` for each text, in UTF-8. It is made if it isn't there.
    articles
        Ids of the articles; none means all.
    refresh
        Whether texts that are there, and pages in the cache, are fetched again.
    announce
        Is given what is going to be asked, with rights and terms of each document, before the first request.
    progress
        Called with the number of documents that are done, and of all.
    limits
        What a request may cost.

    Returns
    -------
    list
        For each article, in the order of the corpus, what became of it.

    Raises
    ------
    UnknownIdError
        The corpus doesn't have one of the articles.
    ReadoutsError
        Git tracks the folder, or it is a file.
    MissingDependencyError
        The reader of pages is not installed: `pip install 'readouts[texts]'`.
    OSError
        The folder can't be written.
    """
    chosen = _chosen(package, articles)
    done = {row_id: _planned(article.row) for row_id, article in chosen.items()}
    files = [f"{row_id}.txt" for row_id, text in done.items() if text.status == "planned"]
    cache = cache_folder() / "pages"
    if output.exists() and not output.is_dir():
        message = f"{output} is a file: expected a folder for the texts, or a name that is free."
        raise ReadoutsError(message)
    require_untracked(output, files)
    require_untracked(cache, ["page"])
    for row_id, text in done.items():
        if text.status == "planned" and not refresh and (output / f"{row_id}.txt").exists():
            done[row_id] = _found_there(text, chosen[row_id], output / f"{row_id}.txt")
    announce(list(done.values()))
    left = [row_id for row_id, text in done.items() if text.status == "planned"]
    if left:
        # Before anything is asked.
        with requires_extra("Fetching texts", "texts"):
            for module in ("protego", "trafilatura"):
                import_module(module)
        output.mkdir(parents=True, exist_ok=True)
    fetcher = _Fetcher(Web(PAUSE, limits), cache, refresh=refresh)
    for number in range(len(left)):
        if progress is not None:
            progress(number, len(left))
        # While one host has its pause, another one is asked.
        row_id = min(left, key=lambda each: fetcher.web.ready_at(urlsplit(done[each].addresses[0]).hostname or ""))
        left.remove(row_id)
        done[row_id] = fetcher.fetch(done[row_id], chosen[row_id], output / f"{row_id}.txt")
    return list(done.values())


def texts_frame(texts: Sequence[FetchedText]) -> pd.DataFrame:
    """Return what became of texts as a frame, one row per article."""
    import pandas as pd

    names = ("article_id", "status", "reason", "address", "file")
    rows = [[getattr(text, name) for name in names] for text in texts]
    frame = pd.DataFrame(rows, columns=names, dtype="str")
    for status in Status:
        counts = [text.spans.get(status, 0) if text.file else None for text in texts]
        frame[status.value] = pd.array(counts, dtype="Int64")
    return frame


def _chosen(package: DataPackage, articles: Collection[str]) -> dict[str, Article]:
    rows = {row["article_id"] or "": row for row in package.rows("articles")}
    articles = {id_of("article", name, lambda _: list(rows.values())) for name in articles}
    anchors: dict[str, list[Anchor]] = {row_id: [] for row_id in rows}
    contents: dict[str, set[str]] = {row_id: set() for row_id in rows}
    for span in package.rows("spans"):
        row_id = span["article_id"] or ""
        anchors[row_id].append(anchor_of(span))
        if span["role"] == "content":
            contents[row_id].add(span["span_id"] or "")
    wanted = set(articles) or rows
    return {row_id: Article(row, anchors[row_id], contents[row_id]) for row_id, row in rows.items() if row_id in wanted}


def _planned(row: Mapping[str, str | None]) -> FetchedText:
    rights = row["rights"] or ""
    addresses = tuple(address for name in ("url", "archived_url") if (address := row.get(name)))
    text = FetchedText(row["article_id"] or "", rights, TERMS.get(rights, "unknown"), addresses)
    reasons = {
        _UNNAMED: not can_name_file(text.article_id),
        f"its rights are {quoted(rights)}, which don't say that it may be fetched": rights not in TERMS,
        _NO_ADDRESS: not addresses,
    }
    reason = next((reason for reason, holds in reasons.items() if holds), None)
    return text if reason is None else replace(text, status="left out", reason=reason)


def _with(text: FetchedText, found: Reading, path: Path) -> FetchedText:
    counts = Counter(place.status for place in found.places.values())
    return replace(text, file=path.name, spans=counts)


def _found_there(text: FetchedText, article: Article, path: Path) -> FetchedText:
    try:
        there = Text(path, path.read_bytes())
        found = article.reading(there.skeleton.text)
    except (TextProblem, OSError) as problem:
        return replace(text, status="failed", reason=f"{path.name} is there and can't be read: {problem}")
    reason = None if found.holds_article else f"{path.name} is there and is not this article: remove it, or --refresh"
    return replace(_with(text, found, path), status="there", reason=reason)


class _Fetcher:
    """The web and the cache of its pages."""

    def __init__(self, web: Web, cache: Path, *, refresh: bool) -> None:
        self.web = web
        self._cache = cache
        self._refresh = refresh

    def fetch(self, text: FetchedText, article: Article, path: Path) -> FetchedText:
        """Look for an article at its addresses, and write it if it is there."""
        best: tuple[Reading, Page] | None = None
        problems: list[RetrievalError] = []
        for address in text.addresses:
            try:
                page = self._kept(address) or self.web.page(address)
                found = article.read(page)
            except RetrievalError as problem:
                problems.append(problem)
                if isinstance(problem, ForbiddenError):
                    break
                continue
            if not found.holds_article:
                count = f"{found.content} of {found.contents} statements" if found.contents else "none of its spans"
                problems.append(RetrievalError(f"{page.address} is not the article: it has {count}"))
                continue
            self._keep(address, page)
            if best is None or found.rank > best[0].rank:
                best = found, page
            if found.content == found.contents:
                break
        if best is None:
            reason = printable("; ".join(map(str, problems)))
            forbidden = isinstance(problems[-1], ForbiddenError)
            unreachable = all(isinstance(problem, UnreachableError) for problem in problems)
            status: Literal["left out", "failed"] = "left out" if forbidden else "failed"
            return replace(text, status=status, reason=reason, unreachable=unreachable)
        found, page = best
        words = found.text if found.text.endswith("\n") else f"{found.text}\n"
        replace_file(path, words.encode("utf-8", "replace"))
        return replace(_with(text, article.reading(words), path), status="fetched", address=page.address)

    def _place(self, address: str) -> Path:
        return self._cache / f"{sha256(address.encode()).hexdigest()}.page"

    def _kept(self, address: str) -> Page | None:
        """Return a page of the cache: a line of JSON, and its bytes."""
        if self._refresh:
            return None
        try:
            head, _, data = self._place(address).read_bytes().partition(b"\n")
            entry = json.loads(head)
            known = entry["asked"] == address and entry["sha256"] == sha256(data).hexdigest()
            return Page(entry["address"], 200, entry["headers"], data) if known else None
        except (OSError, ValueError, LookupError, TypeError):
            return None

    def _keep(self, address: str, page: Page) -> None:
        entry = {
            "asked": address,
            "address": page.address,
            "headers": {name: page.headers[name] for name in ("content-type",) if name in page.headers},
            "sha256": sha256(page.data).hexdigest(),
        }
        place = self._place(address)
        place.parent.mkdir(parents=True, exist_ok=True)
        replace_file(place, json.dumps(entry).encode() + b"\n" + page.data)
