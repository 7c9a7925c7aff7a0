"""What somebody changed badly in a tool is listed with its place, and never guessed; what fits is kept."""

from __future__ import annotations

import io
import json
import re
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readouts.proposals.formats.items import About
from readouts.proposals.formats.registry import FORMATS
from readouts.proposals.proposal import MentionProposal, Origin, Proposal, SourceProposal, StatementProposal

if TYPE_CHECKING:
    from collections.abc import Callable

TEXT = "Marek 😀 said that the bridge is open. Ostrova said that it is closed."
ABOUT = About(
    "herald", frozenset({"jana-marek", "ilya-ostrova", "presidency"}), frozenset({"talk.a"}), frozenset({"talk"})
)
_ORIGIN = Origin("test")
_ISSUER = SourceProposal("presidency", account="talk.a")
_MAREK = SourceProposal("jana-marek", at=((0, 5),), cue=((8, 12),))
_OSTROVA = SourceProposal("ilya-ostrova", at=((38, 45),), cue=((46, 50),))
PROPOSAL = Proposal(
    statements=(
        StatementProposal(
            ((18, 36),), ((_ISSUER,), (_MAREK,)), _ORIGIN, {"act": "say", "event_id": "talk"}, name="s01"
        ),
        StatementProposal(((56, 68),), ((_ISSUER,), (_OSTROVA,)), _ORIGIN, {"act": "deny"}, name="s02", parent="s01"),
    ),
    mentions=(MentionProposal("jana-marek", (0, 5), _ORIGIN), MentionProposal("ilya-ostrova", (38, 45), _ORIGIN)),
)
Found = tuple[Proposal, list[tuple[str, str, str]]]


def _read(name: str, files: dict[str, bytes], text: str = TEXT) -> Found:
    proposal, incidents = FORMATS[name].read(files, text, ABOUT)
    return proposal, [(each.code, each.place(), each.message) for each in incidents]


def _brat(*changes: tuple[str, str], text: str = TEXT, add: str = "") -> Found:
    files = FORMATS["brat"].write(PROPOSAL, TEXT, ABOUT)
    written = files["herald.ann"].decode()
    for old, new in changes:
        assert old in written
        written = written.replace(old, new, 1)
    return _read("brat", {**files, "herald.ann": (written + add).encode()}, text)


def _chains(proposal: Proposal) -> list[int]:
    return [len(statement.chain) for statement in proposal.statements]


def test_a_relation_of_brat_to_a_missing_annotation_is_listed_and_its_statement_loses_its_chain() -> None:
    proposal, found = _brat(("Step2 Arg1:T1 Arg2:T4", "Step2 Arg1:T1 Arg2:T99"))
    assert [each[:2] for each in found] == [
        ("chain-broken", "herald.ann:1"),
        ("foreign-key", "herald.ann:1"),
        ("span-owner-missing", "herald.ann:4"),
    ]
    assert found[1][2] == "T1 (Statement) is linked as '2' to T99, which isn't there."
    assert _chains(proposal) == [0, 2]
    assert proposal.mentions == tuple(MentionProposal(m.entity, m.place, Origin("brat")) for m in PROPOSAL.mentions)


@pytest.mark.parametrize(
    ("change", "code", "message"),
    [
        (("act T1 say", "act T1 shout"), "constraint-error", "T1 (Statement) has 'shout' for 'act'"),
        (("event T1 talk", "event T1 talks"), "foreign-key", "T1 (Statement) has 'talks' for 'event'"),
        (("act T1 say", "acts T1 say"), "unknown-key", "T1 (Statement) has 'acts', which it doesn't take."),
    ],
)
def test_a_label_that_is_not_known_is_left_out_and_the_statement_stays(
    change: tuple[str, str], code: str, message: str
) -> None:
    proposal, found = _brat(change)
    assert [each[:2] for each in found] == [(code, "herald.ann:1")]
    assert found[0][2].startswith(message)
    assert len(proposal.statements[0].labels) == 1
    assert _chains(proposal) == [2, 2]


def test_an_entity_that_nobody_has_takes_its_mention_with_it() -> None:
    proposal, found = _brat(("entity T8 jana-marek", "entity T8 jana-mark"))
    assert [each[0] for each in found] == ["foreign-key", "missing-key"]
    assert "Did you mean 'jana-marek'?" in found[0][2]
    assert [mention.entity for mention in proposal.mentions] == ["ilya-ostrova"]


def test_a_span_beyond_the_text_is_listed() -> None:
    proposal, found = _brat(("Mention 38 45", "Mention 338 345"))
    assert found == [
        ("span-outside-article", "herald.ann:9", "T9 (Mention) is at [338, 345], outside the text of 69 characters.")
    ]
    assert len(proposal.mentions) == 1


