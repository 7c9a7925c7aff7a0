"""Our verdict beside that of frictionless, cell by cell, on generated packages: every difference is a listed one."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings

from docs.divergences import DIVERGENCES
from tests.datapackage.validation.generating import (
    RARE,
    Made,
    cell_packages,
    column_package,
    header_packages,
    key_packages,
    shape_packages,
)
from tests.datapackage.validation.oracle import Tally, compare
from tests.packages import write_package_of
from tests.properties import examples

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


KINDS = {"cells": cell_packages, "keys": key_packages, "headers": header_packages, "shapes": shape_packages}
SHORT = {"cells": 150, "keys": 40, "headers": 40, "shapes": 30}
TALLY = Tally()


def differing(made: Made, tally: Tally) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        root = write_package_of(Path(folder, "p"), dict(made.files), made.resources)
        return compare(root, tally)


def run(strategy: SearchStrategy[Made], examples: int, tally: Tally) -> None:
    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(strategy)
    def every_difference_is_listed(made: Made) -> None:
        assert differing(made, tally) == []

    every_difference_is_listed()


@pytest.mark.property
@pytest.mark.parametrize("kind", KINDS)
def test_what_only_one_of_the_two_finds_is_a_listed_divergence(kind: str) -> None:
    run(KINDS[kind](), examples(SHORT[kind]), TALLY)
    print("\n".join(line for line in TALLY.lines() if " 0  " not in line))


@pytest.mark.slow
def test_every_listed_divergence_occurs_in_a_long_run() -> None:
    tally = Tally()
    for kind, strategy in KINDS.items():
        run(strategy(), 20 * SHORT[kind], tally)
    for field, cells in RARE:
        assert differing(column_package(field, cells), tally) == []
    print("\n".join(tally.lines()))
    assert [entry.name for entry in DIVERGENCES if not tally.exempted[entry.name]] == []
    assert sum(tally.crashes.values()) < tally.cases / 4
