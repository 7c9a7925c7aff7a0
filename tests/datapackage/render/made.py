"""Reports for the tests of renderers: one of every kind of finding, and whatever Hypothesis thinks of."""

from __future__ import annotations

from collections import Counter

from hypothesis import strategies as st

from readouts.corpus_schema.incident_codes import CODES, incident
from readouts.datapackage.incident import Incident, Severity, Source, sorted_incidents
from readouts.datapackage.report import Check, Gate, ReportData, Setting

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "@somebody and @some/team, https://evil.example/x www.evil.example a@evil.example fixes #1 GH-1 :smile: $x$",
    "| a | b |\n|---|---|\n| c | d |",
    "`code` ``` ~~~ *b* _i_ ~~s~~ # h\n# h\n- l",
    "](javascript:alert(1)) ![i](http://evil.example/i.png) [r]: http://evil.example <http://evil.example>",
    "</details></style></textarea><!-- --> &lt;b&gt; ]]> <![CDATA[",
    "::error file=x::pwned\n::set-env name=A::b\r##[error]x %0A%25 a,b:c",
    "\x1b[31mred\x1b[0m \x9b31m \x00 \x07 \x08 \r over \u202eevil\u202c \u2028 \ud800 \ufffe \uffff \ufeff",
    "\u0645\u0631\u062d\u0628\u0627 \u05e9\u05dc\u05d5\u05dd",
    "Z\u0335\u0321\u0322" * 40,
    "{{ 7 * 7 }} {% raw %} [bold]markup[/bold] [/]",
    "' \" \\ \\| %s {0} \t",
    " ",
    "",
    "x" * 5_000,
)


def texts() -> st.SearchStrategy[str]:
    """Any string, lone surrogates and control characters included."""
    anything = st.text(st.characters(), max_size=40)
    return st.one_of(st.sampled_from(HOSTILE), anything, st.tuples(st.sampled_from(HOSTILE), anything).map("".join))


def numbers() -> st.SearchStrategy[int | None]:
    return st.none() | st.integers(1, 10**9)


def incidents() -> st.SearchStrategy[Incident]:
    codes = st.sampled_from(sorted(CODES))
    place = st.none() | texts()
    return st.builds(
        lambda code, **rest: Incident(code, severity=CODES[code].severity, **rest),
        codes,
        message=texts(),
        hint=texts(),
        table=st.sampled_from(["t", "other"]) | place,
        field=place,
        row=numbers(),
        line=numbers(),
        key=st.none() | st.lists(texts(), max_size=3).map(tuple),
        value=place,
        source=st.none() | st.builds(Source, texts(), numbers(), numbers()),
        file=place,
    )


def gates() -> st.SearchStrategy[Gate]:
    shares = st.floats()
    parts = st.lists(st.tuples(texts(), shares, shares), max_size=4).map(tuple)
    return st.builds(Gate, texts(), texts(), texts(), st.booleans(), texts(), texts(), texts(), parts)


def settings() -> st.SearchStrategy[Setting]:
    actions, askers = st.sampled_from(["ignore", "warn"]), st.sampled_from(["caller", "descriptor"])
    return st.builds(Setting, texts(), actions, askers, st.integers(1, 10**7), st.booleans())


@st.composite
def reports(draw: st.DrawFn) -> ReportData:
    found = draw(st.lists(incidents(), max_size=8))
    hidden = draw(st.dictionaries(st.sampled_from(sorted(CODES)), st.integers(1, 10**7), max_size=3))
    return ReportData(
        name=draw(texts()),
        version=draw(texts()),
        path=draw(st.sampled_from([".", "a/b", "a/datapackage.json", ""]) | texts()),
        level=draw(st.sampled_from(["structure", "content", "release"])),
        checks=tuple(draw(st.lists(st.builds(Check, texts(), texts(), texts()), max_size=3))),
        incidents=tuple(sorted_incidents(found)),
        counts=dict(Counter(finding.code for finding in found) + Counter(hidden)),
        rows=draw(st.integers(0, 10**10)),
        seconds=draw(st.floats(0, 10**6)),
        gates=tuple(draw(st.lists(gates(), max_size=3))),
        against=draw(texts()),
        files=draw(st.dictionaries(st.sampled_from(["t", "unseen"]) | texts(), texts(), max_size=3)),
        settings=tuple(draw(st.lists(settings(), max_size=3))),
        not_applied=tuple(draw(st.lists(st.sampled_from(["ignore", "warn", "checks"]), max_size=3, unique=True))),
    )


def report_of(*found: Incident, held_back: dict[str, int] | None = None, path: str = ".", level: str = "content",
              gates: tuple[Gate, ...] = ()) -> ReportData:  # fmt: skip
    """A report of the given findings, about an invented package of two tables."""
    counts = Counter(finding.code for finding in found) + Counter(held_back or {})
    checks = (Check("types, keys, references", "readouts 0.1.0", "2 tables, 1,204 rows"),)
    files = {"events": "data/events.csv", "places": "data/places.csv"}
    return ReportData("voyages", "2.0.0", path, level, checks, found, dict(counts), 1204, 0.25, gates, "", files)


REFERENCE = incident(
    "foreign-key",
    "events.place_id is 'nowhere', but places has no such place_id.",
    table="events", field="place_id", row=3, line=5, key=("landing",), value="nowhere",
    source=Source("annotations/events/landing.yaml", 12, 8),
)  # fmt: skip
TYPE = incident(
    "type-error",
    "'1_000' is not an integer.",
    table="places",
    field="people",
    row=7,
    line=9,
    key=("port",),
    value="1_000",
)
PART = incident("blank-row", "Expected a row with cells.", table="depths", row=7, line=2, file="data/depths-2.csv")
"""In a table of several files."""
PACKAGE = incident("package-error", "The descriptor has no resources.")
NOTE = Incident("gate-note", "There is no older release.", severity=Severity.WARNING)
FAILING = Gate(
    "speakers", "Share of statements with a speaker", "expect_share", False, "93.1 %", "64.8 %", "91 % or more"
)
PASSING = Gate(
    "topics", "Distribution of topics", "expect_near", True, "2 topics", "2 topics", "moves by 5 points at most",
    (("trade", 0.25, 0.5), ("borders", 0.75, 0.5)),
)  # fmt: skip