def test_an_edited_text_keeps_the_annotations_whose_words_are_still_there() -> None:
    edited = TEXT.replace("Ostrova", "The chancellor")
    proposal, found = _brat(text=edited)
    assert [each[0] for each in found].count("text-differs") == 5
    assert found[0][2].startswith("The text in the tool's files isn't the article's")
    assert [mention.entity for mention in proposal.mentions] == ["jana-marek"]
    assert _chains(proposal) == [2]


def test_a_chain_with_a_hole_is_left_out_whole() -> None:
    proposal, found = _brat(("Step1 Arg1:T1", "Step3 Arg1:T1"))
    message = "T1 (Statement) has a chain with a hole (steps that are whole: 2, 3): it is left out."
    assert found == [("chain-broken", "herald.ann:1", message)]
    assert _chains(proposal) == [0, 2]


def test_parents_in_a_circle_are_left_out() -> None:
    proposal, found = _brat(add="R99\tparent Arg1:T1 Arg2:T5\n")
    assert [each[:2] for each in found] == [("parent-cycle", "herald.ann:1"), ("parent-cycle", "herald.ann:5")]
    assert [statement.parent for statement in proposal.statements] == [None, None]


def test_a_statement_with_two_parents_has_none() -> None:
    proposal, found = _brat(add="T99\tStatement 0 5\tMarek\nR99\tparent Arg1:T5 Arg2:T99\n")
    assert [each[0] for each in found] == ["wrong-shape"]
    assert [statement.parent for statement in proposal.statements] == [None, None, None]


def test_a_parent_without_a_name_gets_one() -> None:
    proposal, found = _brat(("parent Arg1:T5 Arg2:T1", "parent Arg1:T5 Arg2:T99"), add="T99\tStatement 0 5\tMarek\n")
    assert found == []
    assert [(each.name, each.parent) for each in proposal.statements] == [("s01", None), ("s02", "s03"), ("s03", None)]


def test_a_name_that_two_statements_have_is_taken_from_the_second() -> None:
    proposal, found = _brat(("name=s02", "name=s01"))
    assert [each[:2] for each in found] == [("primary-key", "herald.ann:5")]
    assert [statement.name for statement in proposal.statements] == ["s01", None]


def test_an_annotation_that_nothing_leads_to_is_listed() -> None:
    _, found = _brat(add="T99\tCue 8 12\tsaid\n")
    assert [each[0] for each in found] == ["span-owner-missing"]
    assert found[0][2] == "T99 (Cue) belongs to nothing: no annotation is linked to it."


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("T99\tVerdict 0 5\tMarek", "unknown-key"),
        ("T99\tMention 5 5\t", "span-outside-article"),
        ("T99\tMention 0 5\tMarek", "missing-key"),
        ("T8\tMention 0 5\tMarek", "primary-key"),
        ("T99\tMention five\tMarek", "wrong-shape"),
        ("E1\tStatement:T1", "wrong-shape"),
        ("A99\tact T77 say", "foreign-key"),
        ("A99\tact T1 deny", "duplicate-key"),
        ("R99\tspouse Arg1:T1 Arg2:T5", "unknown-key"),
        ("R99\tcue Arg1:T2 Arg2:T7", "wrong-shape"),
        ("#9\tAnnotatorNotes T1\tlook at this", "wrong-shape"),
        ("nothing", "wrong-shape"),
    ],
)
def test_a_line_of_brat_that_says_nothing_readouts_knows_is_listed(line: str, code: str) -> None:
    _, found = _brat(add=f"{line}\n")
    assert code in [each[0] for each in found]
    assert all(place.startswith("herald.ann") for _, place, _ in found)


def test_an_ann_file_that_is_not_utf_8_is_listed() -> None:
    proposal, found = _read("brat", {"herald.ann": b"T1\tMention 0 5\tMar\xffek\n"})
    assert (proposal, found[0][0]) == (Proposal(), "encoding-error")


def _web(change: Callable[[list[dict[str, Any]]], object], text: str = TEXT) -> Found:
    document = json.loads(FORMATS["web-annotation"].write(PROPOSAL, TEXT, ABOUT)["herald.jsonld"])
    change(document["first"]["items"])
    return _read("web-annotation", {"herald.jsonld": json.dumps(document).encode()}, text)


