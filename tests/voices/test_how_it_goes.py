"""Days to open and to answer, and what waits long, without a number of fewer than 5."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask

from improve.shared import clock
from improve.shared.db import db
from improve.shared.suppression import Hidden
from improve.voices.queries.how_it_goes import how_it_goes
from improve.voices.service.measures import count_ended_months
from tests.factories import Cast
from tests.pages import Visitor
from tests.statements import Watch
from tests.voices.make import make_voice

Visit = Callable[..., Visitor]


@pytest.mark.database
def test_months_of_five_have_a_median_and_few_that_wait_are_no_number(
    app: Flask, cast: Cast
) -> None:
    with app.app_context():
        # A Friday, opened on the Monday after it: one working day.
        for _ in range(5):
            make_voice(
                cast.organisation,
                came_on=date(2026, 10, 2),
                opened_on=date(2026, 10, 5),
                answered_on=date(2026, 10, 12),
                state="answered",
            )
        make_voice(cast.organisation, came_on=date(2026, 9, 2))
        make_voice(cast.organisation, came_on=date(2026, 9, 2), state="set_aside")
        found = how_it_goes(cast.actor("practitioner"))
        assert [m.days for m in found.working_days_to_open] == [None, 1.0]
        assert [m.days for m in found.days_to_answer] == [None, 10.0]
        assert found.waiting is Hidden.FEWER
        assert how_it_goes(cast.actor("outsider")).waiting == 0


def test_a_voice_that_is_locked_changes_a_month_as_an_answer_does(app: Flask, cast: Cast) -> None:
    def seen(**last: Any) -> list[float | None]:
        for n in range(5):
            facts = last if n == 4 else {"answered_on": date(2026, 10, 12), "state": "answered"}
            make_voice(cast.organisation, came_on=date(2026, 10, 2), **facts)
        found = how_it_goes(cast.actor("practitioner"))
        db.session.rollback()
        return [month.days for month in found.days_to_answer]

    with app.app_context():
        locked = {"state": "safeguarding", "locked_at": clock.at_local(date(2026, 10, 5))}
        assert seen(**locked) == seen(answered_on=date(2026, 10, 5)) == [10.0]


def answered(cast: Cast, month: int, good: int, other: int, **facts: Any) -> None:
    for n in range(good + other):
        make_voice(
            cast.organisation,
            came_on=date(2026, month, 5),
            opened_on=date(2026, month, 6),
            answered_on=date(2026, month, 20),
            state="answered",
            reader_id=cast.voices_reader,
            rating=1 if n < good else 3,
            **facts,
        )


@pytest.mark.database
def test_the_page_shows_charts_with_how_many_answered_and_names_gaps(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        answered(cast, 8, 8, 6)
        answered(cast, 9, 9, 2)
        answered(cast, 10, 7, 7)
        count_ended_months()
        db.session.commit()
    page = visit(cast.practitioner).get("/voices/how-it-goes")
    assert page.status == 200
    # How many answered is said before anything is opened.
    assert "% by month, 14 answers in each" in page.main
    assert "8 of 14" in page.main
    assert "7 of 14" in page.main
    assert "No point for Sep 2026: fewer than 5" in page.main
    assert "9 of 11" not in page.main
    assert "Nobody has waited more than 28 days" in page.main


@pytest.mark.database
def test_an_empty_council_reads_why_there_is_nothing(cast: Cast, visit: Visit) -> None:
    page = visit(cast.practitioner).get("/voices/how-it-goes")
    assert "No month has enough answers yet" in page.main
    assert visit(cast.outsider).get("/voices/how-it-goes").status == 200
    assert visit(cast.administrator).get("/voices/how-it-goes").status == 403


@pytest.mark.database
def test_the_page_takes_few_statements(
    app: Flask, cast: Cast, visit: Visit, statements: Watch
) -> None:
    with app.app_context():
        for month in (7, 8, 9, 10):
            answered(cast, month, 8, 6)
            answered(cast, month, 8, 6, wording="younger", scale=3)
        count_ended_months()
        db.session.commit()
    reader = visit(cast.practitioner)
    with statements() as seen:
        assert reader.get("/voices/how-it-goes").status == 200
    assert len(seen) <= 8
