"""Build the documentation site: `python docs/site_pages.py FOLDER` writes `FOLDER/site/`.

The pages are written for a reader of the repository. Here they become pages of a site: what they link to outside
`docs/` becomes a page or a file of the site, or, where it is a folder, plain text.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path, PurePosixPath
from typing import Annotated

import typer

__all__ = ["build", "stage"]

ROOT = Path(__file__).resolve().parents[1]
CONFIGURATION = "zensical.toml"
MOVED = {"CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md", "README.md": "index.md"}
"""Pages at the root of the repository, and where the site has them; its first page stands for the README."""
_CODEBOOK = "data/README.md"
_LINK = re.compile(r"(?<!!)\[(?P<text>(?:[^\[\]]|`[^`]*`|!\[[^\]]*\]\([^)]*\))*)\]\((?P<target>[^)\s]+)\)")
_IMAGE = re.compile(r"!\[(?P<text>[^\]]*)\]\((?P<target>[^)\s]+)\)")
_CODE = re.compile(r"(^ *```.*?^ *```$)", re.MULTILINE | re.DOTALL)
_REMARK = re.compile(r"^ *<!-- (?:generated|end|not run|run in|run with)\b.*-->\n", re.MULTILINE)


def stage(folder: Path) -> None:
    """Write what the site is made of: `docs/` with the pages, their pictures and the files they link to."""
    target = folder / "docs"
    shutil.rmtree(target, ignore_errors=True)
    sources = {path.relative_to(ROOT).as_posix(): path for path in sorted((ROOT / "docs").rglob("*.md"))}
    sources |= {name: ROOT / name for name in MOVED if name != "README.md"}
    for name, path in sources.items():
        made = target / MOVED.get(name, name.removeprefix("docs/"))
        made.parent.mkdir(parents=True, exist_ok=True)
        made.write_text(_page(name, path.read_text(encoding="utf-8"), folder), encoding="utf-8", newline="\n")
    shutil.copy(ROOT / "docs" / "site.css", target)
    shutil.copy(ROOT / CONFIGURATION, folder / CONFIGURATION)


def build(folder: Path) -> Path:
    """Build the site, and return its folder.

    Raises
    ------
    SystemExit
        The generator fails or warns, among others of a link to a page that isn't there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stage(folder)
    shutil.rmtree(folder / "site", ignore_errors=True)
    done = subprocess.run(  # noqa: S603 - our own generator, with arguments that nobody else sets
        [sys.executable, "-m", "zensical", "build", "--strict", "--clean", "--config-file", CONFIGURATION],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        told = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout + done.stderr).partition("Traceback")[0]
        message = f"The site doesn't build.\n{told}"
        raise SystemExit(message)
    return folder / "site"


def _page(name: str, text: str, folder: Path) -> str:
    """Return a page as the site has it: without remarks, and with links that hold there. Code stays as it is."""
    parts = _CODE.split(text)
    # Every second part is code: the pattern has one group.
    for number in range(0, len(parts), 2):
        prose = _REMARK.sub("", parts[number])
        prose = _LINK.sub(lambda found: _link(name, found, folder), prose)
        parts[number] = _IMAGE.sub(lambda found: _picture(name, found, folder), prose)
    return "".join(parts)


def _address(name: str, path: str) -> str:
    """Return the way from a page to a path of the site."""
    here = PurePosixPath(MOVED.get(name, name.removeprefix("docs/"))).parent
    return os.path.relpath(path, here.as_posix()).replace(os.sep, "/")


def _place(name: str, target: str) -> str:
    """Return what a relative link of a page means, as a path in the repository."""
    return os.path.normpath(PurePosixPath(name).parent / target).replace(os.sep, "/")


def _link(name: str, found: re.Match[str], folder: Path) -> str:
    target, _, anchor = found["target"].partition("#")
    if not target or re.match(r"[a-z]+:", target):
        return found[0]
    place = _place(name, target)
    end = f"#{anchor}" if anchor else ""
    if place == _CODEBOOK:
        # The codebook in `data/` is one page; here each table has its own.
        page = f"reference/codebook/{anchor or 'index'}.md"
        return f"[{found['text']}]({_address(name, page)})"
    if place in MOVED:
        return f"[{found['text']}]({_address(name, MOVED[place])}{end})"
    if place.startswith("docs/") and place.endswith(".md"):
        return f"[{found['text']}]({_address(name, place.removeprefix('docs/'))}{end})"
    if (ROOT / place).is_file():
        return f"[{found['text']}]({_file(name, place, folder)}{end})"
    # A folder of the repository has no page.
    return found["text"]


def _picture(name: str, found: re.Match[str], folder: Path) -> str:
    if re.match(r"[a-z]+:", found["target"]):
        message = f"{name} shows a picture from elsewhere, {found['target']}: the site asks nobody for anything."
        raise SystemExit(message)
    return f"![{found['text']}]({_file(name, _place(name, found['target']), folder)})"


def _file(name: str, place: str, folder: Path) -> str:
    """Put a file of the repository into the site, and return the way to it."""
    # The generator passes over names that begin with a dot.
    path = place.removeprefix("docs/") if place.startswith("docs/") else f"files/{place.lstrip('.')}"
    made = folder / "docs" / path
    made.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / place, made)
    return _address(name, path)


def main(folder: Annotated[Path, typer.Argument(help="Folder to write to.")] = Path("build/docs")) -> None:
    """Build the documentation site."""
    typer.echo(f"{build(folder) / 'index.html'}")


if __name__ == "__main__":
    typer.run(main)
