"""The whole journey, by keyboard alone, as three people; and the same with JavaScript off.

A social worker logs a small suggestion; her manager answers; she tries it small; it goes round
again, wide enough to move a measure; the manager decides; a leader reads the finished cycle.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from improve.shared import clock
from tests.browser.conftest import Person, Site
from tests.browser.keyboard import Keyboard
from tests.factories import PASSWORD

IDEA = "Text families a photo of the worker before the first visit"
MEASURE = "First visits where the child knew who was coming"


def weeks_before(count: int) -> str:
    """Return rows to paste: a Monday, a top line and a bottom line, up to last week."""
    monday = clock.today() - timedelta(days=clock.today().weekday())
    rows = [
        f"{monday - timedelta(weeks=count - n):%d/%m/%Y}\t{30 + n % 4}\t40" for n in range(count)
    ]
    return "\n".join(rows)


def go_on(keyboard: Keyboard, button: str, why: str) -> None:
    """Press the button; where something soft is missing, say why and press it again."""
    for label in ("Why go on without it?", "Why go on without?", "Why study it early?"):
        if keyboard.page.get_by_role("textbox", name=label, exact=True).count():
            keyboard.type(label, why)
    keyboard.press(button)
    for label in ("Why go on without it?", "Why go on without?", "Why study it early?"):
        if keyboard.page.get_by_role("textbox", name=label, exact=True).count():
            keyboard.type(label, why)
            keyboard.press(button)


@pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without script"])
def test_from_a_suggestion_to_a_finished_cycle(
    site: Site, people: Callable[..., Person], javascript: bool
) -> None:
    amina, sam, florence = (people(javascript=javascript) for _ in range(3))
    worker, manager, leader = (Keyboard(p.page) for p in (amina, sam, florence))

    # A social worker logs it.
    worker.sign_in(site.url, "amina.birch@larchdale.example", PASSWORD)
    worker.follow("Log an idea")
    amina.check_with_axe("log")
    worker.type("What is your idea?", IDEA)
    worker.type("What would be better? (optional)", "Children know who is coming")
    worker.choose("A child or young person")
    worker.press("Send idea")
    assert amina.page.get_by_role("heading", level=1).inner_text() == "Sent. Thank you, Amina."
    assert "Sam" in amina.page.locator("main").inner_text()
    worker.follow("See it on the board")
    assert amina.page.get_by_role("link", name=IDEA, exact=True).count() == 1

    # Her manager answers in his own words.
    manager.sign_in(site.url, "sam.alder@larchdale.example", PASSWORD)
    manager.follow(f"Reply to {IDEA}")
    manager.type(
        "Your reply", "Yes. Nobody likes a stranger at the door. Try it with five families."
    )
    manager.choose("We will try it")
    manager.press("Send reply")
    assert IDEA in sam.page.locator("main").inner_text()

    # She reads it next morning and tries it small.
    worker.follow("Amina")
    assert "Sam answered your idea" in amina.page.locator("main").inner_text()
    worker.follow("I’ll try it")
    assert amina.page.get_by_role("heading", level=1).inner_text() == "Plan a small test"
    amina.check_with_axe("plan")
    field = amina.page.get_by_role("textbox", name="Your own words, change them if you like")
    assert field.input_value() == IDEA
    worker.choose("5")
    worker.type("What do you expect to see?", "The child knows my name when I arrive")
    worker.type("In", "4")
    worker.type("of", "5")
    worker.choose("I will ask and write it here")
    worker.press("Start the test")
    assert "locked" in amina.page.locator("main").inner_text().lower()

    # What happened, what she learned.
    worker.page.goto(f"{site.url}/ideas/1", wait_until="load")
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
    manager.follow("Paste many")
    manager.type("Paste the rows", weeks_before(14))
    manager.press("Look through the rows")
    sam.check_with_axe("preview")
    manager.press("Add 14")
    assert "14" in sam.page.locator("main").inner_text()
    sam.check_with_axe("measure")

    sam.page.goto(f"{site.url}/ideas/1", wait_until="load")
    manager.follow("Decide")
    manager.choose("Change")
    if not javascript:
        manager.press("Show what this asks")
    sam.page.get_by_role("button", name="Change it and plan again").wait_for()
    manager.type("Why?", "Worth trying with the whole team")
    manager.press("Change it and plan again")
    sam.page.goto(f"{site.url}/ideas/1/plan", wait_until="load")
    assert sam.page.get_by_role("heading", level=1).inner_text() == "Plan a small test"
    manager.type("What do you expect to see?", "From about 79% to 90% or more")
    manager.reach(sam.page.locator("summary", has_text="Wide enough to move a measure"))
    sam.page.keyboard.press("Enter")
    manager.tick("This is wide enough to move a measure")
    manager.select("Which measure should move?", MEASURE[:20])
    go_on(manager, "Start the test", "We look at the rest in the huddle")
    sam.page.goto(f"{site.url}/ideas/1", wait_until="load")
    assert "Too early" in sam.page.locator("main").inner_text()
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
    manager.type("Why?", "Children asked for it")
    manager.type(
        "The chart shows no improvement. Why keep it anyway?",
        "It costs a minute and children like it",
    )
    manager.press("Keep it")
    assert "Kept" in sam.page.locator("main").inner_text()

    # A leader reads it, with its doubt.
    leader.sign_in(site.url, "florence.ash@larchdale.example", PASSWORD)
    leader.follow("Review")
    said = florence.page.locator("main").inner_text().replace("\u00a0", " ")
    assert "2 cycles finished" in said
    assert "1 kept, 1 changed, 0 stopped with what was learned." in said
    assert "Everybody can do it." in said
    assert "Too early" in said
    florence.check_with_axe("review")
    leader.follow(IDEA)
    assert florence.page.get_by_role("heading", level=1).inner_text() == IDEA
