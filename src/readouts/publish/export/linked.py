"""JSON-LD: the dataset in the words of schema.org, with every statement as a claim, its sources, and where it appears.

https://schema.org/Dataset, https://schema.org/Claim, https://schema.org/Quotation
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from readouts.analysis.sides import addressees_of, side_of
from readouts.datapackage.exporting.files import media_type
from readouts.datapackage.exporting.metadata import json_bytes, metadata_of
from readouts.datapackage.exporting.naming import file_stem
from readouts.datapackage.package.paths import inside

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from readouts.datapackage.exporting.source import Dataset

__all__ = ["TERMS", "iri", "linked", "linked_name", "write_linked"]

TERMS = "urn:readouts:term:"
"""What schema.org can't express, such as the steps of a chain, has a name that begins so."""
_CONTEXT: dict[str, Any] = {
    "@vocab": "https://schema.org/",
    "readouts": TERMS,
    "sourceChain": {"@id": "readouts:sourceChain", "@container": "@list"},
    **{
        name: f"readouts:{name}"
        for name in ("Step", "depth", "source", "document", "addressee", "side", "form", "medium", "act", "topic")
    },
    **{name: f"readouts:{name}" for name in ("polarity", "certainty", "modality", "madeBy", "review")},
}
_ENTITIES = {
    "person": "Person",
    "state": "Country",
    "government": "GovernmentOrganization",
    "office": "Organization",
    "organisation": "Organization",
    "group": "Organization",
    "outlet": "NewsMediaOrganization",
    "place": "Place",
}
_ARTICLES = {"press": "NewsArticle"}
_CODES = ("form", "medium", "act", "topic", "polarity", "certainty", "modality", "review")
_PRECISIONS = {"year": 4, "month": 7}

Row = dict[str, "str | None"]


def linked_name(dataset: Dataset) -> str:
    """Return the name of the file."""
    return f"{file_stem(dataset.package.name)}.jsonld"


def iri(kind: str, identifier: str | None) -> str:
    """Return how a row is called in JSON-LD: by a fragment of the file, wherever it is published.

    Examples
    --------
    >>> iri("event", "call-2014-03-06")
    '#event/call-2014-03-06'
    """
    return f"#{kind}/{quote(identifier or '', safe='')}"


def write_linked(dataset: Dataset, folder: Path) -> list[Path]:
    """Write the corpus as JSON-LD."""
    path = folder / linked_name(dataset)
    path.write_bytes(json_bytes(linked(dataset)))
    return [path]


def linked(dataset: Dataset) -> dict[str, Any]:
    """Return the corpus as JSON-LD, with its context in it: no program has to fetch one.

    Examples
    --------
    >>> from readouts.datapackage.exporting.source import dataset_of
    >>> from readouts.datapackage.package.package import open_package
    >>> from readouts.corpus_schema.bundled import bundled_package
    >>> graph = linked(dataset_of(open_package(bundled_package())))["@graph"]
    >>> claim = next(node for node in graph if node["@id"] == "#statement/moscow-times-2014-03-07.s02")
    >>> claim["abstract"], claim["appearance"]
    ('Obama urges Putin to look for a peaceful settlement over Crimea.', {'@id': '#article/moscow-times-2014-03-07'})
    """
    rows = {name: table.records() for name, table in dataset.tables.items()}
    nodes: list[dict[str, Any]] = [_dataset(dataset)]
    nodes += [_entity(row) for row in rows["entities"]]
    nodes += [_event(row, rows) for row in rows["events"]]
    nodes += [_account(row) for row in rows["accounts"]]
    nodes += [_article(row, rows) for row in rows["articles"]]
    nodes += _statements(rows)
    return {"@context": _CONTEXT, "@graph": [_kept(node) for node in nodes]}


def _kept(node: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in node.items() if value not in (None, "", [])}


def _reference(kind: str, identifier: str | None) -> dict[str, str] | None:
    return {"@id": iri(kind, identifier)} if identifier else None


def _dataset(dataset: Dataset) -> dict[str, Any]:
    about = metadata_of(dataset.package.descriptor)
    return {
        "@id": "#dataset",
        "@type": "Dataset",
        "name": about.title,
        "alternateName": about.name,
        "description": about.description,
        "version": about.version,
        "datePublished": about.released,
        "license": [licence.url or licence.identifier for licence in about.licences],
        "creator": [
            {"@type": "Person" if party.is_person else "Organization", "name": party.name} for party in about.creators
        ],
        "keywords": list(about.keywords),
        "url": about.homepage,
        "identifier": f"https://doi.org/{about.doi}" if about.doi else "",
        "isAccessibleForFree": True,
        "distribution": [
            _download(dataset, file) for table in dataset.tables.values() for file in table.resource.files
        ],
    }


