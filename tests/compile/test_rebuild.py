"""Annotations to a package: the same bytes from the same content, however it is written down or built."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import random
import re
import shutil
from typing import TYPE_CHECKING

import pytest
import yaml
from typer.testing import CliRunner

from readouts.annotations.tree import Contents, TreeFile
from readouts.cli import app
from readouts.compile import compiler
from readouts.compile.compiler import Compilation, compile_tree, table_names
from readouts.compile.rebuild import Present, hand_edits, stale, write_package
from readouts.compile.store import Store
from readouts.corpus_schema.tables import tables
from readouts.datapackage.errors import ReadoutsError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Run

HERALD = "annotations/articles/herald-2031-05-02.yaml"
COURIER = "annotations/articles/courier-2031-05-02.yaml"
CALL = "annotations/events/call-2031-05-01.yaml"
MEETING = "annotations/events/meeting-port-sarn.yaml"
ENTITIES = "annotations/entities.yaml"


def edit(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def compiled(folder: Path, store: Path | None = None) -> Compilation:
    """Compile a corpus, with the fragments of earlier builds where a store is given; the store is closed."""
    opened = Store(store)
    compilation = compile_tree(folder / "annotations", opened)
    if store is not None:
        opened.close()
    return compilation


def built(folder: Path, output: Path, store: Path | None = None) -> dict[str, bytes]:
    """Build a corpus without findings into a folder, and return the package's files."""
    opened = Store(store)
    compilation = compile_tree(folder / "annotations", opened)
    assert compilation.incidents == []
    output.mkdir(exist_ok=True)
    write_package(compilation, output)
    opened.close()
    return package(output)


def package(folder: Path) -> dict[str, bytes]:
    paths = [folder / "datapackage.json", *sorted((folder / "data").iterdir())]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def rows(files: dict[str, bytes], table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(files[f"data/{table}.csv"].decode().splitlines(keepends=True)))


def test_a_package_has_every_table_and_says_what_is_in_each(corpus: Path, tmp_path: Path) -> None:
    files = built(corpus, tmp_path / "out")
    assert {name for name in files if name.endswith(".csv")} == {f"data/{name}.csv" for name in tables()}
    descriptor = json.loads(files["datapackage.json"])
    assert [resource["name"] for resource in descriptor["resources"]] == table_names()
    for resource in descriptor["resources"]:
        data = files[resource["path"]]
        assert resource["bytes"] == len(data)
        assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        assert resource["rowCount"] == len(rows(files, resource["name"]))
        assert [field["name"] for field in resource["schema"]["fields"]] == list(tables()[resource["name"]].field_names)
    assert descriptor["created"] == "2031-06-01T00:00:00Z"
    assert {
        "title": "Marek and Ostrova speak by phone over the Lakes",
        "path": "https://example.org/marek-ostrova",
    } in (descriptor["sources"])


def test_every_table_is_canonical_and_sorted_by_its_key(corpus: Path, tmp_path: Path) -> None:
    files = built(corpus, tmp_path / "out")
    for name, table in tables().items():
        text = files[f"data/{name}.csv"].decode()
        assert "\r" not in text
        assert text.endswith("\n")
        keys = [tuple(row[column] for column in table.primary_key) for row in rows(files, name)]
        assert keys == sorted(set(keys))


