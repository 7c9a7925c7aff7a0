"""The package that a folder lies in: the nearest descriptor upwards."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from readouts import datapackage
from readouts.datapackage.errors import PackageError
from readouts.datapackage.package.locate import PackageNotFoundError, find_package
from tests.packages import write_package_of

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def harbours(tmp_path: Path) -> Path:
    """A package with a folder that is three levels down."""
    root = write_package_of(
        tmp_path.resolve() / "harbours", {"data/2031/may/tides.csv": "height\n3\n"},
        [{"name": "tides", "path": "data/2031/may/tides.csv"}],
    )  # fmt: skip
    (root / "scripts" / "old").mkdir(parents=True)
    return root


@pytest.mark.parametrize("inside", [".", "data", "data/2031/may", "scripts/old", "data/2031/may/tides.csv"])
def test_the_nearest_descriptor_upwards_is_found(harbours: Path, inside: str) -> None:
    assert find_package(harbours / inside) == harbours / "datapackage.json"
    assert datapackage.open(find_package(harbours / inside)).name == "invented"


def test_without_a_folder_the_search_begins_in_the_current_one(harbours: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(harbours / "scripts")
    assert datapackage.find_package() == harbours / "datapackage.json"


def test_of_two_packages_one_within_the_other_the_inner_one_is_found(harbours: Path) -> None:
    inner = write_package_of(harbours / "data" / "2031", {}, [])
    assert find_package(inner / "may") == inner / "datapackage.json"


def test_the_search_ends_at_the_root_and_names_the_folder_where_it_began(tmp_path: Path) -> None:
    with pytest.raises(PackageNotFoundError, match=r"or in any folder above it\. Change to the folder of") as caught:
        find_package(tmp_path)
    assert str(tmp_path.resolve()) in str(caught.value)


@pytest.mark.parametrize("kind", ["a folder", "a broken link"])
def test_what_has_the_name_of_a_descriptor_hides_the_packages_above_it(harbours: Path, kind: str) -> None:
    name = harbours / "scripts" / "datapackage.json"
    if kind == "a folder":
        name.mkdir()
    else:
        name.symlink_to("nowhere.json")
    found = find_package(harbours / "scripts" / "old")
    assert found == name
    with pytest.raises(PackageError, match="is not a file" if kind == "a folder" else "is a link to nowhere.json"):
        datapackage.open(found)


def test_a_descriptor_that_is_a_link_is_one(harbours: Path, tmp_path: Path) -> None:
    other = tmp_path.resolve() / "linked"
    other.mkdir()
    (other / "datapackage.json").symlink_to(harbours / "datapackage.json")
    assert find_package(other) == other / "datapackage.json"


def test_a_folder_that_is_a_link_is_searched_from_where_it_leads_to(harbours: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(harbours / "scripts")
    assert find_package(link) == harbours / "datapackage.json"


def test_a_folder_that_does_not_exist_is_not_searched_from(harbours: Path) -> None:
    with pytest.raises(PackageError, match=r"nowhere can't be searched for a datapackage.json: No such file"):
        find_package(harbours / "nowhere")


@pytest.mark.skipif(os.name == "nt", reason="links that lead in a circle are made otherwise there")
def test_links_in_a_circle_are_named(tmp_path: Path) -> None:
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("one")
    with pytest.raises(PackageError, match=r"can't be searched for a datapackage\.json: Too many levels"):
        find_package(tmp_path / "one")
