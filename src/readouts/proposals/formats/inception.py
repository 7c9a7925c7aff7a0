"""INCEpTION: annotations as UIMA CAS, with the layers that a project needs for them.

`ARTICLE.zip` is what INCEpTION itself exports as UIMA CAS XMI: the annotations and their type system. `ARTICLE.json` is
the same as UIMA CAS JSON, and `layers.json` the definition of the layers with their labels, which a project imports.
Offsets are UTF-16 code units, to which dkpro-cassis converts. No annotation of a layer has several parts: the further
parts are annotations of the layer `Part`, which the first one is linked to.
"""

from __future__ import annotations

import io
import itertools
import json
import warnings
import zipfile
from typing import TYPE_CHECKING, Any

from readouts.corpus_schema.incident_codes import incident
from readouts.datapackage.errors import ReadoutsError
from readouts.datapackage.exporting.metadata import json_bytes
from readouts.datapackage.incident import Source
from readouts.datapackage.optional import requires_extra
from readouts.datapackage.strict_json import load_unique
from readouts.proposals.formats.inception_layers import (
    ARRAY,
    IMPLICIT,
    PACKAGE,
    PART,
    PARTS,
    STRING,
    layers,
    link_type_of,
    links_of,
    type_system,
)
from readouts.proposals.formats.items import KINDS, Item, is_step, items_of
from readouts.proposals.formats.reading_items import proposal_of_items
from readouts.proposals.proposal import Proposal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cassis import Cas

    from readouts.datapackage.incident import Incident
    from readouts.proposals.formats.items import About

__all__ = ["read_inception", "write_inception"]

_EPOCH = (1980, 1, 1, 0, 0, 0)
_MOST_BYTES = 64 * 2**20
"""How much is read of an archive."""


def write_inception(proposal: Proposal, text: str, about: About) -> dict[str, bytes]:
    """Write a proposal for INCEpTION.

    Parameters
    ----------
    proposal
        What is proposed.
    text
        The text.
    about
        The article, and what its annotations may name.

    Returns
    -------
    dict
        The archive, the same as JSON, and the layers, by the name of the file.

    Raises
    ------
    ReadoutsError
        The text has a character that XML can't hold.
    MissingDependencyError
        dkpro-cassis isn't installed.

    Examples
    --------
    >>> from readouts.proposals.formats.items import About
    >>> from readouts.proposals.proposal import MentionProposal, Origin, Proposal
    >>> proposal = Proposal(mentions=(MentionProposal("jana-marek", (0, 5), Origin("en")),))
    >>> sorted(write_inception(proposal, "Marek called.", About("herald")))
    ['herald.json', 'herald.zip', 'layers.json']
    """
    with requires_extra("The format of INCEpTION", "formats"):
        cas = _cas(items_of(proposal), text)
    try:
        xmi = cas.to_xmi(pretty_print=True)
    except ValueError as error:
        odd = next((mark for mark in text if (mark < " " and mark not in "\t\n\r") or mark in "\ufffe\uffff"), None)
        if odd is None:
            raise
        message = f"The text has the character U+{ord(odd):04X} at {text.index(odd)}, which XML can't hold: remove it."
        raise ReadoutsError(message) from error
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, written in ((f"{about.article}.xmi", xmi), ("TypeSystem.xml", cas.typesystem.to_xml())):
            opened.writestr(zipfile.ZipInfo(name, _EPOCH), written or "", zipfile.ZIP_DEFLATED)
    return {
        f"{about.article}.zip": archive.getvalue(),
        f"{about.article}.json": (cas.to_json(pretty_print=True, ensure_ascii=False) or "").encode(),
        "layers.json": json_bytes(layers(about)),
    }


def _cas(items: Sequence[Item], text: str) -> Cas:
    from cassis import Cas

    cas = Cas(typesystem=type_system())
    cas.sofa_string, cas.sofa_mime = text, "text/plain"
    get = cas.typesystem.get_type
    made: dict[str, Any] = {}
    further: dict[str, list[Any]] = {}
    for item in items:
        (start, end), *rest = item.places or [item.near or (0, min(1, len(text)))]
        values = {**item.values, **({} if item.places else {IMPLICIT: True})}
        made[item.id] = get(PACKAGE + item.kind)(begin=start, end=end, **values)
        cas.add(made[item.id])
        further[item.id] = [get(PACKAGE + PART)(begin=start, end=end) for start, end in rest]
        cas.add_all(further[item.id])
    for item in items:
        links: dict[str, list[Any]] = {}
        for role, target in item.links:
            links.setdefault("chain" if is_step(role) else role, []).append((role, made[target]))
        if further[item.id]:
            links[PARTS] = [(str(number), part) for number, part in enumerate(further[item.id], 2)]
        for link, found in links.items():
            link_type = get(link_type_of(item.kind, link))
            array = get(ARRAY)(elements=[link_type(role=role, target=target) for role, target in found])
            setattr(made[item.id], link, array)
    return cas


