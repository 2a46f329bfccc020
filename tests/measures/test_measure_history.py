"""The history of a measure: all of it, the newest first, page by page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import delete, insert

from improve.measures import service
from improve.measures.models import MeasureChange, ObservationChange
from improve.shared.db import db
from tests.factories import Cast, make_measure
from tests.measures.decided import improved, week
from tests.pages import Visitor, words
from tests.statements import Watch

Visit = Callable[..., Visitor]


def test_numbers_put_right_stand_between_decisions(app: Flask, cast: Cast, visit: Visit) -> None:
    measure_id, _ = improved(app, cast)
    with app.app_context():
        manager = cast.actor("manager")
        service.add_point(
            manager,
            measure_id=measure_id,
            period_start=week(3),
            numerator=30,
            denominator=50,
            replace=True,
            reason="Counted twice",
        )
        db.session.commit()
        service.close_measure(manager, measure_id=measure_id, seen_version=1)
        db.session.commit()
    page = visit(cast.practitioner).get(f"/measures/{measure_id}")
    page = visit(cast.leader).get(page.link("History of this measure"))
    assert "Sam Alder put 60% in the place of 82% for 26 Jan Counted twice" in page.text
    assert "Sam Alder stopped counting it" in page.text
    assert "Priya Hazel defined the measure" in page.text


def test_an_empty_history_says_what_belongs_here(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        measure_id = make_measure(cast)
        db.session.flush()
        db.session.execute(delete(MeasureChange))
        db.session.commit()
    page = visit(cast.practitioner).get(f"/measures/{measure_id}/history")
    assert "Nothing yet." in page.text
    assert visit(cast.outsider).get(f"/measures/{measure_id}/history").status == 404


def test_three_thousand_lines(app: Flask, cast: Cast, visit: Visit, statements: Watch) -> None:
    at = datetime(2026, 1, 5, tzinfo=UTC)
    with app.app_context():
        measure_id = make_measure(cast)
        db.session.flush()
        db.session.execute(delete(MeasureChange))
        decisions = [
            {
                "measure_id": measure_id,
                "kind": "point_excluded",
                "facts": {"on": "2026-01-05"},
                "reason": f"Decision {n}",
                "changed_by_id": cast.manager,
                "changed_at": at + timedelta(minutes=2 * n),
            }
            for n in range(1500)
        ]
        numbers = [
            {
                "measure_id": measure_id,
                "period_start": week(0),
                "old_numerator": 40,
                "old_denominator": 50,
                "new_numerator": None,
                "new_denominator": None,
                "reason": f"Number {n}",
                "changed_by_id": cast.coach,
                "changed_at": at + timedelta(minutes=2 * n + 1),
            }
            for n in range(1500)
        ]
        db.session.execute(insert(MeasureChange), decisions)
        db.session.execute(insert(ObservationChange), numbers)
        db.session.commit()
    reader = visit(cast.practitioner)
    reader.get("/measures")
    with statements() as seen:
        page = reader.get(f"/measures/{measure_id}/history")
    assert len(seen) <= 8
    lines = [words(line) for line in page.soup.select(".measure-history > li")]
    assert len(lines) == 50
    assert lines[0].startswith("Priya Hazel took out 80% for 5 Jan Number 1499")
    assert lines[1].startswith("Sam Alder left 5 Jan out Decision 1499")
    assert "Page 1 of 60" in page.text
    page = reader.follow(page, "Next page")
    assert "Number 1474" in words(page.soup.select_one(".measure-history > li"))
    last = reader.get(f"/measures/{measure_id}/history?page=999")
    assert "Decision 0" in last.text
    assert reader.get(f"/measures/{measure_id}/history?page=x").status == 200
