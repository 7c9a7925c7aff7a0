"""How many keys and clicks a statement takes at the desk, with and without proposals, driven through Chromium.

The statements that the corpus has of a document are made once more in a scratch copy without them: once all by hand,
once from the queue, where each proposal is accepted and corrected, or rejected, and what nobody proposed is made by
hand. A chosen stretch of words counts as one action, a choice from a list as two (open, choose), every key as one.
Summaries, which have to be written either way, are left out of both. The words that the rules know were learned from
the whole corpus, these documents too: on other texts proposals are right less often.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright

from readouts.analysis.agreement import OVERLAP, overlap
from readouts.annotations.nodes import decode, parse
from readouts.desk.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

__all__ = ["main"]

ROOT = Path(__file__).resolve().parents[1]
LABELS = ("form", "medium", "act", "topic", "polarity", "certainty", "modality")
LISTS = {"regions", "defaults", "chains", "statements", "mentions", "relations", "text", "reviewed_by"}
CHOOSE = """([start, end]) => {
  const node = document.querySelector('.text').firstChild;
  getSelection().setBaseAndExtent(node, start, node, end);
  document.querySelector('.text').dispatchEvent(new MouseEvent('mouseup', {bubbles: true}));
}"""

QUEUE = """async (id) => {
  const headers = {'X-Readouts-Token': localStorage['readouts-token']};
  return (await (await fetch(`/api/article/${id}/queue`, {headers})).json()).queue;
}"""


class Annotator:
    """Works at the desk, and counts."""

    def __init__(self, page: Page, entities: dict[str, Any]) -> None:
        self.page = page
        self.entities = entities
        self.actions = 0
        self.article: dict[str, Any] = {}
        page.on("response", lambda response: self._heard(response))  # noqa: PLW0108 - a function with a type

    def _heard(self, response: Any) -> None:
        if response.request.method == "POST" and response.status == 200:
            found = response.json()
            if "statements" in found:
                self.article = found

    def saved(self, act: Callable[[], object]) -> None:
        """Do something that the desk saves."""
        with self.page.expect_response(lambda each: each.request.method == "POST"):
            act()
        self.page.wait_for_timeout(60)

    def choose(self, place: list[int]) -> None:
        self.actions += 1
        self.page.evaluate(CHOOSE, place)
        self.page.wait_for_timeout(30)

    def key(self, key: str) -> None:
        self.actions += 1
        self.page.locator(".text").focus()
        self.saved(partial(self.page.keyboard.press, key))

    def label(self, key: str, value: str) -> None:
        self.actions += 2
        self.saved(lambda: self.page.locator(f"[data-key={key}]").select_option(value))

    def look_up(self, box: Locator, entity: str) -> None:
        """Look an entity up by its name: a click, four letters at most until it is the first, and Enter."""
        name = self.entities[entity]["name"]
        self.actions += 1
        for length in range(1, len(name) + 1):
            box.fill(name[:length])
            self.actions += 1
            first = self.page.locator(".options:visible [role=option] b").first
            if first.count() and first.inner_text() == name:
                break
        self.actions += 1
        self.saved(lambda: box.press("Enter"))

    @property
    def current(self) -> dict[str, Any]:
        name = self.page.locator(".form h2").first.inner_text()
        return next(each for each in self.article["statements"] if each["name"] == name)

    def chain(self, wanted: list[dict[str, Any]]) -> None:
        """Bring the chain of the current statement to what it has to be."""
        now = self.current["chain"]
        same = 0
        while same < min(len(now), len(wanted)) and who(now[same]) == who(wanted[same]):
            same += 1
        for _ in range(len(now) - same):
            self.actions += 1
            self.saved(self.page.get_by_role("button", name="Remove step").last.click)
        for step in wanted[same:]:
            for number, source in enumerate(step["sources"]):
                if number:
                    self.actions += 1
                    self.page.get_by_text("More ways").click()
                    self.look_up(self.page.get_by_role("combobox", name="add a joint source"), source["entity"])
                elif source["entity"]:
                    box = self.page.get_by_role("combobox", name="add a step")
                    first = self.page.get_by_role("combobox", name="first source")
                    self.look_up(first if first.count() else box, source["entity"])
                else:
                    self.actions += 2
                    self.page.get_by_text("More ways").click()
                    self.saved(lambda: self.page.get_by_role("button", name="Add an unnamed source").click())
            for place in step["sources"][0]["at"]:
                self.choose(place)
                self.key("s")
            for place in step["cue"]:
                self.choose(place)
                self.key("u")

    def correct(self, wanted: dict[str, Any]) -> None:
        """Bring the current statement to what it has to be."""
        if self.current["content"] != wanted["content"]:
            for number, place in enumerate(wanted["content"]):
                self.choose(place)
                self.key("c" if number else "r")
        for key in LABELS:
            if self.current["labels"].get(key) != wanted["labels"].get(key):
                self.label(key, wanted["labels"][key])
        self.chain(wanted["chain"])

    def make(self, wanted: dict[str, Any]) -> None:
        """Make a statement by hand."""
        self.choose(wanted["content"][0])
        self.key("n")
        self.correct(wanted)

    def from_queue(self, wanted: list[dict[str, Any]]) -> None:
        """Decide on the proposals up to the last wanted statement, then make what nobody proposed."""
        left = list(wanted)
        last = max(place[1] for each in wanted for place in each["content"])
        while True:
            self.page.locator("[data-panel=queue]").click()
            if not self.page.locator("h2", has_text=": a ").count():
                break
            queue = self.page.evaluate(QUEUE, self.article_id)
            regions = [each for each in queue if each["kind"] == "region"]
            first = (regions or queue)[0]
            if first["kind"] == "mention" or (first["kind"] == "statement" and first["place"][0] >= last):
                break
            if first["kind"] == "region":
                # They are the same work in both ways.
                before = self.actions
                self.key("y")
                self.actions = before
                continue
            places = first["act"]["statement"]["content"]
            match = max(left, key=lambda each: overlap(each["content"], places), default=None)
            if match is None or overlap(match["content"], places) < OVERLAP:
                self.key("d")
                continue
            left.remove(match)
            self.key("e")
            self.page.wait_for_timeout(200)
            self.correct(match)
        for each in left:
            self.make(each)

    article_id = ""


def who(step: dict[str, Any]) -> list[str]:
    """Return who a step names."""
    return sorted(source["entity"] or "unnamed" for source in step["sources"])


def scratch(folder: Path, article: str) -> None:
    """Copy the annotations, without what an article has."""
    shutil.copytree(ROOT / "annotations", folder / "annotations")
    path = folder / "annotations" / "articles" / f"{article}.yaml"
    source = decode(path, path.name)
    root = parse(source, path.name)
    keys = sorted((key.start, name) for name, key in root.keys.items())
    ends = [start for start, _ in keys[1:]] + [len(source)]
    text = "".join(source[start:end] for (start, name), end in zip(keys, ends, strict=True) if name not in LISTS)
    path.write_text(text, encoding="utf-8")
    (folder / "annotations" / "anchors" / f"{article}.csv").unlink()
    for event in (folder / "annotations" / "events").glob("*.yaml"):
        if article in (found := event.read_text(encoding="utf-8")):
            event.write_text(found.partition("\nalignments:")[0] + "\nmade_by: x\nreview: machine\n", encoding="utf-8")


def measured(article: str, texts: Path, most: int, *, proposals: bool) -> tuple[int, int]:
    """Return how many statements were made, and how many actions that took."""
    session = Session(ROOT / "annotations", texts, "nobody")
    wanted = sorted(session.article(article)["statements"], key=lambda each: each["content"][0])[:most]
    entities = session.corpus()["entities"]
    with tempfile.TemporaryDirectory() as held, sync_playwright() as playwright:
        folder = Path(held)
        scratch(folder, article)
        command = [
            sys.executable,
            "-m",
            "readouts",
            "desk",
            "--texts",
            str(texts.resolve()),
            "--as",
            "x",
            "--port",
            "0",
        ]
        with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as desk:
            try:
                address = desk.stdout.readline().strip() if desk.stdout else ""
                chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
                page = chromium.new_page(viewport={"width": 1280, "height": 900})
                annotator = Annotator(page, entities)
                annotator.article_id = article
                page.goto(f"{address}article/{article}")
                page.locator(".tabs").wait_for()
                if proposals:
                    annotator.from_queue(wanted)
                else:
                    page.locator("[data-panel=statement]").click()
                    for each in wanted:
                        annotator.make(each)
                chromium.close()
            finally:
                desk.terminate()
    return len(wanted), annotator.actions


def main() -> None:
    """Print the actions per statement of each document."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("articles", nargs="+")
    options.add_argument("--texts", type=Path, required=True)
    options.add_argument("--most", type=int, default=10, help="statements of each document")
    asked = options.parse_args()
    for article in asked.articles:
        counts = [measured(article, asked.texts, asked.most, proposals=proposals) for proposals in (False, True)]
        by_hand, proposed = (actions / made for made, actions in counts)
        print(f"{article}: {by_hand:.1f} actions a statement by hand, {proposed:.1f} from proposals", flush=True)


if __name__ == "__main__":
    main()
