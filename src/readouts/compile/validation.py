"""Validating a corpus: the engine's checks, the annotations that it is built from, its rules, and the release gates."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Unpack

from readouts.datapackage import api
from readouts.datapackage.errors import ArgumentError, ReadoutsError
from readouts.datapackage.package.locate import PackageLike, label_of, located
from readouts.datapackage.processes import Progress, no_progress
from readouts.datapackage.report import Check, Gate

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator

    from readouts.datapackage.findings import Findings
    from readouts.datapackage.incident import Incident
    from readouts.datapackage.package.package import DataPackage
    from readouts.quality.rules.running import Found

__all__ = ["rule_breaks", "validate"]


def validate(
    package: PackageLike,
    *,
    level: Literal["structure", "content", "release"] = "content",
    against: PackageLike | None = None,
    annotations: str | os.PathLike[str] | None = None,
    checks: api.CheckSource | Iterable[api.CheckSource] = (),
    progress: Progress = no_progress,
    **options: Unpack[api.ValidateOptions],
) -> api.Report:
    """Validate any package, and a release of the corpus by its rules and against the annotations next to it too.

    Parameters
    ----------
    package
        The package.
    level
        `structure`, `content`, or `release`, which compares it with an older release too.
    against
        The older release, for level `release`.
    annotations
        Folder of the annotations that the package is built from. Default: the one next to it, if there is one.
    checks
        Further checks, as `readouts.datapackage.validate` takes them.
    progress
        Shows progress.
    options
        `engine`, `master`, `limit`, `label`, `schema`, `ignore`, `warn`, `package_settings`, `schemas` and `memory` of
        `readouts.datapackage.validate`.

    Returns
    -------
    Report
        What was checked and found. Findings in a corpus have the file and line of the annotation to edit.

    Raises
    ------
    PackageError
        There is no package, or its descriptor can't be read.
    ArgumentError
        `against` is missing for level `release`, or given for another level.

    Examples
    --------
    >>> from readouts.corpus_schema.bundled import bundled_package
    >>> report = validate(bundled_package())
    >>> report.valid, report.counts
    (True, {})
    """
    api.require_one_of("level", level, ("structure", "content", "release"))
    if (level == "release") != (against is not None):
        message = "`level='release'` requires `against`, the older release, and no other level takes it."
        raise ArgumentError(message)
    content: Literal["structure", "content"] = "structure" if level == "structure" else "content"
    with ExitStack() as stack:
        corpus = _CorpusChecks(annotations, progress)
        own: list[api.PackageCheck] = [corpus.annotations, _rules] if level != "structure" else []
        if against is not None:
            older = stack.enter_context(located(against))[1]
            own.append(lambda found, findings: corpus.compare(older, found, findings))
        report = api.validate(
            package,
            level=content,
            checks=(corpus.released, *own, *api.listed_checks(checks)),
            progress=progress,
            **options,
        )
        return replace(
            report,
            version=corpus.version,
            level=level,
            # What people edit comes first.
            checks=tuple(sorted(report.checks, key=lambda check: check.name != "annotations")),
            incidents=corpus.located(report.incidents),
            gates=corpus.gates,
            against="" if against is None else label_of(against),
        )


class _CorpusChecks:
    """The checks of a corpus, and what the report says about them."""

    def __init__(self, tree: str | os.PathLike[str] | None, progress: Progress) -> None:
        self.tree = None if tree is None else Path(tree)
        self.named = tree is not None
        self.progress = progress
        self.gates: tuple[Gate, ...] = ()
        self.version = ""

    def released(self, package: DataPackage, _: Findings) -> None:
        """Keep the version that the package is shown with."""
        from readouts.loaders.released import version_label

        self.version = version_label(package)

    def annotations(self, package: DataPackage, findings: Findings) -> Iterator[Check]:
        """Compile the annotations: their findings, or, without any, how the package differs from what they give."""
        self.tree = self.tree or package.root / "annotations"
        if not self.named and not package.descriptor_file:
            # A table that happens to be next to annotations.
            self.tree = None
            return
        if not self.named and not (self.tree / "corpus.yaml").is_file():
            return
        from readouts.compile.compiler import compiled
        from readouts.compile.rebuild import stale

        with compiled(self.tree, self.progress) as compilation:
            findings.extend(compilation.incidents or stale(compilation, package.root))
            # Nobody has compared the tables with them.
            findings.unreliable |= {finding.code for finding in compilation.incidents}
            yield Check("annotations", "readouts", f"{len(compilation.files):,} files")

    def compare(self, old: DataPackage, package: DataPackage, findings: Findings) -> Iterator[Check]:
        """Compare the package with an older release; an accepted finding counts for the release that it is bound to."""
        from importlib.metadata import version

        from readouts.annotations.corpus import accepted_places
        from readouts.loaders.released import version_label
        from readouts.quality.gates import STALE, acceptances, gates_of

        accepted = acceptances(package.descriptor, version_label(old)) if old.name == package.name else ()
        found, self.gates = gates_of(package.root, old.root, accepted)
        places = accepted_places(self.tree) if accepted and self.tree is not None else {}
        findings.extend(
            finding.at(places[finding.value]) if finding.code == STALE and finding.value in places else finding
            for finding in found
        )
        by = f"Great Expectations {version('great-expectations')}"
        yield Check("release gates", by, f"{len(self.gates)} measures")

    def located(self, incidents: tuple[Incident, ...]) -> tuple[Incident, ...]:
        """Give findings in the tables the annotation file and line that they come from."""
        tree = self.tree
        if tree is None or not (tree / "corpus.yaml").is_file() or not any(finding.key for finding in incidents):
            return incidents
        from readouts.compile.source_location import Origins
        from readouts.datapackage.incident import sorted_incidents

        return tuple(sorted_incidents(Origins(tree.resolve()).locate(incidents)))


def _rules(package: DataPackage, findings: Findings, /) -> Iterator[Check]:
    """Check the rules of the corpus that Table Schema can't express; any other package has none."""
    # Imported here, so that what the descriptor needs is under way first.
    from readouts.corpus_schema.tables import is_corpus

    if not is_corpus(package.resources):
        return
    from importlib.metadata import version

    from readouts.quality.rules.rules import RULES

    found = rule_breaks(package, findings.limit)
    if found is not None:
        findings.merge(found.counts, found.incidents)
        yield Check("contracts", f"pandera {version('pandera')}", f"{len(RULES)} rules")


def rule_breaks(package: DataPackage, limit: int | None = None) -> Found | None:
    """Return what in a corpus breaks the rules that Table Schema can't express, warnings too.

    Parameters
    ----------
    package
        The package of a corpus.
    limit
        How many findings of each code are kept; None for all.

    Returns
    -------
    Found or None
        None where a table can't be read as it is.

    Examples
    --------
    >>> from readouts import datapackage
    >>> from readouts.corpus_schema.bundled import bundled_package
    >>> found = rule_breaks(datapackage.open(bundled_package()))
    >>> {str(each.severity) for each in found.incidents} <= {"warning"}
    True
    """
    from io import BytesIO

    import polars as pl

    from readouts.corpus_schema.tables import tables
    from readouts.quality.rules.tables import examine

    try:
        frames = {
            name: pl.read_csv(BytesIO(package.read_bytes(name)), infer_schema=False)
            for name, table in tables().items()
            if not table.derived
        }
    except (ReadoutsError, pl.exceptions.PolarsError):
        return None
    return examine(frames, limit)
