"""The numbers of a measure as a file, and back in."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from improve.measures import queries, service
from improve.shared.db import db
from tests.factories import Cast, make_measure
from tests.pages import Visitor, words

Visit = Callable[..., Visitor]


@pytest.mark.security(25)
def test_a_csv_file_of_its_own_kind(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        made = make_measure(cast, name="Visits: “on time”\r\n=1", numbers=[(40, 50), (45, 50)])
        service.note_point(
            cast.actor("coach"), measure_id=made, period_start=date(2026, 1, 5), note="=cmd()"
        )
        db.session.commit()
    response = visit(cast.leader).client.get(f"/measures/{made}/data.csv")
    assert response.mimetype == "text/csv"
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="visits-on-time-1.csv"'
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    lines = response.data.decode("utf-8-sig").splitlines()
    assert lines == [
        "date,numerator,denominator,note,left out because",
        "2026-01-05,40,50,'=cmd(),",
        "2026-01-12,45,50,,",
    ]


def test_the_file_goes_straight_back_in(app: Flask, cast: Cast, visit: Visit) -> None:
    """Pasted or uploaded, into the same measure nothing is new, into another all of it is."""
    with app.app_context():
        for details in (
            {"recorded": "proportion", "numbers": [(40, 50), (1100, 1234)]},
            {"recorded": "count", "numbers": [0.0, 14.0], "frequency": "month"},
            {"recorded": "value", "numbers": [-3.25, 0.1, 2147483647.0], "frequency": "quarter"},
            {
                "recorded": "value",
                "numbers": [5.5],
                "frequency": "year",
                "first_on": date(2025, 4, 1),
            },
        ):
            first_on = details.pop("first_on", date(2026, 1, 1))
            make_measure(cast, first_on=first_on, **details)
            twin = {k: v for k, v in details.items() if k != "numbers"}
            make_measure(cast, **twin)
        db.session.commit()
    person = visit(cast.manager)
    for own in (1, 3, 5, 7):
        data = person.client.get(f"/measures/{own}/data.csv").data
        form = person.get(f"/measures/{own}/import").form("/import")
        page = person.send(form, files={"file": (io.BytesIO(data), "data.csv")})
        assert words(page.soup.select_one(".tally")).startswith("0 new")
        assert "already there" in words(page.soup.select_one(".tally"))
        form = person.get(f"/measures/{own + 1}/import").form("/import")
        page = person.send(form, {"pasted": data.decode("utf-8-sig")})
        count = words(page.soup.select_one(".tally-item b"))
        person.send(page.form("/confirm"), button=f"Add {count}")
        with app.app_context():
            found = queries.observations_of(cast.actor("manager"), [own, own + 1])
            first, second = (
                [(o.period_start, o.value, o.numerator, o.denominator) for o in found[i]]
                for i in (own, own + 1)
            )
            assert first == second
