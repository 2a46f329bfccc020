"""Telling what went wrong, from inside and by the link: one question a page, one send at the end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from improve.accounts.roles import Role
from improve.accounts.service import grant_role
from improve.accounts.service.duty_numbers import set_duty_numbers
from improve.incidents.contents import (
    Contact,
    Head,
    Words,
    contact_of,
    head_of,
    words_of,
)
from improve.incidents.kinds import WayIn
from improve.incidents.models import (
    Incident,
    IncidentContact,
    IncidentDraft,
    IncidentGroup,
    IncidentReviewer,
    IncidentSetup,
)
from improve.incidents.queries.draft import KEPT
from improve.incidents.sealing import ReportKey
from improve.incidents.service import draft, send
from improve.incidents.wording import ROUTES, TEXTS, routes_shown
from improve.incidents.wording import Words as Texts
from improve.shared import clock
from improve.shared.audit import AuditEntry
from improve.shared.db import db
from improve.shared.receipt_words import normalise_long
from tests.incidents.open_council import Opened, open_council
from tests.pages import Page, Visitor
from tests.world import Cast

INSIDE = "/reports/tell"
LINK = "/report/larchdale-council"
DOORS = [INSIDE, LINK]
HAPPENED = "The plan was late, and the school did not know."
Visit = Callable[..., Visitor]


@pytest.fixture
def made(app: Flask, cast: Cast) -> Opened:
    """A council that takes reports."""
    return open_council(app, cast)


def answers(made: Opened, **changed: Any) -> list[dict[str, Any]]:
    """Return what is filled in on each page, in order; ``changed`` by the step's name."""
    told: dict[str, dict[str, Any]] = {
        "safe": {"choice": "yes"},
        "kind": {"choice": "near_miss"},
        "happened": {"words": HAPPENED},
        "factors": {"ticks": ["F07", "F08"]},
        "helped": {"words": "A colleague rang."},
        "group": {"choice": str(made.group)},
        "when": {"choice": "month"},
        "try": {"words": "A shared list."},
        "call_back": {"choice": "no"},
        "not_readers": {"ticks": []},
    }
    return list({**told, **changed}.values())


def begin(visitor: Visitor, door: str) -> Page:
    page = visitor.get(door)
    return visitor.send(page.form(button="Start"), button="Start")


def press(visitor: Visitor, page: Page, **said: Any) -> Page:
    return visitor.send(page.form(button="Next"), said, button="Next")


def to_check(visitor: Visitor, door: str, made: Opened, **changed: Any) -> Page:
    """Answer everything, and return the page that shows all of it."""
    with clock.moved(clock.now() - timedelta(minutes=2)):
        page = begin(visitor, door)
    for said in answers(made, **changed):
        page = press(visitor, page, **said)
    assert page.heading == "Check your answers"
    return page


def send_it(visitor: Visitor, page: Page) -> Page:
    return visitor.send(page.form(button="Send it"), button="Send it")


def reports(app: Flask) -> list[Incident]:
    with app.app_context():
        return list(db.session.scalars(select(Incident).order_by(Incident.key)))


def count(app: Flask, table: Any) -> int:
    with app.app_context():
        return int(db.session.scalar(select(func.count()).select_from(table)) or 0)


@pytest.mark.parametrize("door", DOORS)
def test_a_report_is_told_and_sealed(
    door: str, app: Flask, cast: Cast, visit: Visit, made: Opened
) -> None:
    visitor = visit(cast.practitioner if door == INSIDE else None)
    audited = count(app, AuditEntry)
    page = to_check(
        visitor, door, made,
        call_back={"choice": "yes", "contact": "01632 960 444 after six"},
        not_readers={"ticks": [str(made.reviewers[1])]},
    )  # fmt: skip
    for said in (
        HAPPENED,
        "Workload and staffing",
        "A shared list.",
        "01632 960 444",
        "This month",
    ):
        assert said in page.main
    assert "One reviewer can read it" in page.main
    page = sent_twice(visitor, door, page)
    assert page.response.headers["Cache-Control"] == "no-store"
    receipt = " ".join(part.text for part in page.soup.select("#receipt li"))
    assert normalise_long(receipt) == receipt
    (row,) = reports(app)
    assert (row.group_id, row.state, row.organisation_id) == (made.group, "waiting", 1)
    with app.app_context():
        own = ReportKey.unwrap(row.wrapped_key, about=row.key)
        head = Head.of(own.open(row.sealed_head, about=head_of(row.key)))
        words = Words.of(own.open(row.sealed_words, about=words_of(row.key)))
        contact = db.session.scalars(select(IncidentContact)).one()
        how = own.open(contact.sealed, about=contact_of(row.key, head.contact))
    assert head.came_on == clock.today()
    assert (head.kind, head.safe, head.when) == ("near_miss", "yes", "month")
    assert (head.way_in == WayIn.LINK, head.not_readers) == (door == LINK, (made.reviewers[1],))
    assert (words.happened, words.factors) == (HAPPENED, ("F07", "F08"))
    assert (words.helped, words.would_try) == ("A colleague rang.", "A shared list.")
    assert (contact.token, Contact.of(how).how) == (head.contact, "01632 960 444 after six")
    assert (count(app, IncidentDraft), count(app, AuditEntry)) == (0, audited)
    # Once the words were seen, no page leads to them.
    for step in ("check", "thanks"):
        assert visitor.get(f"{door}/{step}").heading == "There are no answers here"
    if door == INSIDE:
        # Somebody who begins again has other words. Both doors make them alike.
        page = send_it(visitor, to_check(visitor, door, made))
        assert page.heading == "Thank you. It is sent."
        assert len({row.receipt_hash for row in reports(app)}) == 2


