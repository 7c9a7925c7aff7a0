"""The formats of annotation tools: each is an entry of one table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from readouts.datapackage.errors import ReadoutsError
from readouts.proposals.formats.brat import read_brat, write_brat
from readouts.proposals.formats.inception import read_inception, write_inception
from readouts.proposals.formats.web_annotation import read_web_annotation, write_web_annotation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from readouts.datapackage.incident import Incident
    from readouts.proposals.formats.items import About
    from readouts.proposals.proposal import Proposal

__all__ = ["FORMATS", "ToolFormat", "annotation_files", "format_of", "read_annotations"]


@dataclass(frozen=True, slots=True)
class ToolFormat:
    """One format.

    Attributes
    ----------
    title
        What it is, in a few words.
    write
        Writes a proposal of a text as files, by name.
    read
        Reads the files, the annotations first, and finds what doesn't fit.
    """

    title: str
    write: Callable[[Proposal, str, About], dict[str, bytes]]
    read: Callable[[Mapping[str, bytes], str, About], tuple[Proposal, list[Incident]]]


FORMATS = {
    "brat": ToolFormat("brat standoff", write_brat, read_brat),
    "inception": ToolFormat("INCEpTION: UIMA CAS XMI and JSON, with the layers", write_inception, read_inception),
    "web-annotation": ToolFormat("W3C Web Annotation", write_web_annotation, read_web_annotation),
}
"""The formats by name."""

_SUFFIXES = {".ann": "brat", ".zip": "inception", ".xmi": "inception", ".jsonld": "web-annotation"}


def format_of(path: Path) -> str | None:
    """Return the format of a file, by its name or, for `.json`, by what it holds; None if it is of none of them.

    Examples
    --------
    >>> from pathlib import Path
    >>> format_of(Path("herald.ann")), format_of(Path("herald.yaml"))
    ('brat', None)
    """
    if path.suffix != ".json":
        return _SUFFIXES.get(path.suffix)
    data = path.read_bytes()
    if b'"%FEATURE_STRUCTURES"' in data:
        return "inception"
    return "web-annotation" if b"ns/anno.jsonld" in data else None


def annotation_files(folder: Path) -> list[Path]:
    """Return the files of a folder that are of one of the formats.

    Where INCEpTION has exported a text twice, only the archive is read.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> folder = Path(tempfile.mkdtemp())
    >>> for name in ("herald.ann", "herald.txt", "annotation.conf"):
    ...     _ = (folder / name).write_text("")
    >>> [path.name for path in annotation_files(folder)]
    ['herald.ann']
    """
    found = [path for path in sorted(folder.iterdir()) if path.is_file() and format_of(path) is not None]
    archives = {path.stem for path in found if path.suffix == ".zip"}
    return [path for path in found if path.suffix != ".json" or path.stem not in archives]


def read_annotations(path: Path, text: str, about: About) -> tuple[Proposal, list[Incident]]:
    """Read a file of an annotation tool.

    Parameters
    ----------
    path
        The file; others that belong to it, such as brat's text, are in the same folder.
    text
        The article's text.
    about
        What the annotations may name.

    Returns
    -------
    tuple
        What fits, and a finding for everything that doesn't.

    Raises
    ------
    ReadoutsError
        The file is of none of the formats.
    OSError
        It can't be read.
    """
    name = format_of(path)
    if name is None:
        titles = ", ".join(each.title for each in FORMATS.values())
        message = f"{path.name} is of no format that is read from annotation tools ({titles})."
        raise ReadoutsError(message)
    files = {path.name: path.read_bytes()}
    for beside in (path.with_suffix(".txt"), path.with_name("TypeSystem.xml")):
        if beside.is_file():
            files[beside.name] = beside.read_bytes()
    return FORMATS[name].read(files, text, about)
