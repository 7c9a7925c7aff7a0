"""Generated packages for the oracle: schemas of every type, cells that are good, nearly good and bad, keys, headers."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

__all__ = [
    "CELLS",
    "FIELDS",
    "RARE",
    "Made",
    "cell_packages",
    "column_package",
    "header_packages",
    "key_packages",
    "near",
    "shape_packages",
]

DIALECT = {
    "delimiter": ",",
    "quoteChar": '"',
    "doubleQuote": True,
    "skipInitialSpace": False,
    "lineTerminator": "\n",
    "header": True,
    "headerRows": [1],
}
"""Every property, since frictionless guesses those that are left out."""

CELLS: dict[str, list[str]] = {
    "string": ["apple", "\xe9t\xe9", "a b", "xxxxxxxxxxxx", " pad ", "0", "nan", "\U0001f600", "line\nbreak",
        'a "b" c', "a,b", "#x", "x\xb2", "e\u0301a"],
    "number": ["1", "-1.5", "+2", "1.", ".5", "1e3", "1E-2", "1e+5", "007", "NaN", "INF", "-inf", "nan", "1_000",
        "\u0661\u0662", " 1", "1 ", "Infinity", "+INF", "-infinity", "1,5", "1,000.5", "1,00,0", "--1", "1e", "e1",
        ".", "-", "0x1", "1.2.3", "95%", "\u20ac 95", "EUR -9.5", "C++ 9", "0_", "approx. 95", "5 - 6", "\xbd", "1e5.5",
        "sNaN", "-0", "1\xa0000", "12 ", "\t3"],
    "integer": ["1", "-1", "+2", "007", "0", "-0", "1_000", "\u0661\u0662", " 1", "1 ", "1.0", "1e3", "1,000", "--1",
        "999999999999999999999999999999", "95%", "EUR -9", "x9x", "9x9", "\xb2", "", "0x1", "1\xa0", "- 1", "4.5",
        "\t3"],
    "boolean": ["true", "True", "TRUE", "1", "false", "False", "FALSE", "0", "yes", "no", "tRuE", " true", "T", "2",
        "y", "n"],
    "date": ["2024-01-26", "2024-02-29", "2023-02-29", "2024-1-5", "2024-13-01", "0001-01-01", "0000-01-01",
        "20240126", "24-01-26", "2024-01-26 ", " 2024-01-26", "\u0662\u0660\u0662\u0664-01-26", "26.01.2024",
        "26/01/2024", "January 5, 2024", "2024-01-26T00:00:00", "2024-001", "12024-01-01", "-2024-01-01",
        "2024-01-32", "9999-12-31", "2024-W04-5", "+2024-01-01"],
    "time": ["15:00:00", "00:00:00", "23:59:59", "24:00:00", "15:00:60", "15:00", "15:0:0", "15:00:00.5", "15:00:00Z",
        "15:00:00+02:00", "150000", "3 PM", "15.00.00", " 15:00:00", "15:00:00 ", "25:00:00", "\u0661\u0665:00:00",
        "15:00:00,5", "15:00:00+0200"],
    "datetime": ["2024-01-26T15:00:00", "2024-01-26T15:00:00Z", "2024-01-26T15:00:00.300-05:00",
        "2024-01-26T15:00:00+02:00", "2024-01-26 15:00:00", "2024-01-26T15:00", "2024-01-26T24:00:00",
        "2024-01-26T24:00:01", "2024-01-26T15:00:00+0200", "2024-01-26T15:00:00+02", "2024-01-26t15:00:00",
        "20240126T150000", "2024-02-30T15:00:00", "2024-01-26T15:00:00,5", "2024-01-26T15:00:60",
        "0000-01-01T00:00:00", "2024-01-26T15:00:00 ", "2024-01-26", "2024-01-26T15:00:00.1234567",
        "26/01/2024 15:00", "2024-01-26T15:00:00+15:00", "2024-01-26T15:00:00.", "2024-01-26T15:00:00z",
        "2024-01-26T15:00:00-00:00"],
    "year": ["2024", "0001", "0000", "999", "12024", "-2024", "20_4", " 202", "\u0662\u0660\u0662\u0664", "2024Z",
        "2024+02:00", "+202", "abcd", "-001", "2024.0"],
    "yearmonth": ["2024-01", "2024-1", "2024-13", "2024-00", "24-01", "0000-01", "12024-01", "-2024-01", "2024-01Z",
        "202401", "2024-01-01", " 2024-01", "20_24-01", "\u0662\u0660\u0662\u0664-01", "2024/01", "+2024-01",
        "2024- 1"],
    "duration": ["P1Y", "P1Y2M3DT4H5M6S", "PT0.5S", "-P1D", "P2W", "P", "PT", "P1YT", "P1.5Y", "p1y", "PT36H",
        "P1M2Y", "+P1D", "P1Y2W", "P0003-06-04T12:30:05", "PT1,5S", "1D", "P1S", "P-1D", " P1D", "PT.5S", "P1D ",
        "PT5.S", "P\u0661D"],
    "list": ["a,b", "a", "a,,b", ",", "1,2,3", "1;2", "1,x", "true,false", "2024-01-26,2024-02-01", "1.5,2", "1_0,2",
        "1, 2", "10:00:00", "10:00:00,11:00:00Z", "2024-01-26T15:00:00Z", "2024-1-6", "NaN,1", "1,,2"],
    "array": ["[]", "[1, 2]", '["a"]', "{}", "[1,", "null", "1", "[NaN]", "[Infinity]", "[1,]", "[[1]]", " [1] ",
        "[1e999]", '["\\ud800"]', "[01]"],
    "object": ["{}", '{"a": 1}', "[]", '{"a": NaN}', "{a: 1}", '{"a": 1, "a": 2}', "null", '{"a": {"b": []}}', " {} ",
        '{"a": 1,}', "1"],
    "geopoint": ["90.50, 45.50", "90.50,45.50", "180,90", "181,0", "0,91", "0", "0,0,0", "x,y", " 1,2", "1 ,2",
        "1,  2", "1_0,2", "NaN,1", "[90.5, 45.5]", '["90.5", "45.5"]', "[1,2,3]", '{"lon": 1, "lat": 2}',
        '{"lat": 2, "lon": "1"}', '{"lon": 1}', "[true, 1]", '{"lon": 1, "lat": 2, "z": 3}', "1e1,2", "+1,-2", "1,2 ",
        "\u0661,2", "[181, 0]", "1.,.5", "[1, null]"],
    "geojson": ['{"type": "Point", "coordinates": [7.5, 51.0]}', '{"type": "Point", "coordinates": 7.5}',
        '{"type": "Point"}', "{}", "[]", '{"type": "LineString", "coordinates": [[0, 0]]}',
        '{"type": "LineString", "coordinates": [[0, 0], [1, 1]]}',
        '{"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}',
        '{"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [2, 2]]]}',
        '{"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [0, 0]]]}',
        '{"type": "Feature", "geometry": null, "properties": {}}', '{"type": "Feature", "geometry": null}',
        '{"type": "Feature", "properties": {}}', '{"type": "FeatureCollection", "features": []}',
        '{"type": "FeatureCollection", "features": [{}]}', '{"type": "GeometryCollection", "geometries": []}',
        '{"type": "Circle"}', '{"type": "Topology", "objects": {}, "arcs": []}',
        '{"type": "Topology", "objects": {}}', '{"type": "MultiPoint", "coordinates": [[1, 2]]}',
        '{"type": "Point", "coordinates": [7.5]}', '{"type": "Point", "coordinates": ["7", "5"]}',
        '{"type": "Point", "coordinates": []}',
        '{"type": "Feature", "geometry": {"type": "Point", "coordinates": [1, 2]}, "properties": null}',
        '{"type": "Topology", "objects": {"a": {"type": "Point", "coordinates": [1, 2]}}, "arcs": []}'],
    "any": ["1", "x", "{}", "true", " ", "\u0661"],
}  # fmt: skip
FORMATTED: dict[str, list[str]] = {
    "email": ["a@example.org", "a.b+c@example.co.uk", "a@", "@example.org", "a b@example.org", "a@example",
        "a@localhost", "a@b@c.org", "\xe4@example.org", "a@ex\xe4mple.org", '"a b"@example.org', "a..b@example.org",
        ".a@example.org", "a@-example.org", "a@[127.0.0.1]"],
    "uri": ["https://example.org/page", "http://", "http:", "mailto:a@example.org", "example.org", "//example.org",
        "https://ex\xe4mple.org", "http://a b", "urn:isbn:1", "http://[::1]/", "http://[", "1http://x",
        "http://x/%zz", "http://x/%20", "http://x#a#b", "http://x/|", "x", ":x", "file:///etc"],
    "binary": ["YQ==", "YWI=", "YWJj", "YQ", "Y===", "!!!!", "YWJ j", "=", "YQ==YQ==", "\xe4", "YW Jj"],
    "uuid": ["123e4567-e89b-12d3-a456-426614174000", "123E4567-E89B-12D3-A456-426614174000",
        "123e4567e89b12d3a456426614174000", "{123e4567-e89b-12d3-a456-426614174000}",
        "urn:uuid:123e4567-e89b-12d3-a456-426614174000", "123e4567-e89b-12d3-a456-42661417400g", "x"],
}  # fmt: skip
FIELDS: list[dict[str, Any]] = [
    *({"type": kind} for kind in CELLS),
    *({"type": "string", "format": form} for form in FORMATTED),
    {"type": "number", "bareNumber": False},
    {"type": "number", "groupChar": ","},
    {"type": "number", "decimalChar": ",", "groupChar": "."},
    {"type": "number", "decimalChar": ",", "bareNumber": False},
    {"type": "integer", "bareNumber": False},
    {"type": "integer", "groupChar": ","},
    {"type": "boolean", "trueValues": ["yes", "y"], "falseValues": ["no", "n"]},
    {"type": "date", "format": "%d/%m/%Y"},
    {"type": "date", "format": "any"},
    {"type": "time", "format": "%H.%M.%S"},
    {"type": "time", "format": "any"},
    {"type": "datetime", "format": "%d/%m/%Y %H:%M"},
    {"type": "datetime", "format": "any"},
    {"type": "list", "delimiter": ";"},
    *({"type": "list", "itemType": kind} for kind in ("integer", "number", "boolean", "date", "time", "datetime")),
    {"type": "geopoint", "format": "array"},
    {"type": "geopoint", "format": "object"},
    {"type": "geojson", "format": "topojson"},
]
RARE: list[tuple[dict[str, Any], list[str]]] = [
    (
        {"type": "geojson"},
        [
            '{"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [2, 2]]]}',
            '{"type": "LineString", "coordinates": []}',
        ],
    ),
    ({"type": "object"}, ['{"a": 1, "a": 2}', '{"a": {"b": 1, "b": 1}}', '{"a": {"b": 1}, "c": {"b": 1}}']),
    ({"type": "integer", "groupChar": ","}, ["1,000", "1"]),
    ({"type": "string", "constraints": {"pattern": "x|apple"}}, ["xa", "apple"]),
    ({"type": "string", "constraints": {"pattern": "\\w+"}}, ["x\xb2", "e\u0301a", "\xbe"]),
]
"""Columns that show what chance draws seldom."""
BOUNDS: dict[str, list[Any]] = {
    "integer": [0, 1, "7", 100],
    "number": [0, 1.5, "2", -1],
    "date": ["2024-01-26", "2024-02-29", "0001-01-01"],
    "time": ["15:00:00", "00:00:00"],
    "datetime": ["2024-01-26T15:00:00", "2024-01-26T15:00:00Z"],
    "year": [2024, "0001"],
    "yearmonth": ["2024-01", "0999-12"],
}


@dataclass(frozen=True)
class Made:
    """A generated package: its files and resources."""

    files: dict[str, bytes]
    resources: list[dict[str, Any]]


def near(field: dict[str, Any]) -> SearchStrategy[str]:
    """Generate cells of a field: good ones, near misses, changes of either, and anything."""
    samples = FORMATTED.get(field.get("format", ""), CELLS[field["type"]])
    alphabet = st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from(list("0123456789+-.,:eETZ _\u0661"))

    def changed(text: str, place: int, put: str, cut: int) -> str:
        place = place % (len(text) + 1)
        return text[:place] + put + text[place + cut :]

    mutated = st.builds(
        changed, st.sampled_from(samples), st.integers(0, 40), st.text(alphabet, max_size=1), st.integers(0, 1)
    )
    return st.one_of(st.sampled_from(samples), st.sampled_from(samples), mutated, st.text(alphabet, max_size=8))


def written(rows: list[list[str]], **options: Any) -> bytes:
    """Write rows as CSV."""
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n", **options).writerows(rows)
    return stream.getvalue().encode()


def resource(name: str, schema: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Describe a table."""
    return {
        "name": name,
        "type": "table",
        "path": f"{name}.csv",
        "encoding": "utf-8",
        "dialect": DIALECT,
        "schema": schema,
        **more,
    }


