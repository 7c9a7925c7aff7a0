"""Release gates on copies of the bundled release: what passes, what doesn't, and what is said of it."""

from __future__ import annotations

import csv
import io
import json
import shutil
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
import yaml

from readouts.datapackage.errors import PackageError
from readouts.datapackage.incident import Severity
from readouts.datapackage.table.canonical_csv import csv_line, descriptor_bytes
from readouts.quality.gates import gates_of
from readouts.quality.gates.accepting import Acceptance
from readouts.quality.gates.plan import measures
from readouts.quality.gates.running import run_checkpoint
from readouts.text.hydrated_package import HYDRATED_FIELDS
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from readouts.datapackage.incident import Incident
    from readouts.datapackage.report import Gate

    Rows = list[dict[str, str]]
    Edit = Callable[[Rows], Rows]

CASES = ROOT / "tests" / "cases"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A copy of the bundled release, as the older one."""
    return copied(ROOT, tmp_path / "old")


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """A copy of the bundled release, as the new one."""
    return copied(ROOT, tmp_path / "new")


def copied(source: Path, target: Path) -> Path:
    shutil.copytree(source / "data", target / "data")
    shutil.copyfile(source / "datapackage.json", target / "datapackage.json")
    return target


def describe(root: Path, edit: Callable[[dict[str, Any]], None]) -> None:
    """Change the descriptor of a release."""
    path = root / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    edit(descriptor)
    path.write_bytes(descriptor_bytes(descriptor))


def plant(root: Path, table: str, edit: Edit, *, add: tuple[str, ...] = (), drop: tuple[str, ...] = ()) -> None:
    """Change the rows of a table, with columns added or dropped, and make the descriptor fit."""
    path = root / "data" / f"{table}.csv"
    reader = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline=""), strict=True)
    labels = [name for name in (*(reader.fieldnames or ()), *add) if name not in drop]
    rows = edit([dict.fromkeys(add, "") | row for row in reader])
    lines = [csv_line(labels), *(csv_line(row[name] or None for name in labels) for row in rows)]
    data = "".join(lines).encode()
    path.write_bytes(data)

    def fit(descriptor: dict[str, Any]) -> None:
        resource = next(entry for entry in descriptor["resources"] if entry["name"] == table)
        resource |= {"bytes": len(data), "hash": f"sha256:{sha256(data).hexdigest()}", "rowCount": len(rows)}
        fields = [field for field in resource["schema"]["fields"] if field["name"] in labels]
        fields += [field for field in HYDRATED_FIELDS.get(table, []) if field["name"] in add]
        resource["schema"]["fields"] = fields

    describe(root, fit)


def without(root: Path, table: str) -> None:
    """Take a table out of a release."""

    def remove(descriptor: dict[str, Any]) -> None:
        descriptor["resources"] = [entry for entry in descriptor["resources"] if entry["name"] != table]

    describe(root, remove)


def setting(field: str, value: str, *, every: int = 1, of: Callable[[dict[str, str]], bool] | None = None) -> Edit:
    """Set a field of every so many of the rows that are meant."""

    def edit(rows: Rows) -> Rows:
        meant = [row for row in rows if of is None or of(row)]
        for row in meant[::every]:
            row[field] = value
        return rows

    return edit


def failed(found: tuple[list[Incident], tuple[Gate, ...]]) -> list[str]:
    """Return the gates that aren't passed, having seen that each of them is a finding, and nothing else is."""
    incidents, gates = found
    names = [gate for gate in gates if not gate.passed]
    assert len(incidents) == len(names)
    assert {finding.value for finding in incidents} == {gate.new for gate in names}
    return [gate.name for gate in names]


def gate_of(gates: tuple[Gate, ...], name: str) -> Gate:
    return next(gate for gate in gates if gate.name == name)


def lose_speakers(rows: Rows) -> Rows:
    """Take the names of 30 % of the speakers, evenly over the statements."""
    named = [row for row in rows if row["speaker_id"]]
    for place, row in enumerate(named):
        if place % 10 in {1, 4, 7}:
            row["speaker_id"] = ""
    return rows


