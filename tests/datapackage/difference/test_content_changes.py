"""Resources that are no tables, or can't be read: a comparison never passes over one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from readouts.datapackage.difference.compare import compare, side_of
from readouts.datapackage.difference.sorted_compare import compare_in_stream
from readouts.datapackage.package.package import DataPackage, open_package
from readouts.datapackage.table.errors import TableError
from tests.packages import write_package_of

if TYPE_CHECKING:
    from pathlib import Path

    from readouts.datapackage.difference.result import PackageDiffData

LAKES: dict[str, Any] = {"fields": [{"name": "lake"}], "primaryKey": ["lake"]}


def streamed(old: DataPackage, new: DataPackage) -> PackageDiffData:
    return compare_in_stream(old, new, sides=(side_of(old), side_of(new)))


ways = pytest.mark.parametrize("way", [compare, streamed])


def package(folder: Path, *resources: dict[str, Any], **files: bytes | str) -> DataPackage:
    named = {name.replace("__", "."): data for name, data in files.items()}
    return open_package(write_package_of(folder, named, list(resources), version="1.0.0"))


def rules(found: PackageDiffData) -> list[str]:
    return [change.rule for change in found.changes]


@ways
def test_another_address_is_told_with_what_could_not_be_compared(tmp_path: Path, way: Any) -> None:
    sides = [package(tmp_path / name, {"name": "map", "path": f"https://example.org/{name}"}) for name in "ab"]
    found = way(*sides)
    assert rules(found) == ["resource-moved"]
    assert any("The content of 'map' is not among the files" in note for note in found.notes)
    assert way(sides[0], sides[0]).same


@ways
def test_another_hash_at_the_same_address_is_other_content(tmp_path: Path, way: Any) -> None:
    resource = {"name": "map", "path": "https://example.org/map"}
    old, new = (package(tmp_path / name, {**resource, "hash": f"sha256:{name * 64}"}) for name in "ab")
    assert rules(way(old, new)) == ["content-changed"]


@ways
def test_a_resource_at_an_address_is_added_and_removed(tmp_path: Path, way: Any) -> None:
    lakes = {"name": "lakes", "path": "lakes.csv", "schema": LAKES}
    with_map = package(tmp_path / "a", lakes, {"name": "map", "path": "https://example.org/map"}, lakes__csv="lake\n")
    without = package(tmp_path / "b", lakes, lakes__csv="lake\n")
    assert rules(way(with_map, without)) == ["resource-removed"]
    assert rules(way(without, with_map)) == ["resource-added"]


def test_a_file_packed_in_a_way_that_is_not_read_is_compared_by_its_bytes(tmp_path: Path) -> None:
    resource = {"name": "lakes", "path": "lakes.csv.bz2", "compression": "bz2", "schema": LAKES}
    old, new = (package(tmp_path / name, resource, lakes__csv__bz2=name) for name in "ab")
    assert rules(compare(old, new)) == ["content-changed"]


@ways
def test_data_in_the_descriptor_is_compared(tmp_path: Path, way: Any) -> None:
    old, new = (package(tmp_path / str(depth), {"name": "como", "data": {"depth": depth}}) for depth in (1, 2))
    assert rules(way(old, new)) == ["content-changed"]


@ways
def test_two_resources_of_one_name_are_refused(tmp_path: Path, way: Any) -> None:
    one = {"name": "lakes", "path": "lakes.csv", "schema": LAKES}
    once = package(tmp_path / "once", one, lakes__csv="lake\n")
    twice = package(tmp_path / "twice", one, one, lakes__csv="lake\n")
    with pytest.raises(TableError, match="The new package has two resources of the name 'lakes'"):
        way(once, twice)


@ways
@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("(?=a)ab", "(?=a)a[bc]", "constraint-changed"),
        (None, "(?=a)ab", "constraint-tightened"),
        ("(?=a)ab", None, "constraint-loosened"),
    ],
)
def test_a_pattern_that_is_not_checked_is_compared(
    tmp_path: Path, way: Any, old: str | None, new: str | None, rule: str
) -> None:
    sides = []
    for name, pattern in (("old", old), ("new", new)):
        constraints = {} if pattern is None else {"constraints": {"pattern": pattern}}
        schema = {**LAKES, "fields": [{"name": "lake", "type": "string", **constraints}]}
        lakes = {"name": "lakes", "path": "lakes.csv", "schema": schema}
        sides.append(package(tmp_path / name, lakes, lakes__csv="lake\nab\n"))
    assert rules(way(*sides)) == [rule]


@pytest.mark.parametrize("label", ["*", "^a|b$", "^.*$"])
@pytest.mark.parametrize("key", [("lake",), ()])
def test_a_column_that_would_be_taken_for_a_pattern_is_refused(
    tmp_path: Path, label: str, key: tuple[str, ...]
) -> None:
    schema = {"fields": [{"name": "lake"}, {"name": label}], **({"primaryKey": list(key)} if key else {})}
    lakes = {"name": "lakes", "path": "lakes.csv", "schema": schema}
    old, new = (package(tmp_path / str(n), lakes, lakes__csv=f"lake,{label}\ncomo,{n}\n") for n in (1, 2))
    with pytest.raises(TableError, match=r"would be taken for a pattern of names\. Give it another name"):
        compare(old, new)
