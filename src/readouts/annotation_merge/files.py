"""One file of the corpus, merged by what it is: an annotation, a table of annotations, or a file of the package."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path, PurePosixPath

from readouts.annotation_merge.annotations import File, merge_annotation, read_annotation
from readouts.annotation_merge.node_kinds import annotation_kind
from readouts.annotations.anchors import COLUMNS
from readouts.corpus_schema.tables import tables
from readouts.datapackage.merging import files as package_files
from readouts.datapackage.merging.conflict import ConflictKind, MergedFile, MergeError
from readouts.datapackage.merging.files import Keyed, merge_keyed_file
from readouts.datapackage.package.package import DESCRIPTOR
from readouts.datapackage.schema.model import Table

__all__ = ["REBUILT", "keyed_table", "merge_file", "rebuilt"]

REBUILT = "Merge the annotations first; then run `readouts rebuild`, which writes this file again."
_ANCHORED = (
    "Keep the whole anchors file of the side whose span ids others have already (`git checkout --ours FILE` or "
    "`--theirs FILE`); then run `readouts anchor {} --texts DIR`, which gives the other side's spans ids of their own."
)


def keyed_table(path: str, root: Path) -> Keyed | None:
    """Return the schema of a CSV file of the corpus by its path, such as `annotations/anchors/herald.csv`; else None.

    Raises
    ------
    MergeError
        A descriptor lists it, and it has no primary key or a dialect of its own.
    """
    where = PurePosixPath(path)
    if where.parts[-3:-1] == ("annotations", "anchors"):
        spans = tables()["spans"]
        table = Table("spans", fields=tuple(map(spans.field, COLUMNS)), primary_key=("span_id",))
        return Keyed(table, (COLUMNS[1:9],), _ANCHORED.format(where.stem))
    if where.name == "id_changes.csv" and where.parent.name == "annotations":
        return Keyed(tables()["id_changes"])
    found = package_files.keyed_table(path, root)
    if found is not None:
        described = next(folder for folder in (root / path).parents if (folder / DESCRIPTOR).is_file())
        generated = (described / "annotations" / "corpus.yaml").is_file()
        return replace(found, fix=REBUILT) if generated else found
    beside = root / where.parent.parent / "annotations" / "corpus.yaml"
    if where.parent.name == "data" and where.stem in tables() and beside.is_file():
        return Keyed(tables()[where.stem], (), REBUILT)
    return None


def merge_file(
    base: bytes, ours: bytes, theirs: bytes, path: str, *, root: Path, schema: Table | None = None
) -> MergedFile:
    r"""Merge three versions of one file of the corpus; of any package, as the engine's `merge_file` does.

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
        versions = zip((base, ours, theirs), ("base", "ours", "theirs"), strict=True)
        read = (read_annotation(data, f"{path} ({side})") for data, side in versions)
        return merge_annotation(File(*kind, path), *read)
    name = PurePosixPath(path).name
    if schema is None and name != DESCRIPTOR:
        if not name.endswith(".csv"):
            message = (
                f"{path} can't be merged by key: expected a CSV table or {DESCRIPTOR}"
                f"{', or an annotation in YAML' if name.endswith(('.yaml', '.yml')) else ''}. "
                "If the file's name doesn't show what it is, use --path PATH."
            )
            raise MergeError(message)
        keyed = keyed_table(path, root)
        if keyed is not None:
            return merge_keyed_file(keyed, base, ours, theirs, path)
    merged = package_files.merge_file(base, ours, theirs, path, root=root, schema=schema)
    return rebuilt(merged) if (root / path).parent.joinpath("annotations", "corpus.yaml").is_file() else merged


def rebuilt(descriptor: MergedFile) -> MergedFile:
    """Return a merged descriptor that names the command by which what is generated is written again."""
    fixed = (
        replace(each, fix=REBUILT) if each.kind is ConflictKind.GENERATED else each for each in descriptor.conflicts
    )
    return replace(descriptor, conflicts=tuple(fixed))