def test_a_row_says_what_its_annotation_says(corpus: Path, tmp_path: Path) -> None:
    files = built(corpus, tmp_path / "out")
    statements = {row["statement_id"]: row for row in rows(files, "statements")}
    seventh = statements["herald-2031-05-02.s07"]
    assert (seventh["start"], seventh["end"], seventh["speaker_id"]) == ("590", "675", "ilya-ostrova")
    assert statements["herald-2031-05-02.s02"]["speaker_id"] == ""
    assert statements["herald-2031-05-02.s08"]["speaker_id"] == ""
    wide = {row["statement_id"]: row for row in rows(files, "statements_wide")}
    assert wide["herald-2031-05-02.s02"]["chain"] == "Presidency + Chancellery > Jana Marek + Ilya Ostrova"
    assert wide["courier-2031-05-02.s02"]["side"] == "b"
    carriage = {
        row["article_id"]: row for row in rows(files, "carriages") if row["account_id"] == "chancellery-2031-05-01"
    }
    assert (carriage["courier-2031-05-02"]["start"], carriage["courier-2031-05-02"]["end"]) == ("151", "377")
    assert carriage["herald-2031-05-02"]["start"] == ""
    aligned = {
        row["alignment_id"].rpartition(".")[2]: (row["statement_a"], row["statement_b"])
        for row in rows(files, "alignments")
    }
    assert aligned["a01"] == ("courier-2031-05-02.s01", "herald-2031-05-02.s01"), "symmetric: the smaller id first"
    assert all(row["seq"] == "0" for row in rows(files, "spans") if row["role"] == "mention")
    content = [
        row["seq"] for row in rows(files, "spans") if row["role"] == "content" and row["statement_id"].endswith("s07")
    ]
    assert content == ["0", "1"]


def test_building_twice_gives_the_same_bytes(corpus: Path, tmp_path: Path) -> None:
    first = built(corpus, tmp_path / "out", tmp_path / "store")
    assert built(corpus, tmp_path / "out", tmp_path / "store") == first
    assert built(corpus, tmp_path / "other") == first


def test_a_table_that_was_damaged_is_written_again_though_no_annotation_changed(corpus: Path, tmp_path: Path) -> None:
    first = built(corpus, tmp_path / "out", tmp_path / "store")
    table = tmp_path / "out" / "data" / "spans.csv"
    table.write_bytes(table.read_bytes().replace(b"content", b"CONTENT", 1))
    (tmp_path / "out" / "data" / "events.csv").unlink()
    assert built(corpus, tmp_path / "out", tmp_path / "store") == first


def shuffled(path: Path, order: random.Random) -> None:
    """Write a YAML file again with the keys of every mapping in another order."""

    def other(value: object) -> object:
        if isinstance(value, dict):
            keys = list(value)
            order.shuffle(keys)
            return {key: other(value[key]) for key in keys}
        return [other(item) for item in value] if isinstance(value, list) else value

    content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    path.write_text(yaml.safe_dump(other(content), sort_keys=False, allow_unicode=True), encoding="utf-8")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_order_of_keys_and_files_does_not_matter(corpus: Path, tmp_path: Path, seed: int) -> None:
    first = built(corpus, tmp_path / "out")
    order = random.Random(seed)
    files = sorted((corpus / "annotations").rglob("*.yaml"))
    order.shuffle(files)
    for path in files:
        if path.name != "corpus.yaml":
            shuffled(path, order)
    moved = tmp_path / "moved"
    for path in files:
        target = moved / path.relative_to(corpus)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(path, target)
    for path in (corpus / "annotations").rglob("*.csv"):
        target = moved / path.relative_to(corpus)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(path, target)
    assert built(moved, tmp_path / "out") == first


def test_line_ends_and_a_byte_order_mark_do_not_matter(corpus: Path, tmp_path: Path) -> None:
    first = built(corpus, tmp_path / "out")
    for path in [*(corpus / "annotations").rglob("*.yaml"), *(corpus / "annotations").rglob("*.csv")]:
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert built(corpus, tmp_path / "out") == first


