"""A real server, a real browser, and people who look, click and type.

Nothing here calls a service for a step that a person would click. The content network is answered
from the file in ``static/vendor``; any request to another host fails the test, as does any console
error or report of the content policy.

A page takes as long as it takes: what a test reads it waits for, as a person would, through
``expect`` or through ``Person``. Only this module and ``keyboard`` look once, after they waited
(``tests/architecture/test_browser_tests_wait.py``). The clocks of the server and of the browsers go,
from the Tuesday on which those of all other tests stand: no test knows what day it really is.
"""

from __future__ import annotations

import json
import logging
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Error,
    Locator,
    Page,
    Route,
    expect,
    sync_playwright,
)
from werkzeug.serving import make_server

import config
from improve.shared import clock
from improve.shared.db import db
from tests import databases
from tests.browser.the_demo import DemoSite, make_demo
from tests.browsers import browser_file
from tests.conftest import NOW, make_app
from tests.factories import PASSWORD, Cast, make_cast

TOP = Path(__file__).resolve().parents[2]
HTMX_FILE = TOP / "static" / "vendor" / "htmx" / "htmx.min.js"
#: The server's lines would bury what failed.
logging.getLogger("werkzeug").setLevel(logging.ERROR)
#: Runs every rule of the standards. Only what is broken is written down in full and brought here:
#: to carry all that is well out of the browser takes longer than to look for it.
_AXE = """(standards) =>
    axe.run(document, { runOnly: standards, resultTypes: ["violations"] }).then((found) =>
        found.violations.map(({ id, help, nodes }) =>
            ({ id, help, targets: nodes.slice(0, 4).map((node) => node.target) })))"""
_axe = Axe()
#: How long anybody waits, in seconds. A loaded machine is slow, not wrong.
PATIENCE = 30
#: How often one looks whether something has come, in milliseconds.
_GLANCE = 50
#: Whether the page is there and nothing that it asked for is still on its way.
_IS_STILL = """() => document.readyState === "complete" && Boolean(document.body) &&
    !document.querySelector("[aria-busy=true], .htmx-request")"""
_WIDTH_TOO_MUCH = (
    "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
)
#: From the real time to that of the tests. It stays for the whole run, so that clocks go on.
_SHIFT = NOW - datetime.now(UTC)
#: Moves the clock of a page, before any of its scripts runs; timers go as they do.
_MOVE_CLOCK = """(() => {
    const Real = Date, now = () => Real.now() + SHIFT;
    globalThis.Date = new Proxy(Real, {
        construct: (made, parts, as) => Reflect.construct(made, parts.length ? parts : [now()], as),
        apply: () => new Real(now()).toString(),
        get: (from, name) => name === "now" ? now : Reflect.get(from, name),
    });
    const formats = Intl.DateTimeFormat.prototype;
    const { get } = Object.getOwnPropertyDescriptor(formats, "format");
    Object.defineProperty(formats, "format", { configurable: true, get() {
        const write = get.call(this);
        return (day = now()) => write(day);
    } });
})()""".replace("SHIFT", str(round(_SHIFT.total_seconds() * 1000)))
#: Lets what a page does by itself every few seconds come twenty times as often.
_HASTEN = """(() => {
    for (const name of ["setTimeout", "setInterval"]) {
        const real = globalThis[name];
        globalThis[name] = (act, wait, ...rest) => real(act, wait >= 5000 ? wait / 20 : wait, ...rest);
    }
})()"""
#: The rules that read colours. All others find the same in the light and in the dark.
COLOURS = ["color-contrast", "link-in-text-block"]
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder."""
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)


def moved_now() -> datetime:
    """What the clock shows; a moment that a test moved it to comes first."""
    return clock._moved_to.get() or datetime.now(UTC) + _SHIFT


@pytest.fixture(autouse=True)
def going_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the clock go from the Tuesday morning of the tests on, in every thread of the server."""
    monkeypatch.setattr(clock, "now", moved_now)


class _Busy:
    """An application that knows whether anybody still waits for its answer."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._under_way = 0
        self._changed = threading.Condition()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer."""
        self._count(1)
        try:
            return self._app(environ, start_response)
        finally:
            self._count(-1)

    def _count(self, by: int) -> None:
        with self._changed:
            self._under_way += by
            self._changed.notify_all()

    def wait(self) -> None:
        """Wait until everybody has an answer: one that comes late would write into the next test."""
        with self._changed:
            is_idle = self._changed.wait_for(lambda: not self._under_way, PATIENCE)
        assert is_idle, "the server was still at work when its test had ended"


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve an application; the address of it."""
    busy = _Busy(app)
    server = make_server("127.0.0.1", 0, busy, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(PATIENCE)
    server.server_close()
    busy.wait()


@dataclass
class Site:
    """A running site and the people in it."""

    url: str
    app: Flask
    cast: Cast


@pytest.fixture
def site(app: Flask, request: pytest.FixtureRequest) -> Iterator[Site]:
    """Serve the application; the people of the cast have the password of the factories."""
    with app.app_context():
        cast = make_cast(PASSWORD)
        db.session.commit()
        db.session.remove()
    app.config["PREFERRED_URL_SCHEME"] = "http"
    with serving(app) as url:
        yield Site(url, app, cast)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of this worker."""
    expect.set_options(timeout=PATIENCE * 1000)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=browser_file(),
            args=[
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
            ],
        )  # fmt: skip
        yield browser
        browser.close()


