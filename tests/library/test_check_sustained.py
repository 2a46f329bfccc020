"""Half a year after it was kept: asked once, answered with what the chart says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from improve.accounts import service as accounts
from improve.library import service
from improve.library.queries.sustain import checks_of_ideas
from improve.library.sustaining import (
    SUSTAIN_DAYS,
    Held,
    SustainedView,
    first_due_on,
    open_check,
)
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import Forbidden, RuleBroken, Stale
from tests.factories import Cast, finish_cycle
from tests.pages import Visitor

Visit = Callable[..., Visitor]
KEPT_ON = date(2026, 5, 1)
TITLE = "A photo two days before"


def test_when_a_look_is_due() -> None:
    first = first_due_on(KEPT_ON)
    assert (first - KEPT_ON).days == SUSTAIN_DAYS
    assert open_check([], 1, KEPT_ON, first - timedelta(days=1)) is None
    unwritten = open_check([], 1, KEPT_ON, first)
    assert unwritten is not None
    assert (unwritten.due_on, unwritten.id) == (first, None)
    answered = SustainedView(1, first, Held.HELD)
    assert open_check([answered], 1, KEPT_ON, first) is None
    again = SustainedView(1, first + timedelta(days=90))
    assert open_check([answered, again], 1, KEPT_ON, first + timedelta(days=89)) is None
    assert open_check([answered, again], 1, KEPT_ON, first + timedelta(days=90)) is again
    # What was asked before it was kept again is asked no more.
    old = SustainedView(1, KEPT_ON - timedelta(days=1))
    assert open_check([old], 1, KEPT_ON, KEPT_ON + timedelta(days=9)) is None


def kept(cast: Cast, days_ago: int = SUSTAIN_DAYS, **facts: Any) -> int:
    """Return an idea that was kept so many days ago."""
    idea = finish_cycle(cast, "adopt", title=TITLE, **facts)
    at = clock.at_local(clock.today() - timedelta(days=days_ago), 12)
    db.session.execute(
        text("UPDATE ideas SET finished_at = :at WHERE id = :id").bindparams(
            at=at
            if db.engine.dialect.name == "postgresql"
            else at.strftime("%Y-%m-%d %H:%M:%S.%f"),
            id=idea,
        )
    )
    db.session.commit()
    return idea


def told(app: Flask) -> list[tuple[int, str]]:
    with app.app_context():
        rows = db.session.execute(
            text("SELECT person_id, why FROM notices WHERE kind = 'sustain_due' ORDER BY person_id")
        )
        return [tuple(row) for row in rows]


def test_the_night_asks_once_and_only_what_is_due(app: Flask, cast: Cast) -> None:
    with app.app_context():
        kept(cast)
        kept(cast, SUSTAIN_DAYS - 1)
        kept(cast, 2 * SUSTAIN_DAYS + 5)  # long ago, and never asked: nobody is now
        assert service.remind_of_sustaining() == 1
        assert service.remind_of_sustaining() == 0
        db.session.commit()
    assert told(app) == [(cast.practitioner, "lead"), (cast.manager, "manager")]


def test_nobody_is_asked_in_a_busy_time_or_of_a_closed_team(app: Flask, cast: Cast) -> None:
    with app.app_context():
        kept(cast)
        accounts.set_busy_time(cast.actor("manager"), team_id=cast.team, why="An inspection")
        assert service.remind_of_sustaining() == 0
        db.session.rollback()
    with app.app_context():
        db.session.execute(text("UPDATE teams SET closed_on = :on"), {"on": clock.today()})
        assert service.remind_of_sustaining() == 0


def test_who_left_is_not_asked(app: Flask, cast: Cast) -> None:
    with app.app_context():
        kept(cast)
        db.session.execute(
            text("UPDATE people SET is_active = :no WHERE id = :id"),
            {"no": False, "id": cast.practitioner},
        )
        assert service.remind_of_sustaining() == 1
        db.session.commit()
    assert told(app) == [(cast.manager, "manager")]


def test_look_and_answer(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        idea = kept(cast)
        service.remind_of_sustaining()
        db.session.commit()
    sam = visit(cast.manager)
    mine = sam.get("/me")
    assert "Kept half a year ago: is it still done?" in mine.main
    page = sam.follow(sam.get(f"/ideas/{idea}"), "Look and answer")
    assert "No number was tied to it, so only you can say." in page.main
    form = page.form("/sustained")
    assert sam.send(form).error_for("answer") == "Error: Choose one of the three answers."
    without = sam.send(form, {"answer": "gone"})
    assert without.error_for("words") == "Error: Say in a sentence what is different now."
    soon = sam.send(form, {"answer": "held", "again_on": "1/1/2026"})
    assert "Give a day after today" in soon.error_for("again_on")
    hint = sam.send(form, {"answer": "partly", "words": "Ring 01632 960122 first"})
    assert "a phone number" in hint.main
    other = visit(cast.practitioner)
    theirs = other.get(f"/ideas/{idea}/sustained").form("/sustained")
    done = sam.send(form, {"answer": "gone", "words": "The camera broke"})
    assert "That is worth knowing" in done.main
    assert "Start a new cycle" in done.main
    assert "Did not hold after six months" in done.main
    assert sam.send(form, {"answer": "gone", "words": "The camera broke"}).status == 200
    stale = other.send(theirs, {"answer": "held", "words": "We all do it"})
    assert stale.status == 409
    assert "The camera broke" in stale.main  # theirs
    assert "We all do it" in stale.main  # and one's own
    assert "Did not hold after six months" in sam.get(f"/ideas/{idea}").main
    assert "is it still done?" not in sam.get("/me").main
    with app.app_context():
        (said,) = checks_of_ideas(cast.actor("leader"), [idea])[idea]
        assert said.answer is Held.GONE
        acts = text("SELECT count(*) FROM audit_entries WHERE action = 'sustain_answered'")
        assert db.session.execute(acts).scalar_one() == 1


def test_whoever_hides_their_name_is_not_named_by_their_answer(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        idea = kept(cast, hides_name=True)
        answer = {"idea_id": idea, "due_on": clock.today(), "answer": "held"}
        service.answer_sustained(cast.actor("practitioner"), **answer)
        named = cast.actor("practitioner").name
        db.session.commit()
    for path in (f"/ideas/{idea}", f"/ideas/{idea}/sustained"):
        held = visit(cast.leader).get(path)
        assert "Held after six months A colleague," in held.main
        assert named not in held.main
        assert f"Held after six months {named}," in visit(cast.practitioner).get(path).main


def test_look_again_on_a_day(app: Flask, cast: Cast) -> None:
    with app.app_context():
        idea = kept(cast)
        sam = cast.actor("manager")
        today = clock.today()
        due = today
        with pytest.raises(RuleBroken, match="nothing to look at again"):
            service.answer_sustained(
                sam, idea_id=idea, due_on=due + timedelta(days=1), answer="held"
            )
        again = today + timedelta(days=90)
        said = service.answer_sustained(
            sam, idea_id=idea, due_on=due, answer="held", again_on=again
        )
        assert said.again_on == again
        with pytest.raises(Stale):
            service.answer_sustained(
                sam, idea_id=idea, due_on=due, answer="partly", words="By some"
            )
        assert service.remind_of_sustaining() == 0
        with clock.moved(clock.now() + timedelta(days=90)):
            assert service.remind_of_sustaining() == 1
            assert service.remind_of_sustaining() == 0


def test_who_may_answer(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        idea = kept(cast)
        due = clock.today()
        with pytest.raises(Forbidden):
            service.answer_sustained(
                cast.actor("other_manager"), idea_id=idea, due_on=due, answer="held"
            )
    assert visit(cast.outsider).get(f"/ideas/{idea}/sustained").status == 404
    assert visit(cast.guest).get(f"/ideas/{idea}/sustained").status == 403
    reader = visit(cast.leader).get(f"/ideas/{idea}/sustained")
    assert reader.status == 200
    assert "can answer this" in reader.main
    refused = visit(cast.other_manager).post(
        f"/ideas/{idea}/sustained", {"answer": "held", "due_on": due.isoformat()}
    )
    assert refused.status == 403