def _set(at: int, *way: Any) -> Callable[[Any], None]:
    *path, last, value = way

    def change(items: Any) -> None:
        place = items[at]
        for step in path:
            place = place[step]
        place[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_set(0, "body", 0, "value", "Verdict"), "unknown-key"),
        (_set(0, "body", 1, "key", "names"), "unknown-key"),
        (_set(0, "body", "nothing"), "wrong-shape"),
        (_set(0, "body", 2, "value", "shout"), "constraint-error"),
        (_set(0, "target", "selector", 0, "end", 999), "span-outside-article"),
        (_set(0, "target", "selector", 0, "start", "one"), "wrong-shape"),
        (_set(0, "target", "selector", 1, "exact", "another"), "text-differs"),
        (_set(0, "target", "selector", {"type": "TextQuoteSelector", "exact": "nowhere"}), "quote-not-found"),
        (_set(0, "target", "selector", {"type": "TextQuoteSelector", "exact": "said"}), "quote-ambiguous"),
        (_set(0, "target", "selector", {"type": {"is": "TextQuoteSelector"}, "exact": "said"}), "wrong-shape"),
        (_set(0, "id", "#mention-1"), "primary-key"),
        (lambda items: items.append("nothing"), "wrong-shape"),
    ],
)
def test_a_web_annotation_that_does_not_fit_is_listed(change: Callable[[Any], None], code: str) -> None:
    proposal, found = _web(change)
    assert code in [each[0] for each in found]
    assert len(proposal.mentions) >= 1


def test_a_place_of_a_web_annotation_without_positions_is_found_by_the_words_around_it() -> None:
    quote = {"type": "TextQuoteSelector", "exact": "said", "prefix": "Ostrova "}
    proposal, _ = _web(_set(-1, "target", {"selector": quote}))
    assert proposal.mentions[-1].place == (46, 50)


@pytest.mark.parametrize("data", [b"{", b"\xff", b'{"a": 1, "a": 2}', b"[" * 100_000])
def test_a_file_that_is_not_json_is_listed(data: bytes) -> None:
    for name, file in (("web-annotation", "herald.jsonld"), ("inception", "herald.json")):
        proposal, found = _read(name, {file: data})
        assert proposal == Proposal()
        assert "format-error" in [each[0] for each in found]


def _xmi(*changes: tuple[str, str], text: str = TEXT, own: str = "") -> Found:
    archive = zipfile.ZipFile(io.BytesIO(FORMATS["inception"].write(PROPOSAL, TEXT, ABOUT)["herald.zip"]))
    written = archive.read("herald.xmi").decode()
    for old, new in changes:
        written, count = re.subn(old, new, written, count=1)
        assert count == 1
    changed = io.BytesIO()
    with zipfile.ZipFile(changed, "w") as opened:
        opened.writestr("herald.xmi", written)
        opened.writestr(
            "TypeSystem.xml", archive.read("TypeSystem.xml").decode().replace("<types>", f"<types>{own}", 1)
        )
    return _read("inception", {"herald.zip": changed.getvalue()}, text)


@pytest.mark.parametrize(
    ("change", "code", "chains"),
    [
        ((r'act="say"', 'act="shout"'), "constraint-error", [2, 2]),
        ((r'entity="jana-marek"', 'entity="jana-mark"'), "foreign-key", [0, 2]),
        ((r'role="1"', 'role="3"'), "chain-broken", [0, 2]),
        ((r'role="2"', 'role="last"'), "chain-broken", [0, 2]),
        ((r'target="[0-9]+"', 'target="999"'), "foreign-key", [0, 2]),
        ((r' target="[0-9]+"', ""), "foreign-key", [0, 2]),
        ((r'chain="[0-9]+ ', 'chain="999 '), "foreign-key", [0, 2]),
        ((r'members="', 'members="999 '), None, [2, 2]),
        ((r'end="13"', 'end="999"'), "span-outside-article", [0, 2]),
        # Between the two halves of an emoji.
        ((r'begin="0" end="5" entity', 'begin="0" end="7" entity'), "span-outside-article", [0, 2]),
    ],
)
def test_an_annotation_of_inception_that_does_not_fit_is_listed(
    change: tuple[str, str], code: str | None, chains: list[int]
) -> None:
    proposal, found = _xmi(change)
    codes = [each[0] for each in found]
    assert code in codes if code else not codes
    assert _chains(proposal) == chains
    assert all(place == "herald.zip/herald.xmi" for _, place, _ in found)


