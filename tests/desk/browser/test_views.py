"""The other views: the queue, two accounts side by side, two annotations of one text, and what is new."""

from __future__ import annotations

import re
import shutil
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

import readouts
from readouts.annotations.drafting import anchor
from tests.conftest import ROOT
from tests.desk.browser.test_working import choose, draft, pick, saved, until, write
from tests.desk.conftest import CALL, HERALD, PERSON, desk_at

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.desk.browser.conftest import Served

pytestmark = pytest.mark.slow


ECHO = "echo-2031-06-02"
TWICE = "cctv-2024-08-29"
"""A document that was annotated twice."""
TEXT = (
    "The bridge is open again\n\nPresident Marek said that the bridge is open. She urged Ostrova to lower the toll.\n"
)


def test_an_article_comes_from_nothing_to_a_valid_corpus_without_yaml(
    serve: Callable[..., Served], visit: Callable[..., Page], project: Path
) -> None:
    (project / "texts" / f"{ECHO}.txt").write_text(TEXT, encoding="utf-8")
    page = visit(serve())
    page.get_by_role("button", name="New event").click()
    page.get_by_label("id, such as call-").fill("call-2031-06-01")
    page.get_by_label("title", exact=True).fill("A call about the bridge")
    page.get_by_label("date", exact=True).fill("2031-06-01")
    page.get_by_role("button", name="Make it").click()
    saved(page, lambda: pick(page, page.get_by_role("combobox", name="side a stands for"), "veld"))
    saved(page, lambda: pick(page, page.get_by_role("combobox", name="side b stands for"), "sarn"))
    saved(page, lambda: pick(page, page.get_by_role("combobox", name="add a participant"), "jana"))
    event = saved(page, lambda: pick(page, page.get_by_role("combobox", name="add a participant"), "ilya"))
    assert [row["side"] for row in event["data"]["participants"].values()] == ["a", "b"]
    page.get_by_role("link", name="Desk", exact=True).click()
    page.get_by_role("button", name="New article").click()
    page.get_by_label("id, such as gazette-").fill(ECHO)
    page.get_by_label("title as published").fill("The bridge is open again")
    page.get_by_label("language").fill("en")
    page.locator("dialog").get_by_label("event").select_option("call-2031-06-01")
    page.get_by_role("button", name="Make it").click()
    page.locator(".text").wait_for()
    page.get_by_role("button", name="Article", exact=True).click()
    outlet = page.get_by_role("combobox", name="outlet")
    outlet.fill("The Echo")
    outlet.press("Enter")
    page.locator("dialog").get_by_label("Kind").select_option("outlet")
    saved(page, lambda: page.get_by_role("button", name="Add to the registry").click())
    until(page, "document.querySelector('.state').textContent.startsWith('Saved')")
    published = page.get_by_label("published on")
    saved(page, lambda: write(published, "2031-06-02"))
    page.keyboard.press("Escape")
    for words, summary, act, modality, source, cue in (
        ("the bridge is open", "Marek: traffic crosses again.", "say", "asserted", "President Marek", "said"),
        ("to lower the toll", "Marek asks for a cheaper passage.", "urge", "requested", "She", "urged"),
    ):
        choose(page, words)
        made = saved(page, lambda: page.keyboard.press("n"))
        page.keyboard.press("Escape")
        for key, value in (("act", act), ("topic", "relations"), ("modality", modality)):
            made = saved(page, lambda: page.locator(f"[data-key={key}]").select_option(value))  # noqa: B023
        box = page.locator("[data-key=summary]")
        saved(page, lambda: write(box, summary))  # noqa: B023
        saved(page, lambda: pick(page, page.get_by_role("combobox", name="first source"), "jana"))
        page.locator(".text").focus()
        choose(page, source)
        saved(page, lambda: page.keyboard.press("s"))
        choose(page, cue)
        made = saved(page, lambda: page.keyboard.press("u"))
    assert [each["labels"]["event"] for each in made["statements"]] == ["call-2031-06-01"] * 2
    page.get_by_role("button", name="Findings 0").wait_for()
    answer = saved(page, lambda: page.get_by_role("button", name="Anchor").click())
    assert answer["anchored"]
    assert readouts.rebuild(project / "annotations").incidents == ()
    assert readouts.validate(project).valid
    assert "review: machine" in (project / "annotations" / "articles" / f"{ECHO}.yaml").read_text(encoding="utf-8")


