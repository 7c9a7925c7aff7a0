from __future__ import annotations

import json
from hashlib import md5, sha256
from typing import TYPE_CHECKING, Any

import pytest

from readouts.datapackage.package.integrity import false_claims, false_claims_meanwhile
from tests.datapackage.difference.folders import package

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run

DATA = b"id,name\na,Long\n"
OTHER = DATA.replace(b"Long", b"Loch")
HASH = f"sha256:{sha256(DATA).hexdigest()}"
FIELDS = {"id": "string", "name": "string"}


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"bytes": len(DATA), "hash": HASH},
        {"hash": HASH.upper().replace("SHA256", "sha256")},
        {"hash": md5(DATA, usedforsecurity=False).hexdigest()},
    ],
)
def test_a_file_that_is_what_its_descriptor_says_is_no_false_claim(tmp_path: Path, claims: dict[str, Any]) -> None:
    assert false_claims(package(tmp_path, DATA, FIELDS, resource=claims), "lakes") == []


@pytest.mark.parametrize(
    ("data", "claims", "expected", "found"),
    [
        (OTHER, {"hash": HASH, "bytes": len(OTHER)}, HASH, f"sha256:{sha256(OTHER).hexdigest()}"),
        (DATA + b"b,Como\n", {"hash": HASH, "bytes": len(DATA)}, "15 bytes", "22"),
        (DATA, {"bytes": 1_234_567}, "1,234,567 bytes", "15"),
    ],
    ids=["hash", "both", "bytes"],
)
def test_a_file_that_is_not_what_its_descriptor_says_is_named_once_with_both(
    tmp_path: Path, data: bytes, claims: dict[str, Any], expected: str, found: str
) -> None:
    (said,) = false_claims(package(tmp_path, data, FIELDS, resource=claims), "git:v1")
    assert said == (
        f"git:v1: lakes.csv is not the file that the descriptor was written for: expected {expected}, found {found}. "
        "It was compared as it is."
    )


def test_the_claims_of_both_sides_are_told_in_their_order(tmp_path: Path) -> None:
    sides = [(package(tmp_path / name, OTHER, FIELDS, resource={"hash": HASH}), name) for name in ("old", "new")]
    with false_claims_meanwhile(*sides) as claims:
        assert [said.partition(":")[0] for said in claims()] == ["old", "new"]


@pytest.mark.parametrize("more", [[], ["--stream"]], ids=["whole", "stream"])
def test_a_false_claim_is_a_note_of_the_difference_and_changes_no_exit_code(
    tmp_path: Path, run: Run, more: list[str]
) -> None:
    old = package(tmp_path / "old", DATA, FIELDS, resource={"hash": HASH})
    new = package(tmp_path / "new", OTHER, FIELDS, resource={"hash": HASH})
    done = run("diff", str(old.root), str(new.root), "--format", "json", *more)
    assert done.returncode == 1
    notes = json.loads(done.stdout)["notes"]
    assert notes[0].startswith(f"{new.root}: lakes.csv is not the file that the descriptor was written for")
    assert not any(note.startswith(f"{old.root}:") for note in notes)
    assert run("diff", str(new.root), str(new.root), *more).returncode == 0


def test_a_file_that_is_not_there_is_left_to_whoever_reads_it(tmp_path: Path) -> None:
    assert false_claims(package(tmp_path, None, FIELDS, resource={"hash": HASH}), "lakes") == []
