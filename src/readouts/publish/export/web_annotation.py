"""W3C Web Annotation: every span as an annotation, which points by position and by fingerprint, and quotes nothing.

https://www.w3.org/TR/annotation-model/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from readouts.datapackage.exporting.metadata import json_bytes, metadata_of
from readouts.datapackage.exporting.naming import file_stem
from readouts.publish.export.linked import TERMS, iri, linked_name

if TYPE_CHECKING:
    from pathlib import Path

    from readouts.datapackage.exporting.source import Dataset

__all__ = ["web_annotations", "write_web_annotations"]

_CONTEXT = [
    "http://www.w3.org/ns/anno.jsonld",
    {
        "readouts": TERMS,
        **{
            name: f"readouts:{name}"
            for name in (
                "FingerprintSelector",
                "TextState",
                "normaliser",
                "skeletonSha256",
                "skeletonLength",
                "prefixSha256",
                "suffixSha256",
                "textSha256",
                "role",
                "seq",
                "depth",
            )
        },
    },
]
_NAMED = ("mention", "source", "addressee")
"""Roles whose spans name an entity."""

Row = dict[str, "str | None"]


def write_web_annotations(dataset: Dataset, folder: Path) -> list[Path]:
    """Write every span of the corpus as a Web Annotation."""
    path = folder / f"{file_stem(dataset.package.name)}.annotations.jsonld"
    path.write_bytes(json_bytes(web_annotations(dataset)))
    return [path]


def web_annotations(dataset: Dataset) -> dict[str, Any]:
    """Return the spans of the corpus as a collection of Web Annotations.

    Each has two selectors for the same stretch: the standard `TextPositionSelector`, in Unicode code points of the text
    whose hash is the target's state, and our `FingerprintSelector`, which finds it in another version of the text.

    Examples
    --------
    >>> from readouts.datapackage.exporting.source import dataset_of
    >>> from readouts.datapackage.package.package import open_package
    >>> from readouts.corpus_schema.bundled import bundled_package
    >>> made = web_annotations(dataset_of(open_package(bundled_package())))
    >>> made["first"]["items"][0]["target"]["selector"][0]
    {'type': 'TextPositionSelector', 'start': 1, 'end': 3}
    """
    about = metadata_of(dataset.package.descriptor)
    rows = {name: dataset.tables[name].records() for name in ("articles", "spans", "statements")}
    articles = {row["article_id"]: row for row in rows["articles"]}
    statements = {row["statement_id"]: row for row in rows["statements"]}
    # The corpus in JSON-LD lies next to this file: bodies are rows of it.
    beside = linked_name(dataset)
    items = [
        {
            "id": iri("span", row["span_id"]),
            "type": "Annotation",
            "motivation": _motivation(row),
            "role": row["role"],
            "seq": int(row["seq"] or 0),
            **({"depth": int(row["depth"])} if row["depth"] else {}),
            "body": _bodies(row, statements, beside),
            "target": _target(row, articles[row["article_id"]], beside),
        }
        for row in rows["spans"]
    ]
    licences = [licence.url for licence in about.licences if licence.url]
    return {
        "@context": _CONTEXT,
        "id": "#annotations",
        "type": "AnnotationCollection",
        "label": f"Annotations of {about.name} {about.version}".strip(),
        **({"rights": licences} if licences else {}),
        "total": len(items),
        "first": {"id": "#annotations/1", "type": "AnnotationPage", "startIndex": 0, "items": items},
    }


def _motivation(row: Row) -> str:
    if row["role"] == "content":
        return "describing"
    if row["role"] in _NAMED and row["entity_id"]:
        return "identifying"
    return "linking" if row["statement_id"] or row["relation_id"] or row["account_id"] else "classifying"


def _bodies(row: Row, statements: dict[str | None, Row], beside: str) -> list[dict[str, Any]]:
    bodies: list[dict[str, Any]] = [
        {"type": "TextualBody", "purpose": "tagging", "format": "text/plain", "value": row["role"]}
    ]
    for kind in ("statement", "account", "entity"):
        identifier = row[f"{kind}_id"]
        if identifier:
            purpose = "identifying" if kind == "entity" else "linking"
            bodies.append({"type": "SpecificResource", "purpose": purpose, "source": beside + iri(kind, identifier)})
    if row["role"] == "content":
        summary = statements[row["statement_id"]]["summary"]
        # In our own words: no annotation holds words of the text.
        bodies.append(
            {
                "type": "TextualBody",
                "purpose": "describing",
                "format": "text/plain",
                "language": "en",
                "value": summary,
            }
        )
    return bodies


def _target(row: Row, article: Row, beside: str) -> dict[str, Any]:
    return {
        "type": "SpecificResource",
        "source": article["url"] or beside + iri("article", article["article_id"]),
        "state": {"type": "TextState", "textSha256": article["sha256_raw"]},
        "selector": [
            {"type": "TextPositionSelector", "start": int(row["start"] or 0), "end": int(row["end"] or 0)},
            {
                "type": "FingerprintSelector",
                "normaliser": article["normaliser"],
                "skeletonSha256": row["skeleton_sha256"],
                "skeletonLength": int(row["skeleton_length"] or 0),
                "prefixSha256": row["prefix_sha256"],
                "suffixSha256": row["suffix_sha256"],
            },
        ],
    }
