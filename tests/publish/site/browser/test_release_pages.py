"""The pages of releases: what changed is what `readouts diff` says, and ids that moved are told."""

from __future__ import annotations

import html
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from readouts.datapackage.difference.compare import compare
from readouts.datapackage.package.locate import located, released
from readouts.datapackage.render.difference.sections import counts, differing
from readouts.loaders import open_corpus
from readouts.publish.site.building import build_site
from readouts.publish.site.pagination import LARGEST
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from readouts.datapackage.difference.result import PackageDiffData


def words(path: Path) -> str:
    """Return the words of a page."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", path.read_text(encoding="utf-8"))).split())


@contextmanager
def latest() -> Iterator[tuple[str, str, PackageDiffData]]:
    """Give the version of the last release, that before it, and how they differ."""
    *_, before, last = released(ROOT)
    with located(released(ROOT)[before]) as (_, old), located(released(ROOT)[last]) as (_, new):
        yield last, before, compare(old, new)


def test_a_release_tells_what_changed_as_diff_does(published_site: Path) -> None:
    with latest() as (version, before, difference):
        page = words(published_site / "releases" / f"{version}.html")
        assert f"What changed since {before}" in page
        assert differing(difference)
        for table in differing(difference):
            assert f"{table.name} {counts(table)}" in page


@pytest.mark.slow
def test_the_page_of_changes_counts_every_change_shows_what_fits_and_stays_small(published_site: Path) -> None:
    with latest() as (version, _, difference):
        path = published_site / "releases" / f"{version}--changes.html"
        text = words(path)
        assert path.stat().st_size <= LARGEST
        for table in difference.tables:
            shown = sum(" / ".join(row.key) in text or "/".join(row.key) in text for row in table.added)
            assert shown >= min(10, len(table.added))
            assert not table.rows_added or f"{table.rows_added:,} " in text


def test_without_earlier_releases_the_pages_say_so_and_tell_of_ids(tmp_path: Path, invented_package: Path) -> None:
    build_site(open_corpus(invented_package), tmp_path / "site")
    releases = tmp_path / "site" / "releases"
    assert "There are no earlier releases next to this package" in words(tmp_path / "site" / "releases.html")
    assert not list(releases.glob("*--changes.html"))
    page = words(releases / "0.3.1.html")
    assert "There is no earlier release next to this package" in page
    assert "No id was renamed, merged, split or removed." in page
    assert "statements herald-2031-05-02.s99 removed It was no statement." in words(releases / "0.3.0.html")
