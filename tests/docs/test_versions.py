"""The version numbers and the title that pages, notebooks and metadata show are those of the latest release."""

from __future__ import annotations

import json
import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml

import readouts
from docs.versions import HISTORICAL, corpus_version, package_version, stale, up_to_date, versioned_pages
from readouts.datapackage.package.package import open_package
from tests.docs.blocks import ROOT


def _text(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", versioned_pages())
def test_a_page_names_the_latest_version_unless_an_older_one_is_declared(page: str) -> None:
    told = [f"{page}:{line}: {found}, expected {latest}" for line, found, latest in stale(page, _text(page))]
    assert not told, "Run `make docs`, or declare it in docs/versions.py: " + "; ".join(told)


def test_no_page_declares_what_it_does_not_have() -> None:
    pages = versioned_pages()
    assert not [page for page in HISTORICAL if page not in pages]
    unused = [(page, pattern) for page, patterns in HISTORICAL.items() for pattern in patterns]
    assert not [(page, pattern) for page, pattern in unused if not re.search(pattern, _text(page))]


@pytest.mark.parametrize(
    ("line", "fresh"),
    [
        ("Release 1.1.0 holds", f"Release {corpus_version()} holds"),
        ('load("1.0.0") and 1.1.0.', f'load("{corpus_version()}") and {corpus_version()}.'),
        ("readouts 0.0.9 was", f"readouts {package_version()} was"),
        ("pip install readouts==0.0.9", f"pip install readouts=={package_version()}"),
        ("polars 1.1.0.5 and x1.1.0", "polars 1.1.0.5 and x1.1.0"),
        (f"readouts {corpus_version()} is the corpus", f"readouts {corpus_version()} is the corpus"),
    ],
)
def test_a_version_that_is_not_the_latest_is_found_and_brought_up_to_date(line: str, fresh: str) -> None:
    assert up_to_date("docs/planted.md", f"{line}\n") == f"{fresh}\n"
    assert bool([*stale("docs/planted.md", line)]) == (line != fresh)


def test_a_version_that_is_declared_stays() -> None:
    assert up_to_date("docs/comparing.md", "1.1.0, then 1.0.0\n") == "1.1.0, then 1.0.0\n"
    assert not [*stale("docs/upgrading.md", "Since release 1.1.0")]


def test_the_package_has_its_version_from_one_place() -> None:
    assert version("readouts") == package_version()
    sources = [*(ROOT / "src").rglob("*.py"), ROOT / "CITATION.cff", ROOT / "zensical.toml", ROOT / "action.yml"]
    assigned = re.compile(r"^__version__|^(?:package_)?version\s*=\s*[\"']\d", re.MULTILINE)
    assert [path.name for path in sources if assigned.search(path.read_text(encoding="utf-8"))] == []


def test_citation_descriptor_and_cite_have_one_title_version_and_date() -> None:
    citation = yaml.safe_load(_text("CITATION.cff"))
    descriptor = json.loads(_text("datapackage.json"))
    corpus = yaml.safe_load(_text("annotations/corpus.yaml"))
    assert citation["title"] == descriptor["title"] == corpus["title"]
    assert citation["version"] == descriptor["version"] == corpus["version"] == corpus_version()
    assert str(citation["date-released"]) == descriptor["created"][:10] == str(corpus["released"])
    cited = readouts.open(ROOT).cite()
    assert f" {descriptor['title']} (version " in cited.text
    assert f"title = {{{{{descriptor['title']}}}}}" in cited.bibtex
    assert citation["authors"] == [{"name": person["title"]} for person in descriptor["contributors"]]
    assert citation["license"] == descriptor["licenses"][0]["name"]
    assert set(citation["keywords"]) <= set(descriptor["keywords"])


def test_the_project_has_its_name_and_licences_from_the_data() -> None:
    project = tomllib.loads(_text("pyproject.toml"))["project"]
    assert project["name"] == open_package(ROOT).name
    assert Path(ROOT, *project["license-files"][1:]).is_file()
