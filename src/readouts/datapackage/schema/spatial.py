"""The shapes of GeoJSON (RFC 7946) and TopoJSON, checked as far as the value's own structure goes."""

from __future__ import annotations

from typing import Any

__all__ = ["geojson_problem", "is_number", "topojson_problem"]

_DEPTH = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
"""How many lists are around the positions of each geometry."""
_TOPOLOGY_DEPTH = {"Point": 0, "MultiPoint": 1, "LineString": 0, "MultiLineString": 1, "Polygon": 1, "MultiPolygon": 2}


def _kind(value: Any) -> str | None:
    kind = value.get("type") if isinstance(value, dict) else None
    return kind if isinstance(kind, str) else None


def is_number(value: Any) -> bool:
    """Return whether a value of JSON is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_nested(value: Any, depth: int) -> bool:
    if depth == 0:
        return isinstance(value, list) and len(value) >= 2 and all(map(is_number, value))
    return isinstance(value, list) and all(_is_nested(part, depth - 1) for part in value)


def _line_problem(kind: str, coordinates: Any) -> str | None:
    """RFC 7946, 3.1.4 and 3.1.6: a line has two positions, a ring four, of which the last is the first."""
    if kind == "LineString" and len(coordinates) < 2:
        return "a LineString of GeoJSON with two positions or more"
    if kind not in {"Polygon", "MultiPolygon"}:
        return None
    rings = coordinates if kind == "Polygon" else [ring for part in coordinates for ring in part]
    if any(len(ring) < 4 or ring[0] != ring[-1] for ring in rings):
        return f"a {kind} of GeoJSON whose rings are closed and have four positions or more"
    return None


def geojson_problem(value: Any) -> str | None:
    """Say what is expected of a value that is not a GeoJSON object, or None if it is one.

    Examples
    --------
    >>> geojson_problem({"type": "Point", "coordinates": [7.5, 51.0]}) is None
    True
    >>> geojson_problem({"type": "Point", "coordinates": 7.5})
    'a Point of GeoJSON with its coordinates'
    """
    kind = _kind(value)
    if kind in _DEPTH:
        coordinates = value.get("coordinates")
        # RFC 7946, 3.1: coordinates may be an empty list.
        if coordinates != [] and not _is_nested(coordinates, _DEPTH[kind]):
            return f"a {kind} of GeoJSON with its coordinates"
        return _line_problem(kind, coordinates) if coordinates else None
    if kind == "GeometryCollection":
        parts = value.get("geometries")
        if not isinstance(parts, list):
            return "a GeometryCollection of GeoJSON with its geometries"
        return next((problem for part in parts if (problem := geojson_problem(part)) is not None), None)
    if kind == "Feature":
        if "geometry" not in value or not isinstance(value.get("properties", 0), dict | None):
            return "a Feature of GeoJSON with its geometry and properties"
        return None if value["geometry"] is None else geojson_problem(value["geometry"])
    if kind == "FeatureCollection":
        parts = value.get("features")
        if not isinstance(parts, list) or any(
            not isinstance(part, dict) or part.get("type") != "Feature" for part in parts
        ):
            return "a FeatureCollection of GeoJSON with its features"
        return next((problem for part in parts if (problem := geojson_problem(part)) is not None), None)
    return "a GeoJSON object with its type"


def _is_indexed(value: Any, depth: int) -> bool:
    if depth == 0:
        return isinstance(value, list) and all(isinstance(arc, int) and not isinstance(arc, bool) for arc in value)
    return isinstance(value, list) and all(_is_indexed(part, depth - 1) for part in value)


def _object_problem(value: Any) -> str | None:
    kind = _kind(value)
    if kind == "GeometryCollection":
        parts = value.get("geometries")
        if not isinstance(parts, list):
            return "a GeometryCollection of TopoJSON with its geometries"
        return next((problem for part in parts if (problem := _object_problem(part)) is not None), None)
    if kind in {"Point", "MultiPoint"}:
        good = _is_nested(value.get("coordinates"), _TOPOLOGY_DEPTH[kind])
        return None if good else f"a {kind} of TopoJSON with its coordinates"
    if kind in _TOPOLOGY_DEPTH:
        good = _is_indexed(value.get("arcs"), _TOPOLOGY_DEPTH[kind])
        return None if good else f"a {kind} of TopoJSON with its arcs"
    return (
        None
        if value is not None and isinstance(value, dict) and value.get("type", 0) is None
        else ("an object of TopoJSON with its type")
    )


def topojson_problem(value: Any) -> str | None:
    """Say what is expected of a value that is not a TopoJSON object, a topology or a geometry, or None if it is one.

    Examples
    --------
    >>> topojson_problem({"type": "Topology", "objects": {}, "arcs": []}) is None
    True
    """
    if not isinstance(value, dict) or value.get("type") is None:
        return "an object of TopoJSON with its type"
    if value["type"] != "Topology":
        return _object_problem(value)
    objects, arcs = value.get("objects"), value.get("arcs")
    if not isinstance(objects, dict) or not _is_nested(arcs, 2):
        return "a Topology of TopoJSON with its objects and arcs"
    return next((problem for part in objects.values() if (problem := _object_problem(part)) is not None), None)
