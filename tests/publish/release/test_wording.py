"""A difference in the words of the changelog."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from readouts.corpus_schema.bundled import bundled_schemas
from readouts.datapackage.package.package import DataPackage, open_package
from readouts.publish.release import changelog_text
from readouts.publish.release.candidate import difference_to
from readouts.publish.release.changelog_text import section
from readouts.publish.release.source import built, source_files
from tests.quality.gates.test_release_gates import copied, plant

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ENTITIES = "annotations/entities.yaml"
HERALD = "annotations/articles/herald-2031-05-02.yaml"
CHANGES = "annotations/id_changes.csv"
CORPUS = "annotations/corpus.yaml"


@pytest.fixture
def files(corpus: Path) -> dict[str, bytes]:
    annotations = {
        path.relative_to(corpus).as_posix(): path.read_bytes()
        for path in sorted((corpus / "annotations").rglob("*"))
        if path.is_file()
    }
    return source_files(corpus, annotations, bundled_schemas())


@pytest.fixture
def old(files: dict[str, bytes]) -> Iterator[DataPackage]:
    with built(files) as package:
        yield package


def told(old: DataPackage, files: dict[str, bytes], *edits: tuple[str, str, str]) -> str:
    changed = dict(files)
    for name, before, after in edits:
        assert changed[name].count(before.encode()) >= 1
        changed[name] = changed[name].replace(before.encode(), after.encode(), 1)
    with built(changed) as package:
        new = open_package(package.root)
        return section(difference_to(old, new), old, new)


@pytest.mark.slow
def test_nothing_changed_is_said_so(old: DataPackage, files: dict[str, bytes]) -> None:
    assert told(old, files) == "Nothing in the tables has changed since 0.3.1.\n"


@pytest.mark.slow
def test_statements_are_called_by_what_they_say_and_cells_by_what_they_were(
    old: DataPackage, files: dict[str, bytes]
) -> None:
    text = told(old, files, (HERALD, "topic: talks", "topic: call"))
    assert text == (
        "Compared with 0.3.1. The smallest version after it is 0.3.2, since values are corrected.\n\n#### Corrected\n\n"
        "- 1 statement:\n"
        "  - Marek and Ostrova settle on a meeting of their ministers at Port Sarn. (`herald-2031-05-02.s02`): "
        "`topic` is `call`, was `talks`\n"
    )


@pytest.mark.slow
def test_values_that_are_filled_in_or_withdrawn_are_told_as_such(old: DataPackage, files: dict[str, bytes]) -> None:
    filled = told(
        old, files, (ENTITIES, "name: Courier,", "name: Courier, wikidata_id: Q7, wikidata_status: candidate,")
    )
    assert "`wikidata_id` is filled in with `Q7`" in filled
    withdrawn = told(old, files, (ENTITIES, "    wikidata_id: Q42\n    wikidata_status: candidate\n", ""))
    assert "`wikidata_id` is empty, was `Q42`" in withdrawn


@pytest.mark.slow
def test_relations_are_told_by_the_names_of_who_they_join(old: DataPackage, files: dict[str, bytes]) -> None:
    row = "  courier-part: {subject: courier, predicate: part_of, object: veldania, status: actual, fit: exact}\n"
    text = told(old, files, (ENTITIES, "relations:\n", f"relations:\n{row}"))
    assert "#### Added\n\n- 1 relation:\n  - Courier part of Veldania (`courier-part`)\n" in text


@pytest.mark.slow
def test_long_lists_are_cut_with_a_count(old: DataPackage, files: dict[str, bytes]) -> None:
    rows = "".join(f"  p{number:02}: {{kind: place, name: P{number}, description: A place.}}\n" for number in range(13))
    text = told(old, files, (ENTITIES, "relations:\n", f"{rows}relations:\n"))
    assert "- 13 entities:\n" in text
    assert "  - P9 (`p09`)\n  - and 3 more\n" in text
    assert "p10" not in text


@pytest.mark.slow
def test_renamed_and_removed_ids_are_told_with_the_reason(old: DataPackage, files: dict[str, bytes]) -> None:
    place = (
        "  far: {kind: place, name: Far, description: A place.}\n  near: {kind: place, name: Near, description: One.}\n"
    )
    files = dict(files)
    files[ENTITIES] = files[ENTITIES].replace(b"relations:\n", f"{place}relations:\n".encode(), 1)
    with built(files) as before:
        text = told(
            before,
            files,
            (ENTITIES, "  far: {", "  far-away: {"),
            (ENTITIES, "  near: {kind: place, name: Near, description: One.}\n", ""),
            (
                CHANGES,
                "It was no statement.\n",
                "It was no statement.\nchange-0002,entities,far,unreleased,renamed,far-away,It is far away.\n"
                "change-0003,entities,near,unreleased,removed,,It is no place.\n",
            ),
        )
    assert "#### Renamed\n\n- entities: `far` is now `far-away`. It is far away.\n" in text
    assert "#### Removed\n\n- 1 entity:\n  - Near (`near`): It is no place.\n" in text
    assert "#### Added" not in text
    assert "The smallest version after it is 1.0.0" in text


@pytest.mark.slow
def test_names_with_markup_are_shown_as_they_are(old: DataPackage, files: dict[str, bytes]) -> None:
    text = told(old, files, (ENTITIES, "name: Courier,", 'name: "[Courier](x) *<b>* `y`",'))
    assert (
        "  - \\[Courier\\](x) \\*\\<b\\>\\* \\`y\\` (`courier`): `name` is `` [Courier](x) *<b>* `y` ``, was `Courier`"
        in text
    )


def test_a_change_of_what_describes_the_package_is_told(old: DataPackage, files: dict[str, bytes]) -> None:
    text = told(old, files, (CORPUS, "keywords: [tests]", "keywords: [tests, calls]"))
    assert "#### Form of the tables and the package\n\n- descriptive metadata has changed (`keywords`)\n" in text


@pytest.mark.slow
def test_a_hundred_rows_are_named_one_by_one_and_more_are_counted(old: DataPackage, files: dict[str, bytes]) -> None:
    def added(number: int) -> str:
        rows = "".join(f"  p{n}: {{kind: place, name: P{n}, description: A place.}}\n" for n in range(number))
        return told(old, files, (ENTITIES, "relations:\n", f"{rows}relations:\n"))

    assert "- 100 entities:\n  - P0 (`p0`)\n" in added(100)
    assert "#### Added\n\n101 entities are new.\n\n- 101 entities: 101 places.\n" in added(101)


def test_a_large_release_is_told_by_event_in_sentences(
    old: DataPackage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changelog_text, "_MOST_LISTED", 3)
    before = copied(old.root, tmp_path / "before")
    for table in set(old.resources) - {"id_changes"}:
        plant(before, table, lambda _: [])
    empty, kinds = open_package(before), Counter(row["kind"] for row in old.rows("entities"))
    text = section(difference_to(empty, old), empty, old)
    groups = {row["claim_id"]: row["group"] for row in old.rows("claims")}
    contradicted, tense = (list(groups.values()).count(group) for group in ("contradicted", "in_tension"))
    lines = text.splitlines()
    assert lines[4].startswith("2 articles, ")
    assert lines[4].endswith(f"{kinds.total()} entities are new.")
    (event,) = (line for line in lines if line.startswith("- **Call between Marek and Ostrova**"))
    assert event.startswith("- **Call between Marek and Ostrova** (1 May 2031). Accounts by ")
    assert "Presidency" in event
    assert "Reposted by " in event or "Covered by " in event
    assert f"Of their claims, {contradicted} {'is' if contradicted == 1 else 'are'} contradicted and " in event
    assert f"{tense} {'is' if tense == 1 else 'are'} in tension." in event
    assert f"{kinds['place']} places" in text
    assert "s01" not in text


def test_corrections_of_a_large_release_are_told_by_document(
    old: DataPackage, files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changelog_text, "_MOST_LISTED", 1)
    text = told(
        old,
        files,
        (HERALD, "topic: talks", "topic: call"),
        (ENTITIES, "name: Courier,", "name: The Courier,"),
        (ENTITIES, "name: Lake Town,", "name: Laketown,"),
    )
    assert "#### Corrected\n\n" in text
    assert "- The registry of entities: 2 entities (`name`).\n" in text
    assert "- Marek and Ostrova speak by phone over the Lakes (`herald-2031-05-02`): 1 statement (`topic`).\n" in text
    assert "#### Added" not in text


def test_what_was_accepted_is_told_with_its_reason(old: DataPackage, files: dict[str, bytes]) -> None:
    entry = "{gate: events-rows, against: 0.3.1, found: 9, reason: The rest were one *event*.}"
    text = told(old, files, (CORPUS, "licenses:\n", f"accepted:\n- {entry}\nlicenses:\n"))
    assert (
        "#### Accepted findings of the release gates\n\n- `events-rows`, with `9`: The rest were one \\*event\\*.\n"
        in text
    )
