"""A board on the wall of its room: what it says from across it, and what it never shows."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time, timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from improve.accounts import queries as people
from improve.accounts import service as accounts
from improve.accounts.days.huddle_days import HuddleDays
from improve.ideas import service
from improve.ideas.board import Column
from improve.ideas.kinds import Stage
from improve.ideas.routes.board_wall import density
from improve.shared import clock, contributions
from improve.shared.db import db
from tests.conftest import NOW
from tests.factories import Cast, finish_cycle, idea_in, make_idea
from tests.pages import Page, Visitor, words
from tests.statements import Watch

Visit = Callable[..., Visitor]
BOARD = "/teams/riverside/board"
WALL = f"{BOARD}?wall=1"
TUESDAYS = HuddleDays((1,), time(9, 45))


def set_days(app: Flask, cast: Cast, days: HuddleDays = TUESDAYS) -> None:
    with app.app_context():
        manager = cast.actor("manager")
        team = people.team_by_id(manager, cast.team)
        accounts.set_huddle_days(manager, team_id=team.id, days=days, seen_version=team.version)
        db.session.commit()


def poll_of(page: Page) -> str:
    assert page.soup.body is not None
    return str(page.soup.body["data-wall-poll"])


def as_wall(app: Flask, cast: Cast, visit: Visit) -> Visitor:
    with app.app_context():
        made = accounts.make_wall(
            cast.actor("manager"),
            secret=app.config["SECRET_KEY"],
            team_id=cast.team,
            name="Kitchen TV",
        )
        db.session.commit()
    screen = visit()
    screen.send(screen.get("/wall").form("/wall"), {"code": made.code})
    return screen


@pytest.fixture
def busy(app: Flask, cast: Cast) -> dict[str, int]:
    """A board with an idea in each column, one of them blocked, one without a name."""
    with app.app_context():
        made = {
            "asked": make_idea(cast, text="One calendar for core groups"),
            "hidden": make_idea(
                cast, text="Ask before we book", by=cast.colleague, hides_name=True
            ),
            "plan": idea_in(cast, Stage.PLAN, text="Text parents the room"),
            "do": idea_in(cast, Stage.DO, text="Book the interpreter with the visit"),
            "act": idea_in(cast, Stage.ACT, text="Look ahead on Monday"),
            "done": finish_cycle(cast, "adopt", title="A colleague reads the statement"),
        }
        db.session.commit()
        db.session.execute(
            text(
                "UPDATE ideas SET blocked_at = stage_entered_at, blocked_who = 'Florence',"
                " blocked_reason = 'Needs the new contract' WHERE id = :id"
            ),
            {"id": made["do"]},
        )
        service.comment(
            cast.actor("manager"),
            idea_id=made["plan"],
            words="Kettle words of a comment",
            form_token="c1",
        )
        db.session.commit()
    return made


def test_a_wall_says_what_is_read_from_across_the_room(
    app: Flask, cast: Cast, visit: Visit, busy: dict[str, int]
) -> None:
    set_days(app, cast)
    page = visit(cast.practitioner).get(WALL)
    assert page.heading == "Riverside"
    assert page.title == "Riverside on the wall – Improve"
    for said in (
        "2 need a first reply",
        "1 blocked",
        "Next huddle Tue 24 Nov, 09:45",
        "Updated 09:30",
        "One calendar for core groups",
        "Blocked. Needs the new contract. Florence can help.",
        "Tried small: expected 4 of 5, saw 5 of 5",
        "Kept. We learned:",
        "Log an idea Point your phone here.",
    ):
        assert said in page.text, said
    assert [words(h) for h in page.soup.find_all("h2")] == [
        "Ideas",
        "Plan",
        "Do",
        "Study",
        "Act",
        "Done",
    ]
    refresh = page.soup.select_one("noscript meta[http-equiv=refresh]")
    assert refresh is not None
    assert refresh["content"] == "30"
    assert page.soup.select_one(".wall-qr svg[role=img][aria-label]")


def test_it_shows_nothing_that_a_visitor_should_not_read(
    app: Flask, cast: Cast, visit: Visit, busy: dict[str, int]
) -> None:
    """Whoever is signed in: the author of the nameless idea and the manager see no name either."""
    screens = [as_wall(app, cast, visit).get("/wall")]
    screens += [visit(p).get(WALL) for p in (cast.colleague, cast.manager, cast.coach)]
    for page in screens:
        body = page.response.get_data(as_text=True)
        # Letters of a token by chance are nobody's name.
        body = re.sub(r'name="csrf_token" value="[^"]*"', "", body)
        for kept in ("Kettle words", "Jo", "Sam", "Sedge", "Alder", "/ideas/", "Move", "Reply"):
            assert kept not in body, kept
        assert "A colleague" in page.text
        assert not page.soup.find("nav")
    assert not screens[0].links("Riverside")
    assert screens[1].link("Riverside") == BOARD


def test_a_wall_leads_nowhere_from_a_screen_that_is_nobodys(
    app: Flask, cast: Cast, visit: Visit, busy: dict[str, int]
) -> None:
    page = as_wall(app, cast, visit).get("/wall")
    assert {str(a["href"]) for a in page.links()} == {"#main"}
    assert [f["action"] for f in page.soup.find_all("form")] == ["/wall/colours"]
    assert "htmx" not in page.response.get_data(as_text=True)


def test_a_poll_is_answered_only_where_something_changed(
    app: Flask, cast: Cast, visit: Visit, busy: dict[str, int]
) -> None:
    set_days(app, cast)
    for watcher, address in (
        (visit(cast.practitioner), WALL),
        (visit(cast.practitioner), f"{WALL}&dark=1"),
        (as_wall(app, cast, visit), "/wall"),
    ):
        poll = poll_of(watcher.get(address))
        with clock.moved(NOW + timedelta(minutes=1)):
            same = watcher.client.get(poll)
            assert (same.status_code, same.headers["X-Updated"]) == (204, "09:31")
        with clock.moved(NOW + timedelta(minutes=16)):
            assert watcher.client.get(poll).status_code == 200, "the next huddle is another"
        if address == "/wall":  # a person's session would be over
            with clock.moved(NOW + timedelta(days=1)):
                assert watcher.client.get(poll).status_code == 200, "ages are another"
        with app.app_context():
            make_idea(cast)
            db.session.commit()
        page = watcher.get(poll)
        assert page.status == 200
        assert watcher.client.get(poll_of(page)).status_code == 204


def test_a_huddle_that_begins_is_news(app: Flask, cast: Cast, visit: Visit) -> None:
    watcher = visit(cast.practitioner)
    poll = poll_of(watcher.get(WALL))
    with app.app_context():
        accounts.huddle_goes_on(cast.team, 7)
        db.session.commit()
    page = watcher.get(poll)
    assert page.status == 200
    assert "Huddle going on" in page.text


def test_an_empty_wall_invites(cast: Cast, visit: Visit) -> None:
    page = visit(cast.practitioner).get(WALL)
    assert "Nothing on the board yet. One small change is enough to begin." in page.main
    assert "Decide what to try" in page.main


def test_dark_is_a_link_for_a_person(cast: Cast, visit: Visit) -> None:
    person = visit(cast.practitioner)
    page = person.get(WALL)
    dark = person.get(page.link("Dark colours"))
    assert dark.soup.html["data-theme"] == "dark"  # type: ignore[index]
    light = person.get(dark.link("Light colours"))
    assert light.soup.html["data-theme"] == "light"  # type: ignore[index]


def test_a_full_column_says_how_many_there_are(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        for number in range(12):
            make_idea(cast, text=f"Number {number} of the small changes")
        db.session.commit()
    page = visit(cast.practitioner).get(WALL)
    first = page.soup.select_one(".wall-column")
    assert first is not None
    assert len(first.select("li article")) == 8
    more = first.select_one("[data-wall-more]")
    assert more is not None
    assert (words(more), more["data-wall-more"], more.has_attr("hidden")) == (
        "12 in all",
        "12",
        False,
    )
    assert "Amina" not in first.get_text(), "the more there are, the less each says"


@pytest.mark.parametrize(
    ("count", "said"), [(0, "roomy"), (2, "roomy"), (3, "snug"), (4, "snug"), (5, "tight")]
)
def test_how_close_the_cards_stand(count: int, said: str) -> None:
    assert density(Column(Stage.DO, "Do", "", count, count, 3, ())) == said


def test_a_wall_takes_three_statements_whatever_it_holds(
    app: Flask, cast: Cast, visit: Visit, busy: dict[str, int], statements: Watch
) -> None:
    set_days(app, cast)
    person = visit(cast.practitioner)
    for address, most in ((WALL, 4), (BOARD, 4), (poll_of(person.get(WALL)), 2)):
        with statements() as seen:
            person.client.get(address).close()
        assert len(seen) <= most, seen  # one of them the session's


def test_another_council_has_its_own_wall(cast: Cast, visit: Visit, busy: dict[str, int]) -> None:
    page = visit(cast.outsider).get(WALL)
    assert page.heading == "Riverside"
    assert "One calendar" not in page.text
    assert visit(cast.administrator).get(WALL).status == 403
    assert visit().get(WALL, follow=False).status == 303


# ---- the next huddle, where people look


@pytest.mark.parametrize("view", ["", "?view=list"])
def test_board_and_list_say_when_the_team_meets_next(
    app: Flask, cast: Cast, visit: Visit, view: str
) -> None:
    person = visit(cast.practitioner)
    assert "Next huddle" not in person.get(BOARD + view).main
    set_days(app, cast)
    assert "Next huddle Tue 24 Nov, 09:45" in person.get(BOARD + view).main
    with clock.moved(NOW + timedelta(minutes=20)):
        assert "Next huddle Tue 1 Dec, 09:45" in person.get(BOARD + view).main


def test_a_kept_board_is_not_older_than_its_next_huddle(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    set_days(app, cast)
    person = visit(cast.practitioner)
    mark = person.client.get(BOARD).headers["ETag"]
    assert person.client.get(BOARD, headers={"If-None-Match": mark}).status_code == 304
    with clock.moved(NOW + timedelta(minutes=20)):
        assert person.client.get(BOARD, headers={"If-None-Match": mark}).status_code == 200


def test_a_huddle_that_goes_on_is_joined_from_the_board(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    offers = contributions.gather("huddle-address")
    contributions._offers["huddle-address"][:] = [
        lambda team: f"/somewhere/{team.slug}/{team.huddle_id}"
    ]
    try:
        assert visit(cast.practitioner).get(BOARD).link("Start huddle").endswith("/None")
        with app.app_context():
            accounts.huddle_goes_on(cast.team, 7)
            db.session.commit()
        page = visit(cast.practitioner).get(BOARD)
        assert "Huddle going on. Join it" in page.main
        assert page.link("Join it") == "/somewhere/riverside/7"
        elsewhere = visit(cast.other_manager).get(BOARD)
        assert "Huddle going on." in elsewhere.main
        assert not elsewhere.links("Join it")
    finally:
        contributions._offers["huddle-address"][:] = offers


def test_whoever_sent_an_idea_hears_when_the_team_talks_about_it(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    set_days(app, cast, HuddleDays((4,), time(9, 30)))
    author = visit(cast.practitioner)
    done = author.send(author.get("/log").form("/log"), {"text": "Ring the day before"})
    assert "The team talks about it At the next huddle, Fri 27 Nov." in done.main
    with app.app_context():
        accounts.huddle_goes_on(cast.team, 7)
        db.session.commit()
    assert "At the huddle that is going on, or at the next." in author.get(done.path).main
