"""Somebody leaves: what they lead is handed over in the act that closes their account."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from improve.accounts import queries, service
from improve.huddles import service as huddles
from improve.ideas import queries as ideas
from improve.ideas import service as ideas_service
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, RuleBroken
from tests.factories import Cast, idea_in, make_idea
from tests.pages import Visitor

Visit = Callable[..., Visitor]


def leads(cast: Cast, idea_id: int) -> int | None:
    lead = ideas.idea_page(cast.actor("coach"), idea_id).lead
    return lead.id if lead else None


def make_things(cast: Cast) -> tuple[int, int, int]:
    """Return an idea that the colleague leads, one they wrote, and an action of theirs."""
    led = idea_in(cast, "do", text="Names first")
    ideas_service.choose_lead(cast.actor("manager"), idea_id=led, lead_id=cast.colleague)
    wrote = make_idea(cast, by=cast.colleague, text="A photo of who is coming")
    db.session.commit()
    started = huddles.start_huddle(cast.actor("manager"), team_id=cast.team, form_token="h")
    action = huddles.add_action(
        cast.actor("manager"),
        huddle_id=started.huddle_id,
        what="Ring the school",
        owner_id=cast.colleague,
        due_on=clock.today() + timedelta(days=3),
        form_token="a",
    ).action_id
    db.session.commit()
    return led, wrote, action


def test_what_somebody_leads_is_handed_over_and_the_account_closed(
    visit: Visit, cast: Cast, app: Flask
) -> None:
    with app.app_context():
        led, wrote, action = make_things(cast)
    admin, path = visit(cast.administrator), f"/admin/people/{cast.colleague}/close"
    page = admin.get(path)
    assert "Names first" in page.main
    assert "Leads it, in Do. Riverside" in page.main
    assert "Ring the school" in page.main
    shown = dict(page.form(path).values)
    assert shown[f"action-{action}"] == str(cast.manager), "an action is somebody’s at once"
    done = admin.send(page.form(path), {f"idea-{led}": str(cast.practitioner)})
    assert "account is closed. 2 things handed over." in done.text
    again = admin.post(path, {"csrf_token": admin.csrf_token()})
    assert again.status == 303, "twice is harmless"
    with app.app_context():
        assert leads(cast, led) == cast.practitioner
        assert leads(cast, wrote) is None
        assert not queries.person_view(cast.actor("administrator"), cast.colleague).is_active
        owner = db.session.execute(text("SELECT owner_id FROM huddle_actions")).scalar()
        assert owner == cast.manager
        told = db.session.execute(
            text("SELECT person_id FROM notices WHERE kind = 'lead_chosen' ORDER BY id DESC")
        ).scalar()
        assert told == cast.practitioner
        lines = ideas.history(cast.actor("coach"), led)
        assert any("chose who leads it" in line.words for line in lines)
        audited = "SELECT count(*) FROM audit_entries WHERE action = 'handed_over'"
        assert db.session.execute(text(audited)).scalar() == 1


def test_what_nobody_takes_needs_a_lead_in_the_next_huddle(
    visit: Visit, cast: Cast, app: Flask
) -> None:
    with app.app_context():
        led, _, _ = make_things(cast)
    admin, path = visit(cast.administrator), f"/admin/people/{cast.colleague}/close"
    admin.send(admin.get(path).form(path))
    with app.app_context():
        team = queries.team_by_slug(cast.actor("manager"), "riverside")
        found = {i.id: i for i in ideas.for_huddle(cast.actor("manager"), team, clock.today())}
        assert found[led].needs_lead
        page = ideas.idea_page(cast.actor("manager"), led)
        assert page.author.name, "names stay"


def close(cast: Cast, by: str = "administrator", **to: Any) -> int:
    return service.close_and_hand_over(
        cast.actor(by), person_id=cast.colleague, to={k.replace("_", "-"): v for k, v in to.items()}
    )


def test_all_or_nothing(cast: Cast, context: Flask) -> None:
    led, _, action = make_things(cast)
    with pytest.raises(RuleBroken):
        close(cast, **{f"idea_{led}": cast.practitioner})
    with pytest.raises(RuleBroken):
        close(cast, **{f"idea_{led}": cast.outsider, f"action_{action}": cast.manager})
    with pytest.raises(RuleBroken):
        close(cast, **{f"idea_{led}": cast.colleague, f"action_{action}": cast.manager})
    db.session.rollback()
    assert leads(cast, led) == cast.colleague
    assert queries.person_view(cast.actor("administrator"), cast.colleague).is_active
    for by in ("manager", "practitioner", "coach"):
        with pytest.raises((Forbidden, NotFound)):
            close(cast, by)
    with pytest.raises(NotFound):
        close(cast, "outsider_administrator")


def test_a_hidden_author_and_what_a_coach_keeps_stand_on_no_list(
    cast: Cast, context: Flask
) -> None:
    make_idea(cast, by=cast.colleague, text="Said behind a hand", hides_name=True)
    db.session.commit()
    held = service.held_by(cast.actor("administrator"), cast.colleague)
    assert held == []


def test_what_they_asked_a_coach_stays_where_somebody_goes_on(cast: Cast, context: Flask) -> None:
    led, wrote, action = make_things(cast)
    for idea_id in (led, wrote):
        ideas_service.ask_coach(cast.actor("colleague"), idea_id=idea_id, words="What to count?")
    service.close_and_hand_over(
        cast.actor("administrator"),
        person_id=cast.colleague,
        to={f"idea-{led}": cast.practitioner, f"action-{action}": cast.manager},
    )
    db.session.commit()
    open_ones = db.session.execute(
        text("SELECT idea_id FROM coach_requests WHERE answered_at IS NULL")
    ).scalars()
    assert list(open_ones) == [led]
    waiting = db.session.execute(
        text("SELECT subject_id FROM notices WHERE kind = 'coach_asked'")
    ).scalars()
    assert set(waiting) == {led}, "a coach is not sent to a question that nobody asks any more"
