"""Two phones and a wall: taps counted at once, kept without signal, sent later, taken back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Person, Site

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)

SAM = "sam.alder@larchdale.example"
AMINA = "amina.birch@larchdale.example"
JO = "jo.sedge@larchdale.example"
QUESTION = "Did the family know your name before you came?"

People = Callable[..., Person]


def ask(manager: Person, answers: str = "Yes or no", question: str = QUESTION) -> str:
    """Have the manager ask a question by the form; return the path of its page for phones."""
    manager.sign_in(SAM)
    manager.open("/teams/riverside/tallies")
    manager.goes(manager.page.get_by_role("link", name="Ask a question"))
    manager.page.get_by_label("What do you ask after each visit?").fill(question)
    manager.page.get_by_role("radio", name=answers).check()
    manager.sends("Open the tally")
    address = manager.reads(manager.page.locator(".tally-address"))
    return "/" + address.split("/", 3)[3]


def phone(people: People, email: str, path: str, **more: object) -> Person:
    """Return somebody signed in on a phone, at the question."""
    made = people(width=390, height=844, **more)
    made.hastens()
    made.sign_in(email)
    made.open(path)
    return made


def press(person: Person, answer: str) -> None:
    """Press a large button."""
    person.page.get_by_role("button", name=answer, exact=True).click()


def said(person: Person, words: str) -> None:
    """Wait until the page says so."""
    expect(person.page.locator("#tally-said")).to_contain_text(words)


def taps_have_gone(person: Person) -> None:
    """Wait until the site has answered every tap: until then each is kept on the phone."""
    person.until(
        lambda: person.measures("() => (localStorage.getItem('improve-taps') || '[]') === '[]'"),
        "taps are still on the phone",
    )


def test_two_phones_and_a_wall(site: Site, people: People) -> None:
    wall = people(width=1920, height=1080)
    wall.hastens()
    path = ask(wall)
    amina, jo = (phone(people, email, path) for email in (AMINA, JO))
    press(amina, "Yes")
    said(amina, "Counted: Yes")
    press(jo, "No")
    press(jo, "Yes")
    said(jo, "Counted: Yes (tap 2)")
    press(jo, "Could not tell")
    said(jo, "Counted: Could not tell (tap 3)")
    words = wall.page.locator(".tally-words")
    # The wall asks again by itself.
    expect(words).to_contain_text("2 yes of 3 answers. 1 could not tell.")
    expect(wall.page.locator(".tally-squares .is-yes")).to_have_count(2)

    # No signal: taps wait on the phone, and one that was wrong is taken back there.
    amina.context.set_offline(True)
    for answer in ("Yes", "No", "No", "Yes"):
        press(amina, answer)
    said(amina, "Kept: Yes")
    kept = amina.page.locator("#tally-kept")
    expect(kept).to_contain_text("4 taps kept on this phone. They are sent when there is signal.")
    amina.page.get_by_role("button", name="Undo last tap").click()
    said(amina, "Taken back: Yes. It is not counted.")
    expect(kept).to_contain_text("3 taps kept on this phone.")
    amina.check_with_axe("taps kept")
    amina.check_fits("taps kept")
    press(jo, "Yes")
    said(jo, "Counted: Yes")
    amina.context.set_offline(False)
    expect(kept).to_be_hidden()

    # A tap that was sent is taken back, too.
    press(amina, "No")
    said(amina, "Counted: No")
    amina.page.get_by_role("button", name="Undo last tap").click()
    said(amina, "Taken back: No.")
    expect(words).to_contain_text("4 yes of 7 answers. 1 could not tell.")
    wall.check_with_axe("the wall")

    # The dot.
    taps_have_gone(amina)
    wall.sends("Make this week’s point now")
    wall.sees("57% is on the chart", within="main")
    wall.goes(wall.page.get_by_role("link", name="See the chart"))
    expect(wall.page.get_by_role("heading", level=1)).to_contain_text(QUESTION[:-1])


def test_taps_outlive_the_page_and_a_lost_answer(site: Site, people: People) -> None:
    """What was kept is sent when the page opens again; an answer that got lost counts nothing twice."""
    manager = people()
    path = ask(manager)
    amina = phone(people, AMINA, path, may_complain=True)
    # The tap arrives, its answer does not.
    lost = [0]

    def lose(route: object) -> None:
        if not lost[0]:
            lost[0] += 1
            route.fetch()  # type: ignore[attr-defined]
            route.abort()  # type: ignore[attr-defined]
        else:
            route.continue_()  # type: ignore[attr-defined]

    amina.context.route("**/taps", lose)
    press(amina, "Yes")
    kept = amina.page.locator("#tally-kept")
    expect(kept).to_contain_text("1 tap kept on this phone.")
    amina.context.set_offline(True)
    press(amina, "No")
    expect(kept).to_contain_text("2 taps kept on this phone.")
    amina.context.set_offline(False)
    amina.page.reload()
    taps_have_gone(amina)
    expect(kept).to_be_hidden()
    manager.page.reload()
    expect(manager.page.locator(".tally-words")).to_contain_text("1 yes of 2 answers.")


def test_an_ended_session_keeps_the_taps(site: Site, people: People) -> None:
    manager = people()
    path = ask(manager)
    amina = phone(people, AMINA, path, may_complain=True)
    amina.context.clear_cookies()
    press(amina, "Yes")
    expect(amina.page.locator("#tally-kept")).to_contain_text(
        "1 tap kept on this phone. Open this page again and sign in to send them."
    )
    amina.sign_in(AMINA)
    amina.open(path)
    taps_have_gone(amina)
    expect(amina.page.locator("#tally-kept")).to_be_hidden()
    manager.page.reload()
    expect(manager.page.locator(".tally-words")).to_contain_text("1 yes of 1 answer.")


def test_taps_kept_while_the_tally_was_closed_still_come_in(site: Site, people: People) -> None:
    manager = people()
    path = ask(manager)
    # The browser itself complains of having no signal.
    amina = phone(people, AMINA, path, may_complain=True)
    amina.context.set_offline(True)
    press(amina, "Yes")
    manager.sends("Close this tally")
    amina.context.set_offline(False)
    amina.page.reload()
    amina.sees("This tally is closed.", within="main")
    taps_have_gone(amina)
    expect(amina.page.locator("#tally-kept")).to_be_hidden()
    manager.page.reload()
    expect(manager.page.locator(".tally-words")).to_contain_text("1 yes of 1 answer.")


def test_without_script(site: Site, people: People) -> None:
    manager = people(javascript=False)
    path = ask(manager, "How many", "How many people did the child meet?")
    amina = phone(people, AMINA, path, javascript=False)
    for answer in ("3", "0"):
        amina.sends(answer)
        said(amina, f"Counted: {answer}")
    amina.page.get_by_text("More than 5").click()
    amina.sends("12")
    said(amina, "Counted: 12")
    amina.sends("Undo last tap")
    said(amina, "Taken back.")
    manager.page.reload()
    expect(manager.page.locator(".tally-words")).to_contain_text("3 in all, from 2 taps.")


def test_pages_are_fit_for_everybody(site: Site, people: People) -> None:
    manager = people()
    path = ask(manager)
    for width, dark in ((320, False), (390, True), (1440, False)):
        manager.looks_at(width, height=844, dark=dark)
        for page in (
            path,
            f"{path}/week",
            "/teams/riverside/tallies",
            "/teams/riverside/tallies/new",
            "/teams/riverside/dip-samples",
            "/teams/riverside/dip-samples/new",
        ):
            manager.open(page)
            manager.check_fits(f"{page} at {width}")
            manager.check_with_axe(f"{page} at {width}")
    manager.looks_at(390, height=844)
    manager.open(path)
    for name in ("Yes", "No", "Could not tell"):
        box = manager.box(manager.page.get_by_role("button", name=name, exact=True))
        assert box["height"] >= 72


def test_two_readers_by_clicks_alone(site: Site, people: People) -> None:
    """Planned by a manager, read on two phones, settled together, a point of the chart."""
    sam = people()
    sam.sign_in(SAM)
    sam.open("/teams/riverside/dip-samples/new")
    sam.page.get_by_label("Title").fill("Letters a child can read")
    sam.page.get_by_label("Questions").fill("Would a ten year old understand it?")
    sam.page.get_by_label("How many records?").fill("2")
    sam.page.get_by_label("First reader").select_option("Amina Birch")
    sam.page.get_by_label("Second reader").select_option("Jo Sedge")
    sam.sends("Plan it")
    path = sam.path
    for email, answers in ((AMINA, ("Yes", "No")), (JO, ("Yes", "Yes"))):
        reader = phone(people, email, path)
        reader.goes(reader.page.get_by_role("link", name="Begin with record 1"))
        for answer in answers:
            reader.page.get_by_role("radio", name=answer, exact=True).check()
            reader.check_with_axe("a record")
            reader.goes(reader.page.get_by_role("button", name="Keep"))
        reader.sees("You have read all of them.", within="main")
    sam.open(path)
    sam.sees("1 of 2 the same.", within="main")
    sam.goes(sam.page.get_by_role("link", name="Settle the differences together"))
    expect(sam.page.get_by_role("button", name="Keep what we agreed")).to_be_visible()
    sam.check_with_axe("settling")
    sam.page.get_by_role("radio", name="Yes", exact=True).check()
    sam.sends("Keep what we agreed")
    sam.check_with_axe("agreed")
    sam.sends("Make it a point of the chart")
    sam.sees("100% is on the chart.", within="main")
