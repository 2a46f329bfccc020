"""Whoever may report finds the way: on a phone, where the header has no room, and in the help."""

from __future__ import annotations

from collections.abc import Callable

from tests.factories import Cast
from tests.pages import Visitor

Visit = Callable[..., Visitor]
TELL = "/reports/tell"


def test_the_bar_of_a_phone_and_the_help_lead_to_a_report(cast: Cast, visit: Visit) -> None:
    staff = visit(cast.practitioner)
    bar = staff.get("/me").soup.select('nav[aria-label="On this phone"] a')
    assert [link.get_text(strip=True) for link in bar] == [
        "Board",
        "Log idea",
        "Report",
        "Me",
        "More",
    ]
    assert bar[2]["href"] == TELL
    text = staff.get("/help")
    assert {str(link["href"]) for link in text.links()} >= {TELL, "/report-answer", "/reports"}


def test_guests_and_strangers_are_not_led_to_it(cast: Cast, visit: Visit) -> None:
    guest = visit(cast.guest)
    for page in (guest.get("/me"), guest.get("/help"), visit().get("/help")):
        assert TELL not in {str(link["href"]) for link in page.links()}


def test_other_pages_are_one_tap_away_on_a_phone(cast: Cast, visit: Visit) -> None:
    """They stand in the foot of the page; a board is long."""
    page = visit(cast.practitioner).get("/me")
    (more,) = page.soup.select('nav[aria-label="On this phone"] a[href="#more-pages"]')
    assert more.get_text(strip=True) == "More"
    foot = page.soup.select_one("#more-pages")
    assert foot is not None
    assert {"Huddle", "Measures"} <= {link.get_text(strip=True) for link in foot.select("a")}
