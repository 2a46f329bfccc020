"""A deputy: rights and clocks go to somebody else between two days, and come back by themselves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from improve.accounts import queries, service
from improve.accounts.roles import Permission, Role, may
from improve.ideas import queries as ideas
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, RuleBroken
from tests.factories import Cast, actor, make_idea
from tests.pages import Visitor

Visit = Callable[..., Visitor]
PATH = "/teams/riverside/deputies"


def name_deputy(cast: Cast, by: str = "manager", **more: Any) -> int:
    today = clock.today()
    facts: dict[str, Any] = {
        "team_id": cast.team,
        "person_id": cast.manager,
        "deputy_id": cast.colleague,
        "from_on": today + timedelta(days=2),
        "to_on": today + timedelta(days=6),
    }
    cover_id = service.name_deputy(cast.actor(by), **{**facts, **more})
    db.session.commit()
    return cover_id


def typed(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def test_a_manager_names_a_deputy(visit: Visit, cast: Cast, app: Flask) -> None:
    manager = visit(cast.manager)
    page = manager.get(PATH)
    first = clock.today() + timedelta(days=2)
    words = {
        "deputy": str(cast.colleague),
        "from_on": typed(first),
        "to_on": typed(first + timedelta(days=4)),
    }
    done = manager.send(page.form(PATH), words)
    assert "They are told." in done.text
    again = manager.send(page.form(PATH), words)
    assert again.status == 200, "the same again is harmless"
    with app.app_context():
        assert len(queries.covers_of_team(cast.actor("manager"), cast.team)) == 1
        rows = db.session.execute(
            text("SELECT person_id FROM notices WHERE kind = 'deputy_named'")
        ).scalars()
        assert list(rows) == [cast.colleague]
        audited = "SELECT count(*) FROM audit_entries WHERE action = 'deputy_named'"
        assert db.session.execute(text(audited)).scalar() == 1
    ended = manager.send(manager.get(PATH).form(f"{PATH}/1/end"))
    assert "does not stand in any more" in ended.text
    assert manager.post(f"{PATH}/1/end", {"csrf_token": manager.csrf_token()}).status == 303


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"deputy": ""}, "Choose who stands in."),
        ({"from_on": "yesterday"}, None),
        ({"from_on": "27/11/2024"}, "Choose a day from today on."),
        ({"to_on": "27/11/2024"}, "Choose a last day that is not before the first."),
    ],
)
def test_it_is_refused_in_words(
    visit: Visit, cast: Cast, changed: dict[str, str], error: str | None
) -> None:
    manager = visit(cast.manager)
    first = clock.today() + timedelta(days=2)
    words = {"deputy": str(cast.colleague), "from_on": typed(first), "to_on": typed(first)}
    page = manager.send(manager.get(PATH).form(PATH), {**words, **changed})
    assert page.status == 422
    if error:
        assert page.errors == [error]
    assert dict(page.form(PATH).values)["from_on"] == {**words, **changed}["from_on"]


def test_rights_begin_and_end_by_the_day(cast: Cast, context: Flask) -> None:
    now = clock.now()
    name_deputy(cast)
    for days, expected in ((0, False), (1, False), (2, True), (6, True), (7, False)):
        with clock.moved(now + timedelta(days=days)):
            deputy = actor(cast.colleague)
            assert may(deputy, Permission.REPLY_FIRST, team_id=cast.team) is expected, days
            assert deputy.manages(cast.team) is expected
            assert not deputy.manages(cast.other_team)
            assert deputy.home_team_id == cast.team


def test_clocks_do_not_go_to_a_deputy_whose_account_has_ended(cast: Cast, context: Flask) -> None:
    today = clock.today()
    name_deputy(cast, from_on=today, to_on=today + timedelta(days=9))
    sam = cast.actor("manager")
    assert [p.id for p in queries.managers_of_team(sam, cast.team)] == [cast.colleague]
    db.session.execute(
        text("UPDATE people SET ends_on = :d WHERE id = :i"),
        {"d": today + timedelta(days=1), "i": cast.colleague},
    )
    for days, expected in ((1, cast.colleague), (2, cast.manager)):
        with clock.moved(clock.now() + timedelta(days=days)):
            assert [p.id for p in queries.managers_of_team(sam, cast.team)] == [expected]


def test_a_deputy_makes_their_rights_no_longer_and_hands_them_to_nobody(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        today = clock.today()
        name_deputy(cast, from_on=today, to_on=today)
        later = {"from_on": today + timedelta(days=1), "to_on": today + timedelta(days=300)}
        for deputy in (cast.colleague, cast.practitioner):
            with pytest.raises(Forbidden, match="A deputy names no deputy"):
                name_deputy(cast, "colleague", deputy_id=deputy, **later)
        db.session.rollback()
    jo = visit(cast.colleague)
    page = jo.get(PATH)
    assert "The manager or an administrator names deputies." in page.main
    assert not page.soup.find(id="deputy")
    assert jo.post(PATH, {"deputy": str(cast.practitioner)}).status == 422


def test_first_replies_go_to_the_deputy(visit: Visit, cast: Cast, app: Flask) -> None:
    with app.app_context():
        name_deputy(cast, from_on=clock.today())
        answering = queries.managers_of_team(cast.actor("practitioner"), cast.team)
        assert [(p.id, p.for_name) for p in answering] == [
            (cast.colleague, cast.actor("manager").first_name)
        ]
        idea_id = make_idea(cast, text="Ask each child who they want at the meeting")
        db.session.commit()
        sent = ideas.sent(cast.actor("practitioner"), idea_id)
        assert [p.id for p in sent.answerers] == [cast.colleague]
    page = visit(cast.practitioner).get(f"/ideas/{idea_id}/sent")
    assert "for " in page.main
    reply = visit(cast.colleague).get(f"/ideas/{idea_id}/reply")
    assert reply.status == 200


def test_the_board_is_drawn_anew_on_the_first_day_and_after_the_last(
    visit: Visit, cast: Cast, app: Flask
) -> None:
    now = clock.now()
    with app.app_context():
        make_idea(cast, text="Ask each child who they want at the meeting")
        db.session.commit()
    deputy = visit(cast.colleague)
    board = "/teams/riverside/board"
    marks = [deputy.get(board).response.headers["ETag"]]
    with app.app_context():
        cover_id = name_deputy(cast, from_on=clock.today(), to_on=clock.today())
    marks.append(deputy.get(board).response.headers["ETag"])
    with app.app_context():
        service.end_cover(cast.actor("manager"), cover_id=cover_id)
        db.session.commit()
    marks.append(deputy.get(board).response.headers["ETag"])
    assert len(set(marks)) == 3
    assert now


def test_who_may_and_who_may_not_be(cast: Cast, context: Flask) -> None:
    for by in ("practitioner", "coach", "leader", "other_manager"):
        with pytest.raises(Forbidden):
            name_deputy(cast, by)
    with pytest.raises((Forbidden, NotFound)):
        name_deputy(cast, "outsider_administrator")
    for deputy in ("manager", "guest", "administrator", "incident_reviewer", "outsider"):
        with pytest.raises(RuleBroken):
            name_deputy(cast, deputy_id=getattr(cast, deputy))
    with pytest.raises(RuleBroken):
        name_deputy(cast, person_id=cast.colleague, deputy_id=cast.practitioner)
    name_deputy(cast, "administrator")
    with pytest.raises(RuleBroken):
        name_deputy(cast, deputy_id=cast.practitioner)


def test_a_deputy_cannot_become_a_reviewer_meanwhile(cast: Cast, context: Flask) -> None:
    name_deputy(cast)
    admin = cast.actor("administrator")
    view = queries.person_view(admin, cast.colleague)
    with pytest.raises(RuleBroken, match="deputy in Riverside"):
        service.change_roles(
            admin,
            person_id=cast.colleague,
            in_teams={cast.team: Role.PRACTITIONER},
            across=frozenset({Role.INCIDENT_REVIEWER}),
            home_team_id=cast.team,
            seen_version=view.version,
        )


def test_a_manager_who_leaves_the_team_takes_the_cover_along(cast: Cast, context: Flask) -> None:
    name_deputy(cast)
    admin = cast.actor("administrator")
    service.change_roles(
        admin,
        person_id=cast.manager,
        in_teams={cast.team: Role.PRACTITIONER},
        across=frozenset(),
        home_team_id=cast.team,
        seen_version=queries.person_view(admin, cast.manager).version,
    )
    db.session.commit()
    assert queries.covers_of_team(admin, cast.team) == []