def sent_twice(visitor: Visitor, door: str, page: Page) -> Page:
    """Send it twice, look back before the words were seen, and return the page that shows them."""
    form = page.form(button="Send it")
    for _ in range(2):
        sent = visitor.send(form, button="Send it", follow=False)
        assert sent.status == 303
        assert sent.response.headers["Location"].endswith(f"{door}/thanks")
    # Whoever goes back to a question, or begins anew, before they saw their words sees them first.
    for step in ("check", "happened", "ring-now", "read-again", "no-reader"):
        back = visitor.client.get(f"{door}/{step}")
        assert back.status_code == 303, step
        assert back.headers["Location"].endswith(f"{door}/thanks"), step
    page = visitor.get(door)
    page = visitor.send(page.form(button="Start"), button="Start")
    assert page.heading == "Thank you. It is sent."
    return page


@pytest.mark.parametrize("door", DOORS)
def test_one_reviewer_is_called_one(
    door: str, app: Flask, cast: Cast, visit: Visit, made: Opened
) -> None:
    visitor = visit(cast.practitioner if door == INSIDE else None)
    assert "Two trained reviewers" in visitor.get(door).main
    with app.app_context():
        db.session.delete(db.session.get_one(IncidentReviewer, made.reviewers[1]))
        db.session.commit()
    page = visitor.get(door)
    assert "Two trained reviewers" not in page.main
    assert "One trained reviewer" in page.main
    assert "A second must be found before it is used" in page.main
    page = send_it(visitor, to_check(visitor, door, made))
    assert "Where only one can read it, a second must be found first" in page.main


@pytest.mark.parametrize("door", DOORS)
def test_a_browser_gives_no_receipt_of_an_earlier_day(
    door: str, app: Flask, cast: Cast, visit: Visit, made: Opened
) -> None:
    """Whoever sits there next is not handed the words of another; theirs are other words."""
    for days, is_found in ((1, True), (2, False)):
        visitor = visit(cast.practitioner if door == INSIDE else None)
        page = to_check(visitor, door, made)
        sent = visitor.send(page.form(button="Send it"), button="Send it", follow=False)
        assert sent.response.headers["Location"].endswith(f"{door}/thanks")
        came_before(app, days)
        with clock.moved(clock.now() - timedelta(minutes=2)):
            page = begin(visitor, door)
        assert bool(page.soup.select("#receipt")) == is_found
    assert visitor.get(f"{door}/thanks").heading == "There are no answers here"
    for said in answers(made):
        page = press(visitor, page, **said)
    assert send_it(visitor, page).heading == "Thank you. It is sent."
    assert len({one.receipt_hash for one in reports(app)}) == 3


def came_before(app: Flask, days: int) -> None:
    """Make every report one that came so many days before today."""
    with app.app_context():
        for row in db.session.scalars(select(Incident)):
            own = ReportKey.unwrap(row.wrapped_key, about=row.key)
            facts = own.open(row.sealed_head, about=head_of(row.key))
            facts["day"] = (clock.today() - timedelta(days=days)).isoformat()
            row.sealed_head = own.seal(facts, about=head_of(row.key))
        db.session.commit()