def column_package(field: dict[str, Any], cells: list[str]) -> Made:
    """Make a package of one column beside its key."""
    data = written([["id", "f"], *([str(number), cell] for number, cell in enumerate(cells, 1))])
    return Made(
        {"t.csv": data}, [resource("t", {"fields": [{"name": "id", "type": "integer"}, {"name": "f", **field}]})]
    )


@st.composite
def constraints(draw: DrawFn, field: dict[str, Any]) -> dict[str, Any]:
    """Draw constraints that both know."""
    kind = field["type"]
    found: dict[str, Any] = {}
    if draw(st.integers(0, 3)) == 0:
        found["required"] = draw(st.booleans())
    plain = set(field) == {"type"}
    if kind in BOUNDS and plain and draw(st.booleans()):
        name = draw(st.sampled_from(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]))
        found[name] = draw(st.sampled_from(BOUNDS[kind]))
    if kind in {"string", "list", "array", "object"} and draw(st.booleans()):
        found[draw(st.sampled_from(["minLength", "maxLength"]))] = draw(st.integers(0, 6))
    if kind == "string" and draw(st.integers(0, 3)) == 0:
        found["pattern"] = draw(st.sampled_from(["[a-z]+", "a.*", "^a", "x|apple", "\\w+", "[^0-9]{2,5}"]))
    if kind in {"string", "integer", "number", "date", "year", "boolean"} and plain and draw(st.integers(0, 3)) == 0:
        values = {
            "string": ["apple", "0"],
            "integer": [1, 2, 7],
            "number": [1, -1.5],
            "date": ["2024-01-26"],
            "year": [2024],
            "boolean": [True],
        }
        found["enum"] = values[kind]
    return found


