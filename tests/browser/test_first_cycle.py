"""The whole journey, by keyboard alone, as three people; and the same with JavaScript off.

A social worker logs a small suggestion; her manager answers; she tries it small; it goes round
again, wide enough to move a measure; the manager decides; a leader reads the finished cycle.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, expect

from improve.shared import clock
from tests.browser.conftest import Person, Site
from tests.browser.keyboard import Keyboard
from tests.factories import PASSWORD

IDEA = "Text families a photo of the worker before the first visit"
MEASURE = "First visits where the child knew who was coming"


def heading(person: Person) -> Locator:
    """What the page is called."""
    return person.page.get_by_role("heading", level=1)


def weeks_before(count: int) -> str:
    """Return rows to paste: a Monday, a top line and a bottom line, up to last week."""
    monday = clock.today() - timedelta(days=clock.today().weekday())
    rows = [
        f"{monday - timedelta(weeks=count - n):%d/%m/%Y}\t{30 + n % 4}\t40" for n in range(count)
    ]
    return "\n".join(rows)


#: What a field is called that asks why something soft is left out.
WHY = re.compile("^Why go on without( it)?\\?$|^Why study it early\\?$")


def go_on(keyboard: Keyboard, button: str, why: str) -> None:
    """Press the button; where something soft is missing, say why and press it again."""
    asked = keyboard.page.get_by_role("textbox", name=WHY)
    sends = keyboard.page.get_by_role("button", name=button, exact=True)
    if keyboard.person.has(asked):
        keyboard.type_into(asked, why)
    keyboard.press(button)
    if keyboard.person.has(asked) and keyboard.person.has(sends):
        keyboard.type_into(asked, why)
        keyboard.press(button)


# The longest journey: four people, every step by keyboard alone.
@pytest.mark.timeout(600)
@pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without script"])
def test_from_a_suggestion_to_a_finished_cycle(
    site: Site, people: Callable[..., Person], javascript: bool
) -> None:
    amina, sam, florence = (people(javascript=javascript) for _ in range(3))
    worker, manager, leader = (Keyboard(person) for person in (amina, sam, florence))

    # A social worker logs it.
    worker.sign_in("amina.birch@larchdale.example", PASSWORD)
    worker.follow("Log an idea")
    amina.check_with_axe("log")
    worker.type("What is your idea?", IDEA)
    worker.type("What would be better? (optional)", "Children know who is coming")
    worker.choose("A child or young person")
    worker.press("Send idea")
    expect(heading(amina)).to_have_text("Sent. Thank you, Amina.")
    amina.sees("Sam", within="main")
    worker.follow("See it on the board")
    expect(amina.page.get_by_role("link", name=IDEA, exact=True)).to_have_count(1)

    # Her manager answers in his own words.
    manager.sign_in("sam.alder@larchdale.example", PASSWORD)
    manager.follow(f"Reply to {IDEA}")
    manager.type(
        "Your reply", "Yes. Nobody likes a stranger at the door. Try it with five families."
    )
    manager.choose("We will try it")
    manager.press("Send reply")
    sam.sees(IDEA, within="main")

    # She reads it next morning and tries it small.
    worker.follow("Amina")
    amina.sees("Sam answered your idea", within="main")
    worker.follow("I’ll try it")
    expect(heading(amina)).to_have_text("Plan a small test")
    amina.check_with_axe("plan")
    field = amina.page.get_by_role("textbox", name="Your own words, change them if you like")
    expect(field).to_have_value(IDEA)
    worker.choose("5")
    worker.type("What do you expect to see?", "The child knows my name when I arrive")
    worker.type("In", "4")
    worker.type("of", "5")
    worker.choose("I will ask and write it here")
    worker.press("Start the test")
    expect(amina.page.locator("main")).to_contain_text(
        "locked", ignore_case=True, use_inner_text=True
    )

    # What happened, what she learned.
    amina.open("/ideas/1")
    amina.check_with_axe("idea in Do")
    worker.follow("Move to Study")
    worker.type("What happened when you tried it?", "Five visits. In four the child knew my name.")
    worker.choose("Yes")
    worker.type("We saw it in", "4")
    worker.type("of", "5")
    go_on(worker, "Move to Study", "All five visits are done")
    worker.follow("Move to Act")
    worker.choose("Yes")
    worker.type("What did you learn?", "A photo is enough. Send it two days before.")
    amina.check_with_axe("move to Act")
    go_on(worker, "Move to Act", "It was five visits, nobody else was needed")

    # The manager goes round again, with the whole team and a measure.
    manager.follow("Measures")
    manager.follow("Add a measure")
    sam.check_with_axe("define a measure")
    manager.type("What do you count?", MEASURE)
    manager.choose("So many out of so many")
    manager.type("Top line", "First visits where the child knew who was coming", exact=False)
    manager.type("Bottom line: out of what", "First visits made in the week")
    manager.choose("Higher")
    manager.press("Add this measure")
    # A measure of what the team does is asked once what might get worse; leaving it is an answer.
    manager.press("Add this measure")
    manager.follow("Bring in a spreadsheet")
    manager.type("Paste the rows", weeks_before(14))
    manager.press("Look through the rows")
    sam.check_with_axe("preview")
    manager.press("Add 14")
    sam.sees("14", within="main")
    sam.check_with_axe("measure")

    sam.open("/ideas/1")
    manager.follow("Decide")
    manager.choose("Change")
    if not javascript:
        manager.press("Go on")
    expect(sam.page.get_by_role("button", name="Change it and plan again")).to_be_visible()
    manager.type("Why?", "Worth trying with the whole team")
    manager.press("Change it and plan again")
    sam.open("/ideas/1/plan")
    expect(heading(sam)).to_have_text("Plan a small test")
    manager.type("What do you expect to see?", "From about 79% to 90% or more")
    manager.reach(sam.page.locator("summary", has_text="Wide enough to move a measure"))
    sam.page.keyboard.press("Enter")
    manager.tick("This is wide enough to move a measure")
    manager.select("Which measure should move?", MEASURE[:20])
    go_on(manager, "Start the test", "We look at the rest in the huddle")
    sam.open("/ideas/1")
    sam.sees("Too early", within="main")
    sam.check_with_axe("idea with a chart")

    manager.follow("Move to Study")
    manager.type("What happened when you tried it?", "Every first visit for a week.")
    manager.choose("Yes")
    go_on(manager, "Move to Study", "We decide now, the photo costs a minute")
    manager.follow("Move to Act")
    manager.choose("Partly")
    manager.type("What did you learn?", "Everybody can do it. The chart needs more weeks.")
    go_on(manager, "Move to Act", "The team has talked about it")
    manager.follow("Decide")
    manager.choose("Keep")
    if not javascript:
        manager.press("Go on")
    manager.type("Why?", "Children asked for it")
    manager.type(
        "The chart shows no improvement. Why keep it anyway?",
        "It costs a minute and children like it",
    )
    manager.press("Keep it")
    sam.sees("Kept", within="main")

    # A leader reads it, with its doubt.
    leader.sign_in("florence.ash@larchdale.example", PASSWORD)
    leader.follow("Review")
    leader.follow("All finished work")
    florence.sees(
        "2 cycles finished",
        "1 kept, 1 changed, 0 stopped with what was learned.",
        "Everybody can do it.",
        "Too early",
        within="main",
    )
    florence.check_with_axe("review")
    leader.follow(IDEA)
    # What was kept is read on a page of its own, its lesson first.
    expect(heading(florence)).to_contain_text("Everybody can do it")
