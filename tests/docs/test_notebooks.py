"""Each notebook runs from its first cell to its last, and shows what it prints."""

from __future__ import annotations

import json
import warnings
from typing import TYPE_CHECKING, Any

import pytest

import readouts
from tests.docs.blocks import ROOT

if TYPE_CHECKING:
    from pathlib import Path

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def _shown(cell: Any) -> str:
    """Return what a cell puts out, as text; its HTML has the same."""
    shown = ""
    for output in cell.get("outputs", ()):
        assert output["output_type"] != "error", output.get("evalue")
        # What is printed may come in several parts.
        shown += output["text"] if output["output_type"] == "stream" else f"\n{output['data']['text/plain']}\n"
    return shown


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_runs_and_gives_the_answers_that_stand_in_it(path: Any, tmp_path: Any) -> None:
    nbclient = pytest.importorskip(
        "nbclient", reason="nbclient runs notebooks; it is installed with the development tools"
    )
    nbformat = pytest.importorskip("nbformat")
    pytest.importorskip("ipykernel", reason="ipykernel is the kernel of notebooks")
    written = nbformat.read(path, as_version=4)
    ran = nbformat.read(path, as_version=4)
    for cell in ran.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    with warnings.catch_warnings():
        # What the kernel's own libraries say of themselves is no finding about ours.
        warnings.simplefilter("ignore")
        # In an empty folder: a notebook needs the installed package and nothing else.
        client = nbclient.NotebookClient(ran, timeout=120, resources={"metadata": {"path": str(tmp_path)}})
        client.execute()
    shown = [(cell.source, _shown(cell)) for cell in ran.cells if cell.cell_type == "code"]
    assert shown == [(cell.source, _shown(cell)) for cell in written.cells if cell.cell_type == "code"]
    assert any(text for _, text in shown)


@pytest.mark.parametrize("release", ["1.0.0", "invented"])
def test_the_notebook_across_events_runs_on_any_corpus(
    release: str, invented_package: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = readouts.open(invented_package) if release == "invented" else readouts.load(release)
    monkeypatch.setattr(readouts, "load", lambda: corpus)
    written = json.loads((ROOT / "notebooks" / "across-events.ipynb").read_text(encoding="utf-8"))
    names: dict[str, object] = {}
    for cell in written["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)
    counted = "in_full" in set(corpus.overview()["accounts"])
    assert ("Kremlin leaves out:" in capsys.readouterr().out) is counted is (release == "1.0.0")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_is_written_with_its_keys_in_order(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text == json.dumps(json.loads(text), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def test_there_is_a_notebook_and_it_keeps_no_trace_of_who_ran_it() -> None:
    assert NOTEBOOKS
    for path in NOTEBOOKS:
        text = path.read_text(encoding="utf-8")
        assert not [trace for trace in ("iopub", "/home/", "/tmp/", "execution_state") if trace in text]
