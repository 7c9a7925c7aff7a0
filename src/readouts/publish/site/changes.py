"""What each release changed: it is compared with the one before, as `readouts diff` does it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from readouts.datapackage.package.package import PackageVersion
from readouts.publish.site.fingerprint import digest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from readouts.datapackage.difference.result import PackageDiffData
    from readouts.datapackage.package.package import DataPackage
    from readouts.publish.site.data import SiteData

__all__ = ["ReleaseChanges", "changes", "order", "previous", "summarised", "versions"]

_SAMPLES = (0, 10, 50, 200, 1000)
"""How many rows and cells of each table the page of a difference shows: as many as fit into it."""
_ROOM = 240_000
"""Bytes that a difference may take on its page; the rest is for what is around it."""
_COMPARED = 5
"""So many releases, the latest ones, are compared with the one before."""


@dataclass(frozen=True, slots=True)
class ReleaseChanges:
    """A difference in a few lines, and as a whole.

    Attributes
    ----------
    before
        Version of the release before.
    verdict
        Which version the changes need.
    totals
        Rows gone, cells changed and rows new, over all tables: a number, and what is counted.
    tables
        Each table that differs, and what changed in it.
    same
        The tables in which no row differs.
    reasons
        What raises the version, and how far, the most first.
    title, html
        What is compared with what, and all of it as HTML.
    """

    before: str
    verdict: str
    totals: tuple[tuple[int, str], ...]
    tables: tuple[tuple[str, str], ...]
    same: tuple[str, ...]
    reasons: tuple[tuple[str, str], ...]
    title: str
    html: str

    @property
    def words(self) -> str:
        """The totals in a line."""
        return ", ".join(f"{number:,} {what}" for number, what in self.totals if number) or "no row differs"


def order(version: str) -> tuple[int, ...]:
    """Return what versions are sorted by."""
    return tuple(int(part) for part in version.partition("+")[0].split(".") if part.isdigit())


def previous(version: str, known: Sequence[str]) -> str | None:
    """Return the release before a version: the highest one below it.

    Examples
    --------
    >>> previous("1.1.0", ["1.0.0", "0.9.0", "1.1.0", "1.10.0"]), previous("0.9.0", ["1.0.0"])
    ('1.0.0', None)
    >>> previous("1.1.0+unreleased", ["1.0.0", "1.1.0"])
    '1.1.0'
    """
    earlier = [other for other in known if (order(other), other) < (order(version), version)]
    return max(earlier, key=order, default=None)


def versions(data: SiteData) -> list[str]:
    """Return all releases that are known of, the oldest first."""
    # An id may have changed with a release that doesn't lie here.
    named = {row["version"] or "" for row in data.rows("id_changes")}
    found = {*data.releases, *named, data.corpus.version} - {"", "unreleased"}
    return sorted(found, key=lambda version: (order(version), version))


def summarised(difference: PackageDiffData) -> ReleaseChanges:
    """Return a difference in a few lines, in the words of its other forms, and as a whole."""
    from readouts.datapackage.render.difference.sections import counts, differing, same_tables, title, verdict
    from readouts.datapackage.render.difference.sentences import sentence

    return ReleaseChanges(
        difference.old.version,
        verdict(difference),
        _totals(difference),
        tuple((table.name, counts(table)) for table in differing(difference)),
        tuple(same_tables(difference)),
        tuple((reason.level.word, sentence(reason)) for reason in difference.bump.reasons[:10]),
        title(difference),
        _page_html(difference),
    )


def _totals(difference: PackageDiffData) -> tuple[tuple[int, str], ...]:
    # A derived table only repeats what others say: its rows would count twice.
    tables = [table for table in difference.tables if not table.derived]
    numbers = (
        ("row", "new", sum(table.rows_added for table in tables)),
        ("row", "gone", sum(table.rows_removed for table in tables)),
        ("cell", "changed", sum(table.cells_changed for table in tables)),
    )
    return tuple((number, f"{what}{'' if number == 1 else 's'} {word}") for what, word, number in numbers)


def _page_html(difference: PackageDiffData) -> str:
    """Return a difference as HTML, with as many samples as a page may have."""
    from readouts.datapackage.render.difference.html import inside

    made = ""
    for most in _SAMPLES:
        tables = tuple(
            replace(table, added=table.added[:most], removed=table.removed[:most], cells=table.cells[:most])
            for table in difference.tables
        )
        larger = inside(replace(difference, tables=tables))
        if made and len(larger.encode("utf-8", "backslashreplace")) > _ROOM:
            break
        made = larger
    return made


def _difference(old: DataPackage, new: DataPackage, names: tuple[str, str]) -> PackageDiffData:
    from readouts.corpus_schema.tables import derived_tables
    from readouts.datapackage.difference.compare import compare

    sides = PackageVersion(names[0], old.name, names[0]), PackageVersion(names[1], new.name, names[1])
    return compare(old, new, sides=sides, limit=_SAMPLES[-1], derived=derived_tables(old.resources, new.resources))


def changes(data: SiteData) -> Iterator[tuple[str, ReleaseChanges]]:
    """Yield each of the latest versions with what changed since the one before, as far as their archives are here."""
    from readouts.datapackage.package.locate import released

    archives = released(data.package.root)
    for version in versions(data)[-_COMPARED:]:
        before = previous(version, list(archives))
        if before is None or (version != data.corpus.version and version not in archives):
            continue
        names, old = (before, version), archives[before]
        if version == data.corpus.version:
            yield version, _compared(old, data.package, names)
        else:
            new = archives[version]
            yield version, _between(old, new, names, (digest(old.read_bytes()), digest(new.read_bytes())))


def _compared(before: Path, package: Path | DataPackage, names: tuple[str, str]) -> ReleaseChanges:
    from readouts.datapackage.package.locate import located

    with located(before) as (_, old), located(package) as (_, new):
        return summarised(_difference(old, new, names))


@lru_cache(maxsize=_COMPARED)
def _between(before: Path, release: Path, names: tuple[str, str], digests: tuple[str, str]) -> ReleaseChanges:
    """Compare two releases of the past, which one process that builds again and again needn't do each time."""
    del digests
    return _compared(before, release, names)
