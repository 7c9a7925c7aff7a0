"""The class that `load()` and `open()` give: a release of the corpus, and what it can be asked."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from readouts.analysis.comparison import Comparison, compare
from readouts.datapackage.optional import requires_extra
from readouts.loaders.question_access import QuestionAccess
from readouts.loaders.repr import as_html, as_text
from readouts.loaders.schema_guard import question

if TYPE_CHECKING:
    import os
    from collections.abc import Collection

    import pandas as pd

    from readouts.datapackage.diff_api import PackageDiff
    from readouts.datapackage.package.package import DataPackage
    from readouts.loaders.citation import Citation
    from readouts.publish.charts.accessor import Plots
    from readouts.text.hydration import ArticleReport

__all__ = ["Corpus"]

_PLOTS = "readouts.publish.charts.accessor"
"""Where `corpus.plot` is: charts lie above the loaders."""


class Corpus(QuestionAccess):
    """A release of the corpus: one attribute per table, read when it is first asked for.

    Parameters
    ----------
    package
        The package on disk.

    Examples
    --------
    >>> import readouts
    >>> corpus = readouts.load()
    >>> sorted(corpus.tables)[:3]
    ['accounts', 'addressees', 'alignments']
    >>> corpus.events.loc[0, "kind"] in {"call", "meeting", "visit", "session", "decision", "letter", "statement"}
    True
    """

    def __repr__(self) -> str:
        return as_text(self._package, self.version, self._quoted())

    def _repr_html_(self) -> str:
        return as_html(self._package, self.version, self._quoted())

    def _quoted(self) -> str:
        found = [report.problem is None for report in self.hydration]
        return f", with the quotations of {sum(found)} of {len(found)} articles: not for publication" if found else ""

    def cite(self) -> Citation:
        """Return how this release is cited: `print(corpus.cite())`, and `.bibtex` for BibTeX.

        Examples
        --------
        >>> import readouts
        >>> readouts.load().cite().text.startswith("The readouts contributors (2026).")
        True
        >>> print(readouts.load("1.0.0").cite().bibtex.partition(",")[0])
        @misc{readouts-1.0.0
        """
        from readouts.loaders.citation import citation

        return citation({**self._package.descriptor, "version": self.version})

    @question
    def compare(self, event: str) -> Comparison:
        """Lay the accounts of one event side by side.

        Parameters
        ----------
        event
            Id or title of the event.

        Returns
        -------
        Comparison
            What both sides say, contest, and say alone, with the articles that carry each.

        Raises
        ------
        UnknownIdError
            The corpus doesn't have the event.

        Examples
        --------
        >>> import readouts
        >>> readouts.load().compare("call-2014-03-28").sides[0].names
        ('Barack Obama',)
        """
        return compare(event, self.texts)

    @property
    def plot(self) -> Plots:
        """The charts, such as `plot.sides(EVENT)`, `plot.agreement()` and `plot.omissions()`.

        Examples
        --------
        >>> import readouts
        >>> readouts.load().plot.coverage()
        <readouts chart 'coverage': What each outlet carries>
        """
        plots: Plots = import_module(_PLOTS).Plots(self)
        return plots

    def changes(
        self,
        since: str | Corpus,
        *,
        ids: Collection[str] | None = None,
        registry: str | os.PathLike[str] | None = None,
    ) -> PackageDiff:
        """Return what changed since another release.

        Parameters
        ----------
        since
            Version of the other release, which is taken as `load()` takes it; or another corpus.
        ids
            Ids of any table to report on; None for everything.
        registry
            The registry of releases, as for `load()`.

        Returns
        -------
        PackageDiff
            What `readouts diff` shows: changed cells, added and removed rows, and what became of each id (`asked`).

        Raises
        ------
        MissingDependencyError
            The toolkit is not installed: `pip install 'readouts[toolkit]'`.
        UnknownIdError, FetchError
            The other release is unknown or unavailable.

        Examples
        --------
        >>> import readouts
        >>> found = readouts.load("1.1.0").changes("1.0.0", ids=["new-daily-2014-03-28.s20", "kremlin-2014-03-06"])
        >>> [(each.id, each.status) for each in found.asked]
        [('new-daily-2014-03-28.s20', 'added'), ('kremlin-2014-03-06', 'unchanged')]
        """
        from readouts.loaders.changes import diff
        from readouts.loaders.opening import opened_release

        with requires_extra("changes()", "toolkit"):
            import_module("readouts.datapackage.difference.compare")
        if isinstance(since, Corpus):
            return diff(since.package, self.package, ids=ids, limit=None)
        return diff(opened_release(since, registry), self.package, ids=ids, limit=None)

    def fetch_texts(
        self, output: str | os.PathLike[str], articles: Collection[str] = (), *, refresh: bool = False
    ) -> pd.DataFrame:
        """Fetch the texts of articles from their addresses into a folder, for your own use; don't pass them on.

        Rights and terms of each document are printed to standard error before the first request. See `readouts texts`
        on the command line for what is asked and what is left out.

        Parameters
        ----------
        output
            The folder, which git must not track: `<article_id>.txt` for each text. `hydrate()` reads it.
        articles
            Ids of the articles; none means all.
        refresh
            Whether texts that are there, and pages in the cache, are fetched again.

        Returns
        -------
        pandas.DataFrame
            One row per article: `article_id`, `status` (`fetched`, `there`, `left out`, `failed`), `reason` (missing
            where the text is there), `address`, `file`, and how many spans were found `exact`, `moved` or `drifted`
            or not at all (`orphan`).

        Raises
        ------
        MissingDependencyError
            The reader of pages is not installed: `pip install 'readouts[texts]'`.
        UnknownIdError
            The corpus doesn't have one of the articles.
        ReadoutsError
            Git tracks the folder.

        Examples
        --------
        >>> import readouts
        >>> found = readouts.load("1.1.0").fetch_texts("texts", ["new-daily-2014-03-28"])
        >>> print(found.loc[0, "reason"])
        the corpus has no address of it
        """
        from readouts.loaders.texts import fetch_texts, texts_frame

        return texts_frame(fetch_texts(self.package, Path(output), articles, refresh=refresh))

    @question
    def hydrate(self, texts: str | os.PathLike[str]) -> Corpus:
        """Return the corpus with the quotations put back, for readers who lawfully have the texts.

        Parameters
        ----------
        texts
            Folder with the texts, one UTF-8 file per article, named `<article_id>.txt`.

        Returns
        -------
        Corpus
            `statements` gains `content`, the words of the statement; `spans` gains `text`, `found_start` and
            `found_end` (Unicode code points) and `found`: `exact`, `moved`, `drifted` or `orphan`. They are missing
            where an article has no text; `hydration` says how each was found. Nothing is written: the result holds
            text of the articles and must not be published.

        Raises
        ------
        ReadoutsError
            There is no such folder, or no text in it is one of the corpus.

        Examples
        --------
        >>> import readouts
        >>> readouts.load().hydrate("nowhere")
        Traceback (most recent call last):
        readouts.datapackage.errors.ReadoutsError: nowhere is not a folder: expected the folder with the articles' \
texts, one UTF-8 .txt file each.
        """
        from readouts.loaders.quotations import hydrated

        made = Corpus(hydrated(self._package, Path(texts)))
        # The files of an archive live as long as the corpus that was opened from it.
        made._kept = self
        return made

    @property
    def hydration(self) -> tuple[ArticleReport, ...]:
        """How the text of each article was found; empty for a corpus without quotations."""
        return getattr(self._package, "reports", ())

    @property
    def package(self) -> DataPackage:
        """The package on disk that this was loaded from, without quotations."""
        return self._kept.package if self._kept is not None else self._package

    _kept: Corpus | None = None
