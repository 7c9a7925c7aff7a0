"""What a person does at the desk, by mouse and by keyboard, and what keeps it safe."""

from __future__ import annotations

import http.server
import json
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tests.desk.conftest import CALL, HERALD, desk_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Locator, Page, Route

    from tests.desk.browser.conftest import Served

pytestmark = pytest.mark.slow

CHOOSE = """([start, end]) => {
  const node = document.querySelector('.text').firstChild;
  getSelection().setBaseAndExtent(node, start, node, end);
  document.querySelector('.text').dispatchEvent(new MouseEvent('mouseup', {bubbles: true}));
}"""


def draft(project: Path, article: str = HERALD) -> str:
    return (project / "drafts" / f"{article}.yaml").read_text(encoding="utf-8")


def choose(page: Page, words: str) -> None:
    """Choose words of the text, as dragging the mouse over them does."""
    text = page.locator(".text").inner_text()
    page.evaluate(CHOOSE, [text.index(words), text.index(words) + len(words)])
    until(page, "words => getSelection().toString() === words", words)


def until(page: Page, condition: str, argument: Any = None) -> None:
    """Wait until something holds on a page, whose policy allows no script to be made of text."""
    for _ in range(300):
        if page.evaluate(condition, argument):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"It never held: {condition}")


def saved(page: Page, act: Callable[[], Any]) -> dict[str, Any]:
    """Do something that is saved, and return the state that the desk answers with."""
    with page.expect_response(lambda each: each.request.method == "POST") as found:
        act()
    assert found.value.status == 200, found.value.text()
    answer: dict[str, Any] = found.value.json()
    page.wait_for_timeout(50)
    return answer


def named(article: dict[str, Any], name: str) -> dict[str, Any]:
    return next(each for each in article["statements"] if each["name"] == name)


def write(box: Locator, text: str) -> None:
    """Write into a field and leave it."""
    box.fill(text)
    box.press("Tab")


def pick(page: Page, box: Locator, typed: str) -> None:
    """Look an entity up and take the first that is found."""
    box.fill(typed)
    page.locator(".options:visible [role=option]").first.wait_for()
    box.press("Enter")


def test_a_statement_is_made_by_keyboard_alone(serve: Callable[..., Served], visit: Callable[..., Page]) -> None:
    served = serve()
    page = visit(served, f"article/{HERALD}")
    page.keyboard.press("t")
    page.keyboard.press("End")
    for _ in range(8):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    assert page.evaluate("getSelection().toString()") == "Marek and"
    made = saved(page, lambda: page.keyboard.press("n"))
    new = named(made, "s09")
    assert new["content"] == [[15, 24]]
    assert new["labels"]["event"] == CALL
    page.keyboard.press("Escape")
    page.keyboard.press("t")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    chosen = page.evaluate("getSelection().toString()")
    after = saved(page, lambda: page.keyboard.press("c"))
    assert len(named(after, "s09")["content"]) == 2
    assert chosen in page.locator(".places").first.inner_text()
    undone = saved(page, lambda: page.keyboard.press("z"))
    assert len(named(undone, "s09")["content"]) == 1
    undone = saved(page, lambda: page.keyboard.press("z"))
    assert len(undone["statements"]) == 8
    again = saved(page, lambda: page.keyboard.press("Shift+Z"))
    assert named(again, "s09")["content"] == [[15, 24]]


def test_words_are_chosen_by_mouse_to_the_edges_of_words(
    serve: Callable[..., Served], visit: Callable[..., Page]
) -> None:
    page = visit(serve(), f"article/{HERALD}")
    box = page.evaluate(
        """() => { const range = document.createRange(), node = document.querySelector('.text').firstChild;
        range.setStart(node, 701); range.setEnd(node, 721); const box = range.getBoundingClientRect();
        document.querySelector('.scroll').scrollTop = box.top - 200; const there = range.getBoundingClientRect();
        return [there.left, there.top + there.height / 2, there.right]; }"""
    )
    page.mouse.move(box[0] + 12, box[1])
    page.mouse.down()
    page.mouse.move(box[2] - 8, box[1], steps=4)
    page.mouse.up()
    until(page, "getSelection().toString() === 'the truce would last'")
    page.locator(".tag", has_text="s08").click()
    after = saved(page, lambda: page.get_by_role("button", name="Add words c").click())
    assert named(after, "s08")["content"] == [[701, 721], [701, 721]] or "findings" in after


