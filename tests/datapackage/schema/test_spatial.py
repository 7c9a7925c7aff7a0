"""The shapes of GeoJSON and TopoJSON: each geometry as deep as it is, lines and rings as long as they must be."""

from __future__ import annotations

from typing import Any

import pytest

from readouts.datapackage.schema.spatial import geojson_problem, is_number, topojson_problem

AT, RING = [1, 2.5], [[0, 0], [1, 0], [1, 1], [0, 0]]


def geometry(kind: str, coordinates: Any) -> dict[str, Any]:
    return {"type": kind, "coordinates": coordinates}


GOOD = [
    geometry("Point", AT),
    geometry("Point", [1, 2, 3]),
    geometry("Point", []),
    geometry("MultiPoint", [AT]),
    geometry("LineString", [AT, AT]),
    geometry("LineString", [AT, AT, AT]),
    geometry("MultiLineString", [[AT]]),
    geometry("Polygon", [RING, RING]),
    geometry("Polygon", [[*RING[:3], [0, 1], [0, 0]]]),
    geometry("Polygon", []),
    geometry("MultiPolygon", [[RING], [RING, RING]]),
    {"type": "GeometryCollection", "geometries": []},
    {"type": "GeometryCollection", "geometries": [geometry("Point", AT), geometry("LineString", [AT, AT])]},
    {"type": "Feature", "geometry": None, "properties": None},
    {"type": "Feature", "geometry": geometry("Point", AT), "properties": {"a": 1}},
    {"type": "FeatureCollection", "features": []},
    {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": None, "properties": {}}]},
]


@pytest.mark.parametrize("value", GOOD, ids=str)
def test_a_shape_of_geojson_is_good(value: dict[str, Any]) -> None:
    assert geojson_problem(value) is None


CLOSED = "of GeoJSON whose rings are closed and have four positions or more"
NO_FEATURE = "a Feature of GeoJSON with its geometry and properties"
NO_FEATURES = "a FeatureCollection of GeoJSON with its features"
NO_TYPE = "a GeoJSON object with its type"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        *((geometry(kind, coordinates), f"a {kind} of GeoJSON with its coordinates")
          for kind, coordinates in [
              ("Point", [1]), ("Point", [1, "2"]), ("Point", [1, True]), ("Point", [AT]), ("Point", None), ("Point", 7),
              ("MultiPoint", AT), ("MultiPoint", [[AT]]), ("LineString", AT), ("MultiLineString", [AT]),
              ("Polygon", [AT]), ("Polygon", [[RING]]), ("MultiPolygon", [RING]), ("MultiPolygon", [[[RING]]]),
              ("MultiPoint", [AT, [1]]),
          ]),
        (geometry("LineString", [AT]), "a LineString of GeoJSON with two positions or more"),
        (geometry("Polygon", [RING[:3]]), f"a Polygon {CLOSED}"),
        (geometry("Polygon", [[[0, 0], [1, 1], [0, 0]]]), f"a Polygon {CLOSED}"),
        (geometry("Polygon", [[*RING[:3], [0, 1]]]), f"a Polygon {CLOSED}"),
        (geometry("Polygon", [RING, RING[:3]]), f"a Polygon {CLOSED}"),
        (geometry("MultiPolygon", [[RING], [RING[:3]]]), f"a MultiPolygon {CLOSED}"),
        ({"type": "Point"}, "a Point of GeoJSON with its coordinates"),
        ({"type": "GeometryCollection", "geometries": {}}, "a GeometryCollection of GeoJSON with its geometries"),
        ({"type": "GeometryCollection"}, "a GeometryCollection of GeoJSON with its geometries"),
        ({"type": "GeometryCollection", "geometries": [geometry("Point", AT), 7]}, NO_TYPE),
        ({"type": "Feature", "properties": {}}, NO_FEATURE),
        ({"type": "Feature", "geometry": None}, NO_FEATURE),
        ({"type": "Feature", "geometry": None, "properties": []}, NO_FEATURE),
        ({"type": "Feature", "geometry": {}, "properties": {}}, NO_TYPE),
        ({"type": "FeatureCollection"}, NO_FEATURES),
        ({"type": "FeatureCollection", "features": [geometry("Point", AT)]}, NO_FEATURES),
        ({"type": "FeatureCollection", "features": [7]}, NO_FEATURES),
        *(({"type": "FeatureCollection", "features": [{"type": kind}]}, NO_FEATURES)
          for kind in ("Curve", "feature", 7, None)),
        ({"type": "FeatureCollection", "features": [{}]}, NO_FEATURES),
        ({"type": "FeatureCollection", "features": [{"type": "Feature"}]}, NO_FEATURE),
        *(({"type": kind, "coordinates": AT}, NO_TYPE) for kind in ("point", "Curve", "Form", "Zone")),
        ({"type": ["Point"]}, NO_TYPE),
        ({}, NO_TYPE),
        ([], NO_TYPE),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_no_shape_of_geojson_is_told_from_one(value: Any, expected: str) -> None:
    assert geojson_problem(value) == expected


def topology(*objects: Any, arcs: Any = ()) -> dict[str, Any]:
    return {"type": "Topology", "objects": {str(number): each for number, each in enumerate(objects)}, "arcs": [*arcs]}


def of_arcs(kind: str, arcs: Any) -> dict[str, Any]:
    return {"type": kind, "arcs": arcs}


@pytest.mark.parametrize(
    "value",
    [
        topology(arcs=[[AT, AT]]),
        topology(geometry("Point", AT), geometry("MultiPoint", [AT])),
        topology(of_arcs("LineString", [0, -1]), of_arcs("MultiLineString", [[0]]), of_arcs("Polygon", [[0]])),
        topology(of_arcs("MultiPolygon", [[[0]]]), {"type": None}),
        topology({"type": "GeometryCollection", "geometries": [{"type": None}, of_arcs("LineString", [])]}),
        of_arcs("Polygon", [[0]]),
    ],
    ids=str,
)
def test_a_shape_of_topojson_is_good(value: dict[str, Any]) -> None:
    assert topojson_problem(value) is None


NO_OBJECT = "an object of TopoJSON with its type"
NO_TOPOLOGY = "a Topology of TopoJSON with its objects and arcs"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (7, NO_OBJECT),
        ({}, NO_OBJECT),
        ({"type": None}, NO_OBJECT),
        *(({"type": kind, "geometries": []}, NO_OBJECT) for kind in ("Curve", "Line", "Zone")),
        ({"type": 7}, NO_OBJECT),
        ({"type": "topology", "objects": {}, "arcs": []}, NO_OBJECT),
        ({"type": "Topology", "objects": [], "arcs": []}, NO_TOPOLOGY),
        ({"type": "Topology", "objects": {}}, NO_TOPOLOGY),
        ({"type": "Topology", "objects": {}, "arcs": [AT]}, NO_TOPOLOGY),
        ({"type": "Topology", "objects": {}, "arcs": [[[AT]]]}, NO_TOPOLOGY),
        (topology({}), NO_OBJECT),
        (topology(7), NO_OBJECT),
        (topology(None), NO_OBJECT),
        (topology({"type": None}, {"type": "Line"}), NO_OBJECT),
        (topology(geometry("Point", [AT])), "a Point of TopoJSON with its coordinates"),
        (topology(geometry("MultiPoint", AT)), "a MultiPoint of TopoJSON with its coordinates"),
        (topology(of_arcs("LineString", [[0]])), "a LineString of TopoJSON with its arcs"),
        (topology(of_arcs("LineString", [True])), "a LineString of TopoJSON with its arcs"),
        (topology(of_arcs("LineString", [0.5])), "a LineString of TopoJSON with its arcs"),
        (topology(of_arcs("MultiLineString", [0])), "a MultiLineString of TopoJSON with its arcs"),
        (topology(of_arcs("MultiLineString", [[[0]]])), "a MultiLineString of TopoJSON with its arcs"),
        (topology(of_arcs("Polygon", [0])), "a Polygon of TopoJSON with its arcs"),
        (topology(of_arcs("Polygon", [[[0]]])), "a Polygon of TopoJSON with its arcs"),
        (topology(of_arcs("MultiPolygon", [[0]])), "a MultiPolygon of TopoJSON with its arcs"),
        (topology(of_arcs("MultiPolygon", None)), "a MultiPolygon of TopoJSON with its arcs"),
        (topology({"type": "GeometryCollection"}), "a GeometryCollection of TopoJSON with its geometries"),
        (topology({"type": "GeometryCollection", "geometries": [{"type": None}, {}]}), NO_OBJECT),
    ],
    ids=str,
)
def test_what_is_no_shape_of_topojson_is_told_from_one(value: Any, expected: str) -> None:
    assert topojson_problem(value) == expected


def test_a_truth_is_not_a_number() -> None:
    assert [is_number(value) for value in (1, 1.5, True, "1", None)] == [True, True, False, False, False]
