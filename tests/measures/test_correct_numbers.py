"""A number put right: once, knowingly, with all that was replaced, whatever else was going on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextvars import copy_context
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from improve.measures import queries, service
from improve.measures.models import Observation, ObservationChange
from improve.measures.service import define, points
from improve.measures.service.decisions import choose_chart, exclude_point
from improve.measures.service.verdicts import VerdictsRewritten
from improve.measures.views import ObservationView
from improve.shared import events
from improve.shared.db import db
from improve.shared.errors import Stale
from tests.factories import Cast, make_measure
from tests.measures.decided import CHANGED, audited, improved, kept, point_id, stored, week
from tests.pages import Visitor
from tests.statements import Watch

Visit = Callable[..., Visitor]
STRIKE = "Offices were closed by a strike"


def _point(cast: Cast, measure_id: int, on: date) -> ObservationView:
    return queries.observations_at(cast.actor("manager"), measure_id, [on])[on]


def _leave_out(app: Flask, cast: Cast, measure_id: int, on: date) -> None:
    with app.app_context():
        point = _point(cast, measure_id, on)
        exclude_point(
            cast.actor("manager"),
            measure_id=measure_id,
            observation_id=point.id or 0,
            reason=STRIKE,
            seen=point.mark,
        )
        db.session.commit()


@pytest.fixture
def told(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[VerdictsRewritten]:
    """Every time that verdicts were made anew and something changed."""
    found: list[VerdictsRewritten] = []
    publish = events.publish

    def listen(event: object) -> None:
        if isinstance(event, VerdictsRewritten):
            found.append(event)
        publish(event)

    monkeypatch.setattr(events, "publish", listen)
    return found


def test_one_act_has_one_cause(app: Flask, cast: Cast, told: list[VerdictsRewritten]) -> None:
    measure_id, _ = improved(app, cast)
    with app.app_context():
        coach = cast.actor("coach")
        last = _point(cast, measure_id, week(28))
        told.clear()
        service.change_point(
            coach,
            measure_id=measure_id,
            observation_id=last.id or 0,
            seen=last.mark,
            numerator=30,
            denominator=50,
            note="Snow",
            reason="Counted anew",
        )
        service.add_point(
            coach,
            measure_id=measure_id,
            period_start=week(28),
            numerator=20,
            denominator=50,
            note="Snow and ice",
            replace=True,
            reason="Counted once more",
        )
        service.add_points(
            coach,
            measure_id=measure_id,
            points=[
                service.NewPoint(week(27), numerator=31, denominator=50, note="A new form"),
                service.NewPoint(week(29), numerator=32, denominator=50),
            ],
            reason="From the book",
        )
        service.note_point(coach, measure_id=measure_id, period_start=week(26), note="Training")
        db.session.commit()
    causes = [event.because for event in told]
    assert causes == ["point_changed", "point_changed", "points_added", "note_written"]
    stored(app)


def test_a_number_put_right_counts_again(app: Flask, cast: Cast, visit: Visit) -> None:
    measure_id, _ = improved(app, cast)
    _leave_out(app, cast, measure_id, week(3))
    which = point_id(app, cast, measure_id, week(3))
    manager = visit(cast.manager)
    page = manager.get(f"/measures/{measure_id}/points/{which}")
    page = manager.send(
        page.form(f"/points/{which}"), {"numerator": "44", "reason": "Two were missed"}
    )
    assert "The number before was left out. The one in its place counts." in page.text
    with app.app_context():
        assert not _point(cast, measure_id, week(3)).is_excluded
    assert stored(app)[1]["n_before"] == 20
    assert kept(app)[1:] == [("point_included", "Two were missed")]
    assert audited(app, "measure.point_included")[0]["on"] == "2026-01-26"
    history = visit(cast.practitioner).get(f"/measures/{measure_id}/history").text
    assert "Sam Alder had 26 Jan count again Two were missed" in history


def test_numbers_put_right_by_a_table_count_again(app: Flask, cast: Cast) -> None:
    measure_id, _ = improved(app, cast)
    for number in (3, 4):
        _leave_out(app, cast, measure_id, week(number))
    with app.app_context():
        coach = cast.actor("coach")
        draft = service.start_import(coach, measure_id=measure_id, source="26/01/2026\t44\t50")
        rows = service.preview_import(coach, measure_id=measure_id, draft_id=draft).rows
        assert rows
        assert rows.rows[0].hint == "It was left out, and counts again."
        service.add_points(
            cast.actor("manager"),
            measure_id=measure_id,
            points=[
                service.NewPoint(week(3), numerator=44, denominator=50),
                service.NewPoint(week(4), numerator=44, denominator=50, left_out="Still a strike"),
                service.NewPoint(week(5), numerator=44, denominator=50),
            ],
            reason="From the book",
        )
        db.session.commit()
        held = [_point(cast, measure_id, week(n)).excluded_reason for n in (3, 4, 5)]
    assert held == ["", "Still a strike", ""]
    assert kept(app)[2:] == [
        ("point_included", "From the book"),
        ("point_excluded", "Still a strike"),
    ]


def test_many_left_out_by_a_table_are_one_line_of_the_audit(
    app: Flask, cast: Cast, statements: Watch
) -> None:
    with app.app_context():
        measure_id = make_measure(cast, numbers=[])
        db.session.commit()
        days = [date(2020, 1, 6) + timedelta(weeks=n) for n in range(300)]
        with statements() as seen:
            service.add_points(
                cast.actor("manager"),
                measure_id=measure_id,
                points=[
                    service.NewPoint(
                        day, numerator=4, denominator=5, note="Strike", left_out=STRIKE
                    )
                    for day in days
                ],
            )
            db.session.commit()
    assert len(seen) < 30
    (facts,) = audited(app, "measure.point_excluded")
    assert facts["days"] == [day.isoformat() for day in days]
    assert kept(app) == [("point_excluded", STRIKE)] * 300


def test_two_who_put_one_number_right(app: Flask, cast: Cast, visit: Visit) -> None:
    measure_id, _ = improved(app, cast)
    which = point_id(app, cast, measure_id, week(3))
    path = f"/measures/{measure_id}/points/{which}"
    manager, coach = visit(cast.manager), visit(cast.coach)
    first, second = manager.get(path), coach.get(path)
    manager.send(first.form(f"/points/{which}"), {"numerator": "30", "reason": "Two short"})
    page = coach.send(
        second.form(f"/points/{which}"), {"numerator": "40", "reason": "Looked it up"}
    )
    assert page.status == 409
    assert "This number changed while you had it open" in page.text
    assert "60% for" in page.text
    form = page.form(f"/points/{which}")
    assert ("numerator", "40") in form.values
    assert ("reason", "Looked it up") in form.values
    # Sent again, knowingly, it holds; and once more changes nothing.
    assert coach.send(form).status == 200
    assert coach.send(form).status == 200
    with app.app_context():
        assert _point(cast, measure_id, week(3)).numerator == 40
        assert len(list(db.session.execute(select(ObservationChange)))) == 2


def test_several_times_are_kept_with_the_number_replaced(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        measure_id = make_measure(cast, recorded="times", unit="", numbers=[])
        on = date(2026, 11, 2)
        own: dict[str, Any] = {"measure_id": measure_id}
        manager = cast.actor("manager")
        service.add_point(manager, **own, period_start=on, raw_values=(4, 12, 30))
        db.session.commit()
        seen = _point(cast, measure_id, on)
        service.add_point(
            manager, **own, period_start=on, raw_values=(9, 12, 31), replace=True, reason="Misread"
        )
        db.session.commit()
        now = _point(cast, measure_id, on)
        # The middle is the same, the number is another.
        assert (seen.value, now.value) == (12, 12)
        assert seen.mark != now.mark
        with pytest.raises(Stale):
            service.change_point(
                manager,
                **own,
                observation_id=now.id or 0,
                seen=seen.mark,
                raw_values=(5, 12, 30),
                reason="x",
            )
        db.session.rollback()
        change = db.session.execute(select(ObservationChange)).scalar_one()
        assert (change.old_raw_values, change.new_raw_values) == ([4, 12, 30], [9, 12, 31])
        service.remove_point(manager, **own, observation_id=now.id or 0, reason="Another team")
        db.session.commit()
    page = visit(cast.manager).get(f"/measures/{measure_id}/history")
    for line in (
        "took out 12 days (the middle of 9, 12, 31) for 2 Nov",
        "put 12 days (the middle of 9, 12, 31) in the place of 12 days (the middle of 4, 12, 30)",
    ):
        assert line in page.text


def test_an_edit_keeps_what_a_verdict_hangs_on(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        measure_id = make_measure(cast, recorded="rate", per=100.0, better_when="higher")
        db.session.commit()
        view = queries.measure(cast.actor("manager"), measure_id)
        service.edit_measure(
            cast.actor("manager"),
            measure_id=measure_id,
            seen_version=view.version,
            details=replace(
                service.details_of(view),
                per=1000.0,
                better_when="lower",
                lookback_days=90,
                source="The case system",
            ),
        )
        db.session.commit()
    page = visit(cast.manager).get(f"/measures/{measure_id}/history").text
    assert "which side is better from “higher is better” to “lower is better”" in page
    assert "per how many from 100 to 1,000" in page
    assert "how far it looks back from none to 90 days" in page
    assert "the source" in page


def test_an_edit_leaves_chart_and_hope_alone(app: Flask, cast: Cast) -> None:
    with app.app_context():
        manager = cast.actor("manager")
        measure_id = make_measure(cast, numbers=[])
        choose_chart(manager, measure_id=measure_id, chart="pp", reason="Large", seen_version=1)
        view = queries.measure(manager, measure_id)
        own: dict[str, Any] = {"measure_id": measure_id}
        details = replace(
            service.details_of(view), name="Named anew", chart="i", target=90.0, target_by="Me"
        )
        service.edit_measure(manager, **own, seen_version=view.version, details=details)
        view = queries.measure(manager, measure_id)
        assert (view.name, view.chart, view.target, view.target_by) == (
            "Named anew",
            "pp",
            None,
            "",
        )
        # Chosen for another kind of numbers, it means nothing any more.
        details = replace(service.details_of(view), recorded="count", unit="")
        service.edit_measure(manager, **own, seen_version=view.version, details=details)
        assert queries.measure(manager, measure_id).chart is None


@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
def test_a_number_and_another_kind_at_once(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A number read by one kind never lands in a measure of another."""
    with app.app_context():
        measure_id = make_measure(cast, name="Empty", numbers=[])
        db.session.commit()
        manager = cast.actor("manager")
    is_read, may_go = threading.Event(), threading.Event()
    said: list[str] = []
    locked = queries.locked_measure

    def slow(actor: Any, which: int) -> Any:
        is_read.set()
        may_go.wait(10)
        return locked(actor, which)

    def add() -> None:
        with app.app_context():
            try:
                points.add_point(
                    manager,
                    measure_id=measure_id,
                    period_start=CHANGED,
                    numerator=4,
                    denominator=5,
                )
                db.session.commit()
                said.append("added")
            except Exception as error:
                db.session.rollback()
                said.append(type(error).__name__)

    monkeypatch.setattr(queries, "locked_measure", slow)
    adding = threading.Thread(target=copy_context().run, args=(add,))
    adding.start()
    assert is_read.wait(10)
    monkeypatch.setattr(queries, "locked_measure", locked)
    with app.app_context():
        view = queries.measure(manager, measure_id)
        define.edit_measure(
            manager,
            measure_id=measure_id,
            seen_version=view.version,
            details=replace(define.details_of(view), recorded="count", unit=""),
        )
        db.session.commit()
    may_go.set()
    adding.join(20)
    assert said == ["RuleBroken"]
    _all_of_one_kind(app, cast, measure_id)


