"""Preparing a release: everything that must be written into the work tree before it is committed and released."""

from __future__ import annotations

import csv
import io
import json
import re
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from readouts.datapackage.errors import PackageError
from readouts.datapackage.exporting.citation import ZENODO, zenodo
from readouts.datapackage.exporting.metadata import json_bytes
from readouts.datapackage.package.locate import released
from readouts.datapackage.package.package import open_package
from readouts.datapackage.package.transaction import locked, replace_file, staging
from readouts.datapackage.table.canonical_csv import csv_line
from readouts.datapackage.versioning import version_of
from readouts.publish.release.archive import BESIDE, contents
from readouts.publish.release.candidate import (
    CHANGELOG,
    CITATION,
    difference_to,
    page_text,
    past,
    problems_of,
    smallest,
    sources_of,
)
from readouts.publish.release.changelog import with_section
from readouts.publish.release.changelog_text import section
from readouts.publish.release.ids import FILE, UNRELEASED
from readouts.publish.release.source import built

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from readouts.datapackage.difference.result import PackageDiffData
    from readouts.datapackage.package.package import DataPackage
    from readouts.publish.release.candidate import Past
    from readouts.publish.release.problem import Problem

__all__ = ["Prepared", "prepare"]

_CORPUS = "annotations/corpus.yaml"


@dataclass(frozen=True)
class Prepared:
    """What preparing a release came to.

    Attributes
    ----------
    problems
        Obstacles that only a person can fix; nothing is written if there is any.
    written
        The files that were written, or would be.
    mentions
        Where else the last version is in the pages, as `file:line`.
    """

    version: str
    problems: tuple[Problem, ...]
    written: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()


def prepare(root: Path, annotations: Mapping[str, bytes], version: str | None, date: str) -> Prepared:
    """Write version, date, lineage, citation, changelog section and package of the next release into a work tree.

    Doing it twice gives the same files; doing it again after further changes brings them up to date.

    Parameters
    ----------
    root
        The project.
    annotations
        The files of its annotations, by their path.
    version
        The version to release; None for the smallest one, or the one in `corpus.yaml` if that is enough.
    date
        The date of the release.

    Raises
    ------
    PackageError
        The annotations give no package, nothing has changed, or the version is too small.
    """
    with ExitStack() as stack:
        draft = stack.enter_context(built(sources_of(root, annotations)))
        before = stack.enter_context(past(root, draft))
        difference = None if before.last is None else difference_to(before.last, draft)
        if draft.version in released(root) and draft.version not in dict(before.packages):
            message = f"{draft.version} is released just as it is: expected a change of the annotations, found none."
            raise PackageError(message)
        chosen = _chosen(draft, difference, version)
        _in_order(before.last, date)
        edited = _edited(root, annotations, before.last, chosen, date)
        sources = sources_of(root, edited)
        citation = _citation(root, str(draft.descriptor.get("title", "")), chosen, date)
        if citation is not None:
            sources[CITATION] = citation
        package = stack.enter_context(built(sources))
        difference = None if before.last is None else difference_to(before.last, package)
        problems = tuple(problems_of(package, before, difference))
        if problems:
            return Prepared(chosen, problems)
        pages = {name: data for name, data in edited.items() if data != annotations[name]}
        if citation is not None:
            pages[CITATION] = citation
        if (root / ZENODO).is_file():
            pages[ZENODO] = json_bytes(zenodo(package))
        if before.last is not None and difference is not None:
            text = page_text(root / CHANGELOG) if (root / CHANGELOG).is_file() else ""
            part = section(difference, before.last, package)
            pages[CHANGELOG] = with_section(text, chosen, date, part, released(root)).encode()
        return Prepared(chosen, (), _write(root, package, pages), _mentions(root, before))


def _chosen(draft: DataPackage, difference: PackageDiffData | None, version: str | None) -> str:
    """Return the version to release."""
    if version is not None and version_of(version) is None:
        message = f"'{version}' is not a version: expected three numbers as in 1.0.0."
        raise PackageError(message)
    if difference is None:
        return version or draft.version
    least = smallest(difference)
    enough = version_of(least) or (0, 0, 0)
    if version is None:
        return draft.version if (version_of(draft.version) or (0, 0, 0)) >= enough else least
    if (version_of(version) or (0, 0, 0)) < enough:
        message = f"--version {version} is too small: expected at least {least} after {difference.old.version}."
        raise PackageError(message)
    return version


