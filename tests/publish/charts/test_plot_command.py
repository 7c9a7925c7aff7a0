"""`readouts plot`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import typer
from typer.testing import CliRunner

import readouts
from readouts.commands.plot import main
from readouts.publish.charts import CHARTS, coverage, entities, plot
from readouts.publish.charts.accessor import Plots
from tests.publish.charts.worlds import everyday

if TYPE_CHECKING:
    from pathlib import Path

APP = typer.Typer()
APP.command()(main)


def called(*arguments: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(APP, list(map(str, arguments)))
    return done.exit_code, done.stderr


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_written_in_the_format_of_its_name(name: str, tmp_path: Path) -> None:
    everyday().corpus(tmp_path)
    for ending, begin in (("svg", b"<?xml"), ("png", b"\x89PNG")):
        target = tmp_path / f"{name}.{ending}"
        code, told = called(name, tmp_path / "package", "--event", "call", "--output", target)
        assert code == 0, told
        assert told.startswith(f"readouts: Wrote {target}: ")
        assert target.read_bytes().startswith(begin)


def test_the_command_knows_every_chart() -> None:
    code, told = called("unknown", "--output", "chart.svg")
    assert code == 2
    assert ", ".join(f"'{name}'" for name in CHARTS) in " ".join(told.replace("│", "").split())


def test_the_format_asked_for_wins_over_the_ending(tmp_path: Path) -> None:
    target = tmp_path / "chart.out"
    assert called("coverage", "--format", "svg", "--output", target)[0] == 0
    assert target.read_text(encoding="utf-8").startswith("<?xml")


def test_the_same_command_writes_the_same_bytes(tmp_path: Path) -> None:
    corpus = everyday().corpus(tmp_path)
    target = tmp_path / "chart.svg"
    assert called("agreement", tmp_path / "package", "--output", target)[0] == 0
    assert target.read_text(encoding="utf-8") == plot(corpus, "agreement").svg()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("sides",), "The chart 'sides' is of one event: expected its id (--event)."),
        (("coverage", "--event", "call-2014-03-07"), "Did you mean 'call-2014-03-06'?"),
    ],
)
def test_what_cannot_be_drawn_is_one_sentence_and_exit_code_2(
    arguments: tuple[str, ...], told: str, tmp_path: Path
) -> None:
    code, stderr = called(*arguments, "--output", tmp_path / "chart.svg")
    assert code == 2
    assert told in stderr
    assert not list(tmp_path.iterdir())


def test_a_name_without_an_ending_is_refused_before_anything_is_drawn(tmp_path: Path) -> None:
    code, stderr = called("coverage", "--output", tmp_path / "chart")
    assert (code, "found no ending" in stderr) == (2, True)


def test_the_drawn_corpus_is_the_one_asked_for(tmp_path: Path) -> None:
    corpus = everyday().corpus(tmp_path)
    assert plot(corpus, "coverage").description != plot(readouts.load(), "coverage").description


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_is_a_method_of_the_corpus(name: str) -> None:
    corpus = readouts.load()
    chart = getattr(corpus.plot, name)("call-2014-03-06")
    assert chart == plot(corpus, name, "call-2014-03-06")
    assert name in repr(corpus.plot)


def test_the_methods_take_what_the_functions_take() -> None:
    corpus = readouts.load()
    assert corpus.plot.coverage(limit=1) == coverage(corpus, limit=1) != coverage(corpus)
    assert corpus.plot.entities(limit=5) == entities(corpus, limit=5) != entities(corpus)
    assert {name for name in dir(Plots) if not name.startswith("_")} == set(CHARTS)