@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
def test_another_kind_waits_for_a_number(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether there are numbers is looked at after whoever adds one is done."""
    with app.app_context():
        measure_id = make_measure(cast, name="Empty", numbers=[])
        db.session.commit()
        manager = cast.actor("manager")
    said: list[str] = []

    def edit() -> None:
        with app.app_context():
            view = queries.measure(manager, measure_id)
            details = replace(define.details_of(view), recorded="count", unit="", name="Now")
            define.edit_measure(
                manager, measure_id=measure_id, seen_version=view.version, details=details
            )
            db.session.commit()
            said.append("edited")

    editing = threading.Thread(target=copy_context().run, args=(edit,))
    with app.app_context():
        points.add_point(
            manager, measure_id=measure_id, period_start=CHANGED, numerator=4, denominator=5
        )
        editing.start()
        editing.join(1)
        assert not said
        db.session.commit()
    editing.join(20)
    assert said == ["edited"]
    _all_of_one_kind(app, cast, measure_id)


def _all_of_one_kind(app: Flask, cast: Cast, measure_id: int) -> None:
    with app.app_context():
        is_pair = queries.measure(cast.actor("manager"), measure_id).is_pair
        held = db.session.execute(
            select(Observation.numerator).where(Observation.measure_id == measure_id)
        ).scalars()
        assert all((top is not None) == is_pair for top in held)