def test_a_release_passes_all_gates_beside_itself() -> None:
    incidents, gates = gates_of(ROOT, ROOT)
    assert incidents == []
    assert all(gate.passed and gate.compared for gate in gates)
    # Only a hydrated package can tell what share of its spans was lost.
    assert [gate.name for gate in gates] == [measure.name for measure in measures() if not measure.optional]


def test_a_release_that_lost_30_percent_of_its_speakers_fails_that_gate_and_no_other(old: Path, new: Path) -> None:
    plant(new, "statements", lose_speakers)
    before, after = (pd.read_csv(root / "data" / "statements.csv")["speaker_id"].notna() for root in (old, new))
    assert 0.25 < 1 - after.sum() / before.sum() < 0.35
    incidents, gates = gates_of(new, old)
    assert failed((incidents, gates)) == ["speaker-share"]
    finding = incidents[0]
    assert (finding.code, finding.severity, finding.table, finding.field) == (
        "release-gate",
        Severity.ERROR,
        "statements",
        "speaker_id",
    )
    for share in (before, after):
        assert f"{100 * share.mean():.1f} % ({share.sum():,} of {len(share):,})" in finding.message
    assert f"at least {100 * (before.mean() - 0.05):.1f} %" in finding.message
    assert finding.hint


def test_a_release_that_lost_a_tenth_of_a_table_fails_its_row_count(old: Path, new: Path) -> None:
    plant(new, "alignments", lambda rows: [row for place, row in enumerate(rows) if place % 10])
    incidents, gates = gates_of(new, old)
    assert failed((incidents, gates)) == ["alignments-rows"]
    gate = gate_of(gates, "alignments-rows")
    assert incidents[0].message == (
        f"Rows of alignments: allowed is {gate.allowed}, as the older release has {gate.old}; found {gate.new}."
    )


def test_spans_of_statements_that_vanished_are_orphans(old: Path, new: Path) -> None:
    plant(new, "statements", lambda rows: [row for place, row in enumerate(rows) if place % 10])
    assert failed(gates_of(new, old)) == ["statements-rows", "orphaned-share"]


def test_a_shifted_distribution_fails_its_gate_and_says_what_moved(old: Path, new: Path) -> None:
    topics = pd.read_csv(old / "data" / "statements.csv")["topic"].value_counts(normalize=True)
    most = topics.index[0]
    plant(new, "statements", setting("topic", "media", of=lambda row: row["topic"] == most))
    incidents, gates = gates_of(new, old)
    assert failed((incidents, gates)) == ["topic-distribution"]
    share = f"{100 * topics.iloc[0]:.1f} %"
    assert f"{share} distributed otherwise" in incidents[0].message
    assert f"{most} from {share} to 0.0 %" in incidents[0].message
    parts = {label: (before, after) for label, before, after in gate_of(gates, "topic-distribution").distribution}
    assert parts[most][0] == pytest.approx(topics.iloc[0])
    assert parts[most][1] == 0
    assert parts["media"][1] == pytest.approx(topics.iloc[0] + topics["media"])


def test_corrections_of_a_few_rows_pass(old: Path, new: Path) -> None:
    def edit(rows: Rows) -> Rows:
        rows[0]["topic"] = rows[7]["topic"] = "media"
        rows[3]["speaker_id"] = ""
        rows[5]["form"] = "direct"
        rows[9]["end"] = str(int(rows[9]["end"]) + 40)
        return rows

    plant(new, "statements", edit)
    plant(new, "alignments", lambda rows: rows[1:])
    plant(new, "entities", lambda rows: [*rows, rows[0] | {"entity_id": "zz-new", "name": "New"}])
    assert failed(gates_of(new, old)) == []


def test_a_further_article_like_the_others_passes(old: Path, new: Path) -> None:
    article = pd.read_csv(old / "data" / "articles.csv")["article_id"][0]

    def again(rows: Rows) -> Rows:
        copies = [row for row in rows if any(article in cell for cell in row.values())]
        return rows + [{name: cell.replace(article, "zz-article") for name, cell in row.items()} for row in copies]

    for table in ("articles", "statements", "attributions", "relations", "spans"):
        plant(new, table, again)
    assert failed(gates_of(new, old)) == []


