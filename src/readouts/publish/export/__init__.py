"""Exports of the corpus: the formats of any package, and those whose parts are what the corpus's tables mean."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from readouts.datapackage.exporting import formats as engine
from readouts.datapackage.exporting.errors import ExportError
from readouts.datapackage.exporting.formats import (
    FORMATS,
    Format,
    formats_refused,
    left_out,
    not_mapped,
    register_format,
)
from readouts.datapackage.exporting.source import Conventions
from readouts.datapackage.package.locate import located
from readouts.datapackage.processes import Progress, no_progress
from readouts.loaders.released import version_label
from readouts.publish.export.linked import write_linked
from readouts.publish.export.web_annotation import write_web_annotations

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable
    from pathlib import Path

    from readouts.datapackage.exporting.source import Dataset
    from readouts.datapackage.package.bare import SchemaLike
    from readouts.datapackage.package.locate import PackageLike

__all__ = ["FORMATS", "ExportError", "Format", "export", "formats_refused", "left_out", "not_mapped"]

_CORPUS = {
    "accounts": ("account_id", "event_id", "issuer_id", "side", "kind", "issued_on", "original_language"),
    "articles": ("article_id", "outlet_id", "kind", "title", "url", "published_on", "language", "normaliser"),
    "attributions": ("statement_id", "depth", "seq", "entity_id", "label", "account_id"),
    "carriages": ("account_id", "article_id"),
    "entities": ("entity_id", "kind", "name", "description", "wikidata_id", "wikidata_status", "aliases"),
    "events": ("event_id", "kind", "title", "date", "date_precision", "place_id", "parent_event_id"),
    "participants": ("event_id", "entity_id", "side"),
    "spans": ("span_id", "article_id", "role", "start", "end", "skeleton_sha256", "prefix_sha256", "suffix_sha256"),
    "statements": ("statement_id", "article_id", "event_id", "speaker_id", "summary", "form", "review"),
}
"""Tables and columns by which a release of the corpus is told from any other package."""


def _refusal(dataset: Dataset) -> str | None:
    if all(
        name in dataset.tables and {*columns} <= {*dataset.tables[name].schema.field_names}
        for name, columns in _CORPUS.items()
    ):
        return None
    return f"expected a release of the corpus, with its tables {', '.join(_CORPUS)}"


register_format("jsonld", Format("JSON-LD in the words of schema.org", write_linked, _refusal))
register_format("annotations", Format("W3C Web Annotations of the articles", write_web_annotations, _refusal))

_CODE_POINTS = "Unicode code points"
_UNITS = {
    ("articles", "character_count"): _CODE_POINTS,
    ("articles", "word_count"): "words",
    ("carriages", "start"): _CODE_POINTS,
    ("carriages", "end"): _CODE_POINTS,
    ("spans", "start"): _CODE_POINTS,
    ("spans", "end"): _CODE_POINTS,
    ("spans", "skeleton_length"): "skeleton characters",
    ("statements", "start"): _CODE_POINTS,
    ("statements", "end"): _CODE_POINTS,
    ("statements_wide", "start"): _CODE_POINTS,
    ("statements_wide", "end"): _CODE_POINTS,
}
"""Units of columns: Table Schema has no property for them."""
_CONVENTIONS = Conventions(
    units=_UNITS,
    first="statements_wide",
    language=("articles", "language"),
    files={
        "data/README.md": "The codebook: every table, column and value.",
        "LICENSE-DATA": "The licence of the data.",
    },
)


def export(
    package: PackageLike,
    formats: str | Iterable[str],
    output: str | os.PathLike[str],
    *,
    overwrite: bool = False,
    schema: SchemaLike | None = None,
    schemas: str | os.PathLike[str] | None = None,
    progress: Progress = no_progress,
) -> list[Path]:
    """Write a package in other formats, as `readouts.datapackage.export` does; a corpus in its own formats too.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from readouts.corpus_schema.bundled import bundled_package
    >>> with TemporaryDirectory() as folder:
    ...     [path.name for path in export(bundled_package(), "jsonld", folder)]
    ['readouts.jsonld']
    """
    with located(package, schema=schema) as (_, opened):
        found = opened.with_copies(schemas)
        version = version_label(found)
        shown = replace(found, descriptor={**found.descriptor, "version": version}) if version else found
        return engine.export(shown, formats, output, overwrite=overwrite, conventions=_CONVENTIONS, progress=progress)
