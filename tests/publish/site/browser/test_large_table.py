"""A table that is too large for a browser to sort as a whole: it says so, and each page sorts its own rows."""

from __future__ import annotations

import csv
import json
import shutil
from typing import TYPE_CHECKING

import pytest

from readouts.loaders import open_corpus
from readouts.publish.site.building import build_site
from readouts.publish.site.pagination import LARGEST
from readouts.publish.site.tables import LARGEST_SORTED

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.publish.site.browser.browsing import Reading


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, invented_package: Path) -> Path:
    """The site of a package whose spans are many times the same ones."""
    folder = tmp_path_factory.mktemp("large")
    package = folder / "package"
    package.mkdir()
    shutil.copytree(invented_package / "data", package / "data")
    descriptor = json.loads((invented_package / "datapackage.json").read_text(encoding="utf-8"))
    for resource in descriptor["resources"]:
        for key in ("hash", "bytes", "rowCount"):
            resource.pop(key, None)
    (package / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    with (package / "data" / "spans.csv").open("r+", encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
        writer = csv.writer(file, lineterminator="\n")
        number = 0
        while file.tell() <= LARGEST_SORTED:
            number += 1
            writer.writerows([[f"{row[0]}.n{number}", *row[1:]] for row in rows])
    assert header[0] == "span_id"
    build_site(open_corpus(package), folder / "site")
    return folder / "site"


def test_its_pages_stay_small_and_it_has_no_rows_as_scripts(site: Path) -> None:
    pages = sorted((site / "tables").glob("spans*.html"))
    assert len(pages) > 10
    assert max(path.stat().st_size for path in site.rglob("*.html")) <= LARGEST
    assert not list((site / "tables").glob("rows/spans*"))


def test_each_page_sorts_and_filters_its_own_rows_and_says_so(visit: Callable[..., Reading], site: Path) -> None:
    page = visit(site.as_uri() + "/").open("tables/spans--2.html")
    rows = page.locator("table.rows tbody tr")
    number = rows.count()
    assert page.get_by_text("too large to be sorted as a whole").is_visible()
    page.get_by_role("columnheader", name="start").get_by_role("button").click()
    assert page.get_by_role("status").inner_text() == f"{number} rows on this page, by start, ascending"
    page.get_by_label("Filter the rows of this page").fill("no such row")
    page.get_by_text(f"0 of {number} rows on this page").wait_for()
    assert rows.count() == 0
    assert page.get_by_role("navigation", name="Pages").first.is_visible()