def emptied(_: Rows) -> Rows:
    return []


def one_change(_: Rows) -> Rows:
    return [
        {
            "change_id": "c1",
            "table": "events",
            "old_id": "a",
            "version": "1.0.0",
            "operation": "removed",
            "new_id": "",
            "reason": "Invented.",
        }
    ]


def test_every_row_count_can_fail(old: Path, new: Path) -> None:
    plant(old, "id_changes", one_change)
    plant(old, "addressees", lambda rows: [*rows, {"statement_id": "s01", "entity_id": "anybody"}])
    counted = {measure.table for measure in measures() if measure.kind == "rows"}
    for table in counted:
        plant(new, table, emptied)
    assert {gate.name for gate in gates_of(new, old)[1] if not gate.passed} == {
        measure.name for measure in measures() if measure.kind == "rows"
    }


def test_every_share_and_every_distribution_can_fail(old: Path, new: Path) -> None:
    def verified(rows: Rows) -> Rows:
        return [row | {"wikidata_id": f"Q{n}", "wikidata_status": "verified"} for n, row in enumerate(rows)]

    def changed(rows: Rows) -> Rows:
        rows = lose_speakers(rows)
        return [row | {"form": "direct", "topic": "media", "end": str(int(row["start"]) + 400)} for row in rows]

    plant(old, "statements", setting("review", "one_human", every=2))
    plant(old, "entities", verified)
    plant(old, "spans", setting("found", "exact"), add=("found",))
    plant(new, "statements", changed)
    plant(new, "accounts", setting("side", "third"))
    plant(new, "claims", setting("group", "third"))
    plant(new, "entities", lambda rows: [rows[0] | {"wikidata_status": "candidate"}, *verified(rows)[1:]])
    plant(new, "spans", setting("found", "orphan"), add=("found",))
    plant(new, "spans", setting("entity_id", "nobody", of=lambda row: row["role"] == "mention"))
    failing = {gate.name for gate in gates_of(new, old)[1] if not gate.passed}
    assert failing == {measure.name for measure in measures() if measure.kind != "rows"}


def test_growth_passes_up_to_a_factor(old: Path, new: Path) -> None:
    def grown(rows: Rows, times: int) -> Rows:
        return [row | {"alignment_id": f"{row['alignment_id']}-{n}"} for row in rows for n in range(times)]

    plant(new, "alignments", lambda rows: grown(rows, 10))
    assert failed(gates_of(new, old)) == []
    plant(new, "alignments", lambda rows: grown(rows[:-1], 2))
    assert failed(gates_of(new, old)) == ["alignments-rows"]


def test_a_table_that_is_gone_fails_its_row_count(old: Path, new: Path) -> None:
    without(new, "alignments")
    incidents, _ = gates_of(new, old)
    assert [finding.code for finding in incidents] == ["release-gate"]
    assert "no table 'alignments'" in incidents[0].message


def test_what_only_the_new_release_has_is_said_not_to_be_compared(old: Path, new: Path) -> None:
    without(old, "alignments")
    plant(old, "statements", list, drop=("topic",))
    incidents, gates = gates_of(new, old)
    assert [(finding.code, finding.message) for finding in incidents] == [
        ("gate-note", "topic-distribution: not compared: the older release has no column 'topic' in 'statements'."),
        ("gate-note", "alignments-rows: not compared: the older release has no table 'alignments'."),
    ]
    assert [gate.name for gate in gates if not gate.compared] == ["topic-distribution", "alignments-rows"]


def test_a_column_that_is_gone_fails_its_gate(old: Path, new: Path) -> None:
    plant(new, "statements", list, drop=("topic",))
    incidents, _ = gates_of(new, old)
    assert [finding.code for finding in incidents] == ["release-gate"]
    assert "no column 'topic' in 'statements'" in incidents[0].message


def test_an_empty_table_can_not_be_compared_and_never_passes_silently(old: Path, new: Path) -> None:
    plant(old, "entities", emptied)
    incidents, gates = gates_of(new, old)
    notes = [finding.message for finding in incidents if finding.code == "gate-note"]
    assert notes == ["verified-share: not compared: the older release has no row in 'entities'."]
    assert not gate_of(gates, "verified-share").compared