def test_every_needed_question_says_what_it_needs(visit: Visit, made: Opened) -> None:
    visitor = visit()
    page, refused = begin(visitor, LINK), 0
    for said in answers(made, call_back={"choice": "yes", "contact": "01632 960444"}):
        if not page.soup.find("button", string="Skip this question"):
            empty: dict[str, Any] = {"contact": ""} if "contact" in said else {}
            empty |= {"choice": "yes"} if "contact" in said else {}
            page = press(visitor, page, **empty)
            assert page.status == 422
            assert page.title.startswith("Error:")
            assert len(page.errors) == 1
            refused += 1
        page = press(visitor, page, **said)
    assert (page.heading, refused) == ("Check your answers", 7)


def test_too_much_and_no_choice_are_refused_and_words_stay(
    cast: Cast, visit: Visit, made: Opened
) -> None:
    visitor = visit(cast.practitioner)
    page = begin(visitor, INSIDE)
    page = press(visitor, page, choice="perhaps")
    assert "Pick one of these." in page.text
    page = press(visitor, page, choice="yes")
    page = press(visitor, page, choice="near_miss")
    page = press(visitor, page, words="Long " * 500)
    assert page.status == 422
    assert "Use 2,000 characters or fewer." in page.text
    assert page.soup.select_one("textarea").text.count("Long") == 500  # type: ignore[union-attr]
    page = press(visitor, page, words=HAPPENED)
    page = press(visitor, page, ticks=["F01", "not_sure"])
    assert "alone, or untick it" in page.text


def test_a_child_who_may_not_be_safe_comes_first(
    app: Flask, cast: Cast, visit: Visit, made: Opened
) -> None:
    visitor = visit(cast.practitioner)
    page = press(visitor, begin(visitor, INSIDE), choice="no")
    assert page.heading == "Ring now, then come back"
    assert page.soup.select_one('a[href="tel:999"]')
    page = visitor.follow(page, "I have rung. Go on")
    assert page.path == f"{INSIDE}/kind"


def test_words_that_may_point_to_someone_are_read_once_more_and_not_stopped(
    app: Flask, cast: Cast, visit: Visit, made: Opened
) -> None:
    visitor = visit(cast.practitioner)
    page = press(visitor, begin(visitor, INSIDE), choice="yes")
    page = press(visitor, page, choice="no_harm")
    audited = count(app, AuditEntry)
    page = press(visitor, page, words="Ms Smith rang on 3/4/2026.")
    assert page.heading == "Read this once more"
    assert [mark.contents[0] for mark in page.soup.find_all("mark")] == ["Ms Smith", "3/4/2026"]
    assert "Smith" not in page.path
    back = visitor.follow(page, "Change my words")
    assert "Ms Smith" in back.text
    assert visitor.follow(page, "Go on as it is").path == f"{INSIDE}/factors"
    assert count(app, AuditEntry) == audited


def test_nobody_is_left_to_read_so_nothing_is_taken(
    app: Flask, cast: Cast, visit: Visit, made: Opened
) -> None:
    visitor = visit(cast.practitioner)
    both = {"ticks": [str(one) for one in made.reviewers]}
    with clock.moved(clock.now() - timedelta(minutes=2)):
        page = begin(visitor, INSIDE)
    for said in answers(made, not_readers=both):
        page = press(visitor, page, **said)
    assert page.heading == "No reviewer is left to read this"
    assert "whistle-blowing route" in page.main
    assert not page.soup.find("form"), "there is nothing to send"
    # A page that was open before sends nothing either.
    page = visitor.get(f"{INSIDE}/not-readers")
    one = {"ticks": [str(made.reviewers[1])]}
    form = press(visitor, page, **one).form(button="Send it")
    with app.app_context():
        grant_role(
            organisation_id=made.organisation,
            person_id=made.reviewers[0],
            role=Role.PRACTITIONER,
            team_id=made.team,
            is_home=False,
        )
        db.session.commit()
    page = visitor.send(form, button="Send it")
    assert (page.status, page.heading) == (409, "No reviewer is left to read this")
    assert reports(app) == []
    # And whoever picks such a group hears it at once.
    page = press(visitor, visitor.get(f"{INSIDE}/group"), choice=str(made.group))
    assert page.heading == "No reviewer is left to read this"