@contextmanager
def held(page: Page, path: str, view: str) -> Iterator[None]:
    """Go to a view, and hold the answer to what it asks for under a path until the block ends."""
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    page.route(path, hold)
    page.evaluate(f"location.hash = '{view}'")
    for _ in range(600):
        if not waiting:
            page.wait_for_timeout(50)
    yield
    waiting.pop().continue_()


def test_keys_do_their_work_before_all_is_loaded(serve: Callable[..., Served], visit: Callable[..., Page]) -> None:
    page = visit(serve())
    with held(page, "**/queue", f"article/{HERALD}"):
        page.keyboard.press("t")
        page.keyboard.press("Home")
        assert page.evaluate("getSelection().toString()").split() == ["Advertisement"]
    page.locator(".panel textarea, .panel button").first.wait_for()
    page.keyboard.press("Shift+ArrowRight")
    assert page.evaluate("getSelection().toString()").split() == ["Advertisement", "Marek"]


@pytest.mark.parametrize("view", [f"article/{HERALD}", f"event/{CALL}"])
def test_keys_mean_nothing_before_there_is_anything_to_work_on(
    serve: Callable[..., Served], visit: Callable[..., Page], view: str
) -> None:
    page = visit(serve())
    with held(page, f"**/{view}", view):
        for key in ("t", "j", "n", "z", "g", "v"):
            page.keyboard.press(key)
    page.locator(".text, .page.event").first.wait_for()


def test_characters_of_chinese_and_beyond_the_basic_plane_are_chosen_one_by_one(
    serve: Callable[..., Served], visit: Callable[..., Page], project: Path
) -> None:
    text = "\U0002070e马雷克说大桥开了。\n"
    (project / "texts" / "echo-2031-06-02.txt").write_text(text, encoding="utf-8")
    with desk_at(project) as desk:
        desk.session.add_article({"id": "echo-2031-06-02", "title": "A", "kind": "press", "language": "zh-Hans"})
    page = visit(serve(), "article/echo-2031-06-02")
    page.keyboard.press("t")
    page.keyboard.press("Home")
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    assert page.evaluate("getSelection().toString()") == "大桥"
    article = saved(page, lambda: page.keyboard.press("n"))
    assert article["statements"][0]["content"] == [[text.index("大桥"), text.index("大桥") + 2]]


def test_labels_chain_and_mention_are_set_in_the_form(
    serve: Callable[..., Served], visit: Callable[..., Page], project: Path
) -> None:
    page = visit(serve(), f"article/{HERALD}")
    page.locator(".tag", has_text="s04").click()
    act = page.get_by_label("act", exact=True)
    act.focus()
    after = saved(page, lambda: act.select_option("stress"))
    assert named(after, "s04")["labels"]["act"] == "stress"
    assert page.locator("[data-key=act]").evaluate("each => each === document.activeElement")
    described = page.get_by_label("act", exact=True).get_attribute("aria-describedby")
    assert page.locator(f"#{described}").inner_text() == "Gives the content special weight."
    summary = page.get_by_label("summary, in your own words")
    after = saved(page, lambda: write(summary, "Marek wants observers."))
    assert named(after, "s04")["labels"]["summary"] == "Marek wants observers."
    step = page.get_by_role("combobox", name="add a step")
    after = saved(page, lambda: pick(page, step, "ostro"))
    assert [step["sources"][0]["entity"] for step in named(after, "s04")["chain"]] == [
        "presidency", "jana-marek", "ilya-ostrova",
    ]  # fmt: skip
    choose(page, "conversation")
    after = saved(page, lambda: page.keyboard.press("u"))
    assert named(after, "s04")["chain"][2]["cue"] == [[442, 454]]
    choose(page, "Chancellery gave")
    page.keyboard.press("m")
    page.locator("dialog input").fill("lakes")
    after = saved(page, lambda: page.locator("dialog input").press("Enter"))
    assert {"entity": "lakes", "place": [402, 418]} in after["mentions"]
    assert "act: stress" in draft(project)


