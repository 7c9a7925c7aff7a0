"""A descriptor's paths stay inside the package."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readouts.datapackage.errors import PackageError
from readouts.datapackage.package.paths import inside

PARTS = st.text(st.sampled_from("ab.-_~ é"), min_size=1, max_size=4).filter(lambda part: part not in {".", ".."})


@pytest.mark.parametrize("name", ["events.csv", "data/events.csv", "data/a/b.csv", "data/..events.csv", "./data/a.csv"])
def test_a_relative_path_inside_the_package_is_the_file_it_names(tmp_path: Path, name: str) -> None:
    assert inside(tmp_path, name) == tmp_path / name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "..",
        "../secrets.csv",
        "data/../../secrets.csv",
        "data/..",
        "/etc/passwd",
        "//host/share.csv",
        "C:/secrets.csv",
        "C:secrets.csv",
        "data\\events.csv",
        "..\\secrets.csv",
        "\\\\host\\share\\a.csv",
        "data/a.csv\0.txt",
    ],
)
def test_a_path_that_leaves_the_package_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(PackageError, match="leaves the package: expected a relative path inside it"):
        inside(tmp_path, name)


@pytest.mark.parametrize("name", ["https://example.org/a.csv", "file:///etc/passwd", "s3://bucket/a.csv"])
def test_an_address_is_refused_with_what_is_expected_instead(tmp_path: Path, name: str) -> None:
    with pytest.raises(PackageError, match="is an address, and only files inside the package are read"):
        inside(tmp_path, name)


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on this system")
@pytest.mark.parametrize("name", ["link.csv", "folder/events.csv", "chain.csv"])
def test_a_link_that_leaves_the_package_is_refused(tmp_path: Path, name: str) -> None:
    root, outside = tmp_path / "package", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    (outside / "events.csv").write_text("event_id\n", encoding="utf-8")
    (root / "link.csv").symlink_to(outside / "events.csv")
    (root / "folder").symlink_to(outside, target_is_directory=True)
    (root / "chain.csv").symlink_to(root / "link.csv")
    with pytest.raises(PackageError, match="through a link"):
        inside(root, name)


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on this system")
def test_a_link_inside_the_package_is_followed(tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text("event_id\n", encoding="utf-8")
    (tmp_path / "link.csv").symlink_to("events.csv")
    assert inside(tmp_path, "link.csv").read_text(encoding="utf-8") == "event_id\n"


@given(st.lists(PARTS, min_size=1, max_size=5))
def test_no_accepted_path_resolves_outside_the_package(parts: list[str]) -> None:
    root = Path("some/package").resolve()
    for separator in ("/", "/../", "/./", "\\"):
        try:
            path = inside(root, separator.join(parts))
        except PackageError:
            continue
        assert path.resolve().is_relative_to(root)
        assert separator not in {"/../", "\\"} or len(parts) == 1
