"""Nothing on a page moves after it was drawn: nobody presses the wrong thing or loses their line.

Each browser was never here. Letters that come within its first tenth of a second are still taken, and
move the ends of a line by a few pixels; no line breaks anew, and nothing else moves.
"""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import close_browsers, open_browser
from tests.browser.every_page import address
from tests.browser.the_demo import DemoSite

PAGES = [
    (None, "/sign-in"),
    (None, "/say/kite"),
    (None, "/report/merrowdale-council"),
    (None, "/changed/merrowdale-council"),
    ("Tess", "/teams/safeguarding-and-court/board"),
    ("Tess", "/ideas/{IDEA-007}"),
    ("Tess", "/ideas/{IDEA-009}"),
    ("Tess", "/measures/{cp_visits_on_time}"),
    ("Tess", "/teams/safeguarding-and-court/measures"),
    ("Tess", "/teams/safeguarding-and-court/huddles/start"),
    ("Tess", "/me"),
    ("Tess", "/log"),
    ("Tess", "/library"),
    ("Tess", "/search?q=visit"),
    ("Florence", "/review"),
    ("Florence", "/review/month"),
    ("Tamsin", "/voices/desk"),
    ("Tamsin", "/reports/desk"),
]
#: As browsers reckon it: the share of the window, by how far. 0.1 is what they call good.
MOST = 0.02
#: Everything that moved, and by how much, once the letters are here and half a second has gone.
_MOVED = """async () => {
    const found = [];
    const note = (list) => list.getEntries().forEach((one) => found.push([
        one.value, ...one.sources.map(({ node }) => node?.className || node?.nodeName || "?")]));
    new PerformanceObserver(note).observe({ type: "layout-shift", buffered: true });
    await document.fonts.ready;
    await new Promise((go) => setTimeout(go, 500));
    return found;
}"""


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize(("who", "path"), PAGES, ids=[path for _, path in PAGES])
def test_nothing_moves_once_it_is_drawn(
    demo: DemoSite, chromium: Browser, who: str | None, path: str, width: int
) -> None:
    state: dict[str, Any] | None = demo.states.get(who or "")
    person = open_browser(chromium, demo.url, width=width, storage_state=state)
    if who and state is None:
        person.sign_in_to_demo(who)
        demo.states[who] = person.context.storage_state()
        close_browsers([person])
        person = open_browser(chromium, demo.url, width=width, storage_state=demo.states[who])
    person.open(address(path, demo))
    moved = person.measures(_MOVED)
    close_browsers([person])
    assert sum(one[0] for one in moved) <= MOST, f"{path} at {width}: {moved}"