def test_releases_without_a_row_in_common_are_too_few_to_tell(old: Path, new: Path) -> None:
    def renamed(mark: str) -> Edit:
        return lambda rows: [row | {"statement_id": f"{mark}{n}"} for n, row in enumerate(rows[:9])]

    plant(old, "statements", renamed("x"))
    plant(new, "statements", renamed("y"))
    incidents, _ = gates_of(new, old)
    notes = [finding.message for finding in incidents if "too few rows in common" in finding.message]
    assert len(notes) == 1
    assert "topic-distribution" in notes[0]


@pytest.mark.slow
def test_spans_lost_in_the_texts_are_compared_where_both_packages_are_hydrated(old: Path, new: Path) -> None:
    for root in (old, new):
        plant(root, "spans", setting("found", "exact"), add=("found",))
    plant(new, "spans", setting("found", "orphan", every=10))
    incidents, _ = gates_of(new, old)
    assert failed((incidents, gates_of(new, old)[1])) == ["lost-share"]
    assert incidents[0].field == "found"


@pytest.mark.slow
def test_one_hydrated_package_of_two_is_said_not_to_be_compared(old: Path, new: Path) -> None:
    plant(new, "spans", setting("found", "orphan"), add=("found",))
    for pair in ((new, old), (old, new)):
        incidents, gates = gates_of(*pair)
        assert [finding.code for finding in incidents] == ["gate-note"]
        assert not gate_of(gates, "lost-share").compared


def test_values_that_look_missing_are_values(old: Path, new: Path) -> None:
    plant(new, "statements", setting("topic", "None", every=2))
    plant(new, "statements", setting("topic", "", every=5))
    distribution = gate_of(gates_of(new, old)[1], "topic-distribution").distribution
    assert {"None", "(none)"} <= {label for label, _, _ in distribution}
    assert sum(share for _, _, share in distribution) == pytest.approx(1)


def test_packages_without_a_common_table_are_refused(old: Path, new: Path) -> None:
    describe(new, lambda descriptor: descriptor.update(resources=descriptor["resources"][-1:]))
    with pytest.raises(PackageError, match="share no table that a gate measures"):
        gates_of(new, old)


def test_a_table_that_can_not_be_read_is_named(old: Path, new: Path) -> None:
    path = new / "data" / "accounts.csv"
    path.write_bytes(b"account_id,side\n\xff,a\n")

    def unhashed(descriptor: dict[str, Any]) -> None:
        next(entry for entry in descriptor["resources"] if entry["name"] == "accounts").pop("hash")

    describe(new, unhashed)
    with pytest.raises(PackageError, match="accounts"):
        gates_of(new, old)


def test_what_great_expectations_can_not_evaluate_is_an_error_and_no_verdict() -> None:
    frames = {"statements": pd.DataFrame({"form": ["direct"]})}
    outcome = run_checkpoint(frames, ["speaker-share"], {"speaker_share_least": 0.5})["speaker-share"]
    assert "speaker_id" in outcome.error
    assert not outcome.passed


def test_two_runs_give_the_same(old: Path, new: Path) -> None:
    plant(new, "statements", lose_speakers)
    assert gates_of(new, old) == gates_of(new, old)


@pytest.mark.parametrize("path", sorted(CASES.glob("*/release.yaml")), ids=lambda path: path.parent.name)
def test_a_case_trips_its_code_and_nothing_else(path: Path, old: Path, new: Path) -> None:
    case = yaml.safe_load(path.read_text(encoding="utf-8"))
    for root, steps in ((old, case.get("before", [])), (new, case["edit"])):
        for step in steps:
            plant(root, step["file"], setting(step["field"], step["to"]))
    accepted = [Acceptance(against="1.0.0", **entry) for entry in case.get("accepted", [])]
    incidents, _ = gates_of(new, old, accepted)
    assert [finding.code for finding in incidents] == [path.parent.name]
    assert {name: getattr(incidents[0], name) for name in case["found"]} == case["found"]
    assert all(words in incidents[0].message for words in case["says"])
