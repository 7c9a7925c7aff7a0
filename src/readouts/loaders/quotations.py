"""The corpus with the quotations put back, in memory only: what holds text of articles is written nowhere."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from readouts.datapackage.errors import ReadoutsError
from readouts.datapackage.package.package import DataPackage
from readouts.datapackage.table.canonical_csv import csv_line
from readouts.text.hydrated_package import HYDRATED_FIELDS
from readouts.text.hydration import hydrate
from readouts.text.sources import text_folder

if TYPE_CHECKING:
    from pathlib import Path

    from readouts.datapackage.table.resource import Resource
    from readouts.text.hydration import ArticleReport

__all__ = ["HydratedPackage", "hydrated"]


@dataclass(frozen=True)
class HydratedPackage(DataPackage):
    """A package some of whose tables are in memory, with quotations."""

    tables: dict[str, str] = field(default_factory=dict)  # as CSV, by name
    reports: tuple[ArticleReport, ...] = ()

    @cached_property
    def resources(self) -> dict[str, Resource]:
        """The resources by name; the tables in memory have no files."""
        return {
            name: replace(resource, paths=(), files=(), data=self.tables[name]) if name in self.tables else resource
            for name, resource in super().resources.items()
        }


def hydrated(package: DataPackage, texts: Path) -> HydratedPackage:
    """Return a package whose spans and statements have their words.

    Raises
    ------
    ReadoutsError
        There is no such folder, or no text in it is one of the corpus.
    """
    result = hydrate(package.rows("articles"), package.rows("spans"), package.rows("statements"), text_folder(texts))
    if all(report.problem is not None for report in result.articles):
        reason = next((report.problem[1] for report in result.articles if report.problem is not None), "no articles")
        message = f"No text in {texts} is the text of an article of the corpus. {reason}"
        raise ReadoutsError(message)
    tables: dict[str, str] = {}
    resources: list[dict[str, Any]] = []
    for name, resource in package.resources.items():
        written = dict(resource.descriptor)
        rows = {"spans": result.spans, "statements": result.statements}.get(name)
        if rows is None:
            resources.append(written)
            continue
        fields = [*written["schema"]["fields"], *HYDRATED_FIELDS[name]]
        names = [each["name"] for each in fields]
        tables[name] = "".join([csv_line(names), *(csv_line(map(row.get, names)) for row in rows)])
        # The hash and size of the descriptor are those of the file, which these bytes are not.
        kept = {key: value for key, value in written.items() if key not in {"hash", "bytes"}}
        resources.append({**kept, "schema": {**written["schema"], "fields": fields}})
    descriptor = {**package.descriptor, "resources": resources}
    return HydratedPackage(package.root, descriptor, package.extra_files, tables=tables, reports=tuple(result.articles))
