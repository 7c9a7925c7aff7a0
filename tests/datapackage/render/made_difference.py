"""Differences for the tests of renderers: one with every rule, a huge one, and whatever Hypothesis thinks of."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from readouts.datapackage.difference.result import (
    Asked,
    CellChange,
    CellKind,
    Change,
    Lineage,
    Match,
    PackageDiffData,
    ReferenceChange,
    RowChange,
    Setting,
    SettingKind,
    Suggestion,
    TableDiff,
)
from readouts.datapackage.package.package import PackageVersion
from readouts.datapackage.versioning import RULES, Bump, Level, Reason
from tests.datapackage.render.made import texts

OLD, NEW = PackageVersion("git:v1.4.2", "lakes", "1.4.2"), PackageVersion(".", "lakes", "1.5.0")

CHANGES = (
    Change("package-renamed", what="name", old="ponds", new="lakes"),
    Change("licence-changed", what="licenses", old=[{"name": "CC0-1.0"}], new=[{"name": "CC-BY-4.0"}]),
    Change("metadata-changed", what="title", old="Lakes of the north", new="Lakes of the north and the south"),
    Change("metadata-changed", what="keywords", new=["lakes", "depth"]),
    Change("resource-added", "ferries"),
    Change("resource-removed", "canals"),
    Change("resource-moved", "lakes", what="path", old="lakes.csv", new="data/lakes.csv"),
    Change("resource-form", "lakes", what="encoding", old="latin-1", new="utf-8"),
    Change("file-form", "lakes", what="line ends", old="CRLF", new="LF"),
    Change("columns-reordered", "lakes", what="columns", old=["name", "lake_id"], new=["lake_id", "name"]),
    Change("content-changed", "map"),
    Change("field-added", "lakes", "salinity", "fields", new="salinity"),
    Change("field-inserted", "lakes", "country", "fields", new="country"),
    Change("field-removed", "lakes", "colour", "fields", old="colour"),
    Change("field-reordered", "lakes", what="fields", old=["name", "depth"], new=["depth", "name"]),
    Change("type-changed", "lakes", "depth", "type", "integer", "number"),
    Change("missing-changed", "lakes", "depth", "missingValues", ["", "NA"], [""]),
    Change("constraint-tightened", "lakes", "depth", "maximum", 2000, 1700),
    Change("constraint-loosened", "lakes", "name", "maxLength", 40, None),
    Change("constraint-changed", "lakes", "lake_id", "pattern", "[a-z]+", "[a-z-]{2,}"),
    Change("enum-value-added", "lakes", "kind", "enum", new="oxbow"),
    Change("enum-value-removed", "lakes", "kind", "enum", old="mere"),
    Change("key-changed", "soundings", what="primaryKey", old=["lake_id"], new=["lake_id", "year"]),
    Change("unique-key-added", "lakes", what="uniqueKeys", new=["name", "country"]),
    Change("unique-key-removed", "lakes", what="uniqueKeys", old=["name"]),
    Change(
        "reference-added", "soundings", what="foreignKeys",
        new={"fields": ["lake_id"], "reference": {"resource": "lakes", "fields": ["lake_id"]}},
    ),
    Change(
        "reference-removed", "soundings", what="foreignKeys",
        old={"fields": ["boat"], "reference": {"resource": "boats", "fields": ["boat_id"]}},
    ),
    Change("description-changed", "lakes", "depth", "description", "Depth.", "Greatest depth, in metres."),
)  # fmt: skip
"""A change of each rule of the scopes package and schema."""

REASONS = tuple(Reason(rule, number + 1, "lakes", None, ("como", "garda")) for number, rule in enumerate(RULES))
"""A reason of each rule."""

SUMMARY_OLD = (
    "The surveyors say that the lake has lost a third of its water since the dam was closed, and that the villages on "
    "the eastern shore must move their landing stages every spring."
)
SUMMARY_NEW = (
    "The surveyors say that the lake has lost a fourth of its water since the dam was closed, and that the villages on "
    "the western shore have to move their landing stages every spring."
)

LAKES = TableDiff(
    "lakes", Match.KEY, ("lake_id",), ("lake_id", "name", "depth", "kind", "note"), "changed",
    has_ids=True, rows_old=412, rows_new=413, rows_added=3, rows_removed=2, rows_changed=4, rows_renamed=1,
    cells_changed=27, kinds={"value": 22, "format": 2, "to-null": 1, "from-null": 2},
    fields={"depth": 4, "note": 21, "name": 2},
    added=(
        RowChange(("iseo",), {"lake_id": "iseo", "name": "Iseo", "depth": "251", "kind": "fjord", "note": ""}),
        RowChange(("orta",), {"lake_id": "orta", "name": "Orta", "depth": "143", "kind": "fjord",
                              "note": "Flows north, as hardly any other lake of the region does."}),
    ),
    removed=(
        RowChange(("mere",), {"lake_id": "mere", "name": "The Mere", "depth": "4", "kind": "mere", "note": ""}),
        RowChange(("tarn",), {"lake_id": "tarn", "name": "Tarn", "depth": "12.50", "kind": "tarn",
                              "note": "Was a second entry for the same lake."}),
    ),
    cells=(
        CellChange(("como",), "depth", "410", "425", CellKind.VALUE),
        CellChange(("como",), "note", SUMMARY_OLD, SUMMARY_NEW, CellKind.VALUE),
        CellChange(("garda",), "depth", "346.0", "346", CellKind.FORMAT),
        CellChange(("garda",), "name", "Lago di Garda ", "Lago di Garda", CellKind.VALUE),
        CellChange(("lugano",), "note", "", "Shared by two countries.", CellKind.FROM_NULL),
        CellChange(("maggiore",), "depth", "372", "", CellKind.TO_NULL),
        CellChange(("maggiore",), "name", "Caf\u00e9 Verbano", "Cafe\u0301 Verbano", CellKind.VALUE),
    ),
)  # fmt: skip
SOUNDINGS = TableDiff(
    "soundings", Match.MULTISET, (), ("lake_id", "year", "metres"), "changed", rows_old=900, rows_new=902,
    rows_added=3, rows_removed=1,
    added=(RowChange(("como", "1911", "410"), {"lake_id": "como", "year": "1911", "metres": "410"}, 3),),
    removed=(RowChange(("como", "1910", "410"), {"lake_id": "como", "year": "1910", "metres": "410"}),),
)  # fmt: skip
FERRIES = TableDiff(
    "ferries", Match.NONE, ("ferry_id",), ("ferry_id", "lake_id"), "added", rows_new=2, rows_added=2,
    added=(
        RowChange(("f1",), {"ferry_id": "f1", "lake_id": "como"}),
        RowChange(("f2",), {"ferry_id": "f2", "lake_id": "iseo"}),
    ),
)  # fmt: skip
CANALS = TableDiff("canals", Match.NONE, ("canal_id",), ("canal_id",), "removed", rows_old=7, rows_removed=7)
WIDE = TableDiff(
    "lakes_wide", Match.KEY, ("lake_id",), ("lake_id", "summary"), "changed", derived=True, rows_old=412, rows_new=413,
    rows_changed=1, cells_changed=1, kinds={"value": 1}, fields={"summary": 1},
    cells=(CellChange(("como",), "summary", "Como, 410 m", "Como, 425 m", CellKind.VALUE),),
)  # fmt: skip
PEOPLE = TableDiff("people", Match.KEY, ("person_id",), ("person_id", "name"), rows_old=31, rows_new=31)

EVERYTHING = PackageDiffData(
    OLD,
    NEW,
    CHANGES,
    (LAKES, SOUNDINGS, WIDE, PEOPLE, FERRIES, CANALS),
    references=(
        ReferenceChange("soundings", ("lake_id",), "lakes", "dangling", 12, ((("mere", "1910"), ("mere",), ()),)),
        ReferenceChange("ferries", ("lake_id",), "lakes", "repointed", 1, ((("f1",), ("lario",), ("como",)),)),
        ReferenceChange(
            "soundings", ("lake_id",), "lakes", "parent-changed", 40, ((("como", "1911"), ("como",), ("como",)),)
        ),
    ),
    lineage=(
        Lineage("lakes", "renamed", ("lario",), ("como",), "The name that people use.", 1),
        Lineage("lakes", "merged", ("tarn",), ("iseo",), "One lake, entered twice."),
        Lineage("lakes", "split", ("twin",), ("iseo",)),
        Lineage("people", "removed", ("p9",), (), "Asked to be left out."),
    ),
    suggestions=(
        Suggestion("row", "lakes", ("mere",), ("orta",)),
        Suggestion("field", "lakes", ("colour",), ("kind",)),
    ),
    vanished={"lakes": (("mere",), ("pond",))},
    bump=Bump(Level.MAJOR, tuple(sorted(REASONS, key=lambda reason: -reason.level)), "2.0.0", enough=False),
    notes=("The table soundings is compared as a multiset of rows, since it has no primary key.",),
    settings=(
        Setting(SettingKind.KEY, "lakes", ("name", "country")),
        Setting(SettingKind.IGNORE, "lakes", ("note",)),
        Setting(SettingKind.TOLERANCE, "soundings", ("metres",), "0.01"),
        Setting(SettingKind.SPACES),
    ),
)  # fmt: skip
"""A difference in which everything happens that can."""

NOTHING = PackageDiffData(OLD, OLD, tables=(PEOPLE,))


def asked() -> PackageDiffData:
    """The answer to a question for ids: little else than what became of them."""
    answers = (
        Asked("como", "lakes", "changed"),
        Asked("lario", "lakes", "renamed", ("como",)),
        Asked("twin", "lakes", "split", ("iseo", "orta")),
        Asked("nessie", "", "unknown"),
        Asked("orta", "lakes", "unchanged"),
    )
    return replace(NOTHING, asked=answers)


def huge(number: int = 100_000) -> PackageDiffData:
    """A difference with very many changed cells, each a sentence."""
    cells = tuple(
        CellChange((f"lake-{row:07}",), "note", f"{SUMMARY_OLD} {row}", f"{SUMMARY_NEW} {row}", CellKind.VALUE)
        for row in range(number)
    )
    table = replace(LAKES, rows_changed=number, cells_changed=number, cells=cells, added=(), removed=(), rows_added=0,
                    rows_removed=0)  # fmt: skip
    return replace(EVERYTHING, tables=(table, replace(WIDE, cells=cells, cells_changed=number)))


def _many(strategy: st.SearchStrategy[Any], most: int = 2) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, max_size=most).map(tuple)


# Strategies are made once: making them takes longer than what they draw.
_TEXT = texts()
_NAME = st.sampled_from(["t", "other"]) | _TEXT
_MAYBE = st.none() | _NAME
_KEY = _many(_TEXT)
_MORE = st.integers(0, 10**7)
_SINGLE = st.none() | st.booleans() | st.floats() | _TEXT
_JSON = _SINGLE | st.lists(_SINGLE, max_size=2) | st.dictionaries(_TEXT, st.lists(_SINGLE, max_size=2), max_size=2)
_RULES_OF_CHANGES = sorted(name for name, rule in RULES.items() if rule.scope in {"package", "schema"})
_ROWS = _many(st.builds(RowChange, _KEY, st.dictionaries(_TEXT, _TEXT, max_size=2), st.integers(1, 10**6)))
_CELLS = _many(st.builds(CellChange, _KEY, _TEXT, _TEXT, _TEXT, st.sampled_from(CellKind)))
_STATUSES = ["unchanged", "changed", "added", "removed", "renamed", "merged", "split", "unknown"]


def _table(name: str, shape: tuple[Any, ...], more: tuple[int, ...], samples: tuple[Any, ...]) -> TableDiff:
    added, removed, cells = samples
    match, key, columns, status, derived, has_ids = shape
    return TableDiff(
        name, match, key, columns, status, derived, has_ids,
        rows_old=more[0], rows_new=more[1], rows_changed=more[2], rows_renamed=more[3],
        rows_added=sum(row.count for row in added) + more[4], rows_removed=sum(row.count for row in removed) + more[5],
        cells_changed=len(cells) + more[6], kinds={"value": more[6]}, fields={name: more[6]},
        added=added, removed=removed, cells=cells,
    )  # fmt: skip


_SHAPE = st.tuples(
    st.sampled_from(Match), _KEY, _KEY, st.sampled_from(["same", "changed", "added", "removed"]), st.booleans(),
    st.booleans(),
)  # fmt: skip
_TABLE = st.builds(_table, _NAME, _SHAPE, st.tuples(*[_MORE] * 7), st.tuples(_ROWS, _ROWS, _CELLS))
_SIDE = st.builds(PackageVersion, _TEXT, _TEXT, st.sampled_from(["1.0.0", ""]) | _TEXT)
_REASON = st.builds(Reason, st.sampled_from(sorted(RULES)), st.integers(1, 10**7), _MAYBE, _MAYBE, _KEY)
_DIFFERENCES = st.builds(
    PackageDiffData,
    _SIDE,
    _SIDE,
    _many(st.builds(Change, st.sampled_from(_RULES_OF_CHANGES), _MAYBE, _MAYBE, _TEXT, _JSON, _JSON), 3),
    st.lists(_TABLE, max_size=2, unique_by=lambda table: table.name).map(tuple),
    _many(
        st.builds(
            ReferenceChange,
            _NAME,
            _KEY,
            _NAME,
            st.sampled_from(["dangling", "repointed", "parent-changed"]),
            st.integers(1, 10**6),
            _many(st.tuples(_KEY, _KEY, _KEY)),
        )
    ),
    _many(
        st.builds(
            Lineage,
            _NAME,
            st.sampled_from(["renamed", "merged", "split", "removed"]),
            _KEY,
            _KEY,
            _TEXT,
            st.integers(0, 9),
        )
    ),
    _many(st.builds(Suggestion, st.sampled_from(["row", "field", "resource"]), _NAME, _KEY, _KEY)),
    st.dictionaries(_NAME, _many(_KEY), max_size=2),
    st.builds(Bump, st.sampled_from(Level), _many(_REASON), st.sampled_from(["", "2.0.0"]), st.none() | st.booleans()),
    _many(_TEXT),
    _many(st.builds(Asked, _TEXT, st.just("") | _NAME, st.sampled_from(_STATUSES), _KEY)),
    _many(st.builds(Setting, st.sampled_from(SettingKind), _NAME, _KEY, _TEXT, _MORE)),
)


def differences() -> st.SearchStrategy[PackageDiffData]:
    """Any difference, whatever its texts."""
    return _DIFFERENCES
