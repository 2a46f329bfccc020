"""Whoever works by keyboard or listens never loses their place: after each answer something has the focus.

Everything on the main pages that htmx answers is pressed, one of each kind, then what opened is sent
as it stands and shut. A new kind is walked without being named here.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.conftest import Person, close_browsers, open_browser
from tests.browser.every_page import address
from tests.browser.the_demo import DemoSite

BOARD = "/teams/safeguarding-and-court/board"
HUDDLES = "/teams/safeguarding-and-court/huddles"
PAGES = [
    ("Tess", BOARD),
    ("Tess", f"{BOARD}?show=needs-reply"),
    ("Tess", "/board"),
    ("Tess", "/ideas/{IDEA-009}"),
    ("Tess", "/ideas/{IDEA-015}"),
    ("Tess", "/ideas/{IDEA-018}"),
    ("Tess", "/ideas/{IDEA-026}"),
    ("Tess", "/measures/{cp_visits_on_time}"),
    ("Florence", "/review/month"),
]
#: What a person presses that htmx answers; what comes by itself (a poll, a search while typing) is none.
PRESSED = (
    "a[hx-get]:not([data-background]), form[hx-post] [type=submit], a[hx-boost=true], "
    "[hx-boost=true] a[href], form[hx-boost=true] [type=submit], [hx-get] > summary"
)
#: One of each kind that is to be seen, with its number: where its answer goes, and where it stands.
_KINDS = """() => {
    const kinds = {};
    document.querySelectorAll("PRESSED").forEach((node, number) => {
        const asks = node.closest("[hx-get],[hx-post],[hx-boost]"), near = node.parentElement;
        const to = (asks.getAttribute("hx-target") || "page").replace(/[0-9]+/g, "n");
        const kind = `${node.tagName} in ${near.tagName} ${near.className} to ${to}`;
        if (node.checkVisibility()) kinds[kind] ??= number;
    });
    return kinds;
}""".replace("PRESSED", PRESSED)
#: Which page this is, and whether nothing on it has the focus.
_PLACE = "() => [performance.timeOrigin, document.activeElement === document.body]"


@pytest.fixture
def somebody(chromium: Browser, own_demo: DemoSite) -> Iterator[dict[str, Person]]:
    people = {}
    for name in ("Tess", "Florence"):
        people[name] = open_browser(chromium, own_demo.url)
        people[name].sign_in_to_demo(name)
    yield people
    close_browsers(list(people.values()))


def place_is_kept(person: Person, what: str, since: float) -> bool:
    """Return whether it is still the same page; raise if nothing on it has the focus."""
    person.until(
        lambda: person.measures(_PLACE) != [since, True],
        f"nothing has the focus after pressing {what}",
    )
    return bool(person.measures(_PLACE)[0] == since)


def press(person: Person, thing: Locator, what: str) -> bool:
    """Press with the keyboard; return whether it is still the same page."""
    since = person.measures(_PLACE)[0]
    thing.focus()
    thing.press("Enter")
    return place_is_kept(person, what, since)


def test_something_has_the_focus_after_every_answer(
    own_demo: DemoSite, somebody: dict[str, Person]
) -> None:
    walked: set[str] = set()
    for who, path in PAGES:
        walk(somebody[who], address(path, own_demo), walked)
    assert len(walked) >= 10, walked


def test_something_has_the_focus_after_every_answer_in_a_huddle(
    somebody: dict[str, Person],
) -> None:
    tess = somebody["Tess"]
    tess.open(f"{HUDDLES}/start")
    tess.sends("Start the huddle")
    walk(tess, tess.path, set())


def walk(person: Person, path: str, walked: set[str]) -> None:
    """Press one of each kind on the page that was not walked yet, on the page as it comes anew."""
    person.open(path)
    kinds: dict[str, int] = person.measures(_KINDS)
    for kind, number in kinds.items():
        if kind in walked:
            continue
        walked.add(kind)
        person.open(path)
        person.wait_for_htmx()
        if not press(person, person.page.locator(PRESSED).nth(number), kind):
            continue
        send(person, kind)
        shut(person, kind)


def shut(person: Person, what: str) -> None:
    """Shut the dialog, if one opened; words not sent are asked about once."""
    dialog = person.page.locator("dialog[open]")
    since = person.measures(_PLACE)[0]
    for _ in range(2):
        if person.has(dialog):
            person.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    place_is_kept(person, f"{what}, shut", since)


def send(person: Person, what: str) -> None:
    """Send the form that opened, as it stands."""
    opened = person.page.locator("form[hx-post]:has(:focus), dialog[open] form[hx-post]")
    button = opened.locator("[type=submit]:not([name=secondary])")
    if person.has(button):
        press(person, button.first, f"{what}, sent")