def test_a_group_that_closed_meanwhile_is_asked_again(
    app: Flask, cast: Cast, visit: Visit, made: Opened
) -> None:
    visitor = visit(cast.practitioner)
    form = to_check(visitor, INSIDE, made).form(button="Send it")
    with app.app_context():
        old = db.session.scalars(select(IncidentGroup)).one()
        new = IncidentGroup(organisation_id=made.organisation, name="Other teams")
        db.session.add(new)
        db.session.flush()
        db.session.execute(
            IncidentGroup.metadata.tables["incident_group_teams"].update().values(group_id=new.id)
        )
        old.closed_on = clock.today()
        db.session.commit()
    page = visitor.send(form, button="Send it")
    assert (page.status, page.heading) == (422, "Which part of the service is it from?")
    assert "can’t be picked any more" in page.text
    assert reports(app) == []


def test_a_closed_form_takes_nothing_and_says_where_else(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    for visitor, door in ((visit(cast.practitioner), INSIDE), (visit(), LINK)):
        page = visitor.get(door)
        assert page.heading == "Reports are not taken just now"
        assert "whistle-blowing" in page.main
        assert not page.soup.find("form")
    assert visit().get("/report/nowhere").status == 404


def test_a_form_that_closes_meanwhile_says_that_nothing_was_sent(
    app: Flask, cast: Cast, visit: Visit, made: Opened
) -> None:
    visitor = visit(cast.practitioner)
    form = to_check(visitor, INSIDE, made).form(button="Send it")
    with app.app_context():
        db.session.get_one(IncidentSetup, made.organisation).opened_at = None
        db.session.commit()
    page = visitor.send(form, button="Send it")
    assert (page.status, page.heading) == (409, "Reports are not taken just now")
    assert "Nothing was sent. Your answers so far are sealed here" in page.main
    assert reports(app) == []
    assert "Nothing was sent" not in visit(cast.colleague).get(INSIDE).main


def test_whoever_reviews_reports_is_asked_to_tick_themselves(
    cast: Cast, visit: Visit, made: Opened
) -> None:
    asks = "Tick your own name"
    for person, door, is_told in (
        (made.reviewers[0], INSIDE, True),
        (made.reviewers[0], LINK, False),
        (cast.practitioner, INSIDE, False),
        (None, LINK, False),
    ):
        visitor = visit(person)
        page = begin(visitor, door)
        for said in answers(made)[:-1]:
            assert asks not in page.main
            page = press(visitor, page, **said)
        assert (asks in page.main) is is_told
        assert not page.soup.select("input[checked]"), "it stays up to them"


def test_no_number_is_named_that_is_not_on_the_page(app: Flask, cast: Cast, visit: Visit) -> None:
    without = visit(cast.practitioner).get(INSIDE)
    assert "A child is in danger now: ring 999." in without.main
    assert "duty number" not in without.main
    said = {"day": "01632 960100", "night": ""}
    with app.app_context():
        seen = {"day": "", "night": ""}
        set_duty_numbers(cast.actor("administrator"), words=said, seen=seen)
        db.session.commit()
    page = visit(cast.practitioner).get(INSIDE)
    assert "999, or the duty number on this page" in page.main
    assert page.soup.select_one('a[href="tel:01632960100"]')
    # A council's own words stand as they are, with a number on the page or without.
    own = Texts({**TEXTS, "route.danger": "A child is in danger now: the police."})
    assert routes_shown(own, has_numbers=False) == ROUTES


def test_it_can_be_left_begun_again_and_gone_on_with(
    app: Flask, cast: Cast, visit: Visit, made: Opened
) -> None:
    visitor = visit(cast.practitioner)
    page = press(visitor, begin(visitor, INSIDE), choice="yes")
    page = visitor.get(INSIDE)
    assert visitor.follow(page, "Go on").path == f"{INSIDE}/kind"
    visitor.send(page.form(button="Start again"), button="Start again")
    assert visitor.get(f"{INSIDE}/kind").path == f"{INSIDE}/safe"
    answer = visitor.client.get(f"{INSIDE}/leave")
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("https://")
    assert count(app, IncidentDraft) == 0
    assert visitor.get(f"{INSIDE}/safe").heading == "There are no answers here"
    assert "browser keeps" in visitor.get(f"{INSIDE}/how-leaving-works").main


def test_answers_are_gone_after_a_day_and_are_of_one_door(
    cast: Cast, visit: Visit, made: Opened
) -> None:
    visitor = visit()
    begin(visitor, LINK)
    assert visitor.get(f"{LINK}/safe").status == 200
    with clock.moved(clock.now() + KEPT):
        assert visitor.get(f"{LINK}/safe").heading == "There are no answers here"
    visitor = visit(cast.practitioner)
    begin(visitor, INSIDE)
    assert visitor.get(f"{LINK}/safe").heading == "There are no answers here"


def test_guests_and_strangers_have_no_way_in_from_inside(
    cast: Cast, visit: Visit, made: Opened
) -> None:
    assert visit(cast.guest).get(INSIDE).status == 403
    assert visit().get(INSIDE).path.startswith("/sign-in")
    # Another council's people see their own council's form, which is closed.
    assert visit(cast.outsider).get(INSIDE).heading == "Reports are not taken just now"


def test_an_ended_session_puts_no_word_into_the_page_that_asks_to_sign_in(
    app: Flask, cast: Cast, visit: Visit, made: Opened
) -> None:
    visitor = visit(cast.practitioner)
    page = press(visitor, begin(visitor, INSIDE), choice="yes")
    page = press(visitor, page, choice="near_miss")
    with clock.moved(clock.now() + timedelta(hours=13)):
        page = press(visitor, page, words="Marmaduke and the umbrella")
    assert page.status == 401
    text = page.response.get_data(as_text=True)
    assert "Marmaduke" not in text
    kept = page.soup.select_one('input[name="kept"]')
    assert kept is None or not kept["value"]
    assert visitor.client.get(f"{INSIDE}/leave").status_code == 303, "the way out stays"


def test_the_link_says_what_is_true_of_whoever_is_signed_in(
    cast: Cast, visit: Visit, made: Opened
) -> None:
    page = visit().get(LINK)
    assert "Anonymous: how far that goes" in page.main
    assert "Confidential: what" not in page.main
    page = visit(cast.practitioner).get(LINK)
    assert "You are signed in on this browser" in page.main
    assert "Anonymous: how far" not in page.main
    page = visit(cast.practitioner).get(INSIDE)
    assert "Confidential: what that means here" in page.main
    assert "nonymous" not in page.main


def test_machines_by_the_link_are_slowed_and_staff_are_not(
    app: Flask, cast: Cast, visit: Visit, made: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = visit()
    page = begin(visitor, LINK)
    for said in answers(made):
        page = press(visitor, page, **said)
    page = send_it(visitor, page)
    assert page.status == 422, "nobody writes so fast"
    with clock.moved(clock.now() + timedelta(minutes=2)):
        trapped = visitor.send(page.form(button="Send it"), {"website": "x"}, button="Send it")
        assert trapped.status == 422
        monkeypatch.setattr(send, "CAME_MOST", 0)
        page = visitor.send(page.form(button="Send it"), button="Send it")
        assert (page.status, page.heading) == (429, "Wait a little")
    assert reports(app) == []
    monkeypatch.setattr(draft, "BEGUN_MOST", 0)
    other = visit()
    page = other.get(LINK)
    assert other.send(page.form(button="Start"), button="Start").status == 429
    # Whoever is signed in is no flood.
    visitor = visit(cast.practitioner)
    assert send_it(visitor, to_check(visitor, INSIDE, made)).heading == "Thank you. It is sent."


def test_a_link_that_is_full_closes_no_door_inside(
    app: Flask, cast: Cast, visit: Visit, made: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever came by the link, from however many networks."""
    for module, ceilings in ((send, ("CAME_MOST", "CAME_AT_ALL")),
                             (draft, ("BEGUN_MOST", "BEGUN_AT_ALL"))):  # fmt: skip
        for name in ceilings:
            monkeypatch.setattr(module, name, 0)
    assert begin(visit(), LINK).status == 429
    visitor = visit(cast.practitioner)
    assert send_it(visitor, to_check(visitor, INSIDE, made)).heading == "Thank you. It is sent."


@pytest.mark.security(67)
def test_whoever_signs_in_for_the_form_leaves_its_address_nowhere(
    visit: Visit, made: Opened
) -> None:
    """An address line of a log would say who opened it, and when: signing in names them."""
    for tail in ("", "/safe", "?x=1"):
        page = visit().get(f"{INSIDE}{tail}", follow=False)
        assert (page.status, page.response.headers["Location"]) == (303, "/sign-in")


def test_an_old_page_without_a_draft_says_so(cast: Cast, visit: Visit, made: Opened) -> None:
    visitor = visit(cast.practitioner)
    page = begin(visitor, INSIDE)
    visitor.client.get(f"{INSIDE}/leave")
    assert press(visitor, page, choice="yes").heading == "There are no answers here"
    for tail in ("check", "ring-now", "read-again", "no-reader", "thanks"):
        assert visitor.get(f"{INSIDE}/{tail}").heading == "There are no answers here"
    assert visitor.get(f"{INSIDE}/nothing").status == 404
    assert "children" not in visitor.get(f"{INSIDE}/nothing").title
