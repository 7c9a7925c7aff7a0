"""The site of the corpus of this project, built and read once a session."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from readouts.loaders import open_corpus
from readouts.publish.site.building import build_site
from tests.conftest import ROOT
from tests.publish.site.reading import Read, read_site

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def published_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the site; never written to."""
    folder = tmp_path_factory.mktemp("published") / "site"
    build_site(open_corpus(ROOT), folder)
    return folder


@pytest.fixture(scope="session")
def pages(published_site: Path) -> dict[str, Read]:
    """The pages of the site by their paths."""
    return read_site(published_site)
