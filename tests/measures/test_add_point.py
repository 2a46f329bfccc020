"""Add a number, replace one, change one with a reason, take one out, write a note."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from improve.measures import queries, service
from improve.measures.models import Observation, ObservationChange
from improve.shared.audit import AuditEntry
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, RuleBroken
from tests.factories import Cast, make_measure
from tests.pages import Page, Visitor, words

Visit = Callable[..., Visitor]


@pytest.fixture
def measure_id(app: Flask, cast: Cast) -> int:
    """A weekly share with two numbers: the weeks of 2 and 9 November."""
    with app.app_context():
        made = make_measure(
            cast,
            name="Visits on time",
            top_name="Visits made",
            bottom_name="Fell due",
            numbers=[(40, 50), (45, 50)],
            first_on=date(2026, 11, 2),
        )
        db.session.commit()
    return made


def add(visitor: Visitor, measure_id: int, *, htmx: bool = False, **fields: str) -> Page:
    """Fill in the form on the measure's page."""
    form = visitor.get(f"/measures/{measure_id}").form("/points")
    return visitor.send(form, fields, htmx=htmx)


def numbers_of(app: Flask, cast: Cast, measure_id: int) -> list[tuple[str, float]]:
    """Return (first day, shown value) of all there is."""
    with app.app_context():
        found = queries.observations_of(cast.actor("coach"), [measure_id])[measure_id]
        return [(o.period_start.isoformat(), o.shown(100.0)) for o in found]


def test_a_unit_is_not_said_twice_and_a_day_is_shown_how(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        events = make_measure(
            cast, recorded="cases_between", unit="statements", top_name="Statements"
        )
        hours = make_measure(cast, recorded="value", unit="hours", top_name="How long")
        db.session.commit()
    person = visit(cast.practitioner)
    form = person.get(f"/measures/{events}").soup.select_one(".point-fields")
    assert words(form) == "Date of the event For example 27/04/2026 Statements Add"
    assert not form.select("[placeholder]")
    form = person.get(f"/measures/{hours}").soup.select_one(".point-fields")
    assert words(form).endswith("How long hours Add")


def test_keyboard_skips_to_adding_a_point(cast: Cast, measure_id: int, visit: Visit) -> None:
    page = visit(cast.practitioner).get(f"/measures/{measure_id}")
    assert page.link("Skip to adding a point").endswith("#add")
    assert not visit(cast.leader).get(f"/measures/{measure_id}").links("Skip to adding a point")


def test_practitioner_adds_a_number(app: Flask, cast: Cast, measure_id: int, visit: Visit) -> None:
    page = add(visit(cast.practitioner), measure_id, numerator="48", denominator="52")
    assert "92% added for 16 Nov." in page.text
    assert numbers_of(app, cast, measure_id)[-1] == ("2026-11-16", pytest.approx(92.3, abs=0.01))
    with app.app_context():
        facts = db.session.execute(
            select(AuditEntry.facts).where(AuditEntry.action == "measure.point_added")
        ).scalar_one()
        assert facts == {"on": "2026-11-16"}


def test_with_htmx_the_part_comes_back_and_is_announced(
    cast: Cast, measure_id: int, visit: Visit
) -> None:
    person = visit(cast.practitioner)
    page = add(person, measure_id, htmx=True, numerator="48", denominator="52")
    assert page.status == 200
    assert page.soup.find(id="announce").get_text() == "92% added for 16 Nov."
    assert page.soup.find(id="numerator").has_attr("data-focus")
    assert not page.soup.find("header")


@pytest.mark.security(15)
@pytest.mark.parametrize(
    ("numerator", "denominator", "field", "words"),
    [
        ("", "52", "numerator", "There is no number here. Type a number."),
        ("n/a", "52", "numerator", "“n/a” is not a number"),
        ("45%", "52", "numerator", "45% is a percentage. Give the count it was made from."),
        ("NaN", "52", "numerator", "“NaN” is not a number"),
        ("1e999", "52", "numerator", "is a shortened number"),
        ("inf", "52", "numerator", "is not a number"),
        ("1_000", "52", "numerator", "is not a number"),
        ("-3", "52", "numerator", "A count is 0 or more."),
        ("1.5", "52", "numerator", "A count is a whole number."),
        ("54", "51", "numerator", "54 visits made, but only 51 fell due."),
        ("0", "0", "denominator", "The bottom line is 0"),
        ("4", "9999999999", "denominator", "is too big"),
        ("4", "١٢", "denominator", "is not a number"),
    ],
)
def test_bad_numbers_are_refused_beside_their_field(  # noqa: PLR0917
    app: Flask,
    cast: Cast,
    measure_id: int,
    visit: Visit,
    numerator: str,
    denominator: str,
    field: str,
    words: str,
) -> None:
    person = visit(cast.practitioner)
    page = add(person, measure_id, numerator=numerator, denominator=denominator)
    assert page.status == 422
    assert words in page.error_for(field)
    assert ("numerator", numerator) in page.form("/points").values
    assert len(numbers_of(app, cast, measure_id)) == 2


def test_thousands_are_taken(app: Flask, cast: Cast, measure_id: int, visit: Visit) -> None:
    add(visit(cast.practitioner), measure_id, numerator="1,100", denominator="1 234")
    assert numbers_of(app, cast, measure_id)[-1][1] == pytest.approx(100 * 1100 / 1234)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("31/02/2026", "There is no 31 February"),
        ("02/13/2026", "There is no month 13"),
        ("30/11/2026", "too far ahead"),
        ("01/01/1800", "too early"),
        ("Nov 2026", "this measure is counted weekly"),
        ("12/11", "has no year"),
    ],
)
def test_bad_dates_are_refused(
    cast: Cast, measure_id: int, visit: Visit, typed: str, words: str
) -> None:
    page = add(visit(cast.practitioner), measure_id, on=typed, numerator="1", denominator="2")
    assert page.status == 422
    assert words in page.error_for("on")


