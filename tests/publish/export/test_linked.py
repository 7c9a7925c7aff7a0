from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from pyld import jsonld
from rdflib import RDF, Graph, Namespace, URIRef
from rdflib.collection import Collection

from readouts.datapackage.package.package import open_package
from readouts.publish.export import ExportError, export
from tests.packages import write_package_of

if TYPE_CHECKING:
    from pathlib import Path

    from readouts.datapackage.exporting.source import Dataset

BASE = "https://example.org/release/readouts.jsonld"
SCHEMA = Namespace("https://schema.org/")
TERMS = Namespace("urn:readouts:term:")
ANNOTATIONS = "http://www.w3.org/ns/anno.jsonld"
# What the annotations use of the context of the W3C, in our own words: tests have no network.
_OA = "http://www.w3.org/ns/oa#"
_LINKS = {
    "body": "hasBody",
    "target": "hasTarget",
    "source": "hasSource",
    "selector": "hasSelector",
    "state": "hasState",
}
_NUMBERS = "http://www.w3.org/2001/XMLSchema#nonNegativeInteger"
OURS: dict[str, Any] = {
    "oa": _OA,
    "as": "https://www.w3.org/ns/activitystreams#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "id": "@id",
    "type": "@type",
    **{name: f"oa:{name}" for name in ("Annotation", "SpecificResource", "TextualBody", "TextPositionSelector")},
    **{name: f"as:{target}" for name, target in (("AnnotationCollection", "OrderedCollection"),)},
    "AnnotationPage": "as:OrderedCollectionPage",
    **{name: {"@id": f"oa:{target}", "@type": "@id"} for name, target in _LINKS.items()},
    "motivation": {"@id": "oa:motivatedBy", "@type": "@vocab"},
    "purpose": {"@id": "oa:hasPurpose", "@type": "@vocab"},
    **{name: f"oa:{name}" for name in ("describing", "identifying", "linking", "classifying", "tagging")},
    "start": {"@id": "oa:start", "@type": _NUMBERS},
    "end": {"@id": "oa:end", "@type": _NUMBERS},
    "value": "http://www.w3.org/1999/02/22-rdf-syntax-ns#value",
    "format": "dc:format",
    "language": "dc:language",
    "label": "http://www.w3.org/2000/01/rdf-schema#label",
    "rights": {"@id": "dcterms:rights", "@type": "@id"},
    "total": {"@id": "as:totalItems", "@type": _NUMBERS},
    "first": {"@id": "as:first", "@type": "@id"},
    "startIndex": {"@id": "as:startIndex", "@type": _NUMBERS},
    "items": {"@id": "as:items", "@type": "@id", "@container": "@list"},
}


def _no_network(address: str, _options: Any) -> dict[str, Any]:
    assert address == ANNOTATIONS, f"{address} would be fetched"
    return {"contextUrl": None, "documentUrl": address, "document": {"@context": OURS}}


def _quads(document: Any) -> str:
    options = {"base": BASE, "format": "application/n-quads", "documentLoader": _no_network}
    return str(jsonld.to_rdf(document, options))


def _canonical(quads: str) -> str:
    """Return quads with canonical names of blank nodes (https://www.w3.org/TR/rdf-canon/), so that texts compare."""
    form = "application/n-quads"
    return str(jsonld.normalize(quads, {"algorithm": "URDNA2015", "inputFormat": form, "format": form}))


def _graph(quads: str) -> Graph:
    return Graph().parse(data=quads, format="nt")


@pytest.fixture(scope="module")
def linked(exported: Path) -> dict[str, Any]:
    """The corpus in JSON-LD."""
    document: dict[str, Any] = json.loads((exported / "readouts.jsonld").read_text(encoding="utf-8"))
    return document


@pytest.fixture(scope="module")
def annotated(exported: Path) -> dict[str, Any]:
    """Its spans as Web Annotations."""
    document: dict[str, Any] = json.loads((exported / "readouts.annotations.jsonld").read_text(encoding="utf-8"))
    return document


@pytest.mark.slow
@pytest.mark.parametrize("name", ["linked", "annotated"])
def test_json_ld_survives_the_round_trip_through_rdf(name: str, request: pytest.FixtureRequest) -> None:
    document = request.getfixturevalue(name)
    if name == "annotated":
        # Reading quads back takes the square of their number; the annotations are all made in one way.
        document = {**document, "first": {**document["first"], "items": document["first"]["items"][::10]}}
    quads = _quads(document)
    options = {"base": BASE, "documentLoader": _no_network}
    back = jsonld.from_rdf(quads, {"format": "application/n-quads", "useNativeTypes": True})
    again = jsonld.compact(back, document["@context"], options)
    assert len(quads.splitlines()) > 1_000
    assert _canonical(_quads(again)) == _canonical(quads)