def test_two_accounts_are_aligned_from_start_to_end(
    serve: Callable[..., Served], visit: Callable[..., Page], project: Path
) -> None:
    path = project / "annotations" / "events" / f"{CALL}.yaml"
    page = visit(serve(), f"event/{CALL}")
    assert page.locator(".column-a h3").all_inner_texts() == ["Aligned (3)", "Without a counterpart (1)"]
    page.locator(".column-a .card", has_text="s04").click()
    page.get_by_role("heading", name="Likeliest first (9)").wait_for()
    page.locator(".column-b .card", has_text="herald-2031-05-02").filter(has_text="disarm").click()
    page.get_by_label("relation: a … b").select_option("in_tension")
    assert page.get_by_label("scope").input_value() == "cross_side"
    rationale = page.get_by_label("rationale, in one sentence")
    rationale.fill("One wants observers, the other wants weapons laid down first.")
    event = saved(page, lambda: rationale.press("Enter"))
    assert event["data"]["alignments"]["a06"]["b"] == f"{HERALD}.s06"
    assert page.locator(".column-a h3").all_inner_texts() == ["Aligned (4)"]
    event = saved(page, lambda: page.get_by_role("button", name="Confirm a06").click())
    assert event["data"]["alignments"]["a06"]["reviewed_by"] == [PERSON]
    assert readouts.rebuild(project / "annotations").incidents == ()
    saved(page, lambda: page.keyboard.press("z"))
    saved(page, lambda: page.keyboard.press("z"))
    assert "a06" not in path.read_text(encoding="utf-8")


def test_two_annotations_are_curated_from_start_to_end(
    serve: Callable[..., Served], visit: Callable[..., Page], project: Path, tmp_path: Path
) -> None:
    other = tmp_path / "second-pass"
    shutil.copytree(project, other)
    with desk_at(other) as theirs:
        for asked in (
            {"do": "set", "name": "s01", "values": {"act": "say"}},
            {"do": "spans", "name": "s04", "role": "content", "places": [[371, 395]]},
            {"do": "remove-statement", "name": "s08"},
            {"do": "add-mention", "entity": "lakes", "place": [756, 760]},
        ):
            version = theirs.session.article(HERALD)["version"]
            theirs.session.change(HERALD, version, asked)
        theirs.session.anchor(HERALD)
    page = visit(serve("--against", str(other / "annotations")), f"curate/{HERALD}")
    page.get_by_text("4 differences left of 4").wait_for()
    assert page.locator(".half .big").all_inner_texts() == ["report", "say"]
    page.keyboard.press("1")
    page.get_by_text("3 differences left of 4").wait_for()
    page.keyboard.press("2")
    page.get_by_text("2 differences left of 4").wait_for()
    page.get_by_role("button", name="Delete mine too").click()
    page.get_by_text("1 difference left of 4").wait_for()
    page.keyboard.press("2")
    page.get_by_role("heading", name="No difference is left").wait_for()
    assert not anchor(HERALD, project / "annotations", project / "texts").reading.incidents
    text = (project / "annotations" / "articles" / f"{HERALD}.yaml").read_text(encoding="utf-8")
    assert "act: report" in text
    assert "s08:" not in text
    assert "review: one_human" not in text


def test_the_two_passes_of_a_document_of_the_datasheet_are_curated_into_a_valid_corpus(
    serve: Callable[..., Served], visit: Callable[..., Page], source_texts: Path, tmp_path: Path
) -> None:
    if not (source_texts / f"{TWICE}.txt").is_file():
        pytest.skip(f"no text of the two passes is in {source_texts}")
    passes = ROOT / "docs" / "agreement" / "2.0"
    mine = tmp_path / "first"
    shutil.copytree(passes / "first", mine)
    folders = ["--annotations", str(mine / "annotations"), "--against", str(passes / "second" / "annotations")]
    page = visit(serve("--texts", str(source_texts), *folders), f"curate/{TWICE}")
    left = int(page.locator(".state").inner_text().split()[0])
    assert left > 20
    decided = 0
    while page.locator(".half").count():
        # Whatever is mixed fits together.
        page.keyboard.press("12"[decided % 2])
        decided += 1
        page.locator(".state", has_text=re.compile(rf"^{left - decided} ")).wait_for()
    assert decided == left
    page.get_by_text("Nothing is wrong with it.").wait_for()
    page.get_by_role("button", name="Anchor").click()
    page.get_by_text("The article’s file has what was decided").wait_for()
    assert readouts.rebuild(mine / "annotations").incidents == ()
    assert readouts.validate(mine).valid


