"""A manager says when the team meets and what its huddle holds."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from improve.accounts import queries as people
from improve.accounts.days.huddle_days import days_of, words
from improve.huddles import service
from improve.huddles.kinds import USUAL_PARTS, Part
from improve.huddles.queries import past as queries
from improve.shared.errors import Forbidden, RuleBroken, Stale
from tests.factories import Cast
from tests.huddles.scene import audited, refused
from tests.pages import Visitor

Visit = Callable[..., Visitor]
SETTINGS = "/teams/riverside/huddles/settings"


def plan(cast: Cast, *parts: Part, who: str = "manager", seen: int = 0) -> None:
    service.plan_huddles(cast.actor(who), slug="riverside", parts=parts, seen_version=seen)


def test_a_team_orders_and_drops_parts(context: Flask, cast: Cast) -> None:
    manager = cast.actor("manager")
    assert queries.plan(manager, cast.team).parts == USUAL_PARTS[:-1]
    plan(cast, Part.BLOCKED, Part.HARD, Part.CLOSE)
    kept = queries.plan(manager, cast.team)
    assert (kept.parts, kept.version) == ((Part.BLOCKED, Part.HARD), 1)
    plan(cast, Part.BLOCKED, Part.HARD)
    assert queries.plan(manager, cast.team).version == 1
    assert len(audited("huddle_planned")) == 1


def test_what_cannot_be_is_refused(context: Flask, cast: Cast) -> None:
    assert "at least one part" in refused(RuleBroken, lambda: plan(cast, Part.CLOSE))
    assert "no part" in refused(RuleBroken, lambda: plan(cast, Part.TODAY))
    assert "manager and coaches" in refused(
        Forbidden, lambda: plan(cast, Part.DUE, who="practitioner")
    )
    plan(cast, Part.DUE)
    refused(Stale, lambda: plan(cast, Part.NEW))


def test_days_are_kept_and_shown(app: Flask, cast: Cast, visit: Visit) -> None:
    manager = visit(cast.manager)
    form = manager.get(SETTINGS).form("/settings")
    page = manager.send(form, {"weekdays": ["1", "4"], "at": "9.30", "minutes": "10"})
    assert "Kept." in page.text
    with app.app_context():
        days = days_of(people.team_by_id(cast.actor("manager"), cast.team))
        assert days
        assert words(days) == "Tuesdays and Fridays at 09:30, 10 minutes"
    assert (
        "Next: Fri 27 Nov, 09:30" in visit(cast.practitioner).get("/teams/riverside/huddles").main
    )
    values = manager.get(SETTINGS).form("/settings").values
    assert [v for n, v in values if n == "weekdays"] == ["1", "4"]


def test_a_time_without_a_day_says_nothing(cast: Cast, visit: Visit) -> None:
    manager = visit(cast.manager)
    page = manager.send(manager.get(SETTINGS).form("/settings"), {"at": "09:30"})
    assert page.status == 422
    assert "Choose at least one day" in page.errors[0]
    page = manager.send(manager.get(SETTINGS).form("/settings"), {"weekdays": ["1"], "at": "soon"})
    assert "is not a time" in page.error_for("at")


def test_somebody_else_was_quicker(cast: Cast, visit: Visit) -> None:
    manager, coach = visit(cast.manager), visit(cast.coach)
    form = coach.get(SETTINGS).form("/settings")
    manager.send(manager.get(SETTINGS).form("/settings"), {"weekdays": ["1"], "at": "09:30"})
    page = coach.send(form, {"weekdays": ["3"], "at": "14:00"})
    assert page.status == 409
    assert "Now: Tuesdays at 09:30" in page.main
    assert [v for n, v in page.form("/settings").values if n == "weekdays"] == ["3"]


def test_buttons_move_a_part_without_a_script(app: Flask, cast: Cast, visit: Visit) -> None:
    manager = visit(cast.manager)
    form = manager.get(SETTINGS).form("/parts")
    page = manager.send(form, button="Move up: New ideas")
    assert [w.get_text() for w in page.soup.select(".plan-parts label")][:2] == [
        "New ideas",
        "Last actions",
    ]
    page = manager.send(page.form("/parts"), {"parts": ["hard", "new"]}, button="Keep these parts")
    with app.app_context():
        assert queries.plan(cast.actor("manager"), cast.team).parts == (Part.NEW, Part.HARD)
    page = manager.send(page.form("/parts"), {"parts": []}, button="Keep these parts")
    assert page.status == 422
    assert "at least one part" in page.errors[0]


def test_parts_changed_meanwhile_keep_both(cast: Cast, visit: Visit) -> None:
    manager, coach = visit(cast.manager), visit(cast.coach)
    form = coach.get(SETTINGS).form("/parts")
    manager.send(
        manager.get(SETTINGS).form("/parts"), {"parts": ["due"]}, button="Keep these parts"
    )
    page = coach.send(form, {"parts": ["new"]}, button="Keep these parts")
    assert page.status == 409
    assert "Now: Last actions." in page.main
    assert [v for n, v in page.form("/parts").values if n == "parts"] == ["new"]


def test_only_who_plans_sees_it(cast: Cast, visit: Visit) -> None:
    assert visit(cast.practitioner).get(SETTINGS).status == 403
    assert visit(cast.other_manager).get(SETTINGS).status == 403
    assert visit(cast.leader).get(SETTINGS).status == 403
    assert "Riverside" in visit(cast.outsider).get(SETTINGS).heading
