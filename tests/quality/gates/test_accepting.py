"""Accepted findings of the release gates: what an entry covers, and what is said of one that covers nothing."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from readouts import validate
from readouts.annotations.corpus import accepted_places, read_corpus
from readouts.annotations.records import Reading
from readouts.annotations.tree import read_root
from readouts.datapackage.report import Gate
from readouts.publish.render import FORMATS
from readouts.quality.gates.accepting import acceptances, accepted_gates, stale_acceptances, to_paste
from tests.conftest import INVENTED, ROOT
from tests.quality.gates.test_release_gates import describe, plant

if TYPE_CHECKING:
    from pathlib import Path

    from readouts.annotations.corpus import Corpus
    from tests.quality.gates.test_release_gates import Rows

REASON = "Two of the meetings turned out to be one."


def entry(found: str, **more: str) -> dict[str, str]:
    return {"gate": "events-rows", "against": "7.0.0", "found": found, "reason": REASON, **more}


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path, int]:
    """An older release, one with half its events, and how many those are; of a name that was never released."""
    roots = (tmp_path / "old", tmp_path / "new")
    for root, version in zip(roots, ("7.0.0", "8.0.0"), strict=True):
        shutil.copytree(ROOT / "data", root / "data")
        shutil.copyfile(ROOT / "datapackage.json", root / "datapackage.json")
        describe(root, lambda descriptor, version=version: descriptor.update(name="meetings", version=version))  # type: ignore[misc]
    kept: list[int] = []

    def halve(rows: Rows) -> Rows:
        kept.append(len(rows) // 2)
        return rows[: len(rows) // 2]

    plant(roots[1], "events", halve)
    return *roots, kept[0]


def found_codes(new: Path, old: Path, *entries: dict[str, Any]) -> dict[str, int]:
    describe(new, lambda descriptor: descriptor.update(acceptedFindings=list(entries)))
    counts = validate(new, level="release", against=old).counts
    return {code: counts[code] for code in ("release-gate", "accepted-gate", "stale-acceptance") if code in counts}


@pytest.mark.slow
def test_an_entry_covers_its_gate_with_its_value_against_its_release_and_nothing_else(
    pair: tuple[Path, Path, int],
) -> None:
    old, new, kept = pair
    refused = {"release-gate": 1}
    assert found_codes(new, old) == refused
    assert found_codes(new, old, entry(str(kept))) == {"accepted-gate": 1}
    assert found_codes(new, old, entry(str(kept - 1))) == {**refused, "stale-acceptance": 1}
    # An entry of another comparison is not looked at, nor one that lacks something.
    assert found_codes(new, old, entry(str(kept), against="6.0.0")) == refused
    assert found_codes(new, old, entry(str(kept), reason=" ")) == refused
    other = entry(str(kept), gate="accounts-rows")
    assert found_codes(new, old, other, entry(str(kept))) == {"accepted-gate": 1, "stale-acceptance": 1}
    # The release has its own name: another package of that version is another comparison.
    describe(old, lambda descriptor: descriptor.update(name="calls"))
    assert found_codes(new, old, entry(str(kept))) == refused


def test_every_format_shows_what_is_accepted_with_its_reason(pair: tuple[Path, Path, int]) -> None:
    old, new, kept = pair
    describe(new, lambda descriptor: descriptor.update(acceptedFindings=[entry(str(kept))]))
    report = validate(new, level="release", against=old)
    assert [gate.outcome for gate in report.gates_by_outcome[:2]] == ["accepted", "passes"]
    texts = {
        form: FORMATS[form](report)
        for form in ("terminal", "json", "markdown", "html", "github", "sarif", "gates", "junit")
    }
    assert {form for form, text in texts.items() if REASON not in text} == set()
    gates = {gate["name"]: gate["accepted"] for gate in json.loads(texts["json"])["gates"]}
    assert (gates["events-rows"], gates["articles-rows"]) == (REASON, None)
    assert "<failure" not in texts["junit"].partition('name="events-rows"')[2].partition("</testcase>")[0]
    assert "1 accepted" in texts["gates"]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("events-rows", "it is passed, with '9'."),
        ("spans-rows", "it was not compared: no table has it."),
        ("lost-share", "it was not measured."),
        ("event-rows", "no gate is called that. Did you mean 'events-rows'?"),
        ("forms", "found is 'direct 2.0 %' now."),
    ],
)
def test_an_entry_that_covers_nothing_says_why(name: str, why: str) -> None:
    gates = (
        Gate("events-rows", "Rows of events", "count", passed=True, old="9", new="9", allowed="8 to 90"),
        Gate(
            "spans-rows", "", "", passed=True, old="", new="", allowed="not compared: no table has it", compared=False
        ),
        Gate("forms", "Forms", "share", passed=False, old="direct 1.0 %", new="direct 2.0 %", allowed="0.0 %"),
    )
    given = acceptances({"acceptedFindings": [entry("8", gate=name)]})
    (found,) = stale_acceptances(accepted_gates(gates, given), given)
    assert found.message == f"The gate '{name}' is accepted with '8' against 7.0.0, but {why}"


@pytest.mark.parametrize("value", [None, "all", {"gate": "events-rows"}, [None, "all", {}, {"gate": 1}, entry("")]])
def test_a_descriptor_with_another_shape_accepts_nothing(value: object) -> None:
    assert acceptances({"acceptedFindings": value}) == ()


def read(tmp_path: Path, entries: str) -> tuple[Reading, Corpus | None]:
    text = (INVENTED / "annotations" / "corpus.yaml").read_text(encoding="utf-8")
    (tmp_path / "corpus.yaml").write_text(f"{text}accepted:\n{entries}", encoding="utf-8", newline="\n")
    reading = Reading("corpus.yaml")
    root = read_root(tmp_path / "corpus.yaml", "corpus.yaml", reading)
    assert root is not None
    return reading, read_corpus(root, reading)


@pytest.mark.parametrize(
    "found",
    [
        "2,034",
        "talks 32.4 %, call 22.1 % and 6 more; 41.0 % distributed otherwise",
        "no column 'topic'",
        'a: "b" # \\c',
        " é 文",
    ],
)
def test_the_entry_to_paste_accepts_its_finding(tmp_path: Path, found: str) -> None:
    gate = Gate("topics", "Topics", "share", passed=False, old="", new=found, allowed="")
    lines = "\n".join(to_paste(gate, "7.0.0")).replace("WHY", REASON)
    reading, corpus = read(tmp_path, f"{lines}\n")
    assert reading.incidents == []
    assert corpus is not None
    given = acceptances({"acceptedFindings": list(corpus.accepted)}, "7.0.0")
    assert accepted_gates([gate], given)[0].accepted == REASON


GOOD = f"- {{gate: events-rows, against: 7.0.0, found: 9, reason: {REASON}}}\n"


def test_entries_are_read_with_their_places(tmp_path: Path) -> None:
    assert read(tmp_path, GOOD)[0].incidents == []
    head = (INVENTED / "annotations" / "corpus.yaml").read_text(encoding="utf-8").count("\n")
    assert accepted_places(tmp_path)["events-rows"].line == head + 2
    assert accepted_places(tmp_path / "elsewhere") == {}


@pytest.mark.parametrize(
    ("entries", "says"),
    [
        (" all\n", "Expected a list of accepted findings"),
        ("- events-rows\n", "Expected an accepted finding as a mapping"),
        (GOOD.replace("found: 9, ", ""), "Expected the key 'found' in an accepted finding"),
        (GOOD.replace(REASON, "''"), "Expected a sentence"),
        (GOOD.replace(REASON, ""), "Expected the key 'reason'"),
        (GOOD.replace("9", "''"), "Expected a value for 'found'"),
        (GOOD.replace(REASON, "' '"), "Expected a sentence"),
        (GOOD.replace(REASON, "WHY"), "Expected a sentence, with its full stop, for 'reason'; found 'WHY'."),
        (GOOD.replace("7.0.0", "last"), "Expected the version of a release, as in 1.0.0, for 'against'; found 'last'."),
        (GOOD.replace("found", "seen"), "Unknown key 'seen' in an accepted finding."),
        (GOOD + GOOD, "Expected one accepted finding per gate; 'events-rows' has another one above."),
        (GOOD.replace("9", "[9]"), "Expected 'found' as a text"),
    ],
)
def test_an_entry_that_is_wrong_is_found_at_its_line(tmp_path: Path, entries: str, says: str) -> None:
    incidents = read(tmp_path, entries)[0].incidents
    lines = (tmp_path / "corpus.yaml").read_text(encoding="utf-8").splitlines()
    assert says in incidents[0].message
    assert incidents[0].source is not None
    assert incidents[0].source.line in {len(lines), len(lines) - 1}
