"""The form for families, from the address on a poster to the words of the receipt.

Without script, on the smallest phone, by clicks alone; on each page what a screen reader says, and
in which order.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from improve.shared.db import db
from improve.voices.models import Voice
from improve.voices.service import send
from improve.voices.service.codes import make_code
from tests.browser.conftest import Person, Site
from tests.browser.screen_reader import Heard, check_named, fields, heard, place
from tests.factories import give_numbers_to_ring
from tests.voices.open_council import open_council

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
People = Callable[..., Person]
POSTER = "/say/otter-lamp"
#: In seconds: what is sent sooner is a machine's.
FASTEST = send.SOONEST.total_seconds() + 0.2
#: Stands for the page about the weather, which is on another host.
NEUTRAL = "/healthz"
TOPICS = ["My home", "My social worker", "My plan", "Meetings", "Family time", "School"]
OLDER_FACES = ["Really good", "Good", "OK", "Not good", "Really bad"]


@dataclass(frozen=True)
class Asked:
    """One question as somebody meets it. ``picks``: what they choose; else they write."""

    heading: str
    picks: str = ""
    choices: tuple[str, ...] = ()
    writes: str = ""
    button: str = "Next"
    may_skip: bool = True


def asked_first(who: str, age: str = "") -> Iterator[Asked]:
    """Yield who is asking, and how old, where they are young."""
    yield Asked(
        "Who is writing?",
        who,
        (
            "I am a child", "I am a young person", "I am a parent or carer", "I have left care",
            "I am helping someone else",
        ),
        may_skip=False,
    )  # fmt: skip
    if age:
        yield Asked("How old are you?", age, ("7 or under", "8 to 11", "12 to 15", "16 or over"))


def asked_last(words: str) -> Asked:
    """Return the question after which it is sent. ``words``: how not to know is worded."""
    return Asked(
        "Can we show your words to other people?",
        "Yes",
        ("Yes", "No", words),
        button="Send my words",
        may_skip=False,
    )


WAYS = {
    "younger": [
        *asked_first("I am a child", "8 to 11"),
        Asked("What is it about?", "School", (*TOPICS, "Something else")),
        Asked("How was it?", "OK", ("Good", "OK", "Not good", "I do not want to say")),
        Asked("What happened?", writes="We moved and I lost my bear."),
        Asked("What would make it better?", writes="Tell me before we go."),
        asked_last("I do not know Then we do not show them."),
    ],
    "older": [
        *asked_first("I am a young person", "12 to 15"),
        Asked("What is it about?", "Meetings", (*TOPICS, "Something else")),
        Asked("How was it?", "Not good", (*OLDER_FACES, "I’d rather not say")),
        Asked("What happened?", writes="The meeting was long and nobody asked me."),
        Asked("What should we do differently?", writes="Ask me first."),
        asked_last("I don’t know We treat this as no."),
    ],
    "adult": [
        *asked_first("I have left care"),
        Asked(
            "What is it about?",
            "Visits",
            (
                "Getting in touch the first time", "Visits", "Meetings",
                "My child’s plan, or mine", "My home", "Being listened to", "Something else",
            ),
        ),
        Asked("How was it?", "Really good", (*OLDER_FACES, "I would rather not say")),
        Asked("What happened?", writes="She came when she said she would."),
        Asked("What one thing would have made it better?", writes="A call on the day."),
        asked_last("I do not know We treat this as no."),
    ],
}  # fmt: skip

#: How each is told, on the last page, whom to ring.
SAID_LAST = {
    "younger": "Talk to a grown-up you trust. Or ring:",
    "older": "Talk to an adult you trust, or ring:",
    "adult": "Talk to someone you trust, or ring:",
}


@dataclass
class Phone:
    """Somebody at a small phone without script, and whom their browser asked for what."""

    person: Person
    asked_hosts: set[str]
    began: float = 0.0

    def check(self) -> list[Heard]:
        """Check what holds of each page of the form; return what is heard on it."""
        self.person.check_fits()
        things = heard(self.person)
        check_named(things)
        assert things[0] == ("link", "Skip to the main part", "")
        # The way out comes before anything that somebody looking over a shoulder could read.
        assert place(things, "link", "Leave this page") <= 2
        cookies = [cookie["name"] for cookie in self.person.context.cookies()]
        assert cookies in ([], ["improve"]), cookies
        assert self.asked_hosts <= {self.person.url}
        return things

    def begins(self) -> None:
        """Open the address of the poster, hear whom to ring before all else, and start."""
        self.person.open(POSTER)
        things = self.check()
        assert fields(things) == []
        numbers = [
            place(things, "link", name) for name in ("Call 999", "Childline 0800 1111", "01632")
        ]
        title = place(things, "heading", "Tell us what it’s like")
        start = place(things, "button", "Start")
        assert [*numbers, title, start] == sorted([*numbers, title, start])
        texts = " ".join(one.name for one in things[title:start])
        assert "Tom reads it" in texts
        assert "we have to tell people who can help" in texts
        self.person.sends("Start")
        self.began = time.monotonic()

    def answers(self, question: Asked, *, skip: bool = False) -> None:
        """Hear one question in its order, answer it and go on."""
        person, page = self.person, self.person.page
        expect(page.get_by_role("heading", level=1)).to_have_text(question.heading)
        things = self.check()
        asked = place(things, "heading", question.heading)
        childline = place(things, "link", "Childline 0800 1111")
        go_on = place(things, "button", question.button)
        assert place(things, "link", "Back") < asked < go_on
        if question.choices:
            # The question names the group, and each choice is its words: faces say nothing.
            assert place(things, "group", question.heading) < asked
            assert fields(things) == list(question.choices)
            first = place(things, "radio", question.choices[0])
            last = place(things, "radio", question.choices[-1])
            assert asked < first < last < go_on < childline
        else:
            # Whom to ring is heard before the box that somebody writes in.
            box = place(things, "textbox", question.heading)
            assert asked < childline < box < go_on
            assert things[box].more
            assert fields(things) == [question.heading]
        may_skip = ("button", "Skip this question", "") in things
        assert may_skip is question.may_skip
        if skip:
            person.sends("Skip this question")
            return
        if question.picks:
            person.page.get_by_text(question.picks, exact=True).click()
            expect(page.get_by_role("radio", name=question.picks, exact=True)).to_be_checked()
        else:
            page.get_by_role("textbox", name=question.heading).fill(question.writes)
        if question.button != "Next":
            # Nobody fills it in within three seconds, and a machine that does is asked to wait.
            person.until(lambda: time.monotonic() - self.began > FASTEST, "time goes")
        person.sends(question.button)

    def receipt(self, wording: str) -> str:
        """Return the code to come back with, as it is heard."""
        things = self.check()
        title = place(things, "heading", "Thank you. We have your words.")
        code = place(things, "heading", "Your code to come back")
        childline = place(things, "link", "Childline 0800 1111")
        assert title < code < childline
        assert fields(things) == []
        assert SAID_LAST[wording] in {one.name for one in things}
        words = things[code + 1].name
        assert re.fullmatch(r"[a-z]+ [a-z]+ [a-z]+ \d{4}", words), things
        assert [one.name for one in things].count(words) == 1
        assert not {one.name for one in things} & set(words.split()), "the tiles are heard again"
        return words


@pytest.fixture
def phone(site: Site, people: People) -> Phone:
    """Somebody at a phone, at a council that is ready."""
    with site.app.app_context():
        give_numbers_to_ring(site.cast)
        make_code(site.cast.actor("administrator"), label="Reviews", code="otter-lamp")
        db.session.commit()
    open_council(site.app, site.cast, leave_url=f"{site.url}{NEUTRAL}")
    person = people(javascript=False, width=320, height=640)
    made = Phone(person, set())
    person.context.on(
        "request", lambda sent: made.asked_hosts.add("/".join(sent.url.split("/")[:3]))
    )
    return made


@pytest.mark.parametrize("wording", list(WAYS))
def test_each_wording_is_walked_from_the_poster_to_the_receipt(
    wording: str, site: Site, phone: Phone
) -> None:
    phone.begins()
    for question in WAYS[wording]:
        phone.answers(question)
    words = phone.receipt(wording)
    phone.person.page.reload()
    assert phone.receipt(wording) == words
    with site.app.app_context():
        kept = db.session.scalars(select(Voice)).one()
        assert (kept.wording, kept.may_show, kept.by_helper) == (wording, "yes", False)


def test_skipping_going_back_danger_and_leaving(site: Site, phone: Phone, people: People) -> None:
    """All but one text is skipped, words stand there again, and leaving takes them away."""
    person, page = phone.person, phone.person.page
    phone.begins()
    who, age, about, how, happened, better, _show = WAYS["older"]
    phone.answers(who)
    for question in (age, about, how):
        phone.answers(question, skip=True)
    phone.answers(replace(happened, writes="My dad hits me."))
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Is someone hurting you or making you scared?"
    )
    things = phone.check()
    assert place(things, "link", "Call 999") < place(things, "link", "Childline 0800 1111")
    assert place(things, "link", "01632 960199") < place(things, "link", "Go on with the form")
    person.goes(page.get_by_role("link", name="Go on with the form"))
    # Back leads to the words as they were written.
    person.goes(page.get_by_role("link", name="Back"))
    box = page.get_by_role("textbox", name=happened.heading)
    expect(box).to_have_value("My dad hits me.")
    box.fill("It was cold.")
    person.sends("Next")
    phone.answers(better, skip=True)
    expect(page.get_by_role("button", name="Send my words")).to_be_visible()
    # Who comes back to the poster goes on where they were.
    person.open(POSTER)
    phone.check()
    expect(page.get_by_role("link", name="Go on with what I began")).to_be_visible()
    expect(page.get_by_role("button", name="Start again")).to_be_visible()
    person.goes(page.get_by_role("link", name="How leaving works"))
    phone.check()
    person.sees("It does not hide that you were here", within="main")
    # Leaving: a neutral page, no cookie, and nothing of it on the way back.
    person.goes(page.get_by_role("link", name="Leave this page"))
    expect(page).to_have_url(f"{site.url}{NEUTRAL}")
    assert person.context.cookies() == []
    person.open(f"{POSTER}/happened")
    phone.check()
    person.sees("not here any more", within="main")
    person.never_holds("It was cold.")
    with site.app.app_context():
        assert db.session.scalars(select(Voice)).first() is None
    # Where scripts run, what is to put right has the focus.
    other = people(width=390)
    other.open(POSTER)
    other.sends("Start")
    other.sends("Next")
    expect(other.page.locator("#error-summary")).to_be_focused()