def _in_order(last: DataPackage | None, date: str) -> None:
    """Raise if a release would be older than the last one."""
    before = "" if last is None else str(last.descriptor.get("created", ""))[:10]
    if date < before:
        message = f"The date {date} is too early: the last release is of {before}. Give a later one by --date."
        raise PackageError(message)


def _edited(
    root: Path, annotations: Mapping[str, bytes], last: DataPackage | None, version: str, date: str
) -> dict[str, bytes]:
    """Return the annotations with version and date of the release in them."""
    edited = dict(annotations)
    corpus = annotations[_CORPUS].decode("utf-8")
    for name, value in (("version", version), ("released", date)):
        corpus, count = re.subn(rf"^({name}:[ \t]*)[^\s#]+", rf"\g<1>{value}", corpus, flags=re.MULTILINE)
        if count != 1:
            message = f"{root / _CORPUS} can't be edited: expected one line `{name}: {value}`, found {count}."
            raise PackageError(message)
    edited[_CORPUS] = corpus.encode()
    if FILE in annotations:
        edited[FILE] = _dated(annotations[FILE], last, version)
    return edited


def _dated(data: bytes, last: DataPackage | None, version: str) -> bytes:
    """Return `id_changes.csv` with the version in each row that no release had."""
    known = {row["change_id"] for row in last.rows("id_changes")} if last and "id_changes" in last.resources else set()
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    change, place = rows[0].index("change_id"), rows[0].index("version")
    changed = False
    for cells in rows[1:]:
        # Before the first release, dated sections stay: they describe versions that were never packed.
        open_ = cells[change] not in known if last else cells[place] == UNRELEASED
        if open_ and cells[place] != version:
            cells[place] = version
            changed = True
    return "".join(csv_line(cells) for cells in rows).encode() if changed else data


def _citation(root: Path, title: str, version: str, date: str) -> bytes | None:
    """Return the citation file with title, version and date of the release in it; None if there is no such file."""
    path = root / CITATION
    if not path.is_file():
        return None
    text = page_text(path)
    for name, value in (("version", version), ("date-released", f'"{date}"')):
        text, count = re.subn(rf"^({name}:[ \t]*)\S+", rf"\g<1>{value}", text, flags=re.MULTILINE)
        if count != 1:
            message = f"{path} can't be edited: expected one line `{name}: {value}`, found {count}."
            raise PackageError(message)
    if title:
        # A string of JSON is one of YAML, whatever is in it.
        line = f"title: {json.dumps(title, ensure_ascii=False)}"
        text = re.sub(r"^title:.*$", lambda _: line, text, flags=re.MULTILINE)
    return text.encode()


def _write(root: Path, package: DataPackage, pages: Mapping[str, bytes]) -> tuple[str, ...]:
    """Write pages and package into the work tree; return what changed."""
    tables = {name: data for name, data in contents(package).items() if name not in BESIDE}
    names = [*pages, *tables]
    changed = {
        name: data
        for name, data in (*pages.items(), *tables.items())
        if not (root / name).is_file() or (root / name).read_bytes() != data
    }
    with locked(root), staging(root) as stage:
        for name, data in pages.items():
            if name in changed:
                replace_file(root / name, data)
        for name, data in tables.items():
            if name in changed:
                stage.write(name, iter([data]))
        stage.commit([path for path in _obsolete(root) if path not in tables])
    return tuple(name for name in names if name in changed)


def _obsolete(root: Path) -> list[str]:
    try:
        package = open_package(root)
    except PackageError:
        return []
    return [str(resource.descriptor.get("path")) for resource in package.resources.values()]


def _mentions(root: Path, before: Past) -> tuple[str, ...]:
    """Return where the pages name the last version."""
    if before.last is None:
        return ()
    version = re.compile(rf"(?<![\d.]){re.escape(before.last.version)}(?![\d.]\d)")
    found = []
    for path in (root / "README.md", *sorted((root / "docs").glob("*.md"))):
        if path.is_file():
            lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
            name = path.relative_to(root).as_posix()
            found += [f"{name}:{number}" for number, line in enumerate(lines, 1) if version.search(line)]
    return tuple(found)