@pytest.mark.parametrize("name", ["linked", "annotated"])
def test_no_property_is_lost_for_want_of_a_meaning(name: str, request: pytest.FixtureRequest) -> None:
    document = request.getfixturevalue(name)
    # In strict mode, a property or type that the context doesn't know is an error rather than dropped.
    expanded = jsonld.expand(document, {"base": BASE, "documentLoader": _no_network})
    names = {key for node in _nodes(document) for key in node if not key.startswith("@")} - {"id", "type"}
    context = document["@context"]
    known = OURS | context[1] if isinstance(context, list) else context
    assert expanded
    for used in names:
        assert used in known or "@vocab" in known, used


def _nodes(value: Any) -> Any:
    if isinstance(value, dict):
        yield value
        for name, entry in value.items():
            if name != "@context":
                yield from _nodes(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from _nodes(entry)


# It is rdflib's own reader of JSON-LD that uses what rdflib deprecates.
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_rdflib_reads_the_same_and_fetches_nothing(linked: dict[str, Any]) -> None:
    read = Graph().parse(data=json.dumps(linked), format="json-ld", base=BASE)
    assert _canonical(read.serialize(format="nt")) == _canonical(_quads(linked))


def test_every_statement_is_a_claim_with_speaker_chain_and_appearance(linked: dict[str, Any], dataset: Dataset) -> None:
    graph = _graph(_quads(linked))
    rows = dataset.tables["statements"].records()
    steps = dataset.tables["attributions"].records()
    assert len(set(graph.subjects(RDF.type, SCHEMA.Claim))) == len(rows)
    quoted = {row["statement_id"] for row in rows if row["form"] == "direct"}
    assert len(set(graph.subjects(RDF.type, SCHEMA.Quotation))) == len(quoted)
    for row in rows:
        claim = URIRef(f"{BASE}#statement/{row['statement_id']}")
        assert str(graph.value(claim, SCHEMA.abstract)) == row["summary"]
        assert graph.value(claim, SCHEMA.appearance) == URIRef(f"{BASE}#article/{row['article_id']}")
        speaker = graph.value(claim, SCHEMA.author)
        assert (str(speaker).rpartition("/")[2] if speaker else None) == row["speaker_id"]
        chain = graph.value(claim, TERMS.sourceChain)
        depths = [int(str(graph.value(step, TERMS.depth))) for step in Collection(graph, chain)] if chain else []
        assert depths == sorted(
            {int(step["depth"] or 0) for step in steps if step["statement_id"] == row["statement_id"]}
        )


def test_every_reference_of_the_graph_is_to_a_node_that_is_in_it(linked: dict[str, Any]) -> None:
    graph = _graph(_quads(linked))
    own = {node for node in graph.objects() if str(node).startswith(f"{BASE}#")}
    assert own
    assert own <= set(graph.subjects())


def test_annotations_point_by_position_and_by_fingerprint_and_quote_nothing(
    annotated: dict[str, Any], linked: dict[str, Any], dataset: Dataset
) -> None:
    spans = {row["span_id"]: row for row in dataset.tables["spans"].records()}
    known = {f"readouts.jsonld{node['@id']}" for node in linked["@graph"]}
    items = annotated["first"]["items"]
    assert annotated["total"] == len(items) == len(spans)
    for item in items:
        span = spans[item["id"].removeprefix("#span/")]
        position, fingerprint = item["target"]["selector"]
        assert (position["type"], str(position["start"]), str(position["end"])) == (
            "TextPositionSelector",
            span["start"],
            span["end"],
        )
        assert fingerprint["skeletonSha256"] == span["skeleton_sha256"]
        assert {body["source"] for body in item["body"] if "source" in body} <= known
    # A selector that quotes would publish the text.
    assert not any("exact" in node for node in _nodes(annotated))


def test_a_package_that_is_no_corpus_is_told_so(tmp_path: Path) -> None:
    package = open_package(write_package_of(tmp_path / "p", {"t.csv": "a\n"}, [{"name": "t", "path": "t.csv"}]))
    with pytest.raises(ExportError, match="format jsonld: expected a release of the corpus"):
        export(package, ["jsonld"], tmp_path / "out")