def test_several_addressees_are_picked_and_each_has_its_words(
    serve: Callable[..., Served], visit: Callable[..., Page]
) -> None:
    page = visit(serve(), f"article/{HERALD}")
    page.locator(".tag", has_text="s05").click()
    box = page.get_by_role("combobox", name="add an addressee")
    made = saved(page, lambda: pick(page, box, "veldania"))
    assert [each["entity"] for each in named(made, "s05")["addressees"]] == ["jana-marek", "veldania"]
    choose(page, "Veldania")
    made = saved(page, lambda: page.keyboard.press("a"))
    assert named(made, "s05")["addressees"][1] == {"entity": "veldania", "at": [[88, 96]]}
    page.get_by_role("radio", name="Addressee 1").check()
    choose(page, "Chancellery")
    made = saved(page, lambda: page.keyboard.press("a"))
    assert len(named(made, "s05")["addressees"][0]["at"]) == 2
    made = saved(page, lambda: page.get_by_role("button", name="Remove addressee 1").click())
    assert [each["entity"] for each in named(made, "s05")["addressees"]] == ["veldania"]
    made = saved(page, lambda: page.get_by_role("button", name="Remove addressee", exact=True).click())
    assert named(made, "s05")["addressees"] == []


def test_what_is_being_written_stays_while_findings_come(
    serve: Callable[..., Served], visit: Callable[..., Page]
) -> None:
    page = visit(serve(), f"article/{HERALD}")
    page.locator(".tag", has_text="s04").click()
    saved(page, lambda: page.get_by_label("act", exact=True).select_option("stress"))
    summary = page.get_by_label("summary, in your own words")
    with page.expect_response(lambda each: each.url.endswith("/findings")):
        summary.fill("Half a sen")
    page.wait_for_timeout(300)
    assert summary.input_value() == "Half a sen"
    page.keyboard.type("tence.")
    after = saved(page, lambda: page.keyboard.press("Tab"))
    assert named(after, "s04")["labels"]["summary"] == "Half a sentence."


def test_a_finding_stands_next_to_what_it_is_about(serve: Callable[..., Served], visit: Callable[..., Page]) -> None:
    page = visit(serve(), f"article/{HERALD}")
    page.get_by_role("button", name="Findings 0").wait_for()
    page.locator(".tag", has_text="s02").click()
    saved(page, lambda: page.get_by_role("button", name="Delete").click())
    page.get_by_role("button", name="Findings").filter(has_text="1").or_(
        page.get_by_role("button", name="Findings").filter(has_text="2")
    ).first.wait_for()
    page.get_by_role("button", name="Findings").click()
    assert "s02" in page.locator(".finding").first.inner_text()


def test_a_warning_is_marked_as_one(serve: Callable[..., Served], visit: Callable[..., Page], project: Path) -> None:
    with desk_at(project) as desk:
        desk.session.add_entity({"name": "Lake Board", "kind": "organisation"})
    page = visit(serve(), f"article/{HERALD}")
    page.get_by_role("button", name="Findings 0 + 1").click()
    assert "warning" in page.locator(".finding.warning").inner_text()
    page.get_by_role("heading", name="1 warning").wait_for()
    assert page.locator(".tag.wrong").count() == 0


def test_a_killed_desk_loses_nothing_and_the_page_goes_on(
    serve: Callable[..., Served], visit: Callable[..., Page], project: Path
) -> None:
    served = serve()
    page = visit(served, f"article/{HERALD}", fails=True)
    page.locator(".tag", has_text="s04").click()
    saved(page, lambda: page.get_by_label("act", exact=True).select_option("stress"))
    served.kill()
    page.get_by_label("topic", exact=True).select_option("talks")
    page.get_by_text("Start it again").wait_for()
    page.get_by_role("button", name="Close").click()
    assert "act: stress" in draft(project)
    served.start()
    page.goto(f"{served.address}article/{HERALD}")
    page.reload()
    page.locator(".tag", has_text="s04").click()
    assert page.get_by_label("act", exact=True).input_value() == "stress"
    after = saved(page, lambda: page.get_by_label("topic", exact=True).select_option("talks"))
    assert named(after, "s04")["labels"]["topic"] == "talks"


