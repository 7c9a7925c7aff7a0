"""Takes the pictures of the desk that its page shows, from the invented corpus of the tests. Needs Chromium."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

__all__ = ["main"]

ROOT = Path(__file__).resolve().parents[1]
HERALD, CALL, PERSON = "herald-2031-05-02", "call-2031-05-01", "The readouts contributors"


def main() -> None:
    """Write `docs/images/desk-*.png`."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only this needs it

    with tempfile.TemporaryDirectory() as folder:
        mine, other = Path(folder) / "corpus", Path(folder) / "second-pass"
        for part in ("annotations", "texts"):
            shutil.copytree(ROOT / "tests" / "invented" / part, mine / part)
        shutil.copytree(mine, other)
        path = other / "annotations" / "articles" / f"{HERALD}.yaml"
        text = path.read_text(encoding="utf-8").replace("act: propose", "act: say", 1)
        path.write_text(text.replace("[[376, 395]]", "[[371, 395]]"), encoding="utf-8")
        command = ["desk", "--texts", "texts", "--as", PERSON, "--port", "0", "--against", f"{other}/annotations"]
        with subprocess.Popen(  # noqa: S603 - the command is ours
            [sys.executable, "-m", "readouts", *command], cwd=mine, stdout=subprocess.PIPE, text=True
        ) as desk:
            address = desk.stdout.readline().strip() if desk.stdout else ""
            with sync_playwright() as playwright:
                chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
                page = chromium.new_page(viewport={"width": 1280, "height": 800})
                page.goto(f"{address}article/{HERALD}")
                page.get_by_role("button", name="Findings 0").wait_for()
                page.locator(".tag", has_text="s03").click()
                page.screenshot(path=ROOT / "docs" / "images" / "desk-text.png")
                page.goto(f"{address}event/{CALL}")
                page.reload()
                page.locator(".column-a .card", has_text="s02").click()
                page.locator(".score").first.wait_for()
                page.mouse.move(0, 0)
                page.screenshot(path=ROOT / "docs" / "images" / "desk-event.png")
                page.goto(f"{address}curate/{HERALD}")
                page.reload()
                page.locator(".half").first.wait_for()
                page.keyboard.press("j")
                page.locator("mark").first.wait_for()
                page.screenshot(path=ROOT / "docs" / "images" / "desk-curate.png")
                chromium.close()
            desk.terminate()


if __name__ == "__main__":
    main()