@st.composite
def cell_packages(draw: DrawFn) -> Made:
    """Draw a package of one table whose cells are anything near its types."""
    fields: list[dict[str, Any]] = [{"name": "id", "type": "integer"}]
    for number in range(draw(st.integers(1, 3))):
        field = {"name": f"f{number}", **draw(st.sampled_from(FIELDS))}
        limits = draw(constraints({name: value for name, value in field.items() if name != "name"}))
        if limits:
            field["constraints"] = limits
        missing = draw(st.sampled_from([None, None, None, ["-"], ["", "NaN"], [], [{"value": "0", "label": "none"}]]))
        if missing is not None:
            field["missingValues"] = missing
        fields.append(field)
    schema: dict[str, Any] = {"fields": fields}
    if draw(st.booleans()):
        schema["missingValues"] = draw(
            st.sampled_from([["", "-"], ["NA"], [{"value": "x", "label": "unknown"}, {"value": ""}]])
        )
    rows = [
        [str(number), *(draw(near(field)) for field in fields[1:])] for number in range(1, draw(st.integers(1, 6)) + 1)
    ]
    delimiter = draw(st.sampled_from([",", ",", ";", "\t"]))
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    data = written([[field["name"] for field in fields], *rows], delimiter=delimiter, quoting=quoting)
    return Made({"t.csv": data}, [resource("t", schema, dialect={**DIALECT, "delimiter": delimiter})])