def read_inception(files: Mapping[str, bytes], text: str, about: About) -> tuple[Proposal, list[Incident]]:
    """Read what INCEpTION exports of a text: UIMA CAS XMI, in its archive or alone, or UIMA CAS JSON.

    Parameters
    ----------
    files
        The archive, the `.xmi` file with or without its type system, or the `.json` file, by name.
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
    MissingDependencyError
        dkpro-cassis isn't installed.

    Examples
    --------
    >>> from readouts.proposals.formats.items import About
    >>> from readouts.proposals.proposal import MentionProposal, Origin, Proposal
    >>> proposal = Proposal(mentions=(MentionProposal("jana-marek", (0, 5), Origin("inception")),))
    >>> files = write_inception(proposal, "Marek called.", About("herald"))
    >>> read_inception(files, "Marek called.", About("herald")) == (proposal, [])
    True
    """
    name = next(iter(files))
    with requires_extra("The format of INCEpTION", "formats"):
        import cassis  # noqa: F401 - what is read below needs it
    reader = _Reader(name)
    try:
        cas = reader.opened(files)
    # What libraries raise of a broken file has no common class.
    except Exception as error:
        reader.add("format-error", f"{name} can't be read as UIMA CAS ({type(error).__name__}): {error}")
        return Proposal(), reader.incidents
    proposal, found = proposal_of_items(reader.items(cas), text, about, "inception", cas.sofa_string or "")
    return proposal, [*reader.incidents, *found]


