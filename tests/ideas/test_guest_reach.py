"""What a guest reaches no longer, or never: actions of ideas they left, lists of staff, many mails."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text

from improve.accounts import service as accounts
from improve.huddles import service as huddles
from improve.ideas import service as ideas
from improve.shared import clock
from improve.shared.db import db
from tests.factories import Cast, actor, make_cast, make_idea
from tests.ideas.test_invite_guest import invite
from tests.pages import Visitor

Visit = Callable[..., Visitor]


@pytest.fixture
def two(app: Flask, cast: Cast) -> tuple[int, int]:
    """An idea that the guest was taken out of, with an action of theirs; they are in another."""
    with app.app_context():
        left, other = make_idea(cast, text="About the hall"), make_idea(cast, text="Another one")
        invite(cast, left)
        invite(cast, other)
        huddle = huddles.start_huddle(
            actor(cast.manager), team_id=cast.team, form_token="h"
        ).huddle_id
        item = db.session.execute(
            text("SELECT id FROM huddle_items WHERE idea_id = :i"), {"i": left}
        ).scalar_one()
        action = huddles.add_action(
            actor(cast.manager),
            huddle_id=huddle,
            item_id=item,
            what="Measure the hall",
            owner_id=cast.guest,
            due_on=clock.today(),
            form_token="a",
        ).action_id
        db.session.commit()
    return left, action


def test_actions_of_an_idea_go_with_it(
    app: Flask, cast: Cast, visit: Visit, two: tuple[int, int]
) -> None:
    idea_id, action = two
    guest = visit(cast.guest)
    assert "Measure the hall" in guest.get("/me").main
    with app.app_context():
        token = accounts.make_calendar_feed(actor(cast.guest))
        ideas.end_guest(actor(cast.manager), idea_id=idea_id, person_id=cast.guest)
        db.session.commit()
    assert "Another one" in guest.get("/me").main
    assert "Measure the hall" not in guest.get("/me").main
    for path in (f"/actions/{action}", f"/may-identify/action/{action}/what"):
        assert guest.get(path).status == 404, path
    assert guest.post(f"/actions/{action}", {"do": "done", "version": "1"}).status == 404
    calendar = visit().get(f"/calendar/{token}.ics")
    assert "Measure" not in calendar.response.get_data(as_text=True)
    # Its team can still name somebody else.
    assert visit(cast.manager).get(f"/actions/{action}").status == 200


def test_where_their_idea_goes_on_is_not_theirs_to_read(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        mine, other = make_idea(cast), make_idea(cast, text="A plan for the whole street")
        invite(cast, mine)
        ideas.join_ideas(
            actor(cast.manager), idea_id=mine, into_id=other, words="The same", seen_version=1
        )
        db.session.commit()
    guest = visit(cast.guest)
    for path in (f"/ideas/{mine}", f"/ideas/{mine}/history", "/me", "/me/news"):
        assert "whole street" not in guest.get(path).text, path
    assert "goes on in another idea" in guest.get(f"/ideas/{mine}").main
    assert guest.get(f"/ideas/{other}").status == 404


def test_no_page_of_their_own_lists_the_staff(cast: Cast, visit: Visit, app: Flask) -> None:
    with app.app_context():
        invite(cast, make_idea(cast))
        db.session.commit()
    guest = visit(cast.guest)
    for path in ("/me", "/me/record", "/me/supervision", "/me/settings", "/me/news", "/me/details"):
        page = guest.get(path)
        for name in ("Sam Alder", "Jo Sedge", "Amina Birch"):
            assert name not in page.main, path


def test_whoever_only_has_an_action_may_say_that_it_identifies_someone(
    cast: Cast, visit: Visit, two: tuple[int, int]
) -> None:
    path = f"/may-identify/action/{two[1]}/what"
    guest = visit(cast.guest)
    done = guest.send(guest.get(path).form(path))
    assert "It is hidden." in done.text
    assert "Measure the hall" not in guest.get(f"/actions/{two[1]}").main


def test_invitations_by_mail_are_few_an_hour(limited: Flask) -> None:
    with limited.app_context():
        cast = make_cast()
        idea_id = make_idea(cast)
        db.session.commit()
    path = f"/ideas/{idea_id}/guests"
    sam, coach = Visitor(limited, cast.manager), Visitor(limited, cast.coach)
    asked = [sam.post(path, {"name": "N"}).status for _ in range(31)]
    assert asked == [422] * 30 + [429]
    # Whoever sits behind the same address is not stopped, nor is the page itself.
    assert coach.post(path, {"name": "N"}).status == 422
    assert sam.get(path).status == 200
    assert Visitor(limited).post(path, {"name": "N"}).status == 401
