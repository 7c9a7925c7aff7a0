"""Reports as text for people and programs: the forms of any report, and what only the corpus has."""

from readouts.datapackage.lazy import later
from readouts.datapackage.render.report.formats import FORMATS

__all__ = ["FORMATS"]

FORMATS["gates"] = later("readouts.publish.render.gates", "render")
