"""Every act at the desk is in the draft at once, comments and order stay, and what others change is not lost."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import readouts
from readouts.annotations.drafting import anchor
from readouts.annotations.drafts import draft
from readouts.datapackage.errors import ReadoutsError
from readouts.desk.history import ChangedMeanwhileError
from tests.desk.conftest import CALL, HERALD, PERSON, desk_at

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from readouts.desk.desk import Desk


def _file(folder: Path) -> Path:
    return folder / "annotations" / "articles" / f"{HERALD}.yaml"


def _draft(folder: Path) -> Path:
    return folder / "drafts" / f"{HERALD}.yaml"


def _named(article: dict[str, Any], name: str) -> dict[str, Any]:
    return next(each for each in article["statements"] if each["name"] == name)


def test_an_act_is_a_draft_that_anchor_takes_back(project: Path, act: Callable[..., dict[str, Any]]) -> None:
    before = _file(project).read_text(encoding="utf-8")
    act("set", name="s03", values={"act": "say"})
    assert _file(project).read_text(encoding="utf-8") == before
    assert (project / "drafts" / ".gitignore").read_text(encoding="utf-8") == "*\n"
    assert not anchor(HERALD, project / "annotations", project / "texts").reading.incidents
    after = _file(project).read_text(encoding="utf-8")
    changed = [pair for pair in zip(before.splitlines(), after.splitlines(), strict=True) if pair[0] != pair[1]]
    assert changed == [("    act: propose", "    act: say")]


def test_the_draft_is_the_one_of_the_command(project: Path, desk: Desk) -> None:
    source = desk.session.view(HERALD).source
    draft(HERALD, project / "annotations", project / "texts")
    assert _draft(project).read_text(encoding="utf-8") == source


def test_looking_writes_nothing(project: Path, desk: Desk) -> None:
    desk.session.article(HERALD)
    desk.session.event(CALL)
    desk.corpus()
    desk.checker.findings(HERALD)
    assert not (project / "drafts").exists()
    assert not (project / "data").exists()


def test_comments_and_order_stay(project: Path, act: Callable[..., dict[str, Any]]) -> None:
    act("remove-statement", name="s04")
    act("spans", name="s05", role="quoted", places=[])
    text = _draft(project).read_text(encoding="utf-8")
    assert "  # Joint sources, outermost.\n  s01:\n" in text
    named = [line for line in text.splitlines() if line.startswith("  s0")]
    assert named[:4] == ["  s01:", "  s02:", "  s03:", "  s05:"]


def test_windows_line_ends_stay(project: Path) -> None:
    data = _file(project).read_bytes().replace(b"\n", b"\r\n")
    _file(project).write_bytes(data)
    with desk_at(project) as desk:
        article = desk.session.article(HERALD)
        added = {"content": [[70, 84]], "labels": {"summary": "A line."}, "chain": []}
        desk.session.change(HERALD, article["version"], {"do": "add-statement", "statement": added})
    written = _draft(project).read_bytes()
    assert written.count(b"\n") == written.count(b"\r\n") > 100


def test_new_words_are_quoted_and_lead_back_to_their_place(project: Path, act: Callable[..., dict[str, Any]]) -> None:
    article = act("add-mention", entity="lakes", place=[756, 760])
    assert "[756, 760]" not in _draft(project).read_text(encoding="utf-8")
    assert {"entity": "lakes", "place": [756, 760]} in article["mentions"]
    article = act("remove-mention", entity="lakes", place=[57, 62])
    assert [each["place"] for each in article["mentions"] if each["entity"] == "lakes"] == [[166, 171], [756, 760]]


def test_other_spans_stay_when_a_content_moves_to_another_sentence(act: Callable[..., dict[str, Any]]) -> None:
    before = act("set", name="s06", values={"topic": "military"})
    after = act("spans", name="s06", role="content", places=[[701, 721]])
    assert _named(after, "s06")["content"] == [[701, 721]]
    assert _named(after, "s06")["chain"] == _named(before, "s06")["chain"]
    assert [_named(after, name) for name in ("s01", "s05", "s07")] == [
        {**_named(before, name), "lines": _named(after, name)["lines"]} for name in ("s01", "s05", "s07")
    ]


def test_several_addressees_are_made_changed_and_one_again(project: Path, act: Callable[..., dict[str, Any]]) -> None:
    two = [{"entity": "jana-marek", "at": [[469, 474]]}, {"entity": "veldania", "at": []}]
    made = act("addressees", name="s05", addressees=two)
    assert _named(made, "s05")["addressees"] == two
    assert made["findings"] == []
    assert "addressees: {jana-marek: " in _draft(project).read_text(encoding="utf-8")
    # The words that name them stay where they are when the content moves to another sentence.
    moved = act("spans", name="s05", role="content", places=[[701, 721]])
    assert _named(moved, "s05")["addressees"] == two
    one = [{"entity": "veldania", "at": [[88, 96]]}]
    assert _named(act("addressees", name="s05", addressees=one), "s05")["addressees"] == one
    assert "addressees:" not in _draft(project).read_text(encoding="utf-8")
    assert _named(act("addressees", name="s05", addressees=[]), "s05")["addressees"] == []


@pytest.mark.parametrize("entities", [["veldania", "veldania"], ["veldania", None]])
def test_several_addressees_are_different_entities(
    act: Callable[..., dict[str, Any]], entities: list[str | None]
) -> None:
    with pytest.raises(ReadoutsError, match="ddressee"):
        act("addressees", name="s05", addressees=[{"entity": each, "at": []} for each in entities])


def test_a_new_statement_stands_where_its_words_stand(act: Callable[..., dict[str, Any]]) -> None:
    chain = [{"sources": [{"entity": "presidency", "at": [[287, 301]]}], "cue": [[302, 306]]}]
    made = {"content": [[371, 395]], "labels": {"act": "say", "summary": "Observers: yes, please."}, "chain": chain}
    article = act("add-statement", statement=made)
    names = [each["name"] for each in article["statements"]]
    assert names == ["s01", "s02", "s03", "s09", "s04", "s05", "s06", "s07", "s08"]
    assert _named(article, "s09")["labels"]["summary"] == "Observers: yes, please."
    assert _named(article, "s09")["chain"][0]["sources"][0]["at"] == [[287, 301]]
    assert _named(article, "s09")["side"] == "third"


def test_a_named_chain_keeps_its_name_while_it_is_as_it_was(project: Path, drafted: Path) -> None:
    path = drafted / "annotations" / "articles" / f"{HERALD}.yaml"
    text = path.read_text(encoding="utf-8")
    step = "{entity: presidency, account: presidency-2031-05-01}"
    path.write_text(text.replace("statements:\n", f"chains:\n  office: {step}\nstatements:\n", 1), encoding="utf-8")
    with desk_at(drafted) as desk:
        article = desk.session.article(HERALD)
        made = {"content": [[371, 395]], "labels": {"summary": "Words."}, "chain": []}
        article = desk.session.change(HERALD, article["version"], {"do": "add-statement", "statement": made})
        source = desk.session.view(HERALD).source
        place = drafted / "drafts" / f"{HERALD}.yaml"
        place.write_text(re.sub(r"(s09:.*?sources:)", r"\1 office", source, flags=re.DOTALL), encoding="utf-8")
        article = desk.session.article(HERALD)
        chain = _named(article, "s09")["chain"]
        longer = [*chain, {"sources": [{"entity": "jana-marek", "at": [[307, 312]]}], "cue": []}]
        desk.session.change(HERALD, article["version"], {"do": "chain", "name": "s09", "chain": longer})
        assert "- office\n" in place.read_text(encoding="utf-8")


def test_undo_and_redo_go_through_every_act(desk: Desk, act: Callable[..., dict[str, Any]]) -> None:
    session = desk.session
    states = [session.view(HERALD).source]
    for do, asked in (
        ("set", {"name": "s03", "values": {"act": "say", "summary": "Anew: with a colon."}}),
        ("spans", {"name": "s04", "role": "content", "places": [[371, 395]]}),
        ("remove-statement", {"name": "s02"}),
        ("confirm", {"name": "s01"}),
        ("add-region", {"role": "caption", "place": [701, 721]}),
    ):
        act(do, **asked)
        states.append(session.view(HERALD).source)
    for state in reversed(states[:-1]):
        session.step(HERALD, back=True)
        assert session.view(HERALD).source == state
    with pytest.raises(ReadoutsError, match="nothing to undo"):
        session.step(HERALD, back=True)
    for state in states[1:]:
        session.step(HERALD, back=False)
        assert session.view(HERALD).source == state


ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("set"), st.sampled_from(["say", "stress", "claim"])),
        st.tuples(st.just("content"), st.integers(0, 100)),
        st.tuples(st.just("mention"), st.integers(0, 100)),
        st.tuples(st.just("confirm"), st.booleans()),
        st.tuples(st.just("remove"), st.sampled_from(["s02", "s04", "s08"])),
    ),
    max_size=5,
)


@given(acts=ACTS)
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_was_done_undoing_it_gives_the_file_back(project: Path, acts: list[tuple[str, Any]]) -> None:
    _draft(project).unlink(missing_ok=True)
    with desk_at(project) as desk:
        session = desk.session
        before = session.view(HERALD).source
        words = [word for word in _words(session.article(HERALD)["text"]) if word[1] - word[0] > 3]
        for kind, value in acts:
            version = session.article(HERALD)["version"]
            place = list(words[value % len(words)]) if isinstance(value, int) and not isinstance(value, bool) else []
            asked: Any = {
                "set": {"do": "set", "name": "s01", "values": {"act": value}},
                "content": {"do": "spans", "name": "s03", "role": "content", "places": [place]},
                "mention": {"do": "add-mention", "entity": "lakes", "place": place},
                "confirm": {"do": "confirm", "name": "s05", "on": value},
                "remove": {"do": "remove-statement", "name": value},
            }[kind]
            try:
                after = session.change(HERALD, version, asked)
            except ReadoutsError:
                assert kind == "remove"
                continue
            if kind == "content":
                assert _named(after, "s03")["content"] == [place]
        while session.article(HERALD)["undo"]:
            session.step(HERALD, back=True)
        assert session.view(HERALD).source == before


def _words(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in re.finditer(r"\w+", text)]


def test_two_tabs_lose_nothing(desk: Desk) -> None:
    session = desk.session
    seen = session.article(HERALD)["version"]
    session.change(HERALD, seen, {"do": "set", "name": "s01", "values": {"topic": "talks"}})
    both = session.change(HERALD, seen, {"do": "set", "name": "s03", "values": {"topic": "talks"}})
    assert [_named(both, name)["labels"]["topic"] for name in ("s01", "s03")] == ["talks", "talks"]


def test_a_change_at_the_same_place_is_shown_with_both_versions(desk: Desk) -> None:
    session = desk.session
    seen = session.article(HERALD)["version"]
    session.change(HERALD, seen, {"do": "set", "name": "s01", "values": {"topic": "talks"}})
    mine = {"do": "set", "name": "s01", "values": {"topic": "military"}}
    with pytest.raises(ChangedMeanwhileError) as caught:
        session.change(HERALD, seen, mine)
    assert [(each["before"], each["theirs"], each["yours"]) for each in caught.value.conflicts] == [
        ("call", "talks", "military")
    ]
    assert _named(session.article(HERALD), "s01")["labels"]["topic"] == "talks"
    assert _named(session.change(HERALD, seen, mine, mine=True), "s01")["labels"]["topic"] == "military"


def test_an_editor_that_saves_meanwhile_loses_nothing(project: Path, desk: Desk, act: Callable[..., Any]) -> None:
    session = desk.session
    seen = act("set", name="s03", values={"act": "say"})["version"]
    text = _draft(project).read_text(encoding="utf-8").replace("topic: call", "topic: talks  # by hand")
    _draft(project).write_text(text, encoding="utf-8")
    after = session.change(HERALD, seen, {"do": "set", "name": "s08", "values": {"act": "claim"}})
    assert (_named(after, "s01")["labels"]["topic"], _named(after, "s08")["labels"]["act"]) == ("talks", "claim")
    assert "# by hand" in _draft(project).read_text(encoding="utf-8")
    undone = session.step(HERALD, back=True)
    assert _named(undone, "s08")["labels"]["act"] == "believe"
    text = _draft(project).read_text(encoding="utf-8").replace("act: say", "act: stress")
    _draft(project).write_text(text, encoding="utf-8")
    with pytest.raises(ChangedMeanwhileError, match="changed the same since"):
        session.step(HERALD, back=True)


def test_a_version_from_before_a_restart_is_known_again_if_nothing_changed(project: Path) -> None:
    with desk_at(project) as desk:
        version = desk.session.change(
            HERALD, desk.session.article(HERALD)["version"], {"do": "set", "name": "s01", "values": {"topic": "talks"}}
        )["version"]
    with desk_at(project) as desk:
        after = desk.session.change(HERALD, version, {"do": "set", "name": "s02", "values": {"topic": "call"}})
        assert _named(after, "s02")["labels"]["topic"] == "call"
    with desk_at(project) as desk, pytest.raises(ChangedMeanwhileError, match="no longer knows"):
        desk.session.change(HERALD, version, {"do": "set", "name": "s02", "values": {"topic": "talks"}})


def test_a_draft_that_cannot_be_read_is_shown_and_not_written_to(
    project: Path, desk: Desk, act: Callable[..., Any]
) -> None:
    act("set", name="s03", values={"act": "say"})
    _draft(project).write_text("statements: [\n", encoding="utf-8")
    article = desk.session.article(HERALD)
    assert [each["code"] for each in article["findings"]] == ["yaml-unreadable"]
    assert article["text"].startswith("Advertisement")
    with pytest.raises(ReadoutsError, match="correct it in an editor"):
        act("set", name="s03", values={"act": "say"})
    assert _draft(project).read_text(encoding="utf-8") == "statements: [\n"


def test_a_draft_of_another_state_of_the_article_says_so(project: Path, desk: Desk, act: Callable[..., Any]) -> None:
    act("set", name="s03", values={"act": "say"})
    with _file(project).open("a", encoding="utf-8") as stream:
        stream.write("# changed\n")
    assert "another state" in desk.session.article(HERALD)["stale"]
    with pytest.raises(ReadoutsError, match="another state"):
        desk.session.anchor(HERALD)


def test_a_draft_of_another_state_is_put_aside_and_gone_through(
    project: Path, desk: Desk, act: Callable[..., Any]
) -> None:
    with pytest.raises(ReadoutsError, match="the article as it is"):
        desk.session.renew(HERALD)
    with pytest.raises(ReadoutsError, match="put aside"):
        desk.kept(HERALD)
    act("set", name="s03", values={"act": "say", "summary": "Marek wants both armies to leave."})
    act("add-mention", entity="lakes", place=[756, 760])
    before = _draft(project).read_bytes()
    text = _file(project).read_text(encoding="utf-8").replace("act: accuse", "act: blame")
    _file(project).write_text(text.replace("act: blame", "act: stress"), encoding="utf-8", newline="")
    article = desk.session.renew(HERALD)
    assert (article["stale"], article["drafted"]) == (None, False)
    assert _draft(project).with_suffix(".kept-1.yaml").read_bytes() == before
    found = desk.kept(HERALD)["differences"]
    assert [(each["kind"], each.get("key")) for each in found] == [
        ("labels", "act"), ("labels", "summary"), ("labels", "act"), ("mention", None),
    ]  # fmt: skip
    desk.reject(HERALD, found[2]["id"], on=True)
    for each in (found[0], found[1], found[3]):
        desk.session.change(HERALD, desk.session.article(HERALD)["version"], each["act"])
    assert [each["kept"] for each in desk.kept(HERALD)["differences"]] == [True]
    assert desk.session.anchor(HERALD)["anchored"]
    text = _file(project).read_text(encoding="utf-8")
    assert "act: stress" in text
    assert "Marek wants both armies to leave." in text
    # The draft of another day is put aside next to it.
    act("set", name="s03", values={"act": "propose"})
    _file(project).write_text(f"{text}# changed\n", encoding="utf-8", newline="")
    desk.session.renew(HERALD)
    assert len(list(_draft(project).parent.glob(f"{HERALD}.kept-[12].yaml"))) == 2


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"do": "dance"}, "Unknown act 'dance'"),
        ({"do": "set", "name": "s99", "values": {"act": "say"}}, "'s99' was removed from statements meanwhile"),
        ({"do": "set", "name": "s01", "values": {"colour": "red"}}, "Unknown key 'colour'"),
        ({"do": "set", "name": "s01", "values": {"review": "one_human"}}, "set by confirming"),
        ({"do": "article", "values": {"reviewed_by": ["Ada Example"]}}, "set by confirming"),
        ({"do": "remove-mention", "entity": "lakes", "place": [0, 4]}, "no longer exists"),
        ({"do": "remove-region", "number": 9}, "no longer exists"),
    ],
)
def test_an_act_that_does_not_fit_changes_nothing(
    project: Path, act: Callable[..., Any], asked: dict[str, Any], said: str
) -> None:
    with pytest.raises(ReadoutsError, match=said):
        act(**asked)
    assert not _draft(project).exists()


def test_a_person_confirms_a_statement_and_takes_it_back(act: Callable[..., dict[str, Any]]) -> None:
    read = _named(act("confirm", name="s01"), "s01")["labels"]
    assert (read["review"], read["reviewed_by"]) == ("one_human", PERSON)
    again = _named(act("confirm", name="s01", on=False), "s01")["labels"]
    assert (again["review"], again["reviewed_by"]) == ("machine", None)


def test_a_confirmed_article_is_valid_and_names_its_reader(project: Path, desk: Desk, act: Callable[..., Any]) -> None:
    article = act("confirm")
    assert {each["labels"]["review"] for each in article["statements"]} == {"one_human"}
    assert desk.checker.findings(HERALD) == []
    assert desk.session.anchor(HERALD)["anchored"]
    assert readouts.rebuild(project / "annotations").incidents == ()


def test_who_is_not_a_contributor_cannot_confirm(corpus: Path) -> None:
    with desk_at(corpus) as desk:
        assert desk.corpus()["contributor"] is False
        version = desk.session.article(HERALD)["version"]
        with pytest.raises(ReadoutsError, match="not a contributor"):
            desk.session.change(HERALD, version, {"do": "confirm", "name": "s01"})


def test_no_other_act_confirms_anything(act: Callable[..., dict[str, Any]]) -> None:
    act("set", name="s01", values={"act": "say"})
    article = act("chain", name="s03", chain=_named(act("remove-statement", name="s08"), "s03")["chain"][:1])
    assert {each["labels"]["review"] for each in article["statements"]} == {"machine"}


def test_an_alignment_is_made_changed_confirmed_and_undone(project: Path, desk: Desk) -> None:
    session, path = desk.session, project / "annotations" / "events" / f"{CALL}.yaml"
    before = path.read_text(encoding="utf-8")

    def align(do: str, **asked: Any) -> dict[str, Any]:
        return session.change_event(CALL, session.event(CALL)["version"], {"do": do, **asked})

    values = {
        "a": f"{HERALD}.s04", "b": "courier-2031-05-02.s02", "relation": "in_tension", "scope": "cross_side",
        "rationale": "One wants observers, the other has bands to speak of.",
    }  # fmt: skip
    align("align", values=values)
    event = align("align", name="a06", values={"rationale": "Observers, against bands."})
    assert event["data"]["alignments"]["a06"] == {**values, "rationale": "Observers, against bands."}
    event = align("confirm", name="a06")
    assert event["data"]["alignments"]["a06"]["reviewed_by"] == [PERSON]
    assert event["data"]["alignments"]["a01"].get("review") is None
    assert readouts.rebuild(project / "annotations").incidents == ()
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# The call itself.\n")
    assert set(before.splitlines()) <= set(text.splitlines())
    align("remove-alignment", name="a02")
    for _ in range(4):
        session.step_event(CALL, back=True)
    assert path.read_text(encoding="utf-8") == before


def test_candidates_are_of_the_other_side_and_the_likeliest_comes_first(desk: Desk) -> None:
    found = desk.candidates(CALL, f"{HERALD}.s02")
    assert found[0]["id"] == "courier-2031-05-02.s03"
    assert all(one["score"] >= two["score"] for one, two in pairwise(found))
    with pytest.raises(ReadoutsError, match="No statement"):
        desk.candidates(CALL, "nobody.s01")


def test_findings_are_those_of_rebuild_each_with_its_statement(desk: Desk, act: Callable[..., Any]) -> None:
    assert desk.checker.findings(HERALD) == []
    act("set", name="s03", values={"act": "sing"})
    found = desk.checker.findings(HERALD)
    assert [(each["code"], each["statement"], each["field"]) for each in found] == [("constraint-error", "s03", "act")]
    act("set", name="s03", values={"act": "say", "event": "no-such-call"})
    found = desk.checker.findings(HERALD)
    assert [(each["statement"], each["field"]) for each in found] == [("s03", "event_id")]
    act("set", name="s03", values={"event": CALL})
    act("remove-statement", name="s02")
    assert any("s02" in each["message"] for each in desk.checker.findings(HERALD))


def test_what_only_warns_is_a_finding_once_nothing_else_is(desk: Desk, act: Callable[..., Any]) -> None:
    desk.session.add_entity({"name": "Lake Board", "kind": "organisation"})
    (found,) = desk.checker.findings(HERALD)
    assert (found["code"], found["severity"], found["source"]["file"]) == (
        "entity-unused", "warning", "annotations/entities.yaml",
    )  # fmt: skip
    act("add-mention", entity="lake-board", place=[756, 760])
    assert desk.checker.findings(HERALD) == []


def test_a_new_entity_event_and_article_need_no_yaml(project: Path, desk: Desk) -> None:
    session = desk.session
    assert session.add_entity({"name": "Tarn Órla", "kind": "person"}) == {"id": "tarn-orla"}
    session.add_event({"id": "call-2031-06-01", "kind": "call", "date": "2031-06-01", "title": "A call"})
    (project / "texts" / "echo-2031-06-02.txt").write_text("Marek said that the bridge is open.\n", encoding="utf-8")
    session.add_article(
        {"id": "echo-2031-06-02", "title": "The bridge", "kind": "press", "language": "en", "event": "call-2031-06-01"}
    )

    def event(**asked: Any) -> None:
        session.change_event("call-2031-06-01", session.event("call-2031-06-01")["version"], asked)

    event(do="set", values={"side_a": "veldania", "side_b": "sarnia"})
    event(do="rows", key="participants", rows={"jana-marek": {"role": "principal", "side": "a"}})
    event(do="rows", key="participants", rows={"ilya-ostrova": {"role": "principal", "side": "b"}})
    chain = [{"sources": [{"entity": "jana-marek", "at": [[0, 5]]}], "cue": [[6, 10]]}]
    labels = {
        "event": "call-2031-06-01", "form": "indirect", "medium": "speech", "act": "say", "topic": "call",
        "polarity": "positive", "certainty": "certain", "modality": "asserted",
        "summary": "Marek: traffic crosses again.",
    }  # fmt: skip
    made = {"content": [[16, 34]], "labels": labels, "chain": chain}
    article = session.article("echo-2031-06-02")
    for asked in (
        {"do": "add-statement", "statement": made},
        {"do": "add-mention", "entity": "jana-marek", "place": [0, 5]},
        {"do": "article", "values": {"outlet": "morning-herald", "published_on": "2031-06-02"}},
    ):
        article = session.change("echo-2031-06-02", article["version"], asked)
    assert {each["severity"] for each in desk.checker.findings("echo-2031-06-02")} == {"warning"}
    assert session.anchor("echo-2031-06-02")["anchored"]
    assert readouts.rebuild(project / "annotations").incidents == ()
    assert readouts.validate(project).valid
