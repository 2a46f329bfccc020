"""A real server, a real browser, and people who look, click and type.

Nothing here calls a service for a step that a person would click. The content network is answered
from the file in ``static/vendor``; any request to another host fails the test, as does any console
error or report of the content policy.
"""

from __future__ import annotations

import json
import logging
import re
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright
from werkzeug.serving import make_server

import config
from improve.accounts import queries as teams
from improve.app import create_app
from improve.demo import load_demo
from improve.demo.people import Council
from improve.huddles.queries import actions_to_do
from improve.huddles.queries.past import past_huddles
from improve.measures import queries
from improve.migrations import upgrade_database
from improve.notifications.kinds import Group
from improve.notifications.stop_links import Stop, write_stop
from improve.shared.db import db
from tests import databases
from tests.conftest import test_settings
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
SECRET_KEY = test_settings("")["SECRET_KEY"]
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder."""
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)


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
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Site(f"http://127.0.0.1:{server.server_port}", app, cast)
    server.shutdown()
    thread.join(5)
    server.server_close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of this worker."""
    found = next(
        p for name in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(name))
    )
    # A loaded machine is slow, not wrong: what a person would wait for is waited for.
    expect.set_options(timeout=15_000)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=found,
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

    def wait_for_htmx(self) -> None:
        """Wait until htmx runs. Asked from outside: the content policy forbids code made of text."""
        for _ in range(160):
            if self.page.evaluate("() => Boolean(window.htmx && window.htmx.version)"):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError("htmx did not come")

    def open(self, path: str) -> None:
        """Go to a page of the site."""
        self.page.goto(self.url + path, wait_until="load")

    def sign_in(self, email: str, password: str = PASSWORD) -> None:
        """Sign in as a person would."""
        self.open("/sign-in")
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        self.page.wait_for_load_state("load")

    def check_with_axe(self, name: str = "") -> None:
        """Raise unless axe finds nothing wrong with the page as it stands.

        axe is itself a script: with JavaScript off it cannot run, and the page is the same one.
        """
        if not self.has_script:
            return
        # A page just asked for may be there without its words yet.
        self.page.wait_for_load_state("load")
        # A page that has not been left since it was last looked at still has it.
        if not self.page.evaluate("() => Boolean(window.axe)"):
            self.page.evaluate(_axe.axe_script)
        faults = [
            f"{fault['id']}: {fault['help']} – {fault['targets']}"
            for fault in self.page.evaluate(_AXE, {"type": "tag", "values": STANDARDS})
        ]
        assert not faults, f"{name or self.page.url}:\n" + "\n".join(faults)

    def check_fits(self, name: str = "") -> None:
        """Raise if the page scrolls sideways."""
        wide = self.page.evaluate(
            "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, f"{name or self.page.url} is {wide} px too wide"


def from_the_file(route: Route) -> None:
    """Answer the content network as it would, from the file in the project."""
    route.fulfill(
        body=HTMX_FILE.read_bytes(),
        content_type="application/javascript",
        headers={"Access-Control-Allow-Origin": "*"},
    )


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
    context.set_default_timeout(20000)
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
    """Return whether the browser only tells of a refusal that the page itself shows."""
    return bool(re.search(r"status of (401|403|404|409|422|429)\b", complaint))


@dataclass
class DemoSite:
    """A running demo, and the numbers of its ideas, measures, tallies and samples by their names.

    ``states`` holds who has signed in already, as the browser keeps it.
    """

    url: str
    ideas: dict[str, int]
    measures: dict[str, int]
    counted: dict[str, Any]
    states: dict[str, Any] = field(default_factory=dict)


@pytest.fixture(scope="session")
def demo(worker: str) -> Iterator[DemoSite]:
    """Serve the demo council, loaded once a run; pages may only be read."""
    template = databases.run_folder() / "demo.sqlite3"
    with databases.locked("demo"):
        names = databases.run_folder() / "demo.json"
        if not names.exists():
            making = create_app({**test_settings(f"sqlite:///{template}"), "IS_DEMO": True})
            upgrade_database(making)
            made = load_demo(making, password=PASSWORD)
            with making.app_context():
                counted = _counted(made.council)
                db.session.remove()
                db.engine.dispose()
            names.write_text(json.dumps([made.council.ideas, made.council.measures, counted]))
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
    app = create_app({**test_settings(f"sqlite:///{path}"), "IS_DEMO": True})
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(5)
    server.server_close()


def _counted(council: Council) -> dict[str, Any]:
    """Return the numbers of what people counted, decided and drew, by a name for each."""
    ids, actor = council.measures, council.actor("tess")
    newest = queries.observations_of(actor, [ids["cp_visits_on_time"]])[ids["cp_visits_on_time"]]
    rates = queries.observations_of(actor, [ids["re_referral"]])[ids["re_referral"]]
    lines = queries.lines_of([ids["missing_nights"], ids["voice_in_plan"]])
    team = teams.team_by_slug(actor, "safeguarding-and-court")
    return {
        "a_huddle": past_huddles(actor, team.id).huddles[0].id,
        "an_action": actions_to_do(council.actor("marlon"))[0].id,
        # Signed as this application signs: every run of the tests has the same secret.
        "a_stop": write_stop(SECRET_KEY, Stop(actor.person_id, groups=(Group.FOLLOWED,))),
        **council.tallies,
        **council.samples,
        "a_number": newest[-1].id or 0,
        "left_out": next(o.id for o in rates if o.is_excluded) or 0,
        "a_baseline": lines[ids["missing_nights"]].baselines[0].id,
        "a_line": lines[ids["voice_in_plan"]].middle_lines[0].id,
    }


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
            person.open("/sign-in")
            person.page.get_by_role("button", name=re.compile(name)).first.click()
            person.page.wait_for_load_state("load")
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