@st.composite
def key_packages(draw: DrawFn) -> Made:
    """Draw a package of two tables with keys and references, good and bad."""
    kind = draw(st.sampled_from(["integer", "string", "number", "date"]))
    texts = {
        "integer": ["1", "01", "2", "+2", "3"],
        "string": ["a", "A", "b", " a"],
        "number": ["1", "1.0", "2", "2e0"],
        "date": ["2024-01-01", "2024-01-02"],
    }[kind]
    cells = st.sampled_from([*texts, *texts, ""])
    fields = [{"name": "n", "type": "integer"}, {"name": "a", "type": kind}, {"name": "b", "type": kind}]
    target: dict[str, Any] = {"fields": [dict(field) for field in fields]}
    own: dict[str, Any] = {"fields": [dict(field) for field in fields]}
    composite = draw(st.booleans())
    names = ["a", "b"] if composite else ["a"]
    for schema in (target, own):
        made = draw(st.sampled_from(["primaryKey", "uniqueKeys", "unique", "none"]))
        if made == "primaryKey":
            schema[made] = names
        elif made == "uniqueKeys":
            schema[made] = [names]
        elif made == "unique":
            schema["fields"][1]["constraints"] = {"unique": True}
    itself = draw(st.booleans())
    own["foreignKeys"] = [{"fields": names, "reference": {"fields": ["b", "a"] if composite else ["b"]} if itself
                           else {"resource": "target", "fields": names}}]  # fmt: skip
    tables = {}
    for name in ("target", "own"):
        rows = [[str(number), draw(cells), draw(cells)] for number in range(1, draw(st.integers(1, 6)) + 1)]
        tables[f"{name}.csv"] = written([["n", "a", "b"], *rows])
    return Made(tables, [resource("target", target), resource("own", own)])