Answer = Callable[[Route], None]


@dataclass(eq=False)
class Person:
    """Somebody at a browser: what they see, and what the browser complained about."""

    page: Page
    context: BrowserContext
    url: str
    #: How the content network answers this browser; None: not at all in this test.
    htmx: Answer | None = None
    has_script: bool = True
    complaints: list[str] = field(default_factory=list)

    def until(self, is_so: Callable[[], object], what: str) -> None:
        """Look again and again until ``is_so()``; ``what`` says in the end what did not come.

        Asked from outside: the content policy forbids code made of text.
        """
        ends, trouble = time.monotonic() + PATIENCE, ""
        while True:
            try:
                if is_so():
                    return
                trouble = ""
            except Error as error:  # between two pages, a question dies with the old one
                trouble = f"\n{error}"
            if time.monotonic() > ends:
                raise AssertionError(f"{what} on {self.page.url}{trouble}")
            self.page.wait_for_timeout(_GLANCE)

    def settle(self) -> None:
        """Wait until the page is there and nothing that it asked for is still on its way."""
        self.until(lambda: self.page.evaluate(_IS_STILL), "the page did not come to rest")

    def wait_for_htmx(self) -> None:
        """Wait until htmx runs."""
        self.until(
            lambda: self.page.evaluate("() => Boolean(window.htmx && window.htmx.version)"),
            "htmx did not come",
        )

    def hastens(self) -> None:
        """Let what the pages opened from now on do by themselves come soon."""
        self.context.add_init_script(_HASTEN)

    def open(self, path: str) -> None:
        """Go to a page of the site."""
        self.page.goto(self.url + path, wait_until="load")

    def goes(self, thing: Locator) -> None:
        """Click what leads to another page, and wait until that page is there.

        To wait for “load” after a click would be answered at once by the page that is left.
        """
        with self.page.expect_navigation(wait_until="load"):
            thing.click()

    def sends(self, button: str) -> None:
        """Press the button with this name, and wait for the page that answers."""
        self.goes(self.page.get_by_role("button", name=button, exact=True))

    def sees(self, *words: str, within: str = "body") -> None:
        """Wait until all of this can be read."""
        for one in words:
            expect(self.page.locator(within)).to_contain_text(one, use_inner_text=True)

    def sees_once(self, words: str, *, within: str) -> None:
        """Wait until this can be read, and raise if it can be read twice."""
        place = self.page.locator(within)
        expect(place).to_contain_text(words, use_inner_text=True)
        self.until(
            lambda: place.inner_text().count(words) == 1, f"“{words}” does not stand there once"
        )

    def never_sees(self, *words: str, within: str = "body") -> None:
        """Raise if any of this can be read on the page, once it is there."""
        self.settle()
        for one in words:
            expect(self.page.locator(within)).not_to_contain_text(one, use_inner_text=True)

    def holds(self, *words: str) -> None:
        """Wait until all of this stands in the page, be it seen or not."""
        for one in words:
            self.until(lambda one=one: one in self.page.content(), f"“{one}” does not stand")

    def never_holds(self, *words: str) -> None:
        """Raise if any of this stands anywhere in the page, be it seen or not."""
        self.settle()
        found = [one for one in words if one in self.page.content()]
        assert not found, f"{found} stands on {self.page.url}"

    def has(self, thing: Locator) -> bool:
        """Return whether ``thing`` is on the page, once it is at rest: where a test goes two ways."""
        self.settle()
        return thing.count() > 0

    def reads(self, thing: Locator) -> str:
        """Return what can be read in ``thing``, once it is to be seen and the page at rest."""
        expect(thing).to_be_visible()
        self.settle()
        return thing.inner_text().strip()

    def measures(self, script: str, thing: Locator | None = None) -> Any:
        """Return what a script finds on the page, once it is at rest, or on ``thing``."""
        if thing is None:
            self.settle()
            return self.page.evaluate(script)
        expect(thing).to_be_attached()
        self.settle()
        return thing.evaluate(script)

    def box(self, thing: Locator) -> Any:
        """Return where ``thing`` stands on the page at rest, and how large it is."""
        expect(thing).to_be_visible()
        self.settle()
        found = thing.bounding_box()
        assert found is not None, f"{thing} is nowhere on {self.page.url}"
        return found

    @property
    def path(self) -> str:
        """Where the person is on the site, without the query. For where an act leads: ``goes``."""
        return self.page.url.removeprefix(self.url).split("?")[0]

    def sign_in(self, email: str, password: str = PASSWORD) -> None:
        """Sign in as a person would."""
        self.open("/sign-in")
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.sends("Sign in")
        expect(self.page).not_to_have_url(re.compile("/sign-in"))
        if self.path.startswith("/second-factor"):
            self.set_up_phone()

    def set_up_phone(self) -> None:
        """Set up a phone on the way in, as those must who see what is most private."""
        self.sends("Show the picture")
        self.page.get_by_label("Code", exact=True).fill(code_of(self.key_shown()))
        self.sends("Check the code")
        self.sends("I have written them down")

    def key_shown(self) -> str:
        """Return what the page shows for typing into an app, seen or folded away."""
        groups = self.page.locator(".factor-key [aria-hidden] span")
        expect(groups).to_have_count(8)
        return "".join(groups.all_text_contents())

    def sign_in_to_demo(self, name: str) -> None:
        """Sign in to the demo, by the button of somebody in it."""
        self.open("/sign-in")
        self.goes(self.page.get_by_role("button", name=re.compile(name)).first)
        expect(self.page).not_to_have_url(re.compile("/sign-in"))

    def looks_at(self, width: int, *, height: int = 900, dark: bool = False) -> None:
        """Look at the page in a window of this size, in the light or in the dark."""
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.emulate_media(color_scheme="dark" if dark else "light")

    def check_with_axe(self, name: str = "", *, colours_only: bool = False) -> None:
        """Raise unless axe finds nothing wrong with the page as it stands.

        axe is itself a script: with JavaScript off it cannot run, and the page is the same one.
        ``colours_only`` for what was looked at in other colours just now, and is no wider.
        """
        if not self.has_script:
            return
        faults: list[str] = []
        # What is drawn anew by itself while axe reads it is read again.
        for _ in range(2):
            self.until(
                lambda: self._see_faults(faults, colours_only), "axe could not read the page"
            )
            if not faults:
                return
        raise AssertionError(f"{name or self.page.url}:\n" + "\n".join(faults))

    def _see_faults(self, faults: list[str], colours_only: bool) -> bool:
        self.settle()
        # A page that has not been left since it was last looked at still has it.
        if not self.page.evaluate("() => Boolean(window.axe)"):
            self.page.evaluate(_axe.axe_script)
        rules = {
            "type": "rule" if colours_only else "tag",
            "values": COLOURS if colours_only else STANDARDS,
        }
        faults[:] = [
            f"{fault['id']}: {fault['help']} – {fault['targets']}"
            for fault in self.page.evaluate(_AXE, rules)
        ]
        return True

    def check_fits(self, name: str = "") -> None:
        """Raise if the page scrolls sideways."""
        wide = [0]

        def fits() -> bool:
            wide[0] = self.page.evaluate(_WIDTH_TOO_MUCH)
            return wide[0] <= 0

        self.settle()
        # A wall counts its cards again only after its window has changed.
        for _ in range(40):
            if fits():
                return
            self.page.wait_for_timeout(_GLANCE)
        raise AssertionError(f"{name or self.page.url} is {wide[0]} px too wide")


