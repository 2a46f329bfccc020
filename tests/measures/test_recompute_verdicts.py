"""Working every stored verdict out anew, from the command line."""

from __future__ import annotations

from datetime import date

from flask import Flask
from sqlalchemy import select, update

from improve.measures import service
from improve.measures.models import TestWindow as Window
from improve.shared.db import db
from tests.factories import Cast, make_measure

#: No team here finished enough ideas to have usual days of its own, or any in a month that is over.
NO_TEAM = (
    "Teams with other usual days now: 0.\n"
    "Months of finished ideas summed up: 0; other than before: 0.\n"
)


def run(app: Flask) -> tuple[int, str]:
    """Run the command and return its exit code and what it said."""
    result = app.test_cli_runner().invoke(args=["recompute"])
    return result.exit_code, result.output


def test_a_verdict_that_no_longer_holds_is_worked_out_again(app: Flask, cast: Cast) -> None:
    stored = select(Window.verdict_code, Window.verdict_facts, Window.spark)
    with app.app_context():
        measure_id = make_measure(
            cast, numbers=[(40, 50)] * 20, first_on=date(2026, 3, 2), name="Visits on time"
        )
        service.open_window(
            cast.actor("manager"),
            measure_id=measure_id,
            idea_id=1,
            cycle_number=1,
            place="main",
            label="Test",
            starts_on=date(2026, 6, 1),
            is_judged=True,
        )
        db.session.commit()
        before = db.session.execute(stored).one()
        db.session.execute(update(Window).values(verdict_code="improvement", analysis_version=0))
        db.session.commit()
    assert run(app) == (0, f"Verdicts that read differently now: 1.\n{NO_TEAM}")
    with app.app_context():
        assert db.session.execute(stored).one() == before
    assert run(app) == (0, f"Verdicts that read differently now: 0.\n{NO_TEAM}")