@st.composite
def header_packages(draw: DrawFn) -> Made:
    """Draw a package whose columns are not quite its fields, in every way of matching them."""
    names = ["a", "b", "c"][: draw(st.integers(1, 3))]
    labels = draw(st.lists(st.sampled_from(["a", "b", "c", "d", "A"]), min_size=1, max_size=4) | st.permutations(names))
    mode = draw(st.sampled_from(["exact", "equal", "subset", "superset", "partial"]))
    required = draw(st.booleans())
    fields = [
        {"name": name, "type": "string", **({"constraints": {"required": True}} if required else {})} for name in names
    ]
    rows = [labels, *([["x"] * len(labels)] * draw(st.integers(1, 2)))]
    return Made({"t.csv": written(rows)}, [resource("t", {"fields": fields, "fieldsMatch": mode})])


@st.composite
def shape_packages(draw: DrawFn) -> Made:
    """Draw a package whose rows have too few cells, too many, or none."""
    width = draw(st.integers(1, 3))
    names = [f"f{number}" for number in range(width)]
    lines = [",".join(names)]
    lines += draw(
        st.lists(
            st.lists(st.sampled_from(["x", "1", "", '"q"', '"a,b"']), max_size=4).map(",".join), min_size=1, max_size=6
        )
    )
    schema = {"fields": [{"name": name, "type": "string"} for name in names]}
    data = "\n".join(lines).encode() + draw(st.sampled_from([b"", b"\n"]))
    return Made({"t.csv": data}, [resource("t", schema)])
