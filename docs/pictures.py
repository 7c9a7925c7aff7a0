"""The charts that the pages show, drawn from the corpus in this repository."""

from __future__ import annotations

from pathlib import Path

from readouts.datapackage.package.package import open_package
from readouts.loaders import Corpus
from readouts.publish.charts import plot

__all__ = ["PICTURES", "pictures"]

ROOT = Path(__file__).resolve().parents[1]
EVENT = "call-2014-03-06"
PICTURES = {
    "sides.svg": ("sides", EVENT),
    "agreement.svg": ("agreement", EVENT),
    "agreement-events.svg": ("agreement", None),
    "omissions.svg": ("omissions", None),
    "coverage.svg": ("coverage", None),
    "entities.svg": ("entities", None),
}
"""Name of each file in `docs/images/`, the chart it holds, and the event, if it is of one."""


def pictures() -> dict[str, str]:
    """Return what each file in `docs/images/` has to hold."""
    corpus = Corpus(open_package(ROOT))
    return {name: plot(corpus, chart, event).svg() for name, (chart, event) in PICTURES.items()}