def test_what_an_editor_writes_is_shown_and_a_conflict_has_both_versions(
    serve: Callable[..., Served], visit: Callable[..., Page], project: Path
) -> None:
    page = visit(serve(), f"article/{HERALD}", fails=True)
    page.locator(".tag", has_text="s08").click()
    saved(page, lambda: page.get_by_label("act", exact=True).select_option("claim"))
    path = project / "drafts" / f"{HERALD}.yaml"
    path.write_text(draft(project).replace("act: claim", "act: predict"), encoding="utf-8")
    until(page, "document.querySelector('[data-key=act]').value === 'predict'")
    page.evaluate("() => { for (let id = 0; id < 9999; id++) clearInterval(id); }")
    path.write_text(draft(project).replace("act: predict", "act: believe"), encoding="utf-8")
    with page.expect_response(lambda each: each.status == 409):
        page.get_by_label("act", exact=True).select_option("stress")
    page.locator("dialog td").first.wait_for()
    cells = page.locator("dialog td").all_inner_texts()
    assert cells == ["predict", "believe", "stress"]
    saved(page, lambda: page.get_by_role("button", name="Take mine").click())
    until(page, "document.querySelector('[data-key=act]').value === 'stress'")
    assert "act: stress" in draft(project)


ATTACK = """<!doctype html><title>x</title><script>
const home = HOME, paths = PATHS, found = [];
const noted = (what) => (value) => found.push([what, String(value)]);
(async () => {
  for (const path of paths) {
    for (const how of [{}, {mode: 'no-cors'}, {headers: {'X-Readouts-Token': 'guess'}}, {credentials: 'include'}]) {
      try { const answer = await fetch(home + path, how); noted('read ' + path)(answer.type + await answer.text()); }
      catch (error) { noted('refused ' + path)(error.name); }
    }
    for (const type of ['text/plain', 'application/json', 'application/x-www-form-urlencoded']) {
      for (const mode of ['cors', 'no-cors']) {
        const how = {method: 'POST', mode, headers: {'Content-Type': type}, body: BODY};
        try { const answer = await fetch(home + path, how); noted('wrote ' + path)(answer.type + await answer.text()); }
        catch (error) { noted('refused ' + path)(error.name); }
      }
    }
  }
  const frame = document.createElement('iframe'); frame.src = home; document.body.append(frame);
  await new Promise((done) => { frame.onload = done; setTimeout(done, 1500); });
  try { noted('frame')(frame.contentDocument.body.innerText); } catch (error) { noted('refused frame')(error.name); }
  const opened = window.open(home); await new Promise((done) => setTimeout(done, 800));
  try { noted('window')(opened.document.body.innerText); } catch (error) { noted('refused window')(error.name); }
  window.result = found;
})();
</script><body></body>"""


@contextmanager
def attacker(home: str, version: str) -> Iterator[str]:
    """Serve a page of another origin that tries to read and to write."""
    body = json.dumps({"version": version, "act": {"do": "set", "name": "s01", "values": {"topic": "talks"}}})
    paths = ["api/corpus", f"api/article/{HERALD}", f"api/article/{HERALD}/anchor", "api/new/entity"]
    page = (
        ATTACK.replace("HOME", json.dumps(home)).replace("PATHS", json.dumps(paths)).replace("BODY", json.dumps(body))
    )

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://localhost:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_a_page_of_another_origin_neither_reads_nor_writes(
    serve: Callable[..., Served], visit: Callable[..., Page], project: Path
) -> None:
    served = serve()
    page = visit(served, f"article/{HERALD}", fails=True)
    version = page.evaluate(
        "id => fetch('/api/article/' + id, {headers: {'X-Readouts-Token': localStorage['readouts-token']}})"
        ".then(answer => answer.json()).then(article => article.version)",
        HERALD,
    )
    other = page.context.new_page()
    with attacker(served.home, version) as address:
        other.goto(address)
        until(other, "Boolean(window.result)")
        found = other.evaluate("window.result")
    assert len(found) > 30
    for what, value in found:
        # What is answered without being refused is opaque: there is nothing in it to be read.
        assert what.startswith("refused") or value == "opaque", (what, value)
    assert not (project / "drafts").exists()
    for each in other.context.pages[1:]:
        each.close()


def test_a_name_of_elsewhere_that_leads_here_gets_nothing(serve: Callable[..., Served], browser: Any) -> None:
    import urllib.error
    import urllib.request

    served = serve()
    request = urllib.request.Request(served.home, headers={"Host": f"attacker.example:{served.port}"})
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(request)
