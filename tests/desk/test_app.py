"""The desk answers to its own page on this computer, and to nobody else."""

from __future__ import annotations

import json
import shutil
import socket
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from readouts.desk.app import HEADERS, TOKEN
from readouts.desk.desk import Desk
from readouts.desk.serving import _bound
from readouts.proposals.proposal import MentionProposal, Origin, Proposal, SourceProposal, StatementProposal
from tests.conftest import ROOT
from tests.desk.conftest import CALL, HERALD, PERSON, Client, desk_at

if TYPE_CHECKING:
    from pathlib import Path

PATHS = [
    "/api/corpus",
    f"/api/article/{HERALD}",
    f"/api/article/{HERALD}/version",
    f"/api/article/{HERALD}/findings",
    f"/api/article/{HERALD}/queue",
    f"/api/event/{CALL}",
    f"/api/event/{CALL}/candidates/{HERALD}.s02",
]


@pytest.mark.parametrize("path", PATHS)
def test_what_the_page_asks_for_is_answered(client: Client, path: str) -> None:
    answer = client.ask("GET", path)
    assert answer.status_code == 200, answer.text
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({TOKEN: None}, 401),
        ({TOKEN: "another"}, 401),
        ({TOKEN: ""}, 401),
        ({"Host": "attacker.example:8322"}, 403),
        ({"Host": "attacker.example"}, 403),
        ({"Host": "127.0.0.1.attacker.example:8322"}, 403),
        ({"Origin": "http://attacker.example"}, 403),
        ({"Origin": "http://127.0.0.1:8323"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
def test_nobody_else_reads_or_writes(project: Path, client: Client, headers: dict[str, str], status: int) -> None:
    version = client.ask("GET", f"/api/article/{HERALD}").json()["version"]
    body = {"version": version, "act": {"do": "set", "name": "s01", "values": {"topic": "talks"}}}
    for method, more in (("GET", {}), ("POST", {"json": body})):
        answer = client.ask(method, f"/api/article/{HERALD}", headers=headers, **more)
        assert answer.status_code == status
        assert set(answer.json()) == {"error"}
        assert "access-control-allow-origin" not in answer.headers
    assert not (project / "drafts").exists()


def test_a_form_of_another_page_is_refused_whatever_it_holds(client: Client) -> None:
    answer = client.ask("POST", f"/api/article/{HERALD}", content=b"{}", headers={"Content-Type": "text/plain"})
    assert answer.status_code == 415
    assert client.ask("OPTIONS", f"/api/article/{HERALD}").status_code == 405
    assert client.ask("POST", "/", json={}).status_code == 405


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"[]", 400),
        (b"{}", 400),
        (b'{"version": "x"}', 400),
        (b"[" * 100_000, 400),
        (b'{"version": "x", "act": {"do": "set", "name": "s01", "values": 3}}', 409),
        (b" " * 5_000_000, 413),
    ],
)
def test_a_request_that_is_not_one_of_the_desk_is_refused(client: Client, body: bytes, status: int) -> None:
    headers = {"Content-Type": "application/json"}
    assert client.ask("POST", f"/api/article/{HERALD}", content=body, headers=headers).status_code == status


@pytest.mark.parametrize(
    "path", ["/app.py", "/../app.py", "/%2e%2e/app.py", "/static/index.html", "/api/", "/api/nothing"]
)
def test_only_the_files_of_the_page_are_there(client: Client, path: str) -> None:
    assert client.ask("GET", path).status_code == 404


@pytest.mark.parametrize("name", ["..%2f..%2fcorpus", "no-such", "a/b", "../events/call-2031-05-01"])
def test_an_id_is_never_a_path(client: Client, name: str) -> None:
    for kind in ("article", "event"):
        assert client.ask("GET", f"/api/{kind}/{name}").status_code in {404, 422}


def test_the_page_and_its_files_hold_no_address_of_elsewhere(client: Client) -> None:
    page = client.ask("GET", "/", headers={TOKEN: None})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    for name in ("main.js", "text.js", "article.js", "event.js", "curate.js", "form.js", "api.js", "desk.css"):
        answer = client.ask("GET", f"/{name}", headers={TOKEN: None})
        assert answer.status_code == 200
        assert "//" not in "".join(
            line for line in answer.text.splitlines() if not line.strip().startswith("//") and "://" in line
        )
        assert "innerHTML" not in answer.text


def test_a_conflict_is_answered_with_both_versions(client: Client) -> None:
    version = client.ask("GET", f"/api/article/{HERALD}").json()["version"]

    def put(topic: str, **more: Any) -> Any:
        body = {"version": version, "act": {"do": "set", "name": "s01", "values": {"topic": topic}}, **more}
        return client.ask("POST", f"/api/article/{HERALD}", json=body)

    assert put("talks").status_code == 200
    answer = put("military")
    assert answer.status_code == 409
    assert (answer.json()["conflicts"][0]["theirs"], answer.json()["conflicts"][0]["yours"]) == ("talks", "military")
    assert put("military", mine=True).status_code == 200


