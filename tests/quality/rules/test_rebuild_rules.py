"""`rebuild` holds what it built to the rules before anything is written, and says which line breaks one."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import polars as pl
import pytest
from typer.testing import CliRunner

from readouts import contracts
from readouts.cli import app

if TYPE_CHECKING:
    from pathlib import Path

HERALD = "annotations/articles/herald-2031-05-02.yaml"
EVENT = "annotations/events/call-2031-05-01.yaml"
BROKEN = {
    "an outlet that is a state": (HERALD, "outlet: morning-herald", "outlet: sarnia", "entity-kind", f"{HERALD}:2"),
    "a mention in boilerplate": (
        HERALD,
        "lake-town: [[756, 765]]",
        "lake-town: [[756, 765], [768, 774]]",
        "boilerplate-annotated",
        f"{HERALD}:155",
    ),
    "an account that isn't carried": (
        HERALD,
        "  presidency-2031-05-01: {completeness: reported, is_translation: false}\n",
        "",
        "account-not-carried",
        f"{HERALD}:38",
    ),
    "a claim about another event": (
        EVENT,
        "a04: {a: herald-2031-05-02.s05, b: courier-2031-05-02.s02,",
        "a04: {a: herald-2031-05-02.s05, b: courier-2031-05-02.s04,",
        "event-differs",
        f"{EVENT}:34",
    ),
    "a verified id without a source": (
        "annotations/entities.yaml",
        "wikidata_status: candidate",
        "wikidata_status: verified",
        "wikidata-status",
        "annotations/entities.yaml:",
    ),
    "an event that is its own parent": (
        "annotations/events/meeting-port-sarn.yaml",
        "parent: call-2031-05-01",
        "parent: meeting-port-sarn",
        "parent-cycle",
        "annotations/events/meeting-port-sarn.yaml:",
    ),
}


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    path.write_bytes(text.replace(old, new).encode())


def tables(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("data/*"))}


@pytest.mark.sample(4)
@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_rule_is_found_at_its_line_and_nothing_is_written(
    what: str, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, old, new, code, place = BROKEN[what]
    monkeypatch.chdir(corpus)
    assert CliRunner().invoke(app(), ["rebuild"]).exit_code == 0
    before = tables(corpus)
    if code == "boilerplate-annotated":
        # A new span needs its fingerprint; `anchor` has it, and tells nothing of boilerplate.
        replace(corpus / file, old, new)
        assert CliRunner().invoke(app(), ["anchor", "herald-2031-05-02", "--texts", "texts"]).exit_code == 0
    else:
        replace(corpus / file, old, new)
    for command in (["rebuild"], ["rebuild", "--check"], ["rebuild"]):
        result = CliRunner().invoke(app(), command)
        assert result.exit_code == 1, result.output
        assert code in result.output
        assert place in result.output
    assert tables(corpus) == before


def test_a_rule_that_is_kept_again_lets_the_package_be_written(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(corpus)
    replace(corpus / HERALD, "outlet: morning-herald", "outlet: sarnia")
    assert CliRunner().invoke(app(), ["rebuild"]).exit_code == 1
    assert not (corpus / "datapackage.json").exists()
    replace(corpus / HERALD, "outlet: sarnia", "outlet: morning-herald")
    assert CliRunner().invoke(app(), ["rebuild"]).exit_code == 0
    assert (corpus / "datapackage.json").exists()


def test_an_entity_that_nothing_refers_to_is_a_warning_and_keeps_nothing_from_being_written(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(corpus)
    unused = "  old-mill: {kind: place, name: Old Mill, description: An invented mill.}\n  courier: {"
    replace(corpus / "annotations/entities.yaml", "  courier: {", unused)
    assert CliRunner().invoke(app(), ["rebuild"]).exit_code == 0
    result = CliRunner().invoke(app(), ["validate", "."])
    assert result.exit_code == 0
    assert "entity-unused" in result.output
    assert "annotations/entities.yaml:" in result.output
    contracts.validate({path.stem: pl.read_csv(path, infer_schema=False) for path in corpus.glob("data/*.csv")})


@pytest.mark.slow
def test_tables_that_were_found_to_keep_the_rules_are_not_looked_at_again(corpus: Path) -> None:
    code = (
        "import sys\n"
        "from typer.testing import CliRunner\n"
        "from readouts.cli import app\n"
        "print(CliRunner().invoke(app(), sys.argv[1:]).exit_code, 'polars' in sys.modules)\n"
    )

    def rebuild(*arguments: str) -> str:
        command = [sys.executable, "-c", code, "rebuild", *arguments]
        return subprocess.run(command, cwd=corpus, capture_output=True, text=True, check=True).stdout.strip()

    assert rebuild() == "0 True"
    assert rebuild() == "0 False"
    assert rebuild("--check") == "0 False"
    replace(corpus / HERALD, "published_on: 2031-05-02", "published_on: 2031-05-01")
    assert rebuild() == "0 True"
    assert rebuild() == "0 False"
    # No rule reads these columns.
    replace(corpus / HERALD, "rights: no_redistribution", "rights: cc_by")
    assert rebuild() == "0 False"
    replace(corpus / EVENT, "title: Call between", "title: A call between")
    assert rebuild("--check") == "1 False"
    assert rebuild() == "0 False"