def code_of(key: str) -> str:
    """Return the six digits that a phone with this key shows now."""
    return pyotp.TOTP(key).at(clock.now())


def from_the_file(route: Route) -> None:
    """Answer the content network as it would, from the file in the project."""
    route.fulfill(
        body=HTMX_FILE.read_bytes(),
        content_type="application/javascript",
        headers={"Access-Control-Allow-Origin": "*"},
    )


def enlarge_text(person: Person, percent: int) -> None:
    """Let the person read larger text than usual, as set in the browser; pages opened from now on."""
    session = person.context.new_cdp_session(person.page)
    session.send("Page.enable")
    session.send("Page.setFontSizes", {"fontSizes": {"standard": 16 * percent // 100}})


def look(person: Person, name: str) -> None:
    """Check a page as it stands: on a phone and on a desktop, light and dark."""
    for width, dark in ((320, False), (1440, False), (1440, True)):
        person.looks_at(width, dark=dark)
        person.check_fits(f"{name} at {width}")
        person.check_with_axe(f"{name} at {width} {'dark' if dark else 'light'}", colours_only=dark)


def open_browser(
    chromium: Browser,
    url: str,
    *,
    javascript: bool = True,
    width: int = 1440,
    height: int = 900,
    dark: bool = False,
    htmx: Answer | None = from_the_file,
    may_complain: bool = False,
    **more: Any,
) -> Person:
    """Return somebody with a browser of their own, whose complaints are kept."""
    context = chromium.new_context(
        java_script_enabled=javascript,
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
        locale="en-GB",
        timezone_id="Europe/London",
        **more,
    )
    context.set_default_timeout(PATIENCE * 1000)
    context.add_init_script(_MOVE_CLOCK)
    page = context.new_page()
    person = Person(page, context, url, htmx, has_script=javascript)
    elsewhere = re.compile(rf"^(?!{re.escape(url)}|data:|blob:|about:).*")
    context.route(elsewhere, lambda route: _elsewhere(route, person))
    if not may_complain:
        page.on("console", lambda m: m.type == "error" and person.complaints.append(m.text))
        page.on("pageerror", lambda e: person.complaints.append(str(e)))
    return person


def close_browsers(people: list[Person], *, but: Iterable[Person] = ()) -> None:
    """Close them, and raise what any of the browsers complained about; ``but`` stay open."""
    staying = [id(person) for person in but]
    complaints = []
    for person in people:
        if id(person) not in staying:
            person.context.close()
        complaints += [c for c in person.complaints if not _is_expected(c)]
        person.complaints.clear()
    assert not complaints, complaints


@pytest.fixture
def people(chromium: Browser, site: Site) -> Iterator[Callable[..., Person]]:
    """``people(javascript=True, width=1440)``: somebody with a browser of their own."""
    made: list[Person] = []

    def make(**more: Any) -> Person:
        made.append(open_browser(chromium, site.url, **more))
        return made[-1]

    yield make
    close_browsers(made)


def _elsewhere(route: Route, person: Person) -> None:
    if route.request.url == config.HTMX_CDN and person.htmx is not None:
        person.htmx(route)
        return
    person.complaints.append(f"asked another host: {route.request.url}")
    route.abort()


def _is_expected(complaint: str) -> bool:
    """Return whether the browser only tells what the page itself shows: a refusal, or no signal."""
    return bool(
        re.search(r"status of (401|403|404|409|422|429)\b|ERR_INTERNET_DISCONNECTED", complaint)
    )


@pytest.fixture(scope="session")
def demo(worker: str) -> Iterator[DemoSite]:
    """Serve the demo council, loaded once a run; pages may only be read."""
    template = databases.run_folder() / "demo.sqlite3"
    with databases.locked("demo"):
        names = databases.run_folder() / "demo.json"
        if not names.exists():
            made = make_demo(make_app(f"sqlite:///{template}", IS_DEMO=True))
            names.write_text(json.dumps(made))
        ideas, measures, counted = json.loads(names.read_text())
    path = databases.run_folder() / f"demo-{worker}.sqlite3"
    shutil.copy(template, path)
    with _served(path) as url:
        yield DemoSite(url, ideas, measures, counted)


@pytest.fixture
def own_demo(demo: DemoSite, tmp_path: Path) -> Iterator[DemoSite]:
    """A demo council for one test alone, which may change it."""
    path = tmp_path / "own-demo.sqlite3"
    shutil.copy(databases.run_folder() / "demo.sqlite3", path)
    with _served(path) as url:
        yield DemoSite(url, demo.ideas, demo.measures, demo.counted)


@contextmanager
def _served(path: Path) -> Iterator[str]:
    app = make_app(f"sqlite:///{path}", IS_DEMO=True)
    with serving(app) as url:
        yield url


@pytest.fixture(scope="session")
def sitting(chromium: Browser) -> Iterator[dict[str | None, Person]]:
    """People who stay at their browser from one test to the next, by name; None is nobody."""
    waiting: dict[str | None, Person] = {}
    yield waiting
    for person in waiting.values():
        person.context.close()


@pytest.fixture
def demo_people(
    chromium: Browser, demo: DemoSite, sitting: dict[str | None, Person]
) -> Iterator[Callable[..., Person]]:
    """``demo_people("Tess", width=390, dark=True)``: somebody signed in to the demo.

    Pages of the demo are only read, so who asks for nothing special keeps one browser: to start one
    takes as long as many a page.
    """
    made: list[Person] = []

    def make(name: str | None, **more: Any) -> Person:
        if not more and name in sitting and sitting[name] not in made:
            made.append(sitting[name])
            return sitting[name]
        person = open_browser(chromium, demo.url, storage_state=demo.states.get(name or ""), **more)
        made.append(person)
        if name is not None and name not in demo.states:
            person.sign_in_to_demo(name)
            demo.states[name] = person.context.storage_state()
        if not more and name not in sitting:
            sitting[name] = person
        return person

    yield make
    for person in made:
        if person in sitting.values():
            person.page.emulate_media(media="screen", color_scheme="light")
            person.page.set_viewport_size({"width": 1440, "height": 900})
    close_browsers(made, but=sitting.values())