def test_a_layer_of_a_users_own_is_listed() -> None:
    own = "<typeDescription><name>webanno.custom.Verdict</name><supertypeName>uima.tcas.Annotation</supertypeName>"
    verdict = '<custom:Verdict xmi:id="999" sofa="1" begin="0" end="5"/><cas:Sofa'
    _, found = _xmi((r"<cas:Sofa", verdict), (r'members="', 'members="999 '), own=f"{own}</typeDescription>")
    assert [each[0] for each in found] == ["unknown-key"]
    assert found[0][2].startswith("annotation 999 (Verdict) is of a kind that isn't known.")


def test_an_edited_text_in_inception_keeps_the_annotations_whose_words_are_still_there() -> None:
    proposal, found = _xmi(text=TEXT.replace("Ostrova", "The chancellor"))
    assert {each[0] for each in found} >= {"text-differs"}
    assert [mention.entity for mention in proposal.mentions] == ["jana-marek"]


def _json(change: Callable[[dict[str, Any]], None]) -> Found:
    document = json.loads(FORMATS["inception"].write(PROPOSAL, TEXT, ABOUT)["herald.json"])
    change(document)
    return _read("inception", {"herald.json": json.dumps(document).encode()})


def _structure(document: dict[str, Any], type_name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(
        each for each in document["%FEATURE_STRUCTURES"] if each["%TYPE"] == f"webanno.custom.{type_name}"
    )
    return found


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda document: _structure(document, "Statement").update({"@chain": 999}), "foreign-key"),
        (lambda document: _structure(document, "StatementChainLink").update({"@target": 999}), "foreign-key"),
        (lambda document: _structure(document, "Statement").update(end=999), "span-outside-article"),
        (lambda document: _structure(document, "Source").update(end=7), "span-outside-article"),
        (lambda document: _structure(document, "Statement").update(begin="one"), "span-outside-article"),
        (lambda document: document["%VIEWS"]["_InitialView"]["%MEMBERS"].append(999), None),
        (lambda document: document.pop("%VIEWS"), "format-error"),
    ],
)
def test_json_of_inception_that_does_not_fit_is_listed(change: Callable[[Any], None], code: str | None) -> None:
    proposal, found = _json(change)
    codes = [each[0] for each in found]
    assert code in codes if code else not codes
    assert code == "format-error" or len(proposal.mentions) == 2


@pytest.mark.parametrize("data", [b"", b"PK", b"<xmi", b"\x00" * 100])
def test_a_file_of_inception_that_cannot_be_read_is_listed(data: bytes) -> None:
    for file in ("herald.zip", "herald.xmi"):
        proposal, found = _read("inception", {file: data})
        assert (proposal, [each[0] for each in found]) == (Proposal(), ["format-error"])


@pytest.mark.parametrize(("name", "file"), [("brat", "herald.ann"), ("web-annotation", "herald.jsonld")])
@given(st.data())
def test_no_file_breaks_a_reader(name: str, file: str, data: st.DataObject) -> None:
    lines = FORMATS[name].write(PROPOSAL, TEXT, ABOUT)[file].decode().splitlines(keepends=True)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(lines) - 1))
        words = re.split(r"(\W+)", lines[at])
        words[data.draw(st.integers(0, len(words) - 1))] = data.draw(
            st.sampled_from(["", "0", "-1", "99", "T1", "{}", "null", "\t", "\n", "[", '"', "Cue"])
            | st.text(max_size=3)
        )
        lines[at] = "".join(words)
    proposal, found = _read(name, {file: "".join(lines).encode("utf-8", "surrogatepass")})
    assert all(0 <= start < end <= len(TEXT) for each in proposal.statements for start, end in each.content)
    assert isinstance(found, list)


@pytest.mark.parametrize("names", [[], ["a.xmi", "b.xmi"], ["note.txt"]])
def test_an_archive_without_one_file_of_annotations_is_listed(names: list[str]) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name in names:
            archive.writestr(name, "")
    _, found = _read("inception", {"herald.zip": data.getvalue()})
    assert "expected one file of annotations in the archive" in found[0][2]


def test_an_archive_that_unpacks_to_too_much_is_listed() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("herald.xmi", b" " * (64 * 2**20 + 1))
    _, found = _read("inception", {"herald.zip": data.getvalue()})
    assert "the archive holds more than" in found[0][2]


def test_entities_of_xml_are_not_resolved(tmp_path: Any) -> None:
    (tmp_path / "secret.txt").write_text("jana-marek")
    place = (tmp_path / "secret.txt").as_uri()
    bomb = f'<!DOCTYPE a [<!ENTITY x SYSTEM "{place}">]>'
    bomb += '<xmi:XMI xmlns:xmi="http://www.omg.org/XMI">&x;</xmi:XMI>'
    proposal, _ = _read("inception", {"herald.xmi": bomb.encode()})
    assert proposal == Proposal()
