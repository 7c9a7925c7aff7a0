"""The findings of `rebuild`, and the warnings of `validate`, in the corpus with its drafts, without writing to it."""

from __future__ import annotations

import shutil
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from readouts.annotations.drafting import anchor_article
from readouts.annotations.drafts import draft_file
from readouts.annotations.nodes import Mapping, YamlError, parse
from readouts.annotations.tree import annotation_tree
from readouts.compile.build import rebuild
from readouts.compile.source_location import Origins
from readouts.compile.validation import rule_breaks
from readouts.datapackage.api import open as open_package
from readouts.datapackage.errors import ReadoutsError
from readouts.datapackage.render.report.json import incident_document
from readouts.text.sources import text_folder

if TYPE_CHECKING:
    from readouts.datapackage.incident import Incident

__all__ = ["Checker"]


class Checker:
    """Builds the corpus with its drafts in a folder of its own, which goes when the desk ends.

    Parameters
    ----------
    annotations
        The folder of annotations.
    texts
        The folder of texts.
    """

    def __init__(self, annotations: Path, texts: Path) -> None:
        self._annotations = annotations
        self._texts = texts
        self._lock = threading.Lock()
        self._scratch = tempfile.TemporaryDirectory(prefix="readouts-desk-", ignore_cleanup_errors=True)
        self._copied: dict[Path, bytes] = {}

    def close(self) -> None:
        """Remove the folder."""
        self._scratch.cleanup()

    def findings(self, article: str) -> list[dict[str, Any]]:
        """Return what is wrong with an article and with what refers to it, each with the statement that it is about.

        Where nothing is, these are the warnings of the rules, which keep nothing from being written.
        """
        with self._lock:
            own = self._copy(article)
            if own:
                return own
            tree = Path(self._scratch.name) / "corpus" / self._annotations.name
            try:
                found = rebuild(tree).incidents or _warnings(tree)
            except ReadoutsError as error:
                return [
                    {"code": "check-failed", "severity": "error", "message": str(error), "hint": "", "source": None}
                ]
            lines = _lines(tree / "articles" / f"{article}.yaml")
            documents = []
            for each in found:
                document = incident_document(each)
                source = each.source
                if source is not None and source.file.endswith(f"articles/{article}.yaml"):
                    document["statement"] = _statement(lines, source.line or 0)
                elif each.key and each.key[0].startswith(f"{article}."):
                    document["statement"] = each.key[0].rpartition(".")[2]
                documents.append(document)
            return documents

    def _copy(self, article: str) -> list[dict[str, Any]]:
        """Bring the copy up to date, with every draft in place of its article; return what keeps this article's out."""
        target = Path(self._scratch.name) / "corpus" / self._annotations.name
        wanted = {
            path.relative_to(self._annotations): path.read_bytes()
            for path in self._annotations.rglob("*")
            if path.is_file() and not any(part.startswith(".") for part in path.relative_to(self._annotations).parts)
        }
        own: list[dict[str, Any]] = []
        folder = text_folder(self._texts)
        for file in annotation_tree(self._annotations)[0]:
            draft = draft_file(file) if file.kind == "article" else None
            if draft is None or not (draft.path.is_file() or file.id == article):
                continue
            anchored = anchor_article(file, folder, draft if draft.path.is_file() else None)
            if not anchored.reading.incidents:
                wanted[Path("articles") / file.path.name] = anchored.article.encode()
                wanted[Path("anchors") / f"{file.id}.csv"] = anchored.anchors.encode()
            elif file.id == article:
                own = [
                    {
                        **incident_document(each),
                        "statement": _statement(
                            _lines((draft if draft.path.is_file() else file).path), each.source.line or 0
                        ),
                    }
                    for each in anchored.reading.incidents
                    if each.source is not None
                ]
        for gone in self._copied.keys() - wanted.keys():
            (target / gone).unlink(missing_ok=True)
        for name, data in wanted.items():
            if self._copied.get(name) != data:
                (target / name).parent.mkdir(parents=True, exist_ok=True)
                (target / name).write_bytes(data)
        self._copied = wanted
        schemas = self._annotations.parent / "schemas"
        if schemas.is_dir() and not (target.parent / "schemas").exists():
            shutil.copytree(schemas, target.parent / "schemas")
        return own


def _warnings(tree: Path) -> list[Incident]:
    """Return what the rules find in a corpus without errors, each with its annotation."""
    found = rule_breaks(open_package(tree.parent))
    return [] if found is None else Origins(tree).locate(found.incidents)


def _lines(path: Path) -> list[tuple[int, str]]:
    """Return the line that each statement of a file begins on."""
    try:
        node = parse(path.read_bytes().decode("utf-8-sig"), path.name).items.get("statements")
    except (OSError, UnicodeDecodeError, YamlError):
        return []
    return [(key.line, name) for name, key in node.keys.items()] if isinstance(node, Mapping) else []


def _statement(lines: list[tuple[int, str]], line: int) -> str | None:
    """Return the statement that a line belongs to.

    >>> _statement([(3, "s01"), (9, "s02")], 8)
    's01'
    """
    before = [name for first, name in lines if first <= line]
    return before[-1] if before else None
