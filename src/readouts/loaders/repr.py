"""The contents of a corpus: as text, and as HTML for notebooks."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING

from readouts.datapackage.render.escaping import visible
from readouts.datapackage.render.notebook import notebook_html

if TYPE_CHECKING:
    from collections.abc import Iterator

    from readouts.datapackage.package.package import DataPackage

__all__ = ["as_html", "as_text", "contents"]


def _heading(package: DataPackage, version: str) -> str:
    released = str(package.descriptor.get("created", ""))[:10] if version == package.version else ""
    return visible(f"Corpus {package.name} {version}" + (f", released {released}" if released else ""))


def contents(package: DataPackage) -> Iterator[tuple[str, int | None, str]]:
    """Yield the name of each table, how many rows it has, and what one of them is, as far as the descriptor says so."""
    for name, resource in package.resources.items():
        count = resource.descriptor.get("rowCount")
        sentence = (
            str(resource.descriptor.get("description", "")).partition(". ")[0].removeprefix("One row is ").rstrip(".")
        )
        yield name, count if isinstance(count, int) else None, sentence


def as_text(package: DataPackage, version: str, notes: str = "") -> str:
    """Return name, version, and the tables with their numbers of rows, in a few lines."""
    # A name and its number stay in one line.
    tables = [f"{visible(name)}\xa0{'?' if count is None else f'{count:,}'}" for name, count, _ in contents(package)]
    told = fill(", ".join(tables), 100, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)
    told = told.replace("\xa0", " ")
    return f"<{_heading(package, version)}{notes}" + (f"\n{told}>" if tables else ">")


def as_html(package: DataPackage, version: str, notes: str = "") -> str:
    """Return name, version, and each table with its number of rows and what one row is, everything escaped."""
    title = str(package.descriptor.get("title", ""))
    rows = [(name, "?" if count is None else count, sentence) for name, count, sentence in contents(package)]
    return notebook_html(_heading(package, version), [title], ("table", "rows", "one row is"), rows, notes)
