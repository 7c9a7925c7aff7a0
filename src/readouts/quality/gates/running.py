"""Running the checkpoint of Great Expectations in a temporary folder, without a trace elsewhere."""

from __future__ import annotations

import json
import logging
import shutil
import tempfile
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from readouts.datapackage.validation.import_guard import without
from readouts.quality.gates.plan import PROJECT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    import pandas as pd

__all__ = ["Outcome", "run_checkpoint", "version"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What Great Expectations says about one expectation."""

    passed: bool
    observed: float  # a count, a share or a distance
    parts: Mapping[str, float]  # of a distribution, the share of each value
    error: str = ""  # why it couldn't be evaluated


def version() -> str:
    """Return the version of Great Expectations that is installed."""
    from importlib.metadata import version as installed

    return installed("great-expectations")


def run_checkpoint(
    frames: Mapping[str, pd.DataFrame], gates: Collection[str], parameters: Mapping[str, Any]
) -> dict[str, Outcome]:
    """Run the checkpoint on the measured columns of a release.

    Parameters
    ----------
    frames
        The measured columns of each table of which something is measured.
    gates
        The gates that are evaluated; the expectations of the others are left out of this run's copy of the suites.
    parameters
        Values for the suites' `$PARAMETER`s.

    Returns
    -------
    dict
        What was found, by gate.
    """
    with tempfile.TemporaryDirectory(prefix="readouts-gates-") as folder:
        project = Path(folder, "gx")
        _prepare(project, frames, gates)
        with _quiet():
            result = _context(project).checkpoints.get("release").run(expectation_parameters=dict(parameters))
        entries = [entry for suite in result.run_results.values() for entry in suite.results]
    return {entry.expectation_config.meta["gate"]: _outcome(entry) for entry in entries}


def _prepare(project: Path, frames: Mapping[str, pd.DataFrame], gates: Collection[str]) -> None:
    """Copy the project, without what isn't evaluated, and write the tables into it."""
    shutil.copytree(PROJECT, project)
    for path in sorted((project / "expectations").glob("*.json")):
        suite = json.loads(path.read_text(encoding="utf-8"))
        suite["expectations"] = [entry for entry in suite["expectations"] if entry["meta"]["gate"] in gates]
        path.write_text(json.dumps(suite), encoding="utf-8")
    configuration = project / "great_expectations.yml"
    text = configuration.read_text(encoding="utf-8")
    # A relative folder would be looked for in the folder that the user is in.
    text = text.replace("base_directory: data\n", f"base_directory: {json.dumps(str(project / 'data'))}\n")
    configuration.write_text(text, encoding="utf-8")
    path = project / "checkpoints" / "release.json"
    checkpoint = json.loads(path.read_text(encoding="utf-8"))
    definitions = checkpoint["validation_definitions"]
    checkpoint["validation_definitions"] = [entry for entry in definitions if entry["name"] in frames]
    path.write_text(json.dumps(checkpoint), encoding="utf-8")
    (project / "data").mkdir()
    for name, frame in frames.items():
        # The numbers of the rows keep a row whose cells are all empty from being read as a blank line.
        frame.to_csv(project / "data" / f"{name}.csv", index_label="row", lineterminator="\n", encoding="utf-8")


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what Great Expectations warns its own developers of, and what it logs, from the user."""
    logger = logging.getLogger("great_expectations")
    level = logger.level
    with warnings.catch_warnings(), without("pyspark"):
        # It imports `sre_constants`, which Python 3.11 deprecated.
        warnings.filterwarnings("ignore", message="module 'sre_", category=DeprecationWarning)
        logger.setLevel(logging.ERROR)
        try:
            yield
        finally:
            logger.setLevel(level)


def _context(project: Path) -> Any:
    import great_expectations

    from readouts.quality.gates.expectation import register

    register()
    return great_expectations.get_context(mode="file", context_root_dir=str(project))


def _outcome(entry: Any) -> Outcome:
    error = _raised(entry.exception_info)
    observed = entry.result.get("observed_value")
    if error or observed is None:
        return Outcome(passed=False, observed=0.0, parts={}, error=error or "it gave no value")
    partition = entry.result.get("details", {}).get("observed_partition", {"values": [], "weights": []})
    parts = dict(zip(partition["values"], partition["weights"], strict=True))
    return Outcome(bool(entry.success), float(observed), parts)


def _raised(information: Mapping[str, Any]) -> str:
    """Return the message of what an expectation raised; it is at the top, or under each metric that failed."""
    parts = [information, *(part for part in information.values() if isinstance(part, dict))]
    raised = (part.get("exception_message") for part in parts if part.get("raised_exception"))
    return next((str(message) for message in raised), "")
