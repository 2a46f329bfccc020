"""Words that identify: said, hidden, taken out and found nowhere; an idea for another team; cards."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from improve.ideas import service
from improve.shared.db import db
from tests.browser.conftest import Person, Site
from tests.factories import actor, make_idea

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
People = Callable[..., Person]
SAM = "sam.alder@larchdale.example"
JO = "jo.sedge@larchdale.example"
DEV = "dev.poplar@larchdale.example"
SECRET = "Marmaduke Thistlewood"


def an_idea(site: Site) -> int:
    """An idea with a comment that holds a name."""
    with site.app.app_context():
        made = make_idea(site.cast, text="Ring before a visit")
        service.comment(
            actor(site.cast.colleague),
            idea_id=made,
            words=f"The mother of {SECRET} liked it",
            form_token="t",
        )
        db.session.commit()
    return made


def test_words_are_hidden_then_taken_out(site: Site, people: People) -> None:
    idea_id = an_idea(site)
    # Without script: “More” opens, every step is a page.
    jo = people(javascript=False, width=390)
    jo.sign_in("amina.birch@larchdale.example")
    jo.open(f"/ideas/{idea_id}")
    comment = jo.page.locator(".comment").first
    comment.locator("summary").focus()
    jo.page.keyboard.press("Enter")
    jo.goes(comment.get_by_role("link", name="This may identify someone"))
    jo.sends("Hide it now")
    jo.sees("It is hidden.")
    sam = people(width=1280)
    sam.sign_in(SAM)
    sam.open(f"/ideas/{idea_id}")
    sam.holds("until a coach or the data protection lead has read it")
    sam.never_holds(SECRET)
    dev = people(width=1280)
    dev.sign_in(DEV)
    dev.open("/words")
    dev.check_with_axe("desk")
    dev.goes(dev.page.get_by_role("link", name="A comment on an idea"))
    dev.check_with_axe("read")
    dev.page.get_by_label("Other words to take out").fill(SECRET.upper())
    dev.sends("See where they stand")
    dev.page.get_by_label("I am not sure").check()
    dev.check_with_axe("places")
    dev.sends("Take them out everywhere")
    dev.sees("It may be a data breach", within="main")
    sam.open(f"/ideas/{idea_id}")
    sam.holds("The mother of [words removed by data protection lead")
    sam.open("/search?q=Thistlewood")
    expect(sam.page.locator("main li", has_text="Ring before a visit")).to_have_count(0)


def test_an_idea_goes_to_another_team(site: Site, people: People) -> None:
    idea_id = an_idea(site)
    sam = people(width=390)
    sam.sign_in(SAM)
    sam.open(f"/ideas/{idea_id}")
    sam.page.get_by_text("More for this idea").click()
    sam.goes(sam.page.get_by_role("link", name="Move it to another team"))
    sam.check_with_axe("another team")
    sam.check_fits("another team")
    sam.page.get_by_label("Which team?").select_option(label="Hillside")
    sam.page.get_by_label("Why?").fill("Their families ask for it most")
    sam.sends("Move it")
    sam.sees("It belongs to Hillside now")
    sam.open("/teams/hillside/board")
    sam.sees("Ring before a visit", within="main")


def test_cards_print_four_to_a_page(site: Site, people: People) -> None:
    with site.app.app_context():
        for number in range(9):
            long = "A title as long as one may be, " * 3 if number == 1 else "Ring back"
            make_idea(site.cast, text=f"{long} {number}")
        db.session.commit()
    sam = people(width=1280)
    sam.sign_in(SAM)
    sam.open("/teams/riverside/board/cards")
    sam.check_with_axe("cards")
    made = sam.page.pdf(prefer_css_page_size=True, print_background=True)
    sam.page.emulate_media(media="print")
    sizes = sam.measures(
        "() => [...document.querySelectorAll('.sheet')].map(one => one.getBoundingClientRect().height)"
    )
    assert len(sizes) == 3
    assert len({round(size) for size in sizes}) == 1
    # No card runs out of its quarter of the sheet.
    too_full = sam.measures(
        """() => [...document.querySelectorAll(".paper-card")]
            .filter(one => one.scrollHeight > one.clientHeight + 1).map(one => one.textContent)"""
    )
    assert too_full == []
    assert pages_in(made) == 3
    sam.page.emulate_media(media="screen")
    sam.open("/teams/riverside/board/cards?stage=done")
    sam.sees("No idea stands in these columns.", within="main")


def pages_in(made: bytes) -> int:
    """Return how many pages a PDF of Chromium has."""
    found = [int(count) for count in re.findall(rb"/Type /Pages\s*/Count (\d+)", made)]
    found += [int(count) for count in re.findall(rb"/Count (\d+)[^>]*/Type /Pages", made)]
    return max(found)