class _Reader:
    """A reader of one file. What dkpro-cassis would stumble on, or take for another place, it takes out before."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.incidents: list[Incident] = []
        self.lost: dict[int, list[tuple[str, str]]] = {}

    def add(self, code: str, message: str) -> None:
        self.incidents.append(incident(code, message, hint="", source=Source(self.file)))

    def opened(self, files: Mapping[str, bytes]) -> Cas:
        """Return the annotations of the file, whatever kind of file it is."""
        from cassis import load_cas_from_json, load_cas_from_xmi, load_typesystem

        found = [self.file]
        if self.file.endswith(".zip"):
            files = _unzipped(files[self.file])
            found = [name for name in files if name.endswith((".xmi", ".json"))]
            if len(found) != 1:
                message = f"expected one file of annotations in the archive, found {len(found)}"
                raise ValueError(message)
            self.file = f"{self.file}/{found[0]}"
        data = files[found[0]]
        with warnings.catch_warnings():
            # Unknown layers, such as tokens and sentences, aren't needed.
            warnings.simplefilter("ignore")
            if self.file.endswith(".json"):
                return load_cas_from_json(self.json(data), lenient=True)
            types = next((files[name] for name in files if name.endswith("TypeSystem.xml")), None)
            known = type_system() if types is None else load_typesystem(io.BytesIO(types))
            return load_cas_from_xmi(io.BytesIO(self.xmi(data)), known, lenient=True)

    def xmi(self, data: bytes) -> bytes:
        """Return XMI without places that aren't in its text, and without references to what isn't there."""
        from lxml import etree

        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
        key, cas = "{http://www.omg.org/XMI}id", "{http:///uima/cas.ecore}"
        offsets = {sofa.get(key): _offsets(sofa.get("sofaString") or "") for sofa in root.iter(f"{cas}Sofa")}
        ours = [each for each in root if str(each.tag).startswith("{http:///webanno/custom.ecore}")]
        for each in ours:
            place, known = [each.get("begin"), each.get("end")], offsets.get(each.get("sofa"), frozenset())
            if place != [None, None] and not all(mark is not None and mark in known for mark in place):
                self.outside(each.get(key), place)
                root.remove(each)
        there = {each.get(key) for each in root}
        for each in ours:
            layer = str(each.tag).rpartition("}")[2]
            names = links_of(KINDS[layer]) if layer in KINDS else {"target": ""} if layer.endswith("Link") else {}
            for name in names:
                targets = each.get(name, "").split()
                gone = [target for target in targets if target not in there]
                if gone:
                    kept = [target for target in targets if target in there]
                    each.attrib.pop(name)
                    if name != "target":
                        self.lose(each.get(key), name, gone)
                        each.set(name, " ".join(kept))
        for view in root.iter(f"{cas}View"):
            view.set("members", " ".join(member for member in view.get("members", "").split() if member in there))
        checked: bytes = etree.tostring(root)
        return checked

    def json(self, data: bytes) -> str:
        """Return JSON without places that aren't in its text, and without references to what isn't there."""
        document = load_unique(data.decode("utf-8"))
        found = document["%FEATURE_STRUCTURES"]
        if isinstance(found, dict):
            found = [{"%ID": int(name), **each} for name, each in found.items()]
        offsets = {each["%ID"]: _offsets(each.get("sofaString") or "") for each in found if "sofaString" in each}
        kept = []
        for each in found:
            place, known = [each.get("begin"), each.get("end")], offsets.get(each.get("@sofa"), frozenset())
            ours = each["%TYPE"].startswith(PACKAGE) and place != [None, None]
            if ours and not all(type(mark) is int and str(mark) in known for mark in place):
                self.outside(each["%ID"], place)
            else:
                kept.append(each)
        there = {each["%ID"] for each in kept}
        for each in kept:
            for name in [name for name in each if name.startswith("@") and each[name] not in there]:
                target = each.pop(name)
                if name != "@target":
                    self.lose(each["%ID"], name.removeprefix("@"), [target])
        for view in document["%VIEWS"].values():
            view["%MEMBERS"] = [member for member in view["%MEMBERS"] if member in there]
        return json.dumps({**document, "%FEATURE_STRUCTURES": kept})

    def outside(self, number: Any, place: Sequence[Any]) -> None:
        what = f"annotation {number} is at {[*place]}, outside the file's text or inside a character: left out."
        self.add("span-outside-article", what)

    def lose(self, number: Any, name: str, targets: Sequence[Any]) -> None:
        lost = self.lost.setdefault(int(number), [])
        lost += [(name, f"annotation {target}") for target in targets]

    def items(self, cas: Cas) -> Iterator[Item]:
        """Yield the annotations of our layers, in the order of the file."""
        ours = [each for each in cas.select_all_annotations() if each.type.name.startswith(PACKAGE)]
        ours.sort(key=lambda each: each.xmiID or 0)
        of_others: set[int | None] = set()
        text = cas.sofa_string or ""
        found = []
        for each in ours:
            kind = each.type.name.removeprefix(PACKAGE)
            if kind == PART:
                continue
            name = f"annotation {each.xmiID}"
            values, links, parts = dict[str, str](), [*self.lost.get(each.xmiID or 0, ())], [each]
            for feature in each.type.all_features:
                value = each[feature.name]
                if feature.rangeType.name == STRING and value:
                    values[feature.name] = value
                elif feature.rangeType.name == ARRAY and value is not None:
                    for link in value.elements or ():
                        target = None if link is None else link.target
                        if feature.name == PARTS and target is not None:
                            parts.append(target)
                            of_others.add(target.xmiID)
                            continue
                        role = feature.name
                        if role == "chain" and link is not None and is_step(link.role or ""):
                            role = link.role
                        links.append((role, "an annotation" if target is None else f"annotation {target.xmiID}"))
            for role, target in links:
                if role == PARTS:
                    self.add("foreign-key", f"{name} ({kind}) has a further part, {target}, which isn't there.")
            places = tuple((part.begin, part.end) for part in parts)
            implicit = IMPLICIT in {feature.name for feature in each.type.all_features} and each[IMPLICIT]
            found.append(
                Item(
                    name,
                    kind,
                    () if implicit else places,
                    values,
                    tuple(link for link in links if link[0] != PARTS),
                    words=None if implicit else tuple(text[start:end] for start, end in places),
                    source=Source(self.file),
                )
            )
        for each in ours:
            if each.type.name == PACKAGE + PART and each.xmiID not in of_others:
                what = f"annotation {each.xmiID} (Part) belongs to nothing: no annotation is linked to it."
                self.add("span-owner-missing", what)
        return iter(found)


def _offsets(text: str) -> frozenset[str]:
    """Return the offsets between characters, in UTF-16 code units."""
    sizes = (len(mark.encode("utf-16-le")) // 2 for mark in text)
    return frozenset(map(str, itertools.accumulate(sizes, initial=0)))


def _unzipped(data: bytes) -> dict[str, bytes]:
    """Return the files of an archive that are read, by name."""
    found, left = {}, _MOST_BYTES
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        for each in opened.infolist():
            if each.filename.endswith((".xmi", ".json", "TypeSystem.xml")):
                with opened.open(each) as file:
                    read = file.read(left + 1)
                left -= len(read)
                if left < 0:
                    message = f"the archive holds more than {_MOST_BYTES} bytes"
                    raise ValueError(message)
                found[each.filename] = read
    return found
