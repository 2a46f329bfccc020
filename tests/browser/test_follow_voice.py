"""A voice followed to its end: told, read, tried, answered for everybody, and put right.

A child without script, a reader and a manager at their own browsers. Nobody is helped by a service:
each step is clicked by the person whose step it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.conftest import DemoSite, Person, close_browsers, open_browser

TOLD = "Nobody said who was coming to see me. I hid in my room."
BETTER = "Show me a photo first."
IDEA = "Send each child a photo of the worker two days before the first visit"
HAPPENED = "Four of five children knew the name at the door. One card came a day too late."
NOT_YET = "My new worker came without a photo."
#: What its team reads beside the idea.
TOLD_TO_TEAM = ("What children and families told us", BETTER)
#: What a field is called that asks why something soft is left out.
WHY = re.compile("^Why go on without( it)?\\?$|^Why study it early\\?$")


@dataclass
class Three:
    """Who follows it: a child with a phone, a reader and a manager at their desks."""

    child: Person
    reader: Person
    manager: Person


@pytest.fixture
def three(chromium: Browser, own_demo: DemoSite) -> Iterator[Three]:
    """A child without an account or a script, Tamsin who reads, Helena who leads the team."""
    child = open_browser(chromium, own_demo.url, javascript=False, width=320, height=640)
    reader, manager = (open_browser(chromium, own_demo.url, javascript=js) for js in (True, False))
    reader.sign_in_to_demo("Tamsin")
    manager.sign_in_to_demo("Helena")
    yield Three(child, reader, manager)
    close_browsers([child, reader, manager])


def heading(person: Person) -> Locator:
    """What the page is called."""
    return person.page.get_by_role("heading", level=1)


def choose(person: Person, label: str) -> None:
    """Pick a choice and go on."""
    person.page.get_by_text(label, exact=True).click()
    person.sends("Next")


def follow(person: Person, name: str | re.Pattern[str]) -> None:
    """Click a link."""
    is_exact = isinstance(name, str)
    person.goes(person.page.get_by_role("link", name=name, exact=is_exact).first)


def tell(child: Person) -> str:
    """Tell it on the public form, and return the words to come back with."""
    child.open("/say/heron")
    child.sees("999", "Childline")
    child.sends("Start")
    choose(child, "I am a child")
    choose(child, "8 to 11")
    choose(child, "My social worker")
    choose(child, "Not good")
    child.page.get_by_role("textbox").fill(TOLD)
    child.sends("Next")
    child.page.get_by_role("textbox").fill(BETTER)
    child.sends("Next")
    child.page.get_by_text("Yes", exact=True).click()
    child.sends("Send my words")
    # Nobody is refused for being quick: they read it again, and send it.
    while child.has(child.page.get_by_text("That was very quick")):
        child.page.get_by_text("Yes", exact=True).click()
        child.sends("Send my words")
    child.sees("Thank you. We have your words.")
    receipt = child.reads(child.page.locator("p.vh[lang=en]"))
    child.goes(child.page.get_by_role("button", name=re.compile("I(’m| am) done$")))
    expect(heading(child)).to_have_text("What changed because of you")
    child.never_sees(BETTER)
    return receipt


def open_from_desk(reader: Person, tab: str) -> None:
    """Open the child’s voice, that came today, among all that wait."""
    follow(reader, "Voices")
    follow(reader, tab)
    came = reader.page.locator(".desk-rows li", has_text="Came today")
    row = came.filter(has_text="A child, about their social worker")
    while not reader.has(row):
        follow(reader, "Next page")
    reader.goes(row.get_by_role("link"))


def read(reader: Person) -> None:
    """Read it at the desk, settle what others may read, and start an idea from it."""
    open_from_desk(reader, "Waiting to be read")
    reader.sends("Open it")
    reader.sees(TOLD, BETTER, within=".they-wrote")
    reader.sends("No")  # could anyone be in danger?
    reader.sends("No")  # is it about a member of staff?
    reader.sends("No")  # could it be a complaint?
    follow(reader, "Write what others may read")
    reader.page.get_by_label("What others may read").fill(BETTER)
    reader.sends("Compare the two")
    whys = reader.page.get_by_label(re.compile("^Why change"))
    expect(whys).to_have_count(1)
    whys.select_option(index=1)
    # Could their own worker tell who this is?
    reader.page.get_by_role("radio", name="No", exact=True).check(force=True)
    reader.sends("Use these words")
    follow(reader, "Start an idea")
    reader.page.get_by_role("textbox").fill(IDEA)
    reader.page.get_by_label("Team").select_option(label="Assessment North")
    reader.sends("Start the idea")
    reader.sees(IDEA, within="#use")


def go_on(manager: Person, button: str) -> None:
    """Press the button; where something soft is missing, say why and press it again."""
    manager.sends(button)
    asked = manager.page.get_by_role("textbox", name=WHY)
    if manager.has(asked):
        asked.first.fill("We talk about the rest in the huddle")
        manager.sends(button)


def try_it(manager: Person, idea: str = IDEA, told: tuple[str, ...] = TOLD_TO_TEAM) -> None:
    """Say yes, plan it, try it, study what came, and keep it.

    ``told``: what stands beside the idea of what families told.
    """
    page = manager.page
    follow(manager, "Board")
    follow(manager, f"Reply to {idea}")
    page.get_by_role("textbox", name="Your reply").fill("Yes. Nobody likes a stranger at the door.")
    page.get_by_role("radio", name=re.compile("^We will try it")).check(force=True)
    manager.sends("Send reply")
    if told:
        manager.sees(*told, within="#voices")
    follow(manager, "Plan it")
    page.get_by_role("radio", name="5", exact=True).check(force=True)
    page.get_by_label("What do you expect to see?").fill("Each child knows the name at the door")
    page.get_by_role("radio", name="I will ask and write it here").check(force=True)
    go_on(manager, "Start the test")
    follow(manager, "Board")
    follow(manager, idea)
    follow(manager, "Move to Study")
    page.get_by_role("textbox", name="What happened when you tried it?").fill(HAPPENED)
    page.get_by_role("radio", name="Yes", exact=True).check(force=True)
    go_on(manager, "Move to Study")
    follow(manager, "Move to Act")
    page.get_by_role("radio", name="Yes", exact=True).check(force=True)
    page.get_by_role("textbox", name="What did you learn?").fill("Post the card three days before.")
    go_on(manager, "Move to Act")
    follow(manager, "Decide")
    page.get_by_role("radio", name=re.compile("^Keep")).check(force=True)
    manager.sends("Go on")
    page.get_by_role("textbox", name="Why?").fill("Children knew the name")
    go_on(manager, "Keep it")
    manager.sees("Kept", within="main")


def answer(reader: Person, said: str) -> None:
    """Answer for everybody, from the draft that the ending of the idea made where there is one."""
    draft = reader.page.get_by_role("link", name=re.compile("^Use the draft of"))
    if reader.has(draft):
        reader.sees("From the idea")
        reader.goes(draft)
        expect(reader.page.get_by_label("We tried")).to_have_value(IDEA)
        expect(reader.page.get_by_label("What happened")).to_have_value(re.compile(HAPPENED))
    else:
        reader.page.get_by_label("What happened").fill(said)
        reader.page.get_by_role("radio", name="We changed it").check(force=True)
    reader.page.locator("#words").fill(said)
    reader.sends("Give this answer")
    reader.sees("They read it with their code.")


def look_up(child: Person, receipt: str) -> None:
    """Come back with the words alone: no name, no account."""
    follow(child, "I have a code")
    child.page.get_by_label("Your code").fill(receipt.upper())
    child.sends("Read my answer")


def say(child: Person, right: str, more: str = "") -> None:
    """Say whether we got it right."""
    child.page.get_by_role("radio", name=right, exact=True).check(force=True)
    if more:
        child.page.get_by_role("textbox").fill(more)
    child.sends("Send")
    child.sees("Thank you", "You said:", within="main")


def test_from_the_form_to_put_right(three: Three) -> None:
    child, reader, manager = three.child, three.reader, three.manager
    receipt = tell(child)
    read(reader)
    try_it(manager)

    # The ending drafted it: a reader looks at it and gives it out.
    open_from_desk(reader, "To be answered")
    follow(reader, "Answer")
    answer(reader, "Thank you. A photo of your worker now comes first.")

    # Everybody reads it, and the child finds it without a name: it is not right yet.
    child.open("/changed/merrowdale-council")
    child.sees(BETTER, IDEA, HAPPENED, "We kept it.", within="main")
    look_up(child, receipt)
    child.sees("A photo of your worker now comes first.", HAPPENED, within="main")
    say(child, "No", NOT_YET)

    # “No” leads it back to the desk, where it is read and answered again.
    follow(reader, "Voices")
    reader.sees("They said something about our answer", within=".desk-rows")
    open_from_desk(reader, "Waiting to be read")
    reader.sees("we did not get it right", NOT_YET, within="main")
    reader.sends("No, I have read it")
    follow(reader, "Answer")
    answer(reader, "You are right. Each new worker sends one now.")

    # Only the person who told it can say that it is put right.
    child.open("/changed/merrowdale-council")
    look_up(child, receipt)
    child.sees("Each new worker sends one now.", within="main")
    say(child, "Yes")
    reader.page.reload()
    reader.sees("Put right", "Nothing is left to do.", within="main")
    reader.sees("They said yes: put right", within="#use")
