"""Photographs every page of the demo: ``python -m tests.browser.contact_sheets FOLDER``.

Each page comes in each look that ``--look`` names (all of them else), whole, as a file of its own, and
small beside its neighbours on contact sheets: what one page does otherwise than the others is seen
there first. ``--only`` takes pages whose address has these words, ``--every 7`` one page in seven.
"""

from __future__ import annotations

import argparse
import json
import logging
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from improve.app import create_app
from improve.shared import clock
from tests.browser.conftest import (
    Person,
    enlarge_text,
    moved_now,
    open_browser,
    serving,
)
from tests.browser.every_page import PAGES, address
from tests.browser.the_demo import DemoSite, make_demo
from tests.browser.ways_to_look import looks_at_paper
from tests.browsers import browser_file
from tests.conftest import test_settings


@dataclass(frozen=True)
class Look:
    """How somebody looks at a page: how wide, and with what asked of the browser."""

    width: int
    height: int = 900
    dark: bool = False
    forced: bool = False
    printed: bool = False
    text: int = 100


LOOKS = {
    "phone": Look(390, 844),
    "desk": Look(1440),
    "small": Look(320, 640),
    "wall": Look(2560, 1440),
    "dark": Look(1440, dark=True),
    "phone-dark": Look(390, 844, dark=True),
    "paper": Look(680, 1000, printed=True),
    "forced": Look(1440, forced=True),
    "text-200": Look(390, 844, text=200),
    "zoom-400": Look(320, 256),
}
#: Pictures on a contact sheet: on phones more of them go side by side.
ON_A_SHEET = 12
#: What is longer is cut off on the sheet; the picture of its own has it all.
_SHEET = """<!doctype html><title>Contact sheet</title><style>
body { margin: 12px; background: #777; font: 13px sans-serif; display: grid; gap: 12px;
  grid-template-columns: repeat(COLUMNS, 1fr) }
figure { margin: 0; background: #fff; overflow: hidden; height: 720px }
figcaption { padding: 3px 6px; background: #222; color: #fff; white-space: nowrap }
img { width: 100%; display: block }
</style>"""


def main() -> int:
    """Load the demo once for this folder, and look at it."""
    asked = _asked()
    logging.disable(logging.INFO)
    clock.now = moved_now
    asked.folder.mkdir(parents=True, exist_ok=True)
    pages = [one for one in PAGES if asked.only in one[1]][:: asked.every]
    path, numbers = (asked.folder / f"demo.{kind}" for kind in ("sqlite3", "json"))
    app = create_app(
        {**test_settings(f"sqlite:///{path.absolute()}"), "IS_DEMO": True, "HTMX_URL": ""}
    )
    if not numbers.exists():
        path.unlink(missing_ok=True)
        numbers.write_text(json.dumps(make_demo(app)))
    with serving(app) as url, sync_playwright() as driver:
        demo = DemoSite(url, *json.loads(numbers.read_text()))
        browser = driver.chromium.launch(executable_path=browser_file(), args=["--no-sandbox"])
        for name in asked.look or LOOKS:
            folder = asked.folder / name
            folder.mkdir(exist_ok=True)
            _lay_out(browser, name, list(_photograph(browser, demo, folder, LOOKS[name], pages)))
        browser.close()
    return 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--look", nargs="*", choices=list(LOOKS))
    parser.add_argument("--only", default="")
    parser.add_argument("--every", type=int, default=1)
    return parser.parse_args()


def _photograph(
    browser: Browser, demo: DemoSite, folder: Path, look: Look, pages: list[tuple[str | None, str]]
) -> Iterator[tuple[str, Path]]:
    """Yield each page with the file of its picture."""
    people: dict[str | None, Person] = {}
    for who, page in pages:
        if who not in people:
            people[who] = _somebody(browser, demo, who, look)
        people[who].open(address(page, demo))
        people[who].settle()
        if look.printed:
            looks_at_paper(people[who])
        file = folder / (re.sub(r"\W+", "-", f"{page} {who or ''}").strip("-") + ".png")
        if look.text != 100:
            _be_as_high_as_the_page(people[who])
        people[who].page.screenshot(path=str(file), full_page=look.text == 100)
        yield page, file
    for person in people.values():
        person.context.close()


def _be_as_high_as_the_page(person: Person) -> None:
    """Make the window hold the page: a picture of a whole page would take the usual size of text."""
    high = int(person.measures("() => document.documentElement.scrollHeight"))
    width = person.page.evaluate("innerWidth")
    person.page.set_viewport_size({"width": width, "height": min(high, 8000)})


def _somebody(browser: Browser, demo: DemoSite, who: str | None, look: Look) -> Person:
    """Return somebody who is signed in and looks in this way."""
    person = open_browser(browser, demo.url, width=look.width, height=look.height, dark=look.dark)
    if who:
        person.sign_in_to_demo(who)
    person.page.emulate_media(
        forced_colors="active" if look.forced else "none",
    )
    if look.text != 100:
        enlarge_text(person, look.text)
    return person


def _lay_out(browser: Browser, name: str, pictures: list[tuple[str, Path]]) -> None:
    """Write the contact sheets of one look beside its folder."""
    page = browser.new_page(viewport={"width": 1800, "height": 900})
    columns = 6 if LOOKS[name].width < 700 else 4
    for number, start in enumerate(range(0, len(pictures), ON_A_SHEET), start=1):
        shown = pictures[start : start + ON_A_SHEET]
        _lay_out_one(page, shown, columns, shown[0][1].parents[1] / f"{name}-{number:02}")
    page.close()


def _lay_out_one(page: Page, shown: list[tuple[str, Path]], columns: int, to: Path) -> None:
    figures = "".join(
        f'<figure><figcaption>{escape(path)}</figcaption><img src="{file.parent.name}/{file.name}"></figure>'
        for path, file in shown
    )
    html = to.with_suffix(".html")
    html.write_text(_SHEET.replace("COLUMNS", str(columns)) + figures)
    page.goto(html.absolute().as_uri())
    page.screenshot(path=str(to.with_suffix(".png")), full_page=True)
    html.unlink()


if __name__ == "__main__":
    sys.exit(main())