def test_a_decision_between_two_annotations_is_taken_back(
    serve: Callable[..., Served], visit: Callable[..., Page], project: Path, tmp_path: Path
) -> None:
    shutil.copytree(project, tmp_path / "other")
    path = tmp_path / "other" / "annotations" / "articles" / f"{HERALD}.yaml"
    text = path.read_text(encoding="utf-8").replace("act: propose", "act: say")
    path.write_text(text, encoding="utf-8", newline="")
    page = visit(serve("--against", str(tmp_path / "other" / "annotations")), f"curate/{HERALD}")
    page.get_by_text("2 differences left of 2").wait_for()
    page.keyboard.press("2")
    page.get_by_text("1 difference left of 2").wait_for()
    page.keyboard.press("1")
    page.get_by_role("heading", name="No difference is left").wait_for()
    assert draft(project).count("act: propose") == 1
    page.keyboard.press("z")
    page.get_by_text("1 difference left of 2").wait_for()
    assert draft(project).count("act: propose") == 1
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("2 differences left of 2").wait_for()
    assert draft(project).count("act: propose") == 2


def test_a_draft_of_another_state_is_gone_through_after_one_click(
    serve: Callable[..., Served], visit: Callable[..., Page], project: Path
) -> None:
    with desk_at(project) as desk:
        version = desk.session.article(HERALD)["version"]
        desk.session.change(HERALD, version, {"do": "set", "name": "s03", "values": {"act": "say"}})
    path = project / "annotations" / "articles" / f"{HERALD}.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("act: accuse", "act: stress"), encoding="utf-8")
    page = visit(serve(), f"article/{HERALD}")
    page.get_by_role("button", name="Begin with the article").click()
    page.get_by_text("2 differences left of 2").wait_for()
    saved(page, lambda: page.keyboard.press("2"))
    page.get_by_text("1 difference left of 2").wait_for()
    saved(page, lambda: page.keyboard.press("1"))
    page.get_by_role("button", name="Anchor").click()
    page.get_by_text("The article’s file has what was decided").wait_for()
    text = path.read_text(encoding="utf-8")
    assert "act: say" in text
    assert "act: stress" in text
    assert (project / "drafts" / f"{HERALD}.kept-1.yaml").is_file()


def test_proposals_are_decided_with_one_key_each(
    serve: Callable[..., Served], visit: Callable[..., Page], project: Path
) -> None:
    (project / "texts" / f"{ECHO}.txt").write_text(TEXT, encoding="utf-8")
    with desk_at(project) as desk:
        desk.session.add_article(
            {"id": ECHO, "title": "The bridge is open again", "kind": "press", "language": "en", "event": CALL}
        )
    page = visit(serve(), f"article/{ECHO}")
    page.get_by_role("button", name="Accept y").wait_for()
    left = int(page.locator("[data-panel=queue]").inner_text().split()[1])
    assert left >= 3
    saved(page, lambda: page.keyboard.press("y"))
    page.locator("[data-panel=queue]", has_text=f"Queue {left - 1}").wait_for()
    saved(page, lambda: page.keyboard.press("d"))
    page.locator("[data-panel=queue]", has_text=f"Queue {left - 2}").wait_for()
    while page.get_by_role("heading", name="a statement").count() == 0:
        saved(page, lambda: page.keyboard.press("y"))
        page.wait_for_timeout(200)
    saved(page, lambda: page.keyboard.press("e"))
    page.locator("[data-key=summary]").wait_for()
    until(page, "document.activeElement.dataset.key === 'summary'")
    assert "statements:" in draft(project, ECHO)
    assert "one_human" not in draft(project, ECHO)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", ["", f"article/{HERALD}", f"event/{CALL}", f"curate/{HERALD}"])
def test_axe_finds_nothing_serious(  # noqa: PLR0917 - fixtures
    serve: Callable[..., Served],
    visit: Callable[..., Page],
    axe: str,
    view: str,
    scheme: str,
    project: Path,
    tmp_path: Path,
) -> None:
    more: list[str] = []
    if view.startswith("curate"):
        shutil.copytree(project, tmp_path / "other")
        path = tmp_path / "other" / "annotations" / "articles" / f"{HERALD}.yaml"
        path.write_text(path.read_text(encoding="utf-8").replace("act: propose", "act: say", 1), encoding="utf-8")
        more = ["--against", str(tmp_path / "other" / "annotations")]
    page = visit(serve(*more), view, color_scheme=scheme)
    page.evaluate(axe)
    panels = [None, "findings", "mentions", "about"] if view.startswith("article") else [None]
    for panel in panels:
        if panel:
            page.locator(f"[data-panel={panel}]").click()
        found: list[Any] = page.evaluate("async () => (await axe.run()).violations")
        serious = [
            (each["id"], node["target"], node["any"][:1])
            for each in found
            if each["impact"] in {"serious", "critical"}
            for node in each["nodes"]
        ]
        assert serious == []


