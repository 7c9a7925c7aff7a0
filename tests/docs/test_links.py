"""Links of README, pages and notebooks lead somewhere, and the extras that they name are there."""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata

import pytest

from tests.docs.blocks import PAGES, ROOT

LINK = re.compile(r"\]\(([^)\s]+)\)")
MORE = ("CHANGELOG.md", "data/README.md")


def _prose(page: str) -> str:
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.sub(r"(?ms)^ *```.*?^ *```$", "", text)


def _anchors(page: str) -> set[str]:
    """Return the anchors of a page's headings, as they are made where the repository is read."""
    found: dict[str, int] = {}
    anchors = set()
    for heading in re.findall(r"(?m)^#+ +(.+?)\s*$", _prose(page)):
        text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        kept = (each for each in text if each in " -_" or unicodedata.category(each)[0] in "LNM")
        slug = "".join(kept).replace(" ", "-")
        anchors.add(slug if slug not in found else f"{slug}-{found[slug]}")
        found[slug] = found.get(slug, 0) + 1
    return anchors


@pytest.mark.parametrize("page", [*PAGES, *MORE])
def test_every_link_of_a_page_leads_somewhere_in_the_repository(page: str) -> None:
    broken = []
    for link in LINK.findall(re.sub(r"`[^`\n]*`", "", _prose(page))):
        target, _, anchor = link.partition("#")
        if re.match(r"[a-z]+:", target):
            assert target.startswith("https://"), f"{page}: {link}"
            continue
        path = ((ROOT / page).parent / target).resolve() if target else ROOT / page
        if not path.exists() or not path.is_relative_to(ROOT):
            broken.append(link)
        elif anchor and path.suffix == ".md" and anchor not in _anchors(path.relative_to(ROOT).as_posix()):
            broken.append(f"{link} (no such heading)")
    assert not broken, f"{page}: {', '.join(broken)}"


@pytest.mark.parametrize("notebook", sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb")))
def test_every_link_of_a_notebook_leads_somewhere_in_the_repository(notebook: str) -> None:
    cells = json.loads((ROOT / "notebooks" / notebook).read_text(encoding="utf-8"))["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    links = [link for link in LINK.findall(text) if not link.startswith("https://")]
    assert links
    assert not [link for link in links if not (ROOT / "notebooks" / link.partition("#")[0]).is_file()]


@pytest.mark.parametrize("page", PAGES)
def test_every_extra_that_a_page_names_can_be_installed(page: str) -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    named = re.findall(r"(?:readouts|'\.)\[([\w,-]+)\]", (ROOT / page).read_text(encoding="utf-8"))
    unknown = {extra for names in named for extra in names.split(",")} - set(extras)
    assert not unknown, f"{page}: pyproject.toml has no extra {', '.join(sorted(unknown))}"
