"""The descriptor of the package: Data Package v2, self-contained, with hashes and row counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from readouts.annotations.corpus import Corpus
    from readouts.datapackage.schema.model import Table

__all__ = ["package_descriptor", "resource_descriptor"]

_PROFILES = "https://datapackage.org/profiles/2.0"


def resource_descriptor(table: Table, *, size: int, sha256: str, rows: int) -> dict[str, Any]:
    """Describe one table's file.

    Parameters
    ----------
    table
        Its schema, which is put into the descriptor as it is.
    size
        Bytes of the file.
    sha256
        Hash of the file, in lower-case hexadecimal.
    rows
        Rows below the header; the property `rowCount` is an addition to the standard.
    """
    return {
        "$schema": f"{_PROFILES}/dataresource.json",
        "name": table.name,
        "type": "table",
        "title": table.title,
        "description": table.description,
        "path": f"data/{table.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": size,
        "hash": f"sha256:{sha256}",
        "rowCount": rows,
        "schema": table.descriptor,
    }


def package_descriptor(
    corpus: Corpus, articles: Iterable[Mapping[str, str]], resources: list[dict[str, Any]]
) -> dict[str, Any]:
    """Describe the package."""
    sources: list[dict[str, Any]] = [dict(source) for source in corpus.sources]
    for article in articles:
        source: dict[str, Any] = {"title": article["title"]}
        if article["url"]:
            source["path"] = article["url"]
        sources.append(source)
    descriptor: dict[str, Any] = {
        "$schema": f"{_PROFILES}/datapackage.json",
        "name": corpus.name,
        "title": corpus.title,
        "description": corpus.description,
        "version": corpus.version,
        "created": f"{corpus.released}T00:00:00Z",
        "keywords": list(corpus.keywords),
        "licenses": list(corpus.licenses),
        "contributors": list(corpus.contributors),
        "sources": sources,
        "acceptedFindings": list(corpus.accepted),
        "resources": resources,
    }
    return {name: value for name, value in descriptor.items() if value != []}