@pytest.mark.parametrize("width", [1024, 1600])
@pytest.mark.parametrize("view", [f"article/{HERALD}", f"event/{CALL}", f"curate/{HERALD}"])
def test_nothing_is_cut_off_at_the_right(  # noqa: PLR0917 - fixtures
    serve: Callable[..., Served],
    visit: Callable[..., Page],
    view: str,
    width: int,
    project: Path,
    tmp_path: Path,
) -> None:
    shutil.copytree(project, tmp_path / "other")
    path = tmp_path / "other" / "annotations" / "articles" / f"{HERALD}.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("[[376, 395]]", "[[371, 395]]"), encoding="utf-8")
    served = serve("--against", str(tmp_path / "other" / "annotations"))
    page = visit(served, view, viewport={"width": width, "height": 800})
    wide = page.evaluate(
        """[...document.querySelectorAll('#masthead, #main, .page, .panel, .body, .step, .half, .card')]
        .filter((each) => each.scrollWidth > each.clientWidth).map((each) => each.className || each.id)"""
    )
    assert wide == []


def _said(project: Path, sentences: list[str]) -> None:
    """Write an article of sentences that each begin `Marek000 said that `, one statement each."""
    text = "".join(sentences)
    (project / "texts" / f"{ECHO}.txt").write_text(text, encoding="utf-8")
    rows, at = [], 0
    for number, sentence in enumerate(sentences):
        rows.append(
            f"  s{number + 1:03d}: {{act: say, summary: Number {number}., "
            f"content: [{at + 19}, {at + len(sentence) - 2}], "
            f"sources: [{{entity: jana-marek, at: [{at}, {at + 8}], cue: [{at + 9}, {at + 13}]}}]}}\n"
        )
        at += len(sentence)
    cells = {"title": "Long", "outlet": "morning-herald", "kind": "press", "language": "en", "made_by": "me"}
    labels = "form: indirect, medium: speech, topic: call, polarity: positive, certainty: certain, modality: asserted"
    head = "".join(f"{key}: {value}\n" for key, value in cells.items())
    head += f"rights: no_redistribution\nreview: machine\ndefaults: {{event: {CALL}, {labels}}}\n"
    path = project / "annotations" / "articles" / f"{ECHO}.yaml"
    path.write_text(f"{head}statements:\n{''.join(rows)}", encoding="utf-8")


def test_tags_of_many_statements_stay_near_their_lines(
    serve: Callable[..., Served], visit: Callable[..., Page], project: Path
) -> None:
    _said(project, [f"Marek{number:03d} said that it rains. " for number in range(60)])
    page = visit(serve(), f"article/{ECHO}")
    page.locator(".tag").nth(59).wait_for()
    # They stand in two columns, and none hides another.
    boxes = page.evaluate("[...document.querySelectorAll('.tag')].map((each) => each.getBoundingClientRect().toJSON())")
    assert len({each["x"] for each in boxes}) == 2
    for column in {each["x"] for each in boxes}:
        tops = [each["y"] for each in boxes if each["x"] == column]
        assert all(two - one >= 20 for one, two in pairwise(sorted(tops)))
    text = page.locator(".text").bounding_box()
    assert text is not None
    assert max(each["bottom"] for each in boxes) < text["y"] + text["height"] + 24


def test_ten_thousand_characters_with_four_hundred_spans_answer_at_once(
    serve: Callable[..., Served], visit: Callable[..., Page], project: Path
) -> None:
    sentences = [
        f"Marek{number:03d} said that the bridge number {number:03d} of the long road is open again.\n"
        for number in range(140)
    ]
    assert sum(map(len, sentences)) >= 9_900
    _said(project, sentences)
    page = visit(serve(), f"article/{ECHO}")
    page.locator(".tag").nth(100).wait_for()
    took = page.evaluate(
        """async () => { const times = [];
        const timed = async (act) => {
          const start = performance.now();
          act();
          await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
          times.push(performance.now() - start);
        };
        for (const place of [5, 60, 120]) await timed(() => document.querySelectorAll('.tag')[place].click());
        for (const key of ['j', 'k', 'j', 'j'])
          await timed(() => document.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true})));
        return times; }"""
    )
    # The machine may be busy with other tests: the quickest says what the page needs.
    assert min(took) < 100, took
