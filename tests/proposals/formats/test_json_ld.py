"""A Web Annotation is JSON-LD: what programs that know the vocabulary read of it."""

from __future__ import annotations

import json
from typing import Any

from pyld import jsonld
from rdflib import RDF, Graph, Namespace, URIRef
from rdflib.collection import Collection

from readouts.proposals.formats.items import About
from readouts.proposals.formats.web_annotation import write_web_annotation
from readouts.proposals.proposal import Origin, Proposal, SourceProposal, StatementProposal

BASE = "https://example.org/herald.jsonld"
OA, TERMS = Namespace("http://www.w3.org/ns/oa#"), Namespace("urn:readouts:term:")
# What the annotations use of the context of the W3C: tests have no network.
_LINKS = {"body": "hasBody", "target": "hasTarget", "source": "hasSource", "selector": "hasSelector"}
_NAMES = ("exact", "prefix", "suffix", "start", "end", "Annotation", "SpecificResource", "TextPositionSelector")
CONTEXT: dict[str, Any] = {
    "id": "@id",
    "type": "@type",
    "oa": str(OA),
    "as": "https://www.w3.org/ns/activitystreams#",
    **{name: f"oa:{name}" for name in _NAMES},
    **{name: {"@id": f"oa:{target}", "@type": "@id"} for name, target in _LINKS.items()},
    "first": {"@id": "as:first", "@type": "@id"},
    "items": {"@id": "as:items", "@type": "@id", "@container": "@list"},
    "value": str(RDF.value),
}


def _graph(data: bytes) -> Graph:
    def load(address: str, _options: Any) -> dict[str, Any]:
        assert address == "http://www.w3.org/ns/anno.jsonld"
        return {"contextUrl": None, "documentUrl": address, "document": {"@context": CONTEXT}}

    options = {"base": BASE, "format": "application/n-quads", "documentLoader": load}
    return Graph().parse(data=str(jsonld.to_rdf(json.loads(data), options)), format="nt")


def test_a_statement_in_two_parts_has_one_target_with_both_in_their_order() -> None:
    marek = SourceProposal("jana-marek", at=((0, 5),), cue=((6, 10),))
    statement = StatementProposal(((11, 15), (20, 24)), ((marek,),), Origin("en"), {"act": "say"})
    written = write_web_annotation(Proposal(statements=(statement,)), "Marek said that, so what.", About("herald"))
    graph = _graph(written["herald.jsonld"])
    made = URIRef(f"{BASE}#statement-1")
    assert (made, RDF.type, OA.Annotation) in graph
    (target,) = graph.objects(made, OA.hasTarget)
    assert (target, RDF.type, OA.List) in graph
    (items,) = graph.objects(target, URIRef("https://www.w3.org/ns/activitystreams#items"))
    words = [
        str(exact)
        for part in Collection(graph, items)
        for selector in graph.objects(part, OA.hasSelector)
        for exact in graph.objects(selector, OA.exact)
    ]
    assert words == ["that", "what"]
    roles = {
        str(graph.value(body, TERMS.role)): graph.value(body, OA.hasSource)
        for body in graph.objects(made, OA.hasBody)
        if graph.value(body, TERMS.role) is not None
    }
    assert roles == {"1": URIRef(f"{BASE}#source-1")}
    assert {str(value) for value in graph.objects(None, TERMS.key)} == {"act", "entity"}
