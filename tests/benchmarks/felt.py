"""What somebody waits for: the server's work for every page of the demo, and a first visit by phone.

The second needs a browser. Both print times of this machine: the sign-in page stands beside them.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import closing
from functools import partial
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, CDPSession, sync_playwright
from sqlalchemy import select

from improve.accounts.models import Person as Account
from improve.app import create_app
from improve.shared import clock
from improve.shared.db import db
from tests.browser.conftest import Person, moved_now, open_browser, serving
from tests.browser.every_page import PAGES, address
from tests.browser.the_demo import DemoSite, make_demo
from tests.browsers import browser_file
from tests.conftest import test_settings
from tests.pages import Visitor

Report = Callable[[str, str, str], None]
CpuOf = Callable[..., float]
#: A page may take the server so long, in milliseconds of one core.
MOST = 100
SLOWEST = 10
#: A slow mobile network: bits in a second each way, and how long each asking is on its way.
SLOW = {"downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8, "latency": 400}
#: Until there is text to read, in milliseconds.
SOON = 3_000
#: The pages that people come to first, and as whom.
FIRST = [
    ("sign-in page", None, "/sign-in"),
    ("form for families", None, "/say/kite"),
    ("board, signed in before", "Tess", "/teams/safeguarding-and-court/board"),
]
#: When the first words were drawn, and by how much anything moved after it was drawn.
_SEEN = """() => new Promise((done) => {
    const moved = [];
    new PerformanceObserver((list) => moved.push(...list.getEntries()))
        .observe({ type: "layout-shift", buffered: true });
    setTimeout(() => done({
        words: performance.getEntriesByName("first-contentful-paint")[0].startTime,
        moved: moved.reduce((sum, one) => sum + one.value, 0),
        bytes: [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
            .reduce((sum, one) => sum + one.transferSize, 0),
    }), 300);
})"""


def _load(folder: str) -> tuple[Flask, DemoSite]:
    """Load the demo, on the Tuesday of the tests."""
    clock.now = moved_now
    settings = test_settings(f"sqlite:///{folder}/demo.sqlite3")
    app = create_app({**settings, "IS_DEMO": True, "HTMX_URL": ""})
    return app, DemoSite("", *make_demo(app))


def measure_pages(report: Report, cpu_of: CpuOf) -> None:
    """Each page of the demo, opened by somebody who may see it; the slowest are named."""
    with tempfile.TemporaryDirectory() as folder:
        app, demo = _load(folder)
        visitors = {who: Visitor(app, _person(app, who)) for who, _ in PAGES}

        def get(who: str | None, path: str) -> None:
            with closing(visitors[who].client.get(path)) as answer:
                answer.get_data()

        found = {page: cpu_of(partial(get, *at), 3) for at, page in _addresses(demo)}
        usual = cpu_of(lambda: get(None, "/sign-in"))
        beyond = sum(taken > MOST for taken in found.values())
        report(
            f"Every page of the demo, {len(found)} of them: over {MOST} ms of one core",
            "none",
            f"{beyond}; the sign-in page takes {usual:.1f} ms",
        )
        for page, taken in sorted(found.items(), key=lambda one: -one[1])[:SLOWEST]:
            report(page, f"≤ {MOST} ms", f"{taken:.0f} ms, {taken / usual:.1f} x the sign-in page")


def measure_first_visit(report: Report) -> None:
    """Text to read on a slow network, for a browser that has never been here."""
    with tempfile.TemporaryDirectory() as folder:
        app, demo = _load(folder)
        with serving(app) as url, sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=browser_file(), args=["--no-sandbox"])
            for name, who, path in FIRST:
                # The best of three: what else the machine does is not the network's.
                visits = [_first_visit(browser, url, who, address(path, demo)) for _ in range(3)]
                seen = min(visits, key=lambda one: one["words"])
                report(
                    f"First visit, {name}: text to read at 400 kbit/s and 400 ms",
                    f"< {SOON / 1000:.0f} s, nothing moves",
                    f"{seen['words'] / 1000:.1f} s, moved by {seen['moved']:.3f},"
                    f" {seen['bytes'] / 1024:.0f} KB",
                )
            browser.close()


def _first_visit(browser: Browser, url: str, who: str | None, path: str) -> dict[str, Any]:
    person = open_browser(browser, url, width=390, height=844)
    if who:
        person.sign_in_to_demo(who)
    _slow_down(person)
    person.open(path)
    seen: dict[str, Any] = person.measures(_SEEN)
    person.context.close()
    return seen


def _slow_down(person: Person) -> CDPSession:
    """Forget every file and come by a slow network."""
    session = person.context.new_cdp_session(person.page)
    session.send("Network.enable")
    session.send("Network.clearBrowserCache")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.send("Network.emulateNetworkConditions", {"offline": False, **SLOW})
    return session


def _person(app: Flask, first_name: str | None) -> int | None:
    if first_name is None:
        return None
    with app.app_context():
        found = select(Account.id).where(Account.name.startswith(f"{first_name} "))
        return db.session.scalars(found).first()


def _addresses(demo: DemoSite) -> list[tuple[tuple[str | None, str], str]]:
    """Return each page with who opens it and its address: as it is to be opened, and as it is named."""
    return [((who, address(page, demo)), page) for who, page in PAGES]
