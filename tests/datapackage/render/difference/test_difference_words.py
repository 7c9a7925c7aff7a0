from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings

from readouts.datapackage.difference.result import Change, Lineage, PackageDiffData, ReferenceChange
from readouts.datapackage.render.difference.sections import Part, part, shared, title, verdict
from readouts.datapackage.render.difference.sentences import sentence, vanished_sentence
from readouts.datapackage.versioning import RULES, Bump, Level, Reason
from tests.datapackage.render.made_difference import CHANGES, EVERYTHING, NEW, NOTHING, OLD, differences
from tests.properties import examples

if TYPE_CHECKING:
    from readouts.datapackage.package.package import PackageVersion

OF_DESCRIPTORS = sorted(name for name, rule in RULES.items() if rule.scope in {"package", "schema"})


def test_the_fixture_has_a_change_of_every_rule_of_package_and_schema() -> None:
    assert sorted({change.rule for change in CHANGES}) == OF_DESCRIPTORS


@pytest.mark.parametrize("rule", OF_DESCRIPTORS)
def test_every_rule_of_a_change_has_a_sentence_of_its_own(rule: str) -> None:
    said = sentence(Change(rule, "lakes", "depth", "maximum", "was", "is"))
    assert said.startswith("lakes.depth: ")
    others = [sentence(Change(other, "lakes", "depth", "maximum", "was", "is")) for other in OF_DESCRIPTORS]
    alike = {"metadata-changed", "description-changed"}
    assert others.count(said) == (2 if rule in alike else 1)


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_of_a_reason_has_a_sentence_for_one_and_for_more(rule: str) -> None:
    one, more = sentence(Reason(rule, 1, "lakes")), sentence(Reason(rule, 2000, "lakes", samples=("como",)))
    assert one.startswith("lakes: ")
    assert "{" not in one + more
    assert "2,000" in more
    assert more.endswith(": como and 1,999 more")


def test_a_reference_lineage_and_a_vanished_id_are_told_with_what_they_mean() -> None:
    dangling, repointed, parent = (sentence(change) for change in EVERYTHING.references)
    assert dangling == "soundings.lake_id: 12 rows refer to rows of lakes that are not there"
    assert repointed == "ferries.lake_id: 1 row refers to another row of lakes"
    assert parent == "soundings.lake_id: 40 rows refer to rows of lakes that have changed"
    renamed, merged, split, removed = (sentence(entry) for entry in EVERYTHING.lineage)
    assert renamed == "lakes: 'lario' is called 'como' now, with 1 other cell changed: The name that people use."
    assert merged == "lakes: 'tarn' is merged into 'iseo': One lake, entered twice."
    assert split == "lakes: 'twin' is split into 'iseo'"
    assert removed == "people: 'p9' is removed: Asked to be left out."
    assert "add a row for each: a, b" in vanished_sentence("lakes", [("a",), ("b",)])


def test_a_sentence_about_something_else_is_refused() -> None:
    with pytest.raises(TypeError, match="found str"):
        sentence("como")


@settings(max_examples=examples(25))
@given(differences())
def test_sentences_are_one_line_of_bounded_length_and_nothing_in_them_acts(difference: PackageDiffData) -> None:
    parts = (*difference.changes, *difference.references, *difference.lineage, *difference.suggestions)
    for about in (*parts, *difference.asked, *difference.bump.reasons):
        said = sentence(about)
        assert said.splitlines() == [said]
        assert len(said) < 20_000
        said.encode()
        assert "\x1b" not in said


@pytest.mark.parametrize(
    ("smallest", "enough", "new", "said"),
    [
        ("2.0.0", False, NEW, "needs at least version 2.0.0 (MAJOR); 1.5.0 is NOT enough"),
        ("2.0.0", True, replace(NEW, version="2.1.0"), "needs at least version 2.0.0 (MAJOR); 2.1.0 is enough"),
        ("2.0.0", None, replace(NEW, version=""), "needs at least version 2.0.0 (MAJOR); the new package has none"),
        ("", None, NEW, "is a MAJOR change, but '1.4.2' is not a version of three numbers to raise"),
    ],
)
def test_the_verdict_names_the_version_and_whether_the_given_one_is_enough(
    smallest: str, enough: bool | None, new: PackageVersion, said: str
) -> None:
    bump = Bump(Level.MAJOR, (), smallest, enough)
    assert verdict(replace(EVERYTHING, new=new, bump=bump)) == said


def test_no_change_needs_no_version() -> None:
    assert verdict(NOTHING) == "nothing differs"
    assert verdict(replace(EVERYTHING, bump=Bump(Level.NONE))) == "needs no new version"


def test_a_title_has_versions_or_else_labels() -> None:
    assert title(EVERYTHING) == "lakes 1.4.2 → 1.5.0"
    assert title(replace(EVERYTHING, new=replace(NEW, name="seas"))) == "lakes 1.4.2 → seas 1.5.0"
    assert title(replace(EVERYTHING, new=replace(OLD, label="here"))) == "lakes 1.4.2: git:v1.4.2 → here"


def test_what_is_gone_or_tighter_is_a_loss_and_what_is_looser_is_none() -> None:
    for rule, entry in RULES.items():
        assert (part(rule) is Part.LOST) == (entry.level is Level.MAJOR or rule == "row-removed")
    assert {rule for rule in RULES if part(rule) is Part.FILES} == {"content-changed"}
    assert {part(rule) for rule in ("cell-value", "file-form")} == {Part.CORRECTED}
    assert {part(rule) for rule in ("row-added", "constraint-loosened", "reference-removed")} == {Part.NEW}


def test_room_is_shared_so_that_small_ones_are_whole_and_no_room_is_wasted() -> None:
    for sizes in ([], [0], [5, 5, 5], [1, 1000, 3], [1000, 1000, 1000, 1]):
        for most in (0, 1, 7, 100, 5000):
            given_room = shared(sizes, most)
            assert sum(given_room) == min(most, sum(sizes))
            assert all(got <= size for got, size in zip(given_room, sizes, strict=True))


def test_lineage_of_a_composite_key_is_told_as_one() -> None:
    assert "'a/b'" in sentence(Lineage("t", "removed", ("a", "b"), ()))
    assert sentence(ReferenceChange("t", ("a", "b"), "u", "dangling", 1)).startswith("t.a+b: 1 row refers")