def test_a_second_build_reads_only_what_changed(corpus: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    everything = compiled(corpus, store).compiled
    assert len(everything) == 6
    assert compiled(corpus, store).compiled == []
    edit(corpus, CALL, "title: Call between", "title: A call between")
    assert compiled(corpus, store).compiled == [CALL]
    (corpus / HERALD).touch()
    assert compiled(corpus, store).compiled == []
    anchors = corpus / "annotations" / "anchors" / "courier-2031-05-02.csv"
    anchors.write_bytes(anchors.read_bytes().replace(b"\n", b"\r\n"))
    assert compiled(corpus, store).compiled == [COURIER]


def test_a_file_with_a_mistake_is_read_again_until_it_is_corrected(corpus: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    edit(corpus, HERALD, "act: believe", "act: belive")
    assert len(compiled(corpus, store).incidents) == 1
    again = compiled(corpus, store)
    assert (again.compiled, len(again.incidents)) == ([HERALD], 1)
    edit(corpus, HERALD, "act: belive", "act: believe")
    assert compiled(corpus, store).incidents == []
    assert compiled(corpus, store).compiled == []


def test_a_reference_that_another_file_breaks_is_found_in_the_file_that_makes_it(corpus: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    assert compiled(corpus, store).incidents == []
    lake_town = "  lake-town: {kind: place, name: Lake Town, description: An invented town.}\n"
    edit(corpus, ENTITIES, lake_town, "")
    broken = compiled(corpus, store)
    assert [(finding.code, str(finding.source)) for finding in broken.incidents] == [("foreign-key", f"{HERALD}:155")]
    assert broken.compiled == [ENTITIES]
    edit(corpus, ENTITIES, "  morning-herald:", f"{lake_town}  morning-herald:")
    assert compiled(corpus, store).incidents == []


@pytest.mark.parametrize(
    ("change", "column", "expected"),
    [
        (
            (ENTITIES, "name: Presidency,", "name: Office of the President,"),
            "chain",
            "Office of the President + Chancellery",
        ),
        ((ENTITIES, "name: The Morning Herald,", "name: Herald,"), "outlet_name", "Herald"),
        (
            (CALL, "title: Call between Marek and Ostrova", "title: Call on the Lakes"),
            "event_title",
            "Call on the Lakes",
        ),
        ((CALL, "date: 2031-05-01\n", "date: 2031-04-30\n"), "event_date", "2031-04-30"),
        ((CALL, "issuer: presidency, side: a", "issuer: presidency, side: b"), "side", "b"),
    ],
)
def test_a_change_in_the_registry_reaches_the_joined_table(
    corpus: Path, tmp_path: Path, change: tuple[str, str, str], column: str, expected: str
) -> None:
    store = tmp_path / "store"
    before = rows(built(corpus, tmp_path / "out", store), "statements_wide")
    edit(corpus, *change)
    files = built(corpus, tmp_path / "out", store)
    first = {row["statement_id"]: row for row in rows(files, "statements_wide")}["herald-2031-05-02.s01"]
    assert first[column] == expected
    assert first not in before
    assert files == built(corpus, tmp_path / "fresh")


def test_a_new_participant_gives_statements_their_side(corpus: Path, tmp_path: Path) -> None:
    def side(files: dict[str, bytes]) -> str:
        return {row["statement_id"]: row["side"] for row in rows(files, "statements_wide")}["courier-2031-05-02.s04"]

    store = tmp_path / "store"
    assert side(built(corpus, tmp_path / "out", store)) == "third"
    edit(corpus, MEETING, "participants:\n", "participants:\n  presidency: {role: mediator, side: a}\n")
    assert side(built(corpus, tmp_path / "out", store)) == "a"


@pytest.mark.slow
def test_any_series_of_changes_gives_what_a_build_from_nothing_gives(corpus: Path, tmp_path: Path) -> None:
    courier = {path: path.read_bytes() for path in (corpus / "annotations").rglob("courier-*")}
    call = (corpus / CALL).read_bytes()

    def without_the_courier() -> None:
        for path in courier:
            path.unlink(missing_ok=True)
        text = re.sub(r"(?s)alignments:\n.*(?=made_by)", "", (corpus / CALL).read_text(encoding="utf-8"))
        (corpus / CALL).write_text(text, encoding="utf-8")

    def with_the_courier() -> None:
        for path, data in courier.items():
            path.write_bytes(data)
        (corpus / CALL).write_bytes(call)

    def renamed(name: str, pattern: str) -> Callable[[], None]:
        def change() -> None:
            text = (corpus / name).read_text(encoding="utf-8")
            changed, times = re.subn(pattern, lambda match: f"{match[1]}{order.randrange(100)}", text, count=1)
            assert times == 1
            (corpus / name).write_text(changed, encoding="utf-8")

        return change

    def broken() -> None:
        path = corpus / MEETING
        data = path.read_bytes()
        path.write_bytes(data + b"nonsense: x\n")
        assert len(compiled(corpus, tmp_path / "store").incidents) == 1
        path.write_bytes(data)

    order = random.Random(20310501)
    changes = [
        without_the_courier,
        with_the_courier,
        broken,
        renamed(HERALD, r"(title: Marek and Ostrova speak)[^\n]*"),
        renamed(ENTITIES, r"(name: Presidency)\d*"),
        renamed(MEETING, r"(title: Planned meeting)[^\n]*"),
        renamed(CALL, r"(title: Call between)[^\n]*"),
    ]
    for number in range(25):
        order.choice(changes)()
        fresh = built(corpus, tmp_path / f"fresh-{number}")
        assert built(corpus, tmp_path / "out", tmp_path / "store") == fresh


def test_claims_do_not_depend_on_how_many_events_are_in_memory(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = built(corpus, tmp_path / "at-once")
    assert len({row["event_id"] for row in rows(expected, "claims")}) > 1
    monkeypatch.setattr(compiler, "_EVENTS", 1)
    assert built(corpus, tmp_path / "one-by-one") == expected


def test_files_that_are_gone_leave_nothing_behind(corpus: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    built(corpus, tmp_path / "out", store)
    for path in (corpus / "annotations").rglob("courier-*"):
        path.unlink()
    text = re.sub(r"(?s)alignments:\n.*(?=made_by)", "", (corpus / CALL).read_text(encoding="utf-8"))
    (corpus / CALL).write_text(text, encoding="utf-8")
    files = built(corpus, tmp_path / "out", store)
    assert not any(b"courier-2031" in data for data in files.values())
    assert rows(files, "alignments") == []


def test_a_table_that_the_schemas_no_longer_have_is_removed_and_other_files_stay(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    built(corpus, out)
    descriptor = json.loads((out / "datapackage.json").read_text(encoding="utf-8"))
    descriptor["resources"].append({"name": "notes", "path": "data/notes.csv"})
    for number, path in enumerate(["README.md", "data/../README.md", "../corpus/annotations/entities.yaml", "data"]):
        descriptor["resources"].append({"name": f"outside-{number}", "path": path})
    (out / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    for name in ("data/notes.csv", "data/mine.txt", "README.md"):
        (out / name).write_text("x", encoding="utf-8")
    files = built(corpus, out)
    assert "data/notes.csv" not in files
    assert files["data/mine.txt"] == b"x"
    assert (out / "README.md").is_file()
    assert (corpus / ENTITIES).is_file()


def with_article(folder: Path, name: str) -> None:
    """Add a copy of the courier's article under another id."""
    for sub, ending in (("articles", "yaml"), ("anchors", "csv")):
        text = (folder / "annotations" / sub / f"courier-2031-05-02.{ending}").read_text(encoding="utf-8")
        path = folder / "annotations" / sub / f"{name}.{ending}"
        path.write_text(text.replace("courier-2031-05-02", name), encoding="utf-8")


@pytest.mark.parametrize(
    "names", [["courier", "courier.s02", "courier.s02-b"], ["a", "a-b", "a.b", "a.s03", "a.x0017", "a_b", "a0"]]
)
def test_blocks_whose_keys_overlap_are_merged_in_the_order_of_their_keys(
    corpus: Path, tmp_path: Path, names: list[str]
) -> None:
    for name in names:
        with_article(corpus, name)
    files = built(corpus, tmp_path / "out")
    for table in ("statements", "attributions", "spans", "statements_wide", "relations", "articles"):
        keys = [tuple(row[column] for column in tables()[table].primary_key) for row in rows(files, table)]
        assert keys == sorted(set(keys))
        if table not in {"attributions", "articles"}:
            counts = {sum(key[0].rpartition(".")[0] == name for key in keys) for name in names}
            assert len(counts) == 1, "every copy has all of its rows"
    descriptor = json.loads(files["datapackage.json"])
    counted = {resource["name"]: resource["rowCount"] for resource in descriptor["resources"]}
    assert counted["statements"] == 12 + 4 * len(names)


def test_all_mistakes_of_all_files_are_reported_at_once(corpus: Path) -> None:
    for name, old, new in [
        ("annotations/corpus.yaml", "version: 0.3.1", "version: 0.3"),
        (ENTITIES, "kind: office, name: Presidency", "kind: ofice, name: Presidency"),
        (ENTITIES, "predicate: represents", "predicate: CONSULT"),
        (CALL, "issued_on: 2031-05-01", "issued_on: 1 May"),
        (CALL, "b: courier-2031-05-02.s03", "b: courier-2031-05-02.s30"),
        (MEETING, "place: port-sarn", "plaice: port-sarn"),
        (HERALD, "    act: believe\n", ""),
        (HERALD, "lake-town: [[756, 765]]", "lake-town: [[765, 756]]"),
        (COURIER, "event: meeting-port-sarn", "event: meeting-port-sarm"),
        (COURIER, "mode: phone", "mode: meet"),
        ("annotations/id_changes.csv", "0.3.0,removed,,", "0.3.0,removed,"),
    ]:
        edit(corpus, name, old, new)
    (corpus / "annotations" / "events" / "Call.yaml").touch()
    found = compiled(corpus).incidents
    assert [(finding.code, str(finding.source)) for finding in found] == [
        ("foreign-key", f"{COURIER}:38"),
        ("mode-misfit", f"{COURIER}:51"),
        ("missing-key", f"{HERALD}:133:5"),
        ("span-outside-article", f"{HERALD}:154:15"),
        ("constraint-error", "annotations/corpus.yaml:4:10"),
        ("constraint-error", f"{ENTITIES}:14:22"),
        ("constraint-error", f"{ENTITIES}:27"),
        ("file-name", "annotations/events/Call.yaml"),
        ("type-error", f"{CALL}:10:82"),
        ("foreign-key", f"{CALL}:22"),
        ("unknown-key", f"{MEETING}:5:1"),
        ("missing-cell", "annotations/id_changes.csv:2"),
    ]


def test_findings_give_no_package(corpus: Path, tmp_path: Path) -> None:
    built(corpus, tmp_path / "out")
    before = package(tmp_path / "out")
    edit(corpus, HERALD, "act: believe", "act: belive")
    with pytest.raises(ReadoutsError, match="fix them first"):
        write_package(compiled(corpus), tmp_path / "out")
    assert package(tmp_path / "out") == before


def test_an_id_may_end_where_another_goes_on(corpus: Path) -> None:
    with_article(corpus, "courier-2031-05-02-b")
    assert compiled(corpus).incidents == []


def test_what_was_built_is_not_stale_until_a_row_changes(corpus: Path, tmp_path: Path) -> None:
    built(corpus, corpus)
    assert stale(compiled(corpus), corpus) == []
    edit(corpus, HERALD, "  # Joint sources, outermost.\n", "")
    assert stale(compiled(corpus), corpus) == []
    edit(corpus, HERALD, "act: believe", "act: predict")
    assert [finding.source and finding.source.file for finding in stale(compiled(corpus), corpus)] == [
        "data/statements.csv",
        "data/statements_wide.csv",
        "datapackage.json",
    ]


def hand_edited(folder: Path, name: str, old: str, new: str) -> list[str]:
    """Edit a table of a package that was just built; return what is found."""
    built(folder, folder)
    edit(folder, f"data/{name}.csv", old, new)
    found = stale(compiled(folder), folder)
    assert {finding.source and finding.source.file for finding in found} == {f"data/{name}.csv"}
    assert hand_edits(compiled(folder), Present(folder)) == found
    return [finding.message for finding in found]


def test_a_hand_edit_in_a_long_cell_is_shown_around_the_place_where_it_begins(corpus: Path) -> None:
    long = "Both offices report that " + "the lakes, the river and the bridges of the valley " * 3 + "are open"
    edit(corpus, HERALD, "Both offices report that Marek rang Ostrova with the offer of a ceasefire.", long + " again.")
    (message,) = hand_edited(corpus, "statements", "are open again", "are shut again")
    assert "statements herald-2031-05-02.s01, summary: the annotations give '…" in message
    assert "of the valley are open again.' (edit annotations/articles/herald-2031-05-02.yaml:" in message
    assert "of the valley are shut again.'" in message
    assert "Both offices" not in message


def test_a_cell_that_was_emptied_is_shown(corpus: Path) -> None:
    (message,) = hand_edited(corpus, "events", "Call between Marek and Ostrova", "")
    assert message.endswith("the file has nothing.")


def test_rows_that_were_removed_and_added_by_hand_are_shown(corpus: Path) -> None:
    messages = hand_edited(corpus, "entities", "\njana-marek,", "\njana-novak,")
    assert messages[0].startswith(
        "entities jana-marek: the annotations produce this row (edit annotations/entities.yaml:"
    )
    assert messages[1] == "entities jana-novak: the file has this row, the annotations don't."


def test_of_many_differences_in_a_table_the_first_are_shown_and_the_others_counted(corpus: Path) -> None:
    built(corpus, corpus)
    path = corpus / "data" / "statements.csv"
    path.write_text(path.read_text("utf-8").replace(",certain,", ",likely,"), "utf-8")
    messages = [finding.message for finding in stale(compiled(corpus), corpus)]
    assert len(messages) == 5
    assert re.search(r"the file has 'likely'\. \d+ further differences in this table\.$", messages[-1])


def test_a_table_whose_columns_were_edited_is_compared_by_line(corpus: Path) -> None:
    (message,) = hand_edited(corpus, "events", "event_id,kind", "id,kind")
    assert message.startswith("The annotations give 'event_id,")
    assert message.endswith("1 line differs.")


def test_rebuild_says_which_hand_edit_it_replaces(corpus: Path, run: Run) -> None:
    assert run("rebuild", cwd=corpus).stderr == ""
    before = package(corpus)
    edit(corpus, HERALD, "act: believe", "act: predict")
    assert run("rebuild", cwd=corpus).stderr == ""
    edit(corpus, HERALD, "act: predict", "act: believe")
    edit(corpus, "data/events.csv", "Call between Marek and Ostrova", "Call between the two")
    ended = run("rebuild", cwd=corpus)
    (line,) = ended.stderr.splitlines()
    assert ended.returncode == 0
    assert line.startswith("readouts: replaced a hand edit of data/events.csv:2: events call-2031-05-01, title: ")
    assert package(corpus) == before


def test_the_command_says_what_it_read(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(corpus)
    first = CliRunner().invoke(app(), ["rebuild", "--texts", "texts"])
    assert first.exit_code == 0
    assert "from 6 annotation files (6 read, 0 unchanged)" in first.output
    edit(corpus, MEETING, "title: Planned", "title: Foreseen")
    assert CliRunner().invoke(app(), ["rebuild", "--check"]).exit_code == 1
    second = CliRunner().invoke(app(), ["rebuild"])
    assert "from 6 annotation files (0 read, 6 unchanged)" in second.output
    assert CliRunner().invoke(app(), ["rebuild", "--check"]).exit_code == 0


def many(folder: Path, count: int) -> None:
    """Add so many articles that reading them is shared among processes."""
    for number in range(count):
        with_article(folder, f"courier-{number}")


SURROUNDINGS = [
    {"PYTHONHASHSEED": "1", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "TZ": "Pacific/Kiritimati"},
    {"PYTHONHASHSEED": "2", "LC_ALL": "C.UTF-8", "TZ": "America/Anchorage", "PYTHONUTF8": "1"},
]


@pytest.mark.slow
@pytest.mark.parametrize("files", [0, 70])
def test_the_surroundings_do_not_change_a_byte(corpus: Path, tmp_path: Path, run_process: Run, files: int) -> None:
    many(corpus, files)
    edit(corpus, ENTITIES, "name: Lake Town", "name: Łąka Ĳ “ß”")
    packages = []
    for number, surroundings in enumerate(SURROUNDINGS):
        output = tmp_path / f"out-{number}"
        shutil.rmtree(corpus / ".readouts", ignore_errors=True)
        done = run_process("rebuild", "--output", output, cwd=corpus, env=surroundings)
        assert (done.returncode, done.stderr) == (0, "")
        packages.append(package(output))
    assert packages[0] == packages[1]
    assert "Łąka Ĳ “ß”".encode() in packages[0]["data/entities.csv"]


def test_findings_are_the_same_and_can_be_shown_in_any_locale(corpus: Path, run_process: Run) -> None:
    edit(corpus, HERALD, "act: believe", "act: “belíeve”")
    plain, full = (run_process("rebuild", cwd=corpus, env=surroundings) for surroundings in SURROUNDINGS)
    assert (plain.returncode, full.returncode) == (1, 1)
    assert (plain.stderr, full.stderr) == ("", "")
    assert "found '“belíeve”' for 'act'" in full.stdout
    assert "for 'act'" in plain.stdout


@pytest.mark.slow
def test_the_number_of_cores_does_not_change_a_byte(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(corpus, 70)
    edit(corpus, CALL, "title: Call between", "title: Call “between”")
    packages = []
    for cores in (1, 2, 3):
        monkeypatch.setattr(os, "cpu_count", lambda cores=cores: cores)
        packages.append(built(corpus, tmp_path / f"out-{cores}"))
    assert packages[0] == packages[1] == packages[2]


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system can't tie a process to a core")
def test_one_core_gives_what_all_of_them_give(corpus: Path, tmp_path: Path, run: Run) -> None:
    many(corpus, 70)
    everywhere = built(corpus, tmp_path / "all")
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    try:
        done = run("rebuild", "--output", tmp_path / "one", cwd=corpus)
    finally:
        os.sched_setaffinity(0, allowed)
    assert done.returncode == 0
    assert package(tmp_path / "one") == everywhere


def test_mistakes_found_in_several_processes_come_in_the_order_of_their_places(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(corpus, 70)
    for number in (3, 44, 69):
        edit(corpus, f"annotations/articles/courier-{number}.yaml", "published_on:", "publishd_on:")
    found = []
    for cores in (1, 3):
        monkeypatch.setattr(os, "cpu_count", lambda cores=cores: cores)
        found.append(compiled(corpus).incidents)
    assert [str(finding.source) for finding in found[0]] == [
        f"annotations/articles/courier-{number}.yaml:4:1" for number in (3, 44, 69)
    ]
    assert found[0] == found[1]


@pytest.mark.skipif(os.name != "posix", reason="endless files are POSIX's")
def test_of_an_endless_file_no_more_is_read_than_an_annotation_may_hold(corpus: Path, run: Run) -> None:
    for name in (HERALD, "annotations/anchors/courier-2031-05-02.csv"):
        (corpus / name).unlink()
        (corpus / name).symlink_to("/dev/zero")
    done = run("rebuild", cwd=corpus)
    assert done.returncode == 1
    assert f"{HERALD}: The file is larger than 2,097,152 bytes" in done.stdout
    assert "annotations/anchors/courier-2031-05-02.csv: The file is larger than 2,097,152 bytes" in done.stdout


def test_a_file_that_changes_while_it_is_read_gives_rows_and_a_hash_of_the_same_bytes(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    herald, contents = corpus / HERALD, TreeFile.contents
    written = herald.read_bytes()
    edited = written.replace(b"published_on: 2031-05-02", b"published_on: 2031-05-03")

    def edited_afterwards(file: TreeFile) -> Contents:
        found = contents(file)
        if file.path.name == herald.name:
            herald.write_bytes(edited)
        return found

    store = Store(None)
    with monkeypatch.context() as patched:
        patched.setattr(TreeFile, "contents", edited_afterwards)
        compile_tree(corpus / "annotations", store)
    assert herald.read_bytes() == edited != written
    herald.write_bytes(written)
    again = compile_tree(corpus / "annotations", store)
    articles = b"".join(data for _, data in again.table(tables()["articles"]))
    assert articles == b"".join(data for _, data in compiled(corpus).table(tables()["articles"]))