def test_a_taken_port_gives_another_one() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with _bound(port) as bound:
            assert bound.getsockname()[0] == "127.0.0.1"
            assert bound.getsockname()[1] != port


PROPOSAL = Proposal(
    statements=(
        StatementProposal(
            ((371, 395),),
            ((SourceProposal("presidency", account="presidency-2031-05-01", at=((287, 301),), cue=((302, 306),)),),),
            Origin("en.subject-cue", 0.91),
            {"act": "say", "event_id": CALL, "summary": "Observers come."},
        ),
        StatementProposal(((723, 765),), (), Origin("en.bare", 0.4), {"act": "report"}),
    ),
    mentions=(
        MentionProposal("lakes", (756, 760), Origin("registry")),
        MentionProposal("lakes", (57, 62), Origin("x")),
    ),
)


def test_the_queue_holds_what_is_not_there_and_was_not_rejected(project: Path) -> None:
    with desk_at(project, proposer=lambda _: PROPOSAL) as desk:
        queue = desk.queue(HERALD)
        # The first is there as s04, and one of the mentions too.
        assert [(each["kind"], each["place"]) for each in queue] == [("statement", [723, 765]), ("mention", [756, 760])]
        desk.reject(HERALD, queue[0]["id"], on=True)
    with desk_at(project, proposer=lambda _: PROPOSAL) as desk:
        left = desk.queue(HERALD)
        assert [each["kind"] for each in left] == ["mention"]
        version = desk.session.article(HERALD)["version"]
        desk.session.change(HERALD, version, json.loads(json.dumps(left[0]["act"])))
        assert desk.queue(HERALD) == []
        assert len(desk.reject(HERALD, queue[0]["id"], on=False)["queue"]) == 1


SAID = [{"sources": [{"entity": "chancellery", "account": "chancellery-2031-05-01", "at": []}], "cue": [[549, 554]]}]


def _annotated_otherwise(project: Path, other: Path, *acts: dict[str, Any]) -> None:
    shutil.copytree(project, other)
    with desk_at(other) as theirs:
        for asked in acts:
            theirs.session.change(HERALD, theirs.session.article(HERALD)["version"], asked)
        assert theirs.session.anchor(HERALD)["findings"] == []


def _taken(desk: Desk, article: str) -> int:
    """Take what the other says, difference by difference, and return how many there were."""
    for number in range(200):
        left = desk.against(article)["differences"]
        if not left:
            return number
        desk.session.change(article, desk.session.article(article)["version"], json.loads(json.dumps(left[0]["act"])))
    pytest.fail(f"These are still left: {left}")