def _download(dataset: Dataset, path: str) -> dict[str, Any]:
    data = inside(dataset.package.root, path).read_bytes()
    return {
        "@type": "DataDownload",
        "contentUrl": quote(path),
        "encodingFormat": media_type(path),
        "contentSize": f"{len(data)} B",
        "sha256": sha256(data).hexdigest(),
    }


def _entity(row: Row) -> dict[str, Any]:
    wikidata = row["wikidata_id"] if row["wikidata_status"] == "verified" else None
    return {
        "@id": iri("entity", row["entity_id"]),
        "@type": _ENTITIES.get(row["kind"] or "", "Thing"),
        "name": row["name"],
        "description": row["description"],
        "alternateName": (row["aliases"] or "").split("|") if row["aliases"] else None,
        "sameAs": f"https://www.wikidata.org/entity/{wikidata}" if wikidata else None,
    }


def _event(row: Row, rows: Mapping[str, list[Row]]) -> dict[str, Any]:
    parties = [party for party in rows["participants"] if party["event_id"] == row["event_id"]]
    return {
        "@id": iri("event", row["event_id"]),
        "@type": "Event",
        "name": row["title"],
        "additionalType": row["kind"],
        # A month or a year is known as such: its first day would say more.
        "startDate": (row["date"] or "")[: _PRECISIONS.get(row["date_precision"] or "", 10)] or None,
        "location": _reference("entity", row["place_id"]),
        "superEvent": _reference("event", row["parent_event_id"]),
        "attendee": [_reference("entity", party["entity_id"]) for party in parties],
    }


def _account(row: Row) -> dict[str, Any]:
    return {
        "@id": iri("account", row["account_id"]),
        "@type": "CreativeWork",
        "additionalType": row["kind"],
        "about": _reference("event", row["event_id"]),
        "publisher": _reference("entity", row["issuer_id"]),
        "datePublished": row["issued_on"],
        "inLanguage": row["original_language"],
        "side": row["side"],
    }


def _article(row: Row, rows: Mapping[str, list[Row]]) -> dict[str, Any]:
    carried = [each["account_id"] for each in rows["carriages"] if each["article_id"] == row["article_id"]]
    return {
        "@id": iri("article", row["article_id"]),
        "@type": _ARTICLES.get(row["kind"] or "", "Article"),
        "headline": row["title"],
        "url": row["url"],
        "datePublished": row["published_on"],
        "inLanguage": row["language"],
        "wordCount": int(row["word_count"]) if row["word_count"] else None,
        "publisher": _reference("entity", row["outlet_id"]),
        "isBasedOn": [_reference("account", account) for account in carried],
    }


def _statements(rows: Mapping[str, list[Row]]) -> Iterator[dict[str, Any]]:
    steps: dict[str | None, list[Row]] = {}
    for step in rows["attributions"]:
        steps.setdefault(step["statement_id"], []).append(step)
    accounts = {row["account_id"] or "": row["side"] or "" for row in rows["accounts"]}
    parties = {(row["event_id"] or "", row["entity_id"] or ""): row["side"] or "" for row in rows["participants"]}
    to = addressees_of(rows["statements"], rows.get("addressees", ()))
    for row in rows["statements"]:
        chain = steps.get(row["statement_id"], [])
        speaker = _reference("entity", row["speaker_id"])
        addressed = [_reference("entity", entity) for entity in to.get(row["statement_id"] or "", ())]
        quoted = row["form"] == "direct"
        yield {
            "@id": iri("statement", row["statement_id"]),
            "@type": ["Claim", "Quotation"] if quoted else "Claim",
            "abstract": row["summary"],
            "author": speaker,
            "spokenByCharacter": speaker if quoted else None,
            "addressee": addressed[0] if len(addressed) == 1 else addressed or None,
            "sourceChain": _chain(chain),
            "appearance": _reference("article", row["article_id"]),
            "about": _reference("event", row["event_id"]),
            "isPartOf": _reference("statement", row["parent_statement_id"]),
            "side": side_of(row, chain, accounts, parties),
            **{name: row[name] for name in _CODES},
            "madeBy": row["made_by"],
        }


def _chain(steps: Iterable[Row]) -> list[dict[str, Any]]:
    """Return the chain from the outermost source inwards; joint sources share a step."""
    depths: dict[int, list[Row]] = {}
    for step in sorted(steps, key=lambda step: (int(step["depth"] or 0), int(step["seq"] or 0))):
        depths.setdefault(int(step["depth"] or 0), []).append(step)
    return [
        _kept(
            {
                "@type": "Step",
                "depth": depth,
                "source": [
                    _reference("entity", step["entity_id"]) or {"@type": "Thing", "name": step["label"]}
                    for step in joint
                    if step["entity_id"] or step["label"]
                ],
                "document": [_reference("account", step["account_id"]) for step in joint if step["account_id"]],
            }
        )
        for depth, joint in depths.items()
    ]
