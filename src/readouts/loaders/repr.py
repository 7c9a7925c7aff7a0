"""The contents of a corpus: as text, and as HTML for notebooks."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from readouts.datapackage.package.package import DataPackage

__all__ = ["as_html", "as_text"]


def _plain(text: object) -> str:
    """Return a text on one line, in which nothing is hidden or commands a terminal: the package may be anybody's."""
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in str(text))


def _heading(package: DataPackage, version: str) -> str:
    released = str(package.descriptor.get("created", ""))[:10] if version == package.version else ""
    return _plain(f"Corpus {package.name} {version}" + (f", released {released}" if released else ""))


def _tables(package: DataPackage) -> Iterator[tuple[str, str, str]]:
    for name, resource in package.resources.items():
        count = resource.descriptor.get("rowCount")
        sentence = (
            str(resource.descriptor.get("description", "")).partition(". ")[0].removeprefix("One row is ").rstrip(".")
        )
        yield _plain(name), f"{count:,}" if isinstance(count, int) else "?", _plain(sentence)


def as_text(package: DataPackage, version: str, notes: str = "") -> str:
    """Return name, version, and each table with its number of rows."""
    rows = [(name, count) for name, count, _ in _tables(package)]
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)] if rows else [0, 0]
    lines = [f"  {name:<{widths[0]}} {count:>{widths[1]}}" for name, count in rows]
    return "\n".join([f"<{_heading(package, version)}{notes}", *lines]) + ">"


def as_html(package: DataPackage, version: str, notes: str = "") -> str:
    """Return name, version, and each table with its number of rows and what one row is, everything escaped."""
    rows = "".join(
        f'<tr><td style="text-align:left"><code>{escape(name)}</code></td><td style="text-align:right">{escape(count)}'
        f'</td><td style="text-align:left">{escape(sentence)}</td></tr>'
        for name, count, sentence in _tables(package)
    )
    title = escape(_plain(package.descriptor.get("title", "")))
    return (
        f"<div><strong>{escape(_heading(package, version))}</strong>{escape(notes)}<br>{title}"
        '<table><thead><tr><th style="text-align:left">table</th><th style="text-align:right">rows</th>'
        f'<th style="text-align:left">one row is</th></tr></thead><tbody>{rows}</tbody></table></div>'
    )
