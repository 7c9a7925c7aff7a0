"""One file, merged by what it is: a table, an annotation, a descriptor."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from readouts.annotation_merge.annotations import File, merge_annotation, read_annotation
from readouts.annotation_merge.node_kinds import annotation_kind
from readouts.corpus_schema.tables import tables
from readouts.datapackage.errors import ReadoutsError
from readouts.datapackage.merging.conflict import MergedFile, MergeError
from readouts.datapackage.merging.descriptors import merge_descriptor, read_descriptor
from readouts.datapackage.merging.references import find_lost_parents
from readouts.datapackage.merging.tables import Key, MergedTable, merge_table, read_version
from readouts.datapackage.package.package import DESCRIPTOR, open_package
from readouts.datapackage.package.paths import inside, paths_of
from readouts.datapackage.schema.descriptor import read_schema
from readouts.datapackage.schema.model import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "REBUILT",
    "Keyed",
    "keyed_merge",
    "keyed_table",
    "mended",
    "merge_by_line",
    "merge_file",
    "read_table_schema",
    "table_of_resource",
]

REBUILT = "Merge the annotations first; then run `readouts rebuild`, which writes this table anew."
_ANCHORED = (
    "Keep the whole anchors file of the side whose span ids others have already (`git checkout --ours FILE` or "
    "`--theirs FILE`); then run `readouts anchor {} --texts DIR`, which gives the other side's spans ids of their own."
)


@dataclass(frozen=True, slots=True)
class Keyed:
    """A table that can be merged.

    Attributes
    ----------
    table
        Its schema.
    identities
        Further columns whose values no two rows may share.
    mend
        How its conflicts are mended, where that is not by hand.
    """

    table: Table
    identities: tuple[Key, ...] = ()
    mend: str | None = None


def read_table_schema(path: Path) -> Table:
    """Read a Table Schema that the user named.

    Raises
    ------
    MergeError
        It is no Table Schema.
    """
    try:
        written: Any = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        message = f"{path} can't be read as a Table Schema: {error}."
        raise MergeError(message) from error
    if not isinstance(written, dict) or not isinstance(written.get("fields"), list):
        message = f"{path} is no Table Schema: expected a JSON object with `fields`."
        raise MergeError(message)
    return _with_key(read_schema(path.name.partition(".")[0], written)[0], str(path))


def _with_key(table: Table, where: str) -> Table:
    if not table.primary_key:
        message = f"{where}: the table has no primary key, so that its rows can't be merged. Give it a `primaryKey`."
        raise MergeError(message)
    return table


def table_of_resource(resource: Mapping[str, Any], schema: Any) -> Table:
    """Return the schema of a resource whose file is in the form that tables are merged in.

    Parameters
    ----------
    resource
        The resource.
    schema
        Its schema, read if the resource names a file.

    Raises
    ------
    MergeError
        It has a dialect or an encoding of its own.
    """
    dialect = resource.get("dialect")
    special = {} if not isinstance(dialect, dict) else {k: v for k, v in dialect.items() if _DIALECT.get(k, v) != v}
    encoding = str(resource.get("encoding", "utf-8")).lower()
    if special or isinstance(dialect, str) or encoding not in {"utf-8", "utf8"}:
        message = (
            f"The table '{resource.get('name')}' has a dialect or an encoding of its own. Bring all three packages "
            "into canonical form with `readouts canonicalise`, then merge these."
        )
        raise MergeError(message)
    return read_schema(str(resource.get("name")), schema if isinstance(schema, dict) else {})[0]


_DIALECT = {
    "delimiter": ",",
    "quoteChar": '"',
    "doubleQuote": True,
    "header": True,
    "headerRows": [1],
    "skipInitialSpace": False,
    "escapeChar": None,
    "commentChar": None,
    "commentRows": None,
    "nullSequence": None,
}


def keyed_table(path: str, root: Path) -> Keyed:
    """Return the schema of a CSV file, by its path in a folder.

    Parameters
    ----------
    path
        The path, such as `data/statements.csv` or `annotations/anchors/herald.csv`.
    root
        The folder it is relative to; the descriptor is looked for there, and beside the file.

    Raises
    ------
    MergeError
        No schema is known for it.
    """
    where = PurePosixPath(path)
    if where.parent.name == "anchors":
        from readouts.annotations.anchors import COLUMNS

        spans = tables()["spans"]
        table = Table("spans", fields=tuple(map(spans.field, COLUMNS)), primary_key=("span_id",))
        return Keyed(table, (COLUMNS[1:9],), _ANCHORED.format(where.stem))
    if where.name == "id_changes.csv" and where.parent.name == "annotations":
        return Keyed(tables()["id_changes"])
    for folder in (root / path).parents:
        if (folder / DESCRIPTOR).is_file():
            resource = _resource(folder, root / path)
            if resource is not None:
                generated = (folder / "annotations" / "corpus.yaml").is_file()
                schema = resource.get("schema")
                if isinstance(schema, str) and "://" not in schema and inside(folder, schema).is_file():
                    schema = read_descriptor(inside(folder, schema).read_bytes(), schema)
                table = _with_key(table_of_resource(resource, schema), str(folder / DESCRIPTOR))
                return Keyed(table, (), REBUILT if generated else None)
            break
    if where.parent.name == "data" and where.stem in tables():
        return Keyed(tables()[where.stem], (), REBUILT)
    message = f"No schema is known for {path}: expected --schema FILE, or a {DESCRIPTOR} that lists it."
    raise MergeError(message)


def _resource(folder: Path, file: Path) -> dict[str, Any] | None:
    try:
        package = open_package(folder)
    except ReadoutsError:
        # Another conflict in the descriptor must not keep the tables from being merged.
        return None
    for resource in package.resources.values():
        paths = paths_of(resource)
        if len(paths) == 1 and (folder / paths[0]).resolve() == file.resolve():
            return resource
    return None


def keyed_merge(keyed: Keyed, base: bytes, ours: bytes, theirs: bytes, file: str) -> MergedTable:
    """Merge three versions of a table that has a key.

    Raises
    ------
    MergeError
        A version can't be read by key.
    """
    sides = zip((base, ours, theirs), ("base", "ours", "theirs"), strict=True)
    old, first, second = (read_version(data, keyed.table, f"{file} ({side})") for data, side in sides)
    return merge_table(keyed.table, old, first, second, file, identities=keyed.identities)


def merge_file(
    base: bytes, ours: bytes, theirs: bytes, path: str, *, root: Path, schema: Table | None = None
) -> MergedFile:
    r"""Merge three versions of one file.

    Parameters
    ----------
    base, ours, theirs
        The versions; an empty base is none.
    path
        Path of the file in its folder, with forward slashes: it tells what the file is.
    root
        That folder.
    schema
        Schema of a table, where the path and the descriptor don't tell it.

    Raises
    ------
    MergeError
        The file is of no kind that is merged by key, or a version of it can't be read.

    Examples
    --------
    >>> from readouts.corpus_schema.bundled import bundled_package
    >>> head = b"event_id,entity_id,role,side\n"
    >>> sides = head, head + b"e,a,host,third\n", head + b"e,b,host,third\n"
    >>> merge_file(*sides, "data/participants.csv", root=bundled_package()).data.splitlines()[1:]
    [b'e,a,host,third', b'e,b,host,third']
    """
    kind = annotation_kind(path)
    if kind is not None:
        file = File(*kind, path)
        sides = zip((base, ours, theirs), ("base", "ours", "theirs"), strict=True)
        return merge_annotation(file, *(read_annotation(data, f"{path} ({side})") for data, side in sides))
    if PurePosixPath(path).name == DESCRIPTOR:
        return merge_descriptor(base, ours, theirs, path)
    if schema is None and PurePosixPath(path).suffix != ".csv":
        message = (
            f"{path} is nothing that is merged by key: expected a CSV table, annotations/**/*.yaml or {DESCRIPTOR}. "
            "Where the name says nothing, --path PATH tells what the file is."
        )
        raise MergeError(message)
    keyed = keyed_table(path, root) if schema is None else Keyed(schema)
    merged = keyed_merge(keyed, base, ours, theirs, path)
    find_lost_parents({merged.table.name: merged})
    return mended(merged.merged(), keyed.mend)


def mended(merged: MergedFile, mend: str | None) -> MergedFile:
    """Return a merged table whose conflicts are mended in a way of their own, if there is one."""
    if mend is None:
        return merged
    return replace(merged, conflicts=tuple(replace(found, mend=mend) for found in merged.conflicts))


def merge_by_line(base: bytes, ours: bytes, theirs: bytes) -> bytes:
    """Merge by line what can't be merged by key, as git would."""
    from readouts.datapackage.merging.text import merge_lines

    texts = (data.decode("utf-8", "surrogateescape") for data in (base, ours, theirs))
    return merge_lines(*texts)[0].encode("utf-8", "surrogateescape")