def test_a_day_inside_a_week_counts_for_the_week(
    app: Flask, cast: Cast, measure_id: int, visit: Visit
) -> None:
    add(visit(cast.practitioner), measure_id, on="29/10/2026", numerator="1", denominator="2")
    assert numbers_of(app, cast, measure_id)[0][0] == "2026-10-26"


@pytest.mark.security(15)
def test_duplicate_is_told_and_can_be_replaced_with_a_reason(
    app: Flask, cast: Cast, measure_id: int, visit: Visit
) -> None:
    manager = visit(cast.manager)
    page = add(manager, measure_id, period="2026-11-09", numerator="41", denominator="50")
    assert page.status == 422
    assert page.errors == ["There is already 90% for the week of 9 Nov."]
    page = manager.send(page.form("/points"))
    assert page.error_for("reason") == "Error: Say in a few words why the number changes."
    page = manager.send(page.form("/points"), {"reason": "Counted twice"})
    assert page.status == 200
    assert numbers_of(app, cast, measure_id)[-1][1] == 82
    with app.app_context():
        change = db.session.execute(select(ObservationChange)).scalar_one()
        assert (change.old_numerator, change.new_numerator) == (45, 41)
        assert change.reason == "Counted twice"
        actions = list(db.session.execute(select(AuditEntry.action)).scalars())
        assert "measure.point_changed" in actions
    assert "Counted twice" in manager.get(f"/measures/{measure_id}?view=table").text


def test_practitioner_cannot_replace(app: Flask, cast: Cast, measure_id: int, visit: Visit) -> None:
    person = visit(cast.practitioner)
    fields = {"period": "2026-11-09", "numerator": "41", "denominator": "50"}
    page = add(person, measure_id, **fields)
    assert "A manager of the team or a coach can change numbers" in page.errors[0]
    forged = {**fields, "replace": "yes", "reason": "x"}
    assert person.post(f"/measures/{measure_id}/points", forged).status == 403
    assert numbers_of(app, cast, measure_id)[-1][1] == 90


def test_the_same_number_twice_is_harmless(
    app: Flask, cast: Cast, measure_id: int, visit: Visit
) -> None:
    fields = {"period": "2026-11-09", "numerator": "45", "denominator": "50"}
    assert add(visit(cast.practitioner), measure_id, **fields).status == 200
    assert len(numbers_of(app, cast, measure_id)) == 2


def test_only_the_team_and_coaches_enter(
    app: Flask, cast: Cast, measure_id: int, visit: Visit
) -> None:
    fields = {"period": "2026-11-16", "numerator": "4", "denominator": "5"}
    path = f"/measures/{measure_id}/points"
    assert visit(cast.other_manager).post(path, fields).status == 403
    assert visit(cast.leader).post(path, fields).status == 403
    assert visit(cast.outsider).post(path, fields).status == 404
    assert not visit(cast.leader).get(f"/measures/{measure_id}").has_form("/points")
    assert len(numbers_of(app, cast, measure_id)) == 2


