"""Three cards that somebody sees once, after they came in for the first time."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import delete

from improve.accounts.models import Membership, Team
from improve.accounts.queries import person_for_password
from improve.accounts.service.links import INVITATION, make_link
from improve.shared.db import db
from tests.factories import PASSWORD, Cast, make_person
from tests.pages import Visitor

Visit = Callable[..., Visitor]


def test_whoever_takes_up_an_invitation_sees_three_cards_once(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        person = make_person(cast.organisation, name="Ada Fern", team_id=cast.team)
        link = make_link(organisation_id=cast.organisation, person_id=person, kind=INVITATION)
        db.session.commit()
    ada = visit()
    form = ada.get(f"/invitation/{link.token}").form(button="Save and start")
    page = ada.send(form, {"password": PASSWORD}, button="Save and start")
    assert page.path == "/first-days"
    assert page.heading == "Three things to know, Ada"
    assert [head.get_text() for head in page.soup.find_all("h2")] == ["Log", "Look", "Huddle"]
    assert page.link("Log your first idea") == "/log"
    board = ada.follow(page, "Go on to the board")
    assert board.path == "/teams/riverside/board"
    # Not again by itself; whenever they like under Help.
    ada.send(board.form("/sign-out"), button="Sign out")
    sign_in = ada.get("/sign-in").form("/sign-in")
    email = {"email": _email(app, person), "password": PASSWORD}
    assert ada.send(sign_in, email, button="Sign in").path == "/teams/riverside/board"
    assert ada.follow(ada.get("/help"), "Three things to know first").path == "/first-days"


def _email(app: Flask, person_id: int) -> str:
    with app.app_context():
        found = person_for_password(person_id)
        assert found is not None
        db.session.rollback()
        return found.email


@pytest.mark.parametrize(
    ("role", "words", "path"),
    [
        ("practitioner", "Log your first idea", "/log"),
        ("administrator", "Log your first idea", "/log"),
        ("guest", "See what you were invited to", "/me"),
    ],
)
def test_each_is_led_to_what_they_may_do(
    cast: Cast, visit: Visit, role: str, words: str, path: str
) -> None:
    page = visit(getattr(cast, role)).get("/first-days")
    assert page.link(words) == path


def test_an_administrator_without_teams_adds_the_first(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        mine = Team.organisation_id == cast.other_organisation
        db.session.execute(
            delete(Membership).where(
                Membership.organisation_id == cast.other_organisation,
                Membership.team_id.is_not(None),
            )
        )
        db.session.execute(delete(Team).where(mine))
        db.session.commit()
    page = visit(cast.outsider_administrator).get("/first-days")
    assert page.link("Add the first team") == "/admin/teams/new"


@pytest.mark.parametrize("role", ["leader", "coach"])
def test_who_has_no_team_is_promised_no_board(cast: Cast, visit: Visit, role: str) -> None:
    """They go on to their month, or to the list of teams."""
    person = visit(getattr(cast, role))
    page = person.get("/first-days")
    assert not page.links("Go on to the board")
    assert not person.follow(page, "Go on").path.endswith("/board")


def test_the_page_that_was_asked_for_is_not_lost(cast: Cast, visit: Visit) -> None:
    ines = visit(cast.practitioner)
    assert ines.get("/first-days?next=/me/news").link("Go on") == "/me/news"
    assert ines.get("/first-days?next=//evil.example").link("Go on to the board") == "/"
