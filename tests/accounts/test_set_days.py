"""Working days of a team and of a person, closing days, and what is usual to start with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from improve.accounts import queries, service
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import Forbidden, RuleBroken, Stale
from tests.factories import Cast, actor
from tests.pages import Visitor

Visit = Callable[..., Visitor]
NORMS = {"plan": "20", "do": "30", "study": "10", "act": "7"}


def test_a_manager_says_on_which_days_the_team_works(visit: Visit, cast: Cast, app: Flask) -> None:
    manager = visit(cast.manager)
    path = "/admin/teams/riverside/days"
    page = manager.get(path)
    ticked = [value for name, value in page.form(path).values if name == "working_days"]
    assert ticked == ["0", "1", "2", "3", "4"]
    none = manager.post(path, {"csrf_token": manager.csrf_token(), "version": "1"})
    assert none.status == 422
    done = manager.post(
        path, {"csrf_token": manager.csrf_token(), "version": "1", "working_days": ["0", "5"]}
    )
    assert done.status == 303
    stale = manager.post(
        path, {"csrf_token": manager.csrf_token(), "version": "1", "working_days": ["0"]}
    )
    assert stale.status == 409
    assert visit(cast.other_manager).get(path).status == 403
    with app.app_context():
        team = queries.team_by_slug(cast.actor("manager"), "riverside")
        assert team.calendar.weekdays == frozenset({0, 5})


def test_a_person_works_as_the_home_team_does_unless_they_say(cast: Cast, context: Flask) -> None:
    service.set_team_days(cast.actor("manager"), team_id=cast.team, weekdays=[0, 5], seen_version=1)
    db.session.commit()
    assert actor(cast.practitioner).calendar.weekdays == frozenset({0, 5})
    service.set_own_days(cast.actor("practitioner"), weekdays=[1, 2])
    db.session.commit()
    assert actor(cast.practitioner).calendar.weekdays == frozenset({1, 2})
    service.set_own_days(cast.actor("practitioner"), weekdays=[])
    db.session.commit()
    assert actor(cast.practitioner).calendar.weekdays == frozenset({0, 5})
    with pytest.raises(RuleBroken):
        service.set_own_days(cast.actor("practitioner"), weekdays=[7])


def test_closing_days_are_added_counted_and_removed(visit: Visit, cast: Cast, app: Flask) -> None:
    admin = visit(cast.administrator)
    path = "/admin/closing-days"
    year = clock.today().year
    with app.app_context():
        before = queries.team_by_slug(cast.actor("manager"), "riverside").board_version
    form = admin.get(path).form(path)
    done = admin.send(form, {"first": f"21/12/{year}", "last": f"31/12/{year}"})
    assert "closing day" in done.text
    assert (
        "were there already"
        in admin.send(form, {"first": f"21/12/{year}", "last": f"31/12/{year}"}).text
    )
    with app.app_context():
        someone = cast.actor("practitioner")
        closed = someone.closing_days
        assert closed
        assert all(day.weekday() < 5 for day in closed)
        assert date(year, 12, 25) not in closed, "a bank holiday stands in no list"
        team = queries.team_by_slug(someone, "riverside")
        assert team.calendar.closing_days == closed
        assert team.board_version > before
        assert not cast.actor("outsider").closing_days
    on = min(closed)
    remove, token = f"{path}/remove", {"csrf_token": admin.csrf_token()}
    gone = admin.post(remove, {**token, "day": on.isoformat()})
    assert gone.status == 303
    assert admin.post(remove, {**token, "day": on.isoformat()}).status == 303, "again"
    with app.app_context():
        assert on not in cast.actor("practitioner").closing_days
    assert admin.send(form, {"first": "29/12/2024", "last": ""}).errors == [
        "Choose a day from today on."
    ]
    assert admin.post(remove, {**token, "day": "nonsense"}).status == 404
    assert visit(cast.manager).get(path).status == 403
    with app.app_context(), pytest.raises(Forbidden):
        service.add_closing_days(cast.actor("manager"), first=clock.today())


def test_starting_norms_hold_until_a_team_knows_its_own(
    visit: Visit, cast: Cast, app: Flask
) -> None:
    admin = visit(cast.administrator)
    path = "/admin/starting-norms"
    page = admin.get(path)
    assert dict(page.form(path).values)["do"] == "45"
    first, second = page.form(path), admin.get(path).form(path)
    assert "Kept." in admin.send(first, NORMS).text
    stale = admin.send(second, {**NORMS, "do": "31"})
    assert stale.status == 409
    assert "Do 30" in stale.main
    assert dict(stale.form(path).values)["do"] == "31"
    assert admin.send(first, NORMS).status == 200, "the same again is harmless"
    bad = admin.send(admin.get(path).form(path), {**NORMS, "act": "0"})
    assert (bad.status, bad.errors) == (422, ["Use a whole number from 1 to 365."])
    with app.app_context():
        team = queries.team_by_slug(cast.actor("manager"), "riverside")
        assert team.starting_days == {"plan": 20, "do": 30, "study": 10, "act": 7}
        with pytest.raises(Stale):
            service.set_starting_days(
                cast.actor("administrator"),
                usual={"plan": 1, "do": 1, "study": 1, "act": 1},
                seen={},
            )
    assert visit(cast.manager).get(path).status == 403


def test_administration_begins_with_a_plain_list(visit: Visit, cast: Cast) -> None:
    page = visit(cast.administrator).get("/admin")
    assert page.heading == "Administration"
    assert "Closing days" in page.main
    manager = visit(cast.manager).get("/admin")
    assert "Your teams" in manager.main
    assert "Closing days" not in manager.main
    assert visit(cast.practitioner).get("/admin").status == 403
