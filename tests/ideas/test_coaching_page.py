"""The coach's own page: five lists, what is in each, and few statements whatever the council."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from sqlalchemy import text

from improve.ideas import service as ideas
from improve.ideas.kinds import Stage, Way
from improve.ideas.queries import coaching_page
from improve.shared import clock
from improve.shared.db import db
from tests.conftest import NOW
from tests.factories import Cast, actor, idea_in, make_idea, make_team, take
from tests.pages import Visitor
from tests.statements import Watch

Visit = Callable[..., Visitor]


def test_an_empty_council(cast: Cast, visit: Visit) -> None:
    page = visit(cast.coach).get("/coaching")
    for words in (
        "Nobody is waiting for an answer",
        "answered within five working days",
        "No study day this week",
        "No small test waits",
        "No idea yet",
    ):
        assert words in page.main


def test_what_stands_in_each_list(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        with clock.moved(NOW - timedelta(days=8)):
            make_idea(cast, text="Waits a long time")
            running = idea_in(cast, Stage.DO, text="Runs till Friday")
            past = idea_in(cast, Stage.DO, text="Runs till last week")
        make_idea(cast, text="Waits a day")
        idea_in(cast, Stage.ACT, text="Went as expected")
        again = idea_in(cast, Stage.ACT, text="Goes round again")
        take(cast, again, Way.CHANGE, answers={"decision_why": "A step wider"}, note="")
        for idea_id, days in ((running, 3), (past, -4)):
            db.session.execute(
                text("UPDATE ideas SET due_to_study_on = :d WHERE id = :i"),
                {"d": (NOW.date() + timedelta(days=days)).isoformat(), "i": idea_id},
            )
        ideas.ask_coach(actor(cast.colleague), idea_id=running, words="Which count?")
        db.session.commit()
        page = coaching_page(actor(cast.coach))
    assert [(i.title, i.note) for i in page.asked] == [("Runs till Friday", "Which count?")]
    assert [(i.title, i.words) for i in page.waiting] == [
        ("Waits a long time", "Waiting 6\u00a0working days")
    ]
    assert [i.title for i in page.due] == ["Runs till last week", "Runs till Friday"]
    assert page.due[0].words == "Study day was Fri\u00a020\u00a0Nov"
    assert [i.title for i in page.widen] == ["Went as expected", "Goes round again"]
    assert [(t.name, t.words) for t in page.quiet] == [("Hillside", "No idea yet")]
    shown = visit(cast.coach).get("/coaching").main
    assert "late" not in shown.lower().split()
    assert "Which count?" in shown


def test_quiet_and_busy_teams_a_to_z(app: Flask, cast: Cast) -> None:
    with app.app_context():
        with clock.moved(NOW - timedelta(days=45)):
            quiet = make_idea(cast)
            make_idea(cast, team_id=cast.other_team)
        busy = make_team(cast.organisation, "A busy team")
        db.session.execute(
            text(
                "UPDATE teams SET busy_since_on = '2026-11-09', busy_until_on = '2026-12-06' "
                "WHERE id = :i"
            ),
            {"i": busy},
        )
        ideas.comment(actor(cast.manager), idea_id=quiet, words="Still here", form_token="c")
        db.session.commit()
        page = coaching_page(actor(cast.coach))
    assert [(t.name, t.words) for t in page.quiet] == [
        ("A busy team", "Busy time since Mon\u00a09\u00a0Nov"),
        ("Hillside", "Quiet since Sat\u00a010\u00a0Oct"),
    ]


def test_sixty_teams_in_few_statements(
    app: Flask, cast: Cast, visit: Visit, statements: Watch
) -> None:
    with app.app_context():
        with clock.moved(NOW - timedelta(days=60)):
            for number in range(60):
                make_idea(cast, team_id=make_team(cast.organisation, f"Team {number:02}"))
        db.session.commit()
    coach = visit(cast.coach)
    with statements() as seen:
        page = coach.get("/coaching")
    assert len(seen) <= 8
    assert page.main.count("Quiet since") == 60
    assert "The first 40 stand here" in page.main
