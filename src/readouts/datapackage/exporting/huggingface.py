"""A dataset of Hugging Face: Parquet, and a card whose header tells its tools where each table is.

https://huggingface.co/docs/hub/datasets-cards
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from readouts.datapackage.exporting.metadata import metadata_of
from readouts.datapackage.exporting.parquet import parquet_names, write_parquet

if TYPE_CHECKING:
    from pathlib import Path

    from readouts.datapackage.exporting.source import Dataset

__all__ = ["card", "write_card"]

_CARD = "README.md"
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))


def write_card(dataset: Dataset, folder: Path) -> list[Path]:
    """Write the tables as Parquet, and the card that describes them."""
    written = write_parquet(dataset, folder)
    path = folder / _CARD
    path.write_text(card(dataset), encoding="utf-8", newline="\n")
    return [path, *written]


def card(dataset: Dataset) -> str:
    """Return the card of a package: a header in YAML, then what it holds in Markdown.

    Examples
    --------
    >>> from readouts.datapackage.exporting.source import dataset_of
    >>> from readouts.datapackage.package.package import open_package
    >>> from readouts.datapackage.sample import sample_package
    >>> card(dataset_of(open_package(sample_package()))).splitlines()[1:3]
    ['pretty_name: "Some lakes"', 'license: "cc-by-4.0"']
    """
    about = metadata_of(dataset.package.descriptor)
    paths = parquet_names(dataset)
    first = dataset.conventions.first
    default = first if first in paths else next(iter(paths))
    rows = max(table.survey.rows for table in dataset.tables.values())
    header: dict[str, Any] = {
        "pretty_name": about.title,
        "license": about.licences[0].identifier.lower() if about.licences else "unknown",
        "language": _languages(dataset),
        "tags": list(about.keywords),
        "size_categories": [next((word for most, word in _SIZES if rows < most), "n>1M")],
        "configs": [
            {"config_name": name, "data_files": path} | ({"default": True} if name == default else {})
            for name, path in paths.items()
        ],
    }
    lines = ["---"]
    for name, value in header.items():
        if name == "configs":
            # One a line: it is what people look for.
            lines += ["configs:", *(f"  - {json.dumps(entry, ensure_ascii=False)}" for entry in value)]
        elif value:
            lines.append(f"{name}: {json.dumps(value, ensure_ascii=False)}")
    lines += ["---", "", f"# {_plain(about.title)}", ""]
    if about.description:
        lines += [_plain(about.description), ""]
    lines += [
        f"Version {about.version}, {about.released}." if about.version and about.released else f"Package {about.name}.",
        "",
        "```python",
        "from datasets import load_dataset",
        "",
        f'rows = load_dataset("OWNER/NAME", {default!r}, split="train")',
        "```",
        "",
        "| table | rows | one row is |",
        "|---|---:|---|",
    ]
    for name, table in dataset.tables.items():
        description = table.text["description"]
        lines.append(f"| `{_plain(name)}` | {table.survey.rows:,} | {_plain(description)} |")
    return "\n".join(lines) + "\n"


def _languages(dataset: Dataset) -> list[str]:
    """Return the languages of what a package is about, without regions, which the tools there don't know."""
    name, column = dataset.conventions.language
    table = dataset.tables.get(name)
    if table is None or column not in table.schema.field_names:
        return []
    return sorted({str(row[column]).partition("-")[0] for row in table.records() if row[column]})


def _plain(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("`", "'").replace("<", "&lt;")