def test_two_annotations_are_curated_to_the_last_difference(project: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    _annotated_otherwise(
        project, other,
        {"do": "set", "name": "s01", "values": {"act": "say"}},
        {"do": "remove-statement", "name": "s08"},
        {"do": "spans", "name": "s04", "role": "content", "places": [[371, 395]]},
        {"do": "add-mention", "entity": "lakes", "place": [756, 760]},
    )  # fmt: skip
    with desk_at(project, other=other / "annotations") as desk:
        found = desk.against(HERALD)["differences"]
        assert [(each["kind"], each.get("key")) for each in found] == [
            ("labels", "act"), ("content", None), ("only-mine", None), ("mention", None),
        ]  # fmt: skip
        assert [each.get("aligned") for each in found] == [None, None, [], None]
        desk.reject(HERALD, found[0]["id"], on=True)
        assert [each["kept"] for each in desk.against(HERALD)["differences"]] == [True, False, False, False]
        for each in found[1:]:
            desk.session.change(HERALD, desk.session.article(HERALD)["version"], each["act"])
        assert [each["kept"] for each in desk.against(HERALD)["differences"]] == [True]


def test_whatever_another_annotation_says_can_be_taken(project: Path, tmp_path: Path) -> None:
    _annotated_otherwise(
        project, tmp_path / "other",
        {"do": "addressees", "name": "s05", "addressees": [
            {"entity": "jana-marek", "at": [[469, 474]]}, {"entity": "veldania", "at": []}]},
        {"do": "spans", "name": "s03", "role": "quoted", "places": []},
        {"do": "chain", "name": "s06", "chain": SAID},
        {"do": "remove-relation", "name": "r01"},
        {"do": "add-relation", "name": "r02", "at": [[197, 231]], "values": {
            "subject": "sarnia", "predicate": "AGREE", "object": "veldania", "contexts": ["military"],
            "status": "future", "statement": "s02", "fit": "exact"}},
        {"do": "add-relation", "at": [[88, 96]], "values": {
            "subject": "veldania", "predicate": "THREATEN", "object": "sarnia", "contexts": ["military"],
            "status": "actual", "fit": "exact"}},
        {"do": "remove-region", "number": 2},
        {"do": "add-region", "role": "caption", "place": [756, 765]},
        {"do": "add-statement", "statement": {
            "content": [[735, 752]], "chain": SAID, "labels": {
                "form": "indirect", "medium": "speech", "act": "say", "topic": "call", "polarity": "positive",
                "certainty": "certain", "modality": "asserted", "summary": "Gulls."}}},
    )  # fmt: skip
    with desk_at(project, other=tmp_path / "other" / "annotations") as desk:
        found = desk.against(HERALD)["differences"]
        assert {each["kind"] for each in found} == {
            "addressee", "quoted", "chain", "relation", "region", "only-other",
        }  # fmt: skip
        assert _taken(desk, HERALD) == len(found)
        assert not desk.session.article(HERALD)["findings"]


def test_words_that_only_fit_together_are_taken_together(project: Path, tmp_path: Path) -> None:
    wider = {"content": [[556, 586]], "chain": SAID}
    narrow = {"content": [[546, 586]], "chain": [{**SAID[0], "cue": [[535, 544]]}]}
    with desk_at(project) as desk:
        desk.session.change(
            HERALD, desk.session.article(HERALD)["version"], {"do": "take", "name": "s06", "parts": wider}
        )
        desk.session.anchor(HERALD)
    _annotated_otherwise(project, tmp_path / "other", {"do": "take", "name": "s06", "parts": narrow})
    with desk_at(project, other=tmp_path / "other" / "annotations") as desk:
        (found,) = desk.against(HERALD)["differences"]
        assert (found["kind"], found["parts"]) == ("words", ["content", "chain"])
        assert _taken(desk, HERALD) == 1


def test_a_relation_of_a_statement_that_is_not_there_waits_for_it(project: Path, tmp_path: Path) -> None:
    shutil.copytree(project, tmp_path / "other")
    with desk_at(project, other=tmp_path / "other" / "annotations") as desk:
        version = desk.session.article(HERALD)["version"]
        desk.session.change(HERALD, version, {"do": "remove-statement", "name": "s02"})
        statement, relation = desk.against(HERALD)["differences"]
        assert (statement["kind"], relation["kind"], relation["lacks"]) == ("only-other", "relation", "s02")
        assert _taken(desk, HERALD) == 2


def test_what_names_an_event_that_is_not_there_says_so(project: Path, tmp_path: Path) -> None:
    shutil.copytree(project, tmp_path / "other")
    with desk_at(tmp_path / "other") as theirs:
        theirs.session.add_event({"id": "talks-2031", "kind": "meeting", "date": "2031-05-09", "title": "Talks"})
        version = theirs.session.article(HERALD)["version"]
        theirs.session.change(HERALD, version, {"do": "set", "name": "s01", "values": {"event": "talks-2031"}})
        assert theirs.session.anchor(HERALD)["findings"] == []
    with desk_at(project, other=tmp_path / "other" / "annotations") as desk:
        (found,) = desk.against(HERALD)["differences"]
        assert (found["key"], found["unknown"]) == ("event", ["talks-2031"])
        desk.session.add_event({"id": "talks-2031", "kind": "meeting", "date": "2031-05-09", "title": "Talks"})
        assert desk.against(HERALD)["differences"][0]["unknown"] == []


@pytest.mark.slow
def test_the_two_passes_of_the_datasheet_can_be_curated_to_the_last_difference(
    source_texts: Path, tmp_path: Path
) -> None:
    first, second = (ROOT / "docs" / "agreement" / "2.0" / which for which in ("first", "second"))
    shutil.copytree(first, tmp_path / "first")
    articles = [path.stem for path in sorted((first / "annotations" / "articles").glob("*.yaml"))]
    there = [name for name in articles if (source_texts / f"{name}.txt").is_file()]
    if not there:
        pytest.skip(f"no text of the two passes is in {source_texts}")
    mine = tmp_path / "first" / "annotations"
    with closing(Desk(mine, source_texts, PERSON, other=second / "annotations")) as desk:
        for article in there:
            decided = _taken(desk, article)
            assert not decided or desk.session.anchor(article)["anchored"]


def test_nothing_to_compare_with_says_what_to_do(desk: Desk) -> None:
    answer = Client(desk).ask("GET", f"/api/article/{HERALD}/against")
    assert answer.status_code == 422
    assert "--against DIR" in answer.json()["error"]
