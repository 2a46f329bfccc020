"""The number that is due, from a phone in two taps: the link on my page, then Add."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import Flask
from sqlalchemy import select

from improve.measures import queries
from improve.shared.audit import AuditEntry
from improve.shared.db import db
from tests.factories import Cast, make_measure
from tests.pages import Visitor, words
from tests.statements import Watch

Visit = Callable[..., Visitor]


def make(app: Flask, cast: Cast, **details: object) -> int:
    """Return a weekly share with the weeks of 2 and 9 November, unless told otherwise."""
    given = {"numbers": [(40, 50), (45, 50)], "first_on": date(2026, 11, 2)} | details
    with app.app_context():
        made = make_measure(cast, **given)
        db.session.commit()
    return made


def test_two_taps(app: Flask, cast: Cast, visit: Visit) -> None:
    made = make(app, cast, name="Visits on time", top_name="Made", bottom_name="Due")
    person = visit(cast.practitioner)
    mine = person.get("/me")
    assert "Numbers to add" in mine.text
    assert "Week of 16 Nov" in mine.text
    page = person.follow(mine, "Visits on time")
    assert page.path == f"/measures/{made}/add"
    box = page.soup.find(id="numerator")
    assert box["inputmode"] == "numeric"
    assert dict(page.form("/add").values)["period"] == "2026-11-16"
    done = person.send(page.form("/add"), {"numerator": "48", "denominator": "52"}, button="Add")
    assert done.heading == "Added"
    assert "92% added for 16 Nov." in done.text
    assert "4 points" in done.text or "3 points so far" in done.text
    assert person.follow(done, "Add another").path == f"/measures/{made}/add"
    assert "Numbers to add" not in person.get("/me").text


def test_what_is_refused_stands_beside_its_field_and_is_kept(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    made = make(app, cast)
    person = visit(cast.manager)
    form = person.get(f"/measures/{made}/add").form("/add")
    page = person.send(form, {"numerator": "60", "denominator": "52", "note": "Snow"})
    assert page.status == 422
    assert "cannot be the larger" in page.error_for("numerator")
    assert ("note", "Snow") in page.form("/add").values
    page = person.send(form, {"period": "2026-11-09", "numerator": "1", "denominator": "2"})
    assert "There is already 90% for the week of 9 Nov." in page.errors
    page = person.send(page.form("/add"), {"reason": "Wrong list"}, button="Replace it")
    assert page.heading == "Added"


def test_due_is_what_is_over_and_missing(app: Flask, cast: Cast, visit: Visit) -> None:
    month = {"numbers": [3.0], "recorded": "count", "frequency": "month"}
    make(app, cast, name="September is in", first_on=date(2026, 9, 1), **month)
    make(app, cast, name="October is in", first_on=date(2026, 10, 1), **month)
    make(app, cast, name="Rare", recorded="days_between", numbers=[])
    make(app, cast, name="None yet", recorded="value", numbers=[])
    text = visit(cast.practitioner).get("/me").text
    assert "September is in" in text
    assert "October 2026" in text
    assert "None yet" in text
    assert "October is in" not in text
    assert "Rare" not in text


def test_nothing_is_due_of_a_closed_measure_or_for_others(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    made = make(app, cast, name="Visits on time")
    for person in (cast.other_manager, cast.leader, cast.administrator, cast.guest, cast.outsider):
        assert "Numbers to add" not in visit(person).get("/me").text
    assert "Visits on time" in visit(cast.coach).get("/me").text  # who defined it keeps it
    manager = visit(cast.manager)
    for who, status in ((cast.leader, 403), (cast.other_manager, 403), (cast.outsider, 404)):
        assert visit(who).get(f"/measures/{made}/add").status == status
    manager.send(manager.get(f"/measures/{made}/edit").form("/close"))
    assert "Numbers to add" not in manager.get("/me").text
    assert "No longer counted" in manager.get(f"/measures/{made}/add").text


def test_a_note_that_may_identify_someone_is_read_once_more(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    made = make(app, cast)
    person = visit(cast.practitioner)
    form = person.get(f"/measures/{made}/add").form("/add")
    fields = {"numerator": "48", "denominator": "52", "note": "Called Mrs Jones"}
    page = person.send(form, fields)
    assert page.heading == "This may identify someone"
    assert "Called Mrs Jones" in page.text
    back = person.send(page.form("/add"), button="Change it")
    assert ("note", "Called Mrs Jones") in back.form("/add").values
    done = person.send(page.form("/add"), button="It’s fine, continue")
    assert done.heading == "Added"
    with app.app_context():
        (facts,) = db.session.execute(
            select(AuditEntry.facts).where(AuditEntry.action == "identifier_hint_shown")
        ).scalars()
        assert facts == {"kinds": ["a name"], "form": "point"}
        found = queries.observations_of(cast.actor("coach"), [made])[made]
        assert found[-1].note == "Called Mrs Jones"


def test_my_page_asks_once_for_all_measures(
    app: Flask, cast: Cast, visit: Visit, statements: Watch
) -> None:
    make(app, cast)
    person = visit(cast.practitioner)
    with statements() as few:
        person.get("/me")
    for _ in range(5):
        make(app, cast)
    with statements() as many:
        page = person.get("/me")
    assert len(few) == len(many)
    assert len(page.soup.select("[aria-labelledby=numbers] li")) == 6
    assert words(page.soup.select_one("#numbers")) == "Numbers to add"
