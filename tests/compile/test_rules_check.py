"""Rules judged by a process of their own: the same findings, whatever becomes of that process."""

from __future__ import annotations

import os
import shutil
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from readouts.compile import affected, compiler, rules_check, worker_process
from readouts.compile.build import Build, rebuild
from readouts.compile.claim_tables import claim_blocks
from readouts.compile.rules_check import Question, RulesCheck
from readouts.compile.worker_process import Helper, prepare
from readouts.datapackage.optional import MissingDependencyError
from tests.compile.test_rebuild import many

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from readouts.compile.statements_wide import Block

ENTITIES = "annotations/entities.yaml"
BREAKING = ("courier: {kind: outlet", "courier: {kind: place")


def killed(helper: Helper) -> Helper:
    helper._process.kill()
    return helper


def swap(folder: Path, old: str, new: str) -> None:
    path = folder / ENTITIES
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def prepared(folder: Path, monkeypatch: pytest.MonkeyPatch, output: Path | None = None) -> Build:
    """Build with a process that was prepared, also where there is one core."""
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    prepare()
    found = rebuild(folder / "annotations", output)
    assert worker_process._prepared == []
    return found


def files(folder: Path) -> dict[str, bytes]:
    paths = [folder / "datapackage.json", *sorted((folder / "data").iterdir())]
    return {path.name: path.read_bytes() for path in paths}


def test_a_prepared_process_finds_what_is_found_without_one(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert prepared(corpus, monkeypatch).incidents == ()
    written = files(corpus)
    swap(corpus, *BREAKING)
    found = prepared(corpus, monkeypatch)
    assert {each.code for each in found.incidents} == {"entity-kind"}
    assert found.package is None
    assert files(corpus) == written, "nothing is written while a rule is broken"
    assert not (corpus / ".readouts" / "staged").exists()
    assert found.incidents == rebuild(corpus / "annotations").incidents
    swap(corpus, *reversed(BREAKING))
    assert prepared(corpus, monkeypatch).incidents == ()


def test_a_process_that_was_killed_is_replaced_by_this_one(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    judged_here: list[Question] = []
    keeps = rules_check._keeps

    def keeps_here(question: Question) -> bool:
        judged_here.append(question)
        return keeps(question)

    monkeypatch.setattr(rules_check, "_keeps", keeps_here)
    for broken in (False, True):
        if broken:
            swap(corpus, *BREAKING)
        prepare()
        worker_process._prepared[-1]._process.kill()
        found = rebuild(corpus / "annotations")
        assert [each.code for each in found.incidents][:1] == ["entity-kind"] * broken
        assert judged_here
        judged_here.clear()


def test_a_process_that_ends_before_it_answers_is_replaced_by_this_one(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proceed = RulesCheck.proceed

    def kill(rules: RulesCheck) -> None:
        if rules._asked is not None and rules.helper is not None:
            rules.helper._process.kill()
        proceed(rules)

    monkeypatch.setattr(RulesCheck, "proceed", kill)
    assert prepared(corpus, monkeypatch).incidents == ()
    swap(corpus, *BREAKING)
    assert {each.code for each in prepared(corpus, monkeypatch).incidents} == {"entity-kind"}


@pytest.mark.parametrize("there", [False, True])
def test_broken_rules_leave_nothing_in_another_folder(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, there: bool
) -> None:
    output = tmp_path / "out"
    if there:
        output.mkdir()
    swap(corpus, *BREAKING)
    assert {each.code for each in prepared(corpus, monkeypatch, output).incidents} == {"entity-kind"}
    assert list(output.iterdir()) == [] if there else not output.exists()


def test_findings_come_before_a_folder_that_cannot_be_written(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert prepared(corpus, monkeypatch).incidents == ()
    shutil.rmtree(corpus / "data")
    (corpus / "data").write_text("not a folder", encoding="utf-8")
    with pytest.raises(OSError, match="data"):
        prepared(corpus, monkeypatch)
    swap(corpus, *BREAKING)
    assert {each.code for each in prepared(corpus, monkeypatch).incidents} == {"entity-kind"}


def test_files_of_a_process_that_ended_are_read_by_this_one(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many(corpus, 70)
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    rebuild(corpus / "annotations")
    alone = files(corpus)
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    for ended in ("never", "before", "while it reads"):
        shutil.rmtree(corpus / ".readouts")
        shutil.rmtree(corpus / "data")
        prepare()
        if ended == "before":
            worker_process._prepared[-1]._process.kill()
        with monkeypatch.context() as patched:
            if ended == "while it reads":
                patched.setattr(Helper, "waited", killed)
            assert rebuild(corpus / "annotations").read > 70
        assert files(corpus) == alone


def test_the_next_lot_is_asked_about_between_the_claims_of_events(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(corpus, 70)
    done: list[str] = []
    ask = Helper.ask

    def asked(helper: Helper, function: Callable[..., object], *arguments: object) -> None:
        done.extend(["lot"] * (function is rules_check._keeps))
        ask(helper, function, *arguments)

    def claimed(*arguments: Any) -> dict[str, list[Block]]:
        done.append("claims")
        return claim_blocks(*arguments)

    monkeypatch.setattr(Helper, "ask", asked)
    monkeypatch.setattr(Helper, "answered", lambda helper: helper.waited() is helper)
    monkeypatch.setattr("readouts.compile.compiler.claim_blocks", claimed)
    monkeypatch.setattr(compiler, "_EVENTS", 1)
    monkeypatch.setattr(affected, "_MANY", 20)
    assert prepared(corpus, monkeypatch).incidents == ()
    assert done[:4] == ["lot", "claims", "lot", "claims"]
    assert done.count("lot") > 3
    swap(corpus, *BREAKING)
    assert {each.code for each in prepared(corpus, monkeypatch).incidents} == {"entity-kind"}


@pytest.mark.skipif(os.name != "posix", reason="not known on Windows")
def test_whether_a_process_has_answered_is_known_without_waiting() -> None:
    helper = Helper()
    helper.ask(time.sleep, 600)
    assert not helper.answered()
    killed(helper).waited()
    assert helper.answered()
    helper.close()


def lacks(folder: Path, monkeypatch: pytest.MonkeyPatch, library: str) -> str:
    """Return what a rebuild says where a library is not installed."""
    with monkeypatch.context() as without:
        without.setitem(sys.modules, library, None)
        without.delitem(sys.modules, "readouts.annotations.composer", raising=False)
        with pytest.raises(MissingDependencyError) as refused:
            rebuild(folder / "annotations")
    return str(refused.value)


def test_what_a_rebuild_lacks_is_named(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert lacks(corpus, monkeypatch, "polars").startswith("rebuild() needs polars, which is not installed.")
    path = corpus / ENTITIES
    path.write_text("---\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert lacks(corpus, monkeypatch, "yaml").startswith("Reading YAML needs pyyaml, which is not installed.")
    assert rebuild(corpus / "annotations").incidents == ()


def test_rows_that_alone_seem_to_break_a_rule_keep_nothing_from_being_written(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules_check, "_keeps", lambda _: False)
    found = rebuild(corpus / "annotations")
    assert found.package is not None
    assert found.incidents == ()
    assert files(corpus)


def test_no_process_is_started_for_one_core(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    prepare()
    assert worker_process._prepared == []