def test_change_and_take_out_with_reasons(
    app: Flask, cast: Cast, measure_id: int, visit: Visit
) -> None:
    manager = visit(cast.manager)
    table = manager.get(f"/measures/{measure_id}?view=table")
    page = manager.follow(table, "Change 9 Nov")
    refused = manager.send(page.form("/points/2"), {"numerator": "44"})
    assert refused.status == 422
    assert "Say in a few words" in refused.error_for("reason")
    manager.send(refused.form("/points/2"), {"reason": "One was cancelled"})
    assert numbers_of(app, cast, measure_id)[-1][1] == 88
    page = manager.get(f"/measures/{measure_id}/points/1")
    refused = manager.send(page.form("/remove"))
    assert refused.status == 422
    gone = manager.send(refused.form("/remove"), {"remove-reason": "Wrong team"})
    assert "was taken out" in gone.text
    assert len(numbers_of(app, cast, measure_id)) == 1


def test_practitioner_may_only_write_the_note(
    app: Flask, cast: Cast, measure_id: int, visit: Visit
) -> None:
    person = visit(cast.practitioner)
    page = person.get(f"/measures/{measure_id}/points/2")
    assert not page.has_form("/remove")
    assert person.send(page.form("/points/2"), {"numerator": "1"}).status == 403
    assert person.post(f"/measures/{measure_id}/points/2/remove").status == 403
    shown = person.send(page.form("/points/2"), {"note": "Snow, roads closed"})
    assert "Snow, roads closed" in shown.text
    with app.app_context():
        written = db.session.execute(
            select(AuditEntry.facts).where(AuditEntry.action == "measure.note_written")
        ).scalars()
        assert list(written) == [{"on": "2026-11-09"}]


def test_note_on_the_chart(app: Flask, cast: Cast, measure_id: int, visit: Visit) -> None:
    person = visit(cast.practitioner)
    form = person.get(f"/measures/{measure_id}").form("/notes")
    long = person.send(form, {"chart-note": "x" * 61})
    assert "Use 60 characters or fewer" in long.error_for("chart-note")
    page = person.send(form, {"chart-period": "2026-11-02", "chart-note": "New form went live"})
    assert "2 Nov New form went live" in page.text


def test_a_count_and_a_measurement(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        count = make_measure(cast, recorded="count", frequency="month")
        value = make_measure(cast, recorded="value", unit="hours", frequency="month")
        db.session.commit()
    person = visit(cast.practitioner)
    assert "A count is 0 or more." in add(person, count, value="-3").error_for("value")
    assert "whole number" in add(person, count, value="3.5").error_for("value")
    assert "0 added for Nov." in add(person, count, value="0").text
    assert "−3 hours added for Nov." in add(person, value, value="-3").text.replace("\xa0", " ")


@pytest.mark.security(15)
def test_the_database_holds_the_rules_too(app: Flask, cast: Cast, measure_id: int) -> None:
    from improve.shared import clock

    for numbers in (
        {"numerator": -5, "denominator": 4},
        {"numerator": 0, "denominator": 0},
        {"numerator": 5},
        {"value": 5, "numerator": 4, "denominator": 5},
        {},
    ):
        with app.app_context():
            row = Observation(
                measure_id=measure_id,
                period_start=date(2026, 1, 5),
                entered_by_id=cast.coach,
                entered_at=clock.now(),
                **numbers,
            )
            db.session.add(row)
            with pytest.raises(IntegrityError):
                db.session.flush()
            db.session.rollback()


def test_services_ask_again(app: Flask, cast: Cast, measure_id: int) -> None:
    with app.app_context():
        new = {"measure_id": measure_id, "period_start": date(2026, 11, 16)}
        with pytest.raises(NotFound):
            service.add_point(cast.actor("outsider"), numerator=1, denominator=2, **new)
        with pytest.raises(Forbidden):
            service.add_point(cast.actor("leader"), numerator=1, denominator=2, **new)
        with pytest.raises(RuleBroken):
            service.add_point(cast.actor("coach"), numerator=1, denominator=float("nan"), **new)
        with pytest.raises(RuleBroken):
            service.add_points(
                cast.actor("coach"),
                measure_id=measure_id,
                points=[
                    service.NewPoint(date(2026, 11, 16), numerator=1, denominator=2),
                    service.NewPoint(date(2026, 11, 23), numerator=3, denominator=2),
                ],
            )
        assert db.session.execute(select(func.count(Observation.id))).scalar() == 2


def test_a_form_that_comes_back_after_sign_in_is_filled_and_not_sent(
    app: Flask, cast: Cast, measure_id: int, visit: Visit
) -> None:
    fields = {"period": "2026-11-16", "numerator": "48", "denominator": "52", "_restoring": "1"}
    page = visit(cast.practitioner).post(f"/measures/{measure_id}/points", fields)
    assert page.status == 200
    assert ("numerator", "48") in page.form("/points").values
    assert len(numbers_of(app, cast, measure_id)) == 2
