"""The pictures of the README and of the help, from the running demo: ``python -m tests.browser.pictures``.

Each is small enough to be fetched on a phone: made narrower, and as plain as it takes.
"""

from __future__ import annotations

import io
import logging
import re
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from improve.app import create_app
from improve.demo import load_demo
from improve.migrations import upgrade_database
from tests.browsers import browser_file
from tests.conftest import test_settings
from tests.factories import PASSWORD

TOP: Final = Path(__file__).resolve().parents[2]
README: Final = TOP / "improve" / "docs" / "pictures"
HELP: Final = TOP / "static" / "help"
LARGEST: Final = 60_000
WIDEST: Final = 1200
DESK: Final = (1440, 900)
LOW: Final = (1440, 840)
PHONE: Final = (390, 640)


@dataclass(frozen=True, slots=True)
class Picture:
    """Who looks at what, and where the picture is kept."""

    folder: Path
    name: str
    who: str
    path: str
    size: tuple[int, int] = DESK
    first: Callable[[Page], None] | None = None


def _in_a_huddle(page: Page) -> None:
    """Begin the team’s huddle, or go on with the one that was begun."""
    page.get_by_role("link", name=re.compile("Start huddle|Join it|Go on")).first.click()
    begin = page.get_by_role("button", name="Start the huddle")
    if begin.count():
        begin.click()
    page.get_by_role("button", name="New ideas").last.click()
    page.wait_for_load_state("networkidle")


def pictures(idea: int, measure: int) -> tuple[Picture, ...]:
    """Return all of them; an idea and a measure are named by their numbers."""
    board = "/teams/safeguarding-and-court/board"
    return (
        Picture(README, "idea", "Tess", f"/ideas/{idea}", (1440, 1500)),
        Picture(HELP, "board", "Tess", board),
        Picture(HELP, "log-phone", "Ines", "/log", PHONE),
        Picture(HELP, "huddle", "Tess", board, first=_in_a_huddle),
        Picture(HELP, "measure", "Tess", f"/measures/{measure}"),
        Picture(HELP, "month", "Florence", "/review/month"),
        Picture(HELP, "desk", "Tamsin", "/voices/desk", LOW),
        Picture(HELP, "reviewers", "Tamsin", "/reports/desk", LOW),
        Picture(HELP, "people", "Robin", "/admin/people", LOW),
        Picture(HELP, "report-phone", "Ines", "/reports/tell", PHONE),
        Picture(HELP, "say-phone", "", "/say/kite", PHONE),
    )


def take(browser: Browser, base: str, picture: Picture) -> None:
    """Look at a page as somebody and keep what is seen."""
    width, height = picture.size
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme="light")
    if picture.who:
        page.goto(f"{base}/sign-in")
        page.get_by_role("button", name=re.compile(picture.who)).first.click()
    page.goto(base + picture.path, wait_until="networkidle")
    # Letters that came late are for the next page, as styles have it: this is that one.
    page.reload(wait_until="networkidle")
    if picture.first:
        picture.first(page)
    picture.folder.mkdir(exist_ok=True)
    (picture.folder / f"{picture.name}.webp").write_bytes(small(page.screenshot()))
    page.close()


def small(png: bytes) -> bytes:
    """Return a screenshot as WebP of at most ``LARGEST`` bytes, as sharp as that allows."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    if image.width > WIDEST:
        height = image.height * WIDEST // image.width
        image = image.resize((WIDEST, height), Image.Resampling.LANCZOS)
    for quality in range(85, 10, -5):
        kept = io.BytesIO()
        image.save(kept, "WEBP", quality=quality, method=6)
        if kept.tell() <= LARGEST:
            break
    return kept.getvalue()


def main() -> int:
    """Load the demo into a file of its own, look at it, keep the pictures."""
    logging.disable(logging.INFO)
    with tempfile.TemporaryDirectory() as folder:
        settings = {**test_settings(f"sqlite:///{folder}/demo.sqlite3"), "IS_DEMO": True}
        app = create_app({**settings, "HTMX_URL": ""})
        upgrade_database(app)
        council = load_demo(app, password=PASSWORD).council
        server = make_server("127.0.0.1", 0, app, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{server.server_port}"
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=browser_file(), args=["--no-sandbox"])
            for one in pictures(council.ideas["IDEA-001"], council.measures["cp_visits_on_time"]):
                take(browser, base, one)
            browser.close()
        server.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
