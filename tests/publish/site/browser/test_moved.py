"""Links to ids of the past, in a real browser: they arrive where the thing is now, at the same place on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from readouts.loaders import open_corpus
from readouts.publish.site.building import build_site
from tests.publish.site.altered import altered
from tests.publish.site.browser.screens import SCHEMES, site_at
from tests.small_corpus import small_package

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from readouts.datapackage.package.package import Row
    from tests.publish.site.browser.browsing import Reading

pytestmark = pytest.mark.slow

PAST = (
    ("events", "obama-putin-call", "call-2014-03-06"),
    ("accounts", "kremlin-readout", "kremlin-2014-03-06"),
    ("alignments", "call-2014-03-06.old", "call-2014-03-06.a01"),
)


@pytest.fixture(scope="module", params=SCHEMES)
def moved(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site of a release in which ids changed, on disk and on a server."""
    folder: Path = tmp_path_factory.mktemp("moved")
    rows: list[Row] = [
        {
            "change_id": f"c{number}",
            "table": table,
            "old_id": old,
            "version": "1.1.0",
            "operation": "renamed",
            "new_id": new,
            "reason": "Named after its day.",
        }
        for number, (table, old, new) in enumerate(PAST)
    ]
    package = altered(small_package(), folder / "package", {"id_changes": lambda _: rows})
    build_site(open_corpus(package), folder / "site")
    with site_at(folder / "site", request.param) as address:
        yield address


def test_a_link_to_a_place_on_the_page_of_an_old_id_arrives_at_that_place(
    visit: Callable[..., Reading], moved: str
) -> None:
    reading = visit(moved)
    page = reading.open("events/obama-putin-call.html#zero-hedge-2014-03-06.s02")
    page.wait_for_url("**/call-2014-03-06.html#zero-hedge-2014-03-06.s02")
    assert page.locator("[id='zero-hedge-2014-03-06.s02']").is_visible()


def test_a_link_to_an_old_id_arrives_without_javascript_too(visit: Callable[..., Reading], moved: str) -> None:
    reading = visit(moved, java_script_enabled=False)
    page = reading.page
    page.goto(f"{moved}events/obama-putin-call.html")
    page.wait_for_url("**/call-2014-03-06.html")


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        ("events/call-2014-03-06.html#kremlin-readout", "#accounts li"),
        ("statements/zero-hedge-2014-03-06.s01.html#call-2014-03-06.old", ".alignment"),
    ],
)
def test_an_old_id_of_what_stands_on_another_s_page_is_a_place_there(
    visit: Callable[..., Reading], moved: str, place: str, shown: str
) -> None:
    reading = visit(moved)
    page = reading.open(place)
    assert page.locator(shown).filter(has=page.locator(f"[id='{place.partition('#')[2]}']")).count() == 1
